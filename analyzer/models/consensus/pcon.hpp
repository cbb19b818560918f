// PCon: Paxos in which the leader says which values are safe (1c) before it asks for one of them (2a), as in Lamport's
// "Byzantizing Paxos by Refinement", section 4. It refines Voting: votes are the 2b messages.
//
// What a 1b message says need not be kept: whoever promised a ballot votes in no lower one any more, so the latest vote
// below the ballot is what was said. The highest ballot of an acceptor is that of its latest message.
#pragma once

#include "analyzer/models/consensus/voting.hpp"

namespace interlock::analyzer::models::consensus {

// Something about each acceptor in each ballot.
using Grid = std::array<std::array<std::int8_t, most_ballots>, most_acceptors>;

[[nodiscard]] constexpr Grid no_values() {
    Grid grid{};
    for (auto& row : grid) row.fill(-1);
    return grid;
}

struct PConState {
    Grid promises{}, votes = no_values();                                     // 1b was sent; the value of 2b, or -1
    std::array<std::uint8_t, most_ballots> offers{};                          // 1c: masks of values
    std::array<std::int8_t, most_ballots> begun{}, requests{-1, -1, -1, -1};  // 1a was sent; the value of 2a, or -1
    std::int8_t is_wrong_step = 0;
};

// What the definitions of PCon say of a state.
class PConView {
  public:
    PConView(const Sizes& sizes, const PConState& state) : is_(sizes), now_(state) {}

    [[nodiscard]] int max_ballot(int acceptor) const;
    [[nodiscard]] int latest_vote(int acceptor, int below) const;  // its ballot, or -1
    // A quorum's promises show that the value is safe: none has voted, or a 1c message vouches for what is later.
    [[nodiscard]] bool is_shown_safe(int ballot, int value) const;
    // Classic Paxos would let the leader ask for it: a quorum's latest vote is for this value, or there is none.
    [[nodiscard]] bool is_classic_request(int ballot, int value) const;
    [[nodiscard]] std::uint32_t chosen() const;
    [[nodiscard]] VoteState voting() const;
    // `next` is this state or one step of PCon away, and perhaps a step with 1c messages more.
    [[nodiscard]] bool allows(const PConState& next) const;
    // Every request that `next` has more is one that classic Paxos allows.
    [[nodiscard]] bool allows_as_classic(const PConState& next) const;

  private:
    [[nodiscard]] bool allows_offers(const PConState& next) const;
    const Sizes& is_;
    const PConState& now_;
};

class PCon : public Spec<PCon, PConState> {
  public:
    struct Parameters {
        Sizes sizes{3, 2, 3};
        bool is_symmetric = false;
        bool is_careless = false;  // a fault to be found: a leader offers any value
    };
    static constexpr engine::Property properties[] = {
        {"OffersSafe", "every value of a 1c message is safe at its ballot"},
        {"RequestsOffered", "every value that is asked for was offered"},
        {"Agreement", "at most one value is chosen"},
        {"ChosenAlike", "PCon and Voting have the same chosen values"},
        {"RefinesVoting", "every step is one of Voting, or changes nothing there"},
    };
    enum Act : std::int8_t { Begin, Promise, Offer, Request, Vote };

    explicit PCon(const Parameters& parameters) : is_(parameters) {}

    template <class Visit>
    void choices(Visit&& visit) const {
        const PConView view(is_.sizes, now_);
        for (std::int8_t b = 0; b < is_.sizes.ballots; ++b) {
            if (now_.begun[b] == 0) visit(Move{Begin, 0, b, 0});
            for (std::int8_t v = 0; v < is_.sizes.values; ++v) {
                const bool is_offered = (now_.offers[b] >> v & 1) != 0;
                if (!is_offered && (is_.is_careless || view.is_shown_safe(b, v))) visit(Move{Offer, 0, b, v});
                if (is_offered && now_.requests[b] < 0) visit(Move{Request, 0, b, v});
            }
            for (std::int8_t a = 0; a < is_.sizes.acceptors; ++a) {
                const int max_ballot = view.max_ballot(a);
                if (now_.begun[b] != 0 && b > max_ballot) visit(Move{Promise, a, b, 0});
                if (now_.requests[b] >= 0 && b >= max_ballot && now_.votes[a][b] < 0)
                    visit(Move{Vote, a, b, now_.requests[b]});
            }
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

}  // namespace interlock::analyzer::models::consensus
