#include "analyzer/explorer/dealings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/devnet/colluder.hpp"
#include "analyzer/system/environment.hpp"

namespace interlock::analyzer {

namespace {

// Whether she does in one transaction.
bool pays_meanwhile(const World& world, const PlannedTransaction& planned) {
    const auto is_contract = [&](const lang::abi::Data& argument) {
        return std::ranges::any_of(world.contracts(),
                                   [&](const DeployedContract& each) { return argument == lang::abi::Data{each.address}; });
    };
    const auto is_payment = [&](const Call& call) {
        const lang::ir::Function& function = world.function_of(call);
        const bool is_plain =
            function.kind == lang::ir::FunctionKind::Receive || function.kind == lang::ir::FunctionKind::Fallback;
        const bool is_transfer = function.selector == token_selector::transfer && !call.arguments.empty();
        return is_plain ? !call.value.is_zero() : is_transfer && is_contract(call.arguments.front());
    };
    const auto pays = [&](const Call& call) {
        const auto carried = colluder_of(world) ? carried_call(world, call) : std::nullopt;
        return is_payment(call) || (carried && is_payment(*carried));
    };
    for (std::size_t i = planned.is_attack ? 1 : 0; i < planned.activations.size(); ++i)
        if (std::ranges::any_of(planned.activations[i].calls, pays)) return true;
    return false;
}

// Whether somebody honest names a contract of hers, as the one with which he deals if `as_contract`.
bool names_her(const World& world, const PlannedTransaction& planned, bool as_contract) {
    if (planned.is_attack || planned.sender == World::accomplice) return false;
    const auto& parameters = world.function_of(planned.call).parameters;
    for (std::size_t i = 0; i < std::min(parameters.size(), planned.call.arguments.size()); ++i) {
        const auto is_it = [&](const Address& hers) { return planned.call.arguments[i] == lang::abi::Data{hers}; };
        if ((!as_contract || !parameters[i].contract.empty()) && std::ranges::any_of(world.hers(), is_it)) return true;
    }
    return false;
}

Word largest_number(const World& world, const Call& call) {
    const auto& parameters = world.function_of(call).parameters;
    Word largest;
    for (std::size_t i = 0; i < std::min(parameters.size(), call.arguments.size()); ++i)
        if (parameters[i].type.kind == lang::ir::TypeKind::Uint) largest = std::max(largest, call.arguments[i].word());
    return largest;
}

}  // namespace

bool has_donation(const World& world, const Plan& plan) {
    return std::ranges::any_of(plan, [&](const PlannedTransaction& planned) {
        if (planned.is_attack || planned.sender == World::accomplice) return false;
        const lang::ir::Function& function = world.function_of(planned.call);
        return function.kind != lang::ir::FunctionKind::Ordinary || function.selector == token_selector::transfer;
    });
}

bool has_gift_of_tokens(const World& world, const Plan& plan, bool is_of_sources) {
    return std::ranges::any_of(plan, [&](const PlannedTransaction& planned) {
        if (planned.is_attack || planned.sender == World::accomplice || planned.call.arguments.empty()) return false;
        if (world.artifact_of(planned.call.contract).has_value() != is_of_sources) return false;
        const auto is_it = [&](const DeployedContract& each) {
            return planned.call.arguments.front() == lang::abi::Data{each.address};
        };
        return world.function_of(planned.call).selector == token_selector::transfer &&
               std::ranges::any_of(world.contracts(), is_it);
    });
}

bool pays_in_a_callback(const World& world, const Plan& plan) {
    return std::ranges::any_of(plan, [&](const auto& planned) { return pays_meanwhile(world, planned); });
}

bool believes_her(const World& world, const Plan& plan) {
    return std::ranges::any_of(plan, [&](const PlannedTransaction& planned) {
        return names_her(world, planned, true) && std::ranges::any_of(planned.activations, &Activation::answers_number);
    });
}

bool changes_her_answer(const World& world, const Plan& plan) {
    if (!world.is_attacker_named()) return false;
    const auto says_nothing_else = [&](std::uint32_t selector) {
        return std::ranges::any_of(world.contracts(), [&](const DeployedContract& each) {
            return std::ranges::any_of(each.ir().methods, [&](const lang::ir::Method& method) {
                return method.selector == selector && method.parameters.empty();
            });
        });
    };
    std::map<std::uint32_t, Bytes> answers;
    for (const PlannedTransaction& planned : plan)
        for (const Activation& each : planned.activations) {
            if (!each.is_static || !each.answers_number() || !says_nothing_else(*each.selector)) continue;
            if (answers.try_emplace(*each.selector, each.answer).first->second != each.answer) return true;
        }
    return false;
}

bool plays_two_parts(const World& world, const Plan& plan) {
    using Functions = std::set<std::pair<DeployedIndex, std::uint32_t>>;
    std::map<Address, Functions> parts;
    for (const PlannedTransaction& planned : plan) {
        if (planned.is_attack || planned.sender != World::owner_index) continue;
        for (const Address& hers : world.hers())
            if (std::ranges::count(planned.call.arguments, lang::abi::Data{hers}) != 0)
                parts[hers].insert({planned.call.contract, planned.call.function});
    }
    const auto are_apart = [](const Functions& some, const Functions& others) {
        return std::ranges::none_of(some, [&](const auto& each) { return others.contains(each); });
    };
    return std::ranges::any_of(parts, [&](const auto& one) {
        return std::ranges::any_of(parts, [&](const auto& other) { return are_apart(one.second, other.second); });
    });
}

bool lets_her_have_it(const World& world, const Plan& plan, const Wealth& gain, bool is_owner_one) {
    if (std::any_of(gain.begin() + 1, gain.end(), [](const Word& each) { return !each.is_zero(); })) return false;
    Word let_go;
    for (const PlannedTransaction& planned : plan) {
        const auto is_paid = [](const Activation& each) { return !each.selector; };
        const bool is_users = (is_owner_one || planned.sender != World::owner_index) && names_her(world, planned, false);
        if (is_users && std::ranges::any_of(planned.activations, is_paid)) let_go += largest_number(world, planned.call);
    }
    return !(gain[0] > let_go);
}

bool keeps_what_he_paid(const World& world, const Plan& plan, const Wealth& gain, const Wealth& lost) {
    Word paid, said;
    for (const PlannedTransaction& planned : plan) {
        const bool is_named = names_her(world, planned, false);
        if (!is_named && planned.reentries() != 0) return false;
        if (is_named) paid += planned.call.value;
        if (names_her(world, planned, true)) said += largest_number(world, planned.call);
    }
    if (gain[0] > paid) return false;
    for (std::size_t i = 1; i < gain.size(); ++i)
        if (gain[i] > std::min(said, lost[i])) return false;
    return true;
}

}  // namespace interlock::analyzer
