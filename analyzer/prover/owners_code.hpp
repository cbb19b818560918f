// Wallets and the like: who owns them has any code run as their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/deadline.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

struct WithoutOwnersCode {
    lang::ir::Contract contract;
    std::vector<std::string> functions;  // that only owners can call, in which it stood
};

// Returns the contract as if code that it runs for its owners did nothing, and said nothing. Nothing where there is none, or
// somebody else can have some run.
[[nodiscard]] std::optional<WithoutOwnersCode> without_owners_code(const std::vector<const lang::ir::Contract*>& contracts,
                                                                   std::size_t subject, const Deadline& deadline);

}  // namespace interlock::analyzer::prover
