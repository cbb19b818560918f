#include "tests/differential/comparison.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace interlock::differential {

namespace {

bool ran_out_of_gas(const Effect& effect) { return effect.outcome.status == vm::Status::OutOfGas; }

std::string everything(const Effect& effect, const World& world) { return describe(effect) + world.state(); }

}  // namespace

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

Comparison compare(const Case& each, const vm::Bytes& theirs, const std::vector<Call>& calls) {
    Comparison comparison;
    World our_world, their_world;
    const Effect our_start = our_world.deploy(each.ours.creation_code, each.arguments);
    const Effect their_start = their_world.deploy(theirs, each.arguments);
    if (our_start.outcome.status != their_start.outcome.status || our_world.state() != their_world.state()) {
        comparison.difference = {0, everything(our_start, our_world), everything(their_start, their_world)};
        return comparison;
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const Effect ours = our_world.call(calls[i]), other = their_world.call(calls[i]);
        if (ran_out_of_gas(ours) != ran_out_of_gas(other)) {
            ++comparison.ran_out;
            break;
        }
        ++comparison.calls;
        comparison.reverted += !ours.outcome.ok();
        const std::string left = everything(ours, our_world), right = everything(other, their_world);
        if (left != right) {
            comparison.difference = {i, left, right};
            return comparison;
        }
    }
    return comparison;
}

namespace {

// Leaves calls out as long as the rest still shows a difference.
std::vector<Call> shortest(const Case& each, const vm::Bytes& theirs, std::vector<Call> calls) {
    for (std::size_t i = calls.size(); i-- > 0;) {
        std::vector<Call> fewer = calls;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        if (compare(each, theirs, fewer).difference) calls = std::move(fewer);
    }
    return calls;
}

}  // namespace

std::string reproduction(const Case& each, const vm::Bytes& theirs, const std::vector<Call>& calls, std::size_t until) {
    const std::vector<Call> few = shortest(
        each, theirs, {calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(std::min(until + 1, calls.size()))});
    std::string text = fmt::format("{}: {} deployed with {}, then\n", each.file, each.contract, vm::to_hex(each.arguments));
    for (const Call& call : few)
        text += fmt::format("  {} with {} wei: {}\n", call.function, vm::to_decimal(call.value), vm::to_hex(call.input));
    const Comparison comparison = compare(each, theirs, few);
    return text + fmt::format("ours:\n{}solc's:\n{}", comparison.difference->ours, comparison.difference->theirs);
}

}  // namespace interlock::differential
