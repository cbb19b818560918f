// State: what a contract owns at one moment, as terms: every leaf of its storage, its balance, and the time.
//
// A mapping is an unknown array below a chain of writes. Its sum is a ghost variable: an unbounded integer that every
// write changes by new - old. Arrays cannot tell Z3 that entries are non-negative or that the sum is at least the sum
// of any two of them, so these facts are asserted for each entry that is read, about the unknown array at the bottom.
#pragma once

#include "analyzer/prover/session.hpp"

namespace interlock::analyzer::prover {

struct Cell {
    z3::expr term;      // the current value or array
    z3::expr base;      // the unknown array below the writes
    z3::expr sum;       // of `term`; only for summed leaves
    z3::expr base_sum;  // of `base`
};

struct State {
    std::vector<Cell> cells;  // by leaf
    z3::expr balance;
    z3::expr timestamp;
    z3::expr block_number;
};

[[nodiscard]] State unknown_state(Session& session);      // any state that the types allow
[[nodiscard]] State state_at_creation(Session& session);  // zero storage; any balance
[[nodiscard]] Cell unknown_cell(Session& session, LeafIndex leaf);
[[nodiscard]] Cell cell_of_zeros(Session& session, LeafIndex leaf);
[[nodiscard]] z3::expr unknown_balance(Session& session);  // the world's ether fits a word

[[nodiscard]] z3::expr load(Session& session, const State& state, LeafIndex leaf, const std::vector<z3::expr>& keys);
void store(Session& session, State& state, LeafIndex leaf, const std::vector<z3::expr>& keys, const z3::expr& value);

[[nodiscard]] z3::expr zero(Session& session, const ir::Type& type);

// Returns a formula that says that the two cells have the same content; it is `true` at once if they are the same terms.
[[nodiscard]] z3::expr same_content(const Cell& a, const Cell& b);

}  // namespace interlock::analyzer::prover
