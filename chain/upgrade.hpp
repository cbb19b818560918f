// The upgrades of Ethereum's mainnet in their order: the forks of vm/fork.hpp, and those that changed only blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vm/fork.hpp"

namespace interlock::chain {

enum class Upgrade : std::uint8_t {
    Frontier,
    Homestead,
    Dao,
    TangerineWhistle /* EIP150 */,
    SpuriousDragon /* EIP158 */,
    Byzantium,
    Constantinople,
    Petersburg /* ConstantinopleFix */,
    Istanbul,
    MuirGlacier,
    Berlin,
    London,
    ArrowGlacier,
    GrayGlacier,
    Paris,
    Shanghai,
    Cancun,
    Prague,
    Osaka,
    Bpo1,
    Bpo2,
    Bpo3,
    Bpo4,
    Bpo5,
};
inline constexpr std::size_t upgrade_count = 24;

[[nodiscard]] std::string_view name_of(Upgrade);                            // "Cancun"
[[nodiscard]] std::optional<Upgrade> parse_upgrade(std::string_view name);  // accepts the test suites' names, too
[[nodiscard]] Upgrade upgrade_of(vm::Fork);                                 // the upgrade that brought the fork

}  // namespace interlock::chain
