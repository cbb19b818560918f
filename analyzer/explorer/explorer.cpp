#include "analyzer/explorer/explorer.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/explorer/crew.hpp"
#include "analyzer/explorer/rounds.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_roots = 4;  // from round_to_choose_roots on

// Shares the time of one check out among the rounds of the searches.
class Campaign {
  public:
    Campaign(std::vector<Root>& roots, const SearchBounds& bounds, const ExplorerHooks& hooks)
        : bounds_(bounds),
          hooks_(hooks),
          is_parallel_(bounds.threads > 1 && bounds.is_guided && !bounds.is_counted),
          quarry_(hooks.is_theft_open),
          hunt_(add_hunt()),
          time_(hunt_.most_seconds()) {
        for (Root& root : roots) {
            if (is_parallel_) root.world.keep_own_preimages();
            Hunt& hunt = is_parallel_ && !searches_.empty() ? add_hunt() : hunt_;
            const auto same = std::ranges::find_if(
                searches_, [&](const auto& each) { return each->root().world.recipe() == root.world.recipe(); });
            searches_.push_back(std::make_unique<Search>(
                root, hunt, same == searches_.end() ? std::make_shared<Newborns>() : (*same)->newborns()));
        }
    }

    SearchStats run() {
        for (const auto& search : searches_) search->begin();
        quarry_.settle();
        const bool has_cut = is_parallel_ ? search_together() : search_in_turns();
        if (bounds_.is_guided) {
            for (const auto& search : searches_) search->judge_surpluses();
            for (const auto& search : searches_) search->judge_excesses(hooks_.deadline);
        }
        for (const auto& search : searches_) tell(*search);
        SearchStats& stats = hunt_.stats;
        for (std::size_t i = 1; i < hunts_.size(); ++i) stats.add(hunts_[i].stats);
        if (has_cut && stats.exhausted()) stats.end = SearchEnd::Time;
        for (const auto& search : searches_) count(*search);
        stats.branches_taken = coverage_.taken();
        stats.branches = coverage_.all();
        if (!searches_.empty()) stats.barriers = coverage_.barriers(searches_.front()->root().world.compilation());
        stats.seconds = hunt_.seconds();
        return stats;
    }

  private:
    struct CutRound {
        Search* search;
        Round round;
    };

    Hunt& add_hunt() {
        Hunt& hunt = hunts_.emplace_back(bounds_, hooks_, quarry_);
        hunt.tells_progress = hunts_.size() == 1;
        return hunt;
    }

    // One thread, which does the same each time if steps are counted. Returns whether a round was not finished.
    bool search_in_turns() {
        stay_within_bounds();
        if (bounds_.is_guided) {
            collude(late_collusion, share_of_late_collusion);
            if (colluding_) searches_.push_back(std::move(colluding_));
            go_on();
            finish_what_was_cut();
            if (cut_.empty()) go_beyond();
        }
        return !cut_.empty();
    }

    // Several threads. Returns whether a round was not finished.
    bool search_together() {
        Crew crew(bounds_, hooks_, quarry_, bounds_.threads, time_, hunt_.seconds() + time_ * exhaustive_share);
        const std::vector<Round> rounds = rounds_within(bounds_);
        for (const auto& search : searches_) crew.add(*search, stage_of(*search), rounds);
        crew.run_rounds(round_to_choose_roots - 1);
        if (rounds.size() >= round_to_choose_roots) choose_roots();
        crew.keep_only([&](const Search& one) {
            return std::ranges::any_of(searches_, [&](const auto& search) { return search.get() == &one; });
        });
        if (begin_to_collude(add_hunt())) {
            std::vector<Round> of_two(std::begin(early_collusion), std::end(early_collusion));
            of_two.insert(of_two.end(), std::begin(late_collusion), std::end(late_collusion));
            crew.add(*colluding_, *colluding_, std::move(of_two));
            searches_.push_back(std::move(colluding_));
        }
        crew.run_to_the_end();
        return crew.has_cut();
    }

    void stay_within_bounds() {
        const double end = bounds_.is_guided ? hunt_.seconds() + time_ * exhaustive_share : 1e300;
        std::size_t number = 0;
        for (const Round& round : rounds_within(bounds_)) {
            if (++number == round_to_choose_roots) choose_roots();
            if (number == round_to_collude) collude(early_collusion, share_of_early_collusion);
            if (number == round_to_climb + 1 && !bounds_.is_guided && bounds_.climbs_once) begin_to_climb();
            for (const auto& search : searches_) {
                if (hunt_.is_stopped()) return;
                const double now = hunt_.seconds();
                const double share =
                    bounds_.is_guided ? std::max(least_seconds_of_round, (end - now) * share_of_round) : end;
                if (now >= end || !finishes(*search, round, std::min(end, now + share)))
                    cut_.push_back({search.get(), round});
                if (bounds_.is_guided && number >= round_to_climb) climb_all();
                if (bounds_.is_guided) play_all();
                if (bounds_.is_guided) go_on_while_worth_it(*search, end);
            }
        }
    }

    // Somebody who gains outright is the better example. There is some time for finding her.
    void judge_early() {
        const double share = hunt_.seconds() / std::min(time_, usual_time);
        if (!bounds_.is_guided || share < share_before_surpluses) return;
        for (const auto& search : searches_) search->judge_surpluses();
        if (colluding_) colluding_->judge_surpluses();
        if (!judgements_.is_due(share)) return;
        const Deadline soon = bounds_.is_counted ? hooks_.deadline : hooks_.deadline.within(time_ * share_of_early_limits);
        for (const auto& search : searches_) search->judge_excesses(soon);
    }

    // Returns whether the round was finished by then, in seconds since the beginning.
    bool finishes(Search& search, const Round& round, double end) {
        judge_early();
        hunt_.begin_phase(end);
        search.exhaust(round.level, round.calls);
        return !hunt_.phase_over;
    }

    // Between two rounds, the states of each promise get their share of the time.
    bool is_worth_going_on(const Search& search) const {
        const double share = search.kept().has_fresh(Promise::Riches) ? share_of_going_on_richer : share_of_going_on;
        return (search.kept().has_fresh(Promise::Reached) || search.kept().has_second_round()) &&
               seconds_of_going_on_ < share * (hunt_.seconds() + least_seconds_of_round);
    }

    // Looks for what others have to do before calls of hers work.
    void climb_all() {
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (const auto& search : searches_) {
                if (is_over() || (search->has_climbed() && !may_take(share_of_climbing, seconds_of_climbing_))) return;
                const double before = hunt_.seconds();
                hunt_.begin_phase(before + most_seconds_of_one_climb);
                goes_on |= search->climb();
                pass_on_interludes(*search);
                seconds_of_climbing_ += hunt_.seconds() - before;
            }
        }
    }

    void begin_to_climb() {
        for (const auto& search : searches_) {
            hunt_.begin_phase(hunt_.seconds() + most_seconds_of_one_climb);
            if (!is_over()) (void)search->climb();
            const double end = hunt_.seconds() + most_seconds_of_one_climb;
            go_on_from_unserial(*search, end);
        }
    }

    // What works in the middle of a call may pay only where nobody else has a share.
    void pass_on_interludes(Search& search) {
        Search& stage = stage_of(search);
        for (const Plan& plan : search.take_interludes())
            if (&stage != &search)
                stage.vary_later({plan.begin() + static_cast<std::ptrdiff_t>(search.root().prelude.size()), plan.end()});
    }

    // Plays what showed something new, where the system is as yet unused: all of it in the cheapest way, then that in which
    // control reaches her in others.
    void play_all() {
        for (const auto& search : searches_)
            while (may_play()) {
                const Plan* const next = search->next_to_play();
                if (!next) break;
                Search& stage = stage_of(*search);
                const std::size_t skipped = &stage == search.get() ? search->root().prelude.size() : 0;
                const Plan plan(next->begin() + static_cast<std::ptrdiff_t>(skipped), next->end());
                stage.learn_to_play(plan);
                if (play(stage, plan, {Search::Manner::Own, 1})) playable_.push_back({&stage, plan});
            }
        for (std::size_t i = 0; i < std::size(ways_to_play); ++i)
            while (played_[i] < playable_.size() && may_play()) {
                const auto& [stage, plan] = playable_[played_[i]++];
                if (stage) (void)play(*stage, plan, ways_to_play[i]);
            }
    }

    [[nodiscard]] bool may_play() const { return !is_over() && may_take(share_of_playing, seconds_of_playing_); }

    [[nodiscard]] bool may_take(double share, double taken) const {
        return taken < share * hunt_.seconds() + least_seconds_of_round;
    }

    bool play(Search& stage, const Plan& plan, const WayToPlay& way) {
        const double before = hunt_.seconds();
        hunt_.begin_phase(before + most_seconds_of_one_script);
        const bool is_reached = stage.play(plan, way.repeats, way.manner);
        seconds_of_playing_ += hunt_.seconds() - before;
        return is_reached;
    }

    // Returns the search of the same system in which nobody has done anything, if there is one.
    Search& stage_of(Search& search) {
        for (const auto& other : searches_)
            if (other->root().prelude.empty() && other->is_of_same_system(search)) return *other;
        return search;
    }

    // Searches for what takes two parties, from the root in which most works for her at once, of those in which others have put
    // something in, if there is one; of equal ones from that whose runs reached most branches.
    template <std::size_t N>
    void collude(const Round (&rounds)[N], double share) {
        if (!bounds_.is_guided || !begin_to_collude(hunt_)) return;
        const double end = hunt_.seconds() + std::min(time_ * share, least_seconds_of_collusion + hunt_.seconds());
        if (!colluding_->has_climbed()) climb(*colluding_, std::min(end, hunt_.seconds() + most_seconds_of_colluders_climb));
        for (const Round& round : rounds) {
            if (is_over() || hunt_.seconds() >= end) return;
            (void)finishes(*colluding_, round, end);
            if (!is_over()) go_on_while_worth_it(*colluding_, end);
        }
    }

    // Returns whether there is a search with two parties.
    bool begin_to_collude(Hunt& hunt) {
        if (!hooks_.collude || is_over()) return false;
        if (colluding_) return true;
        Search* used = nullptr;
        std::size_t most = 0;
        for (const auto& search : searches_)
            if (const std::size_t open = search->root().prelude.empty() ? 0 : search->open_to_her(); open > most)
                most = open, used = search.get();
        root_with_colluder_ = hooks_.collude((used ? *used : *searches_.front()).root());
        if (!root_with_colluder_) return false;
        colluding_ = std::make_unique<Search>(*root_with_colluder_, hunt, std::make_shared<Newborns>());
        colluding_->begin();
        return true;
    }

    // Climbs, and goes on from what no order reaches, until then, in seconds since the beginning.
    void climb(Search& search, double end) {
        while (!is_over() && hunt_.seconds() < end) {
            hunt_.begin_phase(std::min(end, hunt_.seconds() + most_seconds_of_one_climb));
            if (!search.climb()) break;
            go_on_from_unserial(search, end);
        }
    }

    // Time may be counted in steps: what does not go on any more takes none.
    void go_on_while_worth_it(Search& search, double end) {
        while (!hunt_.is_stopped() && hunt_.seconds() < end && is_worth_going_on(search) && go_on_with(search)) {}
    }

    void go_on_from_unserial(Search& search, double end) {
        while (!is_over() && hunt_.seconds() < end && search.kept().has_fresh(Promise::Unserial) && go_on_with(search)) {}
    }

    bool go_on_with(Search& search) {
        judge_early();
        const double before = hunt_.seconds();
        hunt_.begin_phase(before + most_seconds_from_one_state);
        const bool goes_on = search.go_on(hooks_.deadline);
        seconds_of_going_on_ += hunt_.seconds() - before;
        return goes_on;
    }

    // Goes on from the states that were kept, until there is none left.
    void go_on() {
        for (bool goes_on = true; goes_on;) {
            goes_on = false;
            for (const auto& search : searches_) {
                if (is_over()) return;
                goes_on |= go_on_with(*search);
            }
            climb_all();
            play_all();
        }
    }

    void finish_what_was_cut() {
        for (std::vector<CutRound> again = std::exchange(cut_, {}); const CutRound& cut : again) {
            const double left =
                bounds_.is_counted ? time_ - hunt_.seconds() : std::min(hooks_.deadline.seconds_left(), time_);
            if (is_over() || !finishes(*cut.search, cut.round,
                                       hunt_.seconds() + std::max(least_seconds_of_round, left * share_of_cut_round)))
                cut_.push_back(cut);
            else go_on();
        }
    }

    void go_beyond() {
        const double wait = std::clamp(patience * hunt_.seconds(), least_patience, most_patience);
        double last_news = hunt_.seconds();
        std::size_t known = news();
        for (const Round& round : rounds_beyond(bounds_))
            for (const auto& search : searches_) {
                if (is_over() || hunt_.seconds() > last_news + wait) return;
                (void)finishes(*search, round, hunt_.seconds() + wait / static_cast<double>(searches_.size()));
                go_on();
                if (const std::size_t now = news(); now != std::exchange(known, now)) last_news = hunt_.seconds();
            }
    }

    // Returns a number that grows with every branch and every state worth keeping.
    [[nodiscard]] std::size_t news() const {
        std::size_t sum = 0;
        for (const auto& search : searches_) sum += search->branches() + search->kept().size();
        return sum;
    }

    [[nodiscard]] bool is_over() const {
        const auto has_excess = [](const auto& search) { return search->has_excess(); };
        return hunt_.is_stopped() || hooks_.deadline.has_passed() ||
               (hunt_.seconds() > time_ * (1 - share_of_limits) && std::ranges::any_of(searches_, has_excess));
    }

    // Keeps the roots from which the runs have reached most branches.
    void choose_roots() {
        auto core = std::move(searches_.back());  // of the fewest contracts, if there is a choice
        searches_.pop_back();
        const auto crowded = std::ranges::find_if(searches_, [](const auto& each) { return each->root().is_crowded; });
        std::unique_ptr<Search> near_limit;
        if (crowded != searches_.end()) near_limit = std::move(*crowded), searches_.erase(crowded);
        std::stable_sort(searches_.begin(), searches_.end(),
                         [](const auto& a, const auto& b) { return a->own_branches() > b->own_branches(); });
        if (searches_.size() >= most_roots) {
            for (std::size_t i = most_roots - 1; i < searches_.size(); ++i) {
                tell(*searches_[i]);
                count(*searches_[i]);
            }
            searches_.resize(most_roots - 1);
        }
        if (near_limit)
            searches_.insert(searches_.begin() + std::min<std::ptrdiff_t>(1, std::ssize(searches_)), std::move(near_limit));
        searches_.push_back(std::move(core));
        const auto is_gone = [&](const Search* one) {
            return std::ranges::none_of(searches_, [&](const auto& search) { return search.get() == one; });
        };
        std::erase_if(cut_, [&](const CutRound& cut) { return is_gone(cut.search); });
        for (Playable& each : playable_)
            if (is_gone(each.stage)) each.stage = nullptr;
    }

    void tell(Search& search) const {
        if (!hooks_.remark) return;
        for (const Remark& remark : search.remarks()) hooks_.remark(search.root(), remark);
    }

    // Adds to the sums what a search that has ended did.
    void count(const Search& search) {
        hunt_.stats.states += search.states();
        hunt_.stats.table_bytes += search.table_bytes();
        search.add_to(coverage_);
    }

    const SearchBounds& bounds_;
    const ExplorerHooks& hooks_;
    const bool is_parallel_;
    Quarry quarry_;
    std::deque<Hunt> hunts_;  // one, or one for each search
    Hunt& hunt_;              // the first
    Coverage coverage_;
    const double time_;
    std::optional<Root> root_with_colluder_;
    std::unique_ptr<Search> colluding_;  // is one of the searches after the bounds
    std::vector<std::unique_ptr<Search>> searches_;
    struct Playable {
        Search* stage;  // null: it is no longer of interest
        Plan plan;
    };
    std::vector<Playable> playable_;
    std::size_t played_[std::size(ways_to_play)] = {};  // so many of them in each way
    double seconds_of_going_on_ = 0, seconds_of_playing_ = 0, seconds_of_climbing_ = 0;
    Judgements judgements_;
    std::vector<CutRound> cut_;  // rounds within the bounds that were not finished
};

}  // namespace

bool SuspectedAttack::has_gain() const {
    return std::ranges::any_of(gain, [](const Word& each) { return !each.is_zero(); });
}

SearchStats explore(std::vector<Root>& roots, const SearchBounds& bounds, const ExplorerHooks& hooks) {
    return Campaign(roots, bounds, hooks).run();
}

}  // namespace interlock::analyzer
