// What the parts of the lowering have in common. A part is a room: an object that lowers one kind of construct, is made
// where it is needed, and keeps nothing but the mode:
//     Failures(*this).revert(failure, {}, range);               // another room, same frame, same mode
//     in(mode_.specifying()).value(invariant, ir::bool_type);   // the same frame under other rules
//
// The public functions are the doors that all rooms share, because every construct has expressions as its parts. The
// order of evaluation is that of solc's IR pipeline: operands and arguments from left to right, the right side of an
// assignment before its left, tuples assigned from the last component to the first.
#pragma once

#include <optional>

#include "lang/lower/frame.hpp"
#include "lang/lower/typed_tree.hpp"

namespace interlock::lang::lowering {

class Room : protected TypedTree {
  public:
    Room(Frame& frame, Mode mode)
        : TypedTree(frame.contract.program),
          contract_(frame.contract),
          builder_(frame.builder),
          variables_(frame.variables),
          outcome_(frame.outcome),
          mode_(mode),
          whole_(frame) {}
    [[nodiscard]] Room in(Mode mode) const { return {whole_, mode}; }

    // --- expressions (Expressions) ---
    Result expression(ExprId id);  // without the conversions that its context demands
    Result evaluate(ExprId id);    // reads it and converts it as its context demands
    ir::Value value(ExprId id, std::optional<ir::Type> wanted = std::nullopt);

    // --- their results (Results) ---
    Result read(Result result, SourceRange range);
    ir::Value value_of(const Result& result, SourceRange range);
    Reference reference_of(const Result& result, TypeId type, SourceRange range);
    ir::Value coerce(ir::Value value, const ir::Type& type, SourceRange range);

  protected:
    [[nodiscard]] DataBuilder data(SourceRange range) { return {contract_, builder_, range}; }
    [[nodiscard]] ir::Type type_of(ExprId id) const { return contract_.types.value_type(info(id).type, tree_[id].range); }
    [[noreturn]] void unsupported(std::string message, SourceRange range) const;

    ContractLowering& contract_;
    Builder& builder_;
    Variables& variables_;
    const Outcome& outcome_;
    const Mode mode_;

  private:
    Frame& whole_;
};

// A room for the function as a whole. Only such a room touches its head, the locals of its results and its outcome.
class FunctionRoom : public Room {
  public:
    explicit FunctionRoom(Frame& frame) : FunctionRoom(frame, Mode{.unchecked = frame.contract.wraps()}) {}
    FunctionRoom(Frame& frame, Mode mode) : Room(frame, mode), frame_(frame) {}

  protected:
    Frame& frame_;
};

}  // namespace interlock::lang::lowering
