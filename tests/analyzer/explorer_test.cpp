// The search: what it finds, what it does not, and that it leaves everything as it was.
#include "analyzer/explorer/explorer.hpp"

#include "chain/genesis.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

struct Searched {
    std::vector<SuspectedAttack> suspects;
    SearchStats stats;
};

Searched search(const std::shared_ptr<const lang::Compilation>& compilation, SearchBounds bounds = {}) {
    std::vector<Root> roots = systems_of(compilation);
    std::erase_if(roots, [](const Root& root) { return !root.prelude.empty(); });
    bounds.is_guided = false;  // which depends on the time
    bounds.calls = std::min(bounds.calls, 4u);
    bounds.wide_calls = std::min(bounds.wide_calls, 3u);
    Searched searched;
    ExplorerHooks hooks;
    hooks.confirm = [&](Root&, const Purse&, const SuspectedAttack& suspect) {
        searched.suspects.push_back(suspect);
        return true;
    };
    searched.stats = explore(roots, bounds, hooks);
    return searched;
}

TEST(Explorer, FindsTheShortestAttackOnTheBankFirst) {
    const Searched searched = search(shipped("bank.ilk"));
    ASSERT_FALSE(searched.suspects.empty());
    const SuspectedAttack& first = searched.suspects.front();
    EXPECT_EQ(first.gain.front(), chain::ether);
    EXPECT_EQ(first.broken.size(), 1u);
    EXPECT_LE(first.plan.size(), 3u);  // alice pays in; she pays in and withdraws, in one transaction or in two
    EXPECT_TRUE(first.plan.back().is_attack);
    EXPECT_EQ(reentries(first.plan), 1u);
}

TEST(Explorer, FindsNothingWhereTheDebitComesFirst) {
    const Searched searched = search(shipped("bank_fixed.ilk"));
    EXPECT_TRUE(searched.suspects.empty());
    EXPECT_TRUE(searched.stats.exhausted());
}

TEST(Explorer, FindsNothingWhereCheckedArithmeticRevertsTheTheft) {
    EXPECT_TRUE(search(shipped("bank_checked.ilk")).suspects.empty());
}

TEST(Explorer, FindsNothingBehindAMutex) { EXPECT_TRUE(search(shipped("bank_mutex.ilk")).suspects.empty()); }

TEST(Explorer, ComesToTheSameCountsEveryTime) {
    SearchBounds bounds;
    bounds.calls = bounds.wide_calls = 3;
    const auto compilation = shipped("dao_fixed.ilk");
    const Searched a = search(compilation, bounds), b = search(compilation, bounds);
    EXPECT_EQ(a.stats.states, b.stats.states);
    EXPECT_EQ(a.stats.macro_steps, b.stats.macro_steps);
    EXPECT_GT(a.stats.states, 100u);
}

TEST(Explorer, FindsWithTwoThreadsWhatItFindsWithOne) {
    for (const bool is_vulnerable : {true, false}) {
        const auto compilation =
            shipped(is_vulnerable ? "lessons/guard_unlockable.ilk" : "lessons/guard_unlockable_fixed.ilk");
        for (const unsigned threads : {1U, 2U, 5U}) {
            std::vector<Root> roots = systems_of(compilation);
            SearchBounds bounds;
            bounds.threads = threads;
            std::size_t confirmed = 0;
            ExplorerHooks hooks;
            hooks.confirm = [&](Root& root, const Purse& purse, const SuspectedAttack& suspect) {
                return ++confirmed, still_harms(root.world, purse, suspect.plan, suspect, {});
            };
            hooks.deadline = Deadline(is_vulnerable ? 120 : 1.5);
            const SearchStats stats = explore(roots, bounds, hooks);
            EXPECT_EQ(confirmed, is_vulnerable ? 1u : 0u) << threads;  // one attack is enough
            EXPECT_GT(stats.states, 0u);
            EXPECT_EQ(stats.replays, confirmed);
        }
    }
}

TEST(Explorer, EndsWithAnyNumberOfThreadsAtItsLimitOfSteps) {
    for (const unsigned threads : {1U, 3U}) {
        std::vector<Root> roots = systems_of(shipped("lessons/flash_loan_fixed.ilk"));
        SearchBounds bounds;
        bounds.threads = threads;
        bounds.macro_steps = 3'000;
        ExplorerHooks hooks;
        hooks.confirm = [](Root&, const Purse&, const SuspectedAttack&) { return true; };
        const SearchStats stats = explore(roots, bounds, hooks);
        EXPECT_EQ(stats.end, SearchEnd::MacroSteps);
        EXPECT_LT(stats.macro_steps, 3'100u);
    }
}

TEST(Explorer, EndsWithSeveralThreadsWhenItsTimeIsUp) {
    for (const char* const name : {"hook_777_fixed", "read_only_fixed", "loop_payout_fixed", "flash_loan_fixed"}) {
        std::vector<Root> roots = systems_of(shipped("lessons/" + std::string(name) + ".ilk"));
        SearchBounds bounds;
        bounds.threads = 2;
        ExplorerHooks hooks;
        hooks.confirm = [](Root&, const Purse&, const SuspectedAttack&) { return false; };
        hooks.deadline = Deadline(0.8);
        EXPECT_LT(explore(roots, bounds, hooks).seconds, 60) << name;
    }
}

TEST(Explorer, SaysWhenItStoppedAtItsLimit) {
    SearchBounds bounds;
    bounds.states = 50;
    const Searched searched = search(shipped("bank_fixed.ilk"), bounds);
    EXPECT_FALSE(searched.stats.exhausted());
    EXPECT_LT(searched.stats.states, 200u);
}

TEST(Explorer, LeavesTheWorldAsItWasButForTheAttackersCapital) {
    std::vector<Root> roots{{deployed(shipped("bank.ilk")), {}}};
    World untouched = roots.front().world;
    untouched.place_attacker();
    ExplorerHooks hooks;
    hooks.confirm = [](Root&, const Purse&, const SuspectedAttack&) { return false; };
    SearchBounds bounds;
    bounds.calls = bounds.wide_calls = 3;
    bounds.is_guided = false;
    (void)explore(roots, bounds, hooks);
    EXPECT_EQ(roots.front().world.state().root(), untouched.state().root());
}

TEST(Explorer, SeesThatAStipendOfGasIsTooLittleToCallBack) {
    const auto compilation = compiled("bank.ilk", R"(
        contract Bank {
            mapping(address => uint256) balances;
            function deposit() external payable { balances[msg.sender] += msg.value; }
            function withdraw(uint256 amount) external {
                require(balances[msg.sender] >= amount);
                payable(msg.sender).transfer(amount);
                unchecked { balances[msg.sender] -= amount; }
            }
        })");
    EXPECT_TRUE(search(compilation).suspects.empty());
}

TEST(Explorer, FindsAReentryThroughAnotherFunction) {
    const auto compilation = compiled("bank.ilk", R"(
        contract Bank {
            mapping(address => uint256) balances;
            bool busy;
            function deposit() external payable { balances[msg.sender] += msg.value; }
            function move(address to, uint256 amount) external {
                balances[msg.sender] -= amount;
                balances[to] += amount;
            }
            function withdrawAll() external {
                require(!busy);
                busy = true;
                uint256 amount = balances[msg.sender];
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                balances[msg.sender] = 0;
                busy = false;
            }
            invariant solvent: sum(balances) <= address(this).balance;
        })");
    const Searched searched = search(compilation);
    ASSERT_FALSE(searched.suspects.empty());
    EXPECT_GE(reentries(searched.suspects.front().plan), 1u);
}

TEST(Explorer, CutsRunsThatYieldAgainAndAgain) {
    const auto compilation = compiled("endless.ilk", R"(
        interface H { function hook(uint256 n) external returns (uint256); }
        contract Endless {
            uint256 x;
            function f(H h) external payable { while (true) x = h.hook(1); }
        })");
    SearchBounds bounds;
    bounds.states = 3'000;
    const Searched searched = search(compilation, bounds);
    EXPECT_TRUE(searched.suspects.empty());
    EXPECT_GT(searched.stats.dropped_calls, 0u);
}

TEST(Explorer, ReachesTheAttackerInsideAnHonestUsersTransaction) {
    // Whoever is outbid is paid back inside the next bidder's call: control reaches her there, and she bids again.
    const auto compilation = compiled("auction.ilk", R"(
        contract Auction {
            address leader;
            uint256 best;
            uint256 rounds;
            bool paying;
            function bid() external payable {
                require(msg.value >= best);
                if (leader != address(0)) {
                    paying = true;
                    (bool ok, ) = leader.call{value: best}("");
                    require(ok);
                    paying = false;
                }
                leader = msg.sender;
                best = msg.value;
            }
            function note() external { if (paying) rounds += 1; }
            invariant calm: rounds == 0;
        })");
    const Searched searched = search(compilation);
    ASSERT_FALSE(searched.suspects.empty());
    EXPECT_EQ(searched.suspects.front().broken.size(), 1u);
}

TEST(Explorer, CallsABrokenInvariantWithoutReentryByThatName) {
    const Searched searched = search(compiled("c.ilk", R"(
        contract C { uint256 n; function inc() external { n += 1; } invariant small: n < 2; })"));
    ASSERT_FALSE(searched.suspects.empty());
    EXPECT_FALSE(searched.suspects.front().is_reentrant());
    ASSERT_EQ(searched.suspects.front().plan.size(), 1u);  // two calls in one transaction
    EXPECT_EQ(searched.suspects.front().plan.front().activations.front().calls.size(), 2u);
}

}  // namespace
}  // namespace interlock::analyzer::tests
