#include "analyzer/models/consensus/fast_paxos.hpp"

namespace interlock::analyzer::models::consensus {

int FastPaxos::votes_for(int ballot, int value) const {
    int count = 0;
    for (int a = 0; a < is_.acceptors; ++a) count += now_.votes[a][ballot] == value;
    return count;
}

// The quorum's votes are for several values, and this one is that of its majority, or one of them if there is none.
bool FastPaxos::is_collision(int ballot, int value, unsigned quorum) const {
    std::array<int, most_values> counts{};
    for (int a = 0; a < is_.acceptors; ++a) {
        if ((quorum >> a & 1) == 0) continue;
        if (now_.votes[a][ballot] < 0) return false;
        ++counts[now_.votes[a][ballot]];
    }
    const int half = std::popcount(quorum) / 2;
    if (std::ranges::count_if(counts, [](int count) { return count > 0; }) < 2) return false;
    return *std::ranges::max_element(counts) > half ? counts[value] > half : counts[value] > 0;
}

bool FastPaxos::may_request(int ballot, int value) const {
    if (now_.requests[ballot] >= 0 || (now_.coordinator >= 0 && now_.coordinator != value)) return false;
    for (int fast = 0; fast < ballot; ++fast)
        for (unsigned quorum = 0; quorum < 1u << is_.acceptors; ++quorum)
            if ((is_.fast >> fast & 1) != 0 && std::popcount(quorum) == is_.fast_quorum && is_collision(fast, value, quorum))
                return true;
    return false;
}

void FastPaxos::step(const Move& move) {
    switch (move.act) {
        case Open: now_.is_open[move.ballot] = 1; break;
        case Request: now_.requests[move.ballot] = now_.coordinator = move.value; break;
        case Propose:
        case Accept:
            now_.votes[move.who][move.ballot] = now_.latest[move.who] = move.value;
            now_.max_ballot[move.who] = move.ballot;
            break;
        default:
            if (now_.decision >= 0) now_.is_revoked = 1;
            now_.decision = move.value;
            break;
    }
}

// Acceptors say nothing of one another: to sort them is to drop their names.
std::uint64_t FastPaxos::fingerprint() const {
    if (!is_.is_symmetric) return hash_of(now_);
    std::uint64_t least = ~std::uint64_t{0};
    std::array<std::int8_t, most_values> values{0, 1, 2};
    const auto named = [&values](std::int8_t value) { return value < 0 ? value : values[value]; };
    do {
        FastPaxosState other = now_;
        other.decision = named(now_.decision);
        other.coordinator = named(now_.coordinator);
        for (int b = 0; b < is_.ballots; ++b) other.requests[b] = named(now_.requests[b]);
        using Row = std::array<std::int8_t, most_ballots + 2>;
        std::array<Row, most_acceptors> rows{};
        for (int a = 0; a < is_.acceptors; ++a) {
            for (int b = 0; b < is_.ballots; ++b) rows[a][b] = named(now_.votes[a][b]);
            rows[a][most_ballots] = now_.max_ballot[a];
            rows[a][most_ballots + 1] = named(now_.latest[a]);
        }
        std::sort(rows.begin(), rows.begin() + is_.acceptors);
        for (int a = 0; a < is_.acceptors; ++a) {
            std::copy_n(rows[a].begin(), is_.ballots, other.votes[a].begin());
            other.max_ballot[a] = rows[a][most_ballots];
            other.latest[a] = rows[a][most_ballots + 1];
        }
        least = std::min(least, hash_of(other));
    } while (std::next_permutation(values.begin(), values.begin() + is_.values));
    return engine::mixed(least);  // the least of several is not spread evenly
}

std::uint32_t FastPaxos::broken() const {
    bool is_proposed = now_.decision < 0;
    for (int b = 0; b < is_.ballots; ++b)
        if ((is_.fast >> b & 1) != 0) is_proposed |= votes_for(b, now_.decision) > 0;
    return (now_.is_revoked == 0 ? 0u : 1u) | (is_proposed ? 0u : 2u);
}

std::string FastPaxos::describe(const Move& move) const {
    const std::string who = "a" + std::to_string(move.who + 1), ballot = std::to_string(move.ballot);
    const std::string what = ballot + ":" + value_name(move.value);
    switch (move.act) {
        case Open: return "coordinator lets all propose in " + ballot;
        case Propose: return who + " proposes " + what;
        case Request: return "coordinator asks for " + what;
        case Accept: return who + " accepts " + what;
        default: return "decided: " + what;
    }
}

std::vector<engine::Variable> FastPaxos::variables() const {
    std::vector<engine::Variable> all{{"decision", value_name(now_.decision)}};
    for (int a = 0; a < is_.acceptors; ++a) {
        std::string text;
        for (int b = 0; b < is_.ballots; ++b)
            if (now_.votes[a][b] >= 0)
                text += (text.empty() ? "" : ", ") + std::to_string(b) + ":" + value_name(now_.votes[a][b]);
        all.push_back({"a" + std::to_string(a + 1), text});
    }
    return all;
}

}  // namespace interlock::analyzer::models::consensus
