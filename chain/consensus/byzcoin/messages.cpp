#include "chain/consensus/byzcoin/messages.hpp"

#include "vm/keccak.hpp"

namespace interlock::chain::consensus::byzcoin {

namespace {

ByteView bytes_of(const BlockRef& block) { return block ? ByteView(block->encoded) : ByteView{}; }

}  // namespace

// --- writing ---

void Message::append_content(rlp::Encoder& out) const {
    out.number(kind).number(view).number(height).string(block_hash);
    switch (kind) {
        case Request: out.string(transaction->encoded); break;
        case Work: out.number(election.winner).number(election.nonce); break;
        case Propose:
            out.string(bytes_of(block)).open();
            for (const Message& change : changes) change.append_to(out);
            out.close();
            break;
        case Prepare:
        case Commit:
        case Fetch: break;
        case Prepared:
        case Committed: certificate.append_to(out); break;
        case ViewChange:
            certificate.append_to(out);
            out.string(bytes_of(block));
            break;
        case Supply:
            certificate.append_to(out);
            out.open();
            for (const BlockRef& each : blocks) out.string(each->encoded);
            out.close();
            break;
    }
}

void Message::append_to(rlp::Encoder& out) const {
    out.open();
    append_content(out);
    pbft::append_vote(out, vote);
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

bool Message::read_item(const rlp::Item& item, Codec& codec, Message& message, bool is_inner) {
    Fields fields(item);
    const std::uint64_t kind = fields.number();
    if (!fields.ok() || kind > Supply || (is_inner && kind != ViewChange)) return false;
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
        case Work: {
            const std::uint64_t winner = fields.number();
            is_complete = winner < UINT32_MAX;
            message.election = {message.block_hash, static_cast<NodeId>(winner), fields.number()};
            break;
        }
        case Propose:
            message.block = read_block(fields.string());
            for (const rlp::Item& change : fields.list())
                is_complete &= read_item(change, codec, message.changes.emplace_back(), true);
            break;
        case Prepare:
        case Commit:
        case Fetch: break;
        case Prepared:
        case Committed: message.certificate = Certificate::read(Fields(fields.list_item())); break;
        case ViewChange:
            message.certificate = Certificate::read(Fields(fields.list_item()));
            if (const ByteView block = fields.string(); !block.empty()) message.block = read_block(block);
            break;
        case Supply:
            message.certificate = Certificate::read(Fields(fields.list_item()));
            for (const rlp::Item& block : fields.list())
                message.blocks.push_back(read_block(block.is_list() ? ByteView{} : block.string()));
            break;
    }
    message.vote = pbft::read_vote(Fields(fields.list_item()));
    return fields.ok() && fields.at_end() && is_complete;
}

std::optional<Message> Message::read(ByteView bytes, Codec& codec) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    Message message;
    if (!decoded.ok() || !read_item(decoded.item, codec, message, false)) return std::nullopt;
    return message;
}

}  // namespace interlock::chain::consensus::byzcoin
