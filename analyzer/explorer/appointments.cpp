#include "analyzer/explorer/appointments.hpp"

#include <algorithm>

#include "analyzer/system/roles.hpp"

namespace interlock::analyzer {

Appointments::Appointments(World& world) : world_(world) {
    for (const DeployedContract& contract : world.contracts()) {
        if (!world.artifact_of(contract)) continue;
        const auto& variables = contract.ir().state;
        for (std::uint32_t v = 0; v < variables.size(); ++v)
            if (!variables[v].is_immutable && (contract.ir().storage_types[variables[v].type].name.starts_with("address") ||
                                               role_of_variable(world.compilation(), contract.ir(), v)))
                places_.push_back({contract.address, variables[v].slot, static_cast<unsigned>(variables[v].offset)});
    }
}

std::size_t Appointments::hers() const {
    const Word mask = (Word{1} << 160u) - Word{1};
    const std::vector<Address> hers = world_.hers();
    return static_cast<std::size_t>(std::ranges::count_if(places_, [&](const Place& place) {
        const Word word = (world_.state().load(place.contract, place.slot) >> (8u * place.offset)) & mask;
        return std::ranges::any_of(hers, [&](const Address& each) { return vm::to_word(each) == word; });
    }));
}

}  // namespace interlock::analyzer
