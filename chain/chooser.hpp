// A Chooser answers the questions that a simulation cannot answer by itself.
//
// Which function does a test call next, with which arguments, and who calls it? Code that has to draw such an answer
// asks a Chooser, so one seed always gives the same run. The tests of contracts use it (analyzer/devnet/run_tests.hpp).
// Who tries every answer, or looks for a shorter run with the same outcome, is in analyzer/engine/choosers.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace interlock::chain {

class Chooser {
  public:
    virtual ~Chooser() = default;
    // Returns one of `n` alternatives (n >= 1) as an index below n. `what` names the question in traces: "transaction",
    // "stranger".
    [[nodiscard]] virtual std::uint32_t choose(std::string_view what, std::uint32_t n) = 0;
};

// A run as the list of its answers. Whoever gives them again repeats the run.
using Trace = std::vector<std::uint32_t>;

// Draws every answer from a seed. The same seed gives the same run on every machine (SplitMix64; Steele et al., 2014).
class SeededChooser final : public Chooser {
  public:
    explicit SeededChooser(std::uint64_t seed) : state_(seed) {}
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;

  private:
    std::uint64_t state_;
};

// Gives the answers of a trace again. Where the trace has none (it is at its end, or there are not that many
// alternatives), the answer is 0.
class ScriptedChooser final : public Chooser {
  public:
    explicit ScriptedChooser(Trace trace) : trace_(std::move(trace)) {}
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;

    // Tells whether the run was that of the trace: each answer was there, and none is left.
    [[nodiscard]] bool was_followed() const { return !has_strayed_ && at_ == trace_.size(); }

  private:
    Trace trace_;
    std::size_t at_ = 0;
    bool has_strayed_ = false;
};

// Passes the questions on and writes the answers down.
class RecordingChooser final : public Chooser {
  public:
    explicit RecordingChooser(Chooser& chooser) : chooser_(chooser) {}
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;
    [[nodiscard]] const Trace& trace() const { return trace_; }

  private:
    Chooser& chooser_;
    Trace trace_;
};

}  // namespace interlock::chain
