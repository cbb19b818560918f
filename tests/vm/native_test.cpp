// Native code, translated code and bytecode are the same program: gas, refunds, reasons of failures, output, and state.
//
// INTERLOCK_NATIVE_ROUNDS and INTERLOCK_NATIVE_SEED make a longer search of other programs out of the random ones.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "tests/vm/random_program.hpp"
#include "vm/jit/module.hpp"
#include "vm/jit/native_code.hpp"
#include "vm/jit/tier.hpp"
#include "vm/translator/tiering.hpp"

namespace interlock::vm::test {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

NativeTier tier = NativeTier::Always;  // of what runs as native code

class NativeTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!has_native_compiler()) GTEST_SKIP() << "libinterlock_jit.so was not built: LLVM 19 is not there";
    }
    void TearDown() override {
        tier = NativeTier::Always;
        set_native_tier(NativeTier::Never);
        set_tiering(Tiering::Adaptive);
    }
};

Outcome run_as_bytecode(World& world, const Message& message) {
    set_native_tier(NativeTier::Never);
    set_tiering(Tiering::Never);
    return world.run(message);
}

Outcome run_translated(World& world, const Message& message) {
    set_native_tier(NativeTier::Never);
    set_tiering(Tiering::Always);
    return world.run(message);
}

Outcome run_native(World& world, const Message& message) {
    set_native_tier(tier);
    return world.run(message);
}

void expect_same(const World& world, const Message& message) {
    World plain = world;
    const Outcome expected = run_as_bytecode(plain, message);
    for (const auto& run : {run_native, run_translated}) {
        World other_way = world;
        const Outcome actual = run(other_way, message);
        ASSERT_EQ(actual.status, expected.status) << name_of(expected.status) << " became " << name_of(actual.status);
        ASSERT_EQ(actual.gas_left.units, expected.gas_left.units);
        ASSERT_EQ(actual.gas_refund.units, expected.gas_refund.units);
        ASSERT_EQ(to_hex(actual.output), to_hex(expected.output));
        ASSERT_TRUE(other_way.host.state == plain.host.state);
    }
}

// With more than enough gas, with exactly what is needed, around that, and with any part of it.
void expect_same_for_all_gas(const World& world, Message message, std::mt19937_64& random, int parts) {
    ASSERT_NO_FATAL_FAILURE(expect_same(world, message));
    World copy = world;
    const std::int64_t all = used(run_as_bytecode(copy, message), message.gas.units);
    for (const std::int64_t more : {-2, -1, 0, 1, 2}) {
        message.gas = {std::max<std::int64_t>(all + more, 0)};
        ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << "with " << message.gas.units;
    }
    for (int i = 0; i < parts; ++i) {
        message.gas = {static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(all + 1))};
        ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << "with " << message.gas.units;
    }
}

void expect_same_for(const std::string& program, std::int64_t from, std::int64_t to, Fork fork = Fork::Cancun) {
    const World world(program, fork);
    for (std::int64_t gas = from; gas <= to; ++gas)
        ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(gas))) << program << " with " << gas;
}

// For every second round.
Bytes unforeseen_jump_in(std::uint64_t round) { return round % 2 == 0 ? Bytes{} : Generator::unforeseen_jump(); }

TEST_F(NativeTest, OfRandomProgramsEndsAsTheBytecodeDoes) {
    const std::uint64_t seed = setting("INTERLOCK_NATIVE_SEED", 0x7ea5), rounds = setting("INTERLOCK_NATIVE_ROUNDS", 60);
    Generator generator(seed);
    std::mt19937_64 random(seed);
    std::uint64_t successes = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        World world("", Fork(random() % fork_count));
        world.host.account(contract).code = generator.program(unforeseen_jump_in(round));
        world.host.account(other).nonce = 1;
        world.host.account(other).code = generator.program(unforeseen_jump_in(round / 2));
        ASSERT_NO_FATAL_FAILURE(expect_same_for_all_gas(world, call_message(60'000), random, 20))
            << "round " << round << ", " << name_of(world.fork) << ": " << to_hex(world.host.account(contract).code)
            << " calls " << to_hex(world.host.account(other).code);
        World again = world;
        successes += run_native(again, call_message(60'000)).ok();
    }
    EXPECT_GT(successes, rounds / 20);
}

// Very many programs that are compiled with little effort: a million take half an hour.
TEST_F(NativeTest, OfShortProgramsEndsAsTheBytecodeDoes) {
    const std::uint64_t seed = setting("INTERLOCK_NATIVE_SEED", 0x51027), rounds = setting("INTERLOCK_NATIVE_ROUNDS", 400);
    constexpr std::uint64_t rounds_of_one_callee = 64;
    Generator generator(seed);
    std::mt19937_64 random(seed);
    std::uint64_t successes = 0;
    tier = NativeTier::Cheaply;
    World world;
    for (std::uint64_t round = 0; round < rounds; ++round) {
        if (round % rounds_of_one_callee == 0) {
            world = World("", Fork(random() % fork_count));
            world.host.account(other).nonce = 1;
            world.host.account(other).code = generator.short_program();
        }
        world.host.account(contract).code = generator.short_program(unforeseen_jump_in(round));
        ASSERT_NO_FATAL_FAILURE(expect_same_for_all_gas(world, call_message(60'000), random, 4))
            << "round " << round << ", " << name_of(world.fork) << ": " << to_hex(world.host.account(contract).code)
            << " calls " << to_hex(world.host.account(other).code);
        World again = world;
        successes += run_native(again, call_message(60'000)).ok();
    }
    EXPECT_GT(successes, rounds / 20);
}

TEST_F(NativeTest, ComputesWhatTheBytecodeComputes) {
    const std::uint64_t rounds = setting("INTERLOCK_NATIVE_ROUNDS", 120);
    Generator generator(setting("INTERLOCK_NATIVE_SEED", 0xa21));
    std::mt19937_64 random(3);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        World world("", Fork::Osaka);
        world.host.account(contract).code = generator.arithmetic(unforeseen_jump_in(round));
        for (int i = 0; i < 4; ++i) {
            Message message = call_message(100'000);
            message.input = generator.unknown_words();
            ASSERT_NO_FATAL_FAILURE(expect_same_for_all_gas(world, message, random, 4))
                << "round " << round << ": " << to_hex(world.host.account(contract).code) << " of " << to_hex(message.input);
        }
    }
}

TEST_F(NativeTest, OfAnyBytesEndsAsTheBytecodeDoes) {
    const std::uint64_t rounds = setting("INTERLOCK_NATIVE_ROUNDS", 80);
    std::mt19937_64 random(setting("INTERLOCK_NATIVE_SEED", 0xb17e5));
    for (std::uint64_t round = 0; round < rounds; ++round) {
        World world;
        Bytes code(random() % 300);
        for (std::uint8_t& byte : code)
            byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0x50 + random() % 0x40);
        const Bytes before = unforeseen_jump_in(round);
        code.insert(code.begin(), before.begin(), before.end());
        world.host.account(contract).code = code;
        ASSERT_NO_FATAL_FAILURE(expect_same_for_all_gas(world, call_message(30'000), random, 4)) << to_hex(code);
    }
}

// Each with operands that nobody knows before the run, at the edges of limbs, of shifts and of signs.
TEST_F(NativeTest, KnowsEveryInstructionOfWords) {
    const std::vector<Word> edges{Word{0},
                                  Word{1},
                                  Word{2},
                                  Word{31},
                                  Word{32},
                                  Word{63},
                                  Word{64},
                                  Word{255},
                                  Word{256},
                                  Word{1} << 64,
                                  Word{1} << 127,
                                  Word{1} << 128,
                                  ~Word{0},
                                  ~Word{1},
                                  Word{1} << 255,
                                  ~(Word{1} << 255),
                                  (Word{1} << 64) - Word{1}};
    for (int byte = 0x01; byte <= 0x1e; ++byte) {
        const OpcodeInfo& row = info(static_cast<std::uint8_t>(byte));
        if (!row.exists() || Opcode(byte) == Opcode::EXP) continue;
        std::string program;
        for (int i = row.stack_in; i-- > 0;)
            program += "PUSH1 " + to_hex(Bytes{static_cast<std::uint8_t>(32 * i)}) + " CALLDATALOAD ";
        const World world(program + std::string(row.name) + return_top, Fork::Osaka);
        for (const Word& a : edges)
            for (const Word& b : edges) {
                Message message = call_message();
                for (const Word& word : {a, b, edges[(a.low64() + b.low64()) % edges.size()]}) {
                    const auto bytes = to_big_endian(word);
                    message.input.insert(message.input.end(), bytes.begin(), bytes.end());
                }
                ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << row.name << ' ' << to_hex(a) << ' ' << to_hex(b);
            }
    }
}

TEST_F(NativeTest, FailsForTheReasonForWhichTheBytecodeFails) {
    const std::string costly = "PUSH2 0x4000 MLOAD POP ", cheap = "CALLER POP CALLER POP CALLER POP CALLER POP ";
    for (const std::string failure :
         {"PUSH1 0x40 PUSH0 PUSH0 RETURNDATACOPY", "PUSH1 0x01 PUSH0 SSTORE", "PUSH1 0x01 PUSH0 TSTORE", "PUSH0 PUSH0 LOG0",
          "PUSH0 PUSH0 PUSH0 LOG1", "PUSH0 PUSH0 PUSH0 PUSH0 LOG2", "INVALID", "PUSH0 JUMP", "PUSH0 SELFDESTRUCT", "POP POP",
          "PUSH1 0x01 PUSH0 JUMPI", "PUSH0 MLOAD JUMP", "PUSH0 PUSH0 PUSH0 CREATE", "0x0c", "PUSH0 MLOAD PUSH0 JUMPI",
          "PUSH0 PUSH0 PUSH0 PUSH0 PUSH1 0x01 PUSH0 PUSH0 CALL"}) {
        const World world(cheap + costly + failure + " " + cheap + costly + cheap);
        for (const bool is_static : {false, true})
            for (std::int64_t gas = 0; gas < 6'000; ++gas) {
                Message message = call_message(gas);
                message.is_static = is_static;
                ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << failure << " with " << gas;
            }
    }
}

TEST_F(NativeTest, RunsWhereItIsWanted) {
    World world("PUSH1 0x02 PUSH1 0x03 ADD" + return_top);
    static_cast<void>(run_as_bytecode(world, call_message()));
    EXPECT_EQ(world.host.code(contract)->native_code(world.fork), nullptr);
    static_cast<void>(run_native(world, call_message()));
    ASSERT_NE(world.host.code(contract)->native_code(world.fork), nullptr);
    EXPECT_TRUE(world.host.code(contract)->native_code(world.fork)->runs());
}

TEST_F(NativeTest, MayEndInTheMiddleOfAPush) {
    for (const std::string program : {"PUSH1 0x02 PUSH4 0x01", "PUSH32", "PUSH1 0x01 PUSH1 0x06 JUMPI JUMPDEST PUSH2"})
        expect_same_for(program, 0, 40);
}

TEST_F(NativeTest, SeesTheExactGasInsideABlock) {
    expect_same_for(
        "PUSH1 0x01 GAS ADD GAS MSIZE ADD SWAP1 GAS ADD ADD PUSH1 0x80 MLOAD ADD GAS ADD PUSH0 SSTORE GAS PUSH1 0x01 SSTORE "
        "GAS" +
            return_top,
        0, 3'000);
}

TEST_F(NativeTest, RefusesToStoreUnderTheStipend) {
    expect_same_for("PUSH1 0x01 PUSH0 SSTORE PUSH1 0x07 DUP1 MUL DUP1 MUL DUP1 MUL PUSH1 0x01 SSTORE", 2'250, 2'450);
}

TEST_F(NativeTest, ReturnsFromFunctionsToEachCaller) {
    // Two calls of one function of the source, at different heights, and a jump that cannot be foreseen.
    const std::string program =
        "PUSH1 0x07 PUSH1 0x0a PUSH1 0x05 PUSH1 0x1f JUMP JUMPDEST "    // returns to 0x0a
        "PUSH1 0x13 PUSH1 0x06 PUSH1 0x1f JUMP STOP JUMPDEST ADD ADD "  // returns to 0x13
        "PUSH0 MSTORE PUSH1 0x20 PUSH0 RETURN JUMPDEST DUP1 MUL SWAP1 JUMP";
    expect_same_for(program, 0, 200);
    expect_same_for("PUSH1 0x08 PUSH0 MSTORE PUSH0 MLOAD JUMP JUMPDEST GAS" + return_top, 0, 100);
}

TEST_F(NativeTest, RunsFunctionsThatCallThemselvesAtAnyHeight) {
    // The sum of the numbers up to the one in the call data; two words of the stack for each.
    const std::string program = "PUSH1 0x08 PUSH0 CALLDATALOAD PUSH1 0x11 JUMP STOP JUMPDEST" + return_top +
                                " JUMPDEST DUP1 PUSH1 0x18 JUMPI SWAP1 JUMP "                     // 0x11: nothing for zero
                                "JUMPDEST PUSH1 0x23 DUP2 PUSH1 0x01 SWAP1 SUB PUSH1 0x11 JUMP "  // 0x18: of one less first
                                "JUMPDEST ADD SWAP1 JUMP";                                        // 0x23
    const World world(program);
    EXPECT_TRUE(compile_native(Code(assemble(program)), Fork::Cancun)->runs());
    for (const std::uint64_t number : {0, 1, 2, 100, 509, 510, 511, 512, 600}) {
        Message message = call_message(1'000'000);
        const auto word = to_big_endian(Word{number});
        message.input.assign(word.begin(), word.end());
        ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << number;
        World again = world;
        const Outcome outcome = run_native(again, message);
        if (number < 500) {
            EXPECT_EQ(word_of(outcome), Word{number * (number + 1) / 2});
        } else if (number > 520) {
            EXPECT_EQ(outcome.status, Status::StackOverflow);
        }
    }
}

TEST_F(NativeTest, GoesOnAsBytecodeWhereAJumpLeadsWhereNothingWasPushedFor) {
    // From 0x04 to what stands in the call data: a destination that is computed, none, and one beyond all numbers.
    const World world("PUSH0 CALLDATALOAD PUSH1 0x01 ADD JUMP JUMPDEST GAS" + return_top);
    for (const Word& number : {Word{4}, Word{5}, Word{6}, Word{7}, Word{1000}, Word{1} << 64, (Word{1} << 64) + Word{5}}) {
        Message message = call_message(0);
        const auto word = to_big_endian(number);
        message.input.assign(word.begin(), word.end());
        for (std::int64_t gas = 0; gas < 60; ++gas) {
            message.gas = {gas};
            ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << to_hex(word) << " with " << gas;
        }
    }
}

TEST_F(NativeTest, CallsInALoop) {
    World world("PUSH1 0x20 JUMPDEST PUSH1 0x20 PUSH0 PUSH0 PUSH0 PUSH0 " + push(other) +
                "GAS CALL POP PUSH0 MLOAD PUSH1 0x40 MLOAD ADD PUSH1 0x40 MSTORE PUSH1 0x01 SWAP1 SUB DUP1 PUSH1 0x02 "
                "JUMPI PUSH1 0x40 MLOAD" +
                return_top);
    world.deploy(other, "PUSH0 SLOAD PUSH1 0x01 ADD DUP1 PUSH0 SSTORE" + return_top);
    std::mt19937_64 random(3);
    expect_same_for_all_gas(world, call_message(1'000'000), random, 100);
    EXPECT_EQ(word_of(run_native(world, call_message())), Word{32 * 33 / 2});
}

TEST_F(NativeTest, UsesTheStackToItsLastWord) {
    for (const int words : {1023, 1024, 1025}) {
        std::string program = "PUSH1 0x01 ";
        for (int i = 1; i < words; ++i) program += "DUP1 ";
        for (int i = 1; i < words; ++i) program += "ADD ";
        const World world(program + return_top);
        ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(100'000))) << words;
    }
    expect_same_for("PUSH0 JUMPDEST CALLER DUP1 DUP1 ADDRESS CALLVALUE DUP3 DUP3 PUSH1 0x01 JUMP", 0, 50);
}

// --- what is not compiled, because it would take half a minute ---

Bytes repeated(const std::string& beginning, const std::string& body, std::size_t times) {
    Bytes code = Generator::unforeseen_jump();
    for (const Bytes& more : {assemble(beginning), assemble(body)}) code.insert(code.end(), more.begin(), more.end());
    const Bytes once = assemble(body);
    for (std::size_t i = 1; i < times; ++i) code.insert(code.end(), once.begin(), once.end());
    return code;
}

TEST_F(NativeTest, IsNotMadeOfWhatWouldTakeTooLong) {
    const std::string two_words = "PUSH0 CALLDATALOAD PUSH1 0x20 CALLDATALOAD ";
    const auto runs = [](const Bytes& code) { return compile_native(Code(code), Fork::Cancun)->runs(); };
    EXPECT_TRUE(runs(repeated(two_words, "DUP1 MUL SWAP1", 100)));
    EXPECT_FALSE(runs(repeated(two_words, "DUP1 MUL SWAP1", 8'000)));  // wide multiplications, which are folded for ever
    EXPECT_TRUE(runs(repeated(two_words, "DUP1 MLOAD", 60)));
    EXPECT_FALSE(runs(repeated(two_words, "DUP1 MLOAD", 1'000)));  // a thousand words that live to the end
    EXPECT_FALSE(runs(repeated(two_words, "DUP1 MLOAD POP", 6'000)));
    EXPECT_FALSE(runs(repeated(two_words, "DUP2 DUP2 SHL SWAP1 POP", 5'000)));
    EXPECT_FALSE(runs(repeated(two_words, "JUMPDEST DUP1 PUSH1 0x0c JUMPI", 4'000)));
}

TEST_F(NativeTest, IsMadeOfLoopsThatFollowEachOtherWithoutLookingAtAllThatCameBefore) {
    Bytes code = Generator::unforeseen_jump();
    for (const std::uint8_t byte : assemble("PUSH1 0x00 CALLDATALOAD")) code.push_back(byte);
    for (int i = 0; i < 582; ++i) {  // each branches back to the end of the one before; the first, nowhere
        const std::size_t target = code.size() - 2;
        const auto high = static_cast<std::uint8_t>(target >> 8), low = static_cast<std::uint8_t>(target);
        const Bytes branch{0x80, 0x61, high, low, 0x57, 0x5b, 0x5b};
        code.insert(code.end(), branch.begin(), branch.end());
    }
    const std::clock_t begin = std::clock();
    EXPECT_TRUE(compile_native(Code(code), Fork::Cancun)->runs());
    EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 30);  // half a second; it was a hundred
}

// --- what the machine takes for native code ---

TEST_F(NativeTest, IsNotMadeOfDamagedObjects) {
    const Code code(assemble("PUSH1 0x02 PUSH1 0x03 ADD PUSH0 CALLDATALOAD DIV" + return_top));
    const Bytes compiled = compile_to_bytes(code, Fork::Cancun);
    ASSERT_TRUE(NativeCode(Fork::Cancun, compiled, code.size()).runs());
    for (std::size_t size = 0; size < compiled.size(); size += 7)
        EXPECT_FALSE(NativeCode(Fork::Cancun, ByteView(compiled).first(size), code.size()).runs()) << size;
    std::mt19937_64 random(5);
    for (int round = 0; round < 2'000; ++round) {  // whatever it is, reading it touches nothing else
        Bytes damaged = compiled;
        for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
        static_cast<void>(NativeCode(Fork::Cancun, damaged, code.size()));
    }
}

}  // namespace
}  // namespace interlock::vm::test
