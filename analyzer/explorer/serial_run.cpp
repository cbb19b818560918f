#include "analyzer/explorer/serial_run.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "analyzer/explorer/perform.hpp"

namespace interlock::analyzer {

SerialRun::SerialRun(World& world) : world_(world), execution_(world.state()) {
    execution_.machine().set_strangers([&world](const Address& a) { return a == world.attacker().address; });
    world_.observe(execution_.machine());
}

bool SerialRun::send(std::uint32_t sender, const SerialCall& serial) {
    const std::vector<vm::Message> messages = messages_of(serial.call);
    if (messages.empty()) return false;
    const auto& [to, data] = std::pair(messages.front().recipient, messages.front().input);
    if (execution_.begin(world_.transaction(world_.senders()[sender].address, to, serial.call.value, data)) !=
        chain::TransactionRefusal::None)
        return false;
    const vm::Outcome outcome = run_until_not_yield(serial).outcome;
    execution_.close(outcome);
    return outcome.ok();
}

std::vector<bool> SerialRun::attack(const std::vector<SerialCall>& calls) {
    const auto tx = world_.transaction(world_.mallory().address, world_.attacker().address, Word{}, {});
    if (execution_.begin(tx) != chain::TransactionRefusal::None) return std::vector<bool>(calls.size(), false);
    std::vector<bool> works;
    vm::Machine& machine = execution_.machine();
    (void)machine.run();  // yields at once, because the transaction goes to her contract
    for (const SerialCall& each : calls) {
        if (each.is_gift) {
            works.push_back(give(each.call));
            continue;
        }
        bool does = false;
        for (vm::Message& message : messages_of(each.call)) {
            machine.enter(std::move(message));
            if (does = run_until_not_yield(each).outcome.ok(); does) break;
        }
        works.push_back(does);
    }
    machine.resume({});
    execution_.close(machine.run().outcome);
    return works;
}

namespace {

bool names(const vm::Message& message, const Address& address) {
    return message.recipient == address || !std::ranges::search(message.input, address.bytes).empty();
}

vm::Message with_other(vm::Message message, const Address& address, const Address& other) {
    if (message.recipient == address) message.recipient = message.code_address = other;
    for (auto rest = std::ranges::subrange(message.input); !rest.empty();) {
        const auto found = std::ranges::search(rest, address.bytes);
        if (!found.empty()) std::ranges::copy(other.bytes, found.begin());
        rest = {found.end(), rest.end()};
    }
    return message;
}

}  // namespace

// In this order a contract may not have been made, or another one of its kind instead of it, elsewhere (CREATE2): then the
// call may as well be about that one.
std::vector<vm::Message> SerialRun::messages_of(const Call& call) const {
    const vm::Message message = message_of(world_, call);
    const auto is_missing = [&](const DeployedContract& each) {
        return each.is_expected && names(message, each.address) && !world_.is_there(each);
    };
    const auto missing = std::ranges::find_if(world_.contracts(), is_missing);
    if (missing == world_.contracts().end()) return {message};
    std::vector<vm::Message> messages;
    for (const DeployedContract& other : world_.contracts())
        if (other.is_expected && other.artifact == missing->artifact && world_.is_there(other))
            messages.push_back(with_other(message, missing->address, other.address));
    for (const SetupStep& step : world_.unforeseen())
        if (step.expects == missing->artifact->identity)
            messages.push_back(with_other(message, missing->address, *step.stands_at));
    return messages;
}

bool SerialRun::give(const Call& call) {
    const Address &from = world_.attacker().address, &to = world_.contract(call.contract).address;
    chain::State& state = world_.state();
    if (state.balance(from) < call.value) return false;
    state.set_balance(from, state.balance(from) - call.value);
    state.set_balance(to, state.balance(to) + call.value);
    return true;
}

vm::Bytes SerialRun::what_was_told(const vm::Message& message) const {
    constexpr std::size_t word = 32, selector = 4;
    if (*told_ == 0) {
        const auto bytes = vm::to_big_endian(message.value);
        return {bytes.begin(), bytes.end()};
    }
    const std::size_t begin = selector + (*told_ - 1) * word;
    if (message.input.size() < begin + word) return vm::Bytes(word);
    const vm::ByteView argument = vm::ByteView(message.input).subspan(begin, word);
    return {argument.begin(), argument.end()};
}

vm::Reply SerialRun::answer_to(const vm::Message& message) const {
    if (refuses_) return {true, {}, {}};
    if (!activations_) return {};
    const std::optional<std::uint32_t> selector = selector_of(message.input);
    for (const Activation& activation : *activations_)
        if (activation.selector == selector && !activation.reverts)
            return {false, told_ && activation.answers_number() ? what_was_told(message) : activation.answer, {}};
    return {};
}

vm::Stop SerialRun::run_until_not_yield(const SerialCall& serial) {
    vm::Machine& machine = execution_.machine();
    vm::Stop at = machine.run();
    for (std::size_t i = 0; at.kind == vm::Stop::Yield; ++i) {
        for (const auto& [turn, call] : serial.gifts)
            if (turn == i) (void)give(call);
        machine.resume(i < serial.replies.size() ? serial.replies[i] : answer_to(*at.message));
        at = machine.run();
    }
    return at;
}

}  // namespace interlock::analyzer
