#include "vm/effects.hpp"

#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

std::string repeat(const std::string& text, unsigned times) {
    std::string all;
    for (unsigned i = 0; i < times; ++i) all += text;
    return all;
}

// One instruction, run in a contract whose memory, storage and neighbours are not empty. Its operands are 0x40, 0x48, ...
// from the top, so that no two of its memory ranges are the same, and every account that it names exists.
struct Trial {
    World world;
    Message message = call_message();
    std::string prologue = repeat("JUMPDEST ", 256);
    std::uint8_t memory_byte = 0x11;
    std::uint64_t memory_end = 0x300;

    Trial() : world("", Fork::Osaka) {
        world.host.block_context.number = 100;
        world.host.transaction_context.blob_hashes.resize(100, to_hash(7));
        world.deploy(other, "PUSH1 0xff PUSH1 0x00 MSTORE PUSH2 0x0100 PUSH1 0x00 RETURN");
        for (unsigned operand = 0; operand < 17; ++operand)
            world.deploy(neighbour(operand), "PUSH1 0xff PUSH1 0x00 MSTORE PUSH1 0x80 PUSH1 0x00 RETURN");
        message.input.assign(300, 0x22);
    }
    static constexpr std::uint16_t result_offset = 40 * 32;  // behind everything

    static Word operand(unsigned index) { return 0x40 + 8 * index; }
    static Address neighbour(unsigned index) { return to_address(operand(index)); }

    // What can be seen of it: its result, the memory that its row says it writes, what it returns, and what it logs.
    struct Seen {
        Status status;
        Bytes output;
        std::vector<Bytes> log_data;
        friend bool operator==(const Seen&, const Seen&) = default;
    };

    Seen run(Opcode opcode) {
        const OpcodeInfo& row = info(opcode);
        std::string text = prologue;
        for (unsigned word = 0; word < 16; ++word) text += push(memory_word(word)) + push(Word{32 * word}) + "MSTORE ";
        text += "PUSH1 0x77 " + push(Word{memory_end - 1}) + "MSTORE8 ";
        text += "PUSH0 PUSH0 PUSH0 PUSH0 " + push(other) + "GAS STATICCALL POP PUSH2 0x0123 PUSH2 0x0345 ";
        for (unsigned k = row.stack_in; k-- > 0;) text += push(operand(k));
        text += std::string(row.name) + " " + (row.immediate > 0 ? to_hex(Bytes(row.immediate, 0x33)) + " " : "");
        text += push(Word{result_offset}) + "MSTORE ";
        text += push(Word{result_offset + 32}) + "PUSH0 RETURN";
        world.host.account(contract).code = assemble(text);
        before = world.host.state;
        outcome = world.run(message);
        if (effects_of(opcode).halts() || outcome.output.size() < result_offset) return {outcome.status, outcome.output, {}};
        std::vector<Bytes> log_data;
        for (const Log& log : world.host.state.logs) log_data.push_back(log.data);
        Bytes seen(outcome.output.begin() + result_offset, outcome.output.end());
        if (const auto& range = effects_of(opcode).memory_written)
            seen.insert(seen.end(), outcome.output.begin() + first_of(*range), outcome.output.begin() + end_of(*range));
        return {outcome.status, seen, log_data};
    }
    [[nodiscard]] Word memory_word(unsigned index) const {
        return word_from_big_endian(Bytes(32, static_cast<std::uint8_t>(memory_byte + index)));
    }
    static std::ptrdiff_t first_of(const MemoryRange& range) {
        return static_cast<std::ptrdiff_t>(operand(range.address_operand).low64());
    }
    static std::ptrdiff_t end_of(const MemoryRange& range) {
        const std::uint64_t bytes = range.bytes_operand ? operand(*range.bytes_operand).low64() : range.bytes;
        return first_of(range) + static_cast<std::ptrdiff_t>(bytes);
    }

    TestHost::State before;
    Outcome outcome;
};

std::vector<Opcode> opcodes_that_go_on() {
    std::vector<Opcode> all;
    for (std::size_t byte = 0; byte < 256; ++byte) {
        const Flow flow = effects_of(Opcode(byte)).flow;
        if (opcode_table[byte].exists() && (flow == Flow::Next || flow == Flow::Call)) all.push_back(Opcode(byte));
    }
    return all;
}

using Storage = std::map<std::array<std::uint64_t, 4>, Word>;
Storage storage_of(const TestHost::State& state, Storage TestHost::Account::*which) {
    Storage all;
    for (const auto& [address, account] : state.accounts) all.insert((account.*which).begin(), (account.*which).end());
    return all;
}
auto balances_of(const TestHost::State& state) {
    std::map<Address, std::tuple<std::uint64_t, std::array<std::uint64_t, 4>, Bytes>> all;
    for (const auto& [address, account] : state.accounts)
        all[address] = {account.nonce, account.balance.limbs, account.code};
    return all;
}

TEST(Effects, NameWhatAnInstructionWrites) {
    for (const Opcode opcode : opcodes_that_go_on()) {
        SCOPED_TRACE(info(opcode).name);
        Trial trial;
        static_cast<void>(trial.run(opcode));
        ASSERT_EQ(trial.outcome.status, Status::Success);
        const Effects& effects = effects_of(opcode);
        const TestHost::State &before = trial.before, &after = trial.world.host.state;
        const auto check = [&](Region region, bool changed) {
            // What a call does is its callee's affair.
            if (!effects.calls()) {
                EXPECT_EQ(changed, effects.writes.contains(region)) << static_cast<int>(region);
            } else if (changed) {
                EXPECT_TRUE(effects.writes.contains(region)) << static_cast<int>(region);
            }
        };
        check(Region::Storage,
              storage_of(before, &TestHost::Account::storage) != storage_of(after, &TestHost::Account::storage));
        check(Region::Transient,
              storage_of(before, &TestHost::Account::transient) != storage_of(after, &TestHost::Account::transient));
        check(Region::Accounts, balances_of(before) != balances_of(after));
        check(Region::Logs, !after.logs.empty());
        bool changed = false;
        for (std::ptrdiff_t i = 0; i < 32 * 16; ++i) {
            if (trial.outcome.output[static_cast<std::size_t>(i)] == trial.memory_byte + i / 32) continue;
            changed = true;
            ASSERT_TRUE(effects.memory_written) << i;
            EXPECT_GE(i, Trial::first_of(*effects.memory_written));
            EXPECT_LT(i, Trial::end_of(*effects.memory_written));
        }
        EXPECT_EQ(changed, effects.memory_written.has_value());
        EXPECT_EQ(changed, effects.writes.contains(Region::Memory));
    }
}

// Two runs that differ in one region alone differ in what the instruction does just if the instruction reads the region.
TEST(Effects, NameWhatAnInstructionReads) {
    const auto vary = [](Region region, Trial& trial) {
        TestHost& host = trial.world.host;
        switch (region) {
            case Region::Memory:
                trial.memory_byte = 0x99;
                trial.memory_end += 32;
                trial.message.gas += Gas{3};  // for the longer memory
                break;
            case Region::Storage: host.account(contract).storage[Trial::operand(0).limbs] = 5; break;
            case Region::Transient: host.account(contract).transient[Trial::operand(0).limbs] = 5; break;
            case Region::Accounts:
                host.account(contract).balance = 2'000;
                host.account(Trial::neighbour(0)).balance = 2'000;
                host.account(Trial::neighbour(0)).code.assign(0x200, 0x44);
                break;
            case Region::Logs: return false;
            case Region::Environment:
                // The callee that fills the return data looks at none of this.
                host.block_context = {.number = 1'000,
                                      .timestamp = 2,
                                      .gas_limit = 3,
                                      .coinbase = stranger,
                                      .prev_randao = 4,
                                      .base_fee = 5,
                                      .blob_base_fee = 6,
                                      .chain_id = 7};
                host.transaction_context = {.origin = stranger, .gas_price = 8, .blob_hashes = {}};
                trial.message.sender = stranger;
                trial.message.code_address = contract;
                trial.message.recipient = account(9);
                trial.message.value = 9;
                host.account(account(9)) = host.account(contract);
                host.account(stranger).balance = 9;
                host.account(account(9)).balance -= 9;
                break;
            case Region::CallData: trial.message.input.assign(200, 0x66); break;
            case Region::RunningCode:
                trial.prologue = repeat("PC POP ", 130);
                trial.message.gas += Gas{130 * 4 - 256};
                break;
            case Region::ReturnData:
                trial.world.deploy(other, "PUSH1 0xee PUSH1 0x50 MSTORE8 PUSH2 0x0110 PUSH1 0x00 RETURN");
                trial.message.gas += Gas{3};  // for the longer memory
                break;
            case Region::GasLeft: trial.message.gas += Gas{1'000}; break;
        }
        return true;
    };
    for (const Opcode opcode : opcodes_that_go_on()) {
        Trial plain;
        const Trial::Seen expected = plain.run(opcode);
        for (auto region = Region::Memory; region <= Region::GasLeft; region = Region(static_cast<int>(region) + 1)) {
            SCOPED_TRACE(std::string(info(opcode).name) + ", region " + std::to_string(static_cast<int>(region)));
            Trial varied;
            if (!vary(region, varied)) continue;
            const bool differs = !(varied.run(opcode) == expected);
            const Effects& effects = effects_of(opcode);
            if (!effects.calls()) {
                EXPECT_EQ(differs, effects.reads.contains(region));
            } else if (differs) {
                EXPECT_TRUE(effects.reads.contains(region));
            }
        }
    }
}

// CALLCODE and DELEGATECALL change nothing that their callee, which is as bound, does not change.
TEST(Effects, NameEveryInstructionThatAStaticFrameRefuses) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
        const auto opcode = Opcode(byte);
        if (!opcode_table[byte].exists() || opcode == Opcode::CALLCODE || opcode == Opcode::DELEGATECALL) continue;
        SCOPED_TRACE(info(opcode).name);
        Trial trial;
        trial.message.is_static = true;
        static_cast<void>(trial.run(opcode));
        const Effects& effects = effects_of(opcode);
        EXPECT_EQ(trial.outcome.status == Status::StaticViolation,
                  effects.changes_state() || effects.writes.contains(Region::Logs));
    }
}

TEST(Effects, SayWhatIsPure) {
    EXPECT_TRUE(effects_of(Opcode::ADD).is_pure());
    EXPECT_TRUE(effects_of(Opcode::PUSH32).is_pure());
    EXPECT_FALSE(effects_of(Opcode::MLOAD).is_pure());
    EXPECT_TRUE(effects_of(Opcode::MLOAD).has_no_effect());
    EXPECT_FALSE(effects_of(Opcode::JUMP).has_no_effect());
    EXPECT_TRUE(effects_of(Opcode::RETURN).halts());
}

TEST(Effects, OfAByteThatIsNoOpcodeAreThatTheFrameEnds) { EXPECT_TRUE(effects_of(0x0c).halts()); }

}  // namespace
}  // namespace interlock::vm::test
