// How the search gets deep: calls mended after they failed, runs of others played by her, harvests after a re-entry, one
// re-entry repeated many times. And what it says where it did not get on.
#include <set>

#include "analyzer/explorer/kept_states.hpp"
#include "analyzer/explorer/lessons.hpp"
#include "analyzer/explorer/mending.hpp"
#include "analyzer/explorer/observations.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/report/json_log.hpp"
#include "analyzer/report/report_text.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// `late`: the write comes behind the call.
void expect_attack_only_if_late(std::string source, const std::string& call, const std::string& write) {
    const std::string steps = "STEPS";
    const std::size_t at = source.find(steps);
    ASSERT_NE(at, source.npos);
    std::string late = source, early = source;
    late.replace(at, steps.size(), call + write);
    early.replace(at, steps.size(), write + call);
    const Report report = checked(late);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    for (const Trace& trace : report.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
    EXPECT_FALSE(checked(early, 3).has_exploit());
}

TEST(GoingOn, MendsOneNumberAfterTheOther) {
    // The term has a limit, the premium follows from the cover, and the cover is limited by what all paid.
    expect_attack_only_if_late(R"(
        contract Cover {
            struct Policy { address holder; uint256 until; uint256 sum; bool paid; }
            uint256 pool; uint256 atRisk; Policy[] policies;
            function underwrite() external payable { pool += msg.value; }
            function buy(uint256 term, uint256 sum) external payable {
                require(term >= 7 days && term <= 365 days);
                require(msg.value == sum * 700 / 10000);
                pool += msg.value;
                require(atRisk + sum <= pool);
                atRisk += sum;
                policies.push(Policy(msg.sender, block.timestamp + term, sum, false));
            }
            function refund(uint256 id) external {
                Policy storage p = policies[id];
                require(p.holder == msg.sender && !p.paid && block.timestamp < p.until);
                STEPS
                unchecked { pool -= p.sum; atRisk -= p.sum; }
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: p.sum * 700 / 10000}(\"\"); require(ok);",
                               "p.paid = true;");
}

TEST(GoingOn, LetsALongLoopEnd) {
    // What opens the register takes more gas than most transactions may.
    expect_attack_only_if_late(R"(
        contract Register {
            mapping(uint256 => address) holder; mapping(address => uint256) owed;
            function open(address who) external { for (uint256 i = 0; i < 300; i++) holder[i] = who; }
            function buy(uint256 id) external payable {
                require(holder[id] != address(0));
                owed[holder[id]] += msg.value;
                holder[id] = msg.sender;
            }
            function withdraw() external {
                uint256 amount = owed[msg.sender];
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);", "owed[msg.sender] = 0;");
}

TEST(GoingOn, PlaysInOthersPlaces) {
    // Only after three phases, each with a call of its own, somebody can take a refund.
    expect_attack_only_if_late(R"(
        contract Phases {
            address owner = msg.sender; uint8 phase; uint256 goal; uint256 closed;
            mapping(address => uint256) paid;
            function open(uint256 g) external { require(msg.sender == owner && phase == 0 && g > 3 ether); goal = g; phase = 1; }
            function pay() external payable { require(phase == 1 && msg.value >= 2 ether); paid[msg.sender] += msg.value; }
            function close() external { require(phase == 1 && address(this).balance > 0); closed = block.timestamp; phase = 2; }
            function fail() external { require(phase == 2 && block.timestamp > closed + 5 days); phase = 3; }
            function refund() external {
                uint256 amount = paid[msg.sender];
                require(phase == 3 && amount > 0);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);", "paid[msg.sender] = 0;");
}

TEST(GoingOn, MakesCallsThatWorkedElsewhere) {
    // The pledge is taken back while the loan is paid out; neither function is part of what leads there.
    expect_attack_only_if_late(R"(
        contract Lender {
            mapping(address => uint256) pledged; mapping(address => uint256) debt; mapping(address => bool) member;
            function fund() external payable {}
            function join() external { member[msg.sender] = true; }
            function leave() external { require(debt[msg.sender] == 0); member[msg.sender] = false; }
            function pledge() external payable { pledged[msg.sender] += msg.value; }
            function release(uint256 v) external {
                require(debt[msg.sender] * 4 <= (pledged[msg.sender] - v) * 3 || !member[msg.sender]);
                pledged[msg.sender] -= v;
                payable(msg.sender).transfer(v);
            }
            function borrow(uint256 v) external {
                require(member[msg.sender] && (debt[msg.sender] + v) * 4 <= pledged[msg.sender] * 3);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: v}(\"\"); require(ok);", "debt[msg.sender] += v;");
}

constexpr std::string_view signed_vouchers = R"(
    contract Vouchers {
        address immutable signer;
        mapping(address => uint256) used;
        constructor(address s) payable { signer = s; }
        function fund() external payable {}
        function cash(uint256 amount, SIGNATURE) external {
            uint256 n = used[msg.sender];
            bytes32 digest = keccak256(abi.encode(address(this), msg.sender, amount, n));
            OPEN
            require(signer != address(0) && ecrecover(digest, v, r, s) == signer);
            STEPS
        }
    })";

std::string vouchers(const std::string& parameters, const std::string& opening) {
    std::string text(signed_vouchers);
    text.replace(text.find("SIGNATURE"), 9, parameters);
    return text.replace(text.find("OPEN"), 4, opening);
}

TEST(GoingOn, CorrectsEarlierCalls) {
    // What is revealed was committed to, by whoever reveals it.
    expect_attack_only_if_late(R"(
        contract Reveals {
            mapping(address => bytes32) sealed_; mapping(address => uint256) stake; uint256 end = block.timestamp + 1 days;
            mapping(address => bool) opened;
            function seal(bytes32 h) external payable {
                require(block.timestamp < end && msg.value == 1 ether && sealed_[msg.sender] == 0 && h != 0);
                sealed_[msg.sender] = h; stake[msg.sender] = msg.value;
            }
            function open(uint256 secret) external {
                require(block.timestamp >= end && !opened[msg.sender]);
                require(keccak256(abi.encode(secret, msg.sender)) == sealed_[msg.sender]);
                opened[msg.sender] = true;
            }
            function back() external {
                uint256 a = stake[msg.sender];
                require(opened[msg.sender] && a > 0);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: a}(\"\"); require(ok);", "stake[msg.sender] = 0;");
    // The owner sets a root under which she is.
    expect_attack_only_if_late(R"(
        contract Rooted {
            bytes32 root; address owner = msg.sender; mapping(bytes32 => bool) used;
            receive() external payable {}
            function setRoot(bytes32 r) external { require(msg.sender == owner); root = r; }
            function claim(uint256 amount, bytes32[] calldata proof) external {
                bytes32 leaf = keccak256(abi.encodePacked(msg.sender, amount)); require(!used[leaf]);
                bytes32 node = leaf;
                for (uint256 i; i < proof.length; ++i)
                    node = node < proof[i] ? keccak256(abi.encodePacked(node, proof[i]))
                                           : keccak256(abi.encodePacked(proof[i], node));
                require(node == root);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);", "used[leaf] = true;");
}

TEST(GoingOn, NamesNobodyWhereThatMakesADifference) {
    expect_attack_only_if_late(R"(
        contract Friends {
            mapping(address => uint256) bonus; mapping(address => bool) joined; uint256 spare;
            function join(address friend) external payable {
                require(msg.value >= 1 ether && !joined[msg.sender]);
                require(friend == address(0) || joined[friend]);
                if (friend != address(0)) bonus[friend] += msg.value / 10; else spare += msg.value / 10;
                joined[msg.sender] = true;
            }
            function take() external {
                uint256 b = bonus[msg.sender]; require(b > 0);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: b}(\"\"); require(ok);", "bonus[msg.sender] = 0;");
}

TEST(GoingOn, HasAliceGoAllTheWayBesideHer) {
    // What one has alone is not worth taking twice: both have to play, and the owner to give both points.
    expect_attack_only_if_late(R"(
        contract Season {
            address host = msg.sender; uint8 phase; uint256 price; uint256 sold; uint256 total; uint256 pot;
            mapping(address => uint256) tickets; mapping(address => uint256) points;
            function begin(uint256 p) external { require(phase == 0 && msg.sender == host && p > 0); price = p; phase = 1; }
            function buy(uint256 n) external payable { require(phase == 1 && n > 0 && msg.value == n * price);
                tickets[msg.sender] += n; sold += n; }
            function play() external { require(phase == 1 && msg.sender == host && sold > 1); phase = 2; }
            function score(address who, uint256 p) external {
                require(phase == 2 && msg.sender == host && tickets[who] > 0); points[who] += p; total += p; }
            function pay() external { require(phase == 2 && msg.sender == host && total > 0);
                pot = address(this).balance; phase = 3; }
            function collect() external {
                uint256 p = points[msg.sender]; require(phase == 3 && p > 0);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: pot * p / total}(\"\"); require(ok);",
                               "points[msg.sender] = 0;");
}

TEST(GoingOn, NamesRolesAndTexts) {
    expect_attack_only_if_late(R"(
        contract Roles {
            bytes32 constant MEMBER = keccak256("MEMBER"); bytes32 constant ADMIN = keccak256("ADMIN");
            mapping(bytes32 => mapping(address => bool)) has; mapping(address => bool) done;
            constructor() { has[ADMIN][msg.sender] = true; }
            receive() external payable {}
            modifier only(bytes32 r) { require(has[r][msg.sender]); _; }
            function grant(bytes32 r, address w) external only(ADMIN) { has[r][w] = true; }
            function draw() external only(MEMBER) {
                require(!done[msg.sender]);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: 1 ether}(\"\"); require(ok);",
                               "done[msg.sender] = true;");
    expect_attack_only_if_late(R"(
        contract Names {
            mapping(bytes32 => address) owner; mapping(bytes32 => uint256) deposit;
            function register(string calldata name) external payable {
                bytes32 h = keccak256(bytes(name));
                require(bytes(name).length >= 3 && owner[h] == address(0) && msg.value >= 0.5 ether);
                owner[h] = msg.sender; deposit[h] = msg.value;
            }
            function release(string calldata name) external {
                bytes32 h = keccak256(bytes(name)); require(owner[h] == msg.sender);
                uint256 d = deposit[h];
                STEPS
                deposit[h] = 0;
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: d}(\"\"); require(ok);", "owner[h] = address(0);");
}

TEST(GoingOn, HasSomebodySign) {
    const std::string pay = "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);",
                      use = "used[msg.sender] = n + 1;";
    expect_attack_only_if_late(vouchers("uint8 v, bytes32 r, bytes32 s", ""), pay, use);
    expect_attack_only_if_late(vouchers("bytes calldata signature", R"(
            require(signature.length == 65);
            (bytes32 r, bytes32 s, uint8 v) =
                (bytes32(signature[:32]), bytes32(signature[32:64]), uint8(signature[64]));)"),
                               pay, use);
}

TEST(GoingOn, CallsInBatches) {
    // The guard is switched off while a batch of calls runs.
    expect_attack_only_if_late(R"(
        contract Batched {
            mapping(address => uint256) has; bool locked; bool batching;
            modifier guarded() { require(!locked || batching); locked = true; _; locked = false; }
            function put() external payable { require(!locked); has[msg.sender] += msg.value; }
            function take(uint256 v) external guarded {
                uint256 before = has[msg.sender];
                require(before >= v);
                STEPS
            }
            function batch(bytes[] calldata calls) external {
                require(!batching);
                batching = true;
                for (uint256 i = 0; i < calls.length; i++) { (bool ok, ) = address(this).delegatecall(calls[i]); require(ok); }
                batching = false;
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: v}(\"\"); require(ok);",
                               "has[msg.sender] = before - v;");
}

TEST(GoingOn, HarvestsWhatAReentryLeftBehind) {
    // Paid twice, her balance wraps around to much; only a later call takes it.
    expect_attack_only_if_late(R"(
        contract Wrapped {
            mapping(address => uint256) owed; mapping(address => uint256) bonus;
            function pay() external payable { owed[msg.sender] += msg.value; }
            function settle() external {
                require(owed[msg.sender] >= 1 ether);
                STEPS
                bonus[msg.sender] += 1 ether;
            }
            function take() external {
                uint256 amount = bonus[msg.sender];
                bonus[msg.sender] = 0;
                (bool ok, ) = msg.sender.call{value: amount}(""); require(ok);
            }
        })",
                               "(bool ok, ) = msg.sender.call(\"\"); require(ok);", "owed[msg.sender] = 0;");
}

// An argument that happens to be equal to the block's number is no reason to wait for what it is compared with.
TEST(GoingOn, WaitsForABlockOnlyWhereItsNumberIsRead) {
    for (const std::string read : {"block.timestamp", "block.number"}) {
        World world = deployed(compiled("c.ilk", "contract C { uint256 x; function f(uint256 n) external { require(" + read +
                                                     " > 0); if (n < 1 ether) x = n; } }"));
        const vm::BlockContext block = world.state().block();
        PlannedTransaction planned;
        planned.call = call_of(world, "f", {lang::abi::Data{Word{block.number}}});
        world.state().keep_history(true);
        chain::Execution execution(world.state());
        Observations observations;
        execution.machine().set_tracer(&observations);
        observations.begin_run();
        ASSERT_TRUE(perform(world, execution, planned));
        (void)observations.learn(planned.call, block.timestamp, block.number, false);
        EXPECT_EQ(observations.blocks().empty(), read == "block.timestamp") << read;
    }
}

TEST(GoingOn, ComesBackToTheFirstOfAKind) {
    const World world = deployed(shipped("bank.ilk"));
    const auto number_of = [](const Plan& plan) {
        return plan.front().activations[1].calls.front().arguments.front().word();
    };
    KeptStates kept;
    for (std::uint64_t i = 0; i < 100; ++i) {
        const Call withdraw = call_of(world, "withdraw", {lang::abi::Data{Word{i}}}), deposit = call_of(world, "deposit");
        Plan plan(1);
        plan.front().is_attack = true;
        plan.front().activations = {{.calls = {deposit}},
                                    {.calls = {withdraw}, .turn = 1, .during = Activation::Origin{0, 0}}};
        kept.keep(world, plan, 0, {i, 1}, Promise::Unserial, 0);
    }
    std::vector<Word> order;
    while (const KeptState* next = kept.next())
        if (!next->is_deepened) order.push_back(number_of(next->plan));
    const auto of_fifth = std::ranges::find(order, Word{5});
    ASSERT_NE(of_fifth, order.end());
    EXPECT_EQ(std::count(order.begin(), of_fifth, Word{0}), 2);
    EXPECT_EQ(std::set<Word>(order.begin(), order.end()).size(), 40u);  // the others show nothing new
}

TEST(GoingOn, RepeatsAReentryUntilItPays) {
    // Each turn gives a twentieth; that is worth the fee only after many.
    expect_attack_only_if_late(R"(
        contract Drops {
            mapping(address => uint256) paid; mapping(address => bool) done; uint256 fees;
            function enter() external payable { require(msg.value == 1 ether); paid[msg.sender] += 0.5 ether; fees += 0.5 ether; }
            function drop() external {
                require(!done[msg.sender] && paid[msg.sender] > 0);
                STEPS
            }
            receive() external payable {}
        })",
                               "(bool ok, ) = msg.sender.call{value: 0.1 ether}(\"\"); require(ok);",
                               "done[msg.sender] = true;");
}

TEST(GoingOn, SaysWhatNoRunGotPast) {
    CheckOptions options;
    options.timeout_seconds = 3;
    const auto compilation = compiled("c.ilk", R"(
contract Sealed {
    mapping(address => uint256) paid;
    function pay() external payable { paid[msg.sender] += msg.value; }
    function take(uint256 key) external {
        require(uint256(keccak256(abi.encode(key))) % 1000000007 == 77);
        (bool ok, ) = msg.sender.call{value: paid[msg.sender]}(""); require(ok);
        paid[msg.sender] = 0;
    }
})");
    const Report report = check(compilation, options);
    ASSERT_FALSE(report.has_exploit());
    ASSERT_EQ(report.stats.barriers.size(), 1u);
    const std::string text = to_text(report, *compilation->sources, {}, {});
    EXPECT_NE(text.find("no run got past\n  c.ilk:6  require(uint256(keccak256"), text.npos) << text;
}

TEST(Lessons, KeepTheLikeliest) {
    using enum Lessons::Worth;
    Lessons lessons;
    for (std::uint64_t i = 1; i <= 20; ++i) EXPECT_EQ(lessons.add(vm::Word{i}, Derived), i <= 8);
    EXPECT_TRUE(lessons.add(vm::Word{100}, Limit));
    EXPECT_TRUE(lessons.add(vm::Word{200}, Required));
    EXPECT_TRUE(lessons.add(vm::Word{300}, Required));
    EXPECT_FALSE(lessons.add(vm::Word{200}, Required));
    EXPECT_FALSE(lessons.add(vm::Word{8}, Derived));  // it was dropped, and is no likelier now
    const std::vector<vm::Word> expected{vm::Word{300}, vm::Word{200}, vm::Word{100}, vm::Word{1},
                                         vm::Word{2},   vm::Word{3},   vm::Word{4},   vm::Word{5}};
    EXPECT_EQ(lessons.values(), expected);
}

TEST(Mending, StopsWhereNoCallGetsFurther) {
    Mends mends;
    const auto numbered = [](std::uint64_t n) {
        Call call;
        call.value = vm::Word{n};
        return call;
    };
    int made = 0;
    // Each place can be passed by the number of its length.
    const auto make = [&](const Call& call) -> std::optional<Failure> {
        ++made;
        const std::size_t length = call.value.low64();
        if (length == 3) return std::nullopt;
        return Failure{length, length, {numbered(0), numbered(length + 1)}};
    };
    const auto mended = mend(make(numbered(0)), mends, make);
    ASSERT_TRUE(mended);
    EXPECT_EQ(mended->value, vm::Word{3});
    EXPECT_EQ(made, 7);
    const auto stuck = [&](const Call& call) -> std::optional<Failure> {
        ++made;
        return Failure{99, 1, {call, call}};
    };
    EXPECT_FALSE(mend(stuck(numbered(0)), mends, stuck));
    EXPECT_EQ(made, 10);
}

// Of `a || b` both ways end at the same branch: that it was another way tells that the call got further, but each way once.
TEST(Mending, GoesOnAtTheSamePlaceOnAnotherWay) {
    const auto numbered = [](std::uint64_t n) {
        Call call;
        call.value = vm::Word{n};
        return call;
    };
    const auto failing = [&](const Call& call, std::uint64_t ways) -> std::optional<Failure> {
        const std::uint64_t n = call.value.low64();
        if (n == 3) return std::nullopt;
        Failure failure{.place = 9, .length = 2, .mended = {numbered(n + 1)}};
        failure.path = n % ways;
        return failure;
    };
    for (const std::uint64_t ways : {8u, 2u}) {
        Mends mends;
        const auto make = [&](const Call& call) { return failing(call, ways); };
        EXPECT_EQ(mend(make(numbered(0)), mends, make).has_value(), ways == 8);
    }
}

// An order names the coin that is paid and the one that is got, and whoever makes the way between them.
std::string broker(const std::string& lock) {
    return R"(
        interface Coin {
            function balanceOf(address who) external view returns (uint256);
            function transfer(address to, uint256 amount) external returns (bool);
            function transferFrom(address from, address to, uint256 amount) external returns (bool);
        }
        interface Hop { function swap(address coin, uint256 amount) external; }
        contract Broker {
            struct Order { address paid; address got; uint256 amount; uint256 least; }
            mapping(address => mapping(address => uint256)) held;
            bool busy;
            function save(address coin, uint256 amount) external {
                )" +
           lock + R"(
                Coin(coin).transferFrom(msg.sender, address(this), amount);
                held[msg.sender][coin] += amount;
            }
            function take(address coin, uint256 amount) external {
                held[msg.sender][coin] -= amount;
                Coin(coin).transfer(msg.sender, amount);
            }
            function change(Order calldata order, Hop hop) external {
                require(!busy);
                busy = true;
                held[msg.sender][order.paid] -= order.amount;
                Coin(order.paid).transfer(address(hop), order.amount);
                uint256 before = Coin(order.got).balanceOf(address(this));
                hop.swap(order.paid, order.amount);
                uint256 got = Coin(order.got).balanceOf(address(this)) - before;
                require(got >= order.least);
                held[msg.sender][order.got] += got;
                busy = false;
            }
        })";
}

// A limit of three that four names break.
TEST(GoingOn, TakesAsManyNamesAsItNeeds) {
    expect_attack_only_if_late(R"(
        contract Names {
            mapping(bytes32 => address) owner; mapping(address => uint256) public namesOf;
            function register(string calldata name) external payable {
                bytes32 h = keccak256(bytes(name));
                require(namesOf[msg.sender] < 3 && bytes(name).length >= 3 && owner[h] == address(0) && msg.value >= 1 ether);
                STEPS
            }
        })",
                               "(bool ok, ) = msg.sender.call{value: msg.value - 1 ether}(\"\"); require(ok);",
                               "owner[h] = msg.sender; namesOf[msg.sender] += 1;");
}

TEST(GoingOn, NamesTokensInOrders) {
    expect_attack(broker(""));
    expect_none(broker("require(!busy);"));
}

}  // namespace
}  // namespace interlock::analyzer::tests
