#include "lang/program/check/bodies/clauses.hpp"

#include <map>

#include <fmt/format.h>

namespace interlock::lang::checking {

// A verdict names its property, so a name must be unique: among the invariants of a contract (inherited ones, and those
// that are numbered because they have no label, included), and among the clauses of a function.
void Clauses::check_labels(ContractId id) {
    std::map<std::string, SourceRange, std::less<>> seen;
    const auto take = [&](std::string_view label, SourceRange where) {
        const auto [earlier, is_new] = seen.try_emplace(std::string(label), where);
        if (is_new || context_.diagnostics.is_told_at(where.begin)) return;  // or was reported for a base
        context_
            .report(code::doubled_label, fmt::format("`{}` is the label of two properties", label), where,
                    "given again here")
            .secondary.push_back({earlier->second, "first given here"});
    };
    std::size_t unlabelled = 0;
    const auto& linearization = context_.program[id].linearization;
    for (auto contract = linearization.rbegin(); contract != linearization.rend(); ++contract) {
        for (const Invariant& invariant : context_.tree[*contract].invariants) {
            const bool has_label = !invariant.label.text.empty();
            take(has_label ? std::string(invariant.label.text) : "invariant " + std::to_string(++unlabelled),
                 has_label ? invariant.label.range : invariant.range);
        }
    }
    for (const FunctionId function : context_.tree[id].functions) {
        seen.clear();
        for (const SpecClause& clause : context_.tree[function].specs)
            if (!clause.label.text.empty()) take(clause.label.text, clause.label.range);
    }
}

void Clauses::of_function(ContractId id, FunctionId function) {
    for (const SpecClause& clause : context_.tree[function].specs) {
        switch (clause.kind) {
            case SpecKind::Requires:
                condition({.contract = id, .function = function, .spec = SpecPlace::Requires}, clause.expr);
                break;
            case SpecKind::Ensures:
                condition({.contract = id, .function = function, .spec = SpecPlace::Ensures}, clause.expr);
                break;
            case SpecKind::RevertsIf:
                condition({.contract = id, .function = function, .spec = SpecPlace::Requires}, clause.expr);
                break;
            case SpecKind::Modifies:
                for (const ExprId path : clause.paths) modified(id, function, path);
                break;
            case SpecKind::Nonreentrant: break;
        }
    }
}

// Checks a place in storage: a state variable, or a part of one.
void Clauses::modified(ContractId contract, FunctionId function, ExprId path) {
    const TypeId type = in({.contract = contract, .function = function, .spec = SpecPlace::Requires}).check(path);
    ExprId root = path;
    while (context_.tree[root].kind == ExprKind::Index || context_.tree[root].kind == ExprKind::Member)
        root = context_.tree[root].a;
    const Use& use = context_.info(root).use;
    const bool is_state = use.meaning == Meaning::Variable && context_.program[use.variable].is_state &&
                          !context_.tree[use.variable].is_constant;
    if (is_state || context_.types.is_error(type)) return;
    context_.report(code::not_in_specification, "this is no place in storage", context_.tree[path].range)
        .helps.push_back("`modifies` lists state variables, or parts of them: `balances[to]`");
}

void Clauses::invariants(ContractId contract) {
    for (const Invariant& invariant : context_.tree[contract].invariants)
        condition({.contract = contract, .spec = SpecPlace::Invariant}, invariant.expr);
}

void Clauses::condition(const Surroundings& where, ExprId expr) { in(where).check_condition(expr); }

}  // namespace interlock::lang::checking
