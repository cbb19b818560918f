// What honest users did before an attack.
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_prelude = 6;  // transactions

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

    Plan run() {
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

  private:
    using Function = std::pair<DeployedIndex, std::uint32_t>;

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

Plan prelude(const Draft& draft) { return Prelude(draft).run(); }

}  // namespace interlock::analyzer
