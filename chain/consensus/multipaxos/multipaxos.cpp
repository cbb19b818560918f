// Acceptors and learners of MultiPaxos.

#include "chain/consensus/multipaxos/multipaxos.hpp"

#include <utility>

namespace interlock::chain::consensus {

namespace {

constexpr DurableKey ballot_key{1, 0}, decided_key{1, 1};
DurableKey entry_key(std::uint64_t height) { return {2, height}; }

DurableValue number_value(std::uint64_t number) {
    return std::make_shared<const Bytes>(rlp::Encoder().number(number).take());
}

DurableValue entry_value(const paxos::Entry& entry) {
    rlp::Encoder out;
    out.open().number(entry.ballot).string(entry.block->encoded).close();
    return std::make_shared<const Bytes>(out.take());
}

constexpr std::size_t most_supplied = 500, most_early = 1000;

}  // namespace

void MultiPaxos::start(Env& env, const Durable& durable) {
    begin_with(env.genesis());
    members_ = Members(options_, env.nodes(), options_.window);
    restore(env, durable);
    tell_members(env, decided() + 1);
    wait_for_leader(env, env.self() == 0 && durable.empty() ? 0 : options_.timeout);
}

// What a crash tore is a block without the number that says it is decided.
void MultiPaxos::restore(Env& env, const Durable& durable) {
    const auto number_of = [&](const DurableKey& key) {
        const auto found = durable.find(key);
        return found == durable.end() ? 0 : rlp::as_u64(rlp::decode(*found->second).item).value_or(0);
    };
    ballot_ = number_of(ballot_key);
    const std::uint64_t decided = number_of(decided_key);
    for (const auto& [key, value] : durable) {
        if (key.first != entry_key(0).first) continue;
        const rlp::Decoded decoded = rlp::decode(*value);
        Fields fields(decoded.item);
        const std::uint64_t ballot = fields.number();
        const BlockRef block = env.codec().block(fields.string());
        if (!block || !env.execute(block).refusal.accepted()) return;
        if (key.second > decided) {
            accepted_[key.second] = {ballot, block};
            continue;
        }
        append(block);
    }
}

bool MultiPaxos::is_quorum(const Env& env, std::uint64_t height, std::span<const NodeId> nodes) const {
    if (members_.may_change() || !options_.members.empty()) return members_.is_majority(height, nodes);
    return nodes.size() >= (options_.quorum != 0 ? options_.quorum : env.nodes() / 2 + 1);
}

// For checkers: who votes at the heights that are known.
void MultiPaxos::tell_members(Env& env, std::uint64_t from) const {
    if (!members_.may_change() && options_.members.empty()) return;
    for (std::uint64_t height = from; height <= members_.known_up_to(); ++height)
        env.ghost(
            {Ghost::Council, 0, height, 0, {}, std::make_shared<const std::vector<std::uint32_t>>(members_.at(height))});
}

std::uint64_t MultiPaxos::digest() const {
    FingerprintMixer mixer({ballot_, decided()});
    mixer.absorb(vm::to_word(head()->hash)).absorb(is_leading_ ? 2 : is_candidate_ ? 1 : 0).absorb(pool_.size());
    for (const auto& [height, entry] : accepted_) mixer.absorb(entry.ballot).absorb(vm::to_word(entry.block->hash));
    return mixer.finish().low;
}

void MultiPaxos::send(Env& env, NodeId to, Content message) {
    message.decided = decided();
    env.send(to, message.encoded());
}

void MultiPaxos::save_and_send(Env& env, Batch batch, NodeId to, Content message) {
    outbox_.emplace(++outbox_count_, std::pair(to, std::move(message)));
    env.persist(std::move(batch), {Send, outbox_count_});
}

void MultiPaxos::on_message(Env& env, NodeId from, const MessageRef& message) {
    const auto* content = message->as<Content>(env.codec());
    if (!content) return;
    switch (content->kind) {
        case Content::Request: return on_request(env, content->transaction);
        case Content::Prepare: return on_prepare(env, from, *content);
        case Content::Promise: return on_promise(env, from, *content);
        case Content::Accept: return on_accept(env, from, *content);
        case Content::Accepted: return on_accepted(env, from, *content);
        case Content::Heartbeat:
            if (follow(env, from, content->ballot)) learn(env, from, *content);
            return;
        case Content::Reject:
            if (content->ballot > ballot_) step_down(env, content->ballot);
            return;
        case Content::Fetch: {
            Content supply;
            supply.kind = Content::Supply;
            for (std::uint64_t height = content->height; height <= decided() && supply.entries.size() < most_supplied;
                 ++height)
                if (height > 0) supply.entries.push_back({0, block_at(height)});
            if (!supply.entries.empty()) send(env, from, std::move(supply));
            return;
        }
        case Content::Supply: return on_supply(env, *content);
    }
}

// --- requests ---

// The leader puts it into a block; everybody else keeps it, and sends it to whoever leads.
void MultiPaxos::on_submit(Env& env, const TransactionRef& transaction) {
    on_request(env, transaction);
    if (is_leading_ || leader(env) == env.self()) return;
    Content request;
    request.transaction = transaction;
    send(env, leader(env), std::move(request));
}

void MultiPaxos::on_request(Env& env, const TransactionRef& transaction) {
    if (env.admits(head(), transaction->transaction) && pool_.add(transaction) && is_leading_) try_propose(env);
}

// --- acceptors ---

// Whether a leader's ballot may be followed; an older leader is told of the newer ballot.
bool MultiPaxos::follow(Env& env, NodeId from, std::uint64_t ballot) {
    if (ballot < ballot_) {
        Content reject;
        reject.kind = Content::Reject;
        reject.ballot = ballot_;
        send(env, from, std::move(reject));
        return false;
    }
    if (ballot > ballot_) step_down(env, ballot);
    wait_for_leader(env, options_.timeout);
    return true;
}

void MultiPaxos::on_prepare(Env& env, NodeId from, const Content& message) {
    const bool is_asked_again = message.ballot == ballot_ && members_.may_change() && from == leader(env);
    if (!is_asked_again && (message.ballot <= ballot_ || !follow(env, from, message.ballot))) {
        if (message.ballot == ballot_) return;  // promised already
        return void(follow(env, from, message.ballot));
    }
    Content promise;
    promise.kind = Content::Promise;
    promise.ballot = ballot_;
    for (const auto& [height, entry] : accepted_) promise.entries.push_back(entry);
    save_and_send(env, {{ballot_key, number_value(ballot_)}}, from, std::move(promise));
}

// Whether a block may be accepted now: its predecessor is decided, or accepted in the same ballot.
bool MultiPaxos::fits(std::uint64_t ballot, const BlockRef& block) const {
    if (block->height() == decided() + 1) return block->parent() == head()->hash;
    const auto below = accepted_.find(block->height() - 1);
    return below != accepted_.end() && below->second.ballot == ballot && below->second.block->hash == block->parent();
}

void MultiPaxos::on_accept(Env& env, NodeId from, const Content& message) {
    if (!follow(env, from, message.ballot)) return;
    if (message.height <= decided()) {  // the leader does not know that this is decided
        Content reply;
        reply.kind = Content::Accepted;
        reply.ballot = message.ballot;
        return send(env, from, std::move(reply));
    }
    for (const TransactionRef& tx : message.entries[0].block->transactions) pool_.add(tx);
    if (early_.size() < most_early) early_[message.height] = message;
    for (auto at = early_.begin(); at != early_.end(); at = early_.erase(at)) {
        const BlockRef& block = at->second.entries[0].block;
        if (block->height() <= decided()) continue;
        if (!fits(message.ballot, block)) break;
        if (!env.execute(block).refusal.accepted()) continue;
        const Entry& entry = accepted_[block->height()] = {message.ballot, block};
        Content reply;
        reply.kind = Content::Accepted;
        reply.ballot = message.ballot;
        reply.height = block->height();
        save_and_send(env, {{ballot_key, number_value(ballot_)}, {entry_key(block->height()), entry_value(entry)}}, from,
                      std::move(reply));
    }
    learn(env, from, message);
}

void MultiPaxos::on_persisted(Env& env, Timer then) {
    if (then.kind == Decided) return append_decided(env);
    const auto found = outbox_.find(then.number);
    if (found == outbox_.end()) return;
    const auto [to, message] = std::move(found->second);
    outbox_.erase(found);
    if (message.kind == Content::Promise) env.ghost({Ghost::Promise, 0, Ghost::every_instance, message.ballot, {}});
    if (message.kind == Content::Accepted) {
        const auto entry = accepted_.find(message.height);
        if (entry != accepted_.end() && entry->second.ballot == message.ballot)
            env.ghost({Ghost::Vote, 0, message.height, message.ballot, entry->second.block->hash});
    }
    if (to != env.self()) return send(env, to, message);
    if (message.kind == Content::Promise) on_promise(env, to, message);
    if (message.kind == Content::Accepted) on_accepted(env, to, message);
}

// --- learners ---

// What the leader of a ballot says is decided, and was accepted in its ballot, is what it says.
void MultiPaxos::learn(Env& env, NodeId from, const Content& message) {
    if (deciding_) return;
    std::vector<BlockRef> fresh;
    for (std::uint64_t height = decided() + 1; height <= message.decided; ++height) {
        const auto entry = accepted_.find(height);
        if (entry == accepted_.end() || entry->second.ballot != message.ballot) break;
        fresh.push_back(entry->second.block);
    }
    if (!fresh.empty()) write_decided(env, std::move(fresh));
    else if (message.decided > decided()) fetch(env, from);
}

void MultiPaxos::write_decided(Env& env, std::vector<BlockRef> blocks) {
    Batch batch;
    for (const BlockRef& block : blocks) batch.emplace_back(entry_key(block->height()), entry_value({ballot_, block}));
    batch.emplace_back(decided_key, number_value(blocks.back()->height()));
    deciding_ = std::move(blocks);
    env.persist(std::move(batch), {Decided, 0});
}

// The block is decided and durable.
void MultiPaxos::append(const BlockRef& block) {
    extend(block);
    members_.append(*block);
}

void MultiPaxos::append_decided(Env& env) {
    if (!deciding_) return;
    const std::vector<BlockRef> blocks = *std::exchange(deciding_, std::nullopt);
    for (const BlockRef& block : blocks) append(block);
    tell_members(env, decided() - blocks.size() + options_.window + 1);
    accepted_.erase(accepted_.begin(), accepted_.upper_bound(decided()));
    supporters_.erase(supporters_.begin(), supporters_.upper_bound(decided()));
    if (is_candidate_) try_lead(env);
    if (!is_leading_) return;
    on_accepted(env, env.self(), {});
    try_propose(env);
}

void MultiPaxos::fetch(Env& env, NodeId from) {
    if (!may_ask(env)) return;
    has_asked(env);
    Content message;
    message.kind = Content::Fetch;
    message.height = decided() + 1;
    send(env, from, std::move(message));
}

void MultiPaxos::on_supply(Env& env, const Content& message) {
    if (deciding_) return;
    std::vector<BlockRef> fresh;
    for (const Entry& entry : message.entries) {
        if (entry.block->height() <= decided()) continue;
        const BlockRef& below = fresh.empty() ? head() : fresh.back();
        if (entry.block->parent() != below->hash || !env.execute(entry.block).refusal.accepted()) return;
        fresh.push_back(entry.block);
    }
    if (!fresh.empty()) write_decided(env, std::move(fresh));
}

}  // namespace interlock::chain::consensus
