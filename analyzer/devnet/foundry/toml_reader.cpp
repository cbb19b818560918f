// Reads TOML texts as documents. (TOML 1.0.0, toml.io.)
#include <algorithm>
#include <charconv>

#include "analyzer/devnet/foundry/document.hpp"

namespace interlock::analyzer::foundry {

namespace {

using Kind = Document::Kind;

struct Wrong {
    std::string what;
};

void append_utf8(std::string& text, std::uint32_t code) {
    const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80) text += static_cast<char>(code);
    else if (code < 0x800) text += static_cast<char>(0xc0 | code >> 6), tail(0);
    else if (code < 0x10000) text += static_cast<char>(0xe0 | code >> 12), tail(6), tail(0);
    else text += static_cast<char>(0xf0 | (code >> 18 & 7)), tail(12), tail(6), tail(0);
}

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) { root_.kind = Kind::Object; }

    Document read() {
        Document* table = &root_;
        for (skip_lines(); at_ < text_.size(); skip_lines()) {
            if (peek() == '[') table = &read_header();
            else read_pair(*table, 0);
            end_line();
        }
        return std::move(root_);
    }

  private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    [[nodiscard]] bool is_next(std::string_view what) const { return text_.substr(at_).starts_with(what); }

    [[noreturn]] void fail(const std::string& what) const {
        throw Wrong{what + " in line " + std::to_string(1 + std::ranges::count(text_.substr(0, at_), '\n'))};
    }

    void take(char expected) {
        if (at_ == text_.size() || peek() != expected) fail(std::string("`") + expected + "` is missing");
        ++at_;
    }

    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t') ++at_;
    }

    void skip_comment() {
        skip_blanks();
        if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
    }

    void skip_lines() {
        for (skip_comment(); at_ < text_.size() && (peek() == '\n' || peek() == '\r'); skip_comment()) ++at_;
    }

    void end_line() {
        skip_comment();
        if (peek() == '\r') ++at_;
        if (at_ < text_.size() && peek() != '\n') fail("a value ends, and something follows");
    }

    // --- keys and tables ---

    std::string read_key() {
        skip_blanks();
        if (peek() == '"' || peek() == '\'') return read_text();
        const std::size_t first = at_;
        while ((peek() >= 'a' && peek() <= 'z') || (peek() >= 'A' && peek() <= 'Z') || (peek() >= '0' && peek() <= '9') ||
               peek() == '_' || peek() == '-')
            ++at_;
        if (at_ == first) fail("a key is missing");
        return std::string(text_.substr(first, at_ - first));
    }

    std::vector<std::string> read_keys() {
        std::vector<std::string> keys{read_key()};
        for (skip_blanks(); peek() == '.'; skip_blanks()) {
            ++at_;
            keys.push_back(read_key());
        }
        if (keys.size() > max_document_depth) fail("tables lie too deep in each other");
        return keys;
    }

    // Returns the table of a key, or the last table if the key holds a list of tables.
    Document& table_in(Document& table, const std::string& key) {
        Document& found = table.member(key);
        if (found.kind == Kind::Null) found.kind = Kind::Object;
        if (found.kind == Kind::List && !found.elements.empty() && found.elements.back().kind == Kind::Object)
            return found.elements.back();
        if (found.kind != Kind::Object) fail("`" + key + "` is no table");
        return found;
    }

    Document& read_header() {
        take('[');
        const bool is_list = peek() == '[';
        if (is_list) ++at_;
        const std::vector<std::string> keys = read_keys();
        take(']');
        if (is_list) take(']');
        Document* table = &root_;
        for (std::size_t i = 0; i + 1 < keys.size(); ++i) table = &table_in(*table, keys[i]);
        if (!is_list) return table_in(*table, keys.back());
        Document& list = table->member(keys.back());
        if (list.kind == Kind::Null) list.kind = Kind::List;
        if (list.kind != Kind::List) fail("`" + keys.back() + "` is no list");
        list.elements.emplace_back().kind = Kind::Object;
        return list.elements.back();
    }

    void read_pair(Document& table, std::size_t depth) {
        const std::vector<std::string> keys = read_keys();
        Document* in = &table;
        for (std::size_t i = 0; i + 1 < keys.size(); ++i) in = &table_in(*in, keys[i]);
        if (in->find(keys.back())) fail("the key `" + keys.back() + "` is there twice");
        take('=');
        Document value = read_value(depth + keys.size());
        in->member(keys.back()) = std::move(value);
    }

    // --- values ---

    Document read_value(std::size_t depth) {
        if (depth > max_document_depth) fail("lists and tables lie too deep in each other");
        skip_blanks();
        switch (peek()) {
            case '"':
            case '\'': return {Kind::Text, read_text(), {}, {}};
            case '[': return read_list(depth);
            case '{': return read_inline_table(depth);
            default: return read_word();
        }
    }

    Document read_list(std::size_t depth) {
        Document list{Kind::List, {}, {}, {}};
        take('[');
        for (skip_lines(); peek() != ']'; skip_lines()) {
            list.elements.push_back(read_value(depth + 1));
            skip_lines();
            if (peek() != ']') take(',');
        }
        take(']');
        return list;
    }

    Document read_inline_table(std::size_t depth) {
        Document table{Kind::Object, {}, {}, {}};
        take('{');
        for (skip_blanks(); peek() != '}';) {
            read_pair(table, depth + 1);
            skip_blanks();
            if (peek() == '}') break;
            take(',');
        }
        take('}');
        return table;
    }

    // Reads a number, a flag or a date.
    Document read_word() {
        const std::size_t first = at_, end = std::min(text_.find_first_of(",]}#\r\n", at_), text_.size());
        std::string word(text_.substr(first, end - first));
        while (word.ends_with(' ') || word.ends_with('\t')) word.pop_back();
        at_ = first + word.size();
        if (word.empty()) fail("a value is missing");
        if (word == "true" || word == "false") return {Kind::Flag, word, {}, {}};
        const bool is_date = word.find(':') != std::string::npos || (word.size() >= 10 && word[4] == '-' && word[7] == '-');
        if (is_date) return {Kind::Text, word, {}, {}};
        std::erase(word, '_');
        if (word.starts_with('+')) word.erase(0, 1);
        if (word.starts_with("0o") || word.starts_with("0b")) word = in_decimal(word.substr(2), word[1] == 'o' ? 8 : 2);
        const std::string_view digits = word.starts_with("0x") ? "0123456789abcdefABCDEFx" : "0123456789.eE+-";
        const std::size_t sign = word.starts_with('-') ? 1 : 0;
        if (word.size() == sign || word[sign] < '0' || word[sign] > '9' ||
            word.find_first_not_of(digits) != std::string::npos)
            fail("`" + word + "` is no value");
        return {Kind::Number, word, {}, {}};
    }

    std::string in_decimal(const std::string& digits, int base) const {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
        if (error != std::errc{} || end != digits.data() + digits.size()) fail("`" + digits + "` is no number");
        return std::to_string(number);
    }

    std::string read_text() {
        const char quote = peek();
        const std::string three(3, quote);
        const bool is_long = is_next(three);
        at_ += is_long ? 3 : 1;
        if (is_long && is_next("\r\n")) at_ += 2;
        else if (is_long && peek() == '\n') ++at_;
        std::string text;
        for (;;) {
            if (at_ == text_.size() || (!is_long && peek() == '\n')) fail("a text has no end");
            if (is_long ? is_next(three) : peek() == quote) break;
            if (quote == '"' && peek() == '\\') read_escape(text);
            else text += text_[at_++];
        }
        // Quotation marks directly before the end belong to the text.
        while (is_long && peek(3) == quote) text += text_[at_++];
        at_ += is_long ? 3 : 1;
        return text;
    }

    void read_escape(std::string& text) {
        ++at_;
        const char kind = peek();
        if (kind == '\n' || kind == '\r' || kind == ' ' || kind == '\t') {
            while (at_ < text_.size() && std::string_view(" \t\r\n").find(peek()) != std::string_view::npos) ++at_;
            return;
        }
        ++at_;
        constexpr std::string_view names = "btnfre\"\\", meanings = "\b\t\n\f\r\x1b\"\\";
        if (const std::size_t i = names.find(kind); kind != '\0' && i != std::string_view::npos) {
            text += meanings[i];
            return;
        }
        if (kind != 'u' && kind != 'U') fail("an unknown escape");
        const std::string_view digits = text_.substr(at_, kind == 'u' ? 4 : 8);
        std::uint32_t code = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        if (error != std::errc{} || end != digits.data() + digits.size() || code > 0x10ffff) fail("an unknown character");
        append_utf8(text, code);
        at_ += digits.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Document root_;
};

}  // namespace

ReadDocument read_toml(std::string_view text) {
    try {
        return Reader(text).read();
    } catch (const Wrong& wrong) {
        return wrong.what;
    }
}

}  // namespace interlock::analyzer::foundry
