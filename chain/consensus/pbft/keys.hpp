// What PBFT writes down, under which keys, and what it waits for.
#pragma once

#include "chain/consensus/pbft/messages.hpp"

namespace interlock::chain::consensus::pbft {

inline constexpr std::uint64_t checkpoint_distance = 64;  // blocks whose certificates are kept for those far behind

enum TimerKind : std::uint32_t { Progress, Send, Decided, Status };

inline constexpr DurableKey view_key{1, 0}, vote_key{1, 1}, prepared_key{1, 2}, certificate_key{1, 3};
[[nodiscard]] inline DurableKey block_key(std::uint64_t height) { return {2, height}; }

[[nodiscard]] inline DurableValue vote_value(std::uint64_t view, const SealedBlock& block) {
    rlp::Encoder out;
    out.open().number(view).string(block.encoded).close();
    return std::make_shared<const Bytes>(out.take());
}

[[nodiscard]] inline DurableValue prepared_value(const Certificate& certificate, const SealedBlock& block) {
    rlp::Encoder out;
    out.open();
    certificate.append_to(out);
    out.string(block.encoded).close();
    return std::make_shared<const Bytes>(out.take());
}

[[nodiscard]] inline DurableValue certificate_value(const Certificate& certificate) {
    rlp::Encoder out;
    certificate.append_to(out);
    return std::make_shared<const Bytes>(out.take());
}

}  // namespace interlock::chain::consensus::pbft
