#include "analyzer/devnet/revert_reason.hpp"

#include "lang/abi/abi.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::uint32_t error_selector = 0x08c379a0;  // Error(string)
constexpr std::uint32_t panic_selector = 0x4e487b71;  // Panic(uint256)

// Solidity documentation, "Panic via assert and Error via require".
std::string_view panic_meaning(std::uint64_t code) {
    switch (code) {
        case 0x01: return "assertion failed";
        case 0x11: return "arithmetic overflow";
        case 0x12: return "division by zero";
        case 0x21: return "value outside the enum";
        case 0x22: return "corrupt storage bytes";
        case 0x31: return "pop from an empty array";
        case 0x32: return "index out of bounds";
        case 0x41: return "too much memory";
        case 0x51: return "call of an uninitialised function";
        default: return "unknown panic";
    }
}

}  // namespace

std::string describe_revert(vm::ByteView data, const ir::Contract* contract) {
    if (data.size() < 4) return data.empty() ? "" : vm::to_hex(data);
    const auto selector = static_cast<std::uint32_t>(vm::word_from_big_endian(data.first(4)).low64());
    const vm::ByteView payload = data.subspan(4);
    if (selector == error_selector)
        if (const auto values = abi::decode({{"", ir::string_type}}, payload))
            return abi::format_value(ir::string_type, values->front());
    if (selector == panic_selector && payload.size() >= 32) {
        const std::uint64_t code = vm::word_from_big_endian(payload.first(32)).low64();
        return "Panic(" + vm::to_hex(vm::Word{code}) + "): " + std::string(panic_meaning(code));
    }
    if (contract)
        for (const ir::Error& error : contract->errors) {
            if (error.selector != selector) continue;
            const auto values = abi::decode(error.parameters, payload);
            if (!values) break;
            std::string text = error.name + "(";
            for (std::size_t i = 0; i < values->size(); ++i)
                text += (i ? ", " : "") + abi::format_value(error.parameters[i].type, (*values)[i]);
            return text + ")";
        }
    return vm::to_hex(data);
}

}  // namespace interlock::analyzer
