// A contract as code, with what tools need to know about that code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/diagnostics/source.hpp"
#include "lang/ir/ir.hpp"
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

// One contract, ready to deploy once its libraries are linked (lang/codegen/link.hpp).
struct Artifact {
    std::string name;
    std::string identity;                                      // as in the IR
    vm::Bytes creation_code;                                   // append the ABI-encoded constructor arguments
    vm::Bytes runtime_code;                                    // immutables are zero here
    std::vector<LinkReference> creation_links, runtime_links;  // where the addresses of libraries are missing: zero here
    std::vector<ImmutableReference> immutables;
    std::vector<SourceMapEntry> source_map, creation_source_map;  // of the runtime and the creation code, ascending pc
    std::shared_ptr<const ir::Contract> ir;
};

}  // namespace interlock::lang
