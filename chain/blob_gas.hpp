// Blob gas: what the data beside blob transactions cost. (EIP-4844; 7691 and 7892 for the schedule, 7918 for its floor.)
//
// A price of its own, which follows the demand: every block adds what it used above the target to the excess, and the
// price is exponential in the excess.
#pragma once

#include "chain/transaction.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t gas_per_blob = 1 << 17;
inline constexpr std::uint8_t blob_hash_version = 1;  // first byte of a versioned hash: of a KZG commitment

// A row of the schedule; the later ones, "blob parameter only" forks, have a date and no other rules.
struct BlobSchedule {
    std::uint64_t target = 0;           // blobs a block, where the price stays as it is
    std::uint64_t max = 0;              // blobs a block
    std::uint64_t update_fraction = 1;  // the price grows by e when the excess grows by this; not zero
    friend bool operator==(const BlobSchedule&, const BlobSchedule&) = default;
};
inline constexpr BlobSchedule cancun_blobs{3, 6, 3'338'477};
inline constexpr BlobSchedule prague_blobs{6, 9, 5'007'716};  // EIP-7691; Osaka's, too
inline constexpr BlobSchedule bpo1_blobs{10, 15, 8'346'193};
inline constexpr BlobSchedule bpo2_blobs{14, 21, 11'684'671};

// Wei a unit of blob gas; at least one.
[[nodiscard]] Word blob_base_fee(std::uint64_t excess_blob_gas, const BlobSchedule&);

// The excess after a block that began with `excess` and used `used`.
[[nodiscard]] std::uint64_t next_excess_blob_gas(const BlobSchedule&, std::uint64_t excess, std::uint64_t used);
// With a reserve: while blobs are cheap against `base_fee`, the block's, the excess falls no more (EIP-7918).
[[nodiscard]] std::uint64_t next_excess_blob_gas(const BlobSchedule&, std::uint64_t excess, std::uint64_t used,
                                                 const Word& base_fee);

[[nodiscard]] std::uint64_t blob_gas_of(const Transaction&);  // units

}  // namespace interlock::chain
