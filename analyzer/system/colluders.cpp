// A system with the attacker's second contract in it, which has what her first one has: tokens, and approvals.
#include <algorithm>

#include "analyzer/devnet/colluder.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/system.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

// Returns the steps in which her contract was given something, for the colluder instead.
std::vector<SetupStep> gifts(const World& world, const Address& colluder) {
    std::vector<SetupStep> steps;
    const Word hers = vm::to_word(world.attacker().address);
    for (SetupStep step : world.recipe().steps) {
        if (step.data.size() < 36 || !step.deploys.empty()) continue;
        bool is_gift = false;
        for (std::size_t at = 4; at + 32 <= step.data.size(); at += 32)
            if (vm::word_from_big_endian(vm::ByteView(step.data).subspan(at, 32)) == hers) {
                const auto word = vm::to_big_endian(vm::to_word(colluder));
                std::ranges::copy(word, step.data.begin() + static_cast<std::ptrdiff_t>(at));
                is_gift = true;
            }
        if (is_gift) steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace

std::optional<Root> with_colluder(const Root& root) {
    auto built = World::build(root.world.shared_compilation(), root.world.recipe());
    if (!std::holds_alternative<World>(built)) return std::nullopt;
    World& world = std::get<World>(built);
    const auto word = vm::to_big_endian(vm::to_word(world.attacker().address));
    const Bytes partner(word.begin(), word.end());
    if (!world.perform({world.owner().name, std::string(colluder_name), true, {}, {}, partner}).empty()) return std::nullopt;
    const auto index = colluder_of(world);
    if (!index) return std::nullopt;
    const DeployedContract colluder = world.contract(*index);
    for (const SetupStep& step : gifts(world, colluder.address)) (void)world.perform(step);
    for (const Preparation& preparation : std::vector<Preparation>(world.recipe().attacker)) {
        const auto to = world.address_of(preparation.to);
        if (!to) continue;
        (void)world.perform({world.owner().name,
                             {},
                             false,
                             colluder.name,
                             {},
                             abi::call_data(abi::selector("act(address,bytes)"), {vm::to_word(*to), preparation.data})});
    }
    return Root{std::move(world), root.prelude, root.missing};
}

}  // namespace interlock::analyzer
