// Warnings: what the search remarks beside attacks by re-entry. None changes a verdict.
#include "analyzer/prover/callback_free.hpp"
#include "check_fixture.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::vector<std::string> ids_of(const Report& report) {
    std::vector<std::string> ids;
    for (const Warning& warning : report.warnings) ids.push_back(warning.id);
    return ids;
}

Report checked_file(const std::string& path) { return check(compiled(path, contents(path)), {}); }

using Ids = std::vector<std::string>;

TEST(Warnings, TheAnswerPaysWhoeverEnteredLast) {
    const Report report = checked_file("contracts/block_king.ilk");
    ASSERT_EQ(ids_of(report), Ids{"W502"});
    EXPECT_EQ(report.warnings[0].contract, "BlockKing");
    EXPECT_GE(report.warnings[0].steps.size(), 3u);
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(ids_of(checked_file("contracts/block_king_fixed.ilk")), Ids{});
}

constexpr const char* till = R"(
    contract Till {
        address payable immutable owner = payable(msg.sender);
        receive() external payable {}
        function drain() external { GUARD payable(msg.sender).transfer(address(this).balance); }
    }
)";

std::string till_with(const std::string& guard) {
    std::string source = till;
    return source.replace(source.find("GUARD"), 5, guard);
}

TEST(Warnings, AnybodyMayDrainTheTill) {
    const Report report = checked(till_with(""), 3);
    ASSERT_EQ(ids_of(report), Ids{"W501"});
    EXPECT_EQ(report.warnings[0].steps,
              (std::vector<std::string>{"alice Till.receive() with 10 ether", "mallory Till.drain()"}));
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(ids_of(checked(till_with("require(msg.sender == owner);"))), Ids{});
}

TEST(Warnings, ThatSheIsPaidWhatAnHonestUserGivesHerIsNone) {
    EXPECT_EQ(ids_of(checked(R"(
        contract Gifts {
            mapping(address => uint256) public due;
            function give(address to) external payable { due[to] += msg.value; }
            function take() external { uint256 amount = due[msg.sender]; due[msg.sender] = 0; payable(msg.sender).transfer(amount); }
        })")),
              Ids{});
}

std::string pool_with(const std::string& before, const std::string& after) {
    return R"(
    contract Pool {
        uint256 public supply;
        mapping(address => uint256) shares;
        bool locked;
        modifier guarded() { require(!locked); locked = true; _; locked = false; }
        function join() external payable guarded { shares[msg.sender] += msg.value; supply += msg.value; }
        function leave(uint256 amount) external guarded {
            shares[msg.sender] -= amount;
            )" +
           before + R"(
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
            )" +
           after + R"(
        }
        function price() external view returns (uint256) { return supply == 0 ? 1 ether : address(this).balance * 1 ether / supply; }
    })";
}

TEST(Warnings, TheViewAnswersSomethingElseDuringTheCall) {
    const Report report = checked(pool_with("", "supply -= amount;"));
    ASSERT_EQ(ids_of(report), Ids{"W503"});
    EXPECT_NE(report.warnings[0].message.find("`Pool.price` answers 909"), std::string::npos) << report.warnings[0].message;
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(ids_of(checked(pool_with("supply -= amount;", ""))), Ids{});
}

// No run asks a view of two arguments, so only the proof says something.
TEST(Warnings, AViewThatMayBeTornIsNamedWithTheCall) {
    const auto part = [](const std::string& before, const std::string& after) {
        return "contract C { uint256 x; uint256 y;\nbool locked; function f() external { require(!locked); locked = true;" +
               before + "(bool ok,) = msg.sender.call(\"\"); require(ok);" + after +
               "locked = false; } function sum(uint256 a, uint256 b) external view returns (uint256) { return a * x + b * "
               "y; "
               "} }";
    };
    const Report report = checked(part("x += 1;", "y += 1;"), 3);
    ASSERT_EQ(ids_of(report), Ids{"W505"});
    EXPECT_EQ(report.warnings[0].contract, "C");
    EXPECT_EQ(report.warnings[0].message,
              "`C.sum` can be asked during the call at c.ilk:2, where `x` is as after it and `y` still as before");
    ASSERT_EQ(report.verdicts.size(), 1u);
    EXPECT_EQ(report.verdicts[0].property, "reentrancy");
    EXPECT_TRUE(report.all_safe());
    const Report whole = checked(part("x += 1; y += 1;", ""), 3);
    EXPECT_EQ(ids_of(whole), Ids{});
    ASSERT_EQ(whole.verdicts.size(), 2u);
    EXPECT_EQ(whole.verdicts[1].which.kind, PropertyKind::Views);
    EXPECT_EQ(whole.verdicts[1].verdict, Verdict::Safe);
}

// What a contract does before and after it pays, in every order, and what its views say of it.
TEST(Warnings, NoViewIsProvedThatARunShowsToBeOdd) {
    std::vector<std::string> does{"a -= v;", "b[msg.sender] -= v;",
                                  "(bool ok,) = msg.sender.call{value: v}(\"\"); require(ok);", "n += 1;"};
    std::ranges::sort(does);
    int proved = 0, odd = 0;
    do {
        std::string body;
        for (const std::string& each : does) body += each + ' ';
        for (const char* view : {"a", "b[msg.sender]", "a + n", "address(this).balance", "address(this).balance * 7 + a"}) {
            const auto compilation = compiled(
                "c.ilk",
                "contract C { uint256 a; mapping(address => uint256) b; uint256 n; bool locked; modifier alone() { "
                "require(!locked); locked = true; _; locked = false; } function put() external payable alone { a += "
                "msg.value; b[msg.sender] += msg.value; } function take(uint256 v) external alone { " +
                    body + "} function view_of() external view returns (uint256) { return " + view + "; } }");
            CheckOptions options;
            options.bounds.states = 400;
            const Report report = check(compilation, options);
            std::vector<const lang::ir::Contract*> contracts{compilation->artifacts[0].ir.get()};
            const ViewsProof views = prove_callback_freedom(contracts, *compilation->sources, Deadline()).front().views;
            const bool is_odd = std::ranges::count(ids_of(report), "W503") != 0;
            proved += views.is_proved() ? 1 : 0;
            odd += is_odd ? 1 : 0;
            EXPECT_FALSE(views.is_proved() && is_odd) << body << view;
        }
    } while (std::ranges::next_permutation(does).found);
    EXPECT_GT(proved, 60);
    EXPECT_GT(odd, 10);
}

TEST(Warnings, ACallbackLeadsWhereNoOrderOfTheCallsDoes) {
    const Report report = checked(R"(
        contract Counted {
            uint256 rounds;
            uint256 done;
            function go() external {
                uint256 seen = rounds;
                (bool ok, ) = msg.sender.call("");
                require(ok);
                rounds = seen + 1;
                done += 1;
            }
        })");
    EXPECT_EQ(ids_of(report), Ids{"W504"});
}

}  // namespace
}  // namespace interlock::analyzer::tests
