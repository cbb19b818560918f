// Storage layout against solc's rules (Solidity reference, "Layout of State Variables in Storage").
#include "tests/lang/checked.hpp"

namespace interlock::lang {
namespace {

struct Place {
    std::uint64_t slot = 0;
    unsigned offset = 0;
    friend bool operator==(const Place&, const Place&) = default;
    friend void PrintTo(const Place& place, std::ostream* out) {
        *out << "slot " << place.slot << " offset " << place.offset;
    }
};

// Of a state variable in the last contract that has it, or of a field in its struct.
Place place_of(const Checked& checked, std::string_view name) {
    for (std::size_t i = checked.program.contracts.size(); i-- > 1;) {
        for (const StatePlace& place : checked.program.contracts[i].state) {
            if (checked.tree[place.variable].name.text == name) return {place.slot.low64(), place.offset};
        }
    }
    const VariableInfo& info = checked.variable(name);
    return {info.slot.low64(), info.offset};
}

TEST(StorageLayout, PacksSmallValuesIntoOneSlotFromItsLowEnd) {
    const Checked checked("contract C { uint128 a; uint64 b; bool c; address d; }");
    EXPECT_EQ(place_of(checked, "a"), (Place{0, 0}));
    EXPECT_EQ(place_of(checked, "b"), (Place{0, 16}));
    EXPECT_EQ(place_of(checked, "c"), (Place{0, 24}));
    EXPECT_EQ(place_of(checked, "d"), (Place{1, 0}));
}

TEST(StorageLayout, StartsANewSlotForAValueThatDoesNotFit) {
    const Checked checked("contract C { uint8 a; uint256 b; uint8 c; }");
    EXPECT_EQ(place_of(checked, "b"), (Place{1, 0}));
    EXPECT_EQ(place_of(checked, "c"), (Place{2, 0}));
}

TEST(StorageLayout, GivesAMappingAndAStringASlotOfTheirOwn) {
    const Checked checked("contract C { bool a; mapping(address => uint8) b; bool c; string d; bool e; bytes f; }");
    EXPECT_EQ(place_of(checked, "b"), (Place{1, 0}));
    EXPECT_EQ(place_of(checked, "c"), (Place{2, 0}));
    EXPECT_EQ(place_of(checked, "d"), (Place{3, 0}));
    EXPECT_EQ(place_of(checked, "e"), (Place{4, 0}));
    EXPECT_EQ(place_of(checked, "f"), (Place{5, 0}));
}

TEST(StorageLayout, StartsANewSlotBeforeAndAfterAStruct) {
    const Checked checked("contract C { struct S { uint8 x; uint8 y; } uint8 a; S s; uint8 b; }");
    EXPECT_EQ(place_of(checked, "s"), (Place{1, 0}));
    EXPECT_EQ(place_of(checked, "b"), (Place{2, 0}));
}

TEST(StorageLayout, PlacesFieldsFromTheStartOfTheirStruct) {
    const Checked checked(
        "contract C { struct I { uint8 q; } struct S { uint8 x; address y; uint256 z; I inner; bool w; } S s; uint8 "
        "after_; }");
    EXPECT_EQ(place_of(checked, "y"), (Place{0, 1}));
    EXPECT_EQ(place_of(checked, "z"), (Place{1, 0}));
    EXPECT_EQ(place_of(checked, "inner"), (Place{2, 0}));
    EXPECT_EQ(place_of(checked, "w"), (Place{3, 0}));
    EXPECT_EQ(place_of(checked, "after_"), (Place{4, 0}));
    EXPECT_EQ(checked.program.struct_slots.at(2).low64(), 4u);
}

TEST(StorageLayout, PacksEnumsAndContractsByTheirSize) {
    const Checked checked("contract C { enum E { A, B } E e; C c; bytes11 d; bytes1 f; }");
    EXPECT_EQ(place_of(checked, "c"), (Place{0, 1}));
    EXPECT_EQ(place_of(checked, "d"), (Place{0, 21}));
    EXPECT_EQ(place_of(checked, "f"), (Place{1, 0}));
}

TEST(StorageLayout, TakesNoSlotForConstantsAndImmutables) {
    const Checked checked(
        "contract C { uint256 constant K = 1; uint256 immutable i = 2; uint256 immutable j = 3; uint256 a; }");
    EXPECT_EQ(place_of(checked, "a"), (Place{0, 0}));
    EXPECT_EQ(place_of(checked, "j"), (Place{1, 0}));  // its index among the immutables
}

TEST(StorageLayout, PlacesWhatIsInheritedFirstFromTheMostBasicContractOn) {
    const Checked checked(
        "contract A { uint128 a; } contract B is A { uint64 b; } contract C is A { uint256 c; } "
        "contract D is B, C { uint8 d; }");
    EXPECT_EQ(place_of(checked, "a"), (Place{0, 0}));
    EXPECT_EQ(place_of(checked, "b"), (Place{0, 16}));
    EXPECT_EQ(place_of(checked, "c"), (Place{1, 0}));
    EXPECT_EQ(place_of(checked, "d"), (Place{2, 0}));
}

}  // namespace
}  // namespace interlock::lang
