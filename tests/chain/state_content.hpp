// Everything that can be observed of a state, as one comparable value; and random operations on a state.
#pragma once

#include <random>

#include "chain/state.hpp"

namespace interlock::chain::testing {

inline Address address_at(unsigned i) {
    Address address;
    address.bytes[0] = 0xa0;
    address.bytes[19] = static_cast<std::uint8_t>(i);
    return address;
}

inline vm::BlockContext block_numbered(std::uint64_t number) {
    vm::BlockContext block;
    block.number = number;
    return block;
}

struct Content {
    struct Account {
        bool exists, empty, has_storage;
        std::uint64_t nonce;
        Word balance;
        Hash code_hash;
        std::vector<Word> values, originals, transients;
        friend bool operator==(const Account&, const Account&) = default;
    };
    std::vector<Account> accounts;
    std::vector<vm::Log> logs;
    Address origin;
    std::uint64_t block_number = 0;
    std::vector<Hash> block_hashes;
    Fingerprint fingerprint;

    friend bool operator==(const Content&, const Content&) = default;
};

inline constexpr unsigned account_count = 5, slot_count = 4;

inline Content content_of(State& state) {
    Content content;
    for (unsigned i = 0; i < account_count; ++i) {
        const Address a = address_at(i);
        Content::Account account{state.exists(a),
                                 state.is_empty(a),
                                 state.has_storage(a),
                                 state.nonce(a),
                                 state.balance(a),
                                 state.code_hash(a),
                                 {},
                                 {},
                                 {}};
        for (unsigned slot = 0; slot < slot_count; ++slot) {
            account.values.push_back(state.load(a, slot));
            account.originals.push_back(state.load_original(a, slot));
            account.transients.push_back(state.load_transient(a, slot));
        }
        content.accounts.push_back(account);
    }
    content.logs = state.logs();
    content.origin = state.transaction().origin;
    content.block_number = state.block().number;
    for (unsigned number = 0; number < 4; ++number) content.block_hashes.push_back(state.block_hash(number));
    content.fingerprint = state.fingerprint();
    return content;
}

// Which accounts and slots are warm. Asking warms them, so the question is put to a copy.
inline std::vector<bool> warmth_of(const State& state) {
    State copy(state);
    std::vector<bool> warm;
    for (unsigned i = 0; i < account_count; ++i) {
        for (unsigned slot = 0; slot < slot_count; ++slot) warm.push_back(!copy.warm_slot(address_at(i), slot));
        warm.push_back(!copy.warm_account(address_at(i)));
    }
    return warm;
}

// One random change, of any kind that a state knows.
inline void change_at_random(State& state, std::mt19937_64& random) {
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    const Address a = address_at(below(account_count)), b = address_at(below(account_count));
    const Word slot = below(slot_count);
    switch (below(16)) {
        case 0: return state.set_nonce(a, below(3));
        case 1: return state.set_code(a, Bytes(below(3), 0x5b));
        case 2: return state.transfer(a, b, state.balance(a) / Word(2));
        case 3: return state.create_account(a);
        case 4: return state.touch(a);
        case 5: return static_cast<void>(state.self_destruct(a, b));
        case 6:
        case 7:
        case 8: return state.store(a, slot, below(3));
        case 9: return state.store_transient(a, slot, below(3));
        case 10: return static_cast<void>(state.warm_account(a));
        case 11: return static_cast<void>(state.warm_slot(a, slot));
        case 12: return state.emit({a, {vm::to_hash(slot)}, Bytes(below(4))});
        case 13: return state.set_balance(a, below(1000));
        case 14:
            if (below(4) != 0) return state.add_block_hash(below(4), vm::to_hash(below(1000)));
            return state.set_block(block_numbered(below(100)));
        default:
            if (below(3) != 0) return;
            state.end_transaction();
            if (below(4) != 0) state.begin_transaction({b, {}, {}});
    }
}

}  // namespace interlock::chain::testing
