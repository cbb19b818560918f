#include "analyzer/models/consensus/commit.hpp"

#include <utility>

namespace interlock::analyzer::models::consensus {

namespace {

constexpr const char* names[] = {"working", "prepared", "committed", "aborted"};

}  // namespace

bool is_commit_step(const Phases& before, const Phases& after, int managers) {
    int who = -1, committed = 0, ready = 0;
    for (int i = 0; i < managers; ++i) {
        if (before[i] != after[i] && std::exchange(who, i) >= 0) return false;  // two at once
        committed += before[i] == Phase::Committed;
        ready += before[i] == Phase::Prepared || before[i] == Phase::Committed;
    }
    if (who < 0) return true;
    switch (after[who]) {
        case Phase::Working: return false;
        case Phase::Prepared: return before[who] == Phase::Working;
        case Phase::Committed: return before[who] == Phase::Prepared && ready == managers;
        case Phase::Aborted: return before[who] != Phase::Committed && committed == 0;
    }
    return false;
}

bool is_consistent(const Phases& phases, int managers) {
    bool is_committed = false, is_aborted = false;
    for (int i = 0; i < managers; ++i) {
        is_committed |= phases[i] == Phase::Committed;
        is_aborted |= phases[i] == Phase::Aborted;
    }
    return !(is_committed && is_aborted);
}

std::string text_of(const Phases& phases, int managers) {
    std::string text;
    for (int i = 0; i < managers; ++i) text += (i == 0 ? "" : " ") + std::string(names[static_cast<int>(phases[i])]);
    return text;
}

std::string TCommit::describe(const Move& move) const { return "r" + std::to_string(move.who + 1) + ": " + names[move.act]; }

void TwoPhase::step(const Move& move) {
    const Phases before = now_.phases;
    const auto bit = static_cast<std::uint8_t>(1u << move.who);
    switch (move.act) {
        case Hear: now_.heard |= bit; break;
        case Commit: now_.decision = Phase::Committed; break;
        case Abort: now_.decision = Phase::Aborted; break;
        case Prepare:
            now_.phases[move.who] = Phase::Prepared;
            now_.told |= bit;
            break;
        case GiveUp:
        case FollowAbort: now_.phases[move.who] = Phase::Aborted; break;
        case FollowCommit: now_.phases[move.who] = Phase::Committed; break;
        case Crash: now_.is_down = 1; break;
        default: break;
    }
    if (!is_commit_step(before, now_.phases, is_.managers)) now_.is_wrong_step = 1;
}

std::string TwoPhase::describe(const Move& move) const {
    const std::string who = "r" + std::to_string(move.who + 1);
    switch (move.act) {
        case Hear: return "manager hears that " + who + " is prepared";
        case Commit: return "manager commits";
        case Abort: return "manager aborts";
        case Prepare: return who + " prepares";
        case GiveUp: return who + " aborts by itself";
        case FollowCommit: return who + " is told to commit";
        case Crash: return "manager crashes";
        default: return who + " is told to abort";
    }
}

std::vector<engine::Variable> TwoPhase::variables() const {
    const std::string manager = std::string(names[static_cast<int>(now_.decision)]) + (now_.is_down != 0 ? ", down" : "");
    return {{"manager", manager}, {"managers", text_of(now_.phases, is_.managers)}};
}

}  // namespace interlock::analyzer::models::consensus
