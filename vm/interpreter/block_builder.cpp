#include "vm/interpreter/block_builder.hpp"

#include <algorithm>
#include <cassert>

#include "vm/interpreter/instruction_kind.hpp"

namespace interlock::vm {
namespace {

using enum Opcode;

[[nodiscard]] bool is_commutative(Opcode opcode) {
    return opcode == ADD || opcode == MUL || opcode == AND || opcode == OR || opcode == XOR || opcode == EQ ||
           opcode == ADDMOD || opcode == MULMOD;
}

[[nodiscard]] bool is_power_of_two(const Word& word) {
    return std::popcount(word.limbs[0]) + std::popcount(word.limbs[1]) + std::popcount(word.limbs[2]) +
               std::popcount(word.limbs[3]) ==
           1;
}

// Whether the low bits of the result depend on no others of the operands.
[[nodiscard]] bool is_modular(Opcode opcode) {
    return opcode == ADD || opcode == SUB || opcode == MUL || opcode == AND || opcode == OR || opcode == XOR ||
           opcode == NOT;
}

}  // namespace

BlockBuilder::BlockBuilder(const Code& code, Fork fork)
    : code_(code), fork_(fork), base_gas_(base_gas_table[static_cast<std::size_t>(fork)]) {}

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

void BlockBuilder::build(std::uint32_t pc) {
    values.clear();
    nodes.clear();
    exits.clear();
    exit_words_ = 0;
    visited_.assign(1, pc);
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

// Going on where another block begins means having its instructions twice.
bool BlockBuilder::may_cross(std::uint32_t target) {
    if (copied_ > 2 * code_.size() || std::find(visited_.begin(), visited_.end(), target) != visited_.end())
        return false;
    visited_.push_back(target);
    return true;
}

bool BlockBuilder::step() {
    const auto opcode = pc_ < code_.size() ? Opcode(code_.begin()[pc_]) : STOP;
    const OpcodeInfo& row = info(opcode);
    const bool falls_into_block = opcode == JUMPDEST && instructions_ > 0 && !has_jumped_;
    has_jumped_ = false;
    if (instructions_ == max_instructions || (falls_into_block && !may_cross(pc_))) {
        ending.target = pc_;
        end(Ending::Kind::Jump);
        return false;
    }
    if (!row.exists_in(fork_)) return end(Ending::Kind::Undefined), false;
    if (visited_.size() > 1) ++copied_;

    need = std::max(need, row.stack_in - height);
    growth = std::max(growth, height - row.stack_in + row.stack_out);
    if (need > max_stack || growth > max_stack) return end(Ending::Kind::Undefined), false;  // it will not be entered
    gas.back() += static_cast<std::uint32_t>(base_gas_[static_cast<std::uint8_t>(opcode)]);

    const std::uint32_t pc = pc_;
    pc_ = std::min(pc_ + 1 + row.immediate, static_cast<std::uint32_t>(code_.size()));
    if (opcode >= PUSH0 && opcode <= PUSH32) {
        push(constant(word_from_big_endian({code_.begin() + pc + 1, row.immediate})));
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
    if (!word.fits_u64() || !code_.is_jump_target(word.low64())) return end(Ending::Kind::Bad), false;
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
    ending.is_bad_target = !word.fits_u64() || !code_.is_jump_target(word.low64());
    ending.target = static_cast<std::uint32_t>(word.low64());
    end(Ending::Kind::Branch, JUMPI);
    set_condition(condition);

    // The block goes on where control probably does: not where the frame fails, and round a loop only once.
    if (!may_go_on()) return false;
    const std::uint32_t target_pc = ending.target, next = pc_;
    const bool target_fails = ending.is_bad_target || fails(target_pc);
    if (!target_fails && fails(next)) {
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

// Whether the code at `pc` does little more than to give up.
bool BlockBuilder::fails(std::uint32_t pc) const {
    const Word unknown = ~Word{};
    Word pushed = unknown;
    for (int looked_at = 0; looked_at < 20 && pc < code_.size(); ++looked_at) {
        const auto opcode = Opcode(code_.begin()[pc]);
        const OpcodeInfo& row = info(opcode);
        if (opcode == REVERT || opcode == INVALID || !row.exists_in(fork_)) return true;
        if (opcode == JUMP && pushed.fits_u64() && code_.is_jump_target(pushed.low64())) {
            pc = static_cast<std::uint32_t>(pushed.low64());
        } else if (opcode == JUMP || opcode == JUMPI || opcode == STOP || opcode == RETURN || opcode == SELFDESTRUCT) {
            return false;
        } else {
            const std::uint32_t first = pc + 1;
            pc = first + row.immediate;
            pushed = unknown;
            if (opcode >= PUSH1 && opcode <= PUSH32)
                pushed = word_from_big_endian({code_.begin() + first, row.immediate});
            continue;
        }
        pushed = unknown;
    }
    return false;
}

// Turns the branch that the block would end with into an exit.
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

// What the block looks at only after an exit is still in its place there.
void BlockBuilder::complete_exits() {
    if (exits.empty()) return;
    std::vector<ValueId> entries;  // from the lowest
    for (ValueId value = 0; value < values.size(); ++value)
        if (values[value].kind == Value::Kind::Entry) entries.push_back(value);
    std::reverse(entries.begin(), entries.end());
    for (Exit& exit : exits) {
        const std::size_t missing = static_cast<std::size_t>(exit.height - lowest + 1) - exit.stack.size();
        exit.stack.insert(exit.stack.begin(), entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(missing));
    }
}

// A branch asks only whether a value is zero, so it can look at what the value was made of.
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

void BlockBuilder::compute(Opcode opcode) {
    std::array<ValueId, 3> operands{};
    const std::size_t count = info(opcode).stack_in;
    for (std::size_t i = 0; i < count; ++i) operands[i] = pop();
    if (instruction_kinds[static_cast<std::uint8_t>(opcode)].pure != nullptr &&
        (fold(opcode, operands, count) || simplify(opcode, operands)))
        return;
    add_node(opcode, operands);
}

bool BlockBuilder::fold(Opcode opcode, const std::array<ValueId, 3>& operands, std::size_t count) {
    std::array<Word, 3> words;
    for (std::size_t i = 0; i < count; ++i) {
        if (!values[operands[i]].is_constant()) return false;
        words[count - 1 - i] = values[operands[i]].constant;
    }
    instruction_kinds[static_cast<std::uint8_t>(opcode)].pure(&words[count - 1]);
    push(constant(words[0]));
    return true;
}

// Brings operands into the order that the list of cells expects, and replaces what is known or dear by what is cheaper.
bool BlockBuilder::simplify(Opcode& opcode, std::array<ValueId, 3>& operands) {
    auto& [a, b, c] = operands;
    if (opcode == GT || opcode == SGT) {
        opcode = opcode == GT ? LT : SLT;
        std::swap(a, b);
    }
    if ((opcode == ADDMOD || opcode == MULMOD) && values[c].is_constant() && is_power_of_two(values[c].constant)) {
        const Word mask = values[c].constant - Word{1};
        push(b);
        push(a);
        compute(opcode == ADDMOD ? ADD : MUL);
        push(constant(mask));
        compute(AND);
        return true;
    }
    if (is_commutative(opcode) &&
        (values[a].is_constant() || (!values[b].is_constant() && values[b].is_narrow() && !values[a].is_narrow())))
        std::swap(a, b);

    const auto is = [&](ValueId value) {
        push(value);
        return true;
    };
    if ((opcode == SHL || opcode == SHR) && values[a].is_constant()) {
        const Word& bits = values[a].constant;
        if (bits.is_zero()) return is(b);
        if (!bits.fits_u64() || bits.low64() >= (opcode == SHR ? values[b].bits : 256)) return is(constant(0));
        // There and back again leaves the low bits.
        if (opcode == SHR && values[b].kind == Value::Kind::Result) {
            const Node& inner = nodes[values[b].node];
            if (inner.opcode == SHL && values[inner.operands[0]].is_constant() &&
                values[inner.operands[0]].constant == bits) {
                operands = {inner.operands[1], constant((Word{1} << (256 - bits.low64())) - Word{1}), 0};
                opcode = AND;
                return simplify(opcode, operands);
            }
        }
    }
    if (!values[b].is_constant()) return false;
    const Word word = values[b].constant;
    const bool is_power = is_power_of_two(word);
    switch (opcode) {
        case ADD:
            if (values[a].kind == Value::Kind::Result) {
                const Node& inner = nodes[values[a].node];
                if (inner.opcode == ADD && values[inner.operands[1]].is_constant()) {
                    const Word sum = word + values[inner.operands[1]].constant;
                    a = inner.operands[0];
                    b = constant(sum);
                    return sum.is_zero() && is(a);
                }
            }
            return word.is_zero() && is(a);
        case SUB:
        case OR:
        case XOR: return word.is_zero() && is(a);
        case AND:
            if (word.is_zero()) return is(b);
            return is_power_of_two(word + Word{1}) && values[b].bits >= values[a].bits && is(a);
        case EQ:
            if (word.is_zero()) opcode = ISZERO;
            return false;
        case MUL:
        case DIV: {
            if (word.is_zero()) return is(b);
            if (word == Word{1}) return is(a);
            if (!is_power) return false;
            operands = {constant(std::uint64_t{bit_length(word) - 1}), a, 0};
            opcode = opcode == MUL ? SHL : SHR;
            return simplify(opcode, operands);
        }
        case MOD:
            if (word.is_zero()) return is(b);
            if (!is_power) return false;
            b = constant(word - Word{1});
            opcode = AND;
            return simplify(opcode, operands);
        default: return false;
    }
}

void BlockBuilder::add_node(Opcode opcode, const std::array<ValueId, 3>& operands) {
    const OpcodeInfo& row = info(opcode);
    const Kind kind = instruction_kinds[static_cast<std::uint8_t>(opcode)].kind;
    Node node;
    node.opcode = opcode;
    node.operand_count = row.stack_in;
    node.has_result = row.stack_out != 0;
    node.is_pure = kind == Kind::Pure || kind == Kind::Reading || kind == Kind::GasReading;
    node.gas_so_far = gas.back();
    node.operands = operands;
    if (node.has_result) {
        Value value;
        value.bits = static_cast<std::uint16_t>(std::min(256u, result_bits(node)));
        value.node = static_cast<std::uint32_t>(nodes.size());
        values.push_back(value);
        node.result = static_cast<ValueId>(values.size() - 1);
        push(node.result);
    }
    nodes.push_back(node);
}

// An upper bound of the result's length.
unsigned BlockBuilder::result_bits(const Node& node) const {
    const auto value = [&](std::size_t i) -> const Value& { return values[node.operands[i]]; };
    const auto bits = [&](std::size_t i) -> unsigned { return value(i).bits; };
    switch (node.opcode) {
        case ADD: return std::max(bits(0), bits(1)) + 1;
        case MUL: return bits(0) + bits(1);
        case DIV: return bits(0);
        case MOD: return std::min(bits(0), bits(1));
        case AND: return std::min(bits(0), bits(1));
        case OR:
        case XOR: return std::max(bits(0), bits(1));
        case SHL: return value(0).is_constant() ? bits(1) + static_cast<unsigned>(value(0).constant.low64()) : 256;
        case SHR: return value(0).is_constant() ? bits(1) - static_cast<unsigned>(value(0).constant.low64()) : bits(1);
        case LT:
        case SLT:
        case EQ:
        case ISZERO: return 1;
        case BYTE: return 8;
        case CLZ: return 9;
        case ADDRESS:
        case CALLER:
        case ORIGIN:
        case COINBASE: return 160;
        case CALLDATASIZE:
        case CODESIZE:
        case RETURNDATASIZE:
        case EXTCODESIZE:
        case MSIZE:
        case GAS: return 64;
        default: return 256;
    }
}

void BlockBuilder::want_bits(ValueId value, unsigned bits) {
    demand_[value] = static_cast<std::uint16_t>(std::max<unsigned>(demand_[value], std::min(bits, 256u)));
}

// From the end to the beginning: how many low bits of each value somebody looks at. What nobody does is dropped; its
// gas stays paid.
void BlockBuilder::find_demands() {
    demand_.assign(values.size(), 0);
    if (ending.keeps_stack())
        for (int position = lowest; position <= height; ++position) want_bits(at(position), 256);
    for (std::size_t i = 0; i < ending.operand_count; ++i) want_bits(ending.operands[i], 256);
    for (const Exit& exit : exits) {
        for (const ValueId value : exit.stack) want_bits(value, 256);
        for (std::size_t i = 0; i < exit.operand_count; ++i) want_bits(exit.operands[i], 256);
    }
    for (std::size_t i = nodes.size(); i-- > 0;) {
        Node& node = nodes[i];
        const unsigned wanted = node.has_result ? demand_[node.result] : 0;
        if (node.is_pure && wanted == 0) {
            node.has_result = false;
            continue;
        }
        const auto& [a, b, c] = node.operands;
        const bool is_constant_shift =
            (node.opcode == SHL || node.opcode == SHR) && values[a].is_constant() && values[a].constant.fits_u64();
        if (node.opcode == AND) {
            want_bits(a, std::min<unsigned>(wanted, values[b].bits));
            want_bits(b, std::min<unsigned>(wanted, values[a].bits));
        } else if (is_constant_shift) {
            const auto bits = static_cast<unsigned>(std::min<std::uint64_t>(values[a].constant.low64(), 256));
            want_bits(b, node.opcode == SHR ? wanted + bits : wanted > bits ? wanted - bits : 1);
        } else {
            for (std::size_t k = 0; k < node.operand_count; ++k)
                want_bits(node.operands[k], is_modular(node.opcode) ? wanted : 256);
        }
    }
}

// From the beginning to the end: computes with one limb where one limb is wanted, and drops the masks that made it so.
void BlockBuilder::narrow() {
    same_.resize(values.size());
    for (ValueId value = 0; value < same_.size(); ++value) same_[value] = value;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        Node& node = nodes[i];
        for (std::size_t k = 0; k < node.operand_count; ++k) node.operands[k] = same_[node.operands[k]];
        if (!node.has_result) continue;
        const auto& [a, b, c] = node.operands;
        const bool is_constant_shift = node.opcode == SHL && values[a].is_constant();
        Value& result = values[node.result];
        unsigned bits = std::min<unsigned>(result.bits, result_bits(node));
        if (demand_[node.result] <= 64 && (is_modular(node.opcode) || is_constant_shift)) {
            node.is_low = true;
            bits = std::min(bits, 64u);
        }
        result.bits = static_cast<std::uint16_t>(bits);
        if (is_constant_shift && node.is_low && values[a].constant >= Word{64}) {
            const ValueId zero = constant(0);
            same_.push_back(zero);
            same_[node.result] = zero;
            node.has_result = false;
            continue;
        }
        if (node.opcode == AND && values[b].is_constant() && is_power_of_two(values[b].constant + Word{1}) &&
            values[b].bits >= values[a].bits) {
            same_[node.result] = a;
            node.has_result = false;
            continue;
        }
        for (std::size_t k = 0; k < node.operand_count && node.is_low; ++k)
            if (values[node.operands[k]].is_constant() && !values[node.operands[k]].is_narrow()) {
                const ValueId cut = constant(values[node.operands[k]].constant.low64());
                same_.push_back(cut);
                node.operands[k] = cut;
            }
    }
    for (int position = lowest; position <= height; ++position) slot(position) = same_[at(position)];
    for (std::size_t i = 0; i < ending.operand_count; ++i) ending.operands[i] = same_[ending.operands[i]];
    for (Exit& exit : exits) {
        for (ValueId& value : exit.stack) value = same_[value];
        for (ValueId& value : exit.operands) value = same_[value];
    }
}

// MLOAD and MSTORE can add to their offset themselves, a constant or a word, which saves the addition if that was all
// that it was for.
void BlockBuilder::fuse_offsets() {
    for (Node& node : nodes) {
        if (node.opcode != MLOAD && node.opcode != MSTORE) continue;
        const Value& offset = values[node.operands[0]];
        if (offset.kind != Value::Kind::Result) continue;
        Node& sum = nodes[offset.node];
        if (sum.opcode != ADD || sum.is_low) continue;
        if (values[sum.operands[1]].is_constant()) {
            if (values[sum.operands[1]].bits >= 16) continue;
            node.displacement = static_cast<std::uint16_t>(values[sum.operands[1]].constant.low64());
            replace_operand(node, sum.operands[0]);
        } else if (offset.uses == 1) {
            replace_operand(node, sum.operands[0]);
            node.operands[2] = node.operands[1];
            node.operands[1] = sum.operands[1];
            ++values[sum.operands[1]].uses;
            ++node.operand_count;
        }
    }
    // Sums that were for nothing else.
    for (std::size_t i = nodes.size(); i-- > 0;) {
        Node& node = nodes[i];
        if (node.opcode != ADD || !node.has_result || values[node.result].uses > 0) continue;
        node.has_result = false;
        for (std::size_t k = 0; k < node.operand_count; ++k) --values[node.operands[k]].uses;
    }
}

void BlockBuilder::replace_operand(Node& node, ValueId value) {
    --values[node.operands[0]].uses;
    node.operands[0] = value;
    ++values[value].uses;
}

void BlockBuilder::count_uses() {
    if (ending.keeps_stack())
        for (int position = lowest; position <= height; ++position) ++values[at(position)].uses;
    for (std::size_t i = 0; i < ending.operand_count; ++i) ++values[ending.operands[i]].uses;
    for (const Exit& exit : exits) {
        for (const ValueId value : exit.stack) ++values[value].uses;
        for (std::size_t i = 0; i < exit.operand_count; ++i) ++values[exit.operands[i]].uses;
    }
    for (const Node& node : nodes)
        if (!node.is_pure || node.has_result)
            for (std::size_t k = 0; k < node.operand_count; ++k) ++values[node.operands[k]].uses;
}

}  // namespace interlock::vm
