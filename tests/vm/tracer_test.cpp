#include "vm/tracer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

std::string trace(World& world, const Message& message = call_message()) {
    std::ostringstream lines;
    JsonLinesTracer tracer(lines);
    Machine machine(world.host, world.fork);
    machine.set_tracer(&tracer);
    machine.start(message);
    static_cast<void>(machine.run());
    return lines.str();
}

TEST(JsonLines, TellEveryInstructionWithWhatItFoundAndTook) {
    World world("PUSH1 0x40 DUP1 MSTORE8 PUSH1 0x00 PUSH1 0x00 RETURN");
    EXPECT_EQ(
        trace(world),
        R"({"pc":0,"op":96,"gas":"0xf4240","gasCost":"0x3","stack":[],"depth":1,"returnData":"0x","refund":"0x0","memSize":0,"opName":"PUSH1"}
{"pc":2,"op":128,"gas":"0xf423d","gasCost":"0x3","stack":["0x40"],"depth":1,"returnData":"0x","refund":"0x0","memSize":0,"opName":"DUP1"}
{"pc":3,"op":83,"gas":"0xf423a","gasCost":"0xc","stack":["0x40","0x40"],"depth":1,"returnData":"0x","refund":"0x0","memSize":0,"opName":"MSTORE8"}
{"pc":4,"op":96,"gas":"0xf422e","gasCost":"0x3","stack":[],"depth":1,"returnData":"0x","refund":"0x0","memSize":96,"opName":"PUSH1"}
{"pc":6,"op":96,"gas":"0xf422b","gasCost":"0x3","stack":["0x0"],"depth":1,"returnData":"0x","refund":"0x0","memSize":96,"opName":"PUSH1"}
{"pc":8,"op":243,"gas":"0xf4228","gasCost":"0x0","stack":["0x0","0x0"],"depth":1,"returnData":"0x","refund":"0x0","memSize":96,"opName":"RETURN"}
{"output":"0x","gasUsed":"0x18","pass":true}
)");
}

TEST(JsonLines, TellACallsWholePriceBeforeTheCalleesInstructions) {
    World world("PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "PUSH1 0x64 STATICCALL");
    world.deploy(other, "GAS POP");
    const std::string lines = trace(world);
    const auto call = lines.find(R"("gasCost":"0xa8c")"),
               callee = lines.find(R"("pc":0,"op":90,"gas":"0x64","gasCost":"0x2","stack":[],"depth":2)");
    EXPECT_NE(call, std::string::npos) << lines;
    EXPECT_NE(callee, std::string::npos) << lines;
    EXPECT_LT(call, callee);
}

TEST(JsonLines, NameTheReasonOfAFailure) {
    World world("ADD");
    EXPECT_EQ(
        trace(world),
        R"({"pc":0,"op":1,"gas":"0xf4240","gasCost":"0x0","stack":[],"depth":1,"returnData":"0x","refund":"0x0","memSize":0,"opName":"ADD"}
{"output":"0x","gasUsed":"0xf4240","pass":false,"error":"stack underflow"}
)");
}

TEST(JsonLines, CountTheRefundOfAllOpenFrames) {
    World world("PUSH1 0x00 PUSH1 0x00 SSTORE PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) +
                "GAS STATICCALL");
    world.host.set_original(contract, 0, 1);
    world.deploy(other, "JUMPDEST");
    EXPECT_NE(trace(world).find(R"("depth":2,"returnData":"0x","refund":"0x12c0","memSize":0,"opName":"JUMPDEST")"),
              std::string::npos);
}

class Recorder : public Tracer {
  public:
    std::vector<std::string> events;
    Gas cost;  // of all instructions
    std::vector<std::vector<Word>> stacks;
    bool memory_wanted = false, cost_wanted = true;
    OpcodeSet opcodes = OpcodeSet{}.set();
    [[nodiscard]] OpcodeSet wanted() const override { return opcodes; }
    [[nodiscard]] bool wants_memory() const override { return memory_wanted; }
    [[nodiscard]] bool wants_cost() const override { return cost_wanted; }
    void on_enter(const Message& message) override { events.push_back("enter " + std::to_string(message.depth)); }
    void on_instruction(const TracePoint& point) override {
        events.push_back(std::string(info(point.opcode).name) +
                         (memory_wanted ? " " + std::to_string(point.memory.size()) : ""));
        cost += point.cost;
        stacks.emplace_back(point.stack.begin(), point.stack.end());
    }
    void on_exit(const Message& message, const Outcome& outcome) override {
        events.push_back("exit " + std::to_string(message.depth) + " " + std::string(name_of(outcome.status)));
    }
};

TEST(Tracer, SeesFramesOpenAndCloseAroundTheirInstructions) {
    World world("PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "GAS STATICCALL STOP");
    world.deploy(other, "INVALID");
    Recorder recorder;
    Machine machine(world.host, Fork::Cancun);
    machine.set_tracer(&recorder);
    machine.start(call_message());
    static_cast<void>(machine.run());
    EXPECT_THAT(recorder.events,
                testing::ElementsAre("enter 0", "PUSH1", "PUSH1", "PUSH1", "PUSH1", "PUSH20", "GAS", "STATICCALL", "enter 1",
                                     "INVALID", "exit 1 invalid instruction", "STOP", "exit 0 success"));
}

TEST(Tracer, GetsTheMemoryAsTheInstructionFoundItWhenItWantsIt) {
    World world("PUSH1 0x00 PUSH1 0x00 MSTORE STOP");
    Recorder recorder;
    recorder.memory_wanted = true;
    Machine machine(world.host, Fork::Cancun);
    machine.set_tracer(&recorder);
    machine.start(call_message());
    static_cast<void>(machine.run());
    EXPECT_THAT(recorder.events,
                testing::ElementsAre("enter 0", "PUSH1 0", "PUSH1 0", "MSTORE 0", "STOP 32", "exit 0 success"));
}

TEST(Tracer, IsToldOnlyOfTheInstructionsThatItWants) {
    World world("PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "GAS STATICCALL STOP");
    world.deploy(other, "GAS STOP");
    Recorder recorder;
    recorder.opcodes = OpcodeSet{}.set(static_cast<std::size_t>(Opcode::GAS));
    Machine machine(world.host, Fork::Cancun);
    machine.set_tracer(&recorder);
    machine.start(call_message());
    static_cast<void>(machine.run());
    EXPECT_THAT(recorder.events,
                testing::ElementsAre("enter 0", "GAS", "enter 1", "GAS", "exit 1 success", "exit 0 success"));
}

TEST(Tracer, SeesTheSameWithoutTheCost) {
    World world("PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "GAS STATICCALL ADD ADD");
    world.deploy(other, "GAS POP INVALID");
    OpcodeSet some;
    for (const Opcode opcode : {Opcode::GAS, Opcode::STATICCALL, Opcode::ADD, Opcode::INVALID})
        some.set(static_cast<std::size_t>(opcode));
    for (const OpcodeSet& opcodes : {OpcodeSet{}.set(), some}) {
        Recorder with, without;
        with.opcodes = without.opcodes = opcodes;
        without.cost_wanted = false;
        Machine machine(world.host, Fork::Cancun);
        for (Recorder* recorder : {&with, &without}) {
            machine.set_tracer(recorder);
            machine.start(call_message());
            static_cast<void>(machine.run());
        }
        EXPECT_EQ(without.events, with.events);
        EXPECT_EQ(without.stacks, with.stacks);
        EXPECT_GT(with.cost, Gas{0});
        EXPECT_EQ(without.cost, Gas{0});
    }
}

TEST(Tracer, ChangesNothingThatItWatches) {
    World plain("PUSH1 0x2a PUSH1 0x00 SSTORE PUSH1 0x00 SLOAD" + return_top), traced = plain;
    Recorder recorder;
    Machine machine(traced.host, Fork::Cancun);
    machine.set_tracer(&recorder);
    machine.start(call_message());
    const Outcome outcome = machine.run().outcome, expected = plain.run();
    EXPECT_EQ(outcome.gas_left, expected.gas_left);
    EXPECT_EQ(outcome.output, expected.output);
}

}  // namespace
}  // namespace interlock::vm::test
