#include "chain/consensus/proof_of_work/proof_of_work.hpp"

#include <numeric>
#include <set>
#include <typeinfo>

#include "chain/difficulty.hpp"
#include "chain/ommer_rules.hpp"

namespace interlock::chain::consensus {

namespace {

// The genesis counts as if it had been worked for.
Word work_of(const SealedBlock& block) { return block.height() == 0 ? Word(block_work) : block.header.difficulty; }

}  // namespace

bool has_proof(const Hash& block, std::uint32_t bits) { return vm::bit_length(vm::to_word(block)) + bits <= 256; }

BlockRef prove(Header header, std::vector<TransactionRef> transactions, std::uint32_t bits, Random& random,
               std::vector<Header> ommers) {
    header.nonce = random.next();
    while (!has_proof(hash_of(header), bits)) ++header.nonce;
    return seal(header, std::move(transactions), std::move(ommers));
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
    Product time = Product(options().interval) * all / own;
    if (options().adjusts_difficulty) time = time * work_of(*mined_on()).low64() / block_work;
    finding_ = env.set_timer(env.random().exponential(static_cast<Nanoseconds>(time)), {});
}

// Where blocks on the new head take another time: with an exponential one nothing is lost by beginning again.
void ProofOfWork::on_new_head(Env& env) {
    if (!options().adjusts_difficulty || !finding_) return;
    env.cancel(*finding_);
    mine(env);
}

// Engines that are made out of this one keep more.
std::optional<std::uint64_t> ProofOfWork::fingerprint() const {
    return typeid(*this) == typeid(ProofOfWork) ? std::optional(tree_fingerprint()) : std::nullopt;
}

void ProofOfWork::on_timer(Env& env, Timer) {
    const BlockRef parent = mined_on();
    if (parent->height() >= options().most_blocks) return;
    const std::uint64_t timestamp = std::max(timestamp_at(env.now()), parent->header.timestamp + 1);
    Draft draft{timestamp, difficulty_on(*parent, timestamp), {}, options().block_transactions, ommers_on(*parent)};
    auto [header, transactions] =
        env.build(parent, draft, pool().candidates((options().confirmations + 2) * options().block_transactions));
    finding_.reset();
    add_own(env, prove(header, std::move(transactions), options().work_bits, env.random(), std::move(draft.ommers)));
    mine(env);
}

bool ProofOfWork::accepts(Env&, const SealedBlock& parent, const SealedBlock& block) const {
    const auto is_worked = [this](const SealedBlock& below, const Header& header, const Hash& hash) {
        return header.timestamp > below.header.timestamp && header.difficulty == difficulty_on(below, header.timestamp) &&
               has_proof(hash, options().work_bits);
    };
    const auto is_worked_ommer = [&](const Header& ommer) {
        const BlockTree::Entry* below = tree().find(ommer.parent_hash);
        return below && is_worked(*below->block, ommer, hash_of(ommer));
    };
    return is_worked(parent, block.header, block.hash) && std::ranges::all_of(block.ommers, is_worked_ommer);
}

// The rule keeps a mean of `seconds` / ln 2 between blocks: then as many are quicker than `seconds` as it takes.
Word ProofOfWork::difficulty_on(const SealedBlock& parent, std::uint64_t timestamp) const {
    if (!options().adjusts_difficulty) return block_work;
    DifficultyRule rule = block_rules_of(vm::Fork::Byzantium).difficulty;
    rule.seconds = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(options().interval) * 693 / 1000 / second);
    rule.bomb_delay = UINT64_MAX;
    const Header& header = parent.header;
    return next_difficulty(rule, {work_of(parent), header.timestamp, !parent.ommers.empty()}, header.number + 1, timestamp);
}

// Stale blocks on recent ancestors, the oldest first, that no ancestor has named.
std::vector<Header> ProofOfWork::ommers_on(const SealedBlock& parent) const {
    std::vector<BlockRef> found;
    if (!options().takes_ommers) return {};
    std::set<Hash> ancestors, taken;
    const BlockTree::Entry* at = tree().find(parent.hash);
    for (std::uint64_t depth = 0; at && depth <= ommer_depth; at = at->parent, ++depth) {
        if (depth > 0) ancestors.insert(at->block->hash);  // whose children an ommer may be
        taken.insert(at->block->hash);
        for (const Header& ommer : at->block->ommers) taken.insert(hash_of(ommer));
    }
    for (const auto& [hash, entry] : tree().entries())
        if (ancestors.contains(entry.block->parent()) && !taken.contains(hash)) found.push_back(entry.block);
    std::ranges::sort(found, {}, [](const BlockRef& block) { return std::pair(block->height(), block->hash.bytes); });
    std::vector<Header> ommers;
    for (const BlockRef& block : found)
        if (ommers.size() < max_ommers) ommers.push_back(block->header);
    return ommers;
}

}  // namespace interlock::chain::consensus
