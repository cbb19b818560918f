// Founding: a contract under construction has no code, so that it passes for a plain account. What her contract can do only
// then, it does in its constructor.
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/mending.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/draft.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_founding_calls = 3;  // in her constructor

class Founding {
  public:
    explicit Founding(const World& world) : world_(world), execution_(world_.state()), candidates_(world_, observations_) {
        world_.place_attacker();
        world_.state().keep_history(true);
        world_.state().keep_fingerprint(true);
        execution_.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    }

    std::vector<Preparation> calls(const Deadline& deadline) {
        std::vector<Preparation> list;
        std::set<std::pair<DeployedIndex, std::uint32_t>> done;
        const Bytes code(world_.state().code(world_.attacker().address)->bytes().begin(),
                         world_.state().code(world_.attacker().address)->bytes().end());
        const auto calls = candidates_.calls(Caller::Attacker, 1);
        for (const Call& call : *calls) {
            if (list.size() == most_founding_calls || deadline.has_passed()) break;
            if (done.contains({call.contract, call.function})) continue;
            if (works(call)) {
                done.insert({call.contract, call.function});
                continue;
            }
            world_.state().set_code(world_.attacker().address, {});
            const std::optional<Call> passed = mended(call);
            world_.state().set_code(world_.attacker().address, code);
            if (!passed) continue;
            done.insert({call.contract, call.function});
            if (!works(*passed))
                list.push_back({world_.contract(call.contract).name, world_.call_data(*passed), passed->value});
        }
        return list;
    }

  private:
    // Returns the call, with other numbers if those do not pass.
    std::optional<Call> mended(const Call& call) {
        const auto make = [&](const Call& each) -> std::optional<Failure> {
            if (works(each)) return std::nullopt;
            return observations_.failure_of(each);
        };
        std::optional<Failure> failure = make(call);
        return failure ? mend(std::move(failure), mends_, make) : call;
    }

    bool works(const Call& call) {
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, {call}});
        const auto here = world_.state().checkpoint();
        const std::uint64_t nonce = world_.state().nonce(world_.mallory().address);
        const chain::Fingerprint before = world_.state().fingerprint();
        observations_.begin_run();
        execution_.machine().set_tracer(&observations_);
        const bool ok = perform(world_, execution_, planned);
        execution_.machine().set_tracer(nullptr);
        world_.state().set_nonce(world_.mallory().address, nonce);
        const bool works = ok && world_.state().fingerprint() != before;
        world_.state().rewind_to(here);
        return works;
    }

    World world_;
    chain::Execution execution_;
    Observations observations_;
    Mends mends_;
    Candidates candidates_;
};

}  // namespace

bool found(Draft& draft) {
    bool asks = false;
    for (const DeployedContract& contract : draft.world.contracts())
        asks |= draft.world.artifact_of(contract) &&
                has_opcode(draft.world.state().code(contract.address)->bytes(), vm::Opcode::EXTCODESIZE);
    if (!asks) return false;
    const std::vector<Preparation> calls = Founding(draft.world).calls(draft.deadline);
    for (const Preparation& call : calls) draft.world.prepare(call);
    return !calls.empty();
}

}  // namespace interlock::analyzer
