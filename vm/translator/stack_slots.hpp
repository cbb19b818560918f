// Stack slots: where a block's values are while it is translated.
#pragma once

#include <limits>

#include "vm/translator/block_builder.hpp"

namespace interlock::vm {

// Says which value each word of the stack holds, and which word each value is in. Positions are as in BlockBuilder.
class StackSlots {
  public:
    void reset(int lowest) {
        lowest_ = lowest;
        holders_.clear();
        positions_.clear();
    }
    [[nodiscard]] bool is_free(int position) const {
        const std::size_t i = index(position);
        return i >= holders_.size() || holders_[i] == nobody;
    }
    [[nodiscard]] bool has(ValueId value) const { return value < positions_.size() && positions_[value] != nowhere; }
    [[nodiscard]] int of(ValueId value) const {
        require(has(value));
        return positions_[value];
    }

    // The slot must be free, and the value must not have one yet.
    void put(ValueId value, int position) {
        require(is_free(position) && !has(value));
        at(holders_, index(position), nobody) = value;
        at(positions_, value, nowhere) = static_cast<std::int16_t>(position);
    }
    void remove(ValueId value) {
        holders_[index(of(value))] = nobody;
        positions_[value] = nowhere;
    }
    // Returns the lowest free word above a position.
    [[nodiscard]] int free_above(int position) const {
        int free = position + 1;
        while (!is_free(free)) ++free;
        return free;
    }

  private:
    static constexpr ValueId nobody = std::numeric_limits<ValueId>::max();
    static constexpr std::int16_t nowhere = std::numeric_limits<std::int16_t>::max();

    [[nodiscard]] std::size_t index(int position) const {
        require(position >= lowest_ && position < BlockBuilder::max_stack);
        return static_cast<std::size_t>(position - lowest_);
    }
    template <class T>
    [[nodiscard]] static T& at(CheckedVector<T>& items, std::size_t i, T missing) {
        if (i >= items.size()) items.resize(i + 1, missing);
        return items[i];
    }

    int lowest_ = 0;
    CheckedVector<ValueId> holders_;         // by position
    CheckedVector<std::int16_t> positions_;  // by value
};

}  // namespace interlock::vm
