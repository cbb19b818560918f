// One contract of the suite, ready to be compared: our code for it, its constructor's arguments, and the calls to make.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lang/compile.hpp"
#include "tests/differential/inputs.hpp"
#include "tests/differential/world.hpp"

namespace interlock::differential {

struct Case {
    std::string file;      // "tokens.sol"
    std::string contract;  // the last one of the file
    lang::Artifact ours;
    nlohmann::json abi;
    vm::Bytes arguments;
    std::vector<Call> calls;
};

inline constexpr std::size_t calls_of_each_function = 12;
inline constexpr std::uint64_t first_seed = 1;

// Throws std::runtime_error with the diagnostics where our compiler refuses the file, or no arguments deploy it.
[[nodiscard]] Case prepare(const std::filesystem::path& file, std::uint64_t seed = first_seed,
                           std::size_t each = calls_of_each_function);

}  // namespace interlock::differential
