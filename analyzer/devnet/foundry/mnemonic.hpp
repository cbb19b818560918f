// Private keys from words. (BIP-39 for the seed, BIP-32 for the keys, BIP-44 for the paths.)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vm/word.hpp"

namespace interlock::analyzer::foundry {

inline constexpr std::string_view ethereum_path = "m/44'/60'/0'/0/";

// "m/44'/60'/0'/0/3": the numbers of the steps, the highest bit set where a step is hardened. nullopt: it is no path.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> key_path(std::string_view text);

// Whether the words are in a list of words is not looked at. nullopt: this path leads to no key, which nobody has seen yet.
[[nodiscard]] std::optional<vm::Word> derive_key(std::string_view words, const std::vector<std::uint32_t>& path);

}  // namespace interlock::analyzer::foundry
