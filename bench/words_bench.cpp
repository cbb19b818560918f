// What a word costs: arithmetic by operand size, and Keccak beside Crypto++'s. Each operation is first checked against
// Boost.Multiprecision (Crypto++ for Keccak) on the very operands that are then timed; a mismatch ends the program
// with 1.
#include <benchmark/benchmark.h>
#include <cryptopp/keccak.h>
#include <fmt/core.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>
#include <string>
#include <vector>

#include "vm/keccak.hpp"
#include "vm/word.hpp"

namespace {

using namespace interlock::vm;
using boost::multiprecision::cpp_int;

// One row: operands of these sizes in bits, for a op b, modulo m.
struct Sizes {
    unsigned a, b, m;
};
struct Operands {
    Word a, b, m;
};
struct Operation {
    std::string name;
    Sizes bits;
    Word (*run)(const Operands&);
    cpp_int (*reference)(const cpp_int& a, const cpp_int& b, const cpp_int& m);
    void (*measure)(benchmark::State&, const std::vector<Operands>&);
};

constexpr std::size_t batch = 4096;

// Words of exactly so many bits. They differ from operand to operand, as an interpreter's do: no branch can be learnt.
Word draw(std::mt19937_64& random, unsigned bits) {
    Word word{random(), random(), random(), random()};
    word.limbs[3] |= std::uint64_t{1} << 63;
    return word >> (256 - bits);
}

std::vector<Operands> draw_operands(const Sizes& bits) {
    std::mt19937_64 random(bits.a * 1'000'003 + bits.b * 1009 + bits.m);
    std::vector<Operands> operands(batch);
    for (Operands& o : operands) o = {draw(random, bits.a), draw(random, bits.b), draw(random, bits.m)};
    return operands;
}

cpp_int big(const Word& word) { return cpp_int{to_hex(word)}; }

template <Word (*run)(const Operands&)>
void measure(benchmark::State& state, const std::vector<Operands>& operands) {
    for (auto _ : state) {
        for (const Operands& o : operands) {
            Word result = run(o);
            benchmark::DoNotOptimize(result);
        }
    }
    state.counters["each"] =
        benchmark::Counter(batch, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

Word add(const Operands& o) { return o.a + o.b; }
Word multiply(const Operands& o) { return o.a * o.b; }
Word divide(const Operands& o) { return o.a / o.b; }
Word remainder(const Operands& o) { return o.a % o.b; }
Word add_modulo(const Operands& o) { return addmod(o.a, o.b, o.m); }
Word multiply_modulo(const Operands& o) { return mulmod(o.a, o.b, o.m); }
const Word prime = (Word{1} << 255) - Word{19};
Word multiply_modulo_prime(const Operands& o) { return mulmod(o.a, o.b, prime); }
Word raise(const Operands& o) { return power(o.a, o.b); }

const cpp_int modulus_of_words = cpp_int{1} << 256;

std::vector<Operation> operations() {
    std::vector<Operation> rows;
    const auto row = [&]<Word (*run)(const Operands&)>(const char* name, Sizes bits, auto reference) {
        std::string label = fmt::format("{}/{}/{}", name, bits.a, bits.b);
        if (bits.m != 1) label += fmt::format("/{}", bits.m);
        rows.push_back({label, bits, run, reference, measure<run>});
    };
    using C = const cpp_int&;
    for (const unsigned bits : {64u, 128u, 256u}) {
        row.operator()<add>("add", {bits, bits, 1}, [](C a, C b, C) { return cpp_int{(a + b) % modulus_of_words}; });
        row.operator()<multiply>("mul", {bits, bits, 1}, [](C a, C b, C) { return cpp_int{a * b % modulus_of_words}; });
    }
    for (const Sizes bits : {Sizes{64, 32, 1},
                             {128, 64, 1},
                             {128, 100, 1},
                             {256, 64, 1},
                             {256, 128, 1},
                             {256, 192, 1},
                             {256, 250, 1},
                             {128, 256, 1}}) {
        row.operator()<divide>("div", bits, [](C a, C b, C) { return cpp_int{a / b}; });
        row.operator()<remainder>("mod", bits, [](C a, C b, C) { return cpp_int{a % b}; });
    }
    for (const unsigned bits : {64u, 128u, 192u, 256u}) {
        row.operator()<add_modulo>("addmod", {bits, bits, bits}, [](C a, C b, C m) { return cpp_int{(a + b) % m}; });
        row.operator()<multiply_modulo>("mulmod", {bits, bits, bits}, [](C a, C b, C m) { return cpp_int{a * b % m}; });
    }
    row.operator()<multiply_modulo_prime>("mulmod_by_one_prime", {255, 255, 1},
                                          [](C a, C b, C) { return cpp_int{a * b % big(prime)}; });
    for (const unsigned bits : {5u, 64u, 256u})
        row.operator()<raise>("exp", {256, bits, 1}, [](C a, C b, C) { return cpp_int{powm(a, b, modulus_of_words)}; });
    row.operator()<raise>("exp_of_ten", {4, 6, 1}, [](C a, C b, C) { return cpp_int{powm(a, b, modulus_of_words)}; });
    return rows;
}

bool agrees(const Operation& operation, const std::vector<Operands>& operands) {
    for (const Operands& o : operands) {
        const cpp_int expected = operation.reference(big(o.a), big(o.b), big(o.m));
        const Word result = operation.run(o);
        if (big(result) == expected) continue;
        fmt::print(stderr, "{}: a = {}, b = {}, m = {}: got {}, Boost.Multiprecision says {}\n", operation.name, to_hex(o.a),
                   to_hex(o.b), to_hex(o.m), to_hex(result), expected.str(0, std::ios::hex | std::ios::showbase));
        return false;
    }
    return true;
}

Hash keccak_by_cryptopp(ByteView data) {
    Hash digest;
    CryptoPP::Keccak_256().CalculateDigest(digest.bytes.data(), data.data(), data.size());
    return digest;
}

template <Hash (*hash)(ByteView)>
void measure_hash(benchmark::State& state) {
    Bytes data(static_cast<std::size_t>(state.range(0)), 0x5a);
    for (auto _ : state) {
        benchmark::DoNotOptimize(data.data());
        Hash digest = hash(data);
        benchmark::DoNotOptimize(digest);
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}
BENCHMARK(measure_hash<keccak256>)->Name("keccak")->Arg(32)->Arg(64)->Arg(135)->Arg(136)->Arg(1024);
BENCHMARK(measure_hash<keccak_by_cryptopp>)->Name("keccak_by_cryptopp")->Arg(32)->Arg(64)->Arg(135)->Arg(136)->Arg(1024);

bool keccak_agrees() {
    for (const std::size_t size : {32, 64, 135, 136, 1024}) {
        const Bytes data(size, 0x5a);
        if (keccak256(data) == keccak_by_cryptopp(data)) continue;
        fmt::print(stderr, "keccak of {} bytes differs from Crypto++'s\n", size);
        return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
    bool good = keccak_agrees();
    for (const Operation& operation : operations()) {
        const std::vector<Operands> operands = draw_operands(operation.bits);
        good = agrees(operation, operands) && good;
        benchmark::RegisterBenchmark(operation.name.c_str(), operation.measure, operands);
    }
    if (!good) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
