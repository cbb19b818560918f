// What the messages of PBFT and of ByzCoin share: a list of the kind, of what it is about, of what this kind carries, and of
// a vote.
#pragma once

#include "chain/consensus/pbft/certificate.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain::consensus::pbft {

// M has a `kind` up to `last_kind`, one of which is `ViewChange`; `append_content(rlp::Encoder&)`; and `read_content(Fields&,
// Codec&)`, which returns whether what the kind carries could be read.
template <class M>
struct VotingMessage {
    std::uint64_t view = 0, height = 0;
    Hash block_hash;
    Vote vote;  // in a proposal the proposer's own; in a view change of all that stands before it

    [[nodiscard]] static std::optional<M> read(ByteView bytes, Codec& codec) {
        const rlp::Decoded decoded = rlp::decode(bytes);
        M message;
        if (!decoded.ok() || !read_item(decoded.item, codec, message, false)) return std::nullopt;
        return message;
    }
    [[nodiscard]] MessageRef encoded() const {
        rlp::Encoder out;
        append_to(out);
        return std::make_shared<const consensus::Message>(out.take());
    }
    [[nodiscard]] Hash hash_to_sign() const {  // of a view change
        rlp::Encoder out;
        out.open();
        append_before_vote(out);
        out.close();
        return vm::keccak256(out.take());
    }

  protected:
    static void append_changes(rlp::Encoder& out, const std::vector<M>& changes) {
        out.open();
        for (const M& change : changes) change.append_to(out);
        out.close();
    }
    static void append_blocks(rlp::Encoder& out, const std::vector<BlockRef>& blocks) {
        out.open();
        for (const BlockRef& block : blocks) out.string(block->encoded);
        out.close();
    }
    [[nodiscard]] static bool read_changes(Fields& fields, Codec& codec, std::vector<M>& changes) {
        bool is_complete = true;
        for (const rlp::Item& item : fields.list()) is_complete &= read_item(item, codec, changes.emplace_back(), true);
        return is_complete;
    }
    [[nodiscard]] static bool read_blocks(Fields& fields, Codec& codec, std::vector<BlockRef>& blocks) {
        bool is_complete = true;
        for (const rlp::Item& item : fields.list()) {
            blocks.push_back(codec.block(item.is_list() ? ByteView{} : item.string()));
            is_complete &= blocks.back() != nullptr;
        }
        return is_complete;
    }
    // An empty string stands for no block.
    [[nodiscard]] static bool read_block_or_none(Fields& fields, Codec& codec, BlockRef& block) {
        const ByteView bytes = fields.string();
        if (!bytes.empty()) block = codec.block(bytes);
        return bytes.empty() || block;
    }

  private:
    void append_before_vote(rlp::Encoder& out) const {
        const M& message = static_cast<const M&>(*this);
        out.number(message.kind).number(view).number(height).string(block_hash);
        message.append_content(out);
    }
    void append_to(rlp::Encoder& out) const {
        out.open();
        append_before_vote(out);
        append_vote(out, vote);
        out.close();
    }
    [[nodiscard]] static bool read_item(const rlp::Item& item, Codec& codec, M& message, bool is_view_change) {
        Fields fields(item);
        const std::uint64_t kind = fields.number();
        if (!fields.ok() || kind > M::last_kind || (is_view_change && kind != M::ViewChange)) return false;
        message.kind = static_cast<typename M::Kind>(kind);
        message.view = fields.number();
        message.height = fields.number();
        message.block_hash = fields.hash();
        const bool is_complete = message.read_content(fields, codec);
        message.vote = read_vote(Fields(fields.list_item()));
        return fields.ok() && fields.at_end() && is_complete;
    }
};

}  // namespace interlock::chain::consensus::pbft
