// Draws values of a type from a Chooser: half of them are values that often break things, half are arbitrary. It also
// gives the simpler values of a value, to simplify what breaks a test.
#pragma once

#include "chain/chooser.hpp"
#include "lang/abi/data.hpp"

namespace interlock::analyzer {

// Where values are taken from, besides chance.
struct Dictionary {
    std::vector<vm::Address> addresses;  // most drawn addresses are one of these; not empty
    std::vector<vm::Word> words;         // constants with which the tested code compares
};

// Adds the constants with which a function compares something, each once.
void add_constants(Dictionary& dictionary, const lang::ir::Function& function);

[[nodiscard]] lang::abi::Data draw(const lang::abi::DataType& type, chain::Chooser& chooser, const Dictionary& dictionary);

// Returns values that are simpler than this one, the simplest first; empty if there are none. Taking a simpler value
// again and again always ends.
[[nodiscard]] std::vector<lang::abi::Data> simpler(const lang::abi::DataType& type, const lang::abi::Data& value);

}  // namespace interlock::analyzer
