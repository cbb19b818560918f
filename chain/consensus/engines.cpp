#include "chain/consensus/engines.hpp"

#include "chain/consensus/bitcoin_ng/bitcoin_ng.hpp"
#include "chain/consensus/byzcoin/byzcoin.hpp"
#include "chain/consensus/ledger.hpp"
#include "chain/consensus/multipaxos/multipaxos.hpp"
#include "chain/consensus/pbft/pbft.hpp"
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
MessageRef forge_work(Env& env, const MessageRef& message, Lies&, bool is_to_deceived) {
    if (!is_to_deceived) return nullptr;
    const auto* gossip = message->as<Gossip>(env.codec());
    if (!gossip || gossip->kind != Gossip::Block || gossip->block->header.coinbase != coinbase_of(env.self()))
        return nullptr;
    const SealedBlock& own = *gossip->block;
    return message_of(prove(own.header, own.transactions, 8, env.random(), own.ommers));
}

// A second micro block of a leader, or a second key block.
MessageRef forge_micro(Env& env, const MessageRef& message, Lies& lies, bool is_to_deceived) {
    const auto* gossip = message->as<Gossip>(env.codec());
    if (!gossip || gossip->kind != Gossip::Block || is_key_block(*gossip->block))
        return forge_work(env, message, lies, is_to_deceived);
    Header header = gossip->block->header;
    const std::optional<MicroSeal> seal = MicroSeal::of(header);
    if (!is_to_deceived || !seal || header.coinbase != coinbase_of(env.self())) return nullptr;
    ++header.timestamp;
    header.extra_data = MicroSeal{seal->time, env.sign(MicroSeal::hash_to_sign(header, seal->time))}.encode();
    return message_of(consensus::seal(header, gossip->block->transactions));
}

MessageRef forge_seal(Env& env, const MessageRef& message, Lies&, bool is_to_deceived) {
    if (!is_to_deceived) return nullptr;
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

// Another block for some, and votes for it; a view change that keeps silent about what was prepared.
template <class M>
MessageRef forge_votes(Env& env, const MessageRef& message, Lies& lies, bool is_to_deceived) {
    using pbft::Phase;
    const auto* honest = message->as<M>(env.codec());
    if (!honest) return nullptr;
    M lie = *honest;
    switch (honest->kind) {
        case M::proposal: {
            if (!is_to_deceived) return nullptr;
            Header header = honest->block->header;
            ++header.timestamp;
            lie.block = seal(header, honest->block->transactions);
            lies.lie_for[honest->block_hash] = lie.block->hash;
            lies.truth_for[lie.block->hash] = honest->block_hash;
            [[fallthrough]];
        }
        case M::Prepare:
        case M::Commit: {
            const std::map<Hash, Hash>& other = is_to_deceived ? lies.lie_for : lies.truth_for;
            const auto found = other.find(honest->block_hash);
            if (found == other.end()) return nullptr;
            const Phase phase = honest->kind == M::Commit ? Phase::Commit : Phase::Prepare;
            lie.block_hash = found->second;
            lie.vote.signature = env.sign(pbft::vote_hash(phase, lie.view, lie.height, lie.block_hash));
            return lie.encoded();
        }
        case M::ViewChange:
            if (!is_to_deceived) return nullptr;
            lie.conceal_prepared();
            lie.vote.signature = env.sign(lie.hash_to_sign());
            return lie.encoded();
        default: return nullptr;
    }
}

// Of any kind, view and height, about a block of either message, with what the one carries; signed as that kind wants it.
template <class M>
MessageRef babble_votes(Env& env, const MessageRef& one, const MessageRef& other, Random& random) {
    const auto* carried = one->as<M>(env.codec());
    const auto* about = other->as<M>(env.codec());
    if (!carried || !about) return nullptr;
    const auto near = [&random](std::uint64_t number) { return std::max<std::uint64_t>(number + random.below(3), 1) - 1; };
    M said = *carried;
    said.kind = static_cast<typename M::Kind>(random.below(M::last_kind + 1U));
    said.view = near(carried->view);
    said.height = near(about->height);
    said.block_hash = about->block_hash;
    if (!said.block) said.block = about->block;
    if ((said.kind == M::Request && !said.transaction) || (said.kind == M::proposal && !said.block)) said.kind = M::Commit;
    if (said.kind == M::proposal) said.block_hash = said.block->hash;
    said.vote.signer = env.self();
    said.vote.signature = env.sign(said.kind == M::ViewChange
                                       ? said.hash_to_sign()
                                       : pbft::vote_hash(said.kind == M::Commit ? pbft::Phase::Commit : pbft::Phase::Prepare,
                                                         said.view, said.height, said.block_hash));
    return said.encoded();
}

Tolerance pbft_tolerance(std::uint32_t nodes) { return {Pbft::faults_of(nodes), Pbft::faults_of(nodes), true, false}; }

VotingRule pbft_voting(std::uint32_t nodes) { return {Pbft::quorum_of(nodes), true}; }

// A third of the shares, less what liars may win by luck while a few blocks are found.
Tolerance byzcoin_tolerance(std::uint32_t nodes) {
    const std::uint32_t shares = EngineOptions{}.council, third = (shares - 1) / 3, luck = 2;
    std::uint32_t faults = (nodes - 1) / 3;
    while (faults * shares > (third - luck) * nodes) --faults;
    return {faults, faults, true, false};
}

VotingRule byzcoin_voting(std::uint32_t nodes) { return {Pbft::quorum_of(nodes), true, true}; }

Tolerance paxos_tolerance(std::uint32_t nodes) { return {(nodes - 1) / 2, 0, true, false}; }

VotingRule paxos_voting(std::uint32_t nodes) { return {nodes / 2 + 1, false}; }

// Another block for some. Nobody expects that here: one lying leader is enough.
MessageRef forge_paxos(Env& env, const MessageRef& message, Lies&, bool is_to_deceived) {
    const auto* honest = message->as<paxos::Message>(env.codec());
    if (!is_to_deceived || !honest || honest->kind != paxos::Message::Accept) return nullptr;
    paxos::Message lie = *honest;
    BlockRef& block = lie.entries[0].block;
    Header header = block->header;
    ++header.timestamp;
    block = seal(header, block->transactions);
    return lie.encoded();
}

const EngineEntry entries[] = {
    {"pow", "proof of work: the heaviest branch, final by depth", Finality::Probable, make<ProofOfWork>, work_tolerance,
     Gossip::names, tree_block_kinds, forge_work, block_in_gossip, nullptr, false},
    {"bitcoin-ng", "Bitcoin-NG: work elects a leader, who makes blocks without work, final by depth", Finality::Probable,
     make<BitcoinNg>, work_tolerance, Gossip::names, tree_block_kinds, forge_micro, block_in_gossip, nullptr, false},
    {"poa", "proof of authority: sealed in turn, final when most have built on it", Finality::Probable,
     make<ProofOfAuthority>, authority_tolerance, Gossip::names, tree_block_kinds, forge_seal, block_in_gossip, nullptr,
     false},
    {"stake", "the same with a leader drawn by stake for each slot", Finality::Probable, make<ProofOfStake>,
     authority_tolerance, Gossip::names, tree_block_kinds, forge_seal, block_in_gossip, nullptr, false},
    {"instant", "instant seal: node 0 makes a block of each transaction, for development", Finality::Irrevocable,
     make<InstantSeal>, no_tolerance, Gossip::names, tree_block_kinds, forge_seal, block_in_gossip, nullptr, false},
    {"pbft", "PBFT: decided by two rounds of votes, also where less than a third lie", Finality::Irrevocable, make<Pbft>,
     pbft_tolerance, pbft::Message::names, 1U << pbft::Message::proposal, forge_votes<pbft::Message>, nullptr, pbft_voting,
     true, babble_votes<pbft::Message>},
    {"linear-pbft", "the same with certificates that the primary collects: few messages", Finality::Irrevocable,
     make<LinearPbft>, pbft_tolerance, byzcoin::Message::names, 1U << byzcoin::Message::proposal,
     forge_votes<byzcoin::Message>, nullptr, byzcoin_voting, true, babble_votes<byzcoin::Message>},
    {"byzcoin", "ByzCoin: work elects a council, which decides each block at once", Finality::Irrevocable, make<ByzCoin>,
     byzcoin_tolerance, byzcoin::Message::names, 1U << byzcoin::Message::proposal, forge_votes<byzcoin::Message>, nullptr,
     byzcoin_voting, true, babble_votes<byzcoin::Message>},
    {"multipaxos", "MultiPaxos: a stable leader, decided by a majority, where nobody lies", Finality::Irrevocable,
     make<MultiPaxos>, paxos_tolerance, paxos::Message::names, 1U << paxos::Message::Accept, forge_paxos, nullptr,
     paxos_voting},
};

}  // namespace

std::span<const EngineEntry> all_engines() { return entries; }

const EngineEntry* find_engine(std::string_view name) {
    for (const EngineEntry& entry : entries)
        if (entry.name == name) return &entry;
    return nullptr;
}

}  // namespace interlock::chain::consensus
