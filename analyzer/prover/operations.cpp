#include "analyzer/prover/operations.hpp"

#include <optional>

namespace interlock::analyzer::prover {

using ir::Op;
using ir::TypeKind;

namespace {

// Folds an operation on numerals; returns every other term unchanged.
z3::expr folded(const z3::expr& term) {
    for (unsigned i = 0; i < term.num_args(); ++i) {
        if (!term.arg(i).is_numeral()) return term;
    }
    return term.simplify();
}

// Returns k if the numeral is 2^k - 1, a mask of low bits.
std::optional<unsigned> low_mask_bits(const z3::expr& term) {
    if (!term.is_numeral()) return std::nullopt;
    const auto mask = vm::parse_word(term.get_decimal_string(0));
    if (!mask || mask->is_zero() || !(*mask & (*mask + ir::Word{1})).is_zero()) return std::nullopt;
    return vm::bit_length(*mask);
}

std::optional<unsigned> small_number(const z3::expr& term) {
    unsigned value = 0;
    if (term.is_numeral() && term.is_numeral_u(value)) return value;
    return std::nullopt;
}

bool is_unsigned_number(const ir::Type& type) { return type.kind != TypeKind::Int && type.kind != TypeKind::Bool; }

}  // namespace

z3::expr Operations::any(const ir::Type& type, const char* hint) {
    const z3::expr value = terms_.fresh(type, hint);
    conditions_.define(terms_.in_range(value, type));
    return value;
}

z3::expr Operations::remainder(const z3::expr& a, const z3::expr& modulus) {
    if (a.is_numeral()) return folded(z3::mod(a, modulus));
    const z3::expr quotient = terms_.fresh_integer("quotient"), rest = terms_.fresh_integer("remainder");
    conditions_.define(a == quotient * modulus + rest && rest >= 0 && rest < modulus);
    return rest;
}

z3::expr Operations::floor_quotient(const z3::expr& a, const z3::expr& divisor) {
    if (a.is_numeral()) return folded(a / divisor);
    const z3::expr quotient = terms_.fresh_integer("quotient"), rest = terms_.fresh_integer("remainder");
    conditions_.define(a == quotient * divisor + rest && rest >= 0 && rest < divisor);
    return quotient;
}

z3::expr Operations::reduced(const z3::expr& exact, const ir::Type& type) {
    const z3::expr rest = remainder(exact, terms_.power_of_two(width(type)));
    if (type.kind != TypeKind::Int) return rest;
    return choice(folded(rest > terms_.largest(type)), rest - terms_.power_of_two(width(type)), rest);
}

// Handles addition, subtraction and negation: the exact result is at most one 2^bits away from the range.
z3::expr Operations::sum(const ir::Instruction& instruction, const z3::expr& exact) {
    const ir::Type& type = instruction.type;
    if (!has_range(type)) return exact;
    const z3::expr above = folded(exact > terms_.largest(type)), below = folded(exact < terms_.smallest(type));
    if (instruction.checked) {
        conditions_.require(negation(above));
        conditions_.require(negation(below));
        return exact;
    }
    const z3::expr modulus = terms_.power_of_two(width(type));
    return choice(above, exact - modulus, choice(below, exact + modulus, exact));
}

z3::expr Operations::product(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b) {
    const ir::Type& type = instruction.type;
    const z3::expr exact = folded(a * b);
    if (!has_range(type)) return exact;
    if (!instruction.checked) return reduced(exact, type);
    conditions_.require(folded(terms_.smallest(type) <= exact));
    conditions_.require(folded(exact <= terms_.largest(type)));
    return exact;
}

// Division rounds towards zero; the remainder has the dividend's sign.
z3::expr Operations::division(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b) {
    const ir::Type& type = instruction.type;
    conditions_.require(folded(b != 0));
    if (small_number(b) == 0u) return any(type, "undefined");
    const z3::expr quotient = terms_.fresh_integer("quotient"), rest = terms_.fresh_integer("remainder");
    const z3::expr splits = a == quotient * b + rest;
    if (is_unsigned_number(type) && type.kind != TypeKind::Integer) {
        conditions_.define(splits && quotient >= 0 && quotient <= a && rest >= 0 && rest < b);
    } else {
        const z3::expr size = choice(folded(b < 0), -b, b);
        conditions_.define(splits && rest < size && rest > -size && implication(rest > 0, a > 0) &&
                           implication(rest < 0, a < 0));
    }
    if (instruction.op == Op::Mod) return rest;
    if (type.kind != TypeKind::Int) return quotient;
    return sum(instruction, quotient);  // the smallest number divided by -1 overflows
}

z3::expr Operations::power(const ir::Instruction& instruction, const z3::expr& base, const z3::expr& exponent) {
    constexpr unsigned max_unrolled = 8, max_computed = 512;
    const ir::Type& type = instruction.type;
    const auto count = small_number(exponent);
    if (!count || *count > (base.is_numeral() ? max_computed : max_unrolled)) return any(type, "power");
    z3::expr result = terms_.number(1);
    for (unsigned i = 0; i < *count; ++i) result = product(instruction, result, base);
    return result;
}

z3::expr Operations::shift(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b) {
    const ir::Type& type = instruction.type;
    const auto bits = small_number(b);
    if (!has_range(type) || !bits) return any(type, "shifted");
    const bool left = instruction.op == Op::Shl;
    if (*bits >= 256) {
        if (left || type.kind != TypeKind::Int) return terms_.number(0);
        return choice(folded(a < 0), terms_.number(-1), terms_.number(0));
    }
    if (left) return reduced(folded(a * terms_.power_of_two(*bits)), type);
    if (type.kind == TypeKind::FixedBytes && type.bits < 256) return any(type, "shifted");
    return floor_quotient(a, terms_.power_of_two(*bits));
}

z3::expr Operations::complement(const ir::Type& type, const z3::expr& a) {
    if (type.kind == TypeKind::Bool) return negation(a);
    if (type.kind == TypeKind::Int) return folded(folded(-a) - 1);
    if (type.kind == TypeKind::FixedBytes && type.bits < 256) return any(type, "complement");
    return folded(terms_.largest(type) - a);
}

z3::expr Operations::bitwise(const ir::Instruction& instruction, const z3::expr& a, const z3::expr& b) {
    const ir::Type& type = instruction.type;
    if (type.kind == TypeKind::Bool) {
        if (instruction.op == Op::And) return both(a, b);
        if (instruction.op == Op::Or) return either(a, b);
        return negation(equality(a, b));
    }
    if (instruction.op == Op::And && is_unsigned_number(type)) {
        if (const auto bits = low_mask_bits(b)) return remainder(a, terms_.power_of_two(*bits));
        if (const auto bits = low_mask_bits(a)) return remainder(b, terms_.power_of_two(*bits));
    }
    const z3::expr result = any(type, "bits");
    if (!is_unsigned_number(type) || !has_range(type)) return result;
    switch (instruction.op) {
        case Op::And: conditions_.define(result <= a && result <= b); break;
        case Op::Or: conditions_.define(result >= a && result >= b && result <= a + b); break;
        default: conditions_.define(result <= a + b); break;
    }
    return result;
}

z3::expr Operations::compare(Op op, const z3::expr& a, const z3::expr& b) {
    switch (op) {
        case Op::Equal: return equality(a, b);
        case Op::NotEqual: return negation(equality(a, b));
        case Op::Less: return folded(a < b);
        case Op::LessEqual: return folded(a <= b);
        case Op::Greater: return folded(a > b);
        default: return folded(a >= b);
    }
}

z3::expr Operations::convert(const Operand& from, const ir::Type& to) {
    if (from.type == to || to.is_reference() == from.type.is_reference()) {
        if (from.type == to || to.is_reference()) return from.value;
    } else {
        return any(to, "converted");  // bytes to bytesN
    }
    if (to.kind == TypeKind::Bool || from.type.kind == TypeKind::Bool) return any(to, "converted");
    if (to.kind == TypeKind::Integer) return from.value;
    if (to.kind == TypeKind::FixedBytes) {
        const z3::expr step = terms_.power_of_two(256u - to.bits);
        if (from.type.kind != TypeKind::FixedBytes) return folded(reduced(from.value, {TypeKind::Uint, to.bits}) * step);
        if (to.bits >= from.type.bits) return from.value;
        return folded(from.value - remainder(from.value, step));
    }
    z3::expr value = from.value;
    if (from.type.kind == TypeKind::FixedBytes) value = floor_quotient(value, terms_.power_of_two(256u - from.type.bits));
    if (to.kind == TypeKind::Enum) {
        conditions_.require(terms_.in_range(value, to));
        return value;
    }
    const bool fits = from.type.kind != TypeKind::Integer && from.type.kind != TypeKind::Int && to.kind != TypeKind::Int &&
                      (from.type.kind == TypeKind::FixedBytes ? from.type.bits : width(from.type)) <= width(to);
    const bool fits_signed =
        to.kind == TypeKind::Int &&
        (from.type.kind == TypeKind::Int
             ? from.type.bits <= to.bits
             : from.type.kind != TypeKind::Integer && from.type.kind != TypeKind::FixedBytes && width(from.type) < to.bits);
    return fits || fits_signed ? value : reduced(value, to);
}

// The same bits. Words may have bits that the type does not have, and a Bool may be any word that is not zero.
z3::expr Operations::reinterpreted(const Operand& from, const ir::Type& to) {
    const auto is_number = [](const ir::Type& type) { return type.kind != TypeKind::Int && type.kind != TypeKind::Integer; };
    if (from.type == to) return from.value;
    const z3::expr result = any(to, "word");
    if (from.type.is_reference() || to.is_reference() || !is_number(from.type) || !is_number(to)) return result;
    const z3::expr zero = terms_.number(0), one = terms_.number(1);
    if (to.kind == TypeKind::Bool) {
        conditions_.define(implication(equality(from.value, zero), negation(result)) &&
                           implication(equality(from.value, one), result));
    } else if (from.type.kind == TypeKind::Bool) {
        conditions_.define(implication(from.value, result >= one) &&
                           implication(negation(from.value), equality(result, zero)));
    } else {
        conditions_.define(implication(terms_.in_range(from.value, to), equality(result, from.value)));
    }
    return result;
}

z3::expr Operations::apply(const ir::Instruction& instruction, const std::vector<Operand>& operands) {
    const auto value = [&operands](std::size_t i) { return operands.at(i).value; };
    switch (instruction.op) {
        case Op::Add: return sum(instruction, folded(value(0) + value(1)));
        case Op::Sub: return sum(instruction, folded(value(0) - value(1)));
        case Op::Negate: return sum(instruction, folded(-value(0)));
        case Op::Mul: return product(instruction, value(0), value(1));
        case Op::Div:
        case Op::Mod: return division(instruction, value(0), value(1));
        case Op::Exp: return power(instruction, value(0), value(1));
        case Op::Shl:
        case Op::Shr: return shift(instruction, value(0), value(1));
        case Op::And:
        case Op::Or:
        case Op::Xor: return bitwise(instruction, value(0), value(1));
        case Op::Not: return complement(instruction.type, value(0));
        case Op::Equal:
        case Op::NotEqual:
        case Op::Less:
        case Op::LessEqual:
        case Op::Greater:
        case Op::GreaterEqual: return compare(instruction.op, value(0), value(1));
        case Op::Select: return choice(value(0), value(1), value(2));
        case Op::Convert: return convert(operands.at(0), instruction.type);
        case Op::Reinterpret: return reinterpreted(operands.at(0), instruction.type);
        case Op::AddMod:
        case Op::MulMod: return any(instruction.type, "word");
        default: throw NotCovered{"an instruction that only makes sense elsewhere", instruction.range};
    }
}

}  // namespace interlock::analyzer::prover
