// The lexer makes one hand-written pass over the bytes. Unreadable text is collected by kind and reported at the end,
// similar errors together, so that binary data gives one error and not thousands.
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "lang/diagnostics/codes.hpp"
#include "lang/syntax/parse.hpp"
#include "lang/syntax/token.hpp"

namespace interlock::lang {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool is_word(char c) { return is_word_start(c) || is_digit(c); }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Returns the size in bytes of the well-formed UTF-8 character at the front of `text`, or 0 if it is broken.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
    const bool too_large = lead == 0xF4 && byte(1) >= 0x90;
    return overlong || surrogate || too_large ? 0 : length;
}

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7F || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v');
}

// Returns how a character changes the direction of text: 1 sets a direction (LRE, RLE, LRO, RLO, LRI, RLI, FSI), -1
// restores one (PDF, PDI), 0 does neither. (Unicode Standard Annex 9; Boucher and Anderson: "Trojan Source", 2021.)
int direction_change(std::string_view character) {
    if (character.size() < 3 || character[0] != '\xE2') return 0;
    const auto last = static_cast<unsigned char>(character[2]);
    if (character[1] == '\x80' && last >= 0xAA && last <= 0xAE) return last == 0xAC ? -1 : 1;
    if (character[1] == '\x81' && last >= 0xA6 && last <= 0xA9) return last == 0xA9 ? -1 : 1;
    return 0;
}

// --- fixed spellings ---

struct Spelling {
    std::string_view text;
    TokenKind kind;
};

// Spellings are looked up by their first character; among those the longest come first.
template <std::size_t Count>
class Spellings {
  public:
    explicit constexpr Spellings(std::array<Spelling, Count> all) : all_(all) {
        std::sort(all_.begin(), all_.end(), [](const Spelling& a, const Spelling& b) {
            return a.text[0] != b.text[0] ? a.text[0] < b.text[0] : a.text.size() > b.text.size();
        });
        for (std::size_t i = Count; i-- > 0;) first_[index_of(all_[i].text[0])] = static_cast<std::uint8_t>(i);
        for (std::size_t i = 0; i < Count; ++i) end_[index_of(all_[i].text[0])] = static_cast<std::uint8_t>(i + 1);
    }

    // Returns the first one that begins with the character and for which `is_it` holds, or null.
    template <class Condition>
    [[nodiscard]] constexpr const Spelling* find(char first, Condition is_it) const {
        for (std::size_t i = first_[index_of(first)]; i < end_[index_of(first)]; ++i)
            if (is_it(all_[i].text)) return &all_[i];
        return nullptr;
    }

  private:
    static constexpr std::size_t index_of(char c) { return static_cast<unsigned char>(c); }

    static_assert(Count < 256);
    std::array<Spelling, Count> all_;
    std::array<std::uint8_t, 256> first_{}, end_{};
};

// The last ones are reserved for future versions of Solidity.
constexpr Spellings words(std::to_array<Spelling>({
#define INTERLOCK_TOKEN(name, text) {text, TokenKind::name},
    INTERLOCK_KEYWORDS(INTERLOCK_TOKEN)
#undef INTERLOCK_TOKEN
#define INTERLOCK_RESERVED(text) {text, TokenKind::Reserved}
        INTERLOCK_RESERVED("after"),
    INTERLOCK_RESERVED("alias"),
    INTERLOCK_RESERVED("apply"),
    INTERLOCK_RESERVED("auto"),
    INTERLOCK_RESERVED("byte"),
    INTERLOCK_RESERVED("case"),
    INTERLOCK_RESERVED("copyof"),
    INTERLOCK_RESERVED("default"),
    INTERLOCK_RESERVED("define"),
    INTERLOCK_RESERVED("final"),
    INTERLOCK_RESERVED("hex"),
    INTERLOCK_RESERVED("implements"),
    INTERLOCK_RESERVED("in"),
    INTERLOCK_RESERVED("inline"),
    INTERLOCK_RESERVED("let"),
    INTERLOCK_RESERVED("macro"),
    INTERLOCK_RESERVED("match"),
    INTERLOCK_RESERVED("mutable"),
    INTERLOCK_RESERVED("null"),
    INTERLOCK_RESERVED("of"),
    INTERLOCK_RESERVED("partial"),
    INTERLOCK_RESERVED("promise"),
    INTERLOCK_RESERVED("reference"),
    INTERLOCK_RESERVED("relocatable"),
    INTERLOCK_RESERVED("sealed"),
    INTERLOCK_RESERVED("sizeof"),
    INTERLOCK_RESERVED("static"),
    INTERLOCK_RESERVED("supports"),
    INTERLOCK_RESERVED("switch"),
    INTERLOCK_RESERVED("typedef"),
    INTERLOCK_RESERVED("typeof"),
    INTERLOCK_RESERVED("unicode"),
    INTERLOCK_RESERVED("var"),
#undef INTERLOCK_RESERVED
}));

constexpr Spellings punctuation(std::to_array<Spelling>({
#define INTERLOCK_TOKEN(name, text) {text, TokenKind::name},
    INTERLOCK_PUNCTUATION(INTERLOCK_TOKEN)
#undef INTERLOCK_TOKEN
}));

// Returns the longest punctuation at the front of `text`, or null.
const Spelling* find_punctuation(std::string_view text) {
    return punctuation.find(text[0], [&](std::string_view each) { return text.starts_with(each); });
}

// --- words ---

// Reads a decimal number from 1 to `limit` without leading zeros.
std::optional<unsigned> small_number(std::string_view text, unsigned limit) {
    if (text.empty() || text.size() > 3 || text[0] == '0') return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value <= limit ? std::optional(value) : std::nullopt;
}

bool is_bits(std::string_view text) {
    const auto bits = small_number(text, 256);
    return bits && *bits % 8 == 0;
}

bool is_fixed_point(std::string_view text) {  // fixed, ufixed128x18
    if (text.starts_with('u')) text.remove_prefix(1);
    if (!text.starts_with("fixed")) return false;
    text.remove_prefix(5);
    const std::size_t x = text.find('x');
    if (text.empty()) return true;
    if (x == std::string_view::npos || !is_bits(text.substr(0, x))) return false;
    return text.substr(x + 1) == "0" || small_number(text.substr(x + 1), 80);
}

bool is_elementary(std::string_view word) {
    if (word == "address" || word == "bool" || word == "string" || word == "bytes" || word == "uint" || word == "int")
        return true;
    if (word.starts_with("uint")) return is_bits(word.substr(4));
    if (word.starts_with("int")) return is_bits(word.substr(3));
    if (word.starts_with("bytes")) return small_number(word.substr(5), 32).has_value();
    return is_fixed_point(word);
}

TokenKind kind_of_word(std::string_view word) {
    if (const Spelling* found = words.find(word[0], [&](std::string_view each) { return each == word; })) return found->kind;
    return is_elementary(word) ? TokenKind::Elementary : TokenKind::Identifier;
}

// --- numbers ---

// Digits with single underscores between them.
template <class IsDigit>
bool is_digit_run(std::string_view text, IsDigit is_digit_here) {
    bool after_digit = false;
    for (const char c : text) {
        if (c == '_' ? !after_digit : !is_digit_here(c)) return false;
        after_digit = c != '_';
    }
    return after_digit;
}

bool is_number(std::string_view text) {
    if (text.starts_with("0x")) return is_digit_run(text.substr(2), [](char c) { return hex_digit(c) >= 0; });
    const std::size_t e = std::min(text.find_first_of("eE"), text.size());
    std::string_view exponent = text.substr(e);
    if (!exponent.empty()) {
        exponent.remove_prefix(exponent.starts_with("e-") || exponent.starts_with("E-") ? 2 : 1);
        if (!is_digit_run(exponent, is_digit)) return false;
    }
    const std::string_view mantissa = text.substr(0, e);
    const std::size_t dot = std::min(mantissa.find('.'), mantissa.size());
    const std::string_view whole = mantissa.substr(0, dot), fraction = mantissa.substr(dot);
    if (!fraction.empty() && !is_digit_run(fraction.substr(1), is_digit)) return false;
    if (whole.empty()) return !fraction.empty();
    return is_digit_run(whole, is_digit) && (whole.size() == 1 || whole[0] != '0');
}

// Returns the length of what a reader would take for one number, valid or not.
std::size_t number_length(std::string_view text) {
    std::size_t i = 0;
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    const auto digit_at = [&](std::size_t at) { return at < text.size() && is_digit(text[at]); };
    while (i < text.size()) {
        const bool exponent =
            !hex && (text[i] == 'e' || text[i] == 'E') && i + 1 < text.size() && text[i + 1] == '-' && digit_at(i + 2);
        const bool point = !hex && text[i] == '.' && digit_at(i + 1);
        if (!is_word(text[i]) && !point) break;
        i += exponent ? 2 : 1;
    }
    return i;
}

// --- escapes ---

// Returns the length of the escape sequence at the front of `text` (which begins with a backslash), or 0 if it is invalid.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2) return 0;
    const auto hex = [&](std::size_t count) {
        for (std::size_t i = 2; i < 2 + count; ++i)
            if (i >= text.size() || hex_digit(text[i]) < 0) return std::size_t{0};
        return 2 + count;
    };
    switch (text[1]) {
        case 'n':
        case 'r':
        case 't':
        case '\\':
        case '\'':
        case '"':
        case '\n': return 2;
        case '\r': return text.size() > 2 && text[2] == '\n' ? 3 : 2;
        case 'x': return hex(2);
        case 'u': return hex(4);
        default: return 0;
    }
}

unsigned hex_value(std::string_view digits) {
    unsigned value = 0;
    for (const char c : digits) value = value * 16 + static_cast<unsigned>(hex_digit(c));
    return value;
}

void append_utf8(std::string& out, unsigned code) {  // code is below 0x10000, the range of \uNNNN
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

void append_escape(std::string& out, std::string_view escape) {
    switch (escape[1]) {
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case '\\':
        case '\'':
        case '"': out += escape[1]; break;
        case 'x': out += static_cast<char>(hex_value(escape.substr(2))); break;
        case 'u': append_utf8(out, hex_value(escape.substr(2))); break;
        default: break;  // an escaped line break stands for nothing
    }
}

std::string hex_string_value(std::string_view digits) {
    std::string result;
    for (std::size_t i = 0; i + 1 < digits.size();) {
        const int high = hex_digit(digits[i]), low = hex_digit(digits[i + 1]);
        if (high >= 0 && low >= 0) result += static_cast<char>(high * 16 + low);
        i += high >= 0 && low >= 0 ? 2 : 1;
    }
    return result;
}

// Returns whether it consists of pairs of hex digits with single underscores between pairs.
bool is_hex_string(std::string_view digits) {
    for (std::size_t i = 0; i < digits.size();) {
        if (i + 1 >= digits.size() || hex_digit(digits[i]) < 0 || hex_digit(digits[i + 1]) < 0) return false;
        i += 2;
        if (i < digits.size() && digits[i] == '_' && ++i == digits.size()) return false;
    }
    return true;
}

// --- the lexer ---

constexpr std::size_t max_stray_kinds = 4;  // different stray characters that are reported individually

class Lexer {
  public:
    Lexer(const SourceFile& file, Diagnostics& diagnostics, std::vector<Comment>* comments, Levels levels = Levels::all())
        : file_(file), text_(file.text), diagnostics_(diagnostics), comments_(comments), levels_(levels) {}

    std::vector<Token> run() {
        if (is_readable()) {
            if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark
            after_error_ = false;
            while (skip_space(), at_ < text_.size() && scan_token()) {}
            const bool before_end = after_error_;
            report_strays();
            after_error_ = before_end;
        }
        push(TokenKind::End, text_.size(), text_.size());
        return std::move(tokens_);
    }

    // lex_clause() describes it.
    bool run_clause(std::size_t begin, std::size_t end, std::vector<Token>& tokens, int& depth) {
        text_ = text_.substr(0, end);
        at_ = begin;
        tokens_.swap(tokens);
        bool goes_on = true;
        while (goes_on && (skip_space(), at_ < text_.size()) && scan_token()) {
            if (tokens_.empty()) continue;
            const TokenKind kind = tokens_.back().kind;
            depth += nesting(kind);
            goes_on = kind != TokenKind::Semicolon || depth > 0;
        }
        report_strays();
        if (!goes_on) tokens_.pop_back();
        tokens_.swap(tokens);
        return goes_on;
    }

    [[nodiscard]] Levels levels() const { return levels_; }

  private:
    static int nesting(TokenKind kind) { return kind == TokenKind::LeftParen ? 1 : kind == TokenKind::RightParen ? -1 : 0; }

    struct Stray {
        std::size_t begin = 0, end = 0, count = 0, others = 0;
    };

    [[nodiscard]] SourceRange range(std::size_t begin, std::size_t end) const {
        return {file_.start + static_cast<std::uint32_t>(begin), file_.start + static_cast<std::uint32_t>(end)};
    }

    Diagnostic& error(const Code& code, std::string message, std::size_t begin, std::size_t end, std::string label = {}) {
        found_error_ = after_error_ = true;
        return diagnostics_.error(code.id, std::move(message), range(begin, end), std::move(label));
    }

    // Checks the file as a whole: its size, and whether it is text at all.
    bool is_readable() {
        if (text_.size() > Sources::max_file_bytes) {
            error(code::file_too_large, fmt::format("the file is larger than {} MiB", Sources::max_file_bytes >> 20), 0, 0);
            return false;
        }
        std::size_t controls = 0, broken = 0, first_rubbish = text_.size(), first_broken = 0;
        for (std::size_t i = 0; i < text_.size();) {
            const std::size_t length = utf8_length(text_.substr(i, 4));
            if (length == 0 && ++broken == 1) first_broken = i;
            if (is_control(text_[i])) ++controls;
            if (length == 0 || is_control(text_[i])) first_rubbish = std::min(first_rubbish, i);
            i += std::max<std::size_t>(length, 1);
        }
        const bool is_text =
            controls * 20 <= text_.size() && broken * 4 <= text_.size() && text_.find('\0') == std::string_view::npos;
        if (!is_text) {
            error(code::not_text, "this file is not text", first_rubbish, first_rubbish + 1,
                  "the first byte that is not text")
                .helps.push_back("source files are UTF-8 text");
            return false;
        }
        if (broken != 0) report_broken(first_broken, broken);
        return true;
    }

    void report_broken(std::size_t first, std::size_t count) {
        Diagnostic& d =
            error(code::broken_encoding, "this file is not valid UTF-8", first, first + 1,
                  fmt::format("the byte 0x{:02x} begins no character", static_cast<unsigned char>(text_[first])));
        if (count > 1) d.notes.push_back(fmt::format("{} such bytes in this file", count));
        d.helps.push_back("save the file as UTF-8");
    }

    // Skips white space and comments.
    void skip_space() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\n' || c == '\r') starts_line_ = true;
            if (c == ' ' || (c >= '\t' && c <= '\r')) ++at_;
            else if (text_.substr(at_).starts_with("//"))
                skip_comment(std::min(text_.find_first_of("\r\n", at_), text_.size()));
            else if (text_.substr(at_).starts_with("/*")) skip_block_comment();
            else return;
        }
    }

    // After such a comment or string, readers see code in another order than the compiler does; solc refuses it, too.
    void check_directions(std::size_t begin, std::size_t end, std::string_view where) {
        constexpr std::size_t mark_bytes = 3;
        std::vector<std::size_t> open;
        for (std::size_t i = begin; i < end; ++i) {
            const int change = direction_change(text_.substr(i, std::min(mark_bytes, end - i)));
            if (change > 0) open.push_back(i);
            if (change >= 0) continue;
            if (open.empty()) {
                error(code::unbalanced_directions, "this mark takes back a direction of writing that was never set", i,
                      i + mark_bytes, "an invisible character stands here")
                    .helps.push_back("delete it");
                return;
            }
            open.pop_back();
        }
        if (open.empty()) return;
        error(code::unbalanced_directions,
              fmt::format("this mark sets the direction of writing, and nothing in the {} takes it back", where),
              open.front(), open.front() + mark_bytes, "an invisible character stands here")
            .helps.push_back("delete it: what follows it is shown in another order than it is read");
    }

    void skip_comment(std::size_t end) {
        const bool before = after_error_;
        check_directions(at_, end, "comment");
        after_error_ = before;  // code after it is not an error for that reason
        if (comments_) comments_->push_back({range(at_, end), 0, starts_line_});
        at_ = end;
    }

    void skip_block_comment() {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) {
            error(code::unterminated_comment, "this comment never ends", at_, at_ + 2, "it begins here")
                .helps.push_back("close it with `*/`");
            return skip_comment(text_.size());
        }
        const bool has_line_break = text_.substr(at_, end - at_).find('\n') != std::string_view::npos;
        skip_comment(end + 2);
        starts_line_ = starts_line_ || has_line_break;
    }

    // Reads one token, or something unreadable. Returns false if the file has too many.
    bool scan_token() {
        if (tokens_.size() >= max_tokens) {
            error(code::file_too_large, fmt::format("the file has more than {} words and signs", max_tokens), at_, at_ + 1);
            tokens_.clear();
            return false;
        }
        const char c = text_[at_];
        const bool decimal_point = c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
        if (is_word_start(c)) scan_word();
        else if (is_digit(c) || decimal_point) scan_number();
        else if (c == '"' || c == '\'') scan_string(TokenKind::String, at_, false);
        else if (const Spelling* found = find_punctuation(text_.substr(at_))) take(found->kind, found->text.size());
        else skip_stray();
        return true;
    }

    void scan_word() {
        std::size_t end = at_;
        while (end < text_.size() && is_word(text_[end])) ++end;
        const std::string_view word = text_.substr(at_, end - at_);
        const bool before_quote = end < text_.size() && (text_[end] == '"' || text_[end] == '\'');
        if (before_quote && word == "hex") return scan_string(TokenKind::HexString, end, false);
        if (before_quote && word == "unicode") return scan_string(TokenKind::String, end, true);
        take(kind_here(word), word.size());
        if (word == "pragma") scan_pragma_text();
    }

    [[nodiscard]] Dialect dialect() const { return {levels_.newest().value_or(newest_level)}; }

    [[nodiscard]] TokenKind kind_here(std::string_view word) const {
        if (!is_word_of(dialect(), word)) return TokenKind::Identifier;
        if (word == "byte" && dialect().has(rule::byte_is_a_type)) return TokenKind::Elementary;
        return kind_of_word(word);
    }

    // `solidity ^0.8.20` has a grammar of its own. It continues on the next line only with parts of versions.
    void scan_pragma_text() {
        skip_space();
        std::size_t end = std::min(text_.find_first_of(";\r\n", at_), text_.size());
        while (end < text_.size() && text_[end] != ';') {
            const std::size_t next = text_.find_first_not_of(" \t\r\n", end);
            constexpr std::string_view in_versions = "0123456789^~<>=|-*.\"'";
            if (next == std::string_view::npos || in_versions.find(text_[next]) == std::string_view::npos) break;
            end = std::min(text_.find_first_of(";\r\n", next), text_.size());
        }
        if (end <= at_) return;
        take(TokenKind::PragmaText, end - at_);
        constexpr std::string_view of_versions = "solidity ";
        const std::string pragma = plain_pragma(tokens_.back().text);
        if (pragma.starts_with(of_versions)) levels_ = levels_ & Levels::allowed_by(pragma.substr(of_versions.size()));
    }

    void scan_number() {
        const std::size_t length = number_length(text_.substr(at_));
        const std::string_view number = text_.substr(at_, length);
        if (is_number(number)) return take(TokenKind::Number, length);
        Diagnostic& d =
            error(code::malformed_number, fmt::format("`{}` is not a number", number.substr(0, 40)), at_, at_ + length);
        if (number.size() > 1 && number[0] == '0' && is_digit(number[1]))
            d.helps.push_back("a number does not begin with zeros; there are no octal numbers");
        else if (number.starts_with("0X")) d.helps.push_back("write `0x` with a small x");
        else if (number.find('_') != std::string_view::npos) d.helps.push_back("an underscore stands between two digits");
        take(TokenKind::Number, length);
        tokens_.back().text = "0";  // so that the number is not reported again
    }

    // Reads a string whose opening quote is at `quote`; a prefix such as `hex` comes before it.
    void scan_string(TokenKind kind, std::size_t quote, bool unicode) {
        std::size_t end = quote + 1;
        bool told_character = false;
        while (end < text_.size() && text_[end] != text_[quote] && text_[end] != '\n' && text_[end] != '\r') {
            if (text_[end] == '\\') {
                end += scan_escape(end);
                continue;
            }
            const bool is_any = unicode || dialect().has(rule::text_has_any_character);
            if (!is_ascii(text_[end]) && !is_any && !told_character && kind == TokenKind::String) {
                error(code::character_in_string, "a plain string holds ASCII characters only", end,
                      end + std::max<std::size_t>(1, utf8_length(text_.substr(end, 4))))
                    .helps.push_back("write `unicode\"…\"`");
                told_character = true;
            }
            ++end;
        }
        if (end >= text_.size() || text_[end] != text_[quote]) {
            error(code::unterminated_string, "this string never ends", at_, quote + 1, "it begins here")
                .helps.push_back(fmt::format("close it with `{}` on the same line", text_[quote]));
        } else {
            ++end;
        }
        if (kind == TokenKind::HexString && text_[end - 1] == text_[quote] &&
            !is_hex_string(text_.substr(quote + 1, end - quote - 2)))
            error(code::malformed_hex_string, "a hex string is made of pairs of hex digits", quote + 1, end - 1);
        if (unicode) check_directions(quote, end, "string");
        const bool closed = text_[end - 1] == text_[quote] && end - 1 > quote;
        take(kind, end - at_);
        after_error_ = !closed;
    }

    // Returns how many bytes to advance.
    std::size_t scan_escape(std::size_t backslash) {
        const std::size_t length = escape_length(text_.substr(backslash, 6));
        if (length != 0) return length;
        const bool at_line_end =
            backslash + 1 >= text_.size() || text_[backslash + 1] == '\n' || text_[backslash + 1] == '\r';
        if (at_line_end) return 1;
        const std::size_t next = std::max<std::size_t>(1, utf8_length(text_.substr(backslash + 1, 4)));
        error(code::bad_escape, "there is no such escape sequence", backslash, backslash + 1 + next)
            .helps.push_back(R"(write one of \n \r \t \\ \' \" \xNN \uNNNN)");
        return 1 + next;
    }

    // Skips a character that begins no token. Broken bytes have been reported for the whole file.
    void skip_stray() {
        const std::size_t length = utf8_length(text_.substr(at_, 4));
        const std::size_t begin = at_;
        at_ += std::max<std::size_t>(1, length);
        found_error_ = after_error_ = true;
        if (length == 0) return;
        const std::string_view character = text_.substr(begin, length);
        if (strays_.size() >= max_stray_kinds && !strays_.contains(character)) {
            ++strays_.at(last_stray_).others;
            return;
        }
        Stray& stray = strays_[character];
        if (stray.count++ == 0) {
            stray.begin = begin;
            stray.end = at_;
            last_stray_ = character;
        }
        if (character == "\u201C" || character == "\u2018") skip_quoted(character == "\u201C" ? "\u201D" : "\u2019");
    }

    // Text in a word processor's quotes is a string with the wrong quotes, not code with errors of its own.
    void skip_quoted(std::string_view closing) {
        const std::string_view line = text_.substr(at_, text_.find('\n', at_) - at_);
        if (const std::size_t end = line.find(closing); end != std::string_view::npos) at_ += end + closing.size();
    }

    void report_strays() {
        for (const auto& [character, stray] : strays_) {
            const std::string shown = is_control(character[0])
                                          ? fmt::format("0x{:02x}", static_cast<unsigned char>(character[0]))
                                          : fmt::format("`{}`", character);
            Diagnostic& d = error(code::stray_character, "unexpected character " + shown, stray.begin, stray.end);
            if (stray.count > 1) d.notes.push_back(fmt::format("found {} times in this file", stray.count));
            if (stray.others > 0)
                d.notes.push_back(fmt::format("more unexpected characters of other kinds follow: {}", stray.others));
            if (character == "\u201C" || character == "\u201D" || character == "\u2018" || character == "\u2019")
                d.helps.push_back("strings are written with straight quotes: `\"`");
            if (character == "\u2212" || character == "\u2013")
                d.helps.push_back("this is not the minus of the keyboard: `-`");
            if (character == "\u00A0" || character == "\u200B" || character == "\uFEFF")
                d.helps.push_back("this is an invisible character: delete it");
        }
    }

    void take(TokenKind kind, std::size_t length) {
        push(kind, at_, at_ + length);
        at_ += length;
    }

    void push(TokenKind kind, std::size_t begin, std::size_t end) {
        tokens_.push_back({kind, starts_line_, after_error_, range(begin, end), text_.substr(begin, end - begin)});
        starts_line_ = after_error_ = false;
        if (comments_)
            for (; targeted_ < comments_->size(); ++targeted_) (*comments_)[targeted_].target = range(begin, end).begin;
    }

    const SourceFile& file_;
    std::string_view text_;
    Diagnostics& diagnostics_;
    std::vector<Comment>* comments_;
    Levels levels_;
    std::size_t targeted_ = 0;  // number of comments whose target is known
    std::size_t at_ = 0;
    bool starts_line_ = true, after_error_ = false, found_error_ = false;
    std::vector<Token> tokens_;
    std::map<std::string_view, Stray> strays_;  // by character
    std::string_view last_stray_;
};

}  // namespace

std::vector<Token> lex(const SourceFile& file, Diagnostics& diagnostics, std::vector<Comment>* comments) {
    Levels levels = Levels::all();
    return lex(file, diagnostics, comments, levels);
}

std::vector<Token> lex(const SourceFile& file, Diagnostics& diagnostics, std::vector<Comment>* comments, Levels& levels) {
    Lexer lexer(file, diagnostics, comments, levels);
    std::vector<Token> tokens = lexer.run();
    levels = lexer.levels();
    return tokens;
}

bool lex_clause(const SourceFile& file, std::size_t begin, std::size_t end, std::vector<Token>& tokens, int& depth,
                Diagnostics& diagnostics) {
    return Lexer(file, diagnostics, nullptr).run_clause(begin, end, tokens, depth);
}

std::string name_of(TokenKind kind) {
    switch (kind) {
        case TokenKind::End: return "the end of the file";
        case TokenKind::Identifier: return "a name";
        case TokenKind::Elementary: return "a type";
        case TokenKind::Reserved: return "a reserved word";
        case TokenKind::Number: return "a number";
        case TokenKind::String: return "a string";
        case TokenKind::HexString: return "a hex string";
        case TokenKind::PragmaText: return "a pragma's text";
#define INTERLOCK_TOKEN(name, text) \
    case TokenKind::name: return "`" text "`";
            INTERLOCK_PUNCTUATION(INTERLOCK_TOKEN) INTERLOCK_KEYWORDS(INTERLOCK_TOKEN)
#undef INTERLOCK_TOKEN
    }
    return "";
}

std::string value_of(const Token& token) {
    const std::size_t quote = std::min(token.text.find_first_of("\"'"), token.text.size() - 1);
    std::string_view inner = token.text.substr(quote + 1);
    if (inner.ends_with(token.text[quote])) inner.remove_suffix(1);
    if (token.kind == TokenKind::HexString) return hex_string_value(inner);
    std::string result;
    while (!inner.empty()) {
        const std::size_t length = inner[0] == '\\' ? escape_length(inner) : 1;
        if (inner[0] == '\\') {
            if (length != 0) append_escape(result, inner.substr(0, length));
        } else result += inner[0];
        inner.remove_prefix(std::max<std::size_t>(1, length));
    }
    return result;
}

}  // namespace interlock::lang
