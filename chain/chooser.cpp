#include "chain/chooser.hpp"

#include <cassert>

namespace interlock::chain {

// The high half of a product maps 32 random bits to [0, n) without a division; its bias is below n / 2^32.
std::uint32_t SeededChooser::choose(std::string_view /*what*/, std::uint32_t n) {
    assert(n >= 1);
    std::uint64_t x = state_ += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    x ^= x >> 31;
    return static_cast<std::uint32_t>((x >> 32) * n >> 32);
}

std::uint32_t ScriptedChooser::choose(std::string_view /*what*/, std::uint32_t n) {
    assert(n >= 1);
    if (at_ < trace_.size() && trace_[at_] < n) return trace_[at_++];
    has_strayed_ = true;
    at_ += at_ < trace_.size();
    return 0;
}

std::uint32_t RecordingChooser::choose(std::string_view what, std::uint32_t n) {
    return trace_.emplace_back(chooser_.choose(what, n));
}

}  // namespace interlock::chain
