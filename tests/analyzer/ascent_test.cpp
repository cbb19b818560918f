// The ascent: attacks that become possible only after several calls of others, each with several numbers, and what honest
// people do not do for her on the way.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& steps) {
    const std::string place = "STEPS";
    return source.replace(source.find(place), place.size(), steps);
}

// `pay` comes before `write`, or behind it. Without it there is no attack, which is seen in little time or not at all.
void expect_attack_only_if_late(const std::string& source, const std::string& pay, const std::string& write) {
    const Report late = checked(with(source, pay + write));
    ASSERT_TRUE(late.has_exploit());
    EXPECT_EQ(late.stats.unconfirmed, 0u) << late.unconfirmed;
    for (const Trace& trace : late.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
    EXPECT_FALSE(checked(with(source, write + pay), 3).has_exploit());
}

const std::string farm = R"(
    interface IERC20 {
        function balanceOf(address) external view returns (uint256);
        function transfer(address to, uint256 amount) external returns (bool);
        function transferFrom(address from, address to, uint256 amount) external returns (bool);
    }
    contract Farm {
        struct Pool { IERC20 token; uint256 share; uint256 since; uint256 perToken; uint256 staked; }
        struct Stake { uint256 amount; uint256 debt; }
        address owner = msg.sender; IERC20 immutable crop; uint256 perSecond; uint256 public reserve; uint256 all;
        Pool[] public pools; mapping(uint256 => mapping(address => Stake)) public stakes;
        constructor(IERC20 aCrop, uint256 rate, IERC20 one, IERC20 two) {
            require(one != two && aCrop != one && aCrop != two);
            crop = aCrop; perSecond = rate; add(one, 60); add(two, 40);
        }
        function add(IERC20 token, uint256 share) internal { pools.push(Pool(token, share, block.timestamp, 0, 0)); all += share; }
        function set(uint256 id, uint256 share, uint16 limit) external {
            require(msg.sender == owner && limit <= 400);
            all = all - pools[id].share + share;
            pools[id].share = share;
        }
        function rate(uint256 more) external { require(msg.sender == owner); perSecond = more; }
        function pull(IERC20 token, uint256 amount) internal {
            call(token, abi.encodeWithSelector(token.transferFrom.selector, msg.sender, address(this), amount));
        }
        function push(IERC20 token, uint256 amount) internal {
            call(token, abi.encodeWithSelector(token.transfer.selector, msg.sender, amount));
        }
        function call(IERC20 token, bytes memory data) private {
            (bool ok, bytes memory answer) = address(token).call(data);
            require(ok && (answer.length == 0 || abi.decode(answer, (bool))));
        }
        function fund(uint256 amount) external { pull(crop, amount); reserve += amount; }
        function update(uint256 id) public {
            Pool storage p = pools[id];
            if (block.timestamp <= p.since) return;
            if (p.staked > 0) {
                uint256 more = (block.timestamp - p.since) * perSecond * p.share / all;
                if (more > reserve) more = reserve;
                reserve -= more;
                p.perToken += more * 1e12 / p.staked;
            }
            p.since = block.timestamp;
        }
        function stake(uint256 id, uint256 amount) external {
            pull(pools[id].token, amount);
            update(id);
            Stake storage s = stakes[id][msg.sender];
            s.debt += amount * pools[id].perToken / 1e12;
            s.amount += amount;
            pools[id].staked += amount;
        }
        function leave(uint256 id) external {
            uint256 amount = stakes[id][msg.sender].amount;
            delete stakes[id][msg.sender];
            pools[id].staked -= amount;
            push(pools[id].token, amount);
        }
        function harvest(uint256[] calldata ids) external {
            for (uint256 i = 0; i < ids.length; ++i) {
                update(ids[i]);
                Stake storage s = stakes[ids[i]][msg.sender];
                uint256 earned = s.amount * pools[ids[i]].perToken / 1e12;
                uint256 due = earned - s.debt;
                if (due == 0) continue;
                STEPS
            }
        }
    })",
                  pay_crop = "push(crop, due);", note_debt = "s.debt = earned;";

TEST(Ascent, OwnersOpenAndLetIn) {
    // Points come in lists, the round has three numbers, and all of it has to fit the ether that is there.
    expect_attack_only_if_late(R"(
        contract Drop {
            struct Round { uint64 opensAt; uint64 closesAt; uint128 perPoint; }
            address owner = msg.sender; Round round; uint256 total;
            mapping(address => uint256) points; mapping(address => bool) claimed;
            constructor() payable {}
            function setPoints(address[] calldata users, uint256[] calldata amounts) external {
                require(msg.sender == owner && users.length == amounts.length);
                for (uint256 i = 0; i < users.length; i++) points[users[i]] = amounts[i];
            }
            function open(uint64 delay, uint64 duration, uint128 perPoint) external {
                require(msg.sender == owner);
                round = Round(uint64(block.timestamp) + delay, uint64(block.timestamp) + delay + duration, perPoint);
            }
            function claim() external {
                require(block.timestamp >= round.opensAt && block.timestamp < round.closesAt);
                require(!claimed[msg.sender]);
                uint256 amount = points[msg.sender] * round.perPoint;
                require(amount > 0);
                STEPS
                total += amount;
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);",
                               "claimed[msg.sender] = true;");
}

TEST(Ascent, EarlyCallsMatterLater) {
    // What she pays in is read only when the sale is over, and it has to be less than the goal.
    expect_attack_only_if_late(R"(
        contract Sale {
            address owner = msg.sender; uint256 immutable goal; uint64 starts; uint64 ends; uint256 raised; bool over;
            mapping(address => uint256) paid;
            constructor(uint256 goal_) { goal = goal_; }
            function plan(uint64 startsIn, uint64 lasts) external {
                require(msg.sender == owner && starts == 0);
                starts = uint64(block.timestamp) + startsIn;
                ends = starts + lasts;
            }
            function pay() external payable {
                require(starts != 0 && block.timestamp >= starts && block.timestamp < ends && msg.value >= 0.01 ether);
                paid[msg.sender] += msg.value;
                raised += msg.value;
            }
            function close() external { require(ends != 0 && block.timestamp >= ends && !over); over = true; }
            function refund() external {
                require(over && raised < goal);
                uint256 amount = paid[msg.sender];
                require(amount > 0);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);", "paid[msg.sender] = 0;");
}

TEST(Ascent, OwnersRevealWhatTheyCommittedTo) {
    expect_attack_only_if_late(R"(
        contract Draw {
            address owner = msg.sender; bytes32 commitment; uint64 closes; uint256 sold; bool drawn; uint256 winning;
            mapping(uint256 => address) holder; bool paid;
            constructor() payable {}
            function open(uint64 lasts, bytes32 hash) external {
                require(msg.sender == owner && closes == 0);
                closes = uint64(block.timestamp) + lasts;
                commitment = hash;
            }
            function buy() external payable {
                require(block.timestamp < closes && msg.value == 1 ether);
                holder[sold++] = msg.sender;
            }
            function draw(bytes32 seed) external {
                require(msg.sender == owner && !drawn && sold > 0 && block.timestamp >= closes);
                require(keccak256(abi.encode(seed)) == commitment);
                drawn = true;
                winning = uint256(keccak256(abi.encode(seed, sold))) % sold;
            }
            function take() external {
                require(drawn && holder[winning] == msg.sender && !paid);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: 2 ether}(\"\"); require(ok);", "paid = true;");
}

// --- what is no attack ---

TEST(Ascent, NobodyGivesHerTokens) {
    // A token with hooks, and a desk with a lock that measures what it got: a donation in the hook counts as a deposit.
    const Report report = checked(R"(
        interface Sent { function tokensToSend(address from, address to, uint256 amount) external; }
        interface Got { function tokensReceived(address from, address to, uint256 amount) external; }
        contract Coin {
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            mapping(address => address) sendHook; mapping(address => address) receiveHook;
            constructor(uint256 supply) { balanceOf[msg.sender] = supply; }
            function setHooks(address onSend, address onReceive) external {
                sendHook[msg.sender] = onSend; receiveHook[msg.sender] = onReceive;
            }
            function approve(address who, uint256 v) external returns (bool) { allowance[msg.sender][who] = v; return true; }
            function transfer(address to, uint256 v) external returns (bool) { _move(msg.sender, to, v); return true; }
            function transferFrom(address from, address to, uint256 v) external returns (bool) {
                allowance[from][msg.sender] -= v; _move(from, to, v); return true;
            }
            function _move(address from, address to, uint256 v) private {
                if (sendHook[from] != address(0)) Sent(sendHook[from]).tokensToSend(from, to, v);
                balanceOf[from] -= v; balanceOf[to] += v;
                if (receiveHook[to] != address(0)) Got(receiveHook[to]).tokensReceived(from, to, v);
            }
        }
        contract Desk {
            Coin coin; mapping(address => uint256) staked; uint256 total; bool busy;
            modifier guarded() { require(!busy); busy = true; _; busy = false; }
            constructor(Coin c) { coin = c; }
            function stake(uint256 v) external guarded {
                require(v > 0);
                uint256 before = coin.balanceOf(address(this));
                coin.transferFrom(msg.sender, address(this), v);
                uint256 got = coin.balanceOf(address(this)) - before;
                staked[msg.sender] += got;
                total += got;
            }
            function unstake(uint256 v) external guarded {
                staked[msg.sender] -= v; total -= v;
                coin.transfer(msg.sender, v);
            }
        })",
                                  6);
    EXPECT_FALSE(report.has_exploit());
}

TEST(Ascent, NobodyMakesHerAPartOfTheSystem) {
    // Two desks share a ledger with a lock: whoever is a desk may write what he likes into it.
    const Report report = checked(R"(
        contract Ledger {
            address owner = msg.sender; mapping(address => bool) isDesk; mapping(address => uint256) public creditOf; bool held;
            modifier onlyDesk() { require(isDesk[msg.sender]); _; }
            function addDesk(address desk) external { require(msg.sender == owner); isDesk[desk] = true; }
            function hold() external onlyDesk { require(!held); held = true; }
            function free() external onlyDesk { held = false; }
            function setCredit(address user, uint256 v) external onlyDesk { creditOf[user] = v; }
        }
        abstract contract Desk {
            Ledger ledger;
            constructor(Ledger l) { ledger = l; }
            function payIn() external payable {
                ledger.hold();
                ledger.setCredit(msg.sender, ledger.creditOf(msg.sender) + msg.value);
                ledger.free();
            }
            function payOut(uint256 v) external {
                ledger.hold();
                uint256 credit = ledger.creditOf(msg.sender);
                require(credit >= v);
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
                ledger.setCredit(msg.sender, credit - v);
                ledger.free();
            }
        }
        contract CashDesk is Desk { constructor(Ledger l) Desk(l) {} }
        contract ExpressDesk is Desk { constructor(Ledger l) Desk(l) {} })",
                                  6);
    EXPECT_FALSE(report.has_exploit());
}

TEST(Ascent, WhatSheUndidIsNothingThatShePaid) {
    // She refuses her pay and is owed it: what she does before she refuses never happened.
    const Report report = checked(R"(
        contract Payroll {
            address owner = msg.sender; address[] staff; uint256 last;
            mapping(address => uint256) pay; mapping(address => uint256) owed;
            constructor() payable { last = block.timestamp; }
            receive() external payable {}
            function hire(address who, uint256 v) external {
                require(msg.sender == owner && pay[who] == 0 && v > 0);
                staff.push(who); pay[who] = v;
            }
            function run() external {
                require(block.timestamp >= last + 30 days);
                last = block.timestamp;
                for (uint256 i = 0; i < staff.length; i++) {
                    (bool ok, ) = staff[i].call{value: pay[staff[i]]}("");
                    if (!ok) owed[staff[i]] += pay[staff[i]];
                }
            }
            function claim() external {
                uint256 v = owed[msg.sender];
                owed[msg.sender] = 0;
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
            }
        })",
                                  8);
    EXPECT_FALSE(report.has_exploit());
}

// Who pays in, waits and harvests is called back by the crop; among much else that an owner could do meanwhile.
TEST(Ascent, WhoJoinedAndWaitedComesFirst) {
    const Report late = checked(with(farm, pay_crop + note_debt));
    ASSERT_TRUE(late.has_exploit());
    for (const Trace& trace : late.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
    EXPECT_FALSE(checked(with(farm, note_debt + pay_crop), 3).has_exploit());
}

// The parts of a list are compared as a sum.
TEST(Ascent, NumbersOfListsAreLearnt) {
    expect_attack_only_if_late(R"(
        contract Fund {
            struct Plan { address by; uint16[] parts; uint256 paid; } Plan[] plans;
            mapping(uint256 => mapping(address => uint256)) put;
            function plan(uint16[] calldata parts, string calldata) external returns (uint256 id) {
                uint256 sum;
                for (uint256 i; i < parts.length; ++i) sum += parts[i];
                require(sum == 10_000);
                id = plans.length;
                Plan storage p = plans.push();
                p.by = msg.sender;
                p.parts = parts;
            }
            function pay(uint256 id) external payable { plans[id].paid += msg.value; put[id][msg.sender] += msg.value; }
            function back(uint256 id) external {
                uint256 amount = put[id][msg.sender];
                require(amount != 0);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);",
                               "put[id][msg.sender] = 0;");
}

TEST(Plans, KnowWhatIsUndone) {
    // She makes a call, is called in it, makes another one there and is called in that one, too; the first time she reverts.
    const Call call{};
    PlannedTransaction planned;
    planned.is_attack = true;
    planned.activations = {{.calls = {call}},
                           {.calls = {call}, .reverts = true, .during = Activation::Origin{0, 0}},
                           {.calls = {call}, .during = Activation::Origin{1, 0}}};
    EXPECT_FALSE(planned.is_undone(0));
    EXPECT_TRUE(planned.is_undone(1));
    EXPECT_TRUE(planned.is_undone(2));
    EXPECT_EQ(planned.reentries(), 0u);
    planned.activations[1].reverts = false;
    EXPECT_EQ(planned.reentries(), 2u);
}

// She gets in while the owner pays her.
TEST(Ascent, LooksIntoWhatTheOwnerDoes) {
    expect_attack_only_if_late(R"(
        contract Grants {
            address immutable owner = msg.sender; mapping(address => uint256) granted; uint256 round; bool isOpen;
            mapping(uint256 => mapping(address => bool)) paid;
            receive() external payable {}
            function begin() external { require(msg.sender == owner && !isOpen); isOpen = true; round++; }
            function grant(address who, uint256 n) external { require(msg.sender == owner && isOpen && n <= 3 ether); granted[who] = n; }
            function claim() external { require(isOpen); pay(msg.sender); }
            function settle(address who) external { require(msg.sender == owner && isOpen && granted[who] > 0); pay(who); }
            function pay(address who) private {
                uint256 n = granted[who];
                require(n > 0 && !paid[round][who]);
                STEPS
            }
        })",
                               "(bool ok, ) = who.call{value: n}(\"\"); require(ok);", "paid[round][who] = true;");
}

}  // namespace
}  // namespace interlock::analyzer::tests
