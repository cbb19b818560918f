#include "analyzer/prover/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

std::vector<std::pair<Area, const ir::StateVariable*>> accounts_of(const CodeInScope& code) {
    std::vector<std::pair<Area, const ir::StateVariable*>> accounts;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        for (std::uint32_t i = 0; i < contract.state.size(); ++i) {
            const ir::StateVariable& variable = contract.state[i];
            const ir::StorageType& type = contract.storage_types.at(variable.type);
            if (type.kind != ir::StorageType::Kind::Value || type.value.kind != ir::TypeKind::Address) continue;
            if (variable.is_immutable) accounts.push_back({{Area::Kind::Immutable, at, i, {}, {}, {}, 0, 32}, &variable});
            else accounts.push_back({area_of(contract, at, {i, {}}), &variable});
        }
    }
    return accounts;
}

namespace {

// Words that may be accounts, of structs which have a place of their own, far from the variables.
std::set<Area> accounts_in_slots(const CodeInScope& code) {
    constexpr std::uint8_t account_bytes = 20;
    std::set<Area> accounts;
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [area, access] : flow.footprint().accesses)
            if (area.is_one_number() && !area.slot.fits_u64() && area.offset == 0 && area.bytes >= account_bytes)
                accounts.insert(area);
    }
    return accounts;
}

}  // namespace

// Strangers cannot set what no entry writes that they can complete. The greatest such set is found by dropping.
void find_roles(CodeInScope& code) {
    for (const auto& [area, variable] : accounts_of(code)) code.roles.insert(area);
    code.roles.merge(accounts_in_slots(code));
    for (bool changed = true; changed && !code.roles.empty();) {
        changed = false;
        for (const Entry& entry : entries_of(code)) {
            if (code.starters.contains(entry)) continue;
            const Flow flow(code, entry, stranger_at(code, entry), {}, nothing_survives);
            if (!flow.succeeds()) continue;
            changed |= std::erase_if(code.roles, [&](const Area& role) { return flow.footprint().writes(role); }) != 0;
        }
    }
}

namespace {

// Calls the function with each load of the contracts of the scope.
template <class Visit>
void for_each_load(const CodeInScope& code, const Visit& visit) {
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == ir::Op::Load) visit(at, each);
}

// Whether only somebody with the role that is zero can complete the entry, and whoever has that gives roles to others: he is no user
// that was let in.
bool is_for_grantors(const CodeInScope& open, const Entry& entry, const std::set<Area>& flags) {
    return std::ranges::any_of(flags, [&](const Area& each) {
        if (each.contract != entry.contract) return false;
        CodeInScope without = open;
        without.grantors = {each};
        if (Flow(without, entry, stranger_at(open, entry), {}, nothing_survives).succeeds()) return false;
        return std::ranges::any_of(entries_of(open), [&](const Entry& other) {
            const auto gives = [&](const auto& access) {
                return overlap(access.first, each) && !only_reads(access.second) && access.second != Access::WriteZero;
            };
            return other.contract == entry.contract &&
                   std::ranges::any_of(
                       Flow(open, other, stranger_at(open, other), {}, nothing_survives).footprint().accesses, gives) &&
                   !Flow(without, other, stranger_at(open, other), {}, nothing_survives).succeeds();
        });
    });
}

}  // namespace

void find_unset(CodeInScope& code) {
    for_each_load(code, [&](std::uint32_t at, const ir::Instruction& load) {
        Area area = area_of(*code.contracts[at], at, load.place);
        area.is_one = false;
        if (area.kind == Area::Kind::Entries && load.type.kind == ir::TypeKind::FixedBytes) code.unset.insert(area);
    });
    try {
        CodeInScope open = code;
        open.unset.clear();
        std::vector<Entry> writers = entries_of(code);
        for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
            for (std::uint32_t i = 0; i < code.contracts[at]->functions.size(); ++i)
                if (code.contracts[at]->functions[i].kind == ir::FunctionKind::Constructor) writers.push_back({at, i});
        for (const Entry& each : writers) {
            if (code.unset.empty()) return;
            const Flow flow(open, each, Flow::Caller::Anybody, {}, nothing_survives);
            std::erase_if(code.unset, [&](const Area& area) { return flow.footprint().writes(area); });
        }
    } catch (const NotCovered&) {
        code.unset.clear();
    }
}

// The greatest set of which strangers have and give none, and whose bearers get nothing for themselves by it: others are users.
void find_members(CodeInScope& code) {
    code.members.clear();
    const CodeInScope open = code;  // where they are not known
    for_each_load(code, [&](std::uint32_t at, const ir::Instruction& load) {
        const Area flags = flags_of(*code.contracts[at], at, load.place);
        if (flags.kind == Area::Kind::Entries) code.members.insert(flags);
    });
    const std::set<Area> all = code.members;
    const auto is_own = [](const auto& access) {
        return access.first.kind == Area::Kind::Entries && access.first.key == Key::This && !only_reads(access.second);
    };
    for (bool changed = true; changed && !code.members.empty();) {
        changed = false;
        for (const Entry& entry : entries_of(code)) {
            if (code.starters.contains(entry)) continue;
            const Flow flow(code, entry, stranger_at(code, entry), {}, nothing_survives);
            if (flow.succeeds()) {
                changed |= std::erase_if(code.members, [&](const Area& each) { return flow.footprint().writes(each); }) != 0;
            } else if (Flow(open, entry, stranger_at(code, entry), {}, nothing_survives).succeeds()) {
                Keys keys;
                keys.sender = Key::This;
                const Flow theirs(open, entry, Flow::Caller::Anybody, {}, nothing_survives, keys);
                const bool is_called = theirs.calls_back() && !is_for_grantors(open, entry, all);
                if (is_called || std::ranges::any_of(theirs.footprint().accesses, is_own))
                    changed |=
                        std::erase_if(code.members, [&](const Area& each) { return each.contract == entry.contract; }) != 0;
            }
        }
    }
}

namespace {

// Whether the entry leaves a number that keeps it from being called again, and that nobody changes.
bool is_once(const CodeInScope& code, const Entry& entry) {
    const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
    return std::ranges::any_of(flow.written(), [&](const auto& written) {
        const Area& flag = written.first;
        const Known& value = written.second;
        const bool is_account = value.kind == Known::Kind::Actor || value.kind == Known::Kind::Caller;
        if (!flag.is_one_number() || flag.contract != entry.contract || !(value.is_constant() || is_account)) return false;
        const Known kept = is_account ? of_kind(Known::Kind::NotZero) : value;
        if (Flow(code, entry, Flow::Caller::Anybody, {{flag, kept}}, nothing_survives).succeeds()) return false;
        return std::ranges::all_of(entries_of(code), [&](const Entry& other) {
            const Flow others(code, other, Flow::Caller::Anybody, {}, nothing_survives);
            return std::ranges::all_of(others.written(), [&](const auto& each) {
                return !overlap(each.first, flag) || (each.first == flag && each.second == value);
            });
        });
    });
}

// Whether the name says that it is an initializer: anybody's entry may name somebody once, as who won.
bool is_called_so(const std::string& name) {
    std::string lower;
    for (const char each : name) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
    return lower.starts_with("init") || lower.starts_with("setup");
}

}  // namespace

void find_starters(CodeInScope& code, bool runs_elsewhere) {
    const auto accounts = accounts_of(code);
    const auto names_somebody = [&](const Entry& entry) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        return std::ranges::any_of(accounts, [&](const auto& account) { return flow.footprint().writes(account.first); });
    };
    for (const Entry& entry : entries_of(code)) {
        if (!code.leaves.contains(entry)) continue;
        const bool is_of_proxy = runs_elsewhere && entry.contract == 0;
        const bool may_start = is_called_so(code.function(entry).name) || (is_of_proxy && names_somebody(entry));
        if (may_start && is_once(code, entry)) code.starters.insert(entry);
    }
}

namespace {

// Returns whether the constructor gives the variable the account that deploys, or one that the source names.
bool is_authors(const CodeInScope& code, const Area& area) {
    const ir::Contract& contract = *code.contracts.at(area.contract);
    bool is_any = false;
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        if (contract.functions[i].kind != ir::FunctionKind::Constructor) continue;
        try {
            const Flow flow(code, {area.contract, i}, Flow::Caller::Stranger, {}, nothing_survives);
            for (const auto& [written, value] : flow.written()) {
                if (!overlap(written, area)) continue;
                if (written != area || !(value.kind == Known::Kind::Caller || value.is_constant())) return false;
                is_any = true;
            }
        } catch (const NotCovered&) {
            return false;
        }
    }
    return is_any;
}

}  // namespace

namespace {

// The mappings that strangers leave at zero, as long as they are zero.
std::set<Area> find_grants(const CodeInScope& code) {
    CodeInScope empty = code;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == ir::Op::Store)
                        if (const Area area = area_of(*code.contracts[at], at, each.place); area.kind == Area::Kind::Entries)
                            empty.grants.insert(area);
    for (bool changed = true; changed && !empty.grants.empty();) {
        changed = false;
        for (const Entry& entry : entries_of(code)) {
            const Flow flow(empty, entry, Flow::Caller::Stranger, {}, nothing_survives);
            if (!flow.succeeds()) continue;
            changed |= std::erase_if(empty.grants, [&](const Area& each) { return flow.footprint().writes(each); }) != 0;
        }
    }
    return empty.grants;
}

}  // namespace

void find_alone(CodeInScope& code) {
    CodeInScope before = code;
    before.grants = find_grants(code);
    if (before.grants.empty()) return;
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Stranger, {}, nothing_survives);
        if (!flow.impersonates()) continue;
        if (Flow(before, entry, Flow::Caller::Stranger, {}, nothing_survives).succeeds()) return code.alone.clear();
        code.alone.insert(entry);
    }
}

// Accounts that are only ever asked for a number, and are no contracts of the scope.
void find_oracles(CodeInScope& code) {
    std::set<Area> asked, called;
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        asked.insert(flow.asked().begin(), flow.asked().end());
        called.insert(flow.called().begin(), flow.called().end());
    }
    std::ranges::set_difference(asked, called, std::inserter(code.oracles, code.oracles.end()));
    // What only answers is another contract in name alone.
    const auto only_answers = [](const ir::Contract* each) {
        return std::ranges::all_of(each->functions, [](const ir::Function& function) {
            return !function.is_entry || function.mutability == ir::Mutability::View ||
                   function.mutability == ir::Mutability::Pure;
        });
    };
    if (!std::all_of(code.contracts.begin() + 1, code.contracts.end(), only_answers)) code.oracles.clear();
}

// Who deploys is trusted with more than who is named by somebody, and a contract that another one makes has no owner.
void find_owners(CodeInScope& code, const std::vector<const ir::Contract*>& contracts) {
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        if (!code.roles.contains(area)) continue;
        const auto makes = [&](const ir::Contract* each) {
            return std::ranges::find(each->creates, contract.identity) != each->creates.end();
        };
        if (std::ranges::none_of(contracts, makes) && is_authors(code, area)) code.owners.insert(area);
    }
}

}  // namespace interlock::analyzer::prover
