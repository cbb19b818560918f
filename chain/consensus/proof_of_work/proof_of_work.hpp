// Proof of work: whoever finds a block whose hash starts with enough zero bits may extend the heaviest branch.
// (Nakamoto, 2008.)
//
// How long finding takes is drawn from the exponential distribution, by a node's share of the power; the proof itself is
// real, but of a few bits alone. A node never stops mining and always extends its head: with an exponential time it does
// not matter when it began.
//
// With `adjusts_difficulty` a block's difficulty follows from its parent's and from the time between them, by Ethereum's
// rule (chain/difficulty.hpp). With `takes_ommers` a block names up to two stale ones (chain/ommer_rules.hpp).
#pragma once

#include "chain/consensus/tree_engine.hpp"

namespace interlock::chain::consensus {

inline constexpr std::uint64_t block_work = 1'000'000;  // every block's difficulty, or the first ones'

[[nodiscard]] bool has_proof(const Hash& block, std::uint32_t bits);
[[nodiscard]] inline bool has_proof(const SealedBlock& block, std::uint32_t bits) { return has_proof(block.hash, bits); }
// Tries nonces until the header has a proof.
[[nodiscard]] BlockRef prove(Header header, std::vector<TransactionRef> transactions, std::uint32_t bits, Random& random,
                             std::vector<Header> ommers = {});

class ProofOfWork : public TreeEngine {
  public:
    using TreeEngine::TreeEngine;
    void start(Env& env, const Durable& durable) override;
    void on_timer(Env& env, Timer timer) override;
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override;

  protected:
    [[nodiscard]] bool accepts(Env& env, const SealedBlock& parent, const SealedBlock& block) const override;
    void on_new_head(Env& env) override;
    // The block on top of which this node mines.
    [[nodiscard]] virtual BlockRef mined_on() const { return head(); }
    void mine(Env& env);  // draws when this node finds its next block

  private:
    [[nodiscard]] Word difficulty_on(const SealedBlock& parent, std::uint64_t timestamp) const;
    [[nodiscard]] std::vector<Header> ommers_on(const SealedBlock& parent) const;

    std::optional<TimerId> finding_;  // the next block
};

}  // namespace interlock::chain::consensus
