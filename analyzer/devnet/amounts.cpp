#include "analyzer/devnet/amounts.hpp"

#include "chain/genesis.hpp"

namespace interlock::analyzer {

using vm::Word;

namespace {

constexpr std::size_t decimals_of_ether = 18, most_decimals = 6;

// Returns the amount in ether, exactly and without the unit: "0.5".
std::string in_ether(const Word& wei) {
    std::string text = vm::to_decimal(wei / chain::ether);
    const Word rest = wei % chain::ether;
    if (rest.is_zero()) return text;
    std::string digits = vm::to_decimal(rest);
    digits.insert(0, decimals_of_ether - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    return text + "." + digits;
}

}  // namespace

std::string format_wei(const Word& wei) {
    // Amounts are written in ether if six decimals are enough, otherwise in wei.
    std::string text = wei.is_zero() ? "" : in_ether(wei);
    const std::size_t point = text.find('.');
    if (text.empty() || (point != std::string::npos && text.size() - point - 1 > most_decimals)) return vm::to_decimal(wei);
    return text + " ether";
}

std::string describe_wei(const Word& wei) { return wei.is_negative() ? "2^256 - " + format_wei(-wei) : format_wei(wei); }

std::string format_ether(const Word& wei) {
    return wei < Word{1'000'000'000} ? vm::to_decimal(wei) + " wei" : in_ether(wei) + " ether";
}

}  // namespace interlock::analyzer
