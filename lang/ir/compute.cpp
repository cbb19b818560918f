#include "lang/ir/compute.hpp"

#include <algorithm>
#include <array>

#include "lang/ir/storage_path.hpp"
#include "vm/compute.hpp"

namespace interlock::lang::ir {

namespace {

using vm::Opcode;
using Result = std::optional<Word>;

bool is_word(const Type& type) {
    return !type.is_reference() && type.kind != TypeKind::Integer && type.kind != TypeKind::Data;
}

Word machine(Opcode opcode, const Word& top, const Word& next) { return *vm::compute(opcode, std::array{top, next}); }

// Cuts the word to the type's bits.
Word fit(const Type& type, const Word& word) {
    if (type.kind != TypeKind::FixedBytes) return value_in_slot(type, word, 0);
    const unsigned cut = 256u - type.bits;
    return (word >> cut) << cut;
}

bool is_less(const Type& type, const Word& a, const Word& b) {
    return type.is_signed() ? !machine(Opcode::SLT, a, b).is_zero() : a < b;
}

// Whether the sum, difference or product of whole words is `result` without wrapping.
bool is_exact(Op op, const Type& type, const Word& a, const Word& b, const Word& result) {
    const bool is_signed = type.is_signed();
    switch (op) {
        case Op::Add: return is_signed ? is_less(type, result, a) == b.is_negative() : !(result < a);
        case Op::Sub: return is_signed ? is_less(type, a, result) == b.is_negative() : !(a < b);
        default: break;
    }
    if (a.is_zero()) return true;
    const bool is_smallest_times_minus_one = is_signed && a == vm::all_ones && b.is_negative() && result == b;
    return !is_smallest_times_minus_one && machine(is_signed ? Opcode::SDIV : Opcode::DIV, result, a) == b;
}

Result add_or_multiply(Op op, const Type& type, bool is_checked, const Word& a, const Word& b) {
    const Opcode opcode = op == Op::Add ? Opcode::ADD : op == Op::Sub ? Opcode::SUB : Opcode::MUL;
    const Word result = machine(opcode, a, b), cut = fit(type, result);
    if (is_checked && (cut != result || !is_exact(op, type, a, b, result))) return std::nullopt;
    return cut;
}

Result divide(Op op, const Type& type, bool is_checked, const Word& a, const Word& b) {
    if (b.is_zero()) return std::nullopt;
    const bool is_signed = type.is_signed();
    if (op == Op::Mod) return machine(is_signed ? Opcode::SMOD : Opcode::MOD, a, b);
    const Word result = machine(is_signed ? Opcode::SDIV : Opcode::DIV, a, b), cut = fit(type, result);
    const bool wraps = is_signed && b == vm::all_ones && a.is_negative() && cut.is_negative();  // the smallest by -1
    if (is_checked && wraps) return std::nullopt;
    return cut;
}

Result power(const Type& type, bool is_checked, const Word& base, const Word& exponent) {
    if (!is_checked) return fit(type, machine(Opcode::EXP, base, exponent));
    const Word one(1);
    if (base.is_zero() || base == one) return exponent.is_zero() ? one : base;
    if (type.is_signed() && base == vm::all_ones) return (exponent & one).is_zero() ? one : base;
    Result result = one;
    for (Word left = exponent; result && !left.is_zero(); left = left - one)
        result = add_or_multiply(Op::Mul, type, true, *result, base);
    return result;
}

Word shift(Op op, const Type& type, const Word& value, const Word& bits) {
    const Opcode right = type.kind == TypeKind::Int ? Opcode::SAR : Opcode::SHR;
    return fit(type, machine(op == Op::Shl ? Opcode::SHL : right, bits, value));
}

Result convert(const Type& from, const Type& to, Word word) {
    if (from.kind == TypeKind::FixedBytes && to.kind != TypeKind::FixedBytes) word = word >> (256u - from.bits);
    if (to.kind == TypeKind::FixedBytes) {
        if (from.kind != TypeKind::FixedBytes) word = word << (256u - to.bits);
        return fit(to, word);
    }
    if (to.kind == TypeKind::Enum && !(word < Word(to.members))) return std::nullopt;
    return fit(to, word);
}

Result compare(Op op, const Type& type, const Word& a, const Word& b) {
    switch (op) {
        case Op::Equal: return Word(a == b ? 1u : 0u);
        case Op::NotEqual: return Word(a == b ? 0u : 1u);
        case Op::Less: return Word(is_less(type, a, b) ? 1u : 0u);
        case Op::LessEqual: return Word(is_less(type, b, a) ? 0u : 1u);
        case Op::Greater: return Word(is_less(type, b, a) ? 1u : 0u);
        case Op::GreaterEqual: return Word(is_less(type, a, b) ? 0u : 1u);
        default: return std::nullopt;
    }
}

}  // namespace

std::optional<Word> compute(const Instruction& each, std::span<const Word> operands, std::span<const Type> types) {
    if (!is_word(each.type) || !std::ranges::all_of(types, is_word)) return std::nullopt;
    switch (each.op) {
        case Op::Constant: return each.word;
        case Op::Add:
        case Op::Sub:
        case Op::Mul: return add_or_multiply(each.op, each.type, each.checked, operands[0], operands[1]);
        case Op::Div:
        case Op::Mod: return divide(each.op, each.type, each.checked, operands[0], operands[1]);
        case Op::Exp: return power(each.type, each.checked, operands[0], operands[1]);
        case Op::Negate: return add_or_multiply(Op::Sub, each.type, each.checked, Word(), operands[0]);
        case Op::Shl:
        case Op::Shr: return shift(each.op, each.type, operands[0], operands[1]);
        case Op::And:
        case Op::Or:
        case Op::Xor: return machine(info(each.op).code.opcode, operands[0], operands[1]);
        case Op::Not:
            if (each.type.kind == TypeKind::Bool) return Word(operands[0].is_zero() ? 1u : 0u);
            return fit(each.type, operands[0] ^ vm::all_ones);
        case Op::Equal:
        case Op::NotEqual:
        case Op::Less:
        case Op::LessEqual:
        case Op::Greater:
        case Op::GreaterEqual: return compare(each.op, types[0], operands[0], operands[1]);
        case Op::Select: return operands[0].is_zero() ? operands[2] : operands[1];
        case Op::Convert: return convert(types[0], each.type, operands[0]);
        case Op::Reinterpret: return operands[0];
        case Op::AddMod:
        case Op::MulMod: return vm::compute(info(each.op).code.opcode, operands);
        case Op::Evm: return vm::compute(each.opcode, operands);
        default: return std::nullopt;
    }
}

}  // namespace interlock::lang::ir
