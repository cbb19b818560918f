#include "lang/syntax/dialect.hpp"

#include <algorithm>
#include <cctype>

#include "lang/syntax/version_range.hpp"

namespace interlock::lang {
namespace {

// The versions of each level. The last series is open: the language has not changed its meaning since.
struct Series {
    Level level;
    unsigned minor, patches;
};
constexpr std::array<Series, 6> all_series{{{Level::V03, 3, 7},
                                            {Level::V04, 4, 27},
                                            {Level::V05, 5, 18},
                                            {Level::V06, 6, 13},
                                            {Level::V07, 7, 7},
                                            {Level::V08, 8, 100}}};

}  // namespace

Levels Levels::allowed_by(std::string_view text) {
    const std::optional<VersionRange> range = read_version_range(text);
    if (!range) return all();
    unsigned bits = 0;
    for (const Series& each : all_series)
        for (unsigned patch = 0; patch < each.patches; ++patch)
            if (lang::includes(*range, {0, each.minor, patch})) bits |= 1u << static_cast<unsigned>(each.level);
    return Levels(bits);
}

std::optional<Level> Levels::newest() const {
    for (auto each = all_series.rbegin(); each != all_series.rend(); ++each)
        if (includes(each->level)) return each->level;
    return std::nullopt;
}

std::string plain_pragma(std::string_view text) {
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("/*")) {
            const std::size_t end = text.find("*/", at + 2);
            at = end == std::string_view::npos ? text.size() : end + 2;
        } else if (text.substr(at).starts_with("//")) {
            at = std::min(text.find('\n', at), text.size());
        } else {
            const bool is_space = std::isspace(static_cast<unsigned char>(text[at]));
            if (!is_space || (!made.empty() && made.back() != ' ')) made += is_space ? ' ' : text[at];
            ++at;
        }
    }
    while (made.ends_with(' ')) made.pop_back();
    return made;
}

}  // namespace interlock::lang
