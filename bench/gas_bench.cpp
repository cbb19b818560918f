// What our code costs, against the better of solc's two pipelines: compute gas (all that is not storage, logs, calls or
// looks at other accounts) of each call of the differential suite, and the size of the code.
//
//   gas_bench            the table: one line a contract, then the rows of tests/differential/contracts/numbers.sol
//   gas_bench --calls    one line a function, the worst last
//   gas_bench --json     the same as JSON
//   gas_bench --record   asks solc again and writes its numbers to bench/gas_bench.json
//
// solc's numbers come from that file, so that this runs without node: the least of `solc --optimize` and
// `solc --via-ir --optimize`, version 0.8.28, call by call.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

#include "lang/abi/abi.hpp"
#include "tests/differential/oracle.hpp"
#include "tests/differential/suite.hpp"
#include "vm/word.hpp"

namespace {

using namespace interlock;
using namespace interlock::differential;
using nlohmann::json;

const std::filesystem::path record_file = std::filesystem::path(INTERLOCK_SOURCE_DIR) / "bench/gas_bench.json";

// The mean of ratios, as a factor.
struct Mean {
    double logarithms = 0;
    std::size_t count = 0;
    void add(double ratio) { logarithms += std::log(ratio), ++count; }
    void add(const Mean& other) { logarithms += other.logarithms, count += other.count; }
    [[nodiscard]] double value() const { return count == 0 ? 1 : std::exp(logarithms / static_cast<double>(count)); }
};

// Compute gas of each call in order, and 0 where the call failed; then the size of the code.
struct Costs {
    std::vector<std::int64_t> gas;
    std::size_t bytes = 0;
};

Costs measure(const vm::Bytes& creation_code, const vm::Bytes& arguments, const std::vector<Call>& calls) {
    World world;
    if (!world.deploy(creation_code, arguments).outcome.ok()) throw std::runtime_error("the deployment failed");
    Costs costs{{}, world.code_bytes()};
    for (const Call& call : calls) {
        const Effect effect = world.call(call);
        costs.gas.push_back(effect.outcome.ok() ? effect.compute_gas : 0);
    }
    return costs;
}

// --- the rows ---
struct Row {
    const char* name;
    const char* signature;
    std::vector<vm::Word> arguments;
    int repeat = 1;  // the last time counts
    bool is_loop = false;
};

const std::vector<Row> rows{
    {"transfer, 2nd", "transfer(address,uint256)", {vm::Word(0xb0b), vm::Word(5)}, 2},
    {"balanceOf", "balanceOf(address)", {vm::Word(0xa11ce)}},
    {"packed struct", "packed(uint128)", {vm::Word(5)}, 2},
    {"loop 100", "loop(uint256)", {vm::Word(100)}, 1, true},
    {"loop 100 unchecked", "loopUnchecked(uint256)", {vm::Word(100)}, 1, true},
    {"insertion sort 40", "sort(uint256)", {vm::Word(40)}, 1, true},
    {"fib(12)", "fib(uint256)", {vm::Word(12)}, 1, true},
    {"fib(12) unchecked", "fibUnchecked(uint256)", {vm::Word(12)}, 1, true},
};

Call call_of(const Row& row) {
    const std::vector<lang::abi::Value> arguments(row.arguments.begin(), row.arguments.end());
    return {row.signature, lang::abi::call_data(lang::abi::selector(row.signature), arguments), {}};
}

std::int64_t measure(const vm::Bytes& creation_code, const Row& row) {
    const Costs costs = measure(creation_code, {}, std::vector<Call>(static_cast<std::size_t>(row.repeat), call_of(row)));
    return costs.gas.back();
}

const char* const file_of_rows = "numbers.sol";

// --- solc's numbers ---
json record() {
    const Oracle& oracle = Oracle::get();
    if (!oracle.is_there()) throw std::runtime_error(oracle.why_absent());
    json all;
    for (const auto& path : contract_files()) {
        const Case each = prepare(path);
        std::vector<vm::Bytes> codes;
        for (const char* variant : {"ir", "legacy"})
            if (const auto code = oracle.code(variant, each.file, each.contract)) codes.push_back(code->creation);
        Costs least;
        for (const vm::Bytes& code : codes) {
            const Costs costs = measure(code, each.arguments, each.calls);
            if (least.gas.empty()) least = costs;
            least.bytes = std::min(least.bytes, costs.bytes);
            for (std::size_t i = 0; i < costs.gas.size(); ++i) least.gas[i] = std::min(least.gas[i], costs.gas[i]);
        }
        all["contracts"][each.file] = {{"bytes", least.bytes}, {"gas", least.gas}};
        if (each.file != file_of_rows) continue;
        for (const Row& row : rows) {
            std::int64_t best = 0;
            for (const vm::Bytes& code : codes) {
                const std::int64_t gas = measure(code, row);
                best = best == 0 ? gas : std::min(best, gas);
            }
            all["rows"][row.name] = best;
        }
    }
    return all;
}

// --- the comparison ---
struct Result {
    std::string name;
    double ours = 0, theirs = 0;  // sums, or single values
    std::size_t calls = 0;
    Mean gas;
    std::size_t our_bytes = 0, their_bytes = 0;
};

struct Report {
    std::vector<Result> contracts, functions, rows;
    Mean gas, bytes, loops;
};

void compare(const Case& each, const json& theirs, Report& report) {
    const Costs ours = measure(each.ours.creation_code, each.arguments, each.calls);
    const std::vector<std::int64_t> gas = theirs.at("gas");
    if (gas.size() != ours.gas.size()) throw std::runtime_error(each.file + " has changed: run gas_bench --record");
    Result contract{each.file};
    contract.our_bytes = ours.bytes;
    contract.their_bytes = theirs.at("bytes");
    std::map<std::string, Result> functions;
    for (std::size_t i = 0; i < gas.size(); ++i) {
        if (gas[i] == 0 || ours.gas[i] == 0 || each.calls[i].is_spoilt) continue;
        Result& function = functions[each.calls[i].function];
        for (Result* result : {&contract, &function}) {
            ++result->calls;
            result->ours += static_cast<double>(ours.gas[i]);
            result->theirs += static_cast<double>(gas[i]);
            result->gas.add(static_cast<double>(ours.gas[i]) / static_cast<double>(gas[i]));
        }
    }
    report.gas.add(contract.gas);
    report.bytes.add(static_cast<double>(contract.our_bytes) / static_cast<double>(contract.their_bytes));
    report.contracts.push_back(contract);
    for (auto& [name, function] : functions) {
        function.name = each.file + " " + name;
        report.functions.push_back(function);
    }
}

Report compare_all(const json& theirs) {
    Report report;
    for (const auto& path : contract_files()) {
        const Case each = prepare(path);
        if (!theirs.at("contracts").contains(each.file))
            throw std::runtime_error(each.file + " is new: run gas_bench --record");
        compare(each, theirs.at("contracts").at(each.file), report);
        if (each.file != file_of_rows) continue;
        for (const Row& row : rows) {
            Result result{row.name, static_cast<double>(measure(each.ours.creation_code, row)),
                          theirs.at("rows").at(row.name), 1};
            result.gas.add(result.ours / result.theirs);
            if (row.is_loop) report.loops.add(result.gas);
            report.rows.push_back(result);
        }
    }
    std::sort(report.functions.begin(), report.functions.end(),
              [](const Result& a, const Result& b) { return a.gas.value() < b.gas.value(); });
    return report;
}

json to_json(const Report& report) {
    const auto list = [](const std::vector<Result>& results) {
        json all = json::array();
        for (const Result& each : results) {
            json entry{{"name", each.name},
                       {"calls", each.calls},
                       {"gas", each.ours},
                       {"solc_gas", each.theirs},
                       {"ratio", each.gas.value()}};
            if (each.our_bytes > 0) entry.update({{"bytes", each.our_bytes}, {"solc_bytes", each.their_bytes}});
            all.push_back(entry);
        }
        return all;
    };
    return {{"contracts", list(report.contracts)}, {"functions", list(report.functions)},
            {"rows", list(report.rows)},           {"gas_ratio", report.gas.value()},
            {"bytes_ratio", report.bytes.value()}, {"loops_ratio", report.loops.value()}};
}

void print(const Report& report, bool with_functions) {
    if (with_functions) {
        for (const Result& each : report.functions)
            fmt::print("{:60} {:4} calls {:10.0f} {:10.0f} {:7.3f}\n", each.name, each.calls, each.ours, each.theirs,
                       each.gas.value());
        return;
    }
    fmt::print("{:22} {:>6} {:>10} {:>10} {:>7}   {:>6} {:>6} {:>6}\n", "contract", "calls", "gas", "solc", "mean", "bytes",
               "solc", "ratio");
    for (const Result& each : report.contracts)
        fmt::print("{:22} {:6} {:10.0f} {:10.0f} {:7.3f}   {:6} {:6} {:6.3f}\n", each.name, each.calls, each.ours,
                   each.theirs, each.gas.value(), each.our_bytes, each.their_bytes,
                   static_cast<double>(each.our_bytes) / static_cast<double>(each.their_bytes));
    fmt::print("{:22} {:6} {:>10} {:>10} {:7.3f}   {:>6} {:>6} {:6.3f}\n\n", "geometric mean", report.gas.count, "", "",
               report.gas.value(), "", "", report.bytes.value());
    for (const Result& each : report.rows)
        fmt::print("{:22} {:>6} {:10.0f} {:10.0f} {:7.3f}\n", each.name, "", each.ours, each.theirs, each.gas.value());
    fmt::print("{:22} {:>6} {:>10} {:>10} {:7.3f}\n", "loops and recursion", "", "", "", report.loops.value());
}

}  // namespace

int main(int count, char** arguments) try {
    const std::string mode = count > 1 ? arguments[1] : "";
    if (mode == "--record") std::ofstream(record_file) << record().dump() << "\n";
    const Report report = compare_all(json::parse(read_file(record_file)));
    if (mode == "--json") fmt::print("{}\n", to_json(report).dump(1));
    else print(report, mode == "--calls");
    return 0;
} catch (const std::exception& problem) {
    fmt::print(stderr, "gas_bench: {}\n", problem.what());
    return 1;
}
