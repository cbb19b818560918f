// What engines share that decide one block after another and never take one back: the chain of decided blocks, and the
// transactions that wait for one. Engines whose blocks form a tree have tree_engine.hpp.
#pragma once

#include <optional>

#include "chain/consensus/engine.hpp"
#include "chain/consensus/options.hpp"
#include "chain/consensus/pool.hpp"

namespace interlock::chain::consensus {

class ChainEngine : public Engine {
  public:
    explicit ChainEngine(const EngineOptions& options) : options_(options) {}

    [[nodiscard]] const BlockRef& head() const override { return chain_.back(); }
    [[nodiscard]] const BlockRef& finalised() const override { return chain_.back(); }
    [[nodiscard]] BlockRef find(const Hash& block) const override {
        const auto found = heights_.find(block);
        return found == heights_.end() ? nullptr : chain_[found->second];
    }

  protected:
    void begin_with(const BlockRef& genesis) {
        chain_ = {genesis};
        heights_[genesis->hash] = 0;
    }
    // The block on top of the head is decided.
    void extend(const BlockRef& block) {
        heights_[block->hash] = block->height();
        chain_.push_back(block);
        pool_.settle(*block);
    }
    [[nodiscard]] std::uint64_t next_height() const { return head()->height() + 1; }
    [[nodiscard]] const BlockRef& block_at(std::uint64_t height) const { return chain_[height]; }
    [[nodiscard]] bool has_decided(const Hash& block) const { return heights_.contains(block); }
    // Whether it is time to ask again what is decided: not more often than a quarter of the timeout.
    [[nodiscard]] bool may_ask(const Env& env) const {
        return !asked_ || env.now() - *asked_ >= options_.timeout / 4 || env.now() < *asked_;
    }
    void has_asked(const Env& env) { asked_ = env.now(); }
    // Of all that this class keeps, for an explorer.
    [[nodiscard]] FingerprintMixer chain_fingerprint() const {
        FingerprintMixer mixer({head()->height(), static_cast<std::uint64_t>(asked_.value_or(-1))});
        mixer.absorb(vm::to_word(head()->hash)).absorb(pool_.fingerprint());
        return mixer;
    }

    EngineOptions options_;
    Pool pool_;

  private:
    std::vector<BlockRef> chain_;  // by height
    std::unordered_map<Hash, std::uint64_t> heights_;
    std::optional<Nanoseconds> asked_;
};

}  // namespace interlock::chain::consensus
