// Cheatcodes for random values, which follow from the seed of the run.
#include <algorithm>

#include "analyzer/devnet/foundry/table.hpp"

namespace interlock::analyzer::foundry {

using vm::Word;

namespace {

Word any_word(const Call& call) {
    Word word;
    for (int i = 0; i < 16; ++i) word = (word << 16) | Word{call.arrangement().chooser.choose("value", 1u << 16)};
    return word;
}

Word lowest_bits(const Word& word, std::uint64_t bits) { return bits >= 256 ? word : word & ((Word{1} << bits) - Word{1}); }

vm::Reply any_uint(const Call& call) { return gives(any_word(call)); }

vm::Reply uint_of_bits(const Call& call) {
    if (call.word(0) > Word(256)) return call.refuse("a number has at most 256 bits");
    return gives(lowest_bits(any_word(call), call.word(0).low64()));
}

vm::Reply int_of_bits(const Call& call) {
    if (call.word(0) > Word(256)) return call.refuse("a number has at most 256 bits");
    const std::uint64_t bits = call.word(0).low64();
    const Word number = lowest_bits(any_word(call), bits);
    const bool is_negative = bits > 0 && !(number >> (bits - 1)).is_zero();
    return gives(is_negative && bits < 256 ? number - (Word{1} << bits) : number);
}

vm::Reply uint_between(const Call& call) {
    if (call.word(0) > call.word(1)) return call.refuse("the smallest is greater than the greatest");
    const Word count = call.word(1) - call.word(0) + Word{1};  // zero means all numbers
    const Word drawn = any_word(call);
    return gives(call.word(0) + (count.is_zero() ? drawn : drawn % count));
}

vm::Reply any_address(const Call& call) { return gives(lowest_bits(any_word(call), 160)); }
vm::Reply any_bool(const Call& call) { return gives(lowest_bits(any_word(call), 1)); }
vm::Reply any_bytes4(const Call& call) { return gives(any_word(call) << 224); }
vm::Reply any_bytes8(const Call& call) { return gives(any_word(call) << 192); }

vm::Reply any_bytes(const Call& call) {
    constexpr std::uint64_t most = 1 << 20;
    if (call.word(0) > Word(most)) return call.refuse("these are too many bytes");
    vm::Bytes bytes(call.word(0).low64());
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(call.arrangement().chooser.choose("byte", 256));
    return gives(bytes);
}

vm::Reply sort(const Call& call) {
    std::vector<lang::abi::Data> sorted = call.arguments[0].list();
    std::ranges::sort(sorted, [](const auto& a, const auto& b) { return a.word() < b.word(); });
    return gives("(uint256[])", {lang::abi::Data(sorted)});
}

vm::Reply shuffle(const Call& call) {
    std::vector<lang::abi::Data> values = call.arguments[0].list();
    for (std::size_t left = values.size(); left > 1; --left)
        std::swap(values[left - 1], values[call.arrangement().chooser.choose("place", static_cast<std::uint32_t>(left))]);
    return gives("(uint256[])", {lang::abi::Data(values)});
}

// bound(x, min, max) returns x if it lies between the two, otherwise a number between them that follows from x.
vm::Reply bound(const Call& call) {
    const bool is_signed = call.is(0, "int256");
    const Word offset = is_signed ? Word{1} << 255 : Word{};  // maps the smallest number to zero
    const Word x = call.word(0) + offset, least = call.word(1) + offset, most = call.word(2) + offset;
    if (least > most) return call.refuse("the smallest is greater than the greatest");
    if (x >= least && x <= most) return gives(call.word(0));
    const Word count = most - least + Word{1};
    return gives(least + x % count - offset);
}

}  // namespace

Cheatcodes random_cheatcodes() {
    return {
        {"randomUint()", any_uint},
        {"randomUint(uint256)", uint_of_bits},
        {"randomUint(uint256,uint256)", uint_between},
        {"randomInt()", any_uint},
        {"randomInt(uint256)", int_of_bits},
        {"randomAddress()", any_address},
        {"randomBool()", any_bool},
        {"randomBytes(uint256)", any_bytes},
        {"randomBytes4()", any_bytes4},
        {"randomBytes8()", any_bytes8},
        {"sort(uint256[])", sort},
        {"shuffle(uint256[])", shuffle},
        {"bound(uint256,uint256,uint256)", bound},
        {"bound(int256,int256,int256)", bound},
    };
}

}  // namespace interlock::analyzer::foundry
