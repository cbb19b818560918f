// The built-in members and functions, and what is known of each, made from lang/program/builtin_list.hpp. A row without
// some column does not compile.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "lang/syntax/dialect.hpp"

namespace interlock::lang {

enum class Builtin : std::uint8_t {
    None,
#define BUILTIN(name, ...) name,
#include "lang/program/builtin_list.hpp"
};

// An effect that the mutability of a function must allow: none in `pure`, Reads in `view`. Each value includes those
// before it.
enum class Effect : std::uint8_t { None, Reads, TakesEther /* looks at msg.value */, Changes };

// Where the name of a built-in is found.
enum class Holder : std::uint8_t { Other, Plain, Msg, Tx, Block, Abi, Address, Bytes /* the type */, String };

struct BuiltinInfo {
    Builtin builtin = Builtin::None;
    bool is_pure = false;
    Effect effect = Effect::None;
    Holder holder = Holder::Other;
    std::string_view text{}, signature{};
    int number = 0;

    [[nodiscard]] constexpr bool is_function() const { return signature.find("->") != std::string_view::npos; }
    // As letters. Whether there are more of them, whose types vary:
    [[nodiscard]] constexpr bool varies() const { return signature.find("...") != std::string_view::npos; }
    [[nodiscard]] constexpr std::string_view parameters() const {
        return signature.substr(0, signature.find(varies() ? "..." : "->"));
    }
    [[nodiscard]] constexpr std::string_view results() const { return signature.substr(signature.find("->") + 2); }
};

// Indexed by the built-in.
inline constexpr auto builtin_table = [] {
    constexpr bool Pure = true, No = false;
    return std::to_array<BuiltinInfo>({
        {},
#define BUILTIN(name, pure, effect, holder, text, signature, number) \
    {Builtin::name, pure, Effect::effect, Holder::holder, text, signature, number},
#include "lang/program/builtin_list.hpp"
    });
}();

[[nodiscard]] constexpr const BuiltinInfo& builtin_info(Builtin builtin) {
    return builtin_table[static_cast<std::size_t>(builtin)];
}

// Names that built-ins had in older dialects.
struct OldName {
    Holder holder;
    std::string_view text;
    Builtin builtin;
    Rule rule;
};
inline constexpr std::array old_builtin_names{
    OldName{Holder::Plain, "now", Builtin::BlockTimestamp, rule::now_is_a_name},
    OldName{Holder::Plain, "sha3", Builtin::Keccak256, rule::old_names},
    OldName{Holder::Plain, "suicide", Builtin::SelfDestruct, rule::old_names},
    OldName{Holder::Msg, "gas", Builtin::MsgGas, rule::old_names},
    OldName{Holder::Block, "blockhash", Builtin::BlockHash, rule::old_names},
    OldName{Holder::Address, "callcode", Builtin::AddressCallCode, rule::old_names},
};

// Returns the one of that name, or null.
[[nodiscard]] constexpr const BuiltinInfo* find_builtin(Holder holder, std::string_view text, Dialect dialect = {}) {
    if (holder == Holder::Other) return nullptr;
    for (const BuiltinInfo& each : builtin_table)
        if (each.holder == holder && each.text == text) return &each;
    for (const OldName& each : old_builtin_names)
        if (each.holder == holder && each.text == text && dialect.has(each.rule)) return &builtin_info(each.builtin);
    return nullptr;
}

}  // namespace interlock::lang
