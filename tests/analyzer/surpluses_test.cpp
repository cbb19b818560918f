// What she has more of than any order of the calls gives her, and where that is nothing, since he who deals with her gave it.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

std::string tickets(const std::string& before, const std::string& after) {
    return R"(
        interface IHolder { function onTicket(uint256 n) external; }
        contract Tickets {
            uint256 public sold;
            mapping(uint256 => mapping(address => uint256)) held;
            function buy(uint256 n) external payable {
                require(msg.value == n * 0.1 ether && sold + n <= 10);
                )" +
           before + R"(
                held[1][msg.sender] += n;
                IHolder(msg.sender).onTicket(n);
                )" +
           after + R"(
            }
        })";
}

TEST(Totals, AreLimitsThatAReentryMayPass) {
    const Report report = checked(tickets("", "sold += n;"));
    ASSERT_TRUE(report.has_exploit());
    ASSERT_TRUE(report.attacks.front().script.limit);
    EXPECT_EQ(report.attacks.front().script.limit->limit, Word{10});
    EXPECT_TRUE(report.attacks.front().script.limit->is_total);
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(tickets("sold += n;", ""), 5).has_exploit());
}

// Who pays a loan back does so while the lender waits, and otherwise nobody gets one: what counts loans has no limit.
TEST(Totals, AreNoneThatLoansMake) {
    const auto lender = [](const std::string& kept) {
        return R"(
        interface IBorrower { function onLoan(uint256 amount) external; }
        contract Lender {
            uint256 public made;
            uint256 calls;
            constructor() payable {}
            receive() external payable {)" +
               kept + R"(}
            function lend(IBorrower to, uint256 amount) external {
                uint256 before = address(this).balance;
                (bool ok, ) = address(to).call{value: amount}("");
                require(ok);
                to.onLoan(amount);
                require(address(this).balance >= before && amount > 0);
                made += 1;
            }
        })";
    };
    EXPECT_FALSE(checked(lender(""), 6).has_exploit());
    EXPECT_FALSE(checked(lender("calls += 1;"), 6).has_exploit());
}

// She has bought what she gets twice, so she is poorer in ether; of the calls one after the other none leaves her with two.
std::string vault(const std::string& before, const std::string& after) {
    return R"(
        interface IReceiver { function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4); }
        contract Relics {
            mapping(uint256 => mapping(address => uint256)) public balanceOf;
            mapping(address => mapping(address => bool)) public isApprovedForAll;
            function buy(uint256 id, uint256 n) external payable {
                require(msg.value == n * 0.1 ether);
                balanceOf[id][msg.sender] += n;
            }
            function setApprovalForAll(address to, bool yes) external { isApprovedForAll[msg.sender][to] = yes; }
            function safeTransferFrom(address from, address to, uint256 id, uint256 n, bytes calldata data) external {
                require(from == msg.sender || isApprovedForAll[from][msg.sender]);
                balanceOf[id][from] -= n;
                balanceOf[id][to] += n;
                if (to.code.length > 0)
                    require(IReceiver(to).onERC1155Received(msg.sender, from, id, n, data) == 0xf23a6e61);
            }
        }
        contract Vault {
            Relics immutable relics;
            mapping(address => mapping(uint256 => uint256)) public stored;
            constructor(Relics r) { relics = r; }
            function store(uint256 id, uint256 n) external {
                relics.safeTransferFrom(msg.sender, address(this), id, n, "");
                stored[msg.sender][id] += n;
            }
            function take(uint256 id) external {
                uint256 n = stored[msg.sender][id];
                require(n > 0);
                )" +
           before + R"(
                relics.safeTransferFrom(address(this), msg.sender, id, n, "");
                )" +
           after + R"(
            }
            function onERC1155Received(address, address, uint256, uint256, bytes calldata) external view returns (bytes4) {
                require(msg.sender == address(relics));
                return 0xf23a6e61;
            }
        })";
}

TEST(Surpluses, AreAlsoOfWhatWasBoughtByTheNumber) {
    const Report report = checked(vault("", "stored[msg.sender][id] = 0;"), 20);
    ASSERT_TRUE(report.has_exploit());
    EXPECT_TRUE(replay(to_json(report.attacks.front())).repeats);
    EXPECT_FALSE(checked(vault("stored[msg.sender][id] = 0;", ""), 5).has_exploit());
}

// In orders in which all works she leads, and waits for the prize; where a re-entry gave her a bid back she leads no more.
TEST(Surpluses, AreNoneIfSheCouldHaveLeftCallsOut) {
    EXPECT_FALSE(checked(R"(
        contract Auction {
            address leader;
            uint256 best;
            uint256 closes = block.timestamp + 1 days;
            function bid() external payable {
                require(block.timestamp < closes && msg.value > best);
                if (leader != address(0)) { (bool ok, ) = leader.call{value: best}(""); ok; }
                leader = msg.sender;
                best = msg.value;
            }
        })",
                         6)
                     .has_exploit());
}

// She adds to what he has while he deals with her, so that he has as much as he then gives her.
TEST(Surpluses, AreNoneIfHeLetsGoWhatIsHis) {
    const auto collector = [](const std::string& before, const std::string& after) {
        return R"(
        interface ISource { function claim(address to) external; }
        contract Collector {
            address by;
            mapping(address => uint256) public credit;
            receive() external payable { credit[by == address(0) ? msg.sender : by] += msg.value; }
            function collect(ISource[] calldata sources) external {
                require(by == address(0));
                by = msg.sender;
                for (uint256 i; i < sources.length; i++) try sources[i].claim(address(this)) {} catch {}
                by = address(0);
            }
            function withdraw(uint256 amount, address payable to) external {
                require(credit[msg.sender] >= amount);
                )" +
               before +
               R"(
                (bool ok, ) = to.call{value: amount}("");
                require(ok);
                )" +
               after +
               R"(
            }
        })";
    };
    EXPECT_FALSE(checked(collector("credit[msg.sender] -= amount;", ""), 6).has_exploit());
    EXPECT_TRUE(checked(collector("", "credit[msg.sender] = 0;"), 6).has_exploit());
}

// He names who changes his ether, and how much has to come back at least.
TEST(Surpluses, AreNoneIfHePaysWhomHeNames) {
    const auto box = [](const std::string& modifier) {
        return R"(
        contract Box {
            mapping(address => uint256) public held;
            bool on;
            modifier once() { require(!on); on = true; _; on = false; }
            receive() external payable {}
            function put() external payable )" +
               modifier + R"( { held[msg.sender] += msg.value; }
            function change(address by, uint256 least) external payable once {
                uint256 start = address(this).balance - msg.value;
                (bool ok, ) = by.call{value: msg.value}("");
                require(ok);
                uint256 got = address(this).balance - start;
                require(got >= least);
                held[msg.sender] += got;
            }
            function take(uint256 n) external once {
                held[msg.sender] -= n;
                (bool ok, ) = msg.sender.call{value: n}("");
                require(ok);
            }
        })";
    };
    EXPECT_TRUE(checked(box(""), 6).has_exploit());
    EXPECT_FALSE(checked(box("once"), 4).has_exploit());
}

// Who names her as the one that tells the price has to believe her.
TEST(Surpluses, AreNoneIfSheMayNameAnyPrice) {
    const auto exchange = [](const std::string& value) {
        return R"(
        interface Index { function refresh() external returns (uint256 price); }
        contract Exchange {
            Index immutable index;
            address immutable board = msg.sender;
            mapping(address => uint256) public balesOf;
            mapping(address => uint256) public due;
            constructor(Index i) payable { index = i; }
            function register(address farmer, uint256 bales) external {
                require(msg.sender == board);
                balesOf[farmer] += bales;
            }
            function sell(uint256 bales) external {
                uint256 held = balesOf[msg.sender];
                require(bales > 0 && bales <= held);
                uint256 price = index.refresh();
                balesOf[msg.sender] = held - bales;
                due[msg.sender] += )" +
               value + R"(;
            }
            function payout() external {
                uint256 value = due[msg.sender];
                due[msg.sender] = 0;
                (bool ok, ) = msg.sender.call{value: value}("");
                require(ok);
            }
        })";
    };
    EXPECT_FALSE(checked(exchange("price * bales"), 4).has_exploit());
    EXPECT_TRUE(checked(exchange("(price < 5 ? 1 : 1) * bales"), 6).has_exploit());
}

TEST(Surpluses, AreNoneIfTheyAreOwedLater) {
    EXPECT_FALSE(checked(R"(
        contract Piggy {
            struct Account { uint256 balance; uint64 until; }
            mapping(address => Account) public accounts;
            function save(uint64 time) external payable {
                Account storage a = accounts[msg.sender];
                uint64 until = uint64(block.timestamp) + time;
                if (until > a.until) a.until = until;
                a.balance += msg.value;
            }
            function withdraw(uint256 amount) external {
                Account storage a = accounts[msg.sender];
                require(block.timestamp >= a.until && a.balance >= amount);
                (bool ok, ) = msg.sender.call{value: amount}("");
                require(ok);
                a.balance -= amount;
            }
        })",
                         6)
                     .has_exploit());
}

// Each buyer may have so much, at a price that the owner names. Of what costs as much as it is, having more is no gain.
std::string sale(bool is_late) {
    const std::string noted = "r.sold += amount; bought[id][msg.sender] += amount;";
    return R"(
        contract Sale {
            struct Round { uint64 start; uint64 end; uint256 price; uint256 most; uint256 each; uint256 sold; }
            address immutable owner = msg.sender;
            address payable immutable till = payable(msg.sender);
            Round[] rounds;
            mapping(uint256 => mapping(address => uint256)) public bought;
            function add(uint64 start, uint64 end, uint256 price, uint256 most, uint256 each) external {
                require(msg.sender == owner && start > block.timestamp && end > start);
                rounds.push(Round(start, end, price, most, each, 0));
            }
            function buy(uint256 id, uint256 amount) external payable {
                Round storage r = rounds[id];
                require(block.timestamp >= r.start && block.timestamp < r.end && amount > 0);
                require(r.sold + amount <= r.most && bought[id][msg.sender] + amount <= r.each);
                uint256 cost = amount * r.price / 1 ether;
                require(msg.value >= cost);
                )" +
           (is_late ? "" : noted) + R"(
                (bool ok, ) = msg.sender.call{value: msg.value - cost}("");
                (bool sent, ) = till.call{value: cost}("");
                require(ok && sent);
                )" +
           (is_late ? noted : "") + R"(
            }
        })";
}

TEST(Surpluses, AreLookedForWithOtherPrices) {
    expect_attack(sale(true));
    expect_none(sale(false));
}

}  // namespace
}  // namespace interlock::analyzer::tests
