#include "analyzer/devnet/foundry/mnemonic.hpp"

#include <algorithm>
#include <charconv>

#include "analyzer/devnet/foundry/answers.hpp"
#include "analyzer/devnet/foundry/keys.hpp"
#include "analyzer/devnet/foundry/sha512.hpp"

namespace interlock::analyzer::foundry {

using vm::Word;

namespace {

constexpr std::uint32_t hardened = 0x8000'0000;

// The words with one space between them, as the seed is made of.
vm::Bytes joined(std::string_view words) {
    vm::Bytes made;
    for (std::size_t at = 0; (at = words.find_first_not_of(" \t\n", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(words.find_first_of(" \t\n", at), words.size());
        if (!made.empty()) made.push_back(' ');
        made.insert(made.end(), words.begin() + static_cast<std::ptrdiff_t>(at),
                    words.begin() + static_cast<std::ptrdiff_t>(end));
        at = end;
    }
    return made;
}

struct ExtendedKey {
    Word key;
    vm::Bytes chain_code;
};

ExtendedKey split(const Hash512& hash) {
    const vm::ByteView bytes = hash;
    return {vm::word_from_big_endian(bytes.first(32)), vm::Bytes(hash.begin() + 32, hash.end())};
}

std::optional<ExtendedKey> child_of(const ExtendedKey& parent, std::uint32_t step) {
    const auto key = private_key(parent.key);
    if (!key) return std::nullopt;
    vm::Bytes data;
    if (step & hardened) {
        const auto number = vm::to_big_endian(parent.key);
        data.push_back(0);
        data.insert(data.end(), number.begin(), number.end());
    } else {
        const chain::PublicKey point = chain::public_key_of(*key);
        const auto x = vm::to_big_endian(point.x);
        data.push_back(static_cast<std::uint8_t>(2 + (point.y.low64() & 1)));  // SEC 1, section 2.3.3: compressed
        data.insert(data.end(), x.begin(), x.end());
    }
    for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<std::uint8_t>(step >> shift));
    ExtendedKey child = split(hmac_sha512(parent.chain_code, data));
    const Word order = chain::secp256k1_order, rest = order - parent.key;
    if (child.key >= order) return std::nullopt;
    child.key = child.key >= rest ? child.key - rest : child.key + parent.key;
    return child;
}

}  // namespace

std::optional<std::vector<std::uint32_t>> key_path(std::string_view text) {
    constexpr std::size_t most = 32;
    if (!text.starts_with("m/")) return std::nullopt;
    std::vector<std::uint32_t> steps;
    for (text.remove_prefix(2); steps.size() < most;) {
        std::uint32_t step = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
        if (error != std::errc{} || step >= hardened) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const bool is_hardened = text.starts_with('\'');
        if (is_hardened) text.remove_prefix(1);
        steps.push_back(is_hardened ? step | hardened : step);
        if (text.empty()) return steps;
        if (!text.starts_with('/')) return std::nullopt;
        text.remove_prefix(1);
    }
    return std::nullopt;
}

std::optional<Word> derive_key(std::string_view words, const std::vector<std::uint32_t>& path) {
    const Hash512 seed = pbkdf2_sha512(joined(words), bytes_of("mnemonic"), 2048);
    std::optional<ExtendedKey> key = split(hmac_sha512(bytes_of("Bitcoin seed"), seed));
    for (const std::uint32_t step : path) {
        key = child_of(*key, step);
        if (!key) return std::nullopt;
    }
    return key->key;
}

}  // namespace interlock::analyzer::foundry
