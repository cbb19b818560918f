// What is fixed about the calls of a function by bytes of methods with a known type: where their answers are taken.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

const ir::Instruction* copy_in(const ir::Block& block) {
    const auto copy = std::ranges::find_if(
        block.instructions, [](const ir::Instruction& each) { return is_evm(each, vm::Opcode::RETURNDATACOPY); });
    return copy == block.instructions.end() ? nullptr : &*copy;
}

// The words of an answer, as the block that copies it loads them.
class TakenWords {
  public:
    TakenWords(const ir::Function& function, const Makers& made_by, ir::BlockIndex block, const ir::Instruction& copy)
        : function_(function), made_by_(made_by), block_(block), copy_(copy), start_(copy.operands[0]) {
        places_[start_.index] = 0;
    }

    // Returns the loads by how many bytes behind the beginning of the answer they are, or std::nullopt if anything else may
    // look at it: its address may lead nowhere but to where free memory begins next, and to the answer's end.
    std::optional<std::map<const ir::Instruction*, std::uint64_t>> find() {
        const ir::Block& block = function_.blocks[block_];
        bool is_behind = false, is_plain = true;
        for (const ir::Instruction& each : block.instructions) {
            if (is_behind) is_plain &= is_plain_use(each);
            is_behind |= &each == &copy_;
        }
        is_plain &= !leaves(block.terminator) && is_left_alone_elsewhere();
        return is_plain ? std::optional(loads_) : std::nullopt;
    }

  private:
    [[nodiscard]] bool is_followed(ir::Value value) const {
        return places_.contains(value.index) || ends_.contains(value.index);
    }
    [[nodiscard]] bool leaves(const ir::Terminator& end) const {
        bool leaves = false;
        ir::for_each_use(end, [&](ir::Value value) { leaves |= is_followed(value); });
        ir::for_each_jump(end, [&](const ir::Jump& jump) {
            leaves |= std::ranges::any_of(jump.arguments, [&](ir::Value value) { return is_followed(value); });
        });
        return leaves;
    }

    bool is_plain_use(const ir::Instruction& each) {
        if (std::ranges::none_of(each.operands, [&](ir::Value value) { return is_followed(value); })) return true;
        const auto place = places_.find(each.operands[0].index);
        if (is_evm(each, vm::Opcode::MLOAD) && place != places_.end()) {
            loads_[&each] = place->second;
            return true;
        }
        constexpr std::uint64_t free_pointer = 64;
        if (is_evm(each, vm::Opcode::MSTORE)) return constant_in(made_by_, each.operands[0]) == ir::Word{free_pointer};
        if (each.op == Op::Sub) return is_followed(each.operands[0]) && each.operands[1] == start_;  // how long it is
        if (each.op != Op::Add || place == places_.end()) return false;
        const auto further = constant_in(made_by_, each.operands[1]);
        if (further && further->fits_u64()) places_[each.result.index] = place->second + further->low64();
        else if (each.operands[1] == copy_.operands[2]) ends_.insert(each.result.index);
        else return false;
        return true;
    }

    // Before the call the address is that of what is sent.
    [[nodiscard]] bool is_left_alone_elsewhere() const {
        const ir::Dominators dominators(function_.blocks);
        for (ir::BlockIndex other = 0; other < function_.blocks.size(); ++other) {
            if (other == block_ || !dominators.is_reachable(other) || dominators.dominates(other, block_)) continue;
            const ir::Block& block = function_.blocks[other];
            const bool is_used = std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                return std::ranges::any_of(each.operands, [&](ir::Value value) { return is_followed(value); });
            });
            if (is_used || leaves(block.terminator)) return false;
        }
        return true;
    }

    const ir::Function& function_;
    const Makers& made_by_;
    const ir::BlockIndex block_;
    const ir::Instruction& copy_;
    const ir::Value start_;
    std::map<std::uint32_t, std::uint64_t> places_;  // by value: so many bytes behind the answer's beginning
    std::set<std::uint32_t> ends_;                   // of the answer
    std::map<const ir::Instruction*, std::uint64_t> loads_;
};

}  // namespace

// The compiler itself takes the answer: the first copy after the call.
void Flow::Shape::find_accepted(const ir::Contract& contract, const ir::Function& function) {
    for (const ir::Block& block : function.blocks) {
        if (block.terminator.kind != ir::Terminator::Kind::External || !block.terminator.call.is_of_method) continue;
        const ir::ExternalCall& call = block.terminator.call;
        const ir::Method* method = ir::method_of(contract, call);
        if (!method || method->returns.empty()) continue;
        std::vector<ir::BlockIndex> blocks{call.next.block};
        const ir::Terminator& end = function.blocks.at(call.next.block).terminator;
        if (!copy_in(function.blocks.at(call.next.block)) && end.kind == ir::Terminator::Kind::Branch)
            blocks = {end.then.block, end.otherwise.block};
        for (const ir::BlockIndex each : blocks) {
            const ir::Instruction* copy = copy_in(function.blocks.at(each));
            if (!copy) continue;
            accepted.insert(copy);
            if (const ir::Instruction* size = made_by.at(copy->operands[2].index)) accepted.insert(size);
            const auto is_word = [](const ir::NamedType& one) {
                return !one.type.is_reference() && one.type.kind != ir::TypeKind::Data;
            };
            if (blocks.size() != 1 || !std::ranges::all_of(method->returns, is_word)) continue;
            const auto taken = TakenWords(function, made_by, each, *copy).find();
            if (!taken) continue;
            followed.insert(&call);
            constexpr std::uint64_t word_bytes = 32;
            for (const auto& [load, distance] : *taken) {
                const bool is_one = distance % word_bytes == 0 && distance / word_bytes < method->returns.size();
                if (!is_one || is_answer(method->returns[distance / word_bytes].type)) taken_words.insert(load);
            }
        }
    }
}

}  // namespace interlock::analyzer::prover
