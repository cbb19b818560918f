// Lowers statements.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

// Where a statement stands: in which body or modifier of the function, and what `_` and `return` mean there.
struct Level {
    FunctionId function;
    std::size_t number = 0;              // of the modifier; after the last modifier the body follows
    ir::Values parameters;               // the function's parameters, as `_` gives them to the next level
    ir::Values results;                  // the function's results, as `_` gives them to the next level
    std::optional<ir::BlockIndex> exit;  // where `return` jumps; std::nullopt: it leaves the function
};

class Statements : public FunctionRoom {
  public:
    // The level must live as long as the room.
    Statements(Frame& frame, Mode mode, const Level& level) : Statements(frame, mode, level, {}) {}

    void statement(StmtId id);
    void hoist(StmtId body);  // gives the variables of older dialects, which exist from the beginning, their first values

  private:
    struct Loop {
        ir::BlockIndex on_continue, on_break;
    };
    Statements(Frame& frame, Mode mode, const Level& level, Loop loop)
        : FunctionRoom(frame, mode), level_(level), loop_(loop) {}

    void if_statement(const Stmt& stmt);
    void loop(const Stmt& stmt);  // while and for
    void do_while(const Stmt& stmt);
    void declaration(const Stmt& stmt);
    void set(VariableId variable, const Result& initial, SourceRange range);
    void return_statement(const Stmt& stmt);
    void placeholder();

    const Level& level_;
    const Loop loop_;  // the innermost one
};

}  // namespace interlock::lang::lowering
