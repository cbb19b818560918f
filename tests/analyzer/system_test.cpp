// Systems that the check puts together by itself, and attacks that need more than one contract and one unit of money.
#include "analyzer/system/roles.hpp"
#include "chain/genesis.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string names_of(const World& world) {
    std::string names;
    for (const DeployedContract& contract : world.contracts()) names += (names.empty() ? "" : " ") + contract.name;
    return names;
}

constexpr std::string_view token_interface = R"(
    interface IERC20 {
        function transfer(address to, uint256 value) external returns (bool);
        function transferFrom(address from, address to, uint256 value) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
    })";

TEST(System, DeploysWhatAConstructorNeedsBefore) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Front { Back back; constructor(Back b) { back = b; } function ask() external view returns (uint256) { return back.n(); } }
        contract Back { uint256 public n = 7; })"));
    const World& world = roots.front().world;
    EXPECT_EQ(names_of(world), "Back Front");
    World copy = world;
    EXPECT_EQ(copy.state().load(world.contracts()[1].address, Word{}), vm::to_word(world.contracts()[0].address));
}

TEST(System, GivesAConstructorWhatItComparedItsGuessesWith) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Seeded { uint256 cap; uint256 floor; constructor(uint256 c, uint256 f) payable {
            require(msg.value == 3 ether && c > 70 ether && c < 80 ether && f == c / 2 + 1); cap = c; floor = f; } })"));
    World world = roots.front().world;
    ASSERT_EQ(names_of(world), "Seeded");
    const Address seeded = world.contracts()[0].address;
    EXPECT_EQ(world.state().balance(seeded), Word{3} * chain::ether);
    EXPECT_EQ(world.state().load(seeded, Word{1}), world.state().load(seeded, Word{}) / Word{2} + Word{1});
}

TEST(System, GivesAConstructorListsAsLongAsItAsksFor) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Shares {
            address[40] public holders;
            constructor(address[] memory all) {
                require(all.length == 40);
                for (uint256 i = 0; i < 40; i++) { require(all[i] != address(0)); holders[i] = all[i]; }
            }
        })"));
    ASSERT_FALSE(roots.empty());
    EXPECT_EQ(names_of(roots.front().world), "Shares");
}

TEST(System, KnowsThatWhatIsListedFirstIsAToken) {
    const auto compilation = compiled("c.ilk", std::string(token_interface) + R"(
        contract Vault {
            mapping(address => uint256) prices;
            mapping(address => mapping(address => uint256)) held;
            mapping(address => bool) members;
            function list(address token, uint256 price) external { prices[token] = price; }
            function admit(address who) external { members[who] = true; }
            function put(address token, uint256 v) external {
                require(prices[token] > 0 && members[msg.sender]);
                held[msg.sender][token] += v;
                require(IERC20(token).transferFrom(msg.sender, address(this), v));
            }
        })");
    const lang::ir::Contract& vault = *compilation->find("Vault")->ir;
    const auto role_in = [&](const std::string& name) {
        const auto function = std::ranges::find(vault.functions, name, &lang::ir::Function::name);
        return role_of_parameter(*compilation, vault, *function, 0);
    };
    ASSERT_NE(role_in("list"), nullptr);
    EXPECT_EQ(role_in("list")->name, "IERC20");
    EXPECT_EQ(role_in("admit"), nullptr);
}

TEST(System, KnowsWhatIsCalledWhereItIsKept) {
    const auto compilation = compiled("c.ilk", R"(
        interface IMarket { function left(address who) external view returns (uint256); }
        contract Book {
            address[] markets; address[] members;
            mapping(uint256 => address) numbered; mapping(uint256 => address) owners; uint256 n;
            function add(address market) external { markets.push(market); }
            function number(address market) external { numbered[n++] = market; }
            function join(address member) external { members.push(member); }
            function own(address owner) external { owners[n++] = owner; }
            function all(address who) external view returns (uint256 sum) {
                for (uint256 i = 0; i < markets.length; i++) { address one = markets[i]; sum += IMarket(one).left(who); }
            }
            function one(uint256 i, address who) external view returns (uint256) { return IMarket(numbered[i]).left(who); }
        })");
    const lang::ir::Contract& book = *compilation->find("Book")->ir;
    const auto role_in = [&](const std::string& name) {
        const auto function = std::ranges::find(book.functions, name, &lang::ir::Function::name);
        return role_of_parameter(*compilation, book, *function, 0);
    };
    for (const char* name : {"add", "number"}) {
        ASSERT_NE(role_in(name), nullptr) << name;
        EXPECT_EQ(role_in(name)->name, "IMarket");
    }
    EXPECT_EQ(role_in("join"), nullptr);
    EXPECT_EQ(role_in("own"), nullptr);
}

TEST(System, LinksContractsByTheirSetters) {
    World world = systems_of(compiled("c.ilk", R"(
        contract Front { address back; function setBack(address b) external { require(back == address(0)); back = b; }
                         function ask() external view returns (uint256) { return Back(back).n(); } }
        contract Back { uint256 public n = 7; })"))
                      .front()
                      .world;
    const Address front = *world.address_of("Front");
    EXPECT_EQ(world.state().load(front, Word{}), vm::to_word(*world.address_of("Back")));
}

TEST(System, GivesATokenToAContractThatTakesOne) {
    const auto roots = systems_of(compiled("c.ilk", std::string(token_interface) + R"(
        contract Locker { IERC20 token; constructor(IERC20 t) { token = t; }
                          function put(uint256 v) external { token.transferFrom(msg.sender, address(this), v); } })"));
    EXPECT_EQ(names_of(roots[0].world), "Token Locker");
    EXPECT_EQ(names_of(roots[1].world), "HookToken Locker");
    World world = roots[0].world;
    const Purse purse(world);
    ASSERT_EQ(purse.assets().size(), 2u);
    EXPECT_FALSE(purse.of_attacker(world)[1].is_zero());
}

TEST(System, KnowsContractsThatOthersCreate) {
    const auto roots = systems_of(compiled("c.ilk", R"(
        contract Part { uint256 public n = 1; }
        contract Whole { Part public part = new Part(); })"));
    EXPECT_EQ(names_of(roots.front().world), "Whole Part");
}

TEST(System, LeavesASuccessorForLater) {
    // A setter that ends all payments is no link without which nothing goes.
    EXPECT_TRUE(checked(R"(
        contract Next { address immutable before; mapping(address => uint256) b; constructor(address o) { before = o; }
            function take(address who) external payable { require(msg.sender == before); b[who] += msg.value; } }
        contract Old { mapping(address => uint256) b; Next next; address owner = msg.sender; bool ended;
            function put() external payable { require(!ended); b[msg.sender] += msg.value; }
            function end(Next n) external { require(msg.sender == owner); next = n; ended = true; }
            function withdraw() external { uint256 a = b[msg.sender]; (bool ok, ) = msg.sender.call{value: a}("");
                require(ok); b[msg.sender] = 0; }
            function move() external { require(ended); uint256 a = b[msg.sender]; b[msg.sender] = 0;
                next.take{value: a}(msg.sender); } })")
                    .has_exploit());
}

TEST(System, IsBuiltAgainFromItsRecipe) {
    const auto compilation = compiled("c.ilk", std::string(token_interface) + R"(
        contract Locker { IERC20 token; constructor(IERC20 t) { token = t; }
                          function put(uint256 v) external { token.transferFrom(msg.sender, address(this), v); } })");
    World world = systems_of(compilation).front().world;
    auto again = World::build(compilation, world.recipe());
    ASSERT_TRUE(std::holds_alternative<World>(again)) << std::get<std::string>(again);
    EXPECT_EQ(std::get<World>(again).state().root(), world.state().root());
}

// The interface of the cheatcodes, and a bank that pays out only what its keeper has released.
constexpr std::string_view kept_bank = R"(
    interface Vm { function prank(address) external; function deal(address, uint256) external; function warp(uint256) external; }
    contract Kept {
        address keeper; uint256 public opened; mapping(address => uint256) public balances; bytes32 immutable word;
        constructor(address k, bytes32 w) { require(k == address(0xbeef)); keeper = k; word = w; }
        function open(bytes32 w) external { require(msg.sender == keeper && w == word); opened = block.timestamp; }
        function deposit() external payable { balances[msg.sender] += msg.value; }
        function withdraw(uint256 amount) external {
            require(opened != 0 && balances[msg.sender] >= amount);
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
            unchecked { balances[msg.sender] -= amount; }
        }
    })";
constexpr std::string_view kept_test = R"(
    contract KeptTest {
        Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
        Kept kept;
        function setUp() public {
            address keeper = address(0xbeef);
            kept = new Kept(keeper, keccak256("secret"));
            vm.prank(keeper);
            kept.open(keccak256("secret"));
            vm.deal(address(0xcafe), 5 ether);
            vm.prank(address(0xcafe));
            kept.deposit{value: 5 ether}();
        }
        function testNothing() public {}
    })";

TEST(System, IsWhatSetUpMakes) {
    const auto roots = systems_of(compiled("c.ilk", std::string(kept_bank) + std::string(kept_test)));
    World world = roots.front().world;
    EXPECT_EQ(names_of(world), "Kept");
    EXPECT_EQ(world.state().balance(world.contracts()[0].address), vm::Word{5} * chain::ether);
    auto again = World::build(world.shared_compilation(), world.recipe());
    ASSERT_TRUE(std::holds_alternative<World>(again)) << std::get<std::string>(again);
    EXPECT_EQ(std::get<World>(again).state().root(), world.state().root());
}

TEST(System, OfSetUpIsAttackedWhereNothingElseReaches) {
    EXPECT_FALSE(checked(std::string(kept_bank), 1).has_exploit());
    const Report report = checked(std::string(kept_bank) + std::string(kept_test));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(report.unconfirmed.empty()) << report.unconfirmed;
    for (const PropertyVerdict& each : report.verdicts) EXPECT_EQ(each.contract, "Kept");
    const Replay again = replay(to_json(report.attacks.front()));
    EXPECT_TRUE(again.repeats) << (again.differences.empty() ? "" : again.differences.front());
}

TEST(System, SaysWhySetUpFails) {
    const Report report = checked(
        "contract A { uint256 n; function f() external { uint256 at = n; (bool ok, ) = msg.sender.call(\"\"); "
        "require(ok); n = at + 1; } } contract T { function setUp() public { new A(); revert(); } }");
    ASSERT_EQ(report.verdicts.size(), 1u);
    std::string reasons;
    for (const std::string& each : report.verdicts[0].reasons) reasons += each + "\n";
    EXPECT_NE(reasons.find("`T` cannot set the system up: its setUp() ended with"), std::string::npos) << reasons;
}

constexpr std::string_view vault_and_proxy = R"(
    contract Proxy {
        address implementation; address admin;
        constructor(address i, address a) { implementation = i; admin = a; }
        fallback() external payable {
            address i = implementation;
            assembly {
                calldatacopy(0, 0, calldatasize())
                let ok := delegatecall(gas(), i, 0, calldatasize(), 0, 0)
                returndatacopy(0, 0, returndatasize())
                switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
            }
        }
    }
    contract Vault {
        address unused; address unused2; bool isOpen; mapping(address => uint256) public balances;
        constructor() { unused = address(1); }
        modifier throughProxy() { require(unused != address(1), "not here"); _; }
        function deposit() external payable throughProxy { balances[msg.sender] += msg.value; }
        function withdraw() external throughProxy {
            (bool ok, ) = msg.sender.call{value: balances[msg.sender]}("");
            require(ok);
            balances[msg.sender] = 0;
        }
    })";

TEST(System, CallsAnImplementationThroughItsProxy) {
    const auto compilation = compiled("c.ilk", std::string(vault_and_proxy));
    EXPECT_EQ(names_of(systems_of(compilation).front().world), "Vault Proxy ProxyAsVault");
    const Report report = checked(std::string(vault_and_proxy));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(report.unconfirmed.empty()) << report.unconfirmed;
    const Replay again = replay(to_json(report.attacks.front()));
    EXPECT_TRUE(again.repeats) << (again.differences.empty() ? "" : again.differences.front());
}

TEST(System, KnowsTheClonesOfAFactory) {
    const auto compilation = compiled("c.ilk", R"(
        contract Original { uint256 public n; function set(uint256 m) external { n = m; } }
        contract Factory {
            address public clone;
            constructor(Original original) {
                address made;
                assembly {
                    mstore(0, or(shl(96, 0x3d602d80600a3d3981f3363d3d373d3d3d363d73), 0))
                    mstore(20, shl(96, original))
                    mstore(40, shl(136, 0x5af43d82803e903d91602b57fd5bf3))
                    made := create(0, 0, 55)
                }
                require(made != address(0));
                clone = made;
            }
        })");
    EXPECT_EQ(names_of(systems_of(compilation).front().world), "Original Factory Original2");
}

TEST(System, SaysWhatCannotBeDeployed) {
    const Report report = checked(
        "contract Never { constructor() { revert(); } uint256 n; function f() external { uint256 at = n; "
        "(bool ok, ) = msg.sender.call(\"\"); require(ok); n = at + 1; } }");
    ASSERT_EQ(report.verdicts.size(), 1u);
    EXPECT_EQ(report.verdicts[0].id, finding_id::not_searched);
}

TEST(System, LeavesOutWhatMattersToNobody) {
    const std::string bank = R"(
        contract Bank {
            mapping(address => uint256) due;
            function put() external payable { due[msg.sender] += msg.value; }
            function take() external {
                (bool ok, ) = msg.sender.call{value: due[msg.sender]}("");
                require(ok);
                due[msg.sender] = 0;
            }
        })";
    const auto left_out = [&](const std::string& other) { return checked(bank + other, 3).left_out; };
    const std::vector<std::string> alone{"Notes"};
    EXPECT_EQ(left_out("contract Notes { uint256 n; function add() external { n += 1; } }"), alone);
    EXPECT_TRUE(left_out("contract Notes { uint256 n; function add() external payable { n += 1; } }").empty());
    EXPECT_TRUE(
        left_out("contract Notes { uint256 n; function add() external { n += 1; msg.sender.call(\"\"); } }").empty());
    EXPECT_TRUE(left_out("contract Notes { uint256 n; invariant n < 5; function add() external { n += 1; } }").empty());
    EXPECT_TRUE(left_out("contract Notes { uint256 public n; function add() external { n += 1; } }"
                         "contract Reader { Notes notes; uint256 seen; function look() external { seen = notes.n(); } }")
                    .empty());
    EXPECT_TRUE(left_out("contract Notes { uint256 public n; function add() external { n += 1; } }"
                         "contract Any { function go(address a, bytes memory data) external { a.call(data); } }")
                    .empty());
}

TEST(System, DoesNotCallSearchedWhatIsNotPartOfIt) {
    const Report report = checked(R"(
        abstract contract Late { uint256 n; function f() external { uint256 at = n; (bool ok, ) = msg.sender.call("");
                                                                    require(ok); n = at + 1; } }
        contract Never is Late { constructor() { revert(); } }
        contract Plain is Late { function g() external { n = 1; } })",
                                  3);
    ASSERT_EQ(report.verdicts.size(), 2u);
    EXPECT_EQ(report.verdicts[0].id, finding_id::not_searched);
    EXPECT_NE(report.verdicts[0].reasons.back().find("could not be deployed"), std::string::npos);
    EXPECT_EQ(report.verdicts[1].id, finding_id::nothing_to_prove);
}

// The first theft does not end the search for another one elsewhere.
TEST(Attacks, OnEachOfTwoContractsThatHaveNothingToDoWithEachOther) {
    const std::string bank = R"(
        contract NAME {
            mapping(address => uint256) due;
            function put() external payable { due[msg.sender] += msg.value; }
            function take() external {
                (bool ok, ) = msg.sender.call{value: due[msg.sender]}("");
                require(ok);
                due[msg.sender] = 0;
            }
        })";
    const auto called = [&](const std::string& name) { return std::string(bank).replace(bank.find("NAME"), 4, name); };
    const Report report = checked(called("First") + called("Second"), 5);
    ASSERT_EQ(report.verdicts.size(), 2u);
    for (const PropertyVerdict& verdict : report.verdicts) EXPECT_EQ(verdict.verdict, Verdict::Exploit) << verdict.contract;
}

TEST(Attacks, ThroughAnAccompliceWhoTakesWhatTheCallbackMoved) {
    const Report report = checked(R"(
        contract Bank {
            mapping(address => uint256) balances;
            bool busy;
            function deposit() external payable { balances[msg.sender] += msg.value; }
            function move(address to, uint256 amount) external { balances[msg.sender] -= amount; balances[to] += amount; }
            function withdraw() external {
                require(!busy);
                busy = true;
                (bool ok, ) = msg.sender.call{value: balances[msg.sender]}("");
                require(ok);
                balances[msg.sender] = 0;
                busy = false;
            }
        })");
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

TEST(Attacks, WithTokensThatCallTheirHoldersBack) {
    const std::string source = std::string(token_interface) + R"(
        contract Locker {
            IERC20 token;
            mapping(address => uint256) held;
            constructor(IERC20 t) { token = t; }
            function put(uint256 v) external { require(token.transferFrom(msg.sender, address(this), v)); held[msg.sender] += v; }
            function take() external { LATE }
        })";
    const auto with = [&](const std::string& body) { return std::string(source).replace(source.find("LATE"), 4, body); };
    const Report late =
        checked(with("uint256 v = held[msg.sender]; require(token.transfer(msg.sender, v)); held[msg.sender] = 0;"));
    ASSERT_TRUE(late.has_exploit());
    EXPECT_TRUE(late.attacks.front().gain.is_zero());
    EXPECT_TRUE(late.attacks.front().has_gain());
    EXPECT_FALSE(
        checked(with("uint256 v = held[msg.sender]; held[msg.sender] = 0; require(token.transfer(msg.sender, v));"), 3)
            .has_exploit());
}

TEST(Attacks, WithANumberThatOnlyAComparisonNames) {
    const Report report = checked(R"(
        contract Shop {
            mapping(address => bool) paid;
            function buy(uint256 code) external payable { require(msg.value == 77777 && code == 4242); paid[msg.sender] = true; }
            function refund() external {
                require(paid[msg.sender]);
                (bool ok, ) = msg.sender.call{value: 77777}("");
                require(ok);
                paid[msg.sender] = false;
            }
        })");
    EXPECT_TRUE(report.has_exploit());
}

TEST(Attacks, WithAnAnswerThatTheCodeExpects) {
    const Report report = checked(R"(
        interface IGuest { function word() external returns (bytes32); }
        contract Host {
            mapping(address => bool) served;
            constructor() payable {}
            function gift() external {
                require(!served[msg.sender]);
                require(IGuest(msg.sender).word() == keccak256("please"));
                served[msg.sender] = true;
                payable(msg.sender).transfer(1 ether);
            }
        })");
    EXPECT_TRUE(report.has_exploit());
}

TEST(Attacks, AfterTimeHasPassed) {
    const Report report = checked(R"(
        contract Lock {
            mapping(address => uint256) held;
            mapping(address => uint256) until;
            function put() external payable { held[msg.sender] += msg.value; until[msg.sender] = block.timestamp + 30 days; }
            function take() external {
                require(block.timestamp >= until[msg.sender]);
                (bool ok, ) = msg.sender.call{value: held[msg.sender]}("");
                require(ok);
                held[msg.sender] = 0;
            }
        })");
    ASSERT_TRUE(report.has_exploit());
    const auto& transactions = report.attacks.front().script.transactions;
    EXPECT_TRUE(std::ranges::any_of(transactions, [](const auto& tx) { return tx.wait.seconds >= 30 * 86'400; }));
}

TEST(Attacks, OnListsOfRecipients) {
    const Report report = checked(R"(
        contract Payroll {
            mapping(address => uint256) due;
            function put() external payable { due[msg.sender] += msg.value; }
            function pay(address[] calldata to) external {
                for (uint256 i; i < to.length; ++i) {
                    (bool ok, ) = to[i].call{value: due[to[i]]}("");
                    require(ok);
                    due[to[i]] = 0;
                }
            }
        })");
    EXPECT_TRUE(report.has_exploit());
}

TEST(Attacks, AreNoneWhereAFreeTokenIsOnlyGivenAway) {
    const Report report = checked(R"(
        interface IHook { function hook() external; }
        contract Token {
            mapping(address => uint256) public balanceOf;
            function faucet(address to) external { balanceOf[to] += 10; }
            mapping(address => mapping(address => uint256)) public allowance;
            function approve(address to, uint256 v) external { allowance[msg.sender][to] = v; }
            function transferFrom(address from, address to, uint256 v) external {
                require(allowance[from][msg.sender] >= v);
                if (from.code.length > 0) try IHook(from).hook() {} catch {}
                balanceOf[from] -= v;
                balanceOf[to] += v;
            }
            function transfer(address to, uint256 v) external { balanceOf[msg.sender] -= v; balanceOf[to] += v; }
        }
        contract Vault {
            Token public token = new Token();
            mapping(address => uint256) held;
            bool busy;
            function put(uint256 v) external {
                require(!busy);
                busy = true;
                uint256 before = token.balanceOf(address(this));
                token.transferFrom(msg.sender, address(this), v);
                held[msg.sender] += token.balanceOf(address(this)) - before;
                busy = false;
            }
            function take(uint256 v) external { require(!busy); held[msg.sender] -= v; token.transfer(msg.sender, v); }
        })",
                                  5);
    EXPECT_FALSE(report.has_exploit());
}

// What shares are made of can only be moved: that is nobody's token.
TEST(System, ABaseOfTokensStandsForNoToken) {
    const std::string token = std::string(token_interface) + R"(
        contract Shares {
            mapping(address => uint256) public balanceOf;
            function transfer(address to, uint256 amount) external returns (bool) { move(msg.sender, to, amount); return true; }
            function transferFrom(address from, address to, uint256 amount) external returns (bool) {
                move(from, to, amount);
                return true;
            }
            function move(address from, address to, uint256 amount) internal { balanceOf[from] -= amount; balanceOf[to] += amount; }
            MORE
        }
        contract Vault is Shares {
            IERC20 immutable asset;
            constructor(IERC20 a) { asset = a; }
            function enter(uint256 amount) external { asset.transferFrom(msg.sender, address(this), amount); balanceOf[msg.sender] += amount; }
        })";
    const auto system = [&](const std::string& more) {
        std::string source = token;
        source.replace(source.find("MORE"), 4, more);
        return names_of(systems_of(compiled("c.ilk", source)).front().world);
    };
    EXPECT_EQ(system(""), "Token Vault");
    EXPECT_EQ(system("function mint() external { balanceOf[msg.sender] += 1 ether; }"), "Shares Vault");
}

// Whom the code calls at an address that is written out is known though nobody can call that far yet.
TEST(System, PutsTokensWhereClosedCodeCallsThem) {
    const auto system = [](const std::string& members, const std::string& asked) {
        return names_of(systems_of(compiled("c.ilk", R"(
            interface INft { function balanceOf(address who) external view returns (uint256);
                             function ownerOf(uint256 id) external view returns (address); }
            contract Claims {
                address immutable owner = msg.sender;
                bool isClosed = true;
                mapping(address => bool) public claimed;
                )" + members + R"(
                function open() external { require(msg.sender == owner); isClosed = false; }
                function claim() external { require(!isClosed && !claimed[msg.sender]); require()" +
                                                         asked +
                                                         R"(.balanceOf(msg.sender) > 0); claimed[msg.sender] = true; }
            })"))
                            .front()
                            .world);
    };
    const std::string address = "0x1CB1A5e65610AEFF2551A50f76a87a7d3fB649C6";
    EXPECT_EQ(system("INft constant nft = INft(" + address + ");", "nft"), "Claims Collectible");
    EXPECT_EQ(system("INft immutable nft = INft(" + address + ");", "nft"), "Claims Collectible");
    EXPECT_EQ(system("uint8 x; INft nft = INft(" + address + ");", "nft"), "Claims Collectible");
    EXPECT_EQ(system("address[] list; constructor() { list.push(" + address + "); }", "INft(list[0])"),
              "Claims Collectible");
    EXPECT_EQ(system("mapping(uint256 => address) list; constructor() { list[7] = " + address + "; }", "INft(list[7])"),
              "Claims Collectible");
    EXPECT_EQ(system("address other = " + address + "; INft nft;", "nft"), "Claims");
}

// The address of a token is only seen where call data are sent to it that another function made.
TEST(System, HasTokensThatAreCalledWithEncodedData) {
    EXPECT_EQ(names_of(systems_of(compiled("c.ilk", R"(
        interface IERC20 { function transferFrom(address from, address to, uint256 amount) external returns (bool); }
        contract Box {
            mapping(address => uint256) put;
            function pull(address token, uint256 amount) external {
                send(token, abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
                put[token] += amount;
            }
            function send(address token, bytes memory data) private { (bool ok, ) = token.call(data); require(ok); }
        })"))
                           .front()
                           .world),
              "Box Token");
}

TEST(System, GivesAConstructorAsManyTokensAsItTakes) {
    EXPECT_EQ(names_of(systems_of(compiled("c.ilk", std::string(token_interface) + R"(
        contract Three {
            IERC20 a; IERC20 b; IERC20 c;
            constructor(IERC20 x, IERC20 y, IERC20 z) { require(x != y && y != z && x != z); a = x; b = y; c = z; }
            function f() external { a.transfer(msg.sender, 1); b.transfer(msg.sender, 1); c.transfer(msg.sender, 1); }
        })"))
                           .front()
                           .world),
              "Token Token2 Token3 Three");
}

// Only the owner clones, and for somebody, with a small number.
TEST(System, CallsWhatOnlyTheOwnerClones) {
    expect_attack(R"(
        contract Till {
            address operator; uint256 feeBps; mapping(address => uint256) saved;
            function open(address operator_, uint256 fee) external {
                require(operator == address(0)); operator = operator_; feeBps = fee;
            }
            function save() external payable { require(operator != address(0)); saved[msg.sender] += msg.value; }
            function take() external {
                uint256 amount = saved[msg.sender];
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                saved[msg.sender] = 0;
            }
        }
        contract Tills {
            address immutable code; address immutable owner = msg.sender; mapping(address => bool) isTill;
            constructor() { Till till = new Till(); till.open(address(1), 0); code = address(till); }
            function add(address operator, uint256 feeBps) external returns (address till) {
                require(msg.sender == owner && feeBps > 0 && feeBps <= 1000);
                bytes memory made = abi.encodePacked(hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", code,
                                                     hex"5af43d82803e903d91602b57fd5bf3");
                assembly { till := create(0, add(made, 32), mload(made)) }
                require(till != address(0));
                Till(till).open(operator, feeBps);
                isTill[till] = true;
            }
        })");
}

// What stands in place of a constructor is called when the proxy is made, with a module to pay through.
TEST(System, InitialisesWhatIsBehindAProxy) {
    const auto bank = [](const std::string& before, const std::string& after) {
        return R"(
            contract Paying {
                function pay(address to, uint256 amount) external { (bool ok, ) = to.call{value: amount}(""); require(ok); }
            }
            contract Bank {
                bool ready; address keeper; address paying; mapping(address => uint256) saved;
                constructor() { ready = true; }
                function initialize(address keeper_, address paying_) external {
                    require(!ready && keeper_ != address(0)); ready = true; keeper = keeper_; paying = paying_;
                }
                function save() external payable { require(keeper != address(0)); saved[msg.sender] += msg.value; }
                function take() external {
                    uint256 amount = saved[msg.sender];
                    )" +
               before + R"(
                    (bool ok, ) = paying.delegatecall(abi.encodeCall(Paying.pay, (msg.sender, amount)));
                    require(ok);
                    )" +
               after + R"(
                }
            }
            contract Proxy {
                constructor(address code, bytes memory call) {
                    assembly { sstore(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc, code) }
                    (bool ok, ) = code.delegatecall(call);
                    require(ok && call.length >= 4);
                }
                fallback() external payable {
                    assembly {
                        let code := sload(0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc)
                        calldatacopy(0, 0, calldatasize())
                        let ok := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
                        returndatacopy(0, 0, returndatasize())
                        if iszero(ok) { revert(0, returndatasize()) }
                        return(0, returndatasize())
                    }
                }
            })";
    };
    expect_attack(bank("", "saved[msg.sender] = 0;"));
    expect_none(bank("saved[msg.sender] = 0;", ""));
}

// Shares under names of their own are let through to whom they were allowed, as those of everybody are.
TEST(System, AllowsWhatHasAnyName) {
    const World world = std::get<std::vector<Root>>(infer_systems(compiled("c.ilk", R"(
        contract Pool {
            mapping(address => uint256) parts; mapping(address => mapping(address => uint256)) lent;
            mapping(address => uint256) limit;
            function join() external payable { parts[msg.sender] += msg.value; }
            function lend(address to, uint256 n) external { lent[msg.sender][to] = n; }
            function bound(address to, uint256 n) external { limit[to] = n; }
            function shift(address from, address to, uint256 n) external {
                if (from != msg.sender) lent[from][msg.sender] -= n;
                parts[from] -= n; parts[to] += n;
            }
        }
        contract Desk { Pool immutable pool; constructor(Pool p) { pool = p; }
            function pledge(uint256 n) external { pool.shift(msg.sender, address(this), n); } })"),
                                                                  {}, Deadline()))
                            .front()
                            .world;
    EXPECT_EQ(std::ranges::count(world.recipe().attacker, std::string("Pool"), &Preparation::to), 1);
}

// Who comes first is paid while there is enough for all.
TEST(System, PutsHerFirstOfSeveralPayees) {
    const auto dues = [](const std::string& before, const std::string& after) {
        return R"(
            contract Dues {
                address[] people; uint256[] weights; uint256 whole; mapping(address => uint256) due;
                constructor(address[] memory people_, uint256[] memory weights_) {
                    require(people_.length == weights_.length);
                    for (uint256 i; i < weights_.length; i++) whole += weights_[i];
                    people = people_; weights = weights_;
                }
                receive() external payable {
                    for (uint256 i; i < people.length; i++) due[people[i]] += msg.value * weights[i] / whole;
                }
                function pay() external {
                    for (uint256 i; i < people.length; i++) {
                        uint256 amount = due[people[i]];
                        )" +
               before + R"(
                        people[i].call{value: amount}("");
                        )" +
               after + R"(
                    }
                }
            })";
    };
    expect_attack(dues("", "due[people[i]] = 0;"));
    expect_none(dues("due[people[i]] = 0;", ""));
}

// One module for what the hub does not know, and another one for some functions.
TEST(System, CallsAllModulesOfAHub) {
    const auto hub = [](const std::string& lock) {
        return R"(
            abstract contract Books { uint256 busy; mapping(address => uint256) held; }
            contract Cash is Books {
                function put() external payable { held[msg.sender] += msg.value; }
                function take() external {
                    require(busy == 0);
                    busy = 1;
                    (bool ok, ) = msg.sender.call{value: held[msg.sender]}("");
                    require(ok);
                    held[msg.sender] = 0;
                    busy = 0;
                }
            }
            contract Moves is Books {
                function move(address to, uint256 amount) external { )" +
               lock + R"( held[msg.sender] -= amount; held[to] += amount; }
            }
            contract Hub is Books {
                Cash cash = new Cash(); Moves moves = new Moves();
                fallback() external payable {
                    address code = msg.sig == Moves.move.selector ? address(moves) : address(cash);
                    assembly {
                        calldatacopy(0, 0, calldatasize())
                        let ok := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
                        returndatacopy(0, 0, returndatasize())
                        switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
                    }
                }
            })";
    };
    expect_attack(hub(""));
    expect_none(hub("require(busy == 0);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
