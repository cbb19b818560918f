// The ABI decoder: whatever the bytes, it refuses them or gives values that are encoded and decoded again to themselves.
//
// An input is a count of types (a byte), as many types (a byte each), and the encoding.
#include <algorithm>
#include <array>

#include "lang/abi/abi.hpp"
#include "tests/fuzz/expect.hpp"

namespace {

using namespace interlock;
using namespace interlock::lang;

constexpr std::array<ir::Type, 12> types{ir::bool_type,
                                         ir::Type{ir::TypeKind::Uint, 8},
                                         ir::uint256_type,
                                         ir::Type{ir::TypeKind::Int, 16},
                                         ir::Type{ir::TypeKind::Int, 256},
                                         ir::address_type,
                                         ir::Type{ir::TypeKind::FixedBytes, 32},
                                         ir::Type{ir::TypeKind::FixedBytes, 256},
                                         ir::Type{ir::TypeKind::Enum, 8, 3},
                                         ir::bytes_type,
                                         ir::string_type,
                                         ir::data_type};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t count = std::min<std::size_t>(data[0] % 8, size - 1);
    std::vector<ir::NamedType> parameters;
    for (std::size_t i = 1; i <= count; ++i) parameters.push_back({"", types[data[i] % types.size()]});
    const auto values = abi::decode(parameters, vm::ByteView(data + 1 + count, size - 1 - count));
    if (!values) return 0;
    fuzz::expect(values->size() == parameters.size(), "a value is missing");
    for (std::size_t i = 0; i < values->size(); ++i)
        fuzz::expect(!abi::format_value(parameters[i].type, (*values)[i]).empty(), "a value has no text");
    const auto again = abi::decode(parameters, abi::encode(parameters, *values));
    fuzz::expect(again && *again == *values, "encoding and decoding changes the values");
    return 0;
}
