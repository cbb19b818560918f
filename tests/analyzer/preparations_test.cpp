// What has to be there before an attack works: contracts on a list that is an array, a place that is for nobody's token, a root
// of a tree, something of her own that she has founded; and what she has to bring back before a call goes on.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& mark, const std::string& text) {
    for (std::size_t at = source.find(mark); at != std::string::npos; at = source.find(mark, at + text.size()))
        source.replace(at, mark.size(), text);
    return source;
}

// Each market has a lock of its own, and the book adds up what all of them say.
std::string markets_in_an_array(bool is_late) {
    const std::string source = R"ilk(
        interface IToken {
            function transfer(address to, uint256 value) external returns (bool);
            function transferFrom(address from, address to, uint256 value) external returns (bool);
        }
        contract Book {
            address owner = msg.sender;
            Market[] markets;
            function add(Market market) external { require(msg.sender == owner); markets.push(market); }
            function covers(address who, uint256 more) external view returns (bool) {
                uint256 left;
                uint256 owed = more;
                for (uint256 i = 0; i < markets.length; i++) {
                    left += markets[i].left(who);
                    owed += markets[i].owed(who);
                }
                return owed * 2 <= left;
            }
        }
        abstract contract Market {
            Book book;
            bool locked;
            mapping(address => uint256) public left;
            mapping(address => uint256) public owed;
            constructor(Book b) { book = b; }
            modifier alone() { require(!locked); locked = true; _; locked = false; }
            function leave(uint256 n) external payable alone { take(n); left[msg.sender] += n; }
            function fetch(uint256 n) external alone {
                left[msg.sender] -= n;
                require(book.covers(msg.sender, 0));
                give(n);
            }
            function borrow(uint256 n) external alone {
                require(book.covers(msg.sender, n));
                BEFORE
                give(n);
                AFTER
            }
            function take(uint256 n) internal virtual;
            function give(uint256 n) internal virtual;
        }
        contract EtherMarket is Market {
            constructor(Book b) Market(b) {}
            function take(uint256 n) internal override { require(msg.value == n); }
            function give(uint256 n) internal override { (bool ok, ) = msg.sender.call{value: n}(""); require(ok); }
        }
        contract TokenMarket is Market {
            IToken token;
            constructor(Book b, IToken t) Market(b) { token = t; }
            function take(uint256 n) internal override { require(msg.value == 0 && token.transferFrom(msg.sender, address(this), n)); }
            function give(uint256 n) internal override { require(token.transfer(msg.sender, n)); }
        })ilk";
    const std::string noted = "owed[msg.sender] += n;";
    return with(with(source, "BEFORE", is_late ? "" : noted), "AFTER", is_late ? noted : "");
}

TEST(Preparations, AllWhoKnowABookAreInItsArray) {
    expect_attack(markets_in_an_array(true));
    expect_none(markets_in_an_array(false));
}

TEST(Preparations, NobodyIsTwiceInAnArray) {
    for (const Root& root : systems_of(compiled("c.ilk", markets_in_an_array(true)))) {
        std::vector<vm::Bytes> added;
        for (const SetupStep& step : root.world.recipe().steps)
            if (step.to == "Book") added.push_back(step.data);
        std::ranges::sort(added);
        EXPECT_EQ(std::ranges::adjacent_find(added), added.end());
    }
}

// One kind of market, for tokens, and for ether where there is no token.
std::string market_for_nobody(bool is_late) {
    const std::string source = R"ilk(
        interface IToken {
            function transfer(address to, uint256 value) external returns (bool);
            function transferFrom(address from, address to, uint256 value) external returns (bool);
        }
        contract Purse {
            IToken immutable token;
            mapping(address => uint256) public kept;
            constructor(IToken t) { token = t; }
            function keep(uint256 n) external payable {
                if (address(token) == address(0)) require(msg.value == n);
                else require(msg.value == 0 && token.transferFrom(msg.sender, address(this), n));
                kept[msg.sender] += n;
            }
            function fetch() external {
                uint256 n = kept[msg.sender];
                BEFORE
                if (address(token) == address(0)) { (bool ok, ) = msg.sender.call{value: n}(""); require(ok); }
                else require(token.transfer(msg.sender, n));
                AFTER
            }
        })ilk";
    const std::string noted = "kept[msg.sender] = 0;";
    // Where there is a token, it calls nobody.
    const std::string plain = with(source, "else require(token.transfer(msg.sender, n));",
                                   "else { kept[msg.sender] = 0; require(token.transfer(msg.sender, n)); }");
    return with(with(plain, "BEFORE", is_late ? "" : noted), "AFTER", is_late ? noted : "");
}

TEST(Preparations, NobodyStandsForEther) {
    expect_attack(market_for_nobody(true));
    expect_none(market_for_nobody(false));
}

// What is proved is how much each guest may take, and the list is looked at only when it is open.
std::string listed_guests(const std::string& opens, const std::string& is_open, bool is_late) {
    const std::string source = R"ilk(
        interface IGuest { function onTicket(uint256 number) external; }
        contract Tickets {
            bytes32 root;
            uint256 count;
            mapping(address => uint256) public taken;
            mapping(address => uint256) public balanceOf;
            OPENS
            function claim(uint256 quantity, uint256 allowance, bytes32[] calldata proof) external {
                require(IS_OPEN);
                bytes32 h = keccak256(abi.encode(msg.sender, allowance));
                for (uint256 i = 0; i < proof.length; i++) h = keccak256(abi.encode(h, proof[i]));
                require(h == root);
                uint256 used = taken[msg.sender];
                require(used + quantity <= allowance);
                BEFORE
                for (uint256 i = 0; i < quantity; i++) {
                    balanceOf[msg.sender] += 1;
                    if (msg.sender.code.length > 0) IGuest(msg.sender).onTicket(++count);
                }
                AFTER
            }
        })ilk";
    const std::string noted = "taken[msg.sender] = used + quantity;";
    const std::string opened = with(with(source, "OPENS", opens), "IS_OPEN", is_open);
    return with(with(opened, "BEFORE", is_late ? "" : noted), "AFTER", is_late ? noted : "");
}

// The owner opens that part of the sale.
std::string opened_list(bool is_late) {
    return listed_guests(
        "enum Part { Closed, Listed, Open } address owner = msg.sender; Part part; constructor(bytes32 r) { root = r; } "
        "function set(Part p) external { require(msg.sender == owner); part = p; }",
        "part == Part.Listed", is_late);
}

// It is open after a while.
std::string late_list(bool is_late) {
    return listed_guests("uint256 opens; constructor(bytes32 r) { root = r; opens = block.timestamp + 2 days; }",
                         "block.timestamp >= opens && block.timestamp < opens + 1 days", is_late);
}

TEST(Preparations, ARootIsLookedAtBehindWhatTheOwnerOpens) {
    expect_attack(opened_list(true));
    expect_none(opened_list(false));
}

// The pair expects to be paid before the swap goes on, by what it takes for its reserves then.
std::string pair(bool is_open) {
    const std::string source = R"ilk(
        interface IToken {
            function balanceOf(address who) external view returns (uint256);
            function transfer(address to, uint256 value) external returns (bool);
        }
        interface ITaker { function taken(uint256 a, uint256 b) external; }
        contract Pair {
            IToken one;
            IToken other;
            uint256 reserve0;
            uint256 reserve1;
            bool locked;
            uint256 public totalSupply;
            mapping(address => uint256) public balanceOf;
            constructor(IToken a, IToken b) { one = a; other = b; }
            modifier alone() { require(!locked); locked = true; _; locked = false; }
            function update() internal { reserve0 = one.balanceOf(address(this)); reserve1 = other.balanceOf(address(this)); }
            function add() external alone {
                uint256 a = one.balanceOf(address(this)) - reserve0;
                uint256 b = other.balanceOf(address(this)) - reserve1;
                require(a > 0 && b > 0);
                balanceOf[msg.sender] += a < b ? a : b;
                totalSupply += a < b ? a : b;
                update();
            }
            function swap(uint256 a, uint256 b) external alone {
                require(a < reserve0 && b < reserve1);
                if (a > 0) require(one.transfer(msg.sender, a));
                if (b > 0) require(other.transfer(msg.sender, b));
                if (msg.sender.code.length > 0) ITaker(msg.sender).taken(a, b);
                uint256 now0 = one.balanceOf(address(this));
                uint256 now1 = other.balanceOf(address(this));
                require(now0 + a > reserve0 || now1 + b > reserve1);
                require(now0 * now1 * 997 >= reserve0 * reserve1 * 1000);
                update();
            }
            function sync() external ALONE { update(); }
        })ilk";
    return with(source, "ALONE", is_open ? "" : "alone");
}

TEST(Unpaid, SheBringsTokensBehindAnotherCall) {
    expect_attack(pair(true));
    expect_none(pair(false));
}

// Things are let go one by one, and kept for a deposit; who takes one back gets the deposit before that is written down.
std::string depot(bool is_late) {
    const std::string source = R"ilk(
        contract Things {
            address immutable maker = msg.sender;
            mapping(uint256 => address) public ownerOf;
            mapping(uint256 => address) public letGo;
            function make(address to, uint256 id) external { require(msg.sender == maker && ownerOf[id] == address(0)); ownerOf[id] = to; }
            function approve(address to, uint256 id) external { require(msg.sender == ownerOf[id]); letGo[id] = to; }
            function transferFrom(address from, address to, uint256 id) external {
                require(ownerOf[id] == from && (msg.sender == from || msg.sender == letGo[id]));
                letGo[id] = address(0);
                ownerOf[id] = to;
            }
        }
        contract Depot {
            struct Place { address who; uint64 end; uint256 id; }
            Things immutable things;
            uint256 next = 1;
            mapping(uint256 => Place) public places;
            constructor(Things t) { things = t; }
            function put(uint256 id, uint64 duration) external payable {
                require(msg.value == 1 ether && duration >= 1 hours && duration <= 30 days);
                places[next] = Place(msg.sender, uint64(block.timestamp) + duration, id);
                next += 1;
                things.transferFrom(msg.sender, address(this), id);
            }
            function take(uint256 place) external {
                Place storage p = places[place];
                require(p.who == msg.sender && block.timestamp >= p.end);
                uint256 id = p.id;
                BEFORE
                (bool ok, ) = msg.sender.call{value: 1 ether}("");
                require(ok);
                things.transferFrom(address(this), msg.sender, id);
                AFTER
            }
        })ilk";
    const std::string noted = "p.who = address(0);";
    return with(with(source, "BEFORE", is_late ? "" : noted), "AFTER", is_late ? noted : "");
}

TEST(Preparations, SheBringsBackWhatTheOneThatWaitsGivesHerOnceMore) {
    expect_attack(depot(true));
    expect_none(depot(false));
}

TEST(Preparations, ARootIsLookedAtWhenItIsTime) {
    expect_attack(late_list(true));
    expect_none(late_list(false));
}

// Whom somebody lets move his coins is kept under the name of the one who moves them.
std::string vouchers(bool is_late) {
    const std::string source = R"ilk(
        interface IHolder { function onCoins(uint256 amount) external; }
        contract Coins {
            address immutable maker;
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => bool)) public moves;
            constructor(address m) { maker = m; }
            function make(address to, uint256 amount) external { require(msg.sender == maker); balanceOf[to] += amount; }
            function entrust(address mover, bool on) external { moves[mover][msg.sender] = on; }
            function move(address from, address to, uint256 amount) external {
                require(msg.sender == from || moves[msg.sender][from]);
                balanceOf[from] -= amount;
                balanceOf[to] += amount;
                if (to.code.length > 0 && to != msg.sender) IHolder(to).onCoins(amount);
            }
        }
        contract Vouchers {
            Coins immutable coins = new Coins(msg.sender);
            mapping(address => uint256) kept;
            function put(uint256 amount) external { coins.move(msg.sender, address(this), amount); kept[msg.sender] += amount; }
            function take() external {
                uint256 amount = kept[msg.sender];
                BEFORE
                coins.move(address(this), msg.sender, amount);
                AFTER
            }
        })ilk";
    const std::string noted = "kept[msg.sender] = 0;";
    return with(with(source, "BEFORE", is_late ? "" : noted), "AFTER", is_late ? noted : "");
}

TEST(Preparations, WhoMovesThingsOfOthersIsNamedFirst) {
    expect_attack(vouchers(true));
    expect_none(vouchers(false));
}

// Who has less than a minimum of the token gets no dividends.
TEST(Preparations, GiveEverybodyEnoughToCountAsAHolder) {
    const auto token = [](const std::string& first, const std::string& then) {
        return R"(
            contract Shares {
                mapping(address => uint256) public balanceOf; mapping(address => bool) holds; mapping(address => uint256) paid;
                uint256 public perShare;
                constructor() { balanceOf[msg.sender] = 1e27; }
                function note(address who) internal {
                    if (balanceOf[who] >= 200000 ether) holds[who] = true;
                    else holds[who] = false;
                }
                function transfer(address to, uint256 amount) external returns (bool) {
                    balanceOf[msg.sender] -= amount; balanceOf[to] += amount;
                    note(msg.sender); note(to);
                    return true;
                }
                function distribute() external payable { perShare += msg.value / 1e9; }
                function claim() external {
                    require(holds[msg.sender], "no holder");
                    uint256 due = perShare * balanceOf[msg.sender] / 1e18 - paid[msg.sender];)" +
               first + R"((bool ok, ) = msg.sender.call{value: due}(""); require(ok);)" + then + R"(
                }
            })";
    };
    const std::string pay = "paid[msg.sender] += due;";
    expect_attack(token("", pay));
    expect_none(token(pay, ""));
}

// The message says how much gas it needs: more than there is, as it is first guessed. With less it has another hash.
TEST(Preparations, ARootIsCorrectedAgainWhereItsLeafIsMended) {
    const auto inbox = [](const std::string& first, const std::string& then) {
        return R"(
            contract Inbox {
                struct Message { uint256 nonce; address target; uint256 value; uint256 gasNeeded; }
                address sequencer = msg.sender;
                bytes32[] roots;
                mapping(bytes32 => bool) relayed;
                receive() external payable {}
                function post(bytes32 root) external { require(msg.sender == sequencer); roots.push(root); }
                function relay(Message calldata m, uint256 batch) external {
                    bytes32 hash = keccak256(abi.encode(m.nonce, m.target, m.value, m.gasNeeded));
                    require(hash == roots[batch], "not in batch");
                    require(!relayed[hash], "relayed");
                    require(m.gasNeeded >= 21000 && m.gasNeeded + 40000 <= 1000000, "gas");)" +
               first + R"((bool ok, ) = m.target.call{value: m.value}(""); require(ok);)" + then + R"(
                }
            })";
    };
    const std::string note = "relayed[hash] = true;";
    expect_attack(inbox("", note));
    expect_none(inbox(note, ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests
