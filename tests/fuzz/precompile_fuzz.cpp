// Precompiles: whatever the input, a call ends, in the same way each time, and costs what it may. Points add in any order,
// and a sum of multiples is the sum of the multiples.
//
// Input: the precompile and the fork, a byte each; what is left is the precompile's input. The scalars of made sums are read
// from it, too, and the points are small multiples of the generators: in arbitrary bytes a point is rare.
#include <algorithm>

#include "tests/fuzz/expect.hpp"
#include "vm/curves/bls12_381.hpp"
#include "vm/precompiles.hpp"
#include "vm/word.hpp"

namespace {

using namespace interlock;
using fuzz::expect;
using vm::Bytes, vm::ByteView, vm::Gas;
using vm::curves::Point;
namespace bls = vm::curves::bls12_381;

constexpr Gas limit{300'000};

vm::PrecompileResult call(const vm::Precompile& precompile, ByteView input, vm::Fork fork) {
    vm::PrecompileResult result = vm::run_precompile(precompile, input, limit, fork);
    expect(result.cost >= Gas{0} && result.cost <= limit, "a call costs more than it was given");
    if (result.status == vm::Status::Success) return result;
    expect(result.status == vm::Status::OutOfGas || result.status == vm::Status::PrecompileFailure, "another failure");
    expect(result.cost == limit && result.output.empty(), "a failure leaves something");
    return result;
}

// The halves of an addition's input may change places.
void add_the_other_way(const vm::Precompile& precompile, ByteView input, const vm::PrecompileResult& result, vm::Fork fork) {
    if (input.size() % 2 != 0) return;
    Bytes swapped(input.begin(), input.end());
    std::rotate(swapped.begin(), swapped.begin() + static_cast<std::ptrdiff_t>(input.size() / 2), swapped.end());
    const vm::PrecompileResult other = call(precompile, swapped, fork);
    expect(other.status == result.status && other.output == result.output, "a sum depends on the order");
}

void call_any(std::uint8_t which, vm::Fork fork, ByteView input) {
    const auto all = vm::precompiles(fork);
    const vm::Precompile& precompile = all[which % all.size()];
    const vm::PrecompileResult result = call(precompile, input, fork), again = call(precompile, input, fork);
    expect(result.status == again.status && result.cost == again.cost && result.output == again.output,
           "two calls end differently");
    if (precompile.address == vm::to_address(0x0b) || precompile.address == vm::to_address(0x0d))
        add_the_other_way(precompile, input, result, fork);
}

// Each multiple is one byte for the point, which is so many times the generator, and 32 for the scalar.
template <class Field>
void sum_multiples(const vm::curves::AffinePoint<Field>& generator, ByteView input) {
    constexpr std::size_t each = 1 + 32;
    std::vector<bls::Multiple<vm::curves::AffinePoint<Field>>> multiples;
    Point<Field> expected;
    for (; input.size() >= each; input = input.subspan(each)) {
        const auto small = static_cast<std::int8_t>(input[0]);
        const vm::Word scalar = vm::word_from_big_endian(input.subspan(1, 32));
        Point<Field> point = Point<Field>(generator).times(vm::limbs::Limbs<1>{static_cast<std::uint64_t>(std::abs(small))});
        if (small < 0) point = -point;
        expected = expected + point.times(scalar.limbs);
        if (const auto affine = point.to_affine()) multiples.push_back({*affine, scalar.limbs});
    }
    expect(bls::sum_of(multiples) == expected, "a sum of multiples is another");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const ByteView input(data + 2, size - 2);
    call_any(data[0], static_cast<vm::Fork>(data[1] % vm::fork_count), input);
    if (data[1] % 2 == 0) sum_multiples(bls::g1_generator, input);
    else sum_multiples(bls::g2_generator, input);
    return 0;
}
