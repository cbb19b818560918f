// The interface of a contract of which only the code is known, read from the code.
//
// The runtime code is run on terms: what call data, its length and the ether sent are is unknown, everything else is as
// exact as constants are. Where the dispatcher compares the selector, a function begins. Its parameters follow from how
// it reads the call data (Solidity's ABI specification): the word at 4 + 32k is parameter k; a mask of 20 bytes makes an
// address of it, two ISZERO a bool, an offset that is followed bytes or a list.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer {

struct ReadFunction {
    std::uint32_t selector = 0;
    std::vector<std::string> parameters;  // names of ABI types; "uint256" where nothing is known
    bool is_payable = true;               // ether is not refused
    bool changes_nothing = false;         // no instruction that can be reached changes anything
};

struct ReadInterface {
    std::vector<ReadFunction> functions;  // ascending selectors
    bool has_receive = false;             // empty call data succeeds, other unknown call data does not
    bool has_fallback = false;            // unknown call data may succeed
    bool is_payable = false;              // the two
};

[[nodiscard]] ReadInterface read_interface(vm::ByteView runtime_code);

// Returns the constants that the code pushes, ascending, each once.
[[nodiscard]] std::vector<vm::Word> pushed_constants(vm::ByteView code);

}  // namespace interlock::analyzer
