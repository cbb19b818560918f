// Contracts that are made with CREATE2 while an attack runs: they are called where they came to stand.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// A fund lets its members move what they were granted into boxes of their own; whoever owns a box is told of it.
std::string fund(const std::string& open) {
    return R"(
        interface Owner { function boxed(address box) external; }
        contract Box {
            address immutable owner;
            constructor(address owner_) payable { owner = owner_; if (owner_.code.length != 0) Owner(owner_).boxed(address(this)); }
            function empty(uint256 amount) external {
                require(msg.sender == owner);
                (bool ok, ) = owner.call{value: amount}("");
                require(ok);
            }
        }
        contract Fund {
            address keeper = msg.sender; uint256 count; uint256 depth; mapping(address => uint256) granted;
            function grant(address who) external payable { require(msg.sender == keeper); granted[who] += msg.value; }
            function open(uint256 amount) external {
                require(amount != 0 && amount <= granted[msg.sender]);
                bytes32 salt = keccak256(abi.encode(msg.sender, count++, depth));
                depth++;
                )" +
           open + R"(
                depth--;
            }
        })";
}

TEST(Newborns, AreCalledWhereCreate2PutThem) {
    expect_attack(
        fund("uint256 left = granted[msg.sender] - amount; new Box{salt: salt, value: amount}(msg.sender); "
             "granted[msg.sender] = left;"));
}

// What is made in the middle of a call stands where no order puts it, and yet holds no more than what an order puts elsewhere.
TEST(Newborns, AreNoGainWhereAnOrderMakesOthers) {
    const Report report = checked(fund("granted[msg.sender] -= amount; new Box{salt: salt, value: amount}(msg.sender);"), 3);
    EXPECT_FALSE(report.has_exploit());
}

TEST(Newborns, MayBeClones) {
    expect_attack(R"(
        contract Purse {
            address owner; uint256 spent;
            function begin(address owner_) external payable { require(owner == address(0)); owner = owner_; }
            function spend(uint256 amount) external {
                require(msg.sender == owner && spent + amount <= 1 ether);
                (bool ok, ) = owner.call{value: amount}("");
                require(ok);
                unchecked { spent = spent + amount; }
            }
            function close() external { require(msg.sender == owner && spent == 1 ether); owner = address(1); }
            receive() external payable {}
        }
        contract Purses {
            address code = address(new Purse()); mapping(address => uint256) paid;
            function pay(address who) external payable { paid[who] += msg.value; }
            function make(bytes32 salt) external returns (address purse) {
                uint256 amount = paid[msg.sender];
                require(amount != 0);
                bytes memory made = abi.encodePacked(hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", code,
                                                     hex"5af43d82803e903d91602b57fd5bf3");
                assembly { purse := create2(0, add(made, 32), mload(made), salt) }
                require(purse != address(0));
                Purse(payable(purse)).begin{value: amount}(msg.sender);
                (bool ok, ) = msg.sender.call("");
                require(ok);
                paid[msg.sender] = 0;
            }
        })");
}

}  // namespace
}  // namespace interlock::analyzer::tests
