// Paxos for one value: prepare (1a), promise (1b), request (2a), vote (2b). What was sent stays in flight for ever, so a
// message may be lost, late or doubled. It refines Voting: votes are the 2b messages.
#pragma once

#include "analyzer/models/consensus/voting.hpp"

namespace interlock::analyzer::models::consensus {

struct PaxosState {
    VoteState voting;  // the acceptors' ballots, and the 2b messages
    struct Promise {
        std::int8_t is_sent = 0, ballot = -1, value = -1;  // the latest vote when it was sent
        friend bool operator==(const Promise&, const Promise&) = default;
    };
    std::array<std::array<Promise, most_ballots>, most_acceptors> promises{};
    std::array<std::int8_t, most_ballots> is_begun{}, requests{};  // 1a was sent; the value of 2a, or -1
    PaxosState() { requests.fill(-1); }
};

class Paxos : public Spec<Paxos, PaxosState> {
  public:
    struct Parameters {
        Sizes sizes;
        bool is_symmetric = false;
        bool forgets = false;  // a fault to be found: the leader asks for any value, whatever was promised
    };
    static constexpr engine::Property properties[] = {
        {"VotesSafe", "whoever voted, voted for a value that was safe at the ballot"},
        {"OneValuePerBallot", "all votes in a ballot are for one value"},
        {"Agreement", "at most one value is chosen"},
        {"RefinesVoting", "every step is one of Voting, or changes nothing there"},
    };
    enum Act : std::int8_t { Prepare, Promise, Request, Vote };

    explicit Paxos(const Parameters& parameters) : is_(parameters) {}

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t b = 0; b < is_.sizes.ballots; ++b) {
            if (now_.is_begun[b] == 0) visit(Move{Prepare, 0, b, 0});
            for (std::int8_t v = 0; v < is_.sizes.values; ++v)
                if (may_request(b, v)) visit(Move{Request, 0, b, v});
            for (std::int8_t a = 0; a < is_.sizes.acceptors; ++a) {
                const int now = now_.voting.max_ballot[a];
                if (now_.is_begun[b] != 0 && b > now) visit(Move{Promise, a, b, 0});
                if (now_.requests[b] >= 0 && b >= now && now_.voting.votes[a][b] < 0)
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
    [[nodiscard]] bool may_request(int ballot, int value) const;
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
