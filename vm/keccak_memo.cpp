#include "vm/keccak_memo.hpp"

#include <cstring>

#include "vm/keccak.hpp"

namespace interlock::vm {

const Hash& KeccakMemo::hash(ByteView input) {
    Lanes lanes{};
    std::memcpy(lanes.data(), input.data(), input.size());
    // Keys and slots differ mostly in the last bytes of a word, which are the highest ones of its last lane.
    const std::uint64_t mixed =
        (lanes[3] ^ lanes[2]) * 0x9e3779b97f4a7c15ULL + (lanes[7] ^ lanes[1] ^ lanes[4]) * 0xd6e8feb86659fd93ULL;
    Entry& entry = entries_[mixed >> (64 - bits)];
    if (entry.size != input.size() || entry.input != lanes) {
        entry.input = lanes;
        entry.size = input.size();
        entry.digest = keccak256(input);
    }
    return entry.digest;
}

KeccakMemo& keccak_memo() {
    thread_local KeccakMemo memo;
    return memo;
}

}  // namespace interlock::vm
