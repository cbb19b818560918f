#include "lang/program/check/expressions/casts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/expressions/arguments.hpp"
#include "lang/program/check/expressions/conversions.hpp"

namespace interlock::lang::checking {

// Returns whether it is the name of a library, as in address(L).
bool Casts::is_library_name(ExprId id) const {
    const Type& type = types_[context_.type_of(id)];
    return type.kind == TypeKind::Meta && types_.kind(type.value) == TypeKind::Contract &&
           context_.tree[types_[type.value].contract].kind == ContractKind::Library;
}

TypeId Casts::conversion(ExprId id, TypeId to) {
    const Expr& expr = context_.tree[id];
    context_.info(id).call = CallForm::Conversion;
    context_.info(id).arguments = expr.list;
    if (expr.list.size() != 1 || !expr.names.empty()) {
        context_.report(code::argument_count, fmt::format("a conversion takes one value, {} given", expr.list.size()),
                        expr.range);
        return to;
    }
    const ExprId argument = expr.list[0];
    if (is_library_name(argument) && types_.kind(to) == TypeKind::Address) return types_.address();
    require_value(argument);
    const TypeId from = context_.type_of(argument);
    const DataLocation location = types_.is_reference(from) ? types_[from].location : DataLocation::Memory;
    const TypeId target = as_payable(from, types_.at(to, location));
    if (types_.is_error(from) || types_.is_error(to)) return target;
    if (types_.kind(from) == TypeKind::Integer) {
        context_
            .report(code::not_in_specification, "a mathematical integer cannot be converted to a type of the contract",
                    expr.range)
            .helps.push_back("leave the conversion out: a specification calculates without overflow");
        return target;
    }
    if (!casts(types_, from, target)) {
        Diagnostic& diagnostic = context_.report(
            code::cannot_cast, fmt::format("`{}` cannot be converted to `{}`", types_.name(from), types_.name(target)),
            context_.tree[expr.a].range);
        diagnostic.secondary.push_back({context_.tree[argument].range, fmt::format("`{}`", types_.name(from))});
        suggest_cast(from, target, diagnostic);
        return target;
    }
    if (converts(types_, from, target)) {
        Conversions(*this).apply(argument, target);
    } else if (types_.kind(from) == TypeKind::RationalLiteral) {
        Conversions(*this).apply(argument, mobile_type(types_, from).value_or(TypeId{}));
    }
    const bool keeps_value = converts(types_, from, target) || types_.kind(from) == TypeKind::RationalLiteral ||
                             (types_.kind(from) == TypeKind::Uint && types_.kind(target) == TypeKind::Address);
    if (keeps_value && types_.kind(target) != TypeKind::FixedBytes)
        context_.info(id).constant = context_.info(argument).constant;
    if (types_.kind(target) == TypeKind::FixedBytes && converts(types_, from, target))
        context_.info(id).constant = context_.info(argument).constant;
    if (types_.kind(from) == TypeKind::RationalLiteral && !converts(types_, from, target) &&
        context_.has(rule::literals_are_cut_off))
        context_.info(id).constant = Conversions(*this).cut_off(argument, target);
    return target;
}

// From 0.5 to 0.7, address(x) of what is no address may be paid, and that of a contract if the contract takes ether.
TypeId Casts::as_payable(TypeId from, TypeId target) {
    if (types_.kind(target) != TypeKind::Address || !context_.has(rule::casts_in_one_step)) return target;
    const Type& given = types_[from];
    if (given.kind == TypeKind::Address) return types_.address(given.payable || types_[target].payable);
    const bool is_payable = given.kind != TypeKind::Contract || types_.accepts_ether(given.contract);
    return is_payable ? types_.address(true) : target;
}

void Casts::suggest_cast(TypeId from_id, TypeId to_id, Diagnostic& diagnostic) {
    const Type &from = types_[from_id], &to = types_[to_id];
    const auto help = [&](std::string line) { diagnostic.helps.push_back(std::move(line)); };
    if (types_.is_integer(from_id) && types_.is_integer(to_id))
        return help(fmt::format("change one thing at a time: `{}` first, then `{}`",
                                from.kind == TypeKind::Uint ? fmt::format("uint{}", to.bits) : fmt::format("int{}", to.bits),
                                types_.name(to_id)));
    if (types_.is_integer(from_id) && to.kind == TypeKind::Address)
        return help("convert to `uint160` first: `address(uint160(x))`");
    if (from.kind == TypeKind::Address && types_.is_integer(to_id))
        return help("convert to `uint160` first: `uint256(uint160(a))`");
    if (from.kind == TypeKind::FixedBytes && types_.is_integer(to_id))
        return help(fmt::format("a `bytes{}` converts to `uint{}` only", from.bits / 8, from.bits));
    if (types_.is_integer(from_id) && to.kind == TypeKind::FixedBytes)
        return help(fmt::format("convert to `uint{}` first", to.bits));
    if (from.kind == TypeKind::Contract && to.kind == TypeKind::Address)
        return help(
            "that contract cannot receive ether: it has no receive function and no payable fallback; write "
            "`payable(address(c))` if you mean it");
    if (from.kind == TypeKind::Address && to.kind == TypeKind::Contract)
        return help("that contract can receive ether: convert the address with `payable(…)` first");
    if (from.kind == TypeKind::Contract && to.kind == TypeKind::Contract)
        return help(fmt::format("go through the address: `{}(address(c))`", context_.tree[to.contract].name.text));
    if (to.kind == TypeKind::Bool) return help("compare it with zero");
    if (from.kind == TypeKind::Bool) return help("write `b ? 1 : 0`");
    if (from.kind == TypeKind::RationalLiteral && types_.is_integer(to_id)) return help("the number does not fit");
}

TypeId Casts::structure(ExprId id, StructId structure) {
    const Expr& expr = context_.tree[id];
    ExprInfo& info = context_.info(id);
    info.call = CallForm::StructConstructor;
    info.use = {.meaning = Meaning::Struct, .structure = structure};
    const TypeId type = types_.structure(structure, DataLocation::Memory);
    std::vector<VariableId> fields = context_.tree[structure].fields;
    if (context_.has(rule::structs_skip_mappings))
        std::erase_if(fields,
                      [&](VariableId field) { return types_.kind(context_.program[field].type) == TypeKind::Mapping; });
    const bool holds_mapping =
        std::ranges::any_of(fields, [&](VariableId field) { return types_.holds_mapping(context_.program[field].type); });
    if (holds_mapping) {
        context_
            .report(code::bad_mapping,
                    fmt::format("`{}` has a mapping: it can only be made in storage", context_.tree[structure].name.text),
                    expr.range)
            .helps.push_back("take a storage reference and set the fields one by one");
        return {};
    }
    if (!Arguments(*this).check_count(id, fields.size(), context_.tree[structure].name.range)) return type;
    const std::optional<std::vector<ExprId>> arguments = Arguments(*this).arrange(id, fields);
    if (!arguments) return type;
    std::vector<TypeId> parameters;
    for (const VariableId field : fields)
        parameters.push_back(types_.at(context_.program[field].type, DataLocation::Memory));
    Arguments(*this).pass(id, *arguments, parameters, fields);
    return type;
}

}  // namespace interlock::lang::checking
