// The whole check: which property a verdict is about, what a constructor breaks, and when it ends.
#include "analyzer/check.hpp"

#include <thread>

#include "analyzer/report/report_text.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

const PropertyVerdict& verdict_of(const Report& report, const std::string& property) {
    for (const PropertyVerdict& each : report.verdicts)
        if (each.property == property) return each;
    throw std::runtime_error("no verdict about " + property);
}

bool mentions(const std::vector<std::string>& sentences, const std::string& text) {
    for (const std::string& each : sentences)
        if (each.find(text) != std::string::npos) return true;
    return false;
}

// No three cubes make 4 modulo 9, so this holds; Z3 is given all the work that it wants, and will not find out in time.
std::shared_ptr<const lang::Compilation> endless() {
    return compiled("endless.ilk", R"(
        contract Endless {
            uint64 a;
            uint64 b;
            uint64 c;
            uint64 d;
            invariant no_cubes: uint256(a) * a * a + uint256(b) * b * b != uint256(c) * c * c + 4;
            function set(uint16 x, uint16 y, uint16 z) external { a = x; b = y; c = z; d += 1; }
        })");
}

CheckOptions patient() {
    CheckOptions options;
    options.prover.rlimit_per_query = 4'000'000'000;
    options.prover.timeout_ms = 1'000'000;
    return options;
}

TEST(Check, TellsPropertiesApartThatShareALabel) {
    const auto original = compiled("counter.ilk", R"(
        contract Counter {
            uint256 n;
            invariant small: n < 1;
            invariant certain: n >= 0;
            function add() external { n += 1; }
        })");
    auto changed = std::make_shared<lang::Compilation>(*original);
    lang::ir::Contract contract = *original->artifacts.front().ir;
    contract.invariants[1].label = contract.invariants[0].label;
    lang::Artifact& artifact = changed->artifacts.front();
    artifact.ir = artifact.whole = std::make_shared<const lang::ir::Contract>(std::move(contract));
    const Report report = check(changed);
    ASSERT_EQ(report.verdicts.size(), 2u);
    EXPECT_EQ(report.verdicts[0].property, report.verdicts[1].property);
    EXPECT_NE(report.verdicts[0].which, report.verdicts[1].which);
    EXPECT_EQ(report.verdicts[0].verdict, Verdict::Exploit);
    EXPECT_EQ(report.verdicts[1].verdict, Verdict::Safe);
}

TEST(Check, NamesTheConstructorThatLeavesAnInvariantFalse) {
    const Report report = check(compiled("limit.ilk", R"(
        contract Limit {
            uint256 used;
            uint256 limit;
            invariant kept: used < limit;
            invariant counted: used >= 1;
            constructor(uint256 l) { used = l; limit = l; }
            function raise() external { limit += 1; }
        })"));
    const PropertyVerdict& kept = verdict_of(report, "kept");
    EXPECT_EQ(kept.verdict, Verdict::Exploit);
    EXPECT_EQ(kept.kind, "invariant");
    EXPECT_EQ(kept.id, "I001");
    EXPECT_NE(verdict_of(report, "counted").verdict, Verdict::Exploit);
    const Trace& attack = report.attacks.at(kept.attack.value());
    EXPECT_EQ(summary_of(attack), "the constructor of `Limit` leaves `kept` false");
    EXPECT_NE(tell(attack).find("owner deploys Limit(3)"), std::string::npos) << tell(attack);
    const lang::Diagnostic diagnostic = diagnose(attack);
    EXPECT_EQ(attack.script.compilation->sources->text(diagnostic.secondary.at(0).range).substr(0, 11), "constructor");
    EXPECT_TRUE(replay(to_json(attack)).repeats);
}

TEST(Check, SearchesOnWhereAConstructorLeavesAnInvariantFalse) {
    std::string source = contents("contracts/bank.ilk");
    source.insert(source.rfind('}'), "    invariant impossible: address(this).balance == 1;\n");
    const Report report = check(compiled("bank.ilk", source));
    EXPECT_EQ(verdict_of(report, "impossible").verdict, Verdict::Exploit);
    EXPECT_EQ(verdict_of(report, "solvent").verdict, Verdict::Exploit);
    EXPECT_EQ(verdict_of(report, "solvent").kind, "reentrancy");
}

TEST(Check, FindsWhatOnlyAnHonestUserCanBreak) {
    const Report report = check(compiled("counter.ilk", R"(
        contract Counter {
            uint256 n;
            invariant small: n < 1;
            function add() external { require(msg.sender == tx.origin); n += 1; }
        })"));
    EXPECT_EQ(verdict_of(report, "small").verdict, Verdict::Exploit);
    EXPECT_EQ(verdict_of(report, "small").id, "I001");
}

TEST(Check, EndsWithinASecondOfItsTimeoutInTheMiddleOfAQuery) {
    CheckOptions options = patient();
    options.timeout_seconds = 1;
    const Report report = check(endless(), options);
    EXPECT_LT(report.seconds, 2.0);
    EXPECT_EQ(report.verdicts.front().verdict, Verdict::Unknown);
    EXPECT_TRUE(mentions(report.verdicts.front().reasons, "the time for the proof ran out"));
    EXPECT_FALSE(report.is_interrupted);
}

TEST(Check, EndsSoonAfterItWasStoppedInTheMiddleOfAQuery) {
    std::atomic<bool> stop = false;
    CheckOptions options = patient();
    options.timeout_seconds = 1e300;
    options.bounds.states = 1'000;
    options.stop = &stop;
    const auto began = std::chrono::steady_clock::now();
    std::thread somebody([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        stop = true;
    });
    const Report report = check(endless(), options);
    somebody.join();
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1700));
    EXPECT_TRUE(report.is_interrupted);
    EXPECT_EQ(report.verdicts.front().verdict, Verdict::Unknown);
    EXPECT_TRUE(mentions(report.verdicts.front().reasons, "the proof was interrupted"));
}

// Where time is counted in steps, a search that is stopped between two of its phases takes none any more.
TEST(Check, EndsSoonAfterItWasStoppedWhereverItIs) {
    const auto slow = compiled("slow.ilk", R"(
        contract Slow {
            mapping(uint256 => uint256) sums;
            uint256 count;
            function add(uint256 to, uint256 amount) external { unchecked { sums[to] += amount; count += to; } }
            function mix(uint256 a, uint256 b) external { unchecked { sums[a] = sums[b] * 3 + count; } }
            function pay() external payable { uint256 at = count; (bool ok, ) = msg.sender.call(""); count = at + (ok ? 1 : 2); }
        })");
    for (int moment = 0; moment < 40; ++moment) {
        std::atomic<bool> stop = false;
        CheckOptions options;
        options.timeout_seconds = 600;
        options.bounds.transactions = 8;
        options.bounds.calls = options.bounds.wide_calls = 12;
        options.bounds.macro_steps = 100'000;
        options.bounds.is_counted = true;
        options.bounds.states = 1000000000;
        options.stop = &stop;
        std::thread somebody([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(5 * moment));
            stop = true;
        });
        const Report report = check(slow, options);
        somebody.join();
        EXPECT_LT(report.seconds, 10);
    }
}

TEST(Check, GivesAVerdictOfEverythingEvenWhenItIsStoppedAtOnce) {
    const std::atomic<bool> stop = true;
    CheckOptions options;
    options.stop = &stop;
    const Report report = check(shipped("bank_mutex.ilk"), options);
    EXPECT_TRUE(report.is_interrupted);
    ASSERT_EQ(report.verdicts.size(), 3u);
    for (const PropertyVerdict& each : report.verdicts) {
        EXPECT_EQ(each.verdict, Verdict::Unknown) << each.property;
        EXPECT_TRUE(mentions(each.reasons, "interrupted")) << each.property;
    }
}

const std::string keeper = R"(
    contract Keeper {
        mapping(address => uint256) public owed;
        PROPERTIES
        function put() external payable { owed[msg.sender] += msg.value; }
        function take() external {
            uint256 due = owed[msg.sender];
            owed[msg.sender] = 0;
            (bool ok,) = msg.sender.call{value: due}("");
            require(ok);
        }
    })";
std::string keeper_that(const std::string& states) {
    std::string source = keeper;
    return source.replace(source.find("PROPERTIES"), 10, states);
}
std::vector<std::string> properties_in(const Report& report) {
    std::vector<std::string> names;
    for (const PropertyVerdict& each : report.verdicts)
        names.push_back(std::string(to_string(each.which.kind)) + " " + each.property);
    return names;
}
using Names = std::vector<std::string>;

TEST(Check, SaysWhatHoldsThoughNobodyStatesIt) {
    const Report report = check(compiled("keeper.ilk", keeper_that("")));
    EXPECT_EQ(properties_in(report), (Names{"reentrancy reentrancy", "solvent solvent", "views views"}));
    EXPECT_TRUE(report.all_safe());
    EXPECT_EQ(verdict_of(report, "solvent").reasons, Names{"invariant! sum(owed) <= address(this).balance"});
    EXPECT_TRUE(report.found.empty());
    EXPECT_EQ(std::ranges::count(report.assumptions, "the fork is Cancun"), 1);  // of the proof of `solvent` alone
    const std::string text = to_text(report, *compiled("keeper.ilk", keeper_that(""))->sources, {}, {});
    EXPECT_NE(text.find("Keeper.solvent     S001  proved: invariant! sum(owed) <= address(this).balance\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("Keeper.views       S001  proved: asked during any call"), std::string::npos) << text;
}

TEST(Check, WhatIsStatedIsNotSaidTwice) {
    const Report report =
        check(compiled("keeper.ilk", keeper_that("invariant solvent: sum(owed) <= address(this).balance;")));
    EXPECT_EQ(properties_in(report), (Names{"invariant solvent", "views views"}));
    // Also where it says something else, and could not be proved.
    CheckOptions options;
    options.bounds.states = 100;
    const Report other = check(compiled("keeper.ilk", keeper_that("invariant solvent: owed[address(1)] != 77;")), options);
    EXPECT_EQ(std::ranges::count(properties_in(other), "solvent solvent"), 0);
}

TEST(Check, OnlyWhatMakesAContractSolventIsSaidOfThat) {
    CheckOptions options;
    options.bounds.states = 100;
    std::string source = keeper_that("uint256 total; invariant odd: total != 77;");
    source.replace(source.find("msg.value;"), 10, "msg.value; total += msg.value;");
    source.replace(source.find("= 0;"), 4, "= 0; total -= due;");
    const Report report = check(compiled("keeper.ilk", source), options);
    EXPECT_EQ(verdict_of(report, "solvent").reasons, Names{"invariant! sum(owed) <= address(this).balance"});
    EXPECT_EQ(report.found,
              (Names{"Keeper: invariant! total <= address(this).balance", "Keeper: invariant! sum(owed) == total"}));
}

TEST(Check, WhatIsOwedAndNotThereIsNotSolvent) {
    CheckOptions options;
    options.bounds.states = 100;
    const Report report =
        check(compiled("keeper.ilk", keeper_that("function gift(address to) external { owed[to] += 1; }")), options);
    EXPECT_EQ(properties_in(report), (Names{"reentrancy reentrancy", "views views"}));
}

TEST(Check, ThatNothingIsKnownOfViewsLeavesTheRestSafe) {
    const Report report = check(compiled("loop.ilk", R"(
        contract Loop {
            mapping(address => uint256) public owed;
            function put() external payable { owed[msg.sender] += msg.value; }
            function all(address[] calldata to) external {
                for (uint256 i; i < to.length; ++i) {
                    uint256 due = owed[to[i]];
                    owed[to[i]] = 0;
                    (bool ok,) = to[i].call{value: due}("");
                    require(ok);
                }
            }
        })"));
    EXPECT_EQ(verdict_of(report, "reentrancy").verdict, Verdict::Safe);
    EXPECT_EQ(verdict_of(report, "views").verdict, Verdict::Unknown);
    EXPECT_TRUE(report.all_safe());
}

TEST(Check, SaysWhichLimitEndedTheSearch) {
    CheckOptions options;
    options.bounds.states = 50;
    const auto compilation = shipped("bank_checked.ilk");
    EXPECT_TRUE(mentions(check(compilation, options).verdicts.front().reasons, "at its limit of 50 states"));
    options.bounds.states = 100'000;
    options.bounds.macro_steps = 60;
    EXPECT_TRUE(mentions(check(compilation, options).verdicts.front().reasons, "at its limit of 60 steps of the VM"));
    options.bounds = {};
    options.timeout_seconds = 0;
    EXPECT_NE(check(compilation, options).stats.end, SearchEnd::Bounds);
}

// Where a number of steps is the limit, nothing depends on the clock.
TEST(Check, TheSameStepsAreTheSameSearch) {
    CheckOptions options;
    options.bounds.macro_steps = 20'000;
    options.bounds.is_counted = true;
    options.timeout_seconds = 600;
    const auto compilation = shipped("lessons/read_only_fixed.ilk");
    const Report first = check(compilation, options), second = check(compilation, options);
    EXPECT_EQ(first.stats.states, second.stats.states);
    EXPECT_EQ(first.stats.macro_steps, second.stats.macro_steps);
    EXPECT_EQ(first.stats.branches_taken, second.stats.branches_taken);
    EXPECT_EQ(first.stats.end, SearchEnd::MacroSteps);
    EXPECT_GT(first.stats.branches_taken, first.stats.branches / 3);
    EXPECT_LE(first.stats.branches_taken, first.stats.branches);
}

TEST(Check, TellsItsProgressAtMostTenTimesASecond) {
    CheckOptions options;
    std::uint32_t lines = 0;
    options.progress = [&](std::string_view) { ++lines; };
    const Report report = check(shipped("dao_fixed.ilk"), options);
    EXPECT_GE(lines, 1u);
    EXPECT_LE(lines, 1 + report.seconds * 10);
}

// A contract may say itself whether all is well.
TEST(Check, AsksFunctionsThatAreNamedAsInvariants) {
    const auto bank = [](const std::string& before, const std::string& after) {
        return checked(R"(
            contract Bank {
                mapping(address => uint256) owed; uint256 total; uint256 times;
                function put() external payable { owed[msg.sender] += msg.value; total += msg.value; }
                function take() external {
                    uint256 a = owed[msg.sender];
                    )" + before +
                           "(bool ok, ) = msg.sender.call{value: a}(\"\"); require(ok);" + after + R"(
                }
                function count() external { times++; }
                function invariant_covered() external view returns (bool) { return address(this).balance >= total; }
                function invariant_few() external view { require(times < 2); }
                function invariant_of(uint256 n) external view returns (bool) { return n == times; }
            })",
                       2);
    };
    const Report open = bank("", "if (owed[msg.sender] != 0) { owed[msg.sender] = 0; total -= a; }"),
                 shut = bank("owed[msg.sender] = 0; total -= a;", "");
    EXPECT_EQ(verdict_of(open, "invariant_covered").verdict, Verdict::Exploit);
    EXPECT_EQ(verdict_of(open, "invariant_covered").kind, "reentrancy");
    EXPECT_EQ(verdict_of(shut, "invariant_covered").verdict, Verdict::Unknown);
    EXPECT_EQ(verdict_of(shut, "reentrancy").verdict, Verdict::Safe);
    for (const Report* each : {&open, &shut}) {
        EXPECT_EQ(verdict_of(*each, "invariant_few").id, "I001");
        EXPECT_TRUE(std::ranges::none_of(each->verdicts, [](const auto& one) { return one.property == "invariant_of"; }));
        for (const Trace& attack : each->attacks) EXPECT_TRUE(replay(to_json(attack)).repeats);
    }
    const PropertyVerdict& few = verdict_of(shut, "invariant_few");
    EXPECT_EQ(summary_of(shut.attacks.at(few.attack.value())), "breaks `invariant_few`");
}

}  // namespace
}  // namespace interlock::analyzer::tests
