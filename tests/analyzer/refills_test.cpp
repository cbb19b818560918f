// What is paid twice has to be there: others pay in before, in a round that the owner opens again.
#include "analyzer/report/story.hpp"
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

// A collection of 3,000: whether enough are left is asked before the first of several is made and told of, or before each.
std::string collection(bool is_late) {
    std::string source = R"ilk(
        interface IReceiver { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }
        contract Collection {
            uint256 public totalSupply;
            mapping(uint256 => address) public ownerOf;
            mapping(address => uint256) public balanceOf;
            mapping(address => uint256) public mintedBy;
            address immutable artist = msg.sender;
            uint256 constant price = 0.01 ether;
            bool open;
            function launch() external { require(msg.sender == artist); open = !open; }
            function mint(uint256 n) external payable {
                require(open && n > 0 && n <= 20 && msg.value == n * price && mintedBy[msg.sender] + n <= 40);
                mintedBy[msg.sender] += n;
                EARLY
                for (uint256 i = 0; i < n; i++) {
                    LATE
                    uint256 id = ++totalSupply;
                    ownerOf[id] = msg.sender;
                    balanceOf[msg.sender] += 1;
                    if (msg.sender.code.length == 0) continue;
                    require(IReceiver(msg.sender).onERC721Received(msg.sender, address(0), id, "") == 0x150b7a02);
                }
            }
        })ilk";
    source.replace(source.find("EARLY"), 5, is_late ? "" : "require(totalSupply + n <= 3000);");
    return source.replace(source.find("LATE"), 4, is_late ? "require(totalSupply < 3000);" : "");
}

TEST(Refills, ACrowdTakesNearlyAllBeforeHer) {
    const Report report = checked(collection(false), 20.0);
    ASSERT_TRUE(report.has_exploit());
    const auto& steps = report.attacks.front().script.recipe.steps;
    EXPECT_TRUE(std::ranges::any_of(steps, [](const SetupStep& each) { return each.from == crowd && each.times > 50; }));
    const std::string story = tell(report.attacks.front());
    EXPECT_NE(story.find("crowd Collection.mint(20) with 0.2 ether, "), std::string::npos) << story;
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(collection(true), 6.0).has_exploit());
}

// The owner lists buyers, and her among them; he never names her in the place of whom he named before.
TEST(Refills, TheOwnerGivesHerNobodysPlace) {
    const auto refunds = [](const std::string& to) {
        return R"ilk(
            interface INft { function ownerOf(uint256) external view returns (address);
                             function safeTransferFrom(address, address, uint256) external; }
            contract Refunds {
                address immutable owner = msg.sender;
                INft immutable nft;
                address receiver = msg.sender;
                uint256 price;
                mapping(uint256 => address) public buyers;
                mapping(uint256 => bool) public isDone;
                constructor(INft n) { nft = n; }
                receive() external payable {}
                function arrange(uint256 p, address r) external { require(msg.sender == owner); price = p; receiver = r; }
                function list(uint256 id, address buyer) external { require(msg.sender == owner); buyers[id] = buyer; }
                function refund(uint256 id) external {
                    require(nft.ownerOf(id) == msg.sender && buyers[id] == msg.sender && !isDone[id]);
                    nft.safeTransferFrom(msg.sender, )ilk" +
               to + R"ilk(, id);
                    isDone[id] = true;
                    payable(msg.sender).transfer(price);
                }
            })ilk";
    };
    EXPECT_FALSE(checked(refunds("receiver"), 6.0).has_exploit());
    EXPECT_TRUE(checked(refunds("msg.sender"), 20.0).has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
