// The ascent: what others have to do, and when, before a call of the attacker's works.
//
// A search that tries schedules one call longer at a time comes to the first payout late, if an owner has to open a round,
// to let her in and to fund it before, each with several numbers. But each of these calls shows at once that it matters:
// behind it some call of hers fails at another place than before. So each state is looked at from her side: where does each
// of her functions end there, and each of the owner's? A call after which one of them ends at a place that was not seen yet is
// worth keeping, whatever the code of that call is. Only functions that read what the call wrote are tried again.
//
// First she joins in: she pays into whatever takes something, and leaves some of what she got for it as a pledge. Where control
// reaches her in a call, in any state, each function of hers is called once more.
//
// Some calls matter only later: a deposit is read when the sale is over. Such an early call is kept, too, and what is seen
// behind it counts as if nothing had been seen before.
#pragma once

#include <deque>
#include <functional>
#include <map>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/pauses.hpp"
#include "analyzer/explorer/replies.hpp"
#include "analyzer/explorer/touched.hpp"
#include "analyzer/explorer/wealth.hpp"

namespace interlock::analyzer {

// Stands for her plain account among the senders of an ascent, where the accomplice stands for her contract.
inline constexpr std::uint32_t her_account = 0x1'0000;

// A transaction that makes one call; for the accomplice it is her contract that makes it.
[[nodiscard]] PlannedTransaction transaction_of(std::uint32_t sender, const Call& call);
[[nodiscard]] const Call& call_in(const PlannedTransaction& planned);
[[nodiscard]] Call& call_in(PlannedTransaction& planned);
// Whether the call is made where control reached her. An attempt that fails is made again with other answers, as far as that.
[[nodiscard]] bool is_made_inside(const PlannedTransaction& done, const Call& call);

class Ascent {
  public:
    struct Hooks {
        std::function<bool()> is_over;
        // Whether somebody honest makes the call instead of another one, which may be the same.
        std::function<bool(std::uint32_t sender, const Call& call, const Call& instead_of)> is_made;
        // Behind the plan, her call works for the first time, or hands control to her for the first time.
        std::function<void(const Plan& before, const Wait& wait, const Call& call, bool hands_over)> reached;
        // Behind the plan, she makes a call in the middle of the transaction that works neither before nor behind it.
        std::function<void(const Plan& before, const PlannedTransaction& whole)> has_interlude;
        // Behind the plan, she makes a call in the middle of the transaction.
        std::function<void(const Plan& before, const PlannedTransaction& whole)> reenters;
        // A transaction worked, and its effects are there.
        std::function<void()> works;
        // A call failed that asked who signed something: it may be made again with a signature.
        std::function<void(const Call& call, const Observations& observations, Failure& failure)> have_signed;
    };

    // What it learns is its own: lessons from states that no search comes to would stand before others there.
    Ascent(World& world, const std::set<ArtifactIndex>& off_limits, Hooks hooks);
    [[nodiscard]] const Observations& observations() const { return observations_; }

    // Takes up a contract that the world has expected since.
    void expect(DeployedIndex contract) { candidates_.expect(contract); }
    // Goes on from the state that showed most. No transaction is under way; the world is as before afterwards. Returns false
    // if there is nothing left to try.
    bool climb();

  private:
    struct FunctionId {
        std::uint32_t sender = 0;  // the accomplice: her contract
        DeployedIndex contract{};
        std::uint32_t function = 0;
        bool is_through_colluder = false;  // who makes the call for her
        friend auto operator<=>(const FunctionId&, const FunctionId&) = default;
    };
    // Where a function ends, with each of some arguments.
    struct End {
        std::vector<std::uint64_t> places;
        Places read;
    };
    // What was done that matters only later: what is seen behind it counts anew.
    struct Background {
        bool has_joined = false;          // she, and her colluder
        std::set<FunctionId> early = {};  // that showed nothing new when they were called
        friend auto operator<=>(const Background&, const Background&) = default;
    };
    struct State {
        Plan plan;
        Wait wait = {};  // before what comes next
        std::map<FunctionId, End> ends = {};
        std::uint32_t news = 0;  // places that were seen there first
        Background background = {};
        bool is_begun = false;
        std::deque<std::pair<std::uint32_t, Call>> untried = {};  // of senders
        // Whether it is better to go on from the other one.
        [[nodiscard]] bool is_behind(const State& other, bool prefers_joined) const {
            const auto& [has_joined, early] = background;
            if (early.size() != other.background.early.size()) return early.size() > other.background.early.size();
            return has_joined != other.background.has_joined ? has_joined != prefers_joined : news < other.news;
        }
    };
    // A plan of which a word was changed, and the call, with the same change, for which that was done.
    struct Correction {
        State state;
        std::uint32_t sender = 0;
        Call call;
        std::uint32_t before = 0;  // corrections for the same call
        std::size_t length = 0;    // of how far it got then
    };
    // What was found in the middle of calls.
    struct Found {
        // By both functions: how many were found, and attempts in vain.
        std::map<std::pair<FunctionId, FunctionId>, std::pair<std::uint32_t, std::uint32_t>> interludes;
        std::map<std::pair<FunctionId, FunctionId>, std::uint32_t> reentries;  // by both functions: how many were told of
        std::map<FunctionId, std::uint32_t> twins;                             // the same of those with the next number
        std::map<FunctionId, std::uint32_t> detours;                           // in so many states they were looked for
        // Of what has too little left to pay again: how often others paid in, and how often that was asked.
        std::map<FunctionId, std::pair<std::uint32_t, std::uint32_t>> refills;
        std::map<FunctionId, std::uint32_t> roomy;  // how often the owner's numbers were made larger for it
    };
    struct Attempt {
        PlannedTransaction done;      // with what she answers
        std::vector<Activation> met;  // where control reaches her
        bool works = false;
        bool hands_over = false;
        bool changes = false;           // anything
        chain::Fingerprint after = {};  // the state behind it, if it works
        Failure failure;
    };

    // Calls by which she cannot pay in, and what they read.
    struct Refusal {
        Places read;
        std::vector<Call> calls;
        // Whether one of these calls may work, since that was written.
        [[nodiscard]] bool may_end(const std::vector<Call>& now, const Places& written) const {
            return now != calls || read.meets(written);
        }
    };

    [[nodiscard]] FunctionId function_of(std::uint32_t sender, const Call& call) const;
    [[nodiscard]] FunctionId function_of(const PlannedTransaction& outer) const;
    [[nodiscard]] Found& found_in(const State& state) { return found_[state.background.has_joined ? 0 : 1]; }

    void begin();
    void join();
    void act_first(State joined);
    void act_behind_single_payments(const State& joined);
    void look_behind_single_payment();
    void declare();
    bool pay_in(State& joined, const Places* written, std::map<FunctionId, Refusal>& refused, bool& has_bought);
    std::optional<Call> most_of_ether(const std::vector<Call>& calls, bool less_will_do,
                                      const std::function<std::optional<Failure>(const Call&)>& make);
    void pay_into_her_own(State& joined);
    void open_what_refused(State& joined, std::map<FunctionId, Refusal>& refused);
    bool stake(const State& joined, bool is_rich);
    bool stake_behind(const State& paid, bool is_rich);
    void join_with_plenty(const Plan& payments);
    [[nodiscard]] State with_plenty(const Plan& payments);
    [[nodiscard]] Call part_of_what_passes(const Call& call, std::uint64_t part);
    void choose_watched();
    void expand(State state);
    void begin_with(State& state);
    [[nodiscard]] std::vector<State> passing_time(const State& state);
    void act(const State& state, std::uint32_t sender, const Call& call);
    // Returns the failure, or nothing if the call works; then what shows something new behind it was kept.
    std::optional<Failure> try_step(const State& state, std::uint32_t sender, const Call& call);
    void correct(const Correction& correction);
    void correct_again(const Correction& correction, const Failure& failure);
    void find_interludes(const State& state);
    void find_only_interludes(const State& state);
    void find_interludes(const State& state, const PlannedTransaction& outer);
    void change_back(const State& state, const PlannedTransaction& whole);
    std::optional<Failure> makes_change(const Call& call, const Purse& purse, const Wealth& before,
                                        std::optional<PlannedTransaction>& changed);
    void find_reentries(const State& state);
    void find_reentries(const State& state, const PlannedTransaction& outer);
    void find_twins(const State& state, const PlannedTransaction& outer);
    void find_detours(const State& state, const PlannedTransaction& outer);
    void try_detours(const State& state, const PlannedTransaction& outer);
    void find_refilled(const State& state, const PlannedTransaction& outer);
    void propose_room(const State& state, const PlannedTransaction& outer);
    void look_in_room(const State& state);
    [[nodiscard]] std::optional<std::size_t> short_of(const PlannedTransaction& outer);
    [[nodiscard]] bool others_pay(State& filled, const PlannedTransaction& outer, std::size_t asset);
    [[nodiscard]] bool does_again(State& filled, std::uint32_t sender, const Call& done);
    std::optional<Failure> add_if_it_works(State& state, std::uint32_t sender, const Call& call);
    void find_unpaid(const State& state);
    void find_paid(const State& state, const PlannedTransaction& outer);
    void find_paid_within(const State& state, const PlannedTransaction& outer);
    [[nodiscard]] std::vector<PlannedTransaction> handing_over(const State& state);
    std::optional<PlannedTransaction> passes_only_during(const PlannedTransaction& outer, const Wait& wait,
                                                         const Call& call);
    Attempt tentatively(PlannedTransaction planned, const Call& call);
    [[nodiscard]] bool replay(const Plan& plan);
    // Performs the transaction with the likeliest answers of hers that make it work, and leaves its effects.
    Attempt attempt(PlannedTransaction planned, const Call& call);
    [[nodiscard]] bool changes_since(const chain::Fingerprint& before, const Address& sender, std::uint64_t nonce);
    // Looks at the present state from her side. Functions that read nothing of what was written end where they did.
    void look(State& state, const State* before, const Places* written);
    End end_of(const FunctionId& function, const State& state, const End* before);
    void tell(const State& state, const FunctionId& function, std::uint64_t what, const Call& call);
    void note(const FunctionId& function, std::uint64_t place, State& state);
    void propose_corrections(const State& state, std::uint32_t sender, const Call& failed, const Failure& failure);
    [[nodiscard]] std::vector<Call> some_calls(std::uint32_t sender);
    [[nodiscard]] std::deque<std::pair<std::uint32_t, Call>> calls_in_turns();

    World& world_;
    Observations observations_;
    Candidates candidates_;
    Replies replies_;
    const Pauses pauses_;
    Mends mends_, interlude_mends_;
    const Hooks hooks_;
    chain::Execution execution_;
    TouchTracer tracer_;
    const bool has_colluder_, has_account_;  // who also acts for her: the latter where code asks for accounts without code
    bool has_begun_ = false, prefers_joined_ = true;
    std::map<FunctionId, std::vector<Call>> watched_;                 // some calls of each function that is looked at
    using Sight = std::tuple<Background, FunctionId, std::uint64_t>;  // behind that, it ended at that place
    std::map<Sight, std::uint32_t> seen_;
    std::set<Background> backgrounds_;
    std::map<std::pair<FunctionId, std::uint64_t>, std::uint32_t> told_;
    std::map<std::uint64_t, std::uint32_t> corrected_;  // by place
    Found found_[2];                                    // in states in which both of hers have joined in, and in others
    State start_;
    Wealth wealth_at_start_;
    std::deque<State> states_;  // that were not gone on from
    std::deque<Correction> corrections_;
    std::deque<State> single_payments_;
    std::deque<State> roomy_;                 // in which an owner's number is larger
    std::deque<State> declaring_, declared_;  // behind payments of hers, and behind calls that follow these
    std::optional<Plan> pledging_;            // what she paid in with, where some of what she got for it is a pledge
    std::set<std::pair<std::uint64_t, std::uint64_t>> fingerprints_;
};

}  // namespace interlock::analyzer
