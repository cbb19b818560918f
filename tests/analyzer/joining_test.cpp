// Joining in: what she and her colluder pay in before anything else, what they found for that, and what she leaves as a pledge.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string with(std::string source, const std::string& place, const std::string& text) {
    return source.replace(source.find(place), place.size(), text);
}

// A regatta on which everybody bets. `before`, `after`: what is written around the payment of a winner's part.
std::string regatta(const std::string& before, const std::string& after) {
    const std::string source = R"ilk(
        contract Regatta {
            enum Stage { Betting, Running, Decided }
            struct Heat { Stage stage; uint8 boats; uint8 winner; uint256 pot; }
            address immutable umpire = msg.sender;
            Heat[] heats;
            mapping(uint256 => mapping(uint8 => uint256)) onBoat;
            mapping(uint256 => mapping(uint8 => mapping(address => uint256))) stakes;
            modifier onlyUmpire() { require(msg.sender == umpire); _; }
            modifier inStage(uint256 id, Stage wanted) { require(heats[id].stage == wanted); _; }
            function open(uint8 boats) external onlyUmpire { heats.push(Heat(Stage.Betting, boats, 0, 0)); }
            function bet(uint256 id, uint8 boat) external payable inStage(id, Stage.Betting) {
                require(boat < heats[id].boats);
                heats[id].pot += msg.value;
                onBoat[id][boat] += msg.value;
                stakes[id][boat][msg.sender] += msg.value;
            }
            function gun(uint256 id) external onlyUmpire inStage(id, Stage.Betting) { heats[id].stage = Stage.Running; }
            function finish(uint256 id, uint8 boat) external onlyUmpire inStage(id, Stage.Running) {
                require(onBoat[id][boat] > 0);
                heats[id].stage = Stage.Decided;
                heats[id].winner = boat;
            }
            function collect(uint256 id) external inStage(id, Stage.Decided) {
                Heat storage heat = heats[id];
                uint256 stake = stakes[id][heat.winner][msg.sender];
                require(stake > 0);
                uint256 prize = stake * heat.pot / onBoat[id][heat.winner];
                stakes[id][heat.winner][msg.sender] = 0;
                onBoat[id][heat.winner] -= stake;
                BEFORE
                (bool ok, ) = msg.sender.call{value: prize}("");
                require(ok);
                AFTER
            }
        })ilk";
    return with(with(source, "BEFORE", before), "AFTER", after);
}

// While one of hers is paid, the other one's part is counted for that of fewer. That they bet for the same comes first.
TEST(Joining, BothOfHersBetBeforeTheGameBegins) {
    CheckOptions options;
    options.bounds.is_counted = true;  // the same search however busy the machine is
    options.bounds.macro_steps = 400'000;
    options.timeout_seconds = 100 * interlock::tests::slowness;
    EXPECT_TRUE(check(compiled("c.ilk", regatta("", "heat.pot -= prize;")), options).has_exploit());
    expect_none(regatta("heat.pot -= prize;", ""));
}

// Purses of clubs, which have no numbers: their names follow from who founded them. The lock is each member's own.
std::string clubs(const std::string& lock) {
    return with(R"ilk(
        contract Clubs {
            mapping(bytes32 => uint256) purse;
            mapping(bytes32 => mapping(address => bool)) members;
            mapping(bytes32 => bool) taken;
            function found(string calldata name) external returns (bytes32 club) {
                club = keccak256(abi.encode(name, msg.sender));
                members[club][msg.sender] = true;
            }
            function admit(bytes32 club, address who) external { require(members[club][msg.sender]); members[club][who] = true; }
            function put(bytes32 club) external payable { require(members[club][msg.sender]); purse[club] += msg.value; }
            function take(bytes32 club, uint256 amount) external {
                require(members[club][msg.sender]);
                bytes32 key = LOCK;
                require(!taken[key]);
                taken[key] = true;
                uint256 left = purse[club];
                require(amount <= left);
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                purse[club] = left - amount;
                taken[key] = false;
            }
        })ilk",
                "LOCK", lock);
}

// What was refused before is tried again under the name of what she founded, and her colluder is let in.
TEST(Joining, PaysIntoWhatSheFounded) {
    expect_attack(clubs("keccak256(abi.encode(club, msg.sender))"));
    expect_none(clubs("keccak256(abi.encode(club, uint256(7)))"));
}

// A pool of ether and coins that nobody else is in, and a bank that lends against its shares.
std::string bank(const std::string& before, const std::string& after) {
    const std::string source = R"ilk(
        interface Coin {
            function transfer(address to, uint256 amount) external returns (bool);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        contract Pool {
            Coin immutable coin; uint256 public ethers; uint256 public coins; uint256 public supply; bool busy;
            mapping(address => uint256) public sharesOf;
            mapping(address => mapping(address => uint256)) public allowed;
            constructor(Coin coin_) { coin = coin_; }
            modifier alone() { require(!busy); busy = true; _; busy = false; }
            function addBoth(uint256 amount) external payable alone {
                uint256 minted = supply == 0 ? msg.value + amount : (msg.value + amount) * supply / (ethers + coins);
                require(minted > 1000000);
                if (supply == 0) supply = 1000000;
                ethers += msg.value;
                coins += amount;
                supply += minted;
                sharesOf[msg.sender] += minted;
                coin.transferFrom(msg.sender, address(this), amount);
            }
            function removeBoth(uint256 shares) external alone {
                uint256 some = ethers * shares / supply;
                uint256 others = coins * shares / supply;
                sharesOf[msg.sender] -= shares;
                supply -= shares;
                ethers -= some;
                BEFORE
                (bool ok, ) = msg.sender.call{value: some}("");
                require(ok);
                AFTER
                coin.transfer(msg.sender, others);
            }
            function price() external view returns (uint256) { return (ethers + coins) * 1 ether / supply; }
            function allow(address who, uint256 shares) external { allowed[msg.sender][who] = shares; }
            function move(address from, address to, uint256 shares) external {
                if (from != msg.sender) allowed[from][msg.sender] -= shares;
                sharesOf[from] -= shares;
                sharesOf[to] += shares;
            }
        }
        contract Bank {
            Pool immutable pool;
            mapping(address => uint256) public pledged; mapping(address => uint256) public owed;
            constructor(Pool pool_) payable { pool = pool_; }
            function pledge(uint256 shares) external {
                pledged[msg.sender] += shares;
                pool.move(msg.sender, address(this), shares);
            }
            function lend(uint256 amount) external {
                uint256 all = owed[msg.sender] + amount;
                require(all * 100 <= pledged[msg.sender] * pool.price() / 1 ether * 70);
                owed[msg.sender] = all;
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
        })ilk";
    return with(with(source, "BEFORE", before), "AFTER", after);
}

// A pledge of some wei is enough while the rest is taken out: not one of nothing, and of no more than the loan covers.
TEST(Joining, LeavesSomeOfTheSharesAsAPledge) {
    expect_attack(bank("", "coins -= others;"));
    expect_none(bank("coins -= others;", ""), 6);
}

// Coins are lent against shares that can be paid out in coins and ether. Whoever has most of the pool makes a share much dearer
// while the pool has paid only the ether.
std::string lender(const std::string& before, const std::string& after) {
    std::string source = R"ilk(
        interface Coin {
            function transfer(address to, uint256 amount) external returns (bool);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        contract Pool {
            Coin immutable coin;
            uint256 ethers; uint256 coins; uint256 public totalSupply; bool busy;
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            constructor(Coin coin_) { coin = coin_; }
            modifier alone() { require(!busy); busy = true; _; busy = false; }
            function addBoth(uint256 amount) external payable alone {
                uint256 minted = totalSupply == 0 ? msg.value + amount : (msg.value + amount) * totalSupply / (ethers + coins);
                require(minted != 0);
                ethers += msg.value;
                coins += amount;
                totalSupply += minted;
                balanceOf[msg.sender] += minted;
                coin.transferFrom(msg.sender, address(this), amount);
            }
            function removeBoth(uint256 shares) external alone {
                uint256 some = ethers * shares / totalSupply;
                uint256 others = coins * shares / totalSupply;
                balanceOf[msg.sender] -= shares;
                totalSupply -= shares;
                ethers -= some;
                BEFORE
                (bool ok, ) = msg.sender.call{value: some}("");
                require(ok);
                AFTER
                coin.transfer(msg.sender, others);
            }
            function price() external view returns (uint256) { return (ethers + coins) * 1 ether / totalSupply; }
            function approve(address who, uint256 shares) external returns (bool) {
                allowance[msg.sender][who] = shares;
                return true;
            }
            function transfer(address to, uint256 shares) external returns (bool) {
                balanceOf[msg.sender] -= shares;
                balanceOf[to] += shares;
                return true;
            }
            function transferFrom(address from, address to, uint256 shares) external returns (bool) {
                allowance[from][msg.sender] -= shares;
                balanceOf[from] -= shares;
                balanceOf[to] += shares;
                return true;
            }
        }
        contract Lender {
            Pool immutable pool;
            mapping(address => uint256) public pledged; mapping(address => uint256) public owed;
            constructor(Pool pool_) { pool = pool_; }
            function pledge(uint256 shares) external {
                pledged[msg.sender] += shares;
                pool.transferFrom(msg.sender, address(this), shares);
            }
            function lend(uint256 shares) external {
                uint256 all = owed[msg.sender] + shares;
                require(all * 100 <= pledged[msg.sender] * pool.price() / 1 ether * 85);
                owed[msg.sender] = all;
                pool.transfer(msg.sender, shares);
            }
        })ilk";
    return with(with(source, "BEFORE", before), "AFTER", after);
}

TEST(Joining, PaysInWithPlentyWhereAPledgeIsTaken) {
    expect_attack(lender("", "coins -= others;"));
    expect_none(lender("coins -= others;", ""), 6);
}

// It takes as many coins as ether, and there are few coins: next to nothing of the shares is left as a pledge, while all others
// are paid out.
std::string scarce(const std::string& before, const std::string& after) {
    std::string source = R"ilk(
        contract Coin {
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            constructor() { balanceOf[msg.sender] = 1 ether; }
            function approve(address who, uint256 amount) external returns (bool) {
                allowance[msg.sender][who] = amount;
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
        contract Pool {
            Coin immutable coin;
            uint256 ethers; uint256 coins; uint256 supply; bool busy;
            mapping(address => uint256) public sharesOf;
            constructor(Coin coin_) { coin = coin_; }
            modifier alone() { require(!busy); busy = true; _; busy = false; }
            function add() external payable alone {
                require(msg.value != 0);
                coin.transferFrom(msg.sender, address(this), msg.value);
                ethers += msg.value;
                coins += msg.value;
                supply += 2 * msg.value;
                sharesOf[msg.sender] += 2 * msg.value;
            }
            function remove(uint256 shares) external alone {
                uint256 some = ethers * shares / supply;
                uint256 others = coins * shares / supply;
                sharesOf[msg.sender] -= shares;
                supply -= shares;
                ethers -= some;
                BEFORE
                (bool ok, ) = msg.sender.call{value: some}("");
                require(ok);
                AFTER
                coin.transfer(msg.sender, others);
            }
            mapping(address => mapping(address => uint256)) public allowed;
            function allow(address who, uint256 shares) external { allowed[msg.sender][who] = shares; }
            function pull(address from, uint256 shares) external {
                allowed[from][msg.sender] -= shares;
                sharesOf[from] -= shares;
                sharesOf[msg.sender] += shares;
            }
            function price() external view returns (uint256) { return (ethers + coins) * 1 ether / supply; }
        }
        contract Bank {
            Pool immutable pool;
            mapping(address => uint256) public owed; mapping(address => uint256) public pledged;
            constructor(Pool pool_) payable { pool = pool_; }
            function pledge(uint256 shares) external {
                pool.pull(msg.sender, shares);
                pledged[msg.sender] += shares;
            }
            function lend(uint256 amount) external {
                owed[msg.sender] += amount;
                require(owed[msg.sender] * 100 <= pledged[msg.sender] * pool.price() / 1 ether * 80);
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
        })ilk";
    return with(with(source, "BEFORE", before), "AFTER", after);
}

TEST(Joining, PaysLessEtherWhereThatTakesScarceTokens) {
    expect_attack(scarce("", "coins -= others;"));
    expect_none(scarce("coins -= others;", ""), 6);
}

// Notes of one number that are worth little, then much; each lock costs a fee. She does not pay that before anything else, as
// if it were a part of what there is to share.
std::string notes_for_a_fee(bool is_late) {
    std::string source = R"ilk(
        interface IToken {
            function transfer(address to, uint256 amount) external returns (bool);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        interface IHolder { function onNotes(uint256 id, uint256 units) external returns (bytes4); }
        contract Notes {
            address public immutable desk = msg.sender;
            uint256 public count;
            mapping(uint256 => mapping(address => uint256)) public balanceOf;
            mapping(uint256 => uint256) public supply;
            function add(address who, uint256 id, uint256 units) external {
                require(msg.sender == desk);
                supply[id] += units;
                balanceOf[id][who] += units;
                FIRST
                if (who.code.length > 0) require(IHolder(who).onNotes(id, units) == IHolder.onNotes.selector);
                LAST
            }
            function pass(address to, uint256 id, uint256 units) external {
                balanceOf[id][msg.sender] -= units;
                balanceOf[id][to] += units;
                if (to.code.length > 0) require(IHolder(to).onNotes(id, units) == IHolder.onNotes.selector);
            }
            function remove(address who, uint256 id, uint256 units) external {
                require(msg.sender == desk);
                balanceOf[id][who] -= units;
                supply[id] -= units;
            }
        }
        contract Desk {
            struct Series { address token; uint64 due; uint256 worth; }
            Notes public immutable notes = new Notes();
            address public immutable treasurer = msg.sender;
            uint256 public fee;
            mapping(uint256 => Series) public series;
            constructor(uint256 fee_) { fee = fee_; }
            function lock(address token, uint256 units, uint256 worth, uint64 due) external payable {
                require(msg.value == fee);
                require(units > 0 && worth > 0 && due > block.timestamp);
                require(IToken(token).transferFrom(msg.sender, address(this), units * worth));
                uint256 id = notes.count();
                BEFORE
                notes.add(msg.sender, id, units);
                AFTER
            }
            function redeem(uint256 id, uint256 units) external {
                Series memory one = series[id];
                require(one.token != address(0) && block.timestamp >= one.due);
                notes.remove(msg.sender, id, units);
                require(IToken(one.token).transfer(msg.sender, units * one.worth));
            }
            function topUp(uint256 id, uint256 more) external {
                Series storage one = series[id];
                require(one.token != address(0));
                require(IToken(one.token).transferFrom(msg.sender, address(this), notes.supply(id) * more));
                one.worth += more;
            }
            function collect() external {
                require(msg.sender == treasurer);
                (bool ok, ) = treasurer.call{value: address(this).balance}("");
                require(ok);
            }
        })ilk";
    const std::string number = "count += 1;", series = "series[id] = Series(token, due, worth);";
    source = with(with(source, "FIRST", is_late ? "" : number), "LAST", is_late ? number : "");
    return with(with(source, "BEFORE", is_late ? "" : series), "AFTER", is_late ? series : "");
}

TEST(Joining, AFeeIsNoPayment) {
    expect_attack(notes_for_a_fee(true));
    expect_none(notes_for_a_fee(false));
}

// Nobody may borrow who has not said that what is there is a pledge.
std::string pledges(const std::string& before, const std::string& after) {
    return R"(
        contract Pool {
            mapping(address => uint256) public supplied;
            mapping(address => uint256) public debt;
            mapping(address => bool) public pledged;
            function supply() external payable { supplied[msg.sender] += msg.value; }
            function pledge() external { pledged[msg.sender] = true; }
            function withdraw(uint256 v) external {
                require(!pledged[msg.sender] || debt[msg.sender] == 0);
                supplied[msg.sender] -= v;
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
            }
            function borrow(uint256 v) external {
                require(pledged[msg.sender] && debt[msg.sender] + v <= supplied[msg.sender] * 7 / 10);
                )" +
           before + R"(
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
                )" +
           after + R"(
            }
        })";
}

TEST(Joining, DeclaresWhatThePaymentsAreFor) {
    expect_attack(pledges("", "debt[msg.sender] += v;"));
    expect_none(pledges("debt[msg.sender] += v;", ""));
}

// Plots have a price of their own. Whoever owns one takes an offer for it; `before`, `after`: what is written around its return.
std::string plots(const std::string& before, const std::string& after) {
    const std::string source = R"ilk(
        contract Plots {
            bool busy;
            struct Offer { address from; uint256 amount; }
            mapping(uint256 => address) public owners;
            mapping(uint256 => Offer) offers;
            mapping(address => uint256) public owed;
            modifier once() { require(!busy); busy = true; _; busy = false; }
            function buy(uint256 plot) external payable {
                require(plot < 9 && owners[plot] == address(0) && msg.value == 0.037 ether);
                owners[plot] = msg.sender;
            }
            function offer(uint256 plot) external payable {
                require(owners[plot] != address(0) && owners[plot] != msg.sender && msg.value > offers[plot].amount);
                owed[offers[plot].from] += offers[plot].amount;
                offers[plot] = Offer(msg.sender, msg.value);
            }
            function accept(uint256 plot) external {
                require(owners[plot] == msg.sender && offers[plot].amount > 0);
                owed[msg.sender] += offers[plot].amount;
                owners[plot] = offers[plot].from;
                delete offers[plot];
            }
            function takeBack(uint256 plot) external once {
                Offer memory mine = offers[plot];
                require(mine.from == msg.sender);
                BEFORE
                (bool ok, ) = msg.sender.call{value: mine.amount}("");
                require(ok);
                AFTER
            }
            function withdraw() external once {
                uint256 amount = owed[msg.sender];
                owed[msg.sender] = 0;
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
        })ilk";
    return with(with(source, "BEFORE", before), "AFTER", after);
}

TEST(Joining, PaysThePriceOfAThingAndThenForWhatIsHers) { expect_attack(plots("", "delete offers[plot];")); }

TEST(Joining, AnOfferThatIsGoneCannotBeTaken) { expect_none(plots("delete offers[plot];", "")); }

}  // namespace
}  // namespace interlock::analyzer::tests
