// Lowers try: a call whose failure is caught. The clause is chosen as in solc: Error(string) and Panic(uint256) if the
// revert data is well formed, otherwise the clause that catches everything, otherwise the failure is forwarded.
// (Solidity reference, "try/catch".)
#pragma once

#include "lang/lower/statements.hpp"

namespace interlock::lang::lowering {

class TryLowering : public Room {
  public:
    // `statements` lower the bodies of the clauses.
    TryLowering(const Room& room, const Statements& statements) : Room(room), statements_(statements) {}

    void try_statement(const Stmt& stmt);

  private:
    void catch_failure(const Stmt& stmt, ir::Value data, ir::BlockIndex after);
    void catch_error(const Stmt& stmt, ir::Value data, ir::BlockIndex after);
    void catch_panic(const Stmt& stmt, ir::Value data, ir::BlockIndex after);
    void catch_body(const Catch& clause, ir::Value value, ir::BlockIndex after);
    ir::Value begins_with(ir::Value data, std::uint64_t selector, std::uint64_t least, SourceRange range);
    ir::Value word(std::uint64_t value, SourceRange range);
    ir::Value word_at(ir::Value bytes, ir::Value offset, SourceRange range);

    // --- memory, where assembly observes it ---
    void give_back_answer(ir::Value bytes, SourceRange range);
    void keep_failure(ir::Value bytes, SourceRange range);
    ir::Value message_in_place(ir::Value bytes, ir::Value offset, ir::Value length, SourceRange range);

    Statements statements_;
};

}  // namespace interlock::lang::lowering
