// Lowers calls. A call that leaves the contract ends its block; the results are the parameters of the next block.
#include <algorithm>

#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"
#include "lang/lower/function.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

Result FunctionLowering::call(ExprId id) {
    switch (info(id).call) {
        case CallForm::Conversion: return conversion(id);
        case CallForm::StructConstructor: return struct_constructor(id);
        case CallForm::Internal: return internal_call(id);
        case CallForm::External: return method_call(id);
        case CallForm::FunctionValue: return function_value_call(id);
        case CallForm::Create: return create(id);
        case CallForm::Builtin: return builtin_call(id);
        case CallForm::Event:
        case CallForm::Error:
        case CallForm::None: break;
    }
    unsupported("this call is not supported yet", tree_[id].range);
}

// --- parts of a call ---
ExprId FunctionLowering::callee(ExprId call) const {
    ExprId called = inner(tree_[call].a);
    while (tree_[called].kind == ExprKind::CallOptions) called = inner(tree_[called].a);
    return called;
}

void FunctionLowering::options(ExprId call, ir::ExternalCall& into) {
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

const std::vector<ExprId>& FunctionLowering::arguments_of(ExprId call) const {
    return info(call).arguments.empty() ? tree_[call].list : info(call).arguments;
}

template <class Evaluate>
void FunctionLowering::each_argument(ExprId call, Evaluate evaluate) {
    const auto& ordered = arguments_of(call);
    if (info(callee(call)).use.is_bound) evaluate(ordered.front(), 0);  // the expression before the dot
    for (const ExprId argument : tree_[call].list) {
        evaluate(argument, static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), argument) - ordered.begin()));
    }
}

ir::Values FunctionLowering::arguments(ExprId call, const std::vector<ir::NamedType>& parameters) {
    if (arguments_of(call).size() != parameters.size())
        unsupported("these arguments are not supported yet", tree_[call].range);
    std::vector<Result> given(parameters.size());
    each_argument(call, [&](ExprId argument, std::size_t i) { given.at(i) = pending(argument, parameters.at(i).type); });
    ir::Values values;
    for (std::size_t i = 0; i < given.size(); ++i)
        values.push_back(encodable(given[i], parameters[i].type, tree_[call].range));
    return values;
}

Result FunctionLowering::results_of(ir::ExternalCall call, SourceRange range) {
    if (specification_) unsupported("a call in a specification is not supported yet", range);
    const std::vector<ir::Type> types = ir::result_types(contract_.contract(), call);
    const ir::Values values = builder_.external(std::move(call), types, range);
    if (values.size() == 1) return values.front();
    if (values.empty()) return {};
    return Result::tuple({values.begin(), values.end()});
}

// --- internal calls ---
Result FunctionLowering::conversion(ExprId id) {
    const ExprId argument = arguments_of(id).at(0);
    if (checked_type(argument).kind == TypeKind::Meta)
        return library_address(program_[checked_type(argument).value].contract, tree_[id].range);
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
    return info(argument).type == info(id).type ? to : forget_word(to, tree_[id].range);
}

// bytes(text) and string(data) only change the type.
Result FunctionLowering::reference_conversion(ExprId id, ExprId argument) {
    const SourceRange range = tree_[id].range;
    const TypeId to = info(id).type;
    if (is_text(argument)) return value(argument, contract_.value_type(to, range));
    Result result = read(expression(argument), range);
    if (result.kind == Result::Kind::Value) return coerce(result.value, contract_.value_type(to, range), range);
    const bool is_same = program_[to].kind == checked_type(argument).kind;
    if (result.kind == Result::Kind::Place && !is_same) result = reference_to(result.place, range);
    if (result.kind == Result::Kind::Reference && !is_same) result.reference.type = to;
    return result;
}

Result FunctionLowering::struct_constructor(ExprId id) {
    const auto& fields = contract_.fields_of(info(id).type);
    std::vector<Result> parts(fields.size());
    each_argument(id, [&](ExprId argument, std::size_t i) {
        const bool is_made_here = info(inner(argument)).call == CallForm::StructConstructor;
        parts.at(i) = is_made_here ? expression(argument) : unconverted(argument);
        const TypeId type = program_[fields.at(i)].type;
        if (contract_.is_value(type)) parts.at(i) = data(tree_[argument].range).as_type(parts.at(i).value, type);
    });
    if (contract_.counts_memory()) {
        const Result made = Result::tuple(std::move(parts), Result::Kind::Fields);
        return Reference{
            DataLocation::Memory, info(id).type, address_in_memory(made, info(id).type, tree_[id].range), {}, {}};
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i].kind != Result::Kind::Fields) parts[i] = in_memory(parts[i], program_[fields[i]].type, tree_[id].range);
    return Result::tuple(std::move(parts), Result::Kind::Fields);
}

Result FunctionLowering::internal_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    if (specification_) unsupported("a call in a specification is not supported yet", range);
    const FunctionId called = info(callee(id)).use.function;
    const std::uint32_t index = contract_.function_index(info(callee(id)).use);
    return results_of(index, words_for(id, types_of(tree_[called].parameters)), types_of(tree_[called].returns), range);
}

// Returns the results of a call of the contract's function.
Result FunctionLowering::results_of(std::uint32_t function, ir::Values arguments, const std::vector<TypeId>& types,
                                    SourceRange range) {
    pass(arguments, contract_.function(function).parameters, range);
    const ir::Values words = builder_.call(function, std::move(arguments), contract_.function(function).returns, range);
    std::vector<Result> results;
    std::size_t next = 0;
    for (const TypeId each : types) results.push_back(unflatten(words, next, each));
    if (results.size() == 1) return results.front();
    if (results.empty()) return {};
    return Result::tuple(std::move(results));
}

// Lowers an operator of a user-defined value type: a call with the operands as arguments.
ir::Value FunctionLowering::operator_call(ExprId id) {
    const Expr& expr = tree_[id];
    const std::uint32_t index = contract_.function_index(info(id).use);
    ir::Values operands{value(expr.a)};
    if (expr.b) operands.push_back(value(expr.b));
    const std::vector<TypeId> types = types_of(tree_[info(id).use.function].returns);
    return value_of(results_of(index, std::move(operands), types, expr.range), expr.range);
}

// --- external calls ---
// Returns a call of a method, with everything except its arguments.
ir::ExternalCall FunctionLowering::call_of_method(ExprId id) {
    const ExprId called = callee(id);
    const Use& use = info(called).use;
    ir::ExternalCall call;
    call.kind = ir::ExternalCall::Kind::Method;
    call.method = use.meaning == Meaning::Variable ? contract_.getter_method_index(use.variable)
                                                   : contract_.method_index(use.function);
    call.target = value(tree_[called].a, ir::address_type);
    options(id, call);
    return call;
}

bool FunctionLowering::is_coded(const ir::Method& method) const {
    return needs_coding(method.parameters) || needs_coding(method.returns);
}

ir::Value FunctionLowering::library_address(ContractId library, SourceRange range) {
    ir::Instruction address;
    address.op = ir::Op::LibraryAddress;
    address.type = ir::address_type;
    address.callee = contract_.library_index(library);
    address.range = range;
    return builder_.emit(std::move(address));
}

std::optional<FunctionLowering::CodedCall> FunctionLowering::coded_call(ExprId id) {
    const ExprId called = callee(id);
    const Use& use = info(called).use;
    const TypeId result = info(id).type;
    CodedCall coded;
    coded.results = program_[result].kind == TypeKind::Tuple ? program_[result].members : std::vector{result};
    if (info(id).call == CallForm::FunctionValue) {
        const Type& type = checked_type(called);
        if (type.form != FunctionForm::External) return std::nullopt;
        const ir::Value function = value(called);
        Data at = data(tree_[id].range);
        coded.call.target = at.as(at.shr(at.raw(function), at.word(96)), ir::address_type);
        coded.selector = at.shl(at.raw(function), at.word(160));
        coded.parameters = type.members;
        coded.opcode = ir::opcode_of(mutability_of(type.mutability));
        options(id, coded.call);
        return coded;
    }
    if (info(id).call != CallForm::External) return std::nullopt;
    const ContractId owner = use.function ? program_[use.function].contract : ContractId{};
    if (owner && tree_[owner].kind == ContractKind::Library) {
        coded.call.target = library_address(owner, tree_[id].range);
        coded.selector = coded_selector(program_[use.function].selector, tree_[id].range);
        coded.parameters = types_of(tree_[use.function].parameters);
        coded.opcode = vm::Opcode::DELEGATECALL;
        return coded;
    }
    const std::uint32_t index = use.meaning == Meaning::Variable ? contract_.getter_method_index(use.variable)
                                                                 : contract_.method_index(use.function);
    const ir::Method method = contract_.method(index);
    if (!is_coded(method)) return std::nullopt;
    coded.call = call_of_method(id);
    coded.selector = coded_selector(method.selector, tree_[id].range);
    coded.parameters =
        use.function ? types_of(tree_[use.function].parameters) : data::getter_keys(program_, program_[use.variable].type);
    coded.opcode = ir::opcode_of(method.mutability);
    return coded;
}

Result FunctionLowering::method_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    if (specification_) unsupported("a call in a specification is not supported yet", range);
    if (const auto coded = coded_call(id)) {
        const Returned returned = perform(id, *coded);
        ir::Failure forward;
        forward.kind = ir::Failure::Kind::Forward;
        data(range).require(returned.ok, forward);
        return results_from(returned, coded->results, range);
    }
    ir::ExternalCall call = call_of_method(id);
    const ir::Method method = contract_.method(call.method);
    call.arguments = arguments(id, method.parameters);
    Result given = results_of(std::move(call), range);
    keep_answer(method.returns.size(), range);
    return given;
}

// Keeps the words that a call of a method has returned in memory.
void FunctionLowering::keep_answer(std::size_t words, SourceRange range) {
    if (!contract_.counts_memory() || words == 0) return;
    Data at = data(range);
    at.set_free_memory(at.add(at.free_memory(), 32 * words));
}

// For an internal call, a dispatcher finds the function of the number.
Result FunctionLowering::function_value_call(ExprId id) {
    const ExprId called = callee(id);
    const Type type = checked_type(called);
    if (type.form == FunctionForm::External) return method_call(id);
    const SourceRange range = tree_[id].range;
    Data at = data(range);
    ir::Values arguments{at.raw(value(called))};
    for (const ir::Value word : words_for(id, type.members)) arguments.push_back(uncleaned(word, range));
    std::vector<ir::Type> words;
    for (const TypeId each : type.results) std::ranges::copy(contract_.words(each, range), std::back_inserter(words));
    const std::uint32_t index = contract_.dispatcher(arguments.size() - 1, words.size());
    ir::Values values = builder_.call(index, std::move(arguments), contract_.function(index).returns, range);
    for (std::size_t i = 0; i < words.size(); ++i) values[i] = at.as(values[i], words[i]);
    std::vector<Result> results;
    std::size_t next = 0;
    for (const TypeId each : type.results) results.push_back(unflatten(values, next, each));
    if (results.empty()) return {};
    return results.size() == 1 ? results.front() : Result::tuple(std::move(results));
}

Result FunctionLowering::create(ExprId id) {
    const ir::ExternalCall call = creation(id);
    Result created = results_of(call, tree_[id].range);
    give_back(call, tree_[id].range);
    return created;
}

// Releases the memory of a creation's encoded arguments.
void FunctionLowering::give_back(const ir::ExternalCall& creation, SourceRange range) {
    if (contract_.counts_memory() && creation.is_encoded)
        data(range).set_free_memory(data(range).raw(creation.arguments.front()));
}

ir::ExternalCall FunctionLowering::creation(ExprId id) {
    const ContractId made = checked_type(id).contract;
    ir::ExternalCall call;
    call.kind = ir::ExternalCall::Kind::Create;
    call.creates = contract_.creates_index(made);
    options(id, call);
    std::vector<VariableId> variables;
    if (const FunctionId constructor = own_function(tree_, made, FunctionKind::Constructor))
        variables = tree_[constructor].parameters;
    std::vector<ir::NamedType> parameters;
    for (const VariableId parameter : variables) parameters.push_back(contract_.named(parameter));
    if (needs_coding(parameters)) {
        Data at = data(tree_[id].range);
        const ir::Value encoded = at.bytes_of_encoding(data_for(id, types_of(variables)), {}, false);
        call.is_encoded = true;
        call.arguments = {at.as(encoded, ir::bytes_type)};
        return call;
    }
    call.arguments = arguments(id, parameters);
    return call;
}

Result FunctionLowering::low_level_call(ExprId id, ir::ExternalCall::Kind kind) {
    ir::ExternalCall call;
    call.kind = kind;
    call.target = value(tree_[callee(id)].a, ir::address_type);
    options(id, call);
    if (contract_.counts_memory()) return low_level_answer(id, call);
    call.arguments = {unbounded(arguments_of(id).at(0), ir::bytes_type)};
    return results_of(std::move(call), tree_[id].range);
}

// Copies byte by byte as solc does: the arguments are encoded after the allocated memory, and the return data is always
// copied.
Result FunctionLowering::low_level_answer(ExprId id, const ir::ExternalCall& call) {
    const SourceRange range = tree_[id].range;
    const std::vector<Datum> passed = data_of({arguments_of(id).at(0)});
    Data at = data(range);
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

Result FunctionLowering::pay(ExprId id, ir::ExternalCall::Kind kind) {
    ir::ExternalCall call;
    call.kind = kind;
    call.target = value(tree_[callee(id)].a, ir::address_type);
    call.value = value(arguments_of(id).at(0), ir::uint256_type);
    return results_of(std::move(call), tree_[id].range);
}

}  // namespace interlock::lang::lowering
