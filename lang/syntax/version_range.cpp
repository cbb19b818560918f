#include "lang/syntax/version_range.hpp"

#include <algorithm>
#include <cctype>

namespace interlock::lang {
namespace {

using Sign = VersionCondition::Sign;

class RangeReader {
  public:
    explicit RangeReader(std::string_view text) : text_(text) {}

    // Returns std::nullopt if the text is not a range.
    std::optional<VersionRange> read() {
        VersionRange range(1);
        bool has_span = false;  // `0.8.0 - 0.8.9`, between two `||`
        skip();
        if (at_ == text_.size()) return std::nullopt;
        while (at_ < text_.size()) {
            if (take("||")) {
                if (range.back().empty()) return std::nullopt;
                range.emplace_back();
                has_span = false;
                continue;
            }
            VersionCondition condition;
            condition.sign = sign();
            if (!version(condition.version) || has_span) return std::nullopt;  // a span stands alone
            if (take("-")) {
                if (!range.back().empty()) return std::nullopt;
                has_span = true;  // from this version to the next, whatever their signs
                VersionCondition last;
                (void)sign();
                if (!version(last.version)) return std::nullopt;
                condition.sign = Sign::GreaterEqual;
                last.sign = Sign::LessEqual;
                range.back().push_back(last);
            }
            range.back().push_back(condition);
        }
        return range.back().empty() ? std::nullopt : std::optional(range);
    }

  private:
    void skip() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    }

    bool take(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        skip();
        return true;
    }

    Sign sign() {
        if (take("^")) return Sign::Caret;
        if (take("~")) return Sign::Tilde;
        if (take("<=")) return Sign::LessEqual;
        if (take("<")) return Sign::Less;
        if (take(">=")) return Sign::GreaterEqual;
        if (take(">")) return Sign::Greater;
        take("=");
        return Sign::Equal;
    }

    bool version(Version& into) {
        const char quote = at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'') ? text_[at_] : '\0';
        if (quote) ++at_;
        for (std::size_t i = 0; i < 3; ++i) {
            if (!part(into.parts[i])) return false;
            if (at_ == text_.size() || text_[at_] != '.') break;
            if (i == 2) return false;
            ++at_;
        }
        if (quote && (at_ == text_.size() || text_[at_++] != quote)) return false;
        skip();
        return true;
    }

    bool part(std::optional<unsigned>& into) {
        constexpr std::size_t most_digits = 6;
        if (take_wildcard()) return true;
        const std::size_t first = at_;
        while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_]))) ++at_;
        if (at_ == first || at_ - first > most_digits) return false;
        unsigned number = 0;
        for (const char digit : text_.substr(first, at_ - first)) number = number * 10 + static_cast<unsigned>(digit - '0');
        into = number;
        return true;
    }

    bool take_wildcard() {
        const bool is_wildcard = at_ < text_.size() && (text_[at_] == 'x' || text_[at_] == 'X' || text_[at_] == '*');
        at_ += is_wildcard;
        return is_wildcard;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

bool VersionCondition::holds(const std::array<unsigned, 3>& ours) const {
    int order = 0;          // the version compared with the written parts
    std::size_t equal = 0;  // number of equal parts
    std::size_t written = 0;
    for (; written < 3 && version.parts[written]; ++written) {
        if (order == 0 && ours[written] != *version.parts[written]) order = ours[written] < *version.parts[written] ? -1 : 1;
        if (order == 0) ++equal;
    }
    switch (sign) {
        case Sign::Equal: return order == 0;
        case Sign::Less: return order < 0;
        case Sign::LessEqual: return order <= 0;
        case Sign::Greater: return order > 0;
        case Sign::GreaterEqual: return order >= 0;
        case Sign::Tilde: return order >= 0 && equal >= std::min<std::size_t>(written, 2);
        case Sign::Caret: {  // the first nonzero part must be equal
            std::size_t fixed = 0;
            while (fixed + 1 < written && *version.parts[fixed] == 0) ++fixed;
            return order >= 0 && equal >= std::min(written, fixed + 1);
        }
    }
    return false;
}

std::optional<VersionRange> read_version_range(std::string_view text) { return RangeReader(text).read(); }

bool includes(const VersionRange& range, const std::array<unsigned, 3>& version) {
    return std::ranges::any_of(range, [&](const std::vector<VersionCondition>& all) {
        return std::ranges::all_of(all, [&](const VersionCondition& each) { return each.holds(version); });
    });
}

}  // namespace interlock::lang
