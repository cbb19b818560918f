// The normal case of ByzCoin: propose, prepare, commit, each vote answered by a certificate.

#include "chain/consensus/byzcoin/byzcoin.hpp"

#include <utility>

#include "chain/consensus/byzcoin/keys.hpp"
#include "chain/consensus/ledger.hpp"

namespace interlock::chain::consensus {

using byzcoin::Election, byzcoin::is_key_block;

namespace {

constexpr std::uint64_t certificate_distance = 64;  // blocks between those whose certificates are kept

}  // namespace

void ByzCoin::start(Env& env, const Durable& durable) {
    begin_with(env.genesis());
    certificates_[0] = {Phase::Commit, 0, 0, env.genesis()->hash, {}};
    key_ = env.genesis()->hash;
    for (NodeId node = 0; node < env.nodes(); ++node) nodes_[coinbase_of(node)] = node;
    members_ = Members(options_, env.nodes(), 1);
    council_ = elects_ ? byzcoin::Council(env.nodes(), options_.power, options_.council)
                       : byzcoin::Council::of_members(members_.at(1));
    restore(env, durable);
    tell_council(env);
    if (is_changing_) change_view(env, view_);
    else if (accepted_) repeat_votes(env);
    restart_timer(env);
    ask_somebody(env);
    mine(env);
}

std::uint64_t ByzCoin::digest() const {
    FingerprintMixer mixer = voting_digest();
    for (const std::uint32_t weight : council_.weights()) mixer.absorb(weight);
    return mixer.finish().low;
}

void ByzCoin::handle(Env& env, NodeId from, const Content& message) {
    switch (message.kind) {
        case Content::Request: return on_request(env, message.transaction);
        case Content::Work: return on_work(env, message.election);
        case Content::Propose: return on_propose(env, from, message);
        case Content::Prepare: return on_vote(env, from, Phase::Prepare, message);
        case Content::Prepared: return on_prepared(env, from, message);
        case Content::Commit: return on_vote(env, from, Phase::Commit, message);
        case Content::Committed: return on_committed(env, from, message);
        case Content::ViewChange: return on_view_change(env, from, message);
        case Content::Fetch: return supply(env, from, message.height);
        case Content::Supply: return on_supply(env, from, message);
    }
}

// --- proposals ---

// A key block goes before transactions: the council must not be able to stay as it is.
void ByzCoin::try_propose(Env& env) {
    const bool is_free = !is_changing_ && !accepted_ && !deciding_ && leader() == env.self();
    if (!is_free || (!election_ && pool_.empty()) || head()->height() >= options_.most_blocks) return;
    if (last_vote_ && last_vote_->first == view_) return;
    if (view_ > 0 && justification_.empty()) return;  // it was lost in a restart
    Draft draft{timestamp_at(env.now()), 0, {}, options_.block_transactions};
    if (election_) {
        draft.extra_data = election_->encode();
        draft.most_transactions = 0;
    }
    auto [header, transactions] = env.build(head(), draft, pool_.candidates(2 * options_.block_transactions));
    if (election_ || !transactions.empty()) propose(env, seal(header, std::move(transactions)));
}

void ByzCoin::propose(Env& env, const BlockRef& block) {
    if (!follows_head(env, block)) return;
    Content message = about(env, Content::Propose, Phase::Prepare, block);
    message.block = block;
    message.changes = justification_;
    accepted_ = block;
    last_vote_.emplace(view_, block->hash);
    save_and_send(env, {byzcoin::view_entry(next_height(), view_, false), byzcoin::vote_entry(view_, *block)}, std::nullopt,
                  message);
}

// Whether a block may be proposed that nobody must propose.
bool ByzCoin::may_follow(Env& env, const BlockRef& block) const {
    if (!is_key_block(*block)) {
        const bool is_overdue = election_ && env.now() - election_known_ > options_.timeout;
        return !block->transactions.empty() && !is_overdue;
    }
    const std::optional<Election> election = Election::of(block->header, key_);
    return elects_ && election && election->winner < env.nodes() && election->has_proof(options_.work_bits) &&
           block->transactions.empty();
}

void ByzCoin::on_propose(Env& env, NodeId from, const Content& message) {
    if (message.height < next_height()) return;
    if (message.height > next_height()) {
        keep(from, message);
        return fetch(env, from);
    }
    if (message.view < view_ || deciding_) return;
    const BlockRef& block = message.block;
    const NodeId proposer = council_.leader(message.view);
    const bool is_from_leader = message.vote.signer == proposer && proposer != env.self() &&
                                block->hash == message.block_hash && block->height() == message.height &&
                                block->parent() == head()->hash && is_signed_vote(env, Phase::Prepare, message);
    const bool is_other = last_vote_ && last_vote_->first == message.view && last_vote_->second != block->hash;
    if (!is_from_leader || is_other || !is_justified(env, message)) return;
    const Content* constraint = constraint_of(message.changes);
    if (constraint ? constraint->block->hash != block->hash
                   : block->header.coinbase != coinbase_of(proposer) || !may_follow(env, block))
        return;
    if (!env.execute(block).refusal.accepted()) return;
    const bool is_new_view = message.view > view_ || is_changing_;
    view_ = message.view;
    is_changing_ = false;
    accepted_ = block;
    changes_.erase(changes_.begin(), changes_.upper_bound(view_));
    if (is_new_view || !timer_) restart_timer(env);
    last_vote_.emplace(view_, block->hash);
    vote(env, Phase::Prepare, block, {byzcoin::view_entry(next_height(), view_, false), byzcoin::vote_entry(view_, *block)});
}

// --- votes and certificates ---

void ByzCoin::vote(Env& env, Phase phase, const BlockRef& block, Batch batch) {
    save_and_send(env, std::move(batch), leader(), vote_for(env, phase, block));
}

void ByzCoin::on_vote(Env& env, NodeId from, Phase phase, const Content& message) {
    if (message.height > next_height()) return fetch(env, from);
    if (message.height < next_height() || message.view != view_ || is_changing_ || leader() != env.self()) return;
    if (is_signed_vote(env, phase, message)) count(env, phase, message);
}

// Only the first vote of a node counts in each phase of a view. Who votes again has missed what came of it. A certificate
// says what it says, whatever this node has accepted itself.
void ByzCoin::count(Env& env, Phase phase, const Content& message) {
    const NodeId signer = message.vote.signer;
    const VoteKey key{phase, message.view, message.block_hash};
    if (council_.weight(signer) == 0) return;
    for (const auto& [other, signers] : votes_)
        if (other != key && std::get<0>(other) == phase && std::get<1>(other) == message.view && signers.contains(signer))
            return;
    std::map<NodeId, Signature>& signers = votes_[key];
    const bool is_new = signers.emplace(signer, message.vote.signature).second;
    if (const auto found = certified_.find(key); found != certified_.end()) {
        if (!is_new && signer != env.self()) env.send(signer, found->second);
        return;
    }
    std::uint32_t weight = 0;
    for (const auto& [node, signature] : signers) weight += council_.weight(node);
    if (weight < quorum()) return;
    Content certified;
    certified.kind = phase == Phase::Prepare ? Content::Prepared : Content::Committed;
    certified.view = message.view;
    certified.height = message.height;
    certified.block_hash = message.block_hash;
    certified.certificate = {phase, message.view, message.height, message.block_hash, {}};
    for (const auto& [node, signature] : signers) certified.certificate.votes.push_back({node, signature});
    env.broadcast(certified_[key] = certified.encoded());
    if (!accepted_ || accepted_->hash != message.block_hash) return;
    if (phase == Phase::Prepare) prepare(env, certified.certificate);
    else if (!deciding_) write_decided(env, {accepted_}, certified.certificate, byzcoin::certificate_key(message.height));
}

void ByzCoin::on_prepared(Env& env, NodeId from, const Content& message) {
    const Certificate& certificate = message.certificate;
    if (certificate.height < next_height() || certificate.phase != Phase::Prepare || certificate.view < view_) return;
    if (certificate.height > next_height()) {
        keep(from, message);
        return fetch(env, from);
    }
    if (prepared_ && prepared_->view == certificate.view) return;
    const bool is_here = certificate.view == view_ && !is_changing_ && accepted_ && accepted_->hash == certificate.block;
    if (!is_here) return fetch(env, from);
    if (!deciding_ && council_.weight_behind(env, certificate) >= quorum()) prepare(env, certificate);
}

void ByzCoin::prepare(Env& env, const Certificate& certificate) {
    prepared_ = certificate;
    prepared_block_ = accepted_;
    vote(env, Phase::Commit, accepted_, {byzcoin::prepared_entry(*prepared_, *accepted_)});
}

// What a quorum has committed is decided, in whatever view this node is.
void ByzCoin::on_committed(Env& env, NodeId from, const Content& message) {
    const Certificate& certificate = message.certificate;
    if (certificate.height < next_height() || certificate.phase != Phase::Commit || deciding_) return;
    if (certificate.height > next_height()) {
        keep(from, message);
        return fetch(env, from);
    }
    const BlockRef block = known_block(certificate.block);
    if (!block) return fetch(env, from);
    if (council_.weight_behind(env, certificate) >= quorum())
        write_decided(env, {block}, certificate, byzcoin::certificate_key(certificate.height));
}

void ByzCoin::on_persisted(Env& env, Timer then) {
    if (then.kind == Decided) return append_decided(env);
    const auto letter = take_from_outbox(then.number);
    if (!letter) return;
    const auto& [to, message] = *letter;
    if (message.height != next_height()) return;  // decided meanwhile
    const bool is_commit = message.kind == Content::Commit;
    if (message.kind == Content::ViewChange) env.ghost({Ghost::Promise, 0, message.height, message.view, {}});
    else env.ghost({Ghost::Vote, is_commit ? 1U : 0U, message.height, message.view, message.block_hash});
    if (to && *to != env.self()) return env.send(*to, message.encoded());
    if (!to) {
        const MessageRef encoded = message.encoded();
        if (message.kind == Content::Propose && message.view == view_ && !is_changing_) proposal_ = encoded;
        env.broadcast(encoded);
    }
    if (message.kind == Content::ViewChange) return on_view_change(env, env.self(), message);
    if (message.view == view_ && !is_changing_) count(env, is_commit ? Phase::Commit : Phase::Prepare, message);
}

// --- decisions ---

void ByzCoin::append_decided(Env& env) {
    if (!deciding_) return;
    const auto [blocks, certificate] = *std::exchange(deciding_, std::nullopt);
    certificates_[certificate.height] = certificate;
    for (const BlockRef& block : blocks) append(block);
    tell_council(env);
    for (const auto& [key, election] : std::exchange(early_elections_, {})) on_work(env, election);
    if (const auto supplier = std::exchange(supplier_, std::nullopt)) fetch(env, *supplier, true);
    suspicions_ = 0;
    restart_timer(env);
    retry_kept(env);
    try_propose(env);
}

// The block is decided and durable. The next height has a council and views of its own.
void ByzCoin::append(const BlockRef& block) {
    const BlockRef before = head();
    if (!council_ends_.contains(before->height()) && before->height() % certificate_distance != 0)
        certificates_.erase(before->height());
    const std::vector<std::uint32_t> weights = council_.weights();
    extend(block);
    const auto maker = nodes_.find(block->header.coinbase);
    NodeId next = maker == nodes_.end() ? 0 : maker->second;
    if (const std::optional<Election> election = Election::of(block->header, key_)) {
        council_.elect(next = election->winner);
        key_ = block->hash;
        election_.reset();
    }
    members_.append(*block);
    if (!elects_) council_ = byzcoin::Council::of_members(members_.at(next_height()));
    if (council_.weights() != weights || is_key_block(*block)) council_ends_.insert(block->height());
    council_.begin_with(next);
    view_ = 0;
    is_changing_ = false;
    accepted_ = prepared_block_ = nullptr;
    prepared_.reset();
    last_vote_.reset();
    justification_.clear();
    proposal_ = nullptr;
    votes_.clear();
    certified_.clear();
    changes_.clear();
}

}  // namespace interlock::chain::consensus
