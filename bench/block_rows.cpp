// Blocks of transfers and of token calls, independent of each other or not. Two executions beside each other are compared
// by the clock, because that is what a second processor is for. Other programs disturb it, so each pair is measured many
// times, and the median of the ratios and the best one are printed.
#include "bench/block_rows.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "chain/block_execution.hpp"
#include "chain/parallel_transactions.hpp"
#include "vm/keccak.hpp"

namespace {

using namespace interlock;
using chain::ParallelBlocks, chain::State, chain::Transaction, chain::Word, vm::Address;

constexpr std::uint64_t block_transactions = 1'000, people_of_block = 2'000;
constexpr std::uint64_t blocks = 30;  // of different people, so that no block finds in the cache what it needs
constexpr std::size_t rounds = 60;

Address numbered(std::uint64_t number) {
    return vm::to_address(vm::to_word(vm::keccak256(vm::to_big_endian(Word(number)))));
}

const Address token = numbered(1'000'000'001), producer = numbered(1'000'000'002);

// The slot of `balances[holder]`, a mapping at slot 0.
Word slot_of(const Address& holder) {
    vm::Bytes key(64);
    std::ranges::copy(holder.bytes, key.begin() + 12);
    return vm::to_word(vm::keccak256(key));
}

// transfer(address,uint256): two balances, one check, one event.
vm::Bytes token_code() {
    const std::string to_slot = "5f5260405f20";  // (holder) -> slot
    return vm::parse_hex("33" + to_slot +
                         "8054"  // slot balance
                         "602435"
                         "81811115"
                         "6016"
                         "57"  // slot balance amount; unless it is above the balance
                         "5f5ffd"
                         "5b"        // (the destination is 0x16)
                         "90039055"  // slot := balance - amount
                         "600435" +
                         to_slot +
                         "8054"  // slot balance
                         "602435"
                         "01"
                         "9055"  // slot := balance + amount
                         "602435"
                         "5f"
                         "52"
                         "600435"
                         "33"
                         "7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
                         "60205fa3"
                         "00")
        .value();
}

State world() {
    State state(vm::Fork::Cancun);
    state.set_code(token, token_code());
    for (std::uint64_t i = 0; i < blocks * people_of_block; ++i) {
        state.set_balance(numbered(i), Word(1) << 80);
        state.store(token, slot_of(numbered(i)), Word(1) << 100);
    }
    state.set_balance(producer, 1);
    state.forget_history();
    return state;
}

// A transaction of one person that concerns another one.
Transaction transfer(std::uint64_t from, std::uint64_t to, std::uint64_t nonce = 0) {
    Transaction tx;
    tx.sender = numbered(from);
    tx.to = numbered(to);
    tx.nonce = nonce;
    tx.value = 1;
    tx.gas_price = 10;
    tx.gas_limit = 21'000;
    return tx;
}

Transaction token_call(std::uint64_t from, std::uint64_t to, std::uint64_t nonce = 0) {
    Transaction tx = transfer(from, 0, nonce);
    tx.to = token;
    tx.value = 0;
    tx.gas_limit = 40'000;
    tx.data = vm::parse_hex("a9059cbb").value();
    for (const Word& argument : {vm::to_word(numbered(to)), Word(1)}) {
        const auto bytes = vm::to_big_endian(argument);
        tx.data.insert(tx.data.end(), bytes.begin(), bytes.end());
    }
    return tx;
}

struct Row {
    std::string name;
    Transaction (*make)(std::uint64_t i, std::uint64_t first);  // the i-th transaction; `first` is the first person
};

std::vector<Row> rows() {
    constexpr std::uint64_t half = people_of_block / 2;
    using Number = std::uint64_t;
    return {
        {"transfers, independent", [](Number i, Number first) { return transfer(first + i, first + half + i); }},
        {"token calls, independent", [](Number i, Number first) { return token_call(first + i, first + half + i); }},
        {"both, independent",
         [](Number i, Number first) { return (i % 2 == 0 ? transfer : token_call)(first + i, first + half + i, 0); }},
        {"token calls, a tenth to one account",
         [](Number i, Number first) { return token_call(first + i, first + half + (i % 10 == 0 ? 0 : i)); }},
        {"transfers, each from who was paid before",
         [](Number i, Number first) { return transfer(first + i, first + i + 1); }},
        {"transfers, all from one account", [](Number i, Number first) { return transfer(first, first + half + i, i); }},
        {"token calls, all to one account", [](Number i, Number first) { return token_call(first + i, first + half); }},
    };
}

struct Outcome {
    chain::Header sealed;
    std::vector<std::uint64_t> gas;
};

void print_row(std::string_view name, std::vector<double> alone, std::vector<double> together, std::vector<double> ratios) {
    for (std::vector<double>* const list : {&alone, &together, &ratios}) std::ranges::sort(*list);
    const double best = alone.front() / together.front();
    fmt::print("{:<42}{:>9.0f} us{:>9.0f} us{:>8.2f}{:>8.2f}\n", name, 1e6 * alone.front(), 1e6 * together.front(), best,
               ratios[ratios.size() / 2]);
}

class Blocks {
  public:
    explicit Blocks(const Row& row) : name_(row.name), transactions_(blocks) {
        for (std::uint64_t block = 0; block < blocks; ++block)
            for (std::uint64_t i = 0; i < block_transactions; ++i)
                transactions_[block].push_back(row.make(i, block * people_of_block));
        header_.number = 1;
        header_.coinbase = producer;
        header_.base_fee = 7;
        header_.gas_limit = 60'000'000;
        header_.parent_beacon_root = vm::Hash{};
        header_.excess_blob_gas = 0;
    }

    void check(State& state) {
        const Outcome alone = outcome(state, ParallelBlocks::Never), together = outcome(state, ParallelBlocks::Auto);
        if (encode(alone.sealed) != encode(together.sealed) || alone.gas != together.gas)
            throw std::runtime_error(name_ + ": several processors come to something else than one");
    }

    void time(State& state) {
        std::vector<double> alone, together, ratios;
        for (std::size_t round = 0; round < rounds; ++round) {
            alone.push_back(seconds(state, ParallelBlocks::Never, transactions_[2 * round % blocks]));
            together.push_back(seconds(state, ParallelBlocks::Auto, transactions_[(2 * round + 1) % blocks]));
            ratios.push_back(alone.back() / together.back());
        }
        print_row(name_, alone, together, ratios);
    }

  private:
    static vm::Bytes encode(const chain::Header& header) { return chain::encode({header, {}, {}, {}}); }

    Outcome outcome(State& state, ParallelBlocks how) {
        set_parallel_blocks(how);
        const auto before = state.checkpoint();
        chain::BlockExecution run(state, header_, network_.schedule.rules_of(chain::Upgrade::Cancun), network_);
        const chain::Refusal refusal = run.include_all(transactions_.front());
        if (!refusal.accepted() || !run.finish({}, {}).accepted()) throw std::runtime_error(name_ + ": " + explain(refusal));
        Outcome result{header_, {}};
        run.seal(result.sealed);
        for (const chain::Receipt& receipt : run.receipts()) {
            if (!receipt.ok()) throw std::runtime_error(name_ + ": a transaction fails");
            result.gas.push_back(receipt.gas_used);
        }
        state.rewind_to(before);
        return result;
    }

    // Without the roots, which are computed anew from the whole state.
    double seconds(State& state, ParallelBlocks how, const std::vector<Transaction>& transactions) {
        set_parallel_blocks(how);
        const auto before = state.checkpoint();
        const auto start = std::chrono::steady_clock::now();
        chain::BlockExecution run(state, header_, network_.schedule.rules_of(chain::Upgrade::Cancun), network_);
        static_cast<void>(run.include_all(transactions));
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        state.rewind_to(before);
        return taken.count();
    }

    std::string name_;
    std::vector<std::vector<Transaction>> transactions_;
    chain::Header header_;
    chain::Network network_{chain::Schedule::always(chain::Upgrade::Cancun)};
};

// --- reading a block: mostly, finding out who signed ---

vm::Bytes signed_block() {
    chain::Block block;
    block.header.base_fee = 7;
    for (std::uint64_t i = 0; i < block_transactions; ++i) {
        chain::PrivateKey key;
        std::ranges::copy(vm::to_big_endian(Word(i + 1)), key.bytes.begin());
        Transaction tx = transfer(i, people_of_block + i);
        sign(tx, key);
        block.transactions.push_back(tx);
    }
    return encode(block);
}

void time_reading() {
    const vm::Bytes encoded = signed_block();
    const auto seconds = [&](ParallelBlocks how) {
        set_parallel_blocks(how);
        const auto start = std::chrono::steady_clock::now();
        const chain::DecodedBlock decoded =
            chain::decode_block(encoded, [](const chain::Header&) { return vm::Fork::Cancun; });
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        if (!decoded.refusal.accepted()) throw std::runtime_error("a signed block is not read");
        return taken.count();
    };
    constexpr std::size_t few_rounds = 10;
    std::vector<double> alone, together, ratios;
    for (std::size_t round = 0; round < few_rounds; ++round) {
        alone.push_back(seconds(ParallelBlocks::Never));
        together.push_back(seconds(ParallelBlocks::Auto));
        ratios.push_back(alone.back() / together.back());
    }
    print_row("signed transfers, read", alone, together, ratios);
}

}  // namespace

void print_block_rows(const std::string& filter, bool only_once) {
    State state = world();
    fmt::print("{:<42}{:>12}{:>12}{:>8}{:>8}\n", fmt::format("blocks of {} transactions", block_transactions), "one thread",
               "all", "ratio", "median");
    for (const Row& row : rows()) {
        if (("blocks/" + row.name).find(filter) == std::string::npos) continue;
        Blocks of_row(row);
        of_row.check(state);
        if (!only_once) of_row.time(state);
    }
    if (!only_once && std::string_view("blocks/signed transfers, read").find(filter) != std::string_view::npos)
        time_reading();
}
