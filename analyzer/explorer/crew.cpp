#include "analyzer/explorer/crew.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace interlock::analyzer {

void Crew::add(Search& search, Search& stage, std::vector<Round> rounds) {
    Seat& seat = seats_.emplace_back();
    seat.search = &search;
    seat.stage = &stage;
    seat.rounds = std::move(rounds);
    seat.beyond = rounds_beyond(bounds_);
}

void Crew::keep_only(const std::function<bool(const Search&)>& is_kept) {
    for (Seat& seat : seats_)
        if (!is_kept(*seat.stage)) seat.stage = seat.search;
    std::erase_if(seats_, [&](const Seat& seat) { return !is_kept(*seat.search); });
}

void Crew::run_rounds(std::size_t last) {
    last_round_ = last;
    run();
}

void Crew::run_to_the_end() {
    last_round_ = ~std::size_t{0};
    goes_beyond_ = true;
    run();
}

bool Crew::has_cut() const {
    return std::ranges::any_of(seats_, [](const Seat& seat) { return !seat.cut.empty(); });
}

void Crew::run() {
    for (Seat& seat : seats_) {
        seat.is_idle = false;
        ready_.push_back(&seat);
    }
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < threads_; ++i) threads.emplace_back([this] { work(); });
        work();
    }
    ready_.clear();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Crew::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return !ready_.empty() || busy_ == 0; });
        if (ready_.empty()) break;
        const auto next = std::ranges::min_element(ready_, {}, &Seat::used);
        Seat& seat = **next;
        ready_.erase(next);
        ++busy_;
        lock.unlock();
        const double before = seconds(seat);
        bool has_more = false;
        std::exception_ptr failure;
        try {
            has_more = turn(seat);
        } catch (...) {
            failure = std::current_exception();
            quarry_.stop = true;
        }
        lock.lock();
        seat.used += seconds(seat) - before;
        --busy_;
        if (failure && !failure_) failure_ = failure;
        const bool is_wanted = has_more || (may_play(seat) && !seat.to_play.empty());
        if (!failure && is_wanted && !is_over(seat)) ready_.push_back(&seat);
        else seat.is_idle = true;
        changed_.notify_all();
    }
    changed_.notify_all();
}

bool Crew::is_over(const Seat& seat) const {
    return quarry_.stop || hooks_.deadline.has_passed() ||
           (seconds(seat) > time_ * (1 - share_of_limits) && seat.search->has_excess());
}

bool Crew::turn(Seat& seat) {
    if (is_over(seat)) return false;
    const double share = seconds(seat) / std::min(time_, usual_time);
    if (share >= share_before_surpluses) seat.search->judge_surpluses();
    if (seat.judgements.is_due(share)) seat.search->judge_excesses(hooks_.deadline.within(time_ * share_of_early_limits));

    if (plays(seat) || climbs(seat)) return true;
    const double now = seconds(seat);
    if (now < end_ && is_worth_going_on(seat)) return goes_on(seat), true;
    if (seat.next < std::min(seat.rounds.size(), last_round_)) {
        const Round round = seat.rounds[seat.next++];
        const double share_of_time = std::max(least_seconds_of_round, (end_ - now) * share_of_round);
        if (now >= end_ || !finishes(seat, round, std::min(end_, now + share_of_time))) seat.cut.push_back(round);
        post(seat);
        return true;
    }
    if (!goes_beyond_) return false;
    if (goes_on(seat)) return true;
    if (!seat.cut.empty()) {
        const Round round = seat.cut.front();
        seat.cut.erase(seat.cut.begin());
        const double left = std::min(hooks_.deadline.seconds_left(), time_);
        if (!finishes(seat, round, now + std::max(least_seconds_of_round, left * share_of_cut_round)))
            seat.cut.push_back(round);
        return !is_over(seat);
    }
    return turn_beyond(seat);
}

bool Crew::turn_beyond(Seat& seat) {
    const double now = seconds(seat);
    const std::size_t news = seat.search->branches() + seat.search->kept().size();
    if (seat.wait == 0) seat.wait = std::clamp(patience * now, least_patience, most_patience), seat.last_news = now;
    if (std::exchange(seat.known, news) != news) seat.last_news = now;
    if (seat.next_beyond == seat.beyond.size() || now > seat.last_news + seat.wait) return false;
    (void)finishes(seat, seat.beyond[seat.next_beyond++], now + seat.wait);
    post(seat);
    return true;
}

bool Crew::finishes(Seat& seat, const Round& round, double until) {
    Hunt& hunt = seat.search->hunt();
    hunt.begin_phase(until);
    seat.search->exhaust(round.level, round.calls);
    return !hunt.phase_over;
}

bool Crew::is_worth_going_on(const Seat& seat) const {
    const KeptStates& kept = seat.search->kept();
    const double share = kept.has_fresh(Promise::Riches) ? share_of_going_on_richer : share_of_going_on;
    return kept.has_fresh(Promise::Reached) && seat.going_on < share * (seat.used + least_seconds_of_round);
}

bool Crew::goes_on(Seat& seat) {
    const double before = seconds(seat);
    seat.search->hunt().begin_phase(before + most_seconds_from_one_state);
    const bool goes_on = seat.search->go_on(hooks_.deadline);
    seat.going_on += seconds(seat) - before;
    if (goes_on) post(seat);
    return goes_on;
}

bool Crew::climbs(Seat& seat) {
    const double before = seconds(seat);
    if (seat.next < std::min(round_to_climb, seat.rounds.size()) || seat.is_at_the_top ||
        seat.climbing >= share_of_climbing_together * seat.used + least_seconds_of_seat())
        return false;
    seat.search->hunt().begin_phase(before + most_seconds_of_one_climb);
    seat.is_at_the_top = !seat.search->climb();
    seat.climbing += seconds(seat) - before;
    post(seat);
    return true;
}

// --- playing what was found ---

void Crew::post(Seat& seat) {
    while (const Plan* const next = seat.search->next_to_play()) {
        const std::size_t skipped = seat.stage == seat.search ? seat.search->root().prelude.size() : 0;
        perform_later(*seat.stage,
                      {Plan(next->begin() + static_cast<std::ptrdiff_t>(skipped), next->end()), first_way_to_play});
    }
}

void Crew::perform_later(Search& stage, Performance performance) {
    const std::lock_guard lock(mutex_);
    for (Seat& seat : seats_) {
        if (seat.search != &stage) continue;
        seat.to_play.push_back(std::move(performance));
        if (std::exchange(seat.is_idle, false)) ready_.push_back(&seat);
    }
    changed_.notify_all();
}

bool Crew::plays(Seat& seat) {
    if (!may_play(seat)) return false;
    Performance next;
    {
        const std::lock_guard lock(mutex_);
        if (seat.to_play.empty()) return false;
        next = std::move(seat.to_play.front());
        seat.to_play.pop_front();
    }
    const double before = seconds(seat);
    seat.search->hunt().begin_phase(before + most_seconds_of_one_script);
    const bool is_first = next.way.manner == first_way_to_play.manner && next.way.repeats == first_way_to_play.repeats;
    if (is_first) seat.search->learn_to_play(next.plan);
    const bool is_reached = seat.search->play(next.plan, next.way.repeats, next.way.manner);
    seat.playing += seconds(seat) - before;
    // Where control reaches her, it is played in the other ways, too, behind what was not played at all yet.
    if (is_first && is_reached)
        for (const WayToPlay& way : ways_to_play) perform_later(*seat.search, {next.plan, way});
    return true;
}

}  // namespace interlock::analyzer
