#include "lang/lower/calls.hpp"

#include <algorithm>

#include "lang/lower/builtins.hpp"
#include "lang/lower/events.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/external_calls.hpp"
#include "lang/lower/members.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

Result Calls::call(ExprId id) {
    Members(*this).choose_module(callee(id));
    switch (info(id).call) {
        case CallForm::Conversion: return conversion(id);
        case CallForm::StructConstructor: return struct_constructor(id);
        case CallForm::Internal: return internal_call(id);
        case CallForm::External:
            return contract_.takes_in(info(callee(id)).use.function) ? call_of_taken_in(id)
                                                                     : ExternalCalls(*this).method_call(id);
        case CallForm::FunctionValue: return function_value_call(id);
        case CallForm::Create: return ExternalCalls(*this).create(id);
        case CallForm::Builtin: return Builtins(*this).builtin_call(id);
        case CallForm::Event: Events(*this).emit(id, tree_[id].range); return {};  // as older dialects write it
        case CallForm::Error:
        case CallForm::None: break;
    }
    unsupported("this call is not supported yet", tree_[id].range);
}

template <class Evaluate>
void Calls::each_argument(ExprId call, Evaluate evaluate) {
    const auto& ordered = arguments_of(call);
    if (info(callee(call)).use.is_bound) evaluate(ordered.front(), 0);  // the expression before the dot
    for (const ExprId argument : tree_[call].list) {
        evaluate(argument, static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), argument) - ordered.begin()));
    }
}

ir::Values Calls::arguments(ExprId call, const std::vector<ir::NamedType>& parameters) {
    if (arguments_of(call).size() != parameters.size())
        unsupported("these arguments are not supported yet", tree_[call].range);
    std::vector<Result> given(parameters.size());
    each_argument(call, [&](ExprId argument, std::size_t i) {
        contract_.types.refuse_fixed_point(context_type(argument), tree_[argument].range);
        given.at(i) = Expressions(*this).pending(argument, parameters.at(i).type);
    });
    ir::Values values;
    for (std::size_t i = 0; i < given.size(); ++i)
        values.push_back(Results(*this).encodable(given[i], parameters[i].type, tree_[call].range));
    return values;
}

Result Calls::conversion(ExprId id) {
    const ExprId argument = arguments_of(id).at(0);
    if (checked_type(argument).kind == TypeKind::Meta)
        return ExternalCalls(*this).library_address(program_[checked_type(argument).value].contract, tree_[id].range);
    if (data::is_reference(program_, info(id).type)) return reference_conversion(id, argument);
    const ir::Type type = type_of(id);
    if (data::is_byte_string(program_, info(argument).type)) {
        const Reference bytes =
            reference_of(read(expression(argument), tree_[id].range), info(argument).type, tree_[id].range);
        return data(tree_[id].range).as_fixed_bytes(bytes, info(id).type);
    }
    const bool is_literal =
        checked_type(argument).kind == TypeKind::RationalLiteral || checked_type(argument).kind == TypeKind::StringLiteral;
    const ir::Value from = is_literal ? value(argument, type) : value(argument);
    const ir::Value to = coerce(from, type, tree_[id].range);
    return info(argument).type == info(id).type ? to : variables_.forget_word(to, tree_[id].range);
}

// bytes(text) and string(data) only change the type.
Result Calls::reference_conversion(ExprId id, ExprId argument) {
    const SourceRange range = tree_[id].range;
    const TypeId to = info(id).type;
    if (is_text(argument)) return value(argument, contract_.types.value_type(to, range));
    Result result = read(expression(argument), range);
    if (result.kind == Result::Kind::Value) return coerce(result.value, contract_.types.value_type(to, range), range);
    const bool is_same = program_[to].kind == checked_type(argument).kind;
    if (result.kind == Result::Kind::Place && !is_same) result = Results(*this).reference_to(result.place, range);
    if (result.kind == Result::Kind::Reference && !is_same) result.reference.type = to;
    return result;
}

Result Calls::struct_constructor(ExprId id) {
    std::vector<VariableId> fields = contract_.types.fields_of(info(id).type);
    if (contract_.has(rule::structs_skip_mappings))
        std::erase_if(fields, [&](VariableId each) { return program_[program_[each].type].kind == TypeKind::Mapping; });
    std::vector<Result> parts(fields.size());
    each_argument(id, [&](ExprId argument, std::size_t i) {
        const bool is_made_here = info(inner(argument)).call == CallForm::StructConstructor;
        parts.at(i) = is_made_here ? expression(argument) : Expressions(*this).unconverted(argument);
        const TypeId type = program_[fields.at(i)].type;
        if (contract_.types.is_value(type)) parts.at(i) = data(tree_[argument].range).as_type(parts.at(i).value, type);
    });
    if (contract_.counts_memory()) {
        const Result made = Result::tuple(std::move(parts), Result::Kind::Fields);
        return Reference{DataLocation::Memory,
                         info(id).type,
                         Results(*this).address_in_memory(made, info(id).type, tree_[id].range),
                         {},
                         {}};
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].kind != Result::Kind::Fields)
            parts[i] = Results(*this).in_memory(parts[i], program_[fields[i]].type, tree_[id].range);
    return Result::tuple(std::move(parts), Result::Kind::Fields);
}

Result Calls::internal_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    if (mode_.specification) unsupported("a call in a specification is not supported yet", range);
    const FunctionId called = info(callee(id)).use.function;
    const std::uint32_t index = contract_.functions.index_of(info(callee(id)).use);
    return results_of(index, words_for(id, types_of(tree_[called].parameters)), types_of(tree_[called].returns), range);
}

// Returns a copy in memory, as a call with it makes one.
Datum Calls::copied(const Datum& given, TypeId type, SourceRange range) {
    DataBuilder at = data(range);
    const ir::Value encoded = at.bytes_of_encoding({given}, {}, false);
    const ir::Value first = at.add(encoded, 32);
    return at.decode({type}, first, at.add(first, at.mload(encoded)), DataLocation::Memory).front();
}

// A function of a linked library, as one of the contract's own: of what lies in memory it gets a copy.
Result Calls::call_of_taken_in(ExprId id) {
    const SourceRange range = tree_[id].range;
    if (mode_.specification) unsupported("a call in a specification is not supported yet", range);
    const Use& use = info(callee(id)).use;
    const std::uint32_t index = contract_.functions.index_of(use);
    const std::vector<TypeId> types = types_of(tree_[use.function].parameters);
    const std::vector<Datum> given = data_for(id, types);
    ir::Values words;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const bool is_slot = is_passed_as_slot(types[i]);
        const Result argument =
            is_slot ? Result(Reference{DataLocation::Storage, types[i], given[i].value, {}, {}})
                    : Results(*this).result_of(data::is_reference(program_, types[i]) ? copied(given[i], types[i], range)
                                                                                      : given[i]);
        std::ranges::copy(Results(*this).flatten(argument, types[i], range), std::back_inserter(words));
    }
    return results_of(index, std::move(words), types_of(tree_[use.function].returns), range);
}

// Returns the results of a call of the contract's function.
Result Calls::results_of(std::uint32_t function, ir::Values arguments, const std::vector<TypeId>& types, SourceRange range) {
    variables_.pass(arguments, contract_.functions.head(function).parameters, range);
    const ir::Values words =
        builder_.call(function, std::move(arguments), contract_.functions.head(function).returns, range);
    std::vector<Result> results;
    std::size_t next = 0;
    for (const TypeId each : types) results.push_back(Results(*this).unflatten(words, next, each));
    return Result::all_of(std::move(results));
}

// For an internal call, a dispatcher finds the function of the number.
Result Calls::function_value_call(ExprId id) {
    const ExprId called = callee(id);
    const Type type = checked_type(called);
    if (type.form == FunctionForm::External) return ExternalCalls(*this).method_call(id);
    const SourceRange range = tree_[id].range;
    DataBuilder at = data(range);
    ir::Values arguments{at.raw(value(called))};
    for (const ir::Value word : words_for(id, type.members)) arguments.push_back(variables_.uncleaned(word, range));
    std::vector<ir::Type> words;
    for (const TypeId each : type.results) std::ranges::copy(contract_.types.words(each, range), std::back_inserter(words));
    const std::uint32_t index = contract_.functions.dispatcher(arguments.size() - 1, words.size());
    ir::Values values = builder_.call(index, std::move(arguments), contract_.functions.head(index).returns, range);
    for (std::size_t i = 0; i < words.size(); ++i) values[i] = at.as(values[i], words[i]);
    std::vector<Result> results;
    std::size_t next = 0;
    for (const TypeId each : type.results) results.push_back(Results(*this).unflatten(values, next, each));
    return Result::all_of(std::move(results));
}

ir::Values Calls::words_for(ExprId call, const std::vector<TypeId>& parameters) {
    const auto& ordered = arguments_of(call);
    std::vector<Result> results(parameters.size());
    for (const ExprId argument : written_arguments(call)) {
        const auto at = static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), argument) - ordered.begin());
        results.at(at) = is_bound(argument, call) ? evaluate(argument) : Expressions(*this).unconverted(argument);
    }
    ir::Values words;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto some = Results(*this).flatten(results[i], parameters[i], tree_[ordered.at(i)].range);
        words.insert(words.end(), some.begin(), some.end());
    }
    return words;
}

// Arguments in storage are passed to a library as their slots.
std::vector<Datum> Calls::data_for(ExprId call, const std::vector<TypeId>& parameters) {
    const auto& ordered = arguments_of(call);
    std::vector<Datum> values(parameters.size());
    for (const ExprId argument : written_arguments(call)) {
        const auto at = static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), argument) - ordered.begin());
        const TypeId type = parameters.at(at);
        const SourceRange range = tree_[argument].range;
        Datum& value = values.at(at);
        contract_.types.refuse_fixed_point(type, range);
        if (is_passed_as_slot(type)) {
            value = {program_.uint256, Results(*this).flatten(evaluate(argument), type, range).front(), {}};
            continue;
        }
        value = is_bound(argument, call) ? Results(*this).datum_of(evaluate(argument), type, range)
                                         : Expressions(*this).datum(argument, type);
        if (value.value) value.value = data(range).as_type(value.value, type);
    }
    return values;
}

}  // namespace interlock::lang::lowering
