#include "chain/consensus/byzcoin/messages.hpp"

namespace interlock::chain::consensus::byzcoin {

void Message::append_content(rlp::Encoder& out) const {
    switch (kind) {
        case Request: out.string(transaction->encoded); break;
        case Work: out.number(election.winner).number(election.nonce); break;
        case Propose:
            out.string(block->encoded);
            append_changes(out, changes);
            break;
        case Prepare:
        case Commit:
        case Fetch: break;
        case Prepared:
        case Committed: certificate.append_to(out); break;
        case ViewChange:
            certificate.append_to(out);
            out.string(block ? ByteView(block->encoded) : ByteView{});
            break;
        case Supply:
            certificate.append_to(out);
            append_blocks(out, blocks);
            break;
    }
}

bool Message::read_content(Fields& fields, Codec& codec) {
    switch (kind) {
        case Request: transaction = codec.transaction(fields.string()); return transaction != nullptr;
        case Work: {
            const std::uint64_t winner = fields.number();
            election = {block_hash, static_cast<NodeId>(winner), fields.number()};
            return winner < UINT32_MAX;
        }
        case Propose: block = codec.block(fields.string()); return read_changes(fields, codec, changes) && block;
        case Prepare:
        case Commit:
        case Fetch: return true;
        case Prepared:
        case Committed: certificate = Certificate::read(Fields(fields.list_item())); return true;
        case ViewChange:
            certificate = Certificate::read(Fields(fields.list_item()));
            return read_block_or_none(fields, codec, block);
        case Supply: certificate = Certificate::read(Fields(fields.list_item())); return read_blocks(fields, codec, blocks);
    }
    return false;
}

}  // namespace interlock::chain::consensus::byzcoin
