// The forks of Ethereum's mainnet, in order. What each changed is in the tables that are indexed by it.
#pragma once

#include <array>
#include <cstddef>
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

// What holds in each fork, written as a changelog: a row holds from its fork on, until a later row says otherwise. So a
// fork that no row names is as the one before it.
template <class Row>
class ByFork {
  public:
    constexpr void from(Fork fork, const Row& row) {
        for (auto i = static_cast<std::size_t>(fork); i < fork_count; ++i) rows_[i] = row;
    }
    [[nodiscard]] constexpr const Row& operator[](Fork fork) const { return rows_[static_cast<std::size_t>(fork)]; }

  private:
    std::array<Row, fork_count> rows_{};
};

[[nodiscard]] std::string_view name_of(Fork fork);  // "Cancun"
[[nodiscard]] std::optional<Fork> parse_fork(std::string_view name);

}  // namespace interlock::vm
