// Replay: makes the trace again from the file's own inputs; the result must be the same byte for byte.
#include <algorithm>

#include "analyzer/report/trace_reader.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t max_differences = 8;
constexpr int max_nesting = 32;        // of nested brackets; a trace has eight
constexpr std::size_t max_shown = 72;  // characters of a value that are shown

std::string shown(const nlohmann::json& value) {
    std::string text =
        value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() > max_shown) text = text.substr(0, max_shown) + "…";
    return text;
}

// Long strings may differ somewhere in the middle, so this shows the place where they do.
std::string difference(const std::string& path, const nlohmann::json& said, const nlohmann::json& found) {
    if (said.is_string() && found.is_string()) {
        const auto& a = said.get_ref<const std::string&>();
        const auto& b = found.get_ref<const std::string&>();
        if (a.size() > max_shown || b.size() > max_shown) {
            const std::size_t at =
                static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
            const bool is_hex = a.starts_with("0x");
            const std::size_t from = at < 8 ? 0 : at - 8;
            return path + ": differs from " +
                   (is_hex && at >= 2 ? "byte " + std::to_string((at - 2) / 2) : "character " + std::to_string(at)) +
                   " on: the trace says …" + a.substr(from, 24) + "…, the replay gives …" +
                   (from < b.size() ? b.substr(from, 24) : "") + "…";
        }
    }
    return path + ": the trace says " + shown(said) + ", the replay gives " + shown(found);
}

void compare(const std::string& path, const nlohmann::json& said, const nlohmann::json& found,
             std::vector<std::string>& differences) {
    if (differences.size() >= max_differences || said == found) return;
    const std::string prefix = path.empty() ? "" : path + ".";
    if (said.is_object() && found.is_object()) {
        for (const auto& [key, value] : said.items()) {
            if (differences.size() >= max_differences) return;
            if (found.contains(key)) compare(prefix + key, value, found.at(key), differences);
            else differences.push_back(prefix + key + ": is in the trace, but not in the replay");
        }
        for (const auto& [key, value] : found.items())
            if (!said.contains(key) && differences.size() < max_differences)
                differences.push_back(prefix + key + ": is missing from the trace");
    } else if (said.is_array() && found.is_array() && said.size() == found.size()) {
        for (std::size_t i = 0; i < said.size(); ++i)
            compare(path + "[" + std::to_string(i) + "]", said[i], found[i], differences);
    } else if (said.is_array() && found.is_array()) {
        differences.push_back(path + ": the trace has " + std::to_string(said.size()) + " entries, the replay " +
                              std::to_string(found.size()));
    } else {
        differences.push_back(difference(path, said, found));
    }
}

}  // namespace

Replay replay(std::string_view text) {
    Replay result;
    const auto fail = [&](std::string why) {
        result.differences.push_back(std::move(why));
        return result;
    };
    if (text.size() > max_trace_bytes) return fail("the file is larger than " + std::to_string(max_trace_bytes) + " bytes");
    bool is_too_deep = false;
    const auto enter = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        is_too_deep |= depth > max_nesting;
        return !is_too_deep;
    };
    const nlohmann::json said = nlohmann::json::parse(text, enter, false);
    if (is_too_deep) return fail("the file is not a trace: it is nested more than " + std::to_string(max_nesting) + " deep");
    if (said.is_discarded()) return fail("the file is not JSON: it was cut off or changed");
    auto script = script_of(said);
    if (const auto* why = std::get_if<std::string>(&script)) return fail("the file is not a trace that can be run: " + *why);
    auto trace = run_script(std::get<AttackScript>(script));
    if (const auto* why = std::get_if<std::string>(&trace)) return fail("the attack cannot be run: " + *why);

    result.trace = std::make_shared<const Trace>(std::move(std::get<Trace>(trace)));
    const std::string fresh = to_json(*result.trace);
    compare("", said, nlohmann::json::parse(fresh), result.differences);
    if (result.differences.empty()) {
        const auto [a, b] = std::mismatch(text.begin(), text.end(), fresh.begin(), fresh.end());
        if (a != text.end() || b != fresh.end())
            result.differences.push_back("the file's text differs from its canonical form at byte " +
                                         std::to_string(a - text.begin()));
    }
    result.repeats = result.differences.empty();
    return result;
}

}  // namespace interlock::analyzer
