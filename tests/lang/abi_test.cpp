// The ABI: selectors, encoding, strict decoding, and values as a person writes them.
#include "lang/abi/abi.hpp"
#include "lang/output/abi_json.hpp"

#include <gtest/gtest.h>

namespace interlock::lang::abi {
namespace {

using vm::Bytes;
using vm::Word;

constexpr ir::Type int8_type{ir::TypeKind::Int, 8};
constexpr ir::Type uint8_type{ir::TypeKind::Uint, 8};
constexpr ir::Type bytes4_type{ir::TypeKind::FixedBytes, 32};
constexpr ir::Type enum_type{ir::TypeKind::Enum, 8, 3};

std::vector<ir::NamedType> types(std::initializer_list<ir::Type> list) {
    std::vector<ir::NamedType> named;
    for (const ir::Type& type : list) named.push_back({"", type});
    return named;
}

Bytes text_bytes(std::string_view text) { return {text.begin(), text.end()}; }

std::string parsed(const ir::Type& type, std::string_view text) {
    const Parsed result = parse_value(type, text);
    return result.value ? format_value(type, *result.value) : result.error;
}

TEST(Abi, a_selector_is_the_first_four_bytes_of_the_signature_hash) {
    EXPECT_EQ(selector("transfer(address,uint256)"), 0xa9059cbbu);
}

TEST(Abi, a_word_and_a_string_are_encoded_as_head_and_tail) {
    const Bytes data = encode(types({ir::uint256_type, ir::string_type}), {Word(7), text_bytes("hi")});
    EXPECT_EQ(vm::to_hex(data),
              "0x0000000000000000000000000000000000000000000000000000000000000007"
              "0000000000000000000000000000000000000000000000000000000000000040"
              "0000000000000000000000000000000000000000000000000000000000000002"
              "6869000000000000000000000000000000000000000000000000000000000000");
}

TEST(Abi, call_data_is_the_selector_and_then_the_arguments) {
    const std::string call =
        "0xa9059cbb"
        "0000000000000000000000000000000000000000000000000000000000000b0b"
        "0000000000000000000000000000000000000000000000000000000000000005";
    const std::uint32_t transfer = selector("transfer(address,uint256)");
    EXPECT_EQ(vm::to_hex(call_data(transfer, {Word(0xb0b), Word(5)})), call);
    EXPECT_EQ(vm::to_hex(call_data(transfer)), "0xa9059cbb");
    ir::Function function;
    function.selector = transfer;
    function.parameters = types({ir::address_type, ir::uint256_type});
    EXPECT_EQ(vm::to_hex(call_data(function, {Word(0xb0b), Word(5)})), call);
    function.kind = ir::FunctionKind::Receive;
    EXPECT_TRUE(call_data(function).empty());
}

TEST(Abi, what_was_encoded_decodes_to_itself) {
    const auto shape = types({ir::string_type, ir::address_type, ir::bytes_type, int8_type});
    const std::vector<Value> values{text_bytes("a string of more than thirty-two bytes"), Word(0xabc), Bytes{}, -Word(3)};
    EXPECT_EQ(decode(shape, encode(shape, values)), values);
}

TEST(Abi, trailing_bytes_are_allowed) {
    Bytes data = encode(types({uint8_type}), {Word(255)});
    data.push_back(1);
    EXPECT_TRUE(decode(types({uint8_type}), data));
}

TEST(Abi, a_missing_byte_is_an_error) {
    Bytes data = encode(types({uint8_type}), {Word(255)});
    data.pop_back();
    EXPECT_FALSE(decode(types({uint8_type}), data));
}

TEST(Abi, dirty_high_bits_are_errors) {
    const auto decodes = [](const ir::Type& type, const Word& word) {
        const auto bytes = vm::to_big_endian(word);
        return decode(types({type}), bytes).has_value();
    };
    EXPECT_FALSE(decodes(uint8_type, Word(256)));
    EXPECT_FALSE(decodes(int8_type, Word(128)));
    EXPECT_TRUE(decodes(int8_type, -Word(128)));
    EXPECT_FALSE(decodes(ir::bool_type, Word(2)));
    EXPECT_FALSE(decodes(ir::address_type, Word(1) << 160));
    EXPECT_FALSE(decodes(bytes4_type, Word(1)));
    EXPECT_FALSE(decodes(enum_type, Word(3)));
    EXPECT_TRUE(decodes(enum_type, Word(2)));
}

TEST(Abi, offsets_and_lengths_beyond_the_data_are_errors) {
    Bytes data = encode(types({ir::bytes_type}), {Bytes{1, 2, 3}});
    data[31] = 0x40;
    EXPECT_FALSE(decode(types({ir::bytes_type}), data));
    data[31] = 0x20;
    EXPECT_TRUE(decode(types({ir::bytes_type}), data));
    data[63] = 33;
    EXPECT_FALSE(decode(types({ir::bytes_type}), data));
    data[32] = 0xff;
    EXPECT_FALSE(decode(types({ir::bytes_type}), data));
    data[0] = 0xff;
    EXPECT_FALSE(decode(types({ir::bytes_type}), data));
}

TEST(Abi, numbers_are_read_with_underscores_fractions_powers_and_units) {
    EXPECT_EQ(parsed(ir::uint256_type, "1_000"), "1000");
    EXPECT_EQ(parsed(ir::uint256_type, "0xff"), "255");
    EXPECT_EQ(parsed(ir::uint256_type, "1ether"), "1000000000000000000");
    EXPECT_EQ(parsed(ir::uint256_type, "5 gwei"), "5000000000");
    EXPECT_EQ(parsed(ir::uint256_type, "0.5 ether"), "500000000000000000");
    EXPECT_EQ(parsed(ir::uint256_type, "3days"), "259200");
    EXPECT_EQ(parsed(ir::uint256_type, "1e18"), "1000000000000000000");
    EXPECT_EQ(parsed(ir::uint256_type, "2.5e3"), "2500");
}

TEST(Abi, signed_numbers_reach_their_borders_and_no_further) {
    EXPECT_EQ(parsed(int8_type, "-128"), "-128");
    EXPECT_EQ(parsed(int8_type, "127"), "127");
    EXPECT_EQ(parsed(int8_type, "128"), "expected int8: `128` is out of range");
    EXPECT_EQ(parsed(int8_type, "-129"), "expected int8: `-129` is out of range");
}

TEST(Abi, a_number_that_does_not_fit_is_refused_with_the_reason) {
    EXPECT_EQ(parsed(uint8_type, "256"), "expected uint8: `256` is out of range");
    EXPECT_EQ(parsed(uint8_type, "-1"), "expected uint8: it cannot be negative");
    EXPECT_EQ(parsed(uint8_type, "many"), "expected uint8: expected a number");
    EXPECT_EQ(parsed(ir::uint256_type, "1 fathom"),
              "expected uint256: `fathom` is not a unit: wei, gwei, ether, seconds, minutes, hours, days or weeks");
    EXPECT_EQ(parsed(ir::uint256_type, "0.5"), "expected uint256: this is not a whole number");
    EXPECT_EQ(parsed(ir::uint256_type, std::string(90, '9')), "expected uint256: the number is too large");
    EXPECT_EQ(parsed(ir::uint256_type, "1e99999999999"), "expected uint256: the number is too large");
    EXPECT_EQ(parsed(ir::uint256_type, ""), "expected uint256: expected a number");
}

TEST(Abi, the_largest_word_is_read_and_one_more_is_not) {
    const std::string largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    EXPECT_EQ(parsed(ir::uint256_type, largest), largest);
    EXPECT_EQ(parsed(ir::uint256_type, "115792089237316195423570985008687907853269984665640564039457584007913129639936"),
              "expected uint256: the number is too large");
}

TEST(Abi, other_values_are_read_by_their_own_rules) {
    EXPECT_EQ(parsed(ir::bool_type, "true"), "true");
    EXPECT_EQ(parsed(ir::bool_type, "1"), "expected bool: true or false");
    EXPECT_EQ(parsed(ir::address_type, "0x00000000000000000000000000000000000000Aa"),
              "0x00000000000000000000000000000000000000aa");
    EXPECT_EQ(parsed(ir::address_type, "alice"), "expected address: 0x and 40 hexadecimal digits");
    EXPECT_EQ(parsed(bytes4_type, "0x01020304"), "0x01020304");
    EXPECT_EQ(parsed(bytes4_type, "0x0102"), "expected bytes4: 0x and 8 hexadecimal digits");
    EXPECT_EQ(parsed(enum_type, "2"), "2");
    EXPECT_EQ(parsed(enum_type, "3"), "expected the number of an enum value, 0 to 2");
    EXPECT_EQ(parsed(ir::bytes_type, "0xc0ffee"), "0xc0ffee");
    EXPECT_EQ(parsed(ir::bytes_type, "0xc0f"), "expected bytes: 0x and an even number of hexadecimal digits");
    EXPECT_EQ(parsed(ir::string_type, "plain text"), "\"plain text\"");
    EXPECT_EQ(parsed(ir::string_type, "\"a \\\"quote\\\" \\x41\""), "\"a \\\"quote\\\" A\"");
    EXPECT_EQ(parsed(ir::string_type, "\"open"), "expected string: the closing quote is missing");
}

TEST(Abi, a_contracts_interface_is_printed_sorted_by_type_and_name) {
    ir::Contract contract;
    contract.functions.push_back({});
    contract.functions.back().name = "b";
    contract.functions.back().is_entry = true;
    contract.functions.back().mutability = ir::Mutability::View;
    contract.functions.back().returns = {{"", enum_type}};
    contract.functions.push_back({});
    contract.functions.back().name = "hidden";
    contract.functions.push_back({});
    contract.functions.back().name = "receive";
    contract.functions.back().kind = ir::FunctionKind::Receive;
    contract.functions.back().is_entry = true;
    contract.functions.back().mutability = ir::Mutability::Payable;
    contract.events.push_back({"Paid", {{"to", ir::address_type}}, {true}});
    contract.errors.push_back({"Broke", {{"", ir::string_type}}});
    EXPECT_EQ(
        to_json(contract),
        R"([{"inputs":[{"name":"","type":"string"}],"name":"Broke","type":"error"},)"
        R"({"anonymous":false,"inputs":[{"indexed":true,"name":"to","type":"address"}],"name":"Paid","type":"event"},)"
        R"({"inputs":[],"name":"b","outputs":[{"name":"","type":"uint8"}],"stateMutability":"view","type":"function"},)"
        R"({"stateMutability":"payable","type":"receive"}])");
}

}  // namespace
}  // namespace interlock::lang::abi
