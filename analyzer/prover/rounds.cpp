#include "analyzer/prover/rounds.hpp"

#include <algorithm>
#include <set>

#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether the instruction looks at what was passed, or at memory or answers that may be of another round, or leaves something
// there by assembly.
bool looks_around(const ir::Instruction& instruction) {
    if (instruction.op == Op::InternalCall) return false;  // what it calls may do so
    const vm::Regions reads = ir::reads_of(instruction);
    if (reads.intersects(vm::Regions(vm::Region::CallData))) return true;
    const vm::Regions kept(vm::Region::Memory, vm::Region::ReturnData);
    return instruction.op == Op::Evm && (reads.intersects(kept) || ir::writes_of(instruction).intersects(kept));
}

// Follows words that a block puts into scratch memory to hash them, as compilers do for places in storage.
class HashedWords {
  public:
    explicit HashedWords(const Makers& made_by) : made_by_(made_by) {}

    // Whether all that the next instruction does to memory is to write such a word, or to hash what the block wrote there.
    bool pass(const ir::Instruction& each) {
        if (each.op == Op::InternalCall) written_.clear();
        const auto operand = [&](std::size_t i) { return constant_in(made_by_, each.operands[i]); };
        const ir::Word first{0}, second{word_bytes};
        if (is_evm(each, vm::Opcode::MSTORE)) {
            const auto to = operand(0);
            const bool is_word = to == first || to == second;
            if (is_word) written_.insert(*to);
            return is_word;
        }
        if (!is_evm(each, vm::Opcode::KECCAK256) || operand(0) != first || !written_.contains(first)) return false;
        return operand(1) == second || (operand(1) == ir::Word{2 * word_bytes} && written_.contains(second));
    }

  private:
    static constexpr std::uint64_t word_bytes = 32;
    const Makers& made_by_;
    std::set<ir::Word> written_;
};

// The same of the function and all that it calls.
bool looks_around(const ir::Contract& contract, std::uint32_t index, std::set<std::uint32_t>& seen) {
    if (!seen.insert(index).second) return false;
    const ir::Function& function = contract.functions.at(index);
    const Makers made_by = makers_of(function);
    for (const ir::Block& block : function.blocks) {
        HashedWords hashed(made_by);
        for (const ir::Instruction& each : block.instructions) {
            const bool looks = !hashed.pass(each) && looks_around(each);
            if (looks || (each.op == Op::InternalCall && looks_around(contract, each.callee, seen))) return true;
        }
    }
    return false;
}

// One loop of a function, and what it is made of.
class Loop {
  public:
    Loop(const ir::Contract& contract, const ir::Function& function, ir::BlockIndex head)
        : contract_(contract), function_(function), head_(head), made_by_(makers_of(function)) {}

    std::optional<Rounds> rounds() {
        if (!find_parts() || !counts() || !uses_are_plain()) return std::nullopt;
        return Rounds{head_, parts_};
    }

  private:
    using Part = Rounds::Part;

    [[nodiscard]] const ir::Instruction* maker(ir::Value value) const { return made_by_.at(value.index); }
    [[nodiscard]] bool is_constant(ir::Value value) const { return maker(value) && maker(value)->op == Op::Constant; }
    [[nodiscard]] bool is_constant(ir::Value value, std::uint64_t word) const {
        return is_constant(value) && maker(value)->word == ir::Word{word};
    }
    [[nodiscard]] bool is_parameter(ir::Value value) const {
        return std::ranges::any_of(function_.blocks.front().parameters,
                                   [&](const ir::Parameter& each) { return each.value == value; });
    }
    // Of an array in call data it is a parameter, of one in memory the word at its place.
    [[nodiscard]] bool is_length(ir::Value value) const {
        if (const ir::Instruction* made = maker(value))
            return is_evm(*made, vm::Opcode::MLOAD) && arrays_.contains(made->operands[0].index);
        return lengths_.contains(value.index);
    }

    std::vector<bool> reached_from(ir::BlockIndex from) const {
        std::vector<bool> seen(function_.blocks.size());
        std::vector<ir::BlockIndex> open{from};
        while (!open.empty()) {
            const ir::BlockIndex block = open.back();
            open.pop_back();
            if (seen[block]) continue;
            seen[block] = true;
            ir::for_each_jump(function_.blocks[block].terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return seen;
    }

    // The loop: what the head dominates, and from which it follows again. No other loop may be around it.
    bool find_parts() {
        const ir::Dominators dominators(function_.blocks);
        const std::vector<bool> after = reached_from(head_);
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            const bool leads = dominators.is_reachable(block) && reached_from(block)[head_];
            const bool is_inside = leads && after[block];
            if (is_inside && !dominators.dominates(head_, block)) return false;
            parts_.push_back(is_inside ? Part::Loop : leads ? Part::Before : Part::Behind);
        }
        return head_ != 0;
    }

    // The head has the count alone, and asks whether it is below a length.
    bool counts() {
        const ir::Block& head = function_.blocks[head_];
        const ir::Terminator& end = head.terminator;
        if (head.parameters.size() != 1 || end.kind != ir::Terminator::Kind::Branch) return false;
        count_ = head.parameters.front().value;
        const ir::Instruction* asked = maker(end.condition);
        if (!asked || asked->op != Op::Less || asked->operands[0] != count_) return false;
        if (parts_[end.then.block] != Part::Loop || parts_[end.otherwise.block] != Part::Behind) return false;
        bool is_plain = true;
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block)
            ir::for_each_jump(function_.blocks[block].terminator, [&](const ir::Jump& jump) {
                if (jump.block != head_ || parts_[block] == Part::Behind) return;
                const ir::Value from = *jump.arguments.begin();
                is_plain &= parts_[block] == Part::Before ? is_constant(from, 0) : is_next(from);
            });
        return is_plain;
    }

    [[nodiscard]] bool is_next(ir::Value value) const {
        const ir::Instruction* made = maker(value);
        return made && made->op == Op::Add && made->operands[0] == count_ && is_constant(made->operands[1], 1);
    }

    // How far the element of this round lies behind the first one: the count times a constant.
    [[nodiscard]] bool is_distance(ir::Value value) const {
        const ir::Instruction* made = maker(value);
        return made && made->op == Op::Mul &&
               ((made->operands[0] == count_ && is_constant(made->operands[1])) ||
                (made->operands[1] == count_ && is_constant(made->operands[0])));
    }

    // Where this round's element of an array, or a field of it, is.
    [[nodiscard]] bool is_element_place(ir::Value value) const {
        const ir::Instruction* made = maker(value);
        if (!made || made->op != Op::Add) return false;
        const ir::Value a = made->operands[0], b = made->operands[1];
        if (is_parameter(a) && is_distance(b)) return true;
        return is_element_place(a) && is_constant(b);
    }

    // Finds which parameters are arrays and lengths, and looks at every use of them, of the count, and of what is made of it.
    bool uses_are_plain() {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Add && is_parameter(each.operands[0]) && is_distance(each.operands[1]))
                    arrays_.insert(each.operands[0].index);
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Less && each.operands[0] == count_ && is_parameter(each.operands[1]))
                    lengths_.insert(each.operands[1].index);
        bool is_plain = true;
        for (ir::BlockIndex index = 0; index < function_.blocks.size() && is_plain; ++index) {
            const ir::Block& block = function_.blocks[index];
            for (const ir::Instruction& each : block.instructions) is_plain &= is_plain_use(each);
            ir::for_each_use(block.terminator, [&](ir::Value value) { is_plain &= !is_watched(value); });
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                for (const ir::Value value : jump.arguments)
                    is_plain &= !is_watched(value) || (jump.block == head_ && is_next(value));
            });
            is_plain &= block.terminator.kind != ir::Terminator::Kind::Return || block.terminator.values.empty();
        }
        return is_plain;
    }

    [[nodiscard]] bool is_watched(ir::Value value) const {
        return value == count_ || arrays_.contains(value.index) || is_length(value) || is_next(value) ||
               is_distance(value) || is_element_place(value);
    }

    [[nodiscard]] bool is_plain_use(const ir::Instruction& each) {
        const auto operand = [&](std::size_t i) { return each.operands[i]; };
        if (is_evm(each, vm::Opcode::CALLDATALOAD) || is_evm(each, vm::Opcode::MLOAD))
            return is_element_place(operand(0)) || (is_evm(each, vm::Opcode::MLOAD) && arrays_.contains(operand(0).index));
        if (looks_around(each)) return false;
        if (each.op == Op::InternalCall && looks_around(contract_, each.callee, seen_)) return false;
        if (each.op == Op::Less && operand(0) == count_) return is_length(operand(1));
        if (each.op == Op::Equal && is_length(operand(0))) return is_length(operand(1));
        if (each.result && (is_next(each.result) || is_distance(each.result) || is_element_place(each.result))) return true;
        return std::ranges::none_of(each.operands, [&](ir::Value value) { return is_watched(value); });
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const ir::BlockIndex head_;
    std::vector<const ir::Instruction*> made_by_;  // by value; null for parameters of blocks
    std::vector<Part> parts_;
    ir::Value count_;
    std::set<std::uint32_t> arrays_, lengths_;  // values of parameters
    std::set<std::uint32_t> seen_;              // functions that look nowhere
};

}  // namespace

std::optional<Rounds> rounds_of(const ir::Contract& contract, const ir::Function& function) {
    if (!function.returns.empty()) return std::nullopt;
    for (ir::BlockIndex block = 0; block < function.blocks.size(); ++block) {
        if (!function.blocks[block].is_loop_head) continue;
        if (auto rounds = Loop(contract, function, block).rounds()) return rounds;
    }
    return std::nullopt;
}

}  // namespace interlock::analyzer::prover
