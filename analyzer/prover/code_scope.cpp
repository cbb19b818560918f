#include "analyzer/prover/code_scope.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/assumptions.hpp"
#include "analyzer/prover/accounts.hpp"
#include "analyzer/prover/bounds.hpp"
#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/given.hpp"
#include "analyzer/prover/lists.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "analyzer/prover/offspring.hpp"
#include "analyzer/prover/records.hpp"
#include "analyzer/prover/restored.hpp"
#include "analyzer/prover/scripts.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

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

bool halts(const ir::Instruction& each) {
    return is_evm(each, vm::Opcode::RETURN) || is_evm(each, vm::Opcode::STOP) || is_evm(each, vm::Opcode::SELFDESTRUCT);
}

bool may_halt(const ir::Contract& contract, const ir::Function& function) {
    return std::ranges::any_of(with_callees(contract, {&function}), [](const ir::Function* each) {
        return std::ranges::any_of(each->blocks,
                                   [](const ir::Block& block) { return std::ranges::any_of(block.instructions, halts); });
    });
}

std::set<const ir::Function*> functions_of_constructor(const ir::Contract& contract) {
    std::vector<const ir::Function*> constructors;
    for (const ir::Function& each : contract.functions)
        if (each.kind == ir::FunctionKind::Constructor) constructors.push_back(&each);
    return with_callees(contract, std::move(constructors));
}

namespace {

bool can_stand_alone(const ir::Contract& contract) { return !contract.is_interface && !contract.is_library; }

bool may_receive(const ir::Contract& contract, const Callees& callees) {
    return std::ranges::any_of(contract.functions, [&](const ir::Function& each) {
        return each.is_entry && each.kind != ir::FunctionKind::Receive && each.kind != ir::FunctionKind::Fallback &&
               callees.may_be(each.selector);
    });
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

// Whether all that it does outside is to pay, with so little gas that nothing changes there.
bool only_pays(const ir::Contract& contract, std::uint32_t function) {
    return !contract.is_opaque &&
           std::ranges::all_of(with_callees(contract, {&contract.functions.at(function)}), [](const ir::Function* each) {
               return std::ranges::all_of(each->blocks, [](const ir::Block& block) {
                   return block.terminator.kind != ir::Terminator::Kind::External ||
                          ir::has_only_stipend(block.terminator.call);
               });
           });
}

// The stipend pays for writes of transient storage.
bool writes_transient(const ir::Contract& contract) {
    return contract.is_opaque || std::ranges::any_of(contract.functions, [](const ir::Function& function) {
               return std::ranges::any_of(function.blocks, [](const ir::Block& block) {
                   return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
                       return ir::writes_of(each).contains(vm::Region::Transient);
                   });
               });
           });
}

// Whether nothing of it is called, nor runs, while it is made, but its own code.
bool is_quiet(const ir::Contract& contract) {
    return !contract.is_opaque && std::ranges::all_of(functions_of_constructor(contract),
                                                      [](const ir::Function* function) { return is_leaf(*function); });
}

// Entries of which nobody in the sources hears what they give back.
std::set<Entry> find_unheard(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts) {
    std::set<Entry> unheard;
    for (const Entry& entry : entries_of(code)) {
        const std::uint32_t selector = code.function(entry).selector;
        if (std::ranges::none_of(contracts, [&](const ir::Contract* each) { return callees_of(*each).may_be(selector); }))
            unheard.insert(entry);
    }
    return unheard;
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
                has_before |= std::search(bytes.begin(), bytes.end(), std::begin(before), std::end(before)) != bytes.end();
                has_behind |= std::search(bytes.begin(), bytes.end(), std::begin(behind), std::end(behind)) != bytes.end();
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
    for (std::set<Area>* each : {&code.rising, &code.kept, &code.with_keys, &code.growing, &code.records})
        std::erase_if(*each, is_of_host);
    std::erase_if(code.given, [&](const auto& each) { return is_of_host(each.first); });
    std::erase_if(code.numbering, [&](const auto& each) { return is_of_host(each.first); });
    std::erase_if(code.most, [&](const auto& each) { return is_of_host(each.first); });
    std::erase_if(code.appended, [&](const auto& each) { return hosts.contains(each.first); });
    for (std::set<const ir::Instruction*>* each : {&code.listing, &code.pushing, &code.restoring, &code.saving})
        each->clear();
}

}  // namespace

namespace {

// Of bytes that an internal function is given, as one that looks after what a token answers: with which selectors they begin,
// if all who call it say so.
std::optional<std::set<std::uint32_t>> selectors_given(const ir::Contract& contract, const ir::Function& function,
                                                       ir::Value bytes, unsigned depth) {
    constexpr unsigned most_depth = 6;
    const std::vector<ir::Parameter>& parameters = function.blocks.front().parameters;
    const auto place = std::ranges::find(parameters, bytes, &ir::Parameter::value);
    if (place == parameters.end() || function.is_entry || depth == most_depth) return std::nullopt;
    std::set<std::uint32_t> selectors;
    for (const ir::Function& caller : contract.functions) {
        std::optional<Makers> made_by;
        for (const ir::Block& block : caller.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != ir::Op::InternalCall || &contract.functions.at(each.callee) != &function) continue;
                if (!made_by) made_by = makers_of(caller);
                const ir::Value given = each.operands.data()[place - parameters.begin()];
                const ir::Instruction* made = made_by->at(given.index);
                if (made && made->selector) {
                    selectors.insert(*made->selector);
                    continue;
                }
                const auto more = made ? std::nullopt : selectors_given(contract, caller, given, depth + 1);
                if (!more) return std::nullopt;
                selectors.insert(more->begin(), more->end());
            }
    }
    return selectors;
}

std::optional<std::set<std::uint32_t>> selectors_given(const ir::Contract& contract, const ir::Function& function,
                                                       const ir::ExternalCall& call) {
    return is_by_bytes(call) ? selectors_given(contract, function, call.arguments.front(), 0) : std::nullopt;
}

}  // namespace

bool calls_nobody(const ir::Contract& contract, std::uint32_t function) {
    return !contract.is_opaque && std::ranges::all_of(with_callees(contract, {&contract.functions.at(function)}),
                                                      [](const ir::Function* each) { return is_leaf(*each); });
}

Flow::Caller stranger_at(const CodeInScope& code, const Entry& entry) {
    return code.lent.contains(entry) ? Flow::Caller::Anybody : Flow::Caller::Stranger;
}

CodeInScope known_to_owners(const CodeInScope& code) {
    CodeInScope owned = code;
    owned.roles = code.owners;
    owned.members.clear();
    owned.lent = find_lent(owned);
    return owned;
}

std::set<Entry> find_lent(const CodeInScope& code) {
    std::set<Entry> lent = code.lent;
    const auto does_more = [&](const Entry& entry, const Flow& stranger) {
        const Flow anybody(code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        if (anybody.impersonates()) return true;
        const Footprint &more = anybody.footprint(), &less = stranger.footprint();
        const bool is_less = std::ranges::includes(less.accesses, more.accesses);
        const bool writes =
            more.sends || std::ranges::any_of(more.accesses, [](const auto& each) { return !only_reads(each.second); });
        return anybody.succeeds() && writes && (!stranger.succeeds() || !is_less || more.sends != less.sends);
    };
    for (std::size_t before = lent.size() + 1; before != lent.size();) {
        before = lent.size();
        for (const Entry& entry : entries_of(code)) {
            const Flow flow(code, entry, lent.contains(entry) ? Flow::Caller::Anybody : Flow::Caller::Stranger, {},
                            nothing_survives);
            if (flow.impersonates()) lent.insert(flow.hits().begin(), flow.hits().end());
            const ir::FunctionKind kind = code.function(entry).kind;
            const bool is_paid = kind == ir::FunctionKind::Receive || kind == ir::FunctionKind::Fallback;
            if (is_paid && !lent.contains(entry) && does_more(entry, flow)) lent.insert(entry);
        }
    }
    return lent;
}

Callees callees_of(const ir::Contract& contract, bool as_itself) {
    Callees callees;
    if (contract.is_interface) return callees;
    for (const ir::Method& each : contract.methods) callees.selectors.insert(each.selector);
    for (const ir::Function& function : contract.functions) {
        for (const ir::Block& block : function.blocks) {
            const ir::ExternalCall& call = block.terminator.call;
            if (block.terminator.kind != ir::Terminator::Kind::External) continue;
            const vm::Opcode opcode = ir::opcode_of(contract, call);
            if (opcode == vm::Opcode::CREATE || opcode == vm::Opcode::CREATE2 || ir::has_no_data(function, call)) continue;
            if (as_itself && opcode == vm::Opcode::DELEGATECALL) continue;
            if (const auto selector = ir::selector_of(contract, function, call)) callees.selectors.insert(*selector);
            else if (const auto given = selectors_given(contract, function, call))
                callees.selectors.insert(given->begin(), given->end());
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

bool calls_nobody(const ir::Contract& contract) {
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i)
        if (!calls_nobody(contract, i)) return false;
    return true;
}

CodeInScope code_alone(const ir::Contract& contract, const Deadline& deadline) {
    CodeInScope code;
    code.contracts.push_back(&contract);
    code.deadline = deadline;
    find_odd_lengths(code);
    return code;
}

ScopeOfProof scope_of(const std::vector<const ir::Contract*>& contracts, std::size_t subject, const Deadline& deadline,
                      const ScopeChoice& choice) {
    ScopeOfProof scope;
    scope.code.deadline = deadline;
    std::vector<const ir::Contract*>& inside = scope.code.contracts;
    inside.push_back(contracts[subject]);
    for (const std::size_t each : choice.besides) inside.push_back(contracts[each]);
    for (const std::size_t each : choice.without) scope.code.tokens.push_back(contracts[each]);
    for (std::size_t at = 0; at < inside.size(); ++at) {
        for (std::size_t i = 0; i < contracts.size(); ++i) {
            const ir::Contract* other = contracts[i];
            if (!can_stand_alone(*other) || std::ranges::find(inside, other) != inside.end() ||
                std::ranges::find(choice.without, i) != choice.without.end())
                continue;
            const auto is_type = [&](const ir::StorageType& each) { return each.name == "contract " + other->name; };
            bool is_made = false;
            for (std::uint32_t variable = 0; variable < inside[at]->state.size(); ++variable)
                is_made |= is_only_made(*inside[at], variable, other->identity);
            if (is_made || may_receive(*other, callees_of(*inside[at])) ||
                std::ranges::any_of(inside[at]->storage_types, is_type))
                inside.push_back(other);
        }
    }
    // Several of a kind that are made are contracts of their own, and so are several that one contract holds and that call nobody.
    constexpr std::size_t most_of_kind = 4;
    const std::vector<const ir::Contract*> kinds = inside;
    for (const ir::Contract* each : kinds) {
        if (each == contracts[subject]) continue;
        const std::size_t declared = calls_nobody(*each) ? count_declared(kinds, *each) : 0,
                          number = std::max(count_made(kinds, each->identity), declared);
        for (std::size_t i = 1; number <= most_of_kind && i < number; ++i) inside.push_back(each);
    }
    for (const ir::Contract* each : contracts)
        if (is_quiet(*each)) scope.code.quiet.insert(each->identity);
    for (const Entry& entry : entries_of(scope.code))
        if (calls_nobody(*inside[entry.contract], entry.function)) scope.code.leaves.insert(entry);
    const bool is_transient_written = std::ranges::any_of(inside, [](const auto* each) { return writes_transient(*each); });
    for (const Entry& entry : entries_of(scope.code))
        if (!is_transient_written && only_pays(*inside[entry.contract], entry.function)) scope.code.payers.insert(entry);
    for (std::uint32_t i = 0; i < inside.size(); ++i)
        if (writes_minimal_proxies(*inside[i])) scope.code.cloners.insert(i);
    scope.code.declares_amounts = declare_amounts(contracts);
    scope.code.collections = collections_of(contracts);
    scope.code.trusts_callees = choice.trusts_callees;
    if (!choice.runs_elsewhere) find_written_out(scope.code);
    find_selves(scope.code, choice.runs_elsewhere);
    find_starters(scope.code, choice.runs_elsewhere);
    if (!choice.runs_elsewhere) find_zeros(scope.code);
    if (!choice.runs_elsewhere) find_unset(scope.code);
    if (!choice.runs_elsewhere) find_unsaid(scope.code);
    find_odd_lengths(scope.code);
    find_made(scope.code);
    find_roles(scope.code);
    find_members(scope.code);
    find_contracts(scope);
    scope.code.lent = find_lent(scope.code);
    if (!scope.code.lent.empty()) {
        const std::set<Entry> lent = std::exchange(scope.code.lent, {});
        find_alone(scope.code);
        scope.code.lent = scope.code.alone.empty() ? lent : find_lent(scope.code);
        if (!scope.code.lent.empty()) scope.code.alone.clear();
        for (const Entry& each : scope.code.alone)
            scope.assumptions.push_back(assumed(Assumed::Alone, scope.code.contracts[each.contract]->name));
    }
    // Then what whoever has a right can set by one of these does not stay as it was, and more may be lent.
    for (std::size_t before = 0; before != scope.code.lent.size();) {
        before = scope.code.lent.size();
        scope.assumptions.clear();
        scope.code.holds.clear();
        find_made(scope.code);
        find_roles(scope.code);
        find_members(scope.code);
        find_contracts(scope);
        scope.code.lent = find_lent(scope.code);
    }
    if (!choice.runs_elsewhere)
        for (const Entry& each : scope.code.starters)
            scope.assumptions.push_back(
                assumed(Assumed::Started, scope.code.function(each).name, scope.code.contracts[each.contract]->name));
    find_owners(scope.code, contracts);
    // Other code may write what it likes.
    const bool runs_others = std::ranges::any_of(inside, [](const auto* each) { return delegates_to_others(*each); });
    if (!choice.runs_elsewhere && !runs_others) find_offspring(scope.code);
    for (std::uint32_t at = 0; at < scope.code.contracts.size(); ++at)
        for (const std::uint32_t each : scripts_of(*scope.code.contracts[at])) scope.code.scripts.insert({at, each});
    find_bounds(scope.code);
    find_oracles(scope.code);
    scope.code.rising = find_rising(scope.code);
    scope.code.kept = find_kept(scope.code);
    scope.code.with_keys = find_with_keys(scope.code);
    scope.code.given = find_given(scope.code);
    scope.code.numbering = find_numbering(scope.code, find_counters(scope.code));
    scope.code.reserved = find_reserved(scope.code, find_counters(scope.code));
    scope.code.growing = find_growing(scope.code);
    scope.code.records = find_records(scope.code, contracts);
    find_restored(scope.code);
    scope.code.unheard = find_unheard(scope.code, contracts);
    scope.code.pushing = find_pushing(scope.code);
    scope.code.appended = find_appended(scope.code);
    scope.code.listing = find_listing(scope.code);
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
