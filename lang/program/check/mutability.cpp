// View and pure: a function must not do more than its head allows. One walk over each body finds the strongest effect
// of every expression. (Solidity reference, "View Functions" and "Pure Functions".)
#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/passes.hpp"
#include "lang/program/yul.hpp"
#include "vm/effects.hpp"

namespace interlock::lang {
namespace {

// Returns the effect of a built-in function of assembly.
Effect effect_of(vm::Opcode opcode) {
    const vm::Effects& effects = vm::effects_of(opcode);
    const vm::Regions seen = vm::state_regions | vm::Regions(vm::Region::Environment, vm::Region::GasLeft);
    if (effects.writes.intersects(vm::state_regions | vm::Regions(vm::Region::Logs))) return Effect::Changes;
    return effects.reads.intersects(seen) ? Effect::Reads : Effect::None;
}

class Effects {
  public:
    explicit Effects(Context& context) : context_(context), tree_(context.tree) {}

    void run() {
        for (const FunctionId id : tree_.top_functions) function(id);
        for (const ContractId contract : tree_.top_contracts) {
            for (const FunctionId id : tree_[contract].functions) function(id);
        }
        Function view;
        view.mutability = Mutability::View;
        function_ = &view;
        in_scenario_ = true;
        for (const ScenarioId id : tree_.top_scenarios) steps(tree_[id].steps);
    }

  private:
    void function(FunctionId id) {
        if (tree_[id].is_ghost || context_.program.dialect_of(id).has(rule::mutability_is_a_wish)) return;
        function_ = &tree_[id];
        chain_id_is_pure_ = context_.program.dialect_of(id).has(rule::chain_id_is_pure);
        reported_.clear();
        if (!function_->body) return;
        for (const ModifierUse& use : context_.program[id].modifiers) {
            for (const ExprId argument : use.arguments) expression(argument, false);
            statement(tree_[use.modifier].body);
        }
        statement(function_->body);
    }

    // A scenario's expressions between its calls only read.
    void steps(const std::vector<ScenarioStep>& list) {
        for (const ScenarioStep& step : list) {
            if (step.kind == StepKind::Deploy || step.kind == StepKind::Call) parts_of_call(step.expr);
            else expression(step.expr, false);
            if (step.expected)
                step.expectation == Expectation::Value ? expression(step.expected, false) : parts_of_call(step.expected);
            for (const std::vector<ScenarioStep>& branch : step.branches) steps(branch);
        }
    }

    // --- reporting ---

    [[nodiscard]] bool allows(Effect effect) const {
        const ContractId owner = function_->scope.contract;
        const bool in_library = owner && tree_[owner].kind == ContractKind::Library;  // it sees its caller's ether
        const bool outer =
            !in_library && (function_->kind != FunctionKind::Function || function_->visibility == Visibility::External ||
                            function_->visibility == Visibility::Public);
        switch (function_->mutability) {
            case Mutability::Pure: return effect == Effect::None;
            case Mutability::View:
                return effect == Effect::None || effect == Effect::Reads || (effect == Effect::TakesEther && !outer);
            case Mutability::NonPayable: return effect != Effect::TakesEther || !outer;
            case Mutability::Payable: return true;
        }
        return true;
    }

    // Reports an effect that is not allowed, and returns whether it is allowed.
    bool require(Effect effect, SourceRange where, std::string_view what) {
        if (allows(effect)) return true;
        if (std::ranges::find(reported_, where.begin) != reported_.end()) return false;
        reported_.push_back(where.begin);
        if (in_scenario_) {
            context_
                .report(code::mutability_violation,
                        fmt::format("between its calls a scenario only looks, but this {}", what), where)
                .helps.push_back("make it a step of its own, as in `bank.withdraw(1) by alice;`");
            return false;
        }
        if (effect == Effect::TakesEther && function_->mutability != Mutability::Pure &&
            function_->mutability != Mutability::View) {
            Diagnostic& diagnostic = context_.report(
                code::not_payable, fmt::format("`{}` is not payable: msg.value is always zero here", function_->name.text),
                where);
            diagnostic.secondary.push_back({function_->head, "this function"});
            diagnostic.helps.push_back("write `payable` into its head");
            return false;
        }
        const bool pure = function_->mutability == Mutability::Pure;
        Diagnostic& diagnostic = context_.report(
            code::mutability_violation,
            fmt::format("`{}` is {}, but this {}", function_->name.text, pure ? "pure" : "view", what), where);
        diagnostic.secondary.push_back({function_->head, fmt::format("declared {} here", pure ? "pure" : "view")});
        diagnostic.helps.push_back(effect == Effect::Reads ? "write `view` instead of `pure`"
                                   : pure                  ? "leave `pure` out"
                                                           : "leave `view` out");
        return false;
    }

    // --- statements ---

    void statement(StmtId id) {
        if (!id) return;
        const Stmt& stmt = tree_[id];
        for (const StmtId inner : stmt.list) statement(inner);
        statement(stmt.init);
        const bool is_specified = stmt.kind == StmtKind::Assume || stmt.kind == StmtKind::Check || stmt.flag;
        if (!is_specified || stmt.kind == StmtKind::Assembly) expression(stmt.expr, false);
        expression(stmt.step, false);
        statement(stmt.body);
        statement(stmt.other);
        for (const Catch& clause : stmt.catches) statement(clause.body);
        if (stmt.kind == StmtKind::Emit) require(Effect::Changes, stmt.range, "emits an event");
        if (stmt.kind == StmtKind::Assembly) assembly(stmt.assembly);
    }

    // --- assembly, including functions that nothing calls ---

    void assembly(YulStmtId id) {
        if (!id) return;
        const YulStmt& stmt = tree_[id];
        assembly(stmt.expr);
        for (const YulStmtId part : {stmt.init, stmt.step, stmt.body}) assembly(part);
        for (const YulStmtId each : stmt.list) assembly(each);
        for (const YulCase& each : stmt.cases) assembly(each.body);
    }

    void assembly(YulExprId id) {
        if (!id) return;
        const YulExpr& expr = tree_[id];
        for (const YulExprId argument : expr.arguments) assembly(argument);
        const auto opcode = expr.kind == YulExprKind::Call ? yul_builtin(expr.text) : std::nullopt;
        if (!opcode || (*opcode == vm::Opcode::CHAINID && chain_id_is_pure_)) return;
        const Effect effect = lang::effect_of(*opcode);
        require(effect, expr.range, effect == Effect::Changes ? "may change something" : "reads from its surroundings");
    }

    // --- expressions ---

    // `written` says that the expression is assigned to.
    void expression(ExprId id, bool written) {
        if (!id) return;
        const Expr& expr = tree_[id];
        switch (expr.kind) {
            case ExprKind::Name: return reference(id, written);
            case ExprKind::Member: return member(id, written);
            case ExprKind::Index:
                expression(expr.b, false);
                expression(expr.a, false);
                return place(id, expr.a, written);
            case ExprKind::Call: return call(id);
            case ExprKind::Unary:
            case ExprKind::PostfixUnary: {
                const bool changes =
                    expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement || expr.unary == UnaryOp::Delete;
                return expression(expr.a, changes);
            }
            case ExprKind::Assign: expression(expr.b, false); return expression(expr.a, true);
            case ExprKind::Tuple:
                for (const ExprId element : expr.list) expression(element, written);
                return;
            default: break;
        }
        for (const ExprId part : {expr.a, expr.b, expr.c}) expression(part, false);
        for (const ExprId part : expr.list) expression(part, false);
    }

    void reference(ExprId id, bool written) {
        const Use& use = context_.program[id].use;
        if (use.meaning == Meaning::Builtin && use.builtin == Builtin::This)
            require(Effect::Reads, tree_[id].range, "reads the contract's address");
        if (use.meaning != Meaning::Variable || !context_.program[use.variable].is_state || tree_[use.variable].is_constant)
            return;
        const bool is_named_alone = tree_[id].kind == ExprKind::Name;  // solc knows the value only then
        if (!written && is_named_alone && is_known_immutable(tree_[use.variable])) return;
        touch(id, written);
    }

    // An immutable whose initial value is a number as it is written.
    [[nodiscard]] bool is_known_immutable(const Variable& variable) const {
        return variable.is_immutable && variable.initial &&
               context_.types.kind(context_.program[variable.initial].type) == TypeKind::RationalLiteral;
    }

    [[nodiscard]] static bool keeps_length_in_storage(const Type& type) {
        return type.location == DataLocation::Storage &&
               (type.kind == TypeKind::Bytes || (type.kind == TypeKind::Array && type.is_dynamic));
    }

    void touch(ExprId id, bool written) {
        require(written ? Effect::Changes : Effect::Reads, tree_[id].range,
                written ? "writes a state variable" : "reads a state variable");
    }

    // Handles a part of a variable; for storage it is a read or a write.
    void place(ExprId id, ExprId base, bool written) {
        const Type& of = context_.types[context_.program[base].type];
        const bool in_storage = of.kind == TypeKind::Mapping || of.location == DataLocation::Storage;
        if (in_storage) touch(id, written);
    }

    void member(ExprId id, bool written) {
        const Expr& expr = tree_[id];
        const Use& use = context_.program[id].use;
        const TypeKind base = context_.types.kind(context_.program[expr.a].type);
        if (base == TypeKind::Struct) {
            place(id, expr.a, written);
            return expression(expr.a, false);
        }
        if (use.meaning == Meaning::Variable) return reference(id, written);  // after its contract's name
        if (use.meaning == Meaning::Builtin && use.builtin == Builtin::FunctionSelector && is_of_this(expr.a)) return;
        const Type& array = context_.types[context_.program[expr.a].type];
        const bool is_length = use.meaning == Meaning::Builtin && expr.text == "length" && keeps_length_in_storage(array);
        if (is_length) touch(id, false);
        const bool is_function = context_.types.kind(context_.program[id].type) == TypeKind::Function;
        const std::string_view reads = base == TypeKind::Magic ? "reads from its surroundings" : "reads another account";
        if (use.meaning != Meaning::Builtin || is_function || look(use.builtin, expr.range, reads))
            expression(expr.a, false);
    }

    // Whether it is `this.f` as solc knows it: without parentheses.
    [[nodiscard]] bool is_of_this(ExprId function) const {
        const Expr& expr = tree_[function];
        return expr.kind == ExprKind::Member && tree_[expr.a].kind == ExprKind::Name &&
               context_.program[expr.a].use.builtin == Builtin::This;
    }

    // Checks a built-in member and returns whether it is allowed.
    bool look(Builtin builtin, SourceRange range, std::string_view reads) {
        const Effect effect = builtin_info(builtin).effect;
        return effect == Effect::None ||
               require(effect, range, effect == Effect::TakesEther ? "looks at the ether of the call" : reads);
    }

    // --- calls ---

    void parts_of_call(ExprId id) {
        const Expr& expr = tree_[id];
        if (expr.kind != ExprKind::Call) return expression(id, false);
        for (const ExprId argument : expr.list) expression(argument, false);
        ExprId callee = expr.a;
        for (;;) {
            const Expr& written = tree_[callee];
            if (written.kind == ExprKind::CallOptions) {
                for (const ExprId option : written.list) expression(option, false);
                callee = written.a;
            } else if (written.kind == ExprKind::Tuple && written.list.size() == 1) {
                callee = written.list.front();
            } else {
                break;
            }
        }
        if (context_.program[id].call == CallForm::FunctionValue) expression(callee, false);
        else if (tree_[callee].kind == ExprKind::Member) expression(tree_[callee].a, false);
    }

    void call(ExprId id) {
        parts_of_call(id);
        const Expr& expr = tree_[id];
        const ExprInfo& info = context_.program[id];
        const Use& use = context_.program[expr.a].use;
        switch (info.call) {
            case CallForm::Internal:
            case CallForm::External:
                if (use.meaning == Meaning::Variable)
                    return (void)require(Effect::Reads, expr.range, "reads from another contract");
                if (use.meaning == Meaning::Function)
                    return (void)require(effect_of(tree_[use.function].mutability), expr.range,
                                         "calls a function that may do more");
                return;
            case CallForm::FunctionValue:
                return (void)require(effect_of(context_.types[context_.program[expr.a].type].mutability), expr.range,
                                     "calls a function that may do more");
            case CallForm::Create: return (void)require(Effect::Changes, expr.range, "creates a contract");
            case CallForm::Builtin: return builtin(use.builtin, expr.range);
            default: return;
        }
    }

    static Effect effect_of(Mutability mutability) {
        switch (mutability) {
            case Mutability::Pure: return Effect::None;
            case Mutability::View: return Effect::Reads;
            case Mutability::NonPayable:
            case Mutability::Payable: return Effect::Changes;
        }
        return Effect::Changes;
    }

    void builtin(Builtin builtin, SourceRange range) {
        const Effect effect = builtin_info(builtin).effect;
        const bool is_of_array = builtin == Builtin::ArrayPush || builtin == Builtin::ArrayPop;
        if (effect == Effect::None) return;
        require(effect, range,
                effect == Effect::Reads ? "reads from its surroundings"
                : is_of_array           ? "changes an array in storage"
                                        : "calls another account, which may change anything");
    }

    Context& context_;
    const Tree& tree_;
    const Function* function_ = nullptr;
    bool chain_id_is_pure_ = false;
    bool in_scenario_ = false;
    // Places in this function that were reported already, since a modifier may be used twice.
    std::vector<std::uint32_t> reported_;
};

}  // namespace

void check_mutability(Context& context) { Effects(context).run(); }

}  // namespace interlock::lang
