// The interpreter's benchmark: whole programs, checked to the digit before they are timed.
//
// Reads a file of JSON lines (name, code, input, gas_used, expected_output); by default ../shared/bench/evm.jsonl
// beside the source directory, and a small set of its own when there is none.
//
//     evm_bench [--json] [--filter TEXT] [--once] [--benchmark_…] [FILE]
//
// --once: check everything, time nothing (for callgrind). --json: Google Benchmark's JSON.
#include <benchmark/benchmark.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "vm/code.hpp"
#include "vm/machine.hpp"
#include "vm/tracer.hpp"

using namespace interlock::vm;

namespace {

struct Program {
    std::string name;
    Bytes code, input, expected_output;
    std::int64_t gas_used = 0;
};

// One account with code, and nothing else in the world.
class LonelyHost final : public Host {
  public:
    explicit LonelyHost(std::shared_ptr<const Code> code) : code_(std::move(code)) {}

    bool exists(const Address&) override { return false; }
    bool is_empty(const Address&) override { return true; }
    Word balance(const Address&) override { return {}; }
    std::uint64_t nonce(const Address&) override { return 0; }
    bool has_storage(const Address&) override { return false; }
    Hash code_hash(const Address&) override { return {}; }
    std::shared_ptr<const Code> code(const Address&) override { return code_; }
    void set_nonce(const Address&, std::uint64_t) override {}
    void set_code(const Address&, ByteView) override {}
    void transfer(const Address&, const Address&, const Word&) override {}
    void create_account(const Address&) override {}
    void touch(const Address&) override {}
    bool self_destruct(const Address&, const Address&) override { return true; }
    Word load(const Address&, const Word&) override { return {}; }
    Word load_original(const Address&, const Word&) override { return {}; }
    void store(const Address&, const Word&, const Word&) override {}
    Word load_transient(const Address&, const Word&) override { return {}; }
    void store_transient(const Address&, const Word&, const Word&) override {}
    bool warm_account(const Address&) override { return true; }
    bool warm_slot(const Address&, const Word&) override { return true; }
    void emit(Log) override {}
    Hash block_hash(std::uint64_t) override { return {}; }
    const BlockContext& block() const override { return block_; }
    const TransactionContext& transaction() const override { return transaction_; }
    Checkpoint checkpoint() override { return 0; }
    void revert_to(Checkpoint) override {}

  private:
    std::shared_ptr<const Code> code_;
    BlockContext block_;
    TransactionContext transaction_;
};

class InstructionCounter final : public Tracer {
  public:
    std::uint64_t count = 0;
    void on_instruction(const TracePoint&) override { ++count; }
};

Bytes bytes_of(const std::string& hex) {
    const std::optional<Bytes> bytes = parse_hex(hex);
    if (!bytes) throw std::runtime_error("not hex: " + hex.substr(0, 40));
    return *bytes;
}

std::vector<Program> built_in() {
    const std::string square_add =  // x = 3, then 100,000 times x = x * x + c
        "600363000186a05b9080027fbb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d1"
        "019060019003806007575060005260206000f3";
    const std::string keccak_chain = "63000003e85b602060002060005260019003806005575060206000f3";  // 1,000 times
    return {{"built-in/square_add",
             bytes_of(square_add),
             {},
             bytes_of("9018feb10697f04634f4c2cfffb022a5a7c528e73b23ae68703608841394d635"),
             4'600'023},
            {"built-in/keccak_chain",
             bytes_of(keccak_chain),
             {},
             bytes_of("2753f483089f9c0c15f83873ae82f3523b900b7d8fc6d9d58abea890cb6c7788"),
             74'014}};
}

std::vector<Program> read_programs(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    std::vector<Program> programs;
    for (std::string line; std::getline(file, line);) {
        const auto row = nlohmann::json::parse(line);
        programs.push_back({row.at("name"), bytes_of(row.at("code")), bytes_of(row.at("input")),
                            bytes_of(row.at("expected_output")), row.at("gas_used")});
    }
    return programs;
}

Outcome run_once(Machine& machine, const Message& message) {
    machine.start(message);
    return machine.run().outcome;
}

void check(const Program& program, const Message& message, const Outcome& outcome) {
    const std::int64_t used = (message.gas - outcome.gas_left).units;
    if (!outcome.ok()) throw std::runtime_error(fmt::format("{}: {}", program.name, name_of(outcome.status)));
    if (used != program.gas_used)
        throw std::runtime_error(fmt::format("{}: used {} gas, expected {}", program.name, used, program.gas_used));
    if (outcome.output != program.expected_output)
        throw std::runtime_error(fmt::format("{}: output {}", program.name, to_hex(outcome.output)));
}

// A program with all that a run of it needs.
class Bench {
  public:
    explicit Bench(Program program) : program_(std::move(program)) {
        message_.recipient.bytes.front() = message_.code_address.bytes.front() = 0xee;
        message_.gas = {1'000'000'000};
        message_.input = program_.input;
    }

    [[nodiscard]] const std::string& name() const { return program_.name; }

    // Runs it plainly and traced; throws unless gas and output are right to the digit.
    void check_and_count() {
        check(program_, message_, run_once(machine_, message_));
        InstructionCounter counter;
        machine_.set_tracer(&counter);
        check(program_, message_, run_once(machine_, message_));
        machine_.set_tracer(nullptr);
        instructions_ = counter.count;
    }

    void time(benchmark::State& state) {
        using benchmark::Counter;
        for (auto _ : state) static_cast<void>(run_once(machine_, message_));
        state.counters["gas"] = static_cast<double>(program_.gas_used);
        state.counters["gas/s"] = Counter(static_cast<double>(program_.gas_used), Counter::kIsIterationInvariantRate);
        state.counters["instructions"] = static_cast<double>(instructions_);
        state.counters["s/instruction"] =
            Counter(static_cast<double>(instructions_), Counter::kIsIterationInvariantRate | Counter::kInvert);
    }

  private:
    Program program_;
    LonelyHost host_{analyse(program_.code)};
    Machine machine_{host_, Fork::Cancun};
    Message message_;
    std::uint64_t instructions_ = 0;
};

int run(std::vector<std::string> arguments) {
    bool only_once = false;
    std::string filter;
    std::filesystem::path path = std::filesystem::path(INTERLOCK_SOURCE_DIR) / ".." / "shared" / "bench" / "evm.jsonl";
    bool chosen = false;
    std::vector<std::string> for_benchmark{"evm_bench"};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--json")
            for_benchmark.push_back("--benchmark_format=json");
        else if (arguments[i] == "--once")
            only_once = true;
        else if (arguments[i] == "--filter" && i + 1 < arguments.size())
            filter = arguments[++i];
        else if (arguments[i].starts_with("--benchmark_"))
            for_benchmark.push_back(arguments[i]);
        else
            path = arguments[i], chosen = true;
    }
    const bool present = chosen || std::filesystem::exists(path);
    if (!present) std::cerr << "evm.jsonl is not present: running the built-in programs\n";

    std::deque<Bench> benches;  // machines do not move
    for (Program& program : present ? read_programs(path) : built_in()) {
        if (program.name.find(filter) == std::string::npos) continue;
        Bench& bench = benches.emplace_back(std::move(program));
        bench.check_and_count();
        const auto time = [&bench](benchmark::State& state) { bench.time(state); };
        benchmark::RegisterBenchmark(bench.name().c_str(), time)->Unit(benchmark::kMicrosecond);
    }
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
        std::cerr << "evm_bench: " << error.what() << '\n';
        return 1;
    }
}
