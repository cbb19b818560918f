// Limbs: what the processor's carry chains give against what the portable code gives. The compiler runs only the
// portable code, so every expectation here is one that it has computed.
#include "vm/limbs.hpp"

#include <gtest/gtest.h>

#include "vm/limb_division.hpp"

namespace interlock::vm::limbs {
namespace {

constexpr std::uint64_t ones = ~std::uint64_t{0}, top = std::uint64_t{1} << 63, some = 0x9e3779b97f4a7c15;

// Zeros, ones and all ones in every place, and some words between.
constexpr std::array<Limbs<4>, 14> edges = {{
    {0, 0, 0, 0},
    {1, 0, 0, 0},
    {ones, 0, 0, 0},
    {0, 1, 0, 0},
    {ones, ones, 0, 0},
    {0, 0, 1, 0},
    {ones, ones, ones, 0},
    {0, 0, 0, 1},
    {0, 0, 0, top},
    {ones, ones, ones, ones},
    {ones - 1, ones, ones, ones},
    {ones, 0, ones, top - 1},
    {some, some * 3, some * 5, some * 7},
    {0xfffffffefffffc2f, ones, ones, ones},
}};

struct Results {
    Limbs<4> sum, difference, chosen, low, quotient, remainder;
    bool carry, borrow, less;
    Limbs<8> product;

    friend constexpr bool operator==(const Results&, const Results&) = default;
};

constexpr Results results_of(const Limbs<4>& a, const Limbs<4>& b) {
    const Sum256 sum = add(a, b), difference = subtract(a, b);
    const Division<4> division = significant(b) == 0 ? Division<4>{} : divide(a, b);
    return {sum.value,          difference.value, select(less(a, b), a, b), multiply_low(a, b), division.quotient,
            division.remainder, sum.carry,        difference.carry,         less(a, b),         multiply_wide(a, b)};
}

constexpr auto computed_by_the_compiler = [] {
    std::array<std::array<Results, edges.size()>, edges.size()> table{};
    for (std::size_t i = 0; i < edges.size(); ++i)
        for (std::size_t j = 0; j < edges.size(); ++j) table[i][j] = results_of(edges[i], edges[j]);
    return table;
}();

TEST(Limbs, AreTheSameOnTheProcessorAsInPortableCode) {
    for (std::size_t i = 0; i < edges.size(); ++i)
        for (std::size_t j = 0; j < edges.size(); ++j)
            EXPECT_TRUE(results_of(edges[i], edges[j]) == computed_by_the_compiler[i][j]) << "edges " << i << " and " << j;
}

TEST(Limbs, CarryThroughEveryLimb) {
    constexpr Sum256 sum = add({ones, ones, ones, ones}, {1, 0, 0, 0});
    static_assert(sum.carry && sum.value == Limbs<4>{});
    constexpr Sum256 difference = subtract({0, 0, 0, 0}, {1, 0, 0, 0});
    static_assert(difference.carry && difference.value == Limbs<4>{ones, ones, ones, ones});
    EXPECT_TRUE(add({ones, ones, ones, ones}, {1, 0, 0, 0}).carry);
    EXPECT_TRUE(subtract({0, 0, 0, 0}, {1, 0, 0, 0}).carry);
}

}  // namespace
}  // namespace interlock::vm::limbs
