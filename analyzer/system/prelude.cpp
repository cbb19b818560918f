// What honest users did before an attack.
#include <algorithm>
#include <map>
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

constexpr std::size_t most_prelude = 8;  // transactions

constexpr std::size_t most_preparations = 60;  // that are tried

std::vector<Address> contracts_of(const World& world) {
    std::set<Address> seen;
    for (const DeployedContract& contract : world.contracts()) seen.insert(contract.address);
    return {seen.begin(), seen.end()};
}

class Prelude {
  public:
    explicit Prelude(const Draft& draft)
        : deadline_(draft.deadline),
          world_(draft.world),
          purse_(placed(world_)),
          execution_(world_.state()),
          candidates_(world_, observations_) {
        execution_.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
        world_.state().keep_history(true);
        world_.state().keep_fingerprint(true);
    }

    Plan run(bool enrols) {
        if (enrols) {
            enrol();
            pay_everywhere();
            open();
        }
        pay_everywhere();
        // What takes nothing yet may have to be opened first, by somebody or by the owner.
        std::size_t tried = 0;
        for (const std::uint32_t sender : {0u, World::owner_index}) {
            const auto calls = candidates_.calls(Caller::Honest, 1);
            for (const Call& call : *calls) {
                if (is_over() || unpaid_.empty() || ++tried > most_preparations) break;
                if (!call.value.is_zero() || !world_.artifact_of(call.contract)) continue;
                const auto here = world_.state().checkpoint();
                const chain::Fingerprint before = world_.state().fingerprint();
                const std::size_t length = plan_.size();
                PlannedTransaction planned;
                planned.sender = sender;
                planned.call = call;
                if (!perform_observed(planned) || world_.state().fingerprint() == before) {
                    world_.state().rewind_to(here);
                    continue;
                }
                plan_.push_back(std::move(planned));
                pay_everywhere();
                if (plan_.size() > length + 1) continue;
                plan_.resize(length);
                world_.state().rewind_to(here);
            }
        }
        return std::move(plan_);
    }

    bool has_rights() {
        std::set<Function> hers = working_for_her();
        for (const Function& function : working_for(0)) hers.erase(function);
        return !hers.empty();
    }

  private:
    using Function = std::pair<DeployedIndex, std::uint32_t>;
    using Storage = std::map<std::pair<Address, Word>, Word>;

    // The owner lets alice and the attacker's contract in, where that is hers to do: she names them as payees, as members.
    void enrol() {
        const std::set<Function> privileged = privileges();
        std::set<Function> tried;
        const auto calls = candidates_.calls(Caller::Honest, 1);
        for (const Call& call : *calls) {
            const Function function{call.contract, call.function};
            if (plan_.size() >= most_prelude || deadline_.has_passed()) return;
            if (!privileged.contains(function) || tried.contains(function)) continue;
            const auto named = std::ranges::find(call.arguments, abi::Data{world_.users()[0].address});
            if (named == call.arguments.end()) continue;
            Call hers = call;
            hers.arguments[static_cast<std::size_t>(named - call.arguments.begin())] = abi::Data{world_.attacker().address};
            if (lets_both_in(call, hers, privileged)) tried.insert(function);
        }
    }

    // Performs both calls of the owner if neither undoes the other, and the attacker has no other rights of the owner then.
    bool lets_both_in(const Call& alices, const Call& hers, std::set<Function> privileged) {
        privileged.erase({hers.contract, hers.function});  // shares can be passed on
        const auto here = world_.state().checkpoint();
        const std::size_t length = plan_.size();
        const Storage before = storage();
        if (by_owner(alices)) {
            const Storage between = storage();
            const bool is_her_turn = by_owner(hers);
            const Storage after = storage();
            const std::set<std::pair<Address, Word>> first = changed(before, between), second = changed(between, after);
            const bool is_setter = std::ranges::includes(second, first);
            if (is_her_turn && !is_setter && !has_rights_of(privileged)) return true;
        }
        plan_.resize(length);
        world_.state().rewind_to(here);
        return false;
    }

    // Does what makes more functions work for the attacker's contract, as long as there is such a thing.
    void open() {
        std::size_t working = working_for_her().size();
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (const std::uint32_t sender : {World::owner_index, 0u}) {
                const auto calls = candidates_.calls(Caller::Honest, 1);
                for (const Call& call : *calls) {
                    if (plan_.size() >= most_prelude || deadline_.has_passed()) return;
                    if (!call.value.is_zero() || !world_.artifact_of(call.contract) || names_somebody(call)) continue;
                    const auto here = world_.state().checkpoint();
                    const chain::Fingerprint before = world_.state().fingerprint();
                    PlannedTransaction planned;
                    planned.sender = sender;
                    planned.call = call;
                    if (perform_observed(planned) && world_.state().fingerprint() != before) {
                        if (const std::size_t now = working_for_her().size(); now > working) {
                            plan_.push_back(std::move(planned));
                            working = now;
                            goes_on = true;
                            continue;
                        }
                    }
                    world_.state().rewind_to(here);
                }
            }
        }
    }

    // Returns whether an argument is a person's address.
    bool names_somebody(const Call& call) const {
        return std::ranges::any_of(call.arguments, [&](const abi::Data& argument) {
            return argument == abi::Data{world_.attacker().address} ||
                   std::ranges::any_of(world_.senders(),
                                       [&](const Account& each) { return argument == abi::Data{each.address}; });
        });
    }

    bool by_owner(const Call& call) {
        PlannedTransaction planned;
        planned.sender = World::owner_index;
        planned.call = call;
        if (!perform_observed(planned)) return false;
        plan_.push_back(std::move(planned));
        return true;
    }

    Storage storage() {
        Storage all;
        for (const Address& contract : contracts_of(world_))
            for (const auto& [slot, value] : world_.state().storage_of(contract)) all[{contract, slot}] = value;
        return all;
    }

    static std::set<std::pair<Address, Word>> changed(const Storage& before, const Storage& after) {
        std::set<std::pair<Address, Word>> slots;
        for (const auto& [slot, value] : after) {
            const auto was = before.find(slot);
            if (was == before.end() ? !value.is_zero() : was->second != value) slots.insert(slot);
        }
        return slots;
    }

    // Returns the functions that do something for the sender, or for the attacker's contract.
    template <class Planned>
    std::set<Function> working(Caller caller, const Planned& planned_for) {
        std::set<Function> works;
        const auto calls = candidates_.calls(caller, 1);
        for (const Call& call : *calls) {
            const Function function{call.contract, call.function};
            if (deadline_.has_passed() || works.contains(function)) continue;
            const auto here = world_.state().checkpoint();
            const PlannedTransaction planned = planned_for(call);
            const Address& sender = planned.is_attack ? world_.mallory().address : world_.senders()[planned.sender].address;
            const chain::Fingerprint before = world_.state().fingerprint();
            const std::uint64_t nonce = world_.state().nonce(sender);
            const bool ok = perform(world_, execution_, planned);
            world_.state().set_nonce(sender, nonce);
            if (ok && world_.state().fingerprint() != before) works.insert(function);
            world_.state().rewind_to(here);
        }
        return works;
    }

    std::set<Function> working_for(std::uint32_t sender) {
        return working(Caller::Honest, [&](const Call& call) {
            PlannedTransaction planned;
            planned.sender = sender;
            planned.call = call;
            return planned;
        });
    }

    std::set<Function> working_for_her() {
        return working(Caller::Attacker, [](const Call& call) {
            PlannedTransaction planned;
            planned.is_attack = true;
            planned.activations.push_back({std::nullopt, {call}});
            return planned;
        });
    }

    // Returns the functions that work for the owner and not for alice.
    std::set<Function> privileges() {
        std::set<Function> list = working_for(World::owner_index);
        for (const Function& function : working_for(0)) list.erase(function);
        return list;
    }

    bool has_rights_of(const std::set<Function>& privileged) {
        const std::set<Function> hers = working_for_her();
        return std::ranges::any_of(privileged, [&](const Function& function) { return hers.contains(function); });
    }

    static World& placed(World& world) {
        world.place_attacker();
        return world;
    }
    [[nodiscard]] bool is_over() const { return plan_.size() >= most_prelude || deadline_.has_passed(); }

    // Alice pays into every contract that takes something from her.
    void pay_everywhere() {
        unpaid_.clear();
        for (const std::uint32_t level : {0u, 1u}) {
            const auto calls = candidates_.calls(Caller::Honest, level);
            for (const Call& call : *calls) {
                if (is_over()) return;
                const Function function{call.contract, call.function};
                if (!world_.artifact_of(call.contract) || paid_.contains(function)) continue;
                const bool has_ether = !call.value.is_zero();
                if (has_ether) unpaid_.insert(function);
                for (const std::uint64_t times : {10u, 1u}) {
                    if (times != 1 && (level != 0 || !has_ether)) continue;
                    PlannedTransaction planned;
                    planned.call = call;
                    planned.call.value = call.value * Word{times};
                    if (!pays(planned)) continue;
                    plan_.push_back(std::move(planned));
                    paid_.insert(function);
                    unpaid_.erase(function);
                    break;
                }
            }
        }
    }

    // Performs the transaction if a contract gets something from alice.
    bool pays(const PlannedTransaction& planned) {
        const auto here = world_.state().checkpoint();
        const std::vector<Address> alice{world_.users()[0].address};
        const Wealth before = purse_.of(world_, alice), held = purse_.of(world_, contracts_of(world_));
        const bool ok = perform_observed(planned);
        const Wealth after = purse_.of(world_, alice), now = purse_.of(world_, contracts_of(world_));
        bool pays = false;
        for (std::size_t i = 0; i < after.size(); ++i) pays |= after[i] < before[i] && now[i] > held[i];
        if (!ok || !pays) world_.state().rewind_to(here);
        return ok && pays;
    }

    bool perform_observed(const PlannedTransaction& planned) {
        execution_.machine().set_tracer(&observations_);
        observations_.begin_run();
        const bool ok = perform(world_, execution_, planned);
        execution_.machine().set_tracer(nullptr);
        (void)observations_.learn(planned.call, world_.state().block().timestamp, world_.state().block().number, !ok);
        return ok;
    }

    const Deadline& deadline_;
    World world_;
    const Purse purse_;
    chain::Execution execution_;
    Observations observations_;
    Candidates candidates_;
    Plan plan_;
    std::set<Function> paid_, unpaid_;  // unpaid: takes ether, but did not yet
};

}  // namespace

bool has_rights(const Draft& draft) { return Prelude(draft).has_rights(); }

Plan prelude(const Draft& draft) { return Prelude(draft).run(draft.choice.enrols); }

}  // namespace interlock::analyzer
