// Values of a type, drawn from a Chooser: half of them are the ones that break things, half are anything. And the other
// way: what is simpler than a value, to make small what breaks a test.
#pragma once

#include "chain/chooser.hpp"
#include "lang/abi/data.hpp"

namespace interlock::analyzer {

// What values are taken from besides chance.
struct Dictionary {
    std::vector<vm::Address> addresses;  // who an address is, most of the time; not empty
    std::vector<vm::Word> words;         // constants with which the tested code compares
};

// The constants with which a function compares something, each once.
void add_constants(Dictionary& dictionary, const lang::ir::Function& function);

[[nodiscard]] lang::abi::Data draw(const lang::abi::DataType& type, chain::Chooser& chooser, const Dictionary& dictionary);

// Values that are less than this one, the least first; nothing where there is nothing less. Whoever takes the first that
// will do, and asks again, comes to an end.
[[nodiscard]] std::vector<lang::abi::Data> simpler(const lang::abi::DataType& type, const lang::abi::Data& value);

}  // namespace interlock::analyzer
