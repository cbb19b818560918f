// The devnet by itself: accounts, libraries, blocks, and what it says.
#include "analyzer/devnet/devnet.hpp"
#include "chain/genesis.hpp"

#include "analyzer/devnet/amounts.hpp"
#include "vm/code.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

constexpr const char* source = R"(
    library Doubling { function twice(uint256 n) external pure returns (uint256) { return 2 * n; } }
    contract Till {
        error Poor(address who);
        event Paid(address indexed by, uint256 amount);
        uint256 public count;
        address public last;
        bytes32 public parent;
        receive() external payable { emit Paid(msg.sender, msg.value); }
        function add() external returns (uint256) {
            last = msg.sender;
            parent = blockhash(block.number - 1);
            return count = Doubling.twice(count) + 1;
        }
        function refuse() external view { revert Poor(msg.sender); }
    })";

class OnADevnet : public ::testing::Test {
  protected:
    OnADevnet() : compilation_(compiled("till.ilk", source)), devnet_(*compilation_) {
        devnet_.deploy_libraries();
        alice_ = devnet_.add_account("alice");
        const chain::Result made = devnet_.deploy(alice_, *compilation_->find("Till"), Word{}, {});
        EXPECT_TRUE(made.valid() && made.receipt.created) << devnet_.reason_of(made);
        till_ = made.receipt.created.value_or(Address{});
    }

    static Bytes data(std::string_view signature) { return lang::abi::call_data(lang::abi::selector(signature)); }
    Word read(std::string_view signature) {
        return vm::word_from_big_endian(devnet_.ask(alice_, till_, data(signature)).receipt.output);
    }

    std::shared_ptr<const lang::Compilation> compilation_;
    Devnet devnet_;
    Address alice_, till_;
};

TEST_F(OnADevnet, ContractsFindTheirLibraries) {
    for (const std::uint64_t expected : {1u, 3u, 7u}) {
        EXPECT_TRUE(devnet_.send(alice_, till_, Word{}, data("add()")).receipt.ok());
        EXPECT_EQ(read("count()"), Word{expected});
    }
}

TEST_F(OnADevnet, QuestionsChangeNothing) {
    const chain::Result asked = devnet_.ask(alice_, till_, data("add()"));
    EXPECT_EQ(vm::word_from_big_endian(asked.receipt.output), Word{1});
    EXPECT_EQ(read("count()"), Word{0});
}

TEST_F(OnADevnet, EveryTransactionIsInABlockOfItsOwn) {
    const vm::BlockContext before = devnet_.state().block();
    devnet_.send(alice_, till_, Word{}, data("add()"));
    const vm::BlockContext after = devnet_.state().block();
    EXPECT_EQ(after.number, before.number + 1);
    EXPECT_EQ(after.timestamp, before.timestamp + 12);
    EXPECT_FALSE(read("parent()").is_zero());
    EXPECT_EQ(read("parent()"), after.prev_randao);
}

TEST_F(OnADevnet, AContractActsInTheNameOfItsAccount) {
    const Address vault = devnet_.add_contract_account("vault", Word{5});
    EXPECT_FALSE(devnet_.state().code(vault)->bytes().empty());
    EXPECT_TRUE(devnet_.send(vault, till_, Word{2}, {}).receipt.ok());
    EXPECT_EQ(devnet_.state().balance(vault), Word{3});
    devnet_.send(vault, till_, Word{}, data("add()"));
    EXPECT_EQ(vm::to_address(read("last()")), vault);
}

TEST_F(OnADevnet, EventsAndReasonsSpeakOfNames) {
    const chain::Result paid = devnet_.send(alice_, till_, Word{1'500'000'000'000'000'000}, {});
    ASSERT_EQ(paid.receipt.logs.size(), 1u);
    EXPECT_EQ(devnet_.text_of(paid.receipt.logs.front()), "Paid(by: alice, amount: 1.5 ether)");
    const std::string reason = devnet_.reason_of(devnet_.send(alice_, till_, Word{}, data("refuse()")));
    EXPECT_EQ(reason.substr(0, 5), "Poor(") << reason;
    EXPECT_EQ(devnet_.reason_of(devnet_.send(alice_, till_, Devnet::wealth, {})),
              "the sender cannot pay for the gas and the value");
}

TEST_F(OnADevnet, TheNewestBearerOfANameIsMeant) {
    EXPECT_EQ(devnet_.name_of(till_), "Till");
    EXPECT_EQ(devnet_.address_of("Till"), till_);
    devnet_.add_name(alice_, "Till");
    EXPECT_EQ(devnet_.address_of("Till"), alice_);
    EXPECT_EQ(devnet_.address_of("nobody"), std::nullopt);
}

TEST_F(OnADevnet, ACopyIsADevnetOfItsOwn) {
    Devnet copy = devnet_;
    copy.send(alice_, till_, Word{}, data("add()"));
    copy.add_name(till_, "till of the copy");
    EXPECT_EQ(read("count()"), Word{0});
    EXPECT_EQ(devnet_.name_of(till_), "Till");
}

TEST(Amounts, AreLiteralsOrToldFromTheTop) {
    EXPECT_EQ(format_wei(Word{3}), "3");
    EXPECT_EQ(format_wei(Word{500'000'000'000'000'000}), "0.5 ether");
    EXPECT_EQ(describe_wei(Word{} - Word{1}), "2^256 - 1");
    EXPECT_EQ(format_ether(Word{1}), "1 wei");
    EXPECT_EQ(format_ether(chain::ether - Word{1}), "0.999999999999999999 ether");
    EXPECT_EQ(format_ether(Word{3} * chain::ether), "3 ether");
    EXPECT_EQ(format_wei(Word{} - Word{1}), vm::to_decimal(Word{} - Word{1}));
}

}  // namespace
}  // namespace interlock::analyzer::tests
