// Lowers storage places to symbolic paths, and the targets of assignments.
#include "lang/diagnostics/codes.hpp"
#include "lang/lower/function.hpp"

namespace interlock::lang::lowering {

// --- paths ---
PlaceReference FunctionLowering::place(ExprId id) {
    Result result = expression(id);
    if (result.kind != Result::Kind::Place) unsupported("this does not name a place in storage", tree_[id].range);
    return std::move(result.place);
}

PlaceReference FunctionLowering::state_place(VariableId variable) const {
    if (!contract_.has_state(variable)) unsupported("a ghost variable is not supported here yet", tree_[variable].range);
    return {contract_.state_index(variable), {}, {}, program_[variable].type};
}

PlaceReference FunctionLowering::with_field(PlaceReference base, VariableId field) const {
    base.steps.push_back({ir::PlaceStep::Kind::Field, contract_.field_index(base.type, field)});
    base.type = program_[field].type;
    return base;
}

PlaceReference FunctionLowering::with_key(PlaceReference base, ir::Value key) const {
    base.steps.push_back({ir::PlaceStep::Kind::Key, static_cast<std::uint32_t>(base.keys.size())});
    base.keys.push_back(key);
    base.type = program_[base.type].value;
    return base;
}

// --- access ---
ir::Value FunctionLowering::load(const PlaceReference& place, SourceRange range) {
    if (contract_.counts_memory() && !specification_ && data::is_byte_string(program_, place.type)) {
        Data at = data(range);
        return at.as(at.to_memory(reference_to(place, range)), contract_.value_type(place.type, range));
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Load;
    instruction.type = contract_.value_type(place.type, range);
    instruction.at_entry = at_entry_;
    instruction.place = {place.variable, place.steps};
    instruction.operands = place.keys;
    instruction.range = range;
    return builder_.emit(std::move(instruction));
}

void FunctionLowering::store(const PlaceReference& place, ir::Value value, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::Store;
    instruction.type = contract_.value_type(place.type, range);
    instruction.place = {place.variable, place.steps};
    instruction.operands = place.keys;
    instruction.operands.push_back(coerce(value, instruction.type, range));
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

// Stores a struct field by field; mappings in it stay unchanged.
void FunctionLowering::store_result(const PlaceReference& place, const Result& result, SourceRange range) {
    const TypeKind kind = program_[place.type].kind;
    const bool is_coded = !is_simple(place.type) || (kind == TypeKind::Struct && result.kind == Result::Kind::Reference);
    if (is_coded) {
        TypeId type = place.type;
        if (result.kind == Result::Kind::Reference) type = result.reference.type;
        if (result.kind == Result::Kind::Place) type = result.place.type;
        const Reference to = reference_to(place, range);
        return data(range).to_storage(to, {type, {}, reference_of(result, type, range)});
    }
    if (contract_.counts_memory() && data::is_byte_string(program_, place.type) && result.kind != Result::Kind::Value)
        return data(range).to_storage(reference_to(place, range), {place.type, {}, reference_of(result, place.type, range)});
    const bool is_calldata = result.kind == Result::Kind::Reference && result.reference.location == DataLocation::Calldata;
    if (is_calldata && data::is_byte_string(program_, place.type))
        return store(place,
                     data(range).as(data(range).copy_of_calldata(result.reference), contract_.value_type(place.type, range)),
                     range);
    if (kind != TypeKind::Struct) return store(place, value_of(result, range), range);
    std::size_t number = 0;
    for (const VariableId field : contract_.fields_of(place.type)) {
        if (program_[program_[field].type].kind == TypeKind::Mapping) continue;
        const PlaceReference to = with_field(place, field);
        if (result.kind == Result::Kind::Fields) {
            store_result(to, result.parts.at(number++), range);
        } else if (result.kind == Result::Kind::Place) {
            store_result(to, loaded(with_field(result.place, field), range), range);
        } else {
            unsupported("this cannot be assigned to a struct yet", range);
        }
    }
}

// --- targets ---
Target FunctionLowering::target(ExprId id) {
    id = inner(id);
    const Expr& expr = tree_[id];
    Target to;
    to.range = expr.range;
    if (expr.kind == ExprKind::Tuple) {
        to.kind = Target::Kind::Tuple;
        for (const ExprId part : expr.list) to.parts.push_back(part ? target(part) : Target{});
        return to;
    }
    if (expr.kind == ExprKind::Name && info(id).use.meaning == Meaning::Variable) {
        const VariableId variable = info(id).use.variable;
        if (const auto bound = bindings_.find(variable); bound != bindings_.end()) {
            if (std::holds_alternative<Pointer>(bound->second)) {
                to.kind = Target::Kind::Pointer;
                to.pointer = variable;
                return to;
            }
            to.kind = Target::Kind::Local;
            to.local = std::get<Local>(bound->second);
            return to;
        }
    }
    const bool is_named = expr.kind == ExprKind::Name || expr.kind == ExprKind::Member;  // also behind its contract's name
    const VariableId named = is_named && info(id).use.meaning == Meaning::Variable ? info(id).use.variable : VariableId{};
    if (named && tree_[named].is_immutable && contract_.has_state(named)) {
        to.kind = Target::Kind::Immutable;
        to.immutable = contract_.state_index(named);
        to.place = state_place(named);
        return to;
    }
    return element_target(id);
}

// Returns a part of a variable, or a whole state variable, as target.
Target FunctionLowering::element_target(ExprId id) {
    const Expr& expr = tree_[id];
    Target to;
    to.range = expr.range;
    const bool is_byte = expr.kind == ExprKind::Index && data::is_byte_string(program_, info(expr.a).type);
    Result result;
    if (is_byte) {
        const TypeId bytes = info(expr.a).type;
        const Result base = read(expression(expr.a), expr.range);
        const ir::Value at = value(expr.b, ir::uint256_type);
        result = data(expr.range).byte(reference_of(base, bytes, expr.range), at, info(id).type);
    } else {
        result = expression(id);
    }
    if (result.kind == Result::Kind::Place) {
        to.kind = Target::Kind::Place;
        to.place = std::move(result.place);
    } else if (result.kind == Result::Kind::Reference) {
        to.kind = Target::Kind::Reference;
        to.reference = result.reference;
    } else {
        unsupported("this cannot be assigned yet", expr.range);
    }
    return to;
}

ir::Value FunctionLowering::read(const Target& target) {
    switch (target.kind) {
        case Target::Kind::Local: return read(target.local, target.range);
        case Target::Kind::Place: return load(target.place, target.range);
        case Target::Kind::Reference: return data(target.range).load(target.reference);
        case Target::Kind::Immutable:
            return immutable(target.immutable, contract_.value_type(target.place.type, target.range), target.range);
        case Target::Kind::Pointer:
        case Target::Kind::Tuple:
        case Target::Kind::Hole: break;
    }
    unsupported("this cannot be read and written at once yet", target.range);
}

void FunctionLowering::write(const Target& target, const Result& result, SourceRange range) {
    switch (target.kind) {
        case Target::Kind::Hole: return;
        case Target::Kind::Local:
            return write(target.local, coerce(value_of(result, range), type_of(target.local, range), range), range);
        case Target::Kind::Place: return store_result(target.place, result, range);
        case Target::Kind::Pointer: {
            const ir::Values words = flatten(result, program_[target.pointer].type, range);
            const std::vector<Local> locals = locals_of(target.pointer);
            for (std::size_t i = 0; i < locals.size(); ++i) builder_.write(locals[i], words[i]);
            return;
        }
        case Target::Kind::Reference: {
            const Reference& to = target.reference;
            if (contract_.is_value(to.type)) return data(range).store(to, value_of(result, range));
            if (to.location == DataLocation::Memory)
                return data(range).mstore(to.address, address_in_memory(result, to.type, range));
            TypeId type = to.type;
            if (result.kind == Result::Kind::Reference) type = result.reference.type;
            if (result.kind == Result::Kind::Place) type = result.place.type;
            return data(range).to_storage(to, {type, {}, reference_of(result, type, range)});
        }
        case Target::Kind::Immutable: {
            ir::Instruction instruction;
            instruction.op = ir::Op::StoreImmutable;
            instruction.type = contract_.value_type(target.place.type, range);
            instruction.place.variable = target.immutable;
            instruction.operands = {coerce(value_of(result, range), instruction.type, range)};
            instruction.range = range;
            return builder_.effect(std::move(instruction));
        }
        case Target::Kind::Tuple:
            if (result.kind != Result::Kind::Tuple || result.parts.size() != target.parts.size()) {
                unsupported("this cannot be assigned to a tuple yet", range);
            }
            return write_parts(target.parts, result.parts, range);
    }
}

// Parts are converted in the written order and assigned in the reverse order.
void FunctionLowering::write_parts(const std::vector<Target>& targets, std::vector<Result> parts, SourceRange range) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool is_text = parts[i].kind == Result::Kind::Text && targets[i].kind != Target::Kind::Hole;
        if (is_text) parts[i] = value_of(parts[i], range);
    }
    for (std::size_t i = targets.size(); i-- > 0;) write(targets[i], parts[i], range);
}

}  // namespace interlock::lang::lowering
