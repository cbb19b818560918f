// Finds storage and call data references that may be read, or returned, on a path on which they were never assigned.
// One walk over the bodies that have such variables follows every path, through modifiers, loops and assembly, with the
// set of variables that are still unassigned. (Solidity reference, "Data location"; solc's error 3464.) The same walk
// finds unnamed results that some path never sets (solc's warning 6321).
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "lang/program/check/passes.hpp"
#include "lang/program/yul.hpp"
#include "vm/effects.hpp"

namespace interlock::lang {
namespace {

// What is known at one point of a body. Paths only remove variables from `open`, so what holds where a loop is entered
// holds at its head in every iteration.
struct Flow {
    bool is_reached = true;
    std::set<VariableId> open;  // unassigned on some path that leads here

    void join(const Flow& other) {
        if (!other.is_reached) return;
        if (!is_reached) open.clear();
        is_reached = true;
        open.insert(other.open.begin(), other.open.end());
    }
    void end() { is_reached = false, open.clear(); }
};
Flow nowhere() { return {.is_reached = false, .open = {}}; }

class Pointers {
  public:
    explicit Pointers(Context& context) : context_(context), tree_(context.tree) {}

    void check(FunctionId id) {
        const Function& function = tree_[id];
        context_.names.enter(function.scope);
        if (!function.body || visits_ > max_visits) return;
        flow_ = {};
        visits_ = 0;
        for (const VariableId result : function.returns)
            if (is_pointer(result) || is_watched(function, result)) flow_.open.insert(result);
        call(id);
        if (visits_ > max_visits)
            context_.report(code::function_too_large,
                            fmt::format("`{}` is too large once its modifiers are written out", function.name.text),
                            function.head);
        if (!flow_.is_reached) return;
        bool is_warned = false;
        for (const VariableId result : function.returns) {
            if (!flow_.open.contains(result)) continue;
            if (is_pointer(result)) report(result, "is returned", tree_[result].range);
            else if (!std::exchange(is_warned, true)) warn(function, result);
        }
    }

    void check(ModifierId id) {
        if (visits_ > max_visits) return;
        flow_ = {};
        visits_ = 0;
        layers_.clear();
        statement(tree_[id].body);
    }

  private:
    [[nodiscard]] bool is_pointer(VariableId id) const {
        const TypeId type = context_.program[id].type;
        const DataLocation location = context_.types[type].location;
        return context_.types.kind(type) == TypeKind::Mapping || location == DataLocation::Storage ||
               location == DataLocation::Calldata;
    }

    // Returns whether only `return` can set the result. An empty body is meant to be overridden.
    [[nodiscard]] bool is_watched(const Function& function, VariableId result) const {
        return tree_[result].name.text.empty() && !function.is_ghost && !tree_[function.body].list.empty() &&
               !context_.types.is_error(context_.program[result].type);
    }

    void warn(const Function& function, VariableId result) {
        Diagnostic& diagnostic = context_.diagnostics.warning(
            code::unset_result.id, fmt::format("`{}` can end without having set its result", function.name.text),
            tree_[result].range, "it is zero then");
        diagnostic.helps.push_back("return a value on every path, or name the result");
    }

    // On a path that is never taken it does not matter which results are unset.
    void forget_results() {
        std::erase_if(flow_.open, [&](VariableId each) { return !is_pointer(each); });
    }

    [[nodiscard]] bool is_literal(ExprId id, bool value) const {
        return id && tree_[id].kind == ExprKind::Bool && tree_[id].flag == value;
    }

    void report(VariableId id, std::string_view what, SourceRange where) {
        if (context_.has(rule::locations_unsaid)) return;  // it points at slot 0
        if (!reported_.insert(id).second || context_.types.is_error(context_.program[id].type)) return;
        const bool in_storage = context_.types[context_.program[id].type].location != DataLocation::Calldata;
        const std::string name = tree_[id].name.text.empty() ? "the result" : fmt::format("`{}`", tree_[id].name.text);
        Diagnostic& diagnostic = context_.report(
            code::uninitialized_pointer,
            fmt::format("{} {} on a path where it has no place in {} yet", name, what, in_storage ? "storage" : "call data"),
            where);
        if (where.begin != tree_[id].range.begin) diagnostic.secondary.push_back({tree_[id].range, "declared here"});
        diagnostic.helps.push_back(in_storage ? "give it its place at once: `… = entries[key];`"
                                              : "give it its place at once: `… = input;`");
    }

    void read(VariableId id, SourceRange where) {
        if (flow_.is_reached && flow_.open.contains(id)) report(id, "is used", where);
    }

    // --- functions: the modifiers outside, the body innermost ---

    struct Layers {
        FunctionId function;
        std::size_t next = 0;  // index of the next modifier; after the last one comes the body
    };

    void call(FunctionId id) {
        layers_.assign(1, {id, 0});
        layer();
    }

    void layer() {
        if (layers_.empty()) return;  // a modifier by itself, whose wrapped code is unknown
        const Layers here = layers_.back();
        const auto& modifiers = context_.program[here.function].modifiers;
        layers_.back().next = here.next + 1;
        Flow exit = std::exchange(exit_, nowhere());
        if (here.next < modifiers.size()) {
            const ModifierUse& use = modifiers[here.next];
            for (const ExprId argument : use.arguments) expression(argument);
            tree_[use.modifier].body ? statement(tree_[use.modifier].body) : layer();
        } else if (here.next == modifiers.size()) {
            statement(tree_[here.function].body);
        }
        flow_.join(exit_);
        exit_ = std::move(exit);
        layers_.back() = here;
    }

    [[nodiscard]] bool is_in_body() const {
        return !layers_.empty() && layers_.back().next > context_.program[layers_.back().function].modifiers.size();
    }

    // Returns whether no call of the function returns: every path fails or recurses.
    bool always_fails(FunctionId id) {
        if (!tree_[id].body) return false;
        const auto [known, is_new] = fails_.try_emplace(id, true);
        if (!is_new) return known->second;
        const Flow before = std::exchange(flow_, Flow{});
        const Flow exit = std::exchange(exit_, nowhere());
        const auto jumps = std::exchange(loops_, {});
        const auto layers = std::exchange(layers_, {});
        call(id);
        const bool fails = !flow_.is_reached;
        flow_ = before, exit_ = exit, loops_ = jumps, layers_ = layers;
        return fails_[id] = fails;
    }

    // --- statements ---

    struct Loop {
        Flow left = nowhere(), continued = nowhere();
    };

    // A modifier can contain `_` twice and wrap another one that does.
    static constexpr std::size_t max_visits = 1u << 20;

    void statement(StmtId id) {
        if (!id || !flow_.is_reached) return;
        if (++visits_ > max_visits) return flow_.end();
        const Stmt& stmt = tree_[id];
        switch (stmt.kind) {
            case StmtKind::Block:
            case StmtKind::UncheckedBlock:
                for (const StmtId each : stmt.list) statement(each);
                return;
            case StmtKind::If:
                expression(stmt.expr);
                return either([&] { statement(stmt.body); }, [&] { statement(stmt.other); });
            case StmtKind::While:
                return loop(
                    is_literal(stmt.expr, true), [&] { expression(stmt.expr); }, [&] { statement(stmt.body); }, [] {});
            case StmtKind::For:
                statement(stmt.init);
                return loop(
                    !stmt.expr || is_literal(stmt.expr, true), [&] { expression(stmt.expr); }, [&] { statement(stmt.body); },
                    [&] { expression(stmt.step); });
            case StmtKind::DoWhile:
                loops_.emplace_back();
                statement(stmt.body);
                flow_.join(loops_.back().continued);
                expression(stmt.expr);
                if (is_literal(stmt.expr, true)) forget_results();
                flow_.join(loops_.back().left);
                return loops_.pop_back();
            case StmtKind::Break: return jump(loops_.empty() ? nullptr : &loops_.back().left);
            case StmtKind::Continue: return jump(loops_.empty() ? nullptr : &loops_.back().continued);
            case StmtKind::Return:
                expression(stmt.expr);
                if (stmt.expr && !layers_.empty())
                    for (const VariableId result : tree_[layers_.back().function].returns) flow_.open.erase(result);
                else if (is_in_body()) forget_results();  // reported already: the function returns something
                return jump(&exit_);
            case StmtKind::Revert: expression(stmt.expr); return flow_.end();
            case StmtKind::Placeholder: return layer();
            case StmtKind::Declare:
                expression(stmt.expr);
                for (const VariableId variable : stmt.variables) {
                    if (!variable) continue;
                    if (stmt.expr || !is_pointer(variable)) flow_.open.erase(variable);
                    else flow_.open.insert(variable);
                }
                return;
            case StmtKind::Emit: return expression(stmt.expr);
            case StmtKind::Expression:
                if (!stmt.flag) expression(stmt.expr);  // otherwise it updates a ghost
                return;
            case StmtKind::Try: return try_statement(stmt);
            case StmtKind::Assembly: return yul(stmt.assembly);
            case StmtKind::Error: return forget_results();  // it is unknown what it would have set
            case StmtKind::Assume:
            case StmtKind::Check: return;
        }
    }

    template <class One, class Other>
    void either(One one, Other other) {
        const Flow before = flow_;
        one();
        Flow after = std::exchange(flow_, before);
        other();
        flow_.join(after);
    }

    template <class Condition, class Body, class Step>
    void loop(bool is_endless, Condition condition, Body body, Step step) {
        condition();
        const Flow without = flow_;
        loops_.emplace_back();
        body();
        flow_.join(loops_.back().continued);
        if (flow_.is_reached) step();
        flow_ = without;
        if (is_endless) forget_results();
        flow_.join(loops_.back().left);
        loops_.pop_back();
    }

    void jump(Flow* target) {
        if (target) target->join(flow_);
        flow_.end();
    }

    void try_statement(const Stmt& stmt) {
        expression(stmt.expr);
        const Flow before = flow_;
        statement(stmt.body);
        for (const Catch& clause : stmt.catches) {
            Flow after = std::exchange(flow_, before);
            statement(clause.body);
            flow_.join(after);
        }
    }

    // --- expressions ---

    void expression(ExprId id) {
        if (!id || !flow_.is_reached) return;
        const Expr& expr = tree_[id];
        switch (expr.kind) {
            case ExprKind::Name: return read(context_.program[id].use.variable, expr.range);
            case ExprKind::Assign:
                expr.assign == AssignOp::Plain ? target(expr.a) : expression(expr.a);
                return expression(expr.b);
            case ExprKind::Conditional:
                expression(expr.a);
                return either([&] { expression(expr.b); }, [&] { expression(expr.c); });
            case ExprKind::Binary:
                expression(expr.a);
                if (expr.binary == BinaryOp::And || expr.binary == BinaryOp::Or)
                    return either([&] { expression(expr.b); }, [] {});
                return expression(expr.b);
            case ExprKind::Call: return call_expression(id);
            default:
                expression(expr.a);
                expression(expr.b);
                expression(expr.c);
                for (const ExprId each : expr.list) expression(each);
        }
    }

    void target(ExprId id) {
        if (!id) return;
        const Expr& expr = tree_[id];
        if (expr.kind == ExprKind::Name) {
            flow_.open.erase(context_.program[id].use.variable);
        } else if (expr.kind == ExprKind::Tuple) {
            for (const ExprId part : expr.list) target(part);
        } else {
            expression(id);
        }
    }

    void call_expression(ExprId id) {
        const Expr& expr = tree_[id];
        expression(expr.a);
        for (const ExprId argument : expr.list) expression(argument);
        const Use& use = context_.program[expr.a].use;
        const bool reverts = use.meaning == Meaning::Builtin && use.builtin == Builtin::Revert;
        const bool is_inner = use.meaning == Meaning::Function && context_.program[id].call == CallForm::Internal;
        const bool asserts =
            use.meaning == Meaning::Builtin && (use.builtin == Builtin::Require || use.builtin == Builtin::Assert);
        if (reverts || (is_inner && always_fails(use.function))) flow_.end();
        else if (asserts && !expr.list.empty() && is_literal(expr.list.front(), false)) forget_results();
    }

    // --- assembly ---

    void yul(YulStmtId id) {
        if (!id || !flow_.is_reached) return;
        const YulStmt& stmt = tree_[id];
        switch (stmt.kind) {
            case YulStmtKind::Block:
                for (const YulStmtId each : stmt.list) yul(each);
                return;
            case YulStmtKind::Assign:
                yul_expression(stmt.expr);
                for (const Name& name : stmt.names) flow_.open.erase(yul_variable(name.range));
                return;
            case YulStmtKind::Let:
            case YulStmtKind::Expression: return yul_expression(stmt.expr);
            case YulStmtKind::If: yul_expression(stmt.expr); return either([&] { yul(stmt.body); }, [] {});
            case YulStmtKind::Switch: return yul_switch(stmt);
            case YulStmtKind::For:
                yul(stmt.init);
                return loop(
                    false, [&] { yul_expression(stmt.expr); }, [&] { yul(stmt.body); }, [&] { yul(stmt.step); });
            case YulStmtKind::Break: return jump(loops_.empty() ? nullptr : &loops_.back().left);
            case YulStmtKind::Continue: return jump(loops_.empty() ? nullptr : &loops_.back().continued);
            case YulStmtKind::Function:  // sees no Solidity variables
            case YulStmtKind::Leave:
            case YulStmtKind::Error: return;
        }
    }

    void yul_switch(const YulStmt& stmt) {
        yul_expression(stmt.expr);
        const Flow before = flow_;
        const bool has_default = !stmt.cases.empty() && !stmt.cases.back().value;
        Flow after = has_default ? nowhere() : before;
        for (const YulCase& each : stmt.cases) {
            flow_ = before;
            yul(each.body);
            after.join(flow_);
        }
        flow_ = std::move(after);
    }

    void yul_expression(YulExprId id) {
        if (!id) return;
        const YulExpr& expr = tree_[id];
        if (expr.kind == YulExprKind::Name) return read(yul_variable(expr.range), expr.range);
        for (const YulExprId argument : expr.arguments) yul_expression(argument);
        if (expr.kind != YulExprKind::Call) return;
        const auto opcode = yul_builtin(expr.text);
        if (opcode && vm::effects_of(*opcode).halts()) flow_.end();
    }

    [[nodiscard]] VariableId yul_variable(SourceRange name) const {
        const auto found = context_.program.yul_names.find(name.begin);
        return found == context_.program.yul_names.end() ? VariableId{} : found->second.variable;
    }

    Context& context_;
    const Tree& tree_;
    Flow flow_, exit_ = nowhere();
    std::vector<Loop> loops_;
    std::vector<Layers> layers_;
    std::set<VariableId> reported_;
    std::size_t visits_ = 0;  // visited statements of the current function
    std::map<FunctionId, bool> fails_;
};

}  // namespace

void check_pointers(Context& context, const std::set<FunctionId>& functions, const std::set<ModifierId>& modifiers) {
    Pointers pointers(context);
    const Tree& tree = context.tree;
    for (FunctionId id{1}; id.index < tree.functions.size(); ++id.index) {
        const bool has_unnamed_result =
            std::ranges::any_of(tree[id].returns, [&](VariableId each) { return tree[each].name.text.empty(); });
        if (has_unnamed_result || functions.contains(id)) pointers.check(id);
    }
    for (const ModifierId id : modifiers) pointers.check(id);
}

}  // namespace interlock::lang
