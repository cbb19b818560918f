#include "analyzer/models/consensus/register_paxos.hpp"

#include <tuple>

namespace interlock::analyzer::models::consensus {

namespace {

using Letter = RegisterPaxosState::Letter;

auto key_of(const Letter& letter) {
    return std::tuple(letter.kind == Letter::Nothing, letter.kind, letter.from, letter.to, letter.ballot,
                      letter.accepted.ballot, letter.accepted.value, letter.value);
}

constexpr const char* letter_names[] = {"",        "put",      "put-ok", "get",      "get-ok",
                                        "prepare", "prepared", "accept", "accepted", "decided"};

}  // namespace

RegisterPaxos::RegisterPaxos(const Parameters& parameters) : is_(parameters) {
    for (int c = 0; c < is_.clients; ++c) {
        now_.clients[c].stage = Client::Writing;
        const int self = is_.servers + c;
        send({Letter::Put,
              static_cast<std::int8_t>(self),
              static_cast<std::int8_t>(self % is_.servers),
              {},
              {},
              static_cast<std::int8_t>(c)});
    }
}

void RegisterPaxos::send(const Letter& letter) {
    now_.in_flight.back() = letter;
    std::ranges::sort(now_.in_flight, {}, key_of);
}

void RegisterPaxos::send_to_others(int from, Letter letter) {
    letter.from = static_cast<std::int8_t>(from);
    for (std::int8_t to = 0; to < is_.servers; ++to)
        if ((letter.to = to) != from) send(letter);
}

bool RegisterPaxos::matters(const Letter& letter) const {
    if (letter.to >= is_.servers) {
        const Client::Stage stage = now_.clients[letter.to - is_.servers].stage;
        return letter.kind == Letter::PutOk ? stage == Client::Writing : stage == Client::Reading;
    }
    const Server& server = now_.servers[letter.to];
    if (server.is_decided != 0) return letter.kind == Letter::Get;
    switch (letter.kind) {
        case Letter::Put: return server.proposal < 0;
        case Letter::Prepare: return server.ballot < letter.ballot;
        case Letter::Accept: return server.ballot <= letter.ballot;
        case Letter::Prepared:
        case Letter::Accepted_: return server.ballot == letter.ballot;
        case Letter::Decided: return true;
        default: return false;
    }
}

void RegisterPaxos::step(const Move& move) {
    const Letter letter = now_.in_flight[move.who];
    now_.in_flight[move.who] = {};
    std::ranges::sort(now_.in_flight, {}, key_of);
    if (letter.to < is_.servers) receive(now_.servers[letter.to], letter);
    else receive(now_.clients[letter.to - is_.servers], letter);
}

// The value of the latest ballot that others report, or the server's own client's.
void RegisterPaxos::ask_for_acceptance(Server& server, int self) {
    RegisterPaxosState::Accepted latest;
    for (int s = 0; s < is_.servers; ++s) {
        const auto& report = server.reports[s];
        if ((server.prepared >> s & 1) != 0 && report.value >= 0 && (latest.value < 0 || latest.ballot < report.ballot))
            latest = report;
    }
    if (latest.value >= 0 && !is_.forgets) server.proposal = latest.value;
    server.accepted = {server.ballot, server.proposal};
    server.supporters |= static_cast<std::uint8_t>(1u << self);
    send_to_others(self, {Letter::Accept, 0, 0, server.ballot, {}, server.proposal});
}

void RegisterPaxos::receive(Server& server, const Letter& letter) {
    const std::int8_t self = letter.to;
    const auto sender = static_cast<std::uint8_t>(1u << letter.from);
    switch (letter.kind) {
        case Letter::Put:
            server.proposal = letter.value;
            server.ballot = {static_cast<std::int8_t>(server.ballot.round + 1), self};
            server.supporters = 0;
            server.prepared = static_cast<std::uint8_t>(1u << self);
            server.reports = {};
            server.reports[self] = server.accepted;
            return send_to_others(self, {Letter::Prepare, 0, 0, server.ballot, {}, -1});
        case Letter::Get: return send({Letter::GetOk, self, letter.from, {}, {}, server.accepted.value});
        case Letter::Prepare:
            server.ballot = letter.ballot;
            return send({Letter::Prepared, self, letter.from, letter.ballot, server.accepted, -1});
        case Letter::Prepared:
            server.prepared |= sender;
            server.reports[letter.from] = letter.accepted;
            if (std::popcount(server.prepared) == majority(is_.servers)) ask_for_acceptance(server, self);
            return;
        case Letter::Accept:
            server.ballot = letter.ballot;
            server.accepted = {letter.ballot, letter.value};
            return send({Letter::Accepted_, self, letter.from, letter.ballot, {}, -1});
        case Letter::Accepted_:
            server.supporters |= sender;
            if (std::popcount(server.supporters) != majority(is_.servers)) return;
            server.is_decided = 1;
            send_to_others(self, {Letter::Decided, 0, 0, server.ballot, {}, server.proposal});
            return send({Letter::PutOk, self, static_cast<std::int8_t>(is_.servers + server.proposal), {}, {}, -1});
        default:
            server.ballot = letter.ballot;
            server.accepted = {letter.ballot, letter.value};
            server.is_decided = 1;
            return;
    }
}

void RegisterPaxos::receive(Client& client, const Letter& letter) {
    if (letter.kind == Letter::GetOk) {
        client.stage = Client::Done;
        client.value = letter.value;
        return;
    }
    client.stage = Client::Reading;
    for (int c = 0; c < is_.clients; ++c)
        if (&now_.clients[c] != &client) client.known[c] = static_cast<std::int8_t>(std::max(0, now_.clients[c].stage - 1));
    send({Letter::Get, letter.to, static_cast<std::int8_t>((letter.to + 1) % is_.servers), {}, {}, -1});
}

// --- properties ---

// Each client's operations are a write and a read. Those that are over must have taken effect, others may have.
bool RegisterPaxos::is_linearizable() const {
    std::array<int, most_clients> done{};  // how many operations of each are in the order already
    const auto goes_on = [&](auto&& self, int value) -> bool {
        bool is_complete = true;
        for (int c = 0; c < is_.clients; ++c) is_complete &= done[c] >= now_.clients[c].stage - 1;
        if (is_complete) return true;
        for (int c = 0; c < is_.clients; ++c) {
            const Client& client = now_.clients[c];
            if (done[c] == 2 || done[c] >= client.stage) continue;  // not begun
            bool is_allowed = true;
            for (int other = 0; done[c] == 1 && other < is_.clients; ++other)
                is_allowed &= done[other] >= client.known[other];
            if (done[c] == 1 && client.stage == Client::Done) is_allowed &= client.value == value;
            if (!is_allowed) continue;
            const int next = done[c] == 0 ? c : value;
            ++done[c];
            if (self(self, next)) return true;
            --done[c];
        }
        return false;
    };
    return goes_on(goes_on, -1);
}

std::uint32_t RegisterPaxos::broken() const {
    int decided = -1;
    bool agrees = true;
    for (int s = 0; s < is_.servers; ++s) {
        const Server& server = now_.servers[s];
        if (server.is_decided == 0) continue;
        agrees &= decided < 0 || decided == server.accepted.value;
        decided = server.accepted.value;
    }
    return (is_linearizable() ? 0u : 1u) | (agrees ? 0u : 2u);
}

// --- reports ---

std::string RegisterPaxos::describe(const Move& move) const {
    const Letter& letter = now_.in_flight[move.who];
    const auto name = [this](int who) {
        return who < is_.servers ? "s" + std::to_string(who + 1) : "c" + std::to_string(who - is_.servers + 1);
    };
    std::string text = name(letter.from) + " → " + name(letter.to) + ": " + letter_names[letter.kind];
    if (letter.ballot.round > 0)
        text += " " + std::to_string(letter.ballot.round) + "." + std::to_string(letter.ballot.server + 1);
    if (letter.value >= 0) text += " " + value_name(letter.value);
    return text;
}

std::vector<engine::Variable> RegisterPaxos::variables() const {
    std::vector<engine::Variable> all;
    for (int s = 0; s < is_.servers; ++s) {
        const Server& server = now_.servers[s];
        std::string text = std::to_string(server.ballot.round) + "." + std::to_string(server.ballot.server + 1);
        text += ":" + value_name(server.accepted.value) + (server.is_decided != 0 ? "!" : "");
        all.push_back({"s" + std::to_string(s + 1), text});
    }
    for (int c = 0; c < is_.clients; ++c) {
        constexpr const char* stages[] = {"", "writes", "reads", "has read "};
        const Client& client = now_.clients[c];
        all.push_back({"c" + std::to_string(c + 1),
                       stages[client.stage] + (client.stage == Client::Done ? value_name(client.value) : "")});
    }
    return all;
}

}  // namespace interlock::analyzer::models::consensus
