// The precompiles' rows of the benchmark of programs: what a call of each takes, for input of which most is made of it.
#pragma once

#include <string>
#include <vector>

#include "vm/bytes.hpp"

namespace interlock::bench {

struct PrecompileRow {
    std::string name;                  // "precompile/ecrecover"
    std::uint64_t number = 0;          // its address
    vm::Bytes input, expected_output;  // by the prices of Osaka
    std::int64_t gas = 0;              // what the call must cost
    double microseconds = 0;           // of processor time; zero until measured

    [[nodiscard]] double gas_per_microsecond() const { return static_cast<double>(gas) / microseconds; }
};

[[nodiscard]] std::vector<PrecompileRow> precompile_rows();

// Calls the precompile once. Throws unless output and gas are right to the digit.
void check(const PrecompileRow& row);

// Fills in how long a call takes: the best of several runs.
void measure(PrecompileRow& row);

// Prints the rows, slowest for their gas first, each with how many times less gas a second it gets than the median.
void print(std::vector<PrecompileRow> rows);

}  // namespace interlock::bench
