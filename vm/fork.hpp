// The forks of Ethereum's mainnet, in order. The tables that are indexed by them say what each fork changed.
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

// A table of values by fork, written as a changelog: a row applies from its fork on, until a later row replaces it. A
// fork without a row has the same value as the fork before it.
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
