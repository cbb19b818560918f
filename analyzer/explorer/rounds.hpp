// The rounds of a search, each with higher bounds than the one before, and how the time is shared out among them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "analyzer/explorer/search.hpp"

namespace interlock::analyzer {

struct Round {
    std::uint32_t level, calls;  // of the candidates; highest number of calls
};

// The rounds of the exhaustive part. Short schedules with many candidates come before long ones with few.
[[nodiscard]] inline std::vector<Round> rounds_within(const SearchBounds& bounds) {
    std::vector<Round> rounds{{0, 1}, {1, 1}, {0, 2}, {1, 2}, {0, 3}, {0, 4}, {1, 3}, {2, 2}, {0, 5}, {1, 4}, {1, 5}};
    for (std::uint32_t calls = 6; calls <= std::max(bounds.calls, bounds.wide_calls); ++calls) {
        rounds.push_back({0, calls});
        rounds.push_back({1, calls});
    }
    std::erase_if(rounds, [&](const Round& round) {
        return round.level > bounds.argument_level || round.calls > (round.level == 0 ? bounds.calls : bounds.wide_calls);
    });
    return rounds;
}

// Returns the rounds that follow if the bounds are reached early.
[[nodiscard]] inline std::vector<Round> rounds_beyond(const SearchBounds& bounds) {
    std::vector<Round> rounds;
    for (std::uint32_t more = 1; more <= 3; ++more) {
        rounds.push_back({1, bounds.wide_calls + more});
        rounds.push_back({2, more + 2});
        rounds.push_back({0, bounds.calls + more});
    }
    return rounds;
}

inline constexpr double exhaustive_share = 0.5;  // of the time
inline constexpr double share_of_round = 0.25;   // of what is left of it, for one root
inline constexpr double share_of_cut_round = 0.5;
inline constexpr std::size_t round_to_climb = 2, round_to_choose_roots = 5;
inline constexpr std::size_t round_to_collude = 7;  // before it
inline constexpr Round early_collusion[] = {{0, 2}, {0, 3}, {1, 2}, {0, 4}}, late_collusion[] = {{1, 3}, {0, 5}, {1, 4}};
inline constexpr double share_of_early_collusion = 0.1, share_of_late_collusion = 0.15, least_seconds_of_collusion = 0.5;
inline constexpr double usual_time = 20, share_before_surpluses = 0.2;
inline constexpr double share_of_early_limits = 0.1;
inline constexpr double share_of_limits = 0.25;  // is kept for finding the limits of ledgers, if some may have been passed
inline constexpr double least_seconds_of_round = 0.25;
inline constexpr double most_seconds_from_one_state = 0.5;
inline constexpr double share_of_going_on = 0.25, share_of_going_on_richer = 0.5;  // of the time within the bounds
inline constexpr double share_of_climbing_together = 0.4;  // of a search's own time, where there are several threads
inline constexpr double share_of_climbing = 0.2, share_of_playing = 0.15, most_seconds_of_one_script = 0.1,
                        most_seconds_of_one_climb = 0.2, most_seconds_of_colluders_climb = 1;
// When the limits of ledgers are looked for before the end: at these shares of the time.
class Judgements {
  public:
    [[nodiscard]] bool is_due(double share) {
        if (done_ == std::size(shares_) || share < shares_[done_]) return false;
        ++done_;
        return true;
    }

  private:
    static constexpr double shares_[] = {0.2, 0.45};
    std::size_t done_ = 0;
};

struct WayToPlay {
    Search::Manner manner;
    std::uint32_t repeats;
};
inline constexpr WayToPlay first_way_to_play{Search::Manner::Own, 1};
inline constexpr WayToPlay ways_to_play[] = {{Search::Manner::Repertoire, 1},  {Search::Manner::Own, 2},
                                             {Search::Manner::Accompanied, 1}, {Search::Manner::Doubled, 1},
                                             {Search::Manner::Repertoire, 2},  {Search::Manner::Doubled, 2}};
// What is tried beyond the bounds, if there is time: for so long after the last new thing, by the time it took so far.
inline constexpr double least_patience = 0.3, most_patience = 3, patience = 3;  // seconds; seconds; times

}  // namespace interlock::analyzer
