// From a plan to a replayed attack and its story.
#include "analyzer/check.hpp"
#include "analyzer/explorer/attacker.hpp"
#include "analyzer/explorer/serialise.hpp"
#include "analyzer/report/report_text.hpp"
#include "analyzer/report/storage_names.hpp"
#include "chain/genesis.hpp"
#include "tests/expectation.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// alice deposits; mallory deposits, withdraws, and withdraws again when she is paid.
Plan theft(const World& world) {
    const Call deposit = call_of(world, "deposit", {}, chain::ether);
    const Call withdraw = call_of(world, "withdraw", {chain::ether});
    PlannedTransaction honest{0, false, deposit, {}};
    Activation paid, paid_again;
    paid.calls = {withdraw};
    paid.turn = 1;
    paid_again.turn = 2;
    PlannedTransaction attack{0, true, {}, {Activation{{}, {deposit, withdraw}}, paid, paid_again}};
    return {honest, attack};
}

TEST(Serialisations, OfTheTheftNeverMakeTheAttackerRicher) {
    World world = deployed(shipped("bank.ilk"));
    world.place_attacker();
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    const Word before = world.attacker_wealth();
    const Serialisations serial = serialise(world, Purse(world), theft(world), {}, {});
    EXPECT_TRUE(serial.all);
    EXPECT_EQ(serial.orders, 3u);  // three calls, two of them equal
    EXPECT_EQ(serial.best.front(), before);
    EXPECT_TRUE(serial.broken.empty());
}

TEST(Serialisations, KeepWhatTheAttackerMayTakeAnyway) {
    World world = deployed(compiled("gift.ilk", R"(
        contract Gift { function fund() external payable {} function take() external {
            (bool ok, ) = msg.sender.call{value: address(this).balance}(""); require(ok); } })"));
    world.place_attacker();
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    const Word before = world.attacker_wealth();
    const Call take = call_of(world, "take");
    const Plan plan{{0, false, call_of(world, "fund", {}, chain::ether), {}}, {0, true, {}, {Activation{{}, {take}}}}};
    EXPECT_EQ(serialise(world, Purse(world), plan, {}, {}).best.front(), before + chain::ether);
}

// To keep what one is lent needs no call back: she may say so. What she pays in meanwhile may be left out.
TEST(Serialisations, MayAnswerOtherwise) {
    World world = deployed(compiled("lent.ilk", R"(
        interface IConverter { function convert() external payable returns (uint256 used); }
        contract Deposits {
            mapping(address => uint256) deposits;
            uint256 returned;
            receive() external payable { returned += msg.value; }
            function deposit() external payable { deposits[msg.sender] += msg.value; }
            function withdrawVia(IConverter converter, uint256 amount) external {
                returned = 0;
                deposits[msg.sender] -= amount;
                uint256 used = converter.convert{value: amount}();
                require(used <= amount && returned >= amount - used);
            }
        })"));
    world.place_attacker();
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    const auto bytes = vm::to_big_endian(chain::ether - Word{1});
    const Call withdraw = call_of(world, "withdrawVia", {lang::abi::Data{world.attacker().address}, chain::ether});
    Activation asked{lang::abi::selector("convert()"), {call_of(world, "receive", {}, Word{1})}};
    asked.answer = {bytes.begin(), bytes.end()};
    asked.turn = 1;
    asked.during = Activation::Origin{0, 1};
    const Plan plan{{0, true, {}, {Activation{{}, {call_of(world, "deposit", {}, chain::ether), withdraw}}, asked}}};
    const auto loses_nothing = [&, before = world.attacker_wealth()](const Serialisations& serial) {
        return std::ranges::any_of(serial.ends, [&](const auto& end) { return end.front() == before; });
    };
    EXPECT_FALSE(loses_nothing(serialise(world, Purse(world), plan, {}, {})));
    EXPECT_TRUE(loses_nothing(serialise_otherwise(world, Purse(world), plan, {}, {})));
}

TEST(Attacker, IsWrittenAsAContractThatCompiles) {
    World world = deployed(shipped("bank.ilk"));
    const std::string source = write_attacker(world, theft(world));
    EXPECT_EQ(source, contents("tests/analyzer/fixtures/bank.attack.ilk"));
    EXPECT_TRUE(lang::compile("attacker.ilk", source).ok());
}

TEST(Attacker, RepeatsThePlanOnThePlainMachine) {
    const auto compilation = shipped("bank.ilk");
    World world = deployed(compilation);
    AttackScript script = make_script(world, theft(world));
    script.compilation = compilation;
    const auto result = run_script(script);
    ASSERT_TRUE(std::holds_alternative<Trace>(result)) << std::get<std::string>(result);
    EXPECT_EQ(std::get<Trace>(result).gain, chain::ether);
}

TEST(Attacker, DoesNotRepeatOnTheFixedBank) {
    const auto compilation = shipped("bank_fixed.ilk");
    World world = deployed(compilation);
    AttackScript script = make_script(world, theft(world));
    script.compilation = compilation;
    const Trace trace = std::get<Trace>(run_script(script));
    EXPECT_TRUE(trace.gain.is_zero());
    EXPECT_EQ(trace.transactions.back().status, "revert");
}

// Calls f() of the first contract and returns what its storage holds then, by names.
std::vector<std::string> storage_after_f(const std::string& source) {
    World world = deployed(compiled("c.ilk", source));
    const DeployedContract& contract = world.contracts()[0];
    const chain::Result result = world.execute(
        world.transaction(world.users()[0].address, contract.address, {}, world.call_data(call_of(world, "f"))));
    EXPECT_TRUE(result.receipt.ok());
    std::vector<std::string> names;
    for (const auto& [slot, value] : world.state().storage_of(contract.address))
        for (const SlotPiece& piece : name_slot(world, contract, slot))
            names.push_back(piece.name + " = " + piece.format(world, value));
    std::sort(names.begin(), names.end());
    return names;
}

TEST(StorageNames, FollowMappingsStructsAndPacking) {
    const std::vector<std::string> expected{"a = 1",
                                            "b = true",
                                            "ps[7].n = 2",
                                            "ps[7].votes = 3",
                                            "ps[7].who = 0x0000000000000000000000000000000000000000",
                                            "voted[7][alice] = true"};
    EXPECT_EQ(storage_after_f(R"(
        contract C {
            struct P { address who; uint64 n; uint256 votes; }
            uint128 a; bool b;
            mapping(uint256 => P) ps;
            mapping(uint256 => mapping(address => bool)) voted;
            function f() external { ps[7].votes = 3; ps[7].n = 2; voted[7][msg.sender] = true; a = 1; b = true; }
        })"),
              expected);
}

TEST(StorageNames, FollowArrays) {
    const std::vector<std::string> expected{
        "bids[alice].length = 1", "bids[alice][0] = 9", "fixed_[2] = 5",    "orders.length = 2",
        "orders[1].from = alice", "orders[1].n = 4",    "small.length = 3", "small[0] = 0",
        "small[1] = 0",           "small[2] = 7",       "small[3] = 0"};
    EXPECT_EQ(storage_after_f(R"(
        contract C {
            struct Order { address from; uint256 n; }
            Order[] orders;
            uint64[] small;
            uint256[3] fixed_;
            mapping(address => uint256[]) bids;
            function f() external {
                orders.push(); orders.push(Order(msg.sender, 4));
                small.push(); small.push(); small.push(7);
                fixed_[2] = 5;
                bids[msg.sender].push(9);
            }
        })"),
              expected);
}

TEST(Attacker, TakesAnotherNameWhereAContractHasHers) {
    std::string source = contents("contracts/bank.ilk");
    source.replace(source.find("contract Bank"), 13, "contract Attacker");
    const Report report = check(compiled("bank.ilk", source));
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u);
}

TEST(Attacker, WritesFunctionsAsFunctions) {
    World world = deployed(compiled("caller.ilk", R"(
        contract Caller { function call(function(uint256) external f) external { f(1); } })"));
    world.place_attacker();
    const Plan plan{{0, true, {}, {Activation{{}, {call_of(world, "call", {Word{}})}}}}};
    const std::string source = write_attacker(world, plan);
    EXPECT_NE(source.find("function call(function() external f) external;"), std::string::npos) << source;
    const lang::Compilation attacker = lang::compile("attacker.ilk", source);
    EXPECT_TRUE(attacker.ok()) << lang::render(attacker.diagnostics, *attacker.sources, false);
}

TEST(Attacker, PaysPlainlyIntoAContractThatReceives) {
    // Whoever pays in during the call is counted twice.
    const auto compilation = compiled("till.ilk", R"(
        contract Till {
            uint256 total;
            invariant counted: total <= address(this).balance;
            receive() external payable { total += msg.value; }
            function count() external {
                uint256 seen = total;
                (bool ok, ) = msg.sender.call("");
                require(ok);
                unchecked { total = seen + (total - seen) * 2; }
            }
        })");
    const Report report = check(compilation);
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u);
}

class Story : public ::testing::TestWithParam<const char*> {};

TEST_P(Story, ReadsAsItShould) {
    const std::string name = GetParam();
    CheckOptions options;
    options.bounds.is_counted = true;  // the same search however busy the machine is
    options.bounds.macro_steps = 200'000;
    const Report report = check(shipped(name + ".ilk"), options);
    ASSERT_FALSE(report.attacks.empty());
    const std::string text =
        lang::render(diagnose(report.attacks.front()), *report.attacks.front().script.compilation->sources, false) + "\n" +
        tell(report.attacks.front());
    expect_file(std::string(INTERLOCK_SOURCE_DIR) + "/tests/analyzer/fixtures/" + name + ".story", text);
}

INSTANTIATE_TEST_SUITE_P(OfShippedContracts, Story, ::testing::Values("bank", "dao", "dao_split"));

TEST(Attack, OnTheSplitOf2016IsOverWhenTheNumbersAreWrittenFirst) {
    const Report report = check(shipped("dao_split.ilk"));
    EXPECT_TRUE(report.has_exploit());
    EXPECT_GT(report.stats.macro_steps, 0u);  // nothing else is looked for, and what was done is still counted
    EXPECT_TRUE(check(shipped("dao_split_fixed.ilk")).all_safe());
}

TEST(Trace, IsTheSameTextEveryTime) {
    const Report a = check(shipped("bank.ilk")), b = check(shipped("bank.ilk"));
    ASSERT_FALSE(a.attacks.empty());
    EXPECT_EQ(to_json(a.attacks.front()), to_json(b.attacks.front()));
    EXPECT_TRUE(replay(to_json(a.attacks.front())).repeats);
}

TEST(Trace, ReplayRefusesHostileFiles) {
    for (const std::string text : {"", "{}", "[]", "null", "{\"format\":\"interlock-trace-3\"}"})
        EXPECT_FALSE(replay(text).repeats) << text;
    EXPECT_FALSE(replay(std::string(100'000, '[')).repeats);
}

}  // namespace
}  // namespace interlock::analyzer::tests
