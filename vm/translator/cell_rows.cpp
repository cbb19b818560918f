#include "vm/translator/cell_rows.hpp"

namespace interlock::vm {
namespace {

constexpr auto fused_rows = [] {
    using enum Opcode;
    using enum Operand;
    return std::to_array<Row>({
#define FORM(name, opcode, a, b, c, ...) {opcode, Form::name, {a, b, c}},
#include "vm/translator/cell_list.hpp"
    });
}();

static_assert(fused_rows.size() < 256);

constexpr auto all_branch_rows = [] {
    using enum Opcode;
    using enum Operand;
    return std::to_array<Row>({
#define FORM(...)
#define BRANCH(name, opcode, a, b, ...) {opcode, Form::name, {a, b, None}},  // the forms of its exits follow
#include "vm/translator/cell_list.hpp"
    });
}();

// By opcode: the number of its first row, and the number after its last row.
constexpr auto fused_range = [] {
    std::array<std::pair<std::uint8_t, std::uint8_t>, 256> ranges{};
    for (std::size_t i = 0; i < fused_rows.size(); ++i) {
        auto& [first, last] = ranges[static_cast<std::uint8_t>(fused_rows[i].opcode)];
        if (last == 0) first = static_cast<std::uint8_t>(i);
        last = static_cast<std::uint8_t>(i + 1);
    }
    return ranges;
}();

}  // namespace

std::span<const Row> rows_of(Opcode opcode) {
    const auto [first, last] = fused_range[static_cast<std::uint8_t>(opcode)];
    return std::span(fused_rows).subspan(first, static_cast<std::size_t>(last - first));
}

std::span<const Row> branch_rows() { return all_branch_rows; }

bool fits(Operand operand, const Value& value, bool is_low) {
    const bool is_constant = value.is_constant();
    const auto is_shift = [&](unsigned whole) {
        return is_constant && value.bits <= 8 && value.constant.low64() / 64 == whole;
    };
    switch (operand) {
        case Operand::None: return false;
        case Operand::Slot: return !is_constant;
        case Operand::Narrow: return !is_constant && (is_low || value.is_narrow());
        case Operand::Tiny: return is_constant && value.bits < 16;
        case Operand::Small: return is_constant && value.bits <= 32;
        case Operand::Limb: return is_constant && value.is_narrow();
        case Operand::Constant: return is_constant;
        case Operand::Shift0: return is_shift(0);
        case Operand::Shift1: return is_shift(1);
        case Operand::Shift2: return is_shift(2);
        case Operand::Shift3: return is_shift(3);
    }
    return false;
}

}  // namespace interlock::vm
