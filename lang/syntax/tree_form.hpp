// The text form of trees: parenthesised lists of words.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace interlock::lang {

// Writes printable ASCII as itself and the rest as \xNN.
inline std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += fmt::format("\\{}", c);
        else if (c >= 0x20 && c < 0x7F) result += c;
        else result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return result + "\"";
}

// The words of a parenthesised list; empty words are left out.
class Form {
  public:
    explicit Form(std::string_view head) : text_("(") { text_ += head; }
    Form& operator<<(std::string_view word) {
        if (!word.empty()) text_.append(" ").append(word);
        return *this;
    }
    [[nodiscard]] std::string close() const { return text_ + ")"; }
    [[nodiscard]] const std::string& open() const { return text_; }

  private:
    std::string text_;
};

}  // namespace interlock::lang
