// What the numbers that functions are given count, and which are tried for that.
#include "analyzer/system/units.hpp"

#include "analyzer/explorer/candidates.hpp"
#include "check_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

// What numbers count is seen by what they are used for: the system gets likely ones.
TEST(Units, KnowsWhatConstructorsAreToldToCount) {
    const auto compilation = compiled("c.ilk", R"(
        contract Sale {
            uint256 immutable price; uint256 immutable limit; uint256 immutable feeBps; uint256 immutable length;
            uint256 immutable from; uint256 sold; uint256 fees; mapping(address => uint256) bought;
            constructor(string memory name, uint256 price_, uint256 limit_, uint256 fee_, uint256 length_, uint256 from_,
                        uint256 other) {
                price = price_; limit = limit_; feeBps = fee_; length = length_; from = from_; sold = other * other;
            }
            function buy() external payable {
                require(msg.value == price && block.timestamp >= from && block.timestamp < from + length);
                require(bought[msg.sender] < limit);
                fees += (price * feeBps) / 10_000;
                bought[msg.sender] += 1;
            }
        })");
    const lang::ir::Contract& contract = *compilation->artifacts.front().ir;
    const Measures measures = measures_of(contract);
    const auto unit = [&](std::size_t parameter) {
        const auto found = measures.find({contract.constructor, parameter});
        return found == measures.end() ? Measure{} : found->second;
    };
    EXPECT_EQ(unit(1), (Measure{Unit::Money, {}}));
    EXPECT_EQ(unit(2), (Measure{Unit::Things, {}}));
    EXPECT_EQ(unit(3), (Measure{Unit::Part, Word{10'000}}));
    EXPECT_EQ(unit(4), (Measure{Unit::Span, {}}));
    EXPECT_EQ(unit(5), (Measure{Unit::Instant, {}}));
    EXPECT_EQ(unit(6), Measure{});
}

// Structs are copied to memory and from there, field by field.
TEST(Units, KnowsWhatTheFieldsOfStructsCount) {
    const auto compilation = compiled("c.ilk", R"(
        contract Loans {
            struct Terms { uint128 price; uint16 share; uint64 length; bool closed; }
            Terms[] kinds; mapping(address => uint256) things; mapping(address => uint256) debt;
            function add(uint128 price, uint16 share, uint64 length) external {
                kinds.push(Terms(price, share, length, false));
            }
            function borrow(uint256 kind, uint256 amount) external {
                Terms memory terms = kinds[kind];
                require(block.timestamp + terms.length > 0);
                debt[msg.sender] += amount;
                uint256 worth = things[msg.sender] * terms.price;
                require(debt[msg.sender] <= worth * terms.share / 10_000);
                payable(msg.sender).transfer(amount);
            }
            function rate(uint256 n, uint16 part) external { things[msg.sender] = (n * 7 + 1) * part / 10_000; }
        })");
    const lang::ir::Contract& contract = *compilation->artifacts.front().ir;
    const Measures measures = measures_of(contract);
    World world = deployed(compilation);
    const Observations observations;
    Candidates candidates(world, observations);
    const Call add = call_of(world, "add");
    EXPECT_EQ(measures.at({add.function, 1}), (Measure{Unit::Part, Word{10'000}}));
    EXPECT_EQ(measures.at({add.function, 2}).unit, Unit::Span);
    EXPECT_EQ(measures.at({call_of(world, "rate").function, 1}), (Measure{Unit::Part, Word{10'000}}));
    // They are not tried with less than makes sense.
    const auto calls = candidates.calls(Caller::Honest, 0);
    const auto first = std::ranges::find(*calls, add.function, &Call::function);
    ASSERT_NE(first, calls->end());
    EXPECT_EQ(first->arguments[1], lang::abi::Data{Word{5'000}});
    EXPECT_EQ(first->arguments[2], lang::abi::Data{Word{86'400}});
}

// With as many claims as there is ether in a claim, nobody would get past the limit.
TEST(Units, SeesThatALimitIsNoAmount) {
    expect_attack(R"(
        contract Vouchers {
            uint256 immutable worth; uint256 immutable limit; mapping(address => uint256) claims; uint256 fund;
            constructor(uint256 worth_, uint256 limit_) { worth = worth_; limit = limit_; }
            function give() external payable { fund += msg.value; }
            function claim() external {
                uint256 used = claims[msg.sender];
                require(worth >= 0.1 ether && used < limit && fund >= worth);
                fund -= worth;
                (bool ok, ) = msg.sender.call{value: worth}("");
                require(ok);
                claims[msg.sender] = used + 1;
            }
        })");
}

}  // namespace
}  // namespace interlock::analyzer::tests
