#include "analyzer/devnet/foundry/texts.hpp"

#include <algorithm>

#include "lang/program/address_checksum.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
namespace ir = lang::ir;

std::string checksummed(const vm::Address& address) {
    return "0x" + lang::with_checksum(std::string_view(vm::to_hex(address)).substr(2));
}

std::string signed_decimal(const vm::Word& value) {
    return value.is_negative() ? "-" + vm::to_decimal(-value) : vm::to_decimal(value);
}

std::string plain_text(const abi::DataType& type, const abi::Data& value) {
    using Kind = abi::DataType::Kind;
    if (type.kind == Kind::Word && type.value.kind == ir::TypeKind::Address)
        return checksummed(vm::to_address(value.word()));
    if (type.kind == Kind::Word) return abi::format_value(type.value, value.word());
    if (type.kind == Kind::Bytes && type.value.kind == ir::TypeKind::String)
        return {value.bytes().begin(), value.bytes().end()};
    if (type.kind == Kind::Bytes) return vm::to_hex(value.bytes());
    std::string text;
    for (std::size_t i = 0; i < value.list().size(); ++i) {
        const abi::DataType& part = type.kind == Kind::Struct ? type.parts[i] : type.parts.front();
        text += (i ? ", " : "") + plain_text(part, value.list()[i]);
    }
    return type.kind == Kind::Struct ? "(" + text + ")" : "[" + text + "]";
}

std::string with_decimals(const vm::Word& value, bool is_signed, std::uint64_t decimals) {
    const bool is_negative = is_signed && value.is_negative();
    std::string digits = vm::to_decimal(is_negative ? -value : value);
    const std::size_t places = std::min<std::uint64_t>(decimals, 77);  // no number has more digits
    if (places > 0) {
        if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
        digits.insert(digits.size() - places, ".");
    }
    return is_negative ? "-" + digits : digits;
}

}  // namespace interlock::analyzer::foundry
