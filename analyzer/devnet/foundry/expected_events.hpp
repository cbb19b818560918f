// expectEmit: the next event that the test itself emits is the one that the next call must emit.
#pragma once

#include <optional>
#include <vector>

#include "vm/host.hpp"
#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct ExpectedEvent {
    std::uint32_t depth = 0;                             // depth of the calls that must emit it
    std::array<bool, 4> topics{true, true, true, true};  // which topics are compared; the first is the event's name
    bool data = true;
    std::optional<vm::Address> emitter;  // std::nullopt: any account
    std::uint64_t count = 1;             // how often; 0: never

    std::optional<vm::Log> pattern;  // std::nullopt: the test has not emitted it yet
    std::uint64_t met = 0;

    [[nodiscard]] bool is_like(const vm::Log& log) const;
    [[nodiscard]] bool is_met() const { return pattern && (count == 0 ? met == 0 : met >= count); }
};

class ExpectedEvents {
  public:
    void add(const ExpectedEvent& expected) { all_.push_back(expected); }
    void on_event(const vm::Log& log);
    // Returns what the ending call should have emitted and has not, or an empty text. Settles the expectations about
    // this call.
    [[nodiscard]] std::string on_end(const vm::Message& message, const vm::Outcome& outcome);

  private:
    std::vector<ExpectedEvent> all_;  // in the order in which they must come
};

}  // namespace interlock::analyzer::foundry
