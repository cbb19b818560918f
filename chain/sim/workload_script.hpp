// Workloads as a person writes them: a line for each thing that clients do.
//
//     transfers 100 every 50ms from 1s among 10
//     at 1s alice deploys counter 0x6001600055
//     at 2s bob calls counter increment()
//     at 3s bob calls token transfer(address,uint256) alice 100
//     at 4s bob pays alice 1000 via 2
//     oracle omar watches game ask() answers game answer(uint256,uint256) @ 7 after 2s when final
//     show game winner()
//     always game solvent()
//
// Accounts are named as anywhere else and have ether. A contract's code is creation code in hexadecimal digits, or the
// name of a file that holds them; constructor arguments follow. Arguments are words: numbers, amounts, or names of accounts
// and contracts; `with 1ether` pays, `via 2` says to which node a transaction is sent. An oracle answers each call that its
// node sees in a block, or in a final one, `@` says which; `show` calls a function at the end, `always` behind each block.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "chain/sim/faults.hpp"
#include "chain/sim/workload.hpp"

namespace interlock::chain::sim {

using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

[[nodiscard]] std::variant<Workload, ScriptError> parse_workload(std::string_view text, const ReadFile& read_file = {});

}  // namespace interlock::chain::sim
