#include "chain/consensus/gossip.hpp"

namespace interlock::chain::consensus {

namespace {

MessageRef message_of(Gossip::Kind kind, ByteView content) {
    rlp::Encoder out;
    out.open().number(kind).string(content).close();
    return std::make_shared<const Message>(out.take());
}

}  // namespace

MessageRef message_of(const TransactionRef& transaction) { return message_of(Gossip::Transaction, transaction->encoded); }
MessageRef message_of(const BlockRef& block) { return message_of(Gossip::Block, block->encoded); }
MessageRef announcement_of(const Hash& block) { return message_of(Gossip::Announce, block); }
MessageRef request_of(const Hash& block) { return message_of(Gossip::Request, block); }

std::optional<Gossip> Gossip::read(ByteView bytes, Codec& codec) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    if (!decoded.ok()) return std::nullopt;
    Fields fields(decoded.item);
    Gossip gossip;
    const std::uint64_t kind = fields.number();
    const ByteView content = fields.string();
    if (!fields.ok() || !fields.at_end() || kind > Block) return std::nullopt;
    gossip.kind = static_cast<Kind>(kind);
    switch (gossip.kind) {
        case Transaction: gossip.transaction = codec.transaction(content); break;
        case Block:
            gossip.block = codec.block(content);
            if (gossip.block) gossip.hash = gossip.block->hash;
            break;
        case Announce:
        case Request:
            if (content.size() != Hash::size) return std::nullopt;
            std::copy(content.begin(), content.end(), gossip.hash.bytes.begin());
            return gossip;
    }
    if (!gossip.transaction && !gossip.block) return std::nullopt;
    return gossip;
}

}  // namespace interlock::chain::consensus
