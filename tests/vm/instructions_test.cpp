// Each instruction's result and exact price, one row each.
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

const Word minus_one = ~Word{};
const Word lowest{0x8000000000000000, 0, 0, 0};  // -2^255

struct Row {
    Opcode opcode;
    std::vector<Word> operands;  // the top of the stack first
    Word result;
    std::int64_t gas;
    Fork fork = Fork::Cancun;
};

void PrintTo(const Row& row, std::ostream* out) { *out << info(row.opcode).name; }

class StackInstruction : public testing::TestWithParam<Row> {};

TEST_P(StackInstruction, GivesItsResultForItsPrice) {
    const Row& row = GetParam();
    std::string program;
    for (auto operand = row.operands.rbegin(); operand != row.operands.rend(); ++operand) program += push(*operand);
    World world(program + std::string(info(row.opcode).name) + return_top, row.fork);
    const Outcome outcome = world.run();
    ASSERT_EQ(outcome.status, Status::Success);
    EXPECT_EQ(to_hex(word_of(outcome)), to_hex(row.result));
    const auto pushes = static_cast<std::int64_t>(3 * row.operands.size());
    EXPECT_EQ(used(outcome) - pushes - (3 + 3 + 3 + 3 + 3),
              row.gas);  // return_top: three pushes, MSTORE and its memory
}

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, StackInstruction,
    testing::Values(Row{Opcode::ADD, {minus_one, 2}, 1, 3}, Row{Opcode::MUL, {minus_one, minus_one}, 1, 5},
                    Row{Opcode::SUB, {1, 2}, minus_one, 3}, Row{Opcode::DIV, {7, 2}, 3, 5}, Row{Opcode::DIV, {7, 0}, 0, 5},
                    Row{Opcode::SDIV, {-Word{7}, 2}, -Word{3}, 5}, Row{Opcode::SDIV, {lowest, minus_one}, lowest, 5},
                    Row{Opcode::MOD, {7, 0}, 0, 5}, Row{Opcode::MOD, {7, 4}, 3, 5},
                    Row{Opcode::SMOD, {-Word{7}, 4}, -Word{3}, 5}, Row{Opcode::ADDMOD, {minus_one, 2, 10}, 7, 8},
                    Row{Opcode::ADDMOD, {1, 2, 0}, 0, 8}, Row{Opcode::MULMOD, {minus_one, minus_one, 12}, 9, 8},
                    Row{Opcode::EXP, {0, 0}, 1, 10}, Row{Opcode::EXP, {2, 255}, lowest, 10 + 50},
                    Row{Opcode::EXP, {3, 256}, power(3, 256), 10 + 2 * 50},
                    Row{Opcode::EXP, {1, minus_one}, 1, 10 + 32 * 50}, Row{Opcode::EXP, {2, 3}, 8, 10 + 10, Fork::Homestead},
                    Row{Opcode::SIGNEXTEND, {0, 0x80}, -Word{128}, 5}, Row{Opcode::SIGNEXTEND, {31, lowest}, lowest, 5},
                    Row{Opcode::SIGNEXTEND, {minus_one, 0x80}, 0x80, 5}));

INSTANTIATE_TEST_SUITE_P(Comparison, StackInstruction,
                         testing::Values(Row{Opcode::LT, {1, 2}, 1, 3}, Row{Opcode::LT, {2, 1}, 0, 3},
                                         Row{Opcode::GT, {2, 1}, 1, 3}, Row{Opcode::GT, {1, 2}, 0, 3},
                                         Row{Opcode::SLT, {minus_one, 0}, 1, 3}, Row{Opcode::SGT, {0, minus_one}, 1, 3},
                                         Row{Opcode::SGT, {minus_one, 0}, 0, 3}, Row{Opcode::EQ, {5, 5}, 1, 3},
                                         Row{Opcode::EQ, {5, lowest}, 0, 3}, Row{Opcode::ISZERO, {0}, 1, 3},
                                         Row{Opcode::ISZERO, {lowest}, 0, 3}));

INSTANTIATE_TEST_SUITE_P(
    Bits, StackInstruction,
    testing::Values(Row{Opcode::AND, {12, 10}, 8, 3}, Row{Opcode::OR, {12, 10}, 14, 3}, Row{Opcode::XOR, {12, 10}, 6, 3},
                    Row{Opcode::NOT, {0}, minus_one, 3}, Row{Opcode::BYTE, {31, 0x1234}, 0x34, 3},
                    Row{Opcode::BYTE, {0, lowest}, 0x80, 3}, Row{Opcode::BYTE, {32, minus_one}, 0, 3},
                    Row{Opcode::BYTE, {lowest, minus_one}, 0, 3}, Row{Opcode::SHL, {255, 1}, lowest, 3},
                    Row{Opcode::SHL, {63, 3}, Word{0, 0, 1, std::uint64_t{1} << 63}, 3}, Row{Opcode::SHL, {0, 5}, 5, 3},
                    Row{Opcode::SHL, {64, 5}, Word{0, 0, 5, 0}, 3}, Row{Opcode::SHR, {1, 5}, 2, 3},
                    Row{Opcode::SHR, {64, 5}, 0, 3}, Row{Opcode::SHR, {lowest, 5}, 0, 3},
                    Row{Opcode::SHR, {64, Word{0, 0, 7, 5}}, 7, 3}, Row{Opcode::SHL, {256, 1}, 0, 3},
                    Row{Opcode::SHL, {lowest, 1}, 0, 3}, Row{Opcode::SHR, {255, lowest}, 1, 3},
                    Row{Opcode::SHR, {lowest, minus_one}, 0, 3}, Row{Opcode::SAR, {255, lowest}, minus_one, 3},
                    Row{Opcode::SAR, {lowest, lowest}, minus_one, 3}, Row{Opcode::SAR, {lowest, 1}, 0, 3},
                    Row{Opcode::CLZ, {0}, 256, 5, Fork::Osaka}, Row{Opcode::CLZ, {1}, 255, 5, Fork::Osaka},
                    Row{Opcode::CLZ, {lowest}, 0, 5, Fork::Osaka}));

INSTANTIATE_TEST_SUITE_P(Accounts, StackInstruction,
                         testing::Values(Row{Opcode::BALANCE, {to_word(sender)}, 1'000'000, 100},
                                         Row{Opcode::BALANCE, {to_word(other)}, 0, 2'600},
                                         Row{Opcode::BALANCE, {to_word(other)}, 0, 700, Fork::Istanbul},
                                         Row{Opcode::EXTCODESIZE, {to_word(other)}, 0, 2'600},
                                         Row{Opcode::EXTCODEHASH, {to_word(other)}, 0, 2'600},
                                         Row{Opcode::EXTCODEHASH, {to_word(sender)}, to_word(empty_code_hash()), 100},
                                         Row{Opcode::SLOAD, {1}, 0, 2'100}, Row{Opcode::SLOAD, {1}, 0, 200, Fork::Byzantium},
                                         Row{Opcode::TLOAD, {1}, 0, 100}));

TEST(Push, PutsItsImmediateOnTheStackWhateverItsLength) {
    for (unsigned n = 1; n <= 32; ++n) {
        Bytes data(n);
        for (unsigned i = 0; i < n; ++i) data[i] = static_cast<std::uint8_t>(i + 1);
        World world("PUSH" + std::to_string(n) + " " + to_hex(data) + return_top);
        EXPECT_EQ(word_of(world.run()), word_from_big_endian(data)) << n;
    }
}

TEST(Push, ReadsZerosBehindTheEndOfTheCode) {
    World world("PUSH4 0xff");
    EXPECT_EQ(world.run().status, Status::Success);
}

TEST(Dup, CopiesTheNthWord) {
    for (unsigned n = 1; n <= 16; ++n) {
        std::string program;
        for (unsigned i = 16; i >= 1; --i) program += push(Word{i});
        World world(program + "DUP" + std::to_string(n) + return_top);
        EXPECT_EQ(word_of(world.run()), Word{n});
    }
}

TEST(Swap, ExchangesTheTopWithTheNthWordBelow) {
    for (unsigned n = 1; n <= 16; ++n) {
        std::string program;
        for (unsigned i = 17; i >= 1; --i) program += push(Word{i});
        World swapped(program + "SWAP" + std::to_string(n) + return_top);
        EXPECT_EQ(word_of(swapped.run()), Word{n + 1});
        std::string drop;
        for (unsigned i = 0; i < n; ++i) drop += " POP";
        World below(program + "SWAP" + std::to_string(n) + drop + return_top);
        EXPECT_EQ(word_of(below.run()), Word{1});
    }
}

TEST(Environment, TellsOfTheMessage) {
    const std::vector<std::pair<std::string, Word>> rows = {
        {"ADDRESS", to_word(contract)},
        {"CALLER", to_word(sender)},
        {"CALLVALUE", 7},
        {"CALLDATASIZE", 3},
        {"CODESIZE", 9},
        {"RETURNDATASIZE", 0},
        {"MSIZE", 0},
        {"PC", 0},
        {"GAS", 1'000'000 - 2},
        {"SELFBALANCE", 1'007},
    };
    for (const auto& [name, expected] : rows) {
        World world(name + return_top);
        Message message = call_message();
        message.value = 7;
        message.input = {1, 2, 3};
        EXPECT_EQ(word_of(world.run(message)), expected) << name;
    }
}

TEST(Environment, TellsOfTheBlockAndTheTransaction) {
    const std::vector<std::pair<std::string, Word>> rows = {
        {"ORIGIN", to_word(other)},
        {"GASPRICE", 11},
        {"COINBASE", to_word(stranger)},
        {"TIMESTAMP", 12},
        {"NUMBER", 1'000},
        {"PREVRANDAO", 13},
        {"GASLIMIT", 14},
        {"CHAINID", 15},
        {"BASEFEE", 16},
        {"BLOBBASEFEE", 17},
        {push(0) + "BLOBHASH", 18},
        {push(1) + "BLOBHASH", 0},
    };
    for (const auto& [name, expected] : rows) {
        World world(name + return_top);
        world.host.block_context = {1'000, 12, 14, stranger, 13, 16, 17, 15};
        world.host.transaction_context = {other, 11, {to_hash(Word{18})}};
        EXPECT_EQ(word_of(world.run()), expected) << name;
    }
}

TEST(Environment, KnowsTheLast256BlockHashesOnly) {
    for (const auto& [number, expected] : std::vector<std::pair<Word, Word>>{
             {999, 0xb10c0000 + 999}, {744, 0xb10c0000 + 744}, {743, 0}, {1'000, 0}, {1'001, 0}, {minus_one, 0}}) {
        World world(push(number) + "BLOCKHASH" + return_top);
        world.host.block_context.number = 1'000;
        EXPECT_EQ(word_of(world.run()), expected) << to_decimal(number);
    }
}

TEST(CallData, ReadsZerosBehindItsEnd) {
    Message message = call_message();
    message.input = {1, 2, 3};
    for (const auto& [offset, expected] : std::vector<std::pair<Word, Word>>{
             {0, Word{0x010203} << 232}, {2, Word{3} << 248}, {3, 0}, {~std::uint64_t{0}, 0}, {minus_one, 0}}) {
        World world(push(offset) + "CALLDATALOAD" + return_top);
        EXPECT_EQ(word_of(world.run(message)), expected) << to_decimal(offset);
    }
}

TEST(ControlFlow, JumpsToDestinationsOnly) {
    EXPECT_EQ(World("PUSH1 0x04 JUMP INVALID JUMPDEST").run().status, Status::Success);
    EXPECT_EQ(World("PUSH1 0x03 JUMP STOP").run().status, Status::BadJump);
    EXPECT_EQ(World("PUSH1 0x05 JUMP PUSH1 0x5b").run().status, Status::BadJump);
    EXPECT_EQ(World(push(minus_one) + "JUMP").run().status, Status::BadJump);
}

TEST(ControlFlow, LooksAtADestinationOnlyWhenItJumps) {
    EXPECT_EQ(World("PUSH1 0x00 PUSH1 0xff JUMPI").run().status, Status::Success);
    EXPECT_EQ(World("PUSH1 0x01 PUSH1 0xff JUMPI").run().status, Status::BadJump);
    EXPECT_EQ(World(push(Word{1, 0, 0, 0}) + "PUSH1 0x25 JUMPI JUMPDEST").run().status, Status::BadJump);
    EXPECT_EQ(World(push(Word{1, 0, 0, 0}) + "PUSH1 0x24 JUMPI JUMPDEST").run().status, Status::Success);
}

TEST(ControlFlow, ConsumesAllGasOnEveryExceptionalHalt) {
    const std::vector<std::pair<std::string, Status>> rows = {
        {"INVALID", Status::InvalidInstruction},
        {"0x0c", Status::InvalidInstruction},
        {"ADD", Status::StackUnderflow},
        {"PUSH1 0x00 JUMP", Status::BadJump},
        {"JUMPDEST PUSH1 0x00 DUP1 PUSH1 0x00 JUMP", Status::StackOverflow},
        {"JUMPDEST PUSH1 0x00 JUMP", Status::OutOfGas},
    };
    for (const auto& [program, status] : rows) {
        const Outcome outcome = World(program).run();
        EXPECT_EQ(outcome.status, status) << program;
        EXPECT_EQ(outcome.gas_left, Gas{0}) << program;
        EXPECT_TRUE(outcome.output.empty());
    }
}

TEST(ControlFlow, GivesTheRemainingGasBackWhenItReverts) {
    const Outcome outcome = World("PUSH1 0x2a PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x00 REVERT").run();
    EXPECT_EQ(outcome.status, Status::Revert);
    EXPECT_EQ(word_of(outcome), Word{42});
    EXPECT_EQ(used(outcome), 3 + 3 + 6 + 3 + 3);
}

TEST(ControlFlow, SucceedsOnTheLastUnitOfGasAndFailsWithoutIt) {
    World world("PUSH1 0x01 PUSH1 0x02 ADD");
    EXPECT_EQ(world.run(call_message(9)).status, Status::Success);
    EXPECT_EQ(world.run(call_message(8)).status, Status::OutOfGas);
}

TEST(Stack, HoldsExactly1024Words) {
    std::string program;
    for (int i = 0; i < 1024; ++i) program += "ADDRESS ";
    EXPECT_EQ(World(program).run().status, Status::Success);
    EXPECT_EQ(World(program + "SWAP16").run().status, Status::Success);
    EXPECT_EQ(World(program + "ADDRESS").run().status, Status::StackOverflow);
    EXPECT_EQ(World(program + "DUP1").run().status, Status::StackOverflow);
}

TEST(Stack, ChecksEveryOpcodesNeed) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const OpcodeInfo& row = info(static_cast<std::uint8_t>(byte));
        if (!row.exists_in(Fork::Osaka) || row.stack_in == 0) continue;
        std::string program;
        for (int i = 1; i < row.stack_in; ++i) program += "ADDRESS ";
        EXPECT_EQ(World(program + std::string(row.name), Fork::Osaka).run().status, Status::StackUnderflow) << row.name;
    }
}

TEST(Forks, DoNotKnowTheOpcodesOfLaterOnes) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const OpcodeInfo& row = info(static_cast<std::uint8_t>(byte));
        if (!row.exists() || row.since == Fork::Frontier) continue;
        const auto before = static_cast<Fork>(static_cast<int>(row.since) - 1);
        EXPECT_EQ(World(std::string(row.name), before).run().status, Status::InvalidInstruction) << row.name;
    }
}

}  // namespace
}  // namespace interlock::vm::test
