// Effects: what a function, with all that it calls inside the contract, can do at all, read off the IR.
#pragma once

#include <vector>

#include "analyzer/prover/layout.hpp"

namespace interlock::analyzer::prover {

struct Effects {
    std::vector<bool> writes;               // leaves
    bool hands_over = false;                // makes a call during which a stranger can call back with effect
    bool sends = false;                     // `transfer` or `send`
    bool assumes = false;                   // has an `assume`
    std::vector<lang::SourceRange> checks;  // where it has a `check`, ascending, each once

    // Neither storage nor balance can differ afterwards, nor in between.
    [[nodiscard]] bool only_reads() const;
};

// A variable that is only ever set to a few constants: what locks and phases look like.
struct Switch {
    LeafIndex leaf = 0;
    std::vector<ir::Word> constants;  // ascending; the default 0 included
};

// Where the contract has a `check`, ascending, each once.

// By function. A cycle of internal calls is fine.
[[nodiscard]] std::vector<Effects> effects_of(const ir::Contract& contract, const Layout& layout);

inline constexpr std::size_t max_switches = 4;
inline constexpr std::size_t max_switch_constants = 5;
[[nodiscard]] std::vector<Switch> switches_of(const ir::Contract& contract, const Layout& layout);

// Can a stranger be given control so that he calls back with effect? Not in a static call, and not on the 2,300 gas of
// `transfer` and `send`, which do not pay for a storage write or a call with value (EIP-2200, EIP-2929).
[[nodiscard]] bool hands_over(const ir::Contract& contract, const ir::ExternalCall& call);

}  // namespace interlock::analyzer::prover
