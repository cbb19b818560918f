// Checks functions, modifiers and public variables against what they override: virtual, override, visibility,
// mutability and types; definitions in two bases that nothing overrides; and which contracts must be abstract.
// (Solidity reference, "Function Overriding", "Modifier Overriding", "Abstract Contracts".)
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang {
namespace {

// An item that can override or be overridden; exactly one of the ids is set.
struct Item {
    FunctionId function{};
    VariableId variable{};
    ModifierId modifier{};
    friend auto operator<=>(const Item&, const Item&) = default;
};

std::string_view word(Mutability mutability) {
    switch (mutability) {
        case Mutability::NonPayable: return "nonpayable";
        case Mutability::Pure: return "pure";
        case Mutability::View: return "view";
        case Mutability::Payable: return "payable";
    }
    return "";
}

std::string_view word(Visibility visibility) {
    switch (visibility) {
        case Visibility::Public: return "public";
        case Visibility::External: return "external";
        case Visibility::Internal:
        case Visibility::None: return "internal";
        case Visibility::Private: return "private";
    }
    return "";
}

// Orders mutabilities from the weakest promise to the strongest.
int strictness(Mutability mutability) {
    switch (mutability) {
        case Mutability::Payable: return 0;
        case Mutability::NonPayable: return 1;
        case Mutability::View: return 2;
        case Mutability::Pure: return 3;
    }
    return 0;
}

class Overrides {
  public:
    Overrides(Context& context, ContractId id) : context_(context), tree_(context.tree), id_(id) {}

    void run() {
        for (const Item& item : own_items(id_)) check(item);
        check_bases_agree();
        check_complete();
    }

  private:
    // --- the tree's data about an item ---

    [[nodiscard]] ContractId owner(const Item& item) const {
        if (item.function) return context_.program[item.function].contract;
        if (item.variable) return context_.program[item.variable].contract;
        return tree_[item.modifier].scope.contract;
    }

    [[nodiscard]] std::string key(const Item& item) const {
        if (item.function) return context_.program[item.function].key;
        if (item.variable) return context_.program[item.variable].getter_key;
        return "modifier " + std::string(name(item).text);
    }
    [[nodiscard]] const Name& name(const Item& item) const {
        if (item.function) return tree_[item.function].name;
        return item.variable ? tree_[item.variable].name : tree_[item.modifier].name;
    }
    [[nodiscard]] SourceRange head(const Item& item) const {
        if (item.function) return tree_[item.function].head;
        return item.variable ? tree_[item.variable].range : tree_[item.modifier].name.range;
    }
    [[nodiscard]] bool says_override(const Item& item) const {
        if (item.function) return tree_[item.function].is_override;
        return item.variable ? tree_[item.variable].is_override : tree_[item.modifier].is_override;
    }
    [[nodiscard]] const std::vector<Path>& override_list(const Item& item) const {
        if (item.function) return tree_[item.function].overrides;
        return item.variable ? tree_[item.variable].overrides : tree_[item.modifier].overrides;
    }
    [[nodiscard]] bool in_interface(const Item& item) const { return tree_[owner(item)].kind == ContractKind::Interface; }
    [[nodiscard]] bool is_virtual(const Item& item) const {
        if (item.function) return tree_[item.function].is_virtual || in_interface(item);
        return item.modifier && tree_[item.modifier].is_virtual;
    }
    [[nodiscard]] bool is_implemented(const Item& item) const {
        if (item.function) return static_cast<bool>(tree_[item.function].body);
        return item.variable || tree_[item.modifier].body;
    }
    [[nodiscard]] Mutability mutability(const Item& item) const {
        if (item.function) return tree_[item.function].mutability;
        return tree_[item.variable].is_constant ? Mutability::Pure : Mutability::View;
    }
    [[nodiscard]] std::string_view kind(const Item& item) const {
        return item.function ? "function" : item.variable ? "variable" : "modifier";
    }

    [[nodiscard]] std::vector<Item> own_items(ContractId contract) const {
        std::vector<Item> items;
        for (const FunctionId id : tree_[contract].functions) {
            const bool has_key = !context_.program[id].key.empty();
            if (tree_[id].kind != FunctionKind::Constructor && has_key) items.push_back({.function = id});
        }
        for (const VariableId id : tree_[contract].state_variables) {
            if (!context_.program[id].getter_key.empty() || tree_[id].is_override) items.push_back({.variable = id});
        }
        for (const ModifierId id : tree_[contract].modifiers) items.push_back({.modifier = id});
        return items;
    }

    // Returns what an item of that key overrides directly in each base: the nearest one there, or several if that base
    // inherits several and does not override them.
    [[nodiscard]] std::set<Item> overridden(ContractId contract, const std::string& wanted) const {
        std::set<Item> found;
        for (const BaseUse& base : context_.program[contract].bases) {
            const std::vector<Item> items = own_items(base.contract);
            const auto nearest = std::ranges::find_if(items, [&](const Item& item) { return key(item) == wanted; });
            if (nearest != items.end()) {
                found.insert(*nearest);
            } else {
                found.merge(overridden(base.contract, wanted));
            }
        }
        return found;
    }

    // --- an item against what it overrides ---

    void check(const Item& item) {
        check_attributes(item);
        const std::set<Item> bases = overridden(id_, key(item));
        std::set<ContractId> expected;
        for (const Item& base : bases) {
            expected.insert(owner(base));
            compare(item, base);
        }
        if (says_override(item) && bases.empty() && !context_.misses_base[id_.index]) {
            context_.report(code::bad_override, fmt::format("`{}` overrides nothing", name(item).text), head(item))
                .helps.push_back("leave `override` out, or name the contract that declares it behind `is`");
        } else {
            check_list(item, expected);
        }
    }

    void check_attributes(const Item& item) {
        if (context_.has(rule::overrides_unsaid)) return;
        if (!item.function) {
            const bool lacks = item.modifier && !tree_[item.modifier].body && !tree_[item.modifier].is_virtual;
            if (lacks)
                context_.report(code::bad_virtual, fmt::format("modifier `{}` has no body", name(item).text), head(item))
                    .helps.push_back("write `{ … }`, or `virtual` where a derived contract implements it");
            return;
        }
        const Function& function = tree_[item.function];
        if (function.is_virtual && function.visibility == Visibility::Private)
            context_
                .report(code::bad_virtual, fmt::format("private function `{}` cannot be virtual", function.name.text),
                        function.head)
                .helps.push_back("nobody sees it who could override it: write `internal`");
        if (function.is_virtual && tree_[id_].kind == ContractKind::Library)
            context_.report(code::bad_virtual,
                            fmt::format("function `{}` of a library cannot be virtual", function.name.text), function.head);
    }

    void report(const Code& code, const Item& item, const Item& base, std::string message, std::string help = {}) {
        Diagnostic& diagnostic = context_.report(code, std::move(message), head(item));
        diagnostic.secondary.push_back({head(base), fmt::format("of `{}`", tree_[owner(base)].name.text)});
        if (!help.empty()) diagnostic.helps.push_back(std::move(help));
    }

    void compare(const Item& item, const Item& base) {
        if (context_.has(rule::overrides_unsaid)) return;
        if (!says_override(item) && !(base.function && in_interface(base)))
            report(code::missing_override, item, base, fmt::format("`{}` overrides, but does not say so", name(item).text),
                   "write `override` into its head");
        if (base.variable) {
            return report(code::not_virtual, item, base,
                          fmt::format("public variable `{}` cannot be overridden", name(base).text));
        }
        if (!is_virtual(base)) {
            report(code::not_virtual, item, base,
                   fmt::format("`{}` overrides a {} that is not virtual", name(item).text, kind(base)),
                   fmt::format("write `virtual` into the head of the one in `{}`", tree_[owner(base)].name.text));
        }
        if (item.modifier) return compare_modifiers(item, base);
        compare_visibility(item, base);
        compare_results(item, base);
        compare_mutability(item, base);
        if (!is_implemented(item) && is_implemented(base))
            report(code::bad_override, item, base,
                   fmt::format("`{}` has no body, but overrides a function that has one", name(item).text));
    }

    void compare_modifiers(const Item& item, const Item& base) {
        if (context_.types_of(tree_[item.modifier].parameters) != context_.types_of(tree_[base.modifier].parameters))
            report(code::override_differs, item, base,
                   fmt::format("modifier `{}` takes other parameters than the one that it overrides", name(item).text));
    }

    void compare_visibility(const Item& item, const Item& base) {
        const Visibility theirs = tree_[base.function].visibility;
        if (item.variable) {
            if (theirs != Visibility::External)
                report(code::override_differs, item, base,
                       fmt::format("public variable `{}` can only override an external function", name(item).text));
            return;
        }
        const Visibility ours = tree_[item.function].visibility;
        const bool widens = theirs == Visibility::External && ours == Visibility::Public;
        if (ours == theirs || widens || tree_[item.function].kind != FunctionKind::Function) return;
        report(code::override_differs, item, base,
               fmt::format("`{}` is {}, what it overrides is {}", name(item).text, word(ours), word(theirs)));
    }

    [[nodiscard]] std::vector<TypeId> results(const Item& item) {
        return item.function ? context_.types_of(tree_[item.function].returns) : getter_of(context_, item.variable).results;
    }
    [[nodiscard]] std::vector<TypeId> anywhere(std::vector<TypeId> types) {
        for (TypeId& type : types) type = context_.types.at(type, DataLocation::Memory);
        return types;
    }

    void compare_results(const Item& item, const Item& base) {
        const std::vector<TypeId> ours = results(item), theirs = results(base);
        const auto unknown = [&](TypeId type) { return context_.types.is_error(type); };
        if (std::ranges::any_of(ours, unknown) || std::ranges::any_of(theirs, unknown)) return;
        const bool special = item.function && tree_[item.function].kind != FunctionKind::Function;
        if (special) return;
        if (anywhere(ours) != anywhere(theirs))
            return report(code::override_differs, item, base,
                          fmt::format("`{}` returns something else than what it overrides", name(item).text));
        if (item.variable || tree_[base.function].visibility == Visibility::External ||
            context_.has(rule::overrides_may_relocate))
            return;
        const bool same_places = ours == theirs && context_.types_of(tree_[item.function].parameters) ==
                                                       context_.types_of(tree_[base.function].parameters);
        if (!same_places)
            report(code::override_differs, item, base,
                   fmt::format("`{}` has other data locations than what it overrides", name(item).text),
                   "only the override of an external function may choose between `memory` and `calldata`");
    }

    void compare_mutability(const Item& item, const Item& base) {
        const Mutability ours = mutability(item), theirs = mutability(base);
        const bool allowed = ours == theirs || (theirs != Mutability::Payable && strictness(ours) >= strictness(theirs));
        if (allowed || (item.variable && context_.has(rule::variables_override_pure))) return;
        report(code::override_differs, item, base,
               fmt::format("`{}` is {}, what it overrides is {}", name(item).text, word(ours), word(theirs)));
    }

    // --- override(A, B) ---

    [[nodiscard]] ContractId contract_at(const Path& path) {
        if (path.parts.empty()) return {};
        const std::vector<Declared>* found = context_.names.find(path);
        if (found && found->front().use.meaning == Meaning::Contract) return found->front().use.contract;
        context_.report(code::bad_override, fmt::format("`{}` is no contract", context_.text(path.range)), path.range);
        return {};
    }

    [[nodiscard]] std::string names_of(const std::set<ContractId>& contracts) const {
        std::string text;
        for (const ContractId id : contracts) text += (text.empty() ? "" : ", ") + std::string(tree_[id].name.text);
        return text;
    }

    void check_list(const Item& item, const std::set<ContractId>& expected) {
        if (context_.has(rule::overrides_unsaid)) return;
        std::set<ContractId> specified, surplus, missing;
        for (const Path& path : override_list(item)) {
            const ContractId named = contract_at(path);
            if (!named) return;
            if (!specified.insert(named).second)
                context_.report(code::bad_override, fmt::format("`{}` is named twice", tree_[named].name.text), path.range);
            if (!expected.contains(named)) surplus.insert(named);
        }
        if (expected.size() > 1) std::ranges::set_difference(expected, specified, std::inserter(missing, missing.end()));
        if (!missing.empty()) {
            context_
                .report(code::missing_override,
                        fmt::format("`{}` overrides functions of several bases, and must name them", name(item).text),
                        head(item))
                .helps.push_back(fmt::format("write `override({})`", names_of(expected)));
        }
        if (!surplus.empty() && !context_.misses_base[id_.index]) {
            context_.report(code::bad_override,
                            fmt::format("`{}` overrides nothing of {}", name(item).text, in_ticks(names_of(surplus))),
                            head(item));
        }
    }

    // --- definitions in several bases ---

    [[nodiscard]] std::set<std::string> keys_below(ContractId contract) const {
        std::set<std::string> keys;
        for (const ContractId base : context_.program[contract].linearization) {
            if (base == contract) continue;
            for (const Item& item : own_items(base)) keys.insert(key(item));
        }
        return keys;
    }

    void check_bases_agree() {
        if (context_.program[id_].bases.size() < 2 || context_.has(rule::overrides_unsaid)) return;
        std::set<std::string> open = keys_below(id_);
        for (const Item& item : own_items(id_)) open.erase(key(item));
        for (const std::string& wanted : open) {
            std::set<Item> candidates = overridden(id_, wanted);
            if (candidates.size() > 1) drop_decided(candidates);
            if (candidates.size() > 1) report_undecided(candidates);
        }
    }

    // Treats the candidates and everything that they override as a graph, with a source above and a sink below. A node
    // on every path from the source to the sink overrides everything below it.
    void drop_decided(std::set<Item>& candidates) {
        std::map<Item, std::set<Item>> below;
        std::vector<Item> open(candidates.begin(), candidates.end());
        while (!open.empty()) {
            const Item item = open.back();
            open.pop_back();
            if (below.contains(item)) continue;
            below[item] = overridden(owner(item), key(item));
            open.insert(open.end(), below[item].begin(), below[item].end());
        }
        const std::set<Item> sources = candidates;
        for (const auto& [item, bases] : below) {
            if (!is_on_every_way(item, sources, below)) continue;
            std::vector<Item> decided(bases.begin(), bases.end());
            while (!decided.empty()) {
                const Item next = decided.back();
                decided.pop_back();
                candidates.erase(next);
                decided.insert(decided.end(), below[next].begin(), below[next].end());
            }
            if (!is_implemented(item)) candidates.erase(item);
        }
    }

    static bool is_on_every_way(const Item& cut, const std::set<Item>& sources,
                                const std::map<Item, std::set<Item>>& below) {
        std::vector<Item> open;
        std::ranges::copy_if(sources, std::back_inserter(open), [&](const Item& item) { return item != cut; });
        std::set<Item> seen;
        while (!open.empty()) {
            const Item item = open.back();
            open.pop_back();
            if (!seen.insert(item).second) continue;
            const std::set<Item>& next = below.at(item);
            if (next.empty()) return false;  // the sink was reached without it
            std::ranges::copy_if(next, std::back_inserter(open), [&](const Item& each) { return each != cut; });
        }
        return true;
    }

    void report_undecided(const std::set<Item>& candidates) {
        const Item& first = *candidates.begin();
        Diagnostic& diagnostic = context_.report(code::undecided_bases,
                                                 fmt::format("`{}` must override {} `{}`: several of its bases define it",
                                                             tree_[id_].name.text, kind(first), name(first).text),
                                                 tree_[id_].name.range);
        for (const Item& item : candidates)
            diagnostic.secondary.push_back({head(item), fmt::format("in `{}`", tree_[owner(item)].name.text)});
        const bool has_variable = std::ranges::any_of(candidates, [](const Item& item) { return bool(item.variable); });
        diagnostic.helps.push_back(has_variable ? "a public variable cannot be overridden: rename one of them"
                                                : "write one here, with `override` and the list of these contracts");
    }

    // --- abstract ---

    // Returns the declarations that no contract in the linearization implements.
    [[nodiscard]] std::vector<Item> missing() const {
        std::map<std::string, Item> latest;
        const std::vector<ContractId>& order = context_.program[id_].linearization;
        for (auto contract = order.rbegin(); contract != order.rend(); ++contract) {
            for (const Item& item : own_items(*contract)) latest[key(item)] = item;
        }
        std::vector<Item> result;
        for (const auto& [ignored, item] : latest) {
            // The others are reported for not being virtual.
            if (!is_implemented(item) && is_virtual(item)) result.push_back(item);
        }
        std::ranges::sort(result, {}, [&](const Item& item) { return head(item).begin; });
        return result;
    }

    void check_complete() {
        const ContractKind contract_kind = tree_[id_].kind;
        context_.info(id_).is_abstract = contract_kind == ContractKind::AbstractContract;
        if (contract_kind != ContractKind::Contract || context_.misses_base[id_.index]) return;
        const std::vector<Item> items = missing();
        if (items.empty()) return;
        if (context_.has(rule::abstract_unsaid)) return void(context_.info(id_).is_abstract = true);
        Diagnostic& diagnostic = context_.report(
            code::not_implemented,
            fmt::format("`{}` does not implement {}", tree_[id_].name.text,
                        items.size() == 1 ? in_ticks(name(items.front()).text) : "all that it declares or inherits"),
            tree_[id_].name.range);
        for (const Item& item : items)
            diagnostic.secondary.push_back({head(item), fmt::format("missing: {} `{}` of `{}`", kind(item), name(item).text,
                                                                    tree_[owner(item)].name.text)});
        diagnostic.helps.push_back("write the bodies, or make the contract `abstract`");
    }

    Context& context_;
    const Tree& tree_;
    ContractId id_;
};

}  // namespace

void check_overrides(Context& context) {
    for (const ContractId id : context.tree.top_contracts) {
        context.names.enter(id);
        Overrides(context, id).run();
    }
}

}  // namespace interlock::lang
