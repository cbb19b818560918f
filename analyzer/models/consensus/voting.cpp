#include "analyzer/models/consensus/voting.hpp"

namespace interlock::analyzer::models::consensus {

std::uint32_t VoteView::chosen() const {
    std::uint32_t all = 0;
    for (int b = 0; b < is_.ballots; ++b)
        for (int v = 0; v < is_.values; ++v) {
            int count = 0;
            for (int a = 0; a < is_.acceptors; ++a) count += now_.votes[a][b] == v;
            if (count >= is_.choosing()) all |= 1u << v;
        }
    return all;
}

bool VoteView::is_safe(int ballot, int value) const {
    for (int c = 0; c < ballot; ++c) {
        int count = 0;  // of those who voted for it, or will never vote
        for (int a = 0; a < is_.acceptors; ++a)
            count += now_.votes[a][c] == value || (now_.votes[a][c] < 0 && now_.max_ballot[a] > c);
        if (count < is_.showing()) return false;
    }
    return true;
}

bool VoteView::is_shown_safe(int ballot, int value) const {
    for (unsigned quorum = 0; quorum < 1u << is_.acceptors; ++quorum) {
        if (std::popcount(quorum) != is_.showing()) continue;
        bool is_there = true, has_value = false;
        int latest = -1;
        for (int a = 0; a < is_.acceptors; ++a) {
            if ((quorum >> a & 1) == 0) continue;
            is_there &= now_.max_ballot[a] >= ballot;
            for (int c = ballot - 1; c >= latest && c >= 0; --c) {
                if (now_.votes[a][c] < 0) continue;
                has_value = now_.votes[a][c] == value || (c == latest && has_value);
                latest = c;
                break;
            }
        }
        if (is_there && (latest < 0 || has_value)) return true;
    }
    return false;
}

bool VoteView::is_shown_safe_together(int ballot, int value) const {
    if (ballot == 0) return true;
    for (unsigned quorum = 0; quorum < 1u << is_.acceptors; ++quorum) {
        if (std::popcount(quorum) != is_.showing()) continue;
        bool is_there = true;
        for (int a = 0; a < is_.acceptors; ++a)
            if ((quorum >> a & 1) != 0) is_there &= now_.max_ballot[a] >= ballot;
        for (int c = ballot - 1; is_there && c >= -1; --c) {
            if (c < 0) return true;
            bool is_silent = true, is_alike = true;
            for (int a = 0; a < is_.acceptors; ++a) {
                if ((quorum >> a & 1) == 0 || now_.votes[a][c] < 0) continue;
                is_silent = false;
                is_alike &= now_.votes[a][c] == value;
            }
            if (is_alike && is_shown_safe_together(c, value)) return true;
            if (!is_silent) break;
        }
    }
    return false;
}

bool VoteView::may_vote(int acceptor, int ballot, int value, bool is_together) const {
    if (now_.max_ballot[acceptor] > ballot || now_.votes[acceptor][ballot] >= 0) return false;
    for (int a = 0; a < is_.acceptors; ++a)
        if (now_.votes[a][ballot] >= 0 && now_.votes[a][ballot] != value) return false;
    return is_together ? is_shown_safe_together(ballot, value) : is_shown_safe(ballot, value);
}

bool VoteView::are_votes_safe() const {
    for (int a = 0; a < is_.acceptors; ++a)
        for (int b = 0; b < is_.ballots; ++b)
            if (now_.votes[a][b] >= 0 && !is_safe(b, now_.votes[a][b])) return false;
    return true;
}

bool VoteView::is_one_value_per_ballot() const {
    for (int b = 0; b < is_.ballots; ++b) {
        int only = -1;
        for (int a = 0; a < is_.acceptors; ++a) {
            const int vote = now_.votes[a][b];
            if (vote >= 0 && only >= 0 && vote != only) return false;
            if (vote >= 0) only = vote;
        }
    }
    return true;
}

bool VoteView::allows(const VoteState& next, bool is_together) const {
    int who = -1;
    for (int a = 0; a < is_.acceptors; ++a) {
        if (now_.votes[a] == next.votes[a] && now_.max_ballot[a] == next.max_ballot[a]) continue;
        if (who >= 0) return false;  // two acceptors at once
        who = a;
    }
    if (who < 0) return true;
    if (now_.votes[who] == next.votes[who]) return next.max_ballot[who] > now_.max_ballot[who];
    const int ballot = next.max_ballot[who];
    if (ballot < 0 || ballot >= is_.ballots) return false;
    auto expected = now_.votes[who];
    expected[ballot] = next.votes[who][ballot];
    return expected == next.votes[who] && expected[ballot] >= 0 && may_vote(who, ballot, expected[ballot], is_together);
}

void Voting::step(const Move& move) {
    const std::uint32_t before = VoteView(is_.sizes, now_).chosen();
    now_.max_ballot[move.who] = move.ballot;
    if (move.act == Vote) now_.votes[move.who][move.ballot] = move.value;
    if (!is_consensus_step(before, VoteView(is_.sizes, now_).chosen())) now_.is_wrong_step = 1;
}

std::uint64_t Voting::fingerprint() const {
    if (!is_.is_symmetric) return hash_of(now_);
    return nameless_hash(is_.sizes, [this](const auto& acceptors, const auto& values) {
        VoteState other;
        other.is_wrong_step = now_.is_wrong_step;
        for (int a = 0; a < is_.sizes.acceptors; ++a) {
            other.max_ballot[acceptors[a]] = now_.max_ballot[a];
            for (int b = 0; b < is_.sizes.ballots; ++b)
                if (now_.votes[a][b] >= 0) other.votes[acceptors[a]][b] = values[now_.votes[a][b]];
        }
        return other;
    });
}

std::uint32_t Voting::broken() const {
    const VoteView view(is_.sizes, now_);
    return (view.are_votes_safe() ? 0u : 1u) | (view.is_one_value_per_ballot() ? 0u : 2u) |
           (std::popcount(view.chosen()) <= 1 ? 0u : 4u) | (now_.is_wrong_step == 0 ? 0u : 8u);
}

std::string Voting::describe(const Move& move) const {
    const std::string head = "a" + std::to_string(move.who + 1) + ": ";
    if (move.act == Increase) return head + "go to ballot " + std::to_string(move.ballot);
    return head + "vote " + std::to_string(move.ballot) + ":" + value_name(move.value);
}

std::vector<engine::Variable> Voting::variables() const {
    std::vector<engine::Variable> all;
    for (int a = 0; a < is_.sizes.acceptors; ++a) {
        std::string text = "ballot " + std::to_string(now_.max_ballot[a]);
        for (int b = 0; b < is_.sizes.ballots; ++b)
            if (now_.votes[a][b] >= 0) text += ", " + std::to_string(b) + ":" + value_name(now_.votes[a][b]);
        all.push_back({"a" + std::to_string(a + 1), text});
    }
    return all;
}

}  // namespace interlock::analyzer::models::consensus
