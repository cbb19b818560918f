// Paxos with liars and no more than one round of votes: a leader believes what f + 1 acceptors say. Lamport's rules P3a' and
// P3b' (Byzantizing Paxos by Refinement, section 3), for which more than 4f acceptors are needed.
//
// Ballot 0 is open; then acceptors promise ballot 1 and report what they voted for, and its leader offers a value that a
// quorum of N - f reports allows:
//
//     strict      nobody reports a vote, or f + 1 report votes for this value, and nobody for another
//     otherwise   no other value has f + 1 reports: fewer may be lies, or votes that never were a quorum
//
// With 3f + 1 acceptors the first may leave a leader without a value to offer, and the second two values chosen. Honest
// acceptors have no names: only how many are where counts.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_simple_nodes = 13;

// How many honest acceptors are where, by their vote in ballot 0 (W, H, none).
struct SimpleByzantineState {
    std::array<std::uint8_t, 3> waiting{}, promised{};
    std::array<std::uint8_t, 2> votes{};      // in ballot 1
    std::array<std::uint8_t, 2> early{};      // all votes in ballot 0, also of those who have moved on
    std::int8_t proposed = -1, offered = -1;  // in ballots 0 and 1
};

class SimpleByzantine : public Spec<SimpleByzantine, SimpleByzantineState> {
  public:
    struct Parameters {
        int nodes = 4, liars = 1;
        bool is_strict = true;
        bool equivocates = false;  // the leader of ballot 0 asks for both values
    };
    static constexpr engine::Property properties[] = {
        {"Agreement", "at most one value is chosen"},
        {"Live", "the honest acceptors' promises allow some value"},
    };
    enum Act : std::int8_t { Propose, Vote, Promise, Offer, VoteAgain };

    explicit SimpleByzantine(const Parameters& parameters) : is_(parameters) {
        now_.waiting[2] = static_cast<std::uint8_t>(std::max(0, is_.nodes - is_.liars));
    }

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t v = 0; v < 2; ++v) {
            if (now_.proposed < 0 && !is_.equivocates) visit(Move{Propose, 0, 0, v});
            if (now_.waiting[2] > 0 && (is_.equivocates || now_.proposed == v)) visit(Move{Vote, 0, 0, v});
            if (now_.offered < 0 && is_allowed(v, is_.liars)) visit(Move{Offer, 0, 1, v});
        }
        for (std::int8_t before = 0; before < 3; ++before) {
            if (now_.waiting[before] > 0) visit(Move{Promise, before, 1, 0});
            if (now_.promised[before] > 0 && now_.offered >= 0) visit(Move{VoteAgain, before, 1, now_.offered});
        }
    }
    void step(const Move& move) {
        switch (move.act) {
            case Propose: now_.proposed = move.value; break;
            case Vote: --now_.waiting[2], ++now_.waiting[move.value], ++now_.early[move.value]; break;
            case Promise: --now_.waiting[move.who], ++now_.promised[move.who]; break;
            case Offer: now_.offered = move.value; break;
            default: --now_.promised[move.who], ++now_.votes[move.value]; break;
        }
    }
    [[nodiscard]] std::uint32_t broken() const {
        unsigned chosen = 0;
        for (unsigned v = 0; v < 2; ++v)
            for (const int votes : {now_.early[v], now_.votes[v]}) chosen |= (votes + is_.liars >= quorum() ? 1u : 0u) << v;
        const bool all_promised = now_.waiting == decltype(now_.waiting){};
        const bool is_stuck = all_promised && now_.offered < 0 && !is_allowed(0, 0) && !is_allowed(1, 0);
        return (chosen == 3 ? 1u : 0u) | (is_stuck ? 2u : 0u);
    }
    [[nodiscard]] std::string describe(const Move& move) const {
        const std::string value = move.value == 0 ? "W" : "H";
        switch (move.act) {
            case Propose: return "the leader of 0 asks for " + value;
            case Vote: return "one votes 0:" + value;
            case Promise: return "one promises 1, who voted for " + std::string(names[move.who]);
            case Offer: return "the leader of 1 offers " + value;
            default: return "one votes 1:" + value;
        }
    }
    [[nodiscard]] std::vector<engine::Variable> variables() const {
        const auto text = [](const auto& counts) {
            std::string text;
            for (std::size_t i = 0; i < counts.size(); ++i)
                if (counts[i] > 0)
                    text += (text.empty() ? "" : ", ") + std::string(names[i]) + " " + std::to_string(counts[i]);
            return text;
        };
        return {{"votes in 0", text(now_.early)}, {"promised", text(now_.promised)}, {"votes in 1", text(now_.votes)}};
    }

  private:
    static constexpr const char* names[] = {"W", "H", "nothing"};
    [[nodiscard]] int quorum() const { return is_.nodes - is_.liars; }

    // Whether a quorum of reports allows the value, of which as many as `lies` may say anything.
    [[nodiscard]] bool is_allowed(int value, int lies) const {
        const int own = now_.promised[value], other = now_.promised[1 - value], none = now_.promised[2], f = is_.liars;
        const auto reports_without = [&](int for_other) {
            return own + std::min(other, for_other) + none + lies >= quorum();
        };
        if (!is_.is_strict) return reports_without(f);
        return none + lies >= quorum() || (own + lies > f && reports_without(0));
    }
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
