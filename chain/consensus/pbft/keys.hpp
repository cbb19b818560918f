// What engines that vote write down, and under which keys.
#pragma once

#include "chain/consensus/pbft/certificate.hpp"

namespace interlock::chain::consensus::pbft {

inline constexpr DurableKey view_key{1, 0}, vote_key{1, 1}, prepared_key{1, 2};
[[nodiscard]] inline DurableKey block_key(std::uint64_t height) { return {2, height}; }

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

[[nodiscard]] inline Batch::value_type certificate_entry(const DurableKey& key, const Certificate& certificate) {
    rlp::Encoder out;
    certificate.append_to(out);
    return {key, std::make_shared<const Bytes>(out.take())};
}

// Calls `use` with the list that stands under the key, if there is one.
template <class F>
void read_entry(const Durable& durable, const DurableKey& key, F use) {
    const auto found = durable.find(key);
    if (found == durable.end()) return;
    const rlp::Decoded decoded = rlp::decode(*found->second);
    if (decoded.ok()) use(Fields(decoded.item));
}

}  // namespace interlock::chain::consensus::pbft
