// Questions that a simulation cannot answer by itself.
//
// Which function a test calls next, with which arguments, from whom: whoever draws such things asks a Chooser, and one
// seed gives one run. The tests of contracts ask one (analyzer/devnet/run_tests.hpp). The explorer does not yet: it walks
// through its choices itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace interlock::chain {

class Chooser {
  public:
    virtual ~Chooser() = default;
    // One of `n` alternatives (n >= 1), as an index below n. `what` names the question in traces: "transaction", "stranger".
    [[nodiscard]] virtual std::uint32_t choose(std::string_view what, std::uint32_t n) = 0;
};

// Every answer drawn from a seed: the same seed, the same run, on every machine (SplitMix64; Steele et al., 2014).
class SeededChooser final : public Chooser {
  public:
    explicit SeededChooser(std::uint64_t seed) : state_(seed) {}
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;

  private:
    std::uint64_t state_;
};

}  // namespace interlock::chain
