#include "analyzer/explorer/coverage.hpp"

#include <algorithm>
#include <numeric>

#include "vm/code.hpp"
#include "vm/opcodes.hpp"

namespace interlock::analyzer {

namespace {

using vm::Opcode;

constexpr std::uint64_t nowhere = ~std::uint64_t{0};

// Returns the number that the instruction at `pc` pushes, or `nowhere`.
std::uint64_t pushed_at(vm::ByteView code, std::size_t pc) {
    if (code[pc] < static_cast<std::uint8_t>(Opcode::PUSH0) || code[pc] > static_cast<std::uint8_t>(Opcode::PUSH4))
        return nowhere;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < vm::info(code[pc]).immediate && pc + 1 + i < code.size(); ++i)
        value = value << 8u | code[pc + 1 + i];
    return value;
}

// Returns whether the code at `pc` fails whatever the state is. It follows jumps to constant places, and both sides of
// branches, up to a few.
bool only_fails(vm::ByteView code, std::size_t pc, unsigned jumps = 6) {
    std::uint64_t target = nowhere;  // what the instruction before pushes
    while (pc < code.size()) {
        switch (static_cast<Opcode>(code[pc])) {
            case Opcode::STOP:
            case Opcode::RETURN:
            case Opcode::SELFDESTRUCT: return false;
            case Opcode::REVERT:
            case Opcode::INVALID: return true;
            case Opcode::JUMP: return jumps > 0 && target != nowhere && only_fails(code, target, jumps - 1);
            case Opcode::JUMPI:
                return jumps > 0 && target != nowhere && only_fails(code, target, jumps - 1) &&
                       only_fails(code, pc + 1, jumps - 1);
            default: break;
        }
        target = pushed_at(code, pc);
        pc += 1 + vm::info(code[pc]).immediate;
    }
    return false;
}

}  // namespace

void Coverage::add(World& world, const Observations& observations) {
    for (const DeployedContract& deployed : world.contracts()) {
        const std::optional<ArtifactIndex> artifact = world.artifact_of(deployed);
        if (!artifact || world.contract_at(deployed.address) != &deployed) continue;  // a proxy is there twice
        const std::shared_ptr<const vm::Code> code = world.state().code(deployed.address);
        if (code->bytes().empty()) continue;  // it is only expected
        Sides& sides = contracts_[*artifact];
        sides.code = code;
        std::uint64_t all = 0;
        const vm::ByteView bytes = code->bytes();
        for (std::size_t pc = 0; pc < bytes.size(); pc += 1 + vm::info(bytes[pc]).immediate) {
            if (bytes[pc] != static_cast<std::uint8_t>(vm::Opcode::JUMPI)) continue;
            for (const bool is_taken : {false, true}) {
                ++all;
                if (observations.has_taken(deployed.address, pc, is_taken)) sides.taken.insert(2 * pc + (is_taken ? 1 : 0));
            }
        }
        sides.all = std::max(sides.all, all);
    }
}

std::uint64_t Coverage::taken() const {
    return std::accumulate(contracts_.begin(), contracts_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& each) { return sum + each.second.taken.size(); });
}

std::uint64_t Coverage::all() const {
    return std::accumulate(contracts_.begin(), contracts_.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const auto& each) { return sum + each.second.all; });
}

std::vector<lang::SourceRange> Coverage::barriers(const lang::Compilation& compilation) const {
    std::vector<lang::SourceRange> found;
    for (const auto& [artifact, sides] : contracts_) {
        const vm::ByteView bytes = sides.code->bytes();
        const lang::Artifact& compiled = compilation.artifacts[static_cast<std::uint32_t>(artifact)];
        const auto& map = compiled.source_map;
        const auto is_dispatcher = [&](const lang::SourceRange& range) {
            return compiled.ir && range == compiled.ir->range;
        };
        std::size_t last = 0;  // the instruction before
        for (std::size_t pc = 0; pc < bytes.size(); last = pc, pc += 1 + vm::info(bytes[pc]).immediate) {
            if (bytes[pc] != static_cast<std::uint8_t>(Opcode::JUMPI) || sides.has(pc, true) == sides.has(pc, false))
                continue;
            const std::uint64_t behind = sides.has(pc, true) ? pc + 1 : pushed_at(bytes, last);
            if (behind == nowhere || only_fails(bytes, behind)) continue;
            const auto next =
                std::upper_bound(map.begin(), map.end(), pc, [](std::size_t at, const auto& e) { return at < e.pc; });
            if (next == map.begin() || std::prev(next)->range.end == 0) continue;
            const lang::SourceRange& range = std::prev(next)->range;
            if (!is_dispatcher(range)) found.push_back(range);
        }
    }
    const auto order = [](const lang::SourceRange& a, const lang::SourceRange& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    };
    std::sort(found.begin(), found.end(), order);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace interlock::analyzer
