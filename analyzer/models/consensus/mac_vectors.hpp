// Proofs without signatures: each message carries a code for every receiver, and only that receiver can check it. Liars
// give right codes to some and wrong ones to others. (Castro and Liskov; Byzantizing Paxos by Refinement, section 6.1)
//
// What j receivers in turn must be able to check takes (j + 1) f + 1 messages at the first: each may find f fewer than the
// one before, and the last needs f + 1 of which an honest one is among.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

// A proof with the messages in it that its holder could check.
struct MacVectorsState {
    std::int8_t honest = 0, lying = 0, passed = -1;  // how often it was passed on; -1: nobody has it yet
};

class MacVectors : public Spec<MacVectors, MacVectorsState> {
  public:
    struct Parameters {
        int liars = 1, relays = 1;
        int messages = 3;  // that the first one asks for
    };
    static constexpr engine::Property properties[] = {
        {"PassedOn", "whoever gets a proof that another accepted accepts it, with f messages less"},
        {"Honest", "an accepted proof has an honest message in it"},
    };

    enum Act : std::int8_t { PassOn, MakeUp };

    explicit MacVectors(const Parameters& parameters) : is_(parameters) {}

    // The next holder finds so many of the liars' codes right. Or the proof is a liar's, made to be just enough for its
    // receiver: then fewer of its messages are honest ones.
    template <class Visit>
    void choices(Visit&& visit) const {
        const int most = now_.passed < 0 ? std::min(is_.liars, is_.messages) : now_.lying;
        for (std::int8_t lying = 0; now_.passed < is_.relays && lying <= most; ++lying) visit(Move{PassOn, 0, 0, lying});
        if (now_.passed < 0) return;
        for (std::int8_t lying = 0; lying <= std::min(is_.liars, needed(now_.passed)); ++lying)
            visit(Move{MakeUp, 0, 0, lying});
    }
    void step(const Move& move) {
        if (now_.passed < 0) now_.honest = static_cast<std::int8_t>(is_.messages - move.value), now_.passed = 0;
        else if (move.act == PassOn) ++now_.passed;
        else now_.honest = static_cast<std::int8_t>(needed(now_.passed) - move.value);
        now_.lying = move.value;
    }
    [[nodiscard]] std::uint32_t broken() const {
        if (now_.passed < 0) return 0;
        return (is_accepted() ? 0u : 1u) | (is_accepted() && now_.honest == 0 ? 2u : 0u);
    }
    [[nodiscard]] std::string describe(const Move& move) const {
        const std::string count = std::to_string(move.value);
        if (now_.passed < 0) return "the first gets a proof, " + count + " of it by liars";
        return move.act == PassOn ? "the next finds " + count + " of the liars' codes right"
                                  : "a liar makes up what is just enough, " + count + " of it by liars";
    }
    [[nodiscard]] std::vector<engine::Variable> variables() const {
        return {{"honest", std::to_string(now_.honest)}, {"lying", std::to_string(now_.lying)}};
    }

  private:
    [[nodiscard]] int needed(int passed) const { return is_.messages - passed * is_.liars; }
    [[nodiscard]] bool is_accepted() const { return now_.honest + now_.lying >= std::max(needed(now_.passed), 1); }
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
