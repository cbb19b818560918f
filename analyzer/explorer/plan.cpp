#include "analyzer/explorer/plan.hpp"

#include <algorithm>

namespace interlock::analyzer {

bool PlannedTransaction::is_undone(std::size_t activation) const {
    for (std::optional<std::size_t> at = activation; at;) {
        const Activation& each = activations[*at];
        if (each.reverts) return true;
        if (each.during) at = each.during->activation;
        else at.reset();
    }
    return false;
}

std::uint32_t PlannedTransaction::reentries() const {
    std::uint32_t count = 0;
    for (std::size_t i = is_attack ? 1 : 0; i < activations.size(); ++i)
        if (!activations[i].calls.empty() && !is_undone(i)) count += static_cast<std::uint32_t>(activations[i].calls.size());
    return count;
}

std::uint32_t reentries(const Plan& plan) {
    std::uint32_t count = 0;
    for (const PlannedTransaction& planned : plan) count += planned.reentries();
    return count;
}

std::uint64_t shape_of_reentry(const Plan& plan) {
    const auto first = std::ranges::find_if(plan, [](const auto& planned) { return planned.reentries() != 0; });
    if (first == plan.end()) return 0;
    std::uint64_t hash = 0;
    const auto add = [&](std::uint64_t value) {
        hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 31u;
    };
    for (const Activation& activation : first->activations) {
        add(activation.during ? activation.during->activation + 1 : 0);
        for (const Call& call : activation.calls) add(static_cast<std::uint64_t>(call.contract) << 32u | call.function);
    }
    return hash | 1;
}

std::optional<std::uint32_t> selector_of(vm::ByteView call_data) {
    if (call_data.size() < 4) return std::nullopt;
    return std::uint32_t{call_data[0]} << 24u | std::uint32_t{call_data[1]} << 16u | std::uint32_t{call_data[2]} << 8u |
           call_data[3];
}

}  // namespace interlock::analyzer
