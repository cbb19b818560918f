// Replies: what the attacker may return when she is called.
#pragma once

#include <map>
#include <utility>

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/observations.hpp"

namespace interlock::analyzer {

class Replies {
  public:
    Replies(const World& world, const Observations& observations) : world_(world), observations_(observations) {}

    // Returns values of the types that her caller declares, or her selector. With the level (candidates.hpp) grows their
    // number. The list is valid until the next question.
    [[nodiscard]] const std::vector<vm::Bytes>& to(const Activation& activation, std::uint32_t level);

  private:
    [[nodiscard]] std::vector<vm::Bytes> values_for(std::uint32_t selector, bool are_many) const;

    [[nodiscard]] std::vector<lang::abi::Data> elements_of(const lang::abi::DataType& list, const Word& number) const;

    struct Known {
        std::vector<vm::Bytes> list;
        std::size_t answers = 0;  // so many had been observed
    };
    std::map<std::pair<std::uint32_t, bool>, Known> known_;
    const World& world_;
    const Observations& observations_;
};

}  // namespace interlock::analyzer
