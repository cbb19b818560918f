#include "lang/program/yul.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace interlock::lang {
namespace {

bool is_for_assembly(vm::Opcode opcode) {
    using enum vm::Opcode;
    const auto byte = static_cast<unsigned>(opcode);
    if (byte >= static_cast<unsigned>(PUSH0) && byte < static_cast<unsigned>(LOG0)) return false;  // PUSH, DUP, SWAP
    return opcode != JUMP && opcode != JUMPI && opcode != JUMPDEST && opcode != PC;
}

std::map<std::string, vm::Opcode, std::less<>> built_ins() {
    std::map<std::string, vm::Opcode, std::less<>> table;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto opcode = static_cast<vm::Opcode>(byte);
        const vm::OpcodeInfo& info = vm::info(opcode);
        if (!info.exists_in(vm::Fork::Cancun) || !is_for_assembly(opcode)) continue;
        std::string name(info.name);
        std::ranges::transform(name, name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        table.emplace(std::move(name), opcode);
    }
    return table;
}

}  // namespace

std::optional<vm::Opcode> yul_builtin(std::string_view name) {
    static const auto table = built_ins();
    const auto found = table.find(name);
    if (found == table.end()) return std::nullopt;
    return found->second;
}

bool is_reserved_in_yul(std::string_view name) {
    static constexpr std::string_view words[] = {"jump",       "jumpi",      "jumpdest",     "pc",
                                                 "difficulty", "hex",        "linkersymbol", "datasize",
                                                 "datacopy",   "dataoffset", "setimmutable", "loadimmutable"};
    if (std::ranges::find(words, name) != std::end(words)) return true;
    for (const auto& [prefix, first, last] :
         {std::tuple<std::string_view, unsigned, unsigned>{"push", 0, 32}, {"dup", 1, 16}, {"swap", 1, 16}}) {
        if (!name.starts_with(prefix)) continue;
        const std::string_view digits = name.substr(prefix.size());
        for (unsigned number = first; number <= last; ++number)
            if (digits == std::to_string(number)) return true;
    }
    return false;
}

std::optional<vm::Word> value_of(const YulExpr& literal) {
    switch (literal.kind) {
        case YulExprKind::Bool: return vm::Word(literal.text == "true" ? 1 : 0);
        case YulExprKind::Number: return vm::parse_word(literal.text);
        case YulExprKind::String:
        case YulExprKind::HexString: {
            if (literal.text.size() > 32) return std::nullopt;
            vm::Bytes padded(literal.text.begin(), literal.text.end());
            padded.resize(32);
            return vm::word_from_big_endian(padded);
        }
        case YulExprKind::Error:
        case YulExprKind::Name:
        case YulExprKind::Call: break;
    }
    return std::nullopt;
}

}  // namespace interlock::lang
