#include <algorithm>

#include "chain/consensus/multipaxos/multipaxos.hpp"

namespace interlock::chain::consensus::paxos {

MessageRef Message::encoded() const {
    const auto write = [this](std::uint64_t checksum) {
        rlp::Encoder out;
        out.open().number(kind).number(ballot).number(height).number(decided);
        out.string(transaction ? ByteView(transaction->encoded) : ByteView{}).open();
        for (const Entry& entry : entries) out.open().number(entry.ballot).string(entry.block->encoded).close();
        out.close().number(checksum).close();
        return out.take();
    };
    return std::make_shared<const consensus::Message>(write(digest_of(write(0))));
}

std::optional<Message> Message::read(ByteView bytes, Codec& codec) {
    const rlp::Decoded decoded = rlp::decode(bytes);
    if (!decoded.ok()) return std::nullopt;
    Fields fields(decoded.item);
    Message message;
    const std::uint64_t kind = fields.number();
    if (kind > Supply) return std::nullopt;
    message.kind = static_cast<Kind>(kind);
    message.ballot = fields.number();
    message.height = fields.number();
    message.decided = fields.number();
    const ByteView transaction = fields.string();
    if (!transaction.empty()) message.transaction = codec.transaction(transaction);
    for (const rlp::Item& item : fields.list()) {
        Fields entry(item);
        const std::uint64_t ballot = entry.number();
        message.entries.push_back({ballot, codec.block(entry.string())});
        if (!entry.ok() || !message.entries.back().block) return std::nullopt;
    }
    (void)fields.number();  // the checksum, which is compared with all the rest
    const bool is_whole = fields.ok() && fields.at_end() && (kind != Request || message.transaction) &&
                          (kind != Accept || message.entries.size() == 1);
    if (!is_whole || !std::ranges::equal(message.encoded()->bytes(), bytes)) return std::nullopt;
    return message;
}

}  // namespace interlock::chain::consensus::paxos
