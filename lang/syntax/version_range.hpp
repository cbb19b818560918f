// Ranges of versions, as pragmas write them. (Solidity documentation, "Version Pragma"; the ranges are those of npm's
// semver.)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace interlock::lang {

// Major, minor, patch; a part that is not written, or written `x` or `*`, is open.
struct Version {
    std::array<std::optional<unsigned>, 3> parts;
};

struct VersionCondition {
    enum class Sign : std::uint8_t { Equal, Caret, Tilde, Less, LessEqual, Greater, GreaterEqual };
    Sign sign = Sign::Equal;
    Version version;

    [[nodiscard]] bool holds(const std::array<unsigned, 3>& candidate) const;
};

// `A || B C`: of the alternatives, one must have all its conditions hold.
using VersionRange = std::vector<std::vector<VersionCondition>>;

// Returns std::nullopt if the text is not a range.
[[nodiscard]] std::optional<VersionRange> read_version_range(std::string_view text);

[[nodiscard]] bool includes(const VersionRange& range, const std::array<unsigned, 3>& version);

}  // namespace interlock::lang
