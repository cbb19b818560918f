#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

const Word huge = ~Word{};

TEST(Memory, CostsThreeAWordAndTheSquareOver512) {
    // words -> price; the pushes and the base price are 3 each
    for (const auto& [offset, price] : std::vector<std::pair<std::uint64_t, std::int64_t>>{
             {0, 3}, {1, 6}, {32 * 21, 66}, {32 * 22, 70}, {32 * 1'023, 5'120}, {32 * 9'999, 225'312}}) {
        const Outcome outcome = World(push(Word{offset}) + "MLOAD").run();
        EXPECT_EQ(used(outcome) - 6, price) << offset;
    }
}

TEST(Memory, IsPaidForOnce) {
    const Outcome outcome = World("PUSH1 0x40 MLOAD PUSH1 0x40 MLOAD PUSH1 0x00 MLOAD").run();
    EXPECT_EQ(used(outcome), 3 * 6 + 9);
}

TEST(Memory, GrowsInWholeWords) {
    EXPECT_EQ(word_of(World("PUSH1 0x01 PUSH1 0x20 MSTORE8 MSIZE" + return_top).run()), Word{64});
}

TEST(Memory, CannotBeBoughtBeyondAnyGas) {
    for (const std::string name :
         {"MLOAD", "MSTORE", "MSTORE8", "RETURN", "REVERT", "KECCAK256", "LOG0", "CALLDATACOPY", "MCOPY", "CREATE"})
        for (const Word& offset : {huge, Word{1} << 64, Word{~std::uint64_t{0}}, Word{1} << 32, Word{1} << 40}) {
            const std::string operands = push(Word{1}) + push(Word{1}) + push(Word{1}) + push(offset);
            const std::string program = name == "CREATE" ? push(Word{1}) + push(offset) + push(Word{0}) : operands;
            EXPECT_EQ(World(program + name).run().status, Status::OutOfGas) << name << " " << to_hex(offset);
        }
}

TEST(Memory, CostsNothingForAnEmptyRangeAnywhere) {
    for (const std::string name : {"RETURN", "REVERT", "KECCAK256", "LOG0"}) {
        const Status status = World(push(Word{0}) + push(huge) + name).run().status;
        EXPECT_EQ(status, name == "REVERT" ? Status::Revert : Status::Success) << name;
    }
}

TEST(Memory, HasALimitThatGasAloneDoesNotBuy) {
    World world(push(Word{std::uint64_t{0xffffffff}}) + "MLOAD");
    EXPECT_EQ(world.run(call_message(std::int64_t{1} << 60)).status, Status::OutOfGas);
}

TEST(Memory, LoadsWhatWasStoredAtAnyAlignment) {
    EXPECT_EQ(word_of(World(push(Word{0x1234}) + "PUSH1 0x07 MSTORE PUSH1 0x07 MLOAD" + return_top).run()), Word{0x1234});
}

TEST(Memory, IsZeroWhereAnEarlierFrameWrote) {
    World world(push(huge) + "PUSH1 0x00 MSTORE PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) +
                "GAS STATICCALL " + push(huge) + "PUSH1 0x40 MSTORE PUSH1 0x20 MLOAD" + return_top);
    world.deploy(other, push(huge) + "PUSH1 0x00 MSTORE " + push(huge) + "PUSH1 0x20 MSTORE");
    EXPECT_EQ(word_of(world.run()), Word{0});
}

TEST(Mcopy, MovesOverlappingRangesAndPaysAWord) {
    const Outcome outcome =
        World(push(Word{0x0102}) + "PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x00 PUSH1 0x01 MCOPY PUSH1 0x01 MLOAD" + return_top)
            .run();
    EXPECT_EQ(word_of(outcome), Word{0x0102});
    EXPECT_EQ(used(outcome), (3 + 3 + 3 + 3) + (3 * 3 + 3 + 3 + 3) + (3 + 3) + (3 + 3 + 3 + 3));
}

TEST(Keccak, HashesMemoryAndPaysAWord) {
    const Outcome outcome = World("PUSH1 0x21 PUSH1 0x00 KECCAK256" + return_top).run();
    EXPECT_EQ(word_of(outcome), to_word(keccak256(Bytes(33))));
    EXPECT_EQ(used(outcome), 3 + 3 + 30 + 2 * 6 + 6 + (3 + 3 + 3 + 3));
}

TEST(Keccak, TellsItsObserverInPlainRuns) {
    World world("PUSH1 0x40 PUSH1 0x00 KECCAK256");
    Machine machine(world.host, Fork::Cancun);
    std::vector<std::pair<Bytes, Hash>> seen;
    machine.set_keccak_observer(
        [&](ByteView input, const Hash& digest) { seen.emplace_back(Bytes(input.begin(), input.end()), digest); });
    machine.start(call_message());
    static_cast<void>(machine.run());
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0], std::make_pair(Bytes(64), keccak256(Bytes(64))));
}

TEST(Copies, FillWithZerosBehindTheSource) {
    World world(push(huge) + "PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x01 PUSH1 0x00 CALLDATACOPY PUSH1 0x00 MLOAD" +
                return_top);
    Message message = call_message();
    message.input = {1, 2};
    EXPECT_EQ(word_of(world.run(message)), Word{2} << 248);
}

TEST(Copies, TakeCallDataThatTheGrowingMemoryMoves) {
    World world("PUSH3 0x030000 PUSH1 0x01 PUSH1 0x00 CALLDATACOPY PUSH1 0x00 MLOAD" + return_top);
    Message message = call_message();
    message.input = Bytes(33, 0x7f);
    EXPECT_EQ(word_of(world.run(message)), vm::word_from_big_endian(Bytes(32, 0x7f)));
}

TEST(Copies, TakeAnOffsetBehindTheEndForZeros) {
    EXPECT_EQ(word_of(World("PUSH1 0x20 " + push(huge) + "PUSH1 0x00 CODECOPY PUSH1 0x00 MLOAD" + return_top).run()),
              Word{0});
}

TEST(Copies, ReadOtherCode) {
    World world("PUSH1 0x20 PUSH1 0x00 PUSH1 0x00 " + push(other) + "EXTCODECOPY PUSH1 0x00 MLOAD" + return_top);
    world.deploy(other, "0x010203");
    const Outcome outcome = world.run();
    EXPECT_EQ(word_of(outcome), Word{0x010203} << 232);
    EXPECT_EQ(used(outcome), 4 * 3 + 2'600 + 3 + 3 + 6 + (3 + 3 + 3 + 3));
}

TEST(ReturnData, IsAnErrorToReadBehindItsEnd) {
    const std::string call = "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "GAS STATICCALL ";
    for (const auto& [range, status] :
         std::vector<std::pair<std::string, Status>>{{"PUSH1 0x20 PUSH1 0x00", Status::Success},
                                                     {"PUSH1 0x00 PUSH1 0x20", Status::Success},
                                                     {"PUSH1 0x21 PUSH1 0x00", Status::ReturnDataOutOfBounds},
                                                     {"PUSH1 0x00 PUSH1 0x21", Status::ReturnDataOutOfBounds},
                                                     {"PUSH1 0x01 " + push(huge), Status::ReturnDataOutOfBounds}}) {
        World world(call + range + " PUSH1 0x00 RETURNDATACOPY");
        world.deploy(other, "PUSH1 0x20 PUSH1 0x00 RETURN");
        EXPECT_EQ(world.run().status, status) << range;
    }
}

}  // namespace
}  // namespace interlock::vm::test
