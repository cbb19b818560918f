// The result of a compilation in the format of solc's standard JSON output, for tools that read it. (Solidity
// documentation, "Using the Compiler", "Output Description".)
//
// Contracts have abi (with internalType), devdoc, userdoc, metadata, storageLayout, transientStorageLayout, evm.bytecode and
// evm.deployedBytecode (object, opcodes, sourceMap, linkReferences, generatedSources; immutableReferences),
// evm.methodIdentifiers. Sources have their ids and syntax trees (lang/output/ast). Errors have solc's fields, with this
// compiler's codes.
#pragma once

#include "lang/compile.hpp"
#include "lang/loading/load.hpp"
#include "lang/output/json.hpp"

namespace interlock::lang {

// The result has "contracts" only if there are no errors.
[[nodiscard]] Json standard_output(const std::string& path, const std::string& text, const ImportOptions& imports);
// The same in one line with sorted keys, as solc prints it.
[[nodiscard]] std::string standard_json(const std::string& path, const std::string& text, const ImportOptions& imports);

// Returns "s:l:f:j;…" for every instruction, where a field that repeats is left out. (Solidity documentation, "Source
// Mappings".)
[[nodiscard]] std::string compressed_source_map(vm::ByteView code, const std::vector<SourceMapEntry>& entries,
                                                const Sources& sources);

}  // namespace interlock::lang
