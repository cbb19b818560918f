// The curve BLS12-381: y² = x³ + 4 over Fp, its twist y² = x³ + 4ξ over Fp2, and the optimal ate pairing of the two.
// (Bowe, 2017; RFC 9380, section 8.8; EIP-2537)
//
// All its constants follow from one negative number x: r = x⁴ - x² + 1, the order of both groups, and
// p = (x - 1)²r/3 + x. Both curves also have points outside their groups.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "vm/curves/miller_loop.hpp"
#include "vm/curves/point.hpp"
#include "vm/curves/prime_field.hpp"
#include "vm/curves/tower.hpp"

namespace interlock::vm::curves::bls12_381 {

inline constexpr std::uint64_t minus_x = 0xd201000000010000;

struct Prime {
    static constexpr Limbs<6> modulus = {0xb9feffffffffaaab, 0x1eabfffeb153ffff, 0x6730d2a0f6b0f624,
                                         0x64774b84f38512bf, 0x4b1ba7b6434bacd7, 0x1a0111ea397fe69a};
};
inline constexpr Limbs<4> order = {0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805, 0x73eda753299d7d48};

using Fp = PrimeField<Prime>;

// The parameters of the field tower.
struct Tower {
    using Fp = bls12_381::Fp;
    using Fp2 = Quadratic<Fp>;
    static constexpr Twist twist = Twist::Multiplies;
    // ξ = 1 + i
    static constexpr Fp2 times_xi(const Fp2& a) { return {a.real - a.imaginary, a.real + a.imaginary}; }
    // ξ^(k(p-1)/6) for k = 0…5
    static const std::array<Fp2, 6>& gamma();
};
using Fp2 = Tower::Fp2;
using Fp6 = Sextic<Tower>;
using Fp12 = Dodecic<Tower>;

using G1 = AffinePoint<Fp>;
using G2 = AffinePoint<Fp2>;

inline constexpr Fp g1_b{4};
inline constexpr Fp2 g2_b{Fp{4}, Fp{4}};

inline constexpr G1 g1_generator = {
    Fp::hex("17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"),
    Fp::hex("08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1")};
inline constexpr G2 g2_generator = {
    {Fp::hex("024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"),
     Fp::hex("13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e")},
    {Fp::hex("0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"),
     Fp::hex("0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be")}};

// Returns whether a point of the curve (of the twist) is one of the r points of its group.
[[nodiscard]] bool is_in_subgroup(const G1& point);
[[nodiscard]] bool is_in_subgroup(const G2& point);

// Endomorphisms that are cheaper than the multiplications that they are: by x² in the first group, by -x in the second.
[[nodiscard]] G1 times_x_square(const G1& point);
[[nodiscard]] G2 times_minus_x(const G2& point);

// Carry a point of the curve (of the twist) into its group: multiply it by the h_eff of RFC 9380, section 8.8.
[[nodiscard]] Point<Fp> clear_cofactor(const Point<Fp>& point);
[[nodiscard]] Point<Fp2> clear_cofactor(const Point<Fp2>& point);

// The maps of field elements to points of the curve (of the twist) before their cofactor is cleared: map_to_curve of RFC
// 9380, sections 6.6.3 and 8.8.
[[nodiscard]] Point<Fp> map_to_curve(const Fp& u);
[[nodiscard]] Point<Fp2> map_to_curve(const Fp2& u);

// A point of the group, and any number.
template <class Affine>
struct Multiple {
    Affine point;
    Limbs<4> scalar;
};

// Return the sum of multiples, which is infinity for none.
[[nodiscard]] Point<Fp> sum_of(std::span<const Multiple<G1>> multiples);
[[nodiscard]] Point<Fp2> sum_of(std::span<const Multiple<G2>> multiples);

using Pair = MillerLoop<Tower>::Pair;
struct PreparedPair;

// Returns the product of all pairings to the power -3. Since that is prime to r, the result is one exactly when the
// product is one, and it is cheaper to compute.
[[nodiscard]] Fp12 pairing_product(std::span<const Pair> pairs);

// A point of the second group with the lines that its pairings go through, which are most of the work: for points that are
// paired again and again. About 20 KB.
class PreparedPoint {
  public:
    explicit PreparedPoint(const G2& point);

  private:
    friend Fp12 pairing_product(std::span<const PreparedPair> pairs);
    std::vector<MillerLoop<Tower>::Line> lines_;
};
struct PreparedPair {
    G1 p;
    const PreparedPoint* q;
};
[[nodiscard]] Fp12 pairing_product(std::span<const PreparedPair> pairs);

}  // namespace interlock::vm::curves::bls12_381
