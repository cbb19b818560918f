// Bodies: one pass over the statements of every function and modifier, in scopes as Solidity nests them.
#include "lang/check/statements.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "lang/check/declarations.hpp"
#include "lang/check/expressions.hpp"
#include "lang/dispatch.hpp"

namespace interlock::lang {
namespace {

class Bodies {
  public:
    explicit Bodies(Context& context) : context_(context), tree_(context.tree), expressions_(context) {}

    void run() {
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

  private:
    void initials(ContractId id) {
        for (const VariableId variable : tree_[id].state_variables) expressions_.check_initial(variable);
    }

    void contract(ContractId id) {
        bases(id);
        context_.names.enter(id);
        for (const Invariant& invariant : tree_[id].invariants)
            specification(id, {}, SpecPlace::Invariant, invariant.expr);
        for (const ModifierId modifier : tree_[id].modifiers) modifier_body(id, modifier);
        for (const FunctionId function : tree_[id].functions) function_body(id, function);
    }

    void modifier_body(ContractId id, ModifierId modifier) {
        expressions_.where = {.contract = id, .modifier = modifier};
        context_.names.enter_block();
        has_body_ = true;
        declare_all(tree_[modifier].parameters);
        has_placeholder_ = false;
        statement(tree_[modifier].body);
        if (tree_[modifier].body && !has_placeholder_)
            context_
                .report(code::misplaced_statement,
                        fmt::format("modifier `{}` has no `_;`", tree_[modifier].name.text), tree_[modifier].name.range)
                .helps.push_back("`_;` stands for the body of the function: without it that never runs");
        context_.names.leave_block();
    }

    void function_body(ContractId id, FunctionId function_id) {
        const Function& function = tree_[function_id];
        expressions_.where = {
            .contract = id, .function = function_id, .in_constructor = function.kind == FunctionKind::Constructor};
        if (function.is_ghost) expressions_.where.spec = SpecPlace::Requires;
        context_.names.enter_block();
        has_body_ = static_cast<bool>(function.body);
        declare_all(function.parameters);
        for (const Invocation& invocation : function.modifiers) modifier_use(function_id, invocation);
        declare_all(function.returns);
        clauses(id, function_id);
        if (function.body) for (const VariableId result : function.returns) note_pointer(result);
        statement(function.body);
        context_.names.leave_block();
    }

    // --- specifications ---

    void clauses(ContractId id, FunctionId function) {
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

    // A place in storage: a state variable, or a part of one.
    void modified(ContractId contract, FunctionId function, ExprId path) {
        const Surroundings before = expressions_.where;
        expressions_.where = {.contract = contract, .function = function, .spec = SpecPlace::Requires};
        const TypeId type = expressions_.check(path);
        expressions_.where = before;
        ExprId root = path;
        while (tree_[root].kind == ExprKind::Index || tree_[root].kind == ExprKind::Member) root = tree_[root].a;
        const Use& use = context_.info(root).use;
        const bool is_state = use.meaning == Meaning::Variable && context_.program[use.variable].is_state &&
                              !tree_[use.variable].is_constant;
        if (is_state || context_.types.is_error(type)) return;
        context_.report(code::not_in_specification, "this is no place in storage", tree_[path].range)
            .helps.push_back("`modifies` lists state variables, or parts of them: `balances[to]`");
    }

    // In a body: the condition may speak of everything that the code there can.
    void condition_here(ExprId expr) {
        const SpecPlace before = std::exchange(expressions_.where.spec, SpecPlace::Requires);
        expressions_.check_condition(expr);
        expressions_.where.spec = before;
    }

    void specification(ContractId contract, FunctionId function, SpecPlace place, ExprId expr) {
        const Surroundings before = expressions_.where;
        expressions_.where = {.contract = contract, .function = function, .spec = place};
        expressions_.check_condition(expr);
        expressions_.where = before;
    }

    // --- modifiers ---

    void modifier_use(FunctionId function, const Invocation& invocation) {
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
        expressions_.check_pack(modifier.parameters, invocation.arguments, invocation.range, "modifier",
                                modifier.name.range);
        const bool is_virtual = invocation.path.parts.size() == 1;
        if (!is_virtual && !modifier.body)
            context_.report(code::unknown_modifier, fmt::format("`{}` has no body there", modifier.name.text),
                            invocation.range);
        context_.info(function).modifiers.push_back({found->modifier, invocation.arguments, is_virtual});
    }

    // A modifier or a contract; behind a contract's name, what that contract has.
    [[nodiscard]] const Declared* named_by(const Path& path) const {
        const std::vector<Declared>* found = context_.names.find(path);
        return found ? &found->front() : nullptr;
    }

    // --- constructors of bases ---

    void base_constructor(FunctionId function, ContractId base, const Invocation& invocation) {
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

    void base_arguments(ContractId base, const Invocation& invocation) {
        const FunctionId constructor = own_function(tree_, base, FunctionKind::Constructor);
        const std::vector<VariableId> none;
        expressions_.check_pack(constructor ? tree_[constructor].parameters : none, invocation.arguments,
                                invocation.range, "base", tree_[base].name.range);
    }

    // Behind `is`: nothing of the contract itself can be named there, only what the file declares.
    void bases(ContractId id) {
        context_.names.enter(Scope{tree_[id].unit, {}});
        expressions_.where = {.contract = id, .in_constructor = true};
        for (const Invocation& base : tree_[id].bases) {
            if (base.path.parts.empty() || !base.has_arguments) continue;
            const std::vector<Declared>* found = context_.names.find(base.path);
            if (found && found->front().use.meaning == Meaning::Contract)
                base_arguments(found->front().use.contract, base);
        }
    }

    // Each base's constructor must get what it takes exactly once, from whoever inherits it.
    void check_base_arguments(ContractId id) {
        std::map<ContractId, SourceRange> given;
        const auto give = [&](const BaseUse& use, SourceRange place) {
            if (use.arguments.empty()) return;
            const auto [first, is_new] = given.try_emplace(use.contract, place);
            if (is_new) return;
            context_
                .report(
                    code::bad_base_arguments,
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
            if (contract == id || !constructor || tree_[constructor].parameters.empty() || given.contains(contract))
                continue;
            Diagnostic& diagnostic = context_.report(
                code::bad_base_arguments,
                fmt::format("the constructor of base `{}` gets no arguments", tree_[contract].name.text),
                tree_[id].name.range);
            diagnostic.secondary.push_back({tree_[constructor].head, "this takes some"});
            diagnostic.helps.push_back(
                fmt::format("write `is {}(…)`, or make `{}` abstract", tree_[contract].name.text, tree_[id].name.text));
        }
    }

    void report_no_modifier(const Name& name, const Invocation& invocation) {
        if (context_.excuses_missing_names()) return;
        Diagnostic& diagnostic = context_.report(code::unknown_modifier,
                                                 fmt::format("there is no modifier `{}`", name.text), invocation.range);
        std::vector<std::string_view> known{"payable", "external", "internal", "public", "private",
                                            "view",    "pure",     "override", "virtual"};
        for (const ContractId contract : context_.program[expressions_.where.contract].linearization) {
            for (const ModifierId id : tree_[contract].modifiers) known.push_back(tree_[id].name.text);
        }
        const std::string_view similar = closest(name.text, known);
        if (!similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    }

    // --- variables ---

    void declare_all(const std::vector<VariableId>& variables) {
        for (const VariableId id : variables) declare(id);
    }

    void declare(VariableId id) {
        const Name& name = tree_[id].name;
        if (name.text.empty()) return;
        check_reserved(context_, name);
        const std::vector<Declared>* hidden = context_.names.find(name.text);
        const SourceRange hidden_at = hidden ? hidden->front().name.range : SourceRange{};
        const Declared* earlier =
            context_.names.declare_local({.use = {.meaning = Meaning::Variable, .variable = id}, .name = name});
        if (earlier) {
            context_
                .report(code::already_declared, fmt::format("`{}` is declared twice", name.text), name.range,
                        "declared again here")
                .secondary.push_back({earlier->name.range, "first declared here"});
        } else if (hidden && has_body_) {
            context_.diagnostics
                .warning(code::shadowing.id, fmt::format("`{}` hides another declaration", name.text), name.range,
                         "from here on, this one is meant")
                .secondary.push_back({hidden_at, "this one is hidden"});
        }
    }

    // --- statements ---

    void statement(StmtId id) {
        if (!id) return;
        const Stmt& stmt = tree_[id];
        switch (stmt.kind) {
            case StmtKind::Error: return;
            case StmtKind::Block: return block(stmt);
            case StmtKind::UncheckedBlock: return unchecked(stmt);
            case StmtKind::If:
                expressions_.check_condition(stmt.expr);
                inner(stmt.body);
                return inner(stmt.other);
            case StmtKind::While:
            case StmtKind::DoWhile:
                expressions_.check_condition(stmt.expr);
                loop_invariants(stmt);
                return loop_body(stmt.body);
            case StmtKind::For: return for_loop(stmt);
            case StmtKind::Break:
            case StmtKind::Continue: return jump(stmt);
            case StmtKind::Return: return return_values(stmt);
            case StmtKind::Emit: return expressions_.check_raise(stmt.expr, Meaning::Event);
            case StmtKind::Revert:
                if (stmt.expr) expressions_.check_raise(stmt.expr, Meaning::Error);
                return;
            case StmtKind::Placeholder: return placeholder(stmt);
            case StmtKind::Declare: return declaration(stmt);
            case StmtKind::Expression: return expression(stmt);
            case StmtKind::Assume:
            case StmtKind::Check:
                return condition_here(stmt.expr);
            case StmtKind::Try: return try_statement(stmt);
            case StmtKind::Assembly: return check_assembly(context_, stmt.assembly);
        }
    }

    // --- try ---

    void try_statement(const Stmt& stmt) {
        expressions_.check(stmt.expr);
        ExprId call = stmt.expr;
        while (tree_[call].kind == ExprKind::Tuple && tree_[call].list.size() == 1) call = tree_[call].list.front();
        const CallForm form = context_.info(call).call;
        const bool is_error = context_.types.is_error(context_.type_of(stmt.expr));
        const bool calls_value = form == CallForm::FunctionValue &&
                                 context_.types[context_.type_of(tree_[call].a)].form == FunctionForm::External;
        if (!is_error && !calls_value && form != CallForm::External && form != CallForm::Create)
            context_
                .report(code::bad_try, "only a call of another contract or `new` can be tried", tree_[stmt.expr].range)
                .helps.push_back("to catch what this contract itself does, call it through `this`");
        context_.names.enter_block();
        if (!stmt.variables.empty()) tried_results(stmt, is_error);
        statement(stmt.body);
        context_.names.leave_block();
        std::map<std::string_view, SourceRange> seen;
        for (const Catch& clause : stmt.catches) {
            const auto [first, is_new] = seen.try_emplace(clause.name.text, clause.range);
            if (!is_new)
                context_.report(code::bad_try, "a second clause for the same", clause.range)
                    .secondary.push_back({first->second, "the first one"});
            catch_clause(clause);
        }
    }

    // What is declared behind `returns` has exactly the types that come back.
    void tried_results(const Stmt& stmt, bool is_error) {
        const TypeId given = context_.type_of(stmt.expr);
        const std::vector<TypeId> results =
            context_.types.kind(given) == TypeKind::Tuple ? context_.types[given].members : std::vector<TypeId>{given};
        if (!is_error && results.size() != stmt.variables.size()) {
            context_.report(code::bad_try,
                            fmt::format("the call returns {}, {} declared", counted(results.size(), "value"),
                                        stmt.variables.size()),
                            tree_[stmt.expr].range);
            is_error = true;
        }
        for (std::size_t i = 0; i < stmt.variables.size(); ++i) {
            const VariableId id = stmt.variables[i];
            if (!id) continue;
            const TypeId declared = resolve_variable(context_, id, VariableRole::Local);
            const bool known = !is_error && !context_.types.is_error(declared) && !context_.types.is_error(results[i]);
            if (known && declared != results[i])
                context_.report(code::bad_try,
                                fmt::format("this comes back as `{}`, not as `{}`", context_.types.name(results[i]),
                                            context_.types.name(declared)),
                                tree_[id].range);
            declare(id);
        }
    }

    void catch_clause(const Catch& clause) {
        const bool any = clause.name.text.empty();
        const bool is_error = clause.name.text == "Error", is_panic = clause.name.text == "Panic";
        context_.names.enter_block();
        std::vector<TypeId> types;
        for (const VariableId id : clause.parameters) {
            types.push_back(resolve_variable(context_, id, VariableRole::Local));
            declare(id);
        }
        const TypeId wanted = is_error   ? context_.types.string(DataLocation::Memory)
                              : is_panic ? context_.types.uint()
                                         : context_.types.bytes(DataLocation::Memory);
        const bool known = std::ranges::none_of(types, [&](TypeId type) { return context_.types.is_error(type); });
        if (!any && !is_error && !is_panic) {
            context_.report(code::bad_try, fmt::format("`{}` cannot be caught", clause.name.text), clause.name.range)
                .helps.push_back("write `Error(string memory why)`, `Panic(uint256 code)` or `(bytes memory data)`");
        } else if (known && !(any && types.empty()) && types != std::vector<TypeId>{wanted}) {
            context_.report(code::bad_try, fmt::format("this clause takes one `{}`", context_.types.name(wanted)),
                            clause.range);
        }
        statement(clause.body);
        context_.names.leave_block();
    }

    void block(const Stmt& stmt) {
        context_.names.enter_block();
        for (const StmtId inner : stmt.list) statement(inner);
        context_.names.leave_block();
    }

    void inner(StmtId id) {  // a branch or a loop's body: a scope of its own even without braces
        const StmtKind kind = id ? tree_[id].kind : StmtKind::Block;
        if (kind == StmtKind::Declare || kind == StmtKind::UncheckedBlock)
            context_
                .report(code::misplaced_statement,
                        kind == StmtKind::Declare ? "a variable that nothing can use" : "`unchecked` must stand in a block",
                        tree_[id].range)
                .helps.push_back("write `{ … }` around it");
        context_.names.enter_block();
        statement(id);
        context_.names.leave_block();
    }

    void unchecked(const Stmt& stmt) {
        if (in_unchecked_)
            context_.report(code::misplaced_statement, "`unchecked` inside `unchecked`", stmt.range)
                .helps.push_back("the outer one covers this too");
        const bool before = std::exchange(in_unchecked_, true);
        block(stmt);
        in_unchecked_ = before;
    }

    void loop_body(StmtId id) {
        ++loops_;
        inner(id);
        --loops_;
    }

    void loop_invariants(const Stmt& stmt) {
        for (const ExprId invariant : stmt.invariants) condition_here(invariant);
    }

    void for_loop(const Stmt& stmt) {
        context_.names.enter_block();
        statement(stmt.init);
        if (stmt.expr) expressions_.check_condition(stmt.expr);
        if (stmt.step) evaluate(stmt.step);
        loop_invariants(stmt);
        loop_body(stmt.body);
        context_.names.leave_block();
    }

    void jump(const Stmt& stmt) {
        if (loops_ != 0) return;
        context_.report(code::misplaced_statement,
                        fmt::format("`{}` outside a loop", stmt.kind == StmtKind::Break ? "break" : "continue"),
                        stmt.range);
    }

    void placeholder(const Stmt& stmt) {
        has_placeholder_ = true;
        if (!expressions_.where.modifier) {
            context_.report(code::misplaced_statement, "`_` outside a modifier", stmt.range)
                .helps.push_back("in a modifier, `_;` stands for the body of the function");
        } else if (in_unchecked_) {
            context_.report(code::misplaced_statement, "`_` inside `unchecked`", stmt.range)
                .notes.push_back("the function's body decides for itself what is unchecked");
        }
    }

    void return_values(const Stmt& stmt) {
        if (stmt.expr) expressions_.check(stmt.expr);
        if (!expressions_.where.function) {
            if (stmt.expr)
                context_.report(code::return_count, "a modifier returns nothing", stmt.range)
                    .helps.push_back("write `return;`");
            return;
        }
        const Function& function = tree_[expressions_.where.function];
        if (!stmt.expr) {
            if (function.returns.empty()) return;
            context_
                .report(code::return_count,
                        fmt::format("`{}` returns {}, none given", function.name.text,
                                    counted(function.returns.size(), "value")),
                        stmt.range)
                .secondary.push_back({function.name.range, "this function"});
            return;
        }
        std::vector<TypeId> wanted = context_.types_of(function.returns);
        const Type given = context_.types[context_.type_of(stmt.expr)];
        const bool several = given.kind == TypeKind::Tuple;
        const std::size_t count = several ? given.members.size() : 1;
        if (given.kind == TypeKind::Error) return;
        if (count != wanted.size()) {
            context_
                .report(code::return_count,
                        fmt::format("`{}` returns {}, {} given", function.name.text, counted(wanted.size(), "value"),
                                    count),
                        tree_[stmt.expr].range)
                .secondary.push_back({function.name.range, "this function"});
            return;
        }
        if (count == 0) return;
        const Label because{tree_[function.returns.front()].range, "as declared here"};
        expressions_.convert(stmt.expr, several ? context_.types.tuple(std::move(wanted)) : wanted.front(), because);
    }

    void expression(const Stmt& stmt) { stmt.flag ? ghost_update(stmt.expr) : evaluate(stmt.expr); }

    // An assignment to a ghost variable or a part of one. Numbers are mathematical integers on its right.
    void ghost_update(ExprId id) {
        const SpecPlace before = std::exchange(expressions_.where.spec, SpecPlace::Requires);
        const Expr& expr = tree_[id];
        const TypeId target = expr.a ? expressions_.check_value(expr.a) : TypeId{};
        ExprId root = expr.a;
        while (root && (tree_[root].kind == ExprKind::Index || tree_[root].kind == ExprKind::Member)) root = tree_[root].a;
        const Use use = root ? context_.info(root).use : Use{};
        const bool is_ghost = use.meaning == Meaning::Variable && tree_[use.variable].is_ghost;
        const bool changes = expr.kind == ExprKind::Assign || expr.kind == ExprKind::PostfixUnary ||
                             (expr.kind == ExprKind::Unary && expr.unary >= UnaryOp::Increment);
        if (expr.kind == ExprKind::Assign) {
            const TypeId value = expressions_.check_value(expr.b);
            const bool are_numbers = context_.types.is_number(target) && context_.types.is_number(value);
            if (!are_numbers && is_ghost) expressions_.convert(expr.b, target);
        }
        expressions_.where.spec = before;
        if ((changes && is_ghost) || context_.types.is_error(target)) return;
        context_.report(code::spec_side_effect, "`ghost` updates a ghost variable, and nothing else", expr.range)
            .helps.push_back("write `ghost name = value;` for a variable that is declared with `ghost`");
    }

    // For its effect: whatever comes out is dropped.
    void evaluate(ExprId id) {
        expressions_.check(id);
        const Type type = context_.types[context_.type_of(id)];
        const CallForm form = context_.info(id).call;
        const bool nothing =
            type.kind == TypeKind::Tuple && type.members.empty() && form != CallForm::Error && form != CallForm::Event;
        const bool values = type.kind == TypeKind::Tuple && !type.members.empty();
        const bool raises = form == CallForm::Error || form == CallForm::Event;
        if (nothing || (!raises && names_no_value(type)) || type.kind == TypeKind::Error) return;
        if (values) {
            if (tree_[id].kind == ExprKind::Tuple) settle_all(tree_[id].list);
            return;
        }
        expressions_.settle(id);
    }

    void settle_all(const std::vector<ExprId>& list) {
        for (const ExprId element : list) expressions_.settle(element);
    }

    void declaration(const Stmt& stmt) {
        if (stmt.expr) expressions_.check(stmt.expr);
        std::vector<TypeId> wanted;
        for (const VariableId id : stmt.variables)
            wanted.push_back(id ? resolve_variable(context_, id, VariableRole::Local) : TypeId{});
        if (stmt.expr) initial_values(stmt, wanted);
        for (const VariableId id : stmt.variables) {
            if (!id) continue;
            if (!stmt.expr) note_pointer(id);
            declare(id);
        }
    }

    // A reference that points nowhere yet.
    void note_pointer(VariableId id) {
        const TypeId type = context_.program[id].type;
        const DataLocation location = context_.types[type].location;
        const bool is_pointer = context_.types.kind(type) == TypeKind::Mapping || location == DataLocation::Storage ||
                                location == DataLocation::Calldata;
        if (!is_pointer) return;
        if (expressions_.where.function) with_pointers_.insert(expressions_.where.function);
        if (expressions_.where.modifier) modifiers_with_pointers_.insert(expressions_.where.modifier);
    }

    void initial_values(const Stmt& stmt, const std::vector<TypeId>& wanted) {
        const TypeKind kind = context_.types.kind(context_.type_of(stmt.expr));
        if (kind == TypeKind::Error) return;
        const bool one = stmt.variables.size() == 1 && kind != TypeKind::Tuple;
        Label because;
        if (stmt.variables.front()) because = {tree_[stmt.variables.front()].range, "because of this type"};
        expressions_.convert(stmt.expr, one ? wanted.front() : context_.types.tuple(wanted), because);
    }

    Context& context_;
    const Tree& tree_;
    Expressions expressions_;
    unsigned loops_ = 0;
    bool in_unchecked_ = false;
    bool has_body_ = false;
    bool has_placeholder_ = false;  // of the modifier that is being checked
    std::set<FunctionId> with_pointers_;            // that declare references without a place, results among them
    std::set<ModifierId> modifiers_with_pointers_;
};

}  // namespace

void check_bodies(Context& context) { Bodies(context).run(); }

}  // namespace interlock::lang
