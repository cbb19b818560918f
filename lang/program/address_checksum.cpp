#include "lang/program/address_checksum.hpp"

#include "vm/keccak.hpp"

namespace interlock::lang {

std::string with_checksum(std::string_view digits) {
    std::string lower;
    for (const char c : digits) lower += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const vm::Hash hash = vm::keccak256({reinterpret_cast<const std::uint8_t*>(lower.data()), lower.size()});
    for (std::size_t i = 0; i < lower.size(); ++i) {
        const unsigned nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 15;
        if (nibble >= 8 && lower[i] >= 'a') lower[i] = static_cast<char>(lower[i] - 'a' + 'A');
    }
    return lower;
}

}  // namespace interlock::lang
