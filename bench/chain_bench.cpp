// The state transition's benchmark: what a call, a creation, a storage access, a transaction and a root cost.
//
// Instructions are timed in a loop of a thousand from which the same loop without them is taken off, so the time shown
// for a thousand in microseconds is that of one in nanoseconds: everything included that the instruction causes.
// It is processor time, so that a busy machine shows much the same. What is timed is checked in the same run.
//
//     chain_bench [--once] [--filter TEXT] [--benchmark_…]      --once: check everything, time nothing (for callgrind)
#include <benchmark/benchmark.h>

#include <deque>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <stdexcept>

#include <time.h>

#include <fmt/format.h>

#include "bench/block_rows.hpp"
#include "chain/execution.hpp"
#include "chain/trie.hpp"
#include "vm/keccak.hpp"

using namespace interlock;
using chain::Bytes, chain::State, chain::Word, vm::Address;

namespace {

constexpr std::int64_t rounds = 1000;   // of the loop
constexpr std::uint8_t loop_start = 3;  // where its JUMPDEST is
constexpr auto fork = vm::Fork::Cancun;

Address named(std::uint8_t name) {
    Address address;
    address.bytes.front() = 0xaa;
    address.bytes.back() = name;
    return address;
}
const Address caller = named(1), empty = named(2), stopping = named(3), payee = named(4), factory = named(5);
const Address alice = named(10), bob = named(11), token = named(12);

void must(bool holds, std::string_view what) {
    if (!holds) throw std::runtime_error(std::string(what) + ": the result is wrong");
}

Bytes hex(std::string_view text) { return vm::parse_hex(text).value(); }

std::string push(const Address& address) { return "73" + vm::to_hex(address).substr(2); }

// A thousand times `body`, which leaves the stack as it found it: the number of rounds left on top.
Bytes loop_of(const std::string& body) {
    const std::string count_down = "600190038060" + fmt::format("{:02x}", loop_start) + "57";  // SUB DUP1 JUMPI
    return hex(fmt::format("61{:04x}5b", rounds) + body + count_down + "00");
}

// A world with the accounts above, in the middle of a transaction.
State world() {
    State state(fork);
    state.set_nonce(caller, 1);
    state.set_balance(caller, Word(1) << 100);
    state.set_nonce(empty, 1);
    state.set_code(stopping, hex("00"));
    state.set_balance(payee, 1);
    state.set_balance(alice, Word(1) << 200);
    state.set_balance(bob, 1);
    vm::BlockContext block;
    block.number = 1;
    block.coinbase = named(20);
    block.base_fee = 7;
    state.set_block(block);
    state.begin_transaction({alice, 7, {}});
    state.forget_history();
    return state;
}

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// --- instructions ---

// Runs two programs, one with the instruction and one without, and takes the difference.
class Loop {
  public:
    using Check = std::function<bool(State&)>;

    Loop(std::string name, const std::string& body, Check check) : name_(std::move(name)), check_(std::move(check)) {
        with_ = deploy(named(30), loop_of(body));
        without_ = deploy(named(31), loop_of(""));
    }

    [[nodiscard]] const std::string& name() const { return name_; }

    void check() {
        must(run(with_).ok() && check_(state_), name_);
        state_.rewind_to(0);
    }

    void time(benchmark::State& timer) {
        for (auto _ : timer) timer.SetIterationTime(std::max(seconds(with_) - seconds(without_), 1e-9));
    }

  private:
    vm::Message deploy(const Address& address, const Bytes& code) {
        state_.set_code(address, code);
        state_.set_balance(address, Word(1) << 100);
        state_.forget_history();
        vm::Message message;
        message.sender = alice;
        message.recipient = message.code_address = address;
        message.gas = {1'000'000'000};
        return message;
    }

    vm::Outcome run(const vm::Message& message) {
        machine_.start(message);
        return machine_.run().outcome;
    }

    double seconds(const vm::Message& message) {
        const double start = processor_seconds();
        benchmark::DoNotOptimize(run(message));
        const double end = processor_seconds();
        state_.rewind_to(0);
        return end - start;
    }

    State state_ = world();
    vm::Machine machine_{state_, fork};
    vm::Message with_, without_;
    const std::string name_;
    const Check check_;
};

// STATICCALL takes gas, address and two ranges; zeros are pushed by PUSH0.
std::string call_of(const Address& target, std::string_view opcode, std::string_view value = "") {
    return "5f5f5f5f" + std::string(value) + push(target) + "5a" + std::string(opcode) + "50";
}

std::deque<Loop> loops() {
    const auto anything = [](State&) { return true; };
    const std::string identity =
        "60206000"
        "60206000"
        "6004"
        "5a"
        "fa"
        "50";  // 32 bytes there and back
    const std::string create2 =
        "80"
        "5f5f5f"
        "f5"
        "50";              // salt: the round; no init code
    std::deque<Loop> all;  // machines do not move
    const auto add = [&](const char* name, const std::string& body, Loop::Check check) {
        all.emplace_back(name, body, std::move(check));
    };
    add("STATICCALL/no_code", call_of(empty, "fa"), anything);
    add("STATICCALL/stop", call_of(stopping, "fa"), anything);
    add("DELEGATECALL/stop", call_of(stopping, "f4"), anything);
    add("CALL/stop", call_of(stopping, "f1", "5f"), anything);
    add("CALL/value", call_of(payee, "f1", "6001"), [](State& s) { return s.balance(payee) == Word(1 + rounds); });
    add("CALL/identity_32_bytes", identity, anything);
    add("CREATE2/no_code", create2, [](State& s) { return s.nonce(named(30)) == rounds; });
    add("SLOAD/warm", "5f5450", anything);
    add("SLOAD/cold", "805450", anything);
    add("SSTORE/warm", "805f55", [](State& s) { return s.load(named(30), 0) == Word(1); });
    add("SSTORE/cold", "808055", [](State& s) { return s.load(named(30), rounds) == Word(rounds); });
    add("TSTORE", "805f5d", anything);
    add("BALANCE/warm", push(payee) + "3150", anything);
    add("LOG1", "5f5f5fa1", [](State& s) { return s.logs().size() == rounds; });
    return all;
}

// --- transactions ---

chain::Transaction from_alice(const Address& to) {
    chain::Transaction tx;
    tx.sender = alice;
    tx.to = to;
    tx.gas_price = tx.priority_fee = 10;
    tx.gas_limit = 100'000;
    return tx;
}

// Sends transactions that differ in their nonces only; history is forgotten now and then, as a block's end does.
void time_transactions(benchmark::State& timer, State& state, chain::Transaction tx) {
    constexpr std::uint64_t block = 256;
    tx.nonce = state.nonce(alice);
    for (auto _ : timer) {
        benchmark::DoNotOptimize(chain::execute(state, tx));
        if (++tx.nonce % block == 0) state.forget_history();
    }
}

void transfer(benchmark::State& timer) {
    State state = world();
    chain::Transaction tx = from_alice(bob);
    tx.value = 1;
    const chain::Result result = chain::execute(state, tx);
    must(result.valid() && result.receipt.ok() && result.receipt.gas_used == 21'000, "transfer");
    must(state.balance(bob) == Word(2) && state.nonce(alice) == 1, "transfer");
    time_transactions(timer, state, tx);
}

// transfer(address,uint256) as compilers lay it out: two mapping slots hashed, checked, changed, one event.
Bytes token_code() {
    const std::string slot_of_top =
        "5f5260205f"
        "20";  // (address) -> keccak(address), a mapping without its own slot number
    return hex("33" + slot_of_top +
               "80"
               "54"
               "602435"
               "90"
               "03"  // slot(caller), balance - amount
               "90"
               "55"
               "600435" +
               slot_of_top +
               "80"
               "54"
               "602435"
               "01"
               "90"
               "55"
               "602435"
               "5f"
               "52"
               "600435"
               "33"
               "7fddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
               "6020"
               "5f"
               "a3"
               "6001"
               "5f"
               "52"
               "6020"
               "5f"
               "f3");
}

void token_transfer(benchmark::State& timer) {
    State state = world();
    state.set_code(token, token_code());
    const auto slot_of = [](const Address& owner) {
        return vm::to_word(vm::keccak256(vm::to_big_endian(vm::to_word(owner))));
    };
    state.store(token, slot_of(alice), Word(1) << 128);
    state.store(token, slot_of(bob), 1);
    chain::Transaction tx = from_alice(token);
    tx.data =
        hex("a9059cbb"
            "000000000000000000000000" +
            vm::to_hex(bob).substr(2) + "0000000000000000000000000000000000000000000000000000000000000001");
    const chain::Result result = chain::execute(state, tx);
    must(result.valid() && result.receipt.ok() && result.receipt.logs.size() == 1, "token transfer");
    must(state.load(token, slot_of(bob)) == Word(2), "token transfer");
    time_transactions(timer, state, tx);
}

// --- the state ---

State populated(std::uint64_t accounts) {
    State state(fork);
    std::mt19937_64 random(1);
    for (std::uint64_t i = 0; i < accounts; ++i) {
        const Address address = vm::to_address(vm::to_word(vm::keccak256(vm::to_big_endian(Word(i)))));
        state.set_balance(address, Word(random()));
        if (i % 10 == 0)
            for (int slot = 0; slot < 10; ++slot) state.store(address, Word(random()), Word(random()));
    }
    state.forget_history();
    return state;
}

void root_of_10000_accounts(benchmark::State& timer) {
    const State state = populated(10'000);
    const vm::Hash root = state.root();
    must(root == State(state).root() && root != chain::empty_trie_root(), "root");
    for (auto _ : timer) benchmark::DoNotOptimize(state.root());
}

void copy_of_10000_accounts(benchmark::State& timer) {
    const State state = populated(10'000);
    for (auto _ : timer) benchmark::DoNotOptimize(State(state));
}

void small_state(benchmark::State& timer) {  // what a conformance case does between transactions
    for (auto _ : timer) {
        State state = populated(5);
        benchmark::DoNotOptimize(state.root());
    }
}

void trie_of_10000_entries(benchmark::State& timer) {
    std::map<Bytes, Bytes> entries;
    std::mt19937_64 random(2);
    for (int i = 0; i < 10'000; ++i) {
        const auto key = vm::to_big_endian(Word(random(), random(), random(), random()));
        entries.emplace(Bytes(key.begin(), key.end()), Bytes{1, 2, 3});
    }
    must(chain::trie_root(entries) == chain::trie_root(entries), "trie");
    for (auto _ : timer) benchmark::DoNotOptimize(chain::trie_root(entries));
}

void journal_1000_stores_undone(benchmark::State& timer) {
    State state = world();
    const vm::Hash before = state.root();
    const auto store_all = [&] {
        const auto start = state.checkpoint();
        for (std::uint64_t i = 0; i < 1000; ++i) state.store(caller, i, i + 1);
        state.revert_to(start);
    };
    store_all();
    must(state.root() == before, "journal");
    for (auto _ : timer) store_all();
}

int run(std::vector<std::string> arguments) {
    bool only_once = false;
    std::string filter;
    std::vector<std::string> for_benchmark{"chain_bench"};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--once") only_once = true;
        else if (arguments[i] == "--filter" && i + 1 < arguments.size()) filter = arguments[++i];
        else for_benchmark.push_back(arguments[i]);
    }
    if (!filter.empty()) for_benchmark.push_back("--benchmark_filter=" + filter);
    std::deque<Loop> all = loops();
    for (Loop& loop : all) {
        if (loop.name().find(filter) == std::string::npos) continue;
        loop.check();
        const auto time = [&loop](benchmark::State& timer) { loop.time(timer); };
        benchmark::RegisterBenchmark((loop.name() + "/x1000").c_str(), time)->UseManualTime()->Unit(benchmark::kMicrosecond);
    }
    benchmark::RegisterBenchmark("transaction/transfer", transfer);
    benchmark::RegisterBenchmark("transaction/token_transfer", token_transfer);
    benchmark::RegisterBenchmark("state/root_of_10000_accounts", root_of_10000_accounts)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("state/copy_of_10000_accounts", copy_of_10000_accounts)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("state/made_and_root_of_5_accounts", small_state)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("state/1000_stores_undone", journal_1000_stores_undone)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("trie/root_of_10000_entries", trie_of_10000_entries)->Unit(benchmark::kMillisecond);
    print_block_rows(filter, only_once);
    if (only_once) return 0;
    std::vector<char*> words;
    for (std::string& word : for_benchmark) words.push_back(word.data());
    int count = static_cast<int>(words.size());
    benchmark::Initialize(&count, words.data());
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "chain_bench: " << error.what() << '\n';
        return 1;
    }
}
