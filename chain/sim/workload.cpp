#include "chain/sim/workload.hpp"

#include <algorithm>
#include <stdexcept>

#include "chain/consensus/members.hpp"
#include "chain/execution.hpp"

namespace interlock::chain::sim {

consensus::TransactionRef transaction_of(const Genesis::Account& sender, std::uint64_t nonce, std::optional<Address> to,
                                         const Word& value, Bytes data) {
    Transaction tx;
    tx.type = TransactionType::FeeMarket;
    tx.nonce = nonce;
    tx.gas_price = Word(1000) * gwei;
    tx.priority_fee = gwei;
    tx.gas_limit = to && data.empty() ? 21'000 : 3'000'000;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    sign(tx, sender.key);
    return consensus::seal(std::move(tx));
}

void WorkloadBuilder::account(const std::string& name) {
    if (workload_.genesis.find(name)) return;
    workload_.genesis.fund(name);
    nonces_.push_back(0);
}

Address WorkloadBuilder::address_of(const std::string& name) {
    account(name);
    return *workload_.genesis.address_of(name);
}

std::optional<Address> WorkloadBuilder::send(Nanoseconds time, const std::string& from, std::optional<Address> to,
                                             const Word& value, Bytes data, std::optional<NodeId> node) {
    account(from);
    const Genesis::Account& sender = *workload_.genesis.find(from);
    std::uint64_t& nonce = nonces_[static_cast<std::size_t>(&sender - workload_.genesis.accounts().data())];
    const NodeId drawn = static_cast<NodeId>(random_.below(1U << 20));
    workload_.submissions.push_back(
        {time, node.value_or(drawn), transaction_of(sender, nonce++, to, value, std::move(data))});
    if (to) return std::nullopt;
    return create_address(sender.address, nonce - 1);
}

void WorkloadBuilder::change_members(Nanoseconds time, const std::vector<NodeId>& members) {
    workload_.steward = address_of("steward");
    (void)send(time, "steward", consensus::members_address(), 0, consensus::members_data(members));
}

void WorkloadBuilder::oracle(Oracle oracle, std::optional<NodeId> node) {
    account(oracle.account);
    const NodeId drawn = static_cast<NodeId>(random_.below(1U << 20));
    oracle.node = node.value_or(drawn);
    workload_.oracles.push_back(std::move(oracle));
}

void WorkloadBuilder::transfers(std::uint64_t count, Nanoseconds start, Nanoseconds interval, std::uint32_t accounts) {
    for (std::uint32_t i = 0; i < accounts; ++i) account("user" + std::to_string(i));
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string from = "user" + std::to_string(random_.below(accounts));
        const std::string to = "user" + std::to_string(random_.below(accounts));
        (void)send(start + static_cast<Nanoseconds>(i) * interval, from, workload_.genesis.address_of(to),
                   Word(1 + random_.below(1000)), {});
    }
    workload_.description += (workload_.description.empty() ? "" : "; ") + std::to_string(count) + " transfers";
}

Workload WorkloadBuilder::take() {
    std::ranges::stable_sort(workload_.submissions, {}, &Submission::time);
    for (Oracle& oracle : workload_.oracles) {
        const Genesis::Account* account = workload_.genesis.find(oracle.account);
        oracle.nonce = nonces_[static_cast<std::size_t>(account - workload_.genesis.accounts().data())];
    }
    return std::move(workload_);
}

Workload transfers(std::uint64_t count, Nanoseconds interval, std::uint32_t accounts, std::uint64_t seed) {
    WorkloadBuilder builder(seed);
    builder.transfers(count, interval, interval, accounts);
    return builder.take();
}

}  // namespace interlock::chain::sim
