// What calls of real libraries cost, against the better of solc's two pipelines: the compute gas of each whole call in
// bench/libraries/calls.txt. The libraries are npm's, in the versions of bench/size/package.json.
//
//   library_bench            the table: one line a call, the worst last
//   library_bench --record   asks solc again and writes its numbers to bench/libraries/solc.json
//   library_bench --check    ends with 1 if a call costs more than solc's
//   library_bench --compare [SEED]
//                            makes calls with drawn arguments in our code and in solc's, and ends with 1 if they differ
//
// The packages are installed into the build folder with npm. Without node and npm it says so and ends with 77.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "bench/packages.hpp"
#include "lang/abi/data.hpp"
#include "lang/compile.hpp"
#include "lang/loading/file_loader.hpp"
#include "lang/output/abi_json.hpp"
#include "tests/differential/inputs.hpp"
#include "tests/differential/world.hpp"

namespace {

using namespace interlock;
using bench::contents;
using differential::Call;
using differential::Effect;
using differential::World;
using nlohmann::json;
namespace fs = std::filesystem;

const fs::path folder = fs::path(INTERLOCK_SOURCE_DIR) / "bench/libraries";
const fs::path work = INTERLOCK_SIZE_WORK;
const fs::path record_file = folder / "solc.json";

struct Line {
    std::string text, contract;
    Call call;
};

lang::abi::Data parsed(const lang::abi::DataType& type, const std::string& text) {
    if (type.kind == lang::abi::DataType::Kind::Array) {
        std::vector<lang::abi::Data> elements;
        std::istringstream parts(text);
        for (std::string part; std::getline(parts, part, ',');) elements.push_back(parsed(type.parts[0], part));
        return elements;
    }
    const lang::abi::Parsed value = lang::abi::parse_value(type.value, text);
    if (!value.value) throw std::runtime_error(text + ": " + value.error);
    return std::visit([](const auto& each) { return lang::abi::Data(each); }, *value.value);
}

std::vector<Line> lines() {
    std::vector<Line> lines;
    std::istringstream list(contents(folder / "calls.txt"));
    for (std::string text; std::getline(list, text);) {
        if (text.empty() || text.front() == '#') continue;
        std::istringstream words(text);
        Line line{text, {}, {}};
        words >> line.contract >> line.call.function;
        const auto types = lang::abi::parameter_types(line.call.function);
        if (!types) throw std::runtime_error(text + ": no signature");
        std::vector<lang::abi::Data> arguments;
        for (const lang::abi::DataType& type : *types) {
            std::string argument;
            words >> argument;
            arguments.push_back(parsed(type, argument));
        }
        line.call.input = lang::abi::call_data(lang::abi::selector(line.call.function),
                                               vm::ByteView(lang::abi::encode(*types, arguments)));
        lines.push_back(std::move(line));
    }
    return lines;
}

struct Cost {
    std::int64_t gas = 0;
    vm::Bytes output;
};

Cost cost_of(const vm::Bytes& creation_code, const Line& line) {
    World world;
    if (!world.deploy(creation_code, {}).outcome.ok()) throw std::runtime_error(line.text + ": the deployment failed");
    const Effect effect = world.call(line.call);
    if (!effect.outcome.ok()) throw std::runtime_error(line.text + ": the call failed");
    return {effect.compute_gas, effect.outcome.output};
}

json codes_of_solc() {
    const fs::path codes_file = work / "libraries.json";
    const std::string command =
        fmt::format("node '{}' '{}' '{}'", (folder / "compile.mjs").string(), work.string(), codes_file.string());
    if (!bench::succeeds(command)) throw std::runtime_error("solc does not compile libraries.sol");
    return json::parse(contents(codes_file));
}

vm::Bytes code_of(const json& codes, const char* pipeline, const std::string& contract) {
    return *vm::parse_hex("0x" + codes.at(pipeline).at(contract).get<std::string>());
}

void record() {
    const json codes = codes_of_solc();
    json calls;
    for (const Line& line : lines())
        for (const char* pipeline : {"ir", "legacy"}) {
            const Cost cost = cost_of(code_of(codes, pipeline, line.contract), line);
            calls[line.text][pipeline] = cost.gas;
            calls[line.text]["output"] = vm::to_hex(cost.output);
        }
    std::ofstream(record_file) << json{{"solc", codes.at("solc")}, {"calls", calls}}.dump(1) << "\n";
}

lang::Compilation compiled() {
    lang::ImportOptions imports;
    imports.include_paths = {(work / "node_modules").string()};
    lang::FileLoader loader({folder.string()}, imports);
    imports.loader = &loader;
    lang::Compilation compilation =
        lang::compile((folder / "libraries.sol").string(), contents(folder / "libraries.sol"), imports);
    if (!compilation.ok()) throw std::runtime_error(lang::render(compilation.diagnostics, *compilation.sources, false));
    return compilation;
}

struct Result {
    std::string text;
    std::int64_t ours, ir, legacy;
    [[nodiscard]] double ratio() const { return static_cast<double>(ours) / static_cast<double>(std::min(ir, legacy)); }
};

int table(bool checks) {
    const json theirs = json::parse(contents(record_file)).at("calls");
    const lang::Compilation compilation = compiled();
    std::vector<Result> results;
    for (const Line& line : lines()) {
        if (!theirs.contains(line.text)) throw std::runtime_error(line.text + " is new: run library_bench --record");
        const json& other = theirs.at(line.text);
        const Cost ours = cost_of(compilation.find(line.contract)->creation_code, line);
        if (vm::to_hex(ours.output) != other.at("output")) throw std::runtime_error(line.text + ": the results differ");
        results.push_back({line.text, ours.gas, other.at("ir"), other.at("legacy")});
    }
    std::ranges::stable_sort(results, {}, &Result::ratio);
    fmt::print("{:<60}{:>8}{:>10}{:>8}{:>8}\n", "gas", "ours", "--via-ir", "legacy", "ratio");
    double logarithms = 0;
    int above = 0;
    for (const Result& each : results) {
        logarithms += std::log(each.ratio());
        above += each.ratio() > 1;
        fmt::print("{:<60.58}{:>8}{:>10}{:>8}{:>8.3f}\n", each.text, each.ours, each.ir, each.legacy, each.ratio());
    }
    fmt::print("{:<60}{:>34.3f}\n", fmt::format("geometric mean of {}; {} above 1", results.size(), above),
               std::exp(logarithms / static_cast<double>(results.size())));
    return checks && above > 0 ? 1 : 0;
}

// The first difference of each contract is told.
int compare(std::uint64_t seed) {
    constexpr std::size_t calls_of_each = 300;
    const json codes = codes_of_solc();
    const lang::Compilation compilation = compiled();
    std::size_t calls = 0, reverted = 0, different = 0;
    for (const auto& [contract, code] : codes.at("ir").items()) {
        const lang::Artifact* const artifact = compilation.find(contract);
        if (artifact == nullptr || code.get<std::string>().empty()) continue;
        World ours, theirs;
        if (!ours.deploy(artifact->creation_code, {}).outcome.ok() ||
            !theirs.deploy(code_of(codes, "ir", contract), {}).outcome.ok())
            throw std::runtime_error(contract + ": the deployment failed");
        differential::Inputs inputs(seed, differential::accounts());
        for (const Call& call : inputs.calls(json::parse(lang::abi::to_json(*artifact->ir)), calls_of_each)) {
            const Effect left = ours.call(call), right = theirs.call(call);
            const auto ran_out = [](const Effect& each) { return each.outcome.status == vm::Status::OutOfGas; };
            if (ran_out(left) || ran_out(right)) continue;
            ++calls;
            reverted += !left.outcome.ok();
            if (describe(left) == describe(right)) continue;
            ++different;
            fmt::print("{} {}: {}\nours: {}solc's: {}", contract, call.function, vm::to_hex(call.input), describe(left),
                       describe(right));
            break;
        }
    }
    fmt::print("{} calls compared, {} of them reverted; {} contracts differ\n", calls, reverted, different);
    return different > 0 ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) try {
    const std::string mode = count > 1 ? arguments[1] : "";
    if (const std::string obstacle =
            bench::install_packages(fs::path(INTERLOCK_SOURCE_DIR) / "bench/size/package.json", work);
        !obstacle.empty()) {
        std::cerr << "library_bench: skipped: " << obstacle << "\n";
        return 77;
    }
    if (mode == "--record") record();
    if (mode == "--compare") return compare(count > 2 ? std::stoull(arguments[2]) : 1);
    return table(mode == "--check");
} catch (const std::exception& problem) {
    fmt::print(stderr, "library_bench: {}\n", problem.what());
    return 1;
}
