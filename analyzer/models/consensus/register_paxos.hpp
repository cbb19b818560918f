// A register that clients write and read, kept by servers who decide its value with Paxos: message by message, each of
// which arrives at most once and in any order. Every client writes its value at one server, and then reads at the next.
//
// As in the public example of Stateright, whose count the tests find again. What clients see must be linearisable. What
// they see is part of the state: how many operations of the others each knows to be over when it begins one.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_clients = 3, most_servers = 3, most_in_flight = 48;

struct RegisterPaxosState {
    struct Ballot {
        std::int8_t round = 0, server = 0;
        friend auto operator<=>(const Ballot&, const Ballot&) = default;
    };
    // What was accepted: a client's value, in a ballot; -1: nothing.
    struct Accepted {
        Ballot ballot;
        std::int8_t value = -1;
        friend bool operator==(const Accepted&, const Accepted&) = default;
    };
    struct Server {
        Ballot ballot;
        Accepted accepted;
        std::int8_t proposal = -1, is_decided = 0;
        std::uint8_t prepared = 0, supporters = 0;  // masks of servers
        std::array<Accepted, most_servers> reports{};
    };
    struct Client {
        enum Stage : std::int8_t { Absent, Writing, Reading, Done } stage = Absent;
        std::array<std::int8_t, most_clients> known{};  // operations of each that were over when it began to read
        std::int8_t value = -1;
    };
    struct Letter {
        enum Kind : std::int8_t {
            Nothing,
            Put,
            PutOk,
            Get,
            GetOk,
            Prepare,
            Prepared,
            Accept,
            Accepted_,
            Decided
        } kind = Nothing;
        std::int8_t from = 0, to = 0;  // servers, and then clients
        Ballot ballot;
        Accepted accepted;
        std::int8_t value = -1;
        friend bool operator==(const Letter&, const Letter&) = default;
    };
    std::array<Server, most_servers> servers{};
    std::array<Client, most_clients> clients{};
    std::array<Letter, most_in_flight> in_flight{};  // sorted: their order says nothing
};

class RegisterPaxos : public Spec<RegisterPaxos, RegisterPaxosState> {
  public:
    struct Parameters {
        int clients = 2, servers = 3;
        bool forgets = false;  // a fault to be found: servers ask for their client's value, whatever was accepted
    };
    static constexpr engine::Property properties[] = {
        {"Linearizable", "clients see what they would see one after the other, in an order that time allows"},
        {"Agreement", "no two servers have decided differently"},
    };

    explicit RegisterPaxos(const Parameters& parameters);

    template <class Visit>
    void choices(Visit&& visit) const {
        for (std::int8_t i = 0; i < most_in_flight; ++i) {
            const auto& letter = now_.in_flight[i];
            if (letter.kind == Letter::Nothing || (i > 0 && letter == now_.in_flight[i - 1])) continue;
            if (matters(letter)) visit(Move{0, i, 0, 0});
        }
    }
    void step(const Move& move);
    [[nodiscard]] std::uint32_t broken() const;
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    using Letter = RegisterPaxosState::Letter;
    using Server = RegisterPaxosState::Server;
    using Client = RegisterPaxosState::Client;

    [[nodiscard]] bool matters(const Letter& letter) const;  // whether its receiver does anything with it
    void send(const Letter& letter);
    void send_to_others(int from, Letter letter);
    void receive(Server& server, const Letter& letter);
    void receive(Client& client, const Letter& letter);
    void ask_for_acceptance(Server& server, int self);
    [[nodiscard]] bool is_linearizable() const;
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
