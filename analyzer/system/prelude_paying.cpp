#include <algorithm>

#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/prelude.hpp"
#include "chain/genesis.hpp"

// Who pays what in.
namespace interlock::analyzer {

namespace abi = lang::abi;

void Prelude::pay_everywhere() {
    unpaid_.clear();
    candidates_.refresh();  // what was opened may have a name since: a number, a hash
    for (const auto& [level, sends] : {std::pair{0u, false}, std::pair{1u, false}, std::pair{0u, true}}) {
        const auto calls = candidates_.calls(Caller::Honest, level);
        for (const Call& call : *calls) {
            if (is_over()) return;
            const Function function{call.contract, call.function};
            if (paid_.contains(function) || (!world_.artifact_of(call.contract) && !tells(call))) continue;
            if (sends != (world_.function_of(call).selector == token_selector::transfer)) continue;
            const bool has_ether = !call.value.is_zero();
            if (has_ether || tells(call) || takes_tokens(call)) unpaid_.insert(function);
            for (const std::uint64_t times : {10u, 1u}) {
                PlannedTransaction planned;
                planned.call = times == 1 ? call : much_of(call, Word{times});
                if (times != 1 && (level != 0 || planned.call == call)) continue;
                if (!pays(planned)) continue;
                plan_.push_back(std::move(planned));
                paid_.insert(function);
                unpaid_.erase(function);
                break;
            }
        }
    }
}

void Prelude::pay_for_several() {
    candidates_.refresh();
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (is_over()) return;
        const Function function{call.contract, call.function};
        if (call.value.is_zero() || paid_.contains(function) || !world_.artifact_of(call.contract) ||
            !lists_her_with_others(call))
            continue;
        PlannedTransaction planned;
        planned.call = much_of(call, Word{10});
        if (!pays(planned)) continue;
        plan_.push_back(std::move(planned));
        paid_.insert(function);
    }
}

bool Prelude::lists_her_with_others(const Call& call) const {
    const abi::Data hers{world_.attacker().address};
    const auto is_somebody = [&](const abi::Data& each) {
        return std::ranges::any_of(world_.users(), [&](const Account& user) { return each == abi::Data{user.address}; });
    };
    return std::ranges::any_of(call.arguments, [&](const abi::Data& argument) {
        const auto* const list = std::get_if<std::vector<abi::Data>>(&argument.content);
        return list && std::ranges::count(*list, hers) == 1 && std::ranges::any_of(*list, is_somebody);
    });
}

Call Prelude::much_of(const Call& call, const Word& times) const {
    Call more = call;
    more.value = call.value * times;
    if (call.value.is_zero() && takes_tokens(call))
        for (abi::Data& argument : more.arguments)
            if (argument == abi::Data{chain::ether}) argument = abi::Data{chain::ether * times};
    return more;
}

bool Prelude::takes_tokens(const Call& call) const {
    return world_.artifact_of(call.contract) && moves_tokens(world_.contract(call.contract).ir(), call.function);
}

void Prelude::fill_by_transfer() {
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i) {
        const DeployedContract contract = world_.contracts()[i];
        if (!world_.artifact_of(contract) || !expects_tokens(contract.ir())) continue;
        const std::vector<Call> before = giving(DeployedIndex{i});
        const auto here = world_.state().checkpoint();
        const std::size_t length = plan_.size();
        send_tokens_to(contract, false);
        if (plan_.size() != length && !is_over()) {
            std::vector<Call> now = giving(DeployedIndex{i});
            std::erase_if(now, [&](const Call& call) { return std::ranges::count(before, call) != 0; });
            PlannedTransaction planned;
            if (!now.empty()) planned.call = now.front();
            if (!now.empty() && perform_observed(planned)) {
                plan_.push_back(std::move(planned));
                continue;
            }
        }
        plan_.resize(length);
        world_.state().rewind_to(here);
    }
}

void Prelude::fund() {
    std::set<Function> funded;
    for (const std::uint32_t level : {0u, 1u}) {
        const auto calls = candidates_.calls(Caller::Honest, level);
        for (const Call& call : *calls) {
            const Function function{call.contract, call.function};
            if (is_over()) return;
            if (call.value.is_zero() || !world_.artifact_of(call.contract) || paid_.contains(function) ||
                funded.contains(function) || takes_hash(call))
                continue;
            PlannedTransaction planned;
            planned.call = call;
            const auto here = world_.state().checkpoint();
            const bool is_for_anybody = perform_observed(planned);
            world_.state().rewind_to(here);
            planned.sender = World::owner_index;
            if (is_for_anybody || !pays(planned)) continue;
            plan_.push_back(std::move(planned));
            funded.insert(function);
        }
    }
}

bool Prelude::takes_hash(const Call& call) const {
    return std::ranges::any_of(world_.function_of(call).parameters, [](const lang::ir::NamedType& each) {
        return each.type == lang::ir::Type{lang::ir::TypeKind::FixedBytes, 256};
    });
}

std::vector<Call> Prelude::giving(DeployedIndex contract) {
    const std::vector<Address> alice{world_.users()[0].address};
    const Wealth before = purse_.of(world_, alice);
    std::vector<Call> list;
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (call.contract != contract || !call.value.is_zero() || deadline_.has_passed()) continue;
        const auto here = world_.state().checkpoint();
        PlannedTransaction planned;
        planned.call = call;
        if (perform_observed(planned))
            if (const Wealth after = purse_.of(world_, alice); after != before && is_nowhere_below(after, before))
                list.push_back(call);
        world_.state().rewind_to(here);
    }
    return list;
}

bool Prelude::knows(const DeployedContract& holder, const Address& address) { return is_kept_by(world_, address, holder); }

// Returns whether what was created where nobody expects it has something.
bool Prelude::fills_newborns() {
    std::vector<Address> accounts;
    for (const SetupStep& step : newborns()) accounts.push_back(*step.stands_at);
    return std::ranges::any_of(purse_.of(world_, accounts), [](const Word& each) { return !each.is_zero(); });
}

bool Prelude::pays(PlannedTransaction& planned) {
    const auto here = world_.state().checkpoint();
    const std::vector<Address> sender{world_.senders()[planned.sender].address};
    // Most calls fail, and leave everything as it was.
    const chain::Fingerprint state = world_.state().fingerprint();
    if (weighed_.state != state || weighed_.sender != planned.sender)
        weighed_ = {state, planned.sender, purse_.of(world_, sender), purse_.of(world_, contracts_of(world_))};
    if (!perform_mended(planned)) {
        world_.state().rewind_to(here);
        return false;
    }
    const Wealth &before = weighed_.hers, &held = weighed_.held;
    const Wealth after = purse_.of(world_, sender), now = purse_.of(world_, contracts_of(world_));
    bool pays = false;
    for (std::size_t i = 0; i < after.size(); ++i) pays |= after[i] < before[i] && now[i] > held[i];
    if (!buys_) pays = pays && is_nowhere_below(now, held);
    if (!pays && after != before && is_nowhere_below(before, after) && is_nowhere_below(now, held)) pays = fills_newborns();
    if (!pays) world_.state().rewind_to(here);
    return pays;
}

}  // namespace interlock::analyzer
