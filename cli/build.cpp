// interlock build FILE…: compiles, and prints the outputs that --emit names.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "lang/abi/abi.hpp"
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

struct Arguments {
    std::vector<std::string> files;
    std::vector<std::string> emit;  // empty: bin
    std::string contract;
    Common common;
};

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
void print_source(const Input& input, const Arguments& arguments) {
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

void print(const lang::Artifact& artifact, const lang::Sources& sources, const std::string& what) {
    std::string text;
    if (what == "bin") text = lang::unlinked_hex(artifact.creation_code, artifact.creation_links) + "\n";
    else if (what == "bin-runtime") text = lang::unlinked_hex(artifact.runtime_code, artifact.runtime_links) + "\n";
    else if (what == "abi") text = lang::abi::to_json(*artifact.ir) + "\n";
    else if (what == "ir") text = lang::printable_lines(lang::ir::print(*artifact.ir));
    else if (what == "asm") text = lang::printable_lines(lang::list_instructions(artifact, sources));
    else if (what == "srcmap")
        text = lang::compressed_source_map(artifact.runtime_code, artifact.source_map, sources) + "\n";
    else return;  // printed with the source
    std::cout << "== " << artifact.name << " " << what << "\n" << text;
}

// Prints what a contract without code has: its interface.
void print(const lang::ir::Contract& codeless, const std::string& what) {
    if (what == "abi") std::cout << "== " << codeless.name << " abi\n" << lang::abi::to_json(codeless) << "\n";
}

bool is_about_source(const std::string& what) { return what == "tokens" || what == "ast" || what == "layout"; }

int build_file(const std::string& path, const Arguments& arguments, const Common& common) {
    const auto input = read_input(path, common);
    const auto compilation = input ? compile_input(*input, common) : nullptr;
    if (!compilation) return exit_source;
    const auto is_wanted = [&](const std::string& name) { return arguments.contract.empty() || name == arguments.contract; };
    const bool has_code = std::ranges::any_of(compilation->artifacts, is_wanted, &lang::Artifact::name);
    if (!arguments.contract.empty() && !has_code &&
        std::ranges::none_of(compilation->codeless, is_wanted, [](const auto& each) { return each->name; })) {
        std::cerr << "interlock: " << lang::printable(path) << " has no contract `" << lang::printable(arguments.contract)
                  << "`\n";
        return exit_source;
    }
    if (std::ranges::any_of(arguments.emit, is_about_source)) print_source(*input, arguments);
    for (const lang::Artifact& artifact : compilation->artifacts) {
        if (!is_wanted(artifact.name)) continue;
        for (const std::string& what : arguments.emit) print(artifact, *compilation->sources, what);
    }
    for (const auto& codeless : compilation->codeless) {
        if (!is_wanted(codeless->name)) continue;
        for (const std::string& what : arguments.emit) print(*codeless, what);
    }
    if (!has_code) std::cerr << "interlock: there is nothing to deploy in " << lang::printable(path) << "\n";
    return exit_ok;
}

int build_json(const std::string& path, const Common& common) {
    const auto input = read_input(path, common);
    if (!input) return exit_source;
    const Json output = lang::standard_output(input->path, input->text, input->imports);
    std::cout << output.text(Json::Keys::Sorted) << "\n";
    return output.contains("contracts") ? exit_ok : exit_source;
}

int build(Arguments& arguments, const Common& common) {
    if (arguments.emit.empty()) arguments.emit.emplace_back("bin");
    int exit = exit_ok;
    for (const std::string& path : arguments.files)
        exit = std::max(exit, common.json ? build_json(path, common) : build_file(path, arguments, common));
    return exit;
}

}  // namespace

Command build_command() {
    auto arguments = std::make_shared<Arguments>();
    return {.name = "build",
            .help = "compile; print bytecode, ABI, IR, assembly and what lies between",
            .operands = {"FILE", "contracts (.ilk, .sol)", 1, SIZE_MAX, &arguments->files},
            .options = joined(
                {{some_of("--emit", "WHAT",
                          "bin (the default), bin-runtime, abi, layout, asm, ir, srcmap, ast, tokens; several with commas",
                          {"tokens", "ast", "ir", "asm", "bin", "bin-runtime", "abi", "layout", "srcmap"}, arguments->emit),
                  text("--contract", "NAME", "only this one", arguments->contract)},
                 output_options(arguments->common),
                 import_options(arguments->common)}),
            .footer = "With --json: solc's standard output, one line for each file.",
            .run = [arguments] { return build(*arguments, arguments->common); }};
}

}  // namespace interlock::cli
