// How a function goes on when a call fails, or a condition does not hold: what surely undoes everything.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether no way from the block ends well: what was done there is undone.
class Undoing {
  public:
    explicit Undoing(const ir::Contract* contract) : contract_(contract) {}

    [[nodiscard]] bool is_certain(const ir::Function& function, std::uint32_t first, unsigned depth = 0) const {
        constexpr std::size_t most_blocks = 24;
        std::vector<std::uint32_t> open{first}, seen;
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            if (std::ranges::find(seen, at) != seen.end()) continue;
            if (seen.size() == most_blocks) return false;
            seen.push_back(at);
            const ir::Block& block = function.blocks.at(at);
            const End end = end_of(block, depth);
            if (end == End::Undone) continue;
            const ir::Terminator::Kind kind = block.terminator.kind;
            if (end == End::Unknown || kind == ir::Terminator::Kind::Return || kind == ir::Terminator::Kind::External)
                return false;
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return true;
    }

  private:
    enum class End : std::uint8_t { Undone, GoesOn, Unknown };

    [[nodiscard]] End end_of(const ir::Block& block, unsigned depth) const {
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == Op::InternalCall) {
                if (!contract_ || depth == most_calls) return End::Unknown;
                const ir::Function& callee = contract_->functions.at(each.callee);
                if (is_certain(callee, 0, depth + 1)) return End::Undone;
                if (may_end_the_call(callee, depth + 1)) return End::Unknown;
                continue;
            }
            if (each.op == Op::Evm && vm::effects_of(each.opcode).halts())
                return each.opcode == vm::Opcode::REVERT || each.opcode == vm::Opcode::INVALID ? End::Undone : End::Unknown;
        }
        return block.terminator.kind == ir::Terminator::Kind::Revert ? End::Undone : End::GoesOn;
    }

    // Whether the function may end the whole call well, or hand control over, before it returns.
    [[nodiscard]] bool may_end_the_call(const ir::Function& function, unsigned depth) const {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
            return block.terminator.kind == ir::Terminator::Kind::External ||
                   std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                       if (each.op == Op::InternalCall)
                           return depth == most_calls || may_end_the_call(contract_->functions.at(each.callee), depth + 1);
                       return each.op == Op::Evm && vm::effects_of(each.opcode).halts();
                   });
        });
    }

    static constexpr unsigned most_calls = 4;
    const ir::Contract* contract_;
};

}  // namespace

const ir::Block* block_before(const ir::Function& function, const ir::Block& block) {
    const ir::Block* before = nullptr;
    for (const ir::Block& each : function.blocks)
        ir::for_each_jump(each.terminator, [&](const ir::Jump& jump) {
            if (&function.blocks.at(jump.block) == &block) before = before ? &block : &each;
        });
    if (!before || before == &block || before->terminator.kind != ir::Terminator::Kind::Branch) return nullptr;
    const bool is_then = &function.blocks.at(before->terminator.then.block) == &block;
    return surely_reverts(function, is_then ? before->terminator.otherwise : before->terminator.then) ? before : nullptr;
}

bool surely_reverts(const ir::Function& function, const ir::Jump& jump, const ir::Contract* contract) {
    return Undoing(contract).is_certain(function, jump.block);
}

namespace {

bool only_computes(const ir::Contract& contract, const ir::Function& function, unsigned depth);

// Whether all that the instructions do is to compute words, or to undo everything, also in functions that they call.
bool only_computes(const ir::Contract& contract, const ir::Block& block, unsigned depth = 0) {
    constexpr unsigned most_calls = 4;
    return !block.is_loop_head && std::ranges::none_of(block.instructions, [&](const ir::Instruction& each) {
        if (each.op == Op::InternalCall)
            return depth == most_calls || !only_computes(contract, contract.functions.at(each.callee), depth + 1);
        return !ir::writes_of(each).empty() || (each.op == Op::Evm && vm::effects_of(each.opcode).halts());
    });
}

bool only_computes(const ir::Contract& contract, const ir::Function& function, unsigned depth) {
    return std::ranges::all_of(function.blocks, [&](const ir::Block& block) {
        return block.terminator.kind != ir::Terminator::Kind::External && only_computes(contract, block, depth);
    });
}

// Whether the block only computes, and then goes on in the function.
bool only_computes_and_goes_on(const ir::Contract& contract, const ir::Block& block) {
    const ir::Terminator::Kind end = block.terminator.kind;
    return only_computes(contract, block) &&
           (end == ir::Terminator::Kind::Jump || end == ir::Terminator::Kind::Branch || end == ir::Terminator::Kind::Revert);
}

// Returns the blocks on all ways from the fork to the join, if nothing but computing lies there.
std::optional<std::vector<std::uint32_t>> computing_until(const ir::Contract& contract, const ir::Function& function,
                                                          const ir::Terminator& fork, std::uint32_t join) {
    constexpr std::size_t most_blocks = 16;
    std::vector<std::uint32_t> region, open{fork.then.block, fork.otherwise.block};
    while (!open.empty()) {
        const std::uint32_t at = open.back();
        open.pop_back();
        const ir::Block& block = function.blocks.at(at);
        if (at == join || surely_reverts(function, {at, {}}) || std::ranges::find(region, at) != region.end()) continue;
        if (region.size() == most_blocks || !only_computes_and_goes_on(contract, block)) return std::nullopt;
        region.push_back(at);
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
    }
    return region;
}

}  // namespace

std::vector<std::uint32_t> blocks_until_join(const ir::Contract& contract, const ir::Function& function,
                                             const ir::Terminator& fork) {
    constexpr std::size_t most_joins = 16;
    std::vector<std::uint32_t> joins{fork.then.block, fork.otherwise.block};
    for (std::size_t i = 0; i < joins.size(); ++i) {
        if (auto region = computing_until(contract, function, fork, joins[i])) {
            region->push_back(joins[i]);
            return *region;
        }
        const ir::Block& block = function.blocks.at(joins[i]);
        if (!only_computes_and_goes_on(contract, block)) continue;
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
            if (joins.size() < most_joins && std::ranges::find(joins, jump.block) == joins.end())
                joins.push_back(jump.block);
        });
    }
    return {};
}

bool fails_hard(const ir::Contract& contract, const ir::Function& function, const ir::ExternalCall& call) {
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
        const bool denies_it = std::ranges::any_of(each.operands, is_failure);
        const bool is_not = (each.op == ir::Op::Not && each.type.kind == ir::TypeKind::Bool) ||
                            (each.op == ir::Op::Evm && each.opcode == vm::Opcode::ISZERO);
        if (uses && (each.op == ir::Op::And || each.op == ir::Op::Reinterpret)) successes.push_back(each.result);
        if (denies_it && each.op == ir::Op::Reinterpret) failures.push_back(each.result);
        if (uses && is_not) failures.push_back(each.result);
        if (each.op == ir::Op::InternalCall || ir::writes_of(each).intersects(vm::state_regions)) return false;
    }
    const ir::Terminator& end = next.terminator;
    const auto undoes = [&](const ir::Jump& jump) { return surely_reverts(function, jump, &contract); };
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
