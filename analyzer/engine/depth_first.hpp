// The search in depth order: one model, one path, and the way back by `undo`.
#pragma once

#include <span>

#include "analyzer/engine/fingerprint_table.hpp"
#include "analyzer/engine/report.hpp"
#include "analyzer/engine/sleep_sets.hpp"

namespace interlock::analyzer::engine {

template <Model M>
class DepthFirst {
  public:
    using Choice = typename M::Choice;

    DepthFirst(const M& start, const Options& options) : start_(start), model_(start), options_(options) {}

    Report run() {
        if constexpr (Reducible<M>) {
            if (options_.is_reduced) follow<true>();
            else follow<false>();
        } else {
            follow<false>();
        }
        report_.table_bytes = table_.bytes();
        report_.other_bytes = sleep_sets_.bytes();
        return std::move(report_);
    }

  private:
    // A state on the path. Its choices stand in `choices_`, those of its successor behind them.
    struct Open {
        Choice by;  // how it was reached
        typename M::Undo undo;
        std::size_t first, next, end;  // in `choices_`
        // With reduction only:
        Plan plan;
        bool may_sleep;  // footprints are known
    };

    template <bool is_reduced>
    void follow() {
        if (!arrive<is_reduced>()) return;
        open<is_reduced>({}, {});
        while (true) {
            Open& here = open_.back();
            if (here.next == here.end) {
                if (open_.size() == 1 || report_.end != End::Complete) return;
                choices_.resize(here.first);
                if constexpr (is_reduced) footprints_.resize(here.first);
                model_.undo(here.by, here.undo);
                open_.pop_back();
                continue;
            }
            const std::size_t position = here.next++ - here.first;
            const Choice choice = choices_[here.first + position];
            if constexpr (is_reduced) {
                if (!here.plan.has(position)) {
                    left_out_ += here.plan.is_first;
                    continue;
                }
                left_out_ -= !here.plan.is_first;
                sleeping_.clear();
                if (here.may_sleep)
                    sleepers_behind<Choice>(position, std::span(choices_).subspan(here.first),
                                            std::span(footprints_).subspan(here.first), here.plan.asleep, sleeping_);
                here.plan.asleep = with(here.plan.asleep, position);
            }
            if (is_stopped()) return;
            ++report_.taken;
            typename M::Undo undo = model_.apply(choice);
            if (arrive<is_reduced>()) open<is_reduced>(choice, std::move(undo));
            else model_.undo(choice, undo);
        }
    }

    // Returns whether there is something to do in the model's state.
    template <bool is_reduced>
    bool arrive() {
        const std::uint64_t fingerprint = model_.fingerprint();
        if (table_.insert(fingerprint)) {
            if (report_.states == options_.most_states) {
                report_.end = End::States;
                return false;
            }
            ++report_.states;
            if constexpr (is_reduced) plan_ = sleep_sets_.first(fingerprint, mask_of(model_, sleeping_));
            return true;
        }
        if constexpr (is_reduced) {
            if (!sleep_sets_.has_sleepers(fingerprint)) return false;
            plan_ = sleep_sets_.again(fingerprint, mask_of(model_, sleeping_));
            return plan_.todo != 0;
        }
        return false;
    }

    template <bool is_reduced>
    void open(const Choice& by, typename M::Undo undo) {
        const std::size_t first = choices_.size();
        model_.choices([this](const Choice& choice) { choices_.push_back(choice); });
        open_.push_back({by, std::move(undo), first, first, choices_.size(), {}, false});
        if (open_.size() > report_.depth) report_.depth = static_cast<std::uint32_t>(open_.size());
        if constexpr (is_reduced) {
            open_.back().plan = plan_;
            open_.back().may_sleep = is_worth_it(left_out_, report_.taken);
            footprints_.resize(first);
            if (open_.back().may_sleep)
                for (std::size_t i = first; i < choices_.size(); ++i) footprints_.push_back(model_.footprint(choices_[i]));
            else footprints_.resize(choices_.size());
        }
        if (!is_reduced || plan_.is_first) {
            report_.generated += choices_.size() - first + (open_.size() == 1);
            if (const std::uint32_t broken = model_.broken() & ~broken_) note(broken);
        }
    }

    void note(std::uint32_t broken) {
        broken_ |= broken;
        std::vector<Choice> path;
        for (std::size_t i = 1; i < open_.size(); ++i) path.push_back(open_[i].by);
        for (std::size_t property = 0; property < 32; ++property)
            if (broken >> property & 1) report_.broken.push_back({property, trace_of(start_, path)});
    }

    bool is_stopped() {
        constexpr std::uint64_t steps_between_looks = 4096;
        if (report_.taken % steps_between_looks != 0 || !options_.deadline.has_passed()) return false;
        report_.end = options_.deadline.is_interrupted() ? End::Interruption : End::Time;
        return true;
    }

    const M& start_;
    M model_;
    const Options& options_;
    FingerprintTable table_;
    SleepSets sleep_sets_;
    Plan plan_;  // of the state that was arrived at last
    std::vector<Open> open_;
    std::vector<Choice> choices_, sleeping_;
    std::vector<Footprint> footprints_;  // of `choices_`; kept only with reduction
    std::uint64_t left_out_ = 0;
    std::uint32_t broken_ = 0;
    Report report_;
};

}  // namespace interlock::analyzer::engine
