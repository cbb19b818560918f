// Text from anywhere, made fit for a terminal: names of files, strings of a source, what a trace or a contract says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace interlock::lang {

inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";  // U+FFFD

struct Character {
    char32_t code = 0xFFFD;
    std::size_t bytes = 1;
};

// The character at the front of non-empty text; a broken one is U+FFFD of one byte.
[[nodiscard]] Character first_character(std::string_view text);

// Control characters, and marks that reorder or hide text.
[[nodiscard]] bool is_hidden(char32_t character);

// Text that is safe on a terminal, on one line: what is hidden or broken becomes U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

// The same line by line: line breaks and tabs stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

}  // namespace interlock::lang
