// Transaction commit: resource managers all commit or all abort (TCommit); and two-phase commit, whose manager decides
// when all are prepared, which refines it.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_managers = 8;

enum class Phase : std::uint8_t { Working, Prepared, Committed, Aborted };
using Phases = std::array<Phase, most_managers>;

// One resource manager changes its phase as TCommit allows, or none does.
[[nodiscard]] bool is_commit_step(const Phases& before, const Phases& after, int managers);
[[nodiscard]] bool is_consistent(const Phases& phases, int managers);
[[nodiscard]] std::string text_of(const Phases& phases, int managers);

class TCommit : public Spec<TCommit, Phases> {
  public:
    static constexpr engine::Property properties[] = {{"Consistent", "no manager has committed where one has aborted"}};
    explicit TCommit(int managers) : managers_(managers) {}

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t who = 0; who < managers_; ++who)
            for (const Phase to : {Phase::Prepared, Phase::Committed, Phase::Aborted}) {
                Phases next = now_;
                next[who] = to;
                if (next != now_ && is_commit_step(now_, next, managers_))
                    visit(Move{static_cast<std::int8_t>(to), who, 0, 0});
            }
    }
    void step(const Move& move) { now_[move.who] = static_cast<Phase>(move.act); }
    [[nodiscard]] std::uint32_t broken() const { return is_consistent(now_, managers_) ? 0 : 1; }
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const { return {{"managers", text_of(now_, managers_)}}; }

  private:
    int managers_;
};

struct TwoPhaseState {
    Phases phases{};
    Phase decision = Phase::Working;                      // of the transaction manager, who tells it to all
    std::uint8_t told = 0, heard = 0, is_wrong_step = 0;  // masks: who said "prepared", and of whom the manager knows
    std::uint8_t is_down = 0;                             // the transaction manager
};

class TwoPhase : public Spec<TwoPhase, TwoPhaseState> {
  public:
    struct Parameters {
        int managers = 3;
        bool is_hasty = false;   // a fault to be found: the manager commits when all but one are prepared
        bool may_crash = false;  // the transaction manager, and for good
    };
    static constexpr engine::Property properties[] = {
        {"Consistent", "no manager has committed where one has aborted"},
        {"RefinesTCommit", "every step is one of TCommit, or changes no manager"},
        {"Unblocked", "nobody who is prepared waits for a transaction manager that is down"},
    };
    enum Act : std::int8_t { Hear, Commit, Abort, Prepare, GiveUp, FollowCommit, FollowAbort, Crash };
    explicit TwoPhase(const Parameters& parameters) : is_(parameters) {}

    template <class Visit>
    void choices(Visit&& visit) const {
        const bool is_up = now_.is_down == 0, is_open = is_up && now_.decision == Phase::Working;
        if (is_.may_crash && is_up) visit(Move{Crash, 0, 0, 0});
        if (is_open && std::popcount(now_.heard) >= is_.managers - (is_.is_hasty ? 1 : 0)) visit(Move{Commit, 0, 0, 0});
        if (is_open) visit(Move{Abort, 0, 0, 0});
        for (std::int8_t who = 0; who < is_.managers; ++who) {
            const unsigned bit = 1u << who;
            if (is_open && (now_.told & bit) != 0 && (now_.heard & bit) == 0) visit(Move{Hear, who, 0, 0});
            if (now_.phases[who] == Phase::Working) visit(Move{Prepare, who, 0, 0}), visit(Move{GiveUp, who, 0, 0});
            if (!is_up) continue;
            if (now_.decision == Phase::Committed && now_.phases[who] != Phase::Committed)
                visit(Move{FollowCommit, who, 0, 0});
            if (now_.decision == Phase::Aborted && now_.phases[who] != Phase::Aborted) visit(Move{FollowAbort, who, 0, 0});
        }
    }
    void step(const Move& move);
    [[nodiscard]] std::uint32_t broken() const {
        const bool waits = std::ranges::count(now_.phases, Phase::Prepared) > 0;
        return (is_consistent(now_.phases, is_.managers) ? 0u : 1u) | (now_.is_wrong_step == 0 ? 0u : 2u) |
               (now_.is_down != 0 && waits ? 4u : 0u);
    }
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
