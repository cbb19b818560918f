// The checksum of an address decides which of its hexadecimal digits are capital letters. (EIP-55)
#pragma once

#include <string>
#include <string_view>

namespace interlock::lang {

// Takes 40 digits without 0x.
[[nodiscard]] std::string with_checksum(std::string_view digits);

}  // namespace interlock::lang
