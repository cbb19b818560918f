#include "chain/consensus/bitcoin_ng/bitcoin_ng.hpp"

#include "chain/consensus/ledger.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr std::uint32_t micro_timer = 1;
constexpr NodeId nobody = UINT32_MAX;

}  // namespace

// --- the seal of a micro block ---

std::optional<MicroSeal> MicroSeal::of(const Header& header) {
    const rlp::Decoded decoded = rlp::decode(header.extra_data);
    if (!decoded.ok()) return std::nullopt;
    Fields fields(decoded.item);
    MicroSeal seal;
    seal.time = fields.number();
    seal.signature.r = fields.word();
    seal.signature.s = fields.word();
    seal.signature.y_parity = fields.number() == 1;
    return fields.ok() && fields.at_end() ? std::optional(seal) : std::nullopt;
}

Hash MicroSeal::hash_to_sign(Header header, std::uint64_t time) {
    header.extra_data = rlp::Encoder().number(time).take();
    return hash_of(header);
}

Bytes MicroSeal::encode() const {
    rlp::Encoder out;
    out.open().number(time).number(signature.r).number(signature.s).number(signature.y_parity ? 1 : 0).close();
    return out.take();
}

// --- the engine ---

void BitcoinNg::start(Env& env, const Durable& durable) {
    for (NodeId node = 0; node < env.nodes(); ++node) nodes_[coinbase_of(node)] = node;
    ProofOfWork::start(env, durable);
    env.set_timer(micro_interval(), {micro_timer, 0});
}

void BitcoinNg::on_timer(Env& env, Timer timer) {
    if (timer.kind == micro_timer) {
        make_micro_block(env);
        env.set_timer(micro_interval(), {micro_timer, 0});
        return;
    }
    if (head()->height() >= options().most_blocks) return;
    auto [header, none] = env.build(head(), {timestamp_at(env.now()), block_work, {}, 0}, {});
    add_own(env, prove(header, {}, options().work_bits, env.random()));
    mine(env);
}

// Whoever found the last key block of a branch.
NodeId BitcoinNg::leader_at(const BlockTree::Entry& entry) const {
    const BlockTree::Entry* at = &entry;
    while (at->parent && !is_key_block(*at->block)) at = at->parent;
    const auto found = nodes_.find(at->block->header.coinbase);
    return at->parent && found != nodes_.end() ? found->second : nobody;
}

void BitcoinNg::make_micro_block(Env& env) {
    if (pool().empty() || leader_at(tree().head()) != env.self() || head()->height() >= options().most_blocks) return;
    const Draft draft{timestamp_at(env.now()), 1, {}, options().block_transactions};
    auto [header, transactions] = env.build(head(), draft, pool().candidates(Pool::most));
    if (transactions.empty()) return;
    const auto time = static_cast<std::uint64_t>(std::max<Nanoseconds>(env.now(), 0) / millisecond);
    const MicroSeal own{time, env.sign(MicroSeal::hash_to_sign(header, time))};
    header.extra_data = own.encode();
    add_own(env, seal(header, std::move(transactions)));
}

bool BitcoinNg::accepts(Env& env, const SealedBlock& parent, const SealedBlock& block) const {
    if (is_key_block(block)) return block.transactions.empty() && ProofOfWork::accepts(env, parent, block);
    const std::optional<MicroSeal> seal = MicroSeal::of(block.header);
    const BlockTree::Entry* below = tree().find(parent.hash);
    if (!seal || !below || block.header.difficulty != Word(1)) return false;
    const NodeId leader = leader_at(*below);
    if (leader == nobody || block.header.coinbase != coinbase_of(leader) ||
        !env.verify(leader, MicroSeal::hash_to_sign(block.header, seal->time), seal->signature))
        return false;
    if (is_key_block(parent)) return true;
    const std::optional<MicroSeal> last = MicroSeal::of(parent.header);
    const auto interval = static_cast<std::uint64_t>(options().micro_interval / millisecond);
    return last && seal->time >= last->time && seal->time - last->time >= interval;
}

// Key blocks confirm; micro blocks do not.
const BlockTree::Entry* BitcoinNg::final_below(const BlockTree::Entry& head) const {
    const BlockTree::Entry* at = &head;
    for (std::uint32_t keys = 0; at->parent; at = at->parent)
        if (is_key_block(*at->block) && ++keys > options().confirmations) break;
    return at;
}

}  // namespace interlock::chain::consensus
