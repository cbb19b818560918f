// interlock build FILE: compile, and print what was asked for.
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "lang/link.hpp"
#include "lang/listing.hpp"

namespace interlock::cli {

namespace {

struct Arguments {
    std::string file;
    std::vector<std::string> emit{"bin"};
    std::string contract;
};

void print(const lang::Artifact& artifact, const lang::Sources& sources, const std::string& what) {
    std::cout << "== " << artifact.name << " " << what << "\n";
    if (what == "bin")
        std::cout << lang::unlinked_hex(artifact.creation_code, artifact.creation_links) << "\n";
    else if (what == "bin-runtime")
        std::cout << lang::unlinked_hex(artifact.runtime_code, artifact.runtime_links) << "\n";
    else if (what == "abi")
        std::cout << artifact.abi_json << "\n";
    else if (what == "ir")
        std::cout << lang::ir::print(*artifact.ir);
    else if (what == "asm")
        std::cout << lang::list_instructions(artifact, sources);
}

int build(const Arguments& arguments, const Common& common) {
    const auto compilation = compile_file(arguments.file, common);
    if (!compilation) return exit_source;
    if (!arguments.contract.empty() && !compilation->find(arguments.contract)) {
        std::cerr << "interlock: " << arguments.file << " has no contract `" << arguments.contract << "`\n";
        return exit_source;
    }
    nlohmann::ordered_json json{{"contracts", nlohmann::ordered_json::object()}};
    for (const lang::Artifact& artifact : compilation->artifacts) {
        if (!arguments.contract.empty() && artifact.name != arguments.contract) continue;
        if (common.json)
            json["contracts"][compilation->sources->file_of(artifact.ir->range).path][artifact.name] = {
                {"abi", nlohmann::ordered_json::parse(artifact.abi_json)},
                {"evm",
                 {{"bytecode", {{"object", lang::unlinked_hex(artifact.creation_code, artifact.creation_links)}}},
                  {"deployedBytecode", {{"object", lang::unlinked_hex(artifact.runtime_code, artifact.runtime_links)}}}}}};
        else
            for (const std::string& what : arguments.emit) print(artifact, *compilation->sources, what);
    }
    if (common.json) std::cout << json.dump() << "\n";
    return exit_ok;
}

}  // namespace

void add_build(CLI::App& app, Common& common, int& exit) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = app.add_subcommand("build", "Compile; print bytecode, ABI, IR or assembly");
    command->add_option("FILE", arguments->file, "A contract (.ilk, .sol)")->required();
    command->add_option("--emit", arguments->emit, "abi, bin (the default), bin-runtime, ir, asm; several with commas")
        ->delimiter(',')
        ->check(CLI::IsMember({"abi", "bin", "bin-runtime", "ir", "asm"}));
    command->add_option("--contract", arguments->contract, "Only this one");
    add_common(*command, common);
    add_imports(*command, common);
    command->callback([arguments, &common, &exit] { exit = build(*arguments, common); });
}

}  // namespace interlock::cli
