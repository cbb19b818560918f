// Interpreter: executes the IR on terms, one instruction at a time, for functions and for specifications alike.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "analyzer/prover/operations.hpp"
#include "analyzer/prover/state.hpp"

namespace interlock::analyzer::prover {

// What a call supplies; the same for all functions that run in it.
struct Message {
    z3::expr sender;
    z3::expr value;  // wei
    z3::expr origin;
};

[[nodiscard]] Message unknown_message(Session& session);

// A function that is being executed: its position and its values.
struct Invocation {
    const ir::Function* function = nullptr;
    ir::BlockIndex block = 0;
    std::size_t next = 0;                                    // instruction within the block
    std::vector<std::optional<z3::expr>> values;             // by Value index
    std::vector<bool> visited;                               // by block; a second visit means a loop
    std::map<std::uint32_t, std::vector<z3::expr>> results;  // of internal calls, by the call's value

    [[nodiscard]] const z3::expr& value(ir::Value v) const { return values.at(v.index).value(); }
};

class Interpreter {
  public:
    explicit Interpreter(Session& session) : session_(session) {}

    [[nodiscard]] Invocation enter(const ir::Function& function, const std::vector<z3::expr>& arguments);
    // Continues in another block. Throws NotCovered on a loop.
    void jump(Invocation& invocation, const ir::Jump& jump, const std::vector<z3::expr>& received = {});

    struct Surroundings {
        State& now;
        const State* before;  // for reads `at_entry`; null: not allowed
        const Message& message;
        Conditions& conditions;
    };
    // Executes any instruction except InternalCall, Check and Assume.
    void execute(const ir::Instruction& instruction, Invocation& invocation, const Surroundings& around);

    [[nodiscard]] const ir::Type& type_of(const ir::Function& function, ir::Value value);

  private:
    [[nodiscard]] z3::expr evaluate(const ir::Instruction& instruction, const Invocation& invocation,
                                    const Surroundings& around);
    [[nodiscard]] z3::expr environment(const ir::Instruction& instruction, const Invocation& invocation,
                                       const Surroundings& around, Operations& operations);
    [[nodiscard]] z3::expr machine(const ir::Instruction& instruction, const Invocation& invocation,
                                   const Surroundings& around, Operations& operations);
    [[nodiscard]] std::optional<z3::expr> computed(const ir::Instruction& instruction, const Invocation& invocation,
                                                   const Surroundings& around, Operations& operations);
    [[nodiscard]] z3::expr content(const ir::Instruction& instruction, const Invocation& invocation,
                                   const Surroundings& around, Operations& operations);
    void write(const ir::Instruction& instruction, const Invocation& invocation, const Surroundings& around);
    [[nodiscard]] std::vector<z3::expr> keys(const ir::Place& place, const ir::Instruction& instruction,
                                             const Invocation& invocation) const;

    Session& session_;
    std::map<const ir::Function*, std::vector<ir::Type>> types_;
};

}  // namespace interlock::analyzer::prover
