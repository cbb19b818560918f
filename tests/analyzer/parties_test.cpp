// Whom an attack needs: a second contract of hers, a part that a constructor gives her, contracts that are made later, and
// the numbers under which people are registered. And what counts as a gain where the calls themselves cost something.
#include "analyzer/explorer/combinations.hpp"
#include "chain/genesis.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// The source with the call before or after the write.
std::string ordered(const std::string& source, const std::string& call, const std::string& write, bool is_late) {
    std::string text = source;
    text.replace(text.find("STEPS"), 5, is_late ? call + write : write + call);
    return text;
}

const std::string vesting = R"(
    contract Vesting {
        address payable immutable beneficiary;
        uint64 immutable start = uint64(block.timestamp);
        uint64 immutable duration;
        uint256 released;
        constructor(address payable aBeneficiary, uint64 aDuration) payable { beneficiary = aBeneficiary; duration = aDuration; }
        receive() external payable {}
        function release() external {
            uint256 passed = block.timestamp - start < duration ? block.timestamp - start : duration;
            uint256 amount = (address(this).balance + released) * passed / duration - released;
            require(amount > 0);
            STEPS
        }
    })";
const std::string pay_beneficiary = "(bool ok, ) = beneficiary.call{value: amount}(\"\"); require(ok);";

TEST(Parties, SheMayBeWhomTheConstructorNames) {
    expect_attack(ordered(vesting, pay_beneficiary, "released += amount;", true));
    expect_none(ordered(vesting, pay_beneficiary, "released += amount;", false));
}

// A sale that asks somebody for its price before it counts. SETTER says who may replace that one.
std::string priced_sale(const std::string& setter) {
    std::string text = R"(
        interface IPrices { function update() external returns (uint256); }
        contract Sale {
            address owner = msg.sender;
            IPrices prices;
            uint256 immutable cap;
            uint256 sold;
            mapping(address => uint256) public bought;
            constructor(IPrices somePrices, uint256 aCap) { prices = somePrices; cap = aCap; }
            SETTER
            function pass(address next) external { require(msg.sender == owner); owner = next; }
            function buy(uint256 amount) external payable {
                uint256 before = sold;
                require(amount > 0 && before + amount <= cap);
                require(msg.value == prices.update() * amount);
                sold = before + amount;
                bought[msg.sender] += amount;
            }
        })";
    text.replace(text.find("SETTER"), 6, setter);
    return text;
}

TEST(Parties, SheDoesNotPlayWhomTheOwnerMayReplace) {
    const std::string by_owner = "function set(IPrices p) external { require(msg.sender == owner); prices = p; }";
    expect_none(priced_sale(by_owner));
    expect_attack(priced_sale(""));
    expect_attack(priced_sale("function set(IPrices p) external { prices = p; }"));
}

TEST(Parties, WhomTheOwnerTrustsAnswersHonestly) {
    const auto compilation =
        compiled("c.ilk", priced_sale("function set(IPrices p) external { require(msg.sender == owner); prices = p; }"));
    World world = deployed(compilation);
    const Address sale = *world.address_of("Sale"), alice = world.users()[0].address;
    const Bytes one = lang::abi::call_data(lang::abi::selector("buy(uint256)"), {Word{1}});
    EXPECT_FALSE(world.execute(world.transaction(alice, sale, Word{1}, one)).receipt.ok());
    EXPECT_TRUE(world.execute(world.transaction(alice, sale, chain::ether, one)).receipt.ok());
}

TEST(Parties, HerContractIsThereBeforeOthersNameIt) {
    expect_attack(R"(
        contract Offers {
            struct Offer { address by; address kind; uint256 amount; }
            mapping(uint256 => Offer) offers;
            uint256 count;
            function offer(address kind) external payable {
                require(kind.code.length > 0);
                offers[++count] = Offer(msg.sender, kind, msg.value);
            }
            function cancel(uint256 id) external {
                Offer memory o = offers[id];
                require(o.by == msg.sender);
                (bool ok, ) = msg.sender.call{value: o.amount}("");
                require(ok);
                delete offers[id];
            }
        })");
}

TEST(Parties, SheIsNobodyWithRightsOfHerOwn) {
    // Only the keeper can call sweep(), and the constructor names her.
    expect_none(R"(
        contract Kept {
            address immutable keeper;
            uint256 fees;
            constructor(address aKeeper) { keeper = aKeeper; }
            function pay() external payable { fees += msg.value; }
            function sweep() external {
                require(msg.sender == keeper);
                (bool ok, ) = keeper.call{value: fees}("");
                require(ok);
                fees = 0;
            }
        })");
}

const std::string streams = R"(
    contract Streams {
        struct Stream { address payee; uint256 amount; }
        uint256 next = 100;
        mapping(uint256 => Stream) streams;
        function open(address payee) external payable { streams[next++] = Stream(payee, msg.value); }
        function close(uint256 id) external {
            Stream memory s = streams[id];
            require(s.payee == msg.sender);
            STEPS
        }
    })";

TEST(Parties, ThingsHaveTheNumbersUnderWhichTheyAreKept) {
    const std::string pay = "(bool ok, ) = s.payee.call{value: s.amount}(\"\"); require(ok);";
    expect_attack(ordered(streams, pay, "delete streams[id];", true));
    expect_none(ordered(streams, pay, "delete streams[id];", false));
}

const std::string factory = R"(
    contract Vault {
        mapping(address => uint256) kept;
        constructor() { require(msg.sender.code.length > 0, "made by a factory"); }
        function put() external payable { kept[msg.sender] += msg.value; }
        function take() external {
            uint256 amount = kept[msg.sender];
            require(amount > 0);
            STEPS
        }
    }
    contract Factory {
        Vault public last;
        function make() external { last = new Vault(); }
    })";

TEST(Parties, ContractsThatAreMadeLaterAreCalledToo) {
    const std::string pay = "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);";
    expect_attack(ordered(factory, pay, "kept[msg.sender] = 0;", true));
    expect_none(ordered(factory, pay, "kept[msg.sender] = 0;", false));
}

const std::string drop = R"(
    contract Drop {
        bytes32 immutable root;
        mapping(uint256 => bool) isClaimed;
        constructor(bytes32 aRoot) payable { root = aRoot; }
        function claim(uint256 index, address who, uint256 amount, bytes32[] calldata proof) external {
            require(!isClaimed[index]);
            bytes32 node = keccak256(abi.encode(index, who, amount));
            for (uint256 i = 0; i < proof.length; i++) node = keccak256(abi.encode(node, proof[i]));
            require(node == root);
            STEPS
        }
    })";

TEST(Hashes, ARootThatAConstructorTakesIsOneThatACallLeadsTo) {
    const std::string pay = "(bool ok, ) = who.call{value: amount}(\"\"); require(ok);";
    expect_attack(ordered(drop, pay, "isClaimed[index] = true;", true));
    expect_none(ordered(drop, pay, "isClaimed[index] = true;", false));
}

// What the owner committed to when the contract was made is opened by the owner, when it is over.
TEST(Hashes, AConstructorIsToldWhatTheOwnerRevealsLater) {
    const std::string raffle = R"(
        contract Raffle {
            address immutable owner = msg.sender;
            bytes32 immutable commitment;
            uint256 immutable closes = block.timestamp + 3 days;
            uint256 public seed;
            mapping(address => uint256) stake;
            constructor(bytes32 commitment_) { commitment = commitment_; }
            function enter() external payable { require(block.timestamp < closes); stake[msg.sender] += msg.value; }
            function reveal(uint256 secret) external {
                require(msg.sender == owner && block.timestamp >= closes && seed == 0);
                require(keccak256(abi.encode(secret)) == commitment);
                seed = 1 + secret;
            }
            function leave() external {
                require(seed != 0);
                uint256 amount = stake[msg.sender];
                STEPS
            }
        })";
    const std::string pay = "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);";
    expect_attack(ordered(raffle, pay, "stake[msg.sender] = 0;", true));
    expect_none(ordered(raffle, pay, "stake[msg.sender] = 0;", false));
}

// A root that is published by its own value is named by whoever claims something under it, and final only later.
TEST(Hashes, APublishedRootIsTheOneThatACallNames) {
    const std::string gate = R"(
        contract Gate {
            address immutable clerk = msg.sender;
            mapping(bytes32 => uint256) published;
            mapping(bytes32 => bool) done;
            receive() external payable {}
            function publish(bytes32 root) external {
                require(msg.sender == clerk && published[root] == 0);
                published[root] = block.timestamp;
            }
            function pass(bytes32 root, address to, uint256 amount, bytes32[] calldata proof) external {
                require(published[root] != 0 && block.timestamp > published[root] + 1 days);
                bytes32 id = keccak256(abi.encode(to, amount));
                bytes32 node = id;
                for (uint256 i = 0; i < proof.length; i++) node = keccak256(abi.encode(node, proof[i]));
                require(node == root && !done[id]);
                STEPS
            }
        })";
    const std::string pay = "(bool ok, ) = to.call{value: amount}(\"\"); require(ok);";
    expect_attack(ordered(gate, pay, "done[id] = true;", true));
    expect_none(ordered(gate, pay, "done[id] = true;", false));
}

const std::string orders = R"(
    contract Orders {
        address immutable clerk = msg.sender;
        mapping(bytes32 => bool) isOpen;
        receive() external payable {}
        function open(bytes32 id) external { require(msg.sender == clerk); isOpen[id] = true; }
        function fill(address to, uint256 amount, uint256 nonce) external {
            bytes32 id = keccak256(abi.encode(to, amount, nonce));
            require(isOpen[id]);
            STEPS
        }
    })";

TEST(Hashes, WhatThingsAreKeptUnderIsPassedOn) {
    const std::string pay = "(bool ok, ) = to.call{value: amount}(\"\"); require(ok);";
    expect_attack(ordered(orders, pay, "isOpen[id] = false;", true));
    expect_none(ordered(orders, pay, "isOpen[id] = false;", false));
}

TEST(Combinations, OfEarlyChoicesComeFirst) {
    std::vector<std::vector<std::size_t>> visited;
    visit_combinations({2, 3}, 5, [&](const auto& indices) { visited.push_back(indices); });
    const std::vector<std::vector<std::size_t>> expected{{0, 0}, {0, 1}, {1, 0}, {0, 2}, {1, 1}};
    EXPECT_EQ(visited, expected);
    visited.clear();
    visit_combinations({2, 0}, 5, [&](const auto& indices) { visited.push_back(indices); });
    EXPECT_TRUE(visited.empty());
    visit_combinations({}, 5, [&](const auto& indices) { visited.push_back(indices); });
    EXPECT_EQ(visited.size(), 1u);
}

// A member pays a fee and is paid for whom she brings in: even who is paid twice has less than at first.
const std::string members = R"(
    contract Members {
        mapping(address => address) public by;
        mapping(address => uint256) public brought;
        mapping(address => uint256) public paidFor;
        constructor() payable { by[msg.sender] = msg.sender; }
        function join(address who) external payable {
            require(msg.value == 5 ether && by[msg.sender] == address(0) && by[who] != address(0));
            by[msg.sender] = who;
            brought[who] += 1;
        }
        function claim() external {
            uint256 amount = (brought[msg.sender] - paidFor[msg.sender]) * 1 ether;
            require(amount > 0);
            STEPS
        }
    })";

TEST(Surplus, IsWhatNoOrderLeavesHerWithThoughItCostHerMore) {
    const std::string pay = "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);";
    const std::string note = "paidFor[msg.sender] = brought[msg.sender];";
    const Report report = checked(ordered(members, pay, note, true));
    ASSERT_TRUE(report.has_exploit());
    const Trace& trace = report.attacks.front();
    EXPECT_TRUE(trace.has_surplus() || trace.has_gain());
    EXPECT_TRUE(replay(to_json(trace)).repeats);
    expect_none(ordered(members, pay, note, false));
}

// Whoever owns the jar may tip once a day; by calling back, twice. The owner trusts nobody else with that.
std::string tips(const std::string& hand_on) {
    return "contract Jar { address owner; address next; uint256 last; constructor() { owner = msg.sender; } "
           "receive() external payable { } function tip(address to, uint256 amount) external { "
           "require(msg.sender == owner && block.timestamp >= last + 1 days); (bool ok,) = to.call{value: amount}(\"\"); "
           "require(ok); last = block.timestamp; } " +
           hand_on + " }";
}

TEST(Parties, TheOwnerHandsNoRightsOn) {
    expect_none(
        tips("function give(address to) external { require(msg.sender == owner && to != address(0)); owner = to; }"));
    expect_none(
        tips("function offer(address to) external { require(msg.sender == owner); next = to; } "
             "function accept() external { require(msg.sender == next); owner = next; next = address(0); }"));
    // Members that the owner lets in are what she is there for.
    expect_attack(R"(
        contract Club {
            address owner; mapping(address => bool) member; mapping(address => uint256) saved;
            constructor() { owner = msg.sender; member[msg.sender] = true; }
            function admit(address who) external { require(msg.sender == owner); member[who] = true; }
            function save() external payable { require(member[msg.sender]); saved[msg.sender] += msg.value; }
            function take() external {
                require(member[msg.sender]);
                uint256 amount = saved[msg.sender];
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                saved[msg.sender] = 0;
            }
        })");
}

// A router that the owner lists is trusted; anybody's is not.
TEST(Parties, TheOwnerListsNoCodeOfHers) {
    const auto till = [](const std::string& test) {
        return R"(
            interface Source { function fill(address to) external payable; }
            contract Coin {
                mapping(address => uint256) public balanceOf; address immutable owner = msg.sender;
                function print(address to, uint256 n) external { require(msg.sender == owner); balanceOf[to] += n; }
                function transfer(address to, uint256 n) external returns (bool) {
                    balanceOf[msg.sender] -= n; balanceOf[to] += n; return true;
                }
                mapping(address => mapping(address => uint256)) public allowance;
                function approve(address to, uint256 n) external returns (bool) { allowance[msg.sender][to] = n; return true; }
                function transferFrom(address from, address to, uint256 n) external returns (bool) {
                    allowance[from][msg.sender] -= n; balanceOf[from] -= n; balanceOf[to] += n; return true;
                }
            }
            contract Till {
                Coin immutable coin; address immutable owner = msg.sender;
                mapping(address => bool) isListed; mapping(address => uint256) credit;
                constructor(Coin c) { coin = c; }
                function list(address source, bool on) external { require(msg.sender == owner); isListed[source] = on; }
                function save(uint256 n) external { coin.transferFrom(msg.sender, address(this), n); credit[msg.sender] += n; }
                function fill(Source source) external payable {
                    )" +
               test + R"(
                    uint256 before = coin.balanceOf(address(this));
                    source.fill{value: msg.value}(address(this));
                    credit[msg.sender] += coin.balanceOf(address(this)) - before;
                }
                function take(uint256 n) external { credit[msg.sender] -= n; coin.transfer(msg.sender, n); }
            })";
    };
    expect_attack(till(""));
    expect_none(till("require(isListed[address(source)]);"), 6);
}

// Who has a watch is known by asking for each of the first numbers; it is approved one by one.
TEST(Parties, WhatIsOneOfAKindIsWealth) {
    const auto pawn = [](const std::string& before, const std::string& after) {
        return R"(
            interface Receiver { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }
            contract Watches {
                mapping(uint256 => address) public ownerOf; mapping(uint256 => address) approved;
                address immutable maker = msg.sender; uint256 issued;
                function issue(address to) external { require(msg.sender == maker); ownerOf[++issued] = to; }
                function approve(address to, uint256 id) external { require(ownerOf[id] == msg.sender); approved[id] = to; }
                function transferFrom(address from, address to, uint256 id) public {
                    require(ownerOf[id] == from && (msg.sender == from || approved[id] == msg.sender));
                    delete approved[id]; ownerOf[id] = to;
                }
                function safeTransferFrom(address from, address to, uint256 id) external {
                    transferFrom(from, to, id);
                    if (to.code.length != 0)
                        require(Receiver(to).onERC721Received(msg.sender, from, id, "") == Receiver.onERC721Received.selector);
                }
            }
            contract Pawnshop {
                Watches immutable watches; mapping(address => uint256) count; mapping(address => uint256) owed;
                mapping(uint256 => address) by;
                constructor(Watches w) payable { watches = w; }
                function pawn(uint256 id) external {
                    watches.transferFrom(msg.sender, address(this), id); by[id] = msg.sender; count[msg.sender]++;
                }
                function draw(uint256 n) external {
                    owed[msg.sender] += n; require(owed[msg.sender] <= count[msg.sender] * 1 ether);
                    (bool ok, ) = msg.sender.call{value: n}(""); require(ok);
                }
                function collect(uint256 id) external {
                    require(by[id] == msg.sender && owed[msg.sender] <= (count[msg.sender] - 1) * 1 ether);
                    )" +
               before + "watches.safeTransferFrom(address(this), msg.sender, id);" + after + R"(
                }
            })";
    };
    expect_attack(pawn("delete by[id];", "count[msg.sender]--;"));
    expect_none(pawn("delete by[id]; count[msg.sender]--;", ""));
}

// What was claimed once of one piece is less than what is claimed of a great many.
TEST(Hashes, ARootMayBeThatOfOnePiece) {
    const auto drop = [](const std::string& before, const std::string& after) {
        return R"(
            interface Receiver { function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4); }
            contract Drop {
                bytes32 immutable root; mapping(address => uint256) minted; mapping(address => uint256) public balanceOf;
                mapping(uint256 => address) public ownerOf; uint256 next;
                constructor(bytes32 root_) { root = root_; }
                function mint(uint256 n, uint256 quota, bytes32[] calldata proof) external {
                    bytes32 node = keccak256(abi.encode(msg.sender, quota));
                    for (uint256 i = 0; i < proof.length; i++) node = keccak256(abi.encode(node, proof[i]));
                    require(node == root);
                    uint256 already = minted[msg.sender];
                    require(already + n <= quota);
                    )" +
               before + R"(
                    for (uint256 i = 0; i < n; i++) {
                        ownerOf[++next] = msg.sender; balanceOf[msg.sender]++;
                        if (msg.sender.code.length != 0)
                            require(Receiver(msg.sender).onERC721Received(msg.sender, address(0), next, "") ==
                                    Receiver.onERC721Received.selector);
                    }
                    )" +
               after + R"(
                }
            })";
    };
    expect_attack(drop("", "minted[msg.sender] = already + n;"));
    expect_none(drop("minted[msg.sender] = already + n;", ""));
}

// A voucher of several fields, of which one has to be zero and others not, is signed as it is.
TEST(Hashes, WhatIsSignedMayBeAStructure) {
    const auto cashier = [](const std::string& before, const std::string& after) {
        return R"(
            contract Cashier {
                struct Voucher { address payee; uint256 amount; uint256 nonce; uint64 expiry; }
                address issuer; mapping(address => uint256) nonces;
                constructor(address issuer_) payable { issuer = issuer_; }
                function cash(Voucher calldata v, bytes calldata signature) external {
                    require(block.timestamp <= v.expiry && v.nonce == nonces[v.payee] && signature.length == 65);
                    bytes32 digest = keccak256(abi.encode(v.payee, v.amount, v.nonce, v.expiry));
                    address by = ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
                    require(by != address(0) && by == issuer);
                    )" +
               before + "(bool ok, ) = v.payee.call{value: v.amount}(\"\"); require(ok);" + after + R"(
                }
            })";
    };
    expect_attack(cashier("", "nonces[v.payee] = v.nonce + 1;"));
    expect_none(cashier("nonces[v.payee] = v.nonce + 1;", ""));
}

// Alice lets her take some of a token that calls who gets it.
TEST(Parties, WhoMayTakeSomeTakesNoMore) {
    const auto token = [](const std::string& before, const std::string& after) {
        return R"(
            interface Receiver { function arrived(uint256 n) external; }
            contract Token {
                address immutable issuer = msg.sender; mapping(address => uint256) public balanceOf;
                mapping(address => mapping(address => uint256)) public allowance;
                function issue(address to, uint256 n) external { require(msg.sender == issuer); balanceOf[to] += n; }
                function approve(address to, uint256 n) external returns (bool) { allowance[msg.sender][to] = n; return true; }
                function transferFrom(address from, address to, uint256 n) external returns (bool) {
                    uint256 left = allowance[from][msg.sender];
                    require(left >= n && balanceOf[from] >= n);
                    )" +
               before + R"(
                    balanceOf[from] -= n; balanceOf[to] += n;
                    if (to.code.length != 0) try Receiver(to).arrived(n) {} catch {}
                    )" +
               after + R"(
                    return true;
                }
            })";
    };
    expect_attack(token("", "allowance[from][msg.sender] = left - n;"));
    expect_none(token("allowance[from][msg.sender] = left - n;", ""));
}

// Who draws what others lent, as much as he says, is one whom they trust.
TEST(Parties, SheIsNobodyWhoMayTakeEverything) {
    expect_none(R"(
        interface IToken {
            function transfer(address to, uint256 amount) external returns (bool);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        contract Loans {
            IToken immutable coin; address immutable servicer; uint256 public lent; uint256 public out;
            mapping(bytes32 => uint256) public principal;
            mapping(address => uint256) public shares;
            constructor(IToken aCoin, address aServicer) { coin = aCoin; servicer = aServicer; }
            function lend(uint256 amount) external {
                require(coin.transferFrom(msg.sender, address(this), amount));
                lent += amount;
                shares[msg.sender] += amount;
            }
            function draw(bytes32 id, uint256 amount) external {
                require(msg.sender == servicer && principal[id] == 0 && amount <= lent - out);
                principal[id] = amount;
                out += amount;
                require(coin.transfer(servicer, amount));
            }
            function repay(bytes32 id, uint256 interest) external {
                uint256 amount = principal[id];
                require(msg.sender == servicer && amount > 0);
                require(coin.transferFrom(servicer, address(this), amount + interest));
                principal[id] = 0;
                out -= amount;
                lent += interest;
            }
        })",
                6);
}

// Alice sends her ether through a converter that gives back what it likes: she said with how much she is content.
TEST(Parties, WhoIsTrustedWithEtherMayKeepSome) {
    const auto box = [](const std::string& lock) {
        return R"(
            contract Box {
                mapping(address => uint256) public held;
                bool open = true;
                modifier once() { require(open); open = false; _; open = true; }
                receive() external payable {}
                function deposit() external payable )" +
               lock + R"( { held[msg.sender] += msg.value; }
                function depositThrough(address converter, uint256 least) external payable once {
                    uint256 start = address(this).balance - msg.value;
                    (bool ok, ) = converter.call{value: msg.value}("");
                    uint256 got = address(this).balance - start;
                    require(ok && got >= least);
                    held[msg.sender] += got;
                }
                function withdraw(uint256 amount) external once {
                    held[msg.sender] -= amount;
                    (bool ok, ) = msg.sender.call{value: amount}("");
                    require(ok);
                }
            })";
    };
    expect_attack(box(""));
    expect_none(box("once"));
}

// Stars that were all made at once are sent for a seat in a show, with a note of which, and come back when the show is off.
TEST(Parties, AllThatThereIsOfATokenIsEnoughForEverybody) {
    const auto shows = [](const std::string& before, const std::string& after) {
        return R"(
            interface Told { function onTransferReceived(address, address, uint256, bytes calldata) external returns (bytes4); }
            contract Star {
                mapping(address => uint256) public balanceOf;
                constructor(uint256 made) { balanceOf[msg.sender] = made; }
                function transfer(address to, uint256 n) public returns (bool) {
                    balanceOf[msg.sender] -= n; balanceOf[to] += n; return true;
                }
                function transferAndCall(address to, uint256 n, bytes calldata note) external returns (bool) {
                    transfer(to, n);
                    if (to.code.length > 0)
                        require(Told(to).onTransferReceived(msg.sender, msg.sender, n, note) ==
                                Told.onTransferReceived.selector);
                    return true;
                }
            }
            contract Shows {
                Star immutable star; uint256 immutable price; address immutable host = msg.sender;
                mapping(uint256 => mapping(address => uint256)) seats; mapping(uint256 => bool) off;
                constructor(Star star_, uint256 price_) { star = star_; price = price_; }
                function onTransferReceived(address, address from, uint256 n, bytes calldata note) external returns (bytes4) {
                    uint256 show = abi.decode(note, (uint256));
                    require(msg.sender == address(star) && !off[show] && n % price == 0);
                    seats[show][from] += n / price;
                    return this.onTransferReceived.selector;
                }
                function callOff(uint256 show) external { require(msg.sender == host); off[show] = true; }
                function payBack(uint256 show) external {
                    uint256 n = seats[show][msg.sender];
                    require(off[show] && n != 0);
                    )" +
               before + "star.transferAndCall(msg.sender, n * price, abi.encode(show));" + after + R"(
                }
            })";
    };
    expect_attack(shows("", "seats[show][msg.sender] = 0;"));
    expect_none(shows("seats[show][msg.sender] = 0;", ""));
}

// A cheque says whose it is, and that account has to have signed it: nobody signs for her contract.
TEST(Hashes, AreSignedByWhomTheCallNames) {
    const auto book = [](const std::string& before, const std::string& after, const std::string& is_signed) {
        return R"(
            contract Book {
                mapping(address => uint256) accounts; mapping(address => uint256) next;
                function payIn(address drawer) external payable { accounts[drawer] += msg.value; }
                function cash(address drawer, address payee, uint256 sum, uint8 v, bytes32 r, bytes32 s) external {
                    bytes32 cheque = keccak256(abi.encode(address(this), drawer, payee, sum, next[drawer]));
                    address signer = ecrecover(cheque, v, r, s);
                    )" +
               is_signed + "accounts[drawer] -= sum;" + before + "(bool ok, ) = payee.call{value: sum}(\"\"); require(ok);" +
               after + R"(
                }
            })";
    };
    const std::string required = "require(signer != address(0) && signer == drawer);";
    expect_attack(book("", "next[drawer]++;", required));
    expect_none(book("next[drawer]++;", "", required));
    // Nobody has signed it, or somebody else.
    expect_attack(book("", "next[drawer]++;", "if (signer == address(0) || signer != drawer) revert();"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
