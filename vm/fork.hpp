// The forks of Ethereum's mainnet, in order. What each changed is in the tables that are indexed by it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace interlock::vm {

enum class Fork : std::uint8_t {
    Frontier,
    Homestead,
    TangerineWhistle /* EIP150 */,
    SpuriousDragon /* EIP158 */,
    Byzantium,
    Constantinople,
    Petersburg /* ConstantinopleFix */,
    Istanbul,
    Berlin,
    London,
    Paris,
    Shanghai,
    Cancun,
    Prague,
    Osaka,
};
inline constexpr std::size_t fork_count = 15;
inline constexpr Fork default_fork = Fork::Cancun;

[[nodiscard]] std::string_view name_of(Fork fork);  // "Cancun"
[[nodiscard]] std::optional<Fork> parse_fork(std::string_view name);

}  // namespace interlock::vm
