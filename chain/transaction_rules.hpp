// Which transactions a fork has, and what they cost before they run. (Yellow Paper, appendix G, and the EIPs named.)
//
// Each fork lists what it changes against the fork before it; a fork without an entry changes nothing. The machine's
// prices are in vm/fork_rules.hpp.
#pragma once

#include <cstdint>

#include "vm/fork.hpp"

namespace interlock::chain {

struct TransactionRules {
    // gas
    std::uint64_t base = 21'000;
    std::uint64_t creation = 0;
    std::uint64_t zero_byte = 4;
    std::uint64_t nonzero_byte = 68;
    std::uint64_t access_list_address = 0;
    std::uint64_t access_list_slot = 0;
    std::uint64_t floor_token = 0;  // EIP-7623: lowest price of a zero byte; another byte costs at least four times as much
    std::uint64_t max_gas = UINT64_MAX;      // EIP-7825
    std::uint64_t authorization = 0;         // EIP-7702: charged as if each account were new
    std::uint64_t authorization_refund = 0;  // returned for each account that existed
    std::size_t max_blobs = 0;               // EIP-4844: the block's limit, until EIP-7594 introduced a separate one

    std::uint8_t newest_type = 0;  // EIP-2718: the newest allowed TransactionType
    bool low_signature = false;    // EIP-2
    bool protects_chain = false;   // EIP-155
    bool burns_base_fee = false;   // EIP-1559
    bool warms_coinbase = false;   // EIP-3651
};

inline constexpr vm::ByFork<TransactionRules> transaction_rules = [] {
    using enum vm::Fork;
    vm::ByFork<TransactionRules> table;
    TransactionRules rules;
    const auto from = [&](vm::Fork fork) { table.from(fork, rules); };

    from(Frontier);

    rules.creation = 32'000;
    rules.low_signature = true;
    from(Homestead);

    rules.protects_chain = true;
    from(SpuriousDragon);

    rules.nonzero_byte = 16;  // EIP-2028
    from(Istanbul);

    rules.newest_type = 1;  // EIP-2930
    rules.access_list_address = 2'400;
    rules.access_list_slot = 1'900;
    from(Berlin);

    rules.newest_type = 2;
    rules.burns_base_fee = true;
    from(London);

    rules.warms_coinbase = true;
    from(Shanghai);

    rules.newest_type = 3;
    rules.max_blobs = 6;
    from(Cancun);

    rules.newest_type = 4;
    rules.authorization = 25'000;
    rules.authorization_refund = 25'000 - 12'500;
    rules.floor_token = 10;
    rules.max_blobs = 9;  // EIP-7691
    from(Prague);

    rules.max_gas = 1 << 24;
    rules.max_blobs = 6;  // EIP-7594; independent of the block's limit
    from(Osaka);
    return table;
}();

[[nodiscard]] constexpr const TransactionRules& transaction_rules_of(vm::Fork fork) { return transaction_rules[fork]; }

}  // namespace interlock::chain
