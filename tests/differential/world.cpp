#include "tests/differential/world.hpp"

#include <fmt/format.h>

#include "chain/genesis.hpp"
#include "vm/code.hpp"
#include "vm/created_address.hpp"
#include "vm/machine.hpp"
#include "vm/opcodes.hpp"
#include "vm/tracer.hpp"

namespace interlock::differential {

using vm::Word;

namespace {

// Enough for what the contracts do, and little enough that a loop over a huge number ends soon.
constexpr vm::Gas gas_limit{3'000'000};

bool is_compute(std::uint8_t byte) {
    using enum vm::Opcode;
    const auto opcode = static_cast<vm::Opcode>(byte);
    switch (opcode) {
        case SLOAD:
        case SSTORE:
        case TLOAD:
        case TSTORE:
        case BALANCE:
        case EXTCODESIZE:
        case EXTCODECOPY:
        case EXTCODEHASH:
        case CALL:
        case CALLCODE:
        case DELEGATECALL:
        case STATICCALL:
        case CREATE:
        case CREATE2:
        case SELFDESTRUCT: return false;
        default: return opcode < LOG0 || opcode > LOG4;
    }
}

class ComputeGas final : public vm::Tracer {
  public:
    void on_instruction(const vm::TracePoint& point) override {
        if (is_compute(point.opcode)) units += point.cost.units;
    }
    std::int64_t units = 0;
};

}  // namespace

const vm::Address& caller() {
    static const vm::Address address = vm::to_address(Word(0xa11ce));
    return address;
}

const std::vector<vm::Address>& accounts() {
    static const std::vector<vm::Address> all{caller(), vm::to_address(Word(0xb0b)), vm::created_address(caller(), 0), {}};
    return all;
}

World::World() {
    vm::BlockContext block;
    block.number = 1000;
    block.timestamp = chain::genesis_time;
    block.base_fee = Word(7);
    block.prev_randao = Word(0xabcdef);
    state_.set_block(block);
    state_.set_balance(caller(), Word(1'000'000'000'000'000'000));
    state_.set_balance(accounts()[1], Word(1000));
}

Effect World::deploy(const vm::Bytes& creation_code, const vm::Bytes& arguments) {
    vm::Message message;
    message.kind = vm::CallKind::Create;
    message.recipient = accounts()[2];
    message.input = creation_code;
    message.input.insert(message.input.end(), arguments.begin(), arguments.end());
    state_.set_nonce(caller(), 1);
    return send(std::move(message));
}

Effect World::call(const Call& call) {
    vm::Message message;
    message.recipient = message.code_address = accounts()[2];
    message.input = call.input;
    message.value = call.value;
    return send(std::move(message));
}

Effect World::send(vm::Message message) {
    message.sender = caller();
    message.gas = gas_limit;
    vm::TransactionContext transaction;
    transaction.origin = caller();
    transaction.gas_price = Word(8);
    state_.begin_transaction(transaction);
    ComputeGas gas;
    vm::Machine machine(state_, vm::default_fork);
    machine.set_tracer(&gas);
    machine.start(message);
    Effect effect;
    effect.outcome = machine.run().outcome;
    state_.end_transaction();
    effect.logs = state_.logs();
    effect.compute_gas = gas.units;
    return effect;
}

std::string World::state() const {
    std::string text;
    for (const chain::State::AccountView& account : state_.accounts()) {
        text += fmt::format("{} nonce {} balance {}\n", vm::to_hex(account.address), account.nonce,
                            vm::to_decimal(account.balance));
        for (const auto& [slot, value] : account.storage)
            text += fmt::format("  {}: {}\n", vm::to_hex(slot), vm::to_hex(value));
    }
    return text;
}

std::size_t World::code_bytes() { return state_.code(accounts()[2])->bytes().size(); }

std::string describe(const Effect& effect) {
    std::string text = fmt::format("{} {}\n", vm::name_of(effect.outcome.status), vm::to_hex(effect.outcome.output));
    for (const vm::Log& log : effect.logs) {
        text += "log of " + vm::to_hex(log.address);
        for (const vm::Hash& topic : log.topics) text += " " + vm::to_hex(topic);
        text += fmt::format(": {}\n", vm::to_hex(log.data));
    }
    return text;
}

}  // namespace interlock::differential
