// Precompiles: known vectors, edges of their inputs, what they cost and who has them.
#include "vm/precompiles.hpp"

#include <cryptopp/blake2.h>
#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

#include "vm/word.hpp"

namespace interlock::vm {
namespace {

using boost::multiprecision::cpp_int;

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes hex(std::string_view digits) { return parse_hex(digits).value(); }

Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

Bytes word_bytes(const Word& word) {
    const auto bytes = to_big_endian(word);
    return {bytes.begin(), bytes.end()};
}

const Precompile& precompile(std::uint64_t number, Fork fork = default_fork) {
    const Precompile* found = find_precompile(to_address(number), fork);
    if (!found) throw std::runtime_error("no such precompile");
    return *found;
}

constexpr Gas plenty{1'000'000'000};

PrecompileResult call(std::uint64_t number, const Bytes& input, Fork fork = default_fork, Gas limit = plenty) {
    return run_precompile(precompile(number, fork), input, limit, fork);
}

// --- the table ---

std::size_t count_at(Fork fork) { return precompiles(fork).size(); }

TEST(PrecompileTable, GrowsWithTheForks) {
    EXPECT_EQ(count_at(Fork::Frontier), 4u);
    EXPECT_EQ(count_at(Fork::SpuriousDragon), 4u);
    EXPECT_EQ(count_at(Fork::Byzantium), 8u);
    EXPECT_EQ(count_at(Fork::Istanbul), 9u);
    EXPECT_EQ(count_at(Fork::Shanghai), 9u);
    EXPECT_EQ(count_at(Fork::Cancun), 10u);
    EXPECT_EQ(count_at(Fork::Prague), 17u);
    EXPECT_EQ(count_at(Fork::Osaka), 18u);
}

TEST(PrecompileTable, FindsEveryRowOfAForkAtItsAddress) {
    for (std::size_t fork = 0; fork < fork_count; ++fork)
        for (const Precompile& row : precompiles(static_cast<Fork>(fork)))
            EXPECT_EQ(find_precompile(row.address, static_cast<Fork>(fork)), &row) << row.name;
}

TEST(PrecompileTable, HasNothingBeforeTheForkThatBroughtIt) {
    EXPECT_FALSE(is_precompile(to_address(5), Fork::SpuriousDragon));
    EXPECT_TRUE(is_precompile(to_address(5), Fork::Byzantium));
    EXPECT_FALSE(is_precompile(to_address(0x100), Fork::Prague));
    EXPECT_TRUE(is_precompile(to_address(0x100), Fork::Osaka));
}

TEST(PrecompileTable, HasNothingAtOtherAddresses) {
    EXPECT_FALSE(is_precompile(to_address(0), Fork::Osaka));
    EXPECT_FALSE(is_precompile(to_address(0x12), Fork::Osaka));
    EXPECT_FALSE(is_precompile(to_address(0x101), Fork::Osaka));
    EXPECT_FALSE(is_precompile(to_address((Word{1} << 64) | Word{1}), Fork::Osaka));
    EXPECT_FALSE(is_precompile(to_address((Word{1} << 159) | Word{1}), Fork::Osaka));
}

TEST(PrecompileTable, TakesAllGasWhenThatIsTooLittle) {
    const PrecompileResult result = call(4, Bytes(33), default_fork, Gas{20});
    EXPECT_EQ(result.status, Status::OutOfGas);
    EXPECT_EQ(result.cost, Gas{20});
    EXPECT_TRUE(result.output.empty());
}

TEST(PrecompileTable, RunsOnExactlyEnoughGas) {
    EXPECT_EQ(call(4, Bytes(33), default_fork, Gas{21}).status, Status::Success);
}

// --- 1: ecrecover ---

// A signature of the hash by the key of the address 0xa94f…bf0b, used in Ethereum's public tests.
const Bytes signed_hash = hex("18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c");
const Bytes v_28 = word_bytes(28);
const Bytes signature_r = hex("73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f");
const Bytes signature_s = hex("eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549");
const Bytes signer = hex("000000000000000000000000a94f5374fce5edbc8e2a8697c15331677e6ebf0b");
const Bytes group_order = hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

void expect_no_signer(const Bytes& input) {
    const PrecompileResult result = call(1, input);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(result.cost, Gas{3000});
    EXPECT_EQ(result.output, Bytes{});
}

TEST(Ecrecover, NamesTheSigner) {
    const PrecompileResult result = call(1, signed_hash + v_28 + signature_r + signature_s);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(result.cost, Gas{3000});
    EXPECT_EQ(result.output, signer);
}

TEST(Ecrecover, IgnoresWhatFollowsTheSignature) {
    EXPECT_EQ(call(1, signed_hash + v_28 + signature_r + signature_s + Bytes(7, 0xff)).output, signer);
}

TEST(Ecrecover, NamesSomebodyElseWithTheOtherParity) {
    const Bytes output = call(1, signed_hash + word_bytes(27) + signature_r + signature_s).output;
    EXPECT_EQ(output.size(), 32u);
    EXPECT_NE(output, signer);
}

TEST(Ecrecover, FindsNobodyForAnyOtherV) {
    for (const Word& v : {Word{0}, Word{1}, Word{26}, Word{29}, (Word{1} << 8) | Word{28}, (Word{1} << 255) | Word{28}})
        expect_no_signer(signed_hash + word_bytes(v) + signature_r + signature_s);
}

TEST(Ecrecover, FindsNobodyForNumbersOutsideTheGroup) {
    for (const Bytes& bad : {Bytes(32), group_order, Bytes(32, 0xff)}) {
        expect_no_signer(signed_hash + v_28 + bad + signature_s);
        expect_no_signer(signed_hash + v_28 + signature_r + bad);
    }
}

TEST(Ecrecover, FindsNobodyInATruncatedInput) {
    expect_no_signer({});
    expect_no_signer(signed_hash + v_28 + signature_r);
}

// --- 2, 3, 4: the hashes and the identity ---

TEST(Sha256, HashesAbc) {
    EXPECT_EQ(call(2, text("abc")).output, hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(Sha256, HashesNothing) {
    EXPECT_EQ(call(2, {}).output, hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST(Sha256, CostsTwelveAWordBegun) {
    EXPECT_EQ(call(2, {}).cost, Gas{60});
    EXPECT_EQ(call(2, Bytes(32)).cost, Gas{72});
    EXPECT_EQ(call(2, Bytes(33)).cost, Gas{84});
}

TEST(Ripemd160, HashesAbcIntoTheLowEndOfAWord) {
    EXPECT_EQ(call(3, text("abc")).output, hex("0000000000000000000000008eb208f7e05d987a9b044a8e98c6b087f15a0bfc"));
}

TEST(Ripemd160, CostsOneHundredTwentyAWordBegun) {
    EXPECT_EQ(call(3, {}).cost, Gas{600});
    EXPECT_EQ(call(3, Bytes(1)).cost, Gas{720});
}

TEST(Identity, ReturnsItsInput) { EXPECT_EQ(call(4, text("as it was")).output, text("as it was")); }

TEST(Identity, CostsThreeAWordBegun) {
    EXPECT_EQ(call(4, {}).cost, Gas{15});
    EXPECT_EQ(call(4, Bytes(64)).cost, Gas{21});
}

// --- 5: modexp ---

Bytes big_endian(const cpp_int& value, std::size_t size) {
    Bytes bytes;
    if (value != 0) export_bits(value, std::back_inserter(bytes), 8);
    return Bytes(size - bytes.size()) + bytes;
}

Bytes modexp_input(const Bytes& base, const Bytes& exponent, const Bytes& modulus) {
    return word_bytes(base.size()) + word_bytes(exponent.size()) + word_bytes(modulus.size()) + base + exponent + modulus;
}

// Fermat's little theorem for the prime of secp256k1: the first example of EIP-198.
const Bytes field_prime = hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
const Bytes field_prime_less_one = hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e");
const Bytes fermat = modexp_input({3}, field_prime_less_one, field_prime);

TEST(Modexp, KnowsFermatsLittleTheorem) { EXPECT_EQ(call(5, fermat).output, word_bytes(1)); }

TEST(Modexp, IsPricedAsTheForkSays) {
    EXPECT_EQ(call(5, fermat, Fork::Byzantium).cost, Gas{13056});  // EIP-198
    EXPECT_EQ(call(5, fermat, Fork::Berlin).cost, Gas{1360});      // EIP-2565
    EXPECT_EQ(call(5, fermat, Fork::Osaka).cost, Gas{4080});       // EIP-7883
}

TEST(Modexp, HasALowestPriceThatTheForkSets) {
    const Bytes small = modexp_input({2}, {3}, {5});
    EXPECT_EQ(call(5, small, Fork::Byzantium).cost, Gas{0});
    EXPECT_EQ(call(5, small, Fork::Berlin).cost, Gas{200});
    EXPECT_EQ(call(5, small, Fork::Osaka).cost, Gas{500});
}

TEST(Modexp, CountsALongExponentsTailInFull) {
    // 40 bytes: eight bits for each of the 8 bytes of the tail, and bit 255 of the head. Operands of 96 bytes.
    const Bytes input = modexp_input(Bytes(96, 2), Bytes(40, 0x80), Bytes(96, 0xff));
    EXPECT_EQ(call(5, input, Fork::Byzantium).cost, Gas{(96 * 96 / 4 + 96 * 96 - 3072) * (64 + 255) / 20});
    EXPECT_EQ(call(5, input, Fork::Berlin).cost, Gas{12 * 12 * (64 + 255) / 3});
    EXPECT_EQ(call(5, input, Fork::Osaka).cost, Gas{2 * 12 * 12 * (128 + 255)});
}

TEST(Modexp, AgreesWithBoostOnRandomNumbers) {
    std::mt19937_64 random(1);
    const auto number = [&](std::size_t size) {
        Bytes bytes(size);
        for (std::uint8_t& byte : bytes) byte = random() % 4 == 0 ? 0 : static_cast<std::uint8_t>(random());
        return bytes;
    };
    const auto value = [](const Bytes& bytes) {
        cpp_int imported;
        if (!bytes.empty()) import_bits(imported, bytes.begin(), bytes.end());  // Boost reads past the end of nothing
        return imported;
    };
    for (int i = 0; i < 500; ++i) {
        const Bytes base = number(random() % 80), exponent = number(random() % 40), modulus = number(random() % 80);
        const cpp_int m = value(modulus);
        const cpp_int expected = m == 0 ? cpp_int{} : cpp_int{powm(value(base), value(exponent), m)};
        EXPECT_EQ(call(5, modexp_input(base, exponent, modulus)).output, big_endian(expected, modulus.size()));
    }
}

TEST(Modexp, TakesZeroToTheZeroAsOne) { EXPECT_EQ(call(5, modexp_input({0}, {0}, {7})).output, Bytes{1}); }

TEST(Modexp, GivesZeroModuloOneAndModuloZero) {
    EXPECT_EQ(call(5, modexp_input({2}, {0}, {1})).output, Bytes{0});
    EXPECT_EQ(call(5, modexp_input({2}, {2}, {0, 0})).output, (Bytes{0, 0}));
}

TEST(Modexp, ReadsMissingBytesAsZero) {
    // The lengths say 1, 1, 2; the modulus' second byte is missing: 3^2 mod 0x0500.
    const Bytes input = word_bytes(1) + word_bytes(1) + word_bytes(2) + Bytes{3, 2, 5};
    EXPECT_EQ(call(5, input).output, (Bytes{0, 9}));
    EXPECT_EQ(call(5, {}).output, Bytes{});
}

TEST(Modexp, CannotBePaidForWithLengthsBeyondAnyBlock) {
    for (const Word& length : {Word{1} << 40, Word{1} << 64, ~Word{}}) {
        EXPECT_EQ(call(5, word_bytes(length) + word_bytes(1) + word_bytes(1)).status, Status::OutOfGas);
        EXPECT_EQ(call(5, word_bytes(1) + word_bytes(length) + word_bytes(1)).status, Status::OutOfGas);
        EXPECT_EQ(call(5, word_bytes(1) + word_bytes(1) + word_bytes(length)).status, Status::OutOfGas);
    }
}

TEST(Modexp, DoesNotAllocateWhatAnEndlessGasLimitWouldPayFor) {
    const Gas endless{std::numeric_limits<std::int64_t>::max()};
    const PrecompileResult result = call(5, word_bytes(~Word{}) + word_bytes(1) + word_bytes(1), Fork::Cancun, endless);
    EXPECT_EQ(result.status, Status::PrecompileFailure);
}

TEST(Modexp, LetsAnExponentOfAnyLengthBeWhenThereIsNothingToRaise) {
    const PrecompileResult result = call(5, word_bytes(0) + word_bytes(~Word{}) + word_bytes(0));
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(result.cost, Gas{200});
}

TEST(Modexp, RefusesLengthsOver1024BytesFromOsakaOn) {
    const Bytes input = modexp_input(Bytes(1025), {1}, {7});
    EXPECT_EQ(call(5, input, Fork::Prague).status, Status::Success);
    EXPECT_EQ(call(5, input, Fork::Osaka).status, Status::PrecompileFailure);
}

// --- 9: blake2f ---

// BLAKE2b's parameter block for an unkeyed 64-byte digest, folded into its initial values.
const Bytes blake_state =
    hex("48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
        "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b");

Bytes blake_input(std::uint8_t rounds, const Bytes& message, std::uint8_t last = 1) {
    Bytes block = message;
    block.resize(128);
    Bytes counter(16);
    counter[0] = static_cast<std::uint8_t>(message.size());
    return Bytes{0, 0, 0, rounds} + blake_state + block + counter + Bytes{last};
}

TEST(Blake2f, MakesTheDigestOfAbcInTwelveRounds) {
    const PrecompileResult result = call(9, blake_input(12, text("abc")));
    EXPECT_EQ(result.output, hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                                 "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"));
    EXPECT_EQ(result.cost, Gas{12});
}

TEST(Blake2f, AgreesWithCryptoppOnMessagesOfOneBlock) {
    std::mt19937_64 random(1);
    Bytes message;
    for (std::size_t length = 0; length <= 128; ++length) {
        Bytes digest(64);
        CryptoPP::BLAKE2b(false, 64).CalculateDigest(digest.data(), message.data(), message.size());
        EXPECT_EQ(call(9, blake_input(12, message)).output, digest) << length << " bytes";
        message.push_back(static_cast<std::uint8_t>(random()));
    }
}

TEST(Blake2f, OnlyFoldsTheInitialValuesInWithNoRounds) {
    const PrecompileResult result = call(9, blake_input(0, text("abc")));
    EXPECT_EQ(result.output, hex("08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                                 "d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b"));
    EXPECT_EQ(result.cost, Gas{0});
}

// RFC 7693, appendix C, in its own words: the reference for any number of rounds.
Bytes blake2f_of_the_rfc(std::uint32_t rounds, const std::array<std::uint64_t, 8>& h,
                         const std::array<std::uint64_t, 16>& m) {
    const std::string_view sigma[] = {"0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8",
                                      "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a",
                                      "6fe9b308c2d714a5", "a2847615fb9e3cd0"};
    std::array<std::uint64_t, 16> v = {h[0],
                                       h[1],
                                       h[2],
                                       h[3],
                                       h[4],
                                       h[5],
                                       h[6],
                                       h[7],
                                       0x6a09e667f3bcc908,
                                       0xbb67ae8584caa73b,
                                       0x3c6ef372fe94f82b,
                                       0xa54ff53a5f1d36f1,
                                       0x510e527fade682d1,
                                       0x9b05688c2b3e6c1f,
                                       0x1f83d9abfb41bd6b,
                                       0x5be0cd19137e2179};
    const auto rotr64 = [](std::uint64_t x, int n) { return x >> n | x << (64 - n); };
    const auto b2b_g = [&](int a, int b, int c, int d, std::uint64_t x, std::uint64_t y) {
        v[a] = v[a] + v[b] + x, v[d] = rotr64(v[d] ^ v[a], 32);
        v[c] = v[c] + v[d], v[b] = rotr64(v[b] ^ v[c], 24);
        v[a] = v[a] + v[b] + y, v[d] = rotr64(v[d] ^ v[a], 16);
        v[c] = v[c] + v[d], v[b] = rotr64(v[b] ^ v[c], 63);
    };
    const int lanes[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                             {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};
    for (std::uint32_t round = 0; round < rounds; ++round) {
        const auto word = [&](int i) { return m[std::stoul(std::string{sigma[round % 10][i]}, nullptr, 16)]; };
        for (int i = 0; i < 8; ++i) b2b_g(lanes[i][0], lanes[i][1], lanes[i][2], lanes[i][3], word(2 * i), word(2 * i + 1));
    }
    Bytes output;
    for (int i = 0; i < 8; ++i)
        for (int byte = 0; byte < 8; ++byte)
            output.push_back(static_cast<std::uint8_t>((h[i] ^ v[i] ^ v[i + 8]) >> (8 * byte)));
    return output;
}

TEST(Blake2f, AgreesWithTheRfcOnAnyNumberOfRounds) {
    std::mt19937_64 random(2);
    std::array<std::uint64_t, 8> h;
    std::array<std::uint64_t, 16> m;
    for (std::uint8_t rounds = 0; rounds < 45; ++rounds) {
        Bytes input = {0, 0, 0, rounds};
        const auto append = [&](std::uint64_t& word) {
            word = random();
            for (int byte = 0; byte < 8; ++byte) input.push_back(static_cast<std::uint8_t>(word >> (8 * byte)));
        };
        for (std::uint64_t& word : h) append(word);
        for (std::uint64_t& word : m) append(word);
        input.resize(213);  // no bytes counted, not the last block
        EXPECT_EQ(call(9, input).output, blake2f_of_the_rfc(rounds, h, m)) << int{rounds} << " rounds";
    }
}

TEST(Blake2f, FailsOnAnyOtherLengthOrFlag) {
    Bytes too_long = blake_input(12, {}) + Bytes{0}, too_short = blake_input(12, {});
    too_short.pop_back();
    for (const Bytes& bad : {Bytes{}, too_long, too_short, blake_input(12, {}, 2)}) {
        const PrecompileResult result = call(9, bad);
        EXPECT_EQ(result.status, Status::PrecompileFailure);
        EXPECT_EQ(result.cost, plenty);
    }
}

TEST(Blake2f, CostsOneARound) {
    Bytes input = blake_input(0, {});
    input[0] = 0xff;
    EXPECT_EQ(call(9, input, default_fork, Gas{1'000'000}).status, Status::OutOfGas);
}

}  // namespace
}  // namespace interlock::vm
