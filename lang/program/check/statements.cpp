// Checks statements and the variables that they declare.
#include "lang/program/check/bodies.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/statements.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang {

// --- variables ---

void Bodies::declare_all(const std::vector<VariableId>& variables) {
    for (const VariableId id : variables) declare(id);
}

void Bodies::declare(VariableId id) {
    const Name& name = tree_[id].name;
    if (name.text.empty()) return;
    check_reserved(context_, name);
    std::optional<std::vector<Declared>> hidden;
    if (const auto* found = context_.names.find_hidden(name.text)) hidden = *found;
    const Declared* earlier =
        context_.names.declare_local({.use = {.meaning = Meaning::Variable, .variable = id}, .name = name});
    if (earlier) {
        context_
            .report(code::already_declared, fmt::format("`{}` is declared twice", name.text), name.range,
                    "declared again here")
            .secondary.push_back({earlier->name.range, "first declared here"});
    } else if (has_body_) {
        warn_of_hiding(context_, name, hidden ? &*hidden : nullptr);
    }
}

// --- statements ---

void Bodies::statement(StmtId id) {
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
            if (stmt.expr)
                expressions_.check_raise(stmt.expr, Meaning::Error, tree_[stmt.expr].range.begin == stmt.range.begin);
            return;
        case StmtKind::Placeholder: return placeholder(stmt);
        case StmtKind::Declare: return declaration(stmt);
        case StmtKind::Expression: return expression(stmt);
        case StmtKind::Assume:
        case StmtKind::Check: return condition_here(stmt.expr);
        case StmtKind::Try: return try_statement(stmt);
        case StmtKind::Assembly: return check_assembly(context_, stmt.assembly);
    }
}

// --- try ---

void Bodies::try_statement(const Stmt& stmt) {
    expressions_.check(stmt.expr);
    ExprId call = stmt.expr;
    while (tree_[call].kind == ExprKind::Tuple && tree_[call].list.size() == 1) call = tree_[call].list.front();
    const CallForm form = context_.info(call).call;
    const bool is_error = context_.types.is_error(context_.type_of(stmt.expr));
    const bool calls_value =
        form == CallForm::FunctionValue && context_.types[context_.type_of(tree_[call].a)].form == FunctionForm::External;
    if (!is_error && !calls_value && form != CallForm::External && form != CallForm::Create)
        context_.report(code::bad_try, "only a call of another contract or `new` can be tried", tree_[stmt.expr].range)
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

// The variables after `returns` must have exactly the types of the results.
void Bodies::tried_results(const Stmt& stmt, bool is_error) {
    const TypeId given = context_.type_of(stmt.expr);
    const std::vector<TypeId> results =
        context_.types.kind(given) == TypeKind::Tuple ? context_.types[given].members : std::vector<TypeId>{given};
    if (!is_error && results.size() != stmt.variables.size()) {
        context_.report(
            code::bad_try,
            fmt::format("the call returns {}, {} declared", counted(results.size(), "value"), stmt.variables.size()),
            tree_[stmt.expr].range);
        is_error = true;
    }
    std::vector<TypeId> types;
    {
        const ParameterScope scope(context_, stmt.variables);
        for (const VariableId id : stmt.variables)
            types.push_back(id ? resolve_variable(context_, id, VariableRole::Local) : TypeId{});
    }
    for (std::size_t i = 0; i < stmt.variables.size(); ++i) {
        const VariableId id = stmt.variables[i];
        if (!id) continue;
        const TypeId declared = types[i];
        const bool known = !is_error && !context_.types.is_error(declared) && !context_.types.is_error(results[i]);
        if (known && declared != results[i])
            context_.report(code::bad_try,
                            fmt::format("this comes back as `{}`, not as `{}`", context_.types.name(results[i]),
                                        context_.types.name(declared)),
                            tree_[id].range);
        declare(id);
    }
}

void Bodies::catch_clause(const Catch& clause) {
    const bool any = clause.name.text.empty();
    const bool is_error = clause.name.text == "Error", is_panic = clause.name.text == "Panic";
    context_.names.enter_block();
    std::vector<TypeId> types;
    {
        const ParameterScope scope(context_, clause.parameters);
        for (const VariableId id : clause.parameters) types.push_back(resolve_variable(context_, id, VariableRole::Local));
    }
    for (const VariableId id : clause.parameters) declare(id);
    const TypeId wanted = is_error   ? context_.types.string(DataLocation::Memory)
                          : is_panic ? context_.types.uint()
                                     : context_.types.bytes(DataLocation::Memory);
    const bool known = std::ranges::none_of(types, [&](TypeId type) { return context_.types.is_error(type); });
    if (!any && !is_error && !is_panic) {
        context_.report(code::bad_try, fmt::format("`{}` cannot be caught", clause.name.text), clause.name.range)
            .helps.push_back("write `Error(string memory why)`, `Panic(uint256 code)` or `(bytes memory data)`");
    } else if (known && !(any && types.empty()) && types != std::vector<TypeId>{wanted}) {
        context_.report(code::bad_try, fmt::format("this clause takes one `{}`", context_.types.name(wanted)), clause.range);
    }
    statement(clause.body);
    context_.names.leave_block();
}

void Bodies::block(const Stmt& stmt) {
    context_.names.enter_block();
    for (const StmtId inner : stmt.list) statement(inner);
    context_.names.leave_block();
}

void Bodies::inner(StmtId id) {  // a branch or a loop's body is a scope of its own even without braces
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

void Bodies::unchecked(const Stmt& stmt) {
    if (in_unchecked_)
        context_.report(code::misplaced_statement, "`unchecked` inside `unchecked`", stmt.range)
            .helps.push_back("the outer one covers this too");
    const bool before = std::exchange(in_unchecked_, true);
    block(stmt);
    in_unchecked_ = before;
}

void Bodies::loop_body(StmtId id) {
    ++loops_;
    inner(id);
    --loops_;
}

void Bodies::loop_invariants(const Stmt& stmt) {
    for (const ExprId invariant : stmt.invariants) condition_here(invariant);
}

void Bodies::for_loop(const Stmt& stmt) {
    context_.names.enter_block();
    statement(stmt.init);
    if (stmt.expr) expressions_.check_condition(stmt.expr);
    if (stmt.step) evaluate(stmt.step);
    loop_invariants(stmt);
    loop_body(stmt.body);
    context_.names.leave_block();
}

void Bodies::jump(const Stmt& stmt) {
    if (loops_ != 0) return;
    context_.report(code::misplaced_statement,
                    fmt::format("`{}` outside a loop", stmt.kind == StmtKind::Break ? "break" : "continue"), stmt.range);
}

void Bodies::placeholder(const Stmt& stmt) {
    has_placeholder_ = true;
    if (!expressions_.where.modifier) {
        context_.report(code::misplaced_statement, "`_` outside a modifier", stmt.range)
            .helps.push_back("in a modifier, `_;` stands for the body of the function");
    } else if (in_unchecked_) {
        context_.report(code::misplaced_statement, "`_` inside `unchecked`", stmt.range)
            .notes.push_back("the function's body decides for itself what is unchecked");
    }
}

void Bodies::return_values(const Stmt& stmt) {
    if (stmt.expr) expressions_.check(stmt.expr);
    if (!expressions_.where.function) {
        if (stmt.expr)
            context_.report(code::return_count, "a modifier returns nothing", stmt.range).helps.push_back("write `return;`");
        return;
    }
    const Function& function = tree_[expressions_.where.function];
    if (!stmt.expr) {
        if (function.returns.empty()) return;
        context_
            .report(
                code::return_count,
                fmt::format("`{}` returns {}, none given", function.name.text, counted(function.returns.size(), "value")),
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
                    fmt::format("`{}` returns {}, {} given", function.name.text, counted(wanted.size(), "value"), count),
                    tree_[stmt.expr].range)
            .secondary.push_back({function.name.range, "this function"});
        return;
    }
    if (count == 0) return;
    const Label because{tree_[function.returns.front()].range, "as declared here"};
    expressions_.convert(stmt.expr, several ? context_.types.tuple(std::move(wanted)) : wanted.front(), because);
}

void Bodies::expression(const Stmt& stmt) { stmt.flag ? ghost_update(stmt.expr) : evaluate(stmt.expr); }

// Checks an assignment to a ghost variable or a part of one. On its right side numbers are mathematical integers.
void Bodies::ghost_update(ExprId id) {
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

// Checks an expression that is evaluated for its effect; its value is dropped.
void Bodies::evaluate(ExprId id) {
    const Expr& expr = tree_[id];
    const bool is_cut_off = (expr.kind == ExprKind::Tuple && expr.list.empty()) ||
                            (expr.kind == ExprKind::ElementaryType && (expr.flag || expr.text == "payable"));
    if (is_cut_off) {
        context_.report(code::misplaced_statement, "this is no statement", expr.range);
        return;
    }
    expressions_.check(id);
    const bool is_name = expr.kind == ExprKind::Name || expr.kind == ExprKind::Member;
    if (is_name && !expressions_.check_only_meaning(id)) return;
    const Type type = context_.types[context_.type_of(id)];
    const CallForm form = context_.info(id).call;
    const bool nothing =
        type.kind == TypeKind::Tuple && type.members.empty() && form != CallForm::Error && form != CallForm::Event;
    const bool values = type.kind == TypeKind::Tuple && !type.members.empty();
    const bool raises = form == CallForm::Error || form == CallForm::Event;
    if (nothing || (!raises && names_no_value(type)) || type.kind == TypeKind::Error) return;
    if (tree_[id].kind == ExprKind::CallOptions) return;  // a function that is not called
    if (values) {
        if (tree_[id].kind == ExprKind::Tuple) settle_all(tree_[id].list);
        return;
    }
    expressions_.settle(id);
}

void Bodies::settle_all(const std::vector<ExprId>& list) {
    for (const ExprId element : list)
        if (!names_no_value(context_.types[context_.type_of(element)])) expressions_.settle(element);
}

void Bodies::declaration(const Stmt& stmt) {
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

// Notes a reference that is not assigned yet.
void Bodies::note_pointer(VariableId id) {
    const TypeId type = context_.program[id].type;
    const DataLocation location = context_.types[type].location;
    const bool is_pointer = context_.types.kind(type) == TypeKind::Mapping || location == DataLocation::Storage ||
                            location == DataLocation::Calldata;
    if (!is_pointer) return;
    if (expressions_.where.function) with_pointers_.insert(expressions_.where.function);
    if (expressions_.where.modifier) modifiers_with_pointers_.insert(expressions_.where.modifier);
}

void Bodies::initial_values(const Stmt& stmt, const std::vector<TypeId>& wanted) {
    const TypeKind kind = context_.types.kind(context_.type_of(stmt.expr));
    if (kind == TypeKind::Error) return;
    const bool one = stmt.variables.size() == 1 && kind != TypeKind::Tuple;
    Label because;
    if (stmt.variables.front()) because = {tree_[stmt.variables.front()].range, "because of this type"};
    expressions_.convert(stmt.expr, one ? wanted.front() : context_.types.tuple(wanted), because);
}

}  // namespace interlock::lang
