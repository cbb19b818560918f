// What the public benchmark programs cost elsewhere: evmone 0.15 built by g++ 12, measured on another machine than yours.
#pragma once

#include <array>
#include <string_view>

namespace interlock::bench {

// What evmone needs for a run: microseconds, and millions of x86-64 instructions where they were counted.
struct Peer {
    std::string_view name;
    double microseconds, million_instructions;
};
inline constexpr std::array peers = {
    Peer{"main/blake2b_huff/8415nulls", 662 * 0.999, 6.75},
    Peer{"main/blake2b_shifts/8415nulls", 6589 * 0.918, 63.4},
    Peer{"main/sha1_divs/5311", 3834 * 0.940, 34.9},
    Peer{"main/sha1_shifts/5311", 2120 * 0.794, 19.1},
    Peer{"main/structarray_alloc/nfts_rank", 426 * 0.923, 4.93},
    Peer{"main/swap_math/received", 2.3 * 0.862, 0.0274},
    Peer{"main/weierstrudel/1", 0, 1.53},
    Peer{"main/weierstrudel/15", 1551 * 1.046, 15.6},
    Peer{"own/mulmod_secp256k1", 21368 * 0.962, 202},
    Peer{"own/keccak_chain", 6094 * 1.003, 105},
    Peer{"own/sqadd256", 31654 * 1.037, 300},
    Peer{"micro/jump_around/empty", 0, 0.229},
    Peer{"micro/signextend/zero", 0, 0.714},
    Peer{"micro/JUMPDEST_n0/empty", 0, 2.64},
};

[[nodiscard]] inline Peer peer_of(std::string_view name) {
    for (const Peer& peer : peers)
        if (peer.name == name) return peer;
    return {name, 0, 0};
}

}  // namespace interlock::bench
