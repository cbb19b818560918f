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

namespace {

// Appends what she does in the other transaction.
void append(PlannedTransaction& planned, const PlannedTransaction& other) {
    const auto own_calls = static_cast<std::uint32_t>(planned.activations.front().calls.size());
    const auto shift = static_cast<std::uint32_t>(planned.activations.size()) - 1;
    const std::vector<Call>& calls = other.activations.front().calls;
    planned.activations.front().calls.insert(planned.activations.front().calls.end(), calls.begin(), calls.end());
    for (std::size_t i = 1; i < other.activations.size(); ++i) {
        Activation each = other.activations[i];
        if (each.during && each.during->activation == 0) each.during->call += own_calls;
        else if (each.during) each.during->activation += shift;
        planned.activations.push_back(std::move(each));
    }
}

Wait sum(const Wait& a, const Wait& b) { return {a.blocks + b.blocks, a.seconds + b.seconds}; }

}  // namespace

std::vector<Plan> joined_around_reentries(const Plan& plan) {
    constexpr std::size_t most_joined = 3;
    std::vector<Plan> all;
    for (std::size_t at = 0; at < plan.size(); ++at) {
        if (!plan[at].is_attack || plan[at].reentries() == 0) continue;
        for (std::size_t first = at + 1 < most_joined ? 0 : at + 1 - most_joined; first <= at; ++first)
            for (std::size_t last = at; last < std::min(first + most_joined, plan.size()); ++last) {
                const auto begin = plan.begin() + static_cast<std::ptrdiff_t>(first),
                           end = plan.begin() + static_cast<std::ptrdiff_t>(last) + 1;
                if (first == last || !std::all_of(begin, end, [](const auto& each) { return each.is_attack; })) continue;
                Plan joined(plan.begin(), begin);
                joined.push_back(*begin);
                Wait behind;
                for (auto each = begin + 1; each != end; ++each) {
                    append(joined.back(), *each);
                    const bool is_before = each - plan.begin() <= static_cast<std::ptrdiff_t>(at);
                    (is_before ? joined.back().wait : behind) = sum(is_before ? joined.back().wait : behind, each->wait);
                }
                joined.insert(joined.end(), end, plan.end());
                if (joined.size() > first + 1) joined[first + 1].wait = sum(joined[first + 1].wait, behind);
                all.push_back(std::move(joined));
            }
    }
    return all;
}

std::uint64_t what_is_called(const Call& call) {
    constexpr std::size_t word = 32, selector = 4;
    std::uint64_t hash = static_cast<std::uint64_t>(call.contract) << 32u | call.function;
    for (const lang::abi::Data& argument : call.arguments)
        if (const auto* data = std::get_if<vm::Bytes>(&argument.content); data && data->size() % word == selector)
            hash = (hash ^ *selector_of(*data)) * 0x9e3779b97f4a7c15ULL;
    return hash;
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
        for (const Call& call : activation.calls) add(what_is_called(call));
    }
    return hash | 1;
}

std::optional<std::uint32_t> selector_of(vm::ByteView call_data) {
    if (call_data.size() < 4) return std::nullopt;
    return std::uint32_t{call_data[0]} << 24u | std::uint32_t{call_data[1]} << 16u | std::uint32_t{call_data[2]} << 8u |
           call_data[3];
}

}  // namespace interlock::analyzer
