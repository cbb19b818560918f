// What is done twice while it counts once: orders that others signed, code that others may run, crates, offers, markets.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// Who pays is named in a structure, and signs.
std::string orders(const std::string& before, const std::string& after) {
    return R"(
        contract Purses {
            struct Order { address payer; address payee; uint256 amount; uint256 tip; uint256 nonce; uint256 deadline; }
            mapping(address => uint256) public purse;
            mapping(address => uint256) public nonces;
            function fund(address payer) external payable { purse[payer] += msg.value; }
            function digest(Order calldata o) public view returns (bytes32) {
                return keccak256(abi.encode(address(this), o.payer, o.payee, o.amount, o.tip, o.nonce, o.deadline));
            }
            function pay(Order calldata o, bytes calldata signature) external {
                require(block.timestamp <= o.deadline);
                require(o.nonce == nonces[o.payer] && o.payer != address(0));
                require(signature.length == 65);
                bytes32 r = bytes32(signature[0:32]);
                bytes32 s = bytes32(signature[32:64]);
                require(ecrecover(digest(o), uint8(signature[64]), r, s) == o.payer);
                )" +
           before + R"(
                purse[o.payer] -= o.amount + o.tip;
                (bool paid, ) = msg.sender.call{value: o.tip}("");
                require(paid);
                (bool ok, ) = o.payee.call{value: o.amount}("");
                require(ok);
                )" +
           after + R"(
            }
        })";
}

TEST(Orders, AreSignedByWhomAStructureNames) {
    expect_attack(orders("", "nonces[o.payer] = o.nonce + 1;"));
    expect_none(orders("nonces[o.payer] = o.nonce + 1;", ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests
