// Consensus out of one shared register, three ways: by compare-and-swap; with a lock, read and write; and with a version in
// each access, which is Paxos with a single acceptor.
//
// R1: once a value is decided, no other is. With versions that takes two rules. C1: who reads a value before it writes must
// write that value. C2: the register remembers the highest version that it has seen, and refuses to serve smaller ones. Without
// C2 a read with version 2 and then a write with version 1 both succeed, and what the first reader writes is decided, too.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_register_clients = 4;

struct RegistersState {
    struct Client {
        enum Stage : std::int8_t { Idle, Read, Done, Crashed } stage = Idle;
        std::int8_t version = 0, seen = -1;
    };
    std::array<Client, most_register_clients> clients{};
    std::int8_t value = -1, version = 0, holder = -1;  // holder: who has the lock
    std::uint8_t decided = 0;                          // a mask of values: each client has one of its own
};

class Registers : public Spec<Registers, RegistersState> {
  public:
    enum Way : std::int8_t { CompareAndSwap, Lock, Versions };
    struct Parameters {
        int clients = 2;
        Way way = Versions;
        int versions = 3;                    // numbered from 1; no two clients use the same
        bool adopts = true, refuses = true;  // C1, C2
        bool may_crash = false;
    };
    static constexpr engine::Property properties[] = {
        {"R1", "once a value is decided, no other is"},
        {"WaitFree", "a client whose others have stopped can decide"},
    };
    enum Act : std::int8_t { Swap, Read, Write, Crash };

    explicit Registers(const Parameters& parameters) : is_(parameters) {}

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t c = 0; c < is_.clients; ++c) {
            const auto stage = now_.clients[c].stage;
            if (stage == Client::Done || stage == Client::Crashed) continue;
            if (is_.may_crash) visit(Move{Crash, c, 0, 0});
            if (is_.way == CompareAndSwap) {
                visit(Move{Swap, c, 0, 0});
            } else if (stage == Client::Idle) {
                if (is_.way == Lock && now_.holder < 0) visit(Move{Read, c, 0, 0});
                for (auto v = static_cast<std::int8_t>(now_.clients[c].version + 1);
                     is_.way == Versions && v <= is_.versions; ++v)
                    if ((v - 1) % is_.clients == c && is_served(v)) visit(Move{Read, c, v, 0});
            } else {
                visit(Move{Write, c, now_.clients[c].version, 0});
            }
        }
    }

    void step(const Move& move) {
        Client& client = now_.clients[move.who];
        switch (move.act) {
            case Swap:
                if (now_.value < 0) now_.value = move.who;
                return decide(client, now_.value);
            case Read:
                if (is_.way == Lock) now_.holder = move.who;
                now_.version = std::max(now_.version, move.ballot);
                client = {Client::Read, move.ballot, now_.value};
                return;
            case Write: {
                if (is_.way == Versions && !is_served(move.ballot)) return void(client.stage = Client::Idle);  // refused
                const bool keeps = client.seen >= 0 && is_.adopts;
                now_.value = keeps ? client.seen : move.who;
                now_.holder = -1;
                return decide(client, now_.value);
            }
            default: client.stage = Client::Crashed; return;
        }
    }

    // With versions a client may have none left, which is a limit of the search.
    [[nodiscard]] std::uint32_t broken() const {
        const bool is_held_by_nobody =
            is_.way == Lock && now_.holder >= 0 && now_.clients[now_.holder].stage == Client::Crashed;
        return (std::popcount(now_.decided) <= 1 ? 0u : 1u) | (is_held_by_nobody ? 2u : 0u);
    }
    [[nodiscard]] std::string describe(const Move& move) const {
        const std::string who = "c" + std::to_string(move.who + 1);
        const std::string version = move.ballot > 0 ? ":" + std::to_string(move.ballot) : "";
        constexpr const char* names[] = {" swaps", " reads", " writes", " crashes"};
        return who + names[move.act] + version;
    }
    [[nodiscard]] std::vector<engine::Variable> variables() const {
        std::string decided;
        for (int c = 0; c < is_.clients; ++c)
            if ((now_.decided >> c & 1) != 0) decided += (decided.empty() ? "" : " ") + value_name(c);
        return {{"register", value_name(now_.value)}, {"version", std::to_string(now_.version)}, {"decided", decided}};
    }

  private:
    using Client = RegistersState::Client;
    [[nodiscard]] bool is_served(int version) const { return !is_.refuses || version >= now_.version; }
    void decide(Client& client, int value) {
        client.stage = Client::Done;
        now_.decided |= static_cast<std::uint8_t>(1u << value);
    }
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
