// How a function goes on when a call fails, or a condition does not hold: what surely undoes everything.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

bool surely_reverts(const ir::Function& function, const ir::Jump& jump) {
    const ir::Block& block = function.blocks.at(jump.block);
    const auto may_end = [](const ir::Instruction& each) {
        return each.op == Op::InternalCall || (each.op == Op::Evm && vm::effects_of(each.opcode).halts());
    };
    return block.terminator.kind == ir::Terminator::Kind::Revert && std::ranges::none_of(block.instructions, may_end);
}

bool only_computes_until(const ir::Function& function, std::uint32_t block, std::uint32_t join) {
    constexpr int most_blocks = 8;
    for (int count = 0; block != join; ++count) {
        const ir::Block& here = function.blocks.at(block);
        const auto is_more = [](const ir::Instruction& each) {
            return each.op == Op::InternalCall || !ir::writes_of(each).empty() ||
                   (each.op == Op::Evm && vm::effects_of(each.opcode).halts());
        };
        if (count == most_blocks || here.is_loop_head || std::ranges::any_of(here.instructions, is_more)) return false;
        const ir::Terminator& end = here.terminator;
        if (end.kind == ir::Terminator::Kind::Revert) return true;
        if (end.kind == ir::Terminator::Kind::Jump) {
            block = end.then.block;
        } else if (end.kind == ir::Terminator::Kind::Branch && surely_reverts(function, end.then)) {
            block = end.otherwise.block;
        } else if (end.kind == ir::Terminator::Kind::Branch && surely_reverts(function, end.otherwise)) {
            block = end.then.block;
        } else {
            return false;
        }
    }
    return true;
}

bool fails_hard(const ir::Function& function, const ir::ExternalCall& call) {
    if (call.tries) return false;
    if (call.kind == ir::ExternalCall::Kind::Method || call.kind == ir::ExternalCall::Kind::Transfer ||
        call.kind == ir::ExternalCall::Kind::Create)
        return true;
    const ir::Block& next = function.blocks.at(call.next.block);
    if (next.parameters.size() <= call.next.arguments.size()) return false;
    std::vector<ir::Value> successes{next.parameters[call.next.arguments.size()].value}, failures;
    const auto is_success = [&](ir::Value value) { return std::ranges::find(successes, value) != successes.end(); };
    const auto is_failure = [&](ir::Value value) { return std::ranges::find(failures, value) != failures.end(); };
    for (const ir::Instruction& each : next.instructions) {
        const bool uses = std::ranges::any_of(each.operands, is_success);
        if (each.op == ir::Op::Guard && is_success(each.operands[0])) return true;
        if (uses && (each.op == ir::Op::And || each.op == ir::Op::Reinterpret)) successes.push_back(each.result);
        if (uses && each.op == ir::Op::Not && each.type.kind == ir::TypeKind::Bool) failures.push_back(each.result);
        if (each.op == ir::Op::InternalCall || ir::writes_of(each).intersects(vm::state_regions)) return false;
    }
    const ir::Terminator& end = next.terminator;
    const auto undoes = [&](const ir::Jump& jump) { return surely_reverts(function, jump); };
    return end.kind == ir::Terminator::Kind::Branch &&
           ((is_success(end.condition) && undoes(end.otherwise)) || (is_failure(end.condition) && undoes(end.then)));
}

std::optional<ir::Value> success_of(const ir::Function& function, const ir::ExternalCall& call) {
    using Kind = ir::ExternalCall::Kind;
    // What a method answers may be a Boolean, too.
    if (!call.tries && (call.kind == Kind::Method || call.kind == Kind::Create)) return std::nullopt;
    if (call.kind == Kind::Raw && call.opcode != vm::Opcode::CALL) return std::nullopt;
    const ir::Block& next = function.blocks.at(call.next.block);
    if (next.parameters.size() <= call.next.arguments.size()) return std::nullopt;
    const ir::Parameter& success = next.parameters[call.next.arguments.size()];
    if (call.kind != Kind::Raw && success.type.kind != ir::TypeKind::Bool) return std::nullopt;
    return success.value;
}

}  // namespace interlock::analyzer::prover
