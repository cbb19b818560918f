// The compiler as one call: sources in, artifacts or diagnostics out.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "lang/diagnostic.hpp"
#include "lang/ir.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

struct SourceMapEntry {  // the instructions from `pc` on belong to `range`; an empty one: to nothing
    std::uint32_t pc = 0;
    SourceRange range;
};

struct ImmutableReference {    // 32 bytes of the runtime code that the constructor fills in
    std::uint32_t index = 0;   // which immutable: StateVariable::slot of the IR
    std::uint32_t offset = 0;  // in the runtime code
};

struct LinkReference {    // 20 bytes of code that get the address of a library
    std::string library;  // "path:Name"
    std::uint32_t offset = 0;
    friend bool operator==(const LinkReference&, const LinkReference&) = default;
};

// One contract, ready to deploy once its libraries are linked (lang/link.hpp).
struct Artifact {
    std::string name;
    std::string identity;                                      // as in the IR
    vm::Bytes creation_code;                                   // append the ABI-encoded constructor arguments
    vm::Bytes runtime_code;                                    // immutables are zero here
    std::vector<LinkReference> creation_links, runtime_links;  // where the addresses of libraries are missing: zero here
    std::vector<ImmutableReference> immutables;
    std::string abi_json;                                         // the ABI as solc prints it
    std::vector<SourceMapEntry> source_map, creation_source_map;  // of the runtime and the creation code, ascending pc
    std::shared_ptr<const ir::Contract> ir;
};

struct CompiledScenario;  // lang/scenario.hpp

struct Remapping {        // of the paths of imports
    std::string context;  // only in files whose path begins like this; empty: everywhere
    std::string prefix;   // of a path, replaced by
    std::string target;
};

struct Compilation {
    std::shared_ptr<Sources> sources;
    std::vector<Remapping> remappings;  // that it was made with; with the sources they make it again
    std::vector<std::string> include_paths;
    Diagnostics diagnostics;
    // In source order, libraries that others can call first; interfaces left out. Empty when there are errors.
    std::vector<Artifact> artifacts;
    // What has an interface and no code, in source order: interfaces, abstract contracts, libraries without functions that
    // others can call. Empty when there are errors.
    std::vector<std::shared_ptr<const ir::Contract>> codeless;

    std::vector<std::shared_ptr<const CompiledScenario>> scenarios;  // in source order; empty when there are errors

    [[nodiscard]] bool ok() const { return !diagnostics.has_errors(); }
    [[nodiscard]] const Artifact* find(std::string_view name) const;
    [[nodiscard]] const Artifact* main() const;  // the last contract of the file: the one a command means by default
};

[[nodiscard]] Compilation compile(std::string path, std::string text);

inline constexpr std::size_t max_runtime_code_bytes = 24'576;   // EIP-170: more cannot be deployed
inline constexpr std::size_t max_creation_code_bytes = 49'152;  // EIP-3860

// Whether code that cannot be deployed anywhere is an error. Tests run on chains of their own, which have no limits.
enum class CodeSize : std::uint8_t { Deployable, Any };

// IR to bytecode. `others`: what `new` may create. A Diagnostic instead, where the contract cannot become code: E950 when
// the code would exceed one of the limits above, E951 for IR that has no translation yet, E952 when `others` lacks a contract.
[[nodiscard]] std::variant<Artifact, Diagnostic> generate(std::shared_ptr<const ir::Contract> contract,
                                                          const std::vector<Artifact>& others,
                                                          CodeSize size = CodeSize::Deployable);

}  // namespace interlock::lang
