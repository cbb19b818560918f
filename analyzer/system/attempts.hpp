// Attempts: what calls came to, with what they looked at. While that is as it was they come to the same, and need not be
// made again.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "analyzer/explorer/plan.hpp"
#include "chain/state.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

// Made for one state, of which the fork and the block stay as they are. It is the tracer of each attempt.
class Attempts final : public vm::Tracer {
  public:
    explicit Attempts(chain::State& state) : state_(state) {}

    // Returns what a call by somebody came to, if it would come to the same now.
    [[nodiscard]] std::optional<bool> known(std::uint32_t caller, const Call& call);
    void begin(const vm::Address& sender, const vm::Address& to, const Call& call);
    // The state is again what it was when the attempt began.
    void end(std::uint32_t caller, const Call& call, bool works);

    [[nodiscard]] vm::OpcodeSet wanted() const override;
    [[nodiscard]] bool wants_cost() const override { return false; }
    void on_enter(const vm::Message& message) override { accounts_.insert(message.code_address); }
    void on_instruction(const vm::TracePoint& point) override;

  private:
    using Slot = std::pair<vm::Address, vm::Word>;
    struct Attempt {
        Call call;
        bool works = false;
        std::vector<std::pair<Slot, vm::Word>> slots;
        std::vector<std::pair<vm::Address, vm::Hash>> codes;
        std::vector<std::pair<vm::Address, vm::Word>> balances;  // wei
    };
    using Kind = std::tuple<std::uint32_t, DeployedIndex, std::uint32_t>;  // caller, contract, function
    [[nodiscard]] bool holds(const Attempt& attempt);

    chain::State& state_;
    std::map<Kind, std::vector<Attempt>> made_;
    // What the attempt under way looked at.
    std::set<Slot> slots_;
    std::set<vm::Address> accounts_, rich_;  // rich: of which the balance counts
};

}  // namespace interlock::analyzer
