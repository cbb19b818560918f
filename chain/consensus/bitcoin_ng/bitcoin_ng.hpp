// Bitcoin-NG: work elects a leader, and the leader orders transactions without any. (Eyal, Gencer, Sirer, van Renesse, 2016)
//
// A key block has a proof of work and no transactions; whoever found the last one on a branch leads there. A leader's
// micro blocks are signed, have next to no weight, and may not come faster than a rate: others refuse those that do.
#pragma once

#include "chain/consensus/proof_of_work/proof_of_work.hpp"

namespace interlock::chain::consensus {

// What the extra data of a micro block holds. Key blocks have none.
struct MicroSeal {
    std::uint64_t time = 0;  // milliseconds by the leader's clock
    Signature signature;

    [[nodiscard]] static std::optional<MicroSeal> of(const Header& header);
    [[nodiscard]] static Hash hash_to_sign(Header header, std::uint64_t time);
    [[nodiscard]] Bytes encode() const;
};

[[nodiscard]] inline bool is_key_block(const SealedBlock& block) {
    return block.height() == 0 || block.header.difficulty == Word(block_work);
}

class BitcoinNg : public ProofOfWork {
  public:
    using ProofOfWork::ProofOfWork;
    void start(Env& env, const Durable& durable) override;
    void on_timer(Env& env, Timer timer) override;
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override { return tree_fingerprint(); }

  protected:
    [[nodiscard]] bool accepts(Env& env, const SealedBlock& parent, const SealedBlock& block) const override;
    [[nodiscard]] const BlockTree::Entry* final_below(const BlockTree::Entry& head) const override;
    [[nodiscard]] virtual Nanoseconds micro_interval() const { return options().micro_interval; }

  private:
    void make_micro_block(Env& env);
    [[nodiscard]] NodeId leader_at(const BlockTree::Entry& entry) const;

    std::unordered_map<Address, NodeId> nodes_;  // by where their rewards go
};

}  // namespace interlock::chain::consensus
