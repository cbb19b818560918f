// The table of precompiles. The order of addresses is also the order of forks, so each fork's precompiles are a prefix.
#include <algorithm>
#include <array>

#include "vm/precompiles.hpp"
#include "vm/precompiles/functions.hpp"

namespace interlock::vm {
namespace {

constexpr Address at(std::uint16_t number) {
    Address address;
    address.bytes[18] = static_cast<std::uint8_t>(number >> 8);
    address.bytes[19] = static_cast<std::uint8_t>(number & 0xff);
    return address;
}

constexpr std::array table = {
    Precompile{at(1), "ecrecover", Fork::Frontier, precompile::ecrecover_gas, precompile::ecrecover},
    Precompile{at(2), "sha256", Fork::Frontier, precompile::sha256_gas, precompile::sha256},
    Precompile{at(3), "ripemd160", Fork::Frontier, precompile::ripemd160_gas, precompile::ripemd160},
    Precompile{at(4), "identity", Fork::Frontier, precompile::identity_gas, precompile::identity},
    Precompile{at(5), "modexp", Fork::Byzantium, precompile::modexp_gas, precompile::modexp},
    Precompile{at(6), "bn254 addition", Fork::Byzantium, precompile::bn254_add_gas, precompile::bn254_add},
    Precompile{at(7), "bn254 multiplication", Fork::Byzantium, precompile::bn254_multiply_gas, precompile::bn254_multiply},
    Precompile{at(8), "bn254 pairing", Fork::Byzantium, precompile::bn254_pairing_gas, precompile::bn254_pairing},
    Precompile{at(9), "blake2f", Fork::Istanbul, precompile::blake2f_gas, precompile::blake2f},
    Precompile{at(0x0a), "KZG point evaluation", Fork::Cancun, precompile::kzg_point_evaluation_gas,
               precompile::kzg_point_evaluation},
    Precompile{at(0x0b), "BLS12-381 G1 addition", Fork::Prague, precompile::bls_g1_add_gas, precompile::bls_g1_add},
    Precompile{at(0x0c), "BLS12-381 G1 multiplications", Fork::Prague, precompile::bls_g1_msm_gas, precompile::bls_g1_msm},
    Precompile{at(0x0d), "BLS12-381 G2 addition", Fork::Prague, precompile::bls_g2_add_gas, precompile::bls_g2_add},
    Precompile{at(0x0e), "BLS12-381 G2 multiplications", Fork::Prague, precompile::bls_g2_msm_gas, precompile::bls_g2_msm},
    Precompile{at(0x0f), "BLS12-381 pairing", Fork::Prague, precompile::bls_pairing_gas, precompile::bls_pairing},
    Precompile{at(0x10), "BLS12-381 map to G1", Fork::Prague, precompile::bls_map_to_g1_gas, precompile::bls_map_to_g1},
    Precompile{at(0x11), "BLS12-381 map to G2", Fork::Prague, precompile::bls_map_to_g2_gas, precompile::bls_map_to_g2},
    Precompile{at(0x100), "P-256 verification", Fork::Osaka, precompile::p256_verify_gas, precompile::p256_verify},
};
static_assert(std::is_sorted(table.begin(), table.end(), [](const Precompile& a, const Precompile& b) {
    return a.address.bytes < b.address.bytes && a.since <= b.since;
}));

}  // namespace

std::span<const Precompile> precompiles(Fork fork) {
    const auto end = std::find_if(table.begin(), table.end(), [&](const Precompile& row) { return row.since > fork; });
    return {table.begin(), end};
}

const Precompile* find_precompile(const Address& address, Fork fork) {
    // Every call comes here, and hardly any address starts with so many zeros.
    static constexpr std::array<std::uint8_t, 18> zeros{};
    if (std::memcmp(address.bytes.data(), zeros.data(), zeros.size()) != 0) return nullptr;
    for (const Precompile& row : precompiles(fork))
        if (row.address == address) return &row;
    return nullptr;
}

bool is_precompile(const Address& address, Fork fork) { return find_precompile(address, fork) != nullptr; }

PrecompileResult run_precompile(const Precompile& precompile, ByteView input, Gas limit, Fork fork) {
    const auto failure = [&](Status status) { return PrecompileResult{status, limit, {}}; };
    const PrecompileRules& rules = rules_of(fork).precompiles;
    const Gas cost = precompile.gas(input, rules);
    if (cost > limit) return failure(Status::OutOfGas);
    std::optional<Bytes> output = precompile.run(input, rules);
    if (!output) return failure(Status::PrecompileFailure);
    return {Status::Success, cost, std::move(*output)};
}

}  // namespace interlock::vm
