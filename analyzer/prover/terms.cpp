#include "analyzer/prover/terms.hpp"

namespace interlock::analyzer::prover {

using ir::TypeKind;

z3::expr both(const z3::expr& a, const z3::expr& b) {
    if (a.is_false() || b.is_true()) return a;
    if (b.is_false() || a.is_true()) return b;
    return a && b;
}

z3::expr either(const z3::expr& a, const z3::expr& b) {
    if (a.is_true() || b.is_false()) return a;
    if (b.is_true() || a.is_false()) return b;
    return a || b;
}

z3::expr negation(const z3::expr& a) {
    if (a.is_true()) return a.ctx().bool_val(false);
    if (a.is_false()) return a.ctx().bool_val(true);
    return !a;
}

z3::expr implication(const z3::expr& a, const z3::expr& b) { return either(negation(a), b); }

z3::expr choice(const z3::expr& condition, const z3::expr& then, const z3::expr& otherwise) {
    if (condition.is_true() || z3::eq(then, otherwise)) return then;
    if (condition.is_false()) return otherwise;
    if (then.is_bool()) {
        if (then.is_true() || otherwise.is_true() || then.is_false() || otherwise.is_false()) {
            return both(implication(condition, then), either(condition, otherwise));
        }
    }
    return z3::ite(condition, then, otherwise);
}

z3::expr equality(const z3::expr& a, const z3::expr& b) {
    if (z3::eq(a, b)) return a.ctx().bool_val(true);
    if (a.is_numeral() && b.is_numeral()) return a.ctx().bool_val(false);
    if (a.is_true()) return b;
    if (b.is_true()) return a;
    if (a.is_false()) return negation(b);
    if (b.is_false()) return negation(a);
    return a == b;
}

bool has_range(const ir::Type& type) {
    switch (type.kind) {
        case TypeKind::Uint:
        case TypeKind::Int:
        case TypeKind::Address:
        case TypeKind::FixedBytes:
        case TypeKind::Enum: return true;
        case TypeKind::Bool:
        case TypeKind::Bytes:
        case TypeKind::String:
        case TypeKind::Integer:
        case TypeKind::Data: return false;
    }
    return false;
}

unsigned width(const ir::Type& type) {
    switch (type.kind) {
        case TypeKind::Address: return 160;
        case TypeKind::FixedBytes: return 256;
        default: return type.bits;
    }
}

z3::expr Terms::word(const ir::Word& value) const { return context_.int_val(vm::to_decimal(value).c_str()); }

z3::expr Terms::constant(const ir::Word& value, const ir::Type& type) const {
    if (type.kind == TypeKind::Bool) return truth(!value.is_zero());
    if (type.is_signed() && value.is_negative()) return context_.int_val(("-" + vm::to_decimal(-value)).c_str());
    return word(value);
}

z3::expr Terms::power_of_two(unsigned exponent) const {
    if (exponent < 256) return word(ir::Word{1} << exponent);
    return (power_of_two(255) * power_of_two(exponent - 255)).simplify();
}

z3::sort Terms::sort_of(const ir::Type& type) const {
    return type.kind == TypeKind::Bool ? context_.bool_sort() : context_.int_sort();
}

z3::expr Terms::fresh_of_sort(const z3::sort& sort, const char* hint) const {
    return z3::expr(context_, Z3_mk_fresh_const(context_, hint, sort));
}

z3::expr Terms::fresh(const ir::Type& type, const char* hint) const { return fresh_of_sort(sort_of(type), hint); }

z3::expr Terms::fresh_integer(const char* hint) const { return fresh_of_sort(context_.int_sort(), hint); }

z3::expr Terms::smallest(const ir::Type& type) const {
    if (type.kind != TypeKind::Int) return number(0);
    return context_.int_val(("-" + vm::to_decimal(ir::Word{1} << (type.bits - 1u))).c_str());
}

z3::expr Terms::largest(const ir::Type& type) const {
    if (type.kind == TypeKind::Enum && type.members > 0) return number(type.members - 1);
    const unsigned bits = type.kind == TypeKind::Int ? type.bits - 1u : width(type);
    return word(~ir::Word{} >> (256 - bits));
}

z3::expr Terms::in_range(const z3::expr& value, const ir::Type& type) const {
    if (!has_range(type)) return truth(true);
    return smallest(type) <= value && value <= largest(type);
}

}  // namespace interlock::analyzer::prover
