#include "lang/program/raised.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lang/loading/load.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang {
namespace {

// Walks what the constructors, the initial values and the externally callable functions reach through internal calls and
// through functions as values. Statements that cannot run count like others.
class Reach {
  public:
    Reach(const Program& program, ContractId contract) : program_(program), tree_(*program.tree), contract_(contract) {}

    void run() {
        for (const ContractId base : program_[contract_].linearization) {
            for (const VariableId each : tree_[base].state_variables)
                if (!tree_[each].is_constant && !tree_[each].is_ghost) visit(tree_[each].initial);
            for (const Invocation& each : tree_[base].bases) visit(each.arguments);
            for (const FunctionId each : tree_[base].functions)
                if (is_entry(each)) reach(each);
        }
        while (!functions_.empty() || !modifiers_.empty()) {
            const auto functions = std::exchange(functions_, {});
            const auto modifiers = std::exchange(modifiers_, {});
            for (const FunctionId each : functions) visit_function(each);
            for (const ModifierId each : modifiers) visit(tree_[each].body);
        }
    }

    std::set<EventId> events;
    std::set<ErrorId> errors;

  private:
    [[nodiscard]] bool is_entry(FunctionId id) const {
        const Function& function = tree_[id];
        if (function.is_ghost) return false;
        if (function.kind == FunctionKind::Constructor) return true;
        if (function.kind != FunctionKind::Function) return inherited_function(program_, contract_, function.kind) == id;
        const bool is_outer = function.visibility == Visibility::Public || function.visibility == Visibility::External;
        return is_outer && resolve_virtual(program_, id, contract_) == id &&
               !getter_with_key(program_, contract_, program_[id].key);
    }

    void reach(FunctionId id) {
        if (id && seen_functions_.insert(id).second) functions_.push_back(id);
    }

    void reach(const ModifierUse& use) {
        const ModifierId meant = use.is_virtual ? resolve_virtual(program_, use.modifier, contract_) : use.modifier;
        if (seen_modifiers_.insert(meant).second) modifiers_.push_back(meant);
    }

    void reach(const Use& use) {
        if (use.meaning == Meaning::Variable && tree_[use.variable].is_constant) {
            if (seen_constants_.insert(use.variable).second) visit(tree_[use.variable].initial);
        } else if (use.meaning == Meaning::Function) {
            if (use.dispatch == Dispatch::Virtual) reach(resolve_virtual(program_, use.function, contract_));
            else if (use.dispatch == Dispatch::Super) reach(resolve_super(program_, use.function, use.contract, contract_));
            else if (use.dispatch == Dispatch::Exact) reach(use.function);
        }
    }

    void visit_function(FunctionId id) {
        for (const ModifierUse& use : program_[id].modifiers) reach(use);
        for (const Invocation& each : tree_[id].modifiers) visit(each.arguments);
        visit(tree_[id].body);
    }

    void visit(const std::vector<ExprId>& list) {
        for (const ExprId each : list) visit(each);
    }

    void visit(ExprId id) {
        if (!id) return;
        const Expr& expr = tree_[id];
        reach(program_[id].use);
        visit(expr.a);
        visit(expr.b);
        visit(expr.c);
        visit(expr.list);
        if (expr.kind != ExprKind::Call) return;
        if (program_[id].call == CallForm::Event) events.insert(raised(id).event);
        if (program_[id].call == CallForm::Error) errors.insert(raised(id).error);
    }

    // Among overloaded events the call knows which is meant.
    [[nodiscard]] const Use& raised(ExprId call) const {
        if (program_[call].use.meaning != Meaning::None) return program_[call].use;
        ExprId callee = tree_[call].a;
        while (tree_[callee].kind == ExprKind::Tuple && tree_[callee].list.size() == 1) callee = tree_[callee].list[0];
        return program_[callee].use;
    }

    void visit(StmtId id) {
        if (!id) return;
        const Stmt& stmt = tree_[id];
        if (stmt.kind == StmtKind::Assume || stmt.kind == StmtKind::Check) return;  // these only specify
        for (const StmtId each : stmt.list) visit(each);
        visit(stmt.init);
        visit(stmt.expr);
        visit(stmt.step);
        visit(stmt.body);
        visit(stmt.other);
        for (const Catch& each : stmt.catches) visit(each.body);
    }

    const Program& program_;
    const Tree& tree_;
    ContractId contract_;
    std::set<FunctionId> seen_functions_;
    std::set<ModifierId> seen_modifiers_;
    std::set<VariableId> seen_constants_;
    std::vector<FunctionId> functions_;  // to be visited
    std::vector<ModifierId> modifiers_;  // to be visited
};

// The contract's file comes first, and the files that it imports follow.
template <class Id>
std::vector<Id> in_source_order(const Tree& tree, ContractId contract, const std::set<Id>& ids) {
    std::map<UnitId, std::size_t> rank;
    for (const UnitId unit : reached_from(tree, tree[contract].unit)) rank.emplace(unit, rank.size());
    std::vector<Id> all(ids.begin(), ids.end());
    std::ranges::sort(all, {}, [&](Id each) { return std::pair(rank.at(tree[each].scope.unit), tree[each].range.begin); });
    return all;
}

}  // namespace

Raised raised_by(const Program& program, ContractId contract) {
    const Tree& tree = *program.tree;
    Reach reach(program, contract);
    reach.run();
    Raised raised{.emitted = in_source_order(tree, contract, reach.events)};
    for (const ContractId base : program[contract].linearization) {
        reach.events.insert(tree[base].events.begin(), tree[base].events.end());
        reach.errors.insert(tree[base].errors.begin(), tree[base].errors.end());
    }
    raised.events = in_source_order(tree, contract, reach.events);
    raised.errors = in_source_order(tree, contract, reach.errors);
    return raised;
}

}  // namespace interlock::lang
