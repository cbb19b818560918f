#include "analyzer/models/consensus/bpcon.hpp"

namespace interlock::analyzer::models::consensus {

BPCon::BPCon(const Parameters& parameters) : is_(parameters) {
    const auto all_values = static_cast<std::uint8_t>((1u << is_.values) - 1);
    for (int b = 0; b < is_.ballots && !is_.is_stepwise; ++b) {
        now_.begun[b] = 1;
        if (!is_honest_leader(b)) now_.offers[b] = all_values;
    }
    for (int a = 0; a < is_.acceptors && is_.is_signed; ++a) {
        now_.promises[a][0] = 1;
        if (is_.is_stepwise)
            for (int of = 0; of < is_.acceptors; ++of) now_.knows[a] |= bit_of(of, 0);
    }
    if (is_.is_signed) now_.begun[0] = 1;
}

int BPCon::max_ballot_of(int acceptor) const {
    for (int b = is_.ballots - 1; b >= 0; --b)
        if (now_.promises[acceptor][b] != 0 || now_.relays[acceptor][b] >= 0 || now_.votes[acceptor][b] >= 0) return b;
    return -1;
}

int BPCon::latest_vote(int acceptor, int below) const {
    for (int b = below - 1; b >= 0; --b)
        if (now_.votes[acceptor][b] >= 0) return b;
    return -1;
}

int BPCon::relayed(int ballot, int value) const {
    int count = is_.liars;
    for (int a = 0; a < is_.acceptors; ++a) count += now_.relays[a][ballot] == value;
    return count;
}

bool BPCon::may_offer(int ballot, int value) const {
    if ((now_.offers[ballot] >> value & 1) != 0) return false;
    if (!is_honest_leader(ballot)) return is_.is_stepwise;
    if (now_.offers[ballot] != 0) return false;
    return somebody_knows_safe(ballot, value);
}

bool BPCon::somebody_knows_safe(int ballot, int value) const {
    for (int a = 0; a < (is_.is_stepwise ? is_.acceptors : 1); ++a)
        if (knows_safe(a, ballot, value)) return true;
    return false;
}

bool BPCon::may_vote(int acceptor, int ballot, int value) const {
    if (now_.votes[acceptor][ballot] >= 0 || relayed(ballot, value) < is_.quorum) return false;
    return !is_.is_signed || now_.relays[acceptor][ballot] == value;
}

bool BPCon::knows_safe(int acceptor, int ballot, int value) const {
    for (int c = -1; c < ballot; ++c) {
        int count = is_.liars;
        for (int a = 0; a < is_.acceptors; ++a) {
            if (!knows(acceptor, a, ballot)) continue;
            const int latest = latest_vote(a, ballot);
            count += latest < c || (latest == c && (c < 0 || now_.votes[a][c] == value));
        }
        if (count < is_.quorum) continue;
        if (c < 0) return true;
        if (is_.is_signed ? is_certified(acceptor, ballot, c, value) : is_vouched(acceptor, ballot, c, value)) return true;
    }
    return false;
}

bool BPCon::is_vouched(int acceptor, int ballot, int from, int value) const {
    int count = is_.liars;
    for (int a = 0; a < is_.acceptors; ++a) {
        if (!knows(acceptor, a, ballot)) continue;
        bool has_relayed = false;
        for (int b = from; b < ballot; ++b) has_relayed |= now_.relays[a][b] == value;
        count += has_relayed;
    }
    return count >= is_.weak;
}

bool BPCon::is_certified(int acceptor, int ballot, int at, int value) const {
    if (is_.liars > 0 && relayed(at, value) >= is_.quorum) return true;
    for (int a = 0; a < is_.acceptors; ++a)
        if (knows(acceptor, a, ballot) && now_.votes[a][at] == value) return true;
    return false;
}

Sizes BPCon::honest() const {
    const int enough = std::max(1, is_.quorum - is_.liars);
    return {is_.acceptors, is_.values, is_.ballots, enough, enough};
}

PConState BPCon::mapped() const {
    PConState state;
    state.promises = now_.promises;
    state.votes = now_.votes;
    for (int b = 0; b < is_.ballots; ++b) {
        state.begun[b] = static_cast<std::int8_t>(now_.begun[b]);
        for (std::int8_t v = 0; v < is_.values; ++v) {
            if ((now_.offers[b] >> v & 1) != 0 && somebody_knows_safe(b, v))
                state.offers[b] = static_cast<std::uint8_t>(state.offers[b] | 1u << v);
            if (state.requests[b] < 0 && relayed(b, v) >= is_.quorum) state.requests[b] = v;
        }
    }
    return state;
}

std::uint32_t BPCon::chosen() const {
    std::uint32_t all = 0;
    for (int b = 0; b < is_.ballots; ++b)
        for (int v = 0; v < is_.values; ++v) {
            int honest_votes = 0;
            for (int a = 0; a < is_.acceptors; ++a) honest_votes += now_.votes[a][b] == v;
            if (honest_votes > 0 && honest_votes + is_.liars >= is_.quorum) all |= 1u << v;
        }
    return all;
}

void BPCon::step(const Move& move) {
    const Sizes sizes = honest();
    const PConState before = mapped();
    const PConView view(sizes, before);
    switch (move.act) {
        case Begin: now_.begun[move.ballot] = 1; break;
        case Promise:
            now_.promises[move.who][move.ballot] = 1;
            if (is_.is_stepwise) now_.knows[move.who] |= bit_of(move.who, move.ballot);
            break;
        case Offer: now_.offers[move.ballot] = static_cast<std::uint8_t>(now_.offers[move.ballot] | 1u << move.value); break;
        case Relay: now_.relays[move.who][move.ballot] = move.value; break;
        case Vote: now_.votes[move.who][move.ballot] = move.value; break;
        default: now_.knows[move.who] |= bit_of(move.value, move.ballot); break;
    }
    const PConState after = mapped();
    if (!view.allows(after)) now_.wrong_steps[0] = 1;
    if (is_.is_classic && !view.allows_as_classic(after)) now_.wrong_steps[3] = 1;
    if (move.act != Promise && move.act != Vote) return;  // the others change no vote, and no ballot of PCon
    const VoteState votes = view.voting(), later = PConView(sizes, after).voting();
    if (!VoteView(sizes, votes).allows(later, true)) now_.wrong_steps[1] = 1;
    if (!is_consensus_step(VoteView(sizes, votes).chosen(), VoteView(sizes, later).chosen())) now_.wrong_steps[2] = 1;
}

std::uint64_t BPCon::fingerprint() const {
    if (!is_.is_symmetric) return hash_of(now_);
    if (!is_.is_stepwise) return unordered_hash();
    return nameless_hash({is_.acceptors, is_.values, is_.ballots},
                         [this](const auto& acceptors, const auto& values) { return renamed(acceptors, values); });
}

// Where nobody knows more than others, acceptors say nothing of one another: to sort them is to drop their names.
std::uint64_t BPCon::unordered_hash() const {
    constexpr std::array<std::int8_t, most_acceptors> same{0, 1, 2, 3, 4};
    std::uint64_t least = ~std::uint64_t{0};
    std::array<std::int8_t, most_values> values{0, 1, 2};
    do {
        const BPConState other = renamed(same, values);
        struct {
            std::array<std::uint64_t, most_acceptors> acceptors{};
            std::array<std::uint8_t, most_ballots> offers, wrong_steps;
        } sorted;
        sorted.offers = other.offers;
        sorted.wrong_steps = other.wrong_steps;
        for (int a = 0; a < is_.acceptors; ++a)
            for (int b = 0; b < is_.ballots; ++b) {
                const int said = (other.promises[a][b] * 4 + other.relays[a][b] + 1) * 4 + other.votes[a][b] + 1;
                sorted.acceptors[a] = sorted.acceptors[a] << 6 | static_cast<std::uint64_t>(said);
            }
        std::sort(sorted.acceptors.begin(), sorted.acceptors.begin() + is_.acceptors);
        least = std::min(least, hash_of(sorted));
    } while (std::next_permutation(values.begin(), values.begin() + is_.values));
    return engine::mixed(least);  // the least of several is not spread evenly
}

BPConState BPCon::renamed(const std::array<std::int8_t, most_acceptors>& acceptors,
                          const std::array<std::int8_t, most_values>& values) const {
    const auto named = [&values](std::int8_t value) { return value < 0 ? value : values[value]; };
    BPConState other;
    other.wrong_steps = now_.wrong_steps;
    other.begun = now_.begun;
    for (int b = 0; b < is_.ballots; ++b) {
        for (int v = 0; v < is_.values; ++v)
            if ((now_.offers[b] >> v & 1) != 0)
                other.offers[b] = static_cast<std::uint8_t>(other.offers[b] | 1u << values[v]);
        for (int a = 0; a < is_.acceptors; ++a) {
            other.promises[acceptors[a]][b] = now_.promises[a][b];
            other.relays[acceptors[a]][b] = named(now_.relays[a][b]);
            other.votes[acceptors[a]][b] = named(now_.votes[a][b]);
            for (int of = 0; of < is_.acceptors; ++of)
                if ((now_.knows[a] & bit_of(of, b)) != 0) other.knows[acceptors[a]] |= bit_of(acceptors[of], b);
        }
    }
    return other;
}

std::uint32_t BPCon::broken() const {
    const Sizes sizes = honest();
    const PConState mapping = mapped();
    const PConView view(sizes, mapping);
    const VoteState votes = view.voting();
    const VoteView voting(sizes, votes);
    const bool is_alike = (chosen() & ~view.chosen()) == 0 && view.chosen() == voting.chosen();
    std::uint32_t all =
        (std::popcount(chosen()) <= 1 ? 0u : 1u) | (voting.are_votes_safe() ? 0u : 2u) | (is_alike ? 0u : 4u);
    for (unsigned i = 0; i < now_.wrong_steps.size(); ++i)
        if (now_.wrong_steps[i] != 0) all |= 8u << i;
    return all;
}

std::string BPCon::describe(const Move& move) const {
    const std::string who = "a" + std::to_string(move.who + 1), ballot = std::to_string(move.ballot);
    const std::string what = ballot + ":" + value_name(move.value);
    switch (move.act) {
        case Begin: return "1a: leader of " + ballot + " prepares";
        case Promise: return is_.is_signed ? who + " changes to view " + ballot : "1b: " + who + " promises " + ballot;
        case Offer: return is_.is_signed ? "primary pre-prepares " + what : "1c: leader says that " + what + " is safe";
        case Relay: return is_.is_signed ? who + " prepares " + what : "2av: " + who + " relays " + what;
        case Vote: return is_.is_signed ? who + " commits " + what : "2b: " + who + " votes " + what;
        default: return who + " learns that a" + std::to_string(move.value + 1) + " promised " + ballot;
    }
}

std::vector<engine::Variable> BPCon::variables() const {
    std::vector<engine::Variable> all;
    for (int a = 0; a < is_.acceptors; ++a) {
        std::string text = "ballot " + std::to_string(max_ballot_of(a));
        for (int b = 0; b < is_.ballots; ++b) {
            const std::string ballot = std::to_string(b) + ":";
            if (now_.relays[a][b] >= 0) text += ", prepared " + ballot + value_name(now_.relays[a][b]);
            if (now_.votes[a][b] >= 0) text += ", voted " + ballot + value_name(now_.votes[a][b]);
        }
        all.push_back({"a" + std::to_string(a + 1), text});
    }
    return all;
}

}  // namespace interlock::analyzer::models::consensus
