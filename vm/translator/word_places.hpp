// Places: where the values of a block are while it is translated.
#pragma once

#include <limits>
#include <vector>

#include "vm/translator/block_builder.hpp"

namespace interlock::vm {

// The stack's words: which value each holds, and which word each value is in. Positions are as in BlockBuilder.
class Places {
  public:
    void reset(int lowest) {
        lowest_ = lowest;
        holders_.clear();
        places_.clear();
    }
    [[nodiscard]] bool is_free(int position) const {
        const std::size_t i = index(position);
        return i >= holders_.size() || holders_[i] == nobody;
    }
    [[nodiscard]] int of(ValueId value) const { return places_[value]; }

    void put(ValueId value, int position) {
        at(holders_, index(position), nobody) = value;
        at(places_, value, none) = static_cast<std::int16_t>(position);
    }
    void remove(ValueId value) {
        holders_[index(places_[value])] = nobody;
        places_[value] = none;
    }
    // The lowest free word above a position.
    [[nodiscard]] int free_above(int position) const {
        int free = position + 1;
        while (!is_free(free)) ++free;
        return free;
    }

  private:
    static constexpr ValueId nobody = std::numeric_limits<ValueId>::max();
    static constexpr std::int16_t none = std::numeric_limits<std::int16_t>::max();

    [[nodiscard]] std::size_t index(int position) const { return static_cast<std::size_t>(position - lowest_); }
    template <class T>
    [[nodiscard]] static T& at(std::vector<T>& items, std::size_t i, T missing) {
        if (i >= items.size()) items.resize(i + 1, missing);
        return items[i];
    }

    int lowest_ = 0;
    std::vector<ValueId> holders_;      // by position
    std::vector<std::int16_t> places_;  // by value
};

}  // namespace interlock::vm
