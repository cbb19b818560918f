// Gives every expression its type, every name its meaning, every constant its value, and every operand the type to
// which its context converts it. Types flow upwards: an expression is typed without knowledge of its context, which then
// converts it. Literals stay exact until then. In a specification arithmetic uses mathematical integers.
//
// A part of this is a room: an object that checks one kind of expression, is made where it is needed, and keeps nothing
// but where it is:
//     Operators(*this).binary(id);         // another room at the same place
//     in(where_.in_old()).check_value(id);  // the same under other rules
//
// The public functions are the doors that all rooms share, because every construct has expressions as its parts.
#pragma once

#include <optional>
#include <vector>

#include "lang/program/check/context.hpp"

namespace interlock::lang::checking {

enum class SpecPlace : std::uint8_t {
    None,
    Invariant,
    Requires,
    Ensures,
    Step,
    Scenario,
    Expectation,  // of a scenario: a call, what it reads, and what it results in
};

// The context of an expression, handed on by value.
struct Surroundings {
    ContractId contract{};
    FunctionId function{};
    FunctionId called{};  // the function called by the step to which an expectation belongs
    ModifierId modifier{};
    UnitId unit{};                // set if neither a contract nor a function determines it
    bool in_constructor = false;  // or in the initial value of a state variable
    SpecPlace spec = SpecPlace::None;
    bool is_old = false;  // inside old(…)

    [[nodiscard]] Surroundings specifying(SpecPlace place) const;
    [[nodiscard]] Surroundings in_old() const;
};

class Room {
  public:
    Room(Context& context, const Surroundings& where) : context_(context), types_(context.types), where_(where) {}
    [[nodiscard]] Room in(const Surroundings& where) const { return {context_, where}; }

    // --- Expressions ---
    TypeId check(ExprId id);          // accepts everything: also a type, a function, several values
    TypeId check_value(ExprId id);    // exactly one value
    void check_condition(ExprId id);  // must be a bool

    // --- Conversions ---
    bool convert(ExprId id, TypeId to, const Label& because = {});
    TypeId settle(ExprId id);
    void require_value(ExprId id);

  protected:
    // Returns whether numbers are mathematical integers and nothing may be changed.
    [[nodiscard]] bool in_specification() const { return where_.spec != SpecPlace::None && !in_scenario(); }
    [[nodiscard]] bool in_scenario() const { return where_.spec >= SpecPlace::Step; }
    [[nodiscard]] UnitId unit_here() const;
    // Notes that the expression means something built in. Returns its type, in the second form the given one.
    TypeId use_builtin(ExprId id, const BuiltinInfo& builtin);
    TypeId use_builtin(ExprId id, Builtin builtin, TypeId type);

    Context& context_;
    TypeTable& types_;
    const Surroundings where_;
};

}  // namespace interlock::lang::checking
