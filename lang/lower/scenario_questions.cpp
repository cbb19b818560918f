#include "lang/lower/scenario_questions.hpp"

#include "lang/lower/assignments.hpp"
#include "lang/lower/calls.hpp"
#include "lang/lower/encodings.hpp"
#include "lang/lower/entries.hpp"
#include "lang/lower/events.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/external_calls.hpp"
#include "lang/lower/failures.hpp"
#include "lang/lower/literals.hpp"
#include "lang/lower/results.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

bool is_data(const Program& program, TypeId type) {
    return program[type].kind == TypeKind::Array || program[type].kind == TypeKind::Struct;
}

void ScenarioQuestions::give(const ScenarioNames& names) {
    const ir::Values given = parameters();
    std::size_t next = 0;
    for (const VariableId each : names.variables) {
        if (is_data(program_, program_[each].type)) {
            bind_encoded({each}, given.at(next++));
            continue;
        }
        for (const Local local : variables_.declare(each)) builder_.write(local, given.at(next++));
    }
    for (const ExprId each : names.olds) frame_.outcome.olds[each] = given.at(next++);
    if (!names.called) return;
    const auto& returns = tree_[names.called].returns;
    frame_.outcome.function = names.called;
    frame_.outcome.results_are_bound = names.has_encoded_results;
    if (names.has_encoded_results) return bind_encoded(returns, given.at(next));
    for (std::size_t i = 0; i < returns.size(); ++i) frame_.outcome.results.push_back(given.at(next++));
}

ir::Values ScenarioQuestions::parameters() {
    ir::Values values;
    if (!frame_.function.is_raw) {
        for (const ir::Parameter& each : frame_.function.blocks.front().parameters) values.push_back(each.value);
        return values;
    }
    std::vector<TypeId> types;
    for (const ir::NamedType& each : frame_.function.parameters)
        types.push_back(each.type.is_reference() ? program_.bytes : program_.uint256);
    DataBuilder at = data(frame_.function.range);
    const ir::Value first = at.word(4), end = at.calldatasize();
    const std::vector<Datum> given = at.decode(types, first, end, DataLocation::Calldata);
    for (std::size_t i = 0; i < given.size(); ++i)
        values.push_back(
            at.as(given[i].value ? given[i].value : given[i].reference.address, frame_.function.parameters[i].type));
    return values;
}

void ScenarioQuestions::bind_encoded(const std::vector<VariableId>& variables, ir::Value bytes) {
    DataBuilder at = data(frame_.function.range);
    const ir::Value start = at.add(at.raw(bytes), 32);
    const auto values = at.decode(types_of(variables), start, at.add(start, at.mload(at.raw(bytes))), DataLocation::Memory);
    for (std::size_t i = 0; i < variables.size(); ++i)
        Assignments(*this).bind(variables[i], Results(*this).result_of(values[i]), frame_.function.range);
}

void ScenarioQuestions::ask_encoded(ExprId expr, TypeId type) {
    const SourceRange range = tree_[expr].range;
    DataBuilder at = data(range);
    return_values({at.as(at.bytes_of_encoding({Expressions(*this).datum(expr, type)}, {}, false), ir::bytes_type)}, range);
}

void ScenarioQuestions::return_values(ir::Values values, SourceRange range) {
    if (frame_.function.is_raw) {
        DataBuilder at = data(range);
        std::vector<Datum> results;
        for (const ir::Value each : values) {
            const ir::Value word = at.raw(each);
            if (!builder_.type_of(each).is_reference()) results.push_back({program_.uint256, word, {}});
            else results.push_back({program_.bytes, {}, {DataLocation::Memory, program_.bytes, word, {}, {}}});
        }
        return Entries(frame_).return_encoded(results, range);
    }
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    terminator.values = std::move(values);
    builder_.finish(std::move(terminator), range);
}

void ScenarioQuestions::ask_value(ExprId expr, const ir::Type& type) {
    const SourceRange range = tree_[expr].range;
    ir::Value answer = type.is_reference() ? value_of(evaluate(expr), range) : value(expr, type);
    return_values({coerce(answer, type, range)}, range);
}

void ScenarioQuestions::ask_raise(ExprId call, Expectation expectation) {
    const SourceRange range = tree_[call].range;
    if (expectation == Expectation::Emit) Events(*this).emit(call, range);
    else Failures(*this).raise(call, range);
    return_values({}, range);
}

void ScenarioQuestions::ask_deployment(ExprId creation) {
    const SourceRange range = tree_[creation].range;
    ir::ExternalCall call;
    ExternalCalls(*this).options(creation, call);
    std::vector<VariableId> parameters;
    if (const FunctionId constructor = own_function(tree_, checked_type(creation).contract, FunctionKind::Constructor))
        parameters = tree_[constructor].parameters;
    DataBuilder at = data(range);
    const ir::Value encoded = at.bytes_of_encoding(Calls(*this).data_for(creation, types_of(parameters)), {}, false);
    return_values({call.value ? call.value : builder_.zero(ir::uint256_type, range), at.as(encoded, ir::bytes_type)}, range);
}

void ScenarioQuestions::ask_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    ir::ExternalCall call;
    ir::Value sent;
    if (info(id).call == CallForm::External) {
        call = ExternalCalls(*this).call_of_method(id);
        sent = Encodings(*this).encoded_method(id, contract_.interface.method(call.method), range);
    } else {
        call.target = value(tree_[callee(id)].a, ir::address_type);
        ExternalCalls(*this).options(id, call);
        const bool is_payment = builtin_of(id) != Builtin::AddressCall;
        const ir::Value argument = value(arguments_of(id).at(0), is_payment ? ir::uint256_type : ir::bytes_type);
        if (is_payment) call.value = argument;
        sent = is_payment ? Literals(*this).literal({}, ir::bytes_type, range) : argument;
    }
    const ir::Value ether = call.value ? call.value : builder_.zero(ir::uint256_type, range);
    return_values({call.target, ether, sent}, range);
}

}  // namespace interlock::lang::lowering
