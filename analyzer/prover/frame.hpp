// Frame: what a callback cannot change, as a relation between the state when control left and the state when it comes back.
//
// A frame's facts have one of two shapes: "while switch S is c, this leaf stays as it is" (or "the balance does not
// fall"), and "S comes back as it was". Each is reflexive. Each is transitive as long as "while S is c, S stays c" is
// among them, so a lock that loses this fact loses all others. A frame may therefore be assumed over any number of
// callbacks once every function, run from entry to end, satisfies it. Money that arrives by force satisfies it anyway.
// Leaves that no function writes are framed without a proof.
#pragma once

#include "analyzer/prover/effects.hpp"
#include "analyzer/prover/state.hpp"

namespace interlock::analyzer::prover {

class Frame {
  public:
    Frame(Session& session, std::vector<bool> writable, const std::vector<Switch>& switches);

    // Returns the state after callbacks: unknown, with everything asserted that the frame says about it.
    [[nodiscard]] State after(const State& before);

    // Drops everything that a function's end may violate. `changed` says that everything must be proved again.
    void weaken_by(const State& outside, const State& end);
    void give_up();  // a function is not covered, so nothing is known about its effect
    [[nodiscard]] bool weakened() const { return weakened_; }
    void start_round() { weakened_ = false; }

    [[nodiscard]] std::vector<std::string> sentences() const;  // what remains and is worth saying

  private:
    struct Lock {
        LeafIndex leaf;
        ir::Word constant;
        std::vector<bool> frozen;   // by leaf
        bool balance_stays = true;  // the balance does not fall
    };
    struct Restored {
        LeafIndex leaf;
        bool alive = true;
    };
    [[nodiscard]] bool alive(const Lock& lock) const { return lock.frozen[lock.leaf]; }
    [[nodiscard]] z3::expr is_set(const Lock& lock, const State& state) const;
    [[nodiscard]] Cell leaf_after(LeafIndex leaf, const State& before);
    void weaken(Lock& lock, const State& outside, const State& end);
    [[nodiscard]] std::string sentence(const Lock& lock) const;

    Session& session_;
    std::vector<bool> writable_;  // leaves that some function writes
    std::vector<Lock> locks_;
    std::vector<Restored> restored_;
    bool weakened_ = false;
};

}  // namespace interlock::analyzer::prover
