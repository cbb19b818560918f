// Voting: acceptors vote in numbered ballots, for a value that no earlier ballot can contradict. It refines Consensus,
// in which a value is chosen once.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

struct Sizes {
    int acceptors = 3, values = 2, ballots = 2;
    int first = 0, second = 0;  // how many promise, and how many choose; 0: a majority

    [[nodiscard]] constexpr int showing() const { return first > 0 ? first : majority(acceptors); }
    [[nodiscard]] constexpr int choosing() const { return second > 0 ? second : majority(acceptors); }
};

struct VoteState {
    std::array<std::array<std::int8_t, most_ballots>, most_acceptors> votes{};  // the value, or -1
    std::array<std::int8_t, most_acceptors> max_ballot{};                       // -1: none yet
    std::int8_t is_wrong_step = 0;

    VoteState() {
        for (auto& of_one : votes) of_one.fill(-1);
        max_ballot.fill(-1);
    }
    friend bool operator==(const VoteState&, const VoteState&) = default;
};

// What the definitions of Voting say of a state.
class VoteView {
  public:
    VoteView(const Sizes& sizes, const VoteState& state) : is_(sizes), now_(state) {}

    // The values that a quorum has voted for in one ballot, as a mask.
    [[nodiscard]] std::uint32_t chosen() const;
    // No value but this can be chosen in a ballot below.
    [[nodiscard]] bool is_safe(int ballot, int value) const;
    // Some quorum shows it: the latest vote of its members below the ballot is for this value, or there is none.
    [[nodiscard]] bool is_shown_safe(int ballot, int value) const;
    // The same by recursion, where a different quorum may speak for each ballot.
    [[nodiscard]] bool is_shown_safe_together(int ballot, int value) const;
    [[nodiscard]] bool may_vote(int acceptor, int ballot, int value, bool is_together = false) const;
    [[nodiscard]] bool are_votes_safe() const;
    [[nodiscard]] bool is_one_value_per_ballot() const;
    // `next` is this state, or one step of Voting away.
    [[nodiscard]] bool allows(const VoteState& next, bool is_together = false) const;

  private:
    const Sizes& is_;
    const VoteState& now_;
};

// Consensus allows a step from one set of chosen values to another: nothing, or the first choice.
[[nodiscard]] constexpr bool is_consensus_step(std::uint32_t before, std::uint32_t after) {
    return before == after || (before == 0 && std::has_single_bit(after));
}

// Consensus itself: the set of chosen values is empty, and then has one for ever.
class Consensus : public Spec<Consensus, std::array<std::uint8_t, 8>> {
  public:
    static constexpr engine::Property properties[] = {{"Agreement", "at most one value is chosen"}};
    explicit Consensus(int values) : values_(values) {}
    template <class Visit>
    void choices(Visit&& visit) const {
        for (int value = 0; now_[0] == 0 && value < values_; ++value) visit(Move{0, 0, 0, static_cast<std::int8_t>(value)});
    }
    void step(const Move& move) { now_[0] = static_cast<std::uint8_t>(1u << move.value); }
    [[nodiscard]] std::uint32_t broken() const { return std::popcount(now_[0]) <= 1 ? 0 : 1; }
    [[nodiscard]] std::string describe(const Move& move) const { return "choose " + value_name(move.value); }
    [[nodiscard]] std::vector<engine::Variable> variables() const {
        return {{"chosen", now_[0] == 0 ? "-" : value_name(std::countr_zero(now_[0]))}};
    }

  private:
    int values_;
};

class Voting : public Spec<Voting, VoteState> {
  public:
    struct Parameters {
        Sizes sizes;
        bool is_together = false;   // safety is shown by several quorums together
        bool is_symmetric = false;  // acceptors and values have no names
    };
    static constexpr engine::Property properties[] = {
        {"VotesSafe", "whoever voted, voted for a value that was safe at the ballot"},
        {"OneValuePerBallot", "all votes in a ballot are for one value"},
        {"Agreement", "at most one value is chosen"},
        {"RefinesConsensus", "every step changes the chosen values as Consensus does, or not at all"},
    };
    enum Act : std::int8_t { Increase, Vote };

    explicit Voting(const Parameters& parameters) : is_(parameters) {}

    template <class Visit>
    void choices(Visit&& visit) const {
        const VoteView view(is_.sizes, now_);
        for (std::int8_t a = 0; a < is_.sizes.acceptors; ++a)
            for (std::int8_t b = 0; b < is_.sizes.ballots; ++b) {
                if (b > now_.max_ballot[a]) visit(Move{Increase, a, b, 0});
                for (std::int8_t v = 0; v < is_.sizes.values; ++v)
                    if (view.may_vote(a, b, v, is_.is_together)) visit(Move{Vote, a, b, v});
            }
    }
    void step(const Move& move);
    [[nodiscard]] std::uint64_t fingerprint() const;
    [[nodiscard]] std::uint32_t broken() const;
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    Parameters is_;
};

// The fingerprint that does not depend on the names: the least hash over all permutations of acceptors and of values.
// `renamed(acceptors, values)` is the state with acceptors[i] for i and values[v] for v.
template <class Renamed>
[[nodiscard]] std::uint64_t nameless_hash(const Sizes& sizes, Renamed&& renamed) {
    std::array<std::int8_t, most_acceptors> acceptors{0, 1, 2, 3, 4};
    std::uint64_t least = ~std::uint64_t{0};
    do {
        std::array<std::int8_t, most_values> values{0, 1, 2};
        do least = std::min(least, hash_of(renamed(acceptors, values)));
        while (std::next_permutation(values.begin(), values.begin() + sizes.values));
    } while (std::next_permutation(acceptors.begin(), acceptors.begin() + sizes.acceptors));
    return engine::mixed(least);  // the least of several is not spread evenly
}

}  // namespace interlock::analyzer::models::consensus
