// Overflow is detected afterwards where the wrapped result shows it, because that is cheaper than checking beforehand:
// an unsigned sum is then smaller than its operand, a narrow result is outside its range, and a product divided by one
// factor is not the other factor.
#include "lang/codegen/arithmetic.hpp"

#include "lang/codegen/prepare.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::TypeKind;
using vm::all_ones;

namespace {

std::uint64_t sign_byte(const ir::Type& type) { return type.bits / 8u - 1; }

// [result] -> [result]; a number that was computed without wrapping at 256 bits must lie in the type's range.
void check_range(Emitter& e, Routines& routines, const ir::Type& type) {
    const Entry result = e.name_top();
    e.copy(result);
    check_clean(e, type, routines.panic(panic::overflow));
}

bool is_narrow(const ir::Type& type) { return type.bits < 256; }

// [right, left] -> [result]
void apply(Emitter& e, vm::Opcode op, const ir::Type& type) {
    e.op(op);
    clean(e, type);
}

// [right, left], where the right operand is not zero. The only quotient that does not fit is smallest / -1.
void check_division(Emitter& e, Routines& routines, const ir::Type& type) {
    const Entry left = e.name_top();
    e.copy(left).push(smallest(type)).op(EQ);
    e.dup(2).op(NOT).op(ISZERO).op(AND).jump_if(routines.panic(panic::overflow));
}

// [right, left] -> [right, left]; fails if the right operand is zero.
void check_divisor(Emitter& e, Routines& routines) { e.dup(1).op(ISZERO).jump_if(routines.panic(panic::division_by_zero)); }

}  // namespace

Word largest(const ir::Type& type) {
    const unsigned bits = type.kind == TypeKind::Int ? type.bits - 1u : type.bits;
    return all_ones >> (256u - bits);
}

Word smallest(const ir::Type& type) { return type.kind == TypeKind::Int ? ~largest(type) : Word(); }

bool fills_word(const ir::Type& type) {
    return type.bits == 256 &&
           (type.kind == TypeKind::Uint || type.kind == TypeKind::Int || type.kind == TypeKind::FixedBytes);
}

void clean(Emitter& e, const ir::Type& type) {
    if (fills_word(type)) return;
    switch (type.kind) {
        case TypeKind::Int: e.push(sign_byte(type)).op(SIGNEXTEND); break;
        case TypeKind::FixedBytes: e.push(all_ones << (256u - type.bits)).op(AND); break;
        case TypeKind::Bool: e.op(ISZERO).op(ISZERO); break;
        default: e.push(all_ones >> (256u - type.bits)).op(AND); break;
    }
}

void check_clean(Emitter& e, const ir::Type& type, Label otherwise) {
    if (fills_word(type)) return void(e.pop());
    const Entry word = e.name_top();
    switch (type.kind) {
        case TypeKind::Int: e.copy(word).push(sign_byte(type)).op(SIGNEXTEND).op(XOR); break;
        case TypeKind::FixedBytes: e.push(type.bits).op(SHL); break;
        case TypeKind::Bool: e.push(1).op(SHR); break;
        case TypeKind::Enum: e.push(type.members - 1u).op(LT); break;
        default: e.push(type.bits).op(SHR); break;
    }
    e.jump_if(otherwise);
}

void check_enum(Emitter& e, Routines& routines, const ir::Type& type) {
    const Entry value = e.name_top();
    e.copy(value).push(type.members - 1u).op(LT).jump_if(routines.panic(panic::enum_range));
}

void add(Emitter& e, Routines& routines, const ir::Type& type, bool checked) {
    if (!checked) return apply(e, ADD, type);
    if (is_narrow(type)) {
        e.op(ADD);
        return check_range(e, routines, type);
    }
    const Entry left = e.name_top();
    if (type.kind == TypeKind::Int) {       // the sum is smaller than the right operand exactly if the left one is negative
        e.copy(left).dup(2).op(ADD);        // [right, left, sum]
        e.swap(2).dup(2).op(SLT);           // [sum, left, sum < right]
        e.swap(1).push(0).swap(1).op(SLT);  // [sum, sum < right, left < 0]
        e.op(XOR).jump_if(routines.panic(panic::overflow));
    } else {
        e.copy(left).swap(2).op(ADD);                                      // [left, sum]
        e.dup(0).swap(2).op(GT).jump_if(routines.panic(panic::overflow));  // left > sum
    }
}

void subtract(Emitter& e, Routines& routines, const ir::Type& type, bool checked) {
    if (!checked) return apply(e, SUB, type);
    if (type.kind == TypeKind::Uint) {
        e.dup(1).dup(1).op(LT).jump_if(routines.panic(panic::overflow));
        e.op(SUB);
    } else if (is_narrow(type)) {
        e.op(SUB);
        check_range(e, routines, type);
    } else {
        // The difference is larger than the left operand exactly if the right one is negative.
        e.dup(1).dup(1).op(SUB);            // [right, left, difference]
        e.swap(1).dup(1).op(SGT);           // [right, difference, difference > left]
        e.swap(2).push(0).swap(1).op(SLT);  // [difference > left, difference, right < 0]
        e.swap(1).swap(2).op(XOR).jump_if(routines.panic(panic::overflow));
    }
}

void multiply(Emitter& e, Routines& routines, const ir::Type& type, bool checked) {
    if (!checked) return apply(e, MUL, type);
    if (type.bits <= 128) {  // the whole product fits in a word
        e.op(MUL);
        return check_range(e, routines, type);
    }
    const bool is_signed = type.kind == TypeKind::Int;
    const Label overflow = routines.panic(panic::overflow);
    if (is_signed && !is_narrow(type)) {  // -1 * smallest wraps to smallest, and so does smallest / -1
        e.dup(0).op(NOT).op(ISZERO).dup(2).push(smallest(type)).op(EQ).op(AND).jump_if(overflow);
    }
    e.dup(1).dup(1).op(MUL);  // [right, left, product]
    clean(e, type);
    e.swap(2);                                   // [product, left, right]
    e.dup(1).dup(3).op(is_signed ? SDIV : DIV);  // [product, left, right, product / left]
    e.op(EQ).swap(1).op(ISZERO).op(OR);          // [product, quotient == right or left == 0]
    e.op(ISZERO).jump_if(overflow);
}

void divide(Emitter& e, Routines& routines, const ir::Type& type, bool checked) {
    check_divisor(e, routines);
    if (type.kind != TypeKind::Int) return void(e.op(DIV));
    if (checked) check_division(e, routines, type);
    e.op(SDIV);
    if (!checked) clean(e, type);
}

void modulo(Emitter& e, Routines& routines, const ir::Type& type) {
    check_divisor(e, routines);
    e.op(type.kind == TypeKind::Int ? SMOD : MOD);
}

void raise(Emitter& e, Routines& routines, const ir::Type& type, bool checked) {
    if (!checked) return apply(e, EXP, type);
    e.swap(1).call(routines.power(type), 2, 1);
}

void negate(Emitter& e, Routines& routines, const ir::Type& type, bool checked) {
    if (checked) e.dup(0).push(smallest(type)).op(EQ).jump_if(routines.panic(panic::overflow));
    e.push(0).op(SUB);
    if (!checked) clean(e, type);
}

void shift_left(Emitter& e, const ir::Type& type) {
    e.op(SHL);
    clean(e, type);
}

void shift_right(Emitter& e, const ir::Type& type) {
    e.op(type.kind == TypeKind::Int ? SAR : SHR);
    if (type.kind == TypeKind::FixedBytes) clean(e, type);
}

void bitwise_not(Emitter& e, const ir::Type& type) {
    if (type.kind == TypeKind::Bool) return void(e.op(ISZERO));
    e.op(NOT);
    if (type.kind != TypeKind::Int) clean(e, type);
}

void compare(Emitter& e, ir::Op op, const ir::Type& operands) {
    const bool is_signed = operands.kind == TypeKind::Int;
    switch (op) {
        case ir::Op::Equal: e.op(EQ); break;
        case ir::Op::NotEqual: e.op(EQ).op(ISZERO); break;
        case ir::Op::Less: e.op(is_signed ? SLT : LT); break;
        case ir::Op::Greater: e.op(is_signed ? SGT : GT); break;
        case ir::Op::LessEqual: e.op(is_signed ? SGT : GT).op(ISZERO); break;
        default: e.op(is_signed ? SLT : LT).op(ISZERO); break;
    }
}

namespace {

// Converts a word of any type that has a number to that number.
void to_number(Emitter& e, const ir::Type& from) {
    if (from.kind == TypeKind::FixedBytes && from.bits < 256) e.push(256u - from.bits).op(SHR);
}

bool is_integer(const ir::Type& type) { return type.kind == TypeKind::Uint || type.kind == TypeKind::Int; }

// Returns whether `to` contains every number of `from`, so that nothing must be cut off.
bool includes(const ir::Type& to, const ir::Type& from) {
    if (to.kind == TypeKind::Int) return from.kind == TypeKind::Int ? from.bits <= to.bits : from.bits < to.bits;
    return from.kind != TypeKind::Int && from.bits <= to.bits;
}

// Returns the first bytes of a byte string; missing bytes are zero.
void bytes_to_fixed(Emitter& e, const ir::Type& to) {
    const Entry bytes = e.name_top();
    e.copy(bytes).push(32).op(ADD).op(MLOAD).swap(1).op(MLOAD);         // [word, length]
    e.push(3).op(SHL).push(0).op(NOT).swap(1).op(SHR).op(NOT).op(AND);  // a shift by 256 or more leaves no bit to clear
    clean(e, to);
}

}  // namespace

void convert(Emitter& e, Routines& routines, const ir::Type& from, const ir::Type& to) {
    if (keeps_word(from, to)) return;
    if (to.kind == TypeKind::FixedBytes) {
        if (from.is_reference()) return bytes_to_fixed(e, to);
        if (from.kind == TypeKind::FixedBytes) {
            if (to.bits < from.bits) clean(e, to);
        } else if (to.bits < 256) {
            e.push(256u - to.bits).op(SHL);
        }
        return;
    }
    to_number(e, from);
    if (to.kind == TypeKind::Enum) return check_enum(e, routines, to);
    const bool is_number = is_integer(to) || to.kind == TypeKind::Address;
    if (is_number && !includes(to, from)) clean(e, to);
}

}  // namespace interlock::lang::codegen
