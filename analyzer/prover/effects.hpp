// Effects: everything that a function, with all its internal calls, can do, read from the IR.
#pragma once

#include <vector>

#include "analyzer/prover/layout.hpp"

namespace interlock::analyzer::prover {

struct Effects {
    std::vector<bool> writes;               // by leaf
    bool hands_over = false;                // makes a call during which a stranger can call back with effect
    bool sends = false;                     // uses `transfer` or `send`
    bool assumes = false;                   // contains an `assume`
    std::vector<lang::SourceRange> checks;  // places of its `check` statements, ascending, each once

    // Returns whether storage and balance are the same afterwards and at all times in between.
    [[nodiscard]] bool only_reads() const;
};

// A variable that is only ever set to a few constants, as locks and phases are.
struct Switch {
    LeafIndex leaf = 0;
    std::vector<ir::Word> constants;  // ascending; includes the default 0
};

// Returns the leaves that the instruction itself may write. Clearing a whole variable, or writing by slot, can write many
// leaves, and some variables have none.
[[nodiscard]] std::vector<LeafIndex> written_by(const Layout& layout, const ir::Instruction& instruction);

// Returns the effects by function. Cycles of internal calls are allowed.
[[nodiscard]] std::vector<Effects> effects_of(const ir::Contract& contract, const Layout& layout);

inline constexpr std::size_t max_switches = 4;
inline constexpr std::size_t max_switch_constants = 5;
[[nodiscard]] std::vector<Switch> switches_of(const ir::Contract& contract, const Layout& layout);

// Returns whether the call can give control to a stranger who calls back with effect. A static call cannot. Neither can
// `transfer` and `send`, whose 2,300 gas do not pay for a storage write or a call with value (EIP-2200, EIP-2929).
[[nodiscard]] bool hands_over(const ir::Contract& contract, const ir::ExternalCall& call);

}  // namespace interlock::analyzer::prover
