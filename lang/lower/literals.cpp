#include "lang/lower/literals.hpp"

namespace interlock::lang::lowering {

// Returns the type to which the context converts the expression, if values can have that type.
std::optional<ir::Type> Literals::wanted_type(ExprId id, std::optional<ir::Type> wanted) const {
    const TypeId converted = info(id).converted;
    switch (program_[converted].kind) {
        case TypeKind::Error:
        case TypeKind::RationalLiteral:
        case TypeKind::StringLiteral:
        case TypeKind::Tuple:
        case TypeKind::Struct:
        case TypeKind::Mapping:
        case TypeKind::Array: return wanted;
        default: return contract_.types.value_type(converted, tree_[id].range);
    }
}

ir::Value Literals::literal(std::string_view data, const ir::Type& type, SourceRange range) {
    if (type.kind == ir::TypeKind::FixedBytes) {
        vm::Bytes padded(data.begin(), data.end());
        padded.resize(32);
        return builder_.constant(type, vm::word_from_big_endian(padded), range);
    }
    if (contract_.counts_memory() && !mode_.specification)
        return this->data(range).as(this->data(range).text_in_memory(data), type);
    return text(data, type, range);
}

ir::Value Literals::text(std::string_view data, const ir::Type& type, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::Literal;
    instruction.type = type;
    instruction.data = data;
    instruction.range = range;
    return builder_.emit(std::move(instruction));
}

// Makes a constant of the type to which it is converted; an unbounded integer is made from a machine integer of the
// right sign.
ir::Value Literals::constant(ExprId id, std::optional<ir::Type> wanted) {
    const SourceRange range = tree_[id].range;
    const vm::Word& word = *info(id).constant;
    const bool is_literal = checked_type(id).kind == TypeKind::RationalLiteral;
    const bool is_negative = is_literal && name_of(program_, info(id).type).starts_with("int_const -");
    const ir::Type widest{is_negative ? ir::TypeKind::Int : ir::TypeKind::Uint, 256};
    std::optional<ir::Type> type = wanted_type(id, std::nullopt);
    if (type == ir::integer_type) type = is_literal ? widest : type_of(id);
    if (!type && !is_literal && checked_type(id).kind != TypeKind::StringLiteral) type = type_of(id);
    if (type == ir::integer_type) type = ir::Type{word.is_negative() ? ir::TypeKind::Int : ir::TypeKind::Uint, 256};
    if (type) return builder_.constant(*type, word, range);
    if (wanted && wanted->kind == ir::TypeKind::FixedBytes)
        return builder_.constant(*wanted, word << (256u - wanted->bits), range);
    const bool takes_any = wanted && *wanted != ir::integer_type && !wanted->is_reference();
    return builder_.constant(takes_any ? *wanted : widest, word, range);
}

}  // namespace interlock::lang::lowering
