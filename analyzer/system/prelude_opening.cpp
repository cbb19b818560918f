#include <algorithm>

#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/prelude.hpp"

// Who is let in, and what is opened.
namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

// Returns whether the address lies in the slot, at whatever byte.
bool holds(const Word& slot, const Address& address) {
    const Word mask = (Word{1} << 160u) - Word{1};
    for (unsigned shift = 0; shift <= 96; shift += 8)
        if (((slot >> shift) & mask) == vm::to_word(address)) return true;
    return false;
}

}  // namespace

void Prelude::trust(const std::vector<Call>& approvals) {
    for (const Call& call : approvals) {
        PlannedTransaction planned;
        planned.sender = World::accomplice;
        planned.call = call;
        if (!is_over() && perform_observed(planned)) plan_.push_back(std::move(planned));
    }
}

void Prelude::enrol() {
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i)
        if (world_.artifact_of(DeployedIndex{i})) provide_for(DeployedIndex{i});
    const std::set<Function> privileged = usage_.of_owner_alone();
    std::map<Function, std::vector<Call>> asked;  // by function; each names alice
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls)
        if (const Function function{call.contract, call.function}; privileged.contains(function) && names_alice(call))
            asked[function].push_back(call);
    if (is_sparing_)
        for (auto& [function, variants] : asked)
            std::ranges::stable_sort(variants, {}, [this](const Call& call) { return lavishness(call); });
    (void)reaches_more();
    NamedCode code(world_, candidates_, privileged);
    for (const auto& [function, variants] : asked) enrol_by(variants, privileged, code);
}

// Returns how much the call gives: nothing of something is no gift, and comes last.
Word Prelude::lavishness(const Call& call) const {
    const auto& parameters = world_.function_of(call).parameters;
    Word sum;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        if (parameters[i].type.kind != lang::ir::TypeKind::Uint) continue;
        if (call.arguments[i] == abi::Data{Word{}}) return ~Word{};
        sum += call.arguments[i].word();
    }
    return sum;
}

// Some let in only as many as they can pay: alice sends tokens there first, if more of the owner's calls work then that name her.
void Prelude::provide_for(DeployedIndex contract) {
    const auto here = world_.state().checkpoint();
    const std::size_t length = plan_.size();
    send_tokens_to(world_.contract(contract), true);
    if (plan_.size() == length) return;
    const std::size_t then = entrances_of(contract);
    plan_.resize(length);
    world_.state().rewind_to(here);
    if (then > entrances_of(contract)) send_tokens_to(world_.contract(contract), true);
}

// Returns how many calls work for the owner that name alice.
std::size_t Prelude::entrances_of(DeployedIndex contract) {
    std::size_t count = 0;
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (call.contract != contract || deadline_.has_passed() || !names_alice(call)) continue;
        const auto here = world_.state().checkpoint();
        PlannedTransaction planned;
        planned.sender = World::owner_index;
        planned.call = call;
        count += perform_observed(planned);
        world_.state().rewind_to(here);
    }
    return count;
}

bool Prelude::names_alice(const Call& call) const {
    const auto named = std::ranges::find(call.arguments, abi::Data{world_.users()[0].address});
    return named != call.arguments.end() && !expects_a_contract(call, named - call.arguments.begin());
}

// Whether the two differ in numbers alone, not in names of roles for example.
bool Prelude::differ_in_numbers(const Call& a, const Call& b) const {
    const auto& parameters = world_.function_of(a).parameters;
    for (std::size_t i = 0; i < a.arguments.size(); ++i)
        if (a.arguments[i] != b.arguments[i] && parameters[i].type.kind != lang::ir::TypeKind::Uint) return false;
    return true;
}

// With the first numbers for which more works then, or with the first at all: a quota may be too great to be used.
void Prelude::enrol_by(const std::vector<Call>& variants, const std::set<Function>& privileged, NamedCode& code) {
    constexpr int most_tried = 6;
    const auto here = world_.state().checkpoint();
    const std::size_t length = plan_.size();
    const auto lets_in = [&](const Call& call) {
        Call hers = call;
        *std::ranges::find(hers.arguments, abi::Data{world_.users()[0].address}) = abi::Data{world_.attacker().address};
        if (!lets_both_in(call, hers, privileged, code)) return false;
        // Who is known by the account that began the transaction is let in by that one, too.
        Call accounts = call;
        *std::ranges::find(accounts.arguments, abi::Data{world_.users()[0].address}) = abi::Data{world_.mallory().address};
        if (asks_who_began(world_.contract(call.contract).ir())) (void)by_owner(accounts);
        return true;
    };
    const Call* first = nullptr;
    int tried = 0;
    for (const Call& call : variants) {
        if (plan_.size() >= most_prelude || deadline_.has_passed() || tried == most_tried) break;
        if ((first && !differ_in_numbers(*first, call)) || !lets_in(call)) continue;
        if (reaches_more()) return;
        ++tried;
        if (!first) first = &call;
        plan_.resize(length);
        world_.state().rewind_to(here);
    }
    if (first) (void)lets_in(*first);
}

// Whether the function was called when the system was set up.
bool Prelude::is_done_in_setup(const Call& call) const {
    return std::ranges::any_of(world_.recipe().steps, [&](const SetupStep& step) {
        return step.to == world_.contract(call.contract).name && selector_of(step.data) == world_.function_of(call).selector;
    });
}

bool Prelude::expects_a_contract(const Call& call, std::ptrdiff_t position) const {
    if (is_done_in_setup(call)) return true;
    const lang::ir::Contract* role = role_of_parameter(world_.compilation(), world_.contract(call.contract).ir(),
                                                       world_.function_of(call), static_cast<std::size_t>(position));
    return role &&
           std::ranges::any_of(world_.contracts(), [&](const DeployedContract& other) { return fits(other.ir(), *role); });
}

bool Prelude::lets_both_in(const Call& alices, const Call& hers, std::set<Function> privileged, NamedCode& code) {
    privileged.erase({hers.contract, hers.function});  // shares can be passed on
    const auto here = world_.state().checkpoint();
    const std::size_t length = plan_.size();
    const Storage before = storage();
    if (by_owner(alices)) {
        const Storage between = storage();
        const bool is_her_turn = by_owner(hers);
        const Storage after = storage();
        const std::set<std::pair<Address, Word>> first = changed(before, between), second = changed(between, after);
        const auto is_replaced = [&](const std::pair<Address, Word>& slot) {
            return second.contains(slot) && holds(between.at(slot), world_.users()[0].address) &&
                   holds(after.at(slot), world_.attacker().address);
        };
        const bool is_setter = std::ranges::includes(second, first) || std::ranges::any_of(first, is_replaced);
        if (is_her_turn && !is_setter && !has_rights_of(privileged) && !code.is_run()) return true;
    }
    plan_.resize(length);
    world_.state().rewind_to(here);
    return false;
}

bool Prelude::reaches_more() {
    bool is_more = false;
    for (auto& [sender, reached] : reached_) {
        std::set<Function> more = sender == World::accomplice ? usage_.of_attacker(reached) : usage_.of(sender, reached);
        is_more |= !more.empty();
        reached.merge(more);
    }
    return is_more;
}

void Prelude::open() {
    (void)reaches_more();
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (const std::uint32_t sender : {0u, World::owner_index}) {
            const auto calls = candidates_.calls(Caller::Honest, 1);
            for (const Call& call : *calls) {
                if (plan_.size() >= most_prelude || deadline_.has_passed()) return;
                if (!call.value.is_zero() || !world_.artifact_of(call.contract) || names_somebody(call)) continue;
                if (sender == World::owner_index && is_done_in_setup(call)) continue;
                const auto here = world_.state().checkpoint();
                const chain::Fingerprint before = world_.state().fingerprint();
                PlannedTransaction planned;
                planned.sender = sender;
                planned.call = call;
                if (perform_observed(planned) && world_.state().fingerprint() != before && reaches_more()) {
                    plan_.push_back(std::move(planned));
                    goes_on = true;
                    continue;
                }
                world_.state().rewind_to(here);
            }
        }
    }
}

bool Prelude::names_somebody(const Call& call) const {
    return std::ranges::any_of(call.arguments, [&](const abi::Data& argument) {
        return argument == abi::Data{world_.attacker().address} ||
               std::ranges::any_of(world_.senders(),
                                   [&](const Account& each) { return argument == abi::Data{each.address}; });
    });
}

bool Prelude::by_owner(const Call& call) {
    PlannedTransaction planned;
    planned.sender = World::owner_index;
    planned.call = call;
    if (!perform_observed(planned)) return false;
    plan_.push_back(std::move(planned));
    return true;
}

Prelude::Storage Prelude::storage() {
    Storage all;
    for (const Address& contract : contracts_of(world_))
        for (const auto& [slot, value] : world_.state().storage_of(contract)) all[{contract, slot}] = value;
    return all;
}

std::set<std::pair<Address, Word>> Prelude::changed(const Storage& before, const Storage& after) {
    std::set<std::pair<Address, Word>> slots;
    for (const auto& [slot, value] : after) {
        const auto was = before.find(slot);
        if (was == before.end() ? !value.is_zero() : was->second != value) slots.insert(slot);
    }
    return slots;
}

bool Prelude::has_rights_of(const std::set<Function>& privileged) {
    const std::set<Function> hers = usage_.of_attacker();
    return std::ranges::any_of(privileged, [&](const Function& function) { return hers.contains(function); });
}

std::vector<Address> Prelude::contracts_of(const World& world) {
    std::set<Address> seen;
    for (const DeployedContract& contract : world.contracts()) seen.insert(contract.address);
    return {seen.begin(), seen.end()};
}

}  // namespace interlock::analyzer
