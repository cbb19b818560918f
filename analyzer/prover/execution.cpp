#include "analyzer/prover/execution.hpp"

#include <fmt/format.h>

#include "analyzer/prover/effects.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using CallKind = ir::ExternalCall::Kind;

void Execution::require(const z3::expr& condition) {
    if (condition.is_false()) dead_ = true;
    else session_.assume(condition);
}

// Each walk that drops something was partly wrong, so another one follows. Only the last one tells the observer.
void Execution::run(const ir::Function& function, const Start& start) {
    start_ = &start;
    dropped_.clear();
    settles_ = loops_.any_in(function);
    do {
        dropped_some_ = false;
        walk(function);
        if (!settles_) return;
        settles_ = dropped_some_;
    } while (true);
}

void Execution::walk(const ir::Function& function) {
    const Scope scope(session_);
    session_.check_time();
    steps_ = 0;
    pending_.clear();
    std::uint32_t paths = 0;
    pending_.push_back({{{interpreter_.enter(function, start_->arguments)}, start_->entry, {}},
                        session_.depth(),
                        session_.terms.truth(true),
                        nullptr,
                        {}});
    while (!pending_.empty()) {
        if (++paths > session_.options.max_paths) {
            throw NotCovered{fmt::format("a function with more than {} paths", session_.options.max_paths), function.range};
        }
        ++session_.paths;
        Pending next = std::move(pending_.back());
        pending_.pop_back();
        session_.pop_to(next.depth);
        session_.push();
        session_.assume(next.condition);
        dead_ = false;
        if (next.jump == nullptr || go_to(next.path, *next.jump, next.received)) follow(std::move(next.path));
    }
}

void Execution::follow(Path path) {
    while (true) {
        Invocation& invocation = path.calls.back();
        const ir::Block& block = invocation.function->blocks[invocation.block];
        if (invocation.next < block.instructions.size()) {
            if (!step(path, block.instructions[invocation.next++])) return;
        } else if (!leave_block(path)) {
            return;
        }
    }
}

bool Execution::step(Path& path, const ir::Instruction& instruction) {
    if (++steps_ > session_.options.max_steps) throw NotCovered{"so long a function", instruction.range};
    if (steps_ % 256 == 0) session_.check_time();
    Invocation& invocation = path.calls.back();
    switch (instruction.op) {
        case ir::Op::InternalCall: call_inside(path, instruction); break;
        case ir::Op::Evm:
            if (ends_call(instruction.opcode)) return end_call(path, instruction);
            interpreter_.execute(instruction, invocation, {path.now, &start_->entry, start_->message, *this});
            break;
        case ir::Op::Assume: require(invocation.value(instruction.operands.at(0))); break;
        case ir::Op::Check:
            if (!settles_) observer_.at_check(instruction, invocation.value(instruction.operands.at(0)));
            break;
        default: interpreter_.execute(instruction, invocation, {path.now, &start_->entry, start_->message, *this});
    }
    return !dead_;
}

bool Execution::ends_call(vm::Opcode opcode) {
    const vm::Effects& effects = vm::effects_of(opcode);
    return effects.halts() && !effects.changes_state();
}

// Handles an entry that encodes its results itself. Anywhere else this is assembly, of whose result nothing is known.
bool Execution::end_call(const Path& path, const ir::Instruction& instruction) {
    const bool succeeds = instruction.opcode == vm::Opcode::STOP || instruction.opcode == vm::Opcode::RETURN;
    if (!succeeds) return false;
    if (path.calls.size() != 1 || !path.calls.front().function->is_raw)
        throw NotCovered{"assembly that ends the call", instruction.range};
    if (!settles_) observer_.at_end(path.now, {});
    return false;
}

void Execution::call_inside(Path& path, const ir::Instruction& instruction) {
    const ir::Function& callee = session_.contract.functions.at(instruction.callee);
    for (const Invocation& invocation : path.calls) {
        if (invocation.function == &callee) return recur(path, instruction);
    }
    if (path.calls.size() >= max_internal_depth) throw NotCovered{"so deep a nesting of calls", instruction.range};
    std::vector<z3::expr> arguments;
    for (const ir::Value operand : instruction.operands) arguments.push_back(path.calls.back().value(operand));
    path.calls.push_back(interpreter_.enter(callee, arguments));
}

// A function that calls itself and nobody else may leave anything where it writes.
void Execution::recur(Path& path, const ir::Instruction& instruction) {
    const Effects& effects = effects_.at(instruction.callee);
    if (effects.hands_over || effects.sends || effects.assumes || !effects.checks.empty())
        throw NotCovered{"recursion", instruction.range};
    for (LeafIndex leaf = 0; leaf < effects.writes.size(); ++leaf)
        if (effects.writes[leaf]) path.now.cells[leaf] = unknown_cell(session_, leaf);
    Operations operations(session_.terms, *this);
    std::vector<z3::expr>& results = path.calls.back().results[instruction.result.index];
    results.clear();
    for (const ir::NamedType& each : session_.contract.functions.at(instruction.callee).returns)
        results.push_back(operations.any(each.type, "returned"));
}

bool Execution::leave_block(Path& path) {
    Invocation& invocation = path.calls.back();
    const ir::Terminator& terminator = invocation.function->blocks[invocation.block].terminator;
    switch (terminator.kind) {
        case ir::Terminator::Kind::Jump: return go_to(path, terminator.then);
        case ir::Terminator::Kind::Branch: return branch(path, terminator);
        case ir::Terminator::Kind::Return: return give_back(path, terminator);
        case ir::Terminator::Kind::External: return call_out(path, terminator);
        case ir::Terminator::Kind::Revert:
        case ir::Terminator::Kind::Unreachable: return false;
    }
    return false;
}

bool Execution::branch(Path& path, const ir::Terminator& terminator) {
    const z3::expr condition = path.calls.back().value(terminator.condition);
    if (!condition.is_true() && !condition.is_false()) {
        pending_.push_back({path, session_.depth(), negation(condition), &terminator.otherwise, {}});
        session_.push();
        session_.assume(condition);
    }
    return go_to(path, condition.is_false() ? terminator.otherwise : terminator.then);
}

bool Execution::give_back(Path& path, const ir::Terminator& terminator) {
    std::vector<z3::expr> results;
    for (const ir::Value value : terminator.values) results.push_back(path.calls.back().value(value));
    if (path.calls.size() == 1) {
        if (!settles_) observer_.at_end(path.now, results);
        return false;
    }
    path.calls.pop_back();
    std::erase_if(path.rounds, [&](const Rounds& each) { return each.depth > path.calls.size(); });
    Invocation& caller = path.calls.back();
    const ir::Instruction& call = caller.function->blocks[caller.block].instructions[caller.next - 1];
    caller.results[call.result.index] = std::move(results);
    return true;
}

// Returns what the block after the call receives. A stranger's result may be any value of its type.
std::vector<z3::expr> Execution::answer(const ir::ExternalCall& call, bool ok) {
    Operations operations(session_.terms, *this);
    std::vector<z3::expr> results;
    if (call.tries) results = {session_.terms.truth(ok), operations.any(ir::bytes_type, "returned")};
    switch (call.kind) {
        case CallKind::Method: {
            for (const ir::NamedType& result : session_.contract.methods.at(call.method).returns) {
                results.push_back(operations.any(result.type, "returned"));
            }
            return results;
        }
        case CallKind::LowLevel: return {session_.terms.truth(ok), operations.any(ir::bytes_type, "returned")};
        case CallKind::LowLevelStatic:
            return {operations.any(ir::bool_type, "ok"), operations.any(ir::bytes_type, "returned")};
        case CallKind::Send: return {session_.terms.truth(ok)};
        case CallKind::Create: results.push_back(operations.any(ir::address_type, "created")); return results;
        case CallKind::Raw: return {raw_answer(call, ok)};
        case CallKind::Transfer:
        case CallKind::LowLevelDelegate: break;
    }
    return {};
}

// Adds the other outcome of a call that reports its failure: the state is as before the call, and the money is back.
void Execution::set_aside_failure(const Path& path, const ir::ExternalCall& call) {
    std::vector<z3::expr> failed = answer(call, false);
    pending_.push_back({path, session_.depth(), session_.terms.truth(true), &call.next, std::move(failed)});
    session_.push();
}

bool Execution::call_out(Path& path, const ir::Terminator& terminator) {
    const ir::ExternalCall& call = terminator.call;
    if (ir::runs_foreign_code(session_.contract, call)) throw NotCovered{"delegatecall", terminator.range};
    const Invocation& caller = path.calls.back();
    const z3::expr value = value_of(path, call);
    const bool reports_failure = call.tries || call.kind == CallKind::LowLevel || call.kind == CallKind::Send ||
                                 (call.kind == CallKind::Raw && call.opcode != vm::Opcode::STATICCALL);
    if (reports_failure) set_aside_failure(path, call);

    const State held = path.now;
    if (!z3::eq(value, session_.terms.number(0))) {
        session_.assume(value <= held.balance);
        path.now.balance = held.balance - value;
    }
    const bool over = hands_over(session_.contract, call);
    if (!settles_) observer_.at_call(path.now, terminator);
    if (over) {
        path.now = observer_.after_strangers(path.now);
    } else if (call.target) {
        const z3::expr to_self = equality(caller.value(call.target), session_.self);
        path.now.balance = choice(to_self, held.balance, path.now.balance);
    }
    return go_to(path, call.next, answer(call, true)) && !dead_;
}

// A call in assembly, or of encoded data, answers one, or the address of what it made. Of a static call, which changes
// nothing, success and failure are one path.
z3::expr Execution::raw_answer(const ir::ExternalCall& call, bool ok) {
    constexpr ir::Type one_bit{ir::TypeKind::Uint, 1};
    if (!ok) return session_.terms.number(0);
    if (call.opcode == vm::Opcode::CALL) return session_.terms.number(1);
    const z3::expr answer = session_.terms.fresh(ir::uint256_type, "answer");
    session_.assume(session_.terms.in_range(answer, call.opcode == vm::Opcode::STATICCALL ? one_bit : ir::address_type));
    return answer;
}

z3::expr Execution::value_of(const Path& path, const ir::ExternalCall& call) const {
    const Invocation& caller = path.calls.back();
    if (call.kind != CallKind::Raw) return call.value ? caller.value(call.value) : session_.terms.number(0);
    switch (call.opcode) {
        case vm::Opcode::CALL: return caller.value(call.arguments.at(2));
        case vm::Opcode::CREATE:
        case vm::Opcode::CREATE2: return caller.value(call.arguments.at(0));
        default: return session_.terms.number(0);
    }
}

}  // namespace interlock::analyzer::prover
