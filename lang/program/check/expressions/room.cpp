#include "lang/program/check/expressions/room.hpp"

#include "lang/program/check/expressions/conversions.hpp"
#include "lang/program/check/expressions/expressions.hpp"

namespace interlock::lang::checking {

Surroundings Surroundings::specifying(SpecPlace place) const {
    Surroundings there = *this;
    there.spec = place;
    return there;
}

Surroundings Surroundings::in_old() const {
    Surroundings there = *this;
    there.is_old = true;
    return there;
}

TypeId Room::check(ExprId id) { return Expressions(*this).check(id); }

TypeId Room::check_value(ExprId id) { return Expressions(*this).check_value(id); }

void Room::check_condition(ExprId id) { Expressions(*this).check_condition(id); }

bool Room::convert(ExprId id, TypeId to, const Label& because) { return Conversions(*this).convert(id, to, because); }

TypeId Room::settle(ExprId id) { return Conversions(*this).settle(id); }

void Room::require_value(ExprId id) { Conversions(*this).require_value(id); }

UnitId Room::unit_here() const {
    if (where_.contract) return context_.tree[where_.contract].unit;
    if (where_.function) return context_.tree[where_.function].scope.unit;
    return where_.unit;
}

TypeId Room::use_builtin(ExprId id, Builtin builtin, TypeId type) {
    Use& use = context_.info(id).use;
    use.meaning = Meaning::Builtin;
    use.builtin = builtin;
    return type;
}

}  // namespace interlock::lang::checking
