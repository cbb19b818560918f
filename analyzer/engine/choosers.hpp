// Two choosers that run a program many times: one tries every run, one looks for a shorter run with the same outcome.
//
//     ExhaustiveChooser every;                             ShrinkingChooser shrinking(trace_of_a_failure);
//     do run(every); while (every.next());                 while (shrinking.next()) shrinking.judge(fails(run(shrinking)));
//                                                          report(shrinking.best());
//
// The program must be determined by the answers: asked the same questions, it gives the same answers again.
#pragma once

#include "chain/chooser.hpp"

namespace interlock::analyzer::engine {

// Enumerates the runs of a program in lexicographic order of their traces. Each run must end.
class ExhaustiveChooser final : public chain::Chooser {
  public:
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;

    // Goes on to the next run; returns false if that was the last.
    [[nodiscard]] bool next();
    [[nodiscard]] chain::Trace trace() const;  // of the run so far

  private:
    struct Question {
        std::uint32_t answer, alternatives;
    };
    std::vector<Question> questions_;
    std::size_t at_ = 0;
};

// Proposes runs smaller than the best known: some answers left out, or one of them lowered. Of two traces the shorter is
// the smaller; of two of the same length the one that comes first in lexicographic order. Zeros at the end do not count,
// since zero is the answer beyond the end. (The idea: Zeller and Hildebrandt's delta debugging, 2002, on choices, as
// MacIver's Hypothesis does.)
class ShrinkingChooser final : public chain::Chooser {
  public:
    explicit ShrinkingChooser(chain::Trace trace);
    [[nodiscard]] std::uint32_t choose(std::string_view what, std::uint32_t n) override;

    // Prepares the next run; returns false if no smaller one is left to try.
    [[nodiscard]] bool next();
    // Says whether the run that was proposed has the outcome that is looked for.
    void judge(bool has_outcome);
    [[nodiscard]] const chain::Trace& best() const { return best_; }

  private:
    [[nodiscard]] std::size_t largest_block() const { return best_.size() / 2 + best_.size() % 2; }

    chain::Trace best_, proposed_, given_;
    std::size_t block_;            // how many answers are left out; zero: one is lowered instead
    std::size_t at_ = 0;           // where in the best trace
    std::uint32_t lowerings_ = 0;  // of the answer there that were tried
    bool has_improved_ = false;    // in this round
};

}  // namespace interlock::analyzer::engine
