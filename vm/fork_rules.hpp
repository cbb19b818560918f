// The rules that differ between forks, as numbers and switches. The interpreter reads these and never asks which fork
// it runs.
//
// Each fork lists what it changes against the fork before it; a fork without an entry changes nothing. "Cold"
// surcharges are zero before EIP-2929 introduced cold and warm accounts.
#pragma once

#include <cstdint>
#include <optional>

#include "vm/fork.hpp"
#include "vm/gas.hpp"

namespace interlock::vm {

struct StorageRules {
    bool net_metered = false;  // EIP-1283, EIP-2200: the price depends on the value at the transaction's start
    Gas sentry{-1};            // EIP-2200: SSTORE fails if no more than this is left
    Gas unchanged{5000};       // net-metered: the value stays, or the slot was changed before
    Gas set{20000};            // from zero to nonzero
    Gas reset{5000};           // from a nonzero value
    Gas clear_refund{15000};   // to zero
    Gas cold{0};               // EIP-2929: SSTORE's first touch of the slot
};

// What the precompiles on the curve alt_bn128 cost (EIP-196, EIP-197).
struct Bn254Prices {
    Gas addition{500};
    Gas multiplication{40'000};
    Gas pairing{100'000};
    Gas pair{80'000};  // for each pair, in addition
};

// MODEXP costs complexity(longest operand) * iterations / divisor, but at least `least`.
struct ModexpRules {
    // The assumed cost of one multiplication of numbers of a given length.
    enum class Complexity : std::uint8_t {
        Pieces,        // EIP-198: quadratic in three pieces, flatter for longer numbers
        Limbs,         // EIP-2565: the square of the number of limbs
        DoubledLimbs,  // EIP-7883: twice that, for 32 bytes and more
    };
    Complexity complexity = Complexity::Pieces;
    std::uint64_t tail_factor = 8;  // iterations for each byte of the exponent after its first word
    std::uint64_t divisor = 20;
    std::uint64_t least = 0;
    std::optional<std::uint64_t> max_bytes = std::nullopt;  // limit of each operand's length; longer ones fail (EIP-7823)
};

struct PrecompileRules {
    Bn254Prices bn254;
    ModexpRules modexp;
};

struct ForkRules {
    // accounts and storage
    Gas cold_account{0};          // in addition to the base price, at the first access
    Gas cold_account_destroy{0};  // SELFDESTRUCT's beneficiary, which has no warm price
    Gas cold_slot{0};             // SLOAD
    bool warms_accounts = false;  // EIP-2929
    // EIP-161: an empty account counts as absent, and a new account costs gas only if it receives value.
    bool empty_is_absent = false;
    bool destroys_only_new = false;  // EIP-6780: SELFDESTRUCT removes only accounts made by its transaction
    StorageRules storage;

    // calls
    bool keeps_a_64th = false;  // EIP-150: a caller keeps a 64th, and may ask for more than is left
    Gas call_value{9000};
    Gas call_stipend{2300};
    Gas new_account{25000};
    bool delegations = false;  // EIP-7702: code 0xef0100 ++ address means that account's code

    // creations
    std::uint64_t new_contract_nonce = 0;
    bool unpaid_deposit_fails = false;  // EIP-2: otherwise the contract is left without code
    Gas deposit_byte{200};
    std::size_t max_code_bytes = SIZE_MAX;       // EIP-170
    std::size_t max_init_code_bytes = SIZE_MAX;  // EIP-3860
    Gas init_code_word{0};                       // EIP-3860
    bool rejects_ef = false;                     // EIP-3541

    // the rest
    Gas exp_byte{10};
    Gas destroy_new_account{0};  // for a SELFDESTRUCT that funds an absent account
    Gas destroy_refund{24000};
    int refund_quotient = 2;  // the refund is at most the used gas divided by this
    PrecompileRules precompiles;
};

inline constexpr ByFork<ForkRules> fork_rules = [] {
    using enum Fork;
    ByFork<ForkRules> table;
    ForkRules rules;
    const auto from = [&](Fork fork) { table.from(fork, rules); };

    from(Frontier);

    rules.unpaid_deposit_fails = true;
    from(Homestead);

    rules.keeps_a_64th = true;
    rules.destroy_new_account = {25000};
    from(TangerineWhistle);

    rules.empty_is_absent = true;
    rules.new_contract_nonce = 1;
    rules.exp_byte = {50};  // EIP-160
    rules.max_code_bytes = 0x6000;
    from(SpuriousDragon);

    const StorageRules gross_metering = rules.storage;
    rules.storage.net_metered = true;
    rules.storage.unchanged = {200};
    from(Constantinople);

    rules.storage = gross_metering;  // EIP-1283 was withdrawn: it allowed reentrancy within the stipend
    from(Petersburg);

    rules.storage.net_metered = true;
    rules.storage.unchanged = {800};
    rules.storage.sentry = {2300};
    rules.precompiles.bn254 = {
        .addition = {150}, .multiplication = {6'000}, .pairing = {45'000}, .pair = {34'000}};  // EIP-1108
    from(Istanbul);

    rules.warms_accounts = true;
    rules.cold_account = {2600 - 100};
    rules.cold_account_destroy = {2600};
    rules.cold_slot = {2100 - 100};
    rules.storage.cold = {2100};
    rules.storage.unchanged = {100};
    rules.storage.reset = {5000 - 2100};
    rules.precompiles.modexp = {.complexity = ModexpRules::Complexity::Limbs, .divisor = 3, .least = 200};  // EIP-2565
    from(Berlin);

    rules.storage.clear_refund = {4800};  // EIP-3529
    rules.destroy_refund = {0};
    rules.refund_quotient = 5;
    rules.rejects_ef = true;
    from(London);

    rules.max_init_code_bytes = 2 * 0x6000;
    rules.init_code_word = {2};
    from(Shanghai);

    rules.destroys_only_new = true;
    from(Cancun);

    rules.delegations = true;
    from(Prague);

    rules.precompiles.modexp = {.complexity = ModexpRules::Complexity::DoubledLimbs,  // EIP-7883, EIP-7823
                                .tail_factor = 16,
                                .divisor = 1,
                                .least = 500,
                                .max_bytes = 1024};
    from(Osaka);
    return table;
}();

[[nodiscard]] constexpr const ForkRules& rules_of(Fork fork) { return fork_rules[fork]; }

}  // namespace interlock::vm
