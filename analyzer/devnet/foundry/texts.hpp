// Formats values as tests print them: strings as they are, addresses with their checksum, numbers with a decimal point
// if wanted.
#pragma once

#include "lang/abi/data.hpp"

namespace interlock::analyzer::foundry {

// "0x7109709ECfa91a80626fF3989D68f67F5b1DD12D" (EIP-55)
[[nodiscard]] std::string checksummed(const vm::Address& address);

[[nodiscard]] std::string plain_text(const lang::abi::DataType& type, const lang::abi::Data& value);

// Returns "1.500" for 1500 with three decimals.
[[nodiscard]] std::string with_decimals(const vm::Word& value, bool is_signed, std::uint64_t decimals);

[[nodiscard]] std::string signed_decimal(const vm::Word& value);

}  // namespace interlock::analyzer::foundry
