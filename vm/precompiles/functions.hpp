// The entries of the precompile table: a gas function and a run function for each precompile.
#pragma once

#include <limits>
#include <optional>

#include "vm/bytes.hpp"
#include "vm/fork_rules.hpp"

namespace interlock::vm::precompile {

using Output = std::optional<Bytes>;  // std::nullopt: the call fails

inline constexpr Gas unpayable{std::numeric_limits<std::int64_t>::max()};

Gas ecrecover_gas(ByteView input, const PrecompileRules& rules);
Output ecrecover(ByteView input, const PrecompileRules& rules);

Gas sha256_gas(ByteView input, const PrecompileRules& rules);
Output sha256(ByteView input, const PrecompileRules& rules);

Gas ripemd160_gas(ByteView input, const PrecompileRules& rules);
Output ripemd160(ByteView input, const PrecompileRules& rules);

Gas identity_gas(ByteView input, const PrecompileRules& rules);
Output identity(ByteView input, const PrecompileRules& rules);

Gas modexp_gas(ByteView input, const PrecompileRules& rules);
Output modexp(ByteView input, const PrecompileRules& rules);

Gas bn254_add_gas(ByteView input, const PrecompileRules& rules);
Output bn254_add(ByteView input, const PrecompileRules& rules);
Gas bn254_multiply_gas(ByteView input, const PrecompileRules& rules);
Output bn254_multiply(ByteView input, const PrecompileRules& rules);
Gas bn254_pairing_gas(ByteView input, const PrecompileRules& rules);
Output bn254_pairing(ByteView input, const PrecompileRules& rules);

Gas blake2f_gas(ByteView input, const PrecompileRules& rules);
Output blake2f(ByteView input, const PrecompileRules& rules);

Gas kzg_point_evaluation_gas(ByteView input, const PrecompileRules& rules);
Output kzg_point_evaluation(ByteView input, const PrecompileRules& rules);

Gas bls_g1_add_gas(ByteView input, const PrecompileRules& rules);
Output bls_g1_add(ByteView input, const PrecompileRules& rules);
Gas bls_g1_msm_gas(ByteView input, const PrecompileRules& rules);
Output bls_g1_msm(ByteView input, const PrecompileRules& rules);
Gas bls_g2_add_gas(ByteView input, const PrecompileRules& rules);
Output bls_g2_add(ByteView input, const PrecompileRules& rules);
Gas bls_g2_msm_gas(ByteView input, const PrecompileRules& rules);
Output bls_g2_msm(ByteView input, const PrecompileRules& rules);
Gas bls_pairing_gas(ByteView input, const PrecompileRules& rules);
Output bls_pairing(ByteView input, const PrecompileRules& rules);
Gas bls_map_to_g1_gas(ByteView input, const PrecompileRules& rules);
Output bls_map_to_g1(ByteView input, const PrecompileRules& rules);
Gas bls_map_to_g2_gas(ByteView input, const PrecompileRules& rules);
Output bls_map_to_g2(ByteView input, const PrecompileRules& rules);

Gas p256_verify_gas(ByteView input, const PrecompileRules& rules);
Output p256_verify(ByteView input, const PrecompileRules& rules);

// The hashes and the identity cost a base price and a price for each 32 bytes or part of them.
constexpr Gas gas_by_words(ByteView input, Gas base, Gas each) {
    return base + each * static_cast<std::int64_t>((input.size() + 31) / 32);
}

}  // namespace interlock::vm::precompile
