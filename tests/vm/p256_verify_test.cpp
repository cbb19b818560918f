// P256VERIFY: a known signature, signatures at the edges of their ranges, and every kind of malformed input.
#include <gtest/gtest.h>

#include "vm/precompiles.hpp"
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

PrecompileResult call(const Bytes& input, Gas limit = Gas{10'000}) {
    return run_precompile(*find_precompile(to_address(Word{0x100}), Fork::Osaka), input, limit, Fork::Osaka);
}

const Word prime = parse_word("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff").value();
const Word order = parse_word("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").value();

struct Signed {
    Word hash, r, s, x, y;

    [[nodiscard]] Bytes bytes() const {
        Bytes bytes;
        for (const Word& word : {hash, r, s, x, y}) {
            const auto encoded = to_big_endian(word);
            bytes.insert(bytes.end(), encoded.begin(), encoded.end());
        }
        return bytes;
    }
};

Word hex(std::string_view digits) { return word_from_big_endian(parse_hex(digits).value()); }

// RFC 6979, appendix A.2.5: "sample" hashed with SHA-256.
const Signed sample = {hex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"),
                       hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
                       hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"),
                       hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
                       hex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")};

void expect_no_signature(const Bytes& input) {
    const PrecompileResult result = call(input);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(result.cost, Gas{6900});
    EXPECT_EQ(result.output, Bytes{});
}

void expect_signature(const Signed& input) {
    const PrecompileResult result = call(input.bytes());
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(word_from_big_endian(result.output), Word{1});
    EXPECT_EQ(result.output.size(), 32u);
}

TEST(P256Verify, AcceptsAKnownSignature) { expect_signature(sample); }

TEST(P256Verify, AcceptsTheOtherRootOfS) {
    Signed mirrored = sample;
    mirrored.s = order - sample.s;
    expect_signature(mirrored);
}

// The point's coordinate is 3 more than the order, which fits below the prime.
TEST(P256Verify, ComparesRModuloTheOrder) {
    expect_signature({sample.hash, 3, 12345, hex("ee79e75323b9884fe3496358dced2631ef41d3143f67ce323a7b75285ca9e605"),
                      hex("f456f6b014041df5fa35a3cf57e91b54cc3c0b6377bad79b2acbc3897522b383")});
}

TEST(P256Verify, RefusesASignatureOfAnythingElse) {
    for (Word Signed::*field : {&Signed::hash, &Signed::r, &Signed::s}) {
        Signed other = sample;
        other.*field += 1;
        expect_no_signature(other.bytes());
    }
}

TEST(P256Verify, RefusesRAndSOutOfTheirRange) {
    for (Word Signed::*field : {&Signed::r, &Signed::s})
        for (const Word& bad : {Word{}, order, order + 1, ~Word{}}) {
            Signed other = sample;
            other.*field = bad;
            expect_no_signature(other.bytes());
        }
}

TEST(P256Verify, RefusesAKeyThatIsNoPoint) {
    for (const auto& [x, y] : {std::pair{Word{}, Word{}},
                               {sample.x, sample.y + 1},
                               {sample.y, sample.x},
                               {prime, sample.y},
                               {sample.x, prime},
                               {~Word{}, ~Word{}}}) {
        Signed other = sample;
        other.x = x;
        other.y = y;
        expect_no_signature(other.bytes());
    }
}

// x = 0 is on the curve, so x = p would be the same point if it were reduced.
TEST(P256Verify, RefusesCoordinatesThatAreNotReduced) {
    const Word y = hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
    expect_no_signature(Signed{sample.hash, sample.r, sample.s, prime, y}.bytes());
}

TEST(P256Verify, RefusesAnyOtherLength) {
    Bytes shorter = sample.bytes(), longer = sample.bytes();
    shorter.pop_back();
    longer.push_back(0);
    for (const Bytes& bad : {Bytes{}, shorter, longer, Bytes(320)}) expect_no_signature(bad);
}

TEST(P256Verify, CostsTheSameWhateverItIsGiven) {
    EXPECT_EQ(call(sample.bytes(), Gas{6900}).status, Status::Success);
    EXPECT_EQ(call(sample.bytes(), Gas{6899}).status, Status::OutOfGas);
    EXPECT_EQ(call({}, Gas{6899}).status, Status::OutOfGas);
}

}  // namespace
}  // namespace interlock::vm
