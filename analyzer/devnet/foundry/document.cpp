#include "analyzer/devnet/foundry/document.hpp"

#include <algorithm>
#include <charconv>

#include "lang/output/json.hpp"

namespace interlock::analyzer::foundry {

const Document* Document::find(std::string_view key) const {
    const auto found = std::ranges::find(keys, key);
    return found == keys.end() ? nullptr : &elements[static_cast<std::size_t>(found - keys.begin())];
}

Document& Document::member(const std::string& key) {
    const auto found = std::ranges::find(keys, key);
    if (found != keys.end()) return elements[static_cast<std::size_t>(found - keys.begin())];
    keys.push_back(key);
    return elements.emplace_back();
}

std::string to_json(const Document& document) {
    using Kind = Document::Kind;
    std::string text;
    switch (document.kind) {
        case Kind::Null: return "null";
        case Kind::Flag:
        case Kind::Number: return document.text;
        case Kind::Text: return Json(document.text).text();
        case Kind::List:
            for (const Document& each : document.elements) text += (text.empty() ? "" : ",") + to_json(each);
            return "[" + text + "]";
        case Kind::Object: break;
    }
    std::vector<std::string> sorted = document.keys;
    std::ranges::sort(sorted);
    for (const std::string& key : sorted)
        text += (text.empty() ? "" : ",") + Json(key).text() + ":" + to_json(*document.find(key));
    return "{" + text + "}";
}

namespace {

// The first step of a path; the rest stays in `path`.
struct Step {
    enum class Kind : std::uint8_t { Key, Index, All };
    Kind kind = Kind::All;
    std::string key;
    std::int64_t index = 0;  // a negative index counts from the end
};

std::optional<Step> take_bracket(std::string_view& path) {
    const char quote = path.size() > 1 ? path[1] : '\0';
    if (quote == '\'' || quote == '"') {
        const std::size_t end = path.find(quote, 2);
        if (end == std::string_view::npos || end + 1 >= path.size() || path[end + 1] != ']') return std::nullopt;
        const Step step{Step::Kind::Key, std::string(path.substr(2, end - 2)), 0};
        path.remove_prefix(end + 2);
        return step;
    }
    const std::size_t end = path.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = path.substr(1, end - 1);
    path.remove_prefix(end + 1);
    if (inside == "*") return Step{};
    Step step{Step::Kind::Index, {}, 0};
    const auto [last, error] = std::from_chars(inside.data(), inside.data() + inside.size(), step.index);
    if (error != std::errc{} || last != inside.data() + inside.size()) return std::nullopt;
    return step;
}

std::optional<Step> take_step(std::string_view& path) {
    if (path.starts_with('.')) path.remove_prefix(1);
    else if (!path.starts_with('[')) return std::nullopt;
    if (path.starts_with('[')) return take_bracket(path);
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    if (end == 0) return std::nullopt;
    const std::string_view key = path.substr(0, end);
    path.remove_prefix(end);
    if (key == "*") return Step{};
    return Step{Step::Kind::Key, std::string(key), 0};
}

void follow(const Step& step, const Document& from, std::vector<const Document*>& reached) {
    const bool is_list = from.kind == Document::Kind::List;
    if (step.kind == Step::Kind::All) {
        for (const Document& each : from.elements) reached.push_back(&each);
    } else if (step.kind == Step::Kind::Key) {
        if (const Document* const found = from.find(step.key)) reached.push_back(found);
    } else if (is_list) {
        const auto size = static_cast<std::int64_t>(from.elements.size());
        const std::int64_t index = step.index < 0 ? step.index + size : step.index;
        if (index >= 0 && index < size) reached.push_back(&from.elements[static_cast<std::size_t>(index)]);
    }
}

}  // namespace

std::optional<std::vector<const Document*>> select(const Document& document, std::string_view path) {
    if (path.starts_with('$')) path.remove_prefix(1);
    if (path == ".") path = {};
    std::vector<const Document*> reached{&document};
    while (!path.empty()) {
        const std::optional<Step> step = take_step(path);
        if (!step) return std::nullopt;
        std::vector<const Document*> next;
        for (const Document* const each : reached) follow(*step, *each, next);
        reached = std::move(next);
    }
    return reached;
}

}  // namespace interlock::analyzer::foundry
