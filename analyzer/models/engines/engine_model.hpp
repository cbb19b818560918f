// The engines of chain/consensus/ themselves as a model: the objects that run in the simulation, in every order in which
// messages may arrive and timers may ring, with the invariants of chain/sim/invariants.hpp in every state.
//
// A message that was sent stays in flight for ever: it may come late, often, or never, so that loss and duplication need no
// steps of their own. With `is_once` it arrives at most once, and losses and duplications are counted. Timers ring at any
// time, but only so many in a run. Nodes may be restarted from what they wrote. A liar says two things wherever it
// can, to everybody; which of them is heard where is what the search tries.
#pragma once

#include "analyzer/engine/model.hpp"
#include "analyzer/models/engines/actors.hpp"

namespace interlock::chain::sim {
class Invariants;
}

namespace interlock::analyzer::models::engines {

class EngineModel {
  public:
    struct Bounds {
        std::uint8_t timers = 0, restarts = 0;  // that ring, that happen
        bool is_once = false;
        std::uint8_t losses = 0, duplicates = 0;  // with `is_once`
    };
    static constexpr engine::Property properties[] = {
        {"agreement", "no two nodes have different final blocks at one height, and none takes one back"},
        {"validity", "final blocks hold transactions that a client sent, each once"},
        {"ether", "behind every block there is as much as at the beginning, less what was burnt"},
        {"promises", "nobody votes twice in a ballot, or below one that it promised"},
        {"refinement", "every vote is a step of Voting"},
        {"durability", "whoever is restarted still knows what was final"},
        {"conservation",
         "every block is known to all, or a message about it is under way; looked at where blocks are a tree, with once=1"},
        {"quiescence", "where no message about a block is under way, all heads are the same; looked at likewise"},
    };

    struct Choice {
        enum Kind : std::uint8_t { Deliver, Duplicate, Lose, Fire, Restart } kind = Deliver;
        NodeId node = 0;
        std::uint32_t number = 0;  // of the letter or the timer
        friend bool operator==(const Choice&, const Choice&) = default;
    };
    struct State {
        std::vector<std::uint32_t> nodes;      // local states
        std::vector<std::uint32_t> in_flight;  // letters, in order
        Bounds left;
        std::uint32_t broken = 0;
    };
    using Undo = State;

    EngineModel(std::shared_ptr<Actors> actors, const Bounds& bounds);

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::size_t i = 0; i < now_.in_flight.size(); ++i) {
            const std::uint32_t letter = now_.in_flight[i];
            if (i > 0 && now_.in_flight[i - 1] == letter) continue;
            const NodeId to = actors_->letter(letter).to;
            if (now_.left.is_once || changes(letter)) visit(Choice{Choice::Deliver, to, letter});
            if (now_.left.duplicates > 0 && changes(letter)) visit(Choice{Choice::Duplicate, to, letter});
            if (now_.left.losses > 0) visit(Choice{Choice::Lose, to, letter});
        }
        for (NodeId node = 0; node < now_.nodes.size(); ++node) {
            const auto timers = static_cast<std::uint32_t>(actors_->state(now_.nodes[node]).timers.size());
            for (std::uint32_t t = 0; now_.left.timers > 0 && t < timers; ++t) visit(Choice{Choice::Fire, node, t});
            if (now_.left.restarts > 0) visit(Choice{Choice::Restart, node, 0});
        }
    }
    Undo apply(const Choice& choice);
    void undo(const Choice&, const Undo& before) { now_ = before; }
    [[nodiscard]] std::uint64_t fingerprint() const;
    [[nodiscard]] std::uint32_t broken() const { return now_.broken; }
    [[nodiscard]] std::string describe(const Choice& choice) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

    [[nodiscard]] const Actors& actors() const { return *actors_; }

  private:
    [[nodiscard]] bool changes(std::uint32_t letter) const;  // whether it does anything in this state
    void send(const std::vector<std::uint32_t>& letters);
    void repeat_ghosts(const State& before, chain::sim::Invariants& invariants) const;
    [[nodiscard]] std::uint32_t judge(const State& before, NodeId who, const Reaction& reaction, bool is_restart) const;

    std::shared_ptr<Actors> actors_;  // that learns while the search goes on: one thread alone may use it
    bool is_lossless_;
    State now_;
};

}  // namespace interlock::analyzer::models::engines
