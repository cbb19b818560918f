#include "lang/program/check/bodies/bodies.hpp"

#include <map>

#include <fmt/format.h>

#include "lang/program/check/bodies/clauses.hpp"
#include "lang/program/check/bodies/invocations.hpp"
#include "lang/program/check/bodies/locals.hpp"
#include "lang/program/check/bodies/statements.hpp"
#include "lang/program/check/expressions/constants.hpp"
#include "lang/program/check/passes.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::checking {

void Bodies::run() {
    for (const VariableId id : tree_.top_constants) Constants(at({})).check_initial(id);
    for (const ContractId id : tree_.top_contracts) initials(id);
    for (const FunctionId id : tree_.top_functions) {
        context_.names.enter(tree_[id].scope);
        function_body({}, id);
    }
    for (const ContractId id : tree_.top_contracts) contract(id);
    for (const ContractId id : tree_.top_contracts) check_base_arguments(id);
    check_pointers(context_, with_pointers_, modifiers_with_pointers_);
    for (const ContractId id : tree_.top_contracts) check_actors(context_, id);
    for (const ScenarioId id : tree_.top_scenarios) check_scenario(context_, id);
}

void Bodies::initials(ContractId id) {
    for (const VariableId variable : tree_[id].state_variables) Constants(at({})).check_initial(variable);
}

void Bodies::contract(ContractId id) {
    bases(id);
    context_.names.enter(id);
    Clauses clauses(at({.contract = id}));
    clauses.check_labels(id);
    clauses.invariants(id);
    for (const ModifierId modifier : tree_[id].modifiers) modifier_body(id, modifier);
    for (const FunctionId function : tree_[id].functions) function_body(id, function);
}

void Bodies::modifier_body(ContractId id, ModifierId modifier) {
    const Room here = at({.contract = id, .modifier = modifier});
    context_.names.enter_block();
    Locals(here).declare(tree_[modifier].parameters);
    Findings found;
    if (context_.has(rule::scope_is_function)) Statements(here, found).hoist(tree_[modifier].body);
    Statements(here, found).statement(tree_[modifier].body);
    if (found.has_pointers) modifiers_with_pointers_.insert(modifier);
    if (tree_[modifier].body && !found.has_placeholder)
        context_
            .report(code::misplaced_statement, fmt::format("modifier `{}` has no `_;`", tree_[modifier].name.text),
                    tree_[modifier].name.range)
            .helps.push_back("`_;` stands for the body of the function: without it that never runs");
    context_.names.leave_block();
}

void Bodies::function_body(ContractId id, FunctionId function_id) {
    const Function& function = tree_[function_id];
    const Room here = at({.contract = id,
                          .function = function_id,
                          .in_constructor = function.kind == FunctionKind::Constructor,
                          .spec = function.is_ghost ? SpecPlace::Requires : SpecPlace::None});
    context_.names.enter_block();
    const bool has_body = static_cast<bool>(function.body);
    Locals(here).declare(function.parameters, has_body);
    Locals(here).declare(function.returns, has_body);
    for (const Invocation& invocation : function.modifiers) Invocations(here).in_head(function_id, invocation);
    Clauses(here).of_function(id, function_id);
    Findings found;
    if (has_body && context_.has(rule::scope_is_function)) Statements(here, found).hoist(function.body);
    if (has_body)
        for (const VariableId result : function.returns) found.has_pointers |= Locals(here).is_pointer(result);
    Statements(here, found).statement(function.body);
    if (found.has_pointers) with_pointers_.insert(function_id);
    context_.names.leave_block();
}

// Nothing of the contract itself can be named after `is`, only what the file declares.
void Bodies::bases(ContractId id) {
    context_.names.enter(Scope{tree_[id].unit, {}});
    Invocations here(at({.contract = id, .in_constructor = true}));
    for (const Invocation& base : tree_[id].bases) {
        if (base.path.parts.empty() || !base.has_arguments) continue;
        const std::vector<Declared>* found = context_.names.find(base.path);
        if (found && found->front().use.meaning == Meaning::Contract) here.base_arguments(found->front().use.contract, base);
    }
}

// The constructor of each base must get its arguments exactly once, from any of the contracts that inherit it.
void Bodies::check_base_arguments(ContractId id) {
    std::map<ContractId, SourceRange> given;
    const auto give = [&](const BaseUse& use, SourceRange place) {
        if (use.arguments.empty()) return;
        const auto [first, is_new] = given.try_emplace(use.contract, place);
        if (is_new || context_.program.dialect_of(id).has(rule::bases_are_told_twice)) return;
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
    if (tree_[id].kind != ContractKind::Contract || context_.program[id].is_abstract || context_.misses_base[id.index])
        return;
    for (const ContractId contract : context_.program[id].linearization) {
        const FunctionId constructor = own_function(tree_, contract, FunctionKind::Constructor);
        if (contract == id || !constructor || tree_[constructor].parameters.empty() || given.contains(contract)) continue;
        if (context_.program.dialect_of(id).has(rule::abstract_unsaid)) return void(context_.info(id).is_abstract = true);
        Diagnostic& diagnostic = context_.report(
            code::bad_base_arguments,
            fmt::format("the constructor of base `{}` gets no arguments", tree_[contract].name.text), tree_[id].name.range);
        diagnostic.secondary.push_back({tree_[constructor].head, "this takes some"});
        diagnostic.helps.push_back(
            fmt::format("write `is {}(…)`, or make `{}` abstract", tree_[contract].name.text, tree_[id].name.text));
    }
}

}  // namespace interlock::lang::checking

namespace interlock::lang {

void check_bodies(Context& context) { checking::Bodies(context).run(); }

}  // namespace interlock::lang
