// Translated code and bytecode are the same program: whatever it is, both runs end alike, to the last unit of gas.
#include <gtest/gtest.h>

#include <thread>

#include "tests/vm/random_program.hpp"
#include "vm/translator/stack_slots.hpp"
#include "vm/translator/tiering.hpp"

namespace interlock::vm::test {
namespace {

// How code is run until the scope ends.
class With {
  public:
    explicit With(Tiering tiering) { set_tiering(tiering); }
    ~With() { set_tiering(Tiering::Adaptive); }
    With(const With&) = delete;
    With& operator=(const With&) = delete;
};

Outcome run(World& world, const Message& message, Tiering tiering) {
    const With with(tiering);
    return world.run(message);
}

void expect_same(const World& world, const Message& message) {
    World plain = world, translated = world;
    const Outcome expected = run(plain, message, Tiering::Never);
    const Outcome actual = run(translated, message, Tiering::Always);
    ASSERT_EQ(actual.status, expected.status) << name_of(expected.status) << " became " << name_of(actual.status);
    ASSERT_EQ(actual.gas_left.units, expected.gas_left.units);
    ASSERT_EQ(actual.gas_refund.units, expected.gas_refund.units);
    ASSERT_EQ(to_hex(actual.output), to_hex(expected.output));
    ASSERT_TRUE(translated.host.state == plain.host.state);
    ASSERT_EQ(blocks_given_up(), 0u);
}

// Also with exactly the gas that it needs, one unit less, and a part of it.
void expect_same_for_all_gas(const World& world, std::int64_t gas, std::mt19937_64& random) {
    ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(gas)));
    World copy = world;
    const std::int64_t all = used(run(copy, call_message(gas), Tiering::Never), gas);
    ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(all)));
    ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(std::max<std::int64_t>(all - 1, 0))));
    for (int i = 0; i < 4; ++i)
        ASSERT_NO_FATAL_FAILURE(
            expect_same(world, call_message(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(all + 1)))));
}

TEST(TranslatedCode, OfRandomProgramsEndsAsTheBytecodeDoes) {
    Generator generator(0x7ea5);
    std::mt19937_64 random(1);
    int successes = 0;
    for (int round = 0; round < 1500; ++round) {
        World world;
        world.host.account(contract).code = generator.program();
        world.host.account(other).nonce = 1;
        world.host.account(other).code = generator.program();
        ASSERT_NO_FATAL_FAILURE(expect_same_for_all_gas(world, 60'000, random))
            << "round " << round << ": " << to_hex(world.host.account(contract).code);
        World again = world;
        successes += run(again, call_message(60'000), Tiering::Always).ok();
    }
    EXPECT_GT(successes, 150);  // the programs are not all stillborn
}

TEST(TranslatedCode, ComputesWhatTheBytecodeComputes) {
    Generator generator(0xa21);
    for (int round = 0; round < 6000; ++round) {
        World world;
        world.host.account(contract).code = generator.arithmetic();
        for (int i = 0; i < 3; ++i) {
            Message message = call_message(100'000);
            message.input = generator.unknown_words();
            ASSERT_NO_FATAL_FAILURE(expect_same(world, message))
                << "round " << round << ": " << to_hex(world.host.account(contract).code) << " of " << to_hex(message.input);
        }
    }
}

TEST(TranslatedCode, PutsEveryWordWhereShufflesLeaveIt) {
    Generator generator(0x5a3);
    for (int round = 0; round < 3000; ++round) {
        World world;
        world.host.account(contract).code = generator.shuffle();
        ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(100'000)))
            << "round " << round << ": " << to_hex(world.host.account(contract).code);
    }
}

TEST(TranslatedCode, OfAnyBytesEndsAsTheBytecodeDoes) {
    std::mt19937_64 random(0xb17e5);
    for (int round = 0; round < 3000; ++round) {
        World world;
        Bytes code(random() % 300);
        for (std::uint8_t& byte : code)
            byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0x50 + random() % 0x40);
        world.host.account(contract).code = code;
        ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(30'000))) << to_hex(code);
    }
}

TEST(TranslatedCode, IsTheSameInEveryFork) {
    Generator generator(0xf0);
    std::mt19937_64 random(2);
    for (std::size_t fork = 0; fork < fork_count; ++fork)
        for (int round = 0; round < 60; ++round) {
            World world("", Fork(fork));
            world.host.account(contract).code = generator.program();
            world.host.account(other).code = generator.program();
            ASSERT_NO_FATAL_FAILURE(expect_same_for_all_gas(world, 50'000, random));
        }
}

// --- what was wrong once ---

void expect_same_for_call_data(const std::string& program, Fork fork = Fork::Cancun) {
    const World world(program, fork);
    for (const Word& word : {Word{0}, Word{10}, Word{1} << 64, ~Word{}})
        for (const std::int64_t gas : {100, 1'000, 100'000}) {
            Message message = call_message(gas);
            const auto bytes = to_big_endian(word);
            message.input.assign(bytes.begin(), bytes.end());
            ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << program;
        }
}

TEST(TranslatedCode, NeedNotComputeWhatMeetsAZero) {
    // What is left of a division of zero is zero, whatever divides it; so of what it is joined with by AND nothing is wanted.
    expect_same_for_call_data(
        "RETURNDATASIZE ADD SIGNEXTEND ADDRESS PUSH1 0x07 ADDRESS SMOD PUSH1 0x00 MOD AND OR XOR NOT SSTORE");
    expect_same_for_call_data(
        "RETURNDATASIZE ADD SIGNEXTEND ADDRESS PUSH1 0x07 ADDRESS SMOD PUSH1 0x00 MOD AND OR XOR NOT SSTORE PUSH1 0x00",
        Fork::Istanbul);
    for (const std::string zero : {"PUSH0 DIV", "PUSH0 MOD", "PUSH0 SDIV", "PUSH0 SWAP1 SHR", "PUSH0 SWAP1 SHL"})
        expect_same_for_call_data("ADDRESS PUSH0 CALLDATALOAD " + zero + " AND" + return_top);
}

TEST(TranslatedCode, CutsToALimbWhatIsSubtractedFromAConstant) {
    expect_same_for_call_data("PUSH8 0xffffffffffffffff PUSH0 CALLDATALOAD PUSH1 0x05 SUB AND" + return_top);
    expect_same_for_call_data("PUSH2 0xffff PUSH0 CALLDATALOAD PUSH5 0x0102030405 SUB AND" + return_top);
}

TEST(TranslatedCode, ComputesWithWhatAMaskLeavesNothingOf) {
    const std::string zero = "PUSH0 CALLDATALOAD PUSH1 0x64 SHL PUSH1 0xff AND ",
                      narrow = "PUSH0 CALLDATALOAD PUSH1 0xff AND ";
    expect_same_for_call_data(zero + "PUSH1 0x05 ADD MLOAD MSIZE" + return_top);
    expect_same_for_call_data(zero + "PUSH1 0x05 ADD PUSH1 0x07 SWAP1 MSTORE MSIZE" + return_top);
    for (const std::string opcode : {"DIV", "MOD", "SDIV", "ADD", "SUB", "MUL", "SHR", "SHL", "LT", "EXP", "BYTE"}) {
        expect_same_for_call_data(zero + narrow + opcode + return_top);
        expect_same_for_call_data(narrow + zero + opcode + return_top);
    }
}

TEST(TranslatedCode, FailsForTheReasonForWhichTheBytecodeFails) {
    const std::string costly = "PUSH2 0x4000 MLOAD POP ", cheap = "CALLER POP CALLER POP CALLER POP CALLER POP ";
    for (const std::string failure :
         {"PUSH1 0x40 PUSH0 PUSH0 RETURNDATACOPY", "PUSH1 0x01 PUSH0 SSTORE", "PUSH1 0x01 PUSH0 TSTORE", "PUSH0 PUSH0 LOG0",
          "PUSH0 PUSH0 PUSH0 LOG1", "PUSH0 PUSH0 PUSH0 PUSH0 LOG2", "INVALID", "PUSH0 JUMP", "PUSH0 SELFDESTRUCT",
          "PUSH1 0x01 PUSH0 JUMPI", "PUSH0 MLOAD JUMP", "PUSH0 PUSH0 PUSH0 CREATE",
          "PUSH0 PUSH0 PUSH0 PUSH0 PUSH1 0x01 PUSH0 PUSH0 CALL"}) {
        const World world(cheap + costly + failure + " " + cheap + costly + cheap);
        for (const bool is_static : {false, true})
            for (std::int64_t gas = 0; gas < 6'000; gas += 1) {
                Message message = call_message(gas);
                message.is_static = is_static;
                ASSERT_NO_FATAL_FAILURE(expect_same(world, message)) << failure << " with " << gas;
            }
    }
}

// --- edges ---

void expect_same_for(const std::string& program, std::int64_t from = 0, std::int64_t to = 300) {
    const World world(program);
    for (std::int64_t gas = from; gas <= to; ++gas)
        ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(gas))) << program << " with " << gas;
    ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(1'000'000))) << program;
}

TEST(TranslatedCode, MayEndInTheMiddleOfAPush) {
    expect_same_for("PUSH1 0x02 PUSH4 0x01");
    expect_same_for("PUSH32");
    expect_same_for("PUSH1 0x01 PUSH1 0x06 JUMPI JUMPDEST PUSH2");
}

TEST(TranslatedCode, RefusesToJumpIntoData) {
    expect_same_for("PUSH1 0x04 JUMP PUSH1 0x5b STOP");
    expect_same_for("PUSH1 0x01 PUSH1 0x06 JUMPI PUSH1 0x5b STOP");
    expect_same_for("PUSH0 MLOAD PUSH1 0x06 ADD JUMP PUSH1 0x5b STOP");
    expect_same_for("PUSH1 0x00 PUSH1 0x06 JUMPI PUSH1 0x5b STOP");
    expect_same_for("PUSH32 0x" + std::string(63, '0') + "5 JUMP");
    expect_same_for("PUSH9 0x010000000000000004 JUMP JUMPDEST");
}

TEST(TranslatedCode, DoesNotJumpToWhereACallReturns) {
    // The call's continuation is at 15, where no JUMPDEST is.
    const std::string call = "PUSH0 PUSH0 PUSH0 PUSH0 PUSH0 PUSH0 GAS CALL ";
    expect_same_for(call + "PUSH1 0x08 PUSH0 MLOAD ADD JUMP", 0, 100);
}

TEST(TranslatedCode, UsesTheStackToItsLastWord) {
    const auto repeated = [](const std::string& what, int times) {
        std::string all;
        for (int i = 0; i < times; ++i) all += what;
        return all;
    };
    for (const int words : {1022, 1023, 1024, 1025}) {
        World world("PUSH1 0x01 " + repeated("DUP1 ", words - 1) + repeated("ADD ", words - 1) + return_top);
        ASSERT_NO_FATAL_FAILURE(expect_same(world, call_message(100'000))) << words;
    }
    // Grows by seven words each time round, until there is no room.
    expect_same_for("PUSH0 JUMPDEST CALLER DUP1 DUP1 ADDRESS CALLVALUE DUP3 DUP3 PUSH1 0x01 JUMP", 0, 50);
    // Shrinks.
    World shrinking("PUSH1 0x01 " + repeated("DUP1 ", 1000) + "JUMPDEST ADD ADD SWAP1 POP PUSH2 0x03ea JUMP");
    ASSERT_NO_FATAL_FAILURE(expect_same(shrinking, call_message(100'000)));
}

TEST(TranslatedCode, SeesTheExactGasInsideABlock) {
    expect_same_for(
        "PUSH1 0x01 GAS ADD GAS MSIZE ADD SWAP1 GAS ADD ADD PUSH1 0x80 MLOAD ADD GAS ADD PUSH0 SSTORE GAS"
        " PUSH1 0x01 SSTORE GAS" +
            return_top,
        0, 3'000);
}

TEST(TranslatedCode, RefusesToStoreUnderTheStipend) {
    // The block goes on after the store, and has paid for that when it is made.
    expect_same_for("PUSH1 0x01 PUSH0 SSTORE PUSH1 0x07 DUP1 MUL DUP1 MUL DUP1 MUL PUSH1 0x01 SSTORE", 2'250, 2'450);
    World warm("PUSH1 0x01 PUSH0 SSTORE PUSH1 0x07 DUP1 MUL DUP1 MUL POP");
    warm.host.set_original(contract, 0, 1);
    warm.host.state.warm_slots.insert({contract, Word{0}.limbs});
    for (std::int64_t gas = 2'280; gas < 2'340; ++gas) ASSERT_NO_FATAL_FAILURE(expect_same(warm, call_message(gas))) << gas;
}

TEST(TranslatedCode, LeavesABlockInItsMiddleAsTheBytecodeDoes) {
    // Two checks that pass or fail with the call data, words in other places at each, and gas told after both.
    const std::string program =
        "PUSH1 0x11 PUSH1 0x22 CALLER PUSH1 0x20 CALLDATALOAD DUP1 PUSH0 CALLDATALOAD LT PUSH1 0x27 "
        "JUMPI SWAP2 GAS PUSH1 0x40 MLOAD ADD SWAP3 DUP3 PUSH1 0x20 CALLDATALOAD PUSH1 0x03 EQ ISZERO "
        "PUSH1 0x27 JUMPI POP DUP2 GAS ADD PUSH0 PUSH0 JUMPDEST GAS ADD ADD ADD PUSH1 0x01 SSTORE "
        "PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x00 RETURN";
    for (const unsigned first : {0, 1, 5})
        for (const unsigned second : {0, 1, 3}) {
            const World world(program);
            Message message = call_message();
            message.input = Bytes(64);
            message.input[31] = static_cast<std::uint8_t>(first);
            message.input[63] = static_cast<std::uint8_t>(second);
            for (message.gas = {0}; message.gas < Gas{260}; message.gas += Gas{1})
                ASSERT_NO_FATAL_FAILURE(expect_same(world, message))
                    << first << ' ' << second << " with " << message.gas.units;
            for (message.gas = {22'000}; message.gas < Gas{22'400}; message.gas += Gas{1})
                ASSERT_NO_FATAL_FAILURE(expect_same(world, message))
                    << first << ' ' << second << " with " << message.gas.units;
        }
}

TEST(TranslatedCode, CallsInALoop) {
    World world("PUSH1 0x20 JUMPDEST PUSH1 0x20 PUSH0 PUSH0 PUSH0 PUSH0 " + push(other) +
                "GAS CALL POP PUSH0 MLOAD PUSH1 0x40 MLOAD ADD PUSH1 0x40 MSTORE PUSH1 0x01 SWAP1 SUB DUP1 PUSH1 0x02 "
                "JUMPI PUSH1 0x40 MLOAD" +
                return_top);
    world.deploy(other, "PUSH0 SLOAD PUSH1 0x01 ADD DUP1 PUSH0 SSTORE" + return_top);
    std::mt19937_64 random(3);
    expect_same_for_all_gas(world, 1'000'000, random);
    World copy = world;
    EXPECT_EQ(word_of(run(copy, call_message(), Tiering::Always)), Word{32 * 33 / 2});
}

TEST(TranslatedCode, IsMadeWhileALoopRuns) {
    // 1 + 2 + ... + 4000; entered once, so that only the loop is a reason.
    World world("PUSH0 PUSH2 0x0fa0 JUMPDEST DUP1 SWAP2 ADD SWAP1 PUSH1 0x01 SWAP1 SUB DUP1 PUSH1 0x04 JUMPI POP" +
                return_top);
    const Outcome outcome = run(world, call_message(), Tiering::Adaptive);
    EXPECT_EQ(word_of(outcome), Word{8'002'000});
    const auto code = world.host.code(contract);
    EXPECT_NE(code->translation(Fork::Cancun), nullptr);
    EXPECT_EQ(code->translation(Fork::London), nullptr);
    expect_same(world, call_message());
}

TEST(TranslatedCode, IsNotMadeOfCodeThatRunsOnce) {
    World world("PUSH1 0x2a PUSH0 SSTORE PUSH1 0x2a" + return_top);
    static_cast<void>(run(world, call_message(), Tiering::Adaptive));
    EXPECT_EQ(world.host.code(contract)->translation(Fork::Cancun), nullptr);
}

TEST(TranslatedCode, IsMadeOfTheBlocksThatControlComesTo) {
    // Jumps to 5 when the call has data, else stops at 4.
    const auto code = analyse(assemble("CALLDATASIZE PUSH1 0x05 JUMPI STOP JUMPDEST CALLER PUSH0 SSTORE"));
    const With with(Tiering::Always);
    const Translation translation(*code, Fork::Cancun);
    static_cast<void>(translation.at(0));
    EXPECT_TRUE(translation.has(0));
    EXPECT_FALSE(translation.has(5));
    EXPECT_EQ(translation.jump(Word{5}), translation.at(5));
    EXPECT_TRUE(translation.has(5));
    EXPECT_EQ(translation.jump(Word{4}), nullptr);
}

TEST(TranslatedCode, ThatHasNotBeenEarnedRefusesToRun) {
    const auto code = analyse(assemble("CALLDATASIZE PUSH1 0x05 JUMPI STOP JUMPDEST CALLER PUSH0 SSTORE"));
    EXPECT_EQ(worthwhile_translation(*code, Fork::Cancun, 0), nullptr);
    code->add_hotness(Gas{1'000'000});
    const Translation* const translation = worthwhile_translation(*code, Fork::Cancun, 0);
    ASSERT_NE(translation, nullptr);
    static_cast<void>(translation->at(0));
    EXPECT_LT(code->hotness(), 1'000'000);
    code->add_hotness(Gas{-2'000'000});
    EXPECT_EQ(head_at(translation->at(5)).need, BlockHead::never);
    EXPECT_FALSE(translation->has(5));
    EXPECT_EQ(worthwhile_translation(*code, Fork::Cancun, 5), nullptr);
    EXPECT_EQ(worthwhile_translation(*code, Fork::Cancun, 0), translation);
}

TEST(TranslatedCode, IsMadeByManyThreadsAtOnce) {
    Generator generator(0x7412ead);
    for (int round = 0; round < 40; ++round) {
        World world;
        world.host.account(contract).code = generator.program();
        World plain = world;
        const Outcome expected = run(plain, call_message(60'000), Tiering::Never);
        const With with(Tiering::Always);
        const auto code = world.host.code(contract);  // one for all
        std::vector<std::thread> threads;
        std::array<std::int64_t, 4> gas_left{};
        for (std::int64_t& left : gas_left)
            threads.emplace_back([&world, &left] {
                World own = world;
                left = own.run(call_message(60'000)).gas_left.units;
            });
        for (std::thread& thread : threads) thread.join();
        for (const std::int64_t left : gas_left) ASSERT_EQ(left, expected.gas_left.units);
    }
}

// --- checks ---

TEST(StackSlots, RefuseEveryIndexThatIsNotTheirs) {
    StackSlots slots;
    slots.reset(-2);
    slots.put(7, -2);
    EXPECT_THROW(slots.remove(6), TranslatorFault);                // has no slot
    EXPECT_THROW(slots.put(8, -2), TranslatorFault);               // is taken
    EXPECT_THROW(slots.put(7, -1), TranslatorFault);               // has one already
    EXPECT_THROW(slots.put(8, -3), TranslatorFault);               // below the lowest
    EXPECT_THROW(slots.put(8, Core::max_stack), TranslatorFault);  // above every stack
    slots.remove(7);
    EXPECT_THROW(slots.remove(7), TranslatorFault);
    EXPECT_TRUE(slots.is_free(-2));
}

TEST(CheckedVector, HasNothingBehindItsEnd) {
    CheckedVector<int> items(3);
    EXPECT_EQ(items[2], 0);
    EXPECT_THROW(static_cast<void>(items[3]), TranslatorFault);
}

TEST(TranslatedCode, CountsInTheCodeCache) {
    CodeCache cache;
    const Bytes bytes = assemble("PUSH1 0x2a PUSH0 SSTORE");
    const auto code = cache.get(keccak256(bytes), bytes);
    const std::size_t before = cache.held_bytes();
    {
        const With with(Tiering::Always);
        static_cast<void>(worthwhile_translation(*code, Fork::Cancun, 0)->at(0));
    }
    static_cast<void>(cache.get(keccak256(bytes), bytes));
    EXPECT_GT(cache.held_bytes(), before + bytes.size());
}

// Suspends at each call of the stranger, and goes on from a snapshot; gives the fingerprints on the way.
std::vector<std::uint64_t> suspensions(World world, Tiering tiering, Outcome& outcome) {
    const With with(tiering);
    Machine machine(world.host, world.fork);
    machine.set_strangers([](const Address& address) { return address == stranger; });
    machine.start(call_message());
    std::vector<std::uint64_t> fingerprints;
    Stop step = machine.run();
    for (; step.kind == Stop::Yield; step = machine.run()) {
        fingerprints.push_back(machine.fingerprint());
        const auto snapshot = machine.snapshot();
        machine.resume({.output = Bytes(32, 9)});
        static_cast<void>(machine.run());
        machine.restore(*snapshot);
        machine.resume({.output = Bytes(32, static_cast<std::uint8_t>(fingerprints.size()))});
    }
    outcome = step.outcome;
    return fingerprints;
}

TEST(TranslatedCode, SuspendsAtStrangersAsTheBytecodeDoes) {
    const World world("PUSH1 0x05 PUSH0 JUMPDEST PUSH1 0x20 PUSH0 PUSH0 PUSH0 PUSH0 " + push(stranger) +
                      "PUSH2 0x1000 CALL POP PUSH0 MLOAD ADD SWAP1 PUSH1 0x01 SWAP1 SUB SWAP1 DUP2 PUSH1 0x03 JUMPI" +
                      return_top);
    Outcome plain, translated;
    const auto expected = suspensions(world, Tiering::Never, plain);
    EXPECT_EQ(expected.size(), 5u);
    EXPECT_EQ(suspensions(world, Tiering::Always, translated), expected);
    EXPECT_EQ(translated.gas_left, plain.gas_left);
    EXPECT_EQ(to_hex(translated.output), to_hex(plain.output));
}

}  // namespace
}  // namespace interlock::vm::test
