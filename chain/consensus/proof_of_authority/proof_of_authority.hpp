// Proof of authority: time has slots, and each slot belongs to one node, in turn, which may seal one block in it.
//
// A block is taken for final when more than half of the authorities have built on it. That is safe only while the network
// is synchronous and clocks agree: an authority that changes branches has sealed on both of them.
// InstantSeal is for development: node 0 seals a block whenever there is a transaction, and everybody believes it.
#pragma once

#include "chain/consensus/tree_engine.hpp"

namespace interlock::chain::consensus {

// What a sealed header says beyond the rest, in its extra data.
struct AuthoritySeal {
    std::uint64_t slot = 0;
    Signature signature;  // by the authority, of the header with the slot alone

    [[nodiscard]] static std::optional<AuthoritySeal> of(const Header& header);
    [[nodiscard]] static Hash hash_to_sign(Header header, std::uint64_t slot);
    [[nodiscard]] Bytes encode() const;
};

class SealingEngine : public TreeEngine {
  public:
    using TreeEngine::TreeEngine;

  protected:
    [[nodiscard]] bool accepts(Env& env, const SealedBlock& parent, const SealedBlock& block) const override;
    [[nodiscard]] virtual NodeId authority_of(const Env& env, std::uint64_t slot) const = 0;
    [[nodiscard]] virtual bool is_too_early(const Env& env, std::uint64_t slot) const = 0;
    void seal_block(Env& env, std::uint64_t slot);
};

class ProofOfAuthority : public SealingEngine {
  public:
    using SealingEngine::SealingEngine;
    void start(Env& env, const Durable& durable) override;
    void on_timer(Env& env, Timer timer) override;
    void on_persisted(Env& env, Timer then) override;
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override {
        return FingerprintMixer({tree_fingerprint(), last_slot_}).finish().low;
    }

  protected:
    [[nodiscard]] NodeId authority_of(const Env& env, std::uint64_t slot) const override;
    [[nodiscard]] virtual std::uint64_t weight_of(NodeId) const { return 1; }
    [[nodiscard]] std::uint64_t all_weight() const { return all_weight_; }

  private:
    [[nodiscard]] bool is_too_early(const Env& env, std::uint64_t slot) const override;
    [[nodiscard]] const BlockTree::Entry* final_below(const BlockTree::Entry& head) const override;
    [[nodiscard]] std::uint64_t slot_at(Nanoseconds now) const;
    void wait_for_slot(Env& env);

    std::unordered_map<Address, std::uint64_t> weights_;  // of the nodes, by where their rewards go
    std::uint64_t all_weight_ = 0;
    std::uint64_t last_slot_ = 0;  // in which this node has sealed
};

// The authority of a slot is drawn from its number, by the nodes' stakes (`EngineOptions::power`), and final is what more
// than half of the stake has built on. Everybody knows all draws beforehand: a real chain would draw from what nobody can.
class ProofOfStake final : public ProofOfAuthority {
  public:
    using ProofOfAuthority::ProofOfAuthority;

  private:
    [[nodiscard]] NodeId authority_of(const Env& env, std::uint64_t slot) const override;
    [[nodiscard]] std::uint64_t weight_of(NodeId node) const override {
        return options().power.empty() ? 1 : options().power.at(node);
    }
};

class InstantSeal final : public SealingEngine {
  public:
    using SealingEngine::SealingEngine;
    void start(Env& env, const Durable& durable) override;
    void on_timer(Env& env, Timer timer) override;
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override {
        return FingerprintMixer({tree_fingerprint(), is_due_}).finish().low;
    }

  private:
    void on_work(Env& env) override;
    [[nodiscard]] NodeId authority_of(const Env&, std::uint64_t) const override { return 0; }
    [[nodiscard]] bool is_too_early(const Env&, std::uint64_t) const override { return false; }
    [[nodiscard]] const BlockTree::Entry* final_below(const BlockTree::Entry& head) const override { return &head; }

    bool is_due_ = false;
};

}  // namespace interlock::chain::consensus
