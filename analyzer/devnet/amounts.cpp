#include "analyzer/devnet/amounts.hpp"

#include "chain/genesis.hpp"

namespace interlock::analyzer {

using vm::Word;

std::string format_wei(const Word& wei) {
    // Amounts are written in ether if six decimals are enough, otherwise in wei.
    const Word micro_ether{1'000'000'000'000};
    if (wei.is_zero() || !(wei % micro_ether).is_zero()) return vm::to_decimal(wei);
    std::string text = vm::to_decimal(wei / chain::ether);
    if (const Word rest = (wei % chain::ether) / micro_ether; !rest.is_zero()) {
        std::string digits = vm::to_decimal(rest);
        digits.insert(0, 6 - digits.size(), '0');
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits;
    }
    return text + " ether";
}

std::string describe_wei(const Word& wei) { return wei.is_negative() ? "2^256 - " + format_wei(-wei) : format_wei(wei); }

}  // namespace interlock::analyzer
