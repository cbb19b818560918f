#include "lang/lower/yul.hpp"

#include "lang/diagnostics/codes.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/program/yul.hpp"

namespace interlock::lang::lowering {

using vm::Word;
using enum vm::Opcode;

void YulLowering::unsupported(std::string_view what, SourceRange range) const {
    throw Unsupported{code::no_such_construct.id, std::string(what), range};
}

// --- names ---
std::optional<Local> YulLowering::variable(std::string_view name) const {
    for (auto scope = variables_.rbegin(); scope != variables_.rend(); ++scope)
        if (const auto found = scope->find(name); found != scope->end()) return found->second;
    return std::nullopt;
}

YulStmtId YulLowering::function(std::string_view name) const {
    for (auto scope = functions.rbegin(); scope != functions.rend(); ++scope)
        if (const auto found = scope->find(name); found != scope->end()) return found->second;
    return {};
}

std::uint32_t YulLowering::function_index(YulStmtId id) {
    const YulStmt& written = tree_[id];
    const auto visible = functions;
    return contract_.routines.yul_function(id, written.names.size(), written.results.size(), [&](ir::Function& made) {
        Builder builder(made);
        YulLowering inside(contract_, builder, {});
        inside.around_.write = [this](const YulName&, ir::Value, SourceRange range) {
            unsupported("a function in assembly cannot reach this variable", range);
        };
        inside.around_.read = [this, &builder](const YulName& name, SourceRange range) -> ir::Value {
            const auto constant = contract_.state.constant(name);
            if (!constant) unsupported("a function in assembly cannot reach this variable", range);
            return builder.constant(ir::uint256_type, *constant, range);
        };
        inside.functions = visible;
        const auto parameters = made.blocks.front().parameters;
        inside.function_body(written, parameters);
        simplify(made);
    });
}

// --- statements ---
void YulLowering::function_body(const YulStmt& function, const std::vector<ir::Parameter>& parameters) {
    variables_.emplace_back();
    for (std::size_t i = 0; i < function.names.size(); ++i) {
        const Local local = builder_.make_local(ir::uint256_type);
        builder_.write(local, parameters.at(i).value);
        variables_.back()[function.names[i].text] = local;
    }
    for (const Name& result : function.results) {
        results_.push_back(builder_.make_local(ir::uint256_type));
        builder_.write(results_.back(), machine(result.range).word(0));
        variables_.back()[result.text] = results_.back();
    }
    block(function.body);
    leave(function.range);
}

void YulLowering::leave(SourceRange range) {
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Return;
    for (const Local local : results_) end.values.push_back(builder_.read(local));
    builder_.finish(std::move(end), range);
}

void YulLowering::block(YulStmtId id) {
    variables_.emplace_back();
    functions.emplace_back();
    statements(tree_[id]);
    functions.pop_back();
    variables_.pop_back();
}

// Functions are visible in their whole block.
void YulLowering::statements(const YulStmt& block) {
    for (const YulStmtId each : block.list)
        if (tree_[each].kind == YulStmtKind::Function) functions.back()[tree_[each].name.text] = each;
    for (const YulStmtId each : block.list) statement(each);
}

void YulLowering::statement(YulStmtId id) {
    const YulStmt& stmt = tree_[id];
    switch (stmt.kind) {
        case YulStmtKind::Error:
        case YulStmtKind::Function: return;
        case YulStmtKind::Block: return block(id);
        case YulStmtKind::Let: return let(stmt);
        case YulStmtKind::Assign: {
            const Words given = values(stmt.expr);
            if (given.size() != stmt.names.size()) unsupported("another number of values than variables", stmt.range);
            for (std::size_t i = 0; i < given.size(); ++i) assign(stmt.names[i], given[i]);
            return;
        }
        case YulStmtKind::Expression: (void)values(stmt.expr); return;
        case YulStmtKind::If: return if_statement(stmt);
        case YulStmtKind::Switch: return switch_statement(stmt);
        case YulStmtKind::For: return loop(stmt);
        case YulStmtKind::Break: return builder_.jump(loops_.back().on_break, stmt.range);
        case YulStmtKind::Continue: return builder_.jump(loops_.back().on_continue, stmt.range);
        case YulStmtKind::Leave: return leave(stmt.range);
    }
}

void YulLowering::let(const YulStmt& stmt) {
    Words given;
    if (stmt.expr) given = values(stmt.expr);
    else
        for (std::size_t i = 0; i < stmt.names.size(); ++i) given.push_back(machine(stmt.range).word(0));
    if (given.size() != stmt.names.size()) unsupported("another number of values than variables", stmt.range);
    for (std::size_t i = 0; i < given.size(); ++i) {
        const Local local = builder_.make_local(ir::uint256_type);
        builder_.write(local, given[i]);
        variables_.back()[stmt.names[i].text] = local;
    }
}

void YulLowering::assign(const Name& name, ir::Value value) {
    if (const auto local = variable(name.text)) return builder_.write(*local, value);
    const auto found = contract_.program.yul_names.find(name.range.begin);
    if (found == contract_.program.yul_names.end()) unsupported("this cannot be assigned in assembly", name.range);
    around_.write(found->second, value, name.range);
}

// A jump is taken for every word but zero, so the condition may be any word.
void YulLowering::if_statement(const YulStmt& stmt) {
    WordBuilder m = machine(stmt.range);
    m.when(m.truth(value(stmt.expr)), [&] { block(stmt.body); });
}

void YulLowering::switch_statement(const YulStmt& stmt) {
    WordBuilder m = machine(stmt.range);
    const ir::Value chosen = value(stmt.expr);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    for (const YulCase& each : stmt.cases) {
        if (!each.value) {
            block(each.body);
            continue;
        }
        const ir::BlockIndex body = builder_.make_block(each.range), next = builder_.make_block(each.range);
        builder_.branch(m.equal(chosen, value(each.value)), body, next, each.range);
        builder_.enter_sealed(body);
        block(each.body);
        builder_.jump(after, each.range);
        builder_.enter_sealed(next);
    }
    builder_.jump(after, stmt.range);
    builder_.enter_sealed(after);
}

void YulLowering::loop(const YulStmt& stmt) {
    variables_.emplace_back();
    functions.emplace_back();
    statements(tree_[stmt.init]);
    const ir::BlockIndex head = builder_.make_block(stmt.range), body = builder_.make_block(stmt.range),
                         step = builder_.make_block(stmt.range), after = builder_.make_block(stmt.range);
    builder_.jump(head, stmt.range);
    builder_.enter(head);
    builder_.branch(machine(stmt.range).truth(value(stmt.expr)), body, after, stmt.range);
    builder_.enter_sealed(body);
    loops_.push_back({step, after});
    block(stmt.body);
    loops_.pop_back();
    builder_.jump(step, stmt.range);
    builder_.enter_sealed(step);
    block(stmt.step);
    builder_.jump(head, stmt.range);
    builder_.seal(head);
    builder_.enter_sealed(after);
    functions.pop_back();
    variables_.pop_back();
}

// --- expressions ---
ir::Value YulLowering::value(YulExprId id) {
    const Words given = values(id);
    if (given.size() != 1) unsupported("this has not exactly one value", tree_[id].range);
    return given.front();
}

YulLowering::Words YulLowering::values(YulExprId id) {
    const YulExpr& expr = tree_[id];
    switch (expr.kind) {
        case YulExprKind::Call: return call(expr);
        case YulExprKind::Name: {
            if (const auto local = variable(expr.text)) return {builder_.read(*local)};
            const auto found = contract_.program.yul_names.find(expr.range.begin);
            if (found == contract_.program.yul_names.end()) unsupported("this name has no value in assembly", expr.range);
            return {around_.read(found->second, expr.range)};
        }
        default: return {literal(expr)};
    }
}

ir::Value YulLowering::literal(const YulExpr& expr) {
    const std::optional<vm::Word> word = value_of(expr);
    if (!word) unsupported("this has no value", expr.range);
    return machine(expr.range).word(*word);
}

YulLowering::Words YulLowering::call(const YulExpr& expr) {
    const YulStmtId called = function(expr.text);
    if (!called) {
        const auto opcode = yul_builtin(expr.text);
        if (!opcode) unsupported("this built-in function is not supported yet", expr.range);
        return built_in(expr, *opcode);
    }
    const std::uint32_t index = function_index(called);
    Words arguments(expr.arguments.size());
    for (std::size_t n = arguments.size(); n-- > 0;) arguments[n] = value(expr.arguments[n]);
    return builder_.call(index, std::move(arguments), contract_.functions.head(index).returns, expr.range);
}

YulLowering::Words YulLowering::built_in(const YulExpr& expr, vm::Opcode opcode) {
    WordBuilder m = machine(expr.range);
    Words operands;
    for (auto argument = expr.arguments.rbegin(); argument != expr.arguments.rend(); ++argument)
        operands.insert(operands.begin(), value(*argument));
    const vm::OpcodeInfo& info = vm::info(opcode);
    if (operands.size() != info.stack_in) unsupported("another number of arguments than this takes", expr.range);
    if (opcode == POP) return {};
    const vm::Effects& effects = vm::effects_of(opcode);
    if (effects.halts()) {
        m.end(opcode, std::move(operands));
        return {};
    }
    if (effects.calls()) {
        ir::ExternalCall call;
        call.kind = ir::ExternalCall::Kind::Raw;
        call.opcode = opcode;
        call.arguments = std::move(operands);
        return builder_.external(std::move(call), {ir::uint256_type}, expr.range);
    }
    if (info.stack_out == 1) return {m.evm(opcode, std::move(operands))};
    m.effect(opcode, std::move(operands));
    return {};
}

}  // namespace interlock::lang::lowering
