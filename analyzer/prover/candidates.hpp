// Candidates: what might hold of a contract though nobody stated it. Most contracts that keep other people's money owe no
// more than they have: the sum of a mapping, or a total, is at most the balance. Which of these hold, Induction finds out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/prover/effects.hpp"
#include "analyzer/prover/state.hpp"

namespace interlock::analyzer::prover {

// "While the switch has the constant, these together are at most the balance", or equal to one number. With nothing owed: it
// never has the constant.
struct Candidate {
    struct While {
        LeafIndex leaf = 0;
        ir::Word constant;
        friend bool operator==(const While&, const While&) = default;
    };
    std::vector<LeafIndex> owed;     // mappings stand for their sums
    std::optional<LeafIndex> total;  // which they equal; none: they are at most the balance
    std::optional<While> guard;
    friend bool operator==(const Candidate&, const Candidate&) = default;
};

// Returns the candidates of a contract that can get and pay ether, the plainest ones first. The session infers.
[[nodiscard]] std::vector<Candidate> candidates_of(const Session& session);
struct FoundCandidate {
    Candidate candidate;
    bool is_strong = false;
    std::uint32_t conditions = 0;
};
// Returns those that none of the others says already, and that say something.
[[nodiscard]] std::vector<Candidate> without_repetition(const std::vector<FoundCandidate>& found);

[[nodiscard]] z3::expr formula_of(const Candidate& candidate, Session& session, const State& state);
// Whether it says, at all times at which it holds, that what a mapping owes is there.
[[nodiscard]] bool is_solvency(const Candidate& candidate, const Layout& layout);
// Returns it as an invariant's condition in the source: "sum(balances) <= address(this).balance".
[[nodiscard]] std::string condition_of(const Candidate& candidate, const Layout& layout);

}  // namespace interlock::analyzer::prover
