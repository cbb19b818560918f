// The result of a compilation in the format of solc's standard JSON output, for tools that read it. (Solidity
// documentation, "Using the Compiler", "Output Description".)
//
// Contracts have abi (with internalType), devdoc, userdoc, metadata, storageLayout, transientStorageLayout, evm.bytecode and
// evm.deployedBytecode (object, opcodes, sourceMap, linkReferences, generatedSources; immutableReferences),
// evm.methodIdentifiers. Sources have their ids and syntax trees (lang/output/ast). Errors have solc's fields, with this
// compiler's codes.
#pragma once

#include "lang/batch.hpp"
#include "lang/codegen/link.hpp"
#include "lang/loading/load.hpp"
#include "lang/output/json.hpp"

namespace interlock::lang {

// Sources and contracts are those of all files and of what they import. A file with errors adds only these; if no file is
// without errors, there are no "contracts". The code has the addresses of the given libraries, and holes for others.
[[nodiscard]] Json standard_output(const Batch& batch, const Libraries& libraries = {});
// Sources and errors of files that are only read and parsed, with what they import.
[[nodiscard]] Json parsed_output(const std::vector<RootFile>& files, const ImportOptions& imports);
// The same for one file, in one line with sorted keys, as solc prints it.
[[nodiscard]] std::string standard_json(const std::string& path, const std::string& text, const ImportOptions& imports);

// Returns "s:l:f:j;…" for every instruction, where a field that repeats is left out. (Solidity documentation, "Source
// Mappings".) `file_numbers` are by the files of `sources`.
[[nodiscard]] std::string compressed_source_map(vm::ByteView code, const std::vector<SourceMapEntry>& entries,
                                                const Sources& sources, const std::vector<std::uint32_t>& file_numbers);

}  // namespace interlock::lang
