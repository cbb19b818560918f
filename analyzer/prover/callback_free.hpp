// Callback-freedom: whether every run in which strangers call back does what the same calls do one after the other.
//
// It is the static form of Grossman et al., "Online detection of effectively callback free objects" (POPL 2018): for each
// call that hands over, and each entry that strangers can complete at that moment, the entry commutes with all that
// follows the call (then it may as well come after the outer one), or with all that was done before (then it may as well
// come first). docs/callback-free.md has the theorem.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "analyzer/prover.hpp"

namespace interlock::lang {
struct Compilation;
}

namespace interlock::analyzer {

// Whether every view of a contract, in the middle of a call by whoever asks, answers as it does between two calls.
struct ViewsProof {
    struct Torn {
        std::string sentence;    // names the view, the call, and what is written and what is not
        lang::SourceRange call;  // of a stranger
    };
    bool is_of_any = false;  // the contract has views and calls somebody
    std::optional<Torn> torn;
    std::string blocked_by;  // why nothing is proved, where nothing is torn
    [[nodiscard]] bool is_proved() const { return is_of_any && !torn && blocked_by.empty(); }
};

struct CallbackFreedom {
    std::vector<Obstacle> blocked_by;      // empty exactly when it is proved
    std::vector<std::string> reasons;      // why it holds, call by call
    std::vector<std::string> assumptions;  // beyond those of every proof
    ViewsProof views;
    [[nodiscard]] bool is_proved() const { return blocked_by.empty(); }
};

// Looks at all contracts of a compilation, since one may call or read another. Returns one result for each of them;
// libraries and interfaces are not proved. Throws only std::bad_alloc.
[[nodiscard]] std::vector<CallbackFreedom> prove_callback_freedom(const std::vector<const lang::ir::Contract*>& contracts,
                                                                  const lang::Sources& sources, const Deadline& deadline);

// The same for the contracts of a compilation, as if those of some numbers were not there.
[[nodiscard]] std::vector<CallbackFreedom> prove_callback_freedom(const lang::Compilation& compilation,
                                                                  const std::set<std::uint32_t>& without,
                                                                  const Deadline& deadline);

}  // namespace interlock::analyzer
