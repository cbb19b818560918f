// Pages about limits of the compiler and the chain, and about unsupported features.
#include "lang/diagnostics/explain/pages.hpp"

namespace interlock::lang {
namespace {

constexpr Page about_limits[] = {
    {code::no_fixed_point, R"(
Solidity knows `fixed` and `ufixed` as types of variables and parameters inside
a contract. It does not calculate with them or convert them, and it neither
takes them from others nor gives them away. Use whole numbers in a small unit, as ether is
counted in wei, and multiply before dividing.
)",
     R"(
contract Price {
    ufixed128x18 public price;
}
)",
     R"(
contract Price {
    uint256 constant ONE = 1e18;
    uint256 public price = 3 * ONE / 2;
}
)"},

    {code::function_too_large, R"(
A function may have 50,000 instructions and 10,000 branches, with the modifiers
that are written out in it, before it is simplified. Most often a modifier has
several `_`, and a function several such modifiers: their numbers multiply. Use
a loop, or move parts into functions of their own.
)",
     R"(
contract Counter {
    uint256 count;

    modifier tenTimes() {
        _; _; _; _; _; _; _; _; _; _;
    }

    function up() external tenTimes tenTimes tenTimes tenTimes {
        if (count < 5) count += 1;
    }
}
)",
     R"(
contract Counter {
    uint256 count;

    function up() external {
        for (uint256 i = 0; i < 10_000; ++i) {
            if (count < 5) count += 1;
        }
    }
}
)"},

    {code::no_such_construct, R"(
The construct is valid, and this compiler cannot translate it. It says so
instead of giving it another meaning. The message names the construct and its
place: write it in another way, in smaller steps, with a local variable for
each. The manual lists what is missing under "Not supported yet".
)"},

    {code::contract_too_large, R"(
The chain takes no contract whose code is larger than 24,576 bytes (EIP-170),
nor one whose creation code is larger than 49,152 (EIP-3860). This is a warning:
a chain of one's own may have other limits.
Move functions into libraries whose functions are public, into other contracts,
or leave some out; shorten texts of reverts by using errors instead.
)"},

    {code::no_translation, R"(
The contract was understood, and one of its constructs has no code yet. The
message names it. Most often it is an expression with very many values at once:
give parts of it names, as local variables.
)"},

    {code::circular_creation, R"(
`new` puts the whole code of the other contract into this one. Two contracts
that create each other would contain each other endlessly. Let a third contract
create one of them, or pass in its address.
)",
     R"(
contract Hen {
    function lay() external returns (Egg) {
        return new Egg();
    }
}

contract Egg {
    function hatch() external returns (Hen) {
        return new Hen();
    }
}
)",
     R"(
contract Hen {
    function lay() external returns (Egg) {
        return new Egg();
    }
}

contract Egg {
    function hatch(Farm farm) external returns (Hen) {
        return farm.hen();
    }
}

contract Farm {
    function hen() external returns (Hen) {
        return new Hen();
    }
}
)"},

    {code::internal_error, R"(
The compiler made something that its own checks refuse, and gives nothing out
rather than something wrong. Your contract is not at fault. Please report it
with the smallest file that shows it; until it is mended, writing the construct
at this place differently often helps.
)"},
};

}  // namespace

std::span<const Page> limit_pages() { return about_limits; }

}  // namespace interlock::lang
