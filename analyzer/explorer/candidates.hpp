// Candidate calls: which functions with which arguments are worth trying in a state.
//
// Arguments come from types, from constants in the code and from storage. Level 0 tries one unit of money, one honest
// and one attacking address, and small numbers; level 1 adds amounts that the contracts themselves mention or hold. A
// search over candidates is complete only for the candidates: it can find an attack but never rule one out.
#pragma once

#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

enum class Caller : std::uint8_t { Honest, Attacker };

class Candidates {
  public:
    static constexpr std::size_t max_calls_per_function = 64;

    explicit Candidates(World& world);

    // Returns calls of every state-changing entry function of every contract, in a fixed order. View functions are left
    // out, because a top-level call of one changes nothing. Honest users never send anything to the attacker.
    [[nodiscard]] std::vector<Call> calls(Caller caller, std::uint32_t level);

  private:
    [[nodiscard]] std::vector<lang::abi::Value> values_of(const lang::ir::Type& type, Caller caller,
                                                          std::uint32_t level) const;
    [[nodiscard]] std::vector<Word> amounts(std::uint32_t level, const lang::ir::Type& type) const;

    World& world_;
    std::vector<Word> constants_;  // numbers in the code that may be amounts, ascending
    std::vector<Word> stored_;     // numbers in storage that may be amounts, ascending; updated by `calls`
};

}  // namespace interlock::analyzer
