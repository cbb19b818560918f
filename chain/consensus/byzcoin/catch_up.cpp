// Nodes that are behind: they are supplied with decided blocks up to a certificate by a council that they know.

#include "chain/consensus/byzcoin/byzcoin.hpp"
#include "chain/consensus/byzcoin/keys.hpp"

namespace interlock::chain::consensus {

// Sends blocks from a height on, up to the next certificate that is kept: never past a block behind which another council
// certifies. Whoever is at this height and misses the proposal gets that.
void ByzCoin::supply(Env& env, NodeId to, std::uint64_t height) {
    if (to == env.self()) return;
    if (height == next_height() && proposal_) return env.send(to, proposal_);
    const auto certificate = certificates_.lower_bound(height);
    if (height == 0 || certificate == certificates_.end()) return;
    Content message;
    message.kind = Content::Supply;
    message.height = head()->height();
    message.certificate = certificate->second;
    for (std::uint64_t at = height; at <= certificate->first; ++at) message.blocks.push_back(block_at(at));
    env.send(to, message.encoded());
}

void ByzCoin::on_supply(Env& env, NodeId from, const Content& message) {
    const Certificate& certificate = message.certificate;
    if (deciding_ || certificate.height < next_height() || certificate.phase != Phase::Commit) return;
    std::vector<BlockRef> fresh;
    Members members = members_;
    for (const BlockRef& block : message.blocks) {
        if (block->height() < next_height()) continue;
        const BlockRef& below = fresh.empty() ? head() : fresh.back();
        const bool is_of_other_council =
            (!fresh.empty() && byzcoin::is_key_block(*below)) || members.at(block->height()) != members_.at(next_height());
        if (block->parent() != below->hash || is_of_other_council || !env.execute(block).refusal.accepted()) return;
        fresh.push_back(block);
        members.append(*block);
    }
    const bool is_certified = !fresh.empty() && fresh.back()->hash == certificate.block &&
                              fresh.back()->height() == certificate.height &&
                              council_.weight_behind(env, certificate) >= quorum();
    if (!is_certified) return;
    write_decided(env, std::move(fresh), certificate, byzcoin::certificate_key(certificate.height));
    if (message.height > certificate.height) supplier_ = from;
}

// What is on the disk was written by this node; a crash may have torn the last write, whose certificate is missing then.
void ByzCoin::restore(Env& env, const Durable& durable) {
    std::map<std::uint64_t, Certificate> certificates;
    for (const auto& [key, value] : durable)
        if (key.first == byzcoin::certificate_key(0).first)
            pbft::read_entry(durable, key, [&certificates, height = key.second](Fields fields) {
                certificates[height] = Certificate::read(fields);
            });
    if (!certificates.empty() && !restore_chain(env, durable, certificates.rbegin()->first)) return;
    certificates_.merge(certificates);
    pbft::read_entry(durable, pbft::view_key, [&](Fields fields) {
        if (fields.number() != next_height()) return;
        view_ = fields.number();
        is_changing_ = fields.number() == 1;
    });
    pbft::read_entry(durable, pbft::prepared_key, [&](Fields fields) {
        const Certificate prepared = Certificate::read(Fields(fields.list_item()));
        if (prepared.height != next_height()) return;
        prepared_ = prepared;
        prepared_block_ = env.codec().block(fields.string());
    });
    pbft::read_entry(durable, pbft::vote_key, [&](Fields fields) {
        const std::uint64_t view = fields.number();
        const BlockRef block = env.codec().block(fields.string());
        if (!follows_head(env, block)) return;
        last_vote_.emplace(view, block->hash);
        if (view == view_ && !is_changing_) accepted_ = block;
    });
}

// What this node has said at this height may not have reached anybody. A leader of a later view has lost what justified
// its proposal if it was restarted: the others will leave that view.
void ByzCoin::repeat_votes(Env& env) {
    const BlockRef block = accepted_;
    const bool leads = leader() == env.self();
    if (leads && proposal_) env.broadcast(proposal_);
    else if (leads && view_ == 0 && certified_.empty()) propose(env, block);
    else if (!leads) vote(env, Phase::Prepare, block, {});
    for (const auto& [key, certificate] : certified_) env.broadcast(certificate);
    if (prepared_ && prepared_->view == view_ && prepared_->block == block->hash) vote(env, Phase::Commit, block, {});
}

}  // namespace interlock::chain::consensus
