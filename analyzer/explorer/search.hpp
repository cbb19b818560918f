// One search from one root. Several searches share a hunt.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/explorer/coverage.hpp"
#include "analyzer/explorer/exhaustions.hpp"
#include "analyzer/explorer/judge.hpp"
#include "analyzer/explorer/pauses.hpp"
#include "analyzer/explorer/remarks.hpp"
#include "analyzer/explorer/replies.hpp"

namespace interlock::analyzer {

class Search {
  public:
    Search(Root& root, Hunt& hunt);

    // Looks for damage before anybody acts, then performs the prelude.
    void begin();
    [[nodiscard]] Root& root() { return root_; }

    // Tries every schedule of `budget` more calls, with the candidates of the level.
    void exhaust(std::uint32_t level, std::uint32_t budget);

    // Goes on from the most promising state that was kept, until the deadline. Returns false if there is none left.
    bool go_on(const Deadline& until);
    [[nodiscard]] const KeptStates& kept() const { return kept_; }
    [[nodiscard]] bool has_excess() const { return judge_->has_excess(); }
    [[nodiscard]] std::vector<Remark> remarks() { return remarks_->all(hunt_.hooks.deadline); }
    void judge_surpluses() { judge_->judge_surpluses(*candidates_); }
    void judge_excesses() { judge_->judge_excesses(*candidates_); }

    [[nodiscard]] std::size_t states() const { return states_.size(); }
    [[nodiscard]] std::size_t branches() const { return observations_.branches(); }
    void add_to(Coverage& coverage) const { coverage.add(world_, observations_); }

  private:
    void from_quiescence(std::uint32_t budget);
    void wait_and_act(const Wait& wait, std::uint32_t budget);
    [[nodiscard]] std::vector<Pause> pauses() const;
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
    void learn(bool failed);
    [[nodiscard]] bool is_rare_shape();
    bool is_new(std::uint64_t inside, std::uint32_t budget);
    [[nodiscard]] const Activation* earlier_at_this_turn() const;
    std::uint64_t fingerprint_inside();
    bool exhausted();
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
    Replies replies_;
    std::unique_ptr<Candidates> candidates_;
    std::unique_ptr<Judge> judge_;
    std::unique_ptr<Remarks> remarks_;
    std::set<std::pair<DeployedIndex, std::uint32_t>> privileged_;  // functions that only the owner can call at first
    std::unique_ptr<Pauses> pauses_;
    std::uint32_t level_ = 0;            // of the candidates
    std::size_t most_transactions_ = 0;  // in this round, with those before it
    bool is_guided_ = false;             // it goes on from a kept state
    bool waits_first_ = false;           // the next time that nothing is under way
    bool is_observing_ = false;          // runs are traced
    Wait pending_wait_;                  // that the next transaction begins with

    Plan plan_;                                // how the current state was reached
    std::vector<std::uint32_t> open_;          // activations that she has not answered yet, innermost last
    std::deque<chain::Execution> executions_;  // one per transaction under way; suspended executions must survive
    // The visited states, each with the number of calls that were left.
    std::unordered_map<chain::Fingerprint, std::uint32_t, FingerprintHash> visited_;
    std::unordered_set<chain::Fingerprint, FingerprintHash> states_;
    KeptStates kept_;
    std::size_t branches_seen_ = 0;
    std::uint64_t lessons_seen_ = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> shapes_;  // sequences of functions, and how often they ran
    const Call* starting_ = nullptr;                           // the call that the next macro step begins with
    Exhaustions exhaustions_;
};

}  // namespace interlock::analyzer
