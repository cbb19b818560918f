// The interpreter's benchmark: whole programs, checked to the digit before they are timed.
//
// Reads a file of JSON lines (name, code, input, gas_used, expected_output); by default ../shared/bench/evm.jsonl
// beside the source directory, and a small set of its own when there is none.
//
//     evm_bench [--json] [--filter TEXT] [--instructions] [--once] [--benchmark_…] [FILE]
//
// Bytecode: by the careful loop alone. Warm: the code was analysed and translated before, as on a node. Cold: each run
// analyses it. Times are processor time. Where a peer's figure is known, the columns behind it compare: evmone 0.15 built
// by g++ 12, on another machine than yours; ratios above 1 say that we are faster, and their geometric mean leaves out the
// micro programs. Native: where libinterlock_jit.so was built, the time of native code, what compiling it took, and how many
// times as fast as warm runs without it that is.
// Then come calls of contracts under bench/programs, on the chain's state, and a table with a row for each precompile.
// --instructions: counts the processor's instructions for a warm and a cold run too, with valgrind: the measure that a busy
// machine does not change. --json: an object a program. --once: checks everything, times nothing.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench/evm_hosts.hpp"
#include "bench/evm_peers.hpp"
#include "bench/evm_programs.hpp"
#include "bench/precompile_rows.hpp"
#include "vm/code.hpp"
#include "vm/jit/module.hpp"
#include "vm/jit/native_code.hpp"
#include "vm/jit/tier.hpp"
#include "vm/machine.hpp"
#include "vm/tracer.hpp"
#include "vm/translator/tiering.hpp"

using namespace interlock::vm;
namespace bench = interlock::bench;
using bench::Peer, bench::Program;

namespace {

class InstructionCounter final : public Tracer {
  public:
    std::uint64_t count = 0;
    void on_instruction(const TracePoint&) override { ++count; }
};

// Throws unless gas and output are right to the digit. Where the gas is not known it must be the same in every way.
void check(Program& program, const Outcome& outcome) {
    const std::int64_t used = (program.message.gas - outcome.gas_left).units;
    if (!outcome.ok()) throw std::runtime_error(fmt::format("{}: {}", program.name, name_of(outcome.status)));
    if (!program.gas_used) program.gas_used = used;
    if (used != program.gas_used)
        throw std::runtime_error(fmt::format("{}: used {} gas, expected {}", program.name, used, *program.gas_used));
    if (outcome.output != program.expected_output)
        throw std::runtime_error(fmt::format("{}: output {}", program.name, to_hex(outcome.output)));
}

// A program with all that a run of it needs, and what came out; zero where it was not measured.
class Bench {
  public:
    double bytecode_us = 0, warm_us = 0, cold_us = 0, native_us = 0;
    double compile_ms = 0;
    double million_instructions = 0, million_instructions_cold = 0;  // of the processor
    std::uint64_t evm_instructions = 0;

    explicit Bench(Program program) : program_(std::move(program)), host_(host_of(program_)), machine_(*host_, fork) {}

    [[nodiscard]] const std::string& name() const { return program_.name; }
    [[nodiscard]] std::int64_t gas() const { return program_.gas_used.value_or(0); }
    [[nodiscard]] Peer peer() const { return bench::peer_of(program_.name); }

    // Runs it in every way; throws unless gas and output are right to the digit.
    void check_and_count() {
        for (const Tiering tiering : {Tiering::Never, Tiering::Always, Tiering::Adaptive}) {
            set_tiering(tiering);
            check(program_, run_cold());
        }
        compile();
        set_native_tier(NativeTier::Auto);
        check(program_, run());
        set_native_tier(NativeTier::Never);
        InstructionCounter counter;
        machine_.set_tracer(&counter);
        check(program_, run());
        machine_.set_tracer(nullptr);
        evm_instructions = counter.count;
    }

    // Afterwards everything is as it was before.
    Outcome run() {
        const Host::Checkpoint before = host_->checkpoint();
        machine_.start(program_.message);
        Outcome outcome = machine_.run().outcome;
        host_->revert_to(before);
        return outcome;
    }

    Outcome run_cold() {
        host_->set_program(analyse(program_.code));
        return run();
    }

    // Code is translated block by block, paid by the gas that it spends: runs until that is over.
    void warm_up() {
        constexpr std::int64_t enough_gas = 20'000'000, most_runs = 5'000;
        const std::int64_t runs = std::clamp<std::int64_t>(enough_gas / std::max<std::int64_t>(gas(), 1), 2, most_runs);
        for (std::int64_t i = 0; i < runs; ++i) static_cast<void>(run());
    }

    void time_warm(benchmark::State& state) {
        for (auto _ : state) benchmark::DoNotOptimize(run());
    }
    void time_cold(benchmark::State& state) {
        const std::shared_ptr<const Code> known = host_->program();
        for (auto _ : state) benchmark::DoNotOptimize(run_cold());
        host_->set_program(known);
    }
    void time_bytecode(benchmark::State& state) {
        set_tiering(Tiering::Never);
        time_warm(state);
        set_tiering(Tiering::Adaptive);
    }
    void time_native(benchmark::State& state) {
        set_native_tier(NativeTier::Auto);
        time_warm(state);
        set_native_tier(NativeTier::Never);
    }
    [[nodiscard]] bool is_native() { return host_->program()->native_code(fork)->runs(); }

  private:
    static constexpr Fork fork = Fork::Cancun;

    void compile() {
        const std::clock_t begin = std::clock();
        static_cast<void>(host_->program()->keep(compile_native(*host_->program(), fork)));
        if (is_native()) compile_ms = 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    }

    static std::unique_ptr<bench::ProgramHost> host_of(const Program& program) {
        if (program.world == nullptr) return std::make_unique<bench::LonelyHost>(analyse(program.code));
        return std::make_unique<bench::WorldHost>(analyse(program.code), program.message.recipient, *program.world);
    }

    Program program_;
    std::unique_ptr<bench::ProgramHost> host_;
    Machine machine_;
};

// --- options ---

struct Options {
    bool json = false, only_once = false, count_instructions = false;
    int plain_runs = 0;  // what --instructions asks of its child: this many runs of the one program named,
    bool runs_cold = false;
    std::string filter;
    std::filesystem::path path = std::filesystem::path(INTERLOCK_SOURCE_DIR) / ".." / "shared" / "bench" / "evm.jsonl";
    bool is_path_given = false;
    std::vector<std::string> for_benchmark{"evm_bench"};
};

Options read_options(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const bool has_value = i + 1 < arguments.size();
        if (argument == "--json") options.json = true;
        else if (argument == "--once") options.only_once = true;
        else if (argument == "--instructions") options.count_instructions = true;
        else if (argument == "--plain-runs" && has_value) options.plain_runs = std::stoi(arguments[++i]);
        else if (argument == "--cold") options.runs_cold = true;
        else if (argument == "--filter" && has_value) options.filter = arguments[++i];
        else if (argument.starts_with("--benchmark_")) options.for_benchmark.push_back(argument);
        else if (argument.starts_with("--")) throw std::runtime_error("no such option: " + argument);
        else options.path = argument, options.is_path_given = true;
    }
    return options;
}

// --- measuring ---

// The instructions of a run, in millions: those of three runs less those of one, over two.
double count_instructions(const std::string& name, const Options& options, bool cold) {
    const auto of_runs = [&](int runs) {
        const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
        std::string command =
            fmt::format("valgrind --tool=callgrind --callgrind-out-file=/dev/null '{}' --plain-runs {} {} --filter '{}'",
                        self, runs, cold ? "--cold" : "", name);
        if (options.is_path_given) command += " '" + options.path.string() + "'";
        std::FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
        if (pipe == nullptr) throw std::runtime_error("cannot run valgrind");
        double collected = 0;
        for (char line[512]; std::fgets(line, sizeof line, pipe) != nullptr;)
            if (const char* const found = std::strstr(line, "Collected : ")) collected = std::atof(found + 12);
        if (pclose(pipe) != 0 || collected == 0) throw std::runtime_error("valgrind counted nothing: is it installed?");
        return collected;
    };
    return (of_runs(3) - of_runs(1)) / 2e6;
}

// Takes what Google Benchmark measured into the benches, by name.
class Collector final : public benchmark::BenchmarkReporter {
  public:
    explicit Collector(std::deque<Bench>& benches) : benches_(benches) {}
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs)
            for (Bench& bench : benches_) {
                if (run.benchmark_name() == bench.name() + "/bytecode") bench.bytecode_us = run.GetAdjustedCPUTime();
                if (run.benchmark_name() == bench.name() + "/warm") bench.warm_us = run.GetAdjustedCPUTime();
                if (run.benchmark_name() == bench.name() + "/cold") bench.cold_us = run.GetAdjustedCPUTime();
                if (run.benchmark_name() == bench.name() + "/native") bench.native_us = run.GetAdjustedCPUTime();
            }
    }

  private:
    std::deque<Bench>& benches_;
};

void measure(std::deque<Bench>& benches, Options& options) {
    for (Bench& bench : benches) {
        const auto bytecode = [&bench](benchmark::State& state) { bench.time_bytecode(state); };
        const auto warm = [&bench](benchmark::State& state) { bench.time_warm(state); };
        const auto cold = [&bench](benchmark::State& state) { bench.time_cold(state); };
        const auto native = [&bench](benchmark::State& state) { bench.time_native(state); };
        benchmark::RegisterBenchmark((bench.name() + "/bytecode").c_str(), bytecode)->Unit(benchmark::kMicrosecond);
        benchmark::RegisterBenchmark((bench.name() + "/warm").c_str(), warm)->Unit(benchmark::kMicrosecond);
        benchmark::RegisterBenchmark((bench.name() + "/cold").c_str(), cold)->Unit(benchmark::kMicrosecond);
        if (!bench.is_native()) continue;
        benchmark::RegisterBenchmark((bench.name() + "/native").c_str(), native)->Unit(benchmark::kMicrosecond);
    }
    std::vector<char*> words;
    for (std::string& word : options.for_benchmark) words.push_back(word.data());
    int count = static_cast<int>(words.size());
    benchmark::Initialize(&count, words.data());
    Collector collector(benches);
    benchmark::RunSpecifiedBenchmarks(&collector);
    if (!options.count_instructions) return;
    for (Bench& bench : benches) {
        bench.million_instructions = count_instructions(bench.name(), options, false);
        bench.million_instructions_cold = count_instructions(bench.name(), options, true);
    }
}

// --- telling ---

double ratio(double theirs, double ours) { return theirs > 0 && ours > 0 ? theirs / ours : 0; }

double geometric_mean(const std::vector<double>& ratios) {
    double sum = 0;
    for (const double value : ratios) sum += std::log(value);
    return ratios.empty() ? 0 : std::exp(sum / static_cast<double>(ratios.size()));
}

std::string cell(double value, int digits) { return value > 0 ? fmt::format("{:.{}f}", value, digits) : "-"; }

void print_json(const std::deque<Bench>& benches) {
    for (const Bench& bench : benches) {
        nlohmann::ordered_json row{{"name", bench.name()},
                                   {"gas", bench.gas()},
                                   {"evm_instructions", bench.evm_instructions},
                                   {"bytecode_us", bench.bytecode_us},
                                   {"warm_us", bench.warm_us},
                                   {"cold_us", bench.cold_us}};
        if (bench.native_us > 0) row["native_us"] = bench.native_us, row["compile_ms"] = bench.compile_ms;
        const Peer peer = bench.peer();
        if (bench.million_instructions > 0) row["instructions"] = bench.million_instructions * 1e6;
        if (bench.million_instructions_cold > 0) row["instructions_cold"] = bench.million_instructions_cold * 1e6;
        if (peer.microseconds > 0) row["evmone_us"] = peer.microseconds;
        if (peer.million_instructions > 0) row["evmone_instructions"] = peer.million_instructions * 1e6;
        std::cout << row.dump() << '\n';
    }
}

void print_table(const std::deque<Bench>& benches) {
    constexpr auto layout =
        "{:34} {:>10} {:>10} {:>10} {:>9} {:>8} {:>10} {:>6} {:>6} {:>10} {:>6} {:>6} {:>10} {:>10} {:>10} {:>10} {:>6} "
        "{:>8}\n";
    fmt::print(layout, "", "us bytec.", "us warm", "us cold", "Mgas/s", "ns/instr", "evmone us", "ratio", "cold",
               "us native", "warm/", "ratio", "compile ms", "Minstr", "cold", "evmone", "ratio", "product");
    std::vector<double> by_time, by_cold_time, by_native_time, by_instructions;
    for (const Bench& bench : benches) {
        const Peer peer = bench.peer();
        const double time_ratio = ratio(peer.microseconds, bench.warm_us);
        const double cold_ratio = ratio(peer.microseconds, bench.cold_us);
        const double native_ratio = ratio(peer.microseconds, bench.native_us);
        const double count_ratio = ratio(peer.million_instructions, bench.million_instructions);
        fmt::print(layout, bench.name(), cell(bench.bytecode_us, 2), cell(bench.warm_us, 2), cell(bench.cold_us, 2),
                   cell(static_cast<double>(bench.gas()) / bench.warm_us, 0),
                   cell(1000 * bench.warm_us / static_cast<double>(bench.evm_instructions), 2), cell(peer.microseconds, 2),
                   cell(time_ratio, 2), cell(cold_ratio, 2), cell(bench.native_us, 2),
                   cell(ratio(bench.warm_us, bench.native_us), 2), cell(native_ratio, 2), cell(bench.compile_ms, 1),
                   cell(bench.million_instructions, 4), cell(bench.million_instructions_cold, 4),
                   cell(peer.million_instructions, 4), cell(count_ratio, 2), cell(time_ratio * count_ratio, 2));
        if (bench.name().starts_with("micro/")) continue;
        if (time_ratio > 0) by_time.push_back(time_ratio);
        if (cold_ratio > 0) by_cold_time.push_back(cold_ratio);
        if (native_ratio > 0) by_native_time.push_back(native_ratio);
        if (count_ratio > 0) by_instructions.push_back(count_ratio);
    }
    const auto print_mean = [](const std::vector<double>& ratios, const char* what) {
        if (!ratios.empty())
            fmt::print("geometric mean of {} programs that are not micro: {:.2f} by {}\n", ratios.size(),
                       geometric_mean(ratios), what);
    };
    print_mean(by_time, "time");
    print_mean(by_cold_time, "time of cold runs");
    print_mean(by_native_time, "time of native code");
    print_mean(by_instructions, "instructions");
}

void print_json(const std::vector<bench::PrecompileRow>& rows) {
    for (const bench::PrecompileRow& row : rows)
        std::cout << nlohmann::ordered_json{{"name", row.name}, {"gas", row.gas}, {"warm_us", row.microseconds}}.dump()
                  << '\n';
}

std::vector<bench::PrecompileRow> precompiles_of(const Options& options) {
    std::vector<bench::PrecompileRow> rows = bench::precompile_rows();
    std::erase_if(rows, [&](const auto& row) { return row.name.find(options.filter) == std::string::npos; });
    return rows;
}

int run(const std::vector<std::string>& arguments) {
    Options options = read_options(arguments);
    const bool is_present = options.is_path_given || std::filesystem::exists(options.path);
    if (!is_present) std::cerr << "evm.jsonl is not present: running the built-in programs\n";

    set_native_tier(NativeTier::Never);
    std::vector<Program> programs = is_present ? bench::read_programs(options.path) : bench::built_in_programs();
    if (!options.is_path_given) std::ranges::move(bench::contract_programs(), std::back_inserter(programs));
    std::deque<Bench> benches;  // machines do not move
    for (Program& program : programs) {
        if (program.name.find(options.filter) == std::string::npos) continue;
        if (options.plain_runs != 0 && program.name != options.filter) continue;
        Bench& bench = benches.emplace_back(std::move(program));
        options.plain_runs == 0 ? bench.check_and_count() : bench.warm_up();
    }
    for (int i = 0; i < options.plain_runs; ++i)
        for (Bench& bench : benches) static_cast<void>(options.runs_cold ? bench.run_cold() : bench.run());
    std::vector<bench::PrecompileRow> precompiles =
        options.plain_runs == 0 ? precompiles_of(options) : decltype(precompiles){};
    for (const bench::PrecompileRow& row : precompiles) bench::check(row);
    if (options.only_once || options.plain_runs != 0) return 0;
    if (!benches.empty()) measure(benches, options);
    for (bench::PrecompileRow& row : precompiles) bench::measure(row);
    if (options.json) {
        print_json(benches);
        print_json(precompiles);
    } else {
        if (!benches.empty()) print_table(benches);
        bench::print(precompiles);
    }
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
