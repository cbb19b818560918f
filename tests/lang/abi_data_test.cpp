// Arrays and structs in the contract ABI. (Examples: Solidity documentation, "Contract ABI Specification".)
#include "lang/abi/data.hpp"

#include <gtest/gtest.h>

namespace interlock::lang::abi {
namespace {

using vm::Bytes, vm::Word;

Data list(std::vector<Data> elements) { return Data(std::move(elements)); }

std::string hex_words(const Bytes& bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 32)
        text += vm::to_hex(vm::word_from_big_endian(vm::ByteView(bytes).subspan(i, 32))) + " ";
    return text;
}

TEST(AbiData, ReadsTypesByTheirNames) {
    const auto type = data_type("(address,bytes)[2][]");
    ASSERT_TRUE(type);
    EXPECT_EQ(type->kind, DataType::Kind::Array);
    EXPECT_EQ(type->parts[0].kind, DataType::Kind::FixedArray);
    EXPECT_EQ(type->parts[0].length, 2u);
    EXPECT_EQ(type->parts[0].parts[0].parts[1].value, ir::bytes_type);
    for (const char* const wrong : {"", "uint", "uint7", "uint264", "bytes33", "bytes0", "uint256[", "uint256[0]",
                                    "(uint256", "uint256)", "uint256[18446744073709551616]", "float", "bool8"})
        EXPECT_FALSE(data_type(wrong)) << wrong;
}

TEST(AbiData, ReadsTheParametersOfASignature) {
    EXPECT_EQ(parameter_types("f()")->size(), 0u);
    EXPECT_EQ(parameter_types("f(uint256,(bool,string)[])")->size(), 2u);
    EXPECT_FALSE(parameter_types("f"));
    EXPECT_FALSE(parameter_types("f(uint256)x"));
}

TEST(AbiData, EncodesNestedListsAsTheSpecificationSays) {
    const auto types = parameter_types("g(uint256[][],string[])").value();
    const Bytes encoded = encode(types, {list({list({Word{1}, Word{2}}), list({Word{3}})}),
                                         list({std::string_view("one"), std::string_view("two")})});
    EXPECT_EQ(hex_words(encoded),
              "0x40 0x140 0x2 0x40 0xa0 0x2 0x1 0x2 0x1 0x3 0x2 0x40 0x80 "
              "0x3 0x6f6e650000000000000000000000000000000000000000000000000000000000 "
              "0x3 0x74776f0000000000000000000000000000000000000000000000000000000000 ");
}

TEST(AbiData, DecodesWhatItEncodes) {
    const auto types = parameter_types("f((address,uint64,(bool,bytes)[2])[],int8[3],string)").value();
    const Data pair = list({Word{1}, Bytes{1, 2, 3}});
    const std::vector<Data> values{list({list({Word{7}, Word{8}, list({pair, pair})})}), list({Word{1}, -Word{1}, Word{0}}),
                                   std::string_view("text")};
    const auto decoded = decode(types, encode(types, values));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, values);
    EXPECT_EQ(format(types[0], (*decoded)[0]),
              "[(0x0000000000000000000000000000000000000007, 8, [(true, 0x010203), (true, 0x010203)])]");
    EXPECT_EQ(format(types[1], (*decoded)[1]), "[1, -1, 0]");
}

TEST(AbiData, RefusesWhatLeadsOutside) {
    const auto types = parameter_types("f(uint256[])").value();
    const Bytes good = encode(types, {list({Word{1}, Word{2}})});
    ASSERT_TRUE(decode(types, good));
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(decode(types, vm::ByteView(good).first(length))) << length;
    Bytes far = good;
    far[0] = 0xff;
    EXPECT_FALSE(decode(types, far)) << "an offset of 2^255 and more";
    Bytes many = good;
    many[32] = 0x80;
    EXPECT_FALSE(decode(types, many)) << "a length of 2^255 and more";
    EXPECT_FALSE(decode(parameter_types("f(bool)").value(), encode(types, {list({})}))) << "the offset is no bool";
}

// Each list consists of the same list again, a thousand times.
TEST(AbiData, RefusesListsThatShareTheirElementsWithoutEnd) {
    const auto types = parameter_types("f(uint8[][][][])").value();
    constexpr std::size_t count = 1000;
    Bytes data;
    const auto append = [&](const Word& word) {
        const auto bytes = vm::to_big_endian(word);
        data.insert(data.end(), bytes.begin(), bytes.end());
    };
    append(Word{32});
    for (int level = 0; level < 3; ++level) {
        append(Word{count});
        for (std::size_t i = 0; i < count; ++i) append(Word{32 * count});
    }
    append(Word{0});
    EXPECT_FALSE(decode(types, data));
}

}  // namespace
}  // namespace interlock::lang::abi
