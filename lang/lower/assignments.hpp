// Lowers everything that gives a variable or a part of one a value: assignments, ++ and --, delete, declarations.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

// What an assignment writes to. Its keys and indices have been evaluated.
struct Target {
    enum class Kind : std::uint8_t { Hole, Local, Pointer, Immutable, Place, Reference, Length, Tuple };
    Kind kind = Kind::Hole;
    Local local = 0;
    VariableId pointer;
    Reference reference;  // Length: the array
    std::uint32_t immutable = 0;
    PlaceReference place;
    std::vector<Target> parts;
    SourceRange range;
};

class Assignments : public Room {
  public:
    explicit Assignments(const Room& room) : Room(room) {}

    Result assign(ExprId id);
    ir::Value step_by_one(ExprId id, ExprId operand, UnaryOp op, bool gives_old);
    void clear(ExprId operand, SourceRange range);  // delete
    void write(const Target& target, const Result& result, SourceRange range);

    // --- variables of the function ---
    // Declares the variable. A reference that is never reassigned remains the place for which it stands.
    void bind(VariableId variable, const Result& initial, SourceRange range);
    Result initial_value(TypeId type, SourceRange range);  // of a variable without a written one
    void reset(VariableId variable);                       // to its initial value

  private:
    using Room::read;
    Result assign_text(const Expr& assignment);
    Target target(ExprId id);
    Target element_target(ExprId id);
    ir::Value read(const Target& target);
    void write_parts(const std::vector<Target>& targets, std::vector<Result> parts, SourceRange range);
};

}  // namespace interlock::lang::lowering
