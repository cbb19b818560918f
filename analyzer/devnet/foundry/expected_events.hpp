// expectEmit: the next event that the test emits itself is what the next call has to emit.
#pragma once

#include <optional>
#include <vector>

#include "vm/host.hpp"
#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedEvent {
    std::uint32_t depth = 0;                             // of the calls that are meant
    std::array<bool, 4> topics{true, true, true, true};  // which of them count; the first is the event's name
    bool data = true;
    std::optional<vm::Address> emitter;  // none: anybody
    std::uint64_t count = 1;             // how often; 0: not at all

    std::optional<vm::Log> pattern;  // none: the test has not emitted it yet
    std::uint64_t met = 0;

    [[nodiscard]] bool is_like(const vm::Log& log) const;
    [[nodiscard]] bool is_met() const { return pattern && (count == 0 ? met == 0 : met >= count); }
};

class ExpectedEvents {
  public:
    void add(const ExpectedEvent& expected) { all_.push_back(expected); }
    void on_event(const vm::Log& log);
    // What an ending call should have emitted and has not; empty: nothing. After it those that were about it are settled.
    [[nodiscard]] std::string on_end(const vm::Message& message, const vm::Outcome& outcome);

  private:
    std::vector<ExpectedEvent> all_;  // in the order in which they have to come
};

}  // namespace interlock::analyzer::foundry
