// What the precompiles on BLS12-381 cost. A sum of many multiples costs less for each than a single one: the discounts say
// how many thousandths for 1, 2, … of them; the last holds for all larger sums. (EIP-2537, "Gas schedule")
#include <algorithm>
#include <array>

#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {
namespace {

using Discounts = std::array<std::int64_t, 128>;

// clang-format off
constexpr Discounts g1_discounts = {
    1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658, 654, 651,
    648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601,
    599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570,
    569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547,
    547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531, 530, 529, 528,
    528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
};
constexpr Discounts g2_discounts = {
    1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693, 688, 683, 679,
    674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611,
    609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582, 580, 579, 578, 576, 575,
    574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551,
    550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535, 534, 533, 532,
    532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
};
// clang-format on

// Input that is no multiple of `bytes_each` fails, and then costs everything.
Gas gas_of_multiples(ByteView input, std::size_t bytes_each, Gas multiplication, const Discounts& discounts) {
    const std::size_t count = input.size() / bytes_each;
    if (count == 0) return {};
    const std::int64_t discount = discounts[std::min(count, discounts.size()) - 1];
    return {static_cast<std::int64_t>(count) * multiplication.units * discount / 1000};
}

}  // namespace

Gas bls_g1_add_gas(ByteView, const PrecompileRules&) { return {375}; }
Gas bls_g1_msm_gas(ByteView input, const PrecompileRules&) { return gas_of_multiples(input, 160, {12'000}, g1_discounts); }
Gas bls_g2_add_gas(ByteView, const PrecompileRules&) { return {600}; }
Gas bls_g2_msm_gas(ByteView input, const PrecompileRules&) { return gas_of_multiples(input, 288, {22'500}, g2_discounts); }
Gas bls_pairing_gas(ByteView input, const PrecompileRules&) {
    return {37'700 + 32'600 * static_cast<std::int64_t>(input.size() / 384)};
}
Gas bls_map_to_g1_gas(ByteView, const PrecompileRules&) { return {5'500}; }
Gas bls_map_to_g2_gas(ByteView, const PrecompileRules&) { return {23'800}; }

}  // namespace interlock::vm::precompile
