#include "lang/program/check/expressions/assignments.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/expressions/conversions.hpp"
#include "lang/program/check/expressions/operators.hpp"

namespace interlock::lang::checking {

// Suggests `a == b` for `a = b`.
std::string Assignments::comparison_instead(ExprId assignment) const {
    const Expr& expr = context_.tree[assignment];
    return fmt::format("{} == {}", context_.text(context_.tree[expr.a].range), context_.text(context_.tree[expr.b].range));
}

bool Assignments::reject_change(ExprId id, std::string_view what) {
    if (where_.spec == SpecPlace::None || where_.spec == SpecPlace::Step) return false;
    const Expr& expr = context_.tree[id];
    const bool is_plain = expr.kind == ExprKind::Assign && expr.assign == AssignOp::Plain;
    context_
        .report(code::spec_side_effect,
                fmt::format("{} cannot {}", in_scenario() ? "what a scenario looks at" : "a specification", what),
                expr.range, "this would change something")
        .helps.push_back(is_plain ? fmt::format("`=` assigns; to compare, write `{}`", comparison_instead(id))
                                  : "specifications only look; compare with `==`");
    return true;
}

TypeId Assignments::check_target(ExprId id) {
    const Expr& expr = context_.tree[id];
    if (expr.kind == ExprKind::Tuple && expr.list.size() != 1) {
        std::vector<TypeId> members;
        if (!expr.list.empty() && std::ranges::none_of(expr.list, [](ExprId part) { return bool(part); }))
            context_.report(code::component_count, "nothing is assigned here", expr.range);
        for (const ExprId element : expr.list) members.push_back(element ? check_target(element) : TypeId{});
        return context_.info(id).type = types_.tuple(std::move(members));
    }
    if (expr.kind == ExprKind::Tuple && context_.tree[expr.list[0]].kind == ExprKind::Tuple)  // ((a, b)) = …
        return context_.info(id).type = check_target(expr.list[0]);
    const TypeId type = check(id);
    require_value(id);
    if (types_.is_error(context_.type_of(id))) return {};
    if (!context_.info(id).is_lvalue) {
        report_not_assignable(id);
        return context_.info(id).type = {};
    }
    const Use use = context_.info(id).use;
    const bool is_reference =
        expr.kind == ExprKind::Name && use.meaning == Meaning::Variable && !context_.program[use.variable].is_state;
    if (types_.kind(type) == TypeKind::Mapping && !is_reference) {
        context_.report(code::bad_mapping, "a mapping cannot be assigned", expr.range)
            .helps.push_back("assign its entries one by one");
        return {};
    }
    return type;
}

// A struct or an array in storage that contains a mapping cannot be copied.
void Assignments::forbid_mappings(ExprId target) {
    if (context_.has(rule::structs_skip_mappings)) return;
    const Expr& expr = context_.tree[target];
    if (expr.kind == ExprKind::Tuple) {
        for (const ExprId part : expr.list)
            if (part) forbid_mappings(part);
        return;
    }
    const TypeId type = context_.type_of(target);
    const bool is_place = types_[type].location == DataLocation::Storage && !types_[type].is_pointer;
    if (!is_place || !types_.holds_mapping(type)) return;
    context_
        .report(code::bad_mapping, fmt::format("a `{}` has a mapping in it: it cannot be assigned", types_.name(type)),
                expr.range)
        .helps.push_back("assign its other parts one by one");
}

TypeId Assignments::assign(ExprId id) {
    const Expr& expr = context_.tree[id];
    const bool rejected = reject_change(id, "assign");
    const TypeId value = check(expr.b);
    const TypeId target = rejected ? check(expr.a) : check_target(expr.a);
    if (rejected || types_.is_error(value)) return {};
    forbid_mappings(expr.a);
    if (expr.assign != AssignOp::Plain) return compound(id, target);
    convert(expr.b, target,
            {context_.tree[expr.a].range, types_.is_error(target) ? "" : fmt::format("`{}`", types_.name(target))});
    return types_.kind(target) == TypeKind::Tuple ? types_.tuple({}) : target;
}

TypeId Assignments::compound(ExprId id, TypeId target) {
    const Expr& expr = context_.tree[id];
    require_value(expr.b);
    const BinaryOp op = operation_of(expr.assign);
    const TypeId value = context_.type_of(expr.b);
    if (types_.is_error(target) || types_.is_error(value)) return target;
    if (types_.kind(target) == TypeKind::Tuple) {
        context_.report(code::bad_operands, "only `=` assigns several values at once", expr.range);
        return {};
    }
    Operators(*this).warn_of_zero_divisor(expr.b, op);
    const std::optional<TypeId> common = Operators(*this).operand_type(op, target, value);
    if (!common) return Operators(*this).report_operands(id, op, target, value);
    if (*common != target) {
        Conversions(*this).report(expr.b, target, {context_.tree[expr.a].range, fmt::format("`{}`", types_.name(target))});
        return target;
    }
    if (Operators(*this).has_type_of_left(op, target)) {
        settle(expr.b);
    } else {
        convert(expr.b, target);
    }
    return target;
}

void Assignments::report_not_assignable(ExprId id) {
    const Expr& expr = context_.tree[id];
    const ExprInfo& info = context_.info(id);
    const std::string text = context_.text(expr.range);
    if (info.use.meaning == Meaning::Variable && context_.program[info.use.variable].is_state) {
        const Variable& variable = context_.tree[info.use.variable];
        const Code& code = variable.is_immutable ? code::immutable_write : code::not_assignable;
        Diagnostic& diagnostic =
            context_.report(code,
                            fmt::format("cannot assign to {} `{}`{}", variable.is_immutable ? "immutable" : "constant", text,
                                        variable.is_immutable ? " here" : ""),
                            expr.range);
        diagnostic.secondary.push_back({variable.range, "declared here"});
        diagnostic.helps.push_back(variable.is_immutable ? "an immutable is set once, in the constructor"
                                                         : "leave `constant` out if it must change");
        return;
    }
    context_.report(code::not_assignable, fmt::format("cannot assign to `{}`", text), expr.range,
                    "not a place that can be written");
}

}  // namespace interlock::lang::checking
