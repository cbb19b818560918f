// Somebody between callers and callees: who a call is from, what it is answered, and how its end is told.
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"
#include "vm/call_interceptor.hpp"

namespace interlock::vm::test {
namespace {

struct Interceptor final : CallInterceptor {
    std::function<std::optional<Reply>(Message&, ByteView)> begin = [](Message&, ByteView) { return std::nullopt; };
    std::function<void(const Message&, Outcome&)> end = [](const Message&, Outcome&) {};
    std::vector<std::string> seen;

    std::optional<Reply> on_call(Message& message, ByteView input) override {
        seen.push_back("call " + std::to_string(message.depth));
        return begin(message, input);
    }
    void on_end(const Message& message, Outcome& outcome) override {
        seen.push_back("end " + std::to_string(message.depth));
        end(message, outcome);
    }
};

const std::string no_output = "PUSH1 0x00 PUSH1 0x00 ";
// Calls the other contract with the byte 42 and 5 wei, and returns the flag.
const std::string calls_the_other = "PUSH1 0x2a PUSH1 0x00 MSTORE " + no_output + "PUSH1 0x01 PUSH1 0x1f PUSH1 0x05 " +
                                    push(other) + "GAS CALL" + return_top;
// The same, and returns the word that comes back.
const std::string asks_the_other =
    "PUSH1 0x20 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "GAS CALL POP PUSH1 0x00 MLOAD" + return_top;
const std::string stores_and_reverts = "PUSH1 0x01 PUSH1 0x00 SSTORE PUSH1 0x00 PUSH1 0x00 REVERT";
const std::string stores = "PUSH1 0x01 PUSH1 0x00 SSTORE STOP";

struct Intercepted : World {
    Machine machine;
    Interceptor interceptor;

    Intercepted(const std::string& program, const std::string& callee) : World(program), machine(host, fork) {
        deploy(other, callee);
        host.account(contract).balance = 0;
        machine.set_interceptor(&interceptor);
    }
    Outcome run() {
        machine.start(call_message());
        return machine.run().outcome;
    }
};

TEST(CallInterceptor, IsToldOfEveryCallAndItsEnd) {
    Intercepted world(asks_the_other, stores);
    EXPECT_TRUE(world.run().ok());
    EXPECT_EQ(world.interceptor.seen, (std::vector<std::string>{"call 0", "call 1", "end 1", "end 0"}));
}

TEST(CallInterceptor, SeesWhatIsSent) {
    Intercepted world(calls_the_other, stores);
    Bytes sent;
    world.interceptor.begin = [&](Message& message, ByteView input) -> std::optional<Reply> {
        if (message.depth == 1) sent.assign(input.begin(), input.end());
        return std::nullopt;
    };
    (void)world.run();
    EXPECT_EQ(sent, Bytes{42});
}

TEST(CallInterceptor, ChangesInWhoseNameACallIsMadeAndWhoPays) {
    Intercepted world(calls_the_other, "CALLER PUSH1 0x00 SSTORE STOP");
    world.interceptor.begin = [](Message& message, ByteView) -> std::optional<Reply> {
        if (message.depth == 1) message.sender = account(9);
        return std::nullopt;
    };
    EXPECT_EQ(word_from_big_endian(world.run().output), Word{0}) << "that one has nothing to give";
    world.host.account(account(9)).balance = 5;
    EXPECT_EQ(word_from_big_endian(world.run().output), Word{1});
    EXPECT_EQ(world.host.load(other, Word{0}), to_word(account(9)));
    EXPECT_EQ(world.host.balance(account(9)), Word{0});
    EXPECT_EQ(world.host.balance(other), Word{5});
}

TEST(CallInterceptor, AnswersInTheCalleesPlace) {
    Intercepted world(asks_the_other, stores);
    world.interceptor.begin = [](Message& message, ByteView) -> std::optional<Reply> {
        if (message.depth == 0) return std::nullopt;
        const auto word = to_big_endian(Word{77});
        return Reply{false, Bytes(word.begin(), word.end()), {}};
    };
    EXPECT_EQ(word_from_big_endian(world.run().output), Word{77});
    EXPECT_EQ(world.host.load(other, Word{0}), Word{0}) << "the callee did not run";
}

TEST(CallInterceptor, MakesASuccessOfAFailureThatStaysUndone) {
    Intercepted world(calls_the_other, stores_and_reverts);
    world.host.account(contract).balance = 5;
    world.interceptor.end = [](const Message& message, Outcome& outcome) {
        if (message.depth == 1) outcome.status = Status::Success;
    };
    EXPECT_EQ(word_from_big_endian(world.run().output), Word{1});
    EXPECT_EQ(world.host.load(other, Word{0}), Word{0});
    EXPECT_EQ(world.host.balance(contract), Word{5});
}

TEST(CallInterceptor, MakesAFailureOfASuccessAndUndoesIt) {
    Intercepted world(calls_the_other, stores);
    world.host.account(contract).balance = 5;
    world.interceptor.end = [](const Message& message, Outcome& outcome) {
        if (message.depth == 1) outcome.status = Status::Revert;
    };
    EXPECT_EQ(word_from_big_endian(world.run().output), Word{0});
    EXPECT_EQ(world.host.load(other, Word{0}), Word{0});
    EXPECT_EQ(world.host.balance(contract), Word{5});
}

TEST(CallInterceptor, IsToldOfCallsThatCannotStart) {
    Intercepted world(calls_the_other, stores);
    Status status = Status::Success;
    world.interceptor.end = [&](const Message& message, Outcome& outcome) {
        if (message.depth == 1) status = outcome.status;
    };
    (void)world.run();
    EXPECT_EQ(status, Status::InsufficientBalance);
}

// A creation of 24,577 zero bytes.
const std::string creates_much = "PUSH5 0x6160015ff3 PUSH1 0x00 MSTORE PUSH1 0x05 PUSH1 0x1b PUSH1 0x00 CREATE" + return_top;

TEST(CodeLimits, AreThoseOfTheForkUntilTheyAreLifted) {
    World world(creates_much);
    Machine machine(world.host, world.fork);
    Message message = call_message(100'000'000);
    machine.start(message);
    EXPECT_EQ(word_from_big_endian(machine.run().outcome.output), Word{0});
    machine.lift_code_limits();
    machine.start(message);
    const Outcome outcome = machine.run().outcome;
    const Address created = to_address(word_from_big_endian(outcome.output));
    EXPECT_EQ(world.host.code(created)->bytes().size(), 24'577u);
}

}  // namespace
}  // namespace interlock::vm::test
