// Touched: what a run read and wrote of the world. Two runs that touch nothing in common do not see each other.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/explorer/observations.hpp"

namespace interlock::analyzer {

// Places of the world, by hashes: storage slots, all balances as one, the time as one. Ascending after settle().
class Places {
  public:
    static constexpr std::uint64_t balances = 1, time = 2;

    void add(std::uint64_t place) { list_.push_back(place); }
    void settle();
    void clear() { list_.clear(); }
    [[nodiscard]] const std::vector<std::uint64_t>& all() const { return list_; }
    [[nodiscard]] bool meets(const Places& other) const;

  private:
    std::vector<std::uint64_t> list_;
};

// Passes on to the observations what they ask for, and notes what is read and written.
class TouchTracer final : public vm::Tracer {
  public:
    explicit TouchTracer(Observations& observations) : observations_(observations) {}

    [[nodiscard]] vm::OpcodeSet wanted() const override;
    [[nodiscard]] bool wants_cost() const override { return false; }
    void on_instruction(const vm::TracePoint& point) override;
    void on_enter(const vm::Message& message) override { observations_.on_enter(message); }

    void begin_run();
    Places read, written;

  private:
    Observations& observations_;
    const vm::OpcodeSet theirs_ = observations_.wanted();
};

}  // namespace interlock::analyzer
