#include "lang/codegen/liveness.hpp"

#include "lang/ir_walk.hpp"

namespace interlock::lang::codegen {

Liveness::Liveness(const Prepared& prepared, const std::vector<bool>& is_free) {
    const std::size_t blocks = prepared.function.blocks.size();
    in_.assign(blocks, std::vector<bool>(prepared.function.values, false));
    out_ = in_;
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
    std::vector<bool>& out = out_[index];
    const auto use = [&](std::vector<bool>& set, ir::Value value) {
        if (value && !is_free[value.index]) set[value.index] = true;
    };
    ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
        for (std::size_t v = 0; v < out.size(); ++v)
            if (in_[jump.block][v]) out[v] = true;
        for (const ir::Value argument : jump.arguments) use(out, argument);
    });
    std::vector<bool> in = out;
    ir::for_each_use(block.terminator, [&](const ir::Value& value) { use(in, value); });
    for (auto i = block.instructions.rbegin(); i != block.instructions.rend(); ++i) {
        if (i->op == ir::Op::InternalCall)
            for (const ir::Value result : prepared.results[i->result.index])
                if (result) in[result.index] = false;
        if (i->result) in[i->result.index] = false;
        for (const ir::Value operand : i->operands) use(in, operand);
    }
    for (const ir::Parameter& parameter : block.parameters) in[parameter.value.index] = false;
    const bool changed = in != in_[index];
    in_[index] = std::move(in);
    return changed;
}

}  // namespace interlock::lang::codegen
