// The prover on whole contracts: the teaching contracts, and tokens, auctions, vaults beside their buggy twins.
// A buggy twin may be Unknown for any reason; it must never be Safe.
#include <gmock/gmock.h>

#include "proved_source.hpp"

namespace interlock::analyzer::of_contracts {
namespace {

using namespace testing;  // NOLINT: the helpers of proved_source.hpp

constexpr ProofStatus safe = ProofStatus::Safe, unknown = ProofStatus::Unknown;

const std::string fixtures = "tests/analyzer/prover/";

#define EXPECT_STATUS(report, property, status) EXPECT_EQ(status_of(report, property), status) << obstacles(report)

// --- the teaching contracts ---

TEST(ProverContracts, BankThatPaysBeforeDebitingIsNotProved) {
    EXPECT_STATUS(prove_file("contracts/bank.ilk"), "solvent", unknown);
}

TEST(ProverContracts, ObstacleOfTheBankNamesTheCallAndItsLine) {
    const ProofReport report = prove_file("contracts/bank.ilk");
    ASSERT_FALSE(report.properties.empty());
    ASSERT_FALSE(report.properties[0].blocked_by.empty());
    EXPECT_THAT(report.properties[0].blocked_by[0].sentence,
                ::testing::MatchesRegex("withdraw: the invariant may be false at the external call at test.ilk:[0-9]+"));
}

TEST(ProverContracts, FixedBankIsProved) { EXPECT_STATUS(prove_file("contracts/bank_fixed.ilk"), "solvent", safe); }

TEST(ProverContracts, CheckedDebitAfterPayingIsNotProvedEither) {
    EXPECT_STATUS(prove_file("contracts/bank_checked.ilk"), "solvent", unknown);
}

TEST(ProverContracts, BankBehindAMutexIsProved) {
    const ProofReport report = prove_file("contracts/bank_mutex.ilk");
    EXPECT_STATUS(report, "solvent", safe);
    EXPECT_STATUS(report, "guarded", safe);
}

TEST(ProverContracts, MutexBankIsProvedWithoutItsStrongLineToo) {
    const ProofReport report = prove_file(
        "contracts/bank_mutex.ilk", {{"    invariant! guarded: !locked ==> sum(balances) <= address(this).balance;\n", ""}});
    EXPECT_STATUS(report, "solvent", safe);
}

TEST(ProverContracts, AccountingIsProved) {
    const ProofReport report = prove_file("contracts/accounting.ilk");
    EXPECT_STATUS(report, "covered", safe);
    EXPECT_STATUS(report, "once", safe);
}

TEST(ProverContracts, FixedDaoIsProved) {
    const ProofReport report = prove_file("contracts/dao_fixed.ilk");
    EXPECT_STATUS(report, "counted", safe);
    EXPECT_STATUS(report, "backed", safe);
}

TEST(ProverContracts, DaoThatBurnsTokensLastIsNotProved) {
    EXPECT_STATUS(prove_file("contracts/dao.ilk"), "backed", unknown);
}

// --- more contracts ---

TEST(ProverContracts, BankWhoseTransferTakesTheLockIsProved) {
    const ProofReport report = prove_file(fixtures + "bank_transfer.ilk");
    EXPECT_STATUS(report, "solvent", safe);
    EXPECT_STATUS(report, "guarded", safe);
}

TEST(ProverContracts, TokenIsProved) { EXPECT_STATUS(prove_file(fixtures + "token.ilk"), "counted", safe); }

TEST(ProverContracts, CrowdfundingIsProved) {
    const ProofReport report = prove_file(fixtures + "crowdfunding.ilk");
    EXPECT_STATUS(report, "funded", safe);
    EXPECT_STATUS(report, "earned", safe);
    EXPECT_STATUS(report, "refundable", safe);
}

TEST(ProverContracts, AuctionIsProved) { EXPECT_STATUS(prove_file(fixtures + "auction.ilk"), "covered", safe); }

TEST(ProverContracts, VaultIsProved) {
    const ProofReport report = prove_file(fixtures + "vault.ilk");
    EXPECT_STATUS(report, "counted", safe);
    EXPECT_STATUS(report, "backed", safe);
    EXPECT_STATUS(report, "worth", safe);
}

TEST(ProverContracts, VestingIsProved) { EXPECT_STATUS(prove_file(fixtures + "vesting.ilk"), "owed", safe); }

TEST(ProverContracts, StatisticsAfterTheCallDoNoHarm) {
    EXPECT_STATUS(prove_file(fixtures + "statistics.ilk"), "solvent", safe);
}

// --- mutants ---

struct Mutant {
    const char* name;
    const char* file;
    const char* property;
    Replacements replacements;
};

class ProverMutants : public ::testing::TestWithParam<Mutant> {};

TEST_P(ProverMutants, AreNeverProved) {
    const Mutant& mutant = GetParam();
    EXPECT_STATUS(prove_file(mutant.file, mutant.replacements), mutant.property, unknown);
}

const std::string pay = "        (bool ok, ) = msg.sender.call{value: amount}(\"\");\n";

const Mutant mutants[] = {
    {"FixedBankSwappedBack",
     "contracts/bank_fixed.ilk",
     "solvent",
     {{"        unchecked { balances[msg.sender] -= amount; }\n" + pay,
       pay + "        unchecked { balances[msg.sender] -= amount; }\n"}}},
    {"FixedBankWithoutItsCheck",
     "contracts/bank_fixed.ilk",
     "solvent",
     {{"        require(balances[msg.sender] >= amount, \"not enough\");\n", ""}}},
    {"FixedBankWithoutItsDebit",
     "contracts/bank_fixed.ilk",
     "solvent",
     {{"        unchecked { balances[msg.sender] -= amount; }\n", ""}}},
    {"FixedBankPayingOneMore", "contracts/bank_fixed.ilk", "solvent", {{"call{value: amount}", "call{value: amount + 1}"}}},
    {"FixedBankCreditingTwice", "contracts/bank_fixed.ilk", "solvent", {{"+= msg.value;", "+= 2 * msg.value;"}}},
    {"FixedBankWantingEquality",
     "contracts/bank_fixed.ilk",
     "solvent",
     {{"sum(balances) <= address(this).balance", "sum(balances) == address(this).balance"}}},
    {"MutexNeverTaken", "contracts/bank_mutex.ilk", "solvent", {{"        locked = true;\n", ""}}},
    {"MutexNotAsked", "contracts/bank_mutex.ilk", "solvent", {{"        require(!locked, \"somebody is inside\");\n", ""}}},
    {"MutexNotInDeposit",
     "contracts/bank_mutex.ilk",
     "guarded",
     {{"external payable exclusive", "external payable"}, {"+= msg.value;", "+= msg.value; locked = false;"}}},
    {"MutexNotInWithdraw", "contracts/bank_mutex.ilk", "solvent", {{"amount) external exclusive", "amount) external"}}},
    {"MutexBankWithoutItsCheck",
     "contracts/bank_mutex.ilk",
     "solvent",
     {{"        require(balances[msg.sender] >= amount, \"not enough\");\n", ""}}},
    {"TransferIgnoringTheLock",
     "tests/analyzer/prover/bank_transfer.ilk",
     "solvent",
     {{"amount) external exclusive", "amount) external"}}},
    {"TransferIgnoringTheLockStrong",
     "tests/analyzer/prover/bank_transfer.ilk",
     "guarded",
     {{"amount) external exclusive", "amount) external"}}},
    {"TokenInflatedBySelfTransfer",
     "tests/analyzer/prover/token.ilk",
     "counted",
     {{"        balanceOf[from] -= amount;\n        unchecked { balanceOf[to] += amount; }\n",
       "        uint256 had = balanceOf[to];\n        balanceOf[from] -= amount;\n        unchecked { balanceOf[to] = "
       "had + amount; }\n"}}},
    {"TokenWithUncheckedDebit",
     "tests/analyzer/prover/token.ilk",
     "counted",
     {{"        balanceOf[from] -= amount;\n", "        unchecked { balanceOf[from] -= amount; }\n"}}},
    {"TokenMintingUncounted", "tests/analyzer/prover/token.ilk", "counted", {{"        totalSupply += amount;\n", ""}}},
    {"TokenMintingUnchecked",
     "tests/analyzer/prover/token.ilk",
     "counted",
     {{"        totalSupply += amount;\n", "        unchecked { totalSupply += amount; }\n"}}},
    {"CrowdfundingClaimedTooEarly",
     "tests/analyzer/prover/crowdfunding.ilk",
     "refundable",
     {{"        require(raised >= goal);\n", ""}}},
    {"CrowdfundingRefundedLate",
     "tests/analyzer/prover/crowdfunding.ilk",
     "refundable",
     {{"        contributions[msg.sender] = 0;\n        (bool ok, ) = msg.sender.call{value: amount}(\"\");\n        "
       "require(ok);\n",
       "        (bool ok, ) = msg.sender.call{value: amount}(\"\");\n        require(ok);\n        "
       "contributions[msg.sender] = 0;\n"}}},
    {"CrowdfundingWithoutDeadline",
     "tests/analyzer/prover/crowdfunding.ilk",
     "earned",
     {{"        require(msg.sender == owner);\n        require(block.timestamp >= deadline);\n",
       "        require(msg.sender == owner);\n"}}},
    {"AuctionEndedAfterPaying",
     "tests/analyzer/prover/auction.ilk",
     "covered",
     {{"        ended = true;\n        (bool ok, ) = beneficiary.call{value: highest}(\"\");\n        require(ok);\n",
       "        (bool ok, ) = beneficiary.call{value: highest}(\"\");\n        require(ok);\n        ended = "
       "true;\n"}}},
    {"AuctionForgettingTheOutbid",
     "tests/analyzer/prover/auction.ilk",
     "covered",
     {{"pending[bidder] += highest;", "pending[bidder] += msg.value;"}}},
    {"AuctionEndingTwice",
     "tests/analyzer/prover/auction.ilk",
     "covered",
     {{"        require(block.timestamp >= end);\n        require(!ended);\n",
       "        require(block.timestamp >= end);\n"}}},
    {"VaultRoundingUp",
     "tests/analyzer/prover/vault.ilk",
     "worth",
     {{"msg.value * totalShares / assets;", "msg.value * totalShares / assets + 1;"}}},
    {"VaultBurningAfterPaying",
     "tests/analyzer/prover/vault.ilk",
     "backed",
     {{"        assets -= paid;\n        (bool ok, ) = msg.sender.call{value: paid}(\"\");\n        require(ok);\n",
       "        (bool ok, ) = msg.sender.call{value: paid}(\"\");\n        require(ok);\n        assets -= paid;\n"}}},
    {"VaultUncounted", "tests/analyzer/prover/vault.ilk", "counted", {{"        totalShares -= amount;\n", ""}}},
    {"VestingWithoutLimit",
     "tests/analyzer/prover/vesting.ilk",
     "owed",
     {{"released[msg.sender] = after_;", "released[msg.sender] = amount;"}}},
    {"VestingGrantedFromNothing", "tests/analyzer/prover/vesting.ilk", "owed", {{"+= msg.value;", "+= msg.value + 1;"}}},
    {"AccountingInvestingTwice", "contracts/accounting.ilk", "once", {{"        require(!invested, \"closed\");\n", ""}}},
    {"AccountingKeepingTheBooks", "contracts/accounting.ilk", "covered", {{"        assets = 0;\n", ""}}},
    {"DaoBurningNothing", "contracts/dao_fixed.ilk", "counted", {{"        tokens[msg.sender] = 0;\n", ""}}},
    {"DaoSpendingTheMembersEther", "contracts/dao_fixed.ilk", "backed", {{"        treasury -= proposal.amount;\n", ""}}},
};

INSTANTIATE_TEST_SUITE_P(All, ProverMutants, ::testing::ValuesIn(mutants),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace interlock::analyzer::of_contracts
