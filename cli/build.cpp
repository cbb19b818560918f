// interlock build FILE…: compiles, and prints the outputs that --emit names.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <thread>
#include <tuple>

#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "cli/input_file.hpp"
#include "cli/standard_input.hpp"
#include "lang/abi/abi.hpp"
#include "lang/batch.hpp"
#include "lang/codegen/link.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/abi_json.hpp"
#include "lang/output/json.hpp"
#include "lang/output/listing.hpp"
#include "lang/output/standard_json.hpp"
#include "lang/output/storage_layout.hpp"
#include "lang/syntax/print_tree.hpp"
#include "lang/syntax/token.hpp"

namespace interlock::cli {

namespace {

struct BuildArguments {
    std::vector<std::string> files;
    std::vector<std::string> emit;  // empty: bin
    std::string contract;
    std::uint32_t runs = lang::usual_runs;
    unsigned threads = 0;  // zero: as many as there are processors
    bool standard_input = false;
    Common common;
};

// Files are compiled together if an import means the same file in all of them.
std::size_t group_of(const Input& input, const std::vector<Input>& before, const std::vector<lang::BatchFile>& files) {
    const auto is_like = [&](const Input& other) {
        const auto parts = [](const lang::Remapping& each) { return std::tie(each.context, each.prefix, each.target); };
        return std::ranges::equal(input.imports.remappings, other.imports.remappings, {}, parts, parts) &&
               input.imports.include_paths == other.imports.include_paths &&
               input.loader->folders() == other.loader->folders();
    };
    const auto like = std::ranges::find_if(before, is_like);
    return like == before.end() ? files.size() : files[static_cast<std::size_t>(like - before.begin())].group;
}

// --- outputs about a whole file ---

void print_tokens(const lang::Sources& sources, const lang::SourceFile& file) {
    lang::Diagnostics diagnostics;
    for (const lang::Token& token : lang::lex(file, diagnostics)) {
        const lang::LineColumn place = sources.position(token.range.begin);
        std::cout << fmt::format("{}:{} {} {}\n", place.line, place.column, lang::name_of(token.kind),
                                 lang::printable(token.text));
    }
}

// Prints the syntax tree of the file and its imports, and each contract's storage layout.
void print_source(const Input& input, const BuildArguments& arguments) {
    lang::Sources sources;
    lang::Diagnostics diagnostics;
    const lang::SourceFile& file = sources.add(input.path, input.text);
    const lang::Tree tree = lang::load(file, sources, diagnostics, input.imports);
    const lang::Program program = lang::check(tree, sources, diagnostics);
    for (const std::string& what : arguments.emit) {
        if (what == "tokens") {
            std::cout << "== " << lang::printable(input.path) << " tokens\n";
            print_tokens(sources, file);
        } else if (what == "ast") {
            std::cout << "== " << lang::printable(input.path) << " ast\n" << lang::printable_lines(lang::print(tree));
        } else if (what == "layout") {
            for (const lang::ContractId id : tree.top_contracts) {
                const std::string name(tree[id].name.text);
                if (tree[id].kind != lang::ContractKind::Contract ||
                    (!arguments.contract.empty() && arguments.contract != name))
                    continue;
                std::cout << "== " << name << " layout\n"
                          << lang::storage_layout_json(program, id).text(Json::Keys::Sorted) << "\n";
            }
        }
    }
}

void print(const lang::Artifact& artifact, const lang::Compilation& compilation, const std::string& what) {
    const lang::Sources& sources = *compilation.sources;
    std::string text;
    if (what == "bin") text = lang::unlinked_hex(artifact.creation_code, artifact.creation_links) + "\n";
    else if (what == "bin-runtime") text = lang::unlinked_hex(artifact.runtime_code, artifact.runtime_links) + "\n";
    else if (what == "abi") text = lang::abi::to_json(*artifact.ir) + "\n";
    else if (what == "ir") text = lang::printable_lines(lang::ir::print(*artifact.ir));
    else if (what == "asm") text = lang::printable_lines(lang::list_instructions(artifact, sources));
    else if (what == "srcmap")
        text = lang::compressed_source_map(artifact.runtime_code, artifact.source_map, sources, compilation.file_numbers) +
               "\n";
    else return;  // printed with the source
    std::cout << "== " << artifact.name << " " << what << "\n" << text;
}

// Prints what a contract without code has: its interface.
void print(const lang::ir::Contract& codeless, const std::string& what) {
    if (what == "abi") std::cout << "== " << codeless.name << " abi\n" << lang::abi::to_json(codeless) << "\n";
}

bool is_about_source(const std::string& what) { return what == "tokens" || what == "ast" || what == "layout"; }

int print_file(const Input& input, const lang::Compilation& compilation, const BuildArguments& arguments) {
    const auto is_wanted = [&](const std::string& name) { return arguments.contract.empty() || name == arguments.contract; };
    const bool has_code = std::ranges::any_of(compilation.artifacts, is_wanted, &lang::Artifact::name);
    if (!arguments.contract.empty() && !has_code &&
        std::ranges::none_of(compilation.codeless, is_wanted, [](const auto& each) { return each->name; })) {
        std::cerr << "interlock: " << lang::printable(input.path) << " has no contract `"
                  << lang::printable(arguments.contract) << "`\n";
        return exit_source;
    }
    if (std::ranges::any_of(arguments.emit, is_about_source)) print_source(input, arguments);
    for (const lang::Artifact& artifact : compilation.artifacts) {
        if (!is_wanted(artifact.name)) continue;
        for (const std::string& what : arguments.emit) print(artifact, compilation, what);
    }
    for (const auto& codeless : compilation.codeless) {
        if (!is_wanted(codeless->name)) continue;
        for (const std::string& what : arguments.emit) print(*codeless, what);
    }
    if (!has_code) std::cerr << "interlock: there is nothing to deploy in " << lang::printable(input.path) << "\n";
    return exit_ok;
}

int print_files(const std::vector<Input>& inputs, const lang::Batch& batch, const BuildArguments& arguments,
                const Common& common) {
    int exit = exit_ok;
    lang::Telling telling;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const lang::Compilation compilation = batch.compilation_of(i);
        const lang::Diagnostics untold = telling.still_untold(compilation.diagnostics, *compilation.sources);
        report(untold, *compilation.sources, common);
        if (untold.all().empty() && !compilation.ok())
            std::cerr << "interlock: " << lang::printable(inputs[i].path) << " does not compile: see above\n";
        exit = std::max<int>(exit, compilation.ok() ? print_file(inputs[i], compilation, arguments) : exit_source);
    }
    return exit;
}

int print_json(const lang::Batch& batch) {
    std::cout << lang::standard_output(batch).text(Json::Keys::Sorted) << "\n";
    int exit = exit_ok;
    for (std::size_t i = 0; i < batch.size(); ++i)
        if (!batch.is_ok(i)) exit = exit_source;
    return exit;
}

// Reads solc's standard JSON input from the one FILE, or from where commands read if there is none. Errors are in the
// answer, so that it is not read as a failure of the program.
int build_standard_input(const BuildArguments& arguments, unsigned threads) {
    constexpr std::size_t max_bytes = 2 * lang::max_total_bytes;  // escapes need space
    const Common& common = arguments.common;
    if (arguments.files.size() > 1) throw UsageError{"--standard-json takes one FILE"};
    if (common.json || !arguments.emit.empty() || !arguments.contract.empty() || !common.remappings.empty() ||
        arguments.runs != lang::usual_runs)
        throw UsageError{"--standard-json reads what is wanted from its input, not from other options"};
    const FileText document = read_file_or_input(arguments.files.empty() ? "-" : arguments.files.front(), max_bytes);
    if (!document.text) {
        std::cerr << "interlock: " << lang::printable(document.error) << "\n";
        return exit_source;
    }
    std::cout << answer_standard_input(*document.text, common.include_paths, threads) << "\n";
    return exit_ok;
}

int build(BuildArguments& arguments, const Common& common) {
    const unsigned threads = arguments.threads != 0 ? arguments.threads : std::thread::hardware_concurrency();
    if (arguments.standard_input) return build_standard_input(arguments, threads);
    if (arguments.files.empty()) throw UsageError{"FILE is missing: contracts (.ilk, .sol)"};
    if (arguments.emit.empty()) arguments.emit.emplace_back("bin");
    std::vector<Input> inputs;
    std::vector<lang::BatchFile> files;
    for (const std::string& path : arguments.files) {
        std::optional<Input> input = read_input(path, common);
        if (!input) continue;
        input->path = lang::normalized(path);  // as it is called by the files that import it
        const std::size_t group = group_of(*input, inputs, files);
        files.push_back({{input->path, input->text}, nullptr, group});
        inputs.push_back(std::move(*input));
    }
    for (std::size_t i = 0; i < files.size(); ++i) files[i].imports = &inputs[i].imports;
    const int exit = inputs.size() < arguments.files.size() ? exit_source : exit_ok;
    const lang::Batch batch(std::move(files), {.runs = arguments.runs}, threads);
    if (common.json) return inputs.empty() ? exit : std::max(exit, print_json(batch));
    return std::max(exit, print_files(inputs, batch, arguments, common));
}

}  // namespace

Command build_command() {
    auto arguments = std::make_shared<BuildArguments>();
    return {
        .name = "build",
        .help = "compile; print bytecode, ABI, IR, assembly and what lies between",
        .operands = {"FILE", "contracts (.ilk, .sol)", 0, SIZE_MAX, &arguments->files},
        .options = joined(
            {{some_of("--emit", "WHAT",
                      "bin (the default), bin-runtime, abi, layout, asm, ir, srcmap, ast, tokens; several with commas",
                      {"tokens", "ast", "ir", "asm", "bin", "bin-runtime", "abi", "layout", "srcmap"}, arguments->emit),
              text("--contract", "NAME", "only this one", arguments->contract),
              number("--optimize-runs", "N", "how often deployed code is expected to run: more is faster, fewer is shorter",
                     0, UINT32_MAX, arguments->runs),
              threads_option(arguments->threads),
              flag("--standard-json", "read solc's standard JSON input from FILE or standard input, print its output",
                   arguments->standard_input)},
             output_options(arguments->common),
             import_options(arguments->common)}),
        .footer = "With --json: solc's standard output, one document for all files.",
        .run = [arguments] { return build(*arguments, arguments->common); }};
}

}  // namespace interlock::cli
