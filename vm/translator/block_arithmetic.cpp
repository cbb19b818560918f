// Computes what a block computes: constant expressions at once, everything else with the cheapest cell of the list.
#include <algorithm>

#include "vm/effects.hpp"
#include "vm/interpreter/instruction_kind.hpp"
#include "vm/translator/block_builder.hpp"

namespace interlock::vm {
namespace {

using enum Opcode;

[[nodiscard]] bool is_commutative(Opcode opcode) {
    return opcode == ADD || opcode == MUL || opcode == AND || opcode == OR || opcode == XOR || opcode == EQ ||
           opcode == ADDMOD || opcode == MULMOD;
}

// Returns whether the instruction may fail for a reason other than lack of gas: in a static frame, or past the end of
// the return data.
[[nodiscard]] bool may_fail_when_paid(Opcode opcode) {
    const Effects& effects = effects_of(opcode);
    return effects.changes_state() || effects.writes.contains(Region::Logs) || opcode == RETURNDATACOPY;
}

}  // namespace

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

// Brings operands into the order that the list of cells expects, and replaces known or expensive operations by cheaper ones.
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
        // Shifting left and back right leaves the low bits.
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
    const unsigned bits = std::min(256u, result_bits(node));
    // Only zero is below one. The result must become a constant here, because an AND with it wants none of its bits.
    if (kind == Kind::Pure && bits == 0) return push(constant(0));
    if (node.has_result) {
        Value value;
        value.bits = static_cast<std::uint16_t>(bits);
        value.node = static_cast<std::uint32_t>(nodes.size());
        values.push_back(value);
        node.result = static_cast<ValueId>(values.size() - 1);
        push(node.result);
    }
    node.ends_segment = may_fail_when_paid(opcode);
    if (node.ends_segment) gas.push_back(0);
    nodes.push_back(node);
}

// Returns an upper bound of the result's length in bits.
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
        case SHR: {
            if (!value(0).is_constant()) return bits(1);
            return bits(1) - static_cast<unsigned>(std::min<std::uint64_t>(bits(1), value(0).constant.low64()));
        }
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

}  // namespace interlock::vm
