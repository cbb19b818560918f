// MultiPaxos as replicas run it that keep a log of commands: a stable leader prepares all slots at once, then asks for one
// command after another; clients see when their commands were taken and what came back. One register is written and read.
//
// As in the public TLA+ text MultiPaxos-SMR: messages stay in flight for ever, a ballot has one leader, and a replica
// that has seen all commands answered stops. What clients see must be linearisable, and is. But a notice that a slot is
// committed does not say in which ballot: a replica that has an older leader's command there commits that. The public text
// does not ask whether replicas agree; `is_dated` puts the ballot into the notice, and then they do.
#pragma once

#include <vector>

#include "analyzer/models/consensus/spec.hpp"

namespace interlock::analyzer::models::consensus {

constexpr int most_commands = 3, most_log_replicas = 4, most_log_ballots = 4;  // ballots are numbered from 1

enum class SlotStatus : std::uint8_t { Empty, Preparing, Accepting, Committed };

// Commands are numbered from 1, writes before reads; 0: none. A value is the command that wrote it.
struct Slot {
    struct Vote {
        std::int8_t ballot = 0, command = 0;
    };
    SlotStatus status = SlotStatus::Empty;
    std::int8_t command = 0;
    Vote voted;
};

struct Replica {
    std::int8_t leader = -1, value = 0, committed = 0, prepared = 0, ballot = 0, is_done = 0;
    std::array<Slot, most_commands> log{};
};

struct MultiPaxosState {
    struct Reply {
        std::int8_t is_sent = 0;
        std::array<Slot::Vote, most_commands> votes{};
    };
    std::array<Replica, most_log_replicas> replicas{};
    // Messages, by ballot: who prepares it (0: nobody), what was replied, and for each slot the command that is asked for
    // (-1: none yet), who has accepted it (a mask); for each slot the ballots in which it was committed (a mask;
    // where notices do not say so, the lowest bit).
    std::array<std::int8_t, most_log_ballots + 1> preparer{};
    std::array<std::array<Reply, most_log_ballots + 1>, most_log_replicas> replies{};
    std::array<std::array<std::int8_t, most_commands>, most_log_ballots + 1> asked{};
    std::array<std::array<std::uint8_t, most_commands>, most_log_ballots + 1> accepted{};
    std::array<std::uint8_t, most_commands> notices{};
    std::uint8_t pending = 0;                            // a mask of commands
    std::array<std::uint8_t, 4 * most_commands> seen{};  // what clients see, in order
};

class MultiPaxos : public Spec<MultiPaxos, MultiPaxosState> {
  public:
    struct Parameters {
        int replicas = 3, writes = 1, reads = 1, ballots = 2;
        int quorum = 0;            // 0: a majority
        bool is_dated = false;     // notices say in which ballot
        bool is_careless = false;  // a fault to be found: a new leader forgets what was voted for
        bool is_symmetric = false;
    };
    static constexpr engine::Property properties[] = {
        {"Linearizable", "clients see what they would see one after the other, in an order that time allows"},
        {"Agreement", "no two replicas have committed different commands in a slot"},
    };
    enum Act : std::int8_t { Lead, Promise, Prepared, Take, Accept, Commit, Learn, Stop };

    explicit MultiPaxos(const Parameters& parameters);

    template <class Visit>
    void choices(Visit&& visit) const {
        const bool is_over = is_terminated();
        for (std::int8_t r = 0; r < is_.replicas; ++r) {
            const Replica& me = now_.replicas[r];
            if (me.is_done != 0) continue;
            if (is_over) {
                visit(Move{Stop, r, 0, 0});
                continue;
            }
            const bool leads = me.leader == r, is_ready = leads && me.prepared == me.ballot;
            for (auto b = static_cast<std::int8_t>(me.ballot + 1); b <= is_.ballots; ++b)
                if (now_.preparer[b] != 0) visit(Move{Promise, r, b, 0});
                else if (!leads) visit(Move{Lead, r, b, 0});
            if (leads && me.prepared == 0 && replies(me.ballot) >= quorum()) visit(Move{Prepared, r, me.ballot, 0});
            if (is_ready && first_empty(me) < commands() && next_command(me) > 0)
                visit(Move{Take, r, me.ballot, next_command(me)});
            for (std::int8_t b = std::max<std::int8_t>(me.ballot, 1); b <= is_.ballots; ++b)
                for (std::int8_t s = 0; s < commands(); ++s)
                    if (now_.asked[b][s] >= 0 && b > me.log[s].voted.ballot) visit(Move{Accept, r, b, s});
            const std::int8_t s = me.committed;
            if (s >= commands() || me.log[s].status != SlotStatus::Accepting) continue;
            if (is_ready && std::popcount(now_.accepted[me.ballot][s]) >= quorum()) visit(Move{Commit, r, me.ballot, s});
            if (!leads && is_noticed(me, s)) visit(Move{Learn, r, 0, s});
        }
    }
    void step(const Move& move);
    [[nodiscard]] std::uint64_t fingerprint() const;
    [[nodiscard]] std::uint32_t broken() const;
    [[nodiscard]] std::string describe(const Move& move) const;
    [[nodiscard]] std::vector<engine::Variable> variables() const;

  private:
    [[nodiscard]] int commands() const { return is_.writes + is_.reads; }
    [[nodiscard]] int quorum() const { return is_.quorum > 0 ? is_.quorum : majority(is_.replicas); }
    [[nodiscard]] int replies(int ballot) const;
    [[nodiscard]] int first_empty(const Replica& replica) const;
    [[nodiscard]] std::int8_t next_command(const Replica& replica) const;
    [[nodiscard]] std::int8_t latest_vote(int ballot, int slot) const;
    [[nodiscard]] bool is_noticed(const Replica& replica, int slot) const;
    [[nodiscard]] bool is_terminated() const;
    [[nodiscard]] bool is_linearizable() const;
    [[nodiscard]] std::string name_of(int command) const;
    void stop_accepting(Replica& replica) const;
    void reply(int replica, int ballot);
    void apply_command(Replica& replica, int slot) const;
    void see(std::uint8_t event);
    Parameters is_;
};

}  // namespace interlock::analyzer::models::consensus
