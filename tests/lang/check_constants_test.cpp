// Constants are exact rationals until they get a type, as in solc.
#include "tests/lang/checked.hpp"
#include "vm/word.hpp"

namespace interlock::lang {
namespace {

struct Case {
    const char* type;
    const char* expression;
    const char* value;  // decimal or hex, as a word
};

class Constants : public testing::TestWithParam<Case> {};

TEST_P(Constants, HaveTheValueThatSolcComputes) {
    const Case& c = GetParam();
    const Checked checked(std::string("contract C { ") + c.type + " constant K = " + c.expression + "; }");
    ASSERT_EQ(checked.rendered(), "");
    ASSERT_TRUE(checked.initial("K").constant.has_value());
    EXPECT_EQ(vm::to_hex(*checked.initial("K").constant), vm::to_hex(*vm::parse_word(c.value)));
}

constexpr const char* minus_one = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
INSTANTIATE_TEST_SUITE_P(
    Table, Constants,
    testing::Values(
        Case{"uint256", "1_000", "1000"}, Case{"uint256", "1 ether", "1000000000000000000"},
        Case{"uint256", "0.5 ether", "500000000000000000"}, Case{"uint256", "2.5e18", "2500000000000000000"},
        Case{"uint256", "25e-1 * 4", "10"}, Case{"uint256", "1 / 3 * 3", "1"}, Case{"uint256", "7 % 4", "3"},
        Case{"int256", "-7 % 4", "0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd"},
        Case{"uint256", "2**256 - 1", minus_one}, Case{"uint256", "2**800 / 2**800", "1"}, Case{"int8", "-1", minus_one},
        Case{"int8", "~0", minus_one}, Case{"uint256", "1 << 10", "1024"}, Case{"uint256", "1025 >> 1", "512"},
        Case{"int256", "-3 >> 1", "0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe"},
        Case{"uint256", "0xff & 0x0f | 0x100 ^ 0x1", "0x10f"}, Case{"uint256", "2 ** 3 ** 2", "512"},
        Case{"uint256", "1 weeks + 1 days + 1 hours + 1 minutes + 1", "694861"}, Case{"uint256", "(1 + 2) * 3", "9"},
        Case{"bytes4", "0x12345678", "0x1234567800000000000000000000000000000000000000000000000000000000"},
        Case{"bytes3", "\"abc\"", "0x6162630000000000000000000000000000000000000000000000000000000000"},
        Case{"bytes32", "0", "0"}, Case{"bool", "true", "1"}, Case{"uint8", "type(uint8).max", "255"},
        Case{"int8", "type(int8).min", "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff80"},
        Case{"address", "address(0)", "0"},
        Case{"address", "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4", "0x5B38Da6a701c568545dCfcB03FcB875f56beddC4"}));

TEST(Constants, PassTheirValueOnToTheirUses) {
    const Checked checked("contract C { uint256 constant B = A; uint256 constant A = 5; }");
    EXPECT_EQ(checked.initial("B").constant, std::optional(vm::Word(5)));
}

TEST(Constants, TakeTheTypeOfTheOtherOperand) {
    const Checked checked("contract C { function f(uint64 a) external pure returns (uint64) { return a + 1; } }");
    ASSERT_EQ(checked.rendered(), "");
    for (std::size_t i = 1; i < checked.tree.exprs.size(); ++i) {
        if (checked.tree.exprs[i].kind != ExprKind::Number) continue;
        EXPECT_EQ(name_of(checked.program, checked.program.exprs[i].converted), "uint64");
        EXPECT_EQ(checked.program.exprs[i].constant, std::optional(vm::Word(1)));
    }
}

TEST(Selectors, AreThoseOfTheAbi) {
    const Checked checked(
        "contract C { enum E { A } function transfer(address to, uint value) external {} function f(C c, E e, bytes "
        "calldata b, int8 i) external {} }");
    EXPECT_EQ(checked.function("transfer").selector, 0xa9059cbbu);
    EXPECT_EQ(checked.function("f").signature, "f(address,uint8,bytes,int8)");
}

TEST(Calls, KnowWhichFunctionsReachThemselves) {
    const Checked checked(
        "contract C { function a() internal { b(); } function b() internal { a(); } function c() internal { a(); } }");
    EXPECT_TRUE(checked.function("a").is_recursive);
    EXPECT_TRUE(checked.function("b").is_recursive);
    EXPECT_FALSE(checked.function("c").is_recursive);
}

TEST(Calls, SortNamedArgumentsIntoTheOrderOfTheParameters) {
    const Checked checked(
        "contract C { function f(uint8 a, bool b) internal {} function g() external { f({b: true, a: 1}); } }");
    ASSERT_EQ(checked.rendered(), "");
    for (std::size_t i = 1; i < checked.tree.exprs.size(); ++i) {
        if (checked.tree.exprs[i].kind != ExprKind::Call) continue;
        EXPECT_EQ(checked.tree[checked.program.exprs[i].arguments.at(0)].kind, ExprKind::Number);
        EXPECT_EQ(checked.tree[checked.program.exprs[i].arguments.at(1)].kind, ExprKind::Bool);
    }
}

TEST(Specifications, CalculateWithMathematicalIntegers) {
    const Checked checked("contract C { uint8 a; uint256 b; invariant a + b * 2 <= 2**254; }");
    ASSERT_EQ(checked.rendered(), "");
    for (std::size_t i = 1; i < checked.tree.exprs.size(); ++i) {
        const Expr& expr = checked.tree.exprs[i];
        if (expr.kind != ExprKind::Binary || expr.binary != BinaryOp::Add) continue;
        EXPECT_EQ(name_of(checked.program, checked.program.exprs[i].type), "integer");
    }
}

}  // namespace
}  // namespace interlock::lang
