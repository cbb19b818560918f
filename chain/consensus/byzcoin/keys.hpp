// What ByzCoin writes down, under which keys. All of it but decided blocks is of the height above the last of those.
#pragma once

#include "chain/consensus/byzcoin/messages.hpp"

namespace interlock::chain::consensus::byzcoin {

inline constexpr DurableKey view_key{1, 0}, vote_key{1, 1}, prepared_key{1, 2};
[[nodiscard]] inline DurableKey block_key(std::uint64_t height) { return {2, height}; }
[[nodiscard]] inline DurableKey certificate_key(std::uint64_t height) { return {3, height}; }

// The view in which a node is, or for which it waits.
[[nodiscard]] inline Batch::value_type view_entry(std::uint64_t height, std::uint64_t view, bool is_changing) {
    rlp::Encoder out;
    out.open().number(height).number(view).number(is_changing ? 1 : 0).close();
    return {view_key, std::make_shared<const Bytes>(out.take())};
}

[[nodiscard]] inline Batch::value_type vote_entry(std::uint64_t view, const SealedBlock& block) {
    rlp::Encoder out;
    out.open().number(view).string(block.encoded).close();
    return {vote_key, std::make_shared<const Bytes>(out.take())};
}

[[nodiscard]] inline Batch::value_type prepared_entry(const Certificate& certificate, const SealedBlock& block) {
    rlp::Encoder out;
    out.open();
    certificate.append_to(out);
    out.string(block.encoded).close();
    return {prepared_key, std::make_shared<const Bytes>(out.take())};
}

[[nodiscard]] inline Batch::value_type certificate_entry(const Certificate& certificate) {
    rlp::Encoder out;
    certificate.append_to(out);
    return {certificate_key(certificate.height), std::make_shared<const Bytes>(out.take())};
}

}  // namespace interlock::chain::consensus::byzcoin
