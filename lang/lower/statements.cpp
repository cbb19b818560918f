// Lowers statements.
#include <algorithm>

#include "lang/diagnostics/codes.hpp"
#include "lang/lower/function.hpp"
#include "lang/lower/specifications.hpp"
#include "lang/lower/yul.hpp"

namespace interlock::lang::lowering {

void FunctionLowering::statement(StmtId id) {
    const Stmt& stmt = tree_[id];
    switch (stmt.kind) {
        case StmtKind::Error: return;
        case StmtKind::Block:
            for (const StmtId each : stmt.list) statement(each);
            return;
        case StmtKind::UncheckedBlock: {
            const bool saved = std::exchange(unchecked_, true);
            for (const StmtId each : stmt.list) statement(each);
            unchecked_ = saved;
            return;
        }
        case StmtKind::If: return if_statement(stmt);
        case StmtKind::While:
        case StmtKind::For: return loop(stmt);
        case StmtKind::DoWhile: return do_while(stmt);
        case StmtKind::Break: return builder_.jump(loops_.back().on_break, stmt.range);
        case StmtKind::Continue: return builder_.jump(loops_.back().on_continue, stmt.range);
        case StmtKind::Return: return return_statement(stmt);
        case StmtKind::Emit: return emit_statement(stmt);
        case StmtKind::Revert: return revert_statement(stmt);
        case StmtKind::Placeholder: return placeholder(stmt.range);
        case StmtKind::Declare: return declaration(stmt);
        case StmtKind::Expression:
            if (!stmt.flag && !is_text(stmt.expr) && !names_no_value(checked_type(stmt.expr)))
                discard(expression(stmt.expr), stmt.range);  // otherwise it updates a ghost variable, or does nothing
            return;
        case StmtKind::Assume:
        case StmtKind::Check: return specification_statement(stmt);
        case StmtKind::Try: return try_statement(stmt);
        case StmtKind::Assembly: return assembly(stmt);
    }
}

// Reads an unused result if reading it can fail: a value in call data may not be one of its type.
void FunctionLowering::discard(const Result& result, SourceRange range) {
    for (const Result& part : result.parts) discard(part, range);
    const bool can_fail = result.kind == Result::Kind::Reference && result.reference.location != DataLocation::Storage;
    if (can_fail) (void)read(result, range);
}

void FunctionLowering::if_statement(const Stmt& stmt) {
    const ir::Value condition = value(stmt.expr);
    const ir::BlockIndex then = builder_.make_block(stmt.range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    const ir::BlockIndex otherwise = stmt.other ? builder_.make_block(stmt.range) : after;
    builder_.branch(condition, then, otherwise, tree_[stmt.expr].range);
    builder_.enter_sealed(then);
    statement(stmt.body);
    builder_.jump(after, stmt.range);
    if (stmt.other) {
        builder_.enter_sealed(otherwise);
        statement(stmt.other);
        builder_.jump(after, stmt.range);
    }
    builder_.enter_sealed(after);
}

// --- loops ---
void FunctionLowering::loop_body(const Stmt& stmt, Loop targets) {
    loops_.push_back(targets);
    statement(stmt.body);
    loops_.pop_back();
}

void FunctionLowering::loop(const Stmt& stmt) {
    if (stmt.init) statement(stmt.init);
    const ir::BlockIndex head = builder_.make_block(stmt.range);
    const ir::BlockIndex body = builder_.make_block(stmt.range);
    const ir::BlockIndex step = builder_.make_block(stmt.range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    builder_.jump(head, stmt.range);
    builder_.enter(head);
    for (const ExprId invariant : stmt.invariants) {
        const bool saved = std::exchange(specification_, true);
        const ir::Value holds = value(invariant);
        specification_ = saved;
        ir::Instruction check;
        check.op = ir::Op::Check;
        check.operands = {holds};
        check.range = tree_[invariant].range;
        builder_.effect(std::move(check));
    }
    if (stmt.expr) builder_.branch(value(stmt.expr), body, after, tree_[stmt.expr].range);
    else builder_.jump(body, stmt.range);
    builder_.enter_sealed(body);
    loop_body(stmt, {step, after});
    builder_.jump(step, stmt.range);
    builder_.enter_sealed(step);
    if (stmt.step) discard(expression(stmt.step), stmt.range);
    builder_.jump(head, stmt.range);
    builder_.seal(head);
    builder_.enter_sealed(after);
}

void FunctionLowering::do_while(const Stmt& stmt) {
    const ir::BlockIndex body = builder_.make_block(stmt.range);
    const ir::BlockIndex condition = builder_.make_block(stmt.range);
    const ir::BlockIndex after = builder_.make_block(stmt.range);
    builder_.jump(body, stmt.range);
    builder_.enter(body);
    loop_body(stmt, {condition, after});
    builder_.jump(condition, stmt.range);
    builder_.enter_sealed(condition);
    builder_.branch(value(stmt.expr), body, after, tree_[stmt.expr].range);
    builder_.seal(body);
    builder_.enter_sealed(after);
}

// --- declarations and returns ---
void FunctionLowering::declare_one(VariableId variable, const Result* initial, SourceRange range) {
    bind(variable, initial ? *initial : initial_value(program_[variable].type, range), range);
}

// --- assembly ---
void FunctionLowering::assembly(const Stmt& stmt) {
    YulLowering yul(
        contract_, builder_,
        {[this](const YulName& name, SourceRange range) { return read_in_assembly(name, range); },
         [this](const YulName& name, ir::Value word, SourceRange range) { write_in_assembly(name, word, range); }});
    yul.block(stmt.assembly);
}

ir::Value FunctionLowering::read_in_assembly(const YulName& name, SourceRange range) {
    Data at = data(range);
    if (const auto constant = contract_.yul_constant(name)) return at.word(*constant);
    const auto bound = bindings_.find(name.variable);
    if (bound == bindings_.end()) return at.raw(value_of(variable(name.variable, range), range));
    if (const auto* local = std::get_if<Local>(&bound->second)) {
        const ir::Value held = at.raw(builder_.read(*local));
        if (contract_.is_value(program_[name.variable].type) && type_of(*local, range).bits < 256 &&
            !is_decoded(name.variable))
            contract_.found.finds_dirt = true;
        if (name.part == YulPart::Address) return at.shr(held, at.word(96));
        if (name.part == YulPart::Selector) return at.bit_and(at.shr(held, at.word(64)), at.word(0xffff'ffff));
        return held;
    }
    const Type& type = program_[program_[name.variable].type];
    const bool in_storage = type.location == DataLocation::Storage || type.kind == TypeKind::Mapping;
    if (in_storage && name.part == YulPart::Offset) return at.word(0);
    if (const auto* place = std::get_if<PlaceReference>(&bound->second)) return reference_to(*place, range).address;
    const std::vector<Local>& words = std::get<Pointer>(bound->second).words;
    return builder_.read(words.at(name.part == YulPart::Length ? 1 : 0));
}

// Returns whether it is a parameter decoded from call data, which therefore fits its type.
bool FunctionLowering::is_decoded(VariableId variable) const {
    if (!id_) return false;
    const Function& function = tree_[id_];
    const bool is_outer = function.visibility == Visibility::External || function.visibility == Visibility::Public;
    return is_outer && std::ranges::find(function.parameters, variable) != function.parameters.end() &&
           !is_reassigned(variable);
}

// Bits that do not fit the variable's type are cut off when Solidity reads it.
void FunctionLowering::write_in_assembly(const YulName& name, ir::Value word, SourceRange range) {
    const Binding& bound = bindings_.at(name.variable);
    const TypeId type = program_[name.variable].type;
    if (const auto* local = std::get_if<Local>(&bound)) {
        Data at = data(range);
        const bool is_address = name.part == YulPart::Address;
        if (is_address || name.part == YulPart::Selector) {  // of an external function; the other part stays
            const vm::Word mask = is_address ? ~vm::Word{} >> 96 : vm::Word{0xffff'ffff};
            const unsigned shift = is_address ? 96 : 64;
            const ir::Value others = at.bit_and(at.raw(builder_.read(*local)), at.word(~(mask << shift)));
            const ir::Value part = at.shl(at.bit_and(word, at.word(mask)), at.word(shift));
            return builder_.write(*local, at.as(at.bit_or(others, part), contract_.value_type(type, range)));
        }
        return builder_.write(*local, unclean_.contains(*local) ? word : at.as(word, contract_.value_type(type, range)));
    }
    const std::vector<Local>& words = std::get<Pointer>(bound).words;
    builder_.write(words.at(name.part == YulPart::Length ? 1 : 0), word);
}

bool FunctionLowering::is_reassigned(VariableId variable) const { return contract_.is_reassigned(variable); }

void FunctionLowering::declaration(const Stmt& stmt) {
    if (!stmt.expr) {
        for (const VariableId variable : stmt.variables) declare_one(variable, nullptr, stmt.range);
        return;
    }
    const Result initial = evaluate(stmt.expr);
    if (initial.kind != Result::Kind::Tuple) {
        return declare_one(stmt.variables.front(), &initial, tree_[stmt.expr].range);
    }
    for (std::size_t i = 0; i < stmt.variables.size() && i < initial.parts.size(); ++i) {
        if (stmt.variables[i]) declare_one(stmt.variables[i], &initial.parts[i], tree_[stmt.expr].range);
    }
}

void FunctionLowering::return_statement(const Stmt& stmt) {
    if (stmt.expr) {
        const SourceRange range = tree_[stmt.expr].range;
        const Result result = evaluate(stmt.expr);
        const std::vector<Result> parts = result.kind == Result::Kind::Tuple ? result.parts : std::vector<Result>{result};
        const std::vector<VariableId>& returns = tree_[id_].returns;
        ir::Values words;
        for (std::size_t i = 0; i < returns.size() && i < parts.size(); ++i) {
            const auto some = flatten(parts[i], program_[returns[i]].type, range);
            words.insert(words.end(), some.begin(), some.end());
        }
        for (std::size_t i = 0; i < words.size(); ++i) write(returns_[i], words[i], range);
    }
    if (exit_) builder_.jump(*exit_, stmt.range);
    else return_locals(stmt.range);
}

// --- events, errors, specifications ---
void FunctionLowering::emit_statement(const Stmt& stmt) {
    const ExprInfo& call = info(stmt.expr);
    const Use& use = call.use.meaning == Meaning::Event ? call.use : info(inner(tree_[stmt.expr].a)).use;
    ir::Instruction instruction;
    instruction.op = ir::Op::Emit;
    instruction.event = contract_.event_index(use.event);
    const auto parameters = contract_.contract().events[instruction.event].parameters;
    if (needs_coding(parameters)) {
        const ir::Event event = contract_.contract().events[instruction.event];
        return emit_coded(event, data_for(stmt.expr, types_of(tree_[use.event].parameters)), stmt.range);
    }
    instruction.operands = arguments(stmt.expr, parameters);
    instruction.range = stmt.range;
    builder_.effect(std::move(instruction));
}

void FunctionLowering::revert_statement(const Stmt& stmt) {
    if (!stmt.expr) return revert({}, {}, stmt.range);
    if (is_coded_error(stmt.expr)) return revert_coded(coded_error(stmt.expr), stmt.range);
    if (info(stmt.expr).call == CallForm::Error) {
        auto [failure, values] = failure_of(stmt.expr);
        return revert(failure, std::move(values), stmt.range);
    }
    const auto& written = info(stmt.expr).arguments;  // revert("text")
    if (written.empty()) return revert({}, {}, stmt.range);
    auto [failure, values] = failure_of(written.front());
    revert(failure, std::move(values), stmt.range);
}

void FunctionLowering::specification_statement(const Stmt& stmt) {
    if (!is_plain_condition(program_, stmt.expr)) return;  // kept as an open clause
    const bool saved = std::exchange(specification_, true);
    ir::Instruction instruction;
    instruction.op = stmt.kind == StmtKind::Assume ? ir::Op::Assume : ir::Op::Check;
    instruction.operands = {value(stmt.expr)};
    instruction.range = stmt.range;
    builder_.effect(std::move(instruction));
    specification_ = saved;
}

}  // namespace interlock::lang::lowering
