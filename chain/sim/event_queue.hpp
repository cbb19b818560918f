// What is to happen, by time; of the same time, in the order in which it was planned. No two entries are equal, so that
// the order is the same with every library.
#pragma once

#include <algorithm>
#include <cassert>
#include <vector>

#include "chain/consensus/engine.hpp"

namespace interlock::chain::sim {

struct Event {
    enum Kind : std::uint8_t { Nothing, Arrive, Deliver, Timer, Persisted, Submit, Retry, FaultBegins, FaultEnds };
    Kind kind = Nothing;
    consensus::NodeId node = 0, from = 0;
    std::uint32_t incarnation = 0;  // of the node: what was planned before a crash does not happen behind it
    consensus::Timer timer;
    consensus::MessageRef message;
};

class EventQueue {
  public:
    using Ticket = std::uint64_t;  // names a planned event; never given twice

    Ticket push(consensus::Nanoseconds time, Event event) {
        std::uint32_t place;
        if (free_.empty()) {
            place = static_cast<std::uint32_t>(events_.size());
            events_.emplace_back();
        } else {
            place = free_.back();
            free_.pop_back();
        }
        assert(place < std::uint32_t{1} << place_bits);
        const Ticket ticket = ++planned_ << place_bits | place;
        events_[place] = {ticket, std::move(event)};
        keys_.push_back({time, ticket});
        std::push_heap(keys_.begin(), keys_.end(), is_later);
        return ticket;
    }

    // Does nothing if the event has happened.
    void cancel(Ticket ticket) {
        const std::size_t place = ticket & ((Ticket{1} << place_bits) - 1);
        if (place < events_.size() && events_[place].ticket == ticket) events_[place].event = {};
    }

    [[nodiscard]] bool empty() const { return keys_.empty(); }
    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    [[nodiscard]] consensus::Nanoseconds next_time() const { return keys_.front().time; }

    // Takes the next event out; it is Nothing if it was cancelled.
    Event pop() {
        std::pop_heap(keys_.begin(), keys_.end(), is_later);
        const std::size_t place = keys_.back().ticket & ((Ticket{1} << place_bits) - 1);
        keys_.pop_back();
        free_.push_back(static_cast<std::uint32_t>(place));
        events_[place].ticket = 0;
        return std::move(events_[place].event);
    }

  private:
    static constexpr unsigned place_bits = 24;
    struct Key {
        consensus::Nanoseconds time;
        Ticket ticket;  // grows with the order of planning
    };
    struct Planned {
        Ticket ticket = 0;
        Event event;
    };
    static bool is_later(const Key& a, const Key& b) { return a.time != b.time ? a.time > b.time : a.ticket > b.ticket; }

    std::vector<Key> keys_;  // a heap
    std::vector<Planned> events_;
    std::vector<std::uint32_t> free_;
    Ticket planned_ = 0;
};

}  // namespace interlock::chain::sim
