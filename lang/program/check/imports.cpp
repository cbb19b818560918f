// Imports bring names of one file into the scope of another. Files may import each other in a cycle, so the plain form,
// which brings all names of a file, including its imported ones, is repeated until no new name is added.
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"

namespace interlock::lang {
namespace {

class Imports {
  public:
    explicit Imports(Context& context) : context_(context), names_(context.names), version_(context.tree.units.size(), 1) {}

    void run() {
        for_each([&](UnitId unit, const Import& import) {
            if (!import.alias.text.empty())
                add(unit, {.use = {.meaning = Meaning::Module, .number = import.target.index, .import = import.range.begin},
                           .name = import.alias});
        });
        bool has_grown = true;
        while (has_grown) {
            has_grown = false;
            for_each([&](UnitId unit, const Import& import) {
                const std::size_t before = version_[unit.index];
                if (std::exchange(seen_[&import], version_[import.target.index]) != version_[import.target.index])
                    bring(unit, import);
                has_grown = has_grown || version_[unit.index] != before;
            });
        }
        for_each([&](UnitId, const Import& import) { report_missing(import); });
    }

  private:
    template <class Do>
    void for_each(Do&& act) {
        for (auto unit = static_cast<std::uint32_t>(context_.tree.units.size()); --unit > 0;)  // imported files come first
            for (const Import& import : context_.tree.units[unit].imports) {
                if (import.target) act(UnitId{unit}, import);
                else context_.misses_names = true;
            }
    }

    void bring(UnitId unit, const Import& import) {
        if (import.has_names) {
            for (const ImportedName& each : import.names) {
                const std::vector<Declared>* found = names_.find_in(import.target, each.name.text);
                if (!found) continue;
                const std::string_view alias = each.alias.text.empty() ? each.name.text : each.alias.text;
                for (const Declared& declared : std::vector(*found)) add(unit, declared, alias, &each.name);
            }
        } else if (import.alias.text.empty() && import.target != unit) {
            for (const auto& [name, list] : names_.names_of(import.target))
                for (const Declared& declared : list) add(unit, declared, name);
        }
    }

    void add(UnitId unit, const Declared& declared) { add(unit, declared, declared.name.text); }

    // Adds a declaration under this name. A clash is reported at the name in the import, if it is written there.
    void add(UnitId unit, const Declared& declared, std::string_view name, const Name* written = nullptr) {
        const std::vector<Declared>* before = names_.find_in(unit, name);
        const std::size_t count = before ? before->size() : 0;
        const Declared* earlier = names_.declare_in_file(unit, declared, name);
        if (earlier) {
            if (reported_.insert({unit, name}).second)
                report_clash(context_, {.name = written ? *written : declared.name}, *earlier);
            return;
        }
        if (names_.find_in(unit, name)->size() > count) ++version_[unit.index];
    }

    void report_missing(const Import& import) {
        for (const ImportedName& each : import.names) {
            if (names_.find_in(import.target, each.name.text)) continue;
            Diagnostic& diagnostic =
                context_.report(code::unknown_name, fmt::format("`{}` is not declared in `{}`", each.name.text, import.path),
                                each.name.range);
            std::vector<std::string_view> known;
            for (const auto& [name, list] : names_.names_of(import.target)) known.push_back(name);
            const std::string_view similar = closest(each.name.text, known);
            if (!similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
            context_.misses_names = true;
        }
    }

    Context& context_;
    Names& names_;
    std::set<std::pair<UnitId, std::string_view>> reported_;
    std::vector<std::size_t> version_;           // by unit: incremented when names are added
    std::map<const Import*, std::size_t> seen_;  // the version of the target whose names an import has brought
};

}  // namespace

void check_reserved(Context& context, const Name& name) {
    if (name.text == "this" || name.text == "super" || name.text == "_")
        context.report(code::reserved_word, fmt::format("`{}` is the name of something built in", name.text), name.range);
    if (name.text == "receive" || name.text == "fallback")
        context.report(code::reserved_word, fmt::format("`{}` begins a function of its own kind", name.text), name.range);
}

void check_distinct(Context& context, const std::vector<Name>& names) {
    std::map<std::string_view, SourceRange> seen;
    for (const Name& name : names) {
        if (name.text.empty()) continue;
        check_reserved(context, name);
        const auto [place, is_new] = seen.try_emplace(name.text, name.range);
        if (!is_new) report_clash(context, {.name = name}, {.name = {name.text, place->second}});
    }
}

void check_distinct(Context& context, const std::vector<VariableId>& variables) {
    std::vector<Name> names;
    for (const VariableId each : variables) names.push_back(context.tree[each].name);
    check_distinct(context, names);
}

void report_clash(Context& context, const Declared& declared, const Declared& earlier) {
    context
        .report(code::already_declared, fmt::format("`{}` is declared twice", declared.name.text), declared.name.range,
                "declared again here")
        .secondary.push_back({earlier.name.range, "first declared here"});
}

void resolve_imports(Context& context) { Imports(context).run(); }

}  // namespace interlock::lang
