// The people of the genesis: the same names, keys and addresses on every machine.

#include "chain/genesis.hpp"

#include <gtest/gtest.h>

namespace interlock::chain {
namespace {

TEST(Genesis, KnowsItsPeopleByName) {
    const Genesis genesis = Genesis::standard();
    for (const char* name : {"alice", "bob", "carol", "dave", "mallory", "owner", "deployer"})
        EXPECT_TRUE(genesis.address_of(name)) << name;
    EXPECT_FALSE(genesis.address_of("trudy"));
}

TEST(Genesis, KnowsItsPeopleByAddress) {
    const Genesis genesis = Genesis::standard();
    EXPECT_EQ(genesis.name_of(*genesis.address_of("mallory")), "mallory");
    EXPECT_EQ(genesis.name_of(Address{}), std::nullopt);
}

TEST(Genesis, AKeyFollowsFromTheName) {
    EXPECT_EQ(key_of_name("alice").bytes, key_of_name("alice").bytes);
    EXPECT_NE(key_of_name("alice").bytes, key_of_name("bob").bytes);
    EXPECT_EQ(address_of(key_of_name("alice")), Genesis::standard().address_of("alice"));
}

TEST(Genesis, FundsEverybodyWithAThousandEther) {
    const Genesis genesis = Genesis::standard();
    State state = genesis.build();
    EXPECT_EQ(state.balance(*genesis.address_of("alice")), Word(1000) * ether);
}

TEST(Genesis, FundsAsGiven) {
    Genesis genesis;
    genesis.fund("alice", 5).fund("bob").fund("alice", 7);
    State state = genesis.build();
    EXPECT_EQ(genesis.accounts().size(), 2U);
    EXPECT_EQ(state.balance(*genesis.address_of("alice")), Word(7));
}

}  // namespace
}  // namespace interlock::chain
