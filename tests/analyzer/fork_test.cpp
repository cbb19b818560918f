// Verdicts by the rules of other forks: the contracts and the attacker's contract are written for them.
#include "analyzer/check.hpp"
#include "lang/compile.hpp"
#include "vm/opcodes.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::shared_ptr<const lang::Compilation> bank_for(vm::Fork fork) {
    return std::make_shared<lang::Compilation>(
        lang::compile("bank.ilk", contents("contracts/bank.ilk"), {}, {.fork = fork}));
}

class OlderForks : public ::testing::TestWithParam<vm::Fork> {};

TEST_P(OlderForks, KnowEveryInstructionOfTheCodeThatIsWrittenForThem) {
    const auto compilation = bank_for(GetParam());
    const vm::Bytes& code = compilation->main()->runtime_code;
    ASSERT_FALSE(code.empty());
    for (std::size_t pc = 0; pc < code.size(); pc += 1u + vm::info(code[pc]).immediate) {
        const bool is_invalid = code[pc] == static_cast<std::uint8_t>(vm::Opcode::INVALID);
        EXPECT_TRUE(is_invalid || vm::info(code[pc]).exists_in(GetParam())) << pc << ": " << vm::info(code[pc]).name;
    }
}

TEST_P(OlderForks, HaveTheSameAttackOnTheBank) {
    CheckOptions options;
    options.fork = GetParam();
    options.timeout_seconds = 10;
    const Report report = check(bank_for(GetParam()), options);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(report.unconfirmed.empty()) << report.unconfirmed;
    const Trace& attack = report.attacks.front();
    EXPECT_EQ(attack.script.recipe.fork, GetParam());
    EXPECT_EQ(attack.script.attacker_source.find("transient") != std::string::npos, GetParam() >= vm::Fork::Cancun);
    const Replay again = replay(to_json(attack));
    EXPECT_TRUE(again.repeats) << (again.differences.empty() ? "" : again.differences.front());
}

INSTANTIATE_TEST_SUITE_P(FromSpuriousDragonOn, OlderForks,
                         ::testing::Values(vm::Fork::SpuriousDragon, vm::Fork::Byzantium, vm::Fork::Istanbul,
                                           vm::Fork::London, vm::Fork::Shanghai, vm::Fork::Prague),
                         [](const auto& info) { return std::string(vm::name_of(info.param)); });

// Copying memory is a call of a precompile there.
TEST(OlderFork, CopiesMemoryWithoutMcopy) {
    const std::string source = R"(contract C {
        bytes held;
        function join(bytes memory a, bytes memory b) external pure returns (bytes memory) { return bytes.concat(a, b); } })";
    const auto compilation = lang::compile("c.ilk", source, {}, {.fork = vm::Fork::Byzantium});
    ASSERT_TRUE(compilation.ok());
    Devnet devnet(compilation, {.fork = vm::Fork::Byzantium});
    const Address alice = devnet.add_account("alice");
    const chain::Result made = devnet.deploy(alice, *compilation.main(), Word{}, {});
    ASSERT_TRUE(made.valid() && made.receipt.ok());
    const Bytes a(40, 1), b(33, 2);
    const auto data = lang::abi::call_data(lang::abi::selector("join(bytes,bytes)"), {a, b});
    const chain::Result answer = devnet.ask(alice, *made.receipt.created, data);
    ASSERT_TRUE(answer.receipt.ok()) << vm::name_of(answer.receipt.status);
    Bytes joined = a;
    joined.insert(joined.end(), b.begin(), b.end());
    const auto values = lang::abi::decode({{"", lang::ir::bytes_type}}, answer.receipt.output);
    ASSERT_TRUE(values.has_value());
    EXPECT_EQ(std::get<Bytes>(values->front()), joined);
}

}  // namespace
}  // namespace interlock::analyzer::tests
