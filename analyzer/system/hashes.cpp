// Hashes that contracts expect to have been told when they were deployed.
#include <algorithm>
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/pauses.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace {

// Whether the numbers that the call is told are ones: of things that are counted, not of money.
bool tells_of_one(const Call& call) {
    return std::ranges::all_of(call.arguments, [](const lang::abi::Data& argument) {
        const auto* const word = std::get_if<vm::Word>(&argument.content);
        return !word || !word->fits_u64() || *word == vm::Word{1};
    });
}

class HashSearch {
  public:
    HashSearch(const Root& root, const Deadline& deadline)
        : deadline_(deadline), world_(placed(root.world)), candidates_(world_, observations_), execution_(world_.state()) {
        execution_.machine().set_strangers([this](const Address& address) { return address == world_.attacker().address; });
        execution_.machine().set_tracer(&observations_);
    }

    // Those of the first calls come first, and of such as tell of one thing. Where there are none, time may have to pass, or the
    // owner to open something first. Then come those of the owner's calls, behind what others did: who committed to something
    // reveals it.
    std::vector<vm::Word> run(const Plan& prelude) {
        look();
        if (first_.empty() && of_one_.empty()) look_later();
        if (first_.empty() && of_one_.empty()) look_behind_openings();
        look_at_owner(prelude);
        std::vector<vm::Word> all;
        for (std::size_t i = 0; i < most; ++i)
            for (const auto* list : {&first_, &of_one_, &revealed_})
                if (i < list->size() && all.size() < most_of_all) all.push_back((*list)[i]);
        return all;
    }

  private:
    static constexpr std::size_t most = 2, most_of_all = 3, most_runs = 200, most_openings = 12;

    static World placed(World world) {
        world.place_attacker();
        world.state().keep_history(true);
        return world;
    }

    // Of calls with other numbers the hashes are others.
    void look() {
        std::size_t runs = 0;
        const auto calls = candidates_.calls(Caller::Attacker, 0);
        for (const Call& call : *calls) {
            if (of_one_.size() == most || ++runs > most_runs || deadline_.has_passed()) return;
            const auto here = world_.state().checkpoint();
            PlannedTransaction planned;
            planned.is_attack = true;
            planned.activations.push_back({std::nullopt, {call}});
            observations_.begin_run();
            const bool works = perform(world_, execution_, planned);
            (void)observations_.learn(call, world_.state().block().timestamp, world_.state().block().number, !works);
            world_.state().rewind_to(here);
            std::vector<vm::Word>& found = tells_of_one(call) ? of_one_ : first_;
            for (const vm::Word& hash : observations_.compared_with_zero())
                if (found.size() < most && std::ranges::count(found, hash) == 0) found.push_back(hash);
        }
    }

    void look_later() {
        for (const Pause& pause : Pauses(world_, observations_).at(world_.state().block(), false, true)) {
            if (!first_.empty() || !of_one_.empty()) return;
            const vm::BlockContext now = world_.state().block();
            world_.pass(pause.wait);
            look();
            world_.state().set_block(now);
        }
    }

    void look_behind_openings() {
        std::size_t openings = 0;
        const auto calls = candidates_.calls(Caller::Honest, 0);
        for (const Call& call : *calls) {
            if (openings == most_openings || !first_.empty() || !of_one_.empty() || deadline_.has_passed()) return;
            if (!call.value.is_zero() || !world_.artifact_of(call.contract)) continue;
            const auto here = world_.state().checkpoint();
            PlannedTransaction planned;
            planned.sender = World::owner_index;
            planned.call = call;
            observations_.begin_run();
            if (perform(world_, execution_, planned)) {
                ++openings;
                look();
            }
            world_.state().rewind_to(here);
        }
    }

    // The owner reveals perhaps only later. Of each of her functions one hash is enough.
    void look_at_owner(const Plan& prelude) {
        for (const PlannedTransaction& planned : prelude)
            if (!perform(world_, execution_, planned)) return;
        candidates_.refresh();
        try_owners_calls({});
        for (const Pause& pause : Pauses(world_, observations_).at(world_.state().block(), false, true))
            if (revealed_.empty()) try_owners_calls(pause.wait);
    }

    void try_owners_calls(const Wait& wait) {
        std::size_t runs = 0;
        std::set<std::pair<DeployedIndex, std::uint32_t>> found;
        const auto calls = candidates_.calls(Caller::Honest, 0);
        for (const Call& call : *calls) {
            if (revealed_.size() == most || ++runs > most_runs || deadline_.has_passed()) return;
            if (found.contains({call.contract, call.function})) continue;
            const auto here = world_.state().checkpoint();
            const vm::BlockContext now = world_.state().block();
            PlannedTransaction planned;
            planned.sender = World::owner_index;
            planned.call = call;
            planned.wait = wait;
            observations_.begin_run();
            const bool works = perform(world_, execution_, planned);
            const vm::BlockContext then = world_.state().block();
            (void)observations_.learn(call, then.timestamp, then.number, !works);
            world_.state().rewind_to(here);
            world_.state().set_block(now);
            const std::vector<vm::Word> hashes = observations_.compared_with_zero();
            if (works || hashes.empty()) continue;
            found.insert({call.contract, call.function});
            if (std::ranges::count(revealed_, hashes.back()) == 0) revealed_.push_back(hashes.back());
        }
    }

    const Deadline& deadline_;
    World world_;
    Observations observations_;
    Candidates candidates_;
    chain::Execution execution_;
    std::vector<vm::Word> first_, of_one_, revealed_;
};

}  // namespace

std::vector<vm::Word> hashes_expected(const Root& root, const Deadline& deadline) {
    return HashSearch(root, deadline).run(root.prelude);
}

}  // namespace interlock::analyzer
