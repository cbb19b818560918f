#include "analyzer/prover/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

// The accounts in variables that are no part of a mapping, an array or a struct.
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

// Returns the contract whose name the variable's type is, or none.
std::optional<std::uint32_t> declared_contract(const CodeInScope& code, const ir::Contract& contract,
                                               const ir::StateVariable& variable) {
    const std::string& type = contract.storage_types.at(variable.type).name;
    for (std::uint32_t i = 0; i < code.contracts.size(); ++i)
        if (type == "contract " + code.contracts[i]->name) return i;
    return std::nullopt;
}

}  // namespace

// Strangers cannot set what no entry writes that they can complete. The greatest such set is found by dropping.
void find_roles(CodeInScope& code) {
    for (const auto& [area, variable] : accounts_of(code)) code.roles.insert(area);
    for (bool changed = true; changed && !code.roles.empty();) {
        changed = false;
        for (const Entry& entry : entries_of(code)) {
            if (code.starters.contains(entry)) continue;
            const Flow flow(code, entry, code.lends_its_name ? Flow::Caller::Anybody : Flow::Caller::Stranger, {},
                            nothing_survives);
            if (!flow.succeeds()) continue;
            changed |= std::erase_if(code.roles, [&](const Area& role) { return flow.footprint().writes(role); }) != 0;
        }
    }
}

// The greatest set of which strangers have and give none, and whose bearers get nothing for themselves by it: others are users.
void find_members(CodeInScope& code) {
    code.members.clear();
    const CodeInScope open = code;  // where they are not known
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == ir::Op::Load)
                        if (const Area flags = flags_of(*code.contracts[at], at, each.place);
                            flags.kind == Area::Kind::Entries)
                            code.members.insert(flags);
    const auto usual = code.lends_its_name ? Flow::Caller::Anybody : Flow::Caller::Stranger;
    const auto is_own = [](const auto& access) {
        return access.first.kind == Area::Kind::Entries && access.first.key == Key::This && !only_reads(access.second);
    };
    for (bool changed = true; changed && !code.members.empty();) {
        changed = false;
        for (const Entry& entry : entries_of(code)) {
            if (code.starters.contains(entry)) continue;
            const Flow flow(code, entry, usual, {}, nothing_survives);
            if (flow.succeeds()) {
                changed |= std::erase_if(code.members, [&](const Area& each) { return flow.footprint().writes(each); }) != 0;
            } else if (Flow(open, entry, usual, {}, nothing_survives).succeeds()) {
                Keys keys;
                keys.sender = Key::This;
                const Flow theirs(open, entry, Flow::Caller::Anybody, {}, nothing_survives, keys);
                if (theirs.calls_back() || std::ranges::any_of(theirs.footprint().accesses, is_own))
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
        if (!flag.is_one_number() || flag.contract != entry.contract || !value.is_constant()) return false;
        if (Flow(code, entry, Flow::Caller::Anybody, {{flag, value}}, nothing_survives).succeeds()) return false;
        return std::ranges::all_of(entries_of(code), [&](const Entry& other) {
            const Flow others(code, other, Flow::Caller::Anybody, {}, nothing_survives);
            return std::ranges::all_of(others.written(), [&](const auto& each) {
                return !overlap(each.first, flag) || (each.first == flag && each.second == value);
            });
        });
    });
}

}  // namespace

void find_starters(CodeInScope& code) {
    const auto accounts = accounts_of(code);
    for (const Entry& entry : entries_of(code)) {
        if (entry.contract != 0 || !code.leaves.contains(entry)) continue;
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        const auto is_named = [&](const auto& account) { return flow.footprint().writes(account.first); };
        if (std::ranges::any_of(accounts, is_named) && is_once(code, entry)) code.starters.insert(entry);
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

// Accounts that are only ever asked for a number, and are no contracts of the scope.
void find_oracles(CodeInScope& code) {
    std::set<Area> asked, called;
    for (const Entry& entry : entries_of(code)) {
        const Flow flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        asked.insert(flow.asked().begin(), flow.asked().end());
        called.insert(flow.called().begin(), flow.called().end());
    }
    std::ranges::set_difference(asked, called, std::inserter(code.oracles, code.oracles.end()));
    if (code.contracts.size() > 1) code.oracles.clear();
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

namespace {

// Whether the function may write a variable other than by its name: by its slot, or by code of others.
bool writes_by_slot(const ir::Contract& contract, const ir::Function& function) {
    return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::External && ir::runs_foreign_code(contract, end.call)) return true;
        return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
            return each.op == ir::Op::Evm && each.opcode == vm::Opcode::SSTORE;
        });
    });
}

}  // namespace

// Returns whether the variable only ever gets a new contract of this identity, which the constructor makes.
bool is_only_made(const ir::Contract& contract, std::uint32_t variable, const std::string& identity) {
    if (!contract.state.at(variable).is_immutable &&
        std::ranges::any_of(functions_of_constructor(contract),
                            [&](const ir::Function* each) { return writes_by_slot(contract, *each); }))
        return false;
    bool is_any = false;
    for (const ir::Function& function : contract.functions) {
        std::set<std::uint32_t> made;
        for (const ir::Block& block : function.blocks) {
            const ir::ExternalCall& call = block.terminator.call;
            if (block.terminator.kind != ir::Terminator::Kind::External || call.kind != ir::ExternalCall::Kind::Create ||
                call.tries)
                continue;
            if (contract.creates.at(call.creates) != identity) continue;
            made.insert(function.blocks.at(call.next.block).parameters.back().value.index);
        }
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                const bool clears = each.op == ir::Op::Clear;
                if ((each.op != ir::Op::Store && each.op != ir::Op::StoreImmutable && !clears) ||
                    each.place.variable != variable)
                    continue;
                if (clears || function.kind != ir::FunctionKind::Constructor || !made.contains(each.operands.back().index))
                    return false;
                is_any = true;
            }
    }
    return is_any;
}

namespace {

// Returns whether the variable only ever gets, in the constructor, who creates the contract (Caller), or the contract (This).
bool is_only(ir::Op what, const ir::Contract& contract, std::uint32_t variable) {
    if (!contract.state.at(variable).is_immutable &&
        std::ranges::any_of(contract.functions, [&](const ir::Function& each) { return writes_by_slot(contract, each); }))
        return false;
    bool is_any = false;
    for (const ir::Function& function : contract.functions) {
        std::set<std::uint32_t> made;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == what) made.insert(each.result.index);
                const bool clears = each.op == ir::Op::Clear;
                if ((each.op != ir::Op::Store && each.op != ir::Op::StoreImmutable && !clears) ||
                    each.place.variable != variable)
                    continue;
                const bool is_it = !clears && function.kind == ir::FunctionKind::Constructor && each.place.steps.empty() &&
                                   made.contains(each.operands.back().index);
                if (!is_it) return false;
                is_any = true;
            }
    }
    return is_any;
}

// Returns which of the constructor's arguments is all that the variable ever gets.
std::optional<std::size_t> argument_kept_in(const ir::Contract& contract, std::uint32_t variable) {
    if (contract.constructor == ir::Contract::none) return std::nullopt;
    if (!contract.state.at(variable).is_immutable &&
        std::ranges::any_of(contract.functions, [&](const ir::Function& each) { return writes_by_slot(contract, each); }))
        return std::nullopt;
    const auto& told = contract.functions[contract.constructor].blocks.front().parameters;
    std::optional<std::size_t> argument;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                const bool clears = each.op == ir::Op::Clear;
                if ((each.op != ir::Op::Store && each.op != ir::Op::StoreImmutable && !clears) ||
                    each.place.variable != variable)
                    continue;
                const auto kept = clears ? told.end() : std::ranges::find(told, each.operands.back(), &ir::Parameter::value);
                const auto number = static_cast<std::size_t>(kept - told.begin());
                if (function.kind != ir::FunctionKind::Constructor || kept == told.end() ||
                    (argument && *argument != number))
                    return std::nullopt;
                argument = number;
            }
    return argument;
}

// Whether the maker tells all contracts of this kind that its constructor makes its own account, as that argument.
bool tells_itself(const ir::Contract& maker, const std::string& identity, std::size_t argument) {
    for (const ir::Function& function : maker.functions) {
        std::set<std::uint32_t> own;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == ir::Op::This) own.insert(each.result.index);
        for (const ir::Block& block : function.blocks) {
            const ir::ExternalCall& call = block.terminator.call;
            const bool makes = block.terminator.kind == ir::Terminator::Kind::External &&
                               call.kind == ir::ExternalCall::Kind::Create && maker.creates.at(call.creates) == identity &&
                               function.kind == ir::FunctionKind::Constructor;
            if (makes && (argument >= call.arguments.size() || !own.contains(call.arguments[argument].index))) return false;
        }
    }
    return true;
}

// Returns which contract of the scope each variable holds that gets one which its constructor makes. Where several of a kind are
// made, each is in the scope.
std::map<Area, std::uint32_t> instances_of(const CodeInScope& code) {
    std::map<std::string, std::vector<Area>> made;
    std::map<std::string, std::vector<std::uint32_t>> places;
    for (std::uint32_t i = 0; i < code.contracts.size(); ++i) places[code.contracts[i]->identity].push_back(i);
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        for (const auto& [identity, of_kind] : places)
            if (is_only_made(contract, index, identity)) made[identity].push_back(area);
    }
    std::map<Area, std::uint32_t> instances;
    for (const auto& [identity, areas] : made)
        for (std::size_t i = 0; i < areas.size() && areas.size() == places[identity].size(); ++i)
            instances[areas[i]] = places[identity][i];
    return instances;
}

}  // namespace

std::size_t count_made(const std::vector<const ir::Contract*>& by, const std::string& identity) {
    std::size_t count = 0;
    for (const ir::Contract* each : by)
        for (std::uint32_t i = 0; i < each->state.size(); ++i) count += is_only_made(*each, i, identity);
    return count;
}

void find_contracts(ScopeOfProof& scope) {
    CodeInScope& code = scope.code;
    const std::map<Area, std::uint32_t> instances = instances_of(code);
    struct Holder {
        Area area;
        std::uint32_t held = 0;
        bool is_made = false;
        std::string name;
    };
    std::vector<Holder> holders;
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        const auto made = instances.find(area);
        const bool is_made = made != instances.end();
        auto declared = is_made ? std::optional(made->second) : declared_contract(code, contract, *variable);
        const auto argument = argument_kept_in(contract, index);
        const bool is_creator = is_only(ir::Op::Caller, contract, index);
        for (const auto& [holder, held] : instances)
            if (!declared && held == area.contract &&
                (is_creator ||
                 (argument && tells_itself(*code.contracts.at(holder.contract), contract.identity, *argument))))
                declared = holder.contract;
        if (!declared || !code.roles.contains(area)) continue;
        const auto is_of_kind = [&](const ir::Contract* each) { return each == code.contracts[*declared]; };
        if (!is_made && std::ranges::count_if(code.contracts, is_of_kind) != 1) continue;  // it may be either
        holders.push_back({area, *declared, is_made, fmt::format("`{}` of `{}`", variable->name, contract.name)});
    }
    code.holds.clear();
    for (const Holder& each : holders) {
        const auto is_sister = [&](const Holder& other) { return other.held == each.held && &other != &each; };
        // Two variables of a contract may hold two of them, which then have nothing in common, and so do two that are made.
        const auto are_two = [&](const Holder& one, const Holder& other) {
            return one.held == each.held && other.held == each.held && &one != &other &&
                   (one.area.contract == other.area.contract || (one.is_made && other.is_made));
        };
        const bool is_open = std::ranges::any_of(holders, [&](const Holder& one) {
            return std::ranges::any_of(holders, [&](const Holder& other) { return are_two(one, other); });
        });
        if (is_open) continue;
        code.holds[each.area] = each.held;
        if (each.is_made) continue;
        const std::string& kind = code.contracts[each.held]->name;
        const bool is_shared = std::ranges::any_of(holders, is_sister);
        scope.assumptions.push_back(assumed(is_shared ? Assumed::SharedOfKind : Assumed::OneOfKind, each.name, kind));
    }
}

// A variable that is fixed at the construction, and gets a contract that is made there, holds it from the start.
void find_made(CodeInScope& code) {
    for (const auto& [area, held] : instances_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto may_write = [&](const ir::Function& each) { return writes_by_slot(contract, each); };
        if (area.kind == Area::Kind::Immutable || std::ranges::none_of(contract.functions, may_write))
            code.holds[area] = held;
    }
    code.made.clear();
    for (const auto& [area, held] : code.holds) code.made.insert(area);
}

void find_selves(CodeInScope& code, bool runs_elsewhere) {
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        const bool is_elsewhere = runs_elsewhere && area.contract == 0;
        if (variable->is_immutable && !is_elsewhere && is_only(ir::Op::This, contract, index)) code.selves.insert(area);
    }
}

}  // namespace interlock::analyzer::prover
