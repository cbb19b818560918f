// States between transactions that showed something new, from which a search goes on.
#pragma once

#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "analyzer/explorer/deepen.hpp"

namespace interlock::analyzer {

struct FingerprintHash {
    std::size_t operator()(const chain::Fingerprint& f) const { return f.low ^ (f.high * 0x9e3779b97f4a7c15ULL); }
};

// Why a state between transactions is kept: a branch was new, a call of hers works there for the first time, no serialisation
// of the plan reaches the state, none leaves her with as much of everything, or she became richer in going on from a state of
// the last two kinds.
enum class Promise : std::uint8_t { Branch, Reached, Unserial, Riches, Harvest };

struct KeptState {
    Plan plan;
    Promise promise = Promise::Branch;
    std::uint32_t level = 0;    // of the candidates with which it was found
    std::uint32_t rounds = 0;   // how often the search went on from it
    bool is_changed = false;    // the plan was changed since it was found, and its end is still to be examined
    bool is_deepened = false;   // and only its end is of interest
    bool is_varied = false;     // its numbers are
    std::uint64_t shape = 0;    // equal for plans that re-enter alike, whatever happens before and after; zero: none does
    std::uint32_t earlier = 0;  // so many of its shape were kept before it
    // What comes next, before anything else is tried: one call of hers in which control reaches her.
    std::optional<PlannedTransaction> next = std::nullopt;
    bool was_cut = false;  // varying it took too long, once
};

class KeptStates {
  public:
    static constexpr std::uint32_t most_rounds = 3;  // that start from one state

    // Keeps the state to which the plan leads, if it is new and there is room. `prelude`: transactions before the search.
    // `is_paid_excess`: there may be more for less with other numbers.
    void keep(const World& world, const Plan& plan, std::size_t prelude, const chain::Fingerprint& state, Promise promise,
              std::uint32_t level, bool is_paid_excess = false);
    // Keeps a plan of which an earlier call was changed so that its end may pass, to be tried once.
    void keep_corrected(Plan plan, std::uint32_t level);
    // Keeps the state to which the plan leads, where the transaction works for the first time.
    // `hands_over`: control reaches her in it.
    void keep_reached(Plan before, PlannedTransaction last, bool hands_over);
    // Keeps a plan whose numbers are to be changed, and that is judged and gone on from, too.
    void keep_to_vary(Plan plan);
    [[nodiscard]] bool contains(const chain::Fingerprint& state) const { return fingerprints_.contains(state); }
    [[nodiscard]] std::size_t size() const { return fingerprints_.size(); }

    // Returns the most promising state, with one round more; null: every state had its rounds.
    [[nodiscard]] const KeptState* next();
    // Returns the oldest state whose numbers were not changed yet; null: there is none.
    [[nodiscard]] const KeptState* next_to_vary();
    // Leaves the plan, which could not be varied to the end, for later, once.
    void vary_later(const Plan& plan);
    // Returns the plan of a branch that was not returned yet, the oldest; null: there is none.
    [[nodiscard]] const Plan* next_to_play();
    // Whether there is a state of at least this promise from which the search did not go on yet.
    [[nodiscard]] bool has_fresh(Promise least) const;
    // Whether there is a state which no order reaches, the first of its shape, from which the search went on but once.
    [[nodiscard]] bool has_second_round() const;

  private:
    void keep_deepened(const KeptState& found);
    void keep_varied(KeptState kept);
    // Returns by how much later than others the state gets its next round.
    [[nodiscard]] std::uint32_t rank(const KeptState& kept) const;

    std::deque<KeptState> states_;
    std::unordered_map<std::uint64_t, std::uint32_t> kept_of_shapes_;
    std::vector<Call> deepened_;  // calls that are repeated in states that were kept
    std::map<SmallNumber, std::uint32_t> enlarged_;
    std::map<std::pair<std::uint64_t, Promise>, std::uint32_t> varied_of_shapes_;
    std::uint32_t varied_ = 0;
    std::size_t played_ = 0;  // so many of the states
    std::unordered_set<chain::Fingerprint, FingerprintHash> fingerprints_;
};

}  // namespace interlock::analyzer
