// Systems of several contracts as their owners set them up: registries with lists, contracts that need each other, pools
// that are paid by transfers; and what only a contract under construction can do.
#include "check_fixture.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer::tests {
namespace {

// Each distributor has a lock, and who was paid is written in the registry.
std::string distributors(const std::string& before, const std::string& after) {
    return R"(
        contract Registry {
            address owner = msg.sender;
            mapping(address => bool) public isDistributor;
            mapping(address => bool) public done;
            mapping(address => bool) public eligible;
            function setDistributor(address d, bool ok) external { require(msg.sender == owner); isDistributor[d] = ok; }
            function setEligible(address who, bool ok) external { require(msg.sender == owner); eligible[who] = ok; }
            function mark(address who) external { require(isDistributor[msg.sender]); done[who] = true; }
        }
        contract Distributor {
            Registry immutable registry;
            bool locked;
            constructor(Registry r) payable { registry = r; }
            function claim() external {
                require(!locked && registry.eligible(msg.sender) && !registry.done(msg.sender));
                locked = true;
                )" +
           before + R"(
                (bool ok, ) = msg.sender.call{value: 1 ether}("");
                require(ok);
                )" +
           after + R"(
                locked = false;
            }
        })";
}
constexpr const char* marking = "registry.mark(msg.sender);";

TEST(Registries, HaveSeveralOfAKindOnTheirLists) {
    const Report report = checked(distributors("", marking));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
}

TEST(Registries, ThatAreToldFirstKeepWhoWasPaidOut) { EXPECT_FALSE(checked(distributors(marking, ""), 6).has_exploit()); }

TEST(Registries, AreToldOfTheContractsThatKnowThem) {
    const auto roots = systems_of(compiled("c.ilk", distributors("", marking)));
    World world = roots.front().world;
    const auto listed =
        lang::abi::call_data(lang::abi::selector("isDistributor(address)"), {vm::to_word(*world.address_of("Distributor"))});
    const auto answer = ask_view(world.state(), *world.address_of("Registry"), listed);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->back(), 1);
}

TEST(Registries, DoNotHaveHerOnAListOfContracts) {
    // Who were a desk herself could free the lock.
    EXPECT_FALSE(checked(R"(
        contract Book {
            address owner = msg.sender;
            bool locked;
            mapping(address => bool) isDesk;
            mapping(address => uint256) public points;
            function addDesk(address d) external { require(msg.sender == owner); isDesk[d] = true; }
            function acquire() external { require(isDesk[msg.sender] && !locked); locked = true; }
            function free() external { require(isDesk[msg.sender]); locked = false; }
            function change(address who, uint256 n) external { require(isDesk[msg.sender]); points[who] = n; }
        }
        contract Desk {
            Book book;
            constructor(Book b) { book = b; }
            function buy() external payable { book.acquire(); book.change(msg.sender, book.points(msg.sender) + msg.value); book.free(); }
            function cash() external {
                book.acquire();
                uint256 n = book.points(msg.sender);
                (bool ok, ) = msg.sender.call{value: n}("");
                require(ok);
                book.change(msg.sender, 0);
                book.free();
            }
        })",
                         6)
                     .has_exploit());
}

TEST(Circles, OfAVaultItsStrategyAndARegistryAreClosed) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Registry {
            address owner = msg.sender;
            address public active;
            function setActive(address s) external { require(msg.sender == owner); active = s; }
        }
        contract Strategy {
            address immutable vault;
            uint256 public invested;
            constructor(address v) { vault = v; }
            function invest() external payable { require(msg.sender == vault); invested += msg.value; }
        }
        contract Vault {
            Registry immutable registry;
            constructor(Registry r) { registry = r; }
            function deposit() external payable { Strategy(registry.active()).invest{value: msg.value}(); }
        })"));
    World world = roots.front().world;
    EXPECT_EQ(world.state().load(*world.address_of("Registry"), Word{1}), vm::to_word(*world.address_of("Strategy")));
    EXPECT_EQ(roots.front().prelude.size(), 1u);  // alice's deposit
}

// Whoever borrows from the pool may set its reserves to what is left.
std::string pool(const std::string& lock) {
    return R"(
        interface IToken { function balanceOf(address) external view returns (uint256); function transfer(address, uint256) external returns (bool); }
        interface IBorrower { function lent() external; }
        contract Pool {
            IToken immutable token;
            uint256 reserve;
            bool busy;
            mapping(address => uint256) public balanceOf;
            constructor(IToken t) { token = t; }
            function mint(address to) external {
                uint256 paid = token.balanceOf(address(this)) - reserve;
                require(paid > 0);
                balanceOf[to] += paid;
                reserve += paid;
            }
            function lend(uint256 amount) external {
                )" +
           lock + R"(
                busy = true;
                token.transfer(msg.sender, amount);
                IBorrower(msg.sender).lent();
                require(token.balanceOf(address(this)) >= reserve);
                busy = false;
            }
            function sync() external { )" +
           lock + R"( reserve = token.balanceOf(address(this)); }
        })";
}

TEST(Pools, ThatArePaidByTransfersAreFilled) {
    EXPECT_TRUE(checked(pool("")).has_exploit());
    EXPECT_FALSE(checked(pool("require(!busy);"), 5).has_exploit());
}

TEST(Queues, AreFilledByAliceAndServedByTheOwner) {
    EXPECT_TRUE(checked(R"(
        contract Queue {
            struct Request { address who; uint96 amount; bool paid; }
            address owner = msg.sender;
            mapping(address => uint256) public staked;
            Request[] queue;
            uint256 served;
            uint256 set;
            function stake() external payable { staked[msg.sender] += msg.value; }
            function leave(uint96 amount) external { staked[msg.sender] -= amount; queue.push(Request(msg.sender, amount, false)); }
            function serve(uint256 upTo) external {
                require(msg.sender == owner && upTo <= queue.length && upTo > served);
                for (uint256 i = served; i < upTo; ++i) set += queue[i].amount;
                served = upTo;
            }
            function claim(uint256 id) external {
                Request storage r = queue[id];
                require(id < served && r.who == msg.sender && !r.paid);
                set -= r.amount;
                (bool ok, ) = msg.sender.call{value: r.amount}("");
                require(ok);
                r.paid = true;
            }
        })")
                    .has_exploit());
}

TEST(Founding, LetsHerContractDoWhatContractsMayNot) {
    const Report report = checked(R"(
        contract Bank {
            mapping(address => uint256) public balances;
            function deposit() external payable { require(msg.sender.code.length == 0); balances[msg.sender] += msg.value; }
            function withdraw() external {
                (bool ok, ) = msg.sender.call{value: balances[msg.sender]}("");
                require(ok);
                balances[msg.sender] = 0;
            }
        })");
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
}

// Whose rights have names is given the one by which most works.
TEST(Registries, GrantRolesByTheirNames) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Points {
            bytes32 public constant PAUSER = keccak256("PAUSER");
            bytes32 public constant ISSUER = keccak256("ISSUER");
            address owner = msg.sender;
            mapping(bytes32 => mapping(address => bool)) public has;
            mapping(address => uint256) public points;
            bool paused;
            function grant(bytes32 role, address who) external { require(msg.sender == owner); has[role][who] = true; }
            function pause() external { require(has[PAUSER][msg.sender]); paused = true; }
            function issue(address to, uint256 n) external { require(has[ISSUER][msg.sender] && !paused); points[to] += n; }
        }
        contract Shop {
            Points immutable points;
            constructor(Points p) { points = p; }
            function buy() external payable { points.issue(msg.sender, msg.value); }
        })"));
    World world = roots.front().world;
    const auto issuer = vm::word_from_big_endian(vm::keccak256(Bytes{'I', 'S', 'S', 'U', 'E', 'R'}));
    const auto question =
        lang::abi::call_data(lang::abi::selector("has(bytes32,address)"), {issuer, vm::to_word(*world.address_of("Shop"))});
    const auto answer = ask_view(world.state(), *world.address_of("Points"), question);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->back(), 1);
}

// Each desk has a lock, and both keep one account book. It has balances, but nobody can move them: it is no token.
std::string desks(const std::string& before, const std::string& after) {
    return R"(
        contract Accounts {
            address owner = msg.sender;
            mapping(address => bool) public isDesk;
            mapping(address => uint256) public balanceOf;
            function admit(address desk) external { require(msg.sender == owner); isDesk[desk] = true; }
            function credit(address who, uint256 n) external { require(isDesk[msg.sender]); balanceOf[who] += n; }
            function close(address who) external { require(isDesk[msg.sender]); balanceOf[who] = 0; }
        }
        contract Desk {
            Accounts immutable accounts;
            bool locked;
            modifier alone() { require(!locked); locked = true; _; locked = false; }
            constructor(Accounts a) { accounts = a; }
            function deposit() external payable alone { accounts.credit(msg.sender, msg.value); }
            function withdraw() external alone {
                uint256 amount = accounts.balanceOf(msg.sender);
                require(amount > 0 && amount <= address(this).balance);
                )" +
           before + R"(
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                )" +
           after + R"(
            }
        })";
}

TEST(Registries, OfBalancesAreKnownToSeveral) {
    const Report report = checked(desks("", "accounts.close(msg.sender);"));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(desks("accounts.close(msg.sender);", ""), 4).has_exploit());
}

// A market is listed with a part in ten thousand that its desk accepts.
std::string listed_markets(const std::string& before, const std::string& after) {
    return R"(
        interface Desk { function allows(address who, uint256 n) external view returns (bool); }
        contract Market {
            Desk immutable desk;
            mapping(address => uint256) public put;
            mapping(address => uint256) public owed;
            bool locked;
            modifier alone() { require(!locked); locked = true; _; locked = false; }
            constructor(Desk d) { desk = d; }
            function pay() external payable alone { put[msg.sender] += msg.value; }
            function borrow(uint256 n) external alone {
                require(desk.allows(msg.sender, n));
                )" +
           before + R"( (bool ok, ) = msg.sender.call{value: n}(""); require(ok); )" + after + R"(
            }
        }
        contract Comptroller is Desk {
            Market[] all;
            mapping(address => uint256) factor;
            address immutable governor = msg.sender;
            function list(Market m, uint64 bps) external {
                require(msg.sender == governor && factor[address(m)] == 0 && bps >= 5000 && bps <= 9000);
                factor[address(m)] = bps;
                all.push(m);
            }
            function allows(address who, uint256 n) external view returns (bool) {
                if (factor[msg.sender] == 0) return false;
                uint256 power;
                uint256 debt = n;
                for (uint256 i = 0; i < all.length; i++) {
                    power += all[i].put(who) * factor[address(all[i])] / 10000;
                    debt += all[i].owed(who);
                }
                return debt <= power;
            }
        })";
}

TEST(Registries, ListMarketsWithNumbersThatAreAccepted) {
    EXPECT_TRUE(checked(listed_markets("", "owed[msg.sender] += n;"), 10).has_exploit());
    EXPECT_FALSE(checked(listed_markets("owed[msg.sender] += n;", ""), 4).has_exploit());
}

// A directory that its launchpad makes is none of those who are let in there: it calls nobody.
TEST(Registries, OnlyWhoMayCallIsIntroduced) {
    const auto launchpad = [](const std::string& before, const std::string& after) {
        return R"(
            contract Directory {
                address immutable pad = msg.sender; address[] all;
                function record(address what) external { require(msg.sender == pad); all.push(what); }
            }
            contract Pad {
                Directory immutable directory = new Directory(); address immutable sponsor = msg.sender;
                mapping(address => uint256) stage;
                receive() external payable {}
                function admit(address who) external { require(msg.sender == sponsor && stage[who] == 0); stage[who] = 1; }
                function launch(bytes memory code, bytes32 salt) external {
                    require(stage[msg.sender] == 1);
                    )" +
               before + R"(
                    address made;
                    assembly { made := create2(1000000000000000000, add(code, 32), mload(code), salt) }
                    require(made != address(0));
                    directory.record(made);
                    )" +
               after + R"(
                }
            })";
    };
    expect_attack(launchpad("", "stage[msg.sender] = 2;"));
    expect_none(launchpad("stage[msg.sender] = 2;", ""));
}

// What it takes to be let in without code may depend on a number.
TEST(Founding, MendsWhatSheIsLetInWith) {
    const auto jars = [](const std::string& before, const std::string& after) {
        return R"(
            contract Jars {
                mapping(address => uint256) public kept;
                mapping(address => uint256) public until;
                function open(uint64 term) external payable {
                    require(msg.sender.code.length == 0 && kept[msg.sender] == 0 && msg.value > 0);
                    require(term >= 7 days && term <= 365 days);
                    kept[msg.sender] = msg.value;
                    until[msg.sender] = block.timestamp + term;
                }
                function empty() external {
                    uint256 amount = kept[msg.sender];
                    require(amount > 0 && block.timestamp >= until[msg.sender]);
                    )" +
               before + "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);" + after + R"(
                }
            })";
    };
    EXPECT_TRUE(checked(jars("", "kept[msg.sender] = 0;"), 10).has_exploit());
    EXPECT_FALSE(checked(jars("kept[msg.sender] = 0;", ""), 4).has_exploit());
}

// A token is no contract of the sources, and the list does nothing with it: what works then tells that it is meant.
TEST(Registries, ListTokensThatNobodyDeclares) {
    const auto market = [](const std::string& before, const std::string& write) {
        return R"(
            interface IToken {
                function transfer(address to, uint256 amount) external returns (bool);
                function transferFrom(address from, address to, uint256 amount) external returns (bool);
            }
            contract Market {
                address owner = msg.sender;
                mapping(address => uint256) public price;
                mapping(address => mapping(address => uint256)) public supplied;
                function list(address token, uint256 aPrice) external {
                    require(msg.sender == owner && price[token] == 0 && aPrice > 0);
                    price[token] = aPrice;
                }
                function supply(address token, uint256 amount) external {
                    require(price[token] > 0);
                    )" +
               before + "require(IToken(token).transferFrom(msg.sender, address(this), amount));" + write + R"(
                }
                function withdraw(address token, uint256 amount) external {
                    require(price[token] > 0);
                    supplied[msg.sender][token] -= amount;
                    require(IToken(token).transfer(msg.sender, amount));
                }
            })";
    };
    EXPECT_TRUE(
        checked(market("uint256 next = supplied[msg.sender][token] + amount;", "supplied[msg.sender][token] = next;"), 10)
            .has_exploit());
    EXPECT_FALSE(checked(market("", "supplied[msg.sender][token] += amount;"), 4).has_exploit());
}

// What is scheduled is known by the hash of all that will be called then; anybody may run it when it is due.
std::string scheduler(const std::string& before, const std::string& after) {
    return R"(
        contract Scheduler {
            struct Order { address by; uint64 number; address to; uint256 amount; uint256 limit; bytes data; }
            address keeper = msg.sender; mapping(bytes32 => uint256) public due; mapping(bytes32 => bool) public done;
            constructor() payable {}
            function schedule(bytes32 id) external { require(msg.sender == keeper && due[id] == 0); due[id] = block.timestamp + 2 days; }
            function run(Order calldata order) external {
                bytes32 id = keccak256(abi.encode("order", address(this), order));
                require(due[id] != 0 && block.timestamp >= due[id] && !done[id]);
                )" +
           before + R"(
                (bool ok, ) = order.to.call{value: order.amount}(order.data);
                require(ok);
                )" +
           after + R"(
            }
        })";
}

TEST(Registries, AreToldTheHashOfALongMessage) {
    expect_attack(scheduler("", "done[id] = true;"));
    expect_none(scheduler("done[id] = true;", ""));
}

// A desk asks what its borrower has at all the desks of a list, and each desk has a lock of its own.
std::string markets_of_a_list(const std::string& before, const std::string& after) {
    return R"(
        interface Coin {
            function transfer(address to, uint256 amount) external returns (bool);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        contract Desk {
            Coin immutable coin; Board immutable board; uint256 cash; bool busy;
            mapping(address => uint256) public saved; mapping(address => uint256) public owed;
            constructor(Coin coin_, Board board_) { coin = coin_; board = board_; }
            modifier alone() { require(!busy); busy = true; _; busy = false; }
            function save(uint256 amount) external alone {
                saved[msg.sender] += amount;
                cash += amount;
                coin.transferFrom(msg.sender, address(this), amount);
            }
            function take(uint256 amount) external alone {
                saved[msg.sender] -= amount;
                cash -= amount;
                require(board.covers(address(this), msg.sender, 0));
                coin.transfer(msg.sender, amount);
            }
            function borrow(uint256 amount) external alone {
                require(board.covers(address(this), msg.sender, amount));
                cash -= amount;
                )" +
           before + "coin.transfer(msg.sender, amount);" + after + R"(
            }
        }
        contract Board {
            address keeper = msg.sender;
            Desk[] desks;
            struct Listing { bool known; uint64 part; uint128 price; }
            mapping(address => Listing) public listings;
            function add(Desk desk, uint64 part, uint128 price) external {
                require(msg.sender == keeper && !listings[address(desk)].known && part <= 9000 && desks.length < 9);
                listings[address(desk)] = Listing(true, part, price);
                desks.push(desk);
            }
            function reprice(Desk desk, uint128 price) external {
                require(msg.sender == keeper && listings[address(desk)].known);
                listings[address(desk)].price = price;
            }
            function covers(address desk, address who, uint256 more) external view returns (bool) {
                uint256 power; uint256 debt;
                if (!listings[desk].known) return false;
                for (uint256 i = 0; i < desks.length; ++i) {
                    Listing memory listing = listings[address(desks[i])];
                    uint256 owing = desks[i].owed(who) + (address(desks[i]) == desk ? more : 0);
                    power += desks[i].saved(who) * listing.price * listing.part / 10000 / 1e18;
                    debt += owing * listing.price / 1e18;
                }
                return debt <= power;
            }
        })";
}

TEST(Registries, KeepAllThatKnowThemInAListAndUnderTheirNames) {
    expect_attack(markets_of_a_list("", "owed[msg.sender] += amount;"));
    expect_none(markets_of_a_list("owed[msg.sender] += amount;", ""), 5);
}

// Points are kept for customers, not for the shops that know the book.
std::string shops(const std::string& lock) {
    return R"(
        contract Book {
            address keeper = msg.sender;
            mapping(address => uint256) public points;
            mapping(address => bool) public isShop;
            mapping(address => bool) public isBusy;
            bool public isOneBusy;
            function admit(address shop, bool yes) external { require(msg.sender == keeper); isShop[shop] = yes; }
            function grant(address customer, uint256 more) external { require(msg.sender == keeper); points[customer] += more; }
            function begin() external { require(isShop[msg.sender] && !)" +
           lock + ");" + lock + R"( = true; }
            function end(address customer, uint256 left) external {
                require(isShop[msg.sender]);
                )" +
           lock + R"( = false;
                points[customer] = left;
            }
        }
        abstract contract Shop {
            Book immutable book;
            constructor(Book book_) { book = book_; }
            function redeem(uint256 amount) external {
                book.begin();
                uint256 had = book.points(msg.sender);
                require(amount != 0 && amount <= had);
                give(msg.sender, amount);
                book.end(msg.sender, had - amount);
            }
            function give(address customer, uint256 amount) internal virtual;
        }
        contract CashShop is Shop {
            constructor(Book book_) payable Shop(book_) {}
            function give(address customer, uint256 amount) internal override {
                (bool ok, ) = customer.call{value: amount / 1e6}("");
                require(ok);
            }
        }
        interface Customer { function got(uint256 seats) external; }
        contract SeatShop is Shop {
            mapping(address => uint256) public seats;
            constructor(Book book_) Shop(book_) {}
            function give(address customer, uint256 amount) internal override {
                seats[customer] += amount;
                if (customer.code.length != 0) Customer(customer).got(amount);
            }
        })";
}

TEST(Registries, GiveContractsNoPoints) {
    const auto roots = systems_of(compiled("c.ilk", shops("isBusy[msg.sender]")));
    World world = roots.front().world;
    const auto ask = [&](const char* view) {
        const auto data = lang::abi::call_data(lang::abi::selector(view), {vm::to_word(*world.address_of("CashShop"))});
        return vm::word_from_big_endian(*ask_view(world.state(), *world.address_of("Book"), data));
    };
    EXPECT_EQ(ask("isShop(address)"), vm::Word{1});
    EXPECT_EQ(ask("points(address)"), vm::Word{0});
    expect_attack(shops("isBusy[msg.sender]"));
    expect_none(shops("isOneBusy"), 5);
}

// Each market lends a part of what was saved there, if it is pledged. The part has to be within limits.
std::string lending(const std::string& before, const std::string& after) {
    return R"(
            contract Registry {
                address immutable board = msg.sender;
                mapping(Market => uint256) public part;
                mapping(Market => mapping(address => bool)) isPledged;
                function list(Market market, uint256 part_) external {
                    require(msg.sender == board && part_ >= 0.5e18 && part_ <= 0.8e18);
                    part[market] = part_;
                }
                function pledge(Market market) external { isPledged[market][msg.sender] = true; }
                function release(Market market) external {
                    require(market.debts(msg.sender) == 0);
                    isPledged[market][msg.sender] = false;
                }
                function most(Market market, address who) external view returns (uint256) {
                    return isPledged[market][who] ? market.saved(who) * part[market] / 1e18 : 0;
                }
                function holds(Market market, address who) external view returns (bool) { return isPledged[market][who]; }
            }
            contract Market {
                Registry immutable registry;
                mapping(address => uint256) public saved;
                mapping(address => uint256) public debts;
                bool isEntered;
                constructor(Registry registry_) { registry = registry_; }
                modifier alone() { require(!isEntered); isEntered = true; _; isEntered = false; }
                function save() external payable alone { saved[msg.sender] += msg.value; }
                function take(uint256 n) external alone {
                    require(!registry.holds(this, msg.sender));
                    saved[msg.sender] -= n;
                    (bool ok, ) = msg.sender.call{value: n}("");
                    require(ok);
                }
                function borrow(uint256 n) external alone {
                    require(n + debts[msg.sender] <= registry.most(this, msg.sender));
                    uint256 debt = debts[msg.sender] + n;
                    )" +
           before + R"(
                    (bool ok, ) = msg.sender.call{value: n}("");
                    require(ok);
                    )" +
           after + R"(
                }
            })";
}

TEST(Registries, AreToldNumbersWithinTheirLimits) {
    const auto roots = systems_of(compiled("c.ilk", lending("", "debts[msg.sender] = debt;")));
    World world = roots.front().world;
    const auto data = lang::abi::call_data(lang::abi::selector("part(address)"), {vm::to_word(*world.address_of("Market"))});
    EXPECT_EQ(vm::word_from_big_endian(*ask_view(world.state(), *world.address_of("Registry"), data)),
              Word{800'000} * Word{1'000'000'000'000});
    expect_attack(lending("", "debts[msg.sender] = debt;"));
    expect_none(lending("debts[msg.sender] = debt;", ""));
}

// The purse asks the book who may have it pay; both desks tell the book who was paid.
TEST(Registries, ListWhoTellsThemBeforeWhoOnlyAsks) {
    World world = systems_of(compiled("c.ilk", R"(
        contract Book {
            address owner = msg.sender;
            mapping(address => bool) public desks;
            mapping(address => uint256) public left;
            function join() external payable { left[msg.sender] += 1; }
            function list(address desk) external { require(msg.sender == owner); desks[desk] = true; }
            function cross(address who) external { require(desks[msg.sender]); left[who] = 0; }
        }
        contract Purse {
            Book immutable book;
            constructor(Book b) payable { book = b; }
            function pay(address to) external {
                require(book.desks(msg.sender));
                (bool ok, ) = to.call{value: 1 ether}("");
                require(ok);
            }
        }
        contract Desk {
            Book immutable book; Purse immutable purse;
            constructor(Book b, Purse p) { book = b; purse = p; }
            function take() external { require(book.left(msg.sender) > 0); purse.pay(msg.sender); book.cross(msg.sender); }
        }
        contract OtherDesk {
            Book immutable book; Purse immutable purse;
            constructor(Book b, Purse p) { book = b; purse = p; }
            function takeFor(address who) external { require(book.left(who) > 0); book.cross(who); purse.pay(who); }
        })"))
                      .front()
                      .world;
    for (const char* const desk : {"Desk", "OtherDesk"}) {
        const auto listed =
            lang::abi::call_data(lang::abi::selector("desks(address)"), {vm::to_word(*world.address_of(desk))});
        const auto answer = ask_view(world.state(), *world.address_of("Book"), listed);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->back(), 1) << desk;
    }
}

}  // namespace
}  // namespace interlock::analyzer::tests
