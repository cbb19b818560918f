// Execution: walks every path through one function, from a given state to the function's end.
//
// Paths are walked depth first. The solver's scopes follow them, so that conditions of a common beginning are asserted
// once. Internal calls are inlined. Paths that revert end silently, since they change nothing. When control leaves the
// contract, an Observer checks what must hold there and says which states may come back.
#pragma once

#include "analyzer/prover/interpreter.hpp"

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
};

class Execution final : private Conditions {
  public:
    static constexpr std::size_t max_internal_depth = 64;

    Execution(Session& session, Observer& observer) : session_(session), observer_(observer), interpreter_(session) {}

    // Throws NotCovered and OutOfTime. Leaves the solver unchanged.
    void run(const ir::Function& function, const Start& start);

  private:
    struct Path {
        std::vector<Invocation> calls;
        State now;
    };
    struct Pending {
        Path path;
        unsigned depth;  // depth of the solver's scopes where the path branched off
        z3::expr condition;
    };

    void require(const z3::expr& condition) override;
    void define(const z3::expr& definition) override { session_.assume(definition); }

    void follow(Path path);
    [[nodiscard]] bool step(Path& path, const ir::Instruction& instruction);  // false: the path is impossible
    [[nodiscard]] bool leave_block(Path& path);                               // false: the path ended
    [[nodiscard]] bool branch(Path& path, const ir::Terminator& terminator);
    [[nodiscard]] bool give_back(Path& path, const ir::Terminator& terminator);
    [[nodiscard]] bool call_out(Path& path, const ir::Terminator& terminator);
    void set_aside_failure(const Path& path, const ir::ExternalCall& call);
    [[nodiscard]] std::vector<z3::expr> answer(const ir::ExternalCall& call, bool ok);
    [[nodiscard]] static bool ends_call(vm::Opcode opcode);
    bool end_call(const Path& path, const ir::Instruction& instruction);
    void call_inside(Path& path, const ir::Instruction& instruction);

    Session& session_;
    Observer& observer_;
    Interpreter interpreter_;
    const Start* start_ = nullptr;
    std::vector<Pending> pending_;
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
