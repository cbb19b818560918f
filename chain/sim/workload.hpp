// What clients ask of a chain: signed transactions, each at its time and at some node.
#pragma once

#include "chain/consensus/ledger.hpp"
#include "chain/genesis.hpp"
#include "chain/sim/network.hpp"

namespace interlock::chain::sim {

struct Submission {
    Nanoseconds time = 0;
    NodeId node = 0;  // modulo the number of nodes
    consensus::TransactionRef transaction;
};

// A function of a contract that changes nothing, called in the state behind a block.
struct Question {
    std::string text;  // "king king()"
    Address contract;
    Bytes data;
    bool is_rule = false;  // the answer must be true behind every block; otherwise it is shown at the end
};

// A client that answers each successful call of a function, which it sees in a block, with a transaction of its own. Each
// call is answered once, also where a reorganisation moves it to another block.
struct Oracle {
    std::string account;
    std::uint64_t nonce = 0;  // of its first answer
    NodeId node = 0;          // whose chain it sees
    Address watched, answered;
    Bytes selector, data;               // of the call; of the answer
    std::vector<std::size_t> count_at;  // the answer's words that say which call it is for, counted on that chain from 1
    Nanoseconds delay = 0;              // from seeing the call until it answers
    bool waits_for_final = false;       // it sees calls in final blocks alone
};

// A hard fork, and the nodes that follow it; empty: all do.
struct ForkPlan {
    consensus::HardFork fork;
    std::vector<NodeId> followers;
};

struct Workload {
    Genesis genesis;
    std::vector<Submission> submissions;  // by time
    std::vector<Question> questions;
    std::vector<Oracle> oracles;
    std::optional<ForkPlan> fork;
    std::vector<std::pair<Address, std::string>> contracts;  // their names
    std::optional<Address> steward;                          // who may change the members, if anybody does
    std::vector<NodeId> members;                             // at first; empty: all nodes
    std::string description;                                 // "100 transfers among 10 accounts, 10 a second"
};

// Makes the transactions of named accounts, with their nonces in order.
class WorkloadBuilder {
  public:
    explicit WorkloadBuilder(std::uint64_t seed = 1) : random_(seed, 0x77) {}

    void account(const std::string& name);
    [[nodiscard]] Address address_of(const std::string& name);  // of an account, which is made if there is none
    // `count` payments of small sums between drawn accounts, one every `interval` from `start` on.
    void transfers(std::uint64_t count, Nanoseconds start, Nanoseconds interval, std::uint32_t accounts);
    // A transaction of an account; without `to` it creates a contract, whose address is returned.
    // Without `node` it is sent to a drawn one.
    std::optional<Address> send(Nanoseconds time, const std::string& from, std::optional<Address> to, const Word& value,
                                Bytes data, std::optional<NodeId> node = std::nullopt);
    // Nodes that vote: at first, or from some blocks behind a time on.
    void begin_with(std::vector<NodeId> members) { workload_.members = std::move(members); }
    void change_members(Nanoseconds time, const std::vector<NodeId>& members);
    void ask(Question question) { workload_.questions.push_back(std::move(question)); }
    void name(const Address& contract, const std::string& name) { workload_.contracts.emplace_back(contract, name); }
    void fork(ForkPlan plan) { workload_.fork = std::move(plan); }
    void oracle(Oracle oracle, std::optional<NodeId> node);
    [[nodiscard]] Workload take();

  private:
    std::vector<std::uint64_t> nonces_;  // by the account's place in the genesis
    Random random_;
    Workload workload_;
};

// A signed transaction of an account.
[[nodiscard]] consensus::TransactionRef transaction_of(const Genesis::Account& sender, std::uint64_t nonce,
                                                       std::optional<Address> to, const Word& value, Bytes data);

// Transfers alone.
[[nodiscard]] Workload transfers(std::uint64_t count, Nanoseconds interval, std::uint32_t accounts = 10,
                                 std::uint64_t seed = 1);

}  // namespace interlock::chain::sim
