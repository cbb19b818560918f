// What an address that a function is told has to be, read from what is done with it.
#include "analyzer/system/roles.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// A token that is named beside a text or a list, and kept in a structure with that. `note` is the field, and how it is told.
std::string deals(const std::string& note, const std::string& told, const std::string& before, const std::string& after) {
    return R"(
        interface IToken {
            function transfer(address to, uint256 n) external returns (bool);
            function transferFrom(address from, address to, uint256 n) external returns (bool);
        }
        contract Deals {
            struct Deal { address client; address token; uint256 cap; uint256 paid; bool isFunded; )" +
           note + R"( note; }
            mapping(uint256 => Deal) deals;
            uint256 count;
            function open(address client, address token, uint256 cap, )" +
           told + R"( note) external {
                deals[++count] = Deal(client, token, cap, 0, false, note);
            }
            function fund(uint256 id) external {
                require(!deals[id].isFunded);
                IToken(deals[id].token).transferFrom(msg.sender, address(this), deals[id].cap);
                deals[id].isFunded = true;
            }
            function take(uint256 id) external {
                require(deals[id].client == msg.sender && deals[id].isFunded && deals[id].paid < deals[id].cap);
                uint256 left = deals[id].cap - deals[id].paid;
                )" +
           before + "IToken(deals[id].token).transfer(msg.sender, left);" + after + R"(
            }
        })";
}

TEST(Roles, AreThoseOfWhatIsKeptInStructures) {
    for (const std::string type : {"string", "uint256[]"}) {
        const auto compilation = compiled("c.ilk", deals(type, type + " calldata", "", ""));
        const lang::ir::Contract& contract = *interface_named(*compilation, "Deals");
        const auto open =
            std::ranges::find_if(contract.functions, [](const auto& each) { return each.is_entry && each.name == "open"; });
        ASSERT_NE(open, contract.functions.end());
        EXPECT_EQ(role_of_parameter(*compilation, contract, *open, 0), nullptr) << type;
        const lang::ir::Contract* const role = role_of_parameter(*compilation, contract, *open, 1);
        ASSERT_NE(role, nullptr) << type;
        EXPECT_EQ(role->name, "IToken");
    }
    expect_attack(deals("string", "string calldata", "", "deals[id].paid += left;"));
    expect_attack(deals("uint256[]", "uint256[] calldata", "", "deals[id].paid += left;"));
    expect_none(deals("string", "string calldata", "deals[id].paid += left;", ""));
}

// A shelter is one of those who are told of seals that they get, and no more than that.
TEST(Roles, AreNotOfThoseWhoAreToldOfTokens) {
    const auto compilation = compiled("c.ilk", R"(
        interface IReceiver { function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4); }
        contract Seals {
            mapping(uint256 => mapping(address => uint256)) public balanceOf;
            function give(address to, uint256 id, uint256 n, bytes calldata note) external {
                balanceOf[id][msg.sender] -= n;
                balanceOf[id][to] += n;
                if (to.code.length > 0) IReceiver(to).onERC1155Received(msg.sender, msg.sender, id, n, note);
            }
        }
        contract Shelter is IReceiver {
            function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4) {
                return IReceiver.onERC1155Received.selector;
            }
        })");
    const lang::ir::Contract& seals = *interface_named(*compilation, "Seals");
    const auto give =
        std::ranges::find_if(seals.functions, [](const auto& each) { return each.is_entry && each.name == "give"; });
    ASSERT_NE(give, seals.functions.end());
    EXPECT_EQ(role_of_parameter(*compilation, seals, *give, 0), nullptr);
}

}  // namespace
}  // namespace interlock::analyzer::tests
