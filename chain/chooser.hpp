// The one door through which all nondeterminism goes.
//
// Which transaction comes next, what a stranger does when it is called, which message a network delivers: whatever the
// program cannot know is a question to a Chooser. Four of them answer: seeded (simulation), exhaustive (model checking),
// scripted (replay) and shrinking (minimising a trace). The last three live in the analyzer.
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
