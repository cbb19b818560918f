// One search from one root. Several searches share a hunt.
#pragma once

#include <memory>

#include "analyzer/engine/fingerprint_table.hpp"
#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/coverage.hpp"
#include "analyzer/explorer/exhaustions.hpp"
#include "analyzer/explorer/judge.hpp"
#include "analyzer/explorer/newborns.hpp"
#include "analyzer/explorer/pauses.hpp"
#include "analyzer/explorer/ready_messages.hpp"
#include "analyzer/explorer/remarks.hpp"
#include "analyzer/explorer/replies.hpp"
#include "analyzer/explorer/script.hpp"
#include "analyzer/explorer/state_map.hpp"

namespace interlock::analyzer {

class Search {
  public:
    // Searches of the same system share the newborns.
    Search(Root& root, Hunt& hunt, std::shared_ptr<Newborns> newborns);

    // Looks for damage before anybody acts, then performs the prelude.
    void begin();
    [[nodiscard]] Root& root() { return root_; }
    [[nodiscard]] Hunt& hunt() { return hunt_; }
    [[nodiscard]] const std::shared_ptr<Newborns>& newborns() const { return newborns_; }
    [[nodiscard]] bool is_of_same_system(const Search& other) const { return newborns_ == other.newborns_; }

    // Tries every schedule of `budget` more calls, with the candidates of the level.
    void exhaust(std::uint32_t level, std::uint32_t budget);

    // Goes on from the most promising state that was kept, until the deadline. Returns false if there is none left.
    bool go_on(const Deadline& until);
    // Looks for what others have to do before her calls work, a part of it. Returns false if there is nothing left to try.
    bool climb();
    [[nodiscard]] bool has_climbed() const { return ascent_ != nullptr; }
    // How a plan is played: where control reaches her she makes its calls again, or those of other plans, too, or one of
    // its steps is made twice before, or alice goes all the way beside her.
    enum class Manner : std::uint8_t { Own, Repertoire, Doubled, Accompanied };
    // Plays the plan from where this search starts, with her contract or alice in others' places, and with up to `repeats`
    // calls where control reaches her. Returns whether it did.
    bool play(std::span<const PlannedTransaction> plan, std::uint32_t repeats, Manner manner);
    void learn_to_play(std::span<const PlannedTransaction> plan) {
        expect_newborns();
        repertoire_.add(world_, plan);
    }
    // Returns the plans of what works only in the middle of a call that were found since the last time.
    [[nodiscard]] std::vector<Plan> take_interludes() { return std::exchange(interludes_, {}); }
    // Performs the plan, which another search found, with other numbers.
    void vary_later(Plan plan) { kept_.keep_to_vary(std::move(plan)); }
    [[nodiscard]] const KeptStates& kept() const { return kept_; }
    // Returns a plan without re-entry that showed something new and was not returned yet, or null.
    [[nodiscard]] const Plan* next_to_play() { return kept_.next_to_play(); }
    [[nodiscard]] bool has_excess() const { return judge_->has_excess(); }
    [[nodiscard]] std::vector<Remark> remarks() { return remarks_->all(hunt_.hooks.deadline); }
    void judge_surpluses() { judge_->judge_surpluses(*candidates_); }
    void judge_excesses(const Deadline& deadline) { judge_->judge_excesses(*candidates_, deadline); }

    // Returns how many functions do something for her where it starts. Nothing is under way.
    [[nodiscard]] std::size_t open_to_her();
    [[nodiscard]] std::size_t states() const { return states_; }
    [[nodiscard]] std::size_t table_bytes() const { return visited_.bytes() + seen_.bytes(); }
    [[nodiscard]] std::size_t branches() const { return observations_.branches(); }
    // Without those that came with others' plans.
    [[nodiscard]] std::size_t own_branches() const { return observations_.branches() - played_branches_; }
    void add_to(Coverage& coverage) const {
        coverage.add(world_, observations_);
        if (ascent_) coverage.add(world_, ascent_->observations());
    }

  private:
    void from_quiescence(std::uint32_t budget);
    void play(const Script& script, std::uint32_t repeats);
    bool tries(const PlannedTransaction& planned);
    bool tries(ScriptStep& step);
    [[nodiscard]] std::optional<Script> accompanied(const Script& script, bool counts_further);
    void begin_with(const PlannedTransaction& planned, std::uint32_t budget);
    void follow_script(std::uint32_t budget);
    void vary(const Plan& plan);
    void vary_what_is_kept();
    void examine_reentries();
    // Makes the calls of the plan again, one or two of them.
    void repeat_calls_of(const Plan& plan);
    void repeat(const std::vector<PlannedTransaction>& steps, int more, bool may_wait);
    bool reach(const Plan& plan);
    void follow_varied(std::uint32_t budget);
    void make_variants(const Call& call, const std::function<std::optional<Failure>(const Call&)>& make);
    // Returns how the call failed, if it was observed.
    std::optional<Failure> single_call(std::uint32_t sender, const Call& call, const vm::Message& message,
                                       std::uint32_t budget);
    void wait_and_act(const Wait& wait, std::uint32_t budget);
    [[nodiscard]] std::vector<Pause> pauses() const;
    void find_what_is_the_owners();
    void find_what_introduces();
    void find_what_lists_code();
    void rule_out(const std::function<bool(const Call&)>& is_so);
    void find_what_hands_rights_on(const std::vector<Call>& rights);
    void find_what_lets_her_appoint(const std::vector<Call>& appointing);
    [[nodiscard]] bool names_her(const Call& call) const;
    [[nodiscard]] bool favours_her(const Call& call) const;
    void single_calls(std::uint32_t sender, Caller caller, std::uint32_t budget);
    bool works_with_more_gas(const PlannedTransaction& planned);
    [[nodiscard]] bool is_worth_a_transaction() const;
    void attack_transaction(std::uint32_t budget);
    void add_to_plan(PlannedTransaction planned);
    [[nodiscard]] bool has_reentered() const {
        return !plan_.empty() && (before_[plan_.size()].reenters || plan_.back().reentries() != 0);
    }
    bool start(const chain::Transaction& transaction);
    void advance(std::uint32_t budget);
    void at_yield(const vm::Message& message, std::uint32_t budget);
    void at_attacker(std::uint32_t budget);
    void answer(const vm::Reply& answer, std::uint32_t budget);
    std::optional<Failure> call_back(const Call& call, const vm::Message& message, std::uint32_t budget);
    void at_end_of_transaction(const vm::Outcome& outcome, std::uint32_t budget);
    bool examine();
    void meet_newborns(bool is_unserial);
    void expect_newborns();
    bool has_worked_first();
    void note_harvest(const chain::Fingerprint& here);
    void learn(bool failed);
    Failure failure_of(const Call& call);
    // Where the call that failed asked who signed something, it may be made again with a signature.
    void have_signed(const Call& call, const Observations& observations, Failure& failure);
    void correct_earlier_calls(const Failure& failure);
    [[nodiscard]] bool is_rare_shape();
    bool is_new(std::uint64_t inside, std::uint32_t budget);
    [[nodiscard]] const Activation* earlier_at_this_turn() const;
    std::uint64_t fingerprint_inside();
    bool exhausted();
    void make_executions(std::size_t count);

    chain::Execution& execution() { return *executions_[plan_.size() - 1]; }
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
    const std::shared_ptr<Newborns> newborns_;
    std::size_t expected_newborns_ = 0;
    // Contracts that create others, and the nonces from which on these may stand where nobody expects them.
    std::vector<std::pair<Address, std::uint64_t>> creators_;
    std::set<std::pair<DeployedIndex, std::uint32_t>> privileged_;  // functions that only the owner can call at first
    std::set<std::pair<DeployedIndex, std::uint32_t>> appointing_;  // those that say who plays a part, or who says it
    std::unique_ptr<Pauses> pauses_;
    std::uint32_t level_ = 0;                // of the candidates
    std::size_t most_transactions_ = 0;      // in this round, with those before it
    std::size_t transactions_before_ = 0;    // this round
    bool tells_transactions_apart_ = false;  // what is done in two transactions is not always the same as in one
    bool is_guided_ = false;                 // it goes on from a kept state
    // In going on from a state to which a re-entry led: the plan that leaves her richest, and richer than that state.
    struct Harvest {
        Wealth wealth;
        Plan plan;  // empty at first
        chain::Fingerprint state;
    };
    std::optional<Harvest> harvest_;
    bool waits_first_ = false;   // the next time that nothing is under way
    bool is_observing_ = false;  // runs are traced
    Wait pending_wait_;          // that the next transaction begins with

    const Script* script_ = nullptr;  // that is being played
    std::size_t script_start_ = 0;    // transactions before it
    std::vector<Plan> interludes_, reentries_;
    const Plan* varied_ = nullptr;  // a plan that is performed with other numbers
    bool was_reached_ = false;      // control reached her while a contract waited
    Repertoire repertoire_;
    Plan plan_;  // how the current state was reached
    struct Before {
        std::uint64_t shape = 0;  // a hash of the functions that were called
        bool reenters = false;
    };
    std::vector<Before> before_;  // by the number of transactions: of those before the last one
    // An activation that she has not answered yet, and what is suspended in it, as far as that was needed.
    struct OpenActivation {
        std::uint32_t index = 0;
        std::shared_ptr<const vm::Machine::Snapshot>* suspended = nullptr;
    };
    std::vector<OpenActivation> open_;  // innermost last
    bool has_endless_runs_ = false;     // some were cut that yield again and again
    ReadyMessages ready_{world_};
    std::vector<std::unique_ptr<chain::Execution>> executions_;  // one per transaction under way
    // The visited states, each with the number of calls that were left.
    StateMap visited_;
    engine::FingerprintTable seen_;  // all states, of all rounds
    std::size_t states_ = 0;         // as many
    KeptStates kept_;
    std::size_t branches_seen_ = 0, played_branches_ = 0;
    std::uint64_t lessons_seen_ = 0;
    // Functions that did not fail at least once, and which of their arguments were the same.
    std::set<std::tuple<DeployedIndex, std::uint32_t, std::uint32_t>> worked_;
    StateMap shapes_;               // sequences of functions, by a hash, and how often they ran
    std::uint32_t quiet_runs_ = 0;  // runs that were observed since one taught something
    struct Start {
        const Call* call = nullptr;
        std::optional<Failure>* failure = nullptr;
        bool* runs_out_of_gas = nullptr;
    };
    Start starting_;  // the call that the next macro step begins with, and where to say how it failed
    Mends mends_;
    std::map<std::pair<DeployedIndex, std::uint32_t>, std::uint32_t>
        corrected_;                        // how often a function's calls were corrected
    std::set<vm::Word> signed_by_others_;  // the r of signatures that honest accounts made
    Exhaustions exhaustions_;
    std::set<std::pair<DeployedIndex, std::uint32_t>> had_more_gas_;  // functions that were tried with more
    std::unique_ptr<Ascent> ascent_;
};

}  // namespace interlock::analyzer
