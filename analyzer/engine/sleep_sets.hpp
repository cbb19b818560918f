// Sleep sets: of two choices that commute, only one order is followed. (Godefroid, 1996, section 5)
//
// When a state's choices a and b commute and a has been followed, a sleeps in the state behind b: what it leads to has
// been, or will be, reached behind a. So no state is lost and no path grows longer, only steps are saved. A state that is
// reached again with fewer sleepers has to be looked at once more: therefore the sleepers of a state are kept, unless
// there are none.
//
// Fewer sleepers are always right. So where a search hardly saves anything, it may stop looking for them.
//
// A set of choices is a mask of positions in the state's list. Choices behind the 64th never sleep.
#pragma once

#include <algorithm>
#include <bit>
#include <span>

#include "analyzer/engine/model.hpp"
#include "chain/flat_table.hpp"

namespace interlock::analyzer::engine {

constexpr std::size_t most_sleepers = 64;

// What to do with a state's choices.
struct Plan {
    std::uint64_t asleep = 0;
    std::uint64_t todo = ~std::uint64_t{0};
    bool is_first = true;  // otherwise only sleepers that woke up are to be followed

    [[nodiscard]] bool has(std::size_t choice) const {
        return choice < most_sleepers ? (todo >> choice & 1) != 0 : is_first;
    }
};

class SleepSets {
  public:
    // The state was reached for the first time, with these sleepers.
    [[nodiscard]] Plan first(std::uint64_t fingerprint, std::uint64_t asleep) {
        if (asleep != 0) kept_[kept_.at(fingerprint)].asleep = asleep;
        return {asleep, ~asleep, true};
    }

    // Tells whether a state that is reached again may have sleepers to wake up. Where not, there is nothing to do there.
    [[nodiscard]] bool has_sleepers(std::uint64_t fingerprint) const {
        const auto found = kept_.find(fingerprint);
        return found != Kept::none && kept_[found].asleep != 0;
    }

    // The state was reached again, with these sleepers.
    [[nodiscard]] Plan again(std::uint64_t fingerprint, std::uint64_t asleep) {
        std::uint64_t& kept = kept_[kept_.at(fingerprint)].asleep;
        const Plan plan{kept & asleep, kept & ~asleep, false};
        kept &= asleep;
        return plan;
    }

    [[nodiscard]] std::size_t bytes() const { return kept_.size() * (sizeof(Entry) + sizeof(std::uint32_t)); }

  private:
    struct Entry {
        std::uint64_t key = 0, asleep = 0;
    };
    struct AsItIs {
        std::size_t operator()(std::uint64_t fingerprint) const { return fingerprint; }
    };
    using Kept = chain::FlatTable<Entry, std::uint64_t, AsItIs>;
    Kept kept_;
};

// Whether sleepers have paid so far: finding them costs as much as a step.
[[nodiscard]] constexpr bool is_worth_it(std::uint64_t left_out, std::uint64_t taken) {
    constexpr std::uint64_t trial = 20'000, least_part = 16;
    return taken < trial || left_out * least_part > taken;
}

// Of the sleepers among a state's `choices`, with their `footprints`, those that sleep behind one of them as well are
// written to `sleeping`.
template <class Choice>
void sleepers_behind(std::size_t choice, std::span<const Choice> choices, std::span<const Footprint> footprints,
                     std::uint64_t asleep, std::vector<Choice>& sleeping) {
    sleeping.clear();
    if (choice >= most_sleepers) return;
    for (std::uint64_t left = asleep; left != 0; left &= left - 1) {
        const auto other = static_cast<std::size_t>(std::countr_zero(left));
        if (commute(footprints[other], footprints[choice])) sleeping.push_back(choices[other]);
    }
}

// Returns which of the choices of the model's current state are among `sleeping`.
template <Model M>
[[nodiscard]] std::uint64_t mask_of(const M& model, const std::vector<typename M::Choice>& sleeping) {
    if (sleeping.empty()) return 0;
    std::uint64_t mask = 0, bit = 1;
    model.choices([&](const typename M::Choice& choice) {
        if (std::find(sleeping.begin(), sleeping.end(), choice) != sleeping.end()) mask |= bit;
        bit <<= 1;  // zero behind the 64th
    });
    return mask;
}

// The mask with this choice in it.
[[nodiscard]] constexpr std::uint64_t with(std::uint64_t mask, std::size_t choice) {
    return choice < most_sleepers ? mask | std::uint64_t{1} << choice : mask;
}

}  // namespace interlock::analyzer::engine
