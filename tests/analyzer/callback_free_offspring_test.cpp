// Contracts that entries make, and registers of them.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_offspring {
namespace {

// A hall that makes a token and hands over before it is done with it.
std::string hall(const std::string& token, const std::string& lock = "require(!busy); busy = true;") {
    return "contract T { address immutable maker = msg.sender; uint256 public supply; mapping(address => uint256) held; "
           "constructor() payable {} "
           "function mint(address a, uint256 v) external { require(msg.sender == maker); held[a] += v; supply += v; } " +
           token + " } contract H { bool busy; uint256 made; function make(address a) external payable { " + lock +
           R"( T t = new T{value: msg.value}(); t.mint(a, 5); (bool ok,) = a.call(""); require(ok); )"
           "t.mint(a, 5); made += 1; busy = false; } }";
}

TEST(CallbackFreeOffspring, OthersMayComeToWhatIsHalfDone) {
    EXPECT_FREE(hall(""));
    EXPECT_FREE(hall("uint256 n; function count() external { n += 1; }"));
    const std::string grabs = "payable(msg.sender).transfer(address(this).balance); }";
    EXPECT_NOT_FREE(hall("function grab() external { require(supply == 5); " + grabs));
    EXPECT_NOT_FREE(hall("function burn(uint256 v) external { held[msg.sender] -= v; supply /= 2; }"));
    // Nobody but who made it can.
    EXPECT_FREE(hall("function grab() external { require(msg.sender == maker && supply == 5); " + grabs));
}

// Cells that hold ether, each made for who pays, and paid out of once.
std::string cells(const std::string& more = "", const std::string& pay = "to.transfer(address(this).balance);",
                  const std::string& known = "require(bonds[cell].amount > 0 && !bonds[cell].closed);") {
    return "contract Cell { address immutable hub = msg.sender; address payable immutable to; "
           "constructor(address payable a) payable { to = a; } "
           "function payOut() external returns (uint256 v) { require(msg.sender == hub); v = address(this).balance; " +
           pay +
           " } } contract Hub { struct Bond { uint128 amount; bool closed; } mapping(Cell => Bond) bonds; uint256 open; "
           "uint256 paid; function place() external payable { require(msg.value > 0); "
           "Cell cell = new Cell{value: msg.value}(payable(msg.sender)); bonds[cell] = Bond(uint128(msg.value), false); "
           "open += 1; } function settle(Cell cell) external { " +
           known + " uint256 before = open; paid += cell.payOut(); bonds[cell].closed = true; open = before - 1; } " + more +
           " }";
}

TEST(CallbackFreeOffspring, WhatIsRegisteredUnderAnAccountTellsOfIt) {
    EXPECT_FREE(cells());
    EXPECT_NOT_FREE(cells("", R"((bool ok,) = to.call{value: v}(""); require(ok);)"));
    EXPECT_NOT_FREE(cells("", "to.transfer(v);", "require(!bonds[cell].closed);"));
    EXPECT_NOT_FREE(cells("function add(Cell cell) external payable { bonds[cell].amount += uint128(msg.value); }"));
    EXPECT_FREE(cells("function drop(Cell cell) external { require(bonds[cell].closed); delete bonds[cell]; }"));
    EXPECT_FREE(cells("function more(Cell cell) external { require(bonds[cell].amount > 0); bonds[cell].amount += 1; }"));
    EXPECT_NOT_FREE(cells("function steal(bytes32 at) external { assembly { sstore(at, 1) } }"));
}

// The same cells, kept under numbers.
std::string boxes(const std::string& more = "", const std::string& kept = "boxes[n]") {
    return "contract Cell { address immutable hub = msg.sender; address payable immutable to; "
           "constructor(address payable a) payable { to = a; } "
           "function payOut() external { require(msg.sender == hub); to.transfer(address(this).balance); } } "
           "contract Hub { mapping(uint256 => Cell) boxes; Cell last; uint256 n; uint256 sum; "
           "function place() external payable { n += 1; last = new Cell{value: msg.value}(payable(msg.sender)); "
           "boxes[n] = last; } function settle() external { uint256 before = sum; " +
           kept + ".payOut(); sum = before + 1; } " + more + " }";
}

TEST(CallbackFreeOffspring, WordsHoldNothingElse) {
    EXPECT_FREE(boxes());
    EXPECT_FREE(boxes("", "last"));
    EXPECT_FREE(boxes("function clear(uint256 i) external { delete boxes[i]; }"));
    EXPECT_FREE(boxes("function move(uint256 i, uint256 j) external { boxes[i] = boxes[j]; }"));
    EXPECT_NOT_FREE(boxes("function set(uint256 i, Cell c) external { boxes[i] = c; }"));
    EXPECT_NOT_FREE(boxes("function set(Cell c) external { last = c; }", "last"));
    EXPECT_NOT_FREE(boxes("", "Cell(address(uint160(n)))"));
}

// A yard tells which tokens it made; a farm takes these.
std::string farm(const std::string& test, const std::string& registers = "isHay[address(h)] = true;",
                 const std::string& moves = "held[a] -= v; held[b] += v;") {
    return "contract Hay { mapping(address => uint256) held; function move(address a, address b, uint256 v) external { " +
           moves +
           " } function buy() external payable { held[msg.sender] += msg.value; } }"
           "contract Yard { mapping(address => bool) public isHay; function make() external { Hay h = new Hay(); " +
           registers +
           " } } contract Farm { Yard immutable yard; uint256 stored; constructor(Yard y) { yard = y; } "
           "function store(Hay hay, uint256 v) external { " +
           test + " uint256 before = stored; hay.move(msg.sender, address(this), v); stored = before + v; } }";
}

TEST(CallbackFreeOffspring, AnotherContractTellsWhichItMade) {
    const std::string asks = "require(yard.isHay(address(hay)));";
    EXPECT_FREE(farm(asks));
    EXPECT_NOT_FREE(farm(""));
    EXPECT_NOT_FREE(farm("require(!yard.isHay(address(hay)));"));
    EXPECT_NOT_FREE(farm(asks, "isHay[msg.sender] = true;"));
    EXPECT_NOT_FREE(farm(asks, "isHay[address(h)] = true;", R"((bool ok,) = b.call(""); require(ok);)"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_offspring
