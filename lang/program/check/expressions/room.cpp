#include "lang/program/check/expressions/room.hpp"

#include "lang/program/check/expressions/conversions.hpp"
#include "lang/program/check/expressions/expressions.hpp"

namespace interlock::lang::checking {

namespace {

TypeId type_of_letter(TypeTable& types, char letter) {
    switch (letter) {
        case 'u': return types.uint();
        case '8': return types.uint(8);
        case 'b': return types.boolean();
        case 'w': return types.fixed_bytes(32);
        case '4': return types.fixed_bytes(4);
        case 'r': return types.fixed_bytes(20);
        case 'a': return types.address();
        case 'p': return types.address(true);
        case 'c': return types.bytes(DataLocation::Calldata);
        case 's': return types.string(DataLocation::Memory);
        default: return types.bytes(DataLocation::Memory);
    }
}

std::vector<TypeId> types_of_letters(TypeTable& types, std::string_view letters) {
    std::vector<TypeId> result;
    for (const char letter : letters) result.push_back(type_of_letter(types, letter));
    return result;
}

}  // namespace

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

TypeId Room::use_builtin(ExprId id, const BuiltinInfo& builtin) {
    const bool is_sender = builtin.builtin == Builtin::MsgSender || builtin.builtin == Builtin::TxOrigin;
    if (is_sender && context_.has(rule::sender_is_payable)) return use_builtin(id, builtin.builtin, types_.address(true));
    const bool gives_success = builtin.builtin == Builtin::AddressCall || builtin.builtin == Builtin::AddressDelegateCall;
    if (gives_success && context_.has(rule::calls_give_success))
        return use_builtin(id, builtin.builtin, types_.function({types_.bytes(DataLocation::Memory)}, {types_.boolean()}));
    if (!builtin.is_function()) return use_builtin(id, builtin.builtin, type_of_letter(types_, builtin.signature.front()));
    if (builtin.varies()) return use_builtin(id, builtin.builtin, types_.function({}, {}));
    return use_builtin(
        id, builtin.builtin,
        types_.function(types_of_letters(types_, builtin.parameters()), types_of_letters(types_, builtin.results())));
}

TypeId Room::use_builtin(ExprId id, Builtin builtin, TypeId type) {
    Use& use = context_.info(id).use;
    use.meaning = Meaning::Builtin;
    use.builtin = builtin;
    return type;
}

}  // namespace interlock::lang::checking
