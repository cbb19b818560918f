// Creations: addresses, prices, and every way to fail.
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"
#include "vm/created_address.hpp"

namespace interlock::vm::test {
namespace {

// Puts init code (at most 32 bytes) at the start of memory and creates with it: 6 + 6 gas before the instruction.
std::string create(const std::string& init_code, std::uint64_t value = 0) {
    const Bytes code = assemble(init_code);
    const auto offset = static_cast<std::uint8_t>(32 - code.size());
    return push(word_from_big_endian(code)) + "PUSH1 0x00 MSTORE PUSH1 " +
           to_hex(Bytes{static_cast<std::uint8_t>(code.size())}) + " PUSH1 " + to_hex(Bytes{offset}) + " " +
           push(Word{value}) + "CREATE ";
}
constexpr std::int64_t before_create = 3 + 3 + 6 + 9;

const Address created = created_address(contract, 1);
const std::string deploys_one_byte = "PUSH1 0x01 PUSH1 0x00 RETURN";  // a STOP

std::string create2(const Word& salt) { return push(salt) + "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 CREATE2 "; }

TEST(CreatedAddress, IsThatOfTheYellowPaper) {
    const Address creator = parse_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0").value();
    EXPECT_EQ(to_hex(created_address(creator, 0)), "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d");
    EXPECT_EQ(to_hex(created_address(creator, 1)), "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8");
    EXPECT_EQ(to_hex(created_address(creator, 2)), "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91");
}

TEST(CreatedAddress, IsThatOfEip1014) {
    const Address deadbeef = parse_address("0xdeadbeef00000000000000000000000000000000").value();
    EXPECT_EQ(to_hex(created_address(Address{}, Word{}, Bytes{0})), "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38");
    EXPECT_EQ(to_hex(created_address(deadbeef, Word{}, Bytes{0})), "0xb928f69bb1d91cd65274e3c79d8986362984fda3");
    EXPECT_EQ(to_hex(created_address(Address{}, Word{}, Bytes{})), "0xe33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0");
}

TEST(Create, DeploysWhatTheInitCodeReturns) {
    World world(create(deploys_one_byte, 5) + return_top);
    const Outcome outcome = world.run();
    EXPECT_EQ(word_of(outcome), to_word(created));
    EXPECT_EQ(world.host.account(created).code, Bytes{0});
    EXPECT_EQ(world.host.nonce(created), 1u);
    EXPECT_EQ(world.host.nonce(contract), 2u);
    EXPECT_EQ(world.host.balance(created), Word{5});
    EXPECT_TRUE(world.host.state.created.contains(created));
    // init code of one word; two pushes and a word of memory in it; a byte of code
    EXPECT_EQ(used(outcome), before_create + 32'000 + 2 + (3 + 3 + 3) + 200 + 12);
}

TEST(Create, PaysNoInitCodeBeforeShanghai) {
    EXPECT_EQ(used(World(create("STOP"), Fork::London).run()), before_create + 32'000);
    EXPECT_EQ(used(World(create("STOP"), Fork::Shanghai).run()), before_create + 32'002);
}

TEST(Create, GivesTheRevertDataBack) {
    World world(create("PUSH1 0x05 PUSH1 0x00 REVERT") + "RETURNDATASIZE ADD" + return_top);
    EXPECT_EQ(word_of(world.run()), Word{5});
    EXPECT_FALSE(world.host.exists(created));
    EXPECT_EQ(world.host.nonce(contract), 2u);
}

TEST(Create, LeavesNoReturnDataWhenItSucceeds) {
    EXPECT_EQ(word_of(World(create(deploys_one_byte) + "RETURNDATASIZE" + return_top).run()), Word{0});
}

TEST(Create, SeesNoCallData) {
    World world(create("CALLDATASIZE PUSH1 0x00 RETURN"));
    static_cast<void>(world.run());
    EXPECT_TRUE(world.host.account(created).code.empty());
}

TEST(Create, PushesZeroAndKeepsTheGasWithoutTheBalance) {
    World world(create("STOP", 1'001) + return_top);
    const Outcome outcome = world.run();
    EXPECT_EQ(word_of(outcome), Word{0});
    EXPECT_EQ(used(outcome), before_create + 32'002 + 12);
    EXPECT_EQ(world.host.nonce(contract), 1u);
}

TEST(Create, PushesZeroAtTheHighestNonce) {
    World world(create("STOP") + return_top);
    world.host.account(contract).nonce = ~std::uint64_t{0};
    EXPECT_EQ(word_of(world.run()), Word{0});
}

TEST(Create, CollidesWithCodeANonceOrStorage) {
    for (const int kind : {0, 1, 2}) {
        World world(create("STOP") + "GAS" + return_top);
        if (kind == 0) world.host.account(created).code = {0};
        if (kind == 1) world.host.account(created).nonce = 1;
        if (kind == 2) world.host.account(created).storage[Word{1}.limbs] = 1;
        const Outcome outcome = world.run();
        const std::int64_t left = 1'000'000 - before_create - 32'002;
        EXPECT_EQ(word_of(outcome), Word{static_cast<std::uint64_t>(left / 64 - 2)}) << kind;
        EXPECT_EQ(world.host.nonce(contract), 2u);
    }
}

TEST(Create, KeepsABalanceThatWasThere) {
    World world(create("STOP", 5));
    world.host.account(created).balance = 10;
    EXPECT_TRUE(world.run().ok());
    EXPECT_EQ(world.host.balance(created), Word{15});
}

TEST(Create, WarmsTheNewAddressEvenIfItFails) {
    World world(create("INVALID") + push(created) + "BALANCE");
    world.run();
    EXPECT_TRUE(world.host.state.warm_accounts.contains(created));
}

TEST(Create, RefusesCodeThatStartsWithEf) {
    const std::string returns_ef = "PUSH1 0xef PUSH1 0x00 MSTORE8 PUSH1 0x01 PUSH1 0x00 RETURN";
    EXPECT_EQ(word_of(World(create(returns_ef) + return_top).run()), Word{0});
    EXPECT_EQ(word_of(World(create(returns_ef) + return_top, Fork::Berlin).run()), to_word(created));
}

TEST(Create, RefusesCodeBeyond24576Bytes) {
    const auto returns = [](const std::string& size) { return create("PUSH2 " + size + " PUSH1 0x00 RETURN") + return_top; };
    EXPECT_EQ(word_of(World(returns("0x6000")).run(call_message(100'000'000))), to_word(created));
    EXPECT_EQ(word_of(World(returns("0x6001")).run(call_message(100'000'000))), Word{0});
    EXPECT_EQ(word_of(World(returns("0x6001"), Fork::TangerineWhistle).run(call_message(100'000'000))), to_word(created));
}

TEST(Create, RefusesInitCodeBeyond49152Bytes) {
    const auto creates = [](const std::string& size) { return "PUSH3 " + size + " PUSH1 0x00 PUSH1 0x00 CREATE"; };
    EXPECT_EQ(World(creates("0x00c000")).run().status, Status::Success);
    EXPECT_EQ(World(creates("0x00c001")).run().status, Status::OutOfGas);
    EXPECT_EQ(World(creates("0x00c001"), Fork::Paris).run().status, Status::Success);
}

TEST(Create, FailsWhenTheDepositCannotBePaidExceptInFrontier) {
    const std::string program = create("PUSH1 0xff PUSH1 0x00 RETURN") + return_top;  // 51,000 gas
    const auto run = [&](Fork fork) {
        World world(program, fork);
        const Outcome outcome = world.run(call_message(80'000));
        return std::pair{word_of(outcome), world.host.account(created).code.size()};
    };
    EXPECT_EQ(run(Fork::Frontier), std::pair(to_word(created), std::size_t{0}));
    EXPECT_EQ(run(Fork::Cancun), std::pair(Word{0}, std::size_t{0}));
}

TEST(Create2, DerivesTheAddressFromTheSaltAndTheCode) {
    EXPECT_EQ(word_of(World(create2(7) + return_top).run()), to_word(created_address(contract, Word{7}, Bytes{})));
}

TEST(Create2, PaysForHashingItsInitCode) {
    World world("PUSH1 0x00 PUSH1 0x40 PUSH1 0x00 PUSH1 0x00 CREATE2");
    EXPECT_EQ(used(world.run()), 12 + 6 + 32'000 + 2 * (6 + 2));
}

TEST(CreatingMessage, RunsAtTheGivenAddressAndReportsIt) {
    World world;
    Message message = call_message();
    message.kind = CallKind::Create;
    message.recipient = other;
    message.value = 3;
    message.input = assemble(deploys_one_byte);
    const Outcome outcome = world.run(message);
    EXPECT_TRUE(outcome.ok());
    EXPECT_EQ(outcome.created, other);
    EXPECT_TRUE(outcome.output.empty());
    EXPECT_EQ(world.host.account(other).code, Bytes{0});
    EXPECT_EQ(world.host.balance(other), Word{3});
    EXPECT_EQ(world.host.nonce(sender), 0u);  // the transaction raised it
    EXPECT_EQ(used(outcome), 9 + 200);
}

TEST(CreatingMessage, ConsumesAllGasOnACollision) {
    World world;
    Message message = call_message();
    message.kind = CallKind::Create;
    message.recipient = contract;
    const Outcome outcome = world.run(message);
    EXPECT_EQ(outcome.status, Status::CreateCollision);
    EXPECT_EQ(outcome.gas_left, Gas{0});
}

}  // namespace
}  // namespace interlock::vm::test
