// A vote among N nodes of which some lie: the lectures' steps from Paxos to PBFT, with the quorum as a parameter.
//
// The leader lies too, and proposes W to one and H to another. Whoever lies says whatever helps to whoever asks. Honest
// nodes take the first proposal that they get; with a prepare phase they tell it to all, and accept it when a quorum has
// prepared the same; they decide when a quorum has accepted. Honest nodes have no names: only how many are where counts.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_nodes = 13;

// How many honest nodes are where: each stage once for W and once for H.
struct ByzantineState {
    std::uint8_t waiting = 0;
    std::array<std::uint8_t, 2> prepared{}, accepted{}, decided{};
};

class ByzantineVotes : public Spec<ByzantineVotes, ByzantineState> {
  public:
    struct Parameters {
        int nodes = 4, liars = 1, quorum = 3;
        bool prepares = true;
    };
    static constexpr engine::Property properties[] = {{"Agreement", "no two honest nodes decide differently"}};
    enum Act : std::int8_t { Propose, Accept, Decide };

    explicit ByzantineVotes(const Parameters& parameters) : is_(parameters) {
        now_.waiting = static_cast<std::uint8_t>(std::max(0, is_.nodes - is_.liars));
    }

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t v = 0; v < 2; ++v) {
            if (now_.waiting > 0) visit(Move{Propose, 0, 0, v});
            const int accepted = now_.accepted[v] + now_.decided[v], prepared = now_.prepared[v] + accepted;
            if (now_.prepared[v] > 0 && prepared + is_.liars >= is_.quorum) visit(Move{Accept, 0, 0, v});
            if (now_.accepted[v] > 0 && accepted + is_.liars >= is_.quorum) visit(Move{Decide, 0, 0, v});
        }
    }
    void step(const Move& move) {
        const int v = move.value;
        if (move.act == Propose) --now_.waiting, ++(is_.prepares ? now_.prepared : now_.accepted)[v];
        if (move.act == Accept) --now_.prepared[v], ++now_.accepted[v];
        if (move.act == Decide) --now_.accepted[v], ++now_.decided[v];
    }
    [[nodiscard]] std::uint32_t broken() const { return now_.decided[0] > 0 && now_.decided[1] > 0 ? 1 : 0; }
    [[nodiscard]] std::string describe(const Move& move) const {
        const std::string value = move.value == 0 ? "W" : "H";
        if (move.act == Propose) return "the leader tells a node " + value;
        return move.act == Accept ? "a node sees a quorum of prepared " + value : "a node decides " + value;
    }
    [[nodiscard]] std::vector<engine::Variable> variables() const {
        const auto both = [](const std::array<std::uint8_t, 2>& count) {
            return "W " + std::to_string(count[0]) + ", H " + std::to_string(count[1]);
        };
        return {{"waiting", std::to_string(now_.waiting)},
                {"prepared", both(now_.prepared)},
                {"accepted", both(now_.accepted)},
                {"decided", both(now_.decided)}};
    }

  private:
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
