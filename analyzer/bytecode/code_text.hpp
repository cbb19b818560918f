// Bytecode as files have it: hexadecimal digits, with or without 0x and line breaks, or the bytes themselves.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "vm/bytes.hpp"

namespace interlock::analyzer {

inline constexpr std::size_t max_code_bytes =
    2 * 0x6000;  // of creation code (EIP-3860), which is longer than what it deploys
inline constexpr std::size_t max_code_text_bytes = 1u << 20;

// The string says why the text is no bytecode.
[[nodiscard]] std::variant<vm::Bytes, std::string> read_code(std::string_view text);

}  // namespace interlock::analyzer
