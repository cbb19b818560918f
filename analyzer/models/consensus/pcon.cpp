#include "analyzer/models/consensus/pcon.hpp"

namespace interlock::analyzer::models::consensus {

int PConView::max_ballot(int acceptor) const {
    for (int b = is_.ballots - 1; b >= 0; --b)
        if (now_.promises[acceptor][b] != 0 || now_.votes[acceptor][b] >= 0) return b;
    return -1;
}

int PConView::latest_vote(int acceptor, int below) const {
    for (int b = below - 1; b >= 0; --b)
        if (now_.votes[acceptor][b] >= 0) return b;
    return -1;
}

bool PConView::is_shown_safe(int ballot, int value) const {
    for (int c = -1; c < is_.ballots; ++c) {
        if (c >= 0 && (now_.offers[c] >> value & 1) == 0) continue;
        int count = 0;
        for (int a = 0; a < is_.acceptors; ++a) {
            if (now_.promises[a][ballot] == 0) continue;
            const int latest = latest_vote(a, ballot);
            count += latest < c || (latest == c && (c < 0 || now_.votes[a][c] == value));
        }
        if (count >= is_.showing()) return true;
    }
    return false;
}

bool PConView::is_classic_request(int ballot, int value) const {
    for (int c = -1; c < ballot; ++c) {
        int count = 0;
        bool has_vote = c < 0;
        for (int a = 0; a < is_.acceptors; ++a) {
            if (now_.promises[a][ballot] == 0) continue;
            const int latest = latest_vote(a, ballot);
            const bool votes_so = latest == c && (c < 0 || now_.votes[a][c] == value);
            has_vote |= votes_so;
            count += latest < c || votes_so;
        }
        if (has_vote && count >= is_.showing()) return true;
    }
    return false;
}

std::uint32_t PConView::chosen() const {
    std::uint32_t all = 0;
    for (int b = 0; b < is_.ballots; ++b) {
        std::array<int, most_values> count{};
        for (int a = 0; a < is_.acceptors; ++a)
            if (now_.votes[a][b] >= 0 && ++count[now_.votes[a][b]] >= is_.choosing()) all |= 1u << now_.votes[a][b];
    }
    return all;
}

VoteState PConView::voting() const {
    VoteState state;
    state.votes = now_.votes;
    for (int a = 0; a < is_.acceptors; ++a) state.max_ballot[a] = static_cast<std::int8_t>(max_ballot(a));
    return state;
}

bool PConView::allows_offers(const PConState& next) const {
    PConState moved = next;  // after the other half of the step
    moved.offers = now_.offers;
    const PConView view(is_, moved);
    for (int b = 0; b < is_.ballots; ++b)
        for (int v = 0; v < is_.values; ++v) {
            const bool was = (now_.offers[b] >> v & 1) != 0, is = (next.offers[b] >> v & 1) != 0;
            if (was != is && (was || !view.is_shown_safe(b, v))) return false;
        }
    return true;
}

bool PConView::allows(const PConState& next) const {
    int steps = 0;
    for (int b = 0; b < is_.ballots; ++b) {
        steps += next.begun[b] != now_.begun[b];
        if (next.begun[b] < now_.begun[b]) return false;
        if (next.requests[b] != now_.requests[b]) {
            if (++steps > 1 || now_.requests[b] >= 0 || (now_.offers[b] >> next.requests[b] & 1) == 0) return false;
        }
        for (int a = 0; a < is_.acceptors; ++a) {
            if (next.promises[a][b] != now_.promises[a][b]) {
                if (++steps > 1 || now_.promises[a][b] != 0 || now_.begun[b] == 0 || max_ballot(a) >= b) return false;
            }
            if (next.votes[a][b] == now_.votes[a][b]) continue;
            if (++steps > 1 || now_.votes[a][b] >= 0 || max_ballot(a) > b || next.votes[a][b] != now_.requests[b])
                return false;
        }
    }
    return steps <= 1 && allows_offers(next);
}

bool PConView::allows_as_classic(const PConState& next) const {
    for (int b = 0; b < is_.ballots; ++b)
        if (next.requests[b] != now_.requests[b] && !is_classic_request(b, next.requests[b])) return false;
    return true;
}

void PCon::step(const Move& move) {
    const VoteState before = PConView(is_.sizes, now_).voting();
    switch (move.act) {
        case Begin: now_.begun[move.ballot] = 1; break;
        case Promise: now_.promises[move.who][move.ballot] = 1; break;
        case Offer: now_.offers[move.ballot] = static_cast<std::uint8_t>(now_.offers[move.ballot] | 1u << move.value); break;
        case Request: now_.requests[move.ballot] = move.value; break;
        default: now_.votes[move.who][move.ballot] = move.value; break;
    }
    if (move.act != Promise && move.act != Vote) return;  // the others change nothing in Voting
    if (!VoteView(is_.sizes, before).allows(PConView(is_.sizes, now_).voting(), true)) now_.is_wrong_step = 1;
}

std::uint64_t PCon::fingerprint() const {
    if (!is_.is_symmetric) return hash_of(now_);
    return nameless_hash(is_.sizes, [this](const auto& acceptors, const auto& values) {
        const auto named = [&values](std::int8_t value) { return value < 0 ? value : values[value]; };
        PConState other;
        other.is_wrong_step = now_.is_wrong_step;
        other.begun = now_.begun;
        for (int b = 0; b < is_.sizes.ballots; ++b) {
            other.requests[b] = named(now_.requests[b]);
            for (int v = 0; v < is_.sizes.values; ++v)
                if ((now_.offers[b] >> v & 1) != 0)
                    other.offers[b] = static_cast<std::uint8_t>(other.offers[b] | 1u << values[v]);
            for (int a = 0; a < is_.sizes.acceptors; ++a) {
                other.promises[acceptors[a]][b] = now_.promises[a][b];
                other.votes[acceptors[a]][b] = named(now_.votes[a][b]);
            }
        }
        return other;
    });
}

std::uint32_t PCon::broken() const {
    const PConView view(is_.sizes, now_);
    const VoteState votes = view.voting();
    const VoteView voting(is_.sizes, votes);
    bool are_safe = true, are_offered = true;
    for (int b = 0; b < is_.sizes.ballots; ++b) {
        for (int v = 0; v < is_.sizes.values; ++v)
            if ((now_.offers[b] >> v & 1) != 0) are_safe &= voting.is_safe(b, v);
        if (now_.requests[b] >= 0) are_offered &= (now_.offers[b] >> now_.requests[b] & 1) != 0;
    }
    return (are_safe ? 0u : 1u) | (are_offered ? 0u : 2u) | (std::popcount(view.chosen()) <= 1 ? 0u : 4u) |
           (view.chosen() == voting.chosen() ? 0u : 8u) | (now_.is_wrong_step == 0 ? 0u : 16u);
}

std::string PCon::describe(const Move& move) const {
    const std::string ballot = std::to_string(move.ballot), who = "a" + std::to_string(move.who + 1);
    switch (move.act) {
        case Begin: return "1a: leader of " + ballot + " prepares";
        case Promise: return "1b: " + who + " promises " + ballot;
        case Offer: return "1c: leader of " + ballot + " says that " + value_name(move.value) + " is safe";
        case Request: return "2a: leader of " + ballot + " asks for " + value_name(move.value);
        default: return "2b: " + who + " votes " + ballot + ":" + value_name(move.value);
    }
}

std::vector<engine::Variable> PCon::variables() const {
    const PConView view(is_.sizes, now_);
    std::vector<engine::Variable> all;
    for (int a = 0; a < is_.sizes.acceptors; ++a) {
        std::string text = "ballot " + std::to_string(view.max_ballot(a));
        for (int b = 0; b < is_.sizes.ballots; ++b)
            if (now_.votes[a][b] >= 0) text += ", " + std::to_string(b) + ":" + value_name(now_.votes[a][b]);
        all.push_back({"a" + std::to_string(a + 1), text});
    }
    return all;
}

}  // namespace interlock::analyzer::models::consensus
