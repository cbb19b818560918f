#include "analyzer/devnet/drawn_values.hpp"

#include <algorithm>
#include <array>

#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;
using vm::Word;

namespace {

Word any_word(chain::Chooser& chooser) {
    Word word;
    for (int i = 0; i < 16; ++i) word = (word << 16) | Word{chooser.choose("value", 1u << 16)};
    return word;
}

Word lowest_bits(const Word& word, unsigned bits) { return bits >= 256 ? word : word & ((Word{1} << bits) - Word{1}); }

// Small numbers, amounts of money, the borders of the type, and anything.
Word draw_number(unsigned bits, chain::Chooser& chooser) {
    switch (chooser.choose("kind of value", 4)) {
        case 0: return Word{chooser.choose("value", 4)};
        case 1: return lowest_bits(Word{chooser.choose("value", 200)} * (chain::ether / Word{10}), bits);
        case 2: return lowest_bits(Word{} - Word{chooser.choose("value", 3)} - Word{1}, bits);
        default: return lowest_bits(any_word(chooser) >> static_cast<unsigned>(chooser.choose("value", 256)), bits);
    }
}

vm::Bytes draw_bytes(bool is_text, chain::Chooser& chooser) {
    vm::Bytes bytes(chooser.choose("length", 2) ? chooser.choose("length", 70) : chooser.choose("length", 3));
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(is_text ? ' ' + chooser.choose("byte", 95) : chooser.choose("byte", 256));
    return bytes;
}

}  // namespace

bool can_draw(const std::vector<ir::NamedType>& types) {
    return std::ranges::none_of(types, [](const ir::NamedType& each) { return each.type.kind == ir::TypeKind::Data; });
}

lang::abi::Value draw(const ir::Type& type, chain::Chooser& chooser, const std::vector<vm::Address>& addresses) {
    switch (type.kind) {
        case ir::TypeKind::Bool: return Word{chooser.choose("value", 2)};
        case ir::TypeKind::Enum: return Word{chooser.choose("value", std::max<std::uint32_t>(1, type.members))};
        case ir::TypeKind::Int: {
            const Word number = draw_number(type.bits, chooser);
            return vm::sign_extend(number, Word{type.bits / 8u - 1});
        }
        case ir::TypeKind::Address:
            if (chooser.choose("kind of value", 8) == 0) return lowest_bits(any_word(chooser), 160);
            return vm::to_word(addresses[chooser.choose("value", static_cast<std::uint32_t>(addresses.size()))]);
        case ir::TypeKind::FixedBytes: return draw_number(type.bits, chooser) << (256u - type.bits);
        case ir::TypeKind::Bytes: return draw_bytes(false, chooser);
        case ir::TypeKind::String: return draw_bytes(true, chooser);
        default: return draw_number(type.bits, chooser);
    }
}

}  // namespace interlock::analyzer
