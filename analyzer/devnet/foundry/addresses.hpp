// Addresses that tests written for Foundry expect. (Foundry Book, "Cheatcodes Reference", "Writing Tests".)
#pragma once

#include "vm/word.hpp"

namespace interlock::analyzer::foundry {

namespace known {

inline const vm::Address cheatcodes = *vm::parse_address("0x7109709ECfa91a80626fF3989D68f67F5b1DD12D");
inline const vm::Address console = *vm::parse_address("0x000000000000000000636F6e736F6c652e6c6f67");
inline const vm::Address sender = *vm::parse_address("0x1804c8AB1F12E6bbf3894d4083f33e07309d1f38");  // is also tx.origin
inline const vm::Address create2_deployer = *vm::parse_address("0x4e59b44847b379578588920cA78FbF26c0B4956C");

}  // namespace known

// Old assertions mark a failed test in this slot of the cheatcodes' account.
[[nodiscard]] vm::Word failed_slot();  // "failed", as bytes32

}  // namespace interlock::analyzer::foundry
