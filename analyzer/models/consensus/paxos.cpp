#include "analyzer/models/consensus/paxos.hpp"

namespace interlock::analyzer::models::consensus {

bool Paxos::may_request(int ballot, int value) const {
    if (now_.requests[ballot] >= 0) return false;
    for (unsigned quorum = 0; quorum < 1u << is_.sizes.acceptors; ++quorum) {
        if (std::popcount(quorum) != is_.sizes.showing()) continue;
        bool is_there = true, has_value = false;
        int latest = -1;
        for (int a = 0; a < is_.sizes.acceptors; ++a) {
            if ((quorum >> a & 1) == 0) continue;
            const PaxosState::Promise& promise = now_.promises[a][ballot];
            is_there &= promise.is_sent != 0;
            if (promise.ballot > latest) has_value = false;
            if (promise.ballot >= latest && promise.ballot >= 0) has_value |= promise.value == value;
            latest = std::max<int>(latest, promise.ballot);
        }
        if (is_there && (latest < 0 || has_value || is_.forgets)) return true;
    }
    return false;
}

void Paxos::step(const Move& move) {
    const VoteState before = now_.voting;
    switch (move.act) {
        case Prepare: now_.is_begun[move.ballot] = 1; break;
        case Promise: {
            PaxosState::Promise& promise = now_.promises[move.who][move.ballot];
            promise.is_sent = 1;
            for (std::int8_t b = 0; b < is_.sizes.ballots; ++b)
                if (before.votes[move.who][b] >= 0) promise.ballot = b, promise.value = before.votes[move.who][b];
            now_.voting.max_ballot[move.who] = move.ballot;
            break;
        }
        case Request: now_.requests[move.ballot] = move.value; break;
        case Vote:
            now_.voting.max_ballot[move.who] = move.ballot;
            now_.voting.votes[move.who][move.ballot] = move.value;
            break;
        default: break;
    }
    if (!VoteView(is_.sizes, before).allows(now_.voting)) now_.voting.is_wrong_step = 1;
}

std::uint64_t Paxos::fingerprint() const {
    if (!is_.is_symmetric) return hash_of(now_);
    return nameless_hash(is_.sizes, [this](const auto& acceptors, const auto& values) {
        const auto named = [&values](std::int8_t value) { return value < 0 ? value : values[value]; };
        PaxosState other;
        other.voting.is_wrong_step = now_.voting.is_wrong_step;
        other.is_begun = now_.is_begun;
        for (int b = 0; b < is_.sizes.ballots; ++b) other.requests[b] = named(now_.requests[b]);
        for (int a = 0; a < is_.sizes.acceptors; ++a) {
            other.voting.max_ballot[acceptors[a]] = now_.voting.max_ballot[a];
            for (int b = 0; b < is_.sizes.ballots; ++b) {
                other.voting.votes[acceptors[a]][b] = named(now_.voting.votes[a][b]);
                other.promises[acceptors[a]][b] = now_.promises[a][b];
                other.promises[acceptors[a]][b].value = named(now_.promises[a][b].value);
            }
        }
        return other;
    });
}

std::uint32_t Paxos::broken() const {
    const VoteView view(is_.sizes, now_.voting);
    return (view.are_votes_safe() ? 0u : 1u) | (view.is_one_value_per_ballot() ? 0u : 2u) |
           (std::popcount(view.chosen()) <= 1 ? 0u : 4u) | (now_.voting.is_wrong_step == 0 ? 0u : 8u);
}

std::string Paxos::describe(const Move& move) const {
    const std::string ballot = std::to_string(move.ballot), who = "a" + std::to_string(move.who + 1);
    switch (move.act) {
        case Prepare: return "1a: leader of " + ballot + " prepares";
        case Promise: return "1b: " + who + " promises " + ballot;
        case Request: return "2a: leader of " + ballot + " asks for " + value_name(move.value);
        default: return "2b: " + who + " votes " + ballot + ":" + value_name(move.value);
    }
}

std::vector<engine::Variable> Paxos::variables() const {
    std::vector<engine::Variable> all;
    for (int a = 0; a < is_.sizes.acceptors; ++a) {
        std::string text = "ballot " + std::to_string(now_.voting.max_ballot[a]);
        for (int b = 0; b < is_.sizes.ballots; ++b)
            if (now_.voting.votes[a][b] >= 0) text += ", " + std::to_string(b) + ":" + value_name(now_.voting.votes[a][b]);
        all.push_back({"a" + std::to_string(a + 1), text});
    }
    return all;
}

}  // namespace interlock::analyzer::models::consensus
