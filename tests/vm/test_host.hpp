// A host for the machine's tests: ordered maps, and undo by keeping whole copies. Slow, and short enough to be trusted.
#pragma once

#include <map>
#include <set>

#include "vm/code.hpp"
#include "vm/host.hpp"
#include "vm/keccak.hpp"

namespace interlock::vm::test {

class TestHost final : public Host {
  public:
    struct Account {
        std::uint64_t nonce = 0;
        Word balance;
        Bytes code;
        std::map<std::array<std::uint64_t, 4>, Word> storage, original, transient;
        friend bool operator==(const Account&, const Account&) = default;
    };
    struct State {
        std::map<Address, Account> accounts;
        std::set<Address> warm_accounts, created, destroyed, touched;
        std::set<std::pair<Address, std::array<std::uint64_t, 4>>> warm_slots;
        std::vector<Log> logs;
        friend bool operator==(const State&, const State&) = default;
    };
    State state;
    BlockContext block_context;
    TransactionContext transaction_context;
    std::size_t stores = 0;  // how often store() was called

    Account& account(const Address& address) { return state.accounts[address]; }

    // A slot as it was when the transaction started.
    void set_original(const Address& address, const Word& slot, const Word& value) {
        account(address).original[slot.limbs] = account(address).storage[slot.limbs] = value;
    }

    bool exists(const Address& a) override { return state.accounts.contains(a); }
    bool is_empty(const Address& a) override {
        const auto found = state.accounts.find(a);
        if (found == state.accounts.end()) return true;
        return found->second.nonce == 0 && found->second.balance.is_zero() && found->second.code.empty();
    }
    Word balance(const Address& a) override { return exists(a) ? account(a).balance : Word{}; }
    std::uint64_t nonce(const Address& a) override { return exists(a) ? account(a).nonce : 0; }
    bool has_storage(const Address& a) override {
        if (!exists(a)) return false;
        for (const auto& [slot, value] : account(a).storage)
            if (!value.is_zero()) return true;
        return false;
    }
    Hash code_hash(const Address& a) override { return exists(a) ? keccak256(account(a).code) : Hash{}; }
    const std::shared_ptr<const Code>& code(const Address& a) override {
        const bool is_empty = !exists(a) || account(a).code.empty();
        code_ = is_empty ? empty_code() : code_cache().get(keccak256(account(a).code), account(a).code);
        return code_;
    }

    void set_nonce(const Address& a, std::uint64_t nonce) override { account(a).nonce = nonce; }
    void set_code(const Address& a, ByteView code) override { account(a).code.assign(code.begin(), code.end()); }
    void transfer(const Address& from, const Address& to, const Word& wei) override {
        account(from).balance -= wei;
        account(to).balance += wei;
    }
    void create_account(const Address& a) override {
        account(a);
        state.created.insert(a);
    }
    void touch(const Address& a) override { state.touched.insert(a); }
    bool self_destruct(const Address& a, const Address& beneficiary) override {
        const Word all = balance(a);
        account(a).balance = {};
        account(beneficiary).balance += all;
        return state.destroyed.insert(a).second;
    }

    Word load(const Address& a, const Word& slot) override { return read(account(a).storage, slot); }
    Word load_original(const Address& a, const Word& slot) override { return read(account(a).original, slot); }
    void store(const Address& a, const Word& slot, const Word& value) override {
        ++stores;
        account(a).storage[slot.limbs] = value;
    }
    Word load_transient(const Address& a, const Word& slot) override { return read(account(a).transient, slot); }
    void store_transient(const Address& a, const Word& slot, const Word& value) override {
        account(a).transient[slot.limbs] = value;
    }

    bool warm_account(const Address& a) override { return state.warm_accounts.insert(a).second; }
    bool warm_slot(const Address& a, const Word& slot) override { return state.warm_slots.insert({a, slot.limbs}).second; }

    void emit(Log log) override { state.logs.push_back(std::move(log)); }
    Hash block_hash(std::uint64_t number) override { return to_hash(Word{0xb10c0000 + number}); }
    const BlockContext& block() const override { return block_context; }
    const TransactionContext& transaction() const override { return transaction_context; }

    Checkpoint checkpoint() override {
        checkpoints_.push_back(state);
        return checkpoints_.size() - 1;
    }
    void revert_to(Checkpoint point) override { state = checkpoints_[point]; }

  private:
    static Word read(const std::map<std::array<std::uint64_t, 4>, Word>& map, const Word& slot) {
        const auto found = map.find(slot.limbs);
        return found == map.end() ? Word{} : found->second;
    }

    std::vector<State> checkpoints_;
    std::shared_ptr<const Code> code_;  // the last that was asked for
};

}  // namespace interlock::vm::test
