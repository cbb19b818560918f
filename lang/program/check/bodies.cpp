// Checks functions and modifiers: their clauses, the modifiers and base constructors in their heads, and the arguments
// of bases.
#include "lang/program/check/bodies.hpp"

#include <utility>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/statements.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang {

void Bodies::run() {
    for (const VariableId id : tree_.top_constants) expressions_.check_initial(id);
    for (const ContractId id : tree_.top_contracts) initials(id);
    for (const FunctionId id : tree_.top_functions) {
        context_.names.enter(tree_[id].scope);
        function_body({}, id);
    }
    for (const ContractId id : tree_.top_contracts) contract(id);
    for (const ContractId id : tree_.top_contracts) check_base_arguments(id);
    check_pointers(context_, with_pointers_, modifiers_with_pointers_);
    for (const ContractId id : tree_.top_contracts) check_actors(context_, expressions_, id);
    for (const ScenarioId id : tree_.top_scenarios) check_scenario(context_, expressions_, id);
}

void Bodies::initials(ContractId id) {
    for (const VariableId variable : tree_[id].state_variables) expressions_.check_initial(variable);
}

void Bodies::contract(ContractId id) {
    bases(id);
    context_.names.enter(id);
    check_labels(id);
    for (const Invariant& invariant : tree_[id].invariants) specification(id, {}, SpecPlace::Invariant, invariant.expr);
    for (const ModifierId modifier : tree_[id].modifiers) modifier_body(id, modifier);
    for (const FunctionId function : tree_[id].functions) function_body(id, function);
}

void Bodies::modifier_body(ContractId id, ModifierId modifier) {
    expressions_.where = {.contract = id, .modifier = modifier};
    context_.names.enter_block();
    has_body_ = true;
    declare_all(tree_[modifier].parameters);
    has_placeholder_ = false;
    statement(tree_[modifier].body);
    if (tree_[modifier].body && !has_placeholder_)
        context_
            .report(code::misplaced_statement, fmt::format("modifier `{}` has no `_;`", tree_[modifier].name.text),
                    tree_[modifier].name.range)
            .helps.push_back("`_;` stands for the body of the function: without it that never runs");
    context_.names.leave_block();
}

void Bodies::function_body(ContractId id, FunctionId function_id) {
    const Function& function = tree_[function_id];
    expressions_.where = {
        .contract = id, .function = function_id, .in_constructor = function.kind == FunctionKind::Constructor};
    if (function.is_ghost) expressions_.where.spec = SpecPlace::Requires;
    context_.names.enter_block();
    has_body_ = static_cast<bool>(function.body);
    declare_all(function.parameters);
    declare_all(function.returns);
    for (const Invocation& invocation : function.modifiers) modifier_use(function_id, invocation);
    clauses(id, function_id);
    if (function.body)
        for (const VariableId result : function.returns) note_pointer(result);
    statement(function.body);
    context_.names.leave_block();
}

// --- specifications ---

// A verdict names its property, so a name must be unique: among the invariants of a contract (inherited ones, and those
// that are numbered because they have no label, included), and among the clauses of a function.
void Bodies::check_labels(ContractId id) {
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
        for (const Invariant& invariant : tree_[*contract].invariants) {
            const bool has_label = !invariant.label.text.empty();
            take(has_label ? std::string(invariant.label.text) : "invariant " + std::to_string(++unlabelled),
                 has_label ? invariant.label.range : invariant.range);
        }
    }
    for (const FunctionId function : tree_[id].functions) {
        seen.clear();
        for (const SpecClause& clause : tree_[function].specs)
            if (!clause.label.text.empty()) take(clause.label.text, clause.label.range);
    }
}

void Bodies::clauses(ContractId id, FunctionId function) {
    for (const SpecClause& clause : tree_[function].specs) {
        switch (clause.kind) {
            case SpecKind::Requires: specification(id, function, SpecPlace::Requires, clause.expr); break;
            case SpecKind::Ensures: specification(id, function, SpecPlace::Ensures, clause.expr); break;
            case SpecKind::RevertsIf: specification(id, function, SpecPlace::Requires, clause.expr); break;
            case SpecKind::Modifies:
                for (const ExprId path : clause.paths) modified(id, function, path);
                break;
            case SpecKind::Nonreentrant: break;
        }
    }
}

// Checks a place in storage: a state variable, or a part of one.
void Bodies::modified(ContractId contract, FunctionId function, ExprId path) {
    const Surroundings before = expressions_.where;
    expressions_.where = {.contract = contract, .function = function, .spec = SpecPlace::Requires};
    const TypeId type = expressions_.check(path);
    expressions_.where = before;
    ExprId root = path;
    while (tree_[root].kind == ExprKind::Index || tree_[root].kind == ExprKind::Member) root = tree_[root].a;
    const Use& use = context_.info(root).use;
    const bool is_state =
        use.meaning == Meaning::Variable && context_.program[use.variable].is_state && !tree_[use.variable].is_constant;
    if (is_state || context_.types.is_error(type)) return;
    context_.report(code::not_in_specification, "this is no place in storage", tree_[path].range)
        .helps.push_back("`modifies` lists state variables, or parts of them: `balances[to]`");
}

// Inside a body the condition may use everything that the code there can use.
void Bodies::condition_here(ExprId expr) {
    const SpecPlace before = std::exchange(expressions_.where.spec, SpecPlace::Requires);
    expressions_.check_condition(expr);
    expressions_.where.spec = before;
}

void Bodies::specification(ContractId contract, FunctionId function, SpecPlace place, ExprId expr) {
    const Surroundings before = expressions_.where;
    expressions_.where = {.contract = contract, .function = function, .spec = place};
    expressions_.check_condition(expr);
    expressions_.where = before;
}

// --- modifiers ---

void Bodies::modifier_use(FunctionId function, const Invocation& invocation) {
    if (invocation.path.parts.empty()) return;
    const Declared* found = named_by(invocation.path);
    const bool is_constructor = tree_[function].kind == FunctionKind::Constructor;
    if (found && is_constructor && found->use.meaning == Meaning::Contract)
        return base_constructor(function, found->use.contract, invocation);
    if (!found || !found->modifier) {
        for (const ExprId argument : invocation.arguments) expressions_.check(argument);
        return report_no_modifier(invocation.path.parts.back(), invocation);
    }
    const Modifier& modifier = tree_[found->modifier];
    if (!context_.types.is_a(expressions_.where.contract, modifier.scope.contract)) {
        for (const ExprId argument : invocation.arguments) expressions_.check(argument);
        context_
            .report(code::unknown_modifier,
                    fmt::format("`{}` belongs to a contract that is no base of this one", modifier.name.text),
                    invocation.range)
            .secondary.push_back({modifier.name.range, "declared here"});
        return;
    }
    expressions_.check_pack(modifier.parameters, invocation.arguments, invocation.range, "modifier", modifier.name.range);
    const bool is_virtual = invocation.path.parts.size() == 1;
    if (!is_virtual && !modifier.body)
        context_.report(code::unknown_modifier, fmt::format("`{}` has no body there", modifier.name.text), invocation.range);
    context_.info(function).modifiers.push_back({found->modifier, invocation.arguments, is_virtual});
}

// Returns a modifier or a contract; after a contract's name, a member of that contract.
const Declared* Bodies::named_by(const Path& path) const {
    const std::vector<Declared>* found = context_.names.find(path);
    return found ? &found->front() : nullptr;
}

// --- constructors of bases ---

void Bodies::base_constructor(FunctionId function, ContractId base, const Invocation& invocation) {
    const ContractId id = expressions_.where.contract;
    if (base == id || !context_.types.is_a(id, base)) {
        for (const ExprId argument : invocation.arguments) expressions_.check(argument);
        context_.report(code::bad_base_arguments,
                        fmt::format("`{}` is no base of `{}`", tree_[base].name.text, tree_[id].name.text),
                        invocation.range);
        return;
    }
    if (!invocation.has_arguments) {
        context_
            .report(code::bad_base_arguments,
                    fmt::format("the constructor of base `{}` is named without arguments", tree_[base].name.text),
                    invocation.range)
            .helps.push_back(fmt::format("write `{}(…)`, or leave it out", tree_[base].name.text));
        return;
    }
    base_arguments(base, invocation);
    context_.info(function).bases.push_back({base, invocation.arguments});
}

void Bodies::base_arguments(ContractId base, const Invocation& invocation) {
    const FunctionId constructor = own_function(tree_, base, FunctionKind::Constructor);
    const std::vector<VariableId> none;
    expressions_.check_pack(constructor ? tree_[constructor].parameters : none, invocation.arguments, invocation.range,
                            "base", tree_[base].name.range);
}

// Nothing of the contract itself can be named after `is`, only what the file declares.
void Bodies::bases(ContractId id) {
    context_.names.enter(Scope{tree_[id].unit, {}});
    expressions_.where = {.contract = id, .in_constructor = true};
    for (const Invocation& base : tree_[id].bases) {
        if (base.path.parts.empty() || !base.has_arguments) continue;
        const std::vector<Declared>* found = context_.names.find(base.path);
        if (found && found->front().use.meaning == Meaning::Contract) base_arguments(found->front().use.contract, base);
    }
}

// The constructor of each base must get its arguments exactly once, from any of the contracts that inherit it.
void Bodies::check_base_arguments(ContractId id) {
    std::map<ContractId, SourceRange> given;
    const auto give = [&](const BaseUse& use, SourceRange place) {
        if (use.arguments.empty()) return;
        const auto [first, is_new] = given.try_emplace(use.contract, place);
        if (is_new) return;
        context_
            .report(code::bad_base_arguments,
                    fmt::format("the constructor of base `{}` is given arguments twice", tree_[use.contract].name.text),
                    tree_[id].name.range)
            .secondary = {{first->second, "here"}, {place, "and here"}};
    };
    for (const ContractId contract : context_.program[id].linearization) {
        for (const BaseUse& use : context_.program[contract].bases)
            give(use, tree_[use.arguments.empty() ? ExprId{} : use.arguments.front()].range);
        const FunctionId constructor = own_function(tree_, contract, FunctionKind::Constructor);
        if (!constructor) continue;
        for (const BaseUse& use : context_.program[constructor].bases)
            give(use, tree_[use.arguments.empty() ? ExprId{} : use.arguments.front()].range);
    }
    if (tree_[id].kind != ContractKind::Contract || context_.misses_base[id.index]) return;
    for (const ContractId contract : context_.program[id].linearization) {
        const FunctionId constructor = own_function(tree_, contract, FunctionKind::Constructor);
        if (contract == id || !constructor || tree_[constructor].parameters.empty() || given.contains(contract)) continue;
        Diagnostic& diagnostic = context_.report(
            code::bad_base_arguments,
            fmt::format("the constructor of base `{}` gets no arguments", tree_[contract].name.text), tree_[id].name.range);
        diagnostic.secondary.push_back({tree_[constructor].head, "this takes some"});
        diagnostic.helps.push_back(
            fmt::format("write `is {}(…)`, or make `{}` abstract", tree_[contract].name.text, tree_[id].name.text));
    }
}

void Bodies::report_no_modifier(const Name& name, const Invocation& invocation) {
    if (context_.excuses_missing_names()) return;
    Diagnostic& diagnostic =
        context_.report(code::unknown_modifier, fmt::format("there is no modifier `{}`", name.text), invocation.range);
    std::vector<std::string_view> known{"payable", "external", "internal", "public", "private",
                                        "view",    "pure",     "override", "virtual"};
    for (const ContractId contract : context_.program[expressions_.where.contract].linearization) {
        for (const ModifierId id : tree_[contract].modifiers) known.push_back(tree_[id].name.text);
    }
    const std::string_view similar = closest(name.text, known);
    if (!similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
}

void check_bodies(Context& context) { Bodies(context).run(); }

}  // namespace interlock::lang
