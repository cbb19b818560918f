#include "lang/codegen/storage.hpp"

#include "lang/codegen/arithmetic.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::TypeKind;
using vm::all_ones;

namespace {

Word field_mask(const ir::Type& type, unsigned offset) { return (all_ones >> (256u - type.bits)) << (8 * offset); }

bool takes_slot(const ir::Type& type) { return type.bits == 256; }

}  // namespace

void load_packed(Emitter& e, Routines& routines, const ir::Type& type, unsigned offset) {
    e.op(SLOAD);
    if (takes_slot(type)) return;
    const unsigned right = 8 * offset, left = 256u - type.bits - right;  // bits on each side
    if (type.kind == TypeKind::FixedBytes) {
        e.push(left).op(SHL);
        if (right > 0) clean(e, type);
    } else if (type.kind == TypeKind::Int && left == 0) {
        e.push(right).op(SAR);
    } else {
        e.push(right).op(SHR);
        if (type.kind == TypeKind::Int) clean(e, type);
        else if (left > 0) e.push(field_mask(type, 0)).op(AND);
    }
    // Assembly may have stored any bits.
    if (type.kind == ir::TypeKind::Bool) clean(e, type);
    if (type.kind == ir::TypeKind::Enum) check_enum(e, routines, type);
}

void store_packed(Emitter& e, const ir::Type& type, unsigned offset) {
    if (takes_slot(type)) return void(e.op(SSTORE));
    e.dup(0).op(SLOAD).push(~field_mask(type, offset)).op(AND);  // [value, slot, others]
    e.swap(2);                                                   // [others, slot, value]
    if (type.kind == TypeKind::FixedBytes) e.push(256u - type.bits).op(SHR);
    if (type.kind == TypeKind::Int) e.push(field_mask(type, 0)).op(AND);
    e.push(8 * offset).op(SHL);
    e.swap(1).swap(2).op(OR).swap(1).op(SSTORE);
}

void clear_packed(Emitter& e, const ir::Type& type, unsigned offset) {
    if (takes_slot(type)) return void(e.push(0).swap(1).op(SSTORE));
    e.dup(0).op(SLOAD).push(~field_mask(type, offset)).op(AND).swap(1).op(SSTORE);
}

}  // namespace interlock::lang::codegen
