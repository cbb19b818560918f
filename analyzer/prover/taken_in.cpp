#include "analyzer/prover/taken_in.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/visitors.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

constexpr std::size_t most_instructions = 4000;  // of a function that others were taken into

bool calls_itself(const ir::Contract& contract, const ir::Function& function) {
    std::vector<const ir::Function*> called;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == Op::InternalCall) called.push_back(&contract.functions.at(each.callee));
    return with_callees(contract, std::move(called)).contains(&function);
}

std::size_t size_of(const ir::Function& function) {
    std::size_t size = 0;
    for (const ir::Block& block : function.blocks) size += block.instructions.size() + 1;
    return size;
}

// Puts a copy of the callee's blocks in the place of the call, and makes a block of what follows it.
void take_in(ir::Function& function, std::uint32_t block, std::size_t at, const ir::Function& callee) {
    const auto first = static_cast<std::uint32_t>(function.blocks.size()),
               rest = first + static_cast<std::uint32_t>(callee.blocks.size());
    const std::uint32_t values = function.values;
    ir::Block behind;
    std::vector<std::uint32_t> numbers;  // of the results that are used
    {
        ir::Block& before = function.blocks[block];
        const ir::Instruction call = before.instructions[at];
        for (std::size_t i = at + 1; i < before.instructions.size(); ++i) {
            ir::Instruction& each = before.instructions[i];
            if (each.op == Op::Result && each.operands[0] == call.result) {
                behind.parameters.push_back({each.result, each.type});
                numbers.push_back(each.number);
            } else {
                behind.instructions.push_back(std::move(each));
            }
        }
        behind.terminator = std::move(before.terminator);
        before.instructions.resize(at);
        before.terminator = {};
        before.terminator.kind = ir::Terminator::Kind::Jump;
        before.terminator.then = {first, call.operands};
        before.terminator.range = call.range;
    }
    for (const ir::Block& each : callee.blocks) {
        ir::Block copy = each;
        const auto rename = [&](ir::Value& value) {
            if (value) value.index += values;
        };
        for (ir::Parameter& parameter : copy.parameters) rename(parameter.value);
        for (ir::Instruction& instruction : copy.instructions) {
            for (ir::Value& operand : instruction.operands) rename(operand);
            rename(instruction.result);
        }
        ir::for_each_use(copy.terminator, rename);
        ir::for_each_jump(copy.terminator, [&](ir::Jump& jump) {
            jump.block += first;
            for (ir::Value& argument : jump.arguments) rename(argument);
        });
        if (copy.terminator.kind == ir::Terminator::Kind::Return) {
            ir::Terminator jump;
            jump.kind = ir::Terminator::Kind::Jump;
            jump.range = copy.terminator.range;
            jump.then.block = rest;
            for (const std::uint32_t number : numbers) jump.then.arguments.push_back(copy.terminator.values.data()[number]);
            copy.terminator = std::move(jump);
        }
        function.blocks.push_back(std::move(copy));
    }
    function.blocks.push_back(std::move(behind));
    function.values += callee.values;
}

class TakingIn {
  public:
    explicit TakingIn(const ir::Contract& contract) : contract_(contract) {
        for (const ir::Function& each : contract.functions) {
            const bool is_of_source = !(each.range == lang::SourceRange{});
            may_be_taken_in_.push_back(is_of_source && !each.is_raw && !calls_itself(contract, each));
        }
    }

    void into(ir::Function& function) const {
        std::size_t size = size_of(function);
        for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
            for (std::size_t i = 0; i < function.blocks[b].instructions.size(); ++i) {
                const ir::Instruction& each = function.blocks[b].instructions[i];
                if (each.op != Op::InternalCall || !may_be_taken_in_[each.callee]) continue;
                const ir::Function& callee = contract_.functions[each.callee];
                size += size_of(callee);
                if (size > most_instructions) continue;
                take_in(function, b, i, callee);
                break;
            }
        if (function.is_raw || function.returns.empty()) end_plainly(function);
        ir::simplify(function);
        if (function.kind == ir::FunctionKind::Constructor) decide(function);
    }

  private:
    // Leaves out ways that no run goes, which in entries without_dead_ways() does, and better.
    static void decide(ir::Function& function) {
        constexpr int rounds = 2;
        for (int i = 0; i < rounds; ++i) {
            (void)lang::optimize::fold_constants(function);
            ir::simplify(function);
            (void)lang::optimize::number_values(function);
            ir::simplify(function);
            (void)lang::optimize::find_ranges(function);
            ir::simplify(function);
        }
    }
    // STOP is as good as a return from what was called from outside.
    static void end_plainly(ir::Function& function) {
        if (!function.is_entry) return;
        for (ir::Block& block : function.blocks) {
            if (block.instructions.empty() || !is_evm(block.instructions.back(), vm::Opcode::STOP)) continue;
            block.instructions.pop_back();
            block.terminator = {};
            block.terminator.kind = ir::Terminator::Kind::Return;
        }
    }

    const ir::Contract& contract_;
    std::vector<bool> may_be_taken_in_;
};

// Nobody calls these functions any more.
void empty_unused(ir::Contract& contract) {
    std::vector<const ir::Function*> roots;
    for (const ir::Function& each : contract.functions)
        if (each.is_entry || each.kind == ir::FunctionKind::Constructor || each.kind == ir::FunctionKind::Specification)
            roots.push_back(&each);
    const std::set<const ir::Function*> used = with_callees(contract, std::move(roots));
    for (ir::Function& each : contract.functions) {
        if (used.contains(&each)) continue;
        each.blocks.resize(1);
        each.blocks[0].instructions.clear();
        each.blocks[0].terminator = {};
    }
}

}  // namespace

ir::Contract with_calls_taken_in(const ir::Contract& contract) {
    ir::Contract changed = contract;
    const TakingIn taking(contract);
    for (ir::Function& each : changed.functions)
        if (each.kind == ir::FunctionKind::Constructor || (each.is_entry && !only_views(each))) taking.into(each);
    empty_unused(changed);
    return changed;
}

ir::Contract without_dead_ways(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                               const Deadline& deadline, bool runs_elsewhere) {
    const ir::Contract& contract = *contracts[subject];
    ir::Contract changed = contract;
    const ScopeOfProof scope = scope_of(contracts, subject, deadline, {runs_elsewhere, {}, {}, false});
    std::set<std::uint32_t> called;  // with ether that the call did not bring, maybe
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::InternalCall) called.insert(each.callee);
    for (const Entry& entry : entries_of(scope.code)) {
        if (entry.contract != 0 || called.contains(entry.function)) continue;
        const std::set<const ir::Block*> reached =
            Flow(scope.code, entry, Flow::Caller::Anybody, {}, nothing_survives).blocks();
        const ir::Function& before = contract.functions[entry.function];
        ir::Function& function = changed.functions[entry.function];
        const auto is_dead = [&](const ir::Jump& jump) { return !reached.contains(&before.blocks[jump.block]); };
        for (std::size_t b = 0; b < function.blocks.size(); ++b) {
            ir::Block& block = function.blocks[b];
            ir::Terminator& end = block.terminator;
            if (!reached.contains(&before.blocks[b])) {
                block.instructions.clear();
                end = {};
            } else if (end.kind == ir::Terminator::Kind::Branch && is_dead(end.then) != is_dead(end.otherwise)) {
                if (is_dead(end.then)) end.then = end.otherwise;
                end.kind = ir::Terminator::Kind::Jump;
                end.condition = {};
                end.otherwise = {};
            }
        }
        ir::simplify(function);
    }
    empty_unused(changed);
    return changed;
}

}  // namespace interlock::analyzer::prover
