#include "cli/old_solidity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "analyzer/bytecode/code_text.hpp"
#include "cli/input_file.hpp"
#include "cli/project.hpp"
#include "cli/solc_driver.hpp"
#include "cli/subprocess.hpp"
#include "lang/diagnostics/codes.hpp"
#include "lang/syntax/dialect.hpp"
#include "lang/syntax/version_range.hpp"

namespace interlock::cli {

namespace {

namespace fs = std::filesystem;
using ReadJson = nlohmann::json;

constexpr std::size_t max_package_bytes = 1u << 20;  // of a package.json

struct NoCode {
    std::string why;
};

// --- which compiler ---

// Returns what the file's version pragmas say, each as it is written.
std::vector<std::string> pragmas_of(const std::string& text) {
    constexpr std::string_view word = "pragma solidity";
    std::vector<std::string> list;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t begin = at + word.size(), end = text.find(';', begin);
        if (end != std::string::npos) list.push_back(text.substr(begin, end - begin));
    }
    return list;
}

bool fits(const std::vector<std::string>& pragmas, const std::array<unsigned, 3>& version) {
    return std::ranges::all_of(pragmas, [&](const std::string& pragma) {
        const auto range = lang::read_version_range(pragma);
        return range && lang::includes(*range, version);
    });
}

std::optional<std::array<unsigned, 3>> version_in(const std::string& text) {
    std::array<unsigned, 3> version{};
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (unsigned& part : version) {
        const auto [behind, error] = std::from_chars(at, end, part);
        if (error != std::errc{}) return std::nullopt;
        at = behind == end ? end : behind + 1;
    }
    return version;
}

// Returns the version of the package in a folder if it is npm's solc.
std::optional<std::array<unsigned, 3>> version_of_package(const fs::path& folder) {
    const FileText read = read_file((folder / "package.json").string(), max_package_bytes);
    if (!read.text) return std::nullopt;
    const ReadJson json = ReadJson::parse(*read.text, nullptr, false);
    if (!json.is_object() || json.value("name", ReadJson()) != "solc" || !json.value("version", ReadJson()).is_string())
        return std::nullopt;
    return version_in(json["version"].get<std::string>());
}

// Packages may be installed under other names (`npm install solc-04@npm:solc@0.4.26`), which begin with the true one.
std::string installed_solc(const std::vector<fs::path>& folders, const std::vector<std::string>& pragmas) {
    for (const fs::path& folder : folders) {
        std::vector<fs::path> packages;
        std::error_code error;
        for (const auto& each : fs::directory_iterator(folder / "node_modules", error))
            if (each.path().filename().string().starts_with("solc")) packages.push_back(each.path());
        std::ranges::sort(packages);
        for (const fs::path& package : packages)
            if (const auto version = version_of_package(package); version && fits(pragmas, *version))
                return package.string();
    }
    return {};
}

// --- what the compiler says ---

std::string text_at(const ReadJson& json, std::initializer_list<const char*> members) {
    const ReadJson* at = &json;
    for (const char* member : members) {
        if (!at->is_object() || !at->contains(member)) return {};
        at = &(*at)[member];
    }
    return at->is_string() ? at->get<std::string>() : "";
}

std::string errors_in(const ReadJson& output) {
    std::string text;
    if (!output.contains("errors") || !output["errors"].is_array()) return text;
    for (const ReadJson& each : output["errors"]) {
        if (text_at(each, {"severity"}) != "error") continue;
        const std::string formatted = text_at(each, {"formattedMessage"});
        text += "\n" + (formatted.empty() ? text_at(each, {"message"}) : formatted);
    }
    return text;
}

// Takes the placeholders for libraries out of the code, as zeros, and notes them.
vm::Bytes code_of(const ReadJson& contract, std::vector<lang::LinkReference>& links) {
    constexpr std::size_t digits = 40;  // of an address
    std::string hex = text_at(contract, {"evm", "bytecode", "object"});
    const ReadJson references = contract["evm"]["bytecode"].value("linkReferences", ReadJson::object());
    if (references.is_object())
        for (const auto& [file, libraries] : references.items())
            for (const auto& [library, places] : libraries.items())
                for (const ReadJson& place : places)
                    links.push_back({file + ":" + library, place.at("start").get<std::uint32_t>()});
    for (const lang::LinkReference& link : links)
        if (hex.size() >= 2 * link.offset + digits) hex.replace(2 * link.offset, digits, digits, '0');
    if (hex.empty()) return {};
    auto code = analyzer::read_code(hex);
    if (const auto* why = std::get_if<std::string>(&code)) throw NoCode{"what solc made is no bytecode: " + *why};
    return std::move(std::get<vm::Bytes>(code));
}

// Returns whether the text declares a library of that name.
bool is_library(const std::string& text, const std::string& name) {
    for (const std::string_view behind : {" ", "{", "\n", "\r"})
        if (text.find("library " + name + std::string(behind)) != std::string::npos) return true;
    return false;
}

// Adds the files in the order of the compiler's numbers, so that source maps fit.
void add_sources(const ReadJson& output, const std::map<std::string, std::string>& contents, const std::string& path,
                 const std::string& text, lang::Sources& sources) {
    std::map<std::uint64_t, std::string> by_number;
    if (output.contains("sources") && output["sources"].is_object())
        for (const auto& [name, source] : output["sources"].items())
            if (source.is_object() && source.contains("id") && source["id"].is_number_unsigned())
                by_number[source["id"].get<std::uint64_t>()] = name;
    constexpr std::uint64_t most_files = 10'000;
    const std::uint64_t count = by_number.empty() ? 1 : std::min(by_number.rbegin()->first + 1, most_files);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string name = by_number.contains(i) ? by_number[i] : by_number.empty() ? path : "";
        const auto held = contents.find(name);
        sources.add(name, name == path ? text : held == contents.end() ? "" : held->second);
    }
}

analyzer::Assembly assembly_of(const ReadJson& output, const std::map<std::string, std::string>& contents,
                               const std::string& path, const std::string& text, vm::Fork fork) {
    if (const std::string errors = errors_in(output); !errors.empty()) throw NoCode{"solc does not compile it:" + errors};
    auto sources = std::make_shared<lang::Sources>();
    add_sources(output, contents, path, text, *sources);
    std::vector<lang::Bytecode> bytecodes;
    const ReadJson all = output.value("contracts", ReadJson::object());
    for (const auto& [file, contracts] : all.items())
        for (const auto& [name, contract] : contracts.items()) {
            const auto held = contents.find(file);
            const bool library = is_library(file == path ? text : held == contents.end() ? "" : held->second, name);
            if (file != path && !library) continue;
            lang::Bytecode bytecode{.name = name, .path = file, .code = {}, .abi = contract.at("abi").dump()};
            bytecode.code = code_of(contract, bytecode.links);
            if (bytecode.code.empty() || (library && contract.at("abi").empty())) continue;
            bytecode.source_map = text_at(contract, {"evm", "deployedBytecode", "sourceMap"});
            bytecode.is_library = library;
            bytecodes.push_back(std::move(bytecode));
        }
    // Libraries come first, the others in the order of the source.
    const auto place = [&](const lang::Bytecode& each) {
        const std::size_t at = text.find("contract " + each.name);
        return std::pair{!each.is_library, at};
    };
    std::ranges::stable_sort(bytecodes, {}, place);
    if (bytecodes.empty()) throw NoCode{"it contains no contract that can be deployed"};
    auto made = analyzer::assemble(std::move(bytecodes), std::move(sources), fork);
    if (const auto* why = std::get_if<std::string>(&made)) throw NoCode{*why};
    return std::get<analyzer::Assembly>(std::move(made));
}

// --- running it ---

ReadJson output_of(const std::vector<std::string>& words, const std::string& input) {
    const ProgramResult result = run_program(words, input);
    if (!result.error.empty()) throw NoCode{"solc cannot be run: " + result.error};
    ReadJson json = ReadJson::parse(result.out, nullptr, false);
    if (!json.is_object())
        throw NoCode{"`" + words.front() + "` gave no answer that can be read (exit " + std::to_string(result.exit) + ")"};
    return json;
}

analyzer::Assembly compile_by_package(const std::string& package, const std::string& path, const std::string& text,
                                      const std::vector<fs::path>& folders, vm::Fork fork) {
    std::vector<std::string> words{"node", "-e", std::string(solc_driver), package, path};
    for (const fs::path& folder : folders) words.push_back((folder / "node_modules").string());
    const ReadJson answer = output_of(words, "");
    std::map<std::string, std::string> contents;
    for (const auto& [name, file] : answer.at("contents").items()) contents[name] = file.get<std::string>();
    return assembly_of(answer.at("output"), contents, path, text, fork);
}

analyzer::Assembly compile_by_program(const std::string& solc, const std::string& path, const std::string& text,
                                      vm::Fork fork) {
    const ReadJson wanted = {"abi", "evm.bytecode.object", "evm.bytecode.linkReferences", "evm.deployedBytecode.object",
                             "evm.deployedBytecode.sourceMap"};
    const ReadJson input{{"language", "Solidity"},
                         {"sources", {{path, {{"content", text}}}}},
                         {"settings", {{"outputSelection", {{"*", {{"*", wanted}}}}}}}};
    const ReadJson output = output_of({solc, "--standard-json", "--allow-paths", "."}, input.dump());
    std::map<std::string, std::string> contents;
    if (output.contains("sources") && output["sources"].is_object())
        for (const auto& each : output["sources"].items())
            if (FileText read = read_file(each.key(), lang::Sources::max_file_bytes); read.text)
                contents[each.key()] = std::move(*read.text);
    return assembly_of(output, contents, path, text, fork);
}

}  // namespace

bool is_for_older_solidity(const std::string& text) {
    lang::Levels levels = lang::Levels::all();
    for (const std::string& pragma : pragmas_of(text))
        levels = levels & lang::Levels::allowed_by(lang::plain_pragma(pragma));
    return levels.newest() && levels.newest() != lang::newest_level;
}

std::variant<analyzer::Assembly, std::string> compile_older(const std::string& path, const std::string& text,
                                                            const std::string& solc, vm::Fork fork) {
    try {
        const std::vector<fs::path> folders = folders_around(path);
        const std::vector<std::string> pragmas = pragmas_of(text);
        std::error_code error;
        if (!solc.empty() && !fs::is_directory(solc, error)) return compile_by_program(solc, path, text, fork);
        const std::string package = solc.empty() ? installed_solc(folders, pragmas) : solc;
        if (package.empty()) {
            std::string wanted = pragmas.empty() ? "" : pragmas.front();
            wanted.erase(0, wanted.find_first_not_of(' '));
            return path + " is for Solidity `" + wanted + "`: `npm install 'solc@" + wanted +
                   "'` beside it gets a compiler for it, or name one with --solc";
        }
        return compile_by_package(package, path, text, folders, fork);
    } catch (const NoCode& no_code) {
        return path + ": " + no_code.why;
    } catch (const ReadJson::exception&) {
        return path + ": solc's answer is not as expected";
    }
}

}  // namespace interlock::cli
