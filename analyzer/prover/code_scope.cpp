#include "analyzer/prover/code_scope.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/bounds.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/lists.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/scripts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

bool can_stand_alone(const ir::Contract& contract) { return !contract.is_interface && !contract.is_library; }

bool may_receive(const ir::Contract& contract, const Callees& callees) {
    return std::ranges::any_of(contract.functions, [&](const ir::Function& each) {
        return each.is_entry && each.kind != ir::FunctionKind::Receive && each.kind != ir::FunctionKind::Fallback &&
               callees.may_be(each.selector);
    });
}

// Returns the contract whose name the variable's type is, or none.
std::optional<std::uint32_t> declared_contract(const CodeInScope& code, const ir::Contract& contract,
                                               const ir::StateVariable& variable) {
    const std::string& type = contract.storage_types.at(variable.type).name;
    for (std::uint32_t i = 0; i < code.contracts.size(); ++i)
        if (type == "contract " + code.contracts[i]->name) return i;
    return std::nullopt;
}

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

// Strangers cannot set what no entry writes that they can complete. The greatest such set is found by dropping.
void find_roles(CodeInScope& code) {
    for (const auto& [area, variable] : accounts_of(code)) code.roles.insert(area);
    for (bool changed = true; changed && !code.roles.empty();) {
        changed = false;
        for (const Entry& entry : entries_of(code)) {
            const Flow flow(code, entry, code.lends_its_name ? Flow::Caller::Anybody : Flow::Caller::Stranger, {},
                            nothing_survives);
            if (!flow.succeeds()) continue;
            changed |= std::erase_if(code.roles, [&](const Area& role) { return flow.footprint().writes(role); }) != 0;
        }
    }
}

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

// Returns the functions, and what they call themselves.
std::set<const ir::Function*> with_callees(const ir::Contract& contract, std::vector<const ir::Function*> open) {
    std::set<const ir::Function*> seen;
    while (!open.empty()) {
        const ir::Function& function = *open.back();
        open.pop_back();
        if (!seen.insert(&function).second) continue;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == ir::Op::InternalCall) open.push_back(&contract.functions.at(each.callee));
    }
    return seen;
}

std::set<const ir::Function*> functions_of_constructor(const ir::Contract& contract) {
    std::vector<const ir::Function*> constructors;
    for (const ir::Function& each : contract.functions)
        if (each.kind == ir::FunctionKind::Constructor) constructors.push_back(&each);
    return with_callees(contract, std::move(constructors));
}

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

// Returns the one contract of the scope that makes the contract for itself, in its constructor.
std::optional<std::uint32_t> maker_of(const CodeInScope& code, const ir::Contract& contract) {
    std::optional<std::uint32_t> maker;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (std::uint32_t i = 0; i < code.contracts[at]->state.size(); ++i) {
            if (!is_only_made(*code.contracts[at], i, contract.identity)) continue;
            if (maker) return std::nullopt;
            maker = at;
        }
    return maker;
}

void find_contracts(ScopeOfProof& scope) {
    CodeInScope& code = scope.code;
    struct Holder {
        Area area;
        std::uint32_t held = 0;
        bool is_made = false;
        std::string name;
    };
    std::vector<Holder> holders;
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        auto declared = declared_contract(code, contract, *variable);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        for (std::uint32_t i = 0; i < code.contracts.size() && !declared; ++i)
            if (is_only_made(contract, index, code.contracts[i]->identity)) declared = i;
        if (!declared && is_only(ir::Op::Caller, contract, index)) declared = maker_of(code, contract);
        if (!declared || !code.roles.contains(area)) continue;
        holders.push_back({area, *declared, is_only_made(contract, index, code.contracts[*declared]->identity),
                           fmt::format("`{}` of `{}`", variable->name, contract.name)});
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
    std::vector<std::uint32_t> times(code.contracts.size());
    for (const auto& [area, variable] : accounts_of(code)) {
        const ir::Contract& contract = *code.contracts.at(area.contract);
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        for (std::uint32_t i = 0; i < code.contracts.size(); ++i) {
            if (!is_only_made(contract, index, code.contracts[i]->identity)) continue;
            ++times[i];
            const auto may_write = [&](const ir::Function& each) { return writes_by_slot(contract, each); };
            if (variable->is_immutable || std::ranges::none_of(contract.functions, may_write)) code.holds[area] = i;
        }
    }
    std::erase_if(code.holds, [&](const auto& each) { return times[each.second] != 1; });
    code.made.clear();
    for (const auto& [area, held] : code.holds) code.made.insert(area);
}

// Whether it calls nobody.
bool is_leaf(const ir::Function& function) {
    return std::ranges::none_of(function.blocks, [](const ir::Block& block) {
        return block.terminator.kind == ir::Terminator::Kind::External ||
               std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
                   return each.op == ir::Op::Evm && each.opcode == vm::Opcode::SELFDESTRUCT;
               });
    });
}

bool calls_nobody(const ir::Contract& contract, std::uint32_t function) {
    return !contract.is_opaque && std::ranges::all_of(with_callees(contract, {&contract.functions.at(function)}),
                                                      [](const ir::Function* each) { return is_leaf(*each); });
}

// Whether nothing of it is called, nor runs, while it is made, but its own code.
bool is_quiet(const ir::Contract& contract) {
    return !contract.is_opaque && std::ranges::all_of(functions_of_constructor(contract),
                                                      [](const ir::Function* function) { return is_leaf(*function); });
}

// Whether the contract writes out what minimal proxies are made of (EIP-1167), before and behind the address.
bool writes_minimal_proxies(const ir::Contract& contract) {
    static constexpr std::uint8_t before[] = {0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73};
    static constexpr std::uint8_t behind[] = {0x5a, 0xf4, 0x3d, 0x82, 0x80, 0x3e, 0x90, 0x3d, 0x91, 0x60};
    bool has_before = false, has_behind = false;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != ir::Op::Constant) continue;
                const auto bytes = vm::to_big_endian(each.word);
                has_before |= !std::ranges::search(bytes, before).empty();
                has_behind |= !std::ranges::search(bytes, behind).empty();
            }
    return has_before && has_behind;
}

bool delegates_to_others(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        return function.kind != ir::FunctionKind::Constructor &&
               std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
                   return block.terminator.kind == ir::Terminator::Kind::External &&
                          ir::runs_foreign_code(contract, block.terminator.call);
               });
    });
}

// What was seen in a contract's own code says nothing of code that it runs as its own.
void forget_what_modules_may_break(CodeInScope& code) {
    std::set<std::uint32_t> hosts;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        if (delegates_to_others(*code.contracts[at])) hosts.insert(at);
    if (hosts.empty()) return;
    const auto is_of_host = [&](const Area& area) { return hosts.contains(area.contract); };
    for (std::set<Area>* each : {&code.rising, &code.kept, &code.with_keys, &code.growing}) std::erase_if(*each, is_of_host);
    std::erase_if(code.given, [&](const auto& each) { return is_of_host(each.first); });
    std::erase_if(code.most, [&](const auto& each) { return is_of_host(each.first); });
    code.listing.clear();
}

}  // namespace

bool lends_its_name(const CodeInScope& code) {
    for (const Entry& entry : entries_of(code)) {
        const Flow stranger(code, entry, Flow::Caller::Stranger, {}, nothing_survives);
        if (stranger.impersonates()) return true;
        const ir::FunctionKind kind = code.function(entry).kind;
        if (kind != ir::FunctionKind::Receive && kind != ir::FunctionKind::Fallback) continue;
        const Flow anybody(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        if (anybody.impersonates()) return true;
        const Footprint &more = anybody.footprint(), &less = stranger.footprint();
        const bool is_less = std::ranges::includes(less.accesses, more.accesses);
        const bool writes =
            more.sends || std::ranges::any_of(more.accesses, [](const auto& each) { return !only_reads(each.second); });
        if (anybody.succeeds() && writes && (!stranger.succeeds() || !is_less || more.sends != less.sends)) return true;
    }
    return false;
}

Callees callees_of(const ir::Contract& contract) {
    Callees callees;
    for (const ir::Method& each : contract.methods) callees.selectors.insert(each.selector);
    for (const ir::Function& function : contract.functions) {
        for (const ir::Block& block : function.blocks) {
            const ir::ExternalCall& call = block.terminator.call;
            if (block.terminator.kind != ir::Terminator::Kind::External) continue;
            const vm::Opcode opcode = ir::opcode_of(contract, call);
            if (opcode == vm::Opcode::CREATE || opcode == vm::Opcode::CREATE2 || ir::has_no_data(function, call)) continue;
            if (const auto selector = ir::selector_of(contract, function, call)) callees.selectors.insert(*selector);
            else callees.is_any = true;
        }
    }
    return callees;
}

std::vector<Entry> entries_of(const CodeInScope& code) {
    std::vector<Entry> entries;
    for (std::uint32_t contract = 0; contract < code.contracts.size(); ++contract)
        for (std::uint32_t i = 0; i < code.contracts[contract]->functions.size(); ++i)
            if (code.contracts[contract]->functions[i].is_entry) entries.push_back({contract, i});
    return entries;
}

std::vector<Entry> runs_of(const CodeInScope& code) {
    std::vector<Entry> runs = entries_of(code);
    for (std::uint32_t contract = 0; contract < code.contracts.size(); ++contract)
        for (std::uint32_t i = 0; i < code.contracts[contract]->functions.size(); ++i)
            if (code.contracts[contract]->functions[i].kind == ir::FunctionKind::Constructor) runs.push_back({contract, i});
    return runs;
}

CodeInScope code_alone(const ir::Contract& contract, const Deadline& deadline) {
    CodeInScope code;
    code.contracts.push_back(&contract);
    code.deadline = deadline;
    find_odd_lengths(code);
    return code;
}

ScopeOfProof scope_of(const std::vector<const ir::Contract*>& contracts, std::size_t subject, const Deadline& deadline,
                      bool runs_elsewhere) {
    ScopeOfProof scope;
    scope.code.deadline = deadline;
    std::vector<const ir::Contract*>& inside = scope.code.contracts;
    inside.push_back(contracts[subject]);
    for (std::size_t at = 0; at < inside.size(); ++at) {
        for (const ir::Contract* other : contracts) {
            if (!can_stand_alone(*other) || std::ranges::find(inside, other) != inside.end()) continue;
            const auto is_type = [&](const ir::StorageType& each) { return each.name == "contract " + other->name; };
            bool is_made = false;
            for (std::uint32_t i = 0; i < inside[at]->state.size(); ++i)
                is_made |= is_only_made(*inside[at], i, other->identity);
            if (is_made || may_receive(*other, callees_of(*inside[at])) ||
                std::ranges::any_of(inside[at]->storage_types, is_type))
                inside.push_back(other);
        }
    }
    for (const ir::Contract* each : contracts)
        if (is_quiet(*each)) scope.code.quiet.insert(each->identity);
    for (const Entry& entry : entries_of(scope.code))
        if (calls_nobody(*inside[entry.contract], entry.function)) scope.code.leaves.insert(entry);
    for (std::uint32_t i = 0; i < inside.size(); ++i)
        if (writes_minimal_proxies(*inside[i])) scope.code.cloners.insert(i);
    for (const auto& [area, variable] : accounts_of(scope.code)) {
        const ir::Contract& contract = *inside[area.contract];
        const auto index = static_cast<std::uint32_t>(variable - contract.state.data());
        if (variable->is_immutable && !(runs_elsewhere && area.contract == 0) && is_only(ir::Op::This, contract, index))
            scope.code.selves.insert(area);
    }
    find_odd_lengths(scope.code);
    find_made(scope.code);
    find_roles(scope.code);
    find_contracts(scope);
    scope.code.lends_its_name = lends_its_name(scope.code);
    if (scope.code.lends_its_name) {
        // Then only what nobody at all can set stays as it was.
        scope.assumptions.clear();
        scope.code.holds.clear();
        find_made(scope.code);
        find_roles(scope.code);
        find_contracts(scope);
    }
    find_owners(scope.code, contracts);
    for (std::uint32_t at = 0; at < scope.code.contracts.size(); ++at)
        for (const std::uint32_t each : scripts_of(*scope.code.contracts[at])) scope.code.scripts.insert({at, each});
    find_bounds(scope.code);
    find_oracles(scope.code);
    scope.code.rising = find_rising(scope.code);
    scope.code.given = find_given(scope.code);
    scope.code.growing = find_growing(scope.code);
    scope.code.listing = find_listing(scope.code);
    scope.code.kept = find_kept(scope.code);
    scope.code.with_keys = find_with_keys(scope.code);
    forget_what_modules_may_break(scope.code);
    return scope;
}

std::vector<std::size_t> privileged_callers(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts) {
    std::vector<std::size_t> callers;
    for (const Entry& entry : entries_of(code)) {
        if (entry.contract != 0) continue;
        const Flow flow(code, entry, Flow::Caller::Stranger, {}, nothing_survives);
        if (flow.succeeds()) continue;
        if (!Flow(code, entry, Flow::Caller::Anybody, {}, nothing_survives).succeeds()) continue;
        const std::uint32_t selector = code.function(entry).selector;
        for (std::size_t i = 0; i < contracts.size(); ++i)
            if (contracts[i] != code.contracts[0] && can_stand_alone(*contracts[i]) &&
                callees_of(*contracts[i]).may_be(selector))
                callers.push_back(i);
    }
    return callers;
}

}  // namespace interlock::analyzer::prover
