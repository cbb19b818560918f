// What a block must obey and what it pays, by upgrade. (Yellow Paper, sections 4.4 and 11, and the EIPs named.)
//
// Each upgrade lists what it changes against the upgrade before it; an upgrade without an entry changes nothing. The
// costs of transactions and instructions are in transaction_rules.hpp and vm/fork_rules.hpp.
#pragma once

#include <algorithm>
#include <array>

#include "chain/blob_gas.hpp"
#include "chain/upgrade.hpp"

namespace interlock::chain {

// How a block's difficulty follows from its parent's; chain/difficulty.hpp computes it.
struct DifficultyRule {
    bool one_step = true;          // one step up or down whatever the distance; otherwise one step per `seconds`
    std::uint64_t seconds = 13;    // between blocks; a faster block raises the difficulty
    bool counts_ommers = false;    // EIP-100
    std::uint64_t bomb_delay = 0;  // the bomb takes the block number to be lower by this
};

struct BlockRules {
    vm::Fork fork = vm::Fork::Frontier;
    DifficultyRule difficulty;
    Word reward = 5'000'000'000'000'000'000;  // wei for the producer; an ommer's producer gets a part of it
    bool receipts_have_roots = true;          // the state root after each transaction, until EIP-658
    bool has_base_fee = false;                // EIP-1559
    bool merged = false;                      // EIP-3675: no work, no ommers, no reward
    bool has_withdrawals = false;             // EIP-4895
    bool has_blobs = false;                   // EIP-4844, with the beacon chain's root (EIP-4788)
    bool has_requests = false;                // EIP-7685, with the history in the state (EIP-2935)
    std::size_t max_bytes = SIZE_MAX;         // size of the encoded block (EIP-7934)
    bool has_blob_reserve = false;            // EIP-7918: the blob price follows the price of execution
    BlobSchedule blobs;
};

using BlockRulesTable = std::array<BlockRules, upgrade_count>;

inline constexpr BlockRulesTable block_rules = [] {
    using enum Upgrade;
    using vm::Fork;
    BlockRulesTable table{};
    BlockRules rules;
    const auto from = [&](Upgrade upgrade) { std::fill(table.begin() + static_cast<int>(upgrade), table.end(), rules); };
    const auto from_fork = [&](Upgrade upgrade, Fork fork) {
        rules.fork = fork;
        from(upgrade);
    };

    from_fork(Frontier, Fork::Frontier);

    rules.difficulty.one_step = false;  // EIP-2
    rules.difficulty.seconds = 10;
    from_fork(Homestead, Fork::Homestead);

    // The DAO upgrade (EIP-779) is in dao_fork.hpp.

    from_fork(TangerineWhistle, Fork::TangerineWhistle);

    from_fork(SpuriousDragon, Fork::SpuriousDragon);

    rules.difficulty.seconds = 9;  // EIP-100
    rules.difficulty.counts_ommers = true;
    rules.difficulty.bomb_delay = 3'000'000;  // EIP-649
    rules.reward = 3'000'000'000'000'000'000;
    rules.receipts_have_roots = false;
    from_fork(Byzantium, Fork::Byzantium);

    rules.difficulty.bomb_delay = 5'000'000;  // EIP-1234
    rules.reward = 2'000'000'000'000'000'000;
    from_fork(Constantinople, Fork::Constantinople);

    from_fork(Petersburg, Fork::Petersburg);

    from_fork(Istanbul, Fork::Istanbul);

    rules.difficulty.bomb_delay = 9'000'000;  // EIP-2384
    from(MuirGlacier);

    from_fork(Berlin, Fork::Berlin);

    rules.difficulty.bomb_delay = 9'700'000;  // EIP-3554
    rules.has_base_fee = true;
    from_fork(London, Fork::London);

    rules.difficulty.bomb_delay = 10'700'000;  // EIP-4345
    from(ArrowGlacier);

    rules.difficulty.bomb_delay = 11'400'000;  // EIP-5133
    from(GrayGlacier);

    rules.merged = true;
    rules.reward = 0;
    from_fork(Paris, Fork::Paris);

    rules.has_withdrawals = true;
    from_fork(Shanghai, Fork::Shanghai);

    rules.has_blobs = true;
    rules.blobs = cancun_blobs;
    from_fork(Cancun, Fork::Cancun);

    rules.has_requests = true;
    rules.blobs = prague_blobs;
    from_fork(Prague, Fork::Prague);

    rules.has_blob_reserve = true;
    rules.max_bytes = (10 << 20) - (2 << 20);
    from_fork(Osaka, Fork::Osaka);

    rules.blobs = bpo1_blobs;  // EIP-7892: only the blob parameters change
    from(Bpo1);

    rules.blobs = bpo2_blobs;
    from(Bpo2);

    // The blob parameters of later upgrades are not decided yet; a network's schedule sets them.
    return table;
}();

// Returns the rules of the upgrade that brought the fork.
[[nodiscard]] inline const BlockRules& block_rules_of(vm::Fork fork) {
    return block_rules[static_cast<std::size_t>(upgrade_of(fork))];
}

}  // namespace interlock::chain
