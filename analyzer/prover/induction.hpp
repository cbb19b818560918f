// Induction: which facts about single states hold in every run.
//
// Two layers. *Strong* facts hold whenever control passes between the contract and the world: at every entry, at every
// call that hands over, at every end. A callback may assume only these. *Quiescent* facts hold when nobody is inside: a
// transaction that finds nobody inside may assume them, and owes them at its end; in between they may be broken.
//
// Both are the greatest sets that are inductive, found in Houdini's manner (Flanagan and Leino, FME 2001): start with
// all that may hold, assume them together, drop every one that cannot be proved, until none is dropped. What may hold are the
// user's invariants, plain ones in both layers, and for each switch (a variable only ever set to constants) in the
// quiescent layer that it has one of its values: locks are open between transactions. The frame is found along with the
// strong facts.
#pragma once

#include "analyzer/prover/execution.hpp"
#include "analyzer/prover/frame.hpp"
#include "analyzer/prover/specification.hpp"

namespace interlock::analyzer::prover {

enum class Layer : std::uint8_t { Strong, Quiescent };

// What the attempt to prove a fact in one layer gave.
struct Attempt {
    bool alive = false;
    std::uint32_t conditions = 0, proved = 0;
    std::vector<Obstacle> obstacles;
};

struct Fact {
    std::uint32_t invariant = ir::Contract::none;  // index; none: a switch has its constant
    LeafIndex leaf = 0;
    ir::Word constant;
    bool is_covered = true;  // the encoding can say it
    Attempt strong, quiescent;

    [[nodiscard]] bool is_invariant() const { return invariant != ir::Contract::none; }
    [[nodiscard]] Attempt& in(Layer layer) { return layer == Layer::Strong ? strong : quiescent; }
    [[nodiscard]] const Attempt& in(Layer layer) const { return layer == Layer::Strong ? strong : quiescent; }
};

class Induction {
  public:
    Induction(Session& session, const std::vector<Effects>& effects);

    // To be called in this order. Throws OutOfTime; the facts of a layer that was not finished count for nothing.
    void find_strong_facts();
    void find_quiescent_facts();

    [[nodiscard]] const std::vector<Fact>& facts() const { return facts_; }
    [[nodiscard]] const Fact& of_invariant(std::uint32_t invariant) const;
    [[nodiscard]] bool holds(std::uint32_t invariant) const;
    [[nodiscard]] std::vector<std::string> sentences() const;

    // For proofs on top of these: a start of the function from anywhere, and what comes back from strangers.
    [[nodiscard]] Start start(const ir::Function& function);  // nothing assumed but types
    [[nodiscard]] Start start_at_creation(const ir::Function* constructor);
    void assume_strong_facts(const State& state);
    [[nodiscard]] State after_strangers(const State& leaving);
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
    void receive_value(Start& start, const ir::Function& function);
    [[nodiscard]] bool still_wanted(Layer layer) const;
    void check_all(Layer layer);
    [[nodiscard]] bool drop_failed(Layer layer);
    [[nodiscard]] z3::expr formula(const Fact& fact, const State& state);
    [[nodiscard]] std::string name_of(const Fact& fact) const;
    [[nodiscard]] Obstacle describe(const ir::Function* where, const ir::Terminator* call, Session::Decision decision) const;

    Session& session_;
    const std::vector<Effects>& effects_;
    Specifications specifications_;
    Message somebody_;  // for specifications, which know no message
    std::vector<Fact> facts_;
    Frame frame_;
    bool creation_succeeds_ = false;  // seen: the constructor can come to its end
};

}  // namespace interlock::analyzer::prover
