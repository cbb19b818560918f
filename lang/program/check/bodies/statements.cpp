#include "lang/program/check/bodies/statements.hpp"

#include <map>

#include <fmt/format.h>

#include "lang/program/check/bodies/locals.hpp"
#include "lang/program/check/bodies/tried.hpp"
#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/calls.hpp"
#include "lang/program/check/passes.hpp"

namespace interlock::lang::checking {

void Statements::statement(StmtId id) {
    if (!id) return;
    const Stmt& stmt = context_.tree[id];
    switch (stmt.kind) {
        case StmtKind::Error: return;
        case StmtKind::Block: return block(stmt);
        case StmtKind::UncheckedBlock: return unchecked(stmt);
        case StmtKind::If:
            check_condition(stmt.expr);
            inner(stmt.body);
            return inner(stmt.other);
        case StmtKind::While:
        case StmtKind::DoWhile:
            check_condition(stmt.expr);
            loop_invariants(stmt);
            return within(nesting_.looping()).inner(stmt.body);
        case StmtKind::For: return for_loop(stmt);
        case StmtKind::Break:
        case StmtKind::Continue: return jump(stmt);
        case StmtKind::Return: return return_values(stmt);
        case StmtKind::Emit: return Calls(*this).check_raise(stmt.expr, Meaning::Event);
        case StmtKind::Revert:
            if (stmt.expr)
                Calls(*this).check_raise(stmt.expr, Meaning::Error,
                                         context_.tree[stmt.expr].range.begin == stmt.range.begin);
            return;
        case StmtKind::Placeholder: return placeholder(stmt);
        case StmtKind::Declare: return declaration(stmt);
        case StmtKind::Expression: return stmt.flag ? ghost_update(stmt.expr) : evaluate(stmt.expr);
        case StmtKind::Assume:
        case StmtKind::Check: return condition_here(stmt.expr);
        case StmtKind::Try: return try_statement(stmt);
        case StmtKind::Assembly: return check_assembly(context_, stmt.assembly);
    }
}

// Variables without a written type get one where they are declared.
void Statements::hoist(StmtId id) {
    if (!id) return;
    const Stmt& stmt = context_.tree[id];
    if (stmt.kind == StmtKind::Declare)
        for (const VariableId each : stmt.variables) {
            if (!each) continue;
            if (context_.tree[each].type) resolve_variable(context_, each, VariableRole::Local);
            Locals(*this).declare(each);
        }
    for (const StmtId each : stmt.list) hoist(each);
    for (const StmtId each : {stmt.init, stmt.body, stmt.other}) hoist(each);
}

void Statements::block(const Stmt& stmt) {
    context_.names.enter_block();
    for (const StmtId inner : stmt.list) statement(inner);
    context_.names.leave_block();
}

void Statements::inner(StmtId id) {  // a branch or a loop's body is a scope of its own even without braces
    const StmtKind kind = id ? context_.tree[id].kind : StmtKind::Block;
    const bool is_of_function = kind == StmtKind::Declare && context_.has(rule::scope_is_function);
    if ((kind == StmtKind::Declare || kind == StmtKind::UncheckedBlock) && !is_of_function)
        context_
            .report(code::misplaced_statement,
                    kind == StmtKind::Declare ? "a variable that nothing can use" : "`unchecked` must stand in a block",
                    context_.tree[id].range)
            .helps.push_back("write `{ … }` around it");
    context_.names.enter_block();
    statement(id);
    context_.names.leave_block();
}

void Statements::unchecked(const Stmt& stmt) {
    if (nesting_.in_unchecked)
        context_.report(code::misplaced_statement, "`unchecked` inside `unchecked`", stmt.range)
            .helps.push_back("the outer one covers this too");
    within(nesting_.wrapping()).block(stmt);
}

void Statements::loop_invariants(const Stmt& stmt) {
    for (const ExprId invariant : stmt.invariants) condition_here(invariant);
}

void Statements::for_loop(const Stmt& stmt) {
    context_.names.enter_block();
    statement(stmt.init);
    if (stmt.expr) check_condition(stmt.expr);
    if (stmt.step) evaluate(stmt.step);
    loop_invariants(stmt);
    within(nesting_.looping()).inner(stmt.body);
    context_.names.leave_block();
}

void Statements::jump(const Stmt& stmt) {
    if (nesting_.in_loop) return;
    context_.report(code::misplaced_statement,
                    fmt::format("`{}` outside a loop", stmt.kind == StmtKind::Break ? "break" : "continue"), stmt.range);
}

void Statements::placeholder(const Stmt& stmt) {
    findings_.has_placeholder = true;
    if (!where_.modifier) {
        context_.report(code::misplaced_statement, "`_` outside a modifier", stmt.range)
            .helps.push_back("in a modifier, `_;` stands for the body of the function");
    } else if (nesting_.in_unchecked) {
        context_.report(code::misplaced_statement, "`_` inside `unchecked`", stmt.range)
            .notes.push_back("the function's body decides for itself what is unchecked");
    }
}

void Statements::return_values(const Stmt& stmt) {
    if (stmt.expr) check(stmt.expr);
    if (!where_.function) {
        if (stmt.expr)
            context_.report(code::return_count, "a modifier returns nothing", stmt.range).helps.push_back("write `return;`");
        return;
    }
    const Function& function = context_.tree[where_.function];
    if (!stmt.expr) {
        if (function.returns.empty() || context_.has(rule::returns_may_lack)) return;
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
                    context_.tree[stmt.expr].range)
            .secondary.push_back({function.name.range, "this function"});
        return;
    }
    if (count == 0) return;
    const Label because{context_.tree[function.returns.front()].range, "as declared here"};
    convert(stmt.expr, several ? context_.types.tuple(std::move(wanted)) : wanted.front(), because);
}

// Inside a body the condition may use everything that the code there can use.
void Statements::condition_here(ExprId expr) { in(where_.specifying(SpecPlace::Requires)).check_condition(expr); }

// Checks an assignment to a ghost variable or a part of one. On its right side numbers are mathematical integers.
void Statements::ghost_update(ExprId id) {
    Room there = in(where_.specifying(SpecPlace::Requires));
    const Expr& expr = context_.tree[id];
    const TypeId target = expr.a ? there.check_value(expr.a) : TypeId{};
    ExprId root = expr.a;
    while (root && (context_.tree[root].kind == ExprKind::Index || context_.tree[root].kind == ExprKind::Member))
        root = context_.tree[root].a;
    const Use use = root ? context_.info(root).use : Use{};
    const bool is_ghost = use.meaning == Meaning::Variable && context_.tree[use.variable].is_ghost;
    const bool changes = expr.kind == ExprKind::Assign || expr.kind == ExprKind::PostfixUnary ||
                         (expr.kind == ExprKind::Unary && expr.unary >= UnaryOp::Increment);
    if (expr.kind == ExprKind::Assign) {
        const TypeId value = there.check_value(expr.b);
        const bool are_numbers = context_.types.is_number(target) && context_.types.is_number(value);
        if (!are_numbers && is_ghost) there.convert(expr.b, target);
    }
    if ((changes && is_ghost) || context_.types.is_error(target)) return;
    context_.report(code::spec_side_effect, "`ghost` updates a ghost variable, and nothing else", expr.range)
        .helps.push_back("write `ghost name = value;` for a variable that is declared with `ghost`");
}

// Checks an expression that is evaluated for its effect; its value is dropped.
void Statements::evaluate(ExprId id) {
    const Expr& expr = context_.tree[id];
    const bool is_cut_off = (expr.kind == ExprKind::Tuple && expr.list.empty()) ||
                            (expr.kind == ExprKind::ElementaryType && (expr.flag || expr.text == "payable"));
    if (is_cut_off) {
        context_.report(code::misplaced_statement, "this is no statement", expr.range);
        return;
    }
    check(id);
    const bool is_name = expr.kind == ExprKind::Name || expr.kind == ExprKind::Member;
    if (is_name && !Calls(*this).check_only_meaning(id)) return;
    drop(id);
}

void Statements::drop(ExprId id) {
    const Expr& expr = context_.tree[id];
    const Type type = context_.types[context_.type_of(id)];
    const CallForm form = context_.info(id).call;
    const bool raises = form == CallForm::Error || form == CallForm::Event;
    if (form == CallForm::Event && context_.has(rule::events_are_called)) return;
    if ((!raises && names_no_value(type)) || type.kind == TypeKind::Error) return;
    if (expr.kind == ExprKind::CallOptions) return;  // a function that is not called
    if (type.kind != TypeKind::Tuple || raises) {
        settle(id);
    } else if (expr.kind == ExprKind::Tuple) {
        for (const ExprId element : expr.list) drop(element);
    }
}

void Statements::declaration(const Stmt& stmt) {
    if (stmt.expr) check(stmt.expr);
    std::vector<TypeId> wanted;
    for (std::size_t i = 0; i < stmt.variables.size(); ++i) {
        const VariableId id = stmt.variables[i];
        const bool is_typed = id && context_.tree[id].type;
        wanted.push_back(is_typed ? resolve_variable(context_, id, VariableRole::Local) : TypeId{});
        if (id && !is_typed) wanted.back() = inferred(id, stmt, i);
    }
    if (stmt.expr) initial_values(stmt, wanted);
    for (const VariableId id : stmt.variables) {
        if (!id) continue;
        if (!stmt.expr && Locals(*this).is_pointer(id)) findings_.has_pointers = true;
        if (!context_.has(rule::scope_is_function)) Locals(*this).declare(id);
    }
}

// `var` takes the type of its value: uint8 for 0, a reference for what lies in storage.
TypeId Statements::inferred(VariableId id, const Stmt& stmt, std::size_t number) {
    context_.info(id).is_local = true;
    if (!stmt.expr) {
        const Name& name = context_.tree[id].name;
        context_.report(code::unknown_type, fmt::format("`{}` has no type without a value", name.text), name.range);
        return {};
    }
    const Type given = context_.types[context_.type_of(stmt.expr)];
    const bool several = given.kind == TypeKind::Tuple && number < given.members.size();
    const TypeId value = several ? given.members[number] : context_.type_of(stmt.expr);
    if (!several && given.kind != TypeKind::Tuple) require_value(stmt.expr);
    const std::optional<TypeId> own = mobile_type(context_.types, value);
    if (own && names_no_value(context_.types[*own])) {
        context_.report(code::not_a_value, fmt::format("`{}` is no value", context_.types.name(value)),
                        context_.tree[stmt.expr].range);
        return context_.info(id).type = {};
    }
    if (!own)
        context_.report(code::bad_number, fmt::format("`{}` fits into no type", context_.types.name(value)),
                        context_.tree[stmt.expr].range);
    return context_.info(id).type = own.value_or(TypeId{});
}

void Statements::initial_values(const Stmt& stmt, const std::vector<TypeId>& wanted) {
    const TypeKind kind = context_.types.kind(context_.type_of(stmt.expr));
    if (kind == TypeKind::Error) return;
    const bool one = stmt.variables.size() == 1 && kind != TypeKind::Tuple;
    Label because;
    if (stmt.variables.front()) because = {context_.tree[stmt.variables.front()].range, "because of this type"};
    convert(stmt.expr, one ? wanted.front() : context_.types.tuple(wanted), because);
}

void Statements::try_statement(const Stmt& stmt) {
    check(stmt.expr);
    ExprId call = stmt.expr;
    while (context_.tree[call].kind == ExprKind::Tuple && context_.tree[call].list.size() == 1)
        call = context_.tree[call].list.front();
    const CallForm form = context_.info(call).call;
    const bool is_error = context_.types.is_error(context_.type_of(stmt.expr));
    const bool calls_value = form == CallForm::FunctionValue &&
                             context_.types[context_.type_of(context_.tree[call].a)].form == FunctionForm::External;
    if (!is_error && !calls_value && form != CallForm::External && form != CallForm::Create)
        context_
            .report(code::bad_try, "only a call of another contract or `new` can be tried", context_.tree[stmt.expr].range)
            .helps.push_back("to catch what this contract itself does, call it through `this`");
    context_.names.enter_block();
    if (!stmt.variables.empty()) Tried(*this).results(stmt, is_error);
    statement(stmt.body);
    context_.names.leave_block();
    std::map<std::string_view, SourceRange> seen;
    for (const Catch& clause : stmt.catches) {
        const auto [first, is_new] = seen.try_emplace(clause.name.text, clause.range);
        if (!is_new)
            context_.report(code::bad_try, "a second clause for the same", clause.range)
                .secondary.push_back({first->second, "the first one"});
        context_.names.enter_block();
        Tried(*this).clause(clause);
        statement(clause.body);
        context_.names.leave_block();
    }
}

}  // namespace interlock::lang::checking
