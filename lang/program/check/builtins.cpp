// Checks built-in functions: require and related ones, hashes, encoding, concatenation.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang {
namespace {

// Letters stand for the types of parameters and results: u uint256, 8 uint8, b bool, w bytes32, r bytes20, a address, p
// address payable, m bytes memory.
struct BuiltinFunction {
    std::string_view name;
    Builtin builtin;
    std::string_view parameters, results;
};

constexpr std::array<BuiltinFunction, 13> builtin_functions{{
    {"require", Builtin::Require, "", ""},  // its parameters vary
    {"revert", Builtin::Revert, "", ""},    // its parameters vary
    {"assert", Builtin::Assert, "b", ""},
    {"keccak256", Builtin::Keccak256, "m", "w"},
    {"sha256", Builtin::Sha256, "m", "w"},
    {"ripemd160", Builtin::Ripemd160, "m", "r"},
    {"ecrecover", Builtin::EcRecover, "w8ww", "a"},
    {"addmod", Builtin::AddMod, "uuu", "u"},
    {"mulmod", Builtin::MulMod, "uuu", "u"},
    {"blockhash", Builtin::BlockHash, "u", "w"},
    {"blobhash", Builtin::BlobHash, "u", "w"},
    {"gasleft", Builtin::GasLeft, "", "u"},
    {"selfdestruct", Builtin::SelfDestruct, "p", ""},
}};

TypeId type_of_letter(TypeTable& types, char letter) {
    switch (letter) {
        case 'u': return types.uint();
        case '8': return types.uint(8);
        case 'b': return types.boolean();
        case 'w': return types.fixed_bytes(32);
        case 'r': return types.fixed_bytes(20);
        case 'a': return types.address();
        case 'p': return types.address(true);
        default: return types.bytes(DataLocation::Memory);
    }
}

std::vector<TypeId> types_of_letters(TypeTable& types, std::string_view letters) {
    std::vector<TypeId> result;
    for (const char letter : letters) result.push_back(type_of_letter(types, letter));
    return result;
}

}  // namespace

TypeId Expressions::builtin_function(ExprId id) {
    const Expr& expr = context_.tree[id];
    const auto row = std::ranges::find(builtin_functions, expr.text, &BuiltinFunction::name);
    if (row == builtin_functions.end()) return {};
    return use_builtin(id, row->builtin,
                       types_.function(types_of_letters(types_, row->parameters), types_of_letters(types_, row->results)));
}

TypeId Expressions::builtin_call(ExprId id, ExprId callee) {
    const Expr& expr = context_.tree[id];
    const Builtin builtin = context_.info(callee).use.builtin;
    const Type type = types_[context_.type_of(callee)];
    context_.info(id).arguments = expr.list;
    if (!expr.names.empty()) {
        context_.report(code::bad_named_arguments, "a built-in function takes no named arguments", expr.range);
        return result_of(type.results, false);
    }
    const bool changes = builtin == Builtin::AddressCall || builtin == Builtin::AddressDelegateCall ||
                         builtin == Builtin::AddressSend || builtin == Builtin::AddressTransfer ||
                         builtin == Builtin::SelfDestruct;
    if (changes && reject_change(id, "call")) return {};
    const bool speaks = builtin == Builtin::Require || builtin == Builtin::Assert || builtin == Builtin::Revert ||
                        builtin == Builtin::AddressStaticCall;
    if (speaks && in_specification()) {
        context_
            .report(code::not_in_specification,
                    fmt::format("`{}` has no place in a specification", context_.text(context_.tree[callee].range)),
                    expr.range)
            .helps.push_back("write the condition itself");
        return {};
    }
    switch (builtin) {
        case Builtin::Require:
        case Builtin::Revert: return require_call(id);
        case Builtin::AbiEncode:
        case Builtin::AbiEncodePacked:
        case Builtin::AbiEncodeWithSelector:
        case Builtin::AbiEncodeWithSignature: return encode_call(id, builtin);
        case Builtin::AbiEncodeCall: return encode_method_call(id);
        case Builtin::BytesConcat:
        case Builtin::StringConcat: return concat_call(id, builtin);
        case Builtin::AbiDecode: return decode_call(id);
        case Builtin::ArrayPush: return push_call(id, type);
        case Builtin::ArrayPop:
            if (reject_change(id, "shorten an array")) return {};
            break;
        default: break;
    }
    if (check_count(id, type.members.size(), {})) {
        pass(id, expr.list, type.members, {});
        if (builtin == Builtin::AddMod || builtin == Builtin::MulMod) check_divisor(expr.list[2], BinaryOp::Modulo);
    }
    return result_of(type.results, false);
}

// Checks require(condition), require(condition, "text"), require(condition, SomeError(…)), revert() and revert("text").
TypeId Expressions::require_call(ExprId id) {
    const Expr& expr = context_.tree[id];
    const bool is_require = context_.program[expr.a].use.builtin == Builtin::Require;
    const std::size_t least = is_require ? 1 : 0;
    if (expr.list.size() < least || expr.list.size() > least + 1) {
        context_
            .report(
                code::argument_count,
                is_require ? "`require` takes a condition, and then a text or an error" : "`revert` takes at most a text",
                expr.range)
            .helps.push_back(is_require ? "write `require(condition, \"why not\")`"
                                        : "write `revert SomeError(…)` for more");
        return types_.tuple({});
    }
    if (is_require) convert(expr.list[0], types_.boolean());
    if (expr.list.size() == least) return types_.tuple({});
    const ExprId reason = expr.list[least];
    if (!(is_require && context_.info(reason).call == CallForm::Error)) convert(reason, types_.string(DataLocation::Memory));
    return types_.tuple({});
}

// Accepts values, byte strings, and arrays of values; arrays of arrays only if their length is fixed.
bool Expressions::packs(TypeId id) const {
    const Type& type = types_[id];
    if (type.kind == TypeKind::Struct) return false;
    if (type.kind != TypeKind::Array) return true;
    return packs(type.value) && !data::has_length(context_.program, type.value);
}

void Expressions::check_encoded(ExprId argument, bool packed) {
    require_value(argument);
    const TypeId type = context_.type_of(argument);
    if (types_.is_error(type)) return;
    if (packed && types_.kind(type) == TypeKind::RationalLiteral) {
        context_.report(code::bad_number, "a number needs a type to be encoded tightly", context_.tree[argument].range)
            .helps.push_back(fmt::format("write `uint256({})`", context_.text(context_.tree[argument].range)));
        return;
    }
    const TypeId settled = settle(argument);
    if (packed && !types_.is_error(settled) && !packs(settled)) {
        context_
            .report(code::bad_signature_type, fmt::format("a `{}` cannot be encoded tightly", types_.name(settled)),
                    context_.tree[argument].range)
            .helps.push_back("use `abi.encode`");
        return;
    }
    const bool fits_coder = !context_.with_old_coder.contains(unit_here()) || old_coder_takes(types_, settled);
    if (types_.is_error(settled) || (types_.can_cross_contracts(settled) && fits_coder)) return;
    context_.report(code::bad_signature_type, fmt::format("a `{}` cannot be encoded", types_.name(settled)),
                    context_.tree[argument].range);
}

TypeId Expressions::encode_call(ExprId id, Builtin builtin) {
    const Expr& expr = context_.tree[id];
    const bool with_first = builtin == Builtin::AbiEncodeWithSelector || builtin == Builtin::AbiEncodeWithSignature;
    if (with_first && expr.list.empty()) {
        context_.report(code::argument_count,
                        builtin == Builtin::AbiEncodeWithSelector ? "a selector is missing" : "a signature is missing",
                        expr.range);
    } else if (with_first) {
        convert(expr.list[0],
                builtin == Builtin::AbiEncodeWithSelector ? types_.fixed_bytes(4) : types_.string(DataLocation::Memory));
    }
    for (std::size_t i = with_first ? 1 : 0; i < expr.list.size(); ++i)
        check_encoded(expr.list[i], builtin == Builtin::AbiEncodePacked);
    return types_.bytes(DataLocation::Memory);
}

// Checks abi.encodeCall(IBank.withdraw, (amount)).
TypeId Expressions::encode_method_call(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeId data = types_.bytes(DataLocation::Memory);
    if (!check_count(id, 2, {})) return data;
    const Type method = types_[context_.type_of(expr.list[0])];
    if (method.kind == TypeKind::Error || types_.is_error(context_.type_of(expr.list[1]))) return data;
    const bool is_named = context_.info(expr.list[0]).use.meaning == Meaning::Function;
    const FunctionId named = context_.info(expr.list[0]).use.function;
    const bool is_inner = method.form == FunctionForm::Internal || (is_named && !is_bound_to_contract(named));
    if (method.kind != TypeKind::Function || is_inner || (!is_named && method.form != FunctionForm::External)) {
        context_
            .report(code::cannot_convert,
                    is_inner ? "the first argument must be a function as others call it"
                             : "the first argument must be a function",
                    context_.tree[expr.list[0]].range)
            .helps.push_back(is_named && is_inner && is_bound_to_contract(named)
                                 ? "write `this.` before its name"
                                 : "write `abi.encodeCall(IBank.withdraw, (amount))`");
        return data;
    }
    std::vector<TypeId> parameters = method.members;
    for (TypeId& parameter : parameters) parameter = types_.at(parameter, DataLocation::Memory);
    if (parameters.size() == 1 && types_.kind(context_.type_of(expr.list[1])) != TypeKind::Tuple) {
        convert(expr.list[1], parameters[0]);
    } else {
        convert(expr.list[1], types_.tuple(std::move(parameters)));
    }
    return data;
}

TypeId Expressions::concat_call(ExprId id, Builtin builtin) {
    const Expr& expr = context_.tree[id];
    const bool text = builtin == Builtin::StringConcat;
    const TypeId whole = text ? types_.string(DataLocation::Memory) : types_.bytes(DataLocation::Memory);
    for (const ExprId argument : expr.list) {
        require_value(argument);
        const TypeKind kind = types_.kind(context_.type_of(argument));
        if (!text && kind == TypeKind::FixedBytes) continue;
        convert(argument, whole);
    }
    return whole;
}

// Checks abi.decode(data, (uint256, bool)), whose second argument names types.
TypeId Expressions::decode_call(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (!check_count(id, 2, {})) return {};
    context_.info(id).arguments = {expr.list[0]};
    const TypeId data_type = context_.type_of(expr.list[0]);
    const bool in_calldata =
        types_.kind(data_type) == TypeKind::Bytes && types_[data_type].location == DataLocation::Calldata;
    if (!in_calldata) convert(expr.list[0], types_.bytes(DataLocation::Memory));
    const TypeId written = context_.type_of(expr.list[1]);
    if (types_.is_error(written)) return {};
    if (context_.tree[expr.list[1]].kind != ExprKind::Tuple) {
        context_.report(code::bad_signature_type, "the types stand in parentheses", context_.tree[expr.list[1]].range)
            .helps.push_back(fmt::format("write `({})`", context_.text(context_.tree[expr.list[1]].range)));
        return {};
    }
    const bool several = types_.kind(written) == TypeKind::Tuple;
    std::vector<TypeId> results;
    for (const TypeId each : several ? types_[written].members : std::vector<TypeId>{written}) {
        const TypeId meant =
            types_.kind(each) == TypeKind::Meta ? types_.at(types_[each].value, DataLocation::Memory) : TypeId{};
        const bool fits_coder = !context_.with_old_coder.contains(unit_here()) || old_coder_takes(types_, meant);
        if (!meant || !types_.can_cross_contracts(meant) || !fits_coder) {
            context_
                .report(code::bad_signature_type,
                        meant ? fmt::format("a `{}` cannot be decoded", types_.name(meant)) : "this is not a type",
                        context_.tree[expr.list[1]].range)
                .helps.push_back("write the types in parentheses: `abi.decode(data, (uint256, bool))`");
            return {};
        }
        results.push_back(types_.kind(meant) == TypeKind::Address ? types_.address(true) : meant);  // as in solc
    }
    return result_of(results, false);
}

// Checks push(x), and push(), which returns the new element.
TypeId Expressions::push_call(ExprId id, const Type& member) {
    const Expr& expr = context_.tree[id];
    if (reject_change(id, "lengthen an array")) return {};
    if (expr.list.empty()) {
        context_.info(id).is_lvalue = true;
        return member.results.front();
    }
    if (types_.holds_mapping(member.members.front())) {
        context_.report(code::bad_mapping, "what has a mapping in it cannot be copied into an array", expr.range)
            .helps.push_back("write `push()`, and set the parts of the new element");
    } else if (check_count(id, 1, {})) {
        pass(id, expr.list, member.members, {});
    }
    return types_.tuple({});
}

void Expressions::check_raise(ExprId id, Meaning meaning, bool may_be_text) {
    check(id);
    const ExprInfo& info = context_.info(id);
    const CallForm wanted = meaning == Meaning::Event ? CallForm::Event : CallForm::Error;
    const Expr& expr = context_.tree[id];
    if (expr.kind == ExprKind::Error) return;
    if (expr.kind != ExprKind::Call) {
        if (types_.is_error(context_.type_of(id))) return;
        context_
            .report(code::bad_emit, fmt::format("this is no {}", meaning == Meaning::Event ? "event" : "error"), expr.range)
            .helps.push_back(fmt::format("write `{}(…)`, with its arguments", context_.text(expr.range)));
        return;
    }
    if (types_.is_error(context_.type_of(expr.a)) || info.call == wanted) return;
    if (may_be_text && context_.program[expr.a].use.builtin == Builtin::Revert) return;  // revert("text")
    const bool emits = meaning == Meaning::Event;
    Diagnostic& diagnostic = context_.report(
        code::bad_emit,
        fmt::format("`{}` is not an {}", context_.text(context_.tree[expr.a].range), emits ? "event" : "error"),
        context_.tree[expr.a].range);
    if (const SourceRange declared = declaration_of(context_.program[expr.a].use); declared.end != 0)
        diagnostic.secondary.push_back({declared, "declared here"});
    const std::string text = context_.text(expr.range);
    if (info.call == CallForm::Error || info.call == CallForm::Event)
        diagnostic.helps.push_back(emits ? fmt::format("errors are raised: write `revert {}`", text)
                                         : fmt::format("events are emitted: write `emit {}`", text));
    else
        diagnostic.helps.push_back(emits ? "declare it: `event Name(…);`"
                                         : "declare it: `error Name(…);`, or write `revert(\"text\")`");
}

}  // namespace interlock::lang
