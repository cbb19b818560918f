#include "chain/upgrade.hpp"

#include <array>

namespace interlock::chain {

namespace {

constexpr std::array<std::string_view, upgrade_count> names = {
    "Frontier",   "Homestead", "Dao",         "TangerineWhistle", "SpuriousDragon", "Byzantium",    "Constantinople",
    "Petersburg", "Istanbul",  "MuirGlacier", "Berlin",           "London",         "ArrowGlacier", "GrayGlacier",
    "Paris",      "Shanghai",  "Cancun",      "Prague",           "Osaka",          "BPO1",         "BPO2",
    "BPO3",       "BPO4",      "BPO5",
};

}  // namespace

std::string_view name_of(Upgrade upgrade) { return names.at(static_cast<std::size_t>(upgrade)); }

std::optional<Upgrade> parse_upgrade(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<Upgrade>(i);
    if (const auto fork = vm::parse_fork(name)) return upgrade_of(*fork);
    return std::nullopt;
}

Upgrade upgrade_of(vm::Fork fork) { return parse_upgrade(vm::name_of(fork)).value(); }

}  // namespace interlock::chain
