// What takes two parties of hers, or two contracts of a kind; and what nobody gives to two of hers.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// Who digs has no code: an account, or a contract that is just being made.
TEST(TwoParties, AContractThatIsMadeInACallbackHasNoCodeYet) {
    const auto capsule = [](const std::string& test) {
        return R"(
        contract Capsule {
            struct Content { address to; uint64 opensAt; uint256 amount; }
            mapping(uint256 => Content) public contents;
            uint256 public buried;
            modifier peopleOnly() { require()" +
               test + R"(); _; }
            function bury(address to, uint64 opensAt) external payable {
                require(msg.value > 0 && opensAt > block.timestamp);
                contents[++buried] = Content(to, opensAt, msg.value);
            }
            function dig(uint256 id) external peopleOnly {
                Content storage c = contents[id];
                require(c.amount > 0 && block.timestamp >= c.opensAt);
                (bool ok, ) = c.to.call{value: c.amount}("");
                require(ok);
                delete contents[id];
            }
        })";
    };
    const auto found = checked(capsule("msg.sender.code.length == 0"), 10);
    EXPECT_TRUE(found.has_exploit());
    EXPECT_FALSE(checked(capsule("msg.sender == tx.origin"), 2).has_exploit());
}

// Each of two silos knows the other, and tells a farmer what came from there.
TEST(TwoParties, AContractThatKeepsOneOfItsKindIsThereTwice) {
    const auto silos = [](const std::string& haul) {
        return R"(
        interface Farmer { function onCredited(uint256 amount) external; }
        contract Silo {
            address immutable keeper = msg.sender;
            Silo public sibling;
            mapping(address => uint256) public credit;
            function link(Silo other) external {
                require(msg.sender == keeper && address(sibling) == address(0) && other != this);
                sibling = other;
            }
            function store() external payable { credit[msg.sender] += msg.value; }
            function creditFor(address farmer) external payable {
                require(msg.sender == address(sibling));
                credit[farmer] += msg.value;
                if (farmer.code.length > 0) Farmer(farmer).onCredited(msg.value);
            }
            function haul(uint256 amount) external {
                uint256 have = credit[msg.sender];
                require(amount > 0 && amount <= have);
                )" +
               haul + R"(
            }
            function fetch(uint256 amount) external {
                credit[msg.sender] -= amount;
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
            }
        })";
    };
    const std::string send = "sibling.creditFor{value: amount}(msg.sender);", write = "credit[msg.sender] = have - amount;";
    EXPECT_TRUE(checked(silos(send + write), 10).has_exploit());
    EXPECT_FALSE(checked(silos(write + send), 2).has_exploit());
}

// The pay of a contract is that of the code which only it has.
TEST(TwoParties, CodeThatIsRunIsThatOfTheContractThatHasTheFunction) {
    EXPECT_TRUE(checked(R"(
        abstract contract Store {
            address internal payer;
            mapping(bytes32 => bool) public approved;
            mapping(bytes32 => bool) public spent;
        }
        contract Payer is Store {
            function pay(address to, uint256 amount) external {
                (bool ok, ) = to.call{value: amount}("");
                require(ok);
            }
        }
        contract Desk is Store {
            address immutable board = msg.sender;
            constructor(address p) payable { payer = p; }
            receive() external payable {}
            function slip(address to, uint256 amount, uint256 nonce) public pure returns (bytes32) {
                return keccak256(abi.encode(to, amount, nonce));
            }
            function grant(address to, uint256 amount, uint256 nonce) external {
                require(msg.sender == board);
                approved[slip(to, amount, nonce)] = true;
            }
            function collect(uint256 amount, uint256 nonce) external {
                bytes32 s = slip(msg.sender, amount, nonce);
                require(approved[s] && !spent[s]);
                (bool ok, ) = payer.delegatecall(abi.encodeCall(Payer.pay, (msg.sender, amount)));
                require(ok);
                spent[s] = true;
            }
        })",
                        10)
                    .has_exploit());
}

// Passengers are known by the account that began the transaction.
TEST(TwoParties, HerAccountIsLetInWhereCodeAsksWhoBegan) {
    EXPECT_TRUE(checked(R"(
        contract Ferry {
            address immutable master = msg.sender;
            mapping(address => bool) public passengers;
            mapping(address => uint256) public purses;
            modifier passengersOnly() { require(passengers[tx.origin]); _; }
            function enrol(address who, bool on) external { require(msg.sender == master); passengers[who] = on; }
            function load() external payable passengersOnly { purses[msg.sender] += msg.value; }
            function close() external passengersOnly {
                uint256 out = purses[msg.sender];
                require(out > 0);
                (bool ok, ) = msg.sender.call{value: out}("");
                require(ok);
                purses[msg.sender] = 0;
            }
        })",
                        10)
                    .has_exploit());
}

// The clerk pays whom the vicar admits: who is both is not two.
TEST(TwoParties, NobodyGivesTwoPartsToTwoOfHers) {
    const auto alms = [](const std::string& who) {
        return R"(
        interface House { function receiveAlms(uint256 month) external payable returns (bool); }
        contract Alms {
            address public immutable vicar = msg.sender;
            address public clerk;
            uint256 public chest;
            mapping(address => uint256) public cap;
            mapping(address => uint256) public given;
            constructor(address c) { clerk = c; }
            function donate() external payable { chest += msg.value; }
            function admit(address house, uint256 n) external { require(msg.sender == vicar && house != clerk); cap[house] = n; }
            function appoint(address next) external { require(msg.sender == vicar && cap[next] == 0); clerk = next; }
            function give(House house, uint256 amount) external {
                require()" +
               who + R"();
                uint256 sum = given[address(house)] + amount;
                require(sum <= cap[address(house)] && amount <= chest);
                require(house.receiveAlms{value: amount}(1));
                given[address(house)] = sum;
                chest -= amount;
            }
        })";
    };
    EXPECT_FALSE(checked(alms("msg.sender == clerk"), 4).has_exploit());
    EXPECT_TRUE(checked(alms("msg.sender != address(0)"), 10).has_exploit());
}

// Nobody with code is paid, so her account asks, and her contract, which it has let in, takes the rest away meanwhile.
std::string counter(const std::string& before, const std::string& after) {
    return R"(
        contract Counter {
            mapping(address => uint256) public saved;
            mapping(address => mapping(address => bool)) public friends;
            function save() external payable { saved[msg.sender] += msg.value; }
            function befriend(address who, bool yes) external { friends[msg.sender][who] = yes; }
            function hand(address from, address to, uint256 amount) external {
                require(msg.sender == from || friends[from][msg.sender]);
                saved[from] -= amount;
                saved[to] += amount;
            }
            function pay(uint256 amount, address to) external {
                require(msg.sender.code.length == 0);
                uint256 had = saved[msg.sender];
                require(amount <= had);
                )" +
           before + R"((bool ok, ) = to.call{value: amount}(""); require(ok);)" + after + R"(
            }
        })";
}

TEST(TwoParties, HerContractMayTakeWhatHerAccountHas) {
    expect_attack(counter("", "saved[msg.sender] = had - amount;"));
    expect_none(counter("saved[msg.sender] = had - amount;", ""));
}

// What one does for the other is told apart by the function that is called in the end, not by its arguments.
TEST(TwoParties, DoesForTheOtherWhatIsToldApart) {
    const auto carrying = [](const std::string& signature, std::uint64_t number) {
        const vm::Bytes data = lang::abi::call_data(lang::abi::selector(signature), {vm::Word{number}});
        return Call{DeployedIndex{1}, 2, {lang::abi::Data{vm::Address{}}, lang::abi::Data{data}}, {}};
    };
    EXPECT_EQ(what_is_called(carrying("take(uint256)", 1)), what_is_called(carrying("take(uint256)", 2)));
    EXPECT_NE(what_is_called(carrying("take(uint256)", 1)), what_is_called(carrying("accept(uint256)", 1)));
}

}  // namespace
}  // namespace interlock::analyzer::tests
