#include "lang/lower/places.hpp"

#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

ir::Value Places::immutable(std::uint32_t index, const ir::Type& type, SourceRange range) {
    ir::Instruction instruction;
    instruction.op = ir::Op::LoadImmutable;
    instruction.type = type;
    instruction.place.variable = index;
    instruction.range = range;
    return builder_.emit(std::move(instruction));
}

bool Places::is_simple(TypeId type) const {
    const Type& t = program_[type];
    if (t.kind == TypeKind::Array) return false;
    if (t.kind != TypeKind::Struct) return true;
    return std::ranges::all_of(contract_.types.fields_of(type),
                               [&](VariableId field) { return is_simple(program_[field].type); });
}

PlaceReference Places::place(ExprId id) {
    Result result = expression(id);
    if (result.kind != Result::Kind::Place) unsupported("this does not name a place in storage", tree_[id].range);
    return std::move(result.place);
}

PlaceReference Places::state_place(VariableId variable) const {
    if (!contract_.state.contains(variable))
        unsupported("a ghost variable is not supported here yet", tree_[variable].range);
    return {contract_.state.index_of(variable), {}, {}, program_[variable].type};
}

PlaceReference Places::with_field(PlaceReference base, VariableId field) const {
    base.steps.push_back({ir::PlaceStep::Kind::Field, contract_.types.field_index(base.type, field)});
    base.type = program_[field].type;
    return base;
}

bool Places::has_byte_string(TypeId simple) const {
    if (program_[simple].kind != TypeKind::Struct) return data::is_byte_string(program_, simple);
    return std::ranges::any_of(contract_.types.fields_of(simple),
                               [&](VariableId field) { return has_byte_string(program_[field].type); });
}

PlaceReference Places::with_key(PlaceReference base, ir::Value key) const {
    base.steps.push_back({ir::PlaceStep::Kind::Key, static_cast<std::uint32_t>(base.keys.size())});
    base.keys.push_back(key);
    base.type = program_[base.type].value;
    return base;
}

ir::Value Places::load(const PlaceReference& place, SourceRange range) {
    contract_.types.refuse_fixed_point(place.type, range);
    ir::Instruction instruction;
    if (!mode_.specification && data::is_byte_string(program_, place.type)) instruction.callee = data(range).bytes_loader();
    instruction.op = ir::Op::Load;
    instruction.type = contract_.types.value_type(place.type, range);
    instruction.at_entry = mode_.at_entry;
    instruction.place = {place.variable, place.steps};
    instruction.operands = place.keys;
    instruction.range = range;
    return builder_.emit(std::move(instruction));
}

void Places::store(const PlaceReference& place, ir::Value value, SourceRange range) {
    ir::Instruction instruction;
    if (data::is_byte_string(program_, place.type)) instruction.callee = data(range).bytes_storer();
    instruction.op = ir::Op::Store;
    instruction.type = contract_.types.value_type(place.type, range);
    instruction.place = {place.variable, place.steps};
    instruction.operands = place.keys;
    instruction.operands.push_back(coerce(value, instruction.type, range));
    instruction.range = range;
    builder_.effect(std::move(instruction));
}

// Stores a struct field by field; mappings in it stay unchanged.
void Places::store_result(const PlaceReference& place, const Result& result, SourceRange range) {
    contract_.types.refuse_fixed_point(place.type, range);
    const TypeKind kind = program_[place.type].kind;
    const bool is_coded = !is_simple(place.type) || (kind == TypeKind::Struct && result.kind == Result::Kind::Reference);
    if (is_coded) {
        TypeId type = place.type;
        if (result.kind == Result::Kind::Reference) type = result.reference.type;
        if (result.kind == Result::Kind::Place) type = result.place.type;
        const Reference to = Results(*this).reference_to(place, range);
        return data(range).to_storage(to, {type, {}, reference_of(result, type, range)});
    }
    if (contract_.counts_memory() && data::is_byte_string(program_, place.type) && result.kind != Result::Kind::Value) {
        const Datum from{place.type, {}, reference_of(result, place.type, range)};
        return data(range).to_storage(Results(*this).reference_to(place, range), from);
    }
    const bool is_calldata = result.kind == Result::Kind::Reference && result.reference.location == DataLocation::Calldata;
    if (is_calldata && data::is_byte_string(program_, place.type))
        return store(
            place,
            data(range).as(data(range).copy_of_calldata(result.reference), contract_.types.value_type(place.type, range)),
            range);
    if (kind != TypeKind::Struct) return store(place, value_of(result, range), range);
    std::size_t number = 0;
    for (const VariableId field : contract_.types.fields_of(place.type)) {
        if (program_[program_[field].type].kind == TypeKind::Mapping) continue;
        const PlaceReference to = with_field(place, field);
        if (result.kind == Result::Kind::Fields) {
            store_result(to, result.parts.at(number++), range);
        } else if (result.kind == Result::Kind::Place) {
            store_result(to, Results(*this).loaded(with_field(result.place, field), range), range);
        } else {
            unsupported("this cannot be assigned to a struct yet", range);
        }
    }
}

}  // namespace interlock::lang::lowering
