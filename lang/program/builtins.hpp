// The built-in members and functions, and what is known of each, made from lang/program/builtin_list.hpp. A row without
// some column does not compile.
#pragma once

#include <array>
#include <cstdint>

namespace interlock::lang {

enum class Builtin : std::uint8_t {
    None,
#define BUILTIN(name, ...) name,
#include "lang/program/builtin_list.hpp"
};

// An effect that the mutability of a function must allow: none in `pure`, Reads in `view`. Each value includes those
// before it.
enum class Effect : std::uint8_t { None, Reads, TakesEther /* looks at msg.value */, Changes };

struct BuiltinInfo {
    bool is_pure = false;
    Effect effect = Effect::None;
};

// Indexed by the built-in.
inline constexpr auto builtin_table = [] {
    constexpr bool Pure = true, No = false;
    return std::to_array<BuiltinInfo>({
        {},
#define BUILTIN(name, pure, effect) {pure, Effect::effect},
#include "lang/program/builtin_list.hpp"
    });
}();

[[nodiscard]] constexpr const BuiltinInfo& builtin_info(Builtin builtin) {
    return builtin_table[static_cast<std::size_t>(builtin)];
}

}  // namespace interlock::lang
