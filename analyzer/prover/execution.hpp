// Execution: walks every path through one function, from a given state to the function's end.
//
// Paths are walked depth first. The solver's scopes follow them, so that conditions of a common beginning are asserted
// once. Internal calls are inlined. Paths that revert end silently, since they change nothing. When control leaves the
// contract, an Observer checks what must hold there and says which states may come back.
//
// A loop is walked once, from any state that a round may begin with: what a round may write is unknown there, but for what
// every round keeps. That is found first, in Houdini's manner: of the observer's facts, that a leaf or the balance is as it
// was before the loop, or at least or at most that, that two numbers differ by as much, each is assumed at the beginning of a round until it is seen not to hold at the end of one.
#pragma once

#include "analyzer/prover/interpreter.hpp"
#include "analyzer/prover/loops.hpp"

namespace interlock::analyzer::prover {

// The initial state of a function's execution.
struct Start {
    State outside;  // before the call, without its value
    State entry;    // with the call's value credited; `old` means this state
    Message message;
    std::vector<z3::expr> arguments;
};

class Observer {
  public:
    virtual ~Observer() = default;
    // Called when a call leaves the contract; `leaving` has the call's value deducted.
    virtual void at_call(const State& leaving, const ir::Terminator& call) = 0;
    // Returns the state after a call that hands over has succeeded, and asserts what is known of it.
    [[nodiscard]] virtual State after_strangers(const State& leaving) = 0;
    virtual void at_end(const State& end, const std::vector<z3::expr>& results) = 0;
    virtual void at_check(const ir::Instruction& check, const z3::expr& condition) = 0;
    // Returns what may hold whenever a round of a loop begins, each time in the same order.
    [[nodiscard]] virtual std::vector<z3::expr> loop_candidates(const State& state) = 0;
};

class Execution final : private Conditions {
  public:
    static constexpr std::size_t max_internal_depth = 64;

    Execution(Session& session, Observer& observer, const std::vector<Effects>& effects)
        : session_(session),
          observer_(observer),
          effects_(effects),
          interpreter_(session),
          loops_(session.contract, session.layout, effects) {}

    // Throws NotCovered and OutOfTime. Leaves the solver unchanged.
    void run(const ir::Function& function, const Start& start);

  private:
    // A loop in which a path is.
    struct Rounds {
        std::size_t depth;  // of internal calls
        const ir::Block* head;
        State before;  // the loop
    };
    struct Path {
        std::vector<Invocation> calls;
        State now;
        std::vector<Rounds> rounds;  // innermost last
    };
    struct Pending {
        Path path;
        unsigned depth;  // depth of the solver's scopes where the path branched off
        z3::expr condition;
        const ir::Jump* jump = nullptr;  // where it goes on; null: at the beginning of a function
        std::vector<z3::expr> received;
    };
    // Something that every round of a loop may keep.
    struct Kept {
        enum class Kind : std::uint8_t { Fact, Leaf, AtLeast, AtMost, Apart };
        Kind kind = Kind::Fact;
        std::size_t index = 0, other = 0;  // Apart: two numbers, which differ by as much as before the loop
        friend auto operator<=>(const Kept&, const Kept&) = default;
    };

    void require(const z3::expr& condition) override;
    void define(const z3::expr& definition) override { session_.assume(definition); }

    void walk(const ir::Function& function);
    void follow(Path path);
    [[nodiscard]] bool go_to(Path& path, const ir::Jump& jump, const std::vector<z3::expr>& received = {});
    void begin_round(Path& path, const LoopBody& loop, const ir::Block& head);
    void end_round(Path& path, const LoopBody& loop, const ir::Block& head);
    [[nodiscard]] std::vector<std::pair<Kept, z3::expr>> kept_by(const LoopBody& loop, const ir::Block& head,
                                                                 const State& before, const State& now);
    [[nodiscard]] std::vector<z3::expr> numbers_in(const LoopBody& loop, const State& state) const;
    void drop(const ir::Block& head, const Kept& kept);
    [[nodiscard]] bool step(Path& path, const ir::Instruction& instruction);  // false: the path is impossible
    [[nodiscard]] bool leave_block(Path& path);                               // false: the path ended
    [[nodiscard]] bool branch(Path& path, const ir::Terminator& terminator);
    [[nodiscard]] bool give_back(Path& path, const ir::Terminator& terminator);
    [[nodiscard]] bool call_out(Path& path, const ir::Terminator& terminator);
    void set_aside_failure(const Path& path, const ir::ExternalCall& call);
    [[nodiscard]] std::vector<z3::expr> answer(const ir::ExternalCall& call, bool ok);
    [[nodiscard]] z3::expr raw_answer(const ir::ExternalCall& call, bool ok);
    [[nodiscard]] z3::expr value_of(const Path& path, const ir::ExternalCall& call) const;
    [[nodiscard]] static bool ends_call(vm::Opcode opcode);
    bool end_call(const Path& path, const ir::Instruction& instruction);
    void call_inside(Path& path, const ir::Instruction& instruction);
    void recur(Path& path, const ir::Instruction& instruction);

    Session& session_;
    Observer& observer_;
    const std::vector<Effects>& effects_;
    Interpreter interpreter_;
    Loops loops_;
    const Start* start_ = nullptr;
    std::vector<Pending> pending_;
    std::map<const ir::Block*, std::set<Kept>> dropped_;  // by the first block of a loop
    bool settles_ = false;                                // the walk only finds what loops keep
    bool dropped_some_ = false;
    std::uint32_t steps_ = 0;
    bool dead_ = false;
};

// Leaves the solver's scope when the C++ scope is left, in any way.
class Scope {
  public:
    explicit Scope(Session& session) : session_(session), depth_(session.depth()) { session.push(); }
    ~Scope() { session_.pop_to(depth_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

  private:
    Session& session_;
    unsigned depth_;
};

}  // namespace interlock::analyzer::prover
