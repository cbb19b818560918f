#include "chain/process/zookeeper/external_order.hpp"

#include "chain/consensus/gossip.hpp"

namespace interlock::chain::process {

using consensus::BlockRef, consensus::Env, consensus::Nanoseconds;

namespace {

constexpr Nanoseconds poll_time = 2 * consensus::millisecond;

}  // namespace

void ExternalOrder::start(Env& env, const consensus::Durable&) {
    chain_ = {env.genesis()};
    heights_[env.genesis()->hash] = 0;
    env.set_timer(0, {});
}

BlockRef ExternalOrder::find(const Hash& block) const {
    const auto found = heights_.find(block);
    return found == heights_.end() ? nullptr : chain_[found->second];
}

std::uint64_t ExternalOrder::digest() const {
    return FingerprintMixer({place_, pool_.size()}).absorb(vm::to_word(head()->hash)).finish().low;
}

void ExternalOrder::on_submit(Env& env, const consensus::TransactionRef& transaction) {
    if (env.admits(head(), transaction->transaction) && pool_.add(transaction)) offer(env);
}

void ExternalOrder::on_timer(Env& env, consensus::Timer) {
    env.set_timer(poll_time, {});
    follow(env);
    offer(env);
    if (asked_ && env.now() - *asked_ < options_.timeout) return;
    asked_ = env.now();
    service_->ask(place_);
}

void ExternalOrder::follow(Env& env) {
    while (const std::optional<OrderingService::Placed> placed = service_->take()) {
        if (placed->place != place_) continue;  // it was told twice
        const BlockRef block = env.codec().block(placed->content);
        if (block && block->parent() == head()->hash && env.execute(block).refusal.accepted()) {
            heights_[block->hash] = block->height();
            chain_.push_back(block);
            pool_.settle(*block);
        }
        ++place_;
        asked_.reset();
        offered_.reset();
    }
}

// Once for each place, and again where nothing came of it.
void ExternalOrder::offer(Env& env) {
    if (pool_.empty() || (offered_ && env.now() - *offered_ < options_.timeout)) return;
    const consensus::Draft draft{consensus::timestamp_at(env.now()), 0, {}, options_.block_transactions};
    auto [header, transactions] = env.build(head(), draft, pool_.candidates(2 * options_.block_transactions));
    if (transactions.empty()) return;
    offered_ = env.now();
    service_->offer(place_, consensus::seal(header, std::move(transactions))->encoded);
}

const consensus::EngineEntry& zookeeper_entry() {
    static const consensus::EngineEntry entry{
        .name = "zookeeper",
        .help = "ZooKeeper keeps the order: three servers of its own",
        .finality = consensus::Finality::Irrevocable,
        .make = [](const consensus::EngineOptions& options) -> std::unique_ptr<consensus::Engine> {
            std::string error;
            std::unique_ptr<OrderingService> service = open_zookeeper(options.ordering_service, error);
            return service ? std::make_unique<ExternalOrder>(std::move(service), options) : nullptr;
        },
        .tolerance =
            [](std::uint32_t nodes) {
                return consensus::Tolerance{nodes - 1, 0, true, true};
            },
        .message_kinds = {},
        .block_kinds = 0,
        .forge = nullptr};
    return entry;
}

}  // namespace interlock::chain::process
