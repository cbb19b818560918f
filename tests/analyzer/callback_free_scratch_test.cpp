// Tokens that are called in assembly, with words in scratch memory or bytes that are sent whole, where the answer comes back
// into scratch memory: beside each contract that is callback-free stand twins whose answers decide more.
#include "callback_free_fixture.hpp"

namespace interlock::analyzer::tests::of_scratch {
namespace {

const std::string erc20 =
    "interface IERC20 { function transfer(address to, uint256 v) external returns (bool);"
    "function transferFrom(address from, address to, uint256 v) external returns (bool); }";

// `after` sees `ok`, and `t` as an address.
std::string push(const std::string& after) {
    return "function push(address t, address to, uint256 v) internal returns (uint256 ok) {"
           "bytes4 name = IERC20.transfer.selector;"
           "assembly (\"memory-safe\") { let free := mload(0x40) mstore(0, name) mstore(4, and(to, shr(96, not(0))))"
           "mstore(0x24, v) ok := call(gas(), t, 0, 0, 0x44, 0, 0x20) " +
           after + " mstore(0x40, free) } }";
}
std::string pull(const std::string& after) {
    return "function pull(address t, address from, address to, uint256 v) internal returns (uint256 ok) {"
           "bytes4 name = IERC20.transferFrom.selector;"
           "assembly (\"memory-safe\") { let free := mload(0x40) mstore(0, name) mstore(4, and(from, shr(96, not(0))))"
           "mstore(0x24, and(to, shr(96, not(0)))) mstore(0x44, v) ok := call(gas(), t, 0, 0, 0x64, 0, 0x20) " +
           after + " mstore(0x40, free) mstore(0x60, 0) } }";
}
// Goes on if the token said yes, or nothing though it has code.
const std::string checked =
    "if iszero(and(ok, eq(mload(0), 1))) { if iszero(ok) { returndatacopy(free, 0, returndatasize())"
    "revert(free, returndatasize()) } ok := and(ok, and(iszero(returndatasize()), gt(extcodesize(t), 0))) }";

std::string till(const std::string& out, const std::string& take, const std::string& members = "IERC20 immutable t;",
                 const std::string& in = pull(checked)) {
    return erc20 + "library Moves { " + out + in +
           "}"
           "contract Till { using Moves for address; " +
           members +
           " mapping(address => uint256) b; uint256 n; constructor(IERC20 x) { t = x; }"
           "function put(uint256 v) external { require(address(t).pull(msg.sender, address(this), v) != 0);"
           "b[msg.sender] += v; }"
           "function take(uint256 v) external { " +
           take + " } }";
}
const std::string sound = "b[msg.sender] -= v; require(address(t).push(msg.sender, v) != 0);";

TEST(CallbackFreeScratch, AnAnswerInScratchMemoryMayDecideWhetherAllIsUndone) {
    EXPECT_FREE(till(push(checked), sound));
    EXPECT_FREE(till(push(checked), sound, "IERC20 t;"));
    EXPECT_NOT_FREE(till(push(checked), "uint256 a = b[msg.sender]; address(t).push(msg.sender, a); b[msg.sender] = 0;"));
    EXPECT_NOT_FREE(till(push(checked),
                         "require(b[msg.sender] >= v); require(address(t).push(msg.sender, v) != 0);"
                         "unchecked { b[msg.sender] -= v; }"));
}

TEST(CallbackFreeScratch, AnAnswerInScratchMemoryThatDecidesMoreIsHeeded) {
    const std::string heeds = "b[msg.sender] -= v; b[msg.sender] += address(t).push(msg.sender, v);";
    EXPECT_FREE(till(push(""), heeds));  // whether it failed
    EXPECT_NOT_FREE(till(push("ok := mload(0)"), heeds));
    EXPECT_NOT_FREE(till(push("ok := mload(1)"), heeds));
    EXPECT_NOT_FREE(till(push("ok := returndatasize()"), heeds));
    EXPECT_NOT_FREE(till(push("ok := keccak256(0, 0x40)"), heeds));
    EXPECT_NOT_FREE(till(push("ok := keccak256(v, 0x40)"), heeds));
    EXPECT_NOT_FREE(till(push("ok := mload(sub(free, v))"), heeds));
    EXPECT_NOT_FREE(till(push("mcopy(0x80, 0, 0x20) ok := mload(0x80)"), heeds));
    EXPECT_NOT_FREE(till(push("mstore(0x20, mload(0)) ok := mload(0x20)"), heeds));
    EXPECT_NOT_FREE(till(push("returndatacopy(0x20, 0, 0x20) ok := mload(0x20)"), heeds));
    EXPECT_NOT_FREE(till(push("if gt(mload(0), 1) { sstore(1, v) }"), heeds));
    EXPECT_NOT_FREE(till(push("if gt(mload(0), 1) { return(0, 0) }"), heeds));
    EXPECT_NOT_FREE(till(push("ok := call(gas(), mload(0), 0, 0, 0, 0, 0)"), heeds));
    EXPECT_NOT_FREE(till(push("ok := call(gas(), t, 0, 0, 0x44, 0, 0)"), heeds));
    // Words of which the answer is no part, or that were written over it.
    EXPECT_FREE(till(push("ok := mload(0x20)"), heeds));
    EXPECT_FREE(till(push("ok := mload(0x40)"), heeds));
    EXPECT_FREE(till(push("mstore(0, 5) ok := mload(0)"), heeds));
    EXPECT_NOT_FREE(till(push("mstore(1, 5) ok := mload(0)"), heeds));
}

TEST(CallbackFreeScratch, BytesOfWhichTheAddressWasMadeUpMayHoldTheAnswer) {
    const auto measured = [](const std::string& place) {
        return "b[msg.sender] -= v; require(address(t).push(msg.sender, v) != 0); bytes memory d; assembly { d := " + place +
               " } b[msg.sender] += d.length;";
    };
    EXPECT_NOT_FREE(till(push(checked), measured("0")));
    EXPECT_NOT_FREE(till(push(checked), measured("sub(mload(0x40), v)")));
    EXPECT_FREE(till(push(checked), measured("mload(0x40)")));
}

// Memory that a function allocates is behind the free-memory pointer, too.
TEST(CallbackFreeScratch, BytesThatWereAllocatedHoldNoAnswer) {
    const auto sends = [](const std::string& bytes) {
        return till(push(checked), sound,
                    "IERC20 immutable t; function poke(address to) external { send(to, " + bytes +
                        "); } function send(address to, bytes memory d) private"
                        "{ assembly { if iszero(call(gas(), to, 0, add(d, 32), mload(d), 0, 0)) { revert(0, 0) } } }");
    };
    EXPECT_FREE(sends("\"\""));
    EXPECT_FREE(sends("new bytes(7)"));
}

// What is done with one of them says nothing of another, and who only asks for the length leaves it empty.
TEST(CallbackFreeScratch, EmptyBytesAreEachByThemselves) {
    const auto poke = [](const std::string& other) {
        return "contract C { mapping(address => uint256) b; bool busy; modifier lock() { require(!busy); busy = true; _;"
               "busy = false; } function open() external { require(msg.sender == address(this)); busy = false; }"
               "function put() external payable lock { b[msg.sender] += msg.value; }"
               "function size(bytes memory d) private pure returns (uint256 n) { assembly { n := mload(d) } }"
               "function send(address to, bytes memory d) private { assembly {"
               "if iszero(call(gas(), to, 1, add(d, 32), mload(d), 0, 0)) { revert(0, 0) } } }"
               "function take(address to) external lock { " +
               other + " b[to] -= 1; } }";
    };
    EXPECT_FREE(poke("require(size(\"\") == 0); send(to, \"\");"));
    EXPECT_FREE(poke("bytes memory d = \"\"; require(size(d) == 0); send(to, d);"));
}

// What comes from memory behind a call may be an answer, and leads to the same places as before.
TEST(CallbackFreeScratch, PlacesInALoopAreTheSameWhateverWasAnswered) {
    EXPECT_FREE(erc20 + "library Moves { " + push(checked) +
                "} contract C { using Moves for address; mapping(uint256 => address) who; bool busy;"
                "mapping(address => uint256[]) open; modifier lock() { require(!busy); busy = true; _; busy = false; }"
                "function add(uint256 x) external lock { open[msg.sender].push(x); who[x] = msg.sender; }"
                "function all(address t, uint256[] memory ids) external lock { for (uint256 i; i < ids.length; ++i) {"
                "uint256[] storage list = open[who[ids[i]]]; list.pop();"
                "require(t.push(msg.sender, 1) != 0); } } }");
}

// Whoever makes a list of what is paid, in memory, reads no answers there; the index is compared with its length.
TEST(CallbackFreeScratch, ElementsOfAListInMemoryHoldNoAnswer) {
    const auto lists = [](const std::string& take) {
        return erc20 + "library Moves { " + push(checked) + pull(checked) +
               "} contract C { using Moves for address; mapping(address => mapping(address => uint256)) b;"
               "mapping(address => address[]) kept; function put(address t, uint256 v) external { b[msg.sender][t] += v;"
               "require(t.pull(msg.sender, address(this), v) != 0); } function all() external { address[] memory ts = "
               "kept[msg.sender];"
               "for (uint256 i; i < ts.length; ++i) { " +
               take + " } } }";
    };
    EXPECT_FREE(lists("require(ts[i].push(msg.sender, 1) != 0);"));
    EXPECT_NOT_FREE(
        lists("require(ts[i].push(msg.sender, 1) != 0); uint256 x; assembly { x := mload(mul(i, 32)) } b[msg.sender][ts[i]] "
              "= x;"));
}

TEST(CallbackFreeScratch, WhatIsSentIsReadFromMemory) {
    // The contract has a function of that name and is called itself.
    const auto hit = [](const std::string& write, const std::string& more = "") {
        return erc20 + "contract Till { mapping(address => uint256) b; bool busy; " + more +
               "modifier lock() { require(!busy); busy = true; _; busy = false; }"
               "function open() external { require(msg.sender == address(this)); busy = false; }"
               "function put() external payable lock { b[msg.sender] += msg.value; }"
               "function take(address t, uint256 v) external lock { bytes4 name = IERC20.transfer.selector; uint256 ok;"
               "assembly { " +
               write + " } require(ok != 0); b[msg.sender] -= v; } }";
    };
    const std::string words = "mstore(0, name) mstore(4, caller()) mstore(0x24, v) ";
    EXPECT_FREE(hit(words + "ok := call(gas(), t, 0, 0, 0x44, 0, 0)"));
    EXPECT_FREE(
        hit("let m := mload(0x40) mstore(m, name) mstore(add(m, 4), caller()) mstore(add(m, 0x24), v)"
            "ok := call(gas(), t, 0, m, 0x44, 0, 0)"));
    EXPECT_FREE(
        hit("mstore(0x14, caller()) mstore(0x34, v) mstore(0, 0xa9059cbb000000000000000000000000)"
            "ok := call(gas(), t, 0, 0x10, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit(words + "mstore8(0, v) ok := call(gas(), t, 0, 0, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit(words + "mstore(v, v) ok := call(gas(), t, 0, 0, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit(words + "mstore(sub(0, 29), v) ok := call(gas(), t, 0, 0, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit(words + "calldatacopy(0, 4, 4) ok := call(gas(), t, 0, 0, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit(words + "ok := call(gas(), t, 0, 0x24, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit(words + "ok := call(gas(), t, 0, v, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit("let m := mload(0x40) mstore(m, name) mstore(v, v) ok := call(gas(), t, 0, m, 0x44, 0, 0)"));
    EXPECT_NOT_FREE(hit("mstore(0, name) if v { mstore(0, v) } ok := call(gas(), t, 0, 0, 0x44, 0, 0)"));
}

// As bytes that were encoded before.
const std::string whole =
    "error Failed(); function push(address t, address to, uint256 v) internal returns (uint256) {"
    "  return sent(t, abi.encodeCall(IERC20.transfer, (to, v))); }"
    "function pull(address t, address from, address to, uint256 v) internal returns (uint256) {"
    "  return sent(t, abi.encodeCall(IERC20.transferFrom, (from, to, v))); }"
    "function sent(address t, bytes memory d) private returns (uint256 word) { uint256 size;"
    "  assembly (\"memory-safe\") { let ok := call(gas(), t, 0, add(d, 0x20), mload(d), 0, 0x20)"
    "    if iszero(ok) { let m := mload(0x40) returndatacopy(m, 0, returndatasize()) revert(m, returndatasize()) }"
    "    size := returndatasize() word := mload(0) }";
const std::string accepted = "if (size == 0 ? t.code.length == 0 : word != 1) revert Failed(); return 1; }";

TEST(CallbackFreeScratch, BytesThatAreSentWholeAreKnown) {
    EXPECT_FREE(till(whole + accepted, sound, "IERC20 immutable t;", ""));
    EXPECT_FREE(till(whole + accepted, sound, "IERC20 t;", ""));
    EXPECT_NOT_FREE(till(whole + "return word; }", "b[msg.sender] -= v; b[msg.sender] += address(t).push(msg.sender, v);",
                         "IERC20 t;", ""));
    EXPECT_NOT_FREE(till(whole + "return size; }", "b[msg.sender] -= v; b[msg.sender] += address(t).push(msg.sender, v);",
                         "IERC20 t;", ""));
    EXPECT_NOT_FREE(till(whole + accepted, "uint256 a = b[msg.sender]; address(t).push(msg.sender, a); b[msg.sender] = 0;",
                         "IERC20 t;", ""));
}

// Where a caught failure's reason is not needed any more, memory goes on where it lay: above what is scratch memory, as before.
TEST(CallbackFreeScratch, MemoryMayGoOnWhereBytesLay) {
    const auto wrapper = [](const std::string& decimals) {
        return "interface INamed { function decimals() external view returns (uint8); }" +
               till(whole + accepted, sound + "emit Taken(msg.sender, v);",
                    "event Taken(address indexed by, uint256 v); IERC20 immutable t;"
                    "function decimals() external view returns (uint8) { " +
                        decimals + " } ",
                    "");
    };
    EXPECT_FREE(wrapper("try INamed(address(t)).decimals() returns (uint8 d) { return d; } catch { return 18; }"));
    EXPECT_NOT_FREE(wrapper("assembly { mstore(64, 0) } return 18;"));
    EXPECT_NOT_FREE(wrapper("assembly { let at := mload(64) if at { at := 32 } mstore(64, at) } return 18;"));
}

TEST(CallbackFreeScratch, BytesOfWhichTheAddressIsTakenOtherwiseMayBeOthers) {
    const auto hit = [](const std::string& send) {
        return erc20 +
               "contract Till { mapping(address => uint256) b; bool busy;"
               "modifier lock() { require(!busy); busy = true; _; busy = false; }"
               "function open() external { require(msg.sender == address(this)); busy = false; }"
               "function put() external payable lock { b[msg.sender] += msg.value; }"
               "function take(address t, uint256 v) external lock {"
               "bytes memory d = abi.encodeCall(IERC20.transfer, (t, v)); uint256 ok; assembly { " +
               send + " } require(ok != 0); b[msg.sender] -= v; } }";
    };
    EXPECT_FREE(hit("ok := call(gas(), t, 0, add(d, 0x20), mload(d), 0, 0)"));
    EXPECT_FREE(hit("v := mload(add(d, 0x20)) ok := call(gas(), t, 0, add(d, 0x20), mload(d), 0, 0)"));
    EXPECT_NOT_FREE(hit("mstore(add(d, 0x20), v) ok := call(gas(), t, 0, add(d, 0x20), mload(d), 0, 0)"));
    EXPECT_NOT_FREE(hit("let p := add(d, 0x20) mstore(p, v) ok := call(gas(), t, 0, p, mload(d), 0, 0)"));
    EXPECT_NOT_FREE(hit("let p := add(d, 0x20) mstore(add(p, v), v) ok := call(gas(), t, 0, p, mload(d), 0, 0)"));
    EXPECT_NOT_FREE(
        hit("let p := add(d, 0x20) ok := staticcall(gas(), v, p, mload(d), p, 4)"
            "ok := call(gas(), t, 0, p, mload(d), 0, 0)"));
    EXPECT_NOT_FREE(hit("ok := call(gas(), t, 0, add(d, 0x24), mload(d), 0, 0)"));
    EXPECT_NOT_FREE(hit("mstore(d, 3) ok := call(gas(), t, 0, add(d, 0x20), mload(d), 0, 0)"));
}

TEST(CallbackFreeScratch, CodeOfWhichAllThatMattersIsThatThereIsSome) {
    const auto opened = [](const std::string& look, const std::string& more = "") {
        return erc20 +
               "contract C { struct E { address t; address to; uint256 v; } mapping(uint256 => E) e; uint256 n; error No();"
               "function make(address t, address to, uint256 v) external { E storage x = e[++n]; x.t = t; x.to = to; x.v = "
               "v;"
               "  move(t, abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), v))); }"
               "function take(uint256 i) external { E memory x = e[i]; require(msg.sender == x.to); delete e[i];"
               "  move(x.t, abi.encodeCall(IERC20.transfer, (x.to, x.v))); }"
               "function move(address t, bytes memory d) private { (bool ok, bytes memory r) = t.call(d); require(ok); " +
               look + " }" + more + " }";
    };
    EXPECT_FREE(opened("if (r.length == 0 ? t.code.length == 0 : !abi.decode(r, (bool))) revert No();"));
    EXPECT_FREE(opened("if (r.length == 0) { require(t.code.length > 0); } else { require(abi.decode(r, (bool))); }"));
    EXPECT_FREE(opened("require(t.code.length != 0);"));
    EXPECT_NOT_FREE(opened("if (t.code.length == 0) n = 1;"));
    EXPECT_NOT_FREE(opened("require(t.code.length > 1);"));
    EXPECT_NOT_FREE(opened("require(t.code.length < 100);"));
    EXPECT_NOT_FREE(opened("require(t.code.length == 0);"));
    EXPECT_NOT_FREE(opened("uint256 c = t.code.length; require(c > 0); n = c;"));
    EXPECT_NOT_FREE(
        opened("require(t.code.length > 0);", "function other(address t) external { require(t.code.length == 0); n = 9; }"));
}

// Where assembly looks at the free-memory pointer, calls by bytes are made of instructions, as solc makes them.
TEST(CallbackFreeScratch, WhereMemoryIsCountedACallByBytesIsOneStill) {
    const auto counted = [](const std::string& body) {
        return bank(
            "function mark() internal pure returns (uint256 m) { assembly { m := mload(0x40) } }"
            "function take(uint256 v) external { mark(); " +
                body + " }",
            "uint256 last; bytes32 word; ");
    };
    const std::string less = "b[msg.sender] -= v; ", call = R"((bool ok,) = msg.sender.call{value: v}(""); )";
    EXPECT_FREE(counted(less + call + "require(ok);"));
    EXPECT_FREE(counted(less + call + "if (!ok) b[msg.sender] += v;"));
    EXPECT_NOT_FREE(counted("uint256 a = b[msg.sender]; " + call + "require(ok); b[msg.sender] = a - v;"));
    EXPECT_FREE(counted(less + R"((bool ok, bytes memory r) = msg.sender.call{value: v}(""); require(ok);)"));
    const std::string ask = R"((bool ok, bytes memory r) = address(0xabcdef).call("1234"); require(ok); )";
    EXPECT_NOT_FREE(counted(less + ask + "b[msg.sender] += r.length;"));
    EXPECT_NOT_FREE(counted(less + ask + "b[msg.sender] += uint8(r[0]);"));
    EXPECT_NOT_FREE(counted(less + ask + "uint256 x; assembly { x := mload(add(r, 32)) } b[msg.sender] += x;"));
    EXPECT_NOT_FREE(counted(less + ask + "uint256 x; assembly { x := returndatasize() } b[msg.sender] += x;"));
    EXPECT_NOT_FREE(counted(less + ask + "if (r.length > 5) b[msg.sender] += 1;"));
    EXPECT_NOT_FREE(counted(less + ask + "word = keccak256(r);"));
    EXPECT_FREE(counted(less + ask));
    EXPECT_FREE(counted(less + ask + "require(r.length == 0 || abi.decode(r, (bool)));"));
}

TEST(CallbackFreeScratch, BytesThatAreMadeEmptyAreAPlainPayment) {
    // Call data that others choose may open the lock.
    const auto paid = [](const std::string& pay) {
        return bank(
            "function send(address to, uint256 v, bytes memory d) internal returns (bool ok) { assembly {"
            "  ok := call(gas(), to, v, add(d, 0x20), mload(d), 0, 0) } }"
            "function mark() internal pure returns (uint256 m) { assembly { m := mload(0x40) } }"
            "function open() external { require(msg.sender == address(this)); busy = false; }"
            "function take(address to, uint256 v, bytes memory c) external { require(!busy); busy = true; mark(); "
            "require(b[msg.sender] >= v); " +
                pay + " b[msg.sender] -= v; busy = false; }",
            "bool busy; ");
    };
    EXPECT_FREE(paid(R"(require(send(to, v, ""));)"));
    EXPECT_NOT_FREE(paid("require(send(to, v, c));"));
    EXPECT_NOT_FREE(paid(R"(bytes memory e = ""; assembly { mstore(e, 4) } require(send(to, v, e));)"));
}

// As OpenZeppelin's Address does: bytes are made of what came back, and who asked for them gets them.
// Where an answer still lies, a payment that sends no bytes sends none of it.
TEST(CallbackFreeScratch, APaymentSendsNoAnswer) {
    const auto sale = [](const std::string& data, const std::string& size) {
        return erc20 + "library Moves { " + push(checked) +
               "} contract Sale { using Moves for address; IERC20 immutable t; address w; uint256 raised;"
               " constructor(IERC20 x, address to) { t = x; w = to; } function look() external { require(raised < 9); }"
               " function buy(address to) external payable { raised += msg.value; require(address(t).push(to, 9) != 0);"
               " require(give(w, msg.value, \"\")); }"
               " function give(address to, uint256 v, bytes memory data) internal returns (bool ok) {"
               " assembly (\"memory-safe\") { ok := call(gas(), to, v, " +
               data + ", " + size + ", 0, 0) } } }";
    };
    EXPECT_FREE(sale("add(data, 0x20)", "mload(data)"));
    EXPECT_NOT_FREE(sale("0", "0x20"));
}

TEST(CallbackFreeScratch, BytesThatAreMadeOfAnAnswerAreOneOnlyForWhoLooks) {
    const auto run = [](const std::string& use,
                        const std::string& back =
                            "r := mload(0x40) mstore(r, returndatasize())"
                            "returndatacopy(add(r, 0x20), 0, returndatasize())"
                            "mstore(0x40, add(r, add(0x20, returndatasize())))",
                        const std::string& failed = "bubble();") {
        return bank(
            "function size() internal pure returns (uint256 n) { assembly { n := returndatasize() } }"
            "function bubble() internal pure { assembly { let m := mload(0x40) returndatacopy(m, 0, returndatasize())"
            "  revert(m, returndatasize()) } }"
            "function answer() internal returns (bytes memory r) { assembly { " +
                back +
                " } }"
                "function plain(address to, uint256 v, bytes memory d) internal returns (bool ok) { assembly {"
                "  ok := call(gas(), to, v, add(d, 0x20), mload(d), 0, 0) } }"
                "function call(address to, uint256 v, bytes memory d) internal returns (bytes memory) {"
                "  bool ok = plain(to, v, d); if (ok && (size() > 0 || to.code.length > 0)) return answer();"
                "  if (!ok && size() > 0) { " +
                failed +
                " } else { revert(); } }"
                "function take(address to, uint256 v, bytes memory d) external { b[msg.sender] -= v; " +
                use + " }",
            "uint256 last; bytes32 word; ");
    };
    EXPECT_FREE(run("call(to, v, d);"));
    EXPECT_FREE(run("bytes memory r = call(to, v, d); require(r.length < 4);"));
    EXPECT_NOT_FREE(run("last = call(to, v, d).length;"));
    EXPECT_NOT_FREE(run("word = keccak256(call(to, v, d));"));
    EXPECT_NOT_FREE(run("bytes memory r = call(to, v, d); if (r.length > 3) b[to] += 1;"));
    EXPECT_NOT_FREE(run("bytes memory r = call(to, v, d); assembly { sstore(last.slot, mload(add(r, 0x20))) }"));
    // The failure goes by in silence, with what came back.
    EXPECT_NOT_FREE(run("call(to, v, d);",
                        "r := mload(0x40) mstore(r, returndatasize()) returndatacopy(add(r, 0x20), 0, returndatasize())"
                        "mstore(0x40, add(r, add(0x20, returndatasize())))",
                        "last = size();"));
    // More is done with the size, or the answer is put elsewhere.
    EXPECT_NOT_FREE(run("call(to, v, d);",
                        "r := mload(0x40) mstore(r, returndatasize()) returndatacopy(add(r, 0x20), 0, returndatasize())"
                        "sstore(last.slot, returndatasize()) mstore(0x40, add(r, add(0x20, returndatasize())))"));
    EXPECT_NOT_FREE(run("call(to, v, d); uint256 x; assembly { x := mload(0) } last = x;",
                        "r := mload(0x40) returndatacopy(0, 0, returndatasize())"
                        "mstore(0x40, add(r, add(0x20, returndatasize())))"));
}

}  // namespace
}  // namespace interlock::analyzer::tests::of_scratch
