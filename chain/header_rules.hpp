// Checks whether a header may follow its parent, as far as that is possible before execution.
// (Yellow Paper, section 4.4.4; EIP-779, 1559, 3675, 4844, 4895, 7685.) Proof of work is not checked.
#pragma once

#include "chain/block.hpp"
#include "chain/refusal.hpp"
#include "chain/schedule.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t least_gas_limit = 5'000;
inline constexpr std::uint64_t most_gas_limit = INT64_MAX;
inline constexpr std::size_t max_extra_data_bytes = 32;

// Checks the header by the rules of its upgrade. `dao_block` is the schedule's.
[[nodiscard]] BlockRefusal check_header(const Header& header, const Header& parent, const BlockRules& rules,
                                        std::optional<std::uint64_t> dao_block);

// These functions return the values that the parent prescribes.
[[nodiscard]] Word base_fee_after(const Header& parent);
[[nodiscard]] std::uint64_t excess_blob_gas_after(const Header& parent, const BlockRules& rules);

}  // namespace interlock::chain
