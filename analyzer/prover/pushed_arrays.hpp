// Arrays of which a contract does no more than to push to them, and to look at their length.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

using Variables = std::set<std::uint32_t>;  // of one contract

class PushedArrays {
  public:
    // `acting`: the functions that do something.
    PushedArrays(const lang::ir::Contract& contract, const std::vector<std::uint32_t>& acting);

    [[nodiscard]] const Variables& arrays() const { return arrays_; }
    // Drops those of which the function does more.
    void look_at(const lang::ir::Function& function);
    void drop(const Variables& these);
    // What looks at their lengths, and writes them and elements.
    [[nodiscard]] std::set<const lang::ir::Instruction*> accesses(const std::vector<std::uint32_t>& acting) const;
    // Puts a number in the place of each array, which is its length.
    void make_numbers_of(lang::ir::Contract& changed, const std::vector<std::uint32_t>& acting) const;

  private:
    using Values = std::map<std::uint32_t, std::uint32_t>;  // and the array each belongs to
    struct Slots {
        Values slots, data, ends, lengths;  // where lengths lie, where elements do, and the next one, and what lengths are
    };
    [[nodiscard]] std::optional<std::uint32_t> array_at(const Values& values, lang::ir::Value value) const;
    [[nodiscard]] bool is_limit(const lang::ir::Function& function, const Slots& slots,
                                const lang::ir::Instruction& guard) const;
    [[nodiscard]] Slots slots_in(const lang::ir::Function& function) const;
    [[nodiscard]] static bool is_access(const lang::ir::Instruction& each, lang::ir::Value slot, const Slots& slots,
                                        const std::vector<const lang::ir::Instruction*>& made_by);

    const lang::ir::Contract& contract_;
    Variables arrays_;
};

// Whether the instruction names the place that it loads, stores or clears.
[[nodiscard]] inline bool has_place(const lang::ir::Instruction& each) {
    return each.op == lang::ir::Op::Load || each.op == lang::ir::Op::Store || each.op == lang::ir::Op::Clear;
}

}  // namespace interlock::analyzer::prover
