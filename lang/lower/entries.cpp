#include "lang/lower/entries.hpp"

#include <algorithm>

#include "lang/ir/simplify.hpp"
#include "lang/lower/members.hpp"
#include "lang/lower/places.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

// Lowers a getter such as balances(%0): the place's keys are the parameters, in order.
void Entries::lower_getter(VariableId variable, const std::vector<TypeId>& keys, const std::vector<VariableId>& fields) {
    const SourceRange range = tree_[variable].range;
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    if (!contract_.state.contains(variable) || tree_[variable].is_immutable) {
        const Result constant = Members(*this).variable(variable, range);
        if (frame_.function.is_raw)
            return return_encoded({Results(*this).datum_of(constant, program_[variable].type, range)}, range);
        terminator.values = {coerce(value_of(constant, range), frame_.function.returns.front().type, range)};
    } else {
        const bool is_symbolic = !frame_.function.is_raw && std::ranges::all_of(keys, [&](TypeId each) {
            return program_[each].kind == TypeKind::Mapping;
        });
        if (!is_symbolic) return lower_coded_getter(variable, keys, fields);
        PlaceReference at = Places(*this).state_place(variable);
        for (const ir::Parameter& key : frame_.function.blocks.front().parameters)
            at = Places(*this).with_key(at, key.value);
        if (fields.empty()) terminator.values.push_back(Places(*this).load(at, range));
        for (const VariableId field : fields)
            terminator.values.push_back(Places(*this).load(Places(*this).with_field(at, field), range));
    }
    builder_.finish(std::move(terminator), range);
    simplify(frame_.function);
}

// Lowers a getter through arrays, or of something that the lowering encodes itself. An index outside an array reverts
// without data.
void Entries::lower_coded_getter(VariableId variable, const std::vector<TypeId>& keys,
                                 const std::vector<VariableId>& fields) {
    const SourceRange range = tree_[variable].range;
    DataBuilder at = data(range);
    ir::Values given;
    if (frame_.function.is_raw) {
        const ir::Value end = at.calldatasize();
        for (const Datum& each : at.decode(key_types(keys), at.word(4), end, DataLocation::Calldata))
            given.push_back(each.value ? each.value : at.to_memory(each.reference));
    } else {
        for (const ir::Parameter& key : frame_.function.blocks.front().parameters) given.push_back(key.value);
    }
    Reference place = Results(*this).reference_to(Places(*this).state_place(variable), range);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (program_[keys[i]].kind == TypeKind::Mapping) {
            place = at.entry(place, given[i]);
            continue;
        }
        const ir::Value length = at.length(place);
        const ir::Value is_inside = at.less(at.raw(given[i]), length);
        if (contract_.has(rule::getters_fail_by_invalid)) at.require_or_panic(is_inside, panic::index);
        else at.require(is_inside);
        place = at.element(place, at.raw(given[i]));
    }
    std::vector<Datum> results;
    if (fields.empty()) results.push_back(at.datum(place));
    for (const VariableId field : fields)
        results.push_back(at.datum(at.field(place, contract_.types.field_index(place.type, field))));
    if (frame_.function.is_raw) return return_encoded(results, range);
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    for (std::size_t i = 0; i < results.size(); ++i)
        terminator.values.push_back(at.as(results[i].value, frame_.function.returns[i].type));
    builder_.finish(std::move(terminator), range);
    simplify(frame_.function);
}

// Ends the call with the results.
void Entries::return_encoded(const std::vector<Datum>& results, SourceRange range) {
    DataBuilder at = data(range);
    const ir::Value start = at.last_memory(results, 0);
    at.end(vm::Opcode::RETURN, {start, at.sub(at.encode(results, start), start)});
    end_entry(range);
}

void Entries::end_entry(SourceRange range) {
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Unreachable;
    builder_.finish(std::move(end), range);
    simplify(frame_.function);
}

// Returns the types of a getter's parameters: arrays take numbers.
std::vector<TypeId> Entries::key_types(const std::vector<TypeId>& keys) const {
    std::vector<TypeId> types;
    for (const TypeId each : keys)
        types.push_back(program_[each].kind == TypeKind::Mapping ? program_[each].key : program_.uint256);
    return types;
}

void Entries::lower_raw_entry(FunctionId function, std::uint32_t index) {
    const Function& written = tree_[function];
    const SourceRange range = written.head;
    DataBuilder at = data(range);
    const bool is_fallback = written.kind == FunctionKind::Fallback;
    ir::Values arguments;
    if (is_fallback) {
        arguments = {at.word(0), at.calldatasize()};
    } else {
        std::vector<TypeId> types = types_of(written.parameters);
        for (TypeId& each : types)
            if (is_passed_as_slot(each)) each = program_.uint256;
        const ir::Value end = at.calldatasize();
        const auto values = at.decode(types, at.word(4), end, DataLocation::Calldata);
        for (std::size_t i = 0; i < types.size(); ++i) {
            for (const ir::Value word : Results(*this).flatten(Results(*this).result_of(values[i]), types[i], range))
                arguments.push_back(word);
        }
    }
    std::vector<Datum> results;
    variables_.pass(arguments, contract_.functions.head(index).parameters, range);
    const ir::Values words = builder_.call(index, std::move(arguments), contract_.functions.head(index).returns, range);
    std::size_t next = 0;
    for (const VariableId each : written.returns) {
        const TypeId type = is_passed_as_slot(program_[each].type) ? program_.uint256 : program_[each].type;
        results.push_back(Results(*this).datum_of(Results(*this).unflatten(words, next, type), type, range));
    }
    if (!results.empty() && !is_fallback) return return_encoded(results, range);
    if (results.empty()) {
        at.end(vm::Opcode::STOP, {});
    } else {
        const ir::Value bytes = results.front().reference.address;
        at.end(vm::Opcode::RETURN, {at.add(bytes, 32), at.mload(bytes)});
    }
    end_entry(range);
}

}  // namespace interlock::lang::lowering
