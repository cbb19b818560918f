// Several threads search from several roots: each takes the search that was given the least time, does the next thing in it,
// and puts it back. So no search is ever in two threads, all get their share, and nobody waits for the slowest.
//
// What is done in a search, and in which order, is what one thread does with all of them (explorer.cpp). Which thread is
// where at what time is a matter of chance, so that only one thread repeats a search exactly.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "analyzer/explorer/rounds.hpp"

namespace interlock::analyzer {

class Crew {
  public:
    // `time`: seconds for everything; `end`: since the beginning, for what is within the bounds.
    Crew(const SearchBounds& bounds, const ExplorerHooks& hooks, Quarry& quarry, unsigned threads, double time, double end)
        : bounds_(bounds), hooks_(hooks), quarry_(quarry), threads_(threads), time_(time), end_(end) {}

    // A search takes part from now on. `stage`: a search of the same system in which nobody has done anything, where what
    // it shows is played.
    void add(Search& search, Search& stage, std::vector<Round> rounds);
    // Only those searches go on for which it returns true.
    void keep_only(const std::function<bool(const Search&)>& is_kept);

    // Makes all searches' rounds up to that number, and what comes between them.
    void run_rounds(std::size_t last);
    // The same for all rounds, and then goes on for as long as there is something to do.
    void run_to_the_end();

    [[nodiscard]] bool has_cut() const;  // rounds that were not finished

  private:
    struct Performance {
        Plan plan;
        WayToPlay way;
    };
    struct Seat {
        Search* search = nullptr;
        Search* stage = nullptr;
        std::vector<Round> rounds, cut, beyond;
        std::size_t next = 0, next_beyond = 0;
        double used = 0;                                 // seconds; only its thread changes them, with the mutex
        double going_on = 0, playing = 0, climbing = 0;  // seconds of these
        double wait = 0, last_news = 0;                  // beyond the bounds
        std::size_t known = 0;                           // news
        Judgements judgements;
        bool is_at_the_top = false;       // nothing is left to climb
        bool is_idle = false;             // it is neither in a thread nor in the queue
        std::deque<Performance> to_play;  // guarded by the mutex
    };

    void run();
    void work();
    // Does one thing. Returns false if there is nothing to do.
    bool turn(Seat& seat);
    bool turn_beyond(Seat& seat);
    bool plays(Seat& seat);
    bool goes_on(Seat& seat);
    bool climbs(Seat& seat);
    void post(Seat& seat);
    void perform_later(Search& stage, Performance performance);
    bool finishes(Seat& seat, const Round& round, double until);
    [[nodiscard]] bool is_worth_going_on(const Seat& seat) const;
    [[nodiscard]] bool is_over(const Seat& seat) const;
    [[nodiscard]] bool may_play(const Seat& seat) const {
        return seat.playing < share_of_playing * seat.used + least_seconds_of_seat();
    }
    // What comes between the rounds has a share of the seat's own time, as it has of all the time where there is one thread.
    [[nodiscard]] double least_seconds_of_seat() const {
        return least_seconds_of_round / static_cast<double>(seats_.size());
    }
    [[nodiscard]] static double seconds(const Seat& seat) { return seat.search->hunt().seconds(); }

    const SearchBounds& bounds_;
    const ExplorerHooks& hooks_;
    Quarry& quarry_;
    const unsigned threads_;
    const double time_, end_;
    std::deque<Seat> seats_;  // that stay where they are
    std::size_t last_round_ = 0;
    bool goes_beyond_ = false;

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::vector<Seat*> ready_;  // of those with equal shares, whoever has waited longest first
    unsigned busy_ = 0;         // threads
    std::exception_ptr failure_;
};

}  // namespace interlock::analyzer
