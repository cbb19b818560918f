// Numbers that stay below a bound, and code that is run on the own storage.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_values {
namespace {

TEST(CallbackFreeValues, WhatNoNumberReachesIsNeverDone) {
    const auto moded = [](const std::string& mode, const std::string& set) {
        return bank("function take() external { require(mode == 7); uint256 a = b[msg.sender]; " + pay +
                        " b[msg.sender] = 0; }" + set,
                    mode);
    };
    const std::string set = "function set(uint256 m) external { require(m < 7); mode = m; }";
    EXPECT_FREE(moded("uint256 mode;", set));
    EXPECT_FREE(moded("uint256 mode = 3;", set));
    EXPECT_FREE(moded("uint256 mode;", "function set(uint256 m) external { if (m > 5) revert(); mode = m; }"));
    EXPECT_NOT_FREE(moded("uint256 mode;", "function set(uint256 m) external { require(m <= 7); mode = m; }"));
    EXPECT_NOT_FREE(moded("uint256 mode = 7;", set));
    EXPECT_NOT_FREE(moded("uint256 mode; constructor(uint256 m) { mode = m; }", set));
    EXPECT_NOT_FREE(
        moded("uint256 mode; function s(uint256 m) internal { mode = m; } constructor(uint256 m) { s(m); }", set));
    EXPECT_NOT_FREE(moded("uint256 mode; constructor(uint256 m) { assembly { sstore(mode.slot, m) } }", set));
    EXPECT_NOT_FREE(moded("uint256 mode;", set + "function more() external { mode += 1; }"));
    EXPECT_NOT_FREE(moded("uint256 mode;", set + "function raw(uint256 m) external { assembly { sstore(mode.slot, m) } }"));
    EXPECT_NOT_FREE(
        moded("uint256 mode;", set + "function raw(uint256 s, uint256 m) external { assembly { sstore(s, m) } }"));
    EXPECT_NOT_FREE(moded("uint256 mode;", "function set(uint256 m) external { if (m < 7) mode = m; else mode = 7; }"));
    EXPECT_NOT_FREE(moded("uint256 mode;", "function set(uint256 n) external { for (uint256 i; i < n; ++i) mode = i; }"));
}

TEST(CallbackFreeValues, ForeignCodeOnTheOwnStorageIsFollowed) {
    const auto lent = [](const std::string& library, const std::string& holder, const std::string& take) {
        return "interface IBurn { function burn(address) external; }"
               "contract Payer { " +
               library + "} contract Bank { mapping(address => uint256) b; " + holder +
               "function put() external payable { b[msg.sender] += msg.value; }"
               "function take() external { uint256 a = b[msg.sender]; " +
               take + "} }";
    };
    const std::string made = "address immutable lib = address(new Payer());";
    const std::string call = "(bool ok,) = lib.delegatecall(abi.encodeCall(Payer.pay, (msg.sender, a))); require(ok);";
    const auto library = [](const std::string& body) {
        return "function pay(address to, uint256 a) external {" + body + "}";
    };
    const std::string once = "(bool ok,) = to.call{value: a}(\"\"); require(ok);";
    EXPECT_FREE(lent(library(once), made, "b[msg.sender] = 0;" + call));
    EXPECT_NOT_FREE(lent(library(once), made, call + "b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(lent("mapping(address => uint256) b;" + library(once + "b[to] = 0;"), made, call));
    EXPECT_FREE(lent("mapping(address => uint256) b;" + library("b[to] = 0;" + once), made, call));
    EXPECT_FREE(lent(library("a = address(this).balance / a;" + once), made, "b[msg.sender] = 0;" + call));
    EXPECT_NOT_FREE(lent(library(once + "a = address(this).balance / a; (ok,) = to.call{value: a}(\"\");"), made,
                         "b[msg.sender] = 0;" + call));
    EXPECT_FREE(lent(library("IBurn(to).burn(to);" + once), made, "b[msg.sender] = 0;" + call));
    EXPECT_NOT_FREE(lent("uint256 n;" + library("n += 1;" + once), made, "b[msg.sender] = 0;" + call));  // another layout
    // Whose code that is was said once and for all: it is taken for the only one that has the function.
    const std::string said =
        lent(library(once), "address immutable lib; constructor(address l) { lib = l; }", "b[msg.sender] = 0;" + call);
    EXPECT_FREE(said);
    EXPECT_EQ(std::ranges::count(freedom(said).assumptions, assumed(Assumed::OneOfKind, "`lib` of `Bank`", "Payer")), 1);
    EXPECT_NOT_FREE(
        lent(library(once), "address immutable lib; constructor(address l) { lib = l; }", call + "b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(lent(library(once), "address lib = address(new Payer()); function set(address l) external { lib = l; }",
                         "b[msg.sender] = 0;" + call));
}

TEST(CallbackFreeValues, AFunctionValueMayBeAnyFunction) {
    const auto run = [](const std::string& more) {
        return "interface IPing { function ping(uint256[] calldata) external; }" +
               bank("function take() external { require(!lk); lk = true; uint256 a = b[msg.sender]; " + pay +
                        " b[msg.sender] = 0; lk = false; } function run(function() external f) external { f(); }"
                        "function open() external { require(msg.sender == address(this)); lk = false; }" +
                        more,
                    "bool lk;");
    };
    EXPECT_NOT_FREE(run(""));
    EXPECT_NOT_FREE(run("function hello(IPing p) external { p.ping(new uint256[](1)); }"));
}

// Who asks for an answer must not do so while another is half done with its own work, however the answer comes back.
TEST(CallbackFreeValues, AnAnswerInMemoryIsAnAnswer) {
    const auto asks = [](const std::string& methods, const std::string& ask) {
        return "interface T { function send(address, uint256) external; } interface O { " + methods +
               " } contract C { uint256 last; O o; T t; constructor(O x, T y) { o = x; t = y; }"
               "function a() external { t.send(msg.sender, 1); } function v() external { " +
               ask + " } }";
    };
    const std::string poke = "function poke(bytes calldata) external;";
    EXPECT_FREE(asks(poke, "last = 1; o.poke(\"\");"));
    EXPECT_FREE(asks("function poke(bytes calldata) external returns (bytes4);",
                     "require(o.poke(\"\") == O.poke.selector); last = 1;"));
    EXPECT_NOT_FREE(asks("function price() external returns (uint256);", "last = o.price();"));
    EXPECT_NOT_FREE(asks("function price(bytes calldata) external returns (uint256);", "last = o.price(\"\");"));
    const std::string loan = "function onLoan(bytes calldata) external returns (bytes32);";
    EXPECT_FREE(asks(loan, "require(o.onLoan(\"\") == keccak256(\"loan\")); last = 1;"));
    EXPECT_FREE(asks(loan, "if (o.onLoan(\"\") != keccak256(\"loan\")) revert(); last = 1;"));
    EXPECT_NOT_FREE(asks(loan, "if (o.onLoan(\"\") == keccak256(\"loan\")) last = 1;"));
    EXPECT_NOT_FREE(asks(loan, "last = uint256(o.onLoan(\"\"));"));
    EXPECT_NOT_FREE(asks(loan, "bytes32 r = o.onLoan(\"\"); if (last == 2) last = uint256(r);"));
    const std::string pair = "function pair(bytes calldata) external returns (bool, uint256);";
    EXPECT_FREE(asks(pair, "(bool k, ) = o.pair(\"\"); last = k ? 1 : 2;"));
    EXPECT_FREE(asks(pair, "(, uint256 k) = o.pair(\"\"); require(k == 7); last = 1;"));
    EXPECT_NOT_FREE(asks(pair, "(, uint256 k) = o.pair(\"\"); last = k;"));
    EXPECT_NOT_FREE(asks("function price(uint256[] calldata) external returns (uint256[] memory);",
                         "last = o.price(new uint256[](1))[0];"));
    const std::string copy = "uint256 r; assembly { returndatacopy(0, 0, 32) r := mload(0) } last = r;";
    EXPECT_NOT_FREE(asks("function poke() external;", "o.poke(); " + copy));
    EXPECT_NOT_FREE(asks(poke, "o.poke(\"\"); " + copy));
    EXPECT_NOT_FREE(asks(poke, "(bool k,) = address(o).call(\"1234\"); require(k); " + copy));
    EXPECT_NOT_FREE(asks(
        poke, "address q = address(o); assembly { if iszero(call(gas(), q, 0, 0, 4, 0, 0)) { revert(0, 0) } } " + copy));
    EXPECT_NOT_FREE(asks(poke,
                         "address q = address(o); uint256 r; assembly { if iszero(call(gas(), q, 0, 0, 4, 0, 32)) "
                         "{ revert(0, 0) } r := mload(0) } last = r;"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_values
