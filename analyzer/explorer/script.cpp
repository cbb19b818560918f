#include "analyzer/explorer/script.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/system/environment.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

constexpr std::size_t most_steps = 10;

class Renamer {
  public:
    Renamer(const World& world, Naming naming) : world_(world), naming_(naming) {}

    // Returns the call as `now` makes it instead of `before`.
    [[nodiscard]] Call call_by(const Address& now, const Address& before, Call call) const {
        for (abi::Data& argument : call.arguments) rename(argument, now, before);
        return call;
    }

  private:
    void rename(abi::Data& argument, const Address& now, const Address& before) const {
        if (auto* parts = std::get_if<std::vector<abi::Data>>(&argument.content))
            for (abi::Data& part : *parts) rename(part, now, before);
        if (naming_ == Naming::Themselves) {
            if (argument == abi::Data{before}) argument = abi::Data{now};
        } else if (argument == abi::Data{world_.attacker().address} || is_sender(argument)) {
            argument = abi::Data{world_.attacker().address};
        }
    }

    [[nodiscard]] bool is_sender(const abi::Data& argument) const {
        for (std::uint32_t i = 0; i < world_.senders().size(); ++i)
            if (i != World::owner_index && argument == abi::Data{world_.senders()[i].address}) return true;
        return false;
    }

    const World& world_;
    Naming naming_;
};

}  // namespace

bool is_token(const DeployedContract& contract) {
    return std::ranges::any_of(contract.ir().functions, [](const auto& function) {
        return function.is_entry &&
               (function.selector == token_selector::balance_of || function.selector == token_selector::balance_of_id);
    });
}

bool is_gift(const World& world, const Call& call) {
    return is_token(world.contract(call.contract)) && std::ranges::any_of(world.hers(), [&](const Address& hers) {
               return std::ranges::count(call.arguments, lang::abi::Data{hers}) != 0;
           });
}

std::optional<Script> script_of(const World& world, std::span<const PlannedTransaction> plan, Naming naming) {
    if (plan.size() > most_steps) return std::nullopt;
    const Renamer renamer(world, naming), as_themselves(world, Naming::Themselves);
    const Address &her = world.attacker().address, &alice = world.users()[0].address;
    Script script;
    std::vector<Call> vocabulary;
    for (const PlannedTransaction& planned : plan) {
        if (planned.reentries() != 0) return std::nullopt;
        ScriptStep step;
        step.wait = planned.wait;
        if (!planned.is_attack && planned.sender == World::owner_index) {
            const Address& owner = world.owner().address;
            step.sender = planned.sender;
            // The owner lets her in instead of somebody else, but does not give her tokens.
            const bool may_give = is_token(world.contract(planned.call.contract));
            if (may_give && std::ranges::count(planned.call.arguments, abi::Data{her}) != 0) continue;
            step.hers = {(may_give ? as_themselves : renamer).call_by(owner, owner, planned.call)};
            if (planned.call != step.hers.front()) step.alices = planned.call;
        } else {
            const Address& before = planned.is_attack ? her : world.senders()[planned.sender].address;
            const std::vector<Call> calls =
                planned.is_attack ? planned.activations.front().calls : std::vector<Call>{planned.call};
            for (const Call& call : calls) {
                step.hers.push_back(renamer.call_by(her, before, call));
                step.alices_calls.push_back(renamer.call_by(alice, before, call));
                if (std::ranges::count(vocabulary, step.hers.back()) == 0) vocabulary.push_back(step.hers.back());
            }
            if (calls.size() == 1) step.alices = step.alices_calls.front();
        }
        script.steps.push_back(std::move(step));
    }
    std::ranges::reverse(vocabulary);  // the last steps are the likeliest
    script.vocabulary = std::make_shared<const std::vector<Call>>(std::move(vocabulary));
    return script;
}

bool double_step(Script& script, std::size_t step) {
    ScriptStep& each = script.steps[step];
    if (each.sender || each.hers.empty()) return false;
    each.hers.push_back(each.hers.back());
    each.alices.reset();
    return true;
}

bool have_alice_first(Script& script, std::size_t step) {
    ScriptStep& each = script.steps[step];
    if (each.sender || !each.alices) return false;
    ScriptStep first;
    first.sender = 0;
    first.hers = {*std::exchange(each.alices, std::nullopt)};
    first.wait = std::exchange(each.wait, {});
    script.steps.insert(script.steps.begin() + static_cast<std::ptrdiff_t>(step), std::move(first));
    return true;
}

void Repertoire::add(const World& world, std::span<const PlannedTransaction> plan) {
    const Renamer as_themselves(world, Naming::Themselves), as_her(world, Naming::Her);
    const Address& her = world.attacker().address;
    for (const PlannedTransaction& planned : plan) {
        if (!planned.is_attack && planned.sender == World::owner_index) continue;
        const Address& before = planned.is_attack ? her : world.senders()[planned.sender].address;
        for (const Call& call : planned.is_attack ? planned.activations.front().calls : std::vector<Call>{planned.call})
            for (const Renamer* renamer : {&as_themselves, &as_her}) add(world, renamer->call_by(her, before, call));
    }
}

void Repertoire::add(const World& world, const Call& call) {
    constexpr std::ptrdiff_t most_of_one_function = 2;
    constexpr std::size_t most = 40;
    const auto is_same = [&](const Call& other) {
        return other.contract == call.contract && other.function == call.function;
    };
    if (std::ranges::count(calls_, call) != 0) return;
    calls_.insert(calls_.begin(), call);
    if (std::ranges::count_if(calls_, is_same) > most_of_one_function)
        calls_.erase(std::find_if(calls_.rbegin(), calls_.rend(), is_same).base() - 1);
    if (calls_.size() > most) calls_.pop_back();
    // What works with one of several contracts that were made alike works with the next.
    const std::uint32_t next = static_cast<std::uint32_t>(call.contract) + 1;
    if (!world.contract(call.contract).is_expected || next >= world.contracts().size()) return;
    const DeployedContract& sibling = world.contract(DeployedIndex{next});
    if (!sibling.is_expected || sibling.artifact != world.contract(call.contract).artifact) return;
    Call other = call;
    other.contract = DeployedIndex{next};
    add(world, other);
}

void Repertoire::extend(Script& script) const {
    std::vector<Call> vocabulary = *script.vocabulary;
    for (const Call& call : calls_)
        if (std::ranges::count(vocabulary, call) == 0) vocabulary.push_back(call);
    script.vocabulary = std::make_shared<const std::vector<Call>>(std::move(vocabulary));
}

}  // namespace interlock::analyzer
