#include "lang/program/check/expressions/expressions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/assignments.hpp"
#include "lang/program/check/expressions/calls.hpp"
#include "lang/program/check/expressions/elements.hpp"
#include "lang/program/check/expressions/literals.hpp"
#include "lang/program/check/expressions/members.hpp"
#include "lang/program/check/expressions/operators.hpp"
#include "lang/program/check/expressions/references.hpp"
#include "lang/program/check/expressions/specification_terms.hpp"
#include "lang/program/data_layout.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::checking {

TypeId Expressions::check(ExprId id) {
    if (!id) return {};
    const TypeId type = type_new(id);
    context_.info(id).type = type;
    return type;
}

TypeId Expressions::type_new(ExprId id) {
    const Expr& expr = context_.tree[id];
    switch (expr.kind) {
        case ExprKind::Error: return {};
        case ExprKind::Number: return Literals(*this).number(id);
        case ExprKind::String:
        case ExprKind::HexString: return Literals(*this).string(id);
        case ExprKind::Bool: context_.info(id).constant = vm::Word(expr.flag ? 1 : 0); return types_.boolean();
        case ExprKind::Name: return References(*this).name(id, nullptr);
        case ExprKind::ElementaryType: return elementary_type(id);
        case ExprKind::Member: return Members(*this).member(id, nullptr);
        case ExprKind::Index: return Elements(*this).index(id);
        case ExprKind::Slice: return Elements(*this).slice(id);
        case ExprKind::Call: return Calls(*this).call(id);
        case ExprKind::CallOptions: return Calls(*this).options(id, nullptr);
        case ExprKind::Unary:
        case ExprKind::PostfixUnary: return Operators(*this).unary(id);
        case ExprKind::Binary: return Operators(*this).binary(id);
        case ExprKind::Conditional: return conditional(id);
        case ExprKind::Assign: return Assignments(*this).assign(id);
        case ExprKind::Tuple: return tuple(id);
        case ExprKind::ArrayLiteral: return array_literal(id);
        case ExprKind::New: return creation(id);
        case ExprKind::TypeOf: return type_information(id);
        case ExprKind::Old: return SpecificationTerms(*this).old(id);
        case ExprKind::Result: return SpecificationTerms(*this).result(id);
        case ExprKind::Sum: return SpecificationTerms(*this).sum(id);
        case ExprKind::Quantified: return SpecificationTerms(*this).quantified(id);
    }
    return {};
}

TypeId Expressions::check_value(ExprId id) {
    if (!id) return {};
    check(id);
    require_value(id);
    return context_.type_of(id);
}

TypeId Expressions::elementary_type(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.flag || expr.text == "payable")
        context_.report(code::not_a_value, fmt::format("`{}` cannot stand here", context_.text(expr.range)), expr.range)
            .helps.push_back("write `payable(…)` around an address, or `address` where a type is named");
    return types_.meta(resolve_elementary(context_, expr.text, expr.flag, expr.range));
}

void Expressions::check_condition(ExprId id) {
    check_value(id);
    convert(id, types_.boolean());
}

TypeId Expressions::tuple(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.list.size() == 1 && expr.list[0]) {
        check(expr.list[0]);
        const ExprInfo inner = context_.info(expr.list[0]);
        if (gives_nothing(expr.list[0])) {
            context_.report(code::component_count, "there is no value in these parentheses", expr.range)
                .helps.push_back("leave them out");
            return {};
        }
        ExprInfo& info = context_.info(id);
        info.is_lvalue = inner.is_lvalue;
        info.constant = inner.constant;
        info.use = inner.use;
        return inner.type;
    }
    std::vector<TypeId> members;
    for (const ExprId element : expr.list) {
        if (!element) {
            context_.report(code::component_count, "a value is missing between the commas", expr.range);
            return {};
        }
        check(element);
        // What is no value can be listed: the types in abi.decode(data, (uint256, bool)), names that nobody uses, and
        // the tuple in (a, (b, c)) = (1, (2, 3)).
        const Type& type = types_[context_.type_of(element)];
        const bool is_list = type.kind == TypeKind::Tuple && !type.members.empty();
        const bool is_call =
            context_.info(element).call == CallForm::Event || context_.info(element).call == CallForm::Error;
        if ((!names_no_value(type) && !is_list) || is_call) require_value(element);
        const ExprKind kind = context_.tree[element].kind;
        if ((kind == ExprKind::Name || kind == ExprKind::Member) && !Calls(*this).check_only_meaning(element)) return {};
        members.push_back(context_.type_of(element));
        if (types_.is_error(members.back())) return {};
    }
    return types_.tuple(std::move(members));
}

// Returns whether it is a call without results, or an assignment to a tuple.
bool Expressions::gives_nothing(ExprId id) const {
    const Expr& expr = context_.tree[id];
    const Type& type = types_[context_.type_of(id)];
    if (expr.kind == ExprKind::Assign) return type.kind == TypeKind::Tuple;
    return expr.kind == ExprKind::Call && type.kind == TypeKind::Tuple && type.members.empty();
}

// A condition chooses among values, modules, and tuples of them. Returns false if this is something else.
bool Expressions::require_choice(ExprId id) {
    const Expr& expr = context_.tree[id];
    const Type& type = types_[context_.type_of(id)];
    if (is_module(type)) return true;
    if (type.kind != TypeKind::Tuple) require_value(id);
    else if (expr.kind == ExprKind::Tuple)
        return std::ranges::all_of(expr.list, [&](ExprId each) { return require_choice(each); });
    return !types_.is_error(context_.type_of(id));
}

TypeId Expressions::conditional(ExprId id) {
    const Expr& expr = context_.tree[id];
    check_condition(expr.a);
    check(expr.b);
    check(expr.c);
    const bool is_choice = require_choice(expr.b), is_other_choice = require_choice(expr.c);
    if (!is_choice || !is_other_choice) return {};
    const TypeId then = context_.type_of(expr.b), otherwise = context_.type_of(expr.c);
    if (then == otherwise && is_module(types_[then])) {
        context_.info(id).use = context_.info(expr.b).use;
        return then;
    }
    std::optional<TypeId> common;
    if (in_specification() && types_.is_number(then) && types_.is_number(otherwise)) {
        common = types_.integer();
    } else {
        const std::optional<TypeId> mobile_then = mobile_type(types_, then),
                                    mobile_otherwise = mobile_type(types_, otherwise);
        if (mobile_then && mobile_otherwise) common = common_type(types_, *mobile_then, *mobile_otherwise);
    }
    if (!common || !convert(expr.b, *common) || !convert(expr.c, *common)) {
        if (!common) {
            Diagnostic& diagnostic =
                context_.report(code::cannot_convert, "the two branches have no common type", context_.tree[expr.c].range,
                                fmt::format("this is `{}`", types_.name(otherwise)));
            diagnostic.secondary.push_back({context_.tree[expr.b].range, fmt::format("this is `{}`", types_.name(then))});
            diagnostic.helps.push_back("convert one of them explicitly");
        }
        return {};
    }
    return *common;
}

// Checks [1, x, 3], whose elements have a common type.
TypeId Expressions::array_literal(ExprId id) {
    const Expr& expr = context_.tree[id];
    std::optional<TypeId> common;
    for (const ExprId element : expr.list) {
        const TypeId type = check_value(element);
        if (types_.is_error(type)) return {};
        common = element == expr.list.front() ? mobile_type(types_, type) : common_type(types_, *common, type);
        if (common) continue;
        context_.report(code::cannot_convert, "the elements of this array have no common type", context_.tree[element].range,
                        fmt::format("this is `{}`", types_.name(type)));
        return {};
    }
    if (!common) {
        context_.report(code::bad_number, "an array needs at least one element here", expr.range)
            .helps.push_back("write `new T[](0)` for an array without elements");
        return {};
    }
    const TypeId element_type = types_.at(*common, DataLocation::Memory);
    if (types_.holds_mapping(element_type) || types_.kind(element_type) == TypeKind::Tuple) {
        context_.report(code::bad_mapping,
                        fmt::format("a `{}` cannot be the element of an array here", types_.name(element_type)), expr.range);
        return {};
    }
    for (const ExprId element : expr.list) convert(element, element_type);
    return types_.array(element_type, vm::Word(expr.list.size()), DataLocation::Memory);
}

TypeId Expressions::type_information(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeName& written = context_.tree[expr.type];
    const std::vector<Declared>* named =
        written.kind == TypeNameKind::UserDefined ? context_.names.find(written.path) : nullptr;
    const ContractId contract = named ? named->front().use.contract : ContractId{};
    const bool is_library = contract && context_.tree[contract].kind == ContractKind::Library;  // not a type otherwise
    const TypeId type =
        is_library ? context_.program.type_names[expr.type.index] = types_.contract(contract) : resolve(context_, expr.type);
    if (types_.is_error(type)) return {};
    const TypeKind kind = types_.kind(type);
    if (kind == TypeKind::Uint || kind == TypeKind::Int || kind == TypeKind::Enum || kind == TypeKind::Contract)
        return types_.magic(MagicKind::MetaType, type);
    context_.report(code::no_type_information, fmt::format("type({}) has no members", types_.name(type)), expr.range)
        .helps.push_back("integers and enums have `min` and `max`, contracts have `name`");
    return {};
}

TypeId Expressions::creation(ExprId id) {
    const Expr& expr = context_.tree[id];
    const TypeId type = resolve(context_, expr.type);
    const TypeKind kind = types_.kind(type);
    if (kind == TypeKind::Error) return {};
    if (data::has_length(context_.program, type)) {
        if (types_.holds_mapping(type)) {
            context_.report(code::bad_mapping, fmt::format("a `{}` lives in storage only", types_.name(type)), expr.range);
            return {};
        }
        return use_builtin(id, Builtin::NewArray, types_.function({types_.uint()}, {types_.at(type, DataLocation::Memory)}));
    }
    if (kind != TypeKind::Contract) {
        context_.report(code::not_creatable, fmt::format("`new` makes contracts, not `{}`", types_.name(type)), expr.range);
        return {};
    }
    const ContractId target = types_[type].contract;
    const Contract& contract = context_.tree[target];
    if (contract.kind != ContractKind::Contract || context_.program[target].is_abstract || target == where_.contract) {
        const bool itself = target == where_.contract;
        context_
            .report(code::not_creatable,
                    itself ? fmt::format("`{}` cannot create itself", contract.name.text)
                           : fmt::format("`{}` has no code to create it from", contract.name.text),
                    expr.range)
            .secondary.push_back({contract.name.range, itself ? "this contract" : "not a plain contract"});
        return {};
    }
    std::vector<TypeId> parameters;
    if (const FunctionId constructor = own_function(context_.tree, target, FunctionKind::Constructor)) {
        parameters = context_.types_of(context_.tree[constructor].parameters);
        context_.info(id).use.function = constructor;
    }
    context_.info(id).use.meaning = Meaning::Contract;
    context_.info(id).use.contract = target;
    return types_.function(std::move(parameters), {type});
}

}  // namespace interlock::lang::checking
