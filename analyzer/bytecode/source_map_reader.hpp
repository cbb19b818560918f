// Reads a source map in solc's compressed form (Solidity documentation, "Source Mappings").
#pragma once

#include <string_view>
#include <vector>

#include "lang/codegen/artifact.hpp"
#include "vm/bytes.hpp"

namespace interlock::analyzer {

// Returns the entries for the instructions of the code. The file numbers of the map are places in the sources' list of
// files; what does not fit them belongs to no source.
[[nodiscard]] std::vector<lang::SourceMapEntry> read_source_map(vm::ByteView code, std::string_view map,
                                                                const lang::Sources& sources);

}  // namespace interlock::analyzer
