#include "analyzer/explorer/deepen.hpp"

#include <algorithm>
#include <utility>

namespace interlock::analyzer {

namespace {

// Returns the call during which the activation takes place.
const Call* waiting(const PlannedTransaction& planned, const Activation& activation) {
    if (activation.during) return &planned.activations[activation.during->activation].calls[activation.during->call];
    return planned.is_attack ? nullptr : &planned.call;
}

bool is_same_function(const Call& a, const Call& b) { return a.contract == b.contract && a.function == b.function; }

// Returns the first activation that ends with a call of the function that waits for her.
std::optional<std::uint32_t> repeating(const PlannedTransaction& planned) {
    for (std::uint32_t i = planned.is_attack ? 1 : 0; i < planned.activations.size(); ++i) {
        const Activation& each = planned.activations[i];
        if (each.calls.empty() || each.turn == 0 || each.reverts) continue;
        const Call* const outer = waiting(planned, each);
        if (outer && is_same_function(*outer, each.calls.back())) return i;
    }
    return std::nullopt;
}

}  // namespace

const Call* repeated_call(const Plan& plan) {
    for (const PlannedTransaction& planned : plan)
        if (const auto at = repeating(planned)) return &planned.activations[*at].calls.back();
    return nullptr;
}

std::optional<Plan> deepened(const Plan& plan, std::uint32_t more) {
    Plan longer = plan;
    for (PlannedTransaction& planned : longer) {
        const auto found = repeating(planned);
        if (!found) continue;
        std::vector<Activation>& all = planned.activations;
        const std::uint32_t at = *found;
        const auto last_call = static_cast<std::uint32_t>(all[at].calls.size()) - 1;
        for (std::uint32_t i = at + 1; i < all.size(); ++i) {  // what comes later, comes in the innermost one or behind it
            if (all[i].turn != 0) all[i].turn += more;
            if (all[i].during && all[i].during->activation >= at) all[i].during->activation += more;
        }
        for (std::uint32_t n = 1; n <= more; ++n) {
            Activation next = all[at];
            next.turn += n;
            next.during = {at + n - 1, last_call};
            all.insert(all.begin() + at + n, std::move(next));
        }
        return longer;
    }
    return std::nullopt;
}

std::vector<std::pair<SmallNumber, Plan>> enlarged(const World& world, const Plan& plan, const vm::Word& amount) {
    constexpr std::uint64_t most_small = 1000;
    constexpr unsigned least_bits = 64;  // of a number that may be money
    std::vector<std::pair<SmallNumber, Plan>> list;
    Plan changed = plan;
    const auto enlarge = [&](Call& call) {
        const auto& parameters = world.function_of(call).parameters;
        for (std::uint32_t i = 0; i < std::min(call.arguments.size(), parameters.size()); ++i) {
            vm::Word* const number = std::get_if<vm::Word>(&call.arguments[i].content);
            const lang::ir::Type& type = parameters[i].type;
            if (!number || number->is_zero() || *number > vm::Word{most_small} || type.kind != lang::ir::TypeKind::Uint ||
                type.bits < least_bits)
                continue;
            const vm::Word before = std::exchange(*number, amount);
            list.push_back({{call.contract, call.function, i}, changed});
            *number = before;
        }
        if (call.value.is_zero() || call.value > vm::Word{most_small}) return;
        const vm::Word before = std::exchange(call.value, amount);
        list.push_back({{call.contract, call.function, SmallNumber::of_value}, changed});
        call.value = before;
    };
    for (PlannedTransaction& planned : changed) {
        if (!planned.is_attack) enlarge(planned.call);
        for (Activation& activation : planned.activations)
            for (Call& call : activation.calls) enlarge(call);
    }
    return list;
}

}  // namespace interlock::analyzer
