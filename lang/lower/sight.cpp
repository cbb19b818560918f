#include "lang/lower/sight.hpp"

#include <algorithm>

#include "lang/lower/contract.hpp"
#include "lang/lower/specifications.hpp"
#include "lang/lower/typed_tree.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/yul.hpp"

namespace interlock::lang::lowering {

namespace {

// Which code an expression belongs to, and its mode.
struct Where {
    FunctionId function;  // whose parameters it sees
    FunctionId from;      // the function that runs it; empty: the constructor, into which all of them are lowered
    bool unchecked = false;
    bool specification = false;
};

class Walk : TypedTree {
  public:
    explicit Walk(ContractLowering& contract) : TypedTree(contract.program), contract_(contract) {}

    Sight run() {
        for (const ContractId contract : contract_.linearization())
            for (const FunctionId function : tree_[contract].functions) member(function);
        constructors();
        getters();
        while (!pending_.empty()) {
            const FunctionId function = pending_.back();
            pending_.pop_back();
            levels({function, function});
        }
        specifications();
        sight_.tracks_dirt = makes_dirt_ && finds_dirt_;
        number();
        return std::move(sight_);
    }

  private:
    // --- what is lowered ---
    void member(FunctionId id) {
        const Function& function = tree_[id];
        const bool is_lowered =
            function.kind != FunctionKind::Constructor && function.body && contract_.functions.is_final(id);
        if (function.is_ghost || !is_lowered) return;
        const bool is_named = function.kind == FunctionKind::Function;
        if (!is_named || is_outer(function)) entries_.push_back(id);
        lowered(id);
    }

    void lowered(FunctionId function) {
        if (functions_.insert(function).second) pending_.push_back(function);
    }

    void constructors() {
        for (const ContractId contract : contract_.linearization()) {
            const FunctionId own = own_function(tree_, contract, FunctionKind::Constructor);
            std::vector<BaseUse> uses = program_[contract].bases;
            if (own) std::ranges::copy(program_[own].bases, std::back_inserter(uses));
            for (const BaseUse& use : uses) expressions(use.arguments, {own, {}});
            for (const VariableId variable : tree_[contract].state_variables)
                if (contract_.state.contains(variable)) expression(tree_[variable].initial, {own, {}});
            if (own) levels({own, {}});
        }
    }

    void getters() {
        for (const ContractId contract : contract_.linearization())
            for (const VariableId variable : tree_[contract].state_variables)
                if (tree_[variable].visibility == Visibility::Public) constant(variable, {});
    }

    void specifications() {
        for (const ContractId contract : contract_.linearization()) {
            for (const Invariant& invariant : tree_[contract].invariants) expression(invariant.expr, {{}, {}, false, true});
            for (const FunctionId function : tree_[contract].functions)
                for (const SpecClause& clause : tree_[function].specs)
                    if (functions_.contains(function)) expression(clause.expr, {function, function, false, true});
        }
    }

    // The modifiers, each of which has a `_`, and the body.
    void levels(const Where& where) {
        const Function& function = tree_[where.function];
        declared(function.parameters);
        declared(function.returns);
        for (const ModifierUse& use : program_[where.function].modifiers) {
            const ModifierId id = use.is_virtual ? resolve_virtual(program_, use.modifier, contract_.id) : use.modifier;
            expressions(use.arguments, where);
            declared(tree_[id].parameters);
            statement(tree_[id].body, where);
        }
        statement(function.body, where);
    }

    // --- the observations ---
    void declared(const std::vector<VariableId>& variables) {
        for (const VariableId each : variables) {
            if (!each || !program_.yul_assigned.contains(each) || !contract_.types.is_value(program_[each].type)) continue;
            const bool is_function = program_[program_[each].type].kind == TypeKind::Function;
            if (!is_function && is_narrow(program_[each].type)) makes_dirt_ = true;
        }
    }

    [[nodiscard]] bool is_narrow(TypeId type) const { return contract_.types.value_type(type, {}) != ir::uint256_type; }

    // The smallest number divided by -1 does not fit, and without checks the result is not cut off.
    void division(BinaryOp op, TypeId type, const Where& where) {
        const bool is_narrow = program_[type].kind == TypeKind::Int && program_[type].bits < 256;
        if (op == BinaryOp::Divide && is_narrow && (where.unchecked || contract_.wraps()) && !where.specification)
            makes_dirt_ = true;
    }

    // In storage an index is used with the bits that do not belong to its type.
    void index(const Expr& expr) {
        const Type& array = checked_type(expr.a);
        if (array.kind != TypeKind::Array && array.kind != TypeKind::Bytes) return;
        if (array.location != DataLocation::Storage && array.location != DataLocation::None) return;
        const Type& type = checked_type(expr.b);
        if (type.kind == TypeKind::Uint && type.bits < 256 && !info(expr.b).constant) finds_dirt_ = true;
    }

    void called(const Use& use, const Where& where) {
        const FunctionId function = contract_.functions.resolve(use);
        sight_.called.insert(function);
        uses_[where.from].insert(function);
        lowered(function);
    }

    // solc numbers the functions that running code uses as values first, both kinds in the order of the source.
    void number() {
        std::set<FunctionId> reached;
        std::vector<FunctionId> open = entries_;
        open.emplace_back();
        while (!open.empty()) {
            const FunctionId function = open.back();
            open.pop_back();
            if (!reached.insert(function).second) continue;
            open.insert(open.end(), uses_[function].begin(), uses_[function].end());
        }
        const std::vector<FunctionId> values = contract_.functions.in_source_order({values_.begin(), values_.end()});
        for (const bool runs : {true, false})
            for (const FunctionId each : values)
                if (reached.contains(each) == runs)
                    sight_.numbers[each] = static_cast<std::uint32_t>(sight_.numbers.size() + 1);
    }

    // --- statements ---
    void statement(StmtId id, Where where) {
        if (!id) return;
        const Stmt& stmt = tree_[id];
        switch (stmt.kind) {
            case StmtKind::UncheckedBlock: where.unchecked = true; break;
            case StmtKind::Assembly: block(stmt.assembly, where); return;
            case StmtKind::Assume:
            case StmtKind::Check:
                if (!is_plain_condition(program_, stmt.expr)) return;
                where.specification = true;
                break;
            case StmtKind::Expression:
                expression(choice_of_module(stmt.expr), where);
                if (stmt.flag || names_no_value(checked_type(stmt.expr))) return;
                break;
            default: break;
        }
        statement(stmt.init, where);
        for (const ExprId invariant : stmt.invariants)
            expression(invariant, {where.function, where.from, where.unchecked, true});
        expression(stmt.expr, where);
        expression(stmt.step, where);
        declared(stmt.variables);
        for (const StmtId each : stmt.list) statement(each, where);
        statement(stmt.body, where);
        statement(stmt.other, where);
        for (const Catch& clause : stmt.catches) {
            declared(clause.parameters);
            statement(clause.body, where);
        }
    }

    // --- expressions ---
    void expressions(const std::vector<ExprId>& list, const Where& where) {
        for (const ExprId each : list) expression(each, where);
    }

    void expression(ExprId id, const Where& where) {
        if (!id || info(id).constant) return;
        const Expr& expr = tree_[id];
        const Use& use = info(id).use;
        switch (expr.kind) {
            case ExprKind::Name: return name(id, where);
            case ExprKind::Member: return member(id, where);
            case ExprKind::Call: return call(id, where);
            case ExprKind::Index: index(expr); break;
            case ExprKind::Assign:
                if (expr.assign != AssignOp::Plain) division(operation_of(expr.assign), info(expr.a).type, where);
                target(expr.a, where);
                return expression(expr.b, where);
            case ExprKind::PostfixUnary: return target(expr.a, where);
            case ExprKind::Unary: {
                const bool writes =
                    expr.unary == UnaryOp::Increment || expr.unary == UnaryOp::Decrement || expr.unary == UnaryOp::Delete;
                if (use.meaning == Meaning::Function) called(use, where);
                return writes ? target(expr.a, where) : expression(expr.a, where);
            }
            case ExprKind::Binary:
                if (use.meaning == Meaning::Function) called(use, where);
                else division(expr.binary, info(id).type, where);
                break;
            case ExprKind::Tuple:
                for (const ExprId each : expr.list)
                    if (each) expression(names_no_value(checked_type(each)) ? choice_of_module(each) : each, where);
                return;
            default: break;
        }
        for (const ExprId each : {expr.a, expr.b, expr.c}) expression(each, where);
        expressions(expr.list, where);
    }

    void name(ExprId id, const Where& where) {
        const Use& use = info(id).use;
        if (use.meaning == Meaning::Function) value(id, where);
        if (use.meaning == Meaning::Variable) constant(use.variable, where);
    }

    void value(ExprId id, const Where& where) {
        if (checked_type(id).form != FunctionForm::Internal) return expression(tree_[id].a, where);
        called(info(id).use, where);
        values_.insert(contract_.functions.resolve(info(id).use));
    }

    // A constant is lowered wherever it is used, and checked everywhere.
    void constant(VariableId variable, const Where& where) {
        if (tree_[variable].is_constant) expression(tree_[variable].initial, {where.function, where.from});
    }

    void member(ExprId id, const Where& where) {
        const Expr& expr = tree_[id];
        const Use& use = info(id).use;
        expression(choice_of_module(id), where);
        if (use.meaning == Meaning::Function) return value(id, where);
        if (use.meaning == Meaning::Variable) {
            const bool is_part = program_[use.variable].is_field || checked_type(expr.a).kind == TypeKind::Contract;
            return is_part ? expression(expr.a, where) : constant(use.variable, where);
        }
        const bool names_function =
            use.builtin == Builtin::FunctionSelector && info(inner(expr.a)).use.meaning == Meaning::Function;
        if (names_function) named_function(expr.a, where);
        else expression(expr.a, where);
    }

    // A function that is named for its selector only; the contract before it may be any expression.
    void named_function(ExprId id, const Where& where) {
        const Expr& named = tree_[inner(id)];
        if (named.kind == ExprKind::Member && checked_type(named.a).kind == TypeKind::Contract) expression(named.a, where);
    }

    void call(ExprId id, const Where& where) {
        const ExprId function = callee(id);
        expression(choice_of_module(function), where);
        const Expr& written = tree_[inner(tree_[id].a)];
        if (written.kind == ExprKind::CallOptions) expressions(written.list, where);
        const auto& arguments = arguments_of(id);
        switch (info(id).call) {
            case CallForm::Internal:
                if (where.specification) return;  // is refused there
                called(info(function).use, where);
                break;
            case CallForm::FunctionValue: expression(function, where); break;
            case CallForm::External:
                if (contract_.takes_in(info(function).use.function)) {
                    called(info(function).use, where);
                    break;
                }
                [[fallthrough]];
            case CallForm::Builtin:
                if (tree_[function].kind == ExprKind::Member) expression(tree_[function].a, where);
                break;
            default: break;
        }
        if (builtin_of(id) == Builtin::AbiEncodeCall && info(inner(arguments.front())).use.meaning == Meaning::Function) {
            named_function(arguments.front(), where);
            return expressions({arguments.begin() + 1, arguments.end()}, where);
        }
        expressions(arguments, where);
    }

    void target(ExprId id, const Where& where) {
        id = inner(id);
        const Expr& expr = tree_[id];
        if (expr.kind == ExprKind::Tuple) {
            for (const ExprId part : expr.list)
                if (part) target(part, where);
        } else if (expr.kind == ExprKind::Index && data::is_byte_string(program_, info(expr.a).type)) {
            expression(expr.a, where);
            expression(expr.b, where);
        } else {
            expression(id, where);
        }
    }

    // --- assembly ---
    using Functions = std::map<std::string_view, YulStmtId>;

    void block(YulStmtId id, const Where& where) {
        if (!id) return;
        visible_.emplace_back();
        list(tree_[id], where);
        visible_.pop_back();
    }

    void list(const YulStmt& block, const Where& where) {
        for (const YulStmtId each : block.list)
            if (tree_[each].kind == YulStmtKind::Function) visible_.back()[tree_[each].name.text] = each;
        for (const YulStmtId each : block.list) statement(each, where);
    }

    void statement(YulStmtId id, const Where& where) {
        const YulStmt& stmt = tree_[id];
        if (stmt.kind == YulStmtKind::Function) return;  // lowered if something calls it
        if (stmt.kind == YulStmtKind::Block) return block(id, where);
        visible_.emplace_back();
        if (stmt.init) list(tree_[stmt.init], where);
        expression(stmt.expr, where);
        for (const YulCase& each : stmt.cases) block(each.body, where);
        block(stmt.body, where);
        block(stmt.step, where);
        visible_.pop_back();
    }

    void expression(YulExprId id, const Where& where) {
        if (!id) return;
        const YulExpr& expr = tree_[id];
        if (expr.kind == YulExprKind::Name) return read(expr, where);
        if (expr.kind != YulExprKind::Call) return;
        for (const YulExprId each : expr.arguments) expression(each, where);
        for (auto scope = visible_.rbegin(); scope != visible_.rend(); ++scope) {
            const auto found = scope->find(expr.text);
            if (found == scope->end()) continue;
            if (yul_functions_.insert(found->second).second) block(tree_[found->second].body, where);
            return;
        }
        const auto opcode = yul_builtin(expr.text);
        if (opcode == vm::Opcode::MSIZE) sight_.counts_memory = true;
        if (opcode != vm::Opcode::MLOAD || expr.arguments.empty()) return;
        const YulExpr& address = tree_[expr.arguments.front()];
        if (address.kind == YulExprKind::Number && vm::parse_word(address.text) == vm::Word{memory::free_pointer})
            sight_.counts_memory = true;
    }

    void read(const YulExpr& name, const Where& where) {
        const auto found = program_.yul_names.find(name.range.begin);
        if (found == program_.yul_names.end()) return;
        const VariableId variable = found->second.variable;
        const TypeId type = program_[variable].type;
        const bool is_local = !program_[variable].is_state && !tree_[variable].is_constant;
        if (is_local && contract_.types.is_value(type) && contract_.types.value_type(type, {}).bits < 256 &&
            !is_decoded(variable, where.function))
            finds_dirt_ = true;
    }

    // Returns whether it is a parameter decoded from call data, which therefore fits its type.
    [[nodiscard]] bool is_decoded(VariableId variable, FunctionId function) const {
        return function && is_outer(tree_[function]) &&
               std::ranges::find(tree_[function].parameters, variable) != tree_[function].parameters.end() &&
               !contract_.is_reassigned(variable);
    }

    ContractLowering& contract_;
    Sight sight_;
    bool makes_dirt_ = false, finds_dirt_ = false;
    std::set<FunctionId> functions_;
    std::vector<FunctionId> pending_, entries_;
    std::map<FunctionId, std::set<FunctionId>> uses_;  // called, or used as values
    std::set<FunctionId> values_;
    std::vector<Functions> visible_;  // functions of assembly, by block
    std::set<YulStmtId> yul_functions_;
};

}  // namespace

Sight sight_of(ContractLowering& contract) { return Walk(contract).run(); }

}  // namespace interlock::lang::lowering
