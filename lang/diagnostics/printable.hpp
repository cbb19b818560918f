// Makes text from any source safe for a terminal: file names, strings in source code, texts of traces and contracts.
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

// Returns the character at the front of non-empty text; a broken one is U+FFFD of one byte.
[[nodiscard]] Character first_character(std::string_view text);

// Returns whether the character is a control character, or a mark that reorders or hides text.
[[nodiscard]] bool is_hidden(char32_t character);

// Returns text that is safe on a terminal, on one line: hidden or broken characters become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

// The same for each line: line breaks and tabs stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

}  // namespace interlock::lang
