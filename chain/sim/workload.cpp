#include "chain/sim/workload.hpp"

#include <algorithm>
#include <stdexcept>

#include "chain/execution.hpp"

namespace interlock::chain::sim {

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
                                             const Word& value, Bytes data) {
    account(from);
    const Genesis::Account& sender = *workload_.genesis.find(from);
    std::uint64_t& nonce = nonces_[static_cast<std::size_t>(&sender - workload_.genesis.accounts().data())];
    Transaction tx;
    tx.type = TransactionType::FeeMarket;
    tx.nonce = nonce++;
    tx.gas_price = Word(1000) * gwei;
    tx.priority_fee = gwei;
    tx.gas_limit = to && data.empty() ? 21'000 : 3'000'000;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    sign(tx, sender.key);
    const NodeId node = static_cast<NodeId>(random_.below(1U << 20));
    workload_.submissions.push_back({time, node, consensus::seal(std::move(tx))});
    if (to) return std::nullopt;
    return create_address(sender.address, nonce - 1);
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
    return std::move(workload_);
}

Workload transfers(std::uint64_t count, Nanoseconds interval, std::uint32_t accounts, std::uint64_t seed) {
    WorkloadBuilder builder(seed);
    builder.transfers(count, interval, interval, accounts);
    return builder.take();
}

}  // namespace interlock::chain::sim
