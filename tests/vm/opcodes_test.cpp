#include "vm/opcodes.hpp"

#include <gtest/gtest.h>

#include "vm/fork_rules.hpp"

namespace interlock::vm {
namespace {

std::size_t count_of(Fork fork) {
    std::size_t count = 0;
    for (const OpcodeInfo& row : opcode_table) count += row.exists_in(fork);
    return count;
}

TEST(OpcodeTable, GivesEveryPushItsImmediateBytes) {
    for (unsigned n = 0; n <= 32; ++n) EXPECT_EQ(info(static_cast<std::uint8_t>(0x5f + n)).immediate, n);
}

TEST(OpcodeTable, GrowsWithEachForkThatAddedOpcodes) {
    EXPECT_EQ(count_of(Fork::Frontier), 130u);
    EXPECT_EQ(count_of(Fork::Homestead), 131u);       // DELEGATECALL
    EXPECT_EQ(count_of(Fork::Byzantium), 135u);       // REVERT, STATICCALL, two for return data
    EXPECT_EQ(count_of(Fork::Constantinople), 140u);  // shifts, EXTCODEHASH, CREATE2
    EXPECT_EQ(count_of(Fork::Istanbul), 142u);        // CHAINID, SELFBALANCE
    EXPECT_EQ(count_of(Fork::London), 143u);          // BASEFEE
    EXPECT_EQ(count_of(Fork::Shanghai), 144u);        // PUSH0
    EXPECT_EQ(count_of(Fork::Cancun), 149u);          // TLOAD, TSTORE, MCOPY, BLOBHASH, BLOBBASEFEE
    EXPECT_EQ(count_of(Fork::Osaka), 150u);           // CLZ
}

TEST(OpcodeTable, LetsAForkInheritThePricesOfTheOneBefore) {
    EXPECT_EQ(base_gas(Opcode::SLOAD, Fork::Frontier).units, 50);
    EXPECT_EQ(base_gas(Opcode::SLOAD, Fork::TangerineWhistle).units, 200);
    EXPECT_EQ(base_gas(Opcode::SLOAD, Fork::Petersburg).units, 200);
    EXPECT_EQ(base_gas(Opcode::SLOAD, Fork::Istanbul).units, 800);
    EXPECT_EQ(base_gas(Opcode::SLOAD, Fork::Osaka).units, 100);
}

TEST(OpcodeTable, HasNoPriceForWhatAForkLacks) { EXPECT_EQ(base_gas(Opcode::PUSH0, Fork::London).units, 0); }

TEST(ByFork, IsInAForkWithoutARowAsInTheOneBefore) {
    ByFork<int> table;
    table.from(Fork::Homestead, 1);
    table.from(Fork::London, 2);
    EXPECT_EQ(table[Fork::Frontier], 0);
    EXPECT_EQ(table[Fork::Homestead], 1);
    EXPECT_EQ(table[Fork::Berlin], 1);
    EXPECT_EQ(table[Fork::Osaka], 2);
}

TEST(ForkRules, TakeBackWhatConstantinopleTried) {
    EXPECT_TRUE(rules_of(Fork::Constantinople).storage.net_metered);
    EXPECT_FALSE(rules_of(Fork::Petersburg).storage.net_metered);
    EXPECT_EQ(rules_of(Fork::Petersburg).storage.unchanged, rules_of(Fork::Byzantium).storage.unchanged);
}

}  // namespace
}  // namespace interlock::vm
