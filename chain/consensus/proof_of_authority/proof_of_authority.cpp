#include "chain/consensus/proof_of_authority/proof_of_authority.hpp"

#include <unordered_set>

#include "chain/consensus/ledger.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr DurableKey last_slot_key{2, 0};

}  // namespace

// --- the seal ---

std::optional<AuthoritySeal> AuthoritySeal::of(const Header& header) {
    if (header.number == 0) return AuthoritySeal{};
    const rlp::Decoded decoded = rlp::decode(header.extra_data);
    if (!decoded.ok()) return std::nullopt;
    Fields fields(decoded.item);
    AuthoritySeal seal;
    seal.slot = fields.number();
    seal.signature.r = fields.word();
    seal.signature.s = fields.word();
    seal.signature.y_parity = fields.number() == 1;
    return fields.ok() && fields.at_end() ? std::optional(seal) : std::nullopt;
}

Hash AuthoritySeal::hash_to_sign(Header header, std::uint64_t slot) {
    header.extra_data = rlp::Encoder().number(slot).take();
    return hash_of(header);
}

Bytes AuthoritySeal::encode() const {
    rlp::Encoder out;
    out.open().number(slot).number(signature.r).number(signature.s).number(signature.y_parity ? 1 : 0).close();
    return out.take();
}

// --- both engines ---

bool SealingEngine::accepts(Env& env, const SealedBlock& parent, const SealedBlock& block) const {
    const std::optional<AuthoritySeal> seal = AuthoritySeal::of(block.header), below = AuthoritySeal::of(parent.header);
    if (!seal || !below || seal->slot <= below->slot || is_too_early(env, seal->slot)) return false;
    const NodeId authority = authority_of(env, seal->slot);
    return block.header.difficulty == Word(1) && block.header.coinbase == coinbase_of(authority) &&
           env.verify(authority, AuthoritySeal::hash_to_sign(block.header, seal->slot), seal->signature);
}

void SealingEngine::seal_block(Env& env, std::uint64_t slot) {
    const Draft draft{timestamp_at(env.now()), 1, {}, options().block_transactions};
    auto [header, transactions] =
        env.build(head(), draft, pool().candidates((env.nodes() + 2) * options().block_transactions));
    const AuthoritySeal own{slot, env.sign(AuthoritySeal::hash_to_sign(header, slot))};
    header.extra_data = own.encode();
    const BlockRef block = seal(header, std::move(transactions));
    env.ghost({Ghost::Vote, 0, slot, 0, block->hash});
    add_own(env, block);
}

// --- slots ---

void ProofOfAuthority::start(Env& env, const Durable& durable) {
    all_weight_ = 0;
    for (NodeId node = 0; node < env.nodes(); ++node) all_weight_ += weights_[coinbase_of(node)] = weight_of(node);
    if (const auto found = durable.find(last_slot_key); found != durable.end())
        last_slot_ = rlp::as_u64(rlp::decode(*found->second).item).value_or(0);
    TreeEngine::start(env, durable);
    wait_for_slot(env);
}

// Slot 0 is the genesis's.
std::uint64_t ProofOfAuthority::slot_at(Nanoseconds now) const {
    return static_cast<std::uint64_t>(std::max<Nanoseconds>(now, 0) / options().interval);
}

NodeId ProofOfAuthority::authority_of(const Env& env, std::uint64_t slot) const {
    return static_cast<NodeId>(slot % env.nodes());
}

// Half a slot is granted to clocks that differ.
bool ProofOfAuthority::is_too_early(const Env& env, std::uint64_t slot) const {
    return slot > slot_at(env.now() + options().interval / 2);
}

void ProofOfAuthority::wait_for_slot(Env& env) {
    if (weight_of(env.self()) == 0) return;
    std::uint64_t slot = slot_at(env.now()) + 1;
    while (authority_of(env, slot) != env.self()) ++slot;
    const Nanoseconds begin = static_cast<Nanoseconds>(slot) * options().interval;
    env.set_timer(begin - env.now(), {0, slot});
}

// A slot is used once, also by an authority whose clock was set back or who was restarted: that it is used is written
// down before the block is made.
void ProofOfAuthority::on_timer(Env& env, Timer timer) {
    wait_for_slot(env);
    if (timer.number <= last_slot_ || head()->height() >= options().most_blocks) return;
    last_slot_ = timer.number;
    env.persist({{last_slot_key, std::make_shared<const Bytes>(rlp::Encoder().number(last_slot_).take())}}, timer);
}

void ProofOfAuthority::on_persisted(Env& env, Timer then) {
    const std::optional<AuthoritySeal> last = AuthoritySeal::of(head()->header);
    if (last && then.number > last->slot) seal_block(env, then.number);
}

const BlockTree::Entry* ProofOfAuthority::final_below(const BlockTree::Entry& head) const {
    std::unordered_set<Address> sealers;
    std::uint64_t weight = 0;
    const BlockTree::Entry* at = &head;
    for (; at->parent; at = at->parent) {
        const Address& sealer = at->block->header.coinbase;
        if (sealers.insert(sealer).second) weight += weights_.at(sealer);
        if (2 * weight > all_weight_) break;
    }
    return at;
}

NodeId ProofOfStake::authority_of(const Env& env, std::uint64_t slot) const {
    std::uint64_t drawn = Random(slot, 0x57a4e).below(all_weight());
    NodeId node = 0;
    for (; node + 1 < env.nodes() && drawn >= weight_of(node); ++node) drawn -= weight_of(node);
    return node;
}

// --- instant seal ---

void InstantSeal::start(Env& env, const Durable& durable) {
    is_due_ = false;
    TreeEngine::start(env, durable);
}

void InstantSeal::on_work(Env& env) {
    if (env.self() != 0 || is_due_) return;
    is_due_ = true;
    env.set_timer(0, {});
}

void InstantSeal::on_timer(Env& env, Timer) {
    is_due_ = false;
    if (!pool().empty()) seal_block(env, head()->height() + 1);
}

}  // namespace interlock::chain::consensus
