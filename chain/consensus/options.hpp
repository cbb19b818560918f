// What all engines can be told; each reads what concerns it.
#pragma once

#include <optional>
#include <string>

#include "chain/consensus/block_tree.hpp"
#include "chain/consensus/random.hpp"

namespace interlock::chain::consensus {

struct EngineOptions {
    Nanoseconds interval = 12 * second;  // between blocks: the mean with proof of work, the slot with proof of authority
    Nanoseconds timeout = 500 * millisecond;  // until a leader is suspected, or something is asked for again
    std::uint32_t reminders = 1;              // PBFT: timeouts that only remind the others, before a primary is given up
    std::size_t block_transactions = 200;     // at most
    std::uint32_t window = 8;                 // MultiPaxos: blocks that the leader proposes ahead of what is decided
    std::vector<NodeId> members;              // MultiPaxos, LinearPbft: who votes at first; empty: all nodes
    std::optional<Address> steward;           // likewise: whose transactions may change that; none: it stays so
    std::uint32_t quorum = 0;                 // 0: the right one for the number of nodes; others are for tests
    std::string ordering_service;             // ZooKeeper: where its servers are, "127.0.0.1:2181,…"

    // Proof of work
    std::uint32_t confirmations = 6;   // blocks on top of one that is taken for final
    std::vector<std::uint32_t> power;  // each node's share of the work, or its stake; empty: all the same
    std::uint32_t work_bits = 4;       // zero bits that a block's hash starts with; the time is drawn, not worked
    bool takes_ommers = false;         // blocks name stale ones, whose finders are paid
    bool adjusts_difficulty = false;   // it follows the times of the blocks, so that these keep their interval
    TieBreak tie_break = TieBreak::SmallerHash;
    bool relays = true;                      // whether nodes pass on what they receive
    bool pushes = false;                     // whether blocks are sent at once, not announced and asked for
    Nanoseconds micro_interval = second;     // Bitcoin-NG: between a leader's blocks at least
    std::uint32_t council = 144;             // ByzCoin: the last key blocks, each a share of the votes
    std::uint64_t most_blocks = UINT64_MAX;  // nobody mines above this height
};

}  // namespace interlock::chain::consensus
