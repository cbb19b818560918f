#include "analyzer/explorer/coverage.hpp"

#include <numeric>

#include "vm/code.hpp"
#include "vm/opcodes.hpp"

namespace interlock::analyzer {

void Coverage::add(World& world, const Observations& observations) {
    for (const DeployedContract& deployed : world.contracts()) {
        const std::optional<ArtifactIndex> artifact = world.artifact_of(deployed);
        if (!artifact || world.contract_at(deployed.address) != &deployed) continue;  // a proxy is there twice
        const std::shared_ptr<const vm::Code> code = world.state().code(deployed.address);
        Sides& sides = contracts_[*artifact];
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

}  // namespace interlock::analyzer
