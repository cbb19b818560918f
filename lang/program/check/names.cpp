// Scopes are ordered tables, so that suggestions do not depend on hashing.
#include "lang/program/check/names.hpp"

#include <algorithm>
#include <array>

namespace interlock::lang {
namespace {

bool may_share_a_name(const Declared& a, const Declared& b) {
    return a.use.meaning == b.use.meaning && (a.use.meaning == Meaning::Function || a.use.meaning == Meaning::Event);
}

bool is_same(const Declared& a, const Declared& b) { return a.use == b.use && a.modifier == b.modifier; }

bool is_private(const Tree& tree, const Use& use) {
    return (use.meaning == Meaning::Variable && tree[use.variable].visibility == Visibility::Private) ||
           (use.meaning == Meaning::Function && tree[use.function].visibility == Visibility::Private);
}

// A function that a modifier or a public variable overrides can no longer be named.
bool overrides(const Tree& tree, const Declared& here, const Declared& inherited) {
    const bool getter = here.use.meaning == Meaning::Variable && inherited.use.meaning == Meaning::Function &&
                        tree[here.use.variable].visibility == Visibility::Public;
    return getter || (here.modifier && inherited.modifier);
}

// Names that are built in, beside the plain ones of the list.
constexpr std::array<std::string_view, 7> builtin_words{"super", "msg", "block", "tx", "this", "abi", "type"};

}  // namespace

// Functions that are called from outside only: inside, their name hides nothing.
bool Names::are_external(const Tree& tree, const std::vector<Declared>& all) {
    return std::ranges::all_of(all, [&](const Declared& each) {
        return each.use.meaning == Meaning::Function && tree[each.use.function].scope.contract &&
               tree[each.use.function].visibility == Visibility::External;
    });
}

const Declared* Names::declare(Table& table, const Declared& declared, std::string_view name) {
    if (name.empty()) return nullptr;  // left by a syntax error, which was reported
    std::vector<Declared>& same = table[name];
    for (const Declared& each : same)
        if (is_same(each, declared)) return nullptr;  // imported in two ways
    if (!same.empty() && !may_share_a_name(same.front(), declared)) return &same.front();
    same.push_back(declared);
    return nullptr;
}

std::vector<Names::Clash> Names::inherit(ContractId derived, ContractId base) {
    std::vector<Clash> clashes;
    for (const auto& [name, list] : own_[base.index]) {
        for (const Declared& declared : list) {
            if (is_private(tree_, declared.use)) continue;
            const Declared* here = declare(contracts_[derived.index], declared, name);
            if (here && !overrides(tree_, *here, declared)) clashes.push_back({*here, declared});
        }
    }
    return clashes;
}

const std::vector<Declared>* Names::find(std::string_view name) const {
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
        const auto place = block->find(name);
        if (place != block->end() && !place->second.empty()) return &place->second;
    }
    return find_outside_blocks(name);
}

const std::vector<Declared>* Names::find_outside_blocks(std::string_view name) const {
    const std::vector<Declared>* found = scope_.contract ? find_in(scope_.contract, name) : nullptr;
    if (found && !are_external(tree_, *found)) return found;
    const std::vector<Declared>* outer = find_in(scope_.unit, name);
    return outer ? outer : found;
}

const std::vector<Declared>* Names::find_hidden(std::string_view name) const {
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
        const auto place = block->find(name);
        if (place != block->end() && !place->second.empty()) return &place->second;
    }
    const std::vector<Declared>* own = scope_.contract ? find_own(scope_.contract, name) : nullptr;
    return own && !are_external(tree_, *own) ? own : find_in(scope_.unit, name);
}

const std::vector<Declared>* Names::find_in(ContractId contract, std::string_view name) const {
    const Table& table = contracts_[contract.index];
    const auto place = table.find(name);
    return place == table.end() || place->second.empty() ? nullptr : &place->second;
}

const std::vector<Declared>* Names::find_own(ContractId contract, std::string_view name) const {
    const Table& table = own_[contract.index];
    const auto place = table.find(name);
    return place == table.end() || place->second.empty() ? nullptr : &place->second;
}

const Declared* Names::find_private(std::string_view name, const std::vector<ContractId>& bases) const {
    for (const ContractId base : bases) {
        if (base == scope_.contract) continue;
        const std::vector<Declared>* own = find_own(base, name);
        if (own && is_private(tree_, own->front().use)) return &own->front();
    }
    return nullptr;
}

const std::vector<Declared>* Names::find_in(UnitId file, std::string_view name) const {
    const Table& table = files_[file.index];
    const auto place = table.find(name);
    return place == table.end() || place->second.empty() ? nullptr : &place->second;
}

const std::vector<Declared>* Names::find(const Path& path, std::size_t* known) const {
    const std::vector<Declared>* found = nullptr;
    for (std::size_t i = 0; i < path.parts.size(); ++i) {
        if (known) *known = i;
        const std::string_view part = path.parts[i].text;
        if (i == 0) {
            found = find(part);
        } else {
            const Use& outer = found->front().use;
            found = outer.meaning == Meaning::Contract ? find_in(outer.contract, part)
                    : outer.meaning == Meaning::Module ? find_in(UnitId{outer.number}, part)
                                                       : nullptr;
        }
        if (!found) return nullptr;
    }
    if (known) *known = path.parts.size();
    return found;
}

std::string_view Names::similar_to(std::string_view name) const {
    std::vector<std::string_view> candidates;
    const auto add = [&](const Table& table) {
        for (const auto& [text, list] : table) {
            if (!list.empty()) candidates.push_back(text);
        }
    };
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) add(*block);
    if (scope_.contract) add(contracts_[scope_.contract.index]);
    add(files_[scope_.unit.index]);
    candidates.insert(candidates.end(), builtin_words.begin(), builtin_words.end());
    for (const BuiltinInfo& each : builtin_table)
        if (each.holder == Holder::Plain) candidates.push_back(each.text);
    return closest(name, candidates);
}

bool Names::hides_built_in(std::string_view name) {
    if (name == "this" || name == "super") return false;  // these are refused
    return is_built_in(name) || name == "sha3" || name == "suicide";
}

bool Names::is_built_in(std::string_view name) {
    return name == "now" || std::ranges::find(builtin_words, name) != builtin_words.end() ||
           find_builtin(Holder::Plain, name) != nullptr;
}

}  // namespace interlock::lang
