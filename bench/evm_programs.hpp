// The programs that evm_bench runs: bytecode in a file, and calls of contracts that our own compiler makes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain/state.hpp"
#include "vm/message.hpp"

namespace interlock::bench {

struct Program {
    std::string name;
    vm::Bytes code;
    vm::Message message;  // the call that is timed, with all the gas it may want
    vm::Bytes expected_output;
    std::optional<std::int64_t> gas_used;       // unknown where our compiler made the code, which it may make better
    std::shared_ptr<const chain::State> world;  // the accounts; null: the code is all there is
};

// Reads lines of JSON: name, code, input, gas_used, expected_output.
[[nodiscard]] std::vector<Program> read_programs(const std::filesystem::path& path);

// What is run where there is no such file.
[[nodiscard]] std::vector<Program> built_in_programs();

// Contracts under bench/programs: a token, whose calls are those that fill blocks, and a ray tracer with structures in
// storage and memory.
[[nodiscard]] std::vector<Program> contract_programs();

}  // namespace interlock::bench
