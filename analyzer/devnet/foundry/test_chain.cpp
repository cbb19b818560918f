#include "analyzer/devnet/foundry/test_chain.hpp"

#include "analyzer/devnet/foundry/addresses.hpp"
#include "vm/created_address.hpp"

namespace interlock::analyzer::foundry {

using vm::Word;

const Word TestChain::wealth = (Word{1} << 96) - Word{1};

namespace {

// The code of the account that deployers use on every chain: it deploys its input with CREATE2, using the salt in front
// of it, and returns the address.
//   calldatacopy(0, 32, calldatasize - 32)   create2(callvalue, 0, calldatasize - 32, calldataload(0))
//   if it is zero, revert                    return its 20 bytes
const vm::Bytes create2_deployer_code = *vm::parse_hex(
    "60203603"      // PUSH1 32, CALLDATASIZE, SUB
    "806020600037"  // DUP1, PUSH1 32, PUSH1 0, CALLDATACOPY
    "600035"        // PUSH1 0, CALLDATALOAD
    "90"            // SWAP1
    "600034"        // PUSH1 0, CALLVALUE
    "f5"            // CREATE2
    "80601b57"      // DUP1, PUSH1 27, JUMPI
    "60006000fd"    // REVERT
    "5b6000526014600cf3");

}  // namespace

TestChain::TestChain(const lang::Compilation& compilation, const Project& project, chain::State& state)
    : session_(compilation, project, state) {
    state.set_balance(known::sender, wealth);
    state.set_nonce(known::sender, 1);
    state.set_code(known::cheatcodes, vm::Bytes{0});
    state.set_code(known::console, vm::Bytes{0});
    state.set_code(known::create2_deployer, create2_deployer_code);
    state.set_nonce(known::create2_deployer, 1);
    vm::BlockContext& block = arrangement().surroundings.block;
    block.number = 1;
    block.timestamp = 1;
    block.gas_limit = gas_limit;
    block.chain_id = 31337;
    arrangement().surroundings.transaction.origin = known::sender;
}

TestChain::Ran TestChain::deploy(vm::Bytes creation_code, const Word& value) {
    const std::uint64_t nonce = state().nonce(known::sender);
    state().set_nonce(known::sender, nonce + 1);
    vm::Message message;
    message.kind = vm::CallKind::Create;
    message.sender = known::sender;
    message.recipient = message.code_address = vm::created_address(known::sender, nonce);
    message.value = value;
    message.input = std::move(creation_code);
    return run(message, nullptr);
}

TestChain::Ran TestChain::call(const vm::Address& from, const vm::Address& to, const Word& value, vm::Bytes data,
                               vm::Tracer* tracer) {
    vm::Message message;
    message.sender = from;
    message.recipient = message.code_address = to;
    message.value = value;
    message.input = std::move(data);
    return run(message, tracer);
}

TestChain::Ran TestChain::run(const vm::Message& message, vm::Tracer* tracer) {
    vm::TransactionContext& transaction = arrangement().surroundings.transaction;
    transaction.origin = message.sender;
    state().begin_transaction(transaction);
    for (const vm::Address& known : {message.sender, message.recipient, arrangement().surroundings.block.coinbase})
        state().warm_account(known);
    TestHost host(state(), arrangement().surroundings, session_);
    vm::Machine machine(host, state().fork());
    machine.set_interceptor(&session_);
    machine.lift_code_limits();
    machine.set_tracer(tracer);
    vm::Message sent = message;
    sent.gas = {static_cast<std::int64_t>(gas_limit)};
    machine.start(sent);
    Ran ran;
    ran.outcome = machine.run().outcome;
    ran.gas_used = gas_limit - static_cast<std::uint64_t>(ran.outcome.gas_left.units);
    state().end_transaction();
    return ran;
}

}  // namespace interlock::analyzer::foundry
