// Nodes that are behind: those who were down or cut off are supplied with decided blocks, and a certificate for the last.

#include "chain/consensus/pbft/pbft.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr std::uint64_t most_blocks_at_once = 128;

}  // namespace

// Sends blocks from a height on: up to the head, or to the next checkpoint if that is far below it.
void Pbft::supply(Env& env, NodeId to, std::uint64_t height) {
    if (new_view_) env.send(to, new_view_);
    if (height == 0 || height > head()->height()) return;
    std::uint64_t end = head()->height();
    if (const auto checkpoint = checkpoints_.lower_bound(height); end - height > most_blocks_at_once)
        end = checkpoint->first;
    Content message;
    message.kind = Content::Supply;
    message.committed = checkpoints_.at(end);
    for (std::uint64_t at = height; at <= end; ++at) message.blocks.push_back(block_at(at));
    env.send(to, message.encoded());
}

void Pbft::on_supply(Env& env, const Content& message) {
    const Certificate& certificate = message.committed;
    if (deciding_ || certificate.height < next_height() || certificate.phase != Phase::Commit) return;
    std::vector<BlockRef> fresh;
    for (const BlockRef& block : message.blocks) {
        if (block->height() < next_height()) continue;
        const BlockRef& below = fresh.empty() ? head() : fresh.back();
        if (block->parent() != below->hash || !env.execute(block).refusal.accepted()) return;
        fresh.push_back(block);
    }
    const bool is_certified = !fresh.empty() && fresh.back()->hash == certificate.block &&
                              fresh.back()->height() == certificate.height && certificate.is_valid(env, quorum(env));
    if (is_certified) write_decided(env, std::move(fresh), certificate, certificate_key);
}

// What is on the disk was written by this node; a crash may have torn the last write, whose certificate is missing then.
void Pbft::restore(Env& env, const Durable& durable) {
    Certificate last;
    pbft::read_entry(durable, certificate_key, [&](Fields fields) { last = Certificate::read(fields); });
    if (!restore_chain(env, durable, last.height)) return;
    if (last.height > 0) checkpoints_[last.height] = last;
    pbft::read_entry(durable, pbft::view_key, [&](Fields fields) {
        view_ = fields.number();
        is_changing_ = fields.number() == 1;
        bound_height_ = fields.number();
        if (const ByteView bound = fields.string(); bound.size() == Hash::size)
            std::copy(bound.begin(), bound.end(), bound_.emplace().bytes.begin());
    });
    pbft::read_entry(durable, pbft::prepared_key, [&](Fields fields) {
        prepared_ = Certificate::read(Fields(fields.list_item()));
        prepared_block_ = env.codec().block(fields.string());
    });
    pbft::read_entry(durable, pbft::vote_key, [&](Fields fields) {
        const std::uint64_t view = fields.number();
        const BlockRef block = env.codec().block(fields.string());
        if (!block) return;
        last_vote_ = {view, block->height()};
        last_vote_block_ = block->hash;
        if (view == view_ && !is_changing_ && follows_head(env, block)) accepted_ = block;
    });
}

}  // namespace interlock::chain::consensus
