// `interlock verify`: certificates hold for the source they were made of, and for nothing else.
#include <algorithm>

#include "process.hpp"

namespace interlock::tests {
namespace {

class Verify : public Command {
  protected:
    // Changes one character of each line of the certificate in turn: that may be a hash, a sentence, a number, or the form.
    void expect_no_change_holds(const std::string& file) {
        const std::string certificate = contents(folder_ / "proof.json");
        EXPECT_GT(std::count(certificate.begin(), certificate.end(), '\n'), 12) << certificate;
        for (std::size_t begin = 0; begin < certificate.size();) {
            const std::size_t end = certificate.find('\n', begin);
            std::size_t at = begin + (end - begin) / 2;
            while (at > begin && certificate[at] == ' ') --at;
            std::string changed = certificate;
            changed[at] = changed[at] == '7' ? '8' : '7';
            write(folder_ / "changed.json", changed);
            const Finished finished = interlock("verify changed.json " + file);
            EXPECT_EQ(finished.exit, 1) << changed;
            EXPECT_NE(finished.out.find("does not hold"), std::string::npos) << finished.out;
            // And without the line.
            write(folder_ / "changed.json", certificate.substr(0, begin) + certificate.substr(end + 1));
            EXPECT_EQ(interlock("verify changed.json " + file).exit, 1) << changed;
            begin = end + 1;
        }
        write(folder_ / "changed.json", certificate + " ");
        EXPECT_EQ(interlock("verify changed.json " + file).exit, 1);
        write(folder_ / "changed.json", "");
        EXPECT_EQ(interlock("verify changed.json " + file).exit, 1);
    }
};

const std::string bank =
    "pragma solidity ^0.8.24;\n"
    "contract Bank {\n"
    "    mapping(address => uint256) public b;\n"
    "    address owner = msg.sender;\n"
    "    function put() external payable { b[msg.sender] += msg.value; }\n"
    "    function take() external { uint256 a = b[msg.sender]; b[msg.sender] = 0;\n"
    "        (bool ok,) = msg.sender.call{value: a}(\"\"); require(ok); }\n"
    "}\n";
const std::string token =
    "contract Coin {\n"
    "    uint256 total;\n"
    "    mapping(address => uint256) held;\n"
    "    invariant kept: sum(held) <= total;\n"
    "    function mint(uint256 n) public { total += n; held[msg.sender] += n; }\n"
    "    function move(address to, uint256 n) public { held[msg.sender] -= n; held[to] += n; }\n"
    "}\n";

TEST_F(Verify, ACertificateHoldsInAFreshProcessAndInAnotherFolder) {
    write(folder_ / "bank.sol", bank);
    ASSERT_EQ(interlock("check bank.sol --certificate bank.json --timeout 5").exit, 0);
    const Finished finished = interlock("verify bank.json bank.sol");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_EQ(finished.out, "bank.json: holds for bank.sol (3 proofs)\n");
    write(folder_ / "other/bank.sol", bank);
    EXPECT_EQ(interlock("verify bank.json other/bank.sol").exit, 0);
    EXPECT_NE(interlock("verify bank.json bank.sol --json").out.find("\"holds\":true"), std::string::npos);
    EXPECT_EQ(interlock("verify bank.json nowhere.sol").exit, 65);
    EXPECT_EQ(interlock("verify bank.json").exit, 64);
}

TEST_F(Verify, NoChangedCertificateHolds) {
    write(folder_ / "bank.sol", bank);
    ASSERT_EQ(interlock("check bank.sol --certificate proof.json --timeout 5").exit, 0);
    EXPECT_NE(contents(folder_ / "proof.json").find("callback-free"), std::string::npos);
    EXPECT_NE(contents(folder_ / "proof.json").find("\"views\""), std::string::npos);
    expect_no_change_holds("bank.sol");
    write(folder_ / "coin.ilk", token);
    ASSERT_EQ(interlock("check coin.ilk --certificate proof.json --timeout 5").exit, 0);
    EXPECT_NE(contents(folder_ / "proof.json").find("\"induction\""), std::string::npos) << contents(folder_ / "proof.json");
    EXPECT_NE(contents(folder_ / "proof.json").find("sum(held) <= total"), std::string::npos);
    expect_no_change_holds("coin.ilk");
}

TEST_F(Verify, WhatWasFoundIsProvedAnew) {
    std::string once = bank;
    const std::string first = "uint256 a = b[msg.sender];";
    once.insert(once.find(first), "require(total > 0); total = 1; ");
    once.insert(once.find("address owner"), "uint256 total = 1; ");
    once.insert(once.find("require(ok);"), "total = 2; ");
    write(folder_ / "once.sol", once);
    ASSERT_EQ(interlock("check once.sol --certificate proof.json --timeout 1").exit, 0);
    EXPECT_NE(contents(folder_ / "proof.json").find("invariant! sum(b) <= address(this).balance"), std::string::npos);
    EXPECT_NE(contents(folder_ / "proof.json").find("\"inference\""), std::string::npos);
    EXPECT_EQ(interlock("verify proof.json once.sol").exit, 0);
    const std::string certificate = contents(folder_ / "proof.json");
    for (const auto& [from, to] :
         {std::pair{"sum(b) <=", "sum(b) =="}, {"invariant!", "invariant"}, {"\"conditions\": ", "\"conditions\": 1"}}) {
        std::string changed = certificate;
        ASSERT_NE(changed.find(from), std::string::npos) << from;
        changed.replace(changed.find(from), std::string(from).size(), to);
        write(folder_ / "changed.json", changed);
        EXPECT_EQ(interlock("verify changed.json once.sol").exit, 1) << changed;
    }
}

TEST_F(Verify, ACertificateIsOfOneSource) {
    write(folder_ / "bank.sol", bank);
    ASSERT_EQ(interlock("check bank.sol --certificate proof.json --timeout 5").exit, 0);
    std::string late = bank;
    const std::string first = "b[msg.sender] = 0;\n", call = "require(ok);";
    late.erase(late.find(first), first.size() - 1);
    late.replace(late.find(call), call.size(), call + " b[msg.sender] = 0;");
    write(folder_ / "late.sol", late);
    EXPECT_EQ(interlock("verify proof.json late.sol").exit, 1);
    write(folder_ / "bank.sol", late);
    EXPECT_EQ(interlock("verify proof.json bank.sol").exit, 1);
    // Its own certificate says that nothing is proved.
    EXPECT_EQ(interlock("check bank.sol --certificate proof.json --timeout 5").exit, 1);
    const Finished nothing = interlock("verify proof.json bank.sol");
    EXPECT_EQ(nothing.out, "proof.json: holds for bank.sol (0 proofs)\n") << nothing.err;
    EXPECT_EQ(interlock("check bank.sol bank.sol --certificate proof.json").exit, 64);
}

}  // namespace
}  // namespace interlock::tests
