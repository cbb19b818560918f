#include "lang/lower/external_calls.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"
#include "lang/lower/calls.hpp"
#include "lang/lower/encodings.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/literals.hpp"
#include "lang/lower/results.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

void ExternalCalls::options(ExprId call, ir::ExternalCall& into) {
    const ExprId called = inner(tree_[call].a);
    if (tree_[called].kind != ExprKind::CallOptions) return;
    const Expr& options = tree_[called];
    for (std::size_t i = 0; i < options.list.size(); ++i) {
        const std::string_view name = options.names[i].text;
        if (name == "value") into.value = value(options.list[i], ir::uint256_type);
        else if (name == "gas") into.gas = value(options.list[i], ir::uint256_type);
        else if (name == "salt") into.salt = value(options.list[i], ir::Type{ir::TypeKind::FixedBytes, 256});
        else unsupported("this call option is not supported yet", options.names[i].range);
    }
}

Result ExternalCalls::results_of(ir::ExternalCall call, SourceRange range) {
    if (mode_.specification) unsupported("a call in a specification is not supported yet", range);
    const std::vector<ir::Type> types = ir::result_types(contract_.contract(), call);
    const ir::Values values = builder_.external(std::move(call), types, range);
    return Result::all_of({values.begin(), values.end()});
}

// Returns a call of a method, with everything except its arguments.
ir::ExternalCall ExternalCalls::call_of_method(ExprId id) {
    const ExprId called = callee(id);
    const Use& use = info(called).use;
    ir::ExternalCall call;
    call.kind = ir::ExternalCall::Kind::Method;
    call.method = use.meaning == Meaning::Variable ? contract_.interface.getter_method_index(use.variable)
                                                   : contract_.interface.method_index(use.function);
    call.target = value(tree_[called].a, ir::address_type);
    options(id, call);
    return call;
}

bool ExternalCalls::is_coded(const ir::Method& method) const {
    return Results(*this).needs_coding(method.parameters) || Results(*this).needs_coding(method.returns);
}

ir::Value ExternalCalls::library_address(ContractId library, SourceRange range) {
    ir::Instruction address;
    address.op = ir::Op::LibraryAddress;
    address.type = ir::address_type;
    address.callee = contract_.interface.library_index(library);
    address.range = range;
    return builder_.emit(std::move(address));
}

std::optional<CodedCall> ExternalCalls::coded_call(ExprId id) {
    const ExprId called = callee(id);
    const Use& use = info(called).use;
    const TypeId result = info(id).type;
    CodedCall coded;
    coded.call.kind = ir::ExternalCall::Kind::Raw;  // of no method, unless it is one
    coded.results = program_[result].kind == TypeKind::Tuple ? program_[result].members : std::vector{result};
    if (info(id).call == CallForm::FunctionValue) {
        const Type& type = checked_type(called);
        if (type.form != FunctionForm::External) return std::nullopt;
        const ir::Value function = value(called);
        DataBuilder at = data(tree_[id].range);
        const ir::Value address_bits = at.word(96);
        coded.call.target = at.as(at.shr(at.raw(function), address_bits), ir::address_type);
        const ir::Value selector_bits = at.word(160);
        coded.selector = at.shl(at.raw(function), selector_bits);
        coded.parameters = type.members;
        coded.opcode = ir::opcode_of(mutability_of(type.mutability));
        options(id, coded.call);
        return coded;
    }
    if (info(id).call != CallForm::External) return std::nullopt;
    const ContractId owner = use.function ? program_[use.function].contract : ContractId{};
    if (owner && tree_[owner].kind == ContractKind::Library) {
        coded.call.target = library_address(owner, tree_[id].range);
        coded.selector = Encodings(*this).coded_selector(program_[use.function].selector, tree_[id].range);
        coded.parameters = types_of(tree_[use.function].parameters);
        coded.opcode = vm::Opcode::DELEGATECALL;
        coded.call.selector = program_[use.function].selector;
        return coded;
    }
    const std::uint32_t index = use.meaning == Meaning::Variable ? contract_.interface.getter_method_index(use.variable)
                                                                 : contract_.interface.method_index(use.function);
    const ir::Method method = contract_.interface.method(index);
    if (!is_coded(method)) return std::nullopt;
    coded.call = call_of_method(id);
    coded.selector = Encodings(*this).coded_selector(method.selector, tree_[id].range);
    coded.parameters =
        use.function ? types_of(tree_[use.function].parameters) : data::getter_keys(program_, program_[use.variable].type);
    coded.opcode = ir::opcode_of(method.mutability);
    return coded;
}

Result ExternalCalls::method_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    if (mode_.specification) unsupported("a call in a specification is not supported yet", range);
    if (const auto coded = coded_call(id)) {
        const Returned returned = perform(id, *coded);
        ir::Failure forward;
        forward.kind = ir::Failure::Kind::Forward;
        data(range).require(returned.ok, forward);
        return results_from(returned, coded->results, range);
    }
    ir::ExternalCall call = call_of_method(id);
    const ir::Method method = contract_.interface.method(call.method);
    call.arguments = Calls(*this).arguments(id, method.parameters);
    Result given = results_of(std::move(call), range);
    keep_answer(method.returns.size(), range);
    return given;
}

// Keeps the words that a call of a method has returned in memory.
void ExternalCalls::keep_answer(std::size_t words, SourceRange range) {
    if (!contract_.counts_memory() || words == 0) return;
    DataBuilder at = data(range);
    at.set_free_memory(at.add(at.free_memory(), 32 * words));
}

Result ExternalCalls::create(ExprId id) {
    const ir::ExternalCall call = creation(id);
    Result created = results_of(call, tree_[id].range);
    give_back(call, tree_[id].range);
    return created;
}

// Releases the memory of a creation's encoded arguments.
void ExternalCalls::give_back(const ir::ExternalCall& creation, SourceRange range) {
    if (contract_.counts_memory() && creation.is_encoded)
        data(range).set_free_memory(data(range).raw(creation.arguments.front()));
}

ir::ExternalCall ExternalCalls::creation(ExprId id) {
    const ContractId made = checked_type(id).contract;
    ir::ExternalCall call;
    call.kind = ir::ExternalCall::Kind::Create;
    call.creates = contract_.interface.creates_index(made);
    options(id, call);
    std::vector<VariableId> variables;
    if (const FunctionId constructor = own_function(tree_, made, FunctionKind::Constructor))
        variables = tree_[constructor].parameters;
    std::vector<ir::NamedType> parameters;
    for (const VariableId parameter : variables) parameters.push_back(contract_.types.named(parameter));
    if (Results(*this).needs_coding(parameters)) {
        DataBuilder at = data(tree_[id].range);
        const ir::Value encoded = at.bytes_of_encoding(Calls(*this).data_for(id, types_of(variables)), {}, false);
        call.is_encoded = true;
        call.arguments = {at.as(encoded, ir::bytes_type)};
        return call;
    }
    call.arguments = Calls(*this).arguments(id, parameters);
    return call;
}

Result ExternalCalls::low_level_call(ExprId id, ir::ExternalCall::Kind kind) {
    ir::ExternalCall call;
    call.kind = kind;
    call.target = value(tree_[callee(id)].a, ir::address_type);
    options(id, call);
    if (contract_.has(rule::arguments_are_packed)) {
        call.arguments = {joined_arguments(id)};
        return results_of(std::move(call), tree_[id].range).parts.front();  // what comes back cannot be read
    }
    if (contract_.counts_memory()) return low_level_answer(id, call);
    call.arguments = {Expressions(*this).unbounded(arguments_of(id).at(0), ir::bytes_type)};
    return results_of(std::move(call), tree_[id].range);
}

// Returns the call data that older dialects make of any arguments: each padded to whole words, except for four bytes at the
// beginning, which are a selector.
ir::Value ExternalCalls::joined_arguments(ExprId id) {
    const SourceRange range = tree_[id].range;
    std::vector<ExprId> rest = arguments_of(id);
    if (rest.empty()) return Literals(*this).text("", ir::bytes_type, range);
    DataBuilder at = data(range);
    const bool has_selector = context_type(rest.front()) &&
                              program_[context_type(rest.front())].kind == TypeKind::FixedBytes &&
                              program_[context_type(rest.front())].bits == 32;
    ir::Value selector;
    if (has_selector) {
        selector = value(rest.front(), bytes4_type);
        rest.erase(rest.begin());
    }
    const auto is_word = [&](ExprId each) { return contract_.types.is_value(context_type(each)); };
    const std::vector<Datum> values = Expressions(*this).data_of(rest);
    if (selector && std::ranges::all_of(rest, is_word)) return Encodings(*this).call_data(selector, values, range);
    const ir::Value start = at.free_memory();
    const ir::Value first = at.add(start, 32);
    if (selector) at.mstore(first, at.raw(selector));
    const ir::Value end = at.encode_packed(values, selector ? at.add(first, 4) : first, true);
    at.mstore(start, at.sub(end, first));
    at.set_free_memory(at.add(start, at.round_up(at.sub(end, start))));
    return at.as(start, ir::bytes_type);
}

Result ExternalCalls::call_code(ExprId id) {
    const SourceRange range = tree_[id].range;
    ir::ExternalCall asked;
    asked.target = value(tree_[callee(id)].a, ir::address_type);
    options(id, asked);
    DataBuilder at = data(range);
    const ir::Value bytes = at.raw(joined_arguments(id));
    ir::ExternalCall made;
    made.kind = ir::ExternalCall::Kind::Raw;
    made.opcode = vm::Opcode::CALLCODE;
    made.arguments = {asked.gas ? asked.gas : at.evm(vm::Opcode::GAS), at.raw(asked.target),
                      asked.value ? asked.value : at.word(0)};
    for (const ir::Value each : {at.add(bytes, 32), at.mload(bytes), at.word(0), at.word(0)}) made.arguments.push_back(each);
    return at.truth(builder_.external(std::move(made), {ir::uint256_type}, range).front());
}

// Copies byte by byte as solc does: the arguments are encoded after the allocated memory, and the return data is always
// copied.
Result ExternalCalls::low_level_answer(ExprId id, const ir::ExternalCall& call) {
    const SourceRange range = tree_[id].range;
    const std::vector<Datum> passed = Expressions(*this).data_of({arguments_of(id).at(0)});
    DataBuilder at = data(range);
    const ir::Value start = at.free_memory();
    const ir::Value size = at.sub(at.encode_packed(passed, start), start);
    ir::ExternalCall made;
    made.kind = ir::ExternalCall::Kind::Raw;
    made.opcode = ir::opcode_of(call);
    made.arguments = {call.gas ? call.gas : at.evm(vm::Opcode::GAS), at.raw(call.target)};
    if (made.opcode == vm::Opcode::CALL) made.arguments.push_back(call.value ? call.value : at.word(0));
    for (const ir::Value each : {start, size, at.word(0), at.word(0)}) made.arguments.push_back(each);
    const ir::Value ok = builder_.external(std::move(made), {ir::uint256_type}, range).front();
    return Result::tuple({at.truth(ok), returned_bytes(range)});
}

Result ExternalCalls::pay(ExprId id, ir::ExternalCall::Kind kind) {
    ir::ExternalCall call;
    call.kind = kind;
    call.target = value(tree_[callee(id)].a, ir::address_type);
    call.value = value(arguments_of(id).at(0), ir::uint256_type);
    return results_of(std::move(call), tree_[id].range);
}

// Performs a call with arguments or results for which the IR has no encoding.
Returned ExternalCalls::perform(ExprId id, const CodedCall& call) {
    const SourceRange range = tree_[id].range;
    const std::vector<Datum> values = Calls(*this).data_for(id, call.parameters);
    DataBuilder at = data(range);
    const ir::Value target = at.raw(call.call.target);
    if (call.results.empty()) at.require(at.negation(at.is_zero(at.evm(vm::Opcode::EXTCODESIZE, {target}))));
    const ir::Value start = at.free_memory();
    at.mstore(start, call.selector);
    const ir::Value end = at.encode(values, at.add(start, 4));
    ir::ExternalCall made;
    made.kind = ir::ExternalCall::Kind::Raw;
    made.is_of_method = call.call.kind == ir::ExternalCall::Kind::Method;
    made.method = call.call.method;
    made.selector = call.call.selector;
    made.opcode = call.opcode;
    made.arguments = {call.call.gas ? call.call.gas : at.evm(vm::Opcode::GAS), target};
    if (call.opcode == vm::Opcode::CALL) made.arguments.push_back(call.call.value ? call.call.value : at.word(0));
    for (const ir::Value each : {start, at.sub(end, start), at.word(0), at.word(0)}) made.arguments.push_back(each);
    const ir::Value ok = builder_.external(std::move(made), {ir::uint256_type}, range).front();
    return {at.truth(ok), start};
}

// Decodes the results from a copy at `start`.
Result ExternalCalls::results_from(const Returned& returned, const std::vector<TypeId>& types, SourceRange range) {
    if (types.empty()) return {};
    DataBuilder at = data(range);
    const ir::Value size = at.evm(vm::Opcode::RETURNDATASIZE);
    at.effect(vm::Opcode::RETURNDATACOPY, {returned.start, at.word(0), size});
    std::vector<TypeId> coded = types;
    for (TypeId& each : coded)
        if (is_passed_as_slot(each)) each = program_.uint256;
    const bool is_static =
        std::ranges::none_of(coded, [&](TypeId each) { return data::is_dynamically_encoded(program_, each); });
    vm::Word heads;
    for (const TypeId each : coded) heads += data::head_bytes(program_, each);
    at.set_free_memory(at.add(returned.start, is_static ? at.word(heads) : at.round_up(size)));
    const auto values = at.decode(coded, returned.start, at.add(returned.start, size), DataLocation::Memory);
    std::vector<Result> parts;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const bool is_slot = is_passed_as_slot(types[i]);
        parts.push_back(is_slot ? Result(Reference{DataLocation::Storage, types[i], values[i].value, {}, {}})
                                : Results(*this).result_of(values[i]));
    }
    return parts.size() == 1 ? parts.front() : Result::tuple(std::move(parts));
}

// Returns the return data as a fresh byte string.
ir::Value ExternalCalls::returned_bytes(SourceRange range) {
    DataBuilder at = data(range);
    const ir::Value size = at.evm(vm::Opcode::RETURNDATASIZE);
    const Local bytes = at.variable(at.word(memory::zero));
    at.when(at.negation(at.is_zero(size)), [&] {
        const ir::Value start = at.allocate(at.add(at.round_up(size), 32));
        at.mstore(start, size);
        at.effect(vm::Opcode::RETURNDATACOPY, {at.add(start, 32), at.word(0), size});
        builder_.write(bytes, start);
    });
    return at.as(builder_.read(bytes), ir::bytes_type);
}

}  // namespace interlock::lang::lowering
