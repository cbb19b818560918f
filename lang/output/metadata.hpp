// A contract's metadata: its sources, the compiler, the settings and the interface. The text has solc's format, version
// 1 (Solidity documentation, "Contract Metadata"), without the URLs of sources, since nobody has published them. Its
// hash is not appended to the code.
#pragma once

#include <string>

#include "lang/codegen/link.hpp"
#include "lang/output/json.hpp"
#include "lang/output/natspec.hpp"
#include "lang/program/program.hpp"
#include "lang/syntax/documentation.hpp"

namespace interlock::lang {

struct Remapping;

[[nodiscard]] std::string metadata_of(const Program& program, ContractId contract, const Json& abi,
                                      const ContractDocumentation& documentation, const std::vector<Remapping>& remappings,
                                      std::uint32_t runs, const Libraries& libraries,
                                      const std::vector<std::vector<Comment>>& comments);

}  // namespace interlock::lang
