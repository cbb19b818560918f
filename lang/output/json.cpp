#include "lang/output/json.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

namespace interlock {

Json::Json(std::initializer_list<Entry> members) : value_(Members{}) {
    for (const Entry& each : members)
        if (!contains(each.key)) std::get<Members>(value_).push_back({std::string(each.key), std::move(each.value)});
}

Json Json::object() {
    Json json;
    json.value_ = Members{};
    return json;
}

Json Json::object(std::map<std::string, Json> members) {
    Json json = object();
    for (auto& [key, value] : members) std::get<Members>(json.value_).push_back({key, std::move(value)});
    return json;
}

Json Json::array(std::initializer_list<Json> elements) {
    Json json;
    json.value_ = Elements(elements);
    return json;
}

const Json* Json::find(std::string_view key) const {
    const auto* members = std::get_if<Members>(&value_);
    if (members == nullptr) return nullptr;
    const auto found = std::ranges::find(*members, key, &Member::key);
    return found == members->end() ? nullptr : &found->value;
}

Json& Json::operator[](std::string_view key) {
    if (std::holds_alternative<std::nullptr_t>(value_)) value_ = Members{};
    auto& members = std::get<Members>(value_);
    const auto found = std::ranges::find(members, key, &Member::key);
    return found != members.end() ? found->value : members.emplace_back(Member{std::string(key), {}}).value;
}

const Json& Json::operator[](std::string_view key) const {
    const Json* found = find(key);
    assert(found != nullptr);
    return *found;
}

void Json::erase(std::string_view key) {
    if (auto* members = std::get_if<Members>(&value_))
        members->remove_if([&](const Member& member) { return member.key == key; });
}

void Json::take(Json&& others) {
    for (Member& member : std::get<Members>(others.value_)) (*this)[member.key] = std::move(member.value);
}

Json& Json::operator[](std::size_t index) { return elements()[index]; }
const Json& Json::operator[](std::size_t index) const { return elements()[index]; }

void Json::push_back(Json element) {
    if (std::holds_alternative<std::nullptr_t>(value_)) value_ = Elements{};
    elements().push_back(std::move(element));
}

std::size_t Json::size() const {
    if (const auto* members = std::get_if<Members>(&value_)) return members->size();
    if (const auto* list = std::get_if<Elements>(&value_)) return list->size();
    return 0;
}

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the UTF-8 sequence at the front, or of the longest invalid part of one, which is to be replaced. (The
// Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences", and "U+FFFD Substitution of Maximal Subparts".)
struct Sequence {
    std::size_t bytes;
    bool is_whole;
};

Sequence sequence_at(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {1, true};
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : (lead & 0xF0) == 0xE0        ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 1;
    if (length == 1) return {1, false};
    for (std::size_t i = 1; i < length; ++i) {
        if (i == text.size()) return {i, false};
        std::uint8_t least = 0x80, most = 0xBF;
        if (i == 1 && lead == 0xE0) least = 0xA0;
        if (i == 1 && lead == 0xED) most = 0x9F;
        if (i == 1 && lead == 0xF0) least = 0x90;
        if (i == 1 && lead == 0xF4) most = 0x8F;
        if (byte(i) < least || byte(i) > most) return {i, false};
    }
    return {length, true};
}

template <class Number>
void append_number(std::string& text, Number number) {
    std::array<char, 400> digits{};
    std::to_chars_result end{};
    if constexpr (std::floating_point<Number>)
        end = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
    else end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text.append(digits.data(), end.ptr);
}

}  // namespace

// Recurses once per level; our own values have a small depth.
class JsonWriter {
  public:
    JsonWriter(Json::Keys keys, bool is_indented) : keys_(keys), is_indented_(is_indented) {}

    std::string write(const Json& json) {
        append(json, 0);
        return std::move(text_);
    }

  private:
    void append(const Json& json, std::size_t level) {
        std::visit([&](const auto& value) { append_value(value, level); }, json.value_);
    }

    void append_value(std::nullptr_t, std::size_t) { text_ += "null"; }
    void append_value(bool flag, std::size_t) { text_ += flag ? "true" : "false"; }
    void append_value(std::int64_t number, std::size_t) { append_number(text_, number); }
    void append_value(std::uint64_t number, std::size_t) { append_number(text_, number); }
    void append_value(double number, std::size_t) {
        if (!std::isfinite(number)) {
            text_ += "null";
            return;
        }
        const std::size_t start = text_.size();
        append_number(text_, number);
        if (text_.find('.', start) == std::string::npos) text_ += ".0";
    }

    void append_value(const std::string& string, std::size_t) {
        text_ += '"';
        for (std::string_view rest = string; !rest.empty();) {
            const auto [bytes, is_whole] = sequence_at(rest);
            if (!is_whole) text_ += replacement;
            else if (bytes == 1) append_character(rest.front());
            else text_ += rest.substr(0, bytes);
            rest.remove_prefix(bytes);
        }
        text_ += '"';
    }

    void append_character(char character) {
        switch (character) {
            case '"': text_ += "\\\""; return;
            case '\\': text_ += "\\\\"; return;
            case '\b': text_ += "\\b"; return;
            case '\f': text_ += "\\f"; return;
            case '\n': text_ += "\\n"; return;
            case '\r': text_ += "\\r"; return;
            case '\t': text_ += "\\t"; return;
            default: break;
        }
        constexpr std::string_view digits = "0123456789abcdef";
        if (character >= ' ' || character < 0) text_ += character;
        else (text_ += character < 16 ? "\\u000" : "\\u001") += digits[static_cast<std::size_t>(character) % 16];
    }

    void append_value(const Json::Elements& elements, std::size_t level) {
        text_ += '[';
        bool is_first = true;
        for (const Json& each : elements) {
            begin_item(is_first, level + 1);
            append(each, level + 1);
        }
        end_items(is_first, level);
        text_ += ']';
    }

    void append_value(const Json::Members& members, std::size_t level) {
        std::vector<const Json::Member*> order;
        for (const Json::Member& each : members) order.push_back(&each);
        if (keys_ == Json::Keys::Sorted)
            std::ranges::sort(order, {}, [](const Json::Member* member) -> const std::string& { return member->key; });
        text_ += '{';
        bool is_first = true;
        for (const Json::Member* each : order) {
            begin_item(is_first, level + 1);
            append_value(each->key, level);
            text_ += is_indented_ ? ": " : ":";
            append(each->value, level + 1);
        }
        end_items(is_first, level);
        text_ += '}';
    }

    void begin_item(bool& is_first, std::size_t level) {
        if (!is_first) text_ += ',';
        is_first = false;
        break_line(level);
    }
    void end_items(bool is_empty, std::size_t level) {
        if (!is_empty) break_line(level);
    }
    void break_line(std::size_t level) {
        if (!is_indented_) return;
        text_ += '\n';
        text_.append(level, ' ');
    }

    Json::Keys keys_;
    bool is_indented_;
    std::string text_;
};

std::string Json::text(Keys keys) const { return JsonWriter(keys, false).write(*this); }
std::string Json::indented_text(Keys keys) const { return JsonWriter(keys, true).write(*this); }

}  // namespace interlock
