#include "analyzer/devnet/drawn_values.hpp"

#include <algorithm>
#include <set>

#include "chain/genesis.hpp"
#include "vm/opcodes.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;
using Kind = abi::DataType::Kind;
using vm::Word;

namespace {

constexpr std::size_t max_constants = 4096;
constexpr std::uint32_t max_elements = 16;  // of a drawn array; nested arrays have fewer
constexpr std::uint32_t max_nested_elements = 4;
constexpr std::size_t max_candidates = 512;  // for one value; the first ones are simplified the most

// --- drawing ---

Word any_word(chain::Chooser& chooser) {
    Word word;
    for (int i = 0; i < 16; ++i) word = (word << 16) | Word{chooser.choose("value", 1u << 16)};
    return word;
}

Word lowest_bits(const Word& word, unsigned bits) { return bits >= 256 ? word : word & ((Word{1} << bits) - Word{1}); }

template <class T>
const T& one_of(const std::vector<T>& all, chain::Chooser& chooser) {
    return all[chooser.choose("value", static_cast<std::uint32_t>(all.size()))];
}

// Draws small numbers, amounts of money, the limits of the type, constants of the code, and arbitrary numbers.
Word draw_number(unsigned bits, chain::Chooser& chooser, const Dictionary& dictionary) {
    switch (chooser.choose("kind of value", dictionary.words.empty() ? 4 : 5)) {
        case 0: return Word{chooser.choose("value", 4)};
        case 1: return lowest_bits(Word{chooser.choose("value", 200)} * (chain::ether / Word{10}), bits);
        case 2: return lowest_bits(Word{} - Word{chooser.choose("value", 3)} - Word{1}, bits);
        case 3: return lowest_bits(any_word(chooser) >> static_cast<unsigned>(chooser.choose("value", 256)), bits);
        default: {
            const Word known = one_of(dictionary.words, chooser);  // or a number next to it
            const bool is_next = chooser.choose("kind of value", 2) == 1;
            return lowest_bits(is_next ? known + Word{2 * chooser.choose("value", 2)} - Word{1} : known, bits);
        }
    }
}

Word draw_word(const ir::Type& type, chain::Chooser& chooser, const Dictionary& dictionary) {
    switch (type.kind) {
        case ir::TypeKind::Bool: return chooser.choose("value", 2);
        case ir::TypeKind::Enum: return chooser.choose("value", std::max<std::uint32_t>(1, type.members));
        case ir::TypeKind::Int:
            return vm::sign_extend(draw_number(type.bits, chooser, dictionary), Word{type.bits / 8u - 1});
        case ir::TypeKind::Address:
            if (chooser.choose("kind of value", 8) == 0) return lowest_bits(any_word(chooser), 160);
            return vm::to_word(one_of(dictionary.addresses, chooser));
        case ir::TypeKind::FixedBytes: return draw_number(type.bits, chooser, dictionary) << (256u - type.bits);
        default: return draw_number(type.bits, chooser, dictionary);
    }
}

vm::Bytes draw_bytes(bool is_text, chain::Chooser& chooser) {
    vm::Bytes bytes(chooser.choose("length", 2) ? chooser.choose("length", 70) : chooser.choose("length", 3));
    for (std::uint8_t& byte : bytes)
        byte = static_cast<std::uint8_t>(is_text ? ' ' + chooser.choose("byte", 95) : chooser.choose("byte", 256));
    return bytes;
}

abi::Data draw_nested(const abi::DataType& type, chain::Chooser& chooser, const Dictionary& dictionary, int depth) {
    if (type.kind == Kind::Word) return draw_word(type.value, chooser, dictionary);
    if (type.kind == Kind::Bytes) return draw_bytes(type.value.kind == ir::TypeKind::String, chooser);
    std::size_t count = type.kind == Kind::Struct ? type.parts.size() : type.length;
    if (type.kind == Kind::Array) count = chooser.choose("length", depth == 0 ? max_elements + 1 : max_nested_elements + 1);
    std::vector<abi::Data> elements;
    for (std::size_t i = 0; i < count; ++i) {
        const abi::DataType& part = type.kind == Kind::Struct ? type.parts[i] : type.parts.front();
        elements.push_back(draw_nested(part, chooser, dictionary, depth + (type.kind == Kind::Array)));
    }
    return elements;
}

bool compares(const ir::Instruction& instruction) {
    using vm::Opcode;
    switch (instruction.op) {
        case ir::Op::Equal:
        case ir::Op::NotEqual:
        case ir::Op::Less:
        case ir::Op::LessEqual:
        case ir::Op::Greater:
        case ir::Op::GreaterEqual: return true;
        case ir::Op::Evm: break;
        default: return false;
    }
    const Opcode opcode = instruction.opcode;
    return opcode == Opcode::EQ || opcode == Opcode::LT || opcode == Opcode::GT || opcode == Opcode::SLT ||
           opcode == Opcode::SGT;
}

// --- simplifying ---

// Cuts off all digits, then half, a quarter… of them, then takes half of the number, three quarters… up to one less. A
// number with many digits thus shrinks in few steps, and the last steps find the limit.
std::vector<Word> towards_zero(const Word& magnitude) {
    std::vector<Word> less;
    if (!magnitude.is_zero()) less.emplace_back();
    for (unsigned shift = 128; shift > 1; shift /= 2)
        if (const Word shorter = magnitude >> shift; !shorter.is_zero()) less.push_back(shorter);
    for (Word step = magnitude >> 1; !step.is_zero(); step >>= 1) less.push_back(magnitude - step);
    if (magnitude > Word{1} && less.back() != magnitude - Word{1}) less.push_back(magnitude - Word{1});
    return less;
}

std::vector<abi::Data> simpler_word(const ir::Type& type, const Word& word) {
    std::vector<abi::Data> less;
    if (type.kind == ir::TypeKind::Address) return less;  // the account says more than a number does
    if (type.kind == ir::TypeKind::Int && word.is_negative()) {
        for (const Word& magnitude : towards_zero(-word)) less.emplace_back(-magnitude);
    } else if (type.kind == ir::TypeKind::FixedBytes) {
        const unsigned unused = 256u - type.bits;
        for (const Word& number : towards_zero(word >> unused)) less.emplace_back(number << unused);
    } else {
        for (const Word& number : towards_zero(word)) less.emplace_back(number);
    }
    return less;
}

// Shorter values, then plainer ones: zero bytes, and letters in texts.
std::vector<abi::Data> simpler_bytes(const ir::Type& type, const vm::Bytes& bytes) {
    const std::uint8_t plain = type.kind == ir::TypeKind::String ? 'a' : 0;
    std::vector<abi::Data> less;
    const auto cut = [&](std::size_t length) {
        less.emplace_back(vm::Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
    };
    for (std::size_t step = bytes.size(); step > 0; step /= 2) cut(bytes.size() - step);
    const vm::Bytes all_plain(bytes.size(), plain);
    if (bytes != all_plain) less.emplace_back(all_plain);
    for (std::size_t i = 0; i < bytes.size() && less.size() < max_candidates; ++i) {
        if (bytes[i] == plain) continue;
        vm::Bytes changed = bytes;
        changed[i] = plain;
        less.emplace_back(std::move(changed));
    }
    return less;
}

std::vector<abi::Data> simpler_list(const abi::DataType& type, const std::vector<abi::Data>& elements) {
    std::vector<abi::Data> less;
    if (type.kind == Kind::Array) {
        for (std::size_t step = elements.size(); step > 1; step /= 2)
            less.emplace_back(std::vector<abi::Data>(elements.begin(), elements.end() - static_cast<std::ptrdiff_t>(step)));
        for (std::size_t i = 0; i < std::min(elements.size(), max_candidates); ++i) {
            std::vector<abi::Data> fewer = elements;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            less.emplace_back(std::move(fewer));
        }
    }
    for (std::size_t i = 0; i < elements.size() && less.size() < max_candidates; ++i)
        for (abi::Data& part : simpler(type.kind == Kind::Struct ? type.parts[i] : type.parts.front(), elements[i])) {
            std::vector<abi::Data> changed = elements;
            changed[i] = std::move(part);
            less.emplace_back(std::move(changed));
        }
    return less;
}

}  // namespace

void add_constants(Dictionary& dictionary, const ir::Function& function) {
    std::set<Word> known(dictionary.words.begin(), dictionary.words.end());
    std::vector<std::optional<Word>> constants(function.values);
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == ir::Op::Constant) constants[each.result.index] = each.word;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (!compares(each)) continue;
            for (const ir::Value& operand : each.operands)
                if (const auto& word = constants[operand.index]; word && known.size() < max_constants)
                    if (known.insert(*word).second) dictionary.words.push_back(*word);
        }
}

abi::Data draw(const abi::DataType& type, chain::Chooser& chooser, const Dictionary& dictionary) {
    return draw_nested(type, chooser, dictionary, 0);
}

std::vector<abi::Data> simpler(const abi::DataType& type, const abi::Data& value) {
    if (type.kind == Kind::Word) return simpler_word(type.value, value.word());
    if (type.kind == Kind::Bytes) return simpler_bytes(type.value, value.bytes());
    return simpler_list(type, value.list());
}

}  // namespace interlock::analyzer
