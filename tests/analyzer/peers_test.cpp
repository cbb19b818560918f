// Peers: what stands at an address that a contract calls, where only running it tells what it expects there.
#include "analyzer/bytecode/assemble.hpp"
#include "check_fixture.hpp"
#include "lang/output/abi_json.hpp"

namespace interlock::analyzer::tests {
namespace {

// The contracts of a source as bytecode with ABIs.
std::shared_ptr<const lang::Compilation> as_bytecode(const std::string& source) {
    const auto compilation = compiled("c.ilk", source);
    std::vector<lang::Bytecode> list;
    for (const lang::Artifact& artifact : compilation->artifacts)
        list.push_back({artifact.name, artifact.name + ".bin", artifact.creation_code, lang::abi::to_json(*artifact.ir)});
    auto made = assemble(std::move(list), nullptr, vm::default_fork);
    if (const auto* why = std::get_if<std::string>(&made)) throw std::runtime_error(*why);
    return std::get<Assembly>(made).compilation;
}

// Returns whether `holder` has the address of `peer` in a slot.
bool knows(World world, const std::string& holder, std::uint64_t slot, const std::string& peer) {
    return world.state().load(*world.address_of(holder), vm::Word{slot}) == vm::to_word(*world.address_of(peer));
}

constexpr std::string_view logged_bank = R"ilk(
    contract Bank {
        address log;
        mapping(address => uint256) balances;
        constructor(address owner, address l) { balances[owner] = 0; log = l; }
        function put() external payable {
            if (msg.value > 1 ether) { balances[msg.sender] += msg.value; Log(log).add(msg.sender, msg.value); }
        }
        function take(uint256 v) external {
            require(balances[msg.sender] >= v);
            (bool ok, ) = msg.sender.call{value: v}("");
            require(ok);
            unchecked { balances[msg.sender] -= v; }
            Log(log).add(msg.sender, v);
        }
    }
    contract Log { uint256 public n; mapping(uint256 => address) who; function add(address a, uint256) external { who[n++] = a; } })ilk";

TEST(Peers, OfBytecodeAreKnownByWhatTheyAreAsked) {
    const auto roots = systems_of(as_bytecode(std::string(logged_bank)));
    EXPECT_TRUE(knows(roots.front().world, "Bank", 0, "Log"));
}

TEST(Peers, OfBytecodeAreLinkedBySetters) {
    const auto roots = systems_of(as_bytecode(R"(
        contract Front { address owner = msg.sender; address back;
                         function setBack(address b) external { require(msg.sender == owner); back = b; }
                         function ask() external returns (uint256) { return Back(back).next(); } }
        contract Back { uint256 public n = 7; function next() external returns (uint256) { return ++n; } })"));
    EXPECT_TRUE(knows(roots.front().world, "Front", 1, "Back"));
}

TEST(Peers, ThatSourceCallsBySelectorsAreFound) {
    const auto roots = systems_of(compiled("c.ilk", R"ilk(
        contract Reader {
            address source;
            uint256 public last;
            constructor(address s) { source = s; }
            function read() external {
                (bool ok, bytes memory data) = source.staticcall(abi.encodeWithSignature("value(address)", msg.sender));
                require(ok);
                last = abi.decode(data, (uint256));
            }
        }
        contract Source { function value(address) external view returns (uint256) { return block.number; } })ilk"));
    EXPECT_TRUE(knows(roots.front().world, "Reader", 0, "Source"));
}

TEST(Peers, WithRightsAreThoseWhoKnowTheContract) {
    const auto roots = systems_of(compiled("c.ilk", R"ilk(
        contract Book {
            address owner = msg.sender;
            address teller;
            mapping(address => uint256) entries;
            function setTeller(address t) external { require(msg.sender == owner); teller = t; }
            function enter(address a, uint256 v) external { require(msg.sender == teller); entries[a] += v; }
        }
        contract Teller {
            Book book;
            constructor(Book b) { book = b; }
            function pay() external payable { book.enter(msg.sender, msg.value); }
        })ilk"));
    EXPECT_TRUE(knows(roots.front().world, "Book", 1, "Teller"));
}

TEST(Peers, StandWhereTheCodeSays) {
    const std::string source = R"ilk(
        contract Bank {
            Log constant log = Log(0x0486cF65A2F2F3A392CBEa398AFB7F5f0B72FF46);
            mapping(address => uint256) balances;
            function put() external payable {
                balances[msg.sender] += msg.value;
                log.add(msg.sender, msg.value);
            }
            function take(uint256 v) external {
                require(balances[msg.sender] >= v);
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
                unchecked { balances[msg.sender] -= v; }
            }
        }
        contract Log {
            uint256 public n;
            mapping(uint256 => address) who;
            constructor() { n = 7; }
            function add(address a, uint256) external { who[n++] = a; }
        })ilk";
    World world = systems_of(compiled("c.ilk", source)).front().world;
    const Address log = *world.address_of("Log");
    EXPECT_EQ(log, vm::to_address(*vm::parse_word("0x0486cF65A2F2F3A392CBEa398AFB7F5f0B72FF46")));
    EXPECT_EQ(world.state().load(log, vm::Word{}), vm::Word{7});
    const Report report = checked(source);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
}

TEST(Peers, MayBeTokensWhoseAddressIsWrittenOut) {
    const Report report = checked(R"ilk(
        interface IERC20 {
            function transfer(address to, uint256 value) external returns (bool);
            function transferFrom(address from, address to, uint256 value) external returns (bool);
        }
        contract Locker {
            IERC20 constant coin = IERC20(0xBA62BCfcAaFc6622853cca2BE6Ac7d845BC0f2Dc);
            mapping(address => uint256) held;
            function put(uint256 v) external {
                coin.transferFrom(msg.sender, address(this), v);
                held[msg.sender] += v;
            }
            function take() external {
                coin.transfer(msg.sender, held[msg.sender]);
                held[msg.sender] = 0;
            }
        })ilk");
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

TEST(Peers, ThatAreToldOfTokensArePaidWithThem) {
    const Report report = checked(R"ilk(
        interface IReceiver { function tokenFallback(address from, uint256 value, bytes calldata data) external; }
        contract Coin {
            mapping(address => uint256) public balanceOf;
            constructor() { balanceOf[msg.sender] = 1000 ether; }
            function transfer(address to, uint256 value) external returns (bool) {
                balanceOf[msg.sender] -= value;
                balanceOf[to] += value;
                if (to.code.length != 0) IReceiver(to).tokenFallback(msg.sender, value, "");
                return true;
            }
        }
        contract Till {
            Coin coin;
            mapping(address => uint256) held;
            constructor(Coin c) { coin = c; }
            function tokenFallback(address from, uint256 value, bytes calldata) external {
                require(msg.sender == address(coin));
                held[from] += value;
            }
            function take() external {
                coin.transfer(msg.sender, held[msg.sender]);
                held[msg.sender] = 0;
            }
        })ilk");
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

// The theft needs a due of somebody else, who has sold a collectible before.
TEST(Peers, HaveCollectiblesWithNumbersThatAreTried) {
    const Report report = checked(R"ilk(
        interface IERC721 {
            function transferFrom(address from, address to, uint256 id) external;
            function ownerOf(uint256 id) external view returns (address);
        }
        contract Market {
            IERC721 nft;
            mapping(uint256 => address) seller;
            mapping(uint256 => uint256) price;
            mapping(address => uint256) due;
            constructor(IERC721 n) { nft = n; }
            function sell(uint256 id, uint256 p) external {
                require(nft.ownerOf(id) == msg.sender);
                nft.transferFrom(msg.sender, address(this), id);
                seller[id] = msg.sender;
                price[id] = p;
            }
            function buy(uint256 id) external payable {
                require(seller[id] != address(0) && msg.value == price[id]);
                due[seller[id]] += msg.value;
                delete seller[id];
                nft.transferFrom(address(this), msg.sender, id);
            }
            function collect() external {
                uint256 v = due[msg.sender];
                (bool ok, ) = msg.sender.call{value: v}("");
                require(ok);
                due[msg.sender] = 0;
            }
        })ilk");
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

// A bank whose functions are modules behind a router, each with the guard.
std::string routed_bank(const std::string& guard_of_taking, const std::string& guard_of_sending) {
    const auto module = [](const std::string& name, const std::string& guard, const std::string& body) {
        return "contract " + name + " { struct Bank { mapping(address => uint256) has; uint256 lock; uint256 other; " +
               "mapping(bytes4 => address) module; } function bank() internal pure returns (Bank storage b) { assembly { " +
               "b.slot := 7777 } } modifier guarded() { require(bank()." + guard + " == 0); bank()." + guard +
               " = 1; _; bank()." + guard + " = 0; } " + body + "}\n";
    };
    return module("Cash", guard_of_taking, R"(
               function put() external payable guarded { bank().has[msg.sender] += msg.value; }
               function take() external guarded {
                   (bool ok, ) = msg.sender.call{value: bank().has[msg.sender]}(""); require(ok);
                   bank().has[msg.sender] = 0;
               })") +
           module("Wire", guard_of_sending, R"(
               function send(address to, uint256 v) external guarded { bank().has[msg.sender] -= v; bank().has[to] += v; })") +
           module("Router", "lock", R"(
               constructor() {
                   address cash = address(new Cash());
                   bank().module[Cash.put.selector] = cash; bank().module[Cash.take.selector] = cash;
                   bank().module[Wire.send.selector] = address(new Wire());
               }
               fallback() external payable {
                   address m = bank().module[msg.sig];
                   require(m != address(0));
                   (bool ok, ) = m.delegatecall(msg.data);
                   require(ok);
               })");
}

TEST(Peers, BehindARouterAreCalledThroughIt) {
    const Report two = checked(routed_bank("lock", "other"));
    ASSERT_TRUE(two.has_exploit());
    EXPECT_EQ(two.stats.unconfirmed, 0u) << two.unconfirmed;
    for (const Trace& trace : two.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
    // One lock for all: the modules by themselves hold nothing, so that a hole in one is none.
    EXPECT_FALSE(checked(routed_bank("lock", "lock"), 3).has_exploit());
}

TEST(Peers, ThatCompareTheirBalanceArePaidInTheCallback) {
    const auto with = [](const std::string& guard) {
        std::string text = R"(
            contract Coin {
                mapping(address => uint256) public balanceOf;
                constructor() { balanceOf[msg.sender] = 1000 ether; }
                function transfer(address to, uint256 v) external returns (bool) { balanceOf[msg.sender] -= v; balanceOf[to] += v; return true; }
            }
            interface IPayer { function pay(uint256 v) external; }
            contract Pool {
                Coin coin; mapping(address => uint256) public shares; uint256 locked;
                constructor(Coin c) { coin = c; }
                function mint(uint256 v) external {
                    GUARD
                    uint256 had = coin.balanceOf(address(this));
                    IPayer(msg.sender).pay(v);
                    uint256 got = coin.balanceOf(address(this)) - had;
                    require(got >= v && got > 0);
                    shares[msg.sender] += got;
                    locked = 0;
                }
                function burn(uint256 v) external { require(locked == 0); shares[msg.sender] -= v; coin.transfer(msg.sender, v); }
            })";
        return text.replace(text.find("GUARD"), 5, guard);
    };
    ASSERT_TRUE(checked(with("")).has_exploit());
    // Who pays in the callback gets shares, and nobody gets them otherwise: that is no harm.
    EXPECT_FALSE(checked(with("require(locked == 0); locked = 1;"), 4).has_exploit());
}

TEST(Peers, ThatCallOnlyThoseWhoAskAreAsked) {
    const auto stakes = [](bool is_late) {
        const std::string pay = "coin.transfer(msg.sender, v);", write = "has[msg.sender] = 0;";
        return R"(
            interface INoticed { function noticed(uint256 v) external; }
            contract Coin {
                mapping(address => uint256) public balanceOf; mapping(address => bool) asks;
                mapping(address => mapping(address => uint256)) public allowance;
                constructor() { balanceOf[msg.sender] = 1000 ether; }
                function notify(bool on) external { asks[msg.sender] = on; }
                function approve(address who, uint256 v) external returns (bool) { allowance[msg.sender][who] = v; return true; }
                function transfer(address to, uint256 v) external returns (bool) { move(msg.sender, to, v); return true; }
                function transferFrom(address from, address to, uint256 v) external returns (bool) {
                    allowance[from][msg.sender] -= v; move(from, to, v); return true;
                }
                function move(address from, address to, uint256 v) private {
                    balanceOf[from] -= v; balanceOf[to] += v;
                    if (asks[to]) INoticed(to).noticed(v);
                }
            }
            contract Stakes {
                Coin coin; mapping(address => uint256) has; uint256 all;
                constructor(Coin c) { coin = c; }
                function stake(uint256 v) external { coin.transferFrom(msg.sender, address(this), v); has[msg.sender] += v; all += v; }
                function leave() external {
                    uint256 v = has[msg.sender];
                    require(v > 0);
                    all -= v;
                    )" +
               (is_late ? pay + write : write + pay) + "} }";
    };
    const Report report = checked(stakes(true));
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    EXPECT_FALSE(checked(stakes(false), 3).has_exploit());
}

TEST(Peers, DoNotHideAnAttackThatNeedsMoreThanAUnit) {
    CheckOptions options;
    options.timeout_seconds = 20 * interlock::tests::slowness;
    const Report report = check(as_bytecode(std::string(logged_bank)), options);
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

TEST(Peers, OfOldCompilersMayActInViews) {
    CheckOptions options;
    options.timeout_seconds = 20 * interlock::tests::slowness;
    const Report report = check(as_bytecode(R"ilk(
        interface IHolder { function wants() external returns (bool); }
        contract Drop {
            mapping(address => uint256) public balances;
            function drop() external {
                require(balances[msg.sender] == 0 && IHolder(msg.sender).wants());
                balances[msg.sender] += 20;
            }
        }
        contract Holder { function wants() external view returns (bool) { return block.number > 0; } })ilk"),
                                options);
    EXPECT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
}

// The index that she has paid is reached without re-entry, if others prepare it.
TEST(Ledgers, HaveLimitsThatOthersPrepare) {
    const Report report = checked(R"ilk(
        interface IERC20 { function transferFrom(address from, address to, uint256 value) external returns (bool); }
        contract Rewards {
            IERC20 token;
            uint256 index;
            uint256 total;
            mapping(address => uint256) amount;
            mapping(address => uint256) public paid;
            constructor(IERC20 t) { token = t; }
            function fund() external payable { require(total > 0); index += msg.value * 1e18 / total; }
            function stake(uint256 n) external {
                require(amount[msg.sender] == 0);
                token.transferFrom(msg.sender, address(this), n);
                amount[msg.sender] = n;
                paid[msg.sender] = index;
                total += n;
            }
        })ilk",
                                  6);
    EXPECT_FALSE(report.has_exploit());
}

// A token that tells who sends some, if he asked for it: her contract asks, and nobody asks in its name.
std::string hooked_box(const std::string& lock) {
    return R"(
        interface ISender { function onSend(address to, uint256 amount) external; }
        contract Coin {
            mapping(address => uint256) public balanceOf;
            mapping(address => mapping(address => uint256)) public allowance;
            mapping(address => address) public agentOf;
            mapping(address => bool) drawn;
            function draw() external { require(!drawn[msg.sender]); drawn[msg.sender] = true; balanceOf[msg.sender] = 10 ether; }
            function setAgent(address agent) external { agentOf[msg.sender] = agent; }
            function approve(address spender, uint256 amount) external returns (bool) {
                allowance[msg.sender][spender] = amount;
                return true;
            }
            function transfer(address to, uint256 amount) external returns (bool) { move(msg.sender, to, amount); return true; }
            function transferFrom(address from, address to, uint256 amount) external returns (bool) {
                allowance[from][msg.sender] -= amount;
                move(from, to, amount);
                return true;
            }
            function move(address from, address to, uint256 amount) internal {
                if (agentOf[from] != address(0)) ISender(agentOf[from]).onSend(to, amount);
                balanceOf[from] -= amount;
                balanceOf[to] += amount;
            }
        }
        contract Box {
            Coin immutable coin;
            mapping(address => uint256) public owed;
            bool locked;
            modifier once() { require(!locked); locked = true; _; locked = false; }
            constructor(Coin c) { coin = c; }
            function put(uint256 amount) external )" +
           lock + R"( {
                uint256 before = coin.balanceOf(address(this));
                coin.transferFrom(msg.sender, address(this), amount);
                owed[msg.sender] += coin.balanceOf(address(this)) - before;
            }
            function take(uint256 amount) external once { owed[msg.sender] -= amount; coin.transfer(msg.sender, amount); }
        })";
}

TEST(Peers, TellHerOfWhatSheSends) {
    for (const Root& root : systems_of(compiled("c.ilk", hooked_box("")))) {
        if (!root.world.address_of("Box")) continue;
        World world = root.world;
        world.place_attacker();
        const auto agent_of = [&](const Address& who) {
            const auto question = lang::abi::call_data(lang::abi::selector("agentOf(address)"), {vm::to_word(who)});
            return vm::word_from_big_endian(ask_view(world.state(), *world.address_of("Coin"), question).value());
        };
        EXPECT_EQ(agent_of(world.attacker().address), vm::to_word(world.attacker().address));
        EXPECT_EQ(agent_of(world.owner().address), Word{});
        EXPECT_EQ(agent_of(world.users()[0].address), Word{});
    }
}

TEST(Peers, ThatTellSendersLetThemPutInTwice) {
    const Report report = checked(hooked_box(""), 30);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(hooked_box("once"), 4).has_exploit());
}

// A token that is sent with a note of what it is for (ERC-1363, ERC-677).
std::string paid_orders(const std::string& before, const std::string& after) {
    return R"(
        interface INoted { function transferAndCall(address to, uint256 value, bytes calldata data) external returns (bool); }
        contract Orders {
            INoted immutable token;
            uint256 public count;
            mapping(uint256 => address) buyer;
            mapping(uint256 => uint256) paid;
            constructor(INoted t) { token = t; }
            function order() external returns (uint256 id) { id = ++count; buyer[id] = msg.sender; }
            function onTransferReceived(address, address from, uint256 value, bytes calldata note) external returns (bytes4) {
                uint256 id = abi.decode(note, (uint256));
                require(msg.sender == address(token) && from == buyer[id] && paid[id] == 0 && value > 0);
                paid[id] = value;
                return this.onTransferReceived.selector;
            }
            function cancel(uint256 id) external {
                uint256 amount = paid[id];
                require(msg.sender == buyer[id] && amount > 0);
                )" +
           before + R"(
                token.transferAndCall(msg.sender, amount, "");
                )" +
           after + R"(
            }
        })";
}

TEST(Peers, AreSentTokensWithANote) {
    const auto is_paid = [](const Root& root) {
        return std::ranges::any_of(root.prelude, [&](const PlannedTransaction& planned) {
            return root.world.text_of(planned.call).starts_with("transferAndCall(Orders, ");
        });
    };
    EXPECT_TRUE(std::ranges::any_of(systems_of(compiled("c.ilk", paid_orders("", ""))), is_paid));
    const Report report = checked(paid_orders("", "buyer[id] = address(0);"), 30);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(paid_orders("buyer[id] = address(0);", ""), 4).has_exploit());
}

// A purse that pays by `move` and counts it before or behind that.
void expect_attack_on_purse(const std::string& interface, const std::string& move) {
    const auto purse = [&](const std::string& steps) {
        return interface +
               " contract Purse { T t; address owner = msg.sender; mapping(address => uint256) due; "
               "constructor(T x) { t = x; } function owe(address who, uint256 v) external { require(msg.sender == owner);"
               " due[who] += v; } function take() external { uint256 v = due[msg.sender]; require(v > 0); " +
               steps + " } }";
    };
    const Report late = checked(purse(move + "due[msg.sender] = 0;"));
    EXPECT_TRUE(late.has_exploit()) << move;
    EXPECT_EQ(late.stats.unconfirmed, 0u) << late.unconfirmed;
    EXPECT_FALSE(checked(purse("due[msg.sender] = 0;" + move), 2).has_exploit()) << move;
}

TEST(Peers, MayBeTokensThatTellByOtherFunctions) {
    expect_attack_on_purse("interface T { function send(address to, uint256 v, bytes calldata data) external; }",
                           "t.send(msg.sender, v, \"\");");
    expect_attack_on_purse("interface T { function transferAndCall(address to, uint256 v) external returns (bool); }",
                           "require(t.transferAndCall(msg.sender, v));");
}

// Nobody counts the pieces, and not the owner has them.
TEST(Peers, GiveHerPiecesThatSomebodyElseHas) {
    const std::string source = R"ilk(
        interface H { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }
        contract Piece {
            mapping(uint256 => address) public ownerOf;
            constructor() { ownerOf[0] = ownerOf[1] = ownerOf[2] = msg.sender; }
            function transferFrom(address from, address to, uint256 id) public {
                require(ownerOf[id] == from && (msg.sender == from || msg.sender == ownerOf[7]));
                ownerOf[id] = to;
            }
            function safeTransferFrom(address from, address to, uint256 id) external {
                transferFrom(from, to, id);
                if (to.code.length > 0)
                    require(H(to).onERC721Received(msg.sender, from, id, "") == H.onERC721Received.selector);
            }
            function hire(address agent) external { require(ownerOf[7] == address(0)); ownerOf[7] = agent; }
        }
        contract Shop {
            Piece immutable piece = new Piece(); mapping(uint256 => address) by; mapping(uint256 => uint256) debt;
            constructor(address first) payable {
                for (uint256 i = 0; i < 3; i++) piece.transferFrom(address(this), first, i);
                piece.hire(address(this));
            }
            function pawn(uint256 id) external {
                piece.transferFrom(msg.sender, address(this), id);
                by[id] = msg.sender; debt[id] = 1 ether;
                (bool ok, ) = msg.sender.call{value: 1 ether}(""); require(ok);
            }
            function redeem(uint256 id) external payable {
                require(by[id] == msg.sender && msg.value == debt[id]);
                piece.HOW(address(this), msg.sender, id);
                debt[id] = 0;
            }
        })ilk";
    const auto by = [&](const std::string& how) {
        std::string text = source;
        return text.replace(text.find("HOW"), 3, how);
    };
    EXPECT_TRUE(checked(by("safeTransferFrom")).has_exploit());
    EXPECT_FALSE(checked(by("transferFrom"), 2).has_exploit());
}

// The number is told first. What was approved for a piece stays so while its new owner is told.
TEST(Peers, GiveHerPiecesThatAreRegisteredByNumber) {
    const std::string source = R"ilk(
        interface H { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }
        contract Plots {
            address immutable clerk = msg.sender;
            mapping(uint256 => address) public ownerOf;
            mapping(uint256 => address) public getApproved;
            function enter(uint256 id, address who) external {
                require(msg.sender == clerk && ownerOf[id] == address(0) && who != address(0));
                ownerOf[id] = who;
            }
            function approve(address who, uint256 id) external { require(msg.sender == ownerOf[id]); getApproved[id] = who; }
            function safeTransferFrom(address from, address to, uint256 id) external {
                require(ownerOf[id] == from && (msg.sender == from || msg.sender == getApproved[id]));
                ownerOf[id] = to;
                BEFORE
                if (to.code.length > 0)
                    require(H(to).onERC721Received(msg.sender, from, id, "") == H.onERC721Received.selector);
                AFTER
            }
        }
        contract Lender {
            Plots immutable plots;
            mapping(uint256 => address) public by;
            constructor(Plots p) payable { plots = p; }
            function onERC721Received(address, address from, uint256 id, bytes calldata) external returns (bytes4) {
                require(msg.sender == address(plots));
                by[id] = from;
                (bool ok, ) = from.call{value: 1 ether}("");
                require(ok);
                return this.onERC721Received.selector;
            }
            function redeem(uint256 id) external payable {
                require(by[id] == msg.sender && msg.value == 1.1 ether);
                by[id] = address(0);
                plots.safeTransferFrom(address(this), msg.sender, id);
            }
        })ilk";
    const auto deleting = [&](const std::string& before, const std::string& after) {
        std::string text = source;
        text.replace(text.find("BEFORE"), 6, before);
        return text.replace(text.find("AFTER"), 5, after);
    };
    expect_attack(deleting("", "delete getApproved[id];"));
    expect_none(deleting("delete getApproved[id];", ""));
}

}  // namespace
}  // namespace interlock::analyzer::tests
