// What is done twice while it counts once: orders that others signed, code that others may run, crates, offers, markets.
#include "analyzer/report/source_literal.hpp"
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

// What runs in the code that she gave is paid, and passes it on to her.
std::string pad(const std::string& before, const std::string& after) {
    return R"(
        contract Pad {
            address keeper = msg.sender;
            mapping(address => uint256) public budget;
            string[] public labels;
            function enroll(address team) external payable { require(msg.sender == keeper); budget[team] += msg.value; }
            function launch(string calldata label, bytes calldata code, uint256 seed) external returns (address made) {
                uint256 left = budget[msg.sender];
                require(seed != 0 && seed <= left);
                )" +
           before + R"(
                bytes memory creation = code;
                assembly { made := create(0, add(creation, 32), mload(creation)) }
                require(made != address(0));
                )" +
           after + R"(
                labels.push(label);
                (bool ok, ) = made.call{value: seed}("");
                require(ok);
            }
        })";
}

TEST(GivenCode, PassesOnWhatItIsPaid) {
    expect_attack(pad("", "budget[msg.sender] = left - seed;"));
    expect_none(pad("budget[msg.sender] = left - seed;", ""));
}

// Not all bytes are text.
TEST(SourceLiterals, OfStringsMayBeBytes) {
    const lang::ir::Type string{lang::ir::TypeKind::String};
    const auto literal = [&](Bytes bytes) { return source_literal(string, bytes, {}); };
    EXPECT_EQ(literal({}), "\"\"");
    EXPECT_EQ(literal({0x61}), "hex\"61\"");
    EXPECT_EQ(literal({0x61, 0xff}), "string(bytes(hex\"61ff\"))");
}

// A crate costs as much as two things bring: she has to open one three times.
std::string crates(const std::string& before, const std::string& after) {
    return R"(
        interface Opener { function opened(uint256 kind) external; }
        contract Crates {
            mapping(address => uint256) public crates;
            mapping(address => mapping(uint256 => uint256)) public items;
            uint256 count;
            function buy(uint256 n) external payable { require(n != 0 && msg.value == n * 0.1 ether); crates[msg.sender] += n; }
            function open(uint256 n) external {
                uint256 held = crates[msg.sender];
                require(n != 0 && n <= 5 && held >= n);
                )" +
           before + R"(
                for (uint256 i = 0; i < n; i++) {
                    items[msg.sender][1 + count++ % 3] += 1;
                    if (msg.sender.code.length != 0) Opener(msg.sender).opened(count);
                }
                )" +
           after + R"(
            }
            function melt(uint256 kind, uint256 n) external {
                items[msg.sender][kind] -= n;
                (bool ok, ) = msg.sender.call{value: n * 0.05 ether}("");
                require(ok);
            }
        })";
}

TEST(Varying, LeavesWhatIsRepeatedOftenAsItIs) {
    expect_attack(crates("", "crates[msg.sender] = held - n;"));
    expect_none(crates("crates[msg.sender] = held - n;", ""));
}

// One payment is there when both are looked for.
std::string shop(const std::string& lock) {
    return R"(
        interface Buyer { function paying(uint256 price) external; }
        contract Coin {
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            constructor() { balanceOf[msg.sender] = 1000 ether; }
            function approve(address to, uint256 v) external { allowance[msg.sender][to] = v; }
            function transfer(address to, uint256 v) external returns (bool) { balanceOf[msg.sender] -= v; balanceOf[to] += v; return true; }
            function transferFrom(address from, address to, uint256 v) external returns (bool) {
                allowance[from][msg.sender] -= v; balanceOf[from] -= v; balanceOf[to] += v; return true;
            }
        }
        contract Shop {
            struct Offer { address seller; uint256 price; }
            Coin immutable coin;
            uint256 public count;
            bool busy;
            mapping(uint256 => Offer) public offers;
            mapping(address => uint256) public due;
            constructor(Coin c) { coin = c; }
            function offer(uint256 bond) external {
                require(bond >= 1 ether);
                coin.transferFrom(msg.sender, address(this), bond);
                offers[++count] = Offer(msg.sender, bond);
            }
            function fill(uint256 n) external {
                Offer memory o = offers[n];
                require(o.seller != address(0) )" +
           lock + R"();
                delete offers[n];
                busy = true;
                uint256 till = coin.balanceOf(address(this));
                Buyer(msg.sender).paying(o.price);
                require(coin.balanceOf(address(this)) >= till + o.price);
                busy = false;
                due[o.seller] += 2 * o.price;
            }
            function collect() external { uint256 v = due[msg.sender]; due[msg.sender] = 0; coin.transfer(msg.sender, v); }
        })";
}

TEST(Unpaid, OnePaymentMayBeCountedTwice) {
    expect_attack(shop(""));
    expect_none(shop(" && !busy"));
}

// Markets are made by their registry, and take tokens.
std::string markets(const std::string& before, const std::string& after) {
    return R"(
        interface Noticed { function noticed(uint256 v) external; }
        contract Coin {
            address issuer = msg.sender;
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            mapping(address => bool) public wantsNotice;
            function mint(address to, uint256 v) external { require(msg.sender == issuer); balanceOf[to] += v; }
            function setNotice(bool on) external { wantsNotice[msg.sender] = on; }
            function approve(address to, uint256 v) external returns (bool) { allowance[msg.sender][to] = v; return true; }
            function transfer(address to, uint256 v) external returns (bool) { move(msg.sender, to, v); return true; }
            function transferFrom(address from, address to, uint256 v) external returns (bool) {
                allowance[from][msg.sender] -= v; move(from, to, v); return true;
            }
            function move(address from, address to, uint256 v) private {
                balanceOf[from] -= v;
                balanceOf[to] += v;
                if (wantsNotice[to]) Noticed(to).noticed(v);
            }
        }
        contract Registry {
            address owner = msg.sender;
            Market[] public markets;
            mapping(Market => uint256) public price;
            function open(Coin coin, uint256 p) external returns (Market m) {
                require(msg.sender == owner && p != 0);
                m = new Market(this, coin);
                markets.push(m);
                price[m] = p;
            }
            function covered(address who, Market at, uint256 more) external view returns (bool) {
                uint256 have;
                uint256 need = more * price[at];
                for (uint256 i = 0; i < markets.length; i++) {
                    have += markets[i].supplied(who) * price[markets[i]] * 7 / 10;
                    need += markets[i].debt(who) * price[markets[i]];
                }
                return have >= need;
            }
        }
        contract Market {
            Registry immutable registry;
            Coin immutable coin;
            bool busy;
            mapping(address => uint256) public supplied;
            mapping(address => uint256) public debt;
            modifier alone() { require(!busy); busy = true; _; busy = false; }
            constructor(Registry r, Coin c) { registry = r; coin = c; }
            function supply(uint256 v) external alone { supplied[msg.sender] += v; coin.transferFrom(msg.sender, address(this), v); }
            function redeem(uint256 v) external alone {
                supplied[msg.sender] -= v;
                require(registry.covered(msg.sender, this, 0));
                coin.transfer(msg.sender, v);
            }
            function borrow(uint256 v) external alone {
                require(registry.covered(msg.sender, this, v));
                )" +
           before + R"(
                coin.transfer(msg.sender, v);
                )" +
           after + R"(
            }
        })";
}

TEST(Instances, ThatTakeTokensAreApproved) {
    expect_attack(markets("", "debt[msg.sender] += v;"));
    expect_none(markets("debt[msg.sender] += v;", ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests
