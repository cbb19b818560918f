#include "vm/translator/block_builder.hpp"

#include <algorithm>

#include "vm/failing_code.hpp"
#include "vm/interpreter/instruction_kind.hpp"

namespace interlock::vm {
namespace {

using enum Opcode;

}  // namespace

ValueId& BlockBuilder::slot(int position) {
    for (; lowest > position; --lowest) {
        Value entry;
        entry.kind = Value::Kind::Entry;
        entry.position = static_cast<std::int16_t>(lowest - 1);
        values.push_back(entry);
        stack_[static_cast<std::size_t>(lowest - 1 + max_stack)] = static_cast<ValueId>(values.size() - 1);
    }
    return stack_[static_cast<std::size_t>(position + max_stack)];
}

ValueId BlockBuilder::constant(const Word& word) {
    Value value;
    value.kind = Value::Kind::Constant;
    value.bits = static_cast<std::uint16_t>(bit_length(word));
    value.constant = word;
    values.push_back(value);
    return static_cast<ValueId>(values.size() - 1);
}

void BlockBuilder::build(const Code& code, Fork fork, std::uint32_t pc, std::size_t& copied) {
    code_ = &code;
    fork_ = fork;
    base_gas_ = &base_gas_table[static_cast<std::size_t>(fork)];
    copied_ = &copied;
    values.clear();
    nodes.clear();
    exits.clear();
    exit_words_ = 0;
    visited_.assign(1, pc);
    last_visited_ = pc;
    ending = {};
    gas.assign(1, 0);
    need = growth = height = 0;
    lowest = 1;
    instructions_ = 0;
    has_jumped_ = false;
    pc_ = pc;
    while (step()) ++instructions_;
    complete_exits();
    find_demands();
    narrow();
    count_uses();
    fuse_offsets();
}

void BlockBuilder::end(Ending::Kind kind, Opcode opcode) {
    ending.kind = kind;
    ending.opcode = opcode;
}

// Continuing where another block begins duplicates that block's instructions.
bool BlockBuilder::may_cross(std::uint32_t target) {
    const bool may_be_known = target <= last_visited_;  // most are beyond all others
    if (*copied_ > 2 * code_->size()) return false;
    if (may_be_known && std::find(visited_.begin(), visited_.end(), target) != visited_.end()) return false;
    visited_.push_back(target);
    last_visited_ = std::max(last_visited_, target);
    return true;
}

bool BlockBuilder::step() {
    const auto opcode = pc_ < code_->size() ? Opcode(code_->begin()[pc_]) : STOP;
    const OpcodeInfo& row = info(opcode);
    const bool falls_into_block = opcode == JUMPDEST && instructions_ > 0 && !has_jumped_;
    has_jumped_ = false;
    if (instructions_ == max_instructions || (falls_into_block && !may_cross(pc_))) {
        ending.target = pc_;
        end(Ending::Kind::Jump);
        return false;
    }
    if (!row.exists_in(fork_)) return end(Ending::Kind::Undefined), false;
    if (visited_.size() > 1) ++*copied_;

    need = std::max(need, row.stack_in - height);
    growth = std::max(growth, height - row.stack_in + row.stack_out);
    if (need > max_stack || growth > max_stack) return end(Ending::Kind::Undefined), false;  // it will never be entered
    gas.back() += static_cast<std::uint32_t>((*base_gas_)[static_cast<std::uint8_t>(opcode)]);

    const std::uint32_t pc = pc_;
    pc_ = std::min(pc_ + 1 + row.immediate, static_cast<std::uint32_t>(code_->size()));
    if (opcode >= PUSH0 && opcode <= PUSH32) {
        push(constant(word_from_big_endian({code_->begin() + pc + 1, row.immediate})));
    } else if (opcode >= DUP1 && opcode <= DUP16) {
        push(slot(height + 1 - row.stack_in));
    } else if (opcode >= SWAP1 && opcode <= SWAP16) {
        std::swap(slot(height), slot(height + 1 - row.stack_in));
    } else if (opcode == POP) {
        static_cast<void>(pop());
    } else if (opcode == JUMPDEST) {
    } else if (opcode == PC) {
        push(constant(std::uint64_t{pc}));
    } else if (opcode == JUMP) {
        return jump();
    } else if (opcode == JUMPI) {
        return branch();
    } else {
        const Kind kind = instruction_kinds[static_cast<std::uint8_t>(opcode)].kind;
        if (kind == Kind::Halting) {
            end(Ending::Kind::Halt, opcode);
            ending.operand_count = row.stack_in;
            for (std::size_t i = 0; i < row.stack_in; ++i) ending.operands[i] = pop();
            return false;
        }
        if (kind == Kind::Opening || row.stack_in > 3) {
            if (row.stack_in > 0) static_cast<void>(slot(height + 1 - row.stack_in));
            end(Ending::Kind::Call, opcode);
            ending.otherwise = pc_;
            return false;
        }
        compute(opcode);
    }
    return true;
}

bool BlockBuilder::jump() {
    const ValueId target = pop();
    if (!values[target].is_constant()) {
        end(Ending::Kind::JumpToValue);
        ending.operand_count = 1;
        ending.operands[0] = target;
        return false;
    }
    const Word& word = values[target].constant;
    if (!word.fits_u64() || !code_->is_jump_target(word.low64())) return end(Ending::Kind::Bad), false;
    const auto pc = static_cast<std::uint32_t>(word.low64());
    if (instructions_ + 1 < max_instructions && may_cross(pc)) {
        pc_ = pc;
        has_jumped_ = true;
        return true;
    }
    ending.target = pc;
    end(Ending::Kind::Jump);
    return false;
}

bool BlockBuilder::branch() {
    const ValueId target = pop(), condition = pop();
    if (values[condition].is_constant()) {
        if (values[condition].constant.is_zero()) return true;
        push(target);
        return jump();
    }
    ending.otherwise = pc_;
    if (!values[target].is_constant()) {
        end(Ending::Kind::BranchToValue);
        ending.operand_count = 2;
        ending.operands = {condition, target};
        return false;
    }
    const Word& word = values[target].constant;
    ending.is_bad_target = !word.fits_u64() || !code_->is_jump_target(word.low64());
    ending.target = static_cast<std::uint32_t>(word.low64());
    end(Ending::Kind::Branch, JUMPI);
    set_condition(condition);

    // The block continues where control probably goes: not into code that fails, and around a loop only once.
    if (!may_go_on()) return false;
    const std::uint32_t target_pc = ending.target, next = pc_;
    const bool target_fails = ending.is_bad_target || does_little_but_fail(*code_, fork_, target_pc);
    if (!target_fails && does_little_but_fail(*code_, fork_, next)) {
        if (!may_cross(target_pc)) return false;
        add_exit(!ending.sense, next, target_pc);
        pc_ = target_pc;
        has_jumped_ = true;
        return true;
    }
    if (!target_fails && target_pc <= pc_) return false;
    add_exit(ending.sense, target_pc, next);
    return true;
}

bool BlockBuilder::may_go_on() const {
    return instructions_ + 2 < max_instructions && exits.size() < max_exits &&
           exit_words_ + static_cast<std::size_t>(height - lowest + 1) <= max_exit_words;
}

// Turns the branch that would end the block into an exit.
void BlockBuilder::add_exit(bool leaves_if, std::uint32_t target, std::uint32_t next) {
    Exit exit;
    exit.before_node = nodes.size();
    exit.opcode = ending.opcode;
    exit.sense = leaves_if;
    exit.operand_count = ending.operand_count;
    exit.operands = ending.operands;
    exit.target = target;
    exit.next = next;
    exit.is_bad_target = ending.is_bad_target && target == ending.target;
    exit.height = height;
    for (int position = lowest; position <= height; ++position) exit.stack.push_back(at(position));
    exit_words_ += exit.stack.size();
    exits.push_back(std::move(exit));
    gas.push_back(0);
    ending = {};
}

// Values that the block reads only after an exit are still in their original places at the exit.
void BlockBuilder::complete_exits() {
    if (exits.empty()) return;
    CheckedVector<ValueId> entries;  // lowest position first
    for (ValueId value = 0; value < values.size(); ++value)
        if (values[value].kind == Value::Kind::Entry) entries.push_back(value);
    std::reverse(entries.begin(), entries.end());
    for (Exit& exit : exits) {
        const std::size_t missing = static_cast<std::size_t>(exit.height - lowest + 1) - exit.stack.size();
        require(missing <= entries.size());
        exit.stack.insert(exit.stack.begin(), entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(missing));
    }
}

// A branch only asks whether a value is zero, so it can use the operands from which the value was computed.
void BlockBuilder::set_condition(ValueId value) {
    ending.operand_count = 1;
    ending.operands[0] = value;
    while (values[value].kind == Value::Kind::Result) {
        const Node& node = nodes[values[value].node];
        if (node.opcode == ISZERO) {
            ending.sense = !ending.sense;
            value = ending.operands[0] = node.operands[0];
            continue;
        }
        const bool is_difference = node.opcode == SUB || node.opcode == XOR;
        if (node.opcode == LT || node.opcode == SLT || node.opcode == EQ || is_difference) {
            if (is_difference) ending.sense = !ending.sense;
            ending.opcode = is_difference ? EQ : node.opcode;
            ending.operand_count = 2;
            ending.operands = {node.operands[0], node.operands[1]};
            if (ending.opcode == EQ && values[ending.operands[0]].is_constant())
                std::swap(ending.operands[0], ending.operands[1]);
        }
        break;
    }
}

}  // namespace interlock::vm
