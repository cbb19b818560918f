// Goes backwards over a block, so that unused results are not computed and partly used ones are computed in part.
#include <algorithm>

#include "vm/translator/block_builder.hpp"

namespace interlock::vm {
namespace {

using enum Opcode;

// Returns whether the low bits of the result depend only on the same low bits of the operands.
[[nodiscard]] bool is_modular(Opcode opcode) {
    return opcode == ADD || opcode == SUB || opcode == MUL || opcode == AND || opcode == OR || opcode == XOR ||
           opcode == NOT;
}

}  // namespace

void BlockBuilder::want_bits(ValueId value, unsigned bits) {
    demand_[value] = static_cast<std::uint16_t>(std::max<unsigned>(demand_[value], std::min(bits, 256u)));
}

// Goes from the end to the beginning and finds how many low bits of each value are used. Nodes whose results are unused
// are dropped; their gas is still charged.
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

// Goes from the beginning to the end, computes with one limb where only one limb is wanted, and drops masks that have
// become superfluous. No value becomes a constant here: instructions with constants were simplified when they were read.
void BlockBuilder::narrow() {
    same_.resize(values.size());
    for (ValueId value = 0; value < same_.size(); ++value) same_[value] = value;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        Node& node = nodes[i];
        for (std::size_t k = 0; k < node.operand_count; ++k) node.operands[k] = same_[node.operands[k]];
        if (!node.has_result) continue;
        const auto& [a, b, c] = node.operands;
        const bool is_shift_in_limb = node.opcode == SHL && values[a].is_constant() && values[a].constant < Word{64};
        Value& result = values[node.result];
        unsigned bits = std::min<unsigned>(result.bits, result_bits(node));
        if (demand_[node.result] <= 64 && (is_modular(node.opcode) || is_shift_in_limb)) {
            node.is_low = true;
            bits = std::min(bits, 64u);
        }
        result.bits = static_cast<std::uint16_t>(bits);
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

// MLOAD and MSTORE can add a constant or a word to their offset themselves. This saves the addition if nothing else used it.
void BlockBuilder::fuse_offsets() {
    for (Node& node : nodes) {
        if (node.opcode != MLOAD && node.opcode != MSTORE) continue;
        const Value& offset = values[node.operands[0]];
        if (offset.kind != Value::Kind::Result) continue;
        Node& sum = nodes[offset.node];
        if (sum.opcode != ADD || sum.is_low) continue;
        if (values[sum.operands[0]].is_constant()) continue;
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
    // Drops sums that nothing else uses.
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
