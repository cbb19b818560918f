// What the precompiles on pairing-friendly curves have in common: reading encoded points.
#pragma once

#include <algorithm>
#include <optional>

#include "vm/bytes.hpp"
#include "vm/curves/point.hpp"

namespace interlock::vm::precompile {

// The meaning of encoded bytes: no point at all, infinity, or another point.
template <class Affine>
struct Decoded {
    bool valid = false;
    std::optional<Affine> point;  // std::nullopt: infinity
};

inline bool is_zero(ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

template <class Field>
curves::Point<Field> to_point(const Decoded<curves::AffinePoint<Field>>& decoded) {
    return decoded.point ? curves::Point<Field>(*decoded.point) : curves::Point<Field>();
}

}  // namespace interlock::vm::precompile
