// One search from one root. Several searches share what they look for, and their limits.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/explorer.hpp"
#include "analyzer/explorer/serialise.hpp"

namespace interlock::analyzer {

// What all searches of one check share.
struct Hunt {
    Hunt(const SearchBounds& the_bounds, const ExplorerHooks& the_hooks)
        : bounds(the_bounds), hooks(the_hooks), theft_is_open(the_hooks.is_theft_open) {}

    const SearchBounds& bounds;
    const ExplorerHooks& hooks;
    std::set<PropertyId> open_properties, false_at_start;
    bool theft_is_open;
    bool stop = false;         // everything is found, or a limit was reached
    bool phase_over = false;   // this part of the search has had its time
    double phase_end = 1e300;  // seconds since the beginning
    SearchStats stats;
    double seconds_serialising = 0;
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();

    [[nodiscard]] bool halted() const { return stop || phase_over; }
    void begin_phase(double until) {
        phase_over = false;
        phase_end = until;
    }
    void settle() { stop |= open_properties.empty() && !theft_is_open; }
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }
};

// Why a state between transactions is kept: a branch was new, no serialisation of the plan reaches the state, or none
// leaves her with as much of everything.
enum class Promise : std::uint8_t { Branch, Unserial, Riches };

class Search {
  public:
    Search(Root& root, Hunt& hunt);

    // Looks for damage before anybody acts, then performs the prelude.
    void begin();

    // Tries every schedule of `budget` more calls, with the candidates of the level.
    void exhaust(std::uint32_t level, std::uint32_t budget);

    // Goes on from the most promising state that was kept, until the deadline. Returns false if there is none left.
    bool go_on(const Deadline& until);
    // Whether there is a state of at least this promise from which it did not go on yet.
    [[nodiscard]] bool has_fresh_state(Promise least) const;
    // Whether an entry of hers in a ledger was above what the same calls reach one after the other.
    [[nodiscard]] bool has_excess() const;
    // Finds the limits of those ledgers, and confirms the attack that passes one.
    void judge_excesses();

    [[nodiscard]] std::size_t states() const { return states_.size(); }
    [[nodiscard]] std::size_t kept() const { return kept_states_.size(); }
    [[nodiscard]] std::size_t branches() const { return observations_.branches(); }

  private:
    struct FingerprintHash {
        std::size_t operator()(const chain::Fingerprint& f) const { return f.low ^ (f.high * 0x9e3779b97f4a7c15ULL); }
    };
    struct Kept {  // a state between transactions from which to go on
        Plan plan;
        Promise promise = Promise::Branch;
        std::uint32_t level = 0;   // of the candidates with which it was found
        std::uint32_t rounds = 0;  // how often the search went on from it
        bool is_changed = false;   // the plan was changed since it was found, and its end is still to be examined
    };

    void from_quiescence(std::uint32_t budget);
    void wait_and_act(const Wait& wait, std::uint32_t budget);
    struct Pause {
        Wait wait;
        std::uint32_t cost = 0;  // in calls
    };
    [[nodiscard]] std::vector<Pause> waits() const;
    void single_calls(std::uint32_t sender, Caller caller, std::uint32_t budget);
    void attack_transaction(std::uint32_t budget);
    bool start(const chain::Transaction& transaction);
    void advance(std::uint32_t budget);
    void at_yield(const vm::Message& message, std::uint32_t budget);
    void at_attacker(std::uint32_t budget);
    void answer(const vm::Reply& answer, std::uint32_t budget);
    void call_back(const Call& call, std::uint32_t budget);
    void at_end_of_transaction(const vm::Outcome& outcome, std::uint32_t budget);
    bool examine();
    void note_excess(const Serialisations& serial, const std::vector<Word>& entries);
    void confirm(const SuspectedAttack& suspect);
    void find_free_assets();
    void learn(bool failed);
    [[nodiscard]] bool is_rare_shape();
    void keep(Promise promise);
    bool is_new(std::uint64_t inside, std::uint32_t budget);
    [[nodiscard]] const Activation* earlier_at_this_turn() const;
    std::uint64_t fingerprint_inside();
    bool exhausted();
    void note_exhaustion(const Call& call);
    [[nodiscard]] bool is_exhausting(const Call& call) const;
    [[nodiscard]] std::vector<vm::Bytes> return_data(const Activation& activation) const;
    [[nodiscard]] static std::vector<DeployedIndex> victims(const Plan& plan);
    void make_executions(std::size_t count);

    chain::Execution& execution() { return executions_[plan_.size() - 1]; }
    vm::Machine& machine() { return execution().machine(); }
    std::vector<Activation>& activations() { return plan_.back().activations; }

    Root& root_;
    World& world_;
    chain::State& state_;
    Hunt& hunt_;
    const SearchBounds& bounds_;
    Observations observations_;
    std::unique_ptr<Candidates> candidates_;
    std::unique_ptr<World> start_;  // for serialisations
    std::unique_ptr<Purse> purse_;
    Wealth start_wealth_, others_at_start_;
    struct HighEntry {
        Plan plan;
        Word value;
    };
    std::vector<HighEntry> high_entries_;  // by the ledgers of the purse: the highest that no serialisation had
    std::vector<bool> is_free_;            // by asset: she can have as much of it as she likes
    std::set<std::pair<DeployedIndex, std::uint32_t>> privileged_;  // functions that only the owner can call at first
    std::uint32_t level_ = 0;                                       // of the candidates
    std::size_t most_transactions_ = 0;                             // in this round, with those before it
    bool is_guided_ = false;                                        // it goes on from a kept state
    bool is_observing_ = false;                                     // runs are traced
    Wait pending_wait_;                                             // that the next transaction begins with

    Plan plan_;                                // how the current state was reached
    std::vector<std::uint32_t> open_;          // activations that she has not answered yet, innermost last
    std::deque<chain::Execution> executions_;  // one per transaction under way; suspended executions must survive
    // The visited states, each with the number of calls that were left.
    std::unordered_map<chain::Fingerprint, std::uint32_t, FingerprintHash> visited_;
    std::unordered_set<chain::Fingerprint, FingerprintHash> states_;
    std::unordered_set<chain::Fingerprint, FingerprintHash> kept_states_, serial_states_;
    std::deque<Kept> kept_;
    std::size_t branches_seen_ = 0;
    std::uint64_t lessons_seen_ = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> shapes_;  // sequences of functions, and how often they ran
    const Call* starting_ = nullptr;                           // the call that the next macro step begins with
    std::vector<std::pair<Call, std::uint32_t>> exhaustions_;
};

}  // namespace interlock::analyzer
