#include "analyzer/bases.hpp"

#include <algorithm>

#include "analyzer/system/roles.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

const ir::Function* entry_like(const ir::Contract& contract, const ir::Function& function) {
    const auto found = std::ranges::find_if(contract.functions, [&](const ir::Function& each) {
        return each.is_entry && each.kind == function.kind && each.selector == function.selector;
    });
    return found == contract.functions.end() ? nullptr : &*found;
}

bool changes_nothing(const ir::Function& function) {
    return function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
}

bool does_the_same(const ir::Contract& base, const ir::Contract& other) {
    return std::ranges::all_of(base.functions, [&](const ir::Function& function) {
        if (!function.is_entry || changes_nothing(function)) return true;
        const ir::Function* same = entry_like(other, function);
        return same && same->range == function.range;
    });
}

bool names(const ir::Contract& one, const ir::Contract& other) {
    return std::ranges::count(one.methods, other.name, &ir::Method::contract) != 0 ||
           std::ranges::count(one.creates, other.identity) != 0 ||
           std::ranges::any_of(one.storage_types, [&](const auto& type) { return type.name == "contract " + other.name; });
}

}  // namespace

bool is_base_of(const ir::Contract& one, const ir::Contract& other) {
    if (&one == &other) return false;
    bool shares_code = false;
    for (const ir::Function& function : one.functions) {
        if (!function.is_entry) continue;
        const ir::Function* same = entry_like(other, function);
        if (!same) return false;
        shares_code |= same->range == function.range;
    }
    return shares_code;
}

std::set<std::uint32_t> only_bases(const lang::Compilation& compilation) {
    std::set<std::uint32_t> bases;
    if (!compilation.scenarios.empty()) return bases;
    const auto& all = compilation.artifacts;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        const ir::Contract& contract = *all[i].ir;
        if (contract.is_library || !only_moves_tokens(contract)) continue;
        if (!contract.invariants.empty() || !contract.clauses.empty()) continue;
        const auto is_made_of_it = [&](const lang::Artifact& each) {
            return is_base_of(contract, *each.ir) && does_the_same(contract, *each.ir);
        };
        const auto names_it = [&](const lang::Artifact& each) { return each.ir != all[i].ir && names(*each.ir, contract); };
        if (std::ranges::any_of(all, is_made_of_it) && std::ranges::none_of(all, names_it)) bases.insert(i);
    }
    return bases;
}

}  // namespace interlock::analyzer
