#include "lang/program/check/expressions/builtins.hpp"

#include <fmt/format.h>

#include "lang/program/check/expressions/arguments.hpp"
#include "lang/program/check/expressions/assignments.hpp"
#include "lang/program/check/expressions/calls.hpp"
#include "lang/program/check/expressions/encodings.hpp"
#include "lang/program/check/expressions/operators.hpp"

namespace interlock::lang::checking {

TypeId Builtins::function(ExprId id) {
    const BuiltinInfo* found = find_builtin(Holder::Plain, context_.tree[id].text, context_.names.dialect());
    return found ? use_builtin(id, *found) : TypeId{};
}

TypeId Builtins::call(ExprId id, ExprId callee) {
    const Expr& expr = context_.tree[id];
    const Builtin builtin = context_.info(callee).use.builtin;
    const Type type = types_[context_.type_of(callee)];
    context_.info(id).arguments = expr.list;
    if (!expr.names.empty()) {
        context_.report(code::bad_named_arguments, "a built-in function takes no named arguments", expr.range);
        return Calls(*this).result_of(type.results, false);
    }
    const bool changes = builtin == Builtin::AddressCall || builtin == Builtin::AddressDelegateCall ||
                         builtin == Builtin::AddressSend || builtin == Builtin::AddressTransfer ||
                         builtin == Builtin::SelfDestruct;
    if (changes && Assignments(*this).reject_change(id, "call")) return {};
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
    if (context_.has(rule::arguments_are_packed) && takes_any(builtin)) return packed(id, type);
    switch (builtin) {
        case Builtin::Require:
        case Builtin::Revert: return require(id);
        case Builtin::AbiEncode:
        case Builtin::AbiEncodePacked:
        case Builtin::AbiEncodeWithSelector:
        case Builtin::AbiEncodeWithSignature: return Encodings(*this).encode(id, builtin);
        case Builtin::AbiEncodeCall: return Encodings(*this).encode_call(id);
        case Builtin::BytesConcat:
        case Builtin::StringConcat: return concat(id, builtin);
        case Builtin::AbiDecode: return Encodings(*this).decode(id);
        case Builtin::ArrayPush: return push(id, type);
        case Builtin::ArrayPop:
            if (Assignments(*this).reject_change(id, "shorten an array")) return {};
            break;
        default: break;
    }
    if (Arguments(*this).check_count(id, type.members.size(), {})) {
        Arguments(*this).pass(id, expr.list, type.members, {});
        if (builtin == Builtin::AddMod || builtin == Builtin::MulMod)
            Operators(*this).check_divisor(expr.list[2], BinaryOp::Modulo);
    }
    return Calls(*this).result_of(type.results, false);
}

// Checks require(condition), require(condition, "text"), require(condition, SomeError(…)), revert() and revert("text").
TypeId Builtins::require(ExprId id) {
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

TypeId Builtins::concat(ExprId id, Builtin builtin) {
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

// In older dialects hashes and calls take anything, and put it together.
bool Builtins::takes_any(Builtin builtin) {
    switch (builtin) {
        case Builtin::Keccak256:
        case Builtin::Sha256:
        case Builtin::Ripemd160:
        case Builtin::AddressCall:
        case Builtin::AddressCallCode:
        case Builtin::AddressDelegateCall: return true;
        default: return false;
    }
}

TypeId Builtins::packed(ExprId id, const Type& function) {
    for (const ExprId argument : context_.tree[id].list) {
        const TypeId settled = settle(argument);
        if (types_.is_error(settled) || types_.is_value_type(settled) || types_.can_cross_contracts(settled)) continue;
        context_.report(code::bad_signature_type, fmt::format("a `{}` cannot be encoded", types_.name(settled)),
                        context_.tree[argument].range);
    }
    return Calls(*this).result_of(function.results, false);
}

// Checks push(x), and push(), which returns the new element.
TypeId Builtins::push(ExprId id, const Type& member) {
    const Expr& expr = context_.tree[id];
    if (Assignments(*this).reject_change(id, "lengthen an array")) return {};
    if (expr.list.empty()) {
        context_.info(id).is_lvalue = true;
        return member.results.front();
    }
    const bool skips_mappings =
        context_.has(rule::structs_skip_mappings) && types_.kind(member.members.front()) == TypeKind::Struct;
    if (types_.holds_mapping(member.members.front()) && !skips_mappings) {
        context_.report(code::bad_mapping, "what has a mapping in it cannot be copied into an array", expr.range)
            .helps.push_back("write `push()`, and set the parts of the new element");
    } else if (Arguments(*this).check_count(id, 1, {})) {
        Arguments(*this).pass(id, expr.list, member.members, {});
    }
    return context_.has(rule::push_gives_length) ? types_.uint() : types_.tuple({});
}

}  // namespace interlock::lang::checking
