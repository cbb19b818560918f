// Interludes: calls that work only while another one waits, and plans of which the numbers are changed until they pay.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& steps) {
    const std::string place = "STEPS";
    return source.replace(source.find(place), place.size(), steps);
}

// A basket of ether and coins, locked, and a pawnshop that takes its shares for what the basket says they are worth.
const std::string pawnshop = R"(
    contract Coin {
        mapping(address => uint256) public balanceOf;
        mapping(address => mapping(address => uint256)) public allowance;
        constructor(uint256 supply) { balanceOf[msg.sender] = supply; }
        function approve(address spender, uint256 amount) external returns (bool) {
            allowance[msg.sender][spender] = amount;
            return true;
        }
        function transfer(address to, uint256 amount) external returns (bool) {
            balanceOf[msg.sender] -= amount;
            balanceOf[to] += amount;
            return true;
        }
        function transferFrom(address from, address to, uint256 amount) external returns (bool) {
            allowance[from][msg.sender] -= amount;
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
            return true;
        }
    }
    contract Basket {
        Coin immutable coin; uint256 public coins; uint256 public shares; bool open = true;
        mapping(address => uint256) public balanceOf;
        mapping(address => mapping(address => uint256)) public allowance;
        constructor(Coin coin_) { coin = coin_; }
        function fill(uint256 amount) external payable {
            require(open && amount > 0 && amount == msg.value);
            coin.transferFrom(msg.sender, address(this), amount);
            coins += amount;
            shares += amount;
            balanceOf[msg.sender] += amount;
        }
        function empty(uint256 amount) external {
            require(open);
            open = false;
            uint256 ethers = address(this).balance * amount / shares;
            uint256 part = coins * amount / shares;
            balanceOf[msg.sender] -= amount;
            shares -= amount;
            STEPS
            coin.transfer(msg.sender, part);
            open = true;
        }
        function approve(address spender, uint256 amount) external returns (bool) {
            allowance[msg.sender][spender] = amount;
            return true;
        }
        function transferFrom(address from, address to, uint256 amount) external returns (bool) {
            require(open);
            allowance[from][msg.sender] -= amount;
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
            return true;
        }
        function worth(uint256 amount) external view returns (uint256) {
            return amount == 0 ? 0 : amount * (address(this).balance + coins) / shares;
        }
    }
    contract Pawnshop {
        Basket immutable basket; mapping(address => uint256) public pledged; mapping(address => uint256) public owed;
        constructor(Basket basket_) payable { basket = basket_; }
        function pledge(uint256 amount) external {
            basket.transferFrom(msg.sender, address(this), amount);
            pledged[msg.sender] += amount;
        }
        function lend(uint256 amount) external {
            owed[msg.sender] += amount;
            require(owed[msg.sender] * 2 <= basket.worth(pledged[msg.sender]));
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
        }
    })";

void expect_attack_only_if_late(const std::string& source, const std::string& pay, const std::string& write) {
    const Report late = checked(with(source, pay + write));
    ASSERT_TRUE(late.has_exploit());
    EXPECT_EQ(late.stats.unconfirmed, 0u) << late.unconfirmed;
    for (const Trace& trace : late.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
    EXPECT_FALSE(checked(with(source, write + pay), 5).has_exploit());
}

// What she pledges is hardly worth anything, but for a moment.
TEST(Interludes, APriceIsTooHighWhileABasketIsEmptied) {
    expect_attack_only_if_late(pawnshop, "(bool ok, ) = msg.sender.call{value: ethers}(\"\"); require(ok);",
                               "coins -= part;");
}

// Who may move shares is told by a flag: everybody lets those who do so move theirs, as if it were an approval.
TEST(Interludes, BehindAFlagForAnOperator) {
    std::string source = pawnshop;
    const auto replace = [&](const std::string& text, const std::string& other) {
        source.replace(source.rfind(text), text.size(), other);
    };
    replace("basket.transferFrom(", "basket.move(");
    replace("function transferFrom(", "function move(");
    replace("allowance[from][msg.sender] -= amount;", "require(operators[from][msg.sender]);");
    replace("function approve(address spender, uint256 amount) external returns (bool) {",
            "function setOperator(address who, bool on) external {");
    replace("allowance[msg.sender][spender] = amount;", "operators[msg.sender][who] = on;");
    replace("return true;\n        }\n        function move(", "}\n        function move(");
    replace("mapping(address => mapping(address => uint256)) public allowance;",
            "mapping(address => mapping(address => bool)) public operators;");
    expect_attack_only_if_late(source, "(bool ok, ) = msg.sender.call{value: ethers}(\"\"); require(ok);", "coins -= part;");
}

// She buys her own thing with money that she has just got back. That pays only if it is dearer than the place.
TEST(Varying, AThingHasToBeDearerThanItsPlace) {
    expect_attack_only_if_late(R"(
        contract Stalls {
            struct Thing { address seller; uint256 price; bool sold; }
            Thing[] things; bool paying;
            mapping(address => uint256) public credit; mapping(address => uint256) public earned;
            function offer(uint256 price) external payable {
                require(msg.value == 3 ether && price > 0);
                things.push(Thing(msg.sender, price, false));
            }
            function put() external payable { require(msg.value > 0); credit[msg.sender] += msg.value; }
            function buy(uint256 i) external {
                Thing storage thing = things[i];
                require(!thing.sold && credit[msg.sender] >= thing.price);
                thing.sold = true;
                credit[msg.sender] -= thing.price;
                earned[thing.seller] += thing.price;
            }
            function get() external {
                require(!paying);
                paying = true;
                uint256 amount = credit[msg.sender];
                require(amount > 0);
                STEPS
                paying = false;
            }
            function earn() external {
                uint256 amount = earned[msg.sender];
                earned[msg.sender] = 0;
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);",
                               "credit[msg.sender] = 0;");
}

// She lets the pawnshop take her shares by a function that no standard has.
TEST(Interludes, BehindAPermissionForAContract) {
    const std::string source = R"(
        contract Jar {
            mapping(address => uint256) part; uint256 parts; uint256 held; bool busy;
            mapping(address => mapping(address => uint256)) lent;
            modifier lock() { require(!busy); busy = true; _; busy = false; }
            function fill() external payable lock {
                uint256 more = parts == 0 ? msg.value : msg.value * parts / held;
                part[msg.sender] += more; parts += more; held += msg.value;
            }
            function empty(uint256 amount) external lock {
                uint256 owed = amount * held / parts;
                part[msg.sender] -= amount; parts -= amount;
                STEPS
            }
            function worth() external view returns (uint256) { return parts == 0 ? 1 ether : held * 1 ether / parts; }
            function lend(address to, uint256 amount) external { lent[msg.sender][to] = amount; }
            function fetch(address from, uint256 amount) external lock {
                lent[from][msg.sender] -= amount; part[from] -= amount; part[msg.sender] += amount;
            }
        }
        contract Desk {
            Jar jar = new Jar(); mapping(address => uint256) pawned; mapping(address => uint256) owed;
            constructor() payable {}
            function pawn(uint256 amount) external { jar.fetch(msg.sender, amount); pawned[msg.sender] += amount; }
            function borrow(uint256 amount) external {
                owed[msg.sender] += amount;
                require(owed[msg.sender] <= pawned[msg.sender] * jar.worth() / 2 ether);
                (bool ok, ) = msg.sender.call{value: amount}(""); require(ok);
            }
        })";
    const std::string pay = "(bool ok, ) = msg.sender.call{value: owed}(\"\"); require(ok);", write = "held -= owed;";
    EXPECT_TRUE(checked(with(source, pay + write)).has_exploit());
    EXPECT_FALSE(checked(with(source, write + pay), 3).has_exploit());
}

// Anybody opens the lock, and whoever took it has to find it shut again.
TEST(Interludes, TakeALockAwayForAMoment) {
    const auto bank = [](const std::string& opens, const std::string& before, const std::string& after) {
        return R"(
            contract Board {
                mapping(bytes32 => address) held;
                function acquire(bytes32 tag) external { require(held[tag] == address(0)); held[tag] = msg.sender; }
                function release(bytes32 tag) external { require()" +
               opens + R"(); held[tag] = address(0); }
            }
            contract Bank {
                Board immutable board = new Board(); bytes32 constant Tag = "payments"; mapping(address => uint256) b;
                function put() external payable { board.acquire(Tag); b[msg.sender] += msg.value; board.release(Tag); }
                function take() external {
                    board.acquire(Tag);
                    uint256 a = b[msg.sender];
                    )" +
               before + R"(
                    require(a > 0);
                    (bool ok, ) = msg.sender.call{value: a}("");
                    require(ok);
                    )" +
               after + R"(
                    board.release(Tag);
                }
            })";
    };
    expect_attack(bank("held[tag] != address(0)", "", "b[msg.sender] = 0;"));
    expect_none(bank("held[tag] != address(0)", "b[msg.sender] = 0;", ""));
    expect_none(bank("held[tag] == msg.sender", "", "b[msg.sender] = 0;"));
}

TEST(Interludes, TakeALockAwayThatHasAName) {
    const auto bank = [](const std::string& before, const std::string& after) {
        return R"(
            contract Board {
                mapping(bytes32 => address) held;
                function acquire(bytes32 tag) external { require(held[tag] == address(0)); held[tag] = msg.sender; }
                function release(bytes32 tag) external { require(held[tag] != address(0)); delete held[tag]; }
            }
            contract Bank {
                Board immutable board; bytes32 immutable tag; mapping(address => uint256) b; uint256 total;
                constructor(Board board_) { board = board_; tag = keccak256(abi.encode(address(this), "bank")); }
                modifier alone() { board.acquire(tag); _; board.release(tag); }
                function put() external payable alone { b[msg.sender] += msg.value; total += msg.value; }
                function take() external alone {
                    uint256 a = b[msg.sender];
                    )" +
               before + R"(
                    (bool ok, ) = msg.sender.call{value: a}("");
                    require(ok);
                    total -= a;
                    )" +
               after + R"(
                }
            })";
    };
    expect_attack(bank("", "b[msg.sender] = 0;"));
    expect_none(bank("b[msg.sender] = 0;", ""));
}

// Notes of one number that are worth little, then much: who is told of them has to agree both times, and they are due on a
// day that a caller chooses.
TEST(Reentries, AreAnsweredLikeTheCallsAroundThem) {
    const auto notes = [](const std::string& number, const std::string& told, const std::string& late) {
        return R"(
            interface IToken {
                function transfer(address to, uint256 amount) external returns (bool);
                function transferFrom(address from, address to, uint256 amount) external returns (bool);
            }
            interface IHolder { function onNotes(uint256 id, uint256 units) external returns (bytes4); }
            contract Notes {
                uint256 public next;
                mapping(uint256 => mapping(address => uint256)) public unitsOf;
                mapping(uint256 => address) public token;
                mapping(uint256 => uint256) public worth;
                mapping(uint256 => uint256) public due;
                function lock(address aToken, uint256 units, uint256 each, uint64 until) external {
                    require(units > 0 && each > 0 && until > block.timestamp);
                    require(IToken(aToken).transferFrom(msg.sender, address(this), units * each));
                    uint256 id = next;
                    )" +
               number + " unitsOf[id][msg.sender] += units; " + told + R"(
                    token[id] = aToken;
                    worth[id] = each;
                    due[id] = until;
                    )" +
               late + R"(
                }
                function tell(uint256 id, uint256 units) private {
                    if (msg.sender.code.length > 0)
                        require(IHolder(msg.sender).onNotes(id, units) == IHolder.onNotes.selector);
                }
                function redeem(uint256 id, uint256 units) external {
                    require(token[id] != address(0) && block.timestamp >= due[id]);
                    unitsOf[id][msg.sender] -= units;
                    require(IToken(token[id]).transfer(msg.sender, units * worth[id]));
                }
            })";
    };
    expect_attack(notes("", "tell(id, units); next += 1;", ""));
    expect_none(notes("next += 1;", "", "tell(id, units);"));
}

// A pool of ether and chips takes a little more chips than ether, and tells what a share is worth; a lender asks that. What she
// borrows while she leaves the pool is a gain only when she has cashed her chips.
std::string chips(const std::string& before, const std::string& after) {
    return R"(
        abstract contract Token {
            uint256 public totalSupply; mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            function approve(address who, uint256 n) external returns (bool) { allowance[msg.sender][who] = n; return true; }
            function transfer(address to, uint256 n) external returns (bool) { move(msg.sender, to, n); return true; }
            function transferFrom(address from, address to, uint256 n) external returns (bool) {
                allowance[from][msg.sender] -= n;
                move(from, to, n);
                return true;
            }
            function move(address from, address to, uint256 n) internal { balanceOf[from] -= n; balanceOf[to] += n; }
        }
        contract Chips is Token {
            function buy() external payable { balanceOf[msg.sender] += msg.value; totalSupply += msg.value; }
            function cash(uint256 n) external {
                balanceOf[msg.sender] -= n;
                totalSupply -= n;
                (bool ok, ) = msg.sender.call{value: n}("");
                require(ok);
            }
        }
        contract Pool is Token {
            Chips public immutable chips; uint256 etherHeld; uint256 chipsHeld; bool busy;
            constructor(Chips chips_) payable {
                chips = chips_;
                chipsHeld = msg.value / 2;
                chips_.buy{value: chipsHeld}();
                etherHeld = totalSupply = msg.value - chipsHeld;
                balanceOf[address(1)] = totalSupply;
            }
            function enter() external payable {
                require(!busy && msg.value != 0);
                uint256 shares = msg.value * totalSupply / etherHeld;
                uint256 also = msg.value * chipsHeld / etherHeld + 1;
                require(chips.transferFrom(msg.sender, address(this), also));
                etherHeld += msg.value;
                chipsHeld += also;
                totalSupply += shares;
                balanceOf[msg.sender] += shares;
            }
            function leave(uint256 shares) external {
                require(!busy);
                busy = true;
                uint256 some = etherHeld * shares / totalSupply;
                uint256 also = chipsHeld * shares / totalSupply;
                balanceOf[msg.sender] -= shares;
                totalSupply -= shares;
                )" +
           before + R"(
                (bool ok, ) = msg.sender.call{value: some}("");
                require(ok && chips.transfer(msg.sender, also));
                )" +
           after + R"(
                busy = false;
            }
            function worth() external view returns (uint256) { return (etherHeld + chipsHeld) * 1e18 / totalSupply; }
        }
        contract Lender {
            Pool immutable pool; mapping(address => uint256) pledged; mapping(address => uint256) owed;
            constructor(Pool pool_) payable { pool = pool_; }
            function pledge(uint256 shares) external {
                require(pool.transferFrom(msg.sender, address(this), shares));
                pledged[msg.sender] += shares;
            }
            function borrow(uint256 n) external {
                owed[msg.sender] += n;
                require(owed[msg.sender] <= pledged[msg.sender] * pool.worth() / 2e18);
                (bool ok, ) = msg.sender.call{value: n}("");
                require(ok);
            }
            function repay() external payable { owed[msg.sender] -= msg.value; }
        })";
}

TEST(Interludes, AreWorthMoreWhenSheHasChangedBack) {
    expect_attack(chips("", "etherHeld -= some; chipsHeld -= also;"));
    expect_none(chips("etherHeld -= some; chipsHeld -= also;", ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests
