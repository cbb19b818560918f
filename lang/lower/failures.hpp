// Lowers require, assert and revert: with a text, a custom error, or a panic.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Failures : public Room {
  public:
    explicit Failures(const Room& room) : Room(room) {}

    Result require(ExprId id);                            // also assert
    void raise(ExprId thrown, SourceRange range);         // `revert Error(…)` and `revert("text")`
    void revert_with(ExprId message, SourceRange range);  // a text or a custom error
    void revert(ir::Failure failure, ir::Values arguments, SourceRange range);

  private:
    // An error whose arguments the lowering encodes itself.
    struct CodedError {
        std::uint32_t selector = 0;
        std::vector<Datum> values;
    };
    void guard(ExprId condition, const ir::Failure& failure, SourceRange range);
    [[nodiscard]] ExprId message_of(ExprId message) const;
    // Returns the failure of a literal or a custom error, and its arguments as values.
    std::pair<ir::Failure, ir::Values> failure_of(ExprId message);
    [[nodiscard]] ErrorId error_of(ExprId call) const;
    [[nodiscard]] bool is_coded(ExprId message) const;
    CodedError coded_error(ExprId message);
    void revert_coded(const CodedError& error, SourceRange range);
};

}  // namespace interlock::lang::lowering
