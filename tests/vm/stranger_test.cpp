// Yields: the machine stops where a stranger is called, and is resumed, re-entered, copied and put back.
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

const std::string no_data = "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 ";

// Sends the stranger 7 wei and returns the call's flag plus what slot 0 holds afterwards times 256.
const std::string pays_the_stranger =
    no_data + "PUSH1 0x07 " + push(stranger) + "GAS CALL PUSH1 0x00 SLOAD PUSH2 0x0100 MUL ADD" + return_top;
// Counts its calls in slot 0 of the contract, so that each callback leaves a trace.
const std::string counts = "PUSH1 0x00 SLOAD PUSH1 0x01 ADD PUSH1 0x00 SSTORE ";

struct Session : World {
    Machine machine;

    explicit Session(const std::string& program) : World(program), machine(host, fork) {
        machine.set_strangers([](const Address& address) { return address == stranger; });
    }
    Stop start(const Message& message = call_message()) {
        machine.start(message);
        return machine.run();
    }
    Stop resume(const Reply& answer) {
        machine.resume(answer);
        return machine.run();
    }
    Stop enter(const Message& message) {
        machine.enter(message);
        return machine.run();
    }
    static Message callback(const Address& to = contract) {
        Message message;
        message.recipient = message.code_address = to;
        return message;
    }
};

TEST(Yield, TellsWhatTheStrangerWasSent) {
    Session session("PUSH1 0x2a PUSH1 0x00 MSTORE PUSH1 0x00 PUSH1 0x00 PUSH1 0x01 PUSH1 0x1f PUSH1 0x07 " + push(stranger) +
                    "PUSH2 0x1000 CALL");
    const Stop step = session.start();
    ASSERT_EQ(step.kind, Stop::Yield);
    EXPECT_EQ(step.message->sender, contract);
    EXPECT_EQ(step.message->recipient, stranger);
    EXPECT_EQ(step.message->value, Word{7});
    EXPECT_EQ(step.message->input, Bytes{42});
    EXPECT_EQ(step.message->depth, 1u);
    EXPECT_EQ(step.message->gas.units, 0x1000 + 2'300);
    EXPECT_EQ(session.machine.stranger_gas(), step.message->gas);
    EXPECT_EQ(session.machine.open_frames(), 2u);
    EXPECT_EQ(session.machine.open_strangers(), 1u);
}

TEST(Yield, HappensAfterTheTransfer) {
    Session session(pays_the_stranger);
    static_cast<void>(session.start());
    EXPECT_EQ(session.host.balance(stranger), Word{7});
    EXPECT_EQ(session.host.balance(contract), Word{993});
}

TEST(Yield, IsToldAgainUntilItIsAnswered) {
    Session session(pays_the_stranger);
    static_cast<void>(session.start());
    EXPECT_EQ(session.machine.run().kind, Stop::Yield);
}

TEST(Yield, ComesForDelegatedStrangersToo) {
    Session session(no_data + push(stranger) + "GAS DELEGATECALL");
    const Stop step = session.start();
    ASSERT_EQ(step.kind, Stop::Yield);
    EXPECT_EQ(step.message->kind, CallKind::DelegateCall);
    EXPECT_EQ(step.message->recipient, contract);
    EXPECT_EQ(step.message->code_address, stranger);
}

TEST(Yield, ComesAtOnceForAMessageToTheStranger) {
    Session session("STOP");
    Message message = call_message();
    message.recipient = message.code_address = stranger;
    message.value = 5;
    EXPECT_EQ(session.start(message).kind, Stop::Yield);
    EXPECT_EQ(session.host.balance(stranger), Word{5});
    const Stop done = session.resume({.revert = false, .output = {1, 2}, .gas_used = {100}});
    ASSERT_EQ(done.kind, Stop::Done);
    EXPECT_EQ(done.outcome.output, (Bytes{1, 2}));
    EXPECT_EQ(used(done.outcome), 100);
}

TEST(Yield, NeverComesInAnOrdinaryRun) {
    World world(pays_the_stranger);
    EXPECT_EQ(word_of(world.run()), Word{1});
}

TEST(Reply, GivesItsOutputToTheCaller) {
    Session session("PUSH1 0x20 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(stranger) +
                    "GAS CALL PUSH1 0x00 MLOAD RETURNDATASIZE ADD" + return_top);
    static_cast<void>(session.start());
    const std::array<std::uint8_t, 32> word = to_big_endian(Word{100});
    const Stop done = session.resume({.revert = false, .output = Bytes(word.begin(), word.end()), .gas_used = {}});
    EXPECT_EQ(word_of(done.outcome), Word{132});
}

TEST(Reply, UsesTheGasItSays) {
    const auto total = [](std::int64_t stranger_uses) {
        Session session(no_data + "PUSH1 0x00 " + push(stranger) + "PUSH2 0xffff CALL");
        static_cast<void>(session.start());
        return used(session.resume({.revert = false, .output = {}, .gas_used = {stranger_uses}}).outcome);
    };
    EXPECT_EQ(total(0), 21 + 2'600);
    EXPECT_EQ(total(1'234), 21 + 2'600 + 1'234);
}

TEST(Reply, ThatUsesMoreThanThereIsFails) {
    Session session(no_data + "PUSH1 0x07 " + push(stranger) + "PUSH2 0x1000 CALL" + return_top);
    static_cast<void>(session.start());
    const Stop done = session.resume({.revert = false, .output = {}, .gas_used = {0x1000 + 2'300 + 1}});
    EXPECT_EQ(word_of(done.outcome), Word{0});
    EXPECT_EQ(session.host.balance(stranger), Word{0});
}

TEST(Reply, ThatRevertsUndoesTheTransferAndEveryCallback) {
    Session session("CALLER " + push(sender) + "EQ PUSH1 0x24 JUMPI " + counts + "STOP JUMPDEST " + pays_the_stranger);
    ASSERT_EQ(session.start().kind, Stop::Yield);
    ASSERT_EQ(session.enter(Session::callback()).kind, Stop::Returned);
    EXPECT_EQ(session.host.load(contract, 0), Word{1});
    const Stop done = session.resume({.revert = true, .output = {9}, .gas_used = {}});
    ASSERT_EQ(done.kind, Stop::Done);
    EXPECT_EQ(word_of(done.outcome), Word{0});
    EXPECT_EQ(session.host.balance(contract), Word{1'000});
    EXPECT_EQ(session.host.load(contract, 0), Word{0});
}

TEST(Callback, ReportsItsOutcomeAndLeavesTheStrangerOpen) {
    Session session(pays_the_stranger);
    session.deploy(other, "CALLER" + return_top);
    static_cast<void>(session.start());
    const Stop returned = session.enter(Session::callback(other));
    ASSERT_EQ(returned.kind, Stop::Returned);
    EXPECT_EQ(word_of(returned.outcome), to_word(stranger));
    EXPECT_EQ(returned.message->recipient, stranger);
    EXPECT_EQ(session.machine.open_strangers(), 1u);
}

TEST(Callback, IsSeenByTheCallerThatGoesOn) {
    Session session(pays_the_stranger);
    session.deploy(other, no_data + push(contract) + "GAS DELEGATECALL");
    static_cast<void>(session.start());
    session.host.account(contract).code = assemble(counts);  // what callers find from now on
    ASSERT_EQ(session.enter(Session::callback()).kind, Stop::Returned);
    ASSERT_EQ(session.enter(Session::callback()).kind, Stop::Returned);
    const Stop done = session.resume({});
    EXPECT_EQ(word_of(done.outcome), Word{2 * 256 + 1});
}

TEST(Callback, TakesItsGasFromTheStranger) {
    Session session(pays_the_stranger);
    session.deploy(other, "PUSH1 0x00");
    static_cast<void>(session.start());
    const Gas before = session.machine.stranger_gas();
    Message message = Session::callback(other);
    message.gas = {10'000};
    EXPECT_EQ(session.enter(message).outcome.gas_left.units, 9'997);
    EXPECT_EQ(session.machine.stranger_gas(), before - Gas{3});
}

TEST(Callback, GetsAtMostAllButOne64th) {
    Session session(pays_the_stranger);
    session.deploy(other, "INVALID");
    static_cast<void>(session.start());
    const Gas before = session.machine.stranger_gas();
    static_cast<void>(session.enter(Session::callback(other)));
    EXPECT_EQ(session.machine.stranger_gas(), before - all_but_one_64th(before));
}

TEST(Callback, CannotGiveWhatTheStrangerLacks) {
    Session session(pays_the_stranger);
    static_cast<void>(session.start());
    const Gas before = session.machine.stranger_gas();
    Message message = Session::callback();
    message.value = 8;
    const Stop returned = session.enter(message);
    ASSERT_EQ(returned.kind, Stop::Returned);
    EXPECT_EQ(returned.outcome.status, Status::InsufficientBalance);
    EXPECT_EQ(session.machine.stranger_gas(), before);
}

TEST(Callback, MayOnlyBeStaticInAStaticFrame) {
    Session session(no_data + push(stranger) + "GAS STATICCALL");
    session.deploy(other, counts);
    session.host.account(stranger).balance = 10;
    static_cast<void>(session.start());
    EXPECT_EQ(session.enter(Session::callback(other)).outcome.status, Status::StaticViolation);
    Message message = Session::callback(other);
    message.value = 1;
    EXPECT_EQ(session.enter(message).outcome.status, Status::StaticViolation);
    EXPECT_EQ(session.host.balance(other), Word{0});
}

TEST(Callback, MayCreateAContract) {
    Session session(pays_the_stranger);
    static_cast<void>(session.start());
    Message message;
    message.kind = CallKind::Create;
    message.input = assemble("PUSH1 0x01 PUSH1 0x00 RETURN");
    const Stop returned = session.enter(message);
    ASSERT_EQ(returned.kind, Stop::Returned);
    ASSERT_TRUE(returned.outcome.ok());
    EXPECT_EQ(session.host.account(returned.outcome.created).code, Bytes{0});
    EXPECT_EQ(session.host.nonce(stranger), 1u);
}

TEST(Callback, NestsWhenTheContractCallsTheStrangerAgain) {
    Session session(pays_the_stranger);
    ASSERT_EQ(session.start().kind, Stop::Yield);
    for (std::size_t depth = 2; depth <= 50; ++depth) {
        const Stop step = session.enter(Session::callback());
        ASSERT_EQ(step.kind, Stop::Yield);
        EXPECT_EQ(session.machine.open_strangers(), depth);
        EXPECT_EQ(step.message->depth, 2 * depth - 1);
    }
    EXPECT_EQ(session.host.balance(stranger), Word{350});
    for (std::size_t depth = 49; depth >= 1; --depth) {
        const Stop step = session.resume({});
        ASSERT_EQ(step.kind, Stop::Returned);
        EXPECT_EQ(word_of(step.outcome), Word{1});
        EXPECT_EQ(session.machine.open_strangers(), depth);
    }
    EXPECT_EQ(session.resume({}).kind, Stop::Done);
    EXPECT_EQ(session.machine.open_frames(), 0u);
}

TEST(Callback, EndsAtDepth1024) {
    Session session(no_data + "PUSH1 0x00 " + push(stranger) + "GAS CALL");
    ASSERT_EQ(session.start(call_message(std::int64_t{1} << 50)).kind, Stop::Yield);
    std::size_t strangers = 1;
    Stop step = session.enter(Session::callback());
    for (; step.kind == Stop::Yield; step = session.enter(Session::callback())) ++strangers;
    // The contract sits at even depths, the stranger at odd ones; at 1024 the contract's call is refused.
    EXPECT_EQ(strangers, 512u);
    EXPECT_EQ(step.kind, Stop::Returned);
    EXPECT_TRUE(step.outcome.ok());
}

TEST(Callback, OfAStrangerToAStrangerYieldsAgain) {
    Session session(pays_the_stranger);
    session.machine.set_strangers([](const Address& address) { return address == stranger || address == other; });
    ASSERT_EQ(session.start().kind, Stop::Yield);
    Message message = Session::callback(other);
    message.value = 2;
    const Stop inner = session.enter(message);
    ASSERT_EQ(inner.kind, Stop::Yield);
    EXPECT_EQ(inner.message->sender, stranger);
    EXPECT_EQ(session.host.balance(other), Word{2});
    const Stop back = session.resume({.revert = false, .output = {5}, .gas_used = {}});
    ASSERT_EQ(back.kind, Stop::Returned);
    EXPECT_EQ(back.outcome.output, Bytes{5});
    EXPECT_EQ(session.resume({}).kind, Stop::Done);
}

TEST(Callback, KeepsTheMemoryAndStackOfTheFramesBelow) {
    Session session(push(Word{0x77}) + "PUSH1 0x40 MSTORE PUSH1 0x33 " + no_data + "PUSH1 0x00 " + push(stranger) +
                    "GAS CALL ADD PUSH1 0x40 MLOAD ADD" + return_top);
    session.deploy(other, push(~Word{}) + "PUSH2 0x1000 MSTORE" + return_top);
    static_cast<void>(session.start());
    static_cast<void>(session.enter(Session::callback(other)));
    EXPECT_EQ(word_of(session.resume({}).outcome), Word{0x77 + 0x33 + 1});
}

TEST(Snapshot, BringsBackTheSameYieldAnyNumberOfTimes) {
    Session session(pays_the_stranger);
    static_cast<void>(session.start());
    const Host::Checkpoint state = session.host.checkpoint();
    const auto snapshot = session.machine.snapshot();
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(session.enter(Session::callback()).kind, Stop::Yield);
        static_cast<void>(session.resume({}));
        EXPECT_EQ(session.host.balance(stranger), Word{14});
        EXPECT_EQ(word_of(session.resume({}).outcome), Word{1});
        session.host.revert_to(state);
        session.machine.restore(*snapshot);
        const Stop again = session.machine.run();
        ASSERT_EQ(again.kind, Stop::Yield);
        EXPECT_EQ(again.message->value, Word{7});
        EXPECT_EQ(session.host.balance(stranger), Word{7});
    }
}

TEST(Snapshot, LetsEachBranchHaveItsOwnAnswer) {
    Session session(pays_the_stranger);
    static_cast<void>(session.start());
    const Host::Checkpoint state = session.host.checkpoint();
    const auto snapshot = session.machine.snapshot();
    EXPECT_EQ(word_of(session.resume({.revert = true, .output = {}, .gas_used = {}}).outcome), Word{0});
    session.host.revert_to(state);
    session.machine.restore(*snapshot);
    EXPECT_EQ(word_of(session.resume({}).outcome), Word{1});
}

TEST(Snapshot, HoldsStacksAndMemoryOfNestedFrames) {
    const std::string program = push(Word{0x77}) + "PUSH1 0x40 MSTORE PUSH1 0x33 " + no_data + "PUSH1 0x00 " +
                                push(stranger) + "GAS CALL ADD PUSH1 0x40 MLOAD ADD" + return_top;
    Session session(program);
    static_cast<void>(session.start());
    static_cast<void>(session.enter(Session::callback()));
    const auto nested = session.machine.snapshot();
    static_cast<void>(session.resume({}));
    static_cast<void>(session.resume({}));
    session.machine.start(call_message(100));  // something else in between
    static_cast<void>(session.machine.run());

    session.machine.restore(*nested);
    EXPECT_EQ(session.machine.open_strangers(), 2u);
    EXPECT_EQ(word_of(session.resume({}).outcome), Word{0x77 + 0x33 + 1});
    EXPECT_EQ(word_of(session.resume({}).outcome), Word{0x77 + 0x33 + 1});
}

TEST(Snapshot, OfAReturnedCallbackStillHasItsOutcome) {
    Session session(pays_the_stranger);
    session.deploy(other, "PUSH1 0x2a" + return_top);
    static_cast<void>(session.start());
    static_cast<void>(session.enter(Session::callback(other)));
    const auto snapshot = session.machine.snapshot();
    static_cast<void>(session.resume({}));
    session.machine.restore(*snapshot);
    const Stop step = session.machine.run();
    ASSERT_EQ(step.kind, Stop::Returned);
    EXPECT_EQ(word_of(step.outcome), Word{42});
}

TEST(Mark, BringsBackTheYieldOverCallsThatWereMadeSince) {
    Session session(pays_the_stranger);
    session.deploy(other, no_data + "PUSH1 0x00 " + push(stranger) + "GAS CALL PUSH1 0x2a" + return_top);
    static_cast<void>(session.start());
    const auto mark = session.machine.mark();
    const Gas gas = session.machine.stranger_gas();
    const std::uint64_t fingerprint = session.machine.fingerprint();
    for (int round = 0; round < 3; ++round) {
        ASSERT_EQ(session.enter(Session::callback(other)).kind, Stop::Yield);  // which stays open the first time
        EXPECT_TRUE(round == 0 || session.resume({}).kind == Stop::Returned);
        EXPECT_NE(session.machine.fingerprint(), fingerprint);
        EXPECT_LT(session.machine.stranger_gas(), gas);
        session.machine.go_back(mark);
        EXPECT_EQ(session.machine.run().kind, Stop::Yield);
        EXPECT_EQ(session.machine.fingerprint(), fingerprint);
        EXPECT_EQ(session.machine.stranger_gas(), gas);
        EXPECT_EQ(session.machine.open_frames(), 2u);
    }
    EXPECT_EQ(word_of(session.resume({}).outcome), Word{1});
}

TEST(Mark, OfAReturnedCallHasItsOutcomeAgain) {
    Session session(pays_the_stranger);
    session.deploy(other, "PUSH1 0x2a" + return_top);
    static_cast<void>(session.start());
    static_cast<void>(session.enter(Session::callback(other)));
    const auto mark = session.machine.mark();
    const std::uint64_t fingerprint = session.machine.fingerprint();
    const auto suspended = session.machine.snapshot();
    static_cast<void>(session.resume({}));  // after which only the snapshot has the frames
    session.machine.restore(*suspended);
    session.machine.go_back(mark);
    const Stop step = session.machine.run();
    ASSERT_EQ(step.kind, Stop::Returned);
    EXPECT_EQ(word_of(step.outcome), Word{42});
    EXPECT_EQ(session.machine.fingerprint(), fingerprint);
}

TEST(Fingerprint, OfASuspendedMachineIsTheSameWhereverItWasAskedForBefore) {
    const auto at_the_second_yield = [](bool asks_before) {
        Session session(pays_the_stranger);
        static_cast<void>(session.start());
        if (asks_before) static_cast<void>(session.machine.fingerprint());
        static_cast<void>(session.enter(Session::callback()));
        return session.machine.fingerprint();
    };
    EXPECT_EQ(at_the_second_yield(true), at_the_second_yield(false));
}

TEST(Refund, TravelsThroughAStranger) {
    Session session(no_data + "PUSH1 0x00 " + push(stranger) + "GAS CALL");
    session.deploy(other, "PUSH1 0x00 PUSH1 0x00 SSTORE");
    session.host.set_original(other, 0, 1);
    for (const bool revert : {false, true}) {
        static_cast<void>(session.start());
        static_cast<void>(session.enter(Session::callback(other)));
        EXPECT_EQ(session.resume({.revert = revert, .output = {}, .gas_used = {}}).outcome.gas_refund,
                  Gas{revert ? 0 : 4'800});
        session.host.set_original(other, 0, 1);
    }
}

TEST(Refund, OfAnEarlierCallbackIsNotBroughtBackByOneThatIsRefused) {
    Session session(no_data + "PUSH1 0x00 " + push(stranger) + "GAS CALL POP " + no_data + push(stranger) +
                    "GAS STATICCALL");
    session.deploy(other, "PUSH1 0x00 PUSH1 0x00 SSTORE");
    session.host.set_original(other, 0, 1);
    static_cast<void>(session.start());
    static_cast<void>(session.enter(Session::callback(other)));
    static_cast<void>(session.resume({}));
    Message message = Session::callback(other);
    message.value = 1;
    EXPECT_EQ(session.enter(message).outcome.status, Status::StaticViolation);
    EXPECT_EQ(session.resume({}).outcome.gas_refund, Gas{4'800});
}

}  // namespace
}  // namespace interlock::vm::test
