#include "chain/consensus/proof_of_work/proof_of_work.hpp"

#include <bit>
#include <numeric>
#include <typeinfo>

namespace interlock::chain::consensus {

bool has_proof(const SealedBlock& block, std::uint32_t bits) {
    return vm::bit_length(vm::to_word(block.hash)) + bits <= 256;
}

BlockRef prove(Header header, std::vector<TransactionRef> transactions, std::uint32_t bits, Random& random) {
    header.nonce = random.next();
    while (vm::bit_length(vm::to_word(hash_of(header))) + bits > 256) ++header.nonce;
    return seal(header, std::move(transactions));
}

void ProofOfWork::start(Env& env, const Durable& durable) {
    TreeEngine::start(env, durable);
    mine(env);
}

void ProofOfWork::mine(Env& env) {
    const std::vector<std::uint32_t>& power = options().power;
    const bool is_equal = power.empty();
    const std::uint64_t own = is_equal ? 1 : power.at(env.self());
    const std::uint64_t all = is_equal ? env.nodes() : std::accumulate(power.begin(), power.end(), std::uint64_t{0});
    if (own == 0) return;
    const auto mean = static_cast<Nanoseconds>(Product(options().interval) * all / own);
    env.set_timer(env.random().exponential(mean), {});
}

// Engines that are made out of this one keep more.
std::optional<std::uint64_t> ProofOfWork::fingerprint() const {
    return typeid(*this) == typeid(ProofOfWork) ? std::optional(tree_fingerprint()) : std::nullopt;
}

void ProofOfWork::on_timer(Env& env, Timer) {
    const BlockRef parent = mined_on();
    if (parent->height() >= options().most_blocks) return;
    const Draft draft{timestamp_at(env.now()), block_work, {}, options().block_transactions};
    auto [header, transactions] =
        env.build(parent, draft, pool().candidates((options().confirmations + 2) * options().block_transactions));
    add_own(env, prove(header, std::move(transactions), options().work_bits, env.random()));
    mine(env);
}

bool ProofOfWork::accepts(Env&, const SealedBlock&, const SealedBlock& block) const {
    return block.header.difficulty == Word(block_work) && has_proof(block, options().work_bits);
}

}  // namespace interlock::chain::consensus
