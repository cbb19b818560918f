#include "chain/consensus/pbft/messages.hpp"

namespace interlock::chain::consensus::pbft {

void Message::append_content(rlp::Encoder& out) const {
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
        case NewView: append_changes(out, view_changes); break;
        case Supply:
            committed.append_to(out);
            append_blocks(out, blocks);
            break;
    }
}

bool Message::read_content(Fields& fields, Codec& codec) {
    switch (kind) {
        case Request: transaction = codec.transaction(fields.string()); return transaction != nullptr;
        case PrePrepare: block = codec.block(fields.string()); return block != nullptr;
        case Prepare:
        case Commit:
        case Fetch: return true;
        case ViewChange:
            committed = Certificate::read(Fields(fields.list_item()));
            prepared = Certificate::read(Fields(fields.list_item()));
            return read_block_or_none(fields, codec, block);
        case NewView: return read_changes(fields, codec, view_changes);
        case Supply: committed = Certificate::read(Fields(fields.list_item())); return read_blocks(fields, codec, blocks);
    }
    return false;
}

}  // namespace interlock::chain::consensus::pbft
