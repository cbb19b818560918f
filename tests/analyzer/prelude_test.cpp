// What honest people do before an attack: tokens given out and approved, doors opened, members let in.
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/attempts.hpp"
#include "analyzer/system/environment.hpp"
#include "check_fixture.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::tests {
namespace {

// Returns what honest users do before an attack, in the system in which they do most.
std::vector<std::string> longest_prelude(const std::string& source) {
    std::vector<std::string> longest;
    for (const Root& root : systems_of(compiled("c.ilk", source))) {
        std::vector<std::string> steps;
        for (const PlannedTransaction& planned : root.prelude)
            steps.push_back(root.world.senders()[planned.sender].name + " " + root.world.text_of(planned.call));
        if (steps.size() > longest.size()) longest = steps;
    }
    return longest;
}

TEST(Prelude, LetsEverybodyInBeforeWhatIsFinal) {
    const std::vector<std::string> expected{"owner addPayee(alice, 1 ether)", "owner addPayee(Attacker, 1 ether)",
                                            "alice receive()", "owner seal()"};
    EXPECT_EQ(longest_prelude(R"(
        contract Split {
            address immutable owner = msg.sender;
            bool isSealed;
            uint256 all;
            uint256 paid;
            mapping(address => uint256) shares;
            mapping(address => uint256) released;
            receive() external payable {}
            function addPayee(address who, uint256 n) external {
                require(msg.sender == owner && !isSealed && shares[who] == 0 && n > 0);
                shares[who] = n;
                all += n;
            }
            function seal() external { require(msg.sender == owner); isSealed = true; }
            function release() external {
                require(isSealed && shares[msg.sender] > 0);
                uint256 due = (address(this).balance + paid) * shares[msg.sender] / all - released[msg.sender];
                released[msg.sender] += due;
                paid += due;
                payable(msg.sender).transfer(due);
            }
        })"),
              expected);
}

TEST(Prelude, GivesNobodyWhatOnlyOneCanHaveNorTheOwnersRights) {
    EXPECT_EQ(longest_prelude(R"(
        contract Treasury {
            address owner = msg.sender;
            address keeper;
            mapping(address => bool) isAdmin;
            uint256 fee;
            receive() external payable {}
            function setKeeper(address who) external { require(msg.sender == owner); keeper = who; }
            function setAdmin(address who) external { require(msg.sender == owner || isAdmin[msg.sender]); isAdmin[who] = true; }
            function setFee(uint256 n) external { require(msg.sender == owner || isAdmin[msg.sender]); fee = n; }
        })"),
              (std::vector<std::string>{"alice receive()"}));
}

// As many stipends as there are tokens for.
TEST(Prelude, SendsTokensBeforeTheOwnerLetsAnybodyIn) {
    const std::vector<std::string> prelude = longest_prelude(R"(
        interface Token {
            function balanceOf(address who) external view returns (uint256);
            function transfer(address to, uint256 amount) external returns (bool);
        }
        contract Stipends {
            Token immutable token;
            address immutable board = msg.sender;
            uint256 promised;
            mapping(address => uint256) public due;
            constructor(Token token_) { token = token_; }
            function grant(address who, uint256 amount) external {
                require(msg.sender == board && amount > 1000 && due[who] == 0);
                require(token.balanceOf(address(this)) >= promised + amount, "unfunded");
                promised += amount;
                due[who] = amount;
            }
            function draw() external {
                uint256 amount = due[msg.sender];
                due[msg.sender] = 0;
                promised -= amount;
                token.transfer(msg.sender, amount);
            }
        })");
    ASSERT_GE(prelude.size(), 3u);
    EXPECT_TRUE(prelude[0].starts_with("alice transfer(Stipends, ")) << prelude[0];
    EXPECT_EQ(prelude[1], "owner grant(alice, 1 ether)");
    EXPECT_EQ(prelude[2], "owner grant(Attacker, 1 ether)");
}

// A rate that is zero until the owner sets it needs no tokens yet, and no time.
TEST(Prelude, SendsTokensThatAreNeededOnceTheOwnerHasSetARate) {
    const std::vector<std::string> prelude = longest_prelude(R"(
        interface Token { function transfer(address to, uint256 amount) external returns (bool); }
        contract Posts {
            Token immutable token;
            address immutable board = msg.sender;
            uint256 pay;
            mapping(address => uint256) since;
            constructor(Token token_) { token = token_; }
            function setPay(uint256 amount) external { require(msg.sender == board); pay = amount; }
            function begin() external payable { require(msg.value > 0); since[msg.sender] = block.timestamp; }
            function draw() external {
                require(since[msg.sender] != 0 && block.timestamp > since[msg.sender] + 1 hours);
                if (pay > 0) token.transfer(msg.sender, (block.timestamp - since[msg.sender]) * pay);
                since[msg.sender] = block.timestamp;
            }
        })");
    ASSERT_EQ(prelude.size(), 2u);
    EXPECT_EQ(prelude[0], "alice begin()");
    EXPECT_TRUE(prelude[1].starts_with("alice transfer(Posts, ")) << prelude[1];
}

// Returns who holds some of a coin of which the first variable is a mapping of balances: "a" the attacker, "o" its owner,
// "u" a user.
std::string holders_of(const std::string& issue) {
    const std::string coin =
        "contract Coin { mapping(address => uint256) public balanceOf; address immutable owner = msg.sender; "
        "mapping(address => mapping(address => uint256)) public allowance; " +
        issue + R"(
            function approve(address to, uint256 v) external { allowance[msg.sender][to] = v; }
            function transfer(address to, uint256 v) external { balanceOf[msg.sender] -= v; balanceOf[to] += v; }
            function transferFrom(address from, address to, uint256 v) external {
                allowance[from][msg.sender] -= v;
                balanceOf[from] -= v;
                balanceOf[to] += v;
            }
        }
        contract Pot {
            Coin immutable coin;
            constructor(Coin c) { coin = c; }
            function fill(uint256 v) external { coin.transferFrom(msg.sender, address(this), v); }
        })";
    const std::vector<Root> roots = systems_of(compiled("c.ilk", coin));
    World world = roots.front().world;
    std::string holders;
    for (const auto& [letter, account] : {std::pair{'a', world.attacker()}, {'o', world.owner()}, {'u', world.users()[0]}}) {
        std::array<std::uint8_t, 64> key{};  // and the number of the mapping, 0
        std::ranges::copy(to_big_endian(vm::to_word(account.address)), key.begin());
        const Word slot = vm::word_from_big_endian(vm::keccak256(key));
        if (!world.state().load(world.contracts().front().address, slot).is_zero()) holders += letter;
    }
    return holders;
}

// A quota of more than there are could not be used: she is given one that can.
std::string badges(const std::string& before, const std::string& after) {
    return R"(
        interface Keeper { function kept(uint256 id) external; }
        contract Badges {
            uint256 minted;
            address immutable foundation = msg.sender;
            mapping(address => uint256) quota;
            mapping(address => uint256) public balanceOf;
            mapping(uint256 => address) public ownerOf;
            mapping(uint256 => address) getApproved;
            event Transfer(address indexed from, address indexed to, uint256 indexed id);
            function approve(address to, uint256 id) external { require(ownerOf[id] == msg.sender); getApproved[id] = to; }
            function transferFrom(address from, address to, uint256 id) external {
                require(ownerOf[id] == from && (msg.sender == from || msg.sender == getApproved[id]));
                balanceOf[from] -= 1; balanceOf[to] += 1; ownerOf[id] = to; getApproved[id] = address(0);
                emit Transfer(from, to, id);
            }
            function setQuota(address who, uint256 n) external { require(msg.sender == foundation); quota[who] = n; }
            function claim() external {
                uint256 n = quota[msg.sender];
                require(n > 0 && minted + n <= 40);
                )" +
           before + R"(
                for (uint256 i = 0; i < n; i++) {
                    minted += 1; balanceOf[msg.sender] += 1; ownerOf[minted] = msg.sender;
                    emit Transfer(address(0), msg.sender, minted);
                }
                if (msg.sender.code.length > 0) Keeper(msg.sender).kept(minted);
                )" +
           after + R"(
            }
        })";
}

TEST(Prelude, LetsInWithNumbersThatCanBeUsed) {
    EXPECT_TRUE(checked(badges("", "quota[msg.sender] = 0;"), 6).has_exploit());
    EXPECT_FALSE(checked(badges("quota[msg.sender] = 0;", ""), 6).has_exploit());
}

TEST(Prelude, GivesTheOwnerTokensThatOnlyTheOwnerMints) {
    EXPECT_EQ(
        holders_of("function mint(address to, uint256 v) external { require(msg.sender == owner); balanceOf[to] += v; }"),
        "aou");
}

TEST(Prelude, GivesOutAPartOfASmallSupply) {
    EXPECT_EQ(holders_of("constructor() { balanceOf[msg.sender] = 800; }"), "aou");
}

// Nobody else uses the coin, but who gets some is told of it.
TEST(Prelude, GivesOutCoinsThatTellTheirReceivers) {
    const auto ring = [](const std::string& tells) {
        return R"(
        interface Told { function told(uint256 v) external; }
        contract Ring {
            mapping(address => uint256) public balanceOf;
            constructor() { balanceOf[msg.sender] = 800; }
            function transfer(address to, uint256 v) external {
                balanceOf[msg.sender] -= v;
                balanceOf[to] += v;
                )" +
               tells + R"(
            }
        })";
    };
    const auto holds = [](const std::string& source) {
        World world = systems_of(compiled("c.ilk", source)).front().world;
        const auto answer =
            ask_view(world.state(), world.contracts().front().address,
                     lang::abi::call_data(token_selector::balance_of, {vm::to_word(world.attacker().address)}));
        return answer && !vm::word_from_big_endian(*answer).is_zero();
    };
    EXPECT_TRUE(holds(ring("if (to.code.length != 0) Told(to).told(v);")));
    EXPECT_FALSE(holds(ring("")));
}

// Shares have no name of a token's but those by which they are approved and moved.
TEST(Supply, ApprovesWhoTakesShares) {
    const auto source = [](const std::string& before, const std::string& after) {
        return R"ilk(
        contract Fund {
            uint256 public shares = 4 ether;
            uint256 public value = 4 ether;
            bool busy;
            mapping(address => uint256) sharesOf;
            mapping(address => mapping(address => uint256)) approved;
            constructor() payable { require(msg.value >= 4 ether); }
            function price() external view returns (uint256) { return value * 1e18 / shares; }
            function issue() external payable {
                require(!busy);
                uint256 n = msg.value * shares / value;
                value += msg.value; shares += n; sharesOf[msg.sender] += n;
            }
            function redeem(uint256 n) external {
                require(!busy);
                busy = true;
                uint256 amount = n * value / shares;
                sharesOf[msg.sender] -= n;
                shares -= n;
                )ilk" +
               before + R"ilk(
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                )ilk" +
               after + R"ilk(
                busy = false;
            }
            function approve(address to, uint256 n) external { approved[msg.sender][to] = n; }
            function transferFrom(address from, address to, uint256 n) external {
                approved[from][msg.sender] -= n; sharesOf[from] -= n; sharesOf[to] += n;
            }
        }
        contract Buyer {
            Fund fund;
            constructor(Fund f) payable { fund = f; }
            function sell(uint256 n) external {
                uint256 amount = n * fund.price() / 1e18;
                fund.transferFrom(msg.sender, address(this), n);
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
        })ilk";
    };
    EXPECT_TRUE(checked(source("", "value -= amount;")).has_exploit());
    EXPECT_FALSE(checked(source("value -= amount;", ""), 4).has_exploit());
}

// What a list of candidates does not have, comparisons tell: for how long an auction may be open.
TEST(Prelude, MendsTheCallsOfHonestUsers) {
    const std::vector<std::string> prelude = longest_prelude(R"(
        contract House {
            struct Lot { address seller; address leader; uint256 bid; uint256 end; }
            uint256 public count;
            mapping(uint256 => Lot) public lots;
            function offer(uint256 reserve, uint64 duration, uint256 step, uint256 fee) external returns (uint256 id) {
                require(duration >= 5 hours && duration <= 9 days && reserve > 3 && reserve < 1 ether, "terms");
                require(step >= 7 && step <= 11 && fee >= 13 && fee <= 17, "terms");
                id = ++count;
                lots[id] = Lot(msg.sender, address(0), reserve - 1, block.timestamp + duration);
            }
            function bid(uint256 id) external payable {
                Lot storage lot = lots[id];
                require(block.timestamp < lot.end && msg.value > lot.bid, "bid");
                if (lot.leader != address(0)) payable(lot.leader).transfer(lot.bid);
                lot.leader = msg.sender;
                lot.bid = msg.value;
            }
        })");
    ASSERT_GE(prelude.size(), 2u);
    EXPECT_TRUE(prelude[0].starts_with("alice offer(")) << prelude[0];
    EXPECT_TRUE(prelude[1].starts_with("alice bid(1)")) << prelude[1];
}

// What was tried is tried again only where it read something that has changed.
TEST(Attempts, HoldWhileWhatTheyReadIsAsItWas) {
    World world = deployed(compiled("c.ilk", R"(
        contract Door {
            uint256 open; uint256 other;
            function unlock() external { open = 1; }
            function more() external { other += 1; }
            function enter() external view { require(open == 1); }
            function rich() external view { require(address(this).balance > 0); }
            receive() external payable {}
        })"));
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    chain::Execution execution(world.state());
    Attempts attempts(world.state());
    const Address alice = world.users()[0].address;
    const auto make = [&](const Call& call, bool keeps) {
        PlannedTransaction planned;
        planned.call = call;
        const auto here = world.state().checkpoint();
        attempts.begin(alice, world.contract(call.contract).address, call);
        execution.machine().set_tracer(&attempts);
        const bool works = perform(world, execution, planned);
        execution.machine().set_tracer(nullptr);
        if (keeps) return;
        world.state().rewind_to(here);
        attempts.end(0, call, works);
    };
    const Call enter = call_of(world, "enter"), rich = call_of(world, "rich");
    EXPECT_EQ(attempts.known(0, enter), std::nullopt);
    for (const Call& call : {enter, rich}) make(call, false);
    EXPECT_EQ(attempts.known(0, enter), false);
    EXPECT_EQ(attempts.known(1, enter), std::nullopt);
    make(call_of(world, "more"), true);
    EXPECT_EQ(attempts.known(0, enter), false);
    EXPECT_EQ(attempts.known(0, rich), false);
    make(call_of(world, "unlock"), true);
    EXPECT_EQ(attempts.known(0, enter), std::nullopt);
    EXPECT_EQ(attempts.known(0, rich), false);
    make(call_of(world, "receive", {}, Word{1}), true);
    EXPECT_EQ(attempts.known(0, rich), std::nullopt);
}

// A quota matters where it can be used up.
std::string tickets(const std::string& before, const std::string& after) {
    return R"(
        interface Receiver { function badge(uint256 id) external; }
        contract Badges {
            address issuer = msg.sender; uint256 next; mapping(uint256 => address) public ownerOf;
            mapping(address => uint256) public balanceOf; mapping(address => uint256) public quota;
            function allow(address who, uint256 count) external { require(msg.sender == issuer); quota[who] = count; }
            function take(uint256 count) external {
                uint256 left = quota[msg.sender];
                require(count != 0 && count <= left);
                )" +
           before + R"(
                for (uint256 i; i < count; i++) {
                    ownerOf[++next] = msg.sender;
                    balanceOf[msg.sender]++;
                    if (msg.sender.code.length != 0) Receiver(msg.sender).badge(next);
                }
                )" +
           after + R"(
            }
        })";
}

TEST(Prelude, LetsInSparingly) {
    expect_attack(tickets("", "quota[msg.sender] = left - count;"));
    expect_none(tickets("quota[msg.sender] = left - count;", ""));
}

// Points are sold by a booth that has none of its own at first, and passed on by a function that no token has.
std::string points(const std::string& before, const std::string& after) {
    return R"(
        contract Fund {
            mapping(address => uint256) points; uint256 count; uint256 kept; bool isBusy;
            modifier once() { require(!isBusy); isBusy = true; _; isBusy = false; }
            function pay() external payable once {
                uint256 n = count == 0 ? msg.value : msg.value * count / kept;
                points[msg.sender] += n; count += n; kept += msg.value;
            }
            function leave(uint256 n) external once {
                require(points[msg.sender] >= n);
                uint256 sum = n * kept / count;
                )" +
           before + R"(
                kept -= sum;
                (bool ok, ) = msg.sender.call{value: sum}("");
                require(ok);
                )" +
           after + R"(
            }
            function hand(uint256 n, address to) external { points[msg.sender] -= n; points[to] += n; }
            function worth(uint256 n) external view returns (uint256) { return n * kept / count; }
        }
        contract Booth {
            Fund immutable fund;
            constructor(Fund f) { fund = f; }
            function order(uint256 n) external payable {
                require(msg.value >= fund.worth(n));
                fund.hand(n, msg.sender);
            }
        })";
}

TEST(Prelude, PassesOnSharesToWhoHasNone) {
    const std::string late = "points[msg.sender] -= n; count -= n;";
    const std::vector<std::string> steps = longest_prelude(points("", late));
    EXPECT_EQ(std::ranges::count(steps, "alice hand(1 ether, Booth)"), 1) << ::testing::PrintToString(steps);
    expect_attack(points("", late));
    expect_none(points(late, ""));
}

// Rewards are paid for time that has passed, out of what somebody has sent.
std::string stakes(const std::string& before, const std::string& after) {
    return R"(
        interface Coin {
            function transfer(address to, uint256 n) external returns (bool);
            function transferFrom(address from, address to, uint256 n) external returns (bool);
        }
        contract Stakes {
            Coin immutable coin; Coin immutable bonus;
            mapping(address => uint256) staked; mapping(address => uint256) since;
            constructor(Coin c, Coin b) { coin = c; bonus = b; }
            function stake(uint256 n) external {
                staked[msg.sender] += n;
                since[msg.sender] = block.timestamp;
                require(coin.transferFrom(msg.sender, address(this), n * 1 ether));
            }
            function leave() external {
                uint256 n = staked[msg.sender];
                uint256 minutesStaked = (block.timestamp - since[msg.sender]) / 60;
                require(n > 0 && minutesStaked > 0);
                )" +
           before + R"(
                require(bonus.transfer(msg.sender, n * minutesStaked * 0.01 ether));
                require(coin.transfer(msg.sender, n * 1 ether));
                )" +
           after + R"(
            }
        })";
}

TEST(Prelude, SendsRewardsThatAreDueLater) {
    const std::string leaves = "staked[msg.sender] = 0;";
    expect_attack(stakes("", leaves));
    expect_none(stakes(leaves, ""), 2);
}

// Who may make coins does not have to be the desk that takes some: it never makes any.
TEST(Prelude, WhoHasARightThatNoContractUsesIsAnAccount) {
    expect_attack(R"(
        interface Hook { function sending(uint256 n) external; }
        interface Coin {
            function balanceOf(address who) external view returns (uint256);
            function transferFrom(address from, address to, uint256 n) external;
            function transfer(address to, uint256 n) external;
        }
        contract Net {
            address immutable minter; mapping(address => uint256) public balanceOf; mapping(address => Hook) hooks;
            mapping(address => mapping(address => uint256)) allowance;
            constructor(address m) { minter = m; }
            function mint(address to, uint256 n) external { require(msg.sender == minter); balanceOf[to] += n; }
            function hook(Hook h) external { hooks[msg.sender] = h; }
            function approve(address to, uint256 n) external { allowance[msg.sender][to] = n; }
            function move(address from, address to, uint256 n) private {
                if (address(hooks[from]) != address(0)) hooks[from].sending(n);
                balanceOf[from] -= n;
                balanceOf[to] += n;
            }
            function transfer(address to, uint256 n) external { move(msg.sender, to, n); }
            function transferFrom(address from, address to, uint256 n) external {
                allowance[from][msg.sender] -= n;
                move(from, to, n);
            }
        }
        contract Desk {
            mapping(address => mapping(address => uint256)) kept;
            function put(address coin, uint256 n) external {
                uint256 before = Coin(coin).balanceOf(address(this));
                (bool ok, ) = coin.call(abi.encodeCall(Coin.transferFrom, (msg.sender, address(this), n)));
                require(ok);
                kept[msg.sender][coin] += Coin(coin).balanceOf(address(this)) - before;
            }
            function take(address coin, uint256 n) external {
                kept[msg.sender][coin] -= n;
                Coin(coin).transfer(msg.sender, n);
            }
        })");
}

// Of a pool that only a registry makes, several have a part: who makes it says who they are, and pays in.
std::string pools(const std::string& salt, const std::string& before, const std::string& after) {
    return R"(
        contract Pool {
            mapping(address => uint256) partOf; mapping(address => uint256) taken; uint256 parts; uint256 all;
            receive() external payable {}
            constructor(address[] memory who, uint256[] memory part) payable {
                require(who.length == part.length && msg.sender.code.length != 0);
                for (uint256 i; i < who.length; ++i) {
                    require(part[i] != 0 && partOf[who[i]] == 0);
                    partOf[who[i]] = part[i];
                    parts += part[i];
                }
            }
            function take() external {
                uint256 due = (address(this).balance + all) * partOf[msg.sender] / parts - taken[msg.sender];
                require(due != 0);
                )" +
           before + R"(
                (bool ok, ) = msg.sender.call{value: due}("");
                require(ok);
                )" +
           after + R"(
            }
        }
        contract Registry {
            mapping(address => bool) public isPool;
            function make(address[] calldata who, uint256[] calldata part) external payable {
                isPool[address(new Pool{value: msg.value)" +
           salt + R"(}(who, part))] = true;
            }
        })";
}

TEST(Prelude, PaysForSeveralWhereAContractIsMade) {
    const std::string books = "taken[msg.sender] += due; all += due;";
    for (const char* const salt : {"", ", salt: bytes32(0)"}) {
        expect_attack(pools(salt, "", books));
        expect_none(pools(salt, books, ""), 2);
    }
}

// Who gets what a paymaster gives out is on the payroll; `guard` is asked of who gives it.
std::string payroll(const std::string& guard) {
    return R"ilk(
        contract Desk {
            struct Worker { bool hired; uint256 wage; uint256 bonus; }
            address immutable owner = msg.sender;
            address immutable paymaster;
            mapping(address => Worker) workers;
            constructor(address p) payable { paymaster = p; }
            function fund() external payable {}
            function hire(address who, uint256 wage) external {
                require(msg.sender == owner);
                workers[who] = Worker(true, wage, 0);
            }
            function reward(address who, uint256 n) external {
                )ilk" +
           guard + R"ilk(
                Worker storage w = workers[who];
                require(w.hired && w.bonus + n <= w.wage);
                (bool ok, ) = who.call{value: n}("");
                require(ok);
                w.bonus += n;
            }
            function close(address who) external { require(msg.sender == paymaster); workers[who].bonus = 0; }
        })ilk";
}

TEST(Prelude, WhoAloneSaysWhoGetsSomethingIsTrusted) {
    EXPECT_FALSE(checked(payroll("require(msg.sender == paymaster);"), 3.0).has_exploit());
    EXPECT_TRUE(checked(payroll(""), 10.0).has_exploit());
}

}  // namespace
}  // namespace interlock::analyzer::tests
