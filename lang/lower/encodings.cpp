#include "lang/lower/encodings.hpp"

#include "lang/abi/abi.hpp"
#include "lang/lower/calls.hpp"
#include "lang/lower/expressions.hpp"
#include "lang/lower/results.hpp"

namespace interlock::lang::lowering {

Result Encodings::decode_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    const ExprId argument = arguments_of(id).at(0);
    const TypeId result_type = info(id).type;
    const bool several = program_[result_type].kind == TypeKind::Tuple;
    const std::vector<TypeId> types = several ? program_[result_type].members : std::vector{result_type};
    for (const TypeId each : types) contract_.types.refuse_fixed_point(each, range);
    const Reference bytes = reference_of(evaluate(argument), context_type(argument), range);
    DataBuilder at = data(range);
    const ir::Value first = bytes.location == DataLocation::Calldata ? bytes.address : at.add(bytes.address, 32);
    const auto values = at.decode(types, first, at.add(first, at.length(bytes)), bytes.location);
    std::vector<Result> results;
    for (const Datum& each : values) results.push_back(Results(*this).result_of(each));
    if (several) return Result::tuple(std::move(results));
    return results.front();
}

ir::Value Encodings::coded_selector(std::uint32_t selector, SourceRange range) {
    return data(range).word(vm::Word{selector} << 224);
}

// Joins bytes, strings and bytesN as the packed encoding does.
ir::Value Encodings::concat(ExprId id, const ir::Type& type) {
    DataBuilder at = data(tree_[id].range);
    return at.as(at.bytes_of_encoding(Expressions(*this).data_of(arguments_of(id)), {}, true), type);
}

ir::Value Encodings::selector_constant(std::uint32_t selector, SourceRange range) {
    return builder_.constant(bytes4_type, vm::Word{selector} << 224, range);
}

ir::Value Encodings::signature_selector(ExprId signature) {
    const Expr& text = tree_[inner(signature)];
    if (text.kind == ExprKind::String) return selector_constant(abi::selector(text.text), text.range);
    const ir::Value bytes = coerce(value(signature, ir::string_type), ir::bytes_type, text.range);
    const ir::Value hash = builder_.op(ir::Op::Keccak, ir::bytes32_type, {bytes}, text.range);
    return coerce(hash, bytes4_type, text.range);
}

// Encodes the values behind the selector, a bytes4.
ir::Value Encodings::call_data(ir::Value selector, const std::vector<Datum>& values, SourceRange range) {
    constexpr unsigned selector_shift = 224;
    DataBuilder at = data(range);
    ir::Instruction bytes;
    bytes.op = ir::Op::Reinterpret;
    bytes.type = ir::bytes_type;
    auto known = builder_.constant_of(selector);
    if (!known) known = builder_.hash_begun_by(selector);
    if (known) bytes.selector = static_cast<std::uint32_t>((*known >> selector_shift).low64());
    bytes.operands = {at.bytes_of_encoding(values, at.raw(selector), false)};
    bytes.range = range;
    return builder_.emit(std::move(bytes));
}

ir::Value Encodings::abi_encode(ExprId id, Builtin builtin) {
    const SourceRange range = tree_[id].range;
    std::vector<ExprId> rest = arguments_of(id);
    for (const ExprId each : rest) contract_.types.refuse_fixed_point(context_type(each), tree_[each].range);
    ir::Value selector;
    if (builtin == Builtin::AbiEncodeWithSignature) selector = signature_selector(rest.front());
    if (builtin == Builtin::AbiEncodeWithSelector) {
        const Expr& named = tree_[inner(rest.front())];
        if (named.kind == ExprKind::Member && info(inner(rest.front())).use.builtin == Builtin::FunctionSelector)
            note_method(info(inner(named.a)).use);
        selector = value(rest.front(), bytes4_type);
    }
    if (selector) {
        rest.erase(rest.begin());
        return call_data(selector, Expressions(*this).data_of(rest), range);
    }
    DataBuilder at = data(range);
    const bool is_packed = builtin == Builtin::AbiEncodePacked;
    return at.as(at.bytes_of_encoding(Expressions(*this).data_of(rest), {}, is_packed), ir::bytes_type);
}

// The function may be named through its contract or, as in make().f, through a value that must be evaluated first.
ir::Value Encodings::selector_of_named(ExprId id) {
    const Expr& named = tree_[inner(id)];
    if (named.kind == ExprKind::Member && checked_type(named.a).kind == TypeKind::Contract) (void)value(named.a);
    const Use& use = info(inner(id)).use;
    note_method(use);
    return selector_constant(program_[use.function].selector, named.range);
}

// Whoever is called by bytes that begin with its selector has the method.
void Encodings::note_method(const Use& use) {
    if (use.meaning != Meaning::Function || !program_[use.function].contract) return;
    if (tree_[program_[use.function].contract].kind != ContractKind::Library)
        (void)contract_.interface.method_index(use.function);
}

// Lowers abi.encodeCall(I.f, (a, b)): the selector and the parameters' types are f's.
ir::Value Encodings::encode_call(ExprId id) {
    const auto& written = arguments_of(id);
    const SourceRange range = tree_[id].range;
    if (written.size() != 2) unsupported("this form of abi.encodeCall is not supported yet", range);
    const Use& use = info(inner(written[0])).use;
    const bool is_named = use.meaning == Meaning::Function;
    DataBuilder at = data(range);
    ir::Value selector;
    if (is_named) {
        selector = selector_of_named(written[0]);
    } else {
        const ir::Value bits = at.word(160);
        selector = at.as(at.shl(at.raw(value(written[0])), bits), bytes4_type);
    }
    const std::vector<TypeId> parameters =
        is_named ? types_of(tree_[use.function].parameters) : checked_type(written[0]).members;
    const Expr& given = tree_[written[1]];
    const std::vector<ExprId> values = given.kind == ExprKind::Tuple ? given.list : std::vector<ExprId>{written[1]};
    if (values.size() != parameters.size()) unsupported("this form of abi.encodeCall is not supported yet", given.range);
    std::vector<Datum> passed = Expressions(*this).data_of(values);
    for (std::size_t i = 0; i < passed.size(); ++i)
        if (passed[i].value) passed[i] = {parameters[i], at.as_type(passed[i].value, parameters[i]), {}};
    return call_data(selector, passed, range);
}

ir::Value Encodings::encoded_method(ExprId id, const ir::Method& method, SourceRange range) {
    const Use& use = info(callee(id)).use;
    const std::vector<TypeId> parameters =
        use.function ? types_of(tree_[use.function].parameters) : data::getter_keys(program_, program_[use.variable].type);
    const ir::Value selector = selector_constant(method.selector, range);
    return call_data(selector, Calls(*this).data_for(id, parameters), range);
}

}  // namespace interlock::lang::lowering
