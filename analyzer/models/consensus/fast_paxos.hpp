// Fast Paxos, simplified: one coordinator, so that nothing need be promised. In a fast ballot it lets acceptors vote for
// any value; where their votes collide, it asks in a later, classic ballot for a value that may have been chosen.
//
// As in the public TLA+ text SimplifiedFastPaxos: a decision is whatever somebody learnt last.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

struct FastPaxosState {
    std::array<std::array<std::int8_t, most_ballots>, most_acceptors> votes{};  // the value, or -1
    std::array<std::int8_t, most_acceptors> max_ballot{}, latest{};             // the latest vote's value, or -1
    std::array<std::int8_t, most_ballots> requests{};                           // the value, -1: none
    std::array<std::uint8_t, most_ballots> is_open{};                           // a fast ballot was begun
    std::int8_t decision = -1, coordinator = -1, is_revoked = 0;
};

class FastPaxos : public Spec<FastPaxos, FastPaxosState> {
  public:
    struct Parameters {
        int acceptors = 4, values = 3;
        int ballots = 4;
        unsigned fast = 0b0101;           // which ballots are fast, a bit each
        int quorum = 3, fast_quorum = 3;  // of acceptors
        bool is_symmetric = false;
    };
    static constexpr engine::Property properties[] = {
        {"Agreement", "what was decided stays decided"},
        {"Nontriviality", "what was decided was proposed in a fast ballot"},
    };
    enum Act : std::int8_t { Open, Propose, DecideFast, Request, Accept, DecideClassic };

    explicit FastPaxos(const Parameters& parameters) : is_(parameters) {
        for (auto& row : now_.votes) row.fill(-1);
        now_.latest.fill(-1);
        now_.requests.fill(-1);
    }

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t b = 0; b < is_.ballots; ++b) {
            const bool is_fast = (is_.fast >> b & 1) != 0;
            if (is_fast && now_.is_open[b] == 0) visit(Move{Open, 0, b, 0});
            for (std::int8_t v = 0; v < is_.values; ++v) {
                if (votes_for(b, v) >= (is_fast ? is_.fast_quorum : is_.quorum) && now_.decision != v)
                    visit(Move{is_fast ? DecideFast : DecideClassic, 0, b, v});
                if (!is_fast && may_request(b, v)) visit(Move{Request, 0, b, v});
                for (std::int8_t a = 0; a < is_.acceptors; ++a) {
                    if (now_.max_ballot[a] > b || now_.votes[a][b] >= 0) continue;
                    if (now_.is_open[b] != 0 && (now_.latest[a] < 0 || now_.latest[a] == v)) visit(Move{Propose, a, b, v});
                    if (now_.requests[b] == v) visit(Move{Accept, a, b, v});
                }
            }
        }
    }
    void step(const Move& move);
    [[nodiscard]] std::uint64_t fingerprint() const;
    [[nodiscard]] std::uint32_t broken() const;
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    [[nodiscard]] int votes_for(int ballot, int value) const;
    [[nodiscard]] bool may_request(int ballot, int value) const;
    [[nodiscard]] bool is_collision(int ballot, int value, unsigned quorum) const;
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
