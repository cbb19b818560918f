// Induction: finds which facts about single states hold in every run.
//
// There are two layers. *Strong* facts hold whenever control passes between the contract and the world: at every entry,
// at every call that hands over, at every end. A callback may assume only these. *Quiescent* facts hold while no call
// is under way: a transaction that starts then may assume them and must restore them at its end; in between they may be
// broken.
//
// Both are the greatest inductive sets of candidate facts, found in Houdini's manner (Flanagan and Leino, FME 2001):
// start with all candidates, assume them together, drop every one that cannot be proved, and repeat until none is
// dropped. The candidates are the user's invariants, plain ones in both layers, and in the quiescent layer, for each
// switch (a variable only ever set to constants), that it has one of its values, as locks are open between
// transactions; and those that are given. The frame is found along with the strong facts.
#pragma once

#include "analyzer/prover/candidates.hpp"
#include "analyzer/prover/execution.hpp"
#include "analyzer/prover/frame.hpp"
#include "analyzer/prover/specification.hpp"

namespace interlock::analyzer::prover {

enum class Layer : std::uint8_t { Strong, Quiescent };

// The result of trying to prove a fact in one layer.
struct Attempt {
    bool alive = false;
    bool is_undecided = false;  // the solver gave up on a condition; no further one is asked, which would cost as much
    std::uint32_t conditions = 0, proved = 0;
    std::vector<Obstacle> obstacles;
};

struct Fact {
    std::uint32_t invariant = ir::Contract::none;  // index; none: a candidate, or that a switch has its constant
    std::optional<Candidate> candidate;
    LeafIndex leaf = 0;
    ir::Word constant;
    bool is_covered = true;  // whether the encoding can express it
    // Whether the fact, if it is strong, also holds at calls that do not hand over: STATICCALL, `transfer` and `send`.
    bool is_of_every_call = false;
    Attempt strong, quiescent;

    [[nodiscard]] bool is_invariant() const { return invariant != ir::Contract::none; }
    [[nodiscard]] Attempt& in(Layer layer) { return layer == Layer::Strong ? strong : quiescent; }
    [[nodiscard]] const Attempt& in(Layer layer) const { return layer == Layer::Strong ? strong : quiescent; }
};

class Induction {
  public:
    Induction(Session& session, const std::vector<Effects>& effects, const std::vector<Candidate>& candidates = {});

    // Call these in this order. They throw OutOfTime; the facts of an unfinished layer do not count.
    void find_strong_facts();
    void find_quiescent_facts();

    [[nodiscard]] const std::vector<Fact>& facts() const { return facts_; }
    [[nodiscard]] const Fact& of_invariant(std::uint32_t invariant) const;
    [[nodiscard]] bool holds(std::uint32_t invariant) const;
    [[nodiscard]] std::vector<std::string> sentences() const;

    // Gives up all facts and frames: proofs that use this induction then assume nothing.
    void forget();

    // How a run of a function begins. Only a call from outside says what its value is: zero unless the function is
    // payable, and then credited at that moment. Code of a library runs in the call of whoever uses it.
    enum class Caller : std::uint8_t { Outside, Anybody };

    // For proofs that use the facts: a start of the function from any state, and the states that strangers leave.
    [[nodiscard]] Start start(const ir::Function& function, Caller caller);  // assumes only the types
    [[nodiscard]] Start start_at_creation(const ir::Function* constructor);
    // Assumes the strong facts that also hold at calls that do not hand over: a view can be called there, too.
    void assume_facts_of_every_call(const State& state);
    [[nodiscard]] State after_strangers_of_every_call(const State& leaving);
    // The formulas of the facts of a layer, strong ones included.
    [[nodiscard]] std::vector<z3::expr> formulas(Layer layer, const State& state);
    // The same without any fact about states, for functions that may run during the construction.
    [[nodiscard]] State after_strangers_of_creation(const State& leaving) { return frame_.after(leaving); }
    [[nodiscard]] State after_constructor_call(const State& leaving);

  private:
    class Obligations;
    class Creation;

    void find_fixpoint(Layer layer);
    void check_creation(Layer layer);
    void check_environment(Layer layer);
    void check_function(Layer layer, std::uint32_t function);
    void check(Layer layer, const State& state, const ir::Function* where, const ir::Terminator* call);
    void fail_all(Layer layer, const Obstacle& obstacle);
    void fail(Fact& fact, Layer layer, Obstacle obstacle);
    void receive_call(Start& start, const ir::Function& function, Caller caller);
    void assume_strong_facts(const State& state);
    [[nodiscard]] State after_strangers(const State& leaving);
    void find_facts_of_every_call();
    [[nodiscard]] bool is_required_at(const Fact& fact, const ir::Terminator* call) const;
    [[nodiscard]] bool still_wanted(Layer layer) const;
    void check_all(Layer layer);
    [[nodiscard]] bool drop_failed(Layer layer);
    [[nodiscard]] z3::expr formula(const Fact& fact, const State& state);
    [[nodiscard]] std::string name_of(const Fact& fact) const;
    [[nodiscard]] Obstacle describe(const ir::Function* where, const ir::Terminator* call, Session::Decision decision) const;

    Session& session_;
    const std::vector<Effects>& effects_;
    Specifications specifications_;
    Message somebody_;  // for specifications, which have no message
    std::vector<Fact> facts_;
    Frame frame_;
    bool creation_succeeds_ = false;   // whether the constructor was seen to reach its end
    bool watches_every_call_ = false;  // the last round, which changes no layer
};

}  // namespace interlock::analyzer::prover
