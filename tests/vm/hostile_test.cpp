// Hostile bytecode: whatever the bytes are, a run ends, its gas only falls, and traced and plain runs agree.
#include <gtest/gtest.h>

#include <random>

#include "tests/vm/program.hpp"
#include "vm/tracer.hpp"

namespace interlock::vm::test {
namespace {

// Bytes that mostly do something: small pushes, then any defined opcode, now and then any byte at all.
Bytes random_program(std::mt19937_64& random) {
    Bytes code;
    const std::size_t length = 20 + random() % 300;
    while (code.size() < length) {
        switch (random() % 8) {
            case 0: code.push_back(static_cast<std::uint8_t>(random())); break;
            case 1: code.push_back(0x5b); break;
            case 2:
                code.insert(code.end(),
                            {0x61, static_cast<std::uint8_t>(random() % 2), static_cast<std::uint8_t>(random())});
                break;
            case 3:
                code.push_back(0x73);
                for (const std::uint8_t byte : (random() % 2 ? other : contract).bytes) code.push_back(byte);
                break;
            case 4: code.insert(code.end(), {0x60, static_cast<std::uint8_t>(random() % 64)}); break;
            case 5: code.push_back(static_cast<std::uint8_t>(0x80 + random() % 32)); break;
            case 6: code.push_back(static_cast<std::uint8_t>(0xf0 + random() % 6)); break;
            default: code.push_back(static_cast<std::uint8_t>(random() % 0x60)); break;
        }
    }
    return code;
}

class MonotoneGas : public Tracer {
  public:
    void on_instruction(const TracePoint& point) override {
        ASSERT_LE(point.stack.size(), 1024u);
        ASSERT_LE(point.depth, 1025u);
        ASSERT_GE(point.gas, Gas{0});
        ASSERT_GE(point.cost, Gas{0}) << info(point.opcode).name;
        ASSERT_EQ(point.memory_bytes % 32, 0u);
    }
};

class RandomPrograms : public testing::TestWithParam<Fork> {};

TEST_P(RandomPrograms, EndWithTheSameGasWhetherTheyAreTracedOrNot) {
    std::mt19937_64 random(0x1eaf + static_cast<std::uint64_t>(GetParam()));
    for (int round = 0; round < 150; ++round) {
        World plain("", GetParam());
        plain.host.account(contract).code = random_program(random);
        plain.host.account(other).code = random_program(random);
        World traced = plain;
        const Message message = call_message(60'000);

        MonotoneGas checker;
        Machine machine(traced.host, GetParam());
        machine.set_tracer(&checker);
        machine.start(message);
        const Outcome seen = machine.run().outcome, outcome = plain.run(message);
        ASSERT_GE(outcome.gas_left, Gas{0});
        ASSERT_LE(outcome.gas_left, message.gas);
        ASSERT_EQ(outcome.status, seen.status);
        ASSERT_EQ(outcome.gas_left, seen.gas_left);
        ASSERT_EQ(outcome.output, seen.output);
    }
}

INSTANTIATE_TEST_SUITE_P(Forks, RandomPrograms,
                         testing::Values(Fork::Frontier, Fork::Byzantium, Fork::Istanbul, Fork::Cancun, Fork::Osaka),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST(RandomAnswers, NeverBreakASuspendedMachine) {
    std::mt19937_64 random(77);
    for (int round = 0; round < 200; ++round) {
        World world;
        world.host.account(contract).code = random_program(random);
        world.host.account(other).code = random_program(random);
        Machine machine(world.host, Fork::Cancun);
        machine.set_strangers([](const Address& address) { return address == other; });
        machine.start(call_message(200'000));
        Stop step = machine.run();
        for (int steps = 0; step.kind != Stop::Done; ++steps, step = machine.run()) {
            if (random() % 3 == 0) {  // a detour that must leave no trace
                const Host::Checkpoint state = world.host.checkpoint();
                const auto snapshot = machine.snapshot();
                machine.resume({.revert = random() % 2 == 0, .output = Bytes(random() % 40), .gas_used = {}});
                static_cast<void>(machine.run());
                world.host.revert_to(state);
                machine.restore(*snapshot);
            }
            Message callback;
            callback.recipient = contract;
            callback.gas = {static_cast<std::int64_t>(random() % 50'000)};
            if (steps < 50 && random() % 2 == 0) machine.enter(callback);
            else
                machine.resume({.revert = random() % 4 == 0,
                                .output = Bytes(random() % 40),
                                .gas_used = {static_cast<std::int64_t>(random() % 100)}});
        }
        ASSERT_GE(step.outcome.gas_left, Gas{0});
    }
}

}  // namespace
}  // namespace interlock::vm::test
