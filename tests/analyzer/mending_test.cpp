// Calls that failed and are made again with other numbers, or with somebody's signature.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& mark, const std::string& text) {
    return source.replace(source.find(mark), mark.size(), text);
}

// An operation has more fields than most structures, and only the fourth and the last ones have to be small.
std::string operations(bool is_late) {
    const std::string source = R"ilk(
        interface IAccount { function perform(address to, uint256 amount) external; }
        contract Operations {
            struct Operation { address account; address to; uint256 amount; bytes data; uint256 number; uint256 fee; uint256 most; }
            mapping(address => uint256) public balanceOf;
            mapping(address => uint256) public done;
            function put(address who) external payable { balanceOf[who] += msg.value; }
            function take(uint256 amount) external {
                balanceOf[msg.sender] -= amount;
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
            function operate(Operation[] calldata all) external {
                for (uint256 i = 0; i < all.length; i++) {
                    Operation calldata each = all[i];
                    uint256 available = balanceOf[each.account];
                    require(each.number == done[each.account]++ && each.most >= 30_000);
                    require(available >= (each.most + 40_000) * each.fee);
                    BEFORE
                    IAccount(each.account).perform(each.to, each.amount);
                    AFTER
                }
            }
        })ilk";
    const std::string charged = "balanceOf[each.account] = available - 40_000 * each.fee;";
    return with(with(source, "BEFORE", is_late ? "" : charged), "AFTER", is_late ? charged : "");
}

TEST(Mending, TheLastFieldsOfALongStructureToo) {
    expect_attack(operations(true));
    expect_none(operations(false));
}

// A note is as long as a signature, and is signed, too.
std::string letters(bool is_late) {
    const std::string source = R"ilk(
        contract Letters {
            struct Letter { address to; uint256 amount; bytes note; }
            mapping(address => bool) signs;
            mapping(bytes32 => bool) delivered;
            constructor() payable { signs[msg.sender] = true; }
            function deliver(Letter calldata letter, bytes calldata signature) external {
                bytes32 hash = keccak256(abi.encode(address(this), letter));
                require(!delivered[hash] && signature.length == 65 && letter.note.length == 65);
                bytes32 r = bytes32(signature[0:32]);
                bytes32 s = bytes32(signature[32:64]);
                address signer = ecrecover(hash, uint8(signature[64]), r, s);
                require(signer > address(0) && signs[signer]);
                BEFORE
                (bool ok, ) = letter.to.call{value: letter.amount}(letter.note);
                require(ok);
                AFTER
            }
        })ilk";
    const std::string noted = "delivered[hash] = true;";
    return with(with(source, "BEFORE", is_late ? "" : noted), "AFTER", is_late ? noted : "");
}

TEST(Signatures, StandBehindWhatTheySign) {
    expect_attack(letters(true));
    expect_none(letters(false));
}

}  // namespace
}  // namespace interlock::analyzer::tests
