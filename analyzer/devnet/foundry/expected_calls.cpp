#include "analyzer/devnet/foundry/expected_calls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/foundry/texts.hpp"

namespace interlock::analyzer::foundry {

namespace {

// A call with value starts with this much more gas than it was given.
constexpr std::uint64_t stipend = 2300;

bool is_same_call(const ExpectedCall& a, const ExpectedCall& b) {
    return a.callee == b.callee && a.data == b.data && a.value == b.value && a.gas == b.gas && a.least_gas == b.least_gas;
}

bool is_met_by(const ExpectedCall& expected, const vm::Message& message, vm::ByteView input) {
    if (expected.callee != message.code_address || input.size() < expected.data.size()) return false;
    if (!std::ranges::equal(input.first(expected.data.size()), expected.data)) return false;
    if (expected.value && *expected.value != message.value) return false;
    const auto gas = static_cast<std::uint64_t>(message.gas.units) - (message.value.is_zero() ? 0 : stipend);
    return (!expected.gas || gas == *expected.gas) && (!expected.least_gas || gas >= *expected.least_gas);
}

std::string times(std::uint64_t count) { return fmt::format("{} time{}", count, count == 1 ? "" : "s"); }

}  // namespace

std::string ExpectedCalls::add(const ExpectedCall& expected) {
    const auto same = std::ranges::find_if(all_, [&](const ExpectedCall& each) { return is_same_call(each, expected); });
    if (same == all_.end()) {
        all_.push_back(expected);
        return {};
    }
    if (expected.is_exact || same->is_exact) return "a call that is expected already gets no other count";
    ++same->count;
    return {};
}

void ExpectedCalls::on_call(const vm::Message& message, vm::ByteView input) {
    for (ExpectedCall& expected : all_)
        if (is_met_by(expected, message, input)) ++expected.met;
}

std::string ExpectedCalls::missing() const {
    for (const ExpectedCall& each : all_) {
        if (each.is_exact ? each.met == each.count : each.met >= each.count) continue;
        std::string text = fmt::format("expected call to {} with data {}", checksummed(each.callee), vm::to_hex(each.data));
        if (each.value) text += ", value " + vm::to_decimal(*each.value);
        if (each.gas) text += fmt::format(", gas {}", *each.gas);
        if (each.least_gas) text += fmt::format(", minimum gas {}", *each.least_gas);
        return text + fmt::format(" to be called {}, but was called {}", times(each.count), times(each.met));
    }
    return {};
}

}  // namespace interlock::analyzer::foundry
