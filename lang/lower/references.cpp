// Lowers expressions of reference types: arrays, structs, byte strings and mappings, in any location.
//
// A place in storage that is reached by names and keys stays symbolic (`balances[k]`), because the prover reads it so.
// Everything else is a Reference: an address together with its location.
#include <algorithm>

#include "lang/lower/function.hpp"

namespace interlock::lang::lowering {

namespace {

bool is_in_storage(const Type& type) { return type.kind == TypeKind::Mapping || type.location == DataLocation::Storage; }

}  // namespace

// --- reading ---
Result FunctionLowering::read(Result result, SourceRange range) {
    switch (result.kind) {
        case Result::Kind::Tuple:
            for (Result& part : result.parts) part = read(std::move(part), range);
            return result;
        case Result::Kind::Place: return contract_.is_value(result.place.type) ? Result(load(result.place, range)) : result;
        case Result::Kind::Reference:
            if (program_[result.reference.type].kind == TypeKind::Mapping) return result;
            return result_of(data(range).datum(result.reference));
        default: return result;
    }
}

Result FunctionLowering::result_of(const Datum& datum) {
    if (datum.value) return datum.value;
    const Reference& reference = datum.reference;
    if (reference.location == DataLocation::Memory && data::is_byte_string(program_, reference.type)) {
        const bool is_text = program_[reference.type].kind == TypeKind::String;
        return data({}).as(reference.address, is_text ? ir::string_type : ir::bytes_type);
    }
    return reference;
}

Reference FunctionLowering::reference_to(const PlaceReference& place, SourceRange range) {
    ir::Instruction slot;
    slot.op = ir::Op::SlotOf;
    slot.type = ir::uint256_type;
    slot.place = {place.variable, place.steps};
    slot.operands = place.keys;
    slot.range = range;
    Reference reference{DataLocation::Storage, place.type, builder_.emit(std::move(slot)), {}, {}};
    const unsigned offset = contract_.offset_of(place.variable, place.steps);
    if (offset != 0) reference.offset = data(range).word(offset);
    return reference;
}

Reference FunctionLowering::reference_of(const Result& result, TypeId type, SourceRange range) {
    switch (result.kind) {
        case Result::Kind::Reference: return data(range).resolve(result.reference);
        case Result::Kind::Place: return reference_to(result.place, range);
        case Result::Kind::Value:
        case Result::Kind::Text: return {DataLocation::Memory, type, data(range).raw(value_of(result, range)), {}, {}};
        case Result::Kind::Fields: return {DataLocation::Memory, type, address_in_memory(result, type, range), {}, {}};
        default: unsupported("this cannot be used as a reference yet", range);
    }
}

Datum FunctionLowering::datum_of(const Result& result, TypeId type, SourceRange range) {
    if (contract_.is_value(type)) return {type, value_of(result, range), {}};
    const Reference reference = reference_of(result, type, range);
    return {type, {}, reference};
}

ir::Value FunctionLowering::address_in_memory(const Result& result, TypeId type, SourceRange range) {
    Data at = data(range);
    if (result.kind == Result::Kind::Place && data::is_byte_string(program_, type)) return at.raw(load(result.place, range));
    if (result.kind != Result::Kind::Fields) return at.to_memory(reference_of(result, type, range));
    const auto& fields = contract_.fields_of(type);
    const ir::Value start = at.allocate(at.word(32 * fields.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const TypeId part = program_[fields[i]].type;
        const Result& given = result.parts.at(i);
        const ir::Value word = contract_.is_value(part) ? at.raw(at.as_type(value_of(given, range), part))
                                                        : address_in_memory(given, part, range);
        at.mstore(at.add(start, 32 * i), word);
    }
    return start;
}

Result FunctionLowering::in_memory(const Result& given, TypeId type, SourceRange range) {
    if (contract_.is_value(type) || !data::is_reference(program_, type)) return given;
    return result_of({type, {}, Reference{DataLocation::Memory, type, address_in_memory(given, type, range), {}, {}}});
}

// --- conversions ---
Result FunctionLowering::converted(const Result& result, TypeId to, SourceRange range) {
    const Type& type = program_[to];
    if (type.kind == TypeKind::Tuple) return result;  // the components are converted where they are used
    if (contract_.is_value(to)) return coerce(value_of(result, range), contract_.value_type(to, range), range);
    if (result.kind == Result::Kind::Text) return value_of(result, range);
    if (!data::is_reference(program_, to) || type.location != DataLocation::Memory) return result;
    if (result.kind == Result::Kind::Value) {
        return data::is_byte_string(program_, to) ? Result(coerce(result.value, contract_.value_type(to, range), range))
                                                  : result;
    }
    if (result.kind == Result::Kind::Reference && result.reference.location == DataLocation::Memory)
        return data(range).resolve(result.reference);
    if (result.kind == Result::Kind::Place && data::is_byte_string(program_, to))
        return coerce(load(result.place, range), contract_.value_type(to, range), range);
    if (result.kind != Result::Kind::Reference && result.kind != Result::Kind::Place && result.kind != Result::Kind::Fields)
        return result;
    return result_of({to, {}, Reference{DataLocation::Memory, to, address_in_memory(result, to, range), {}, {}}});
}

Result FunctionLowering::evaluate(ExprId id) {
    const TypeId to = context_type(id);
    const SourceRange range = tree_[id].range;
    if (checked_type(id).kind == TypeKind::RationalLiteral && !info(id).constant) return {};  // for a hole in a tuple
    const bool is_tuple = program_[to].kind == TypeKind::Tuple;
    if (!is_tuple && (info(id).constant || is_text(id) || info(inner(id)).use.builtin == Builtin::MsgData)) {
        const bool stays = program_[to].location == DataLocation::Calldata;
        if (!stays) return value(id);
    }
    const bool is_reference = data::is_reference(program_, to) || program_[to].kind == TypeKind::Mapping;
    if (!is_tuple && !is_reference) return value(id);
    return converted(read(expression(id), range), to, range);
}

// --- words: the content of variables, parameters and results ---
ir::Values FunctionLowering::flatten(const Result& result, TypeId type, SourceRange range) {
    const Type& t = program_[type];
    if (t.kind == TypeKind::Tuple) {
        ir::Values all;
        for (std::size_t i = 0; i < t.members.size(); ++i) {
            const auto some = flatten(result.parts.at(i), t.members[i], range);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    if (is_in_storage(t)) return {reference_of(result, type, range).address};
    if (t.location == DataLocation::Calldata) {
        const Reference reference = reference_of(result, type, range);
        if (!data::has_length(program_, type)) return {reference.address};
        return {reference.address, data(range).length(reference)};
    }
    if (data::is_reference(program_, type) && !data::is_byte_string(program_, type))
        return {address_in_memory(result, type, range)};
    return {implicitly(coerce(value_of(result, range), contract_.value_type(type, range), range), type, range)};
}

Result FunctionLowering::unflatten(const ir::Values& words, std::size_t& next, TypeId type) {
    const Type& t = program_[type];
    if (t.kind == TypeKind::Tuple) {
        std::vector<Result> parts;
        for (const TypeId member : t.members) parts.push_back(unflatten(words, next, member));
        return Result::tuple(std::move(parts));
    }
    const bool is_byte_string = data::is_byte_string(program_, type);
    if (is_in_storage(t)) return Reference{DataLocation::Storage, type, words.at(next++), {}, {}};
    if (t.location == DataLocation::Calldata) {
        Reference reference{DataLocation::Calldata, type, words.at(next++), {}, {}};
        if (data::has_length(program_, type)) reference.length = words.at(next++);
        return reference;
    }
    if (data::is_reference(program_, type) && !is_byte_string)
        return Reference{DataLocation::Memory, type, words.at(next++), {}, {}};
    const ir::Value word = words.at(next++);
    const bool is_dirty = contract_.may_be_dirty(type) && builder_.type_of(word) == ir::uint256_type;
    return is_dirty ? cleaned(word, type, {}) : word;
}

Result FunctionLowering::unconverted(ExprId id) {
    if (contract_.counts_memory() && is_text(id) && !contract_.is_value(context_type(id))) return Result::literal(id);
    if (is_text(id) || info(id).constant || !data::is_reference(program_, info(id).type)) return evaluate(id);
    return read(expression(id), tree_[id].range);
}

// Arguments are converted after all of them have been evaluated: storage is read as the other arguments have left it.
Result FunctionLowering::pending(ExprId id, std::optional<ir::Type> wanted) {
    const bool is_call = info(inner(id)).use.builtin == Builtin::MsgData;
    if (is_text(id) || is_call || info(id).constant || !data::is_reference(program_, info(id).type))
        return value(id, wanted);
    return read(expression(id), tree_[id].range);
}

// Reads a byte string in call data wherever it is; bytes beyond the end of the call data are zero.
ir::Value FunctionLowering::encodable(const Result& given, std::optional<ir::Type> wanted, SourceRange range) {
    const Reference& part = given.reference;
    const bool lies_in_calldata = given.kind == Result::Kind::Reference && part.location == DataLocation::Calldata;
    if (lies_in_calldata && data::is_byte_string(program_, part.type))
        return data(range).as(data(range).copy_of_calldata(part), wanted.value_or(contract_.value_type(part.type, range)));
    const ir::Value found = value_of(given, range);
    return wanted ? coerce(found, *wanted, range) : found;
}

bool FunctionLowering::is_bound(ExprId argument, ExprId call) const {  // whether it is the expression before the dot
    return std::ranges::find(tree_[call].list, argument) == tree_[call].list.end();
}

// Returns the arguments in the order of evaluation: the expression before the dot of an attached function comes first.
std::vector<ExprId> FunctionLowering::written_arguments(ExprId call) const {
    std::vector<ExprId> written = tree_[call].list;
    for (const ExprId each : arguments_of(call))
        if (std::find(written.begin(), written.end(), each) == written.end()) written.insert(written.begin(), each);
    return written;
}

std::vector<TypeId> FunctionLowering::types_of(const std::vector<VariableId>& variables) const {
    std::vector<TypeId> types;
    for (const VariableId each : variables) types.push_back(program_[each].type);
    return types;
}

ir::Values FunctionLowering::words_for(ExprId call, const std::vector<TypeId>& parameters) {
    const auto& ordered = arguments_of(call);
    std::vector<Result> results(parameters.size());
    for (const ExprId argument : written_arguments(call)) {
        const auto at = static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), argument) - ordered.begin());
        results.at(at) = is_bound(argument, call) ? evaluate(argument) : unconverted(argument);
    }
    ir::Values words;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto some = flatten(results[i], parameters[i], tree_[ordered.at(i)].range);
        words.insert(words.end(), some.begin(), some.end());
    }
    return words;
}

// Arguments in storage are passed to a library as their slots.
std::vector<Datum> FunctionLowering::data_for(ExprId call, const std::vector<TypeId>& parameters) {
    const auto& ordered = arguments_of(call);
    std::vector<Datum> values(parameters.size());
    for (const ExprId argument : written_arguments(call)) {
        const auto at = static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), argument) - ordered.begin());
        const TypeId type = parameters.at(at);
        const SourceRange range = tree_[argument].range;
        Datum& value = values.at(at);
        if (is_passed_as_slot(type)) {
            value = {program_.uint256, flatten(evaluate(argument), type, range).front(), {}};
            continue;
        }
        value = is_bound(argument, call) ? datum_of(evaluate(argument), type, range) : datum(argument, type);
        if (value.value) value.value = data(range).as_type(value.value, type);
    }
    return values;
}

// Data to encode is read where it is.
Datum FunctionLowering::datum(ExprId argument, TypeId type) {
    if (is_text(argument) && !contract_.is_value(type)) return {type, {}, {}, tree_[inner(argument)].text};
    return datum_of(unconverted(argument), type, tree_[argument].range);
}

std::vector<Datum> FunctionLowering::data_of(const std::vector<ExprId>& arguments) {
    std::vector<Datum> values;
    for (const ExprId argument : arguments) values.push_back(datum(argument, context_type(argument)));
    return values;
}

bool FunctionLowering::needs_coding(TypeId type) const {
    if (contract_.counts_memory() && data::is_byte_string(program_, type)) return true;  // without a copy
    return program_[type].kind == TypeKind::Array || program_[type].kind == TypeKind::Struct;
}

bool FunctionLowering::needs_coding(const std::vector<ir::NamedType>& types) const {
    return std::ranges::any_of(types, [&](const ir::NamedType& each) {
        return each.type == ir::data_type || (contract_.counts_memory() && each.type.is_reference());
    });
}

bool FunctionLowering::is_simple(TypeId type) const {
    const Type& t = program_[type];
    if (t.kind == TypeKind::Array) return false;
    if (t.kind != TypeKind::Struct) return true;
    return std::ranges::all_of(contract_.fields_of(type), [&](VariableId field) { return is_simple(program_[field].type); });
}

// --- array expressions ---
Result FunctionLowering::slice(ExprId id) {
    const Expr& expr = tree_[id];
    Data at = data(expr.range);
    const Reference whole = reference_of(read(expression(expr.a), expr.range), info(expr.a).type, expr.range);
    const ir::Value begin = expr.b ? value(expr.b, ir::uint256_type) : at.word(0);
    const ir::Value end = expr.c ? value(expr.c, ir::uint256_type) : at.length(whole);
    return at.slice(whole, begin, end);
}

Result FunctionLowering::array_literal(ExprId id) {
    const Expr& expr = tree_[id];
    Data at = data(expr.range);
    const TypeId type = info(id).type;
    const ir::Value start = at.allocate(at.word(32 * expr.list.size()));
    for (std::size_t i = 0; i < expr.list.size(); ++i) {
        const Result given = evaluate(expr.list[i]);
        const TypeId part = program_[type].value;
        at.mstore(at.add(start, 32 * i), contract_.is_value(part) ? at.raw(at.as_type(value_of(given, expr.range), part))
                                                                  : address_in_memory(given, part, expr.range));
    }
    return Reference{DataLocation::Memory, type, start, {}, {}};
}

Result FunctionLowering::conditional_reference(ExprId id, TypeId type) {
    const Expr& expr = tree_[id];
    if (program_[type].kind == TypeKind::Tuple && program_[type].members.empty()) {  // calls without results
        data(expr.range)
            .if_else(
                value(expr.a), [&] { (void)evaluate(expr.b); }, [&] { (void)evaluate(expr.c); });
        return {};
    }
    std::vector<Local> chosen;
    for (const ir::Type& each : contract_.words(type, expr.range)) chosen.push_back(builder_.make_local(each));
    const auto choose = [&](ExprId branch) {
        const ir::Values words = flatten(converted(evaluate(branch), type, expr.range), type, expr.range);
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool is_word = builder_.type_of_local(chosen[i]) == ir::uint256_type;
            builder_.write(chosen[i], is_word ? uncleaned(words[i], expr.range) : words[i]);
        }
    };
    data(expr.range)
        .if_else(
            value(expr.a), [&] { choose(expr.b); }, [&] { choose(expr.c); });
    ir::Values words;
    for (const Local local : chosen) words.push_back(builder_.read(local));
    std::size_t next = 0;
    return unflatten(words, next, type);
}

Result FunctionLowering::new_array(ExprId id) {
    const SourceRange range = tree_[id].range;
    const ir::Value count = value(arguments_of(id).at(0), ir::uint256_type);
    const TypeId type = info(id).type;
    return result_of({type, {}, Reference{DataLocation::Memory, type, data(range).new_array(type, count), {}, {}}});
}

// Lowers push(), push(x) and pop() of arrays and bytes in storage.
Result FunctionLowering::array_member_call(ExprId id, Builtin builtin) {
    const SourceRange range = tree_[id].range;
    const ExprId base = tree_[callee(id)].a;
    const TypeId type = info(base).type;
    const bool is_bytes = data::is_byte_string(program_, type);
    Data at = data(range);
    const Reference array = reference_of(read(expression(base), range), type, range);
    if (builtin == Builtin::ArrayPop) {
        is_bytes ? at.pop_byte(array) : at.pop(array);
        return {};
    }
    const auto& arguments = arguments_of(id);
    const TypeId element = is_bytes ? info(callee(id)).type : program_[type].value;
    if (arguments.empty()) {
        if (!is_bytes) return at.push(array);
        const TypeId byte = info(id).type;
        const ir::Value last = at.length(array);
        at.push_byte(array, at.word(0));
        return at.byte(array, last, byte, false);
    }
    if (is_bytes) {
        at.push_byte(array, value(arguments[0], ir::Type{ir::TypeKind::FixedBytes, 8}));
        return {};
    }
    const ir::Value free = contract_.counts_memory() && is_text(arguments[0]) ? at.free_memory() : ir::Value{};
    const Result given = evaluate(arguments[0]);
    const TypeId given_type = contract_.is_value(element) ? element : context_type(arguments[0]);
    Datum datum = datum_of(given, given_type, range);
    at.to_storage(at.push(array), datum);
    if (free) at.set_free_memory(free);
    return {};
}

// --- encoding and decoding ---
Result FunctionLowering::decode_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    const ExprId argument = arguments_of(id).at(0);
    const TypeId result_type = info(id).type;
    const bool several = program_[result_type].kind == TypeKind::Tuple;
    const std::vector<TypeId> types = several ? program_[result_type].members : std::vector{result_type};
    const Reference bytes = reference_of(evaluate(argument), context_type(argument), range);
    Data at = data(range);
    const ir::Value first = bytes.location == DataLocation::Calldata ? bytes.address : at.add(bytes.address, 32);
    const auto values = at.decode(types, first, at.add(first, at.length(bytes)), bytes.location);
    std::vector<Result> results;
    for (const Datum& each : values) results.push_back(result_of(each));
    if (several) return Result::tuple(std::move(results));
    return results.front();
}

ir::Value FunctionLowering::coded_selector(std::uint32_t selector, SourceRange range) {
    return data(range).word(vm::Word{selector} << 224);
}

// Performs a call with arguments or results for which the IR has no encoding.
FunctionLowering::Returned FunctionLowering::perform(ExprId id, const CodedCall& call) {
    const SourceRange range = tree_[id].range;
    const std::vector<Datum> values = data_for(id, call.parameters);
    Data at = data(range);
    const ir::Value target = at.raw(call.call.target);
    if (call.results.empty()) at.require(at.negation(at.is_zero(at.evm(vm::Opcode::EXTCODESIZE, {target}))));
    const ir::Value start = at.free_memory();
    at.mstore(start, call.selector);
    const ir::Value end = at.encode(values, at.add(start, 4));
    ir::ExternalCall made;
    made.kind = ir::ExternalCall::Kind::Raw;
    made.opcode = call.opcode;
    made.arguments = {call.call.gas ? call.call.gas : at.evm(vm::Opcode::GAS), target};
    if (call.opcode == vm::Opcode::CALL) made.arguments.push_back(call.call.value ? call.call.value : at.word(0));
    for (const ir::Value each : {start, at.sub(end, start), at.word(0), at.word(0)}) made.arguments.push_back(each);
    const ir::Value ok = builder_.external(std::move(made), {ir::uint256_type}, range).front();
    return {at.truth(ok), start};
}

// Decodes the results from a copy at `start`.
Result FunctionLowering::results_from(const Returned& returned, const std::vector<TypeId>& types, SourceRange range) {
    if (types.empty()) return {};
    Data at = data(range);
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
                                : result_of(values[i]));
    }
    return parts.size() == 1 ? parts.front() : Result::tuple(std::move(parts));
}

// Returns the return data as a fresh byte string.
ir::Value FunctionLowering::returned_bytes(SourceRange range) {
    Data at = data(range);
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

bool FunctionLowering::is_coded_error(ExprId call) const {
    if (info(inner(call)).call != CallForm::Error) return false;
    const Use& own = info(inner(call)).use;
    const ErrorId error = own.meaning == Meaning::Error ? own.error : info(callee(inner(call))).use.error;
    return std::ranges::any_of(tree_[error].parameters, [&](VariableId each) { return needs_coding(program_[each].type); });
}

FunctionLowering::CodedError FunctionLowering::coded_error(ExprId call) {
    const ExprId id = inner(call);
    const Use& own = info(id).use;
    const ErrorId error = own.meaning == Meaning::Error ? own.error : info(callee(id)).use.error;
    const std::uint32_t selector = contract_.contract().errors[contract_.error_index(error)].selector;
    return {selector, data_for(id, types_of(tree_[error].parameters))};
}

void FunctionLowering::revert_coded(const CodedError& error, SourceRange range) {
    Data at = data(range);
    const ir::Value start = at.free_memory();
    at.mstore(start, coded_selector(error.selector, range));
    at.end(vm::Opcode::REVERT, {start, at.sub(at.encode(error.values, at.add(start, 4)), start)});
}

// A topic of a reference type is the hash of its packed form with padded parts; the other values are encoded as data.
void FunctionLowering::emit_coded(const ir::Event& event, const std::vector<Datum>& values, SourceRange range) {
    Data at = data(range);
    ir::Values topics;
    std::vector<Datum> plain;
    if (!event.anonymous) topics.push_back(at.word(contract_.topic_of(event)));
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!event.indexed[i]) {
            plain.push_back(values[i]);
        } else if (values[i].value) {
            topics.push_back(at.raw(values[i].value));
        } else {
            const ir::Value start = at.free_memory();
            const ir::Value end = at.encode_packed({values[i]}, start);
            topics.push_back(at.evm(vm::Opcode::KECCAK256, {start, at.sub(end, start)}));
        }
    }
    const ir::Value start = at.free_memory();
    ir::Values operands{start, at.sub(at.encode(plain, start), start)};
    const auto opcode = static_cast<vm::Opcode>(static_cast<unsigned>(vm::Opcode::LOG0) + topics.size());
    operands.insert(operands.end(), topics.begin(), topics.end());
    at.effect(opcode, std::move(operands));
}

}  // namespace interlock::lang::lowering
