// What is paid twice has to be there: others pay in before, in a round that the owner opens again.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string draw_of_rounds(bool is_late) {
    std::string source = R"ilk(
        contract Draws {
            struct Round { uint256 pot; uint64 end; bytes32 told; bool drawn; bool paid; address[] seats; uint256 place; }
            address immutable host = msg.sender;
            uint256 round;
            mapping(uint256 => Round) rounds;
            function begin(bytes32 told, uint64 duration) external {
                require(msg.sender == host && duration >= 1 hours && duration <= 10 days);
                round += 1;
                rounds[round].told = told;
                rounds[round].end = uint64(block.timestamp) + duration;
            }
            function sit(uint256 n) external payable {
                Round storage r = rounds[round];
                require(block.timestamp < r.end && n > 0 && n <= 10 && msg.value == n * 0.1 ether);
                r.pot += msg.value;
                for (uint256 i = 0; i < n; i++) r.seats.push(msg.sender);
            }
            function draw(uint256 id, uint256 number) external {
                Round storage r = rounds[id];
                require(block.timestamp >= r.end && !r.drawn && keccak256(abi.encode(number)) == r.told);
                r.place = uint256(keccak256(abi.encode(number, r.seats.length))) % r.seats.length;
                r.drawn = true;
            }
            function take(uint256 id) external {
                Round storage r = rounds[id];
                require(r.drawn && !r.paid && r.seats[r.place] == msg.sender);
                BEFORE
                (bool ok, ) = msg.sender.call{value: r.pot * 95 / 100}("");
                require(ok);
                AFTER
            }
        })ilk";
    const std::string write = "r.paid = true;";
    source.replace(source.find("BEFORE"), 6, is_late ? "" : write);
    return source.replace(source.find("AFTER"), 5, is_late ? write : "");
}

TEST(Refills, ThePrizeOfARoundIsPaidAgainOutOfTheNext) {
    EXPECT_TRUE(checked(draw_of_rounds(true), 10.0).has_exploit());
    EXPECT_FALSE(checked(draw_of_rounds(false), 3.0).has_exploit());
}

// With a supply of one, no second ticket is left in the middle of the first; what each may have is broken with more of them.
TEST(Refills, ALimitOfAllMayHaveBeenLarger) {
    const auto drop = [](const std::string& before, const std::string& behind) {
        return R"ilk(
            interface IReceiver { function got(uint256 id) external; }
            contract Drops {
                struct Drop { uint64 opens; uint64 closes; uint32 supply; uint32 sold; uint32 each; uint96 price; }
                address immutable host = msg.sender;
                uint256 count;
                mapping(uint256 => Drop) drops;
                mapping(uint256 => mapping(address => uint32)) public bought;
                mapping(uint256 => mapping(address => uint256)) public balance;
                function open(Drop calldata drop) external {
                    require(msg.sender == host && drop.closes > drop.opens && drop.supply > 0 && drop.sold == 0);
                    drops[++count] = drop;
                }
                function buy(uint256 id, uint32 n) external payable {
                    Drop storage d = drops[id];
                    require(block.timestamp >= d.opens && block.timestamp < d.closes);
                    require(n > 0 && msg.value == uint256(n) * d.price && d.supply - d.sold >= n);
                    require(bought[id][msg.sender] + n <= d.each);
                    d.sold += n;
                    )ilk" +
               before + R"ilk(
                    balance[id][msg.sender] += n;
                    if (msg.sender.code.length > 0) IReceiver(msg.sender).got(id);
                    )ilk" +
               behind + "} }";
    };
    const std::string write = "bought[id][msg.sender] += n;";
    EXPECT_TRUE(checked(drop("", write), 20.0).has_exploit());
    EXPECT_FALSE(checked(drop(write, ""), 3.0).has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
