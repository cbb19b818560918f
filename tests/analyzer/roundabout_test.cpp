// Attacks that take a way round: through a module of a router, through code that a contract creates, by an accomplice in the
// place of an honest user. And gains that need no re-entry, since whoever asks again gets as much.
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// A hub of which the owner says what code runs for which selector. INSTALL is how.
std::string hub(const std::string& install, const std::string& steps) {
    return R"(
    library Books {
        struct Layout { mapping(address => uint256) saved; }
        function at() internal pure returns (Layout storage l) { assembly { l.slot := 7777 } }
    }
    contract Saving { function save() external payable { Books.at().saved[msg.sender] += msg.value; } }
    contract Spending {
        function spend() external {
            uint256 amount = Books.at().saved[msg.sender];
            )" +
           steps + R"(
        }
    }
    contract Hub {
        address immutable admin = msg.sender;
        mapping(bytes4 => address) module;
        )" +
           install + R"(
        fallback() external payable {
            address code = module[msg.sig];
            require(code != address(0));
            assembly {
                calldatacopy(0, 0, calldatasize())
                let ok := delegatecall(gas(), code, 0, calldatasize(), 0, 0)
                returndatacopy(0, 0, returndatasize())
                switch ok case 0 { revert(0, returndatasize()) } default { return(0, returndatasize()) }
            }
        }
    })";
}
const std::string pay_saved = "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);";
const std::string clear_saved = "Books.at().saved[msg.sender] = 0;";

TEST(Roundabout, ARouterGetsItsModules) {
    const std::string by_list =
        "function install(bytes4[] calldata selectors, address to) external { require(msg.sender == admin);"
        "for (uint256 i = 0; i < selectors.length; i++) module[selectors[i]] = to; }";
    const std::string by_one =
        "function install(bytes4 selector, address to) external { require(msg.sender == admin); module[selector] = to; }";
    const std::string by_cut =
        "struct Cut { address facet; uint8 action; bytes4[] selectors; } function cut(Cut[] calldata cuts, address init, "
        "bytes "
        "calldata) external { require(msg.sender == admin && init == address(0)); for (uint256 i = 0; i < cuts.length; i++) "
        "{"
        "require(cuts[i].action == 0); for (uint256 k = 0; k < cuts[i].selectors.length; k++)"
        "module[cuts[i].selectors[k]] = cuts[i].facet; } }";
    for (const std::string& install : {by_list, by_one, by_cut}) expect_attack(hub(install, pay_saved + clear_saved));
    expect_none(hub(by_list, clear_saved + pay_saved));
}

// By its constructor, which is told of accounts: which of them are modules is seen by what it delegates to them.
TEST(Roundabout, ARouterIsMadeWithItsModules) {
    const std::string made =
        "address boss; constructor(address b, address spends, address saves) { boss = b;"
        "module[Saving.save.selector] = saves; module[Spending.spend.selector] = spends; }";
    expect_attack(hub(made, pay_saved + clear_saved));
    expect_none(hub(made, clear_saved + pay_saved));
}

// A studio deploys what a developer gives it, and looks whether something is there.
std::string studio(const std::string& steps) {
    return R"(
    contract Studio {
        mapping(address => uint256) grant;
        address immutable curator = msg.sender;
        constructor() payable {}
        receive() external payable {}
        function promise_(address who, uint96 amount) external {
            require(msg.sender == curator && grant[who] == 0 && amount <= address(this).balance);
            grant[who] = amount;
        }
        function launch(bytes memory code, bytes32 salt) external {
            uint256 amount = grant[msg.sender];
            require(amount > 0);
            )" +
           steps + R"(
            (bool ok, ) = msg.sender.call{value: amount}("");
            require(ok);
        }
        function deploy(bytes memory code, bytes32 salt) private {
            address made;
            assembly { made := create2(0, add(code, 32), mload(code), salt) }
            require(made.code.length > 0);
        }
    })";
}

TEST(Roundabout, WhatIsCreatedFromHerCodeCallsHer) {
    expect_attack(studio("deploy(code, salt); grant[msg.sender] = 0;"));
    expect_none(studio("grant[msg.sender] = 0; deploy(code, salt);"));
}

// Who is outbid takes her bid home, and what she bids meanwhile is added to what she is just getting back.
std::string auction(const std::string& steps) {
    return R"(
    contract Auction {
        struct Lot { address seller; address leader; uint64 closes; bool hammered; uint256 best; }
        Lot[] lots;
        mapping(uint256 => mapping(address => uint256)) bidOf;
        bool busy;
        modifier mutex() { require(!busy); busy = true; _; busy = false; }
        function open(uint64 duration) external {
            require(duration >= 1 hours && duration <= 30 days);
            lots.push(Lot(msg.sender, address(0), uint64(block.timestamp) + duration, false, 0));
        }
        function raise(uint256 lot) external payable {
            Lot storage l = lots[lot];
            require(block.timestamp < l.closes);
            uint256 sum = bidOf[lot][msg.sender] + msg.value;
            require(sum > l.best);
            bidOf[lot][msg.sender] = sum;
            l.best = sum;
            l.leader = msg.sender;
        }
        function stepBack(uint256 lot) external mutex {
            require(lots[lot].leader != msg.sender);
            uint256 amount = bidOf[lot][msg.sender];
            require(amount > 0);
            )" +
           steps + R"(
        }
        function hammer(uint256 lot) external mutex {
            Lot storage l = lots[lot];
            require(block.timestamp >= l.closes && !l.hammered);
            l.hammered = true;
            if (l.leader != address(0)) pay(l.seller, l.best);
        }
        function pay(address to, uint256 amount) private {
            (bool ok, ) = to.call{value: amount}("");
            require(ok);
        }
    })";
}

TEST(Roundabout, HerAccompliceBidsWhereAliceDid) {
    expect_attack(auction("pay(msg.sender, amount); bidOf[lot][msg.sender] = 0;"));
    expect_none(auction("bidOf[lot][msg.sender] = 0; pay(msg.sender, amount);"));
}

// A payroll that anybody may push forward. In the middle of it somebody may begin the next month, if that is due, and as well
// do so afterwards.
TEST(Roundabout, WhoGetsAsMuchByAskingAgainNeedsNoReentry) {
    const std::string payroll = R"(
    contract Payroll {
        address immutable boss = msg.sender;
        address[] staff;
        uint256 next;
        uint256 due;
        constructor() payable {}
        receive() external payable {}
        function hire(address who) external { require(msg.sender == boss); staff.push(who); LATER }
        function run(uint256 steps) external {
            if (next == staff.length) { require(block.timestamp >= due); due = block.timestamp + 30 days; next = 0; }
            while (steps > 0 && next < staff.length) {
                address to = staff[next];
                next++;
                steps--;
                (bool ok, ) = to.call{value: 1 ether, gas: 100000}("");
                ok;
            }
        }
    })";
    std::string text = payroll;
    text.replace(text.find("LATER"), 5, "if (next + 1 == staff.length) next++;");
    expect_none(text, 4);
}

// What alice opens is known by a hash from then on, under which she pays in.
TEST(Roundabout, AliceOpensWhatIsKnownByAHash) {
    const auto purses = [](const std::string& steps) {
        return R"(
        contract Purses {
            mapping(bytes32 => uint256) held;
            mapping(bytes32 => address) founder;
            function found(string calldata title) external returns (bytes32 purse) {
                purse = keccak256(abi.encode(title, msg.sender));
                require(founder[purse] == address(0));
                founder[purse] = msg.sender;
            }
            function put(bytes32 purse) external payable { require(founder[purse] == msg.sender); held[purse] += msg.value; }
            function take(bytes32 purse) external {
                require(founder[purse] == msg.sender);
                uint256 amount = held[purse];
                )" +
               steps + R"(
            }
        })";
    };
    const std::string pay = "(bool ok, ) = msg.sender.call{value: amount}(\"\"); require(ok);";
    expect_attack(purses(pay + "held[purse] = 0;"));
    expect_none(purses("held[purse] = 0;" + pay));
}

}  // namespace
}  // namespace interlock::analyzer::tests
