// What can only be bought is there before an attack: nobody counts its price as a loss.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string lender_on_boats(bool is_late) {
    const std::string lower = "berths[msg.sender] -= 1; delete moored[id];";
    const std::string give = "boats.safeTransferFrom(address(this), msg.sender, id);";
    return R"(
        interface IReceiver {
            function onERC721Received(address by, address from, uint256 id, bytes calldata data) external returns (bytes4);
        }
        contract Boats {
            address payable yard = payable(msg.sender);
            uint256 launched;
            mapping(uint256 => address) public ownerOf;
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => bool)) public isApprovedForAll;
            function launch() external payable {
                require(msg.value == 0.7 ether, "price");
                ownerOf[++launched] = msg.sender;
                balanceOf[msg.sender]++;
                yard.transfer(msg.value);
            }
            function setApprovalForAll(address by, bool ok) external { isApprovedForAll[msg.sender][by] = ok; }
            function transferFrom(address from, address to, uint256 id) public {
                require(ownerOf[id] == from && (from == msg.sender || isApprovedForAll[from][msg.sender]));
                balanceOf[from]--;
                balanceOf[to]++;
                ownerOf[id] = to;
            }
            function safeTransferFrom(address from, address to, uint256 id) external {
                transferFrom(from, to, id);
                if (to.code.length != 0)
                    require(IReceiver(to).onERC721Received(msg.sender, from, id, "") == IReceiver.onERC721Received.selector);
            }
        }
        contract Lender {
            Boats immutable boats;
            mapping(uint256 => address) moored;
            mapping(address => uint256) public berths; mapping(address => uint256) public debt;
            constructor(Boats b) { boats = b; }
            function fund() external payable {}
            function moor(uint256 id) external {
                boats.transferFrom(msg.sender, address(this), id);
                moored[id] = msg.sender;
                berths[msg.sender] += 1;
            }
            function leave(uint256 id) external {
                require(moored[id] == msg.sender && debt[msg.sender] == 0);)" +
           (is_late ? give + lower : lower + give) + R"(
            }
            function draw() external {
                debt[msg.sender] += 0.4 ether;
                require(debt[msg.sender] <= berths[msg.sender] * 0.4 ether);
                (bool ok, ) = msg.sender.call{value: 0.4 ether}("");
                require(ok);
            }
        })";
}

TEST(Purchases, AreMadeBeforeTheAttack) {
    expect_attack(lender_on_boats(true));
    expect_none(lender_on_boats(false));
}

}  // namespace
}  // namespace interlock::analyzer::tests
