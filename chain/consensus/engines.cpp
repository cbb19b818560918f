#include "chain/consensus/engines.hpp"

#include "chain/consensus/ledger.hpp"
#include "chain/consensus/proof_of_authority/proof_of_authority.hpp"
#include "chain/consensus/proof_of_work/proof_of_work.hpp"

namespace interlock::chain::consensus {

namespace {

template <class E>
std::unique_ptr<Engine> make(const EngineOptions& options) {
    return std::make_unique<E>(options);
}

constexpr std::uint32_t tree_block_kinds = 1U << Gossip::Announce | 1U << Gossip::Block;

Tolerance work_tolerance(std::uint32_t nodes) { return {(nodes - 1) / 2, 0, true, true}; }
Tolerance authority_tolerance(std::uint32_t nodes) { return {(nodes - 1) / 2, 0, false, false}; }
Tolerance no_tolerance(std::uint32_t) { return {0, 0, true, false}; }

std::optional<Hash> block_in_gossip(const Message& message, Codec& codec) {
    const auto* gossip = message.as<Gossip>(codec);
    if (!gossip || gossip->kind == Gossip::Transaction) return std::nullopt;
    return gossip->hash;
}

// A second block in the place of the liar's own.
MessageRef forge_work(Env& env, const MessageRef& message) {
    const auto* gossip = message->as<Gossip>(env.codec());
    if (!gossip || gossip->kind != Gossip::Block || gossip->block->header.coinbase != coinbase_of(env.self()))
        return nullptr;
    return message_of(prove(gossip->block->header, gossip->block->transactions, 8, env.random()));
}

MessageRef forge_seal(Env& env, const MessageRef& message) {
    const auto* gossip = message->as<Gossip>(env.codec());
    if (!gossip || gossip->kind != Gossip::Block || gossip->block->header.coinbase != coinbase_of(env.self()))
        return nullptr;
    Header header = gossip->block->header;
    const std::optional<AuthoritySeal> seal = AuthoritySeal::of(header);
    if (!seal) return nullptr;
    ++header.timestamp;
    header.extra_data = AuthoritySeal{seal->slot, env.sign(AuthoritySeal::hash_to_sign(header, seal->slot))}.encode();
    return message_of(consensus::seal(header, gossip->block->transactions));
}

const EngineEntry entries[] = {
    {"pow", "proof of work: the heaviest branch, final by depth", Finality::Probable, make<ProofOfWork>, work_tolerance,
     Gossip::names, tree_block_kinds, forge_work, block_in_gossip, false},
    {"poa", "proof of authority: sealed in turn, final when most have built on it", Finality::Probable,
     make<ProofOfAuthority>, authority_tolerance, Gossip::names, tree_block_kinds, forge_seal, block_in_gossip, false},
    {"instant", "instant seal: node 0 makes a block of each transaction, for development", Finality::Irrevocable,
     make<InstantSeal>, no_tolerance, Gossip::names, tree_block_kinds, forge_seal, block_in_gossip, false},
};

}  // namespace

std::span<const EngineEntry> all_engines() { return entries; }

const EngineEntry* find_engine(std::string_view name) {
    for (const EngineEntry& entry : entries)
        if (entry.name == name) return &entry;
    return nullptr;
}

}  // namespace interlock::chain::consensus
