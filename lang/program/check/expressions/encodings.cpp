#include "lang/program/check/expressions/encodings.hpp"

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/arguments.hpp"
#include "lang/program/check/expressions/calls.hpp"
#include "lang/program/check/expressions/overloads.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang::checking {

// Accepts values, byte strings, and arrays of values; arrays of arrays only if their length is fixed.
bool Encodings::packs(TypeId id) const {
    const Type& type = types_[id];
    if (type.kind == TypeKind::Struct) return false;
    if (type.kind != TypeKind::Array) return true;
    return packs(type.value) && !data::has_length(context_.program, type.value);
}

void Encodings::check_encoded(ExprId argument, bool packed) {
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

TypeId Encodings::encode(ExprId id, Builtin builtin) {
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
TypeId Encodings::encode_call(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeId data = types_.bytes(DataLocation::Memory);
    if (!Arguments(*this).check_count(id, 2, {})) return data;
    const Type method = types_[context_.type_of(expr.list[0])];
    if (method.kind == TypeKind::Error || types_.is_error(context_.type_of(expr.list[1]))) return data;
    const bool is_named = context_.info(expr.list[0]).use.meaning == Meaning::Function;
    const FunctionId named = context_.info(expr.list[0]).use.function;
    const bool is_inner =
        method.form == FunctionForm::Internal || (is_named && !Overloads(*this).is_bound_to_contract(named));
    if (method.kind != TypeKind::Function || is_inner || (!is_named && method.form != FunctionForm::External)) {
        context_
            .report(code::cannot_convert,
                    is_inner ? "the first argument must be a function as others call it"
                             : "the first argument must be a function",
                    context_.tree[expr.list[0]].range)
            .helps.push_back(is_named && is_inner && Overloads(*this).is_bound_to_contract(named)
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

// Checks abi.decode(data, (uint256, bool)), whose second argument names types.
TypeId Encodings::decode(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (!Arguments(*this).check_count(id, 2, {})) return {};
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
    return Calls(*this).result_of(results, false);
}

}  // namespace interlock::lang::checking
