#include "chain/blob_gas.hpp"

namespace interlock::chain {

// EIP-4844's fake_exponential(1, excess, fraction): e^(excess / fraction) by its Taylor series, in integers.
// Ends: a term shrinks as soon as its number exceeds excess / fraction. An excess whose price would exceed a word is none
// that a chain can reach, and has the highest price.
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

// EIP-7918: whether a blob's price is below what executing for as long would cost.
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
