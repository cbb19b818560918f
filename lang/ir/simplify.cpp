// Each step is linear in the function's size; the search for constant parameters is repeated until nothing changes.
#include "lang/ir/simplify.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>

#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::lang::ir {

namespace {

using ir::Block;
using ir::BlockIndex;
using ir::Instruction;
using ir::Value;

constexpr BlockIndex nowhere = 0xffffffff;

// Keeps the blocks of `order`, in that order, and renumbers the edges.
void reorder(std::vector<Block>& blocks, const std::vector<BlockIndex>& order) {
    BlockIndex count = 0;
    const bool is_in_order = order.size() == blocks.size() &&
                             std::all_of(order.begin(), order.end(), [&](BlockIndex block) { return block == count++; });
    if (is_in_order) return;
    std::vector<BlockIndex> position(blocks.size(), nowhere);
    std::vector<Block> kept;
    kept.reserve(order.size());
    for (const BlockIndex block : order) {
        position[block] = static_cast<BlockIndex>(kept.size());
        kept.push_back(std::move(blocks[block]));
    }
    for (Block& block : kept) {
        ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { jump.block = position[jump.block]; });
    }
    blocks = std::move(kept);
}

// The edges into each block.
class Incoming {
  public:
    explicit Incoming(std::vector<Block>& blocks) : ends_(blocks.size() + 1) {
        for (const Block& block : blocks) {
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { ++ends_[jump.block + 1]; });
        }
        std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
        jumps_.resize(ends_.back());
        for (Block& block : blocks) {
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { jumps_[ends_[jump.block]++] = &jump; });
        }
    }

    [[nodiscard]] std::span<ir::Jump* const> of(BlockIndex block) const {
        const std::size_t first = block == 0 ? 0 : ends_[block - 1];
        return std::span(jumps_).subspan(first, ends_[block] - first);
    }

  private:
    std::vector<std::size_t> ends_;  // ends of each block's edges in the list; one element more
    std::vector<ir::Jump*> jumps_;
};

// --- parameters that are always the same value ---
class ParameterRemoval {
  public:
    explicit ParameterRemoval(ir::Function& function)
        : function_(function), incoming_(function.blocks), replacement_(function.values) {
        for (std::uint32_t i = 0; i < replacement_.size(); ++i) replacement_[i] = {i};
    }

    void run() {
        if (!remove_once()) return;
        while (remove_once()) {}
        for (Block& block : function_.blocks) {
            for (Instruction& each : block.instructions) {
                for (Value& operand : each.operands) operand = resolve(operand);
            }
            ir::for_each_use(block.terminator, [&](Value& value) { value = resolve(value); });
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) {
                for (Value& argument : jump.arguments) argument = resolve(argument);
            });
        }
    }

  private:
    Value resolve(Value value) {
        while (!(replacement_[value.index] == value)) {
            replacement_[value.index] = replacement_[replacement_[value.index].index];
            value = replacement_[value.index];
        }
        return value;
    }

    bool remove_once() {
        bool removed = false;
        for (BlockIndex block = 1; block < function_.blocks.size(); ++block) {
            removed |= remove_from(function_.blocks[block], incoming_.of(block));
        }
        return removed;
    }

    bool remove_from(Block& block, std::span<ir::Jump* const> incoming) {
        if (incoming.empty()) return false;
        const std::size_t passed = incoming.front()->arguments.size();  // a call delivers the others
        drop_.assign(block.parameters.size(), false);
        for (std::size_t i = 0; i < passed; ++i) {
            const Value parameter = block.parameters[i].value;
            Value only;
            bool trivial = true;
            for (const ir::Jump* jump : incoming) {
                const Value argument = resolve(jump->arguments[i]);
                if (argument == parameter || argument == only) continue;
                trivial = trivial && !only;
                only = argument;
            }
            if (!trivial || !only) continue;
            replacement_[parameter.index] = only;
            drop_[i] = true;
        }
        return drop_parameters(block, incoming);
    }

    bool drop_parameters(Block& block, std::span<ir::Jump* const> incoming) {
        if (std::find(drop_.begin(), drop_.end(), true) == drop_.end()) return false;
        const auto filter = [&](auto& list) {
            std::size_t kept = 0;
            for (std::size_t i = 0; i < list.size(); ++i) {
                if (!drop_[i]) list[kept++] = list[i];
            }
            list.resize(kept);
        };
        for (ir::Jump* jump : incoming) filter(jump->arguments);
        filter(block.parameters);
        return true;
    }

    ir::Function& function_;
    Incoming incoming_;
    std::vector<Value> replacement_;
    std::vector<bool> drop_;  // parameters of the current block
};

// --- straight lines ---
// After the removal above, a block with one predecessor that jumps to it has no parameters.
void join_straight_lines(std::vector<Block>& blocks) {
    std::vector<std::size_t> incoming(blocks.size());
    for (Block& block : blocks) {
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { ++incoming[jump.block]; });
    }
    std::vector<bool> gone(blocks.size());
    bool changed = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        while (!gone[i] && blocks[i].terminator.kind == ir::Terminator::Kind::Jump) {
            const BlockIndex next = blocks[i].terminator.then.block;
            if (next == i || incoming[next] != 1 || !blocks[next].parameters.empty()) break;
            auto& instructions = blocks[next].instructions;
            auto& before = blocks[i].instructions;
            if (before.empty()) before = std::move(instructions);
            else
                before.insert(before.end(), std::make_move_iterator(instructions.begin()),
                              std::make_move_iterator(instructions.end()));
            ir::Terminator terminator = std::move(blocks[next].terminator);
            blocks[i].terminator = std::move(terminator);
            blocks[next] = {};
            gone[next] = true;
            changed = true;
        }
    }
    if (changed) reorder(blocks, ir::reverse_postorder(blocks));
}

// --- unused values ---
bool is_needed(const Instruction& each) { return ir::must_happen(each) || ir::info(each.op).effects.concerns_the_proof; }

class DeadValues {
  public:
    explicit DeadValues(ir::Function& function)
        : function_(function), incoming_(function.blocks), sources_(function.values), live_(function.values) {}

    void remove() {
        work_.reserve(function_.values);
        collect();
        while (!work_.empty()) {
            const Value value = work_.back();
            work_.pop_back();
            mark_sources(sources_[value.index]);
        }
        if (marked_ < defined_) sweep();
    }

  private:
    // The sources of a value: the operands of its instruction, or what the edges into its block pass for it.
    struct Source {
        const Instruction* instruction = nullptr;
        BlockIndex block = 0;
        std::uint32_t parameter = 0;
    };

    void mark(Value value) {
        if (!value || live_[value.index]) return;
        live_[value.index] = true;
        ++marked_;
        work_.push_back(value);
    }

    void mark_sources(const Source& source) {
        if (source.instruction != nullptr) {
            for (const Value operand : source.instruction->operands) mark(operand);
            return;
        }
        for (const ir::Jump* jump : incoming_.of(source.block)) {
            if (source.parameter < jump->arguments.size()) mark(jump->arguments[source.parameter]);
        }
    }

    // Collects where each value comes from, and the values that are always needed.
    void collect() {
        for (const ir::Parameter& parameter : function_.blocks.front().parameters) mark(parameter.value);
        for (BlockIndex index = 0; index < function_.blocks.size(); ++index) {
            const Block& block = function_.blocks[index];
            defined_ += block.parameters.size();
            for (std::uint32_t n = 0; n < block.parameters.size(); ++n) {
                sources_[block.parameters[n].value.index] = {nullptr, index, n};
            }
            for (const Instruction& each : block.instructions) {
                if (each.result) {
                    sources_[each.result.index].instruction = &each;
                    ++defined_;
                }
                if (!is_needed(each)) continue;
                mark(each.result);
                for (const Value operand : each.operands) mark(operand);
            }
            ir::for_each_use(block.terminator, [&](Value value) { mark(value); });
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                const auto& parameters = function_.blocks[jump.block].parameters;
                for (std::size_t i = jump.arguments.size(); i < parameters.size(); ++i)
                    mark(parameters[i].value);  // a call delivers it
            });
        }
    }

    void sweep() {
        for (Block& block : function_.blocks) {
            std::erase_if(block.instructions, [&](const Instruction& each) {
                return each.result && !live_[each.result.index] && !is_needed(each);
            });
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) {
                const auto& parameters = function_.blocks[jump.block].parameters;
                std::size_t kept = 0;
                for (std::size_t i = 0; i < jump.arguments.size(); ++i) {
                    if (live_[parameters[i].value.index]) jump.arguments[kept++] = jump.arguments[i];
                }
                jump.arguments.resize(kept);
            });
        }
        for (Block& block : function_.blocks) {
            std::erase_if(block.parameters, [&](const ir::Parameter& each) { return !live_[each.value.index]; });
        }
    }

    ir::Function& function_;
    Incoming incoming_;
    std::vector<Source> sources_;
    std::vector<bool> live_;
    std::vector<Value> work_;
    std::size_t marked_ = 0, defined_ = 0;  // values
};

// --- names ---
void number_values(ir::Function& function) {
    std::vector<Value> names(function.values);
    std::uint32_t count = 0;
    bool changed = false;
    const auto name = [&](Value& value) {
        const Value next{count++};
        changed = changed || !(value == next);
        names[value.index] = next;
        value = next;
    };
    for (Block& block : function.blocks) {
        for (ir::Parameter& parameter : block.parameters) name(parameter.value);
        for (Instruction& each : block.instructions) {
            if (each.result) name(each.result);
        }
    }
    function.values = count;
    if (!changed) return;
    for (Block& block : function.blocks) {
        for (Instruction& each : block.instructions) {
            for (Value& operand : each.operands) operand = names[operand.index];
        }
        ir::for_each_use(block.terminator, [&](Value& value) { value = names[value.index]; });
        ir::for_each_jump(block.terminator, [&](ir::Jump& jump) {
            for (Value& argument : jump.arguments) argument = names[argument.index];
        });
    }
}

// The lowering makes only reducible loops, so a loop's head is the target of a back edge.
void mark_loop_heads(std::vector<Block>& blocks) {
    for (BlockIndex block = 0; block < blocks.size(); ++block) {
        ir::for_each_jump(blocks[block].terminator, [&](const ir::Jump& jump) {
            if (jump.block <= block) blocks[jump.block].is_loop_head = true;
        });
    }
}

}  // namespace

void simplify(ir::Function& function) {
    if (function.blocks.size() > 1) {
        reorder(function.blocks, ir::reverse_postorder(function.blocks));
        ParameterRemoval(function).run();
        join_straight_lines(function.blocks);
    }
    DeadValues(function).remove();
    number_values(function);
    mark_loop_heads(function.blocks);
}

}  // namespace interlock::lang::ir
