// Checks pragmas: the language versions for which a file is written, the ABI coder, experiments. (Solidity
// documentation, "Version Pragma".)
#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/syntax/dialect.hpp"
#include "lang/syntax/version_range.hpp"

namespace interlock::lang {
namespace {

class Pragmas {
  public:
    explicit Pragmas(Context& context) : context_(context) {}

    void file(const Unit& unit) {
        possible_ = Levels::all();
        has_coder_ = chose_first_ = false;
        experiments_.clear();
        for (const Pragma& pragma : unit.pragmas) {
            const std::string text = plain_pragma(pragma.text);
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
        const bool was_possible = possible_.newest().has_value();
        possible_ = possible_ & Levels::allowed_by(written);
        if (!was_possible || possible_.newest()) return;
        const Levels alone = Levels::allowed_by(written);
        context_.report(code::wrong_version, fmt::format("this file is for Solidity `{}`", written), pragma.range,
                        alone.newest() ? "no version is among these that the pragmas before allow"
                                       : "no version from 0.4.0 to 0.8 is among these");
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
    Levels possible_ = Levels::all();  // what the pragmas of the file have left
    bool has_coder_ = false, chose_first_ = false;
    std::vector<std::string> experiments_;  // of this file
};

// Files that import each other are of one dialect; only ours, as those that repeat an attack, speak to any.
void check_levels(Context& context) {
    const auto speaks_to_any = [&](const Unit& unit) {
        return unit.dialect == Dialect{} && !context.sources.file_of(unit.range).path.ends_with(".sol");
    };
    for (const Unit& unit : context.tree.units)
        for (const Import& import : unit.imports) {
            if (!import.target) continue;
            if (unit.dialect == context.tree[import.target].dialect || speaks_to_any(unit)) continue;
            context.report(code::wrong_version, "the imported file is for other versions of Solidity", import.range);
        }
}

}  // namespace

void check_pragmas(Context& context) {
    Pragmas pragmas(context);
    for (std::uint32_t i = 1; i < context.tree.units.size(); ++i) {
        pragmas.file(context.tree.units[i]);
        if (pragmas.chose_first()) context.with_old_coder.insert(UnitId{i});
    }
    check_levels(context);
}

}  // namespace interlock::lang
