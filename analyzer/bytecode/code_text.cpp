#include "analyzer/bytecode/code_text.hpp"

#include <algorithm>

namespace interlock::analyzer {

namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_printable(char c) { return (c >= ' ' && c <= '~') || is_space(c); }
bool is_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

std::variant<vm::Bytes, std::string> read_code(std::string_view text) {
    vm::Bytes code;
    if (std::ranges::all_of(text, is_printable)) {
        std::string digits;
        for (const char c : text)
            if (!is_space(c)) digits += c;
        if (digits.starts_with("0x") || digits.starts_with("0X")) digits.erase(0, 2);
        if (digits.find("__") != std::string::npos)
            return "it has a placeholder for the address of a library: link it first";
        const auto wrong = std::ranges::find_if_not(digits, is_digit);
        if (wrong != digits.end()) return std::string("it is not hexadecimal: `") + *wrong + "` is no digit";
        if (digits.size() % 2 != 0) return "it has an odd number of hexadecimal digits";
        code = *vm::parse_hex(digits);
    } else {
        code.assign(text.begin(), text.end());
    }
    if (code.empty()) return "it is empty";
    if (code.size() > max_code_bytes)
        return "it is too large: " + std::to_string(code.size()) + " bytes, where at most " +
               std::to_string(max_code_bytes) + " can be deployed";
    return code;
}

}  // namespace interlock::analyzer
