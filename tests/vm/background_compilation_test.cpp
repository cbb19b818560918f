// Native code is made in another process, which nobody waits for, and which may fail in any way.
#include <gtest/gtest.h>

#include <thread>

#include "tests/vm/program.hpp"
#include "vm/jit/compiler_process.hpp"
#include "vm/jit/native_code.hpp"
#include "vm/jit/tier.hpp"

namespace interlock::vm::test {
namespace {

using namespace std::chrono_literals;

// Adds the numbers up to the one in the call data.
const std::string sum =
    "PUSH0 PUSH0 CALLDATALOAD JUMPDEST DUP1 SWAP2 ADD SWAP1 PUSH1 0x01 SWAP1 SUB DUP1 PUSH1 0x03 JUMPI POP";

class BackgroundCompilation : public testing::Test {
  protected:
    void SetUp() override {
        if (CompilerProcess::program().empty()) GTEST_SKIP() << "libinterlock_jit.so was not built: LLVM 19 is not there";
        set_native_tier(NativeTier::Auto);
    }
    void TearDown() override { set_native_tier(NativeTier::Never); }

    Bytes compile(CompilerProcess& process, const std::string& program) {
        return process.compile(assemble(program), Fork::Cancun, std::stop_token());
    }
    static bool runs(const Bytes& compiled) { return NativeCode(Fork::Cancun, compiled, 100).runs(); }
};

Outcome add_up(World& world, std::uint64_t count) {
    Message message = call_message(10'000'000);
    const auto bytes = to_big_endian(Word{count});
    message.input.assign(bytes.begin(), bytes.end());
    return world.run(message);
}

TEST_F(BackgroundCompilation, MakesCodeNativeThatSpendsMuchGas) {
    World world(sum + return_top);
    const Outcome expected = add_up(world, 100'000);
    const std::shared_ptr<const Code> code = world.host.code(contract);
    EXPECT_EQ(code->native_code(world.fork), nullptr);
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (code->native_code(world.fork) == nullptr && std::chrono::steady_clock::now() < deadline)
        ASSERT_EQ(add_up(world, 100'000).gas_left.units, expected.gas_left.units);
    ASSERT_NE(code->native_code(world.fork), nullptr);
    EXPECT_TRUE(code->native_code(world.fork)->runs());
    const Outcome native = add_up(world, 100'000);
    EXPECT_EQ(native.gas_left.units, expected.gas_left.units);
    EXPECT_EQ(native.output, expected.output);
}

TEST_F(BackgroundCompilation, LeavesCodeAloneThatSpendsLittle) {
    World world(sum + return_top + " INVALID");  // code is known by its hash, and what it has spent
    for (int i = 0; i < 10; ++i) static_cast<void>(add_up(world, 100));
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(world.host.code(contract)->native_code(world.fork), nullptr);
}

TEST_F(BackgroundCompilation, GoesOnInAnotherProcessWhenOneTakesTooLong) {
    CompilerProcess hasty(CompilerProcess::program(), 0ms), patient(CompilerProcess::program(), 60s);
    EXPECT_TRUE(compile(hasty, sum + return_top).empty());
    EXPECT_TRUE(compile(hasty, sum + return_top).empty());
    EXPECT_TRUE(runs(compile(patient, sum + return_top)));
    EXPECT_TRUE(runs(compile(patient, "PUSH0 CALLDATALOAD" + return_top)));
}

TEST_F(BackgroundCompilation, EndsWhenItIsTold) {
    CompilerProcess process(CompilerProcess::program(), 60s);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_TRUE(process.compile(assemble(sum + return_top), Fork::Cancun, stop.get_token()).empty());
    EXPECT_TRUE(runs(compile(process, sum + return_top)));
}

TEST_F(BackgroundCompilation, BelievesNoAnswerThatIsNone) {
    for (const char* const program : {"/bin/false", "/bin/true", "/bin/cat", "/bin/yes", "/nowhere", ""}) {
        CompilerProcess process(program, 2s);
        for (int i = 0; i < 2; ++i) EXPECT_FALSE(runs(compile(process, sum + return_top))) << program;
    }
}

}  // namespace
}  // namespace interlock::vm::test
