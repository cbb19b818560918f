// Blob gas: the price of the data that blob transactions carry. (EIP-4844; EIP-7691 and 7892 set the schedule, EIP-7918
// the floor.)
//
// Blob gas has a price of its own, which follows the demand: every block adds to the excess what it used above the
// target, and the price is exponential in the excess.
#pragma once

#include "chain/transaction.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t gas_per_blob = 1 << 17;
inline constexpr std::uint8_t blob_hash_version = 1;  // first byte of a versioned hash that stands for a KZG commitment

// One row of the schedule. The later rows belong to "blob parameter only" forks, which have a date and change no other rule.
struct BlobSchedule {
    std::uint64_t target = 0;           // blobs per block at which the price stays the same
    std::uint64_t max = 0;              // highest number of blobs per block
    std::uint64_t update_fraction = 1;  // the price grows by a factor of e when the excess grows by this; not zero
    friend bool operator==(const BlobSchedule&, const BlobSchedule&) = default;
};
inline constexpr BlobSchedule cancun_blobs{3, 6, 3'338'477};
inline constexpr BlobSchedule prague_blobs{6, 9, 5'007'716};  // EIP-7691; Osaka uses the same
inline constexpr BlobSchedule bpo1_blobs{10, 15, 8'346'193};
inline constexpr BlobSchedule bpo2_blobs{14, 21, 11'684'671};

// Returns the price of a unit of blob gas in wei; it is at least one.
[[nodiscard]] Word blob_base_fee(std::uint64_t excess_blob_gas, const BlobSchedule&);

// Returns the excess after a block that began with `excess` and used `used`.
[[nodiscard]] std::uint64_t next_excess_blob_gas(const BlobSchedule&, std::uint64_t excess, std::uint64_t used);
// The same with a reserve price: while blobs are cheap compared to the block's `base_fee`, the excess stops falling.
// (EIP-7918)
[[nodiscard]] std::uint64_t next_excess_blob_gas(const BlobSchedule&, std::uint64_t excess, std::uint64_t used,
                                                 const Word& base_fee);

[[nodiscard]] std::uint64_t blob_gas_of(const Transaction&);  // units

}  // namespace interlock::chain
