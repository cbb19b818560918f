// What the table of precompiles is made of: a gas function and a run function for each.
#pragma once

#include <limits>
#include <optional>

#include "vm/bytes.hpp"
#include "vm/fork.hpp"
#include "vm/gas.hpp"

namespace interlock::vm::precompile {

using Output = std::optional<Bytes>;  // nullopt: the call fails

inline constexpr Gas unpayable{std::numeric_limits<std::int64_t>::max()};

Gas ecrecover_gas(ByteView input, Fork fork);
Output ecrecover(ByteView input, Fork fork);

Gas sha256_gas(ByteView input, Fork fork);
Output sha256(ByteView input, Fork fork);

Gas ripemd160_gas(ByteView input, Fork fork);
Output ripemd160(ByteView input, Fork fork);

Gas identity_gas(ByteView input, Fork fork);
Output identity(ByteView input, Fork fork);

Gas modexp_gas(ByteView input, Fork fork);
Output modexp(ByteView input, Fork fork);

Gas bn254_add_gas(ByteView input, Fork fork);
Output bn254_add(ByteView input, Fork fork);
Gas bn254_multiply_gas(ByteView input, Fork fork);
Output bn254_multiply(ByteView input, Fork fork);
Gas bn254_pairing_gas(ByteView input, Fork fork);
Output bn254_pairing(ByteView input, Fork fork);

Gas blake2f_gas(ByteView input, Fork fork);
Output blake2f(ByteView input, Fork fork);

Gas p256_verify_gas(ByteView input, Fork fork);
Output p256_verify(ByteView input, Fork fork);

// The hashes and the identity cost a base and a price for each 32 bytes begun.
constexpr Gas gas_by_words(ByteView input, Gas base, Gas each) {
    return base + each * static_cast<std::int64_t>((input.size() + 31) / 32);
}

}  // namespace interlock::vm::precompile
