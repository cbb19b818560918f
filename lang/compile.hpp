// The compiler as one call: sources in, artifacts or diagnostics out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/codegen/generate.hpp"
#include "lang/diagnostics/diagnostic.hpp"
#include "lang/loading/options.hpp"

namespace interlock::lang {

struct CompiledScenario;  // lang/scenario.hpp

// A contract that was given as bytecode instead of source.
struct Bytecode {
    std::string name, path;
    vm::Bytes code;                         // creation or runtime code
    std::string abi = {};                   // JSON; empty: unknown
    std::vector<LinkReference> links = {};  // holes in creation code for the addresses of libraries
    bool is_library = false;
    std::string source_map = {};  // of the runtime code, as solc writes it; its files are those of the compilation
};

struct Compilation {
    std::shared_ptr<Sources> sources;
    // By the files of `sources`: 0 for the compiled file, then in the order of loading. Files of `sources` that are not
    // part of this compilation have other numbers.
    std::vector<std::uint32_t> file_numbers;
    // The remappings that were used; together with the sources they reproduce the compilation.
    std::vector<Remapping> remappings;
    std::vector<std::string> include_paths;
    Diagnostics diagnostics;
    // "0.4": the series of compilers as which a file alone was read that newer ones refuse (W103); empty otherwise.
    std::string older_series;
    // In source order, after the libraries with externally callable functions; without interfaces. Empty if there are
    // errors.
    std::vector<Artifact> artifacts;
    std::vector<Bytecode> bytecodes;  // from which the artifacts were made; empty if they were compiled
    // Contracts with an interface but no code, in source order: interfaces, abstract contracts, and libraries without
    // externally callable functions. Empty if there are errors.
    std::vector<std::shared_ptr<const ir::Contract>> codeless;

    std::vector<std::shared_ptr<const CompiledScenario>> scenarios;  // in source order; empty when there are errors

    [[nodiscard]] bool ok() const { return !diagnostics.has_errors(); }
    [[nodiscard]] const Artifact* find(std::string_view name) const;
    [[nodiscard]] const Artifact* main() const;  // the last contract of the file, which commands use by default
};

[[nodiscard]] Compilation compile(std::string path, std::string text);

// The same as the other compile(), with imported files from a loader. Returns the artifacts of all files.
[[nodiscard]] Compilation compile(std::string path, std::string text, const ImportOptions& imports,
                                  CodeOptions options = {});

}  // namespace interlock::lang
