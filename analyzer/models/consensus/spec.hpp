// What the abstract specs of consensus share: a state of small numbers that is copied, compared and hashed as a whole.
//
// The specs are Lamport's ladder and its neighbours, as in the public TLA+ examples, whose counts of states the tests
// find again. A refinement is checked at every step that is made: where a step is none of the higher spec's, the state
// says so from then on, and therefore differs from all others.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <type_traits>

#include "analyzer/engine/model.hpp"
#include "analyzer/engine/weights.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_acceptors = 5, most_ballots = 4, most_values = 3;

// What happens, and to whom.
struct Move {
    std::int8_t act = 0, who = 0, ballot = 0, value = 0;
    friend bool operator==(const Move&, const Move&) = default;
};

template <class State>
[[nodiscard]] std::uint64_t hash_of(const State& state) {
    static_assert(std::has_unique_object_representations_v<State>);
    std::uint64_t hash = sizeof(State);
    const auto* bytes = reinterpret_cast<const unsigned char*>(&state);
    for (std::size_t i = 0; i < sizeof(State); i += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, std::min(sizeof word, sizeof(State) - i));
        hash = engine::mixed((hash ^ word) * 0x9e3779b97f4a7c15ULL + i);
    }
    return hash;
}

// A model out of a spec that has `step` and a state. It goes back by a copy.
template <class Self, class State>
class Spec {
  public:
    using Choice = Move;
    using Undo = State;

    Undo apply(const Choice& choice) {
        Undo before = now_;
        static_cast<Self&>(*this).step(choice);
        return before;
    }
    void undo(const Choice&, const Undo& before) { now_ = before; }
    [[nodiscard]] std::uint64_t fingerprint() const { return hash_of(now_); }

  protected:
    State now_{};
};

// Names of values for reports: v1, v2, …; "-" for none.
[[nodiscard]] inline std::string value_name(int value) { return value < 0 ? "-" : "v" + std::to_string(value + 1); }

// Sets of acceptors are masks. A quorum is any majority.
[[nodiscard]] constexpr int majority(int acceptors) { return acceptors / 2 + 1; }

}  // namespace interlock::analyzer::models::consensus
