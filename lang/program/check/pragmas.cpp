// Checks pragmas: the language versions for which a file is written, the ABI coder, experiments. (Solidity
// documentation, "Version Pragma".)
#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/syntax/version_range.hpp"

namespace interlock::lang {
namespace {

// All versions with which this compiler is compatible: the language did not change its meaning between them.
constexpr unsigned major = 0, minor = 8, patches = 100;

// Returns the text without comments and with single spaces between words.
std::string plain(std::string_view text) {
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

class Pragmas {
  public:
    explicit Pragmas(Context& context) : context_(context) {}

    void file(const Unit& unit) {
        patches_.assign(patches, true);
        has_coder_ = chose_first_ = false;
        experiments_.clear();
        for (const Pragma& pragma : unit.pragmas) {
            const std::string text = plain(pragma.text);
            const std::size_t space = std::min(text.find(' '), text.size());
            const std::string_view name = std::string_view(text).substr(0, space);
            std::string_view rest = std::string_view(text).substr(space);
            if (!rest.empty()) rest.remove_prefix(1);
            if (name == "solidity") version(pragma, rest);
            else if (name == "abicoder") coder(pragma, rest);
            else if (name == "experimental") experiment(pragma, rest);
            else
                refuse(pragma, fmt::format("there is no pragma `{}`", name),
                       "there are `solidity`, `abicoder` and `experimental`");
        }
    }

    // Returns true if the file that was read last chose the ABI coder v1.
    [[nodiscard]] bool chose_first() const { return chose_first_; }

  private:
    void refuse(const Pragma& pragma, std::string message, std::string help) {
        context_.report(code::bad_pragma, std::move(message), pragma.range).helps.push_back(std::move(help));
    }

    void version(const Pragma& pragma, std::string_view written) {
        const std::optional<VersionRange> range = read_version_range(written);
        if (!range) {
            return refuse(pragma,
                          written.empty() ? "this pragma names no version" : fmt::format("`{}` names no versions", written),
                          "write `pragma solidity ^0.8.0;`");
        }
        const bool was_possible = std::ranges::find(patches_, true) != patches_.end();
        for (unsigned patch = 0; patch < patches; ++patch)
            patches_[patch] = patches_[patch] && includes(*range, {major, minor, patch});
        if (!was_possible || std::ranges::find(patches_, true) != patches_.end()) return;
        Diagnostic& diagnostic = context_.report(code::wrong_version, fmt::format("this file is for Solidity `{}`", written),
                                                 pragma.range, "no version 0.8 is among these");
        if (asks_for_older(*range))
            diagnostic.helps.push_back(
                "before 0.8 arithmetic wraps around in silence: look for what relies on that before "
                "you write `^0.8.0`");
    }

    static bool asks_for_older(const VersionRange& range) {
        const auto is_older = [](const VersionCondition& each) {
            const auto& [first, second, third] = each.version.parts;
            return first == major && second &&
                   (*second < minor || (*second == minor && each.sign == VersionCondition::Sign::Less));
        };
        return std::ranges::any_of(range, [&](const auto& all) { return std::ranges::any_of(all, is_older); });
    }

    void coder(const Pragma& pragma, std::string_view written) {
        if (written != "v1" && written != "v2" && written != "\"v1\"" && written != "\"v2\"")
            return refuse(pragma, "there are two ABI coders, v1 and v2",
                          "write `pragma abicoder v2;`, or nothing: it is the one in use");
        if (has_coder_)
            refuse(pragma, "the ABI coder is chosen already in this file", "one such pragma is enough: leave this one out");
        has_coder_ = true;
        chose_first_ = written.find('1') != std::string_view::npos;
    }

    void experiment(const Pragma& pragma, std::string_view written) {
        if (written.size() > 1 && (written.front() == '"' || written.front() == '\''))
            written = written.substr(1, written.size() - 2);
        if (written != "ABIEncoderV2" && written != "SMTChecker")
            refuse(pragma,
                   written.empty() ? "this pragma names no experiment" : fmt::format("there is no experiment `{}`", written),
                   "leave the line out");
        if (std::ranges::find(experiments_, written) != experiments_.end())
            refuse(pragma, fmt::format("experiment `{}` is named twice", written), "leave this line out");
        experiments_.emplace_back(written);
        if (written != "ABIEncoderV2") return;
        if (has_coder_ && chose_first_) refuse(pragma, "the ABI coder is v1 in this file", "leave one of the pragmas out");
        has_coder_ = true;
    }

    Context& context_;
    std::vector<bool> patches_;  // which versions 0.8.x are still possible
    bool has_coder_ = false, chose_first_ = false;
    std::vector<std::string> experiments_;  // of this file
};

}  // namespace

void check_pragmas(Context& context) {
    Pragmas pragmas(context);
    for (std::uint32_t i = 1; i < context.tree.units.size(); ++i) {
        pragmas.file(context.tree.units[i]);
        if (pragmas.chose_first()) context.with_old_coder.insert(UnitId{i});
    }
}

}  // namespace interlock::lang
