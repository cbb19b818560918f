// What looks like an attack, and is none.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// Any stake pays the reward, which who bails out gives up: she takes it first, whatever she brings, and then bails out.
TEST(Alarms, WhatNeighbouringCallsGiveInAnotherOrderIsNoGain) {
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

// Who gets what a paymaster gives out is on the payroll; `guard` is asked of who gives it.
std::string payroll(const std::string& guard) {
    return R"ilk(
        contract Desk {
            struct Worker { bool hired; uint256 wage; uint256 bonus; }
            address immutable owner = msg.sender;
            address immutable paymaster;
            mapping(address => Worker) workers;
            constructor(address p) payable { paymaster = p; }
            function fund() external payable {}
            function hire(address who, uint256 wage) external {
                require(msg.sender == owner);
                workers[who] = Worker(true, wage, 0);
            }
            function reward(address who, uint256 n) external {
                )ilk" +
           guard + R"ilk(
                Worker storage w = workers[who];
                require(w.hired && w.bonus + n <= w.wage);
                (bool ok, ) = who.call{value: n}("");
                require(ok);
                w.bonus += n;
            }
            function close(address who) external { require(msg.sender == paymaster); workers[who].bonus = 0; }
        })ilk";
}

TEST(Alarms, WhoAloneSaysWhoGetsSomethingIsTrusted) {
    EXPECT_FALSE(checked(payroll("require(msg.sender == paymaster);"), 3.0).has_exploit());
    EXPECT_TRUE(checked(payroll(""), 10.0).has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
