// Moves of words that happen all at once. This finds an order in which they can be made one by one.
#pragma once

#include <algorithm>
#include <cstddef>

#include "vm/translator/checked.hpp"

namespace interlock::vm {

struct Move {
    int from, to;
};

class WordMoves {
  public:
    void clear() { moves_.clear(); }
    // No two moves may have the same target, and no move may stay in place.
    void add(Move move) { moves_.push_back(move); }

    // A word is overwritten once no other move reads it. The remaining moves form rings: a ring of n words takes n - 1
    // exchanges, each of which puts one word right.
    void make(auto&& copy, auto&& exchange) {
        if (moves_.empty()) return;
        find_bounds();
        for (std::size_t i = 0; i < moves_.size(); ++i)
            if (waiting_[slot(moves_[i].to)] == 0) ready_.push_back(static_cast<int>(i));
        while (!ready_.empty()) {
            const Move move = moves_[static_cast<std::size_t>(ready_.back())];
            ready_.pop_back();
            copy(move);
            move_into_[slot(move.to)] = -1;
            if (--waiting_[slot(move.from)] == 0 && move_into_[slot(move.from)] >= 0)
                ready_.push_back(move_into_[slot(move.from)]);
        }
        for (const Move& first : moves_) {
            int into = first.to;
            while (move_into_[slot(into)] >= 0) {
                const int from = moves_[static_cast<std::size_t>(move_into_[slot(into)])].from;
                move_into_[slot(into)] = -1;
                if (move_into_[slot(from)] < 0) break;
                exchange(into, from);
                into = from;
            }
        }
    }

  private:
    [[nodiscard]] std::size_t slot(int position) const { return static_cast<std::size_t>(position - lowest_); }

    void find_bounds() {
        lowest_ = moves_.front().to;
        int highest = lowest_;
        for (const Move& move : moves_) {
            lowest_ = std::min({lowest_, move.from, move.to});
            highest = std::max({highest, move.from, move.to});
        }
        waiting_.assign(slot(highest) + 1, 0);
        move_into_.assign(slot(highest) + 1, -1);
        ready_.clear();
        for (std::size_t i = 0; i < moves_.size(); ++i) {
            ++waiting_[slot(moves_[i].from)];
            move_into_[slot(moves_[i].to)] = static_cast<int>(i);
        }
    }

    CheckedVector<Move> moves_;
    int lowest_ = 0;
    CheckedVector<int> waiting_;    // by position: pending moves that read it
    CheckedVector<int> move_into_;  // by position: the pending move that ends there; negative: none
    CheckedVector<int> ready_;      // moves whose target nobody reads any more
};

}  // namespace interlock::vm
