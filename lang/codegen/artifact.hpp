// A contract as code, with everything that tools need to know about the code.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/diagnostics/source.hpp"
#include "lang/ir/ir.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang {

struct SourceMapEntry {  // the instructions from `pc` on belong to `range`; an empty range belongs to no source
    std::uint32_t pc = 0;
    SourceRange range;
};

struct ImmutableReference {    // 32 bytes of the runtime code that the constructor fills in
    std::uint32_t index = 0;   // StateVariable::slot of the immutable in the IR
    std::uint32_t offset = 0;  // in the runtime code
};

struct LinkReference {    // 20 bytes of code for the address of a library
    std::string library;  // "path:Name"
    std::uint32_t offset = 0;
    friend bool operator==(const LinkReference&, const LinkReference&) = default;
};

// One contract, ready for deployment once its libraries are linked (lang/codegen/link.hpp).
struct Artifact {
    std::string name;
    std::string identity;                                      // as in the IR
    vm::Bytes creation_code;                                   // deployment appends the ABI-encoded constructor arguments
    vm::Bytes runtime_code;                                    // immutables are zero here
    std::vector<LinkReference> creation_links, runtime_links;  // holes for the addresses of libraries, zero here
    std::vector<ImmutableReference> immutables;
    std::vector<SourceMapEntry> source_map, creation_source_map;  // of the runtime and the creation code, ascending pc
    std::shared_ptr<const ir::Contract> ir;
    // For proofs: what it calls in linked libraries are functions of its own, as far as whoever calls cannot tell.
    std::shared_ptr<const ir::Contract> whole;
};

}  // namespace interlock::lang
