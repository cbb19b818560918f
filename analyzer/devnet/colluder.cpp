#include "analyzer/devnet/colluder.hpp"

#include <algorithm>

namespace interlock::analyzer {

namespace {

constexpr std::string_view act = "act";  // act(address,bytes), payable

bool is_colluder(const World& world, const DeployedContract& contract) {
    return !world.artifact_of(contract) &&
           (contract.artifact->name == colluder_name || contract.artifact->name == nursery_name);
}

}  // namespace

std::optional<DeployedIndex> colluder_of(const World& world) {
    const auto& contracts = world.contracts();
    for (std::uint32_t i = 0; i < contracts.size(); ++i)
        if (is_colluder(world, contracts[i])) return DeployedIndex{i};
    return std::nullopt;
}

Call through_colluder(const World& world, DeployedIndex colluder, const Call& call) {
    const auto& functions = world.contract(colluder).ir().functions;
    const auto function =
        std::ranges::find_if(functions, [](const auto& each) { return each.is_entry && each.name == act; });
    return {colluder,
            static_cast<std::uint32_t>(function - functions.begin()),
            {lang::abi::Data{world.contract(call.contract).address}, lang::abi::Data{world.call_data(call)}},
            call.value};
}

std::optional<Call> carried_call(const World& world, const Call& call) {
    if (!is_colluder(world, world.contract(call.contract)) || call.arguments.size() != 2) return std::nullopt;
    const auto* const to = std::get_if<Word>(&call.arguments[0].content);
    return to ? world.call_of(vm::to_address(*to), call.arguments[1].bytes(), call.value) : std::nullopt;
}

}  // namespace interlock::analyzer
