// An engine that leaves the order to a service outside: it makes blocks, offers each for the next place, and follows what
// stands there. Nodes say nothing to each other.
//
// What stands in a place and is no block on top of the last one is passed over, by all nodes alike. The service remembers
// everything: a node that is restarted reads it again from the beginning.
#pragma once

#include "chain/consensus/engines.hpp"
#include "chain/consensus/pool.hpp"
#include "chain/process/zookeeper/ordering_service.hpp"

namespace interlock::chain::process {

class ExternalOrder final : public consensus::Engine {
  public:
    ExternalOrder(std::unique_ptr<OrderingService> service, const consensus::EngineOptions& options)
        : service_(std::move(service)), options_(options) {}

    void start(consensus::Env& env, const consensus::Durable& durable) override;
    void on_message(consensus::Env&, consensus::NodeId, const consensus::MessageRef&) override {}
    void on_timer(consensus::Env& env, consensus::Timer timer) override;
    void on_persisted(consensus::Env&, consensus::Timer) override {}
    void on_submit(consensus::Env& env, const consensus::TransactionRef& transaction) override;

    [[nodiscard]] const consensus::BlockRef& head() const override { return chain_.back(); }
    [[nodiscard]] const consensus::BlockRef& finalised() const override { return chain_.back(); }
    [[nodiscard]] consensus::BlockRef find(const Hash& block) const override;
    [[nodiscard]] std::uint64_t digest() const override;

  private:
    void follow(consensus::Env& env);
    void offer(consensus::Env& env);

    std::unique_ptr<OrderingService> service_;
    consensus::EngineOptions options_;
    std::vector<consensus::BlockRef> chain_;
    std::unordered_map<Hash, std::uint64_t> heights_;
    consensus::Pool pool_;
    std::uint64_t place_ = 1;  // the next
    std::optional<consensus::Nanoseconds> asked_, offered_;
};

// The engine `zookeeper`; its options name the servers.
[[nodiscard]] const consensus::EngineEntry& zookeeper_entry();

}  // namespace interlock::chain::process
