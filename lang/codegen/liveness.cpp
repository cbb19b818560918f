#include "lang/codegen/liveness.hpp"

#include <algorithm>

#include "lang/ir/walk.hpp"

namespace interlock::lang::codegen {

Liveness::Liveness(const Prepared& prepared, const std::vector<bool>& is_free)
    : words_((prepared.function.values + bits - 1) / bits) {
    const std::size_t blocks = prepared.function.blocks.size();
    sets_.assign((2 * blocks + 1) * words_, 0);  // one more set for computing
    bool changed = true;
    while (changed) {
        changed = false;
        for (auto block = prepared.order.rbegin(); block != prepared.order.rend(); ++block)
            changed |= update(prepared, is_free, *block);
    }
}

// in = (out - definitions) + uses, where the definitions are results and parameters.
bool Liveness::update(const Prepared& prepared, const std::vector<bool>& is_free, ir::BlockIndex index) {
    const ir::Block& block = prepared.function.blocks[index];
    const auto words_of = [&](Set set) { return sets_.begin() + static_cast<std::ptrdiff_t>(set); };
    const auto use = [&](Set set, ir::Value value) {
        if (value && !is_free[value.index]) add(set, value);
    };
    ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
        for (std::size_t word = 0; word < words_; ++word) sets_[out(index) + word] |= sets_[in(jump.block) + word];
        for (const ir::Value argument : jump.arguments) use(out(index), argument);
    });
    const Set now = sets_.size() - words_;
    std::copy_n(words_of(out(index)), words_, words_of(now));
    ir::for_each_use(block.terminator, [&](const ir::Value& value) { use(now, value); });
    for (auto i = block.instructions.rbegin(); i != block.instructions.rend(); ++i) {
        if (i->op == ir::Op::InternalCall)
            for (const ir::Value result : prepared.results[i->result.index])
                if (result) remove(now, result);
        if (i->result) remove(now, i->result);
        for (const ir::Value operand : i->operands) use(now, operand);
    }
    for (const ir::Parameter& parameter : block.parameters) remove(now, parameter.value);
    if (std::equal(words_of(now), sets_.end(), words_of(in(index)))) return false;
    std::copy_n(words_of(now), words_, words_of(in(index)));
    return true;
}

}  // namespace interlock::lang::codegen
