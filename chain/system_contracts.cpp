#include "chain/system_contracts.hpp"

#include "chain/system_contract_code.hpp"
#include "vm/code.hpp"
#include "vm/machine.hpp"

namespace interlock::chain {

namespace {

constexpr std::int64_t system_call_gas = 30'000'000;

Address at(std::string_view text) { return vm::parse_address(text).value(); }

const Address& system_address() {
    static const Address address = at("0xfffffffffffffffffffffffffffffffffffffffe");
    return address;
}

}  // namespace

const Address& beacon_roots_contract() {
    static const Address address = at("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
    return address;
}

const Address& history_contract() {
    static const Address address = at("0x0000f90827f1c53a10cb7a02335b175320002935");
    return address;
}

const Address& withdrawals_contract() {
    static const Address address = at("0x00000961ef480eb55e80d19ad83579a64c007002");
    return address;
}

const Address& consolidations_contract() {
    static const Address address = at("0x0000bbddc7ce488642fb579f8b00f3a590007251");
    return address;
}

void deploy_system_contracts(State& state) {
    const auto deploy = [&state](const Address& address, std::string_view code) {
        if (!state.code(address)->is_empty()) return;
        state.set_code(address, vm::parse_hex(code).value());
        state.set_nonce(address, 1);
    };
    deploy(beacon_roots_contract(), beacon_roots_code);
    deploy(history_contract(), history_code);
    deploy(withdrawals_contract(), withdrawals_code);
    deploy(consolidations_contract(), consolidations_code);
}

SystemCall call_system_contract(State& state, const Address& contract, ByteView input) {
    vm::Message message;
    message.gas = {system_call_gas};
    message.sender = system_address();
    message.recipient = message.code_address = contract;
    message.input = Bytes(input.begin(), input.end());

    state.begin_transaction({system_address(), {}, {}});
    vm::Machine machine(state, state.fork());
    machine.start(message);
    vm::Outcome outcome = std::move(machine.run().outcome);
    state.end_transaction();
    return {outcome.status, std::move(outcome.output)};
}

}  // namespace interlock::chain
