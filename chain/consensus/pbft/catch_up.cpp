// Nodes that are behind: those who were down or cut off are supplied with decided blocks, and a certificate for the last.

#include "chain/consensus/pbft/keys.hpp"
#include "chain/consensus/pbft/pbft.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr Nanoseconds status_timeouts = 4;  // between questions whether there is something new

}  // namespace

// Asks for what is decided above the head; not more often than a quarter of the timeout.
void Pbft::fetch(Env& env, NodeId from) {
    if (from == env.self() || from >= env.nodes() ||
        (fetched_ && env.now() - *fetched_ < options_.timeout / 4 && env.now() >= *fetched_))
        return;
    fetched_ = env.now();
    Content message;
    message.kind = Content::Fetch;
    message.height = next_height();
    env.send(from, message.encoded());
}

// Whoever missed the last message of all would never know: from time to time each node asks another one.
void Pbft::ask_somebody(Env& env) {
    if (env.peers().empty()) return;
    fetch(env, env.peers()[env.random().below(env.peers().size())]);
    env.set_timer(status_timeouts * options_.timeout, {pbft::Status, 0});
}

// Sends blocks from a height on: up to the head, or to the next checkpoint if that is far below it.
void Pbft::supply(Env& env, NodeId to, std::uint64_t height) {
    if (new_view_) env.send(to, new_view_);
    if (height == 0 || height > head()->height()) return;
    std::uint64_t end = head()->height();
    if (const auto checkpoint = checkpoints_.lower_bound(height); end - height > 2 * pbft::checkpoint_distance)
        end = checkpoint->first;
    Content message;
    message.kind = Content::Supply;
    message.committed = checkpoints_.at(end);
    for (std::uint64_t at = height; at <= end; ++at) message.blocks.push_back(chain_[at]);
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
    if (is_certified) write_decided(env, std::move(fresh), certificate);
}

// What is on the disk was written by this node; a crash may have torn the last write, whose certificate is missing then.
void Pbft::restore(Env& env, const Durable& durable) {
    const auto fields_of = [&](const DurableKey& key, auto use) {
        const auto found = durable.find(key);
        if (found == durable.end()) return;
        const rlp::Decoded decoded = rlp::decode(*found->second);
        if (decoded.ok()) use(decoded.item);
    };
    Certificate last;
    fields_of(pbft::certificate_key, [&](const rlp::Item& item) { last = Certificate::read(Fields(item)); });
    for (std::uint64_t height = 1; height <= last.height; ++height) {
        const auto found = durable.find(pbft::block_key(height));
        const BlockRef block = found == durable.end() ? nullptr : env.codec().block(*found->second);
        if (!block || block->parent() != head()->hash || !env.execute(block).refusal.accepted()) return;
        append(block);
    }
    if (last.height > 0) checkpoints_[last.height] = last;
    fields_of(pbft::view_key, [&](const rlp::Item& item) {
        Fields fields(item);
        view_ = fields.number();
        is_changing_ = fields.number() == 1;
        bound_height_ = fields.number();
        if (const ByteView bound = fields.string(); bound.size() == Hash::size)
            std::copy(bound.begin(), bound.end(), bound_.emplace().bytes.begin());
    });
    fields_of(pbft::prepared_key, [&](const rlp::Item& item) {
        Fields fields(item);
        prepared_ = Certificate::read(Fields(fields.list_item()));
        prepared_block_ = env.codec().block(fields.string());
    });
    fields_of(pbft::vote_key, [&](const rlp::Item& item) {
        Fields fields(item);
        const std::uint64_t view = fields.number();
        const BlockRef block = env.codec().block(fields.string());
        last_vote_ = {view, block->height()};
        last_vote_block_ = block->hash;
        if (view == view_ && !is_changing_ && block->parent() == head()->hash && env.execute(block).refusal.accepted())
            accepted_ = block;
    });
}

}  // namespace interlock::chain::consensus
