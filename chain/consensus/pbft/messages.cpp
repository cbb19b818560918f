#include "chain/consensus/pbft/messages.hpp"

#include <set>

#include "vm/keccak.hpp"

namespace interlock::chain::consensus::pbft {

void append_vote(rlp::Encoder& out, const Vote& vote) {
    out.open().number(vote.signer).number(vote.signature.r).number(vote.signature.s);
    out.number(vote.signature.y_parity ? 1 : 0).close();
}

Vote read_vote(Fields fields) {
    Vote vote;
    vote.signer = static_cast<NodeId>(std::min<std::uint64_t>(fields.number(), UINT32_MAX));
    vote.signature = {fields.word(), fields.word(), fields.number() == 1};
    if (!fields.ok() || !fields.at_end()) vote.signer = UINT32_MAX;  // nobody's
    return vote;
}

Hash vote_hash(Phase phase, std::uint64_t view, std::uint64_t height, const Hash& block) {
    rlp::Encoder out;
    out.open().number(static_cast<std::uint64_t>(phase)).number(view).number(height).string(block).close();
    return vm::keccak256(out.take());
}

void Certificate::append_to(rlp::Encoder& out) const {
    out.open().number(static_cast<std::uint64_t>(phase)).number(view).number(height).string(block).open();
    for (const Vote& vote : votes) append_vote(out, vote);
    out.close().close();
}

Certificate Certificate::read(Fields fields) {
    Certificate certificate;
    certificate.phase = fields.number() == 0 ? Phase::Prepare : Phase::Commit;
    certificate.view = fields.number();
    certificate.height = fields.number();
    certificate.block = fields.hash();
    for (const rlp::Item& vote : fields.list()) certificate.votes.push_back(read_vote(Fields(vote)));
    return certificate;
}

bool Certificate::is_valid(Env& env, std::uint32_t quorum) const {
    if (height == 0) return block == env.genesis()->hash;
    std::set<NodeId> signers;
    const Hash signed_hash = vote_hash(phase, view, height, block);
    for (const Vote& vote : votes)
        if (!signers.contains(vote.signer) && env.verify(vote.signer, signed_hash, vote.signature))
            signers.insert(vote.signer);
    return signers.size() >= quorum;
}

// --- writing ---

void Message::append_content(rlp::Encoder& out) const {
    out.number(kind).number(view).number(height).string(block_hash);
    switch (kind) {
        case Request: out.string(transaction->encoded); break;
        case PrePrepare: out.string(block->encoded); break;
        case Prepare:
        case Commit:
        case Fetch: break;
        case ViewChange:
            committed.append_to(out);
            prepared.append_to(out);
            out.string(block ? ByteView(block->encoded) : ByteView{});
            break;
        case NewView:
            out.open();
            for (const Message& change : view_changes) change.append_to(out);
            out.close();
            break;
        case Supply:
            committed.append_to(out);
            out.open();
            for (const BlockRef& each : blocks) out.string(each->encoded);
            out.close();
            break;
    }
}

void Message::append_to(rlp::Encoder& out) const {
    out.open();
    append_content(out);
    append_vote(out, vote);
    out.close();
}

MessageRef Message::encoded() const {
    rlp::Encoder out;
    append_to(out);
    return std::make_shared<const consensus::Message>(out.take());
}

Hash Message::hash_to_sign() const {
    rlp::Encoder out;
    out.open();
    append_content(out);
    out.close();
    return vm::keccak256(out.take());
}

// --- reading ---

bool Message::read_item(const rlp::Item& item, Codec& codec, Message& message) {
    Fields fields(item);
    const std::uint64_t kind = fields.number();
    if (!fields.ok() || kind > Supply) return false;
    message.kind = static_cast<Kind>(kind);
    message.view = fields.number();
    message.height = fields.number();
    message.block_hash = fields.hash();
    bool is_complete = true;  // whether what it carries could be read
    const auto read_block = [&](ByteView bytes) {
        BlockRef block = codec.block(bytes);
        is_complete &= block != nullptr;
        return block;
    };
    switch (message.kind) {
        case Request:
            message.transaction = codec.transaction(fields.string());
            is_complete = message.transaction != nullptr;
            break;
        case PrePrepare: message.block = read_block(fields.string()); break;
        case Prepare:
        case Commit:
        case Fetch: break;
        case ViewChange:
            message.committed = Certificate::read(Fields(fields.list_item()));
            message.prepared = Certificate::read(Fields(fields.list_item()));
            if (const ByteView block = fields.string(); !block.empty()) message.block = read_block(block);
            break;
        case NewView:
            for (const rlp::Item& change : fields.list())
                is_complete &= read_item(change, codec, message.view_changes.emplace_back()) &&
                               message.view_changes.back().kind == ViewChange;
            break;
        case Supply:
            message.committed = Certificate::read(Fields(fields.list_item()));
            for (const rlp::Item& block : fields.list())
                message.blocks.push_back(read_block(block.is_list() ? ByteView{} : block.string()));
            break;
    }
    message.vote = read_vote(Fields(fields.list_item()));
    return fields.ok() && fields.at_end() && is_complete;
}

std::optional<Message> Message::read(ByteView bytes, Codec& codec) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    Message message;
    if (!decoded.ok() || !read_item(decoded.item, codec, message)) return std::nullopt;
    return message;
}

}  // namespace interlock::chain::consensus::pbft
