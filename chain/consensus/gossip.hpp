// The messages by which blocks and transactions spread from node to node.
#pragma once

#include "chain/consensus/engine.hpp"
#include "chain/genesis.hpp"

namespace interlock::chain::consensus {

struct Gossip {
    enum Kind : std::uint8_t { Transaction, Announce, Request, Block };
    static constexpr std::string_view names[] = {"transaction", "announce", "request", "block"};

    Kind kind = Transaction;
    Hash hash;  // of the block that is meant
    TransactionRef transaction;
    BlockRef block;

    [[nodiscard]] static std::optional<Gossip> read(ByteView bytes, Codec& codec);
};

[[nodiscard]] MessageRef message_of(const TransactionRef& transaction);
[[nodiscard]] MessageRef message_of(const BlockRef& block);
[[nodiscard]] MessageRef announcement_of(const Hash& block);
[[nodiscard]] MessageRef request_of(const Hash& block);

[[nodiscard]] inline std::uint64_t timestamp_at(Nanoseconds now) {
    return genesis_time + static_cast<std::uint64_t>(std::max<Nanoseconds>(now, 0) / second);
}

}  // namespace interlock::chain::consensus
