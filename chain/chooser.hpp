// A Chooser answers the questions that a simulation cannot answer by itself.
//
// Which function does a test call next, with which arguments, and who calls it? Code that has to draw such an answer
// asks a Chooser, so one seed always gives the same run. The tests of contracts use it (analyzer/devnet/run_tests.hpp).
// The explorer does not: it enumerates its choices itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace interlock::chain {

class Chooser {
  public:
    virtual ~Chooser() = default;
    // Returns one of `n` alternatives (n >= 1) as an index below n. `what` names the question in traces: "transaction",
    // "stranger".
    [[nodiscard]] virtual std::uint32_t choose(std::string_view what, std::uint32_t n) = 0;
};

// Draws every answer from a seed. The same seed gives the same run on every machine (SplitMix64; Steele et al., 2014).
class SeededChooser final : public Chooser {
  public:
    explicit SeededChooser(std::uint64_t seed) : state_(seed) {}
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;

  private:
    std::uint64_t state_;
};

}  // namespace interlock::chain
