#include "vm/jit/compiler/flow.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "vm/effects.hpp"

namespace interlock::vm::jit {
namespace {

constexpr auto push0 = static_cast<std::uint8_t>(Opcode::PUSH0), push32 = static_cast<std::uint8_t>(Opcode::PUSH32);
constexpr auto dup1 = static_cast<std::uint8_t>(Opcode::DUP1), dup16 = static_cast<std::uint8_t>(Opcode::DUP16);
constexpr auto swap1 = static_cast<std::uint8_t>(Opcode::SWAP1), swap16 = static_cast<std::uint8_t>(Opcode::SWAP16);

constexpr bool is_push(std::uint8_t byte) { return byte >= push0 && byte <= push32; }

Ending ending_of(std::uint8_t byte, Fork fork) {
    if (!info(byte).exists_in(fork)) return Ending::Halts;
    switch (effects_of(byte).flow) {
        case vm::Flow::Next: return Ending::Falls;
        case vm::Flow::Jump: return Ending::Jumps;
        case vm::Flow::Branch: return Ending::Branches;
        case vm::Flow::Call: return Ending::Leaves;
        case vm::Flow::Halt: return Ending::Halts;
    }
    return Ending::Halts;
}

// What is known of a word: nothing, that it is one jump destination, or that it is one of several.
using Known = std::uint32_t;
constexpr Known anything = ~Known{0};
constexpr Known set_bit = Known{1} << 31;
constexpr std::size_t max_set = 64;

class Sets {
  public:
    [[nodiscard]] std::vector<std::uint32_t> members(Known known) const {
        if ((known & set_bit) == 0) return {known};
        return sets_[known & ~set_bit];
    }
    [[nodiscard]] Known join(Known a, Known b) {
        if (a == b) return a;
        if (a == anything || b == anything) return anything;
        const auto left = members(a), right = members(b);
        std::vector<std::uint32_t> both;
        std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(both));
        if (both.size() > max_set) return anything;
        const auto [found, is_new] = index_.try_emplace(both, static_cast<Known>(sets_.size()));
        if (is_new) sets_.push_back(both);
        return set_bit | found->second;
    }

  private:
    std::vector<std::vector<std::uint32_t>> sets_;
    std::map<std::vector<std::uint32_t>, Known> index_;
};

using Stack = std::vector<Known>;

class Explorer {
  public:
    Explorer(const Code& code, Fork fork, std::size_t depth) : code_(code), fork_(fork), depth_(depth) {}

    // Returns false if there are too many contexts at this depth.
    bool explore() {
        enter(0, {});
        std::size_t steps = 0;
        while (!waiting_.empty()) {
            if (contexts_.size() > max_contexts || ++steps > max_steps) return false;
            const Key* const key = waiting_.front();
            waiting_.pop_front();
            run(*key, contexts_.at(*key).stack);
        }
        return true;
    }

    [[nodiscard]] Flow take() { return std::move(flow_); }

  private:
    static constexpr std::size_t max_contexts = 20'000, max_steps = 60'000;
    using Key = std::vector<std::uint32_t>;  // pc, height, and the constants near the top
    struct Context {
        Stack stack;
        bool is_waiting = false;
    };

    const Block& block_at(std::uint32_t pc) {
        const auto found = flow_.blocks.find(pc);
        if (found != flow_.blocks.end()) return found->second;
        return flow_.blocks.emplace(pc, read_block(code_, fork_, pc)).first->second;
    }

    // Returns null where the limit of places is reached: control leaves there.
    Place* place_at(std::uint32_t pc, std::uint32_t height) {
        const int known = flow_.find(pc, height);
        if (known >= 0) return &flow_.places[static_cast<std::size_t>(known)];
        if (flow_.places.size() == max_places) return nullptr;
        flow_.index_.emplace(std::pair{pc, height}, flow_.places.size());
        const Block& block = block_at(pc);
        const bool suits =
            static_cast<int>(height) >= block.need && height + static_cast<std::uint32_t>(block.growth) <= max_height;
        flow_.places.push_back({pc, height, suits, true, {}});
        return &flow_.places.back();
    }

    void enter(std::uint32_t pc, const Stack& stack) {
        const auto height = static_cast<std::uint32_t>(stack.size());
        if (place_at(pc, height) == nullptr) return;
        Key key{pc, height};
        for (std::size_t i = stack.size() - std::min(depth_, stack.size()); i < stack.size(); ++i)
            key.push_back((stack[i] & set_bit) == 0 ? stack[i] : anything);
        const auto [found, is_new] = contexts_.try_emplace(std::move(key), Context{stack, false});
        Context& context = found->second;
        bool is_changed = is_new;
        if (!is_new)
            for (std::size_t i = 0; i < stack.size(); ++i) {
                const Known joined = sets_.join(context.stack[i], stack[i]);
                is_changed |= joined != context.stack[i];
                context.stack[i] = joined;
            }
        if (!is_changed || context.is_waiting) return;
        context.is_waiting = true;
        waiting_.push_back(&found->first);
    }

    void run(const Key& key, Stack stack) {
        contexts_.at(key).is_waiting = false;
        const std::uint32_t pc = key[0], height = key[1];
        const Block& block = block_at(pc);
        if (!place_at(pc, height)->runs) return;
        for (const std::uint32_t at : block.pcs)
            if (at != block.pcs.back() || block.ending == Ending::Falls || block.ending == Ending::Leaves) step(at, stack);
        switch (block.ending) {
            case Ending::Falls:
            case Ending::Leaves: return enter(block.end, stack);
            case Ending::Halts: return;
            case Ending::Jumps:
            case Ending::Branches: return jump(block, height, stack);
        }
    }

    void step(std::uint32_t pc, Stack& stack) {
        const std::uint8_t byte = code_.begin()[pc];
        const std::size_t size = stack.size();
        if (is_push(byte)) {
            const std::optional<std::uint32_t> value = pushed(pc);
            stack.push_back(value && code_.is_jump_target(*value) ? *value : anything);
        } else if (byte >= dup1 && byte <= dup16) {
            stack.push_back(Known{stack[size - 1 - (byte - dup1)]});
        } else if (byte >= swap1 && byte <= swap16) {
            std::swap(stack[size - 1], stack[size - 2 - (byte - swap1)]);
        } else {
            stack.resize(size - info(byte).stack_in);
            stack.resize(stack.size() + info(byte).stack_out, anything);
        }
    }

    // The constant, if it is below 2^31.
    [[nodiscard]] std::optional<std::uint32_t> pushed(std::uint32_t pc) const {
        std::uint64_t value = 0;
        for (std::uint32_t i = 1; i <= info(code_.begin()[pc]).immediate; ++i) {
            if (value >> 23 != 0) return {};
            value = value << 8 | code_.begin()[pc + i];
        }
        return static_cast<std::uint32_t>(value);
    }

    void jump(const Block& block, std::uint32_t height, Stack& stack) {
        const Known known = stack.back();
        const bool branches = block.ending == Ending::Branches;
        stack.resize(stack.size() - (branches ? 2 : 1));
        const bool is_constant = block.pcs.size() > 1 && is_push(code_.begin()[block.pcs[block.pcs.size() - 2]]);
        Place& place = *place_at(block.begin, height);
        if (known != anything) {
            for (const std::uint32_t target : sets_.members(known)) {
                const auto at = std::lower_bound(place.targets.begin(), place.targets.end(), target);
                if (at == place.targets.end() || *at != target) place.targets.insert(at, target);
            }
        } else if (!is_constant) {
            place.is_known = false;
        }
        if (known != anything)
            for (const std::uint32_t target : sets_.members(known)) enter(target, stack);
        if (branches) enter(block.end, stack);
    }

    const Code& code_;
    const Fork fork_;
    const std::size_t depth_;
    Sets sets_;
    Flow flow_;
    std::map<Key, Context> contexts_;
    std::deque<const Key*> waiting_;
};

}  // namespace

Block read_block(const Code& code, Fork fork, std::uint32_t pc) {
    Block block{.begin = pc};
    int height = 0;
    for (;;) {
        const std::uint8_t byte = code.begin()[pc];
        const OpcodeInfo& row = info(byte);
        block.pcs.push_back(pc);
        block.ending = ending_of(byte, fork);
        pc += 1u + row.immediate;
        block.end = pc = std::min(pc, static_cast<std::uint32_t>(code.size()));
        if (row.exists_in(fork)) {
            block.need = std::max(block.need, row.stack_in - height);
            height += row.stack_out - row.stack_in;
            block.growth = std::max(block.growth, height);
        }
        if (block.ending != Ending::Falls || block.pcs.size() == max_block_instructions) break;
        if (code.is_jump_target(pc)) break;
    }
    block.change = height;
    return block;
}

Flow find_flow(const Code& code, Fork fork) {
    for (const std::size_t depth : {48, 24, 12, 6, 3, 1}) {
        Explorer explorer(code, fork, depth);
        if (explorer.explore()) return explorer.take();
    }
    Explorer explorer(code, fork, 0);
    return explorer.explore() ? explorer.take() : Flow{};
}

}  // namespace interlock::vm::jit
