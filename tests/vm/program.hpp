// Programs for the machine's tests: a tiny assembler, and a world of a few accounts to run them in.
#pragma once

#include <sstream>
#include <stdexcept>

#include "tests/vm/test_host.hpp"
#include "vm/machine.hpp"
#include "vm/opcodes.hpp"

namespace interlock::vm::test {

// Opcode names and literal bytes ("0x..."), separated by blanks: "PUSH1 0x02 PUSH1 0x03 ADD".
inline Bytes assemble(const std::string& text) {
    Bytes code;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word.starts_with("0x")) {
            const Bytes literal = parse_hex(word).value();
            code.insert(code.end(), literal.begin(), literal.end());
            continue;
        }
        std::size_t byte = 0;
        while (byte < 256 && info(static_cast<std::uint8_t>(byte)).name != word) ++byte;
        if (byte == 256) throw std::invalid_argument("no such opcode: " + word);
        code.push_back(static_cast<std::uint8_t>(byte));
    }
    return code;
}

// "PUSH32 0x..." of a word.
inline std::string push(const Word& word) { return "PUSH32 " + to_hex(to_hash(word)) + " "; }
inline std::string push(const Address& address) { return "PUSH20 " + to_hex(address) + " "; }

// Returns the word on top of the stack.
inline const std::string return_top = " PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x00 RETURN";

inline Address account(std::uint8_t last_byte) {
    Address address;
    address.bytes.front() = 0xaa;
    address.bytes.back() = last_byte;
    return address;
}
inline const Address sender = account(1);
inline const Address contract = account(2);  // what the tests' messages are sent to
inline const Address other = account(3);
inline const Address stranger = account(4);

inline Message call_message(std::int64_t gas = 1'000'000) {
    Message message;
    message.sender = sender;
    message.recipient = message.code_address = contract;
    message.gas = {gas};
    return message;
}

struct World {
    TestHost host;
    Fork fork = Fork::Cancun;

    explicit World(const std::string& program = "", Fork fork = Fork::Cancun) : fork(fork) {
        host.account(sender).balance = 1'000'000;
        host.account(contract).nonce = 1;
        host.account(contract).balance = 1'000;
        host.account(contract).code = assemble(program);
        host.state.warm_accounts = {sender, contract};
    }

    void deploy(const Address& address, const std::string& program) {
        host.account(address).nonce = 1;
        host.account(address).code = assemble(program);
    }

    Outcome run(const Message& message = call_message()) {
        Machine machine(host, fork);
        machine.start(message);
        return machine.run().outcome;
    }
};

inline std::int64_t used(const Outcome& outcome, std::int64_t given = 1'000'000) { return given - outcome.gas_left.units; }
inline Word word_of(const Outcome& outcome) { return word_from_big_endian(outcome.output); }

}  // namespace interlock::vm::test
