// A transaction that stops at a stranger, and is taken back and continued another way: what the explorer lives on.

#include <gtest/gtest.h>

#include "chain/execution.hpp"
#include "tests/chain/people.hpp"

namespace interlock::chain {
namespace {

using testing::World;

// slot 0 := 1; pays its caller one wei; slot 0 := 2 + whether that succeeded
const Bytes pays_its_caller = vm::parse_hex(
                                  "60015f55"
                                  "5f5f5f5f6001335af1"
                                  "6002015f5500")
                                  .value();

class AtAStranger : public ::testing::Test {
  protected:
    AtAStranger() {
        world.state.set_code(world.shop, pays_its_caller);
        world.state.set_balance(world.shop, 10);
        world.state.keep_fingerprint(true);
        world.state.keep_history(true);
        run.machine().set_strangers([this](const Address& address) { return address == world.alice; });
        EXPECT_EQ(run.begin(world.call_of_shop()), TransactionRefusal::None);
        step = run.machine().run();
        EXPECT_EQ(step.kind, vm::Stop::Yield);
    }

    Receipt answer(bool revert) {
        run.machine().resume({revert, {}, {}});
        return run.finish(run.machine().run().outcome);
    }

    World world;
    Execution run{world.state};
    vm::Stop step;
};

TEST_F(AtAStranger, TheValueHasArrivedAndTheFrameIsOpen) {
    EXPECT_EQ(world.state.balance(world.shop), Word(9));
    EXPECT_EQ(world.state.load(world.shop, 0), Word(1));
    EXPECT_EQ(run.machine().open_strangers(), 1U);
}

TEST_F(AtAStranger, ARevertTakesTheValueBack) {
    EXPECT_TRUE(answer(true).ok());
    EXPECT_EQ(world.state.balance(world.shop), Word(10));
    EXPECT_EQ(world.state.load(world.shop, 0), Word(2));
}

TEST_F(AtAStranger, OneAnswerCanBeTakenBackAndAnotherGiven) {
    const auto suspended = run.machine().snapshot();
    const auto point = world.state.checkpoint();
    const Fingerprint before = world.state.fingerprint();

    const Receipt first = answer(false);
    const Fingerprint after = world.state.fingerprint();
    for (const bool revert : {true, false}) {
        world.state.rewind_to(point);
        run.machine().restore(*suspended);
        EXPECT_EQ(world.state.fingerprint(), before);
        const Receipt receipt = answer(revert);
        EXPECT_EQ(world.state.fingerprint(), world.state.rehash());
        EXPECT_EQ(world.state.fingerprint() == after, !revert);
        EXPECT_EQ(receipt.ok(), first.ok());
    }
}

TEST_F(AtAStranger, ACallbackRunsOnTopAndItsChangesStay) {
    vm::Message callback;
    callback.kind = vm::CallKind::Call;
    callback.recipient = callback.code_address = world.shop;
    run.machine().enter(callback);
    const vm::Stop inner = run.machine().run();
    ASSERT_EQ(inner.kind, vm::Stop::Yield);
    EXPECT_EQ(run.machine().open_strangers(), 2U);
    EXPECT_EQ(world.state.balance(world.shop), Word(8));
}

TEST_F(AtAStranger, WhatEndedFramesLeftInMemoryIsNotInTheFingerprint) {
    const auto suspended = run.machine().snapshot();
    const auto point = world.state.checkpoint();
    const auto fingerprint_inside = [&](const Bytes& input) {
        vm::Message callback;
        callback.recipient = callback.code_address = world.shop;
        callback.input = input;
        run.machine().enter(callback);
        EXPECT_EQ(run.machine().run().kind, vm::Stop::Yield);
        const std::uint64_t fingerprint = run.machine().fingerprint();
        world.state.rewind_to(point);
        run.machine().restore(*suspended);
        return fingerprint;
    };
    const std::uint64_t before = fingerprint_inside({1, 2, 3});
    EXPECT_NE(fingerprint_inside(Bytes(100, 0xff)), before);
    EXPECT_EQ(fingerprint_inside({1, 2, 3}), before);
}

TEST_F(AtAStranger, ARewindReachesIntoTheFrameThatReverted) {
    const Fingerprint inside = world.state.fingerprint();
    const auto point = world.state.checkpoint();
    run.machine().resume({true, {}, {}});  // the stranger's frame reverts, and everything in it
    (void)run.machine().run();
    world.state.rewind_to(point);
    EXPECT_EQ(world.state.fingerprint(), inside);
    EXPECT_EQ(world.state.balance(world.shop), Word(9));
}

}  // namespace
}  // namespace interlock::chain
