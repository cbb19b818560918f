#include "chain/header_rules.hpp"

#include "chain/dao_fork.hpp"
#include "chain/difficulty.hpp"

namespace interlock::chain {

namespace {

constexpr std::uint64_t gas_limit_divisor = 1024;  // the limit moves by less than a 1024th
constexpr std::uint64_t elasticity = 2;            // EIP-1559: London doubled the gas limit and halved the target
constexpr std::uint64_t first_base_fee = 1'000'000'000;

bool has_right_fields(const Header& header, const BlockRules& rules) {
    return header.base_fee.has_value() == rules.has_base_fee &&
           header.withdrawals_root.has_value() == rules.has_withdrawals &&
           header.blob_gas_used.has_value() == rules.has_blobs && header.excess_blob_gas.has_value() == rules.has_blobs &&
           header.parent_beacon_root.has_value() == rules.has_blobs &&
           header.requests_hash.has_value() == rules.has_requests;
}

bool is_gas_limit_near(const Header& header, const Header& parent, const BlockRules& rules) {
    if (header.gas_limit < least_gas_limit || header.gas_limit > most_gas_limit) return false;
    const bool is_first_with_base_fee = rules.has_base_fee && !parent.base_fee;
    const std::uint64_t before = parent.gas_limit * (is_first_with_base_fee ? elasticity : 1);
    const std::uint64_t distance = header.gas_limit > before ? header.gas_limit - before : before - header.gas_limit;
    return distance < before / gas_limit_divisor;
}

BlockRefusal check_work(const Header& header, const Header& parent, const BlockRules& rules) {
    if (rules.merged) {
        const bool works = !header.difficulty.is_zero() || header.nonce != 0 || header.ommers_hash != empty_ommers_hash();
        return works ? BlockRefusal::WrongWork : BlockRefusal::None;
    }
    const ParentForDifficulty from{parent.difficulty, parent.timestamp, parent.ommers_hash != empty_ommers_hash()};
    const Word difficulty = next_difficulty(rules.difficulty, from, header.number, header.timestamp);
    return header.difficulty == difficulty ? BlockRefusal::None : BlockRefusal::WrongDifficulty;
}

BlockRefusal check_extra_data(const Header& header, std::optional<std::uint64_t> dao_block) {
    if (header.extra_data.size() > max_extra_data_bytes) return BlockRefusal::ExtraDataTooLong;
    const bool takes_sides = dao_block && is_dao_marked(header.number, *dao_block);
    return takes_sides && header.extra_data != dao_extra_data() ? BlockRefusal::ExtraDataNotDao : BlockRefusal::None;
}

BlockRefusal check_prices(const Header& header, const Header& parent, const BlockRules& rules) {
    if (rules.has_base_fee && *header.base_fee != base_fee_after(parent)) return BlockRefusal::WrongBaseFee;
    if (!rules.has_blobs) return BlockRefusal::None;
    if (*header.excess_blob_gas != excess_blob_gas_after(parent, rules)) return BlockRefusal::WrongExcessBlobGas;
    return *header.blob_gas_used > rules.blobs.max * gas_per_blob ? BlockRefusal::BlobGasAboveMax : BlockRefusal::None;
}

}  // namespace

Word base_fee_after(const Header& parent) {
    return parent.base_fee ? next_base_fee(*parent.base_fee, parent.gas_used, parent.gas_limit) : Word(first_base_fee);
}

std::uint64_t excess_blob_gas_after(const Header& parent, const BlockRules& rules) {
    const std::uint64_t excess = parent.excess_blob_gas.value_or(0), used = parent.blob_gas_used.value_or(0);
    if (!rules.has_blob_reserve) return next_excess_blob_gas(rules.blobs, excess, used);
    return next_excess_blob_gas(rules.blobs, excess, used, parent.base_fee.value_or(0));
}

BlockRefusal check_header(const Header& header, const Header& parent, const BlockRules& rules,
                          std::optional<std::uint64_t> dao_block) {
    if (parent.number == UINT64_MAX || header.number != parent.number + 1) return BlockRefusal::WrongNumber;
    if (header.timestamp <= parent.timestamp) return BlockRefusal::TimestampNotLater;
    if (const BlockRefusal refusal = check_extra_data(header, dao_block); refusal != BlockRefusal::None) return refusal;
    if (!is_gas_limit_near(header, parent, rules)) return BlockRefusal::GasLimitOutOfBounds;
    if (header.gas_used > header.gas_limit) return BlockRefusal::GasUsedAboveLimit;
    if (!has_right_fields(header, rules)) return BlockRefusal::WrongFields;
    if (const BlockRefusal refusal = check_work(header, parent, rules); refusal != BlockRefusal::None) return refusal;
    return check_prices(header, parent, rules);
}

}  // namespace interlock::chain
