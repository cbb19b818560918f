#include "analyzer/explorer/plan.hpp"

namespace interlock::analyzer {

std::uint32_t PlannedTransaction::reentries() const {
    std::uint32_t count = 0;
    for (std::size_t i = is_attack ? 1 : 0; i < activations.size(); ++i)
        if (!activations[i].reverts) count += static_cast<std::uint32_t>(activations[i].calls.size());
    return count;
}

std::uint32_t reentries(const Plan& plan) {
    std::uint32_t count = 0;
    for (const PlannedTransaction& planned : plan) count += planned.reentries();
    return count;
}

std::optional<std::uint32_t> selector_of(vm::ByteView call_data) {
    if (call_data.size() < 4) return std::nullopt;
    return static_cast<std::uint32_t>(vm::word_from_big_endian(call_data.first(4)).low64());
}

}  // namespace interlock::analyzer
