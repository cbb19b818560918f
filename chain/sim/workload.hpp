// What clients ask of a chain: signed transactions, each at its time and at some node.
#pragma once

#include "chain/consensus/block.hpp"
#include "chain/genesis.hpp"
#include "chain/sim/network.hpp"

namespace interlock::chain::sim {

struct Submission {
    Nanoseconds time = 0;
    NodeId node = 0;  // modulo the number of nodes
    consensus::TransactionRef transaction;
};

struct Workload {
    Genesis genesis;
    std::vector<Submission> submissions;  // by time
    std::string description;              // "100 transfers among 10 accounts, 10 a second"
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
    std::optional<Address> send(Nanoseconds time, const std::string& from, std::optional<Address> to, const Word& value,
                                Bytes data);
    [[nodiscard]] Workload take();

  private:
    std::vector<std::uint64_t> nonces_;  // by the account's place in the genesis
    Random random_;
    Workload workload_;
};

// Transfers alone.
[[nodiscard]] Workload transfers(std::uint64_t count, Nanoseconds interval, std::uint32_t accounts = 10,
                                 std::uint64_t seed = 1);

}  // namespace interlock::chain::sim
