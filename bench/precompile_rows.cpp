#include "bench/precompile_rows.hpp"

#include <algorithm>
#include <ctime>
#include <limits>
#include <stdexcept>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "vm/curves/bls12_381.hpp"
#include "vm/precompiles.hpp"
#include "vm/word.hpp"

namespace interlock::bench {
namespace {

using namespace vm;
using curves::Limbs, curves::Point;
namespace bls = curves::bls12_381;

Bytes hex(std::string_view digits) { return parse_hex(digits).value(); }

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes word(const Word& value) {
    const auto bytes = to_big_endian(value);
    return {bytes.begin(), bytes.end()};
}

// --- the older ones ---

// The signature of Ethereum's public tests, by 0xa94f…bf0b.
PrecompileRow ecrecover() {
    return {"ecrecover", 1,
            hex("18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c") + word(28) +
                hex("73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
                    "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"),
            hex("000000000000000000000000a94f5374fce5edbc8e2a8697c15331677e6ebf0b"), 3000};
}

// Of 1,024 bytes 0xab.
const Bytes block(1024, 0xab);

PrecompileRow sha256() {
    return {"sha256 of 1 KiB", 2, block, hex("4555555dc68d872c2270ba89ecc5f6f094812f65372b37e50071fe5168031c49"),
            60 + 12 * 32};
}

PrecompileRow ripemd160() {
    return {"ripemd160 of 1 KiB", 3, block, Bytes(12) + hex("3c4057e0538d72d9a2ae28cc9330a0d9d7f9fb87"), 600 + 120 * 32};
}

PrecompileRow identity() { return {"identity of 1 KiB", 4, block, block, 15 + 3 * 32}; }

// A signature's verification: 0x55…55 ^ 65537 modulo 0xc33…33, of 2,048 bits.
PrecompileRow modexp() {
    Bytes modulus(256, 0x33);
    modulus[0] = 0xc3;
    return {"modexp of 2,048 bits", 5, word(256) + word(3) + word(256) + Bytes(256, 0x55) + hex("010001") + modulus,
            hex("974d017689b5c3ce13e13a1b05573666078a755c47bd33fb10b322aa4cdb08ff"
                "38f430b62efd95e1482a66ad53ef0f9d109f59e4d97fda48872b25bc9cca4ef1"
                "dc42b842f1281e4518df5d11f77e5898ea2fb2ab525f2d3479a015fdf0f0f8a5"
                "5e6f13c2f0f18c8c6b0c0bb09ec7c40440b0917252d8659827e47e4fbbd89905"
                "796158f0b2460aa37c01ff125ae21f5b86b10c66fd3ff98095e9e59f1ed2b62f"
                "b1d283dc6d83a8a76c11d738e434fa8050f167364548a302cc52465d164815d7"
                "93ed695713fdb2e63f49181b37ed60f119339c9f7935c7e78e08646d3e4813a1"
                "3e709022085d6bacb69b6a363a061c99b8300ecd54817bd8ade2e49b7f98c6c1"),
            2 * 32 * 32 * 16};
}

const Bytes bn_generator = word(1) + word(2);

PrecompileRow bn254_add() {
    return {"bn254 addition", 6, bn_generator + bn_generator,
            hex("030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
                "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"),
            150};
}

// By the order less one, which gives the negative.
PrecompileRow bn254_multiply() {
    return {"bn254 multiplication", 7,
            bn_generator + hex("30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000"),
            word(1) + hex("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"), 6'000};
}

PrecompileRow bn254_pairing() {
    const Bytes g2 =
        hex("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
            "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
            "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
            "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa");
    const Bytes negative = word(1) + hex("30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45");
    return {"bn254 pairing of 2", 8, bn_generator + g2 + negative + g2, word(1), 45'000 + 2 * 34'000};
}

// EIP-152, test vector 5.
PrecompileRow blake2f() {
    Bytes message(128);
    message[0] = 'a', message[1] = 'b', message[2] = 'c';
    Bytes counter(16);
    counter[0] = 3;
    return {"blake2f of 12 rounds", 9,
            hex("0000000c48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5"
                "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b") +
                message + counter + Bytes{1},
            hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"),
            12};
}

// RFC 6979, appendix A.2.5: "sample" hashed with SHA-256.
PrecompileRow p256_verify() {
    return {"P-256 verification", 0x100,
            hex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
                "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
            word(1), 6'900};
}

// --- BLS12-381 ---

// From execution-spec-tests, "mainnet_1" of test_point_evaluation_precompile.
PrecompileRow kzg_point_evaluation() {
    return {"KZG point evaluation", 0x0a,
            hex("018156b94fe9735e573bab36dad05d60feb720d424ccd20aaf719343c31e4246"
                "019123bcb9d06356701f7be08b4494625b87a7b02edc566126fb81f6306e915f"
                "6c2eb1e94c2532935b8465351ba1bd88eabe2b3fa1aadff7d1cd816e8315bd38"
                "a9546d41993e10df2a7429b8490394ea9ee62807bae6f326d1044a51581306f58d4b9dfd5931e044688855280ff3799e"
                "a2ea83d9391e0ee42e0c650acc7a1f842a7d385189485ddb4fd54ade3d9fd50d608167dca6c776aad4b8ad5c20691bfe"),
            word(4096) + word(Word{bls::order}), 50'000};
}

Bytes encode(const bls::Fp& a) {
    Bytes bytes(64);
    a.to_big_endian(bytes.data() + 16);
    return bytes;
}
Bytes encode(const bls::Fp2& a) { return encode(a.real) + encode(a.imaginary); }

template <class Field>
Bytes encode(const Point<Field>& point) {
    const auto affine = point.to_affine().value();
    return encode(affine.x) + encode(affine.y);
}

const Point<bls::Fp> g1(bls::g1_generator);
const Point<bls::Fp2> g2(bls::g2_generator);

// A scalar of 255 bits for each number.
Word scalar(std::uint64_t number) {
    return (Word{number + 1} * parse_word("0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95").value()) >>
           1;
}

template <class Field>
PrecompileRow addition(std::string_view name, std::uint64_t number, const Point<Field>& generator, std::int64_t gas) {
    return {std::string(name), number, encode(generator) + encode(generator.doubled()), encode(generator.times(Limbs<1>{3})),
            gas};
}

// The sum of scalar(i)·(i + 1)·generator for i below the count, whose multiples are equal modulo the order to one.
template <class Field>
PrecompileRow multiples(std::string_view name, std::uint64_t number, const Point<Field>& generator, std::uint64_t count,
                        std::int64_t gas) {
    Bytes input;
    Point<Field> point, sum;
    for (std::uint64_t i = 0; i < count; ++i) {
        point = point + generator;
        input = std::move(input) + encode(point) + word(scalar(i));
        sum = sum + point.times(scalar(i).limbs);
    }
    return {fmt::format("{} of {}", name, count), number, std::move(input), encode(sum), gas};
}

// Pairs of (i + 1)·g1 and g2, and one that undoes them all.
PrecompileRow pairing(std::uint64_t count) {
    Bytes input;
    for (std::uint64_t i = 1; i < count; ++i) input = std::move(input) + encode(g1.times(Limbs<1>{i})) + encode(g2);
    const Point<bls::Fp> undoing = -g1.times(Limbs<1>{count * (count - 1) / 2});
    input = std::move(input) + encode(undoing) + encode(g2);
    return {fmt::format("BLS12-381 pairing of {}", count), 0x0f, std::move(input), word(1),
            37'700 + 32'600 * static_cast<std::int64_t>(count)};
}

// RFC 9380, appendices J.9.2 and J.10.2, message "abc".
Bytes padded(std::string_view digits) { return Bytes(16) + hex(digits); }

PrecompileRow map_to_g1() {
    return {"BLS12-381 map to G1", 0x10,
            padded("147e1ed29f06e4c5079b9d14fc89d2820d32419b990c1c7bb7dbea2a36a045124b31ffbde7c99329c05c559af1c6cc82"),
            padded("009769f3ab59bfd551d53a5f846b9984c59b97d6842b20a2c565baa167945e3d026a3755b6345df8ec7e6acb6868ae6d") +
                padded("1532c00cf61aa3d0ce3e5aa20c3b531a2abd2c770a790a2613818303c6b830ffc0ecf6c357af3317b9575c567f11cd2c"),
            5'500};
}

PrecompileRow map_to_g2() {
    return {"BLS12-381 map to G2", 0x11,
            padded("138879a9559e24cecee8697b8b4ad32cced053138ab913b99872772dc753a2967ed50aabc907937aefb2439ba06cc50c") +
                padded("0a1ae7999ea9bab1dcc9ef8887a6cb6e8f1e22566015428d220b7eec90ffa70ad1f624018a9ad11e78d588bd3617f9f2"),
            padded("108ed59fd9fae381abfd1d6bce2fd2fa220990f0f837fa30e0f27914ed6e1454db0d1ee957b219f61da6ff8be0d6441f") +
                padded("0296238ea82c6d4adb3c838ee3cb2346049c90b96d602d7bb1b469b905c9228be25c627bffee872def773d5b2a2eb57d") +
                padded("033f90f6057aadacae7963b0a0b379dd46750c1c94a6357c99b65f63b79e321ff50fe3053330911c56b6ceea08fee656") +
                padded("153606c417e59fb331b7ae6bce4fbf7c5190c33ce9402b5ebe2b70e44fca614f3f1382a3625ed5493843d0b0a652fc3f"),
            23'800};
}

PrecompileResult call(const PrecompileRow& row) {
    return run_precompile(*find_precompile(to_address(row.number), Fork::Osaka), row.input, {1'000'000'000}, Fork::Osaka);
}

double processor_microseconds() { return 1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

std::vector<PrecompileRow> precompile_rows() {
    std::vector<PrecompileRow> rows = {ecrecover(),
                                       sha256(),
                                       ripemd160(),
                                       identity(),
                                       modexp(),
                                       bn254_add(),
                                       bn254_multiply(),
                                       bn254_pairing(),
                                       blake2f(),
                                       kzg_point_evaluation(),
                                       addition("BLS12-381 G1 addition", 0x0b, g1, 375),
                                       multiples("BLS12-381 G1 multiplications", 0x0c, g1, 1, 12'000),
                                       multiples("BLS12-381 G1 multiplications", 0x0c, g1, 16, 16 * 12 * 677),
                                       multiples("BLS12-381 G1 multiplications", 0x0c, g1, 128, 128 * 12 * 519),
                                       addition("BLS12-381 G2 addition", 0x0d, g2, 600),
                                       multiples("BLS12-381 G2 multiplications", 0x0e, g2, 1, 22'500),
                                       multiples("BLS12-381 G2 multiplications", 0x0e, g2, 16, 16 * 22'500 * 717 / 1000),
                                       multiples("BLS12-381 G2 multiplications", 0x0e, g2, 128, 128 * 22'500 * 524 / 1000),
                                       pairing(2),
                                       pairing(8),
                                       map_to_g1(),
                                       map_to_g2(),
                                       p256_verify()};
    for (PrecompileRow& row : rows) row.name = "precompile/" + row.name;
    return rows;
}

void check(const PrecompileRow& row) {
    const PrecompileResult result = call(row);
    if (result.status != Status::Success) throw std::runtime_error(fmt::format("{}: {}", row.name, name_of(result.status)));
    if (result.cost.units != row.gas)
        throw std::runtime_error(fmt::format("{}: costs {} gas, expected {}", row.name, result.cost.units, row.gas));
    if (result.output != row.expected_output)
        throw std::runtime_error(fmt::format("{}: output {}", row.name, to_hex(result.output)));
}

void measure(PrecompileRow& row) {
    constexpr double enough_us = 20'000;
    constexpr int runs = 5;
    row.microseconds = std::numeric_limits<double>::max();
    std::int64_t calls = 1;
    for (int run = 0; run < runs;) {
        const double before = processor_microseconds();
        for (std::int64_t i = 0; i < calls; ++i) benchmark::DoNotOptimize(call(row));
        const double taken = processor_microseconds() - before;
        if (taken < enough_us) {
            calls *= 2;
            continue;
        }
        row.microseconds = std::min(row.microseconds, taken / static_cast<double>(calls));
        ++run;
    }
}

void print(std::vector<PrecompileRow> rows) {
    if (rows.empty()) return;
    std::ranges::sort(rows, {}, &PrecompileRow::gas_per_microsecond);
    const double median = rows[rows.size() / 2].gas_per_microsecond();
    constexpr auto layout = "{:46} {:>10} {:>10} {:>9} {:>18}\n";
    fmt::print(layout, "", "us a call", "gas", "Mgas/s", "below the median");
    for (const PrecompileRow& row : rows)
        fmt::print(layout, row.name, fmt::format("{:.2f}", row.microseconds), row.gas,
                   fmt::format("{:.0f}", row.gas_per_microsecond()),
                   fmt::format("{:.2f} times", median / row.gas_per_microsecond()));
}

}  // namespace interlock::bench
