// Whether a header may follow its parent: all that can be said before anything is executed.
// (Yellow Paper, section 4.4.4; EIP-779, 1559, 3675, 4844, 4895, 7685.) Proof of work is not checked.
#pragma once

#include "chain/block.hpp"
#include "chain/refusal.hpp"
#include "chain/schedule.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t least_gas_limit = 5'000;
inline constexpr std::uint64_t most_gas_limit = INT64_MAX;
inline constexpr std::size_t max_extra_data_bytes = 32;

// By the rules that the header's upgrade has. `dao_block` is the schedule's.
[[nodiscard]] BlockRefusal check_header(const Header& header, const Header& parent, const BlockRules& rules,
                                        std::optional<std::uint64_t> dao_block);

// What the fields must be that follow from the parent.
[[nodiscard]] Word base_fee_after(const Header& parent);
[[nodiscard]] std::uint64_t excess_blob_gas_after(const Header& parent, const BlockRules& rules);

}  // namespace interlock::chain
