#include "analyzer/models/consensus/multi_paxos.hpp"

namespace interlock::analyzer::models::consensus {

namespace {

// What a client sees: that a command is taken, or answered with the value that was there before.
enum : std::uint8_t { is_answer = 64 };
constexpr int command_bits = 3;
std::uint8_t request(int command) { return static_cast<std::uint8_t>(command << command_bits | 7); }
std::uint8_t answer(int command, int value) {
    return static_cast<std::uint8_t>(is_answer | command << command_bits | value);
}
int command_of(std::uint8_t event) { return event >> command_bits & 7; }
int value_of(std::uint8_t event) { return event & 7; }

}  // namespace

MultiPaxos::MultiPaxos(const Parameters& parameters) : is_(parameters) {
    now_.pending = static_cast<std::uint8_t>(((1u << commands()) - 1) << 1);
    for (auto& slots : now_.asked) slots.fill(-1);
}

int MultiPaxos::replies(int ballot) const {
    int count = 0;
    for (int r = 0; r < is_.replicas; ++r) count += now_.replies[r][ballot].is_sent;
    return count;
}

int MultiPaxos::first_empty(const Replica& replica) const {
    int slot = 0;
    while (slot < commands() && replica.log[slot].status != SlotStatus::Empty) ++slot;
    return slot;
}

// The first pending command that is not in the replica's log; 0: there is none.
std::int8_t MultiPaxos::next_command(const Replica& replica) const {
    for (std::int8_t command = 1; command <= commands(); ++command) {
        const auto is_this = [command](const Slot& slot) { return slot.command == command; };
        if ((now_.pending >> command & 1) != 0 && std::ranges::none_of(replica.log, is_this)) return command;
    }
    return 0;
}

// What the replies say was voted for last in this slot; 0: nothing.
std::int8_t MultiPaxos::latest_vote(int ballot, int slot) const {
    Slot::Vote latest;
    for (int r = 0; r < is_.replicas; ++r) {
        const auto& reply = now_.replies[r][ballot];
        if (reply.is_sent != 0 && reply.votes[slot].ballot > latest.ballot) latest = reply.votes[slot];
    }
    return is_.is_careless ? std::int8_t{0} : latest.command;
}

// In this ballot, or in one before: then the vote is for what was committed.
bool MultiPaxos::is_noticed(const Replica& replica, int slot) const {
    return (now_.notices[slot] & ((2u << replica.log[slot].voted.ballot) - 1)) != 0;
}

bool MultiPaxos::is_terminated() const {
    int requests = 0, answers = 0;
    for (int command = 1; command <= commands(); ++command) {
        const auto asks = [command](std::uint8_t event) { return event == request(command); };
        const auto answers_it = [command](std::uint8_t event) {
            return (event & is_answer) != 0 && command_of(event) == command;
        };
        requests += std::ranges::any_of(now_.seen, asks);
        answers += std::ranges::any_of(now_.seen, answers_it);
    }
    return now_.pending == 0 && requests == commands() && answers == commands();
}

void MultiPaxos::stop_accepting(Replica& replica) const {
    for (Slot& slot : replica.log)
        if (slot.status == SlotStatus::Accepting) slot.status = SlotStatus::Preparing;
}

void MultiPaxos::reply(int replica, int ballot) {
    auto& reply = now_.replies[replica][ballot];
    reply.is_sent = 1;
    for (int s = 0; s < commands(); ++s) reply.votes[s] = now_.replicas[replica].log[s].voted;
}

void MultiPaxos::apply_command(Replica& replica, int slot) const {
    replica.log[slot].status = SlotStatus::Committed;
    replica.committed = static_cast<std::int8_t>(slot + 1);
    if (const std::int8_t command = replica.log[slot].command; command >= 1 && command <= is_.writes)
        replica.value = command;
}

void MultiPaxos::see(std::uint8_t event) {
    for (std::uint8_t& seen : now_.seen) {
        if (seen == event) return;
        if (seen == 0) return void(seen = event);
    }
}

void MultiPaxos::step(const Move& move) {
    Replica& me = now_.replicas[move.who];
    const std::int8_t b = move.ballot;
    switch (move.act) {
        case Lead:
            me.leader = move.who;
            me.prepared = 0;
            me.ballot = b;
            stop_accepting(me);
            now_.preparer[b] = static_cast<std::int8_t>(move.who + 1);
            reply(move.who, b);
            break;
        case Promise:
            me.leader = static_cast<std::int8_t>(now_.preparer[b] - 1);
            me.ballot = b;
            stop_accepting(me);
            reply(move.who, b);
            break;
        case Prepared:
            me.prepared = b;
            for (int s = 0; s < commands(); ++s) {
                Slot& slot = me.log[s];
                const std::int8_t latest = latest_vote(b, s);
                if (slot.status == SlotStatus::Preparing || (slot.status == SlotStatus::Empty && latest > 0))
                    slot.status = SlotStatus::Accepting;
                slot.command = latest;
                if (slot.status == SlotStatus::Accepting) now_.asked[b][s] = latest;
            }
            break;
        case Take: {
            const int s = first_empty(me);
            me.log[s] = {SlotStatus::Accepting, move.value, {b, move.value}};
            now_.asked[b][s] = move.value;
            now_.accepted[b][s] |= static_cast<std::uint8_t>(1u << move.who);
            see(request(move.value));
            break;
        }
        case Accept: {
            const std::int8_t s = move.value, command = now_.asked[b][s];
            me.leader = static_cast<std::int8_t>(now_.preparer[b] - 1);
            me.ballot = b;
            me.log[s] = {SlotStatus::Accepting, command, {b, command}};
            now_.accepted[b][s] |= static_cast<std::uint8_t>(1u << move.who);
            break;
        }
        case Commit: {
            const int command = me.log[move.value].command;
            see(answer(command, me.value));
            apply_command(me, move.value);
            now_.pending &= static_cast<std::uint8_t>(~(1u << command));
            now_.notices[move.value] |= static_cast<std::uint8_t>(is_.is_dated ? 1u << b : 1u);
            break;
        }
        case Learn: apply_command(me, move.value); break;
        default: me.is_done = 1; break;
    }
}

// --- properties ---

bool MultiPaxos::is_linearizable() const {
    std::array<int, most_commands + 1> asked{}, answered{};
    for (int i = static_cast<int>(now_.seen.size()) - 1; i >= 0; --i) {  // so that the first one counts
        const std::uint8_t event = now_.seen[i];
        if (event != 0) ((event & is_answer) != 0 ? answered : asked)[command_of(event)] = i;
    }
    std::array<int, most_commands> order{};
    for (int i = 0; i < commands(); ++i) order[i] = i + 1;
    do {
        bool is_right = true;
        int value = 0;
        for (int i = 0; i < commands(); ++i) {
            is_right &= value_of(now_.seen[answered[order[i]]]) == value;
            if (order[i] <= is_.writes) value = order[i];
            for (int j = 0; j < i; ++j) is_right &= answered[order[i]] > asked[order[j]];
        }
        if (is_right) return true;
    } while (std::next_permutation(order.begin(), order.begin() + commands()));
    return false;
}

std::uint32_t MultiPaxos::broken() const {
    bool agrees = true;
    for (int s = 0; s < commands(); ++s) {
        int command = -1;
        for (int r = 0; r < is_.replicas; ++r) {
            const Slot& slot = now_.replicas[r].log[s];
            if (slot.status != SlotStatus::Committed || now_.replicas[r].committed <= s) continue;
            agrees &= command < 0 || command == slot.command;
            command = slot.command;
        }
    }
    return (is_terminated() && !is_linearizable() ? 1u : 0u) | (agrees ? 0u : 2u);
}

// Replicas are alike, and so are writes and reads among themselves.
std::uint64_t MultiPaxos::fingerprint() const {
    if (!is_.is_symmetric) return hash_of(now_);
    std::array<std::int8_t, most_log_replicas> named{0, 1, 2, 3};
    std::uint64_t least = ~std::uint64_t{0};
    do {
        MultiPaxosState other = now_;
        const auto who = [&named](std::int8_t replica) { return replica < 0 ? replica : named[replica]; };
        for (int r = 0; r < is_.replicas; ++r) {
            Replica& replica = other.replicas[named[r]] = now_.replicas[r];
            replica.leader = who(replica.leader);
            other.replies[named[r]] = now_.replies[r];
        }
        for (int b = 1; b <= is_.ballots; ++b) {
            other.preparer[b] = static_cast<std::int8_t>(who(static_cast<std::int8_t>(now_.preparer[b] - 1)) + 1);
            for (int s = 0; s < commands(); ++s) {
                unsigned mask = 0;
                for (int r = 0; r < is_.replicas; ++r) mask |= (now_.accepted[b][s] >> r & 1u) << named[r];
                other.accepted[b][s] = static_cast<std::uint8_t>(mask);
            }
        }
        least = std::min(least, hash_of(other));
    } while (std::next_permutation(named.begin(), named.begin() + is_.replicas));
    return engine::mixed(least);  // the least of several is not spread evenly
}

// --- reports ---

std::string MultiPaxos::name_of(int command) const {
    if (command <= 0) return "-";
    return command <= is_.writes ? "w" + std::to_string(command) : "r" + std::to_string(command - is_.writes);
}

std::string MultiPaxos::describe(const Move& move) const {
    const std::string who = "s" + std::to_string(move.who + 1), ballot = std::to_string(move.ballot);
    const std::string slot = " slot " + std::to_string(move.value + 1);
    switch (move.act) {
        case Lead: return who + " prepares " + ballot;
        case Promise: return who + " promises " + ballot;
        case Prepared: return who + " leads in " + ballot;
        case Take: return who + " takes " + name_of(move.value);
        case Accept: return who + " accepts " + ballot + slot;
        case Commit: return who + " commits" + slot + " and answers";
        case Learn: return who + " learns" + slot;
        default: return who + " stops";
    }
}

std::vector<engine::Variable> MultiPaxos::variables() const {
    std::vector<engine::Variable> all;
    for (int r = 0; r < is_.replicas; ++r) {
        const Replica& replica = now_.replicas[r];
        std::string text = std::to_string(replica.ballot) + ":";
        for (int s = 0; s < commands(); ++s)
            text += (s == 0 ? "" : " ") + name_of(replica.log[s].command) +
                    (replica.log[s].status == SlotStatus::Committed ? "!" : "");
        all.push_back({"s" + std::to_string(r + 1), text});
    }
    std::string seen;
    for (const std::uint8_t event : now_.seen) {
        if (event == 0) break;
        seen += (seen.empty() ? "" : " ") + name_of(command_of(event));
        if ((event & is_answer) != 0) seen += "=" + name_of(value_of(event));
    }
    all.push_back({"clients", seen});
    return all;
}

}  // namespace interlock::analyzer::models::consensus
