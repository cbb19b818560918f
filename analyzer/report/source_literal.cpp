#include "analyzer/report/source_literal.hpp"

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

using lang::ir::TypeKind;

std::string_view account_at(const Address& address) {
    for (const std::string_view name : {"owner", "mallory", "alice", "bob"})
        if (chain::address_of(chain::key_of_name(name)) == address) return name;
    return {};
}

std::string source_literal(const lang::ir::Type& type, const lang::abi::Value& value,
                           const std::function<std::string(const Address&)>& name_of) {
    if (type.is_reference()) {
        const Bytes& bytes = std::get<Bytes>(value);
        if (bytes.empty()) return "\"\"";
        const std::string hex = "hex\"" + vm::to_hex(bytes).substr(2) + "\"";
        const bool is_text = std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte < 0x80; });
        return type.kind == TypeKind::String && !is_text ? "string(bytes(" + hex + "))" : hex;
    }
    const Word& word = std::get<Word>(value);
    switch (type.kind) {
        case TypeKind::Bool: return word.is_zero() ? "false" : "true";
        case TypeKind::Address: return name_of(vm::to_address(word));
        case TypeKind::FixedBytes: {
            const auto bytes = vm::to_big_endian(word);
            return lang::ir::abi_name(type) + "(" + vm::to_hex(ByteView(bytes).first(type.bits / 8)) + ")";
        }
        case TypeKind::Uint: return type.bits == 256 ? format_wei(word) : vm::to_decimal(word);
        default: return lang::abi::format_value(type, value);
    }
}

}  // namespace interlock::analyzer
