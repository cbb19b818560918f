// Embeds the machine in a program: deploys a contract, calls it, asks it a question, reads its storage.
#include <iostream>
#include <stdexcept>

#include "chain/execution.hpp"
#include "chain/genesis.hpp"

using namespace interlock;

// What a transaction came to; a program of your own will want to look at why one was refused or failed.
chain::Receipt send(chain::State& state, const chain::Transaction& tx) {
    const chain::Result result = chain::execute(state, tx);
    if (!result.valid()) throw std::runtime_error("refused: " + std::string(name_of(result.refusal)));
    if (!result.receipt.ok()) throw std::runtime_error("failed: " + std::string(name_of(result.receipt.status)));
    return result.receipt;
}

int main() {
    // A world under Cancun's rules in which alice has a thousand ether. Gas costs a wei.
    chain::State state = chain::Genesis::standard().build(vm::Fork::Cancun);
    chain::Transaction tx;
    tx.sender = *chain::Genesis::standard().address_of("alice");
    tx.gas_price = tx.priority_fee = 1;
    tx.gas_limit = 100'000;

    // Nine bytes of init code, which return the contract behind them: it adds its input to slot 0 and returns the sum.
    tx.data = *vm::parse_hex(
        "0x600e8060095f395ff3"
        "5f355f5401805f555f5260205ff3");
    const vm::Address sum = *send(state, tx).created;
    std::cout << "deployed at " << vm::to_hex(sum) << '\n';

    tx.to = sum;
    for (const chain::Word term : {40, 2}) {
        tx.nonce = state.nonce(tx.sender);
        const auto input = vm::to_big_endian(term);
        tx.data.assign(input.begin(), input.end());
        std::cout << "used " << send(state, tx).gas_used << " gas\n";
    }

    vm::Message question;
    question.gas = {50'000};
    question.recipient = question.code_address = sum;
    const vm::Outcome answer = chain::call(state, question);  // changes nothing
    std::cout << "it answers " << vm::word_from_big_endian(answer.output).low64() << '\n';
    std::cout << "slot 0 holds " << state.load(sum, 0).low64() << '\n';
}
