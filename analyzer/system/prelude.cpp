// What honest users did before an attack.
#include <algorithm>
#include <map>
#include <set>

#include "analyzer/explorer/mending.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/usage.hpp"
#include "chain/genesis.hpp"

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
          candidates_(world_, observations_),
          usage_(world_, execution_, candidates_, deadline_) {
        execution_.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
        world_.observe(execution_.machine());
        world_.state().keep_history(true);
        world_.state().keep_fingerprint(true);
    }

    Plan run(bool enrols) {
        buys_ = enrols;
        if (enrols) {
            enrol();
            pay_everywhere();
            open();
        }
        pay_everywhere();
        fill_by_transfer();
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
                if (!perform_mended(planned) || world_.state().fingerprint() == before) {
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
        fund();
        endow();
        return std::move(plan_);
    }

    bool has_rights() {
        std::set<Function> hers = usage_.of_attacker();
        for (const Function& function : usage_.of(0)) hers.erase(function);
        return !hers.empty();
    }

  private:
    using Function = Usage::Function;
    using Storage = std::map<std::pair<Address, Word>, Word>;

    // The owner lets alice and the attacker's contract in, where that is hers to do: she names them as payees, as members.
    void enrol() {
        const std::set<Function> privileged = usage_.of_owner_alone();
        std::set<Function> tried;
        const auto calls = candidates_.calls(Caller::Honest, 1);
        for (const Call& call : *calls) {
            const Function function{call.contract, call.function};
            if (plan_.size() >= most_prelude || deadline_.has_passed()) return;
            if (!privileged.contains(function) || tried.contains(function)) continue;
            const auto named = std::ranges::find(call.arguments, abi::Data{world_.users()[0].address});
            if (named == call.arguments.end() || expects_a_contract(call, named - call.arguments.begin())) continue;
            Call hers = call;
            hers.arguments[static_cast<std::size_t>(named - call.arguments.begin())] = abi::Data{world_.attacker().address};
            if (lets_both_in(call, hers, privileged)) tried.insert(function);
        }
    }

    // Returns whether a contract of the system is meant there: by its declaration, or since one was named there.
    bool expects_a_contract(const Call& call, std::ptrdiff_t position) const {
        for (const SetupStep& step : world_.recipe().steps)
            if (step.to == world_.contract(call.contract).name &&
                selector_of(step.data) == world_.function_of(call).selector)
                return true;
        const lang::ir::Contract* role = role_of_parameter(world_.compilation(), world_.contract(call.contract).ir(),
                                                           world_.function_of(call), static_cast<std::size_t>(position));
        return role && std::ranges::any_of(world_.contracts(),
                                           [&](const DeployedContract& other) { return fits(other.ir(), *role); });
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

    // Returns whether a function works that did not work before, for one of those who act.
    bool reaches_more() {
        bool is_more = false;
        for (auto& [sender, reached] : reached_) {
            std::set<Function> more = sender == World::accomplice ? usage_.of_attacker(reached) : usage_.of(sender, reached);
            is_more |= !more.empty();
            reached.merge(more);
        }
        return is_more;
    }

    // Does what makes more functions work, as long as there is such a thing.
    void open() {
        (void)reaches_more();
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (const std::uint32_t sender : {0u, World::owner_index}) {
                const auto calls = candidates_.calls(Caller::Honest, 1);
                for (const Call& call : *calls) {
                    if (plan_.size() >= most_prelude || deadline_.has_passed()) return;
                    if (!call.value.is_zero() || !world_.artifact_of(call.contract) || names_somebody(call)) continue;
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

    bool has_rights_of(const std::set<Function>& privileged) {
        const std::set<Function> hers = usage_.of_attacker();
        return std::ranges::any_of(privileged, [&](const Function& function) { return hers.contains(function); });
    }

    static World& placed(World& world) {
        world.place_attacker();
        return world;
    }
    [[nodiscard]] bool is_over() const { return plan_.size() >= most_prelude || deadline_.has_passed(); }

    // Alice pays into every contract that takes something from her; tokens that are just sent come last.
    void pay_everywhere() {
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

    // Returns the call with more ether or, if it takes tokens, with more of what may be an amount.
    [[nodiscard]] Call much_of(const Call& call, const Word& times) const {
        Call more = call;
        more.value = call.value * times;
        if (call.value.is_zero() && takes_tokens(call))
            for (abi::Data& argument : more.arguments)
                if (argument == abi::Data{chain::ether}) argument = abi::Data{chain::ether * times};
        return more;
    }

    // Returns whether the call hands tokens to somebody who is told what for.
    bool tells(const Call& call) const { return world_.function_of(call).selector == token_selector::transfer_and_call; }

    bool takes_tokens(const Call& call) const {
        return world_.artifact_of(call.contract) && moves_tokens(world_.contract(call.contract).ir(), call.function);
    }

    // Some are paid by sending them tokens and calling them then, as pools of two tokens are: alice does, if it gives her
    // something.
    void fill_by_transfer() {
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

    // The owner pays into what only she can pay into, where she gets nothing for it: rewards, prizes. What is opened by a hash
    // is hers to open later, when it is known who claims it.
    void fund() {
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

    bool takes_hash(const Call& call) const {
        return std::ranges::any_of(world_.function_of(call).parameters, [](const lang::ir::NamedType& each) {
            return each.type == lang::ir::Type{lang::ir::TypeKind::FixedBytes, 256};
        });
    }

    // Others lend out or pay what somebody has to send them first, with no function for that: alice does, if more works then.
    void endow() {
        for (std::uint32_t i = 0; i < world_.contracts().size(); ++i) {
            const DeployedContract contract = world_.contracts()[i];
            if (is_over() || !world_.artifact_of(contract)) continue;
            const auto here = world_.state().checkpoint();
            const std::size_t length = plan_.size();
            const std::set<Function> before = usage_.of(0);
            send_tokens_to(contract, true);
            if (plan_.size() == length || !std::ranges::includes(before, usage_.of(0))) continue;
            plan_.resize(length);
            world_.state().rewind_to(here);
        }
    }

    // Alice sends it half of what she has of each token that it knows; `where_none`: and of which it has none.
    void send_tokens_to(const DeployedContract& contract, bool where_none) {
        for (std::uint32_t t = 0; t < world_.contracts().size(); ++t) {
            const DeployedContract token = world_.contracts()[t];
            const auto& functions = token.ir().functions;
            const auto transfer = std::ranges::find_if(functions, [](const lang::ir::Function& function) {
                return function.is_entry && function.selector == token_selector::transfer;
            });
            if (transfer == functions.end() || token.address == contract.address || !knows(contract, token.address))
                continue;
            const auto asset = std::ranges::find_if(
                purse_.assets(), [&](const Asset& each) { return each.token == DeployedIndex{t} && !each.id; });
            if (asset == purse_.assets().end()) continue;
            const auto which = static_cast<std::size_t>(asset - purse_.assets().begin());
            if (where_none && !purse_.of(world_, {contract.address}, which).is_zero()) continue;
            const Word half = purse_.of(world_, {world_.users()[0].address}, which) / Word{2};
            PlannedTransaction planned;
            planned.call = {DeployedIndex{t},
                            static_cast<std::uint32_t>(transfer - functions.begin()),
                            {abi::Data{contract.address}, abi::Data{half}},
                            {}};
            if (is_over() || half.is_zero() || !perform_observed(planned)) continue;
            plan_.push_back(std::move(planned));
        }
    }

    // Returns the calls of a contract that leave alice with more than she has now.
    std::vector<Call> giving(DeployedIndex contract) {
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

    [[nodiscard]] bool knows(const DeployedContract& holder, const Address& address) {
        return is_kept_by(world_, address, holder);
    }

    // Performs the transaction if a contract gets something from its sender, and gives nothing for it that it had.
    bool pays(PlannedTransaction& planned) {
        const auto here = world_.state().checkpoint();
        const std::vector<Address> sender{world_.senders()[planned.sender].address};
        const Wealth before = purse_.of(world_, sender), held = purse_.of(world_, contracts_of(world_));
        const bool ok = perform_mended(planned);
        const Wealth after = purse_.of(world_, sender), now = purse_.of(world_, contracts_of(world_));
        bool pays = false;
        for (std::size_t i = 0; i < after.size(); ++i) pays |= after[i] < before[i] && now[i] > held[i];
        if (!buys_) pays = pays && is_nowhere_below(now, held);
        if (!ok || !pays) world_.state().rewind_to(here);
        return ok && pays;
    }

    // Performs the transaction, with other numbers if those do not pass. Returns whether it did.
    bool perform_mended(PlannedTransaction& planned) {
        const auto here = world_.state().checkpoint();
        const abi::Data hers{world_.attacker().address};
        const bool is_hers = std::ranges::count(planned.call.arguments, hers) != 0;
        const auto make = [&](const Call& call) -> std::optional<Failure> {
            if (!is_hers && std::ranges::count(call.arguments, hers) != 0) return Failure{};
            PlannedTransaction mended = planned;
            mended.call = call;
            if (perform_observed(mended)) return std::nullopt;
            world_.state().rewind_to(here);
            return observations_.failure_of(call);
        };
        mends_.allow_more();
        std::optional<Failure> failure = make(planned.call);
        if (!failure) return true;
        std::optional<Call> passed = mend(std::move(failure), mends_, make);
        if (passed) planned.call = std::move(*passed);
        return passed.has_value();
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
    Usage usage_;
    Mends mends_;
    Plan plan_;
    // What ever worked, by sender; the accomplice: her contract.
    std::map<std::uint32_t, std::set<Function>> reached_{{0, {}}, {World::owner_index, {}}, {World::accomplice, {}}};
    bool buys_ = false;                 // alice also takes what contracts have to give, for what they ask
    std::set<Function> paid_, unpaid_;  // unpaid: takes ether, but did not yet
};

}  // namespace

bool has_rights(const Draft& draft) { return Prelude(draft).has_rights(); }

Plan prelude(const Draft& draft) { return Prelude(draft).run(draft.choice.enrols); }

}  // namespace interlock::analyzer
