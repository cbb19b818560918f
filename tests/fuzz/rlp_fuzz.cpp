// RLP: what decodes is encoded again to the same bytes, so that there is one way only to write a thing.
#include <algorithm>

#include "chain/rlp.hpp"
#include "tests/fuzz/expect.hpp"

namespace {

using namespace interlock;
using namespace interlock::chain;

void encode_again(const rlp::Item& item, rlp::Encoder& out) {
    if (!item.is_list()) {
        out.string(item.string());
        if (const auto number = rlp::as_number(item))
            fuzz::expect(std::ranges::equal(rlp::Encoder{}.number(*number).take(), item.encoded), "a number changes");
        return;
    }
    out.open();
    for (const rlp::Item& inner : item.list()) encode_again(inner, out);
    out.close();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const vm::ByteView input(data, size);
    const rlp::Decoded decoded = rlp::decode(input);
    fuzz::expect(!rlp::name_of(decoded.error).empty(), "an error has no name");
    if (!decoded.ok()) return 0;
    rlp::Encoder out;
    encode_again(decoded.item, out);
    fuzz::expect(std::ranges::equal(out.take(), input), "decoding and encoding changes the bytes");
    return 0;
}
