// Directories: what a contract keeps for views alone, as which tokens an account has and at which place each of them stands
// (ERC-721's enumeration). Its own functions look there only to keep it in order.
#pragma once

#include "analyzer/deadline.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

struct WithoutDirectories {
    lang::ir::Contract contract;     // does the same, but for what these variables hold
    std::vector<std::string> names;  // of the variables
};

// Nothing if the contract has no directories. `runs_elsewhere`: its code is run by a proxy. Throws NotCovered and OutOfTime.
[[nodiscard]] std::optional<WithoutDirectories> without_directories(const std::vector<const lang::ir::Contract*>& contracts,
                                                                    std::size_t subject, const Deadline& deadline,
                                                                    bool runs_elsewhere);

// The same without mappings that only note which number a counter held when it gave out one.
[[nodiscard]] WithoutDirectories without_notes(const std::vector<const lang::ir::Contract*>& contracts, std::size_t subject,
                                               const Deadline& deadline, bool runs_elsewhere);

}  // namespace interlock::analyzer::prover
