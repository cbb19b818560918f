#include "lang/program/check/expressions/specification_terms.hpp"

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/operators.hpp"
#include "lang/program/check/expressions/references.hpp"

namespace interlock::lang::checking {

TypeId SpecificationTerms::report_outside(ExprId id, std::string_view what) {
    context_
        .report(code::only_in_specification, fmt::format("{} can only be written in a specification", in_ticks(what)),
                context_.tree[id].range)
        .helps.push_back("specifications are `invariant`, `requires` and `ensures`");
    return {};
}

TypeId SpecificationTerms::old(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (where_.spec == SpecPlace::None) return check(expr.a), report_outside(id, "old()");
    const bool follows_a_call = where_.spec == SpecPlace::Ensures || where_.spec == SpecPlace::Expectation;
    if (!follows_a_call || where_.is_old) {
        Diagnostic& diagnostic = context_.report(
            code::misplaced_old, where_.is_old ? "old() inside old()" : "old() can only be written in an ensures clause",
            expr.range);
        diagnostic.helps.push_back(where_.is_old ? "one is enough: it covers everything inside"
                                                 : "only after a call there is a state before it");
        check(expr.a);
        return {};
    }
    return in(where_.in_old()).check_value(expr.a);
}

TypeId SpecificationTerms::result(ExprId id) {
    const Expr& expr = context_.tree[id];
    const bool whole = expr.kind == ExprKind::Name || expr.text.empty();
    if (const std::vector<Declared>* found = whole ? context_.names.find("result") : nullptr)
        return References(*this).declared_name(id, *found, nullptr);
    if (where_.spec == SpecPlace::None) return report_outside(id, "result");
    const FunctionId called = where_.spec == SpecPlace::Ensures ? where_.function : where_.called;
    if (!called || where_.is_old) {
        context_.report(code::misplaced_result, "result can only be written in an ensures clause, outside old()", expr.range)
            .helps.push_back("only after a call there is a result");
        return {};
    }
    const Function& function = context_.tree[called];
    std::vector<std::string_view> known;
    for (const VariableId variable : function.returns) {
        known.push_back(context_.tree[variable].name.text);
        const bool meant = whole ? function.returns.size() == 1 : known.back() == expr.text;
        if (!meant) continue;
        context_.info(id).use = {.meaning = Meaning::Variable, .variable = variable};
        return in_scenario() ? types_.at(context_.program[variable].type, DataLocation::Memory)
                             : context_.program[variable].type;
    }
    Diagnostic& diagnostic =
        context_.report(code::misplaced_result,
                        function.returns.empty() ? fmt::format("`{}` returns nothing", function.name.text)
                        : whole ? fmt::format("`{}` returns {} values", function.name.text, function.returns.size())
                                : fmt::format("`{}` returns no `{}`", function.name.text, expr.text),
                        expr.range);
    diagnostic.secondary.push_back({function.name.range, "this function"});
    if (!whole && function.returns.size() == 1 && types_.is_reference(context_.program[function.returns[0]].type))
        diagnostic.helps.push_back(fmt::format("for a member of what it returns, write `(result).{}`", expr.text));
    else if (!function.returns.empty()) diagnostic.helps.push_back("name the results, and write `result.name`");
    return {};
}

// Checks sum(m) over all keys of a mapping to unsigned values, sum(m.field) of a mapping to structs, and sum(s.m) of a
// mapping inside a struct.
TypeId SpecificationTerms::sum(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (!in_specification()) return check(expr.a), report_outside(id, "sum()");
    const TypeId base = check(expr.a);
    if (types_.is_error(base)) return types_.integer();
    const auto reject = [&](std::string message) -> TypeId {
        context_
            .report(code::bad_sum, std::move(message), context_.tree[expr.a].range,
                    fmt::format("this is `{}`", types_.name(base)))
            .helps.push_back("sum() adds up a mapping to unsigned numbers, or one unsigned field of a mapping to structs");
        return types_.integer();
    };
    const bool is_in_struct = types_.kind(base) == TypeKind::Struct && !expr.text.empty();
    if (types_.kind(base) != TypeKind::Mapping && !is_in_struct) return reject("sum() is of a mapping");
    TypeId value = is_in_struct ? base : types_[base].value;
    if (!expr.text.empty()) {
        const std::string_view owner = is_in_struct ? "this struct has" : "the values of this mapping have";
        VariableId field;
        if (types_.kind(value) == TypeKind::Struct)
            for (const VariableId candidate : context_.tree[types_[value].structure].fields) {
                if (context_.tree[candidate].name.text == expr.text) field = candidate;
            }
        if (!field) return reject(fmt::format("{} no field `{}`", owner, expr.text));
        context_.info(id).use = {.meaning = Meaning::Variable, .variable = field};
        value = context_.program[field].type;
    }
    if (is_in_struct) {
        if (types_.kind(value) != TypeKind::Mapping) return reject("sum() is of a mapping");
        value = types_[value].value;
    }
    if (types_.kind(value) == TypeKind::Uint || types_.is_error(value)) return types_.integer();
    return reject(fmt::format("sum() adds unsigned numbers, not `{}`", types_.name(value)));
}

// Checks forall (address a) (…) and exists (uint256 i in range) (…), which range over all values of the types.
TypeId SpecificationTerms::quantified(ExprId id) {
    const Expr& expr = context_.tree[id];
    const std::string_view word = expr.flag ? "forall" : "exists";
    if (!in_specification()) return report_outside(id, word);
    if (expr.b) check_value(expr.b);
    context_.names.enter_block();
    for (const VariableId variable : expr.variables) {
        const TypeId type = resolve_variable(context_, variable, VariableRole::Local);
        const Name name = context_.tree[variable].name;
        if (!types_.is_error(type) && !types_.is_value_type(type))
            context_.report(code::not_in_specification,
                            fmt::format("`{}` is over values, not `{}`", word, types_.name(type)),
                            context_.tree[variable].range);
        const Declared declared{.use = {.meaning = Meaning::Variable, .variable = variable}, .name = name};
        if (const Declared* earlier = context_.names.declare_local(declared)) report_clash(context_, declared, *earlier);
    }
    check_condition(expr.a);
    context_.names.leave_block();
    return types_.boolean();
}

// Specifications may read but not change the state, and code may not use what exists only for specifications.
bool SpecificationTerms::check_call(ExprId id, const Use& use, CallForm form) {
    const Expr& expr = context_.tree[id];
    const bool is_ghost = use.meaning == Meaning::Function && context_.tree[use.function].is_ghost;
    if (!in_specification()) {
        if (is_ghost) report_outside(id, context_.tree[use.function].name.text);
        return !is_ghost;
    }
    if (form == CallForm::Builtin) return true;
    const bool is_getter = use.meaning == Meaning::Variable;
    const bool only_looks =
        is_getter || is_ghost ||
        (use.meaning == Meaning::Function && (context_.tree[use.function].mutability == Mutability::View ||
                                              context_.tree[use.function].mutability == Mutability::Pure));
    if (only_looks) return true;
    context_.report(code::spec_side_effect, "a specification can only call `view` and `pure` functions", expr.range)
        .helps.push_back("specifications only look: write what the function calculates");
    return false;
}

}  // namespace interlock::lang::checking
