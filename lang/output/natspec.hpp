// The documentation comments of a contract as solc's `userdoc` and `devdoc`: notices for users; details, parameters and
// results for developers. A function without a comment takes that of the one function that it overrides. (Solidity
// documentation, "NatSpec Format": tags, inheritance, output.)
#pragma once

#include "lang/output/json.hpp"
#include "lang/program/program.hpp"
#include "lang/syntax/documentation.hpp"

namespace interlock::lang {

struct ContractDocumentation {
    Json user, developer;
};

// `comments` has those of each file, in the order of the sources.
[[nodiscard]] ContractDocumentation documentation_of(const Program& program, ContractId contract,
                                                     const std::vector<std::vector<Comment>>& comments);

}  // namespace interlock::lang
