#include "chain/blob_gas.hpp"

namespace interlock::chain {

// Computes EIP-4844's fake_exponential(1, excess, fraction), which is e^(excess / fraction), by its Taylor series in
// integers. The loop ends because a term shrinks as soon as its number exceeds excess / fraction. No chain can reach an
// excess whose price would not fit a word; such an excess gets the highest price.
Word blob_base_fee(std::uint64_t excess_blob_gas, const BlobSchedule& schedule) {
    constexpr std::uint64_t highest_exponent = 140;  // e^140 < 2^202: times fraction and excess it still fits a word
    if (excess_blob_gas / schedule.update_fraction >= highest_exponent) return ~Word{};
    const Word fraction = schedule.update_fraction;
    Word sum, term = fraction;
    for (std::uint64_t i = 1; !term.is_zero(); ++i) {
        sum = sum + term;
        term = term * Word(excess_blob_gas) / (fraction * Word(i));
    }
    return sum / fraction;
}

namespace {

// Returns whether a unit of blob gas costs less than execution of the same size would. (EIP-7918)
bool is_below_reserve(std::uint64_t excess, const BlobSchedule& schedule, const Word& base_fee) {
    constexpr std::uint64_t blob_base_cost = 1 << 13;  // gas
    constexpr std::uint64_t ratio = gas_per_blob / blob_base_cost;
    return blob_base_fee(excess, schedule) < base_fee / Word(ratio) + Word((base_fee % Word(ratio)).is_zero() ? 0 : 1);
}

}  // namespace

std::uint64_t next_excess_blob_gas(const BlobSchedule& schedule, std::uint64_t excess, std::uint64_t used) {
    const std::uint64_t target = schedule.target * gas_per_blob;
    return excess + used < target ? 0 : excess + used - target;
}

std::uint64_t next_excess_blob_gas(const BlobSchedule& schedule, std::uint64_t excess, std::uint64_t used,
                                   const Word& base_fee) {
    const std::uint64_t target = schedule.target * gas_per_blob;
    if (excess + used < target || !is_below_reserve(excess, schedule, base_fee))
        return next_excess_blob_gas(schedule, excess, used);
    return excess + used * (schedule.max - schedule.target) / schedule.max;
}

std::uint64_t blob_gas_of(const Transaction& tx) { return tx.blob_hashes.size() * gas_per_blob; }

}  // namespace interlock::chain
