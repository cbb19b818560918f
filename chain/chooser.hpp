// The one door through which all nondeterminism goes.
//
// Which transaction comes next, what a stranger does when it is called, which message a network delivers: whatever a
// simulation cannot know is a question to a Chooser. The seeded one draws its answers. A search that can go back
// (analyzer/explorer.hpp) asks the same questions, but tries every answer in turn and undoes what came of it; a replay
// (analyzer/trace.hpp) has them written down.
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
