// Lowers expressions that are neither operators nor calls: names, members, literals, and conversions to what the
// context needs.
#include "lang/diagnostics/codes.hpp"
#include "lang/lower/function.hpp"

namespace interlock::lang::lowering {

// --- values ---
ir::Value FunctionLowering::coerce(ir::Value value, const ir::Type& type, SourceRange range) {
    const ir::Type from = builder_.type_of(value);
    if (from == type) return value;
    if (from.is_reference() != type.is_reference()) {
        unsupported("a conversion from `" + ir::abi_name(from) + "` to `" + ir::abi_name(type) + "` is not supported yet",
                    range);
    }
    return builder_.op(ir::Op::Convert, type, {value}, range);
}

ir::Value FunctionLowering::value_of(const Result& result, SourceRange range) {
    switch (result.kind) {
        case Result::Kind::Value: return result.value;
        case Result::Kind::Text: return value(result.text);
        case Result::Kind::Place: return load(result.place, range);
        case Result::Kind::Reference: {
            const Reference& part = result.reference;
            if (contract_.is_value(part.type)) return data(range).load(part);
            if (!data::is_byte_string(program_, part.type)) break;
            const ir::Type type = contract_.value_type(part.type, range);
            return data(range).as(data(range).to_memory(part), type);
        }
        case Result::Kind::Tuple:
            if (result.parts.size() == 1) return value_of(result.parts.front(), range);
            [[fallthrough]];
        case Result::Kind::Nothing:
        case Result::Kind::Fields: break;
    }
    unsupported("this cannot be used as one value yet", range);
}

Result FunctionLowering::loaded(Result result, SourceRange range) {
    if (result.kind == Result::Kind::Tuple) {
        for (Result& part : result.parts) part = loaded(std::move(part), range);
    }
    if (result.kind != Result::Kind::Place) return result;
    const TypeKind kind = program_[result.place.type].kind;
    const bool is_word_or_bytes =
        contract_.is_value(result.place.type) || kind == TypeKind::Bytes || kind == TypeKind::String;
    return is_word_or_bytes ? Result(load(result.place, range)) : result;
}

// Returns the type to which the context converts the expression, if values can have that type.
std::optional<ir::Type> FunctionLowering::wanted_type(ExprId id, std::optional<ir::Type> wanted) const {
    const TypeId converted = info(id).converted;
    switch (program_[converted].kind) {
        case TypeKind::Error:
        case TypeKind::RationalLiteral:
        case TypeKind::StringLiteral:
        case TypeKind::Tuple:
        case TypeKind::Struct:
        case TypeKind::Mapping:
        case TypeKind::Array: return wanted;
        default: return contract_.value_type(converted, tree_[id].range);
    }
}

ir::Value FunctionLowering::value(ExprId id, std::optional<ir::Type> wanted) {
    const SourceRange range = tree_[id].range;
    const std::optional<ir::Type> first = wanted_type(id, wanted);
    ir::Value value;
    const Expr& written = tree_[inner(id)];
    if (info(id).constant) {
        value = constant(id, wanted);
    } else if (info(inner(id)).use.builtin == Builtin::MsgData && written.kind == ExprKind::Member) {
        value = contract_.counts_memory() ? value_of(expression(id), range)
                                          : environment(ir::Op::CallData, ir::bytes_type, range);
    } else if (is_text(id)) {
        value = literal(written.text, first.value_or(ir::string_type), range);
    } else {
        value = value_of(expression(id), range);
    }
    if (first) value = coerce(value, *first, range);
    return wanted ? coerce(value, *wanted, range) : value;
}

ir::Value FunctionLowering::literal(std::string_view data, const ir::Type& type, SourceRange range) {
    if (type.kind == ir::TypeKind::FixedBytes) {
        vm::Bytes padded(data.begin(), data.end());
        padded.resize(32);
        return builder_.constant(type, vm::word_from_big_endian(padded), range);
    }
    if (contract_.counts_memory() && !specification_)
        return this->data(range).as(this->data(range).text_in_memory(data), type);
    return text(data, type, range);
}

ir::Value FunctionLowering::text(std::string_view data, const ir::Type& type, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::Literal;
    instruction.type = type;
    instruction.data = data;
    instruction.range = range;
    return builder_.emit(std::move(instruction));
}

// Makes a constant of the type to which it is converted; an unbounded integer is made from a machine integer of the
// right sign.
ir::Value FunctionLowering::constant(ExprId id, std::optional<ir::Type> wanted) {
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

ir::Type FunctionLowering::type_of(ExprId id) const { return contract_.value_type(info(id).type, tree_[id].range); }

ExprId FunctionLowering::inner(ExprId id) const {
    while (tree_[id].kind == ExprKind::Tuple && tree_[id].list.size() == 1 && tree_[id].list.front())
        id = tree_[id].list.front();
    return id;
}

// --- expressions ---
Result FunctionLowering::expression(ExprId id) {
    const Expr& expr = tree_[id];
    if (info(id).constant) return constant(id, std::nullopt);
    switch (expr.kind) {
        case ExprKind::Name: return name(id);
        case ExprKind::Member: return member(id);
        case ExprKind::Index: return index(id);
        case ExprKind::Call: return call(id);
        case ExprKind::Tuple: return tuple(id);
        case ExprKind::Conditional: return conditional(id);
        case ExprKind::Assign: return assign(id);
        case ExprKind::Binary:
            if (info(id).use.meaning == Meaning::Function) return operator_call(id);
            return binary(id);
        case ExprKind::Unary:
            if (info(id).use.meaning == Meaning::Function) return operator_call(id);
            if (expr.unary != UnaryOp::Delete) return unary(id);
            clear(expr.a, expr.range);
            return {};
        case ExprKind::PostfixUnary: return step_by_one(id, expr.a, expr.unary, true);
        case ExprKind::String:
        case ExprKind::HexString:
            return literal(expr.text, wanted_type(id, std::nullopt).value_or(ir::string_type), expr.range);
        case ExprKind::Bool: return builder_.constant(ir::bool_type, expr.flag ? 1 : 0, expr.range);
        case ExprKind::Old: {
            if (const auto known = olds_.find(id); known != olds_.end()) return known->second;
            const bool saved = std::exchange(at_entry_, true);
            const ir::Value before = value(expr.a);
            at_entry_ = saved;
            return before;
        }
        case ExprKind::Result: return result_value(expr);
        case ExprKind::Sum: return sum(id);
        case ExprKind::Slice: return slice(id);
        case ExprKind::ArrayLiteral: return array_literal(id);
        case ExprKind::TypeOf:
        case ExprKind::New:
        case ExprKind::ElementaryType:
        case ExprKind::CallOptions: {  // of a function that is not called: only its parts are evaluated
            const Result function = expression(expr.a);
            for (const ExprId option : expr.list) discard(evaluate(option), expr.range);
            return function;
        }
        case ExprKind::Error:
        case ExprKind::Number:
        case ExprKind::Quantified:
            unsupported(expr.flag ? "`forall` is not supported here yet" : "`exists` is not supported here yet", expr.range);
    }
    unsupported("this expression is not supported yet", expr.range);
}

Result FunctionLowering::name(ExprId id) {
    const Use& use = info(id).use;
    if (use.meaning == Meaning::Builtin) return builtin_member(id);
    if (use.meaning == Meaning::Function) return function_value(id);
    if (use.meaning != Meaning::Variable) unsupported("this name is not supported as a value yet", tree_[id].range);
    return variable(use.variable, tree_[id].range);
}

ir::Value FunctionLowering::immutable(std::uint32_t index, const ir::Type& type, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::LoadImmutable;
    instruction.type = type;
    instruction.place.variable = index;
    instruction.range = range;
    return builder_.emit(std::move(instruction));
}

Result FunctionLowering::variable(VariableId id, SourceRange range) {
    if (const auto bound = bindings_.find(id); bound != bindings_.end()) {
        if (const auto* place = std::get_if<PlaceReference>(&bound->second)) return *place;
        if (const auto* pointer = std::get_if<Pointer>(&bound->second)) {
            ir::Values words;
            for (const Local local : pointer->words) words.push_back(builder_.read(local));
            std::size_t next = 0;
            return unflatten(words, next, program_[id].type);
        }
        return read(std::get<Local>(bound->second), range);
    }
    if (contract_.has_state(id)) {
        if (!tree_[id].is_immutable) return state_place(id);
        return immutable(contract_.state_index(id), contract_.named(id).type, range);
    }
    if (tree_[id].is_ghost) unsupported("a ghost variable is not supported here yet", range);
    if (const auto place = contract_.transient_place(id)) {
        Data at = data(range);
        Reference reference{DataLocation::Storage, program_[id].type, at.word(place->slot), {}, {}};
        if (place->offset != 0) reference.offset = at.word(place->offset);
        reference.is_transient = true;
        return reference;
    }
    if (!tree_[id].is_constant || !tree_[id].initial) unsupported("this variable is not supported here yet", range);
    const bool saved_specification = std::exchange(specification_, false);
    const bool saved_unchecked = std::exchange(unchecked_, false);
    const ir::Value inlined = value(tree_[id].initial, contract_.named(id).type);
    specification_ = saved_specification;
    unchecked_ = saved_unchecked;
    return inlined;
}

Result FunctionLowering::member(ExprId id) {
    const Expr& expr = tree_[id];
    const Use& use = info(id).use;
    switch (use.meaning) {
        case Meaning::Function: return function_value(id);
        case Meaning::Variable:
            if (program_[use.variable].is_field) return field(id);
            if (checked_type(expr.a).kind == TypeKind::Contract) return function_value(id);  // of a getter
            return variable(use.variable, expr.range);
        case Meaning::EnumValue: return builder_.constant(type_of(id), use.number, expr.range);
        case Meaning::Builtin: return builtin_member(id);
        default: unsupported("this member is not supported as a value yet", expr.range);
    }
}

// A function that is not called here: its number, or its address and selector if it is external.
Result FunctionLowering::function_value(ExprId id) {
    const Expr& expr = tree_[id];
    const Use& use = info(id).use;
    const ir::Type type = type_of(id);
    if (checked_type(id).form == FunctionForm::Internal)
        return builder_.constant(type, contract_.function_number(use), expr.range);
    Data at = data(expr.range);
    const std::uint32_t selector = use.meaning == Meaning::Variable
                                       ? contract_.method(contract_.getter_method_index(use.variable)).selector
                                       : program_[use.function].selector;
    const ir::Value address = at.raw(value(expr.a, ir::address_type));
    return at.as(at.bit_or(at.shl(address, at.word(96)), at.word(vm::Word{selector} << 64)), type);
}

// Returns a field of a struct without reading it.
Result FunctionLowering::field(ExprId id) {
    const Expr& expr = tree_[id];
    const TypeId structure = info(expr.a).type;
    const VariableId named = info(id).use.variable;
    Result base = read(expression(expr.a), expr.range);
    if (base.kind == Result::Kind::Place) return with_field(std::move(base.place), named);
    const Reference whole = reference_of(base, structure, expr.range);
    return data(expr.range).field(whole, contract_.field_index(structure, named));
}

Result FunctionLowering::index(ExprId id) {
    const Expr& expr = tree_[id];
    switch (checked_type(expr.a).kind) {
        case TypeKind::Mapping: {
            Result base = read(expression(expr.a), expr.range);
            const TypeId key_type = checked_type(expr.a).key;
            if (contract_.counts_memory() && data::is_byte_string(program_, key_type)) {
                const Reference mapping = reference_of(base, info(expr.a).type, expr.range);
                return data(expr.range).entry(mapping, datum(expr.b, key_type));
            }
            const ir::Type key = contract_.value_type(key_type, expr.range);
            const ir::Value at = unbounded(expr.b, key);
            if (base.kind == Result::Kind::Place) return with_key(std::move(base.place), at);
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
                Data part = data(expr.range);
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
ir::Value FunctionLowering::index_value(ExprId array, ExprId id) {
    const bool in_storage =
        checked_type(array).location == DataLocation::Storage || checked_type(array).location == DataLocation::None;
    const bool is_narrow = checked_type(id).kind == TypeKind::Uint && checked_type(id).bits < 256;
    if (!in_storage || !is_narrow || info(id).constant) return value(id, ir::uint256_type);
    contract_.found.finds_dirt = true;
    const SourceRange range = tree_[id].range;
    return uncleaned(value_of(expression(id), range), range);
}

// Lowers x[i] of bytesN: checks the bound, shifts the byte to the left end and cuts off the rest.
ir::Value FunctionLowering::fixed_bytes_index(ExprId id) {
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

// Components in storage or call data are copied only when they are assigned, after all components have been evaluated.
Result FunctionLowering::tuple(ExprId id) {
    const Expr& expr = tree_[id];
    if (inner(id) != id) return expression(expr.list.front());
    std::vector<Result> parts;
    for (const ExprId each : expr.list) {
        if (!each || names_no_value(checked_type(each))) {  // a hole, or a name where nobody uses the tuple
            parts.emplace_back();
            continue;
        }
        parts.push_back(unconverted(each));
    }
    return Result::tuple(std::move(parts));
}

Result FunctionLowering::conditional(ExprId id) {
    const Expr& expr = tree_[id];
    const Type& common = checked_type(id);
    const bool in_memory = common.location == DataLocation::Memory || common.location == DataLocation::None;
    const bool is_word = contract_.is_value(info(id).type) || common.kind == TypeKind::Integer ||
                         (in_memory && data::is_byte_string(program_, info(id).type));
    if (!is_word) return conditional_reference(id, info(id).type);
    const ir::Type type = wanted_type(id, std::nullopt).value_or(type_of(id));
    const ir::Value condition = value(expr.a);
    if (contract_.may_be_dirty(context_type(id))) {
        const Local word = builder_.make_local(ir::uint256_type);
        const auto choose = [&](ExprId branch) {
            const ir::Value chosen = implicitly(value(branch, type), context_type(id), expr.range);
            builder_.write(word, uncleaned(chosen, expr.range));
        };
        data(expr.range)
            .if_else(
                condition, [&] { choose(expr.b); }, [&] { choose(expr.c); });
        return cleaned(builder_.read(word), context_type(id), expr.range);
    }
    if (specification_ || (is_total(expr.b) && is_total(expr.c))) {
        const ir::Value then = value(expr.b, type);
        const ir::Value otherwise = value(expr.c, type);
        return builder_.op(ir::Op::Select, type, {condition, then, otherwise}, expr.range);
    }
    const Local chosen = builder_.make_local(type);
    const ir::BlockIndex then = builder_.make_block(expr.range);
    const ir::BlockIndex otherwise = builder_.make_block(expr.range);
    const ir::BlockIndex after = builder_.make_block(expr.range);
    builder_.branch(condition, then, otherwise, expr.range);
    builder_.enter_sealed(then);
    builder_.write(chosen, value(expr.b, type));
    builder_.jump(after, expr.range);
    builder_.enter_sealed(otherwise);
    builder_.write(chosen, value(expr.c, type));
    builder_.jump(after, expr.range);
    builder_.enter_sealed(after);
    return builder_.read(chosen);
}

}  // namespace interlock::lang::lowering
