// BPCon: Paxos among acceptors of which some lie, as in Lamport's "Byzantizing Paxos by Refinement", section 5. It
// refines PCon, whose acceptors are the honest ones. With certificates it is PBFT: view change = 1b, new view = 1c,
// prepare = 2av, commit = 2b.
//
// Two facts keep the search finite and lose nothing. First, guards of honest acceptors ask only that messages are there,
// never that they are not; therefore liars have sent everything from the start, and so have leaders, and everybody knows
// what was sent, unless `is_stepwise` makes steps of the last two. Second, what a 1b message says need not be kept: see
// pcon.hpp. An honest acceptor votes at most once in a ballot, which correct quorums see to anyway.
#pragma once

#include "analyzer/models/consensus/pcon.hpp"

namespace interlock::analyzer::models::consensus {

struct BPConState {
    std::array<std::uint32_t, most_acceptors> knows{};           // 1b messages of the honest, a bit each: acceptor, ballot
    Grid promises{}, relays = no_values(), votes = no_values();  // 1b; the values of 2av and 2b, or -1
    std::array<std::uint8_t, most_ballots> offers{};             // 1c: masks of values
    std::array<std::uint8_t, most_ballots> begun{};              // 1a
    std::array<std::uint8_t, 4> wrong_steps{};                   // of PCon, Voting, Consensus, classic Paxos
};

class BPCon : public Spec<BPCon, BPConState> {
  public:
    struct Parameters {
        int acceptors = 3, liars = 1;  // honest ones, and others
        int values = 2, ballots = 3;
        int quorum = 3, weak = 2;  // of all; of which at least one must be honest
        bool is_stepwise = false;  // leaders' messages, and whatever acceptors learn, are steps of their own
        bool is_signed = false;    // PBFT: who promises proves the latest quorum of 2av messages; ballot 0 needs no 1b
        bool is_classic = false;   // compares with classic Paxos, too: a mapping that fails
        bool is_symmetric = false;
    };
    static constexpr engine::Property properties[] = {
        {"Agreement", "at most one value is chosen"},
        {"VotesSafe", "whoever voted, voted for a value that was safe at the ballot"},
        {"ChosenAlike", "what is chosen here is chosen in PCon and in Voting"},
        {"RefinesPCon", "every step is one of PCon, or changes nothing there"},
        {"RefinesVoting", "every step is one of Voting, or changes nothing there"},
        {"RefinesConsensus", "every step changes the chosen values as Consensus does, or not at all"},
        {"RefinesPaxos", "every step is one of classic Paxos; looked at with classic=1 alone"},
    };
    enum Act : std::int8_t { Begin, Promise, Offer, Relay, Vote, Learn };

    explicit BPCon(const Parameters& parameters);

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t b = 0; b < is_.ballots; ++b) {
            if (now_.begun[b] == 0) visit(Move{Begin, 0, b, 0});
            for (std::int8_t v = 0; v < is_.values; ++v)
                if (may_offer(b, v)) visit(Move{Offer, 0, b, v});
            for (std::int8_t a = 0; a < is_.acceptors; ++a) {
                const int max_ballot = max_ballot_of(a);
                if (now_.begun[b] != 0 && b > max_ballot) visit(Move{Promise, a, b, 0});
                for (std::int8_t v = 0; b >= max_ballot && v < is_.values; ++v) {
                    if (now_.relays[a][b] < 0 && (now_.offers[b] >> v & 1) != 0 && knows_safe(a, b, v))
                        visit(Move{Relay, a, b, v});
                    if (may_vote(a, b, v)) visit(Move{Vote, a, b, v});
                }
                for (std::int8_t of = 0; is_.is_stepwise && of < is_.acceptors; ++of)
                    if (now_.promises[of][b] != 0 && !knows(a, of, b)) visit(Move{Learn, a, b, of});
            }
        }
    }
    void step(const Move& move);
    [[nodiscard]] std::uint64_t fingerprint() const;
    [[nodiscard]] std::uint32_t broken() const;
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    [[nodiscard]] static constexpr std::uint32_t bit_of(int of, int ballot) { return 1u << (of * most_ballots + ballot); }
    [[nodiscard]] bool knows(int acceptor, int of, int ballot) const {
        return is_.is_stepwise ? (now_.knows[acceptor] & bit_of(of, ballot)) != 0 : now_.promises[of][ballot] != 0;
    }
    // PBFT's primaries take turns, first the liars. In BPCon any leader may lie.
    [[nodiscard]] bool is_honest_leader(int ballot) const {
        return is_.is_signed && ballot % (is_.acceptors + is_.liars) >= is_.liars;
    }
    [[nodiscard]] int max_ballot_of(int acceptor) const;
    [[nodiscard]] int latest_vote(int acceptor, int below) const;
    [[nodiscard]] int relayed(int ballot, int value) const;  // how many do, with the liars
    [[nodiscard]] bool may_offer(int ballot, int value) const;
    [[nodiscard]] bool may_vote(int acceptor, int ballot, int value) const;
    [[nodiscard]] bool knows_safe(int acceptor, int ballot, int value) const;
    [[nodiscard]] bool somebody_knows_safe(int ballot, int value) const;
    [[nodiscard]] bool is_vouched(int acceptor, int ballot, int from, int value) const;  // by a weak quorum
    [[nodiscard]] bool is_certified(int acceptor, int ballot, int at, int value) const;  // by some promise
    [[nodiscard]] Sizes honest() const;  // a quorum less the liars is one of the honest
    [[nodiscard]] PConState mapped() const;
    [[nodiscard]] std::uint32_t chosen() const;
    [[nodiscard]] std::uint64_t unordered_hash() const;
    [[nodiscard]] BPConState renamed(const std::array<std::int8_t, most_acceptors>& acceptors,
                                     const std::array<std::int8_t, most_values>& values) const;
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
