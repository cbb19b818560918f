#include "lang/lower/encodings.hpp"

#include <algorithm>

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

// Lowers bytes.concat, which also takes bytesN and joins them as the packed encoding does.
ir::Value Encodings::concat(ExprId id, const ir::Type& type) {
    const std::vector<ExprId>& joined = arguments_of(id);
    const auto lies_in_calldata = [&](ExprId each) { return checked_type(each).location == DataLocation::Calldata; };
    if (contract_.counts_memory() || std::ranges::any_of(joined, lies_in_calldata)) {
        DataBuilder at = data(tree_[id].range);
        return at.as(at.bytes_of_encoding(Expressions(*this).data_of(joined), {}, true), type);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::Concat;
    instruction.range = tree_[id].range;
    std::vector<Result> given;
    for (const ExprId argument : joined)
        given.push_back(contract_.types.is_value(context_type(argument)) ? Expressions(*this).pending(argument)
                                                                         : Expressions(*this).pending(argument, type));
    for (std::size_t i = 0; i < joined.size(); ++i) {
        const bool is_word = contract_.types.is_value(context_type(joined[i]));
        instruction.operands.push_back(
            Results(*this).encodable(given[i], is_word ? std::nullopt : std::optional(type), instruction.range));
        if (is_word) instruction.op = ir::Op::AbiEncode;
    }
    instruction.type = type;
    instruction.encoding = ir::Encoding::Packed;
    return builder_.emit(std::move(instruction));
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

ir::Value Encodings::abi_encode(ExprId id, Builtin builtin) {
    ir::Instruction instruction;
    instruction.op = ir::Op::AbiEncode;
    instruction.type = ir::bytes_type;
    instruction.range = tree_[id].range;
    for (const ExprId each : arguments_of(id)) contract_.types.refuse_fixed_point(context_type(each), tree_[each].range);
    const bool with_selector = builtin == Builtin::AbiEncodeWithSelector || builtin == Builtin::AbiEncodeWithSignature;
    const auto is_coded = [&](ExprId each) { return Results(*this).needs_coding(context_type(each)); };
    if (contract_.counts_memory() || std::ranges::any_of(arguments_of(id), is_coded)) {
        DataBuilder at = data(instruction.range);
        std::vector<ExprId> rest = arguments_of(id);
        ir::Value selector;
        if (builtin == Builtin::AbiEncodeWithSignature) selector = at.raw(signature_selector(rest.front()));
        if (builtin == Builtin::AbiEncodeWithSelector) selector = at.raw(value(rest.front(), bytes4_type));
        if (with_selector) rest.erase(rest.begin());
        const ir::Value bytes =
            at.bytes_of_encoding(Expressions(*this).data_of(rest), selector, builtin == Builtin::AbiEncodePacked);
        return at.as(bytes, ir::bytes_type);
    }
    if (with_selector) instruction.encoding = ir::Encoding::WithSelector;
    if (builtin == Builtin::AbiEncodePacked) instruction.encoding = ir::Encoding::Packed;
    std::vector<Result> given;
    for (const ExprId argument : arguments_of(id)) {
        const bool is_selector = with_selector && given.empty();
        if (is_selector && builtin == Builtin::AbiEncodeWithSignature) given.push_back(signature_selector(argument));
        else
            given.push_back(is_selector ? Expressions(*this).pending(argument, bytes4_type)
                                        : Expressions(*this).pending(argument));
    }
    for (const Result& each : given)
        instruction.operands.push_back(Results(*this).encodable(each, std::nullopt, instruction.range));
    return builder_.emit(std::move(instruction));
}

// The function may be named through its contract or, as in make().f, through a value that must be evaluated first.
ir::Value Encodings::selector_of_named(ExprId id) {
    const Expr& named = tree_[inner(id)];
    if (named.kind == ExprKind::Member && checked_type(named.a).kind == TypeKind::Contract) (void)value(named.a);
    return selector_constant(program_[info(inner(id)).use.function].selector, named.range);
}

// Lowers abi.encodeCall(I.f, (a, b)): the selector and the parameters' types are f's.
ir::Value Encodings::encode_call(ExprId id) {
    const auto& written = arguments_of(id);
    const SourceRange range = tree_[id].range;
    if (written.size() != 2) unsupported("this form of abi.encodeCall is not supported yet", range);
    const Use& use = info(inner(written[0])).use;
    const bool is_named = use.meaning == Meaning::Function;
    ir::Value selector;
    if (is_named) selector = selector_of_named(written[0]);
    else {
        DataBuilder at = data(range);
        const ir::Value bits = at.word(160);
        selector = at.as(at.shl(at.raw(value(written[0])), bits), bytes4_type);
    }
    const std::vector<TypeId> parameters =
        is_named ? types_of(tree_[use.function].parameters) : checked_type(written[0]).members;
    const Expr& given = tree_[written[1]];
    const std::vector<ExprId> values = given.kind == ExprKind::Tuple ? given.list : std::vector<ExprId>{written[1]};
    if (values.size() != parameters.size()) unsupported("this form of abi.encodeCall is not supported yet", given.range);
    if (contract_.counts_memory() ||
        std::ranges::any_of(parameters, [&](TypeId each) { return Results(*this).needs_coding(each); })) {
        DataBuilder at = data(range);
        std::vector<Datum> all = Expressions(*this).data_of(values);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].value) all[i] = {parameters[i], at.as_type(all[i].value, parameters[i]), {}};
        return at.as(at.bytes_of_encoding(all, at.raw(selector), false), ir::bytes_type);
    }
    ir::Instruction instruction;
    instruction.op = ir::Op::AbiEncode;
    instruction.type = ir::bytes_type;
    instruction.encoding = ir::Encoding::WithSelector;
    instruction.range = range;
    instruction.operands.push_back(selector);
    std::vector<Result> passed;
    for (std::size_t i = 0; i < values.size(); ++i)
        passed.push_back(Expressions(*this).pending(values[i], contract_.types.value_type(parameters[i], range)));
    for (std::size_t i = 0; i < values.size(); ++i)
        instruction.operands.push_back(
            Results(*this).encodable(passed[i], contract_.types.value_type(parameters[i], range), range));
    return builder_.emit(std::move(instruction));
}

ir::Value Encodings::encoded_method(ExprId id, const ir::Method& method, SourceRange range) {
    const FunctionId function = info(callee(id)).use.function;
    if (function) {
        DataBuilder at = data(range);
        const ir::Value selector = coded_selector(method.selector, range);
        return at.as(at.bytes_of_encoding(Calls(*this).data_for(id, types_of(tree_[function].parameters)), selector, false),
                     ir::bytes_type);
    }
    ir::Instruction encode;  // of a getter's arguments
    encode.op = ir::Op::AbiEncode;
    encode.type = ir::bytes_type;
    encode.encoding = ir::Encoding::WithSelector;
    encode.range = range;
    encode.operands = Calls(*this).arguments(id, method.parameters);
    encode.operands.insert(encode.operands.begin(), selector_constant(method.selector, range));
    return builder_.emit(std::move(encode));
}

}  // namespace interlock::lang::lowering
