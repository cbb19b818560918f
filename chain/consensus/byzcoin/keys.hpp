// What ByzCoin writes down besides what all engines that vote do. All of it but decided blocks is of the height above the
// last of those.
#pragma once

#include "chain/consensus/pbft/keys.hpp"

namespace interlock::chain::consensus::byzcoin {

using pbft::vote_entry, pbft::prepared_entry;

[[nodiscard]] inline DurableKey certificate_key(std::uint64_t height) { return {3, height}; }

// The view in which a node is, or for which it waits.
[[nodiscard]] inline Batch::value_type view_entry(std::uint64_t height, std::uint64_t view, bool is_changing) {
    rlp::Encoder out;
    out.open().number(height).number(view).number(is_changing ? 1 : 0).close();
    return {pbft::view_key, std::make_shared<const Bytes>(out.take())};
}

}  // namespace interlock::chain::consensus::byzcoin
