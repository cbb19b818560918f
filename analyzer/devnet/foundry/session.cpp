#include "analyzer/devnet/foundry/session.hpp"

#include <algorithm>

#include "analyzer/devnet/foundry/addresses.hpp"
#include "analyzer/devnet/foundry/answers.hpp"
#include "analyzer/devnet/foundry/console.hpp"
#include "analyzer/devnet/foundry/table.hpp"
#include "analyzer/devnet/revert_reason.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer::foundry {

namespace {

bool is_ours(const vm::Message& message) {
    return !message.is_create() && (message.code_address == known::cheatcodes || message.code_address == known::console);
}

CallGas gas_of(const vm::Message& message, const vm::Outcome& outcome) {
    const std::int64_t used = message.gas.units - outcome.gas_left.units;
    return {static_cast<std::uint64_t>(message.gas.units), static_cast<std::uint64_t>(used),
            static_cast<std::uint64_t>(outcome.gas_left.units), outcome.gas_refund.units};
}

}  // namespace

vm::Word failed_slot() {
    constexpr std::string_view text = "failed";
    const vm::Bytes bytes(text.begin(), text.end());
    return vm::word_from_big_endian(bytes) << (256 - 8 * bytes.size());
}

std::string Session::told(const vm::Outcome& outcome) const {
    if (outcome.status != vm::Status::Revert) return std::string(vm::name_of(outcome.status));
    if (outcome.output.empty()) return "no data";
    if (const auto text = error_text(outcome.output)) return {text->begin(), text->end()};
    const std::string plain = describe_revert(outcome.output, nullptr);
    if (!plain.starts_with("0x")) return plain;
    for (const lang::Artifact& artifact : compilation_.artifacts)
        if (std::string known = describe_revert(outcome.output, artifact.ir.get()); known != plain) return known;
    const bool is_text = std::ranges::all_of(outcome.output, [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7f; });
    return is_text ? std::string(outcome.output.begin(), outcome.output.end()) : plain;
}

std::optional<vm::Reply> Session::on_call(vm::Message& message, vm::ByteView input) {
    if (!message.is_create() && message.code_address == known::cheatcodes) return answer(*this, message, input);
    if (!message.is_create() && message.code_address == known::console) {
        if (std::optional<std::string> line = console_line(input)) print(std::move(*line));
        return nothing();
    }
    if (message.depth == 0) return std::nullopt;
    if (!message.is_create()) {
        arrangement.expected_calls.on_call(message, input);
        if (std::optional<vm::Reply> mocked = arrangement.mocks.on_call(message, input)) return mocked;
    }
    arrangement.callers.on_call(message, arrangement.surroundings.transaction);
    return std::nullopt;
}

void Session::on_end(const vm::Message& message, vm::Outcome& outcome) {
    if (is_ours(message)) return;
    arrangement.callers.on_end(message, arrangement.surroundings.transaction);
    arrangement.last_call = gas_of(message, outcome);
    if (message.is_create() && outcome.ok()) {
        arrangement.created.push_back(outcome.created);
        arrangement.expected_creations.on_created(message, state_.code(outcome.created)->bytes());
    }
    const auto fail = [&](vm::Bytes data) {
        outcome.status = vm::Status::Revert;
        outcome.output = std::move(data);
    };

    if (arrangement.assumed_not_to_revert && *arrangement.assumed_not_to_revert >= message.depth) {
        arrangement.assumed_not_to_revert.reset();
        if (!outcome.ok()) return fail(vm::Bytes(assume_failed.begin(), assume_failed.end()));
    }
    const bool is_set_aside = std::ranges::equal(outcome.output, assume_failed);
    if (arrangement.expected_revert && !is_set_aside) {
        const bool was_asked_here = arrangement.expected_revert->depth >= message.depth;
        const bool is_settled =
            settle(*arrangement.expected_revert, message, outcome, [&](const vm::Outcome& end) { return told(end); });
        if (is_settled) arrangement.expected_revert.reset();
        if (was_asked_here && !outcome.ok()) return;
    }
    if (const std::string missing = arrangement.expected_events.on_end(message, outcome); !missing.empty())
        return fail(cheatcode_error(missing));
    if (message.depth > 0 || !outcome.ok()) return;
    std::string missing = arrangement.expected_calls.missing();
    if (missing.empty()) missing = arrangement.expected_creations.missing();
    if (!missing.empty()) fail(cheatcode_error(missing));
}

void Session::on_event(const vm::Log& log) {
    arrangement.expected_events.on_event(log);
    if (std::optional<std::string> line = event_line(log)) print(std::move(*line));
}

std::optional<vm::Outcome> Session::create(const vm::Message& message) {
    if (nested_creations_ == max_nested_creations) return std::nullopt;
    ++nested_creations_;
    TestHost host(state_, arrangement.surroundings, *this);
    vm::Machine machine(host, state_.fork());
    machine.set_interceptor(this);
    machine.lift_code_limits();
    machine.start(message);
    const vm::Outcome outcome = machine.run().outcome;
    --nested_creations_;
    return outcome;
}

void Session::print(std::string line) {
    if (arrangement.console.size() < max_console_lines) arrangement.console.push_back(std::move(line));
}

}  // namespace interlock::analyzer::foundry
