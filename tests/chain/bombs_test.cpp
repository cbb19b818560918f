// Programs made to exhaust the machine: each takes thirty million gas and must end within its time, a small native
// stack and bounded memory, and leave nothing behind.
#include <gtest/gtest.h>

#include <malloc.h>
#include <pthread.h>
#include <time.h>

#include <functional>

#include "chain/execution.hpp"
#include "vm/machine.hpp"

namespace interlock::chain {
namespace {

constexpr std::int64_t block_gas = 30'000'000;
constexpr std::size_t native_stack_bytes = 256 << 10;
constexpr double longest_seconds = 5;  // of processor time; a release build takes a tenth of a second
constexpr std::size_t most_held_bytes = 8 << 20;
constexpr std::size_t slack_bytes = 64 << 10;  // the allocator's own, and the test's: one byte a call would be a million

Address named(std::uint8_t name) {
    Address address;
    address.bytes.front() = 0xaa;
    address.bytes.back() = name;
    return address;
}
const Address attacker = named(1), bomb = named(2), helper = named(3);

Bytes hex(std::string_view text) { return vm::parse_hex(text).value(); }
std::string push(const Address& address) { return "73" + vm::to_hex(address).substr(2); }

Bytes repeated(std::string_view text, std::size_t bytes) {
    const Bytes unit = hex(text);
    Bytes all;
    while (all.size() + unit.size() <= bytes) all.insert(all.end(), unit.begin(), unit.end());
    return all;
}

// Jumps back to the start for ever.
Bytes endless(std::string_view body) { return hex("5b" + std::string(body) + "5f56"); }

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// What the program holds of memory; 0 where the allocator does not count, as under AddressSanitizer.
std::size_t held_bytes() {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

// Runs on a thread that has little stack.
void on_small_stack(std::function<void()> work) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, native_stack_bytes), 0);
    pthread_t thread;
    const auto start = [](void* work) -> void* {
        (*static_cast<std::function<void()>*>(work))();
        return nullptr;
    };
    ASSERT_EQ(pthread_create(&thread, &attributes, start, &work), 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}

State world(const Bytes& code, vm::Fork fork, const Bytes& helper_code = {}) {
    State state(fork);
    state.set_balance(attacker, Word(1) << 100);
    state.set_nonce(bomb, 1);
    state.set_balance(bomb, Word(1) << 100);
    state.set_code(bomb, code);
    state.set_code(helper, helper_code);
    state.begin_transaction({attacker, 1, {}});
    state.forget_history();
    return state;
}

vm::Message attack(std::int64_t gas = block_gas) {
    vm::Message message;
    message.sender = attacker;
    message.recipient = message.code_address = bomb;
    message.gas = {gas};
    return message;
}

// Runs it, undoes it, and looks at what that took.
vm::Outcome explode(const Bytes& code, vm::Fork fork = vm::Fork::Shanghai, const Bytes& helper_code = {}) {
    vm::Outcome outcome;
    on_small_stack([&] {
        State state = world(code, fork, helper_code);
        vm::Machine machine(state, fork);
        const std::size_t before = held_bytes();
        const double start = processor_seconds();
        machine.start(attack());
        outcome = machine.run().outcome;
        EXPECT_LT(processor_seconds() - start, longest_seconds);
        state.rewind_to(0);
        state.forget_history();
        machine.start(attack(0));  // gives back what the last message needed
        EXPECT_LT(held_bytes(), before + most_held_bytes);
    });
    return outcome;
}

TEST(Bombs, CallsNestToTheLimitOnASmallNativeStack) {
    // Before EIP-150 a call may pass on all that it has: itself, with 200 gas less each time.
    const Bytes recursion =
        hex("600054"
            "600101"
            "600055"
            "6000600060006000600030"
            "611388"
            "5a03"
            "f1"
            "00");
    on_small_stack([&] {
        State state = world(recursion, vm::Fork::Homestead);
        vm::Machine machine(state, vm::Fork::Homestead);
        machine.start(attack());
        ASSERT_TRUE(machine.run().outcome.ok());
        EXPECT_EQ(state.load(bomb, 0), Word(1025));  // depths 0 to 1024
    });
}

TEST(Bombs, DelegateCallsThatEachExpandTheirMemoryStayWithinTheArena) {
    const Bytes code =
        hex("61ffff51"
            "5f5f5f5f"
            "30"
            "5a"
            "f4"
            "00");
    EXPECT_TRUE(explode(code).ok());
}

TEST(Bombs, MemoryIsPaidForBeforeItIsThere) {
    EXPECT_EQ(explode(hex("63ffffffe051")).status, vm::Status::OutOfGas);  // four gigabytes
    EXPECT_TRUE(explode(hex("623b000051")).ok());                          // as much as the gas pays for, at once
    EXPECT_EQ(explode(endless("5f5952")).status, vm::Status::OutOfGas);    // word by word
}

TEST(Bombs, EveryCallMayExpandMemoryAfresh) {
    EXPECT_EQ(explode(endless("5f5f5f5f" + push(helper) + "5af450"), vm::Fork::Shanghai, hex("620fffff51")).status,
              vm::Status::OutOfGas);
}

TEST(Bombs, FloodsOfJumpDestinationsAndPushesEnd) {
    constexpr std::size_t largest = 0x6000;
    Bytes destinations = repeated("5b", largest - 2);
    destinations.insert(destinations.end(), {0x5f, 0x56});
    EXPECT_EQ(explode(destinations).status, vm::Status::OutOfGas);
    EXPECT_EQ(explode(repeated("6001", largest)).status, vm::Status::StackOverflow);
    EXPECT_EQ(explode(repeated("7f", largest)).status, vm::Status::Success);  // 744 of them: the rest is their data
    EXPECT_EQ(explode(repeated("60015b50", largest)).status, vm::Status::Success);
    EXPECT_EQ(explode(endless("")).status, vm::Status::OutOfGas);
    EXPECT_EQ(explode(hex("615fff56")).status, vm::Status::BadJump);
}

TEST(Bombs, ReturnDataIsNotKeptTwice) {
    // The helper returns a megabyte, and each caller asks for none of it.
    EXPECT_EQ(explode(endless("5f5f5f5f" + push(helper) + "5afa50"), vm::Fork::Shanghai, hex("620fffff5ff3")).status,
              vm::Status::OutOfGas);
}

TEST(Bombs, InitCodeIsAnalysedForItsPriceAndForgotten) {
    // 48 KB of it, in one creation after the other.
    EXPECT_EQ(explode(endless("5a61c0005f5ff550")).status, vm::Status::OutOfGas);
    EXPECT_EQ(explode(endless("61c0005f5ff050")).status, vm::Status::OutOfGas);
}

TEST(Bombs, CreationsThatCreateEnd) {
    // The init code is the running code: it copies itself and creates again.
    const Bytes code =
        hex("385f5f39"
            "385f5ff050"
            "385f5ff050"
            "00");
    for (const vm::Fork fork : {vm::Fork::Shanghai, vm::Fork::Osaka}) EXPECT_TRUE(explode(code, fork).ok());
}

TEST(Bombs, SelfDestructStormsEnd) {
    // Each creation is given a wei and destroys itself in favour of an address that was never seen.
    const Bytes code = endless(
        "615aff5f52"
        "6002601e6001f050");
    for (const vm::Fork fork : {vm::Fork::Shanghai, vm::Fork::Cancun})
        EXPECT_EQ(explode(code, fork).status, vm::Status::OutOfGas);
}

TEST(Bombs, LogFloodsAreGoneWhenTheyAreUndone) {
    EXPECT_EQ(explode(endless("6104005fa0")).status, vm::Status::OutOfGas);
    EXPECT_EQ(explode(endless("5f5f5f5f5f5fa4")).status, vm::Status::OutOfGas);
}

TEST(Bombs, StorageFloodsAreGoneWhenTheyAreUndone) {
    EXPECT_EQ(explode(endless("5a5a55")).status, vm::Status::OutOfGas);
    EXPECT_EQ(explode(endless("5a5a5d"), vm::Fork::Cancun).status, vm::Status::OutOfGas);
}

TEST(Memory, OfAMachineAfterAMillionCallsIsWhatItWasAfterTen) {
    if (held_bytes() == 0) GTEST_SKIP() << "the allocator does not count what it gives";
    // A thousand calls with input and output: to code, to an empty account with value, to the identity.
    const Bytes code =
        hex("6103e8"
            "5b"
            "60205f60205f5f" +
            push(helper) +
            "5af150"
            "5f5f5f5f6001" +
            push(named(9)) +
            "5af150"
            "60205f60205f60045afa50"
            "6001900380600357"
            "60205ff3");
    State state = world(code, vm::Fork::Cancun, hex("5f355f5260205ff3"));
    vm::Machine machine(state, vm::Fork::Cancun);
    const auto thousands_of_calls = [&](int thousands) {
        for (int i = 0; i < thousands; ++i) {
            state.begin_transaction({attacker, 1, {}});
            machine.start(attack());
            ASSERT_TRUE(machine.run().outcome.ok());
            state.end_transaction();
            state.forget_history();
        }
        machine.start(attack(0));
    };
    thousands_of_calls(3);
    const std::size_t before = held_bytes();
    thousands_of_calls(334);
    EXPECT_LE(held_bytes(), before + slack_bytes);
}

TEST(Memory, OfAStateAfterManyTransactionsIsWhatItWasAfterAFew) {
    if (held_bytes() == 0) GTEST_SKIP() << "the allocator does not count what it gives";
    State state = world(hex("5a5f5d"
                            "335f55"
                            "5f5fa0"),
                        vm::Fork::Cancun);
    vm::BlockContext block;
    block.coinbase = named(8);
    state.set_block(block);
    Transaction tx;
    tx.sender = attacker;
    tx.to = bomb;
    tx.gas_price = tx.priority_fee = 10;
    tx.gas_limit = 100'000;
    const auto blocks = [&](int count) {
        for (int i = 0; i < count; ++i) {
            for (int transactions = 0; transactions < 20; ++transactions, ++tx.nonce)
                ASSERT_TRUE(execute(state, tx).valid());
            state.forget_history();
        }
    };
    blocks(1000);  // until the tables have grown to what so many transactions need
    const std::size_t before = held_bytes();
    blocks(1000);
    EXPECT_LE(held_bytes(), before + slack_bytes);
}

TEST(Memory, OfAStateDoesNotGrowWithWhatIsOnlyLookedAt) {
    if (held_bytes() == 0) GTEST_SKIP() << "the allocator does not count what it gives";
    // Ever other accounts, and slots, transient and not, that hold nothing in the end.
    State state = world({}, vm::Fork::Cancun);
    const auto looks = [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            Address unknown = named(0);
            std::memcpy(unknown.bytes.data() + 4, &i, sizeof i);
            state.begin_transaction({attacker, 1, {}});
            state.warm_account(unknown);
            state.warm_slot(bomb, Word(i));
            state.store_transient(bomb, Word(i), 1);
            state.end_transaction();
            if (i % 100 == 0) state.forget_history();
        }
        state.forget_history();
    };
    looks(5'000);
    const std::size_t before = held_bytes();
    looks(100'000);
    EXPECT_LE(held_bytes(), before + slack_bytes);
}

}  // namespace
}  // namespace interlock::chain
