// What the search searches: a model is a value that can say what may happen next, do it, and undo it.
//
// The engine knows nothing else of it. A model is a template parameter, so that its functions become part of the
// search loop; analyzer/models/evm_bank.hpp is an example of 150 lines.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace interlock::analyzer::engine {

// A claim about every state. `meaning` is a sentence for reports.
struct Property {
    std::string_view name, meaning;
};

// One variable of a state, for reports.
struct Variable {
    std::string name, value;
    friend bool operator==(const Variable&, const Variable&) = default;
};

// What a choice touches, each bit a place: it reads (its guard included), overwrites, or adds a fixed number. A model
// with more than 64 places may map several to one bit: fewer choices commute then, and nothing else changes.
struct Footprint {
    std::uint64_t reads = 0, writes = 0, adds = 0;
};

// Two choices commute if neither sees what the other does. Additions do not see one another.
[[nodiscard]] constexpr bool commute(const Footprint& a, const Footprint& b) {
    return (a.writes & (b.reads | b.writes | b.adds)) == 0 && (b.writes & (a.reads | a.adds)) == 0 &&
           (a.reads & b.adds) == 0 && (a.adds & b.reads) == 0;
}

// clang-format off
template <class M>
concept Model = std::copy_constructible<M> && std::is_trivially_copyable_v<typename M::Choice> &&
    std::default_initializable<typename M::Choice> && std::equality_comparable<typename M::Choice> &&
    requires(M& model, const M& state, const typename M::Choice& choice, const typename M::Undo& undo,
             void (&visit)(typename M::Choice)) {
        // Calls `visit` for each choice that this state has; in the same order each time that the state is reached.
        state.choices(visit);
        // Makes the choice; what comes back is handed to `undo`, which restores the state to the bit.
        { model.apply(choice) } -> std::same_as<typename M::Undo>;
        model.undo(choice, undo);
        // Equal for equal states, and otherwise as if drawn at random for each state.
        { state.fingerprint() } -> std::same_as<std::uint64_t>;
        // The properties that are false in this state: bit i for M::properties[i], of which there are at most 32.
        { state.broken() } -> std::same_as<std::uint32_t>;
        { M::properties[0] } -> std::convertible_to<Property>;
        // For reports: the choice, and this state.
        { state.describe(choice) } -> std::same_as<std::string>;
        { state.variables() } -> std::same_as<std::vector<Variable>>;
    };

// A model that knows the footprint of each of its choices. It may depend on the state: a guard that no single other
// choice can make false or true here need not count as a read.
template <class M>
concept Reducible = Model<M> && requires(const M& state, const typename M::Choice& choice) {
    { state.footprint(choice) } -> std::same_as<Footprint>;
};
// clang-format on

}  // namespace interlock::analyzer::engine
