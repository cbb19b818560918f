// Checks statements, in scopes as Solidity nests them.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

// What statements are inside of.
struct Nesting {
    bool in_loop = false;
    bool in_unchecked = false;

    [[nodiscard]] Nesting looping() const { return {true, in_unchecked}; }
    [[nodiscard]] Nesting wrapping() const { return {in_loop, true}; }
};

// What was found in a body.
struct Findings {
    bool has_placeholder = false;  // `_`
    bool has_pointers = false;     // references that are declared without a place
};

class Statements : public Room {
  public:
    Statements(const Room& room, Findings& findings, Nesting nesting = {})
        : Room(room), findings_(findings), nesting_(nesting) {}

    void statement(StmtId id);
    void hoist(StmtId body);  // declares all its variables at once, as older dialects do

  private:
    [[nodiscard]] Statements within(Nesting nesting) const { return {*this, findings_, nesting}; }
    void block(const Stmt& stmt);
    void inner(StmtId id);
    void unchecked(const Stmt& stmt);
    void loop_invariants(const Stmt& stmt);
    void for_loop(const Stmt& stmt);
    void jump(const Stmt& stmt);
    void placeholder(const Stmt& stmt);
    void return_values(const Stmt& stmt);
    void condition_here(ExprId expr);
    void ghost_update(ExprId id);
    void evaluate(ExprId id);
    void drop(ExprId id);
    void declaration(const Stmt& stmt);
    [[nodiscard]] TypeId inferred(VariableId id, const Stmt& stmt, std::size_t number);
    void initial_values(const Stmt& stmt, const std::vector<TypeId>& wanted);
    void try_statement(const Stmt& stmt);

    Findings& findings_;
    const Nesting nesting_;
};

}  // namespace interlock::lang::checking
