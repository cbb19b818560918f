// How nodes win shares of ByzCoin's council.

#include "chain/consensus/byzcoin/byzcoin.hpp"

#include <numeric>

namespace interlock::chain::consensus {

using byzcoin::Election;

namespace {

constexpr std::size_t most_early = 64;  // elections on key blocks that are not known yet

}  // namespace

// Finding takes an exponential time by the node's share of the power; a node never stops.
void ByzCoin::mine(Env& env) {
    if (!elects_) return;
    const std::vector<std::uint32_t>& power = options_.power;
    const std::uint64_t own = power.empty() ? 1 : power.at(env.self());
    const std::uint64_t all = power.empty() ? env.nodes() : std::accumulate(power.begin(), power.end(), std::uint64_t{0});
    if (own == 0) return;
    const auto mean = static_cast<Nanoseconds>(Product(options_.interval) * all / own);
    env.set_timer(env.random().exponential(mean), {Mine, 0});
}

void ByzCoin::find_key(Env& env) {
    mine(env);
    if (head()->height() >= options_.most_blocks) return;
    Content message;
    message.kind = Content::Work;
    message.election = Election::won(key_, env.self(), options_.work_bits, env.random());
    message.block_hash = key_;
    env.broadcast(message.encoded());
    on_work(env, message.election);
}

// Of several the least hash is preferred, so that leaders agree on whose it is.
void ByzCoin::on_work(Env& env, const Election& election) {
    if (!elects_ || election.winner >= env.nodes() || !election.has_proof(options_.work_bits)) return;
    if (election.key != key_) {
        if (!has_decided(election.key) && early_elections_.size() < most_early)
            early_elections_.emplace(election.key, election);
        return;
    }
    if (election_ && !(election.hash() < election_->hash())) return;
    if (!election_) election_known_ = env.now();
    election_ = election;
    if (!timer_) restart_timer(env);
    try_propose(env);
}

// For checkers: what each node's vote weighs at the next height.
void ByzCoin::tell_council(Env& env) const {
    const auto weights = std::make_shared<const std::vector<std::uint32_t>>(council_.weights());
    env.ghost({Ghost::Council, 0, next_height(), 0, {}, weights});
}

}  // namespace interlock::chain::consensus
