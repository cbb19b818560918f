#include "lang/lower/members.hpp"

#include "lang/lower/builtin_members.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/places.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

Result Members::name(ExprId id) {
    const Use& use = info(id).use;
    if (use.meaning == Meaning::Builtin) return BuiltinMembers(*this).builtin_member(id);
    if (use.meaning == Meaning::Function) return function_value(id);
    if (use.meaning != Meaning::Variable) unsupported("this name is not supported as a value yet", tree_[id].range);
    return variable(use.variable, tree_[id].range);
}

Result Members::variable(VariableId id, SourceRange range) {
    if (const Variables::Binding* bound = variables_.find(id)) {
        if (const auto* place = std::get_if<PlaceReference>(bound)) return *place;
        if (const auto* pointer = std::get_if<Variables::Pointer>(bound)) {
            ir::Values words;
            for (const Local local : pointer->words) words.push_back(builder_.read(local));
            std::size_t next = 0;
            return Results(*this).unflatten(words, next, program_[id].type);
        }
        return variables_.read(std::get<Local>(*bound), range);
    }
    if (contract_.state.contains(id)) {
        if (!tree_[id].is_immutable) return Places(*this).state_place(id);
        return Places(*this).immutable(contract_.state.index_of(id), contract_.types.named(id).type, range);
    }
    if (tree_[id].is_ghost) unsupported("a ghost variable is not supported here yet", range);
    if (const auto place = contract_.state.transient_place(id)) {
        DataBuilder at = data(range);
        Reference reference{DataLocation::Storage, program_[id].type, at.word(place->slot), {}, {}};
        if (place->offset != 0) reference.offset = at.word(place->offset);
        reference.is_transient = true;
        return reference;
    }
    if (!tree_[id].is_constant || !tree_[id].initial) unsupported("this variable is not supported here yet", range);
    return in(mode_.inlining(contract_.wraps())).value(tree_[id].initial, contract_.types.named(id).type);
}

void Members::choose_module(ExprId member) {
    const ExprId choice = choice_of_module(member);
    if (!choice) return;
    const Expr& expr = tree_[choice];
    data(expr.range)
        .if_else(
            value(expr.a), [&] { choose_module(expr.b); }, [&] { choose_module(expr.c); });
}

Result Members::member(ExprId id) {
    const Expr& expr = tree_[id];
    choose_module(id);
    const Use& use = info(id).use;
    switch (use.meaning) {
        case Meaning::Function: return function_value(id);
        case Meaning::Variable:
            if (program_[use.variable].is_field) return field(id);
            if (checked_type(expr.a).kind == TypeKind::Contract) return function_value(id);  // of a getter
            return variable(use.variable, expr.range);
        case Meaning::EnumValue: return builder_.constant(type_of(id), use.number, expr.range);
        case Meaning::Builtin: return BuiltinMembers(*this).builtin_member(id);
        default: unsupported("this member is not supported as a value yet", expr.range);
    }
}

// A function that is not called here: its number, or its address and selector if it is external.
Result Members::function_value(ExprId id) {
    const Expr& expr = tree_[id];
    const Use& use = info(id).use;
    const ir::Type type = type_of(id);
    if (checked_type(id).form == FunctionForm::Internal) {
        if (mode_.specification) unsupported("a function in a specification is not supported yet", expr.range);
        return builder_.constant(type, contract_.functions.number_of(use), expr.range);
    }
    DataBuilder at = data(expr.range);
    const std::uint32_t selector =
        use.meaning == Meaning::Variable
            ? contract_.interface.method(contract_.interface.getter_method_index(use.variable)).selector
            : program_[use.function].selector;
    const ir::Value address = at.raw(value(expr.a, ir::address_type));
    const ir::Value low = at.word(vm::Word{selector} << 64);
    return at.as(at.bit_or(at.shl(address, at.word(96)), low), type);
}

// Returns a field of a struct without reading it.
Result Members::field(ExprId id) {
    const Expr& expr = tree_[id];
    const TypeId structure = info(expr.a).type;
    const VariableId named = info(id).use.variable;
    Result base = read(expression(expr.a), expr.range);
    if (base.kind == Result::Kind::Place) return Places(*this).with_field(std::move(base.place), named);
    const Reference whole = reference_of(base, structure, expr.range);
    return data(expr.range).field(whole, contract_.types.field_index(structure, named));
}

Result Members::index(ExprId id) {
    const Expr& expr = tree_[id];
    switch (checked_type(expr.a).kind) {
        case TypeKind::Mapping: {
            Result base = read(expression(expr.a), expr.range);
            const TypeId key_type = checked_type(expr.a).key;
            if (contract_.counts_memory() && data::is_byte_string(program_, key_type)) {
                const Reference mapping = reference_of(base, info(expr.a).type, expr.range);
                return data(expr.range).entry(mapping, Expressions(*this).datum(expr.b, key_type));
            }
            const ir::Type key = contract_.types.value_type(key_type, expr.range);
            const ir::Value at = Expressions(*this).unbounded(expr.b, key);
            if (base.kind == Result::Kind::Place) return Places(*this).with_key(std::move(base.place), at);
            return data(expr.range).entry(base.reference, at);
        }
        case TypeKind::Array: {
            const Result base = read(expression(expr.a), expr.range);
            const ir::Value at = index_value(expr.a, expr.b);
            const Reference array = reference_of(base, info(expr.a).type, expr.range);
            return data(expr.range).checked_element(array, at);
        }
        case TypeKind::Bytes: {
            const Result base = read(expression(expr.a), expr.range);
            const ir::Value at = index_value(expr.a, expr.b);
            const bool is_copied = base.kind == Result::Kind::Value;
            if (!is_copied) {
                DataBuilder part = data(expr.range);
                return part.load(part.byte(reference_of(base, info(expr.a).type, expr.range), at, info(id).type));
            }
            const ir::Value bytes = coerce(base.value, ir::bytes_type, expr.range);
            return builder_.op(ir::Op::BytesAt, {ir::TypeKind::FixedBytes, 8}, {bytes, at}, expr.range);
        }
        case TypeKind::FixedBytes: return fixed_bytes_index(id);
        default: unsupported("an index into this type is not supported yet", expr.range);
    }
}

// In storage an index is used with the bits that do not belong to its type.
ir::Value Members::index_value(ExprId array, ExprId id) {
    const bool in_storage =
        checked_type(array).location == DataLocation::Storage || checked_type(array).location == DataLocation::None;
    const bool is_narrow = checked_type(id).kind == TypeKind::Uint && checked_type(id).bits < 256;
    if (!in_storage || !is_narrow || info(id).constant) return value(id, ir::uint256_type);
    const SourceRange range = tree_[id].range;
    return variables_.uncleaned(value_of(expression(id), range), range);
}

// Lowers x[i] of bytesN: checks the bound, shifts the byte to the left end and cuts off the rest.
ir::Value Members::fixed_bytes_index(ExprId id) {
    const Expr& expr = tree_[id];
    const ir::Value bytes = value(expr.a);
    const ir::Value at = value(expr.b, ir::uint256_type);
    const ir::Type type = builder_.type_of(bytes);
    const ir::Value length = builder_.constant(ir::uint256_type, type.bits / 8, expr.range);
    ir::Instruction bound;
    bound.op = ir::Op::Guard;
    bound.operands = {builder_.op(ir::Op::Less, ir::bool_type, {at, length}, expr.range)};
    bound.failure.kind = ir::Failure::Kind::Panic;
    bound.failure.panic_code = 0x32;
    bound.range = expr.range;
    builder_.effect(std::move(bound));
    const ir::Value eight = builder_.constant(ir::uint256_type, 8, expr.range);
    const ir::Value bits = builder_.op(ir::Op::Mul, ir::uint256_type, {at, eight}, expr.range);
    const ir::Value shifted = builder_.op(ir::Op::Shl, type, {bytes, bits}, expr.range);
    return coerce(shifted, {ir::TypeKind::FixedBytes, 8}, expr.range);
}

Result Members::slice(ExprId id) {
    const Expr& expr = tree_[id];
    DataBuilder at = data(expr.range);
    const Reference whole = reference_of(read(expression(expr.a), expr.range), info(expr.a).type, expr.range);
    const ir::Value begin = expr.b ? value(expr.b, ir::uint256_type) : at.word(0);
    const ir::Value end = expr.c ? value(expr.c, ir::uint256_type) : at.length(whole);
    return at.slice(whole, begin, end);
}

}  // namespace interlock::lang::lowering
