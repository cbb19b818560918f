// Attacks that gain no ether by themselves: a limit that is passed, a pledge taken back beside the loan; and what it
// takes to find them: answers that differ, time that passes twice, honest people who prepare.
#include "analyzer/explorer/serial_limit.hpp"
#include "chain/genesis.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// Votes are counted after the voter was told.
std::string ballot(const std::string& before, const std::string& after) {
    return R"(
        interface IVoter { function onVote(uint256 choice) external; }
        contract Ballot {
            mapping(address => uint256) public votesOf;
            mapping(uint256 => uint256) count;
            function vote(uint256 choice) external {
                require(votesOf[msg.sender] < 1, "once");
                )" +
           before + R"(
                IVoter(msg.sender).onVote(choice);
                )" +
           after + R"(
            }
        })";
}
constexpr const char* counting = "votesOf[msg.sender] += 1; count[choice] += 1;";

// One of each thing for everybody; the receiver is told before or after it is noted.
std::string things(const std::string& before, const std::string& after) {
    return R"(
        interface ITaker { function onTaken(uint256 id) external; }
        contract Things {
            mapping(uint256 => mapping(address => uint256)) public held;
            function take(uint256 id) external {
                require(held[id][msg.sender] < 1, "once");
                )" +
           before + R"(
                ITaker(msg.sender).onTaken(id);
                )" +
           after + R"(
            }
        })";
}

TEST(Limit, IsOnOneThingOfMany) {
    const Report report = checked(things("", "held[id][msg.sender] += 1;"));
    ASSERT_EQ(report.attacks.size(), 1u);
    const Trace& trace = report.attacks.front();
    ASSERT_TRUE(trace.script.limit);
    EXPECT_EQ(trace.script.limit->view, "held");
    EXPECT_TRUE(trace.script.limit->id);
    EXPECT_TRUE(trace.script.limit->is_id_first);
    EXPECT_EQ(trace.script.limit->limit, Word{1});
    EXPECT_TRUE(replay(to_json(trace)).repeats);
    EXPECT_FALSE(checked(things("held[id][msg.sender] += 1;", ""), 4).has_exploit());
}

// Who has saved a coin has another one from her accomplice, or the same one again: that is no more.
TEST(Limit, CountsWhatIsHandedToHer) {
    World world = deployed(compiled("c.ilk", R"(
        contract Box {
            mapping(address => bool) claimed;
            mapping(address => uint256) public coins;
            mapping(address => uint256) public saved;
            function claim() external payable { require(!claimed[msg.sender]); claimed[msg.sender] = true; coins[msg.sender] += 1; }
            function take(uint256 n) external { saved[msg.sender] -= n; coins[msg.sender] += n; }
            function save(uint256 n) external { coins[msg.sender] -= n; saved[msg.sender] += n; }
            function pass(address to, uint256 n) external { coins[msg.sender] -= n; coins[to] += n; }
        })"));
    world.place_attacker();
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    const Observations observations;
    Candidates candidates(world, observations);
    const Purse purse(world);
    const auto saved = std::ranges::find(purse.ledgers(), "saved", &Ledger::view);
    ASSERT_NE(saved, purse.ledgers().end());
    PlannedTransaction accomplices, hers;
    accomplices.sender = World::accomplice;
    accomplices.call = call_of(world, "claim");
    hers.is_attack = true;
    hers.activations.emplace_back().calls = {call_of(world, "claim"), call_of(world, "save", {lang::abi::Data{Word{1}}})};
    EXPECT_EQ(serial_limit(world, candidates, purse, *saved, {accomplices, hers}, {}), Word{2});
}

TEST(Limit, IsPassedByAReentry) {
    const Report report = checked(ballot("", counting));
    ASSERT_TRUE(report.has_exploit());
    ASSERT_EQ(report.attacks.size(), 1u);
    const Trace& trace = report.attacks.front();
    EXPECT_EQ(trace.script.id, finding_id::reentrant_excess);
    ASSERT_TRUE(trace.script.limit);
    EXPECT_EQ(trace.script.limit->view, "votesOf");
    EXPECT_EQ(trace.script.limit->limit, Word{1});
    EXPECT_TRUE(trace.passes_limit());
    EXPECT_TRUE(replay(to_json(trace)).repeats);
}

TEST(Limit, IsKeptIfItIsCountedBefore) { EXPECT_FALSE(checked(ballot(counting, ""), 4).has_exploit()); }

// The same number is reached by more calls one after the other: nothing is passed.
TEST(Limit, IsNoneWhereCallsReachAsMuch) {
    EXPECT_FALSE(checked(R"(
        interface IGuest { function onVisit(uint256 visits) external; }
        contract Book {
            mapping(address => uint256) public visitsOf;
            function visit() external {
                uint256 before = visitsOf[msg.sender];
                IGuest(msg.sender).onVisit(before);
                visitsOf[msg.sender] += before + 1;
            }
        })",
                         4)
                     .has_exploit());
}

TEST(Limit, IsReadOnlyWhereATraceNamesAContract) {
    const Report report = checked(ballot("", counting));
    ASSERT_TRUE(report.has_exploit());
    std::string text = to_json(report.attacks.front());
    const std::string named = R"("contract": "Ballot",
  "view")";
    const auto at = text.find(named);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, named.size(), R"("contract": "Nobody",
  "view")");
    EXPECT_FALSE(replay(text).repeats);
}

// The loan and the pledge, each of which she could have alone.
TEST(Pledge, IsTakenBackBesideTheLoan) {
    const auto bank = [](const std::string& early, const std::string& late) {
        return R"(
        interface IERC20 {
            function transfer(address to, uint256 value) external returns (bool);
            function transferFrom(address from, address to, uint256 value) external returns (bool);
        }
        contract Pawnshop {
            IERC20 immutable gold;
            mapping(address => uint256) pledged;
            mapping(address => uint256) owed;
            constructor(IERC20 g) { gold = g; }
            receive() external payable {}
            function pledge(uint256 v) external { pledged[msg.sender] += v; require(gold.transferFrom(msg.sender, address(this), v)); }
            function redeem(uint256 v) external {
                pledged[msg.sender] -= v;
                require(owed[msg.sender] <= pledged[msg.sender] / 2);
                require(gold.transfer(msg.sender, v));
            }
            function borrow(uint256 v) external {
                require(owed[msg.sender] + v <= pledged[msg.sender] / 2);
                )" +
               early + R"(
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
                )" +
               late + R"(
            }
            function repay() external payable { owed[msg.sender] -= msg.value; }
        })";
    };
    EXPECT_TRUE(checked(bank("", "owed[msg.sender] += v;")).has_exploit());
    EXPECT_FALSE(checked(bank("owed[msg.sender] += v;", ""), 4).has_exploit());
}

// In one transaction she says yes, in another one no, and acts in one of them.
TEST(Answers, DifferFromOneTransactionToTheNext) {
    const Report report = checked(R"(
        interface ISaver { function onEnd(uint256 amount) external payable returns (bool again); }
        contract Savings {
            mapping(address => uint256) savings;
            mapping(address => uint256) end;
            receive() external payable {}
            function save() external payable { savings[msg.sender] += msg.value; end[msg.sender] = block.timestamp + 1 days; }
            function finish() external {
                uint256 amount = savings[msg.sender];
                require(amount > 0 && block.timestamp >= end[msg.sender], "early");
                uint256 before = address(this).balance;
                savings[msg.sender] = 0;
                if (ISaver(msg.sender).onEnd{value: amount}(amount)) {
                    require(address(this).balance >= before, "not given back");
                    savings[msg.sender] += amount;
                    end[msg.sender] = block.timestamp + 1 days;
                }
            }
        })",
                                  60);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u);
}

// Honest people open the sale and pay before there is anything to take.
TEST(Prelude, OpensWhatIsClosed) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Club {
            address chair = msg.sender;
            bool open;
            uint256 constant FEE = 0.3 ether;
            function begin() external { require(msg.sender == chair); open = true; }
            function join() external payable { require(open && msg.value == FEE); }
        })"));
    ASSERT_EQ(roots.front().prelude.size(), 2u);
    EXPECT_EQ(roots.front().prelude[0].sender, World::owner_index);
    EXPECT_EQ(roots.front().prelude[1].call.value, Word{3} * chain::ether / Word{10});
}

// Two accounts may have one each, and no account is given two.
std::string badges(const std::string& before, const std::string& after) {
    return R"(
        interface IReceiver { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }
        contract Badges {
            uint256 count;
            mapping(uint256 => address) public ownerOf;
            mapping(address => uint256) public balanceOf;
            mapping(address => bool) had;
            function transferFrom(address from, address to, uint256 id) external {
                require(ownerOf[id] == from && msg.sender == from);
                ownerOf[id] = to;
                balanceOf[from] -= 1;
                balanceOf[to] += 1;
            }
            function mint() external {
                require(!had[msg.sender], "once");
                )" +
           before + R"(
                uint256 id = ++count;
                ownerOf[id] = msg.sender;
                balanceOf[msg.sender] += 1;
                if (msg.sender.code.length > 0)
                    require(IReceiver(msg.sender).onERC721Received(msg.sender, address(0), id, "") == IReceiver.onERC721Received.selector);
                )" +
           after + R"(
            }
        })";
}

TEST(Limit, IsPassedWithoutAnythingPassedOn) {
    const Report report = checked(badges("", "had[msg.sender] = true;"));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(badges("had[msg.sender] = true;", ""), 6).has_exploit());
}

// Whoever names her as the converter has to believe her: she keeps what she gets, all but the wei that has to come back, and says
// that it was used.
TEST(Limit, IsNotWhatSomebodyHasToBelieve) {
    EXPECT_FALSE(checked(R"(
        interface IConverter { function convert(address owner) external payable returns (uint256 used); }
        contract Deposits {
            mapping(address => uint256) public deposits;
            uint256 returned;
            bool busy;
            receive() external payable { returned += msg.value; }
            function deposit() external payable { deposits[msg.sender] += msg.value; }
            function withdrawVia(IConverter converter, uint256 amount) external {
                require(!busy && amount > 0);
                busy = true;
                returned = 0;
                deposits[msg.sender] -= amount;
                uint256 used = converter.convert{value: amount}(msg.sender);
                require(used < amount && returned >= amount - used);
                deposits[msg.sender] += amount - used;
                busy = false;
            }
        })",
                         8)
                     .has_exploit());
}

// Who says how much of his tokens goes to a converter that he names, and for how little, has no more to lose. What she sends back
// meanwhile works in no order.
TEST(Limit, IsWhatSomebodyPaidHerByName) {
    EXPECT_FALSE(checked(R"(
        interface IToken {
            function balanceOf(address who) external view returns (uint256);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        interface IConverter { function convert(address from, uint256 amount, address to) external; }
        contract Fund {
            IToken immutable token;
            uint256 public total;
            mapping(address => uint256) public shares;
            bool busy;
            constructor(IToken token_) { token = token_; }
            function depositVia(IConverter converter, IToken from, uint256 amount, uint256 least) external {
                require(!busy && least > 0);
                busy = true;
                uint256 before = token.balanceOf(address(this));
                from.transferFrom(msg.sender, address(converter), amount);
                converter.convert(address(from), amount, address(this));
                uint256 received = token.balanceOf(address(this)) - before;
                require(received >= least);
                shares[msg.sender] += received;
                total += received;
                busy = false;
            }
        })",
                         4)
                     .has_exploit());
}

// Two of one thing make one of another, which its owner is told of. Nothing is of ether here.
std::string workshop(const std::string& before, const std::string& after) {
    return R"(
        interface ITaker { function onItem(uint256 id, uint256 n) external; }
        contract Workshop {
            mapping(uint256 => mapping(address => uint256)) public balanceOf;
            mapping(address => bool) public began;
            function begin() external { require(!began[msg.sender]); began[msg.sender] = true; balanceOf[1][msg.sender] = 2; }
            function craft() external {
                require(balanceOf[1][msg.sender] >= 2, "two");
                )" +
           before + R"(
                balanceOf[2][msg.sender] += 1;
                if (msg.sender.code.length > 0) ITaker(msg.sender).onItem(2, 1);
                )" +
           after + R"(
            }
            function pass(address to, uint256 id, uint256 n) external {
                balanceOf[id][msg.sender] -= n;
                balanceOf[id][to] += n;
            }
        })";
}

TEST(Limit, IsOnThingsThatAreKeptByTheirNumbersFirst) {
    const Report report = checked(workshop("", "balanceOf[1][msg.sender] = 0;"));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(workshop("balanceOf[1][msg.sender] = 0;", ""), 4).has_exploit());
}

// What everybody is given once is taken twice.
TEST(Limit, IsPassedWhereAGrantIsTakenTwice) {
    const Report report = checked(R"(
        contract Welcome {
            mapping(address => bool) welcomed;
            constructor() payable {}
            function welcome() external {
                require(!welcomed[msg.sender]);
                (bool ok, ) = msg.sender.call{value: 0.1 ether}("");
                require(ok);
                welcomed[msg.sender] = true;
            }
        })");
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
}

// Any stake pays the reward, which who bails out gives up: she takes it first, whatever she brings, and then bails out.
TEST(Limit, WhatNeighbouringCallsGiveInAnotherOrderIsNoGain) {
    EXPECT_FALSE(checked(R"ilk(
        interface IToken { function transfer(address, uint256) external returns (bool); function transferFrom(address, address, uint256) external returns (bool); }
        contract Farm {
            struct User { uint256 amount; uint256 paid; }
            IToken immutable token;
            address immutable governor = msg.sender;
            uint256 rate; uint256 end; uint256 last; uint256 perShare; uint256 all;
            mapping(address => User) users;
            constructor(IToken t) { token = t; }
            function fund() external payable {
                require(msg.sender == governor);
                sync();
                rate = msg.value / 7 days;
                last = block.timestamp;
                end = block.timestamp + 7 days;
            }
            function stake(uint256 n) external {
                sync();
                User storage u = users[msg.sender];
                settle(u);
                require(token.transferFrom(msg.sender, address(this), n));
                u.amount += n;
                all += n;
                u.paid = u.amount * perShare / 1e27;
            }
            function unstake(uint256 n) external {
                sync();
                User storage u = users[msg.sender];
                settle(u);
                u.amount -= n;
                all -= n;
                u.paid = u.amount * perShare / 1e27;
                require(token.transfer(msg.sender, n));
            }
            function bail() external {
                sync();
                uint256 n = users[msg.sender].amount;
                delete users[msg.sender];
                all -= n;
                require(token.transfer(msg.sender, n));
            }
            function sync() private {
                uint256 t = block.timestamp < end ? block.timestamp : end;
                if (t < last) t = last;
                if (all > 0) perShare += (t - last) * rate * 1e27 / all;
                last = t;
            }
            function settle(User storage u) private {
                uint256 due = u.amount * perShare / 1e27 - u.paid;
                u.paid = u.amount * perShare / 1e27;
                if (due > 0) { (bool ok, ) = msg.sender.call{value: due}(""); require(ok); }
            }
        })ilk",
                         4.0)
                     .has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
