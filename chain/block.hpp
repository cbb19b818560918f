// Blocks: a header that commits to the whole block, and the transactions. (Yellow Paper, section 4.4.)
#pragma once

#include <functional>

#include "chain/receipt.hpp"
#include "chain/refusal.hpp"
#include "chain/transaction.hpp"

namespace interlock::chain {

struct Header {
    Hash parent_hash;
    Hash ommers_hash;  // since the merge always the hash of the empty list
    Address coinbase;
    Hash state_root;  // state root after the block's last transaction
    Hash transactions_root;
    Hash receipts_root;
    Bloom logs_bloom{};
    Word difficulty;  // always zero since the merge
    std::uint64_t number = 0;
    std::uint64_t gas_limit = 0;
    std::uint64_t gas_used = 0;
    std::uint64_t timestamp = 0;  // seconds since 1970
    Bytes extra_data;
    Hash prev_randao;                                             // before the merge, the mix hash of the proof of work
    std::uint64_t nonce = 0;                                      // nonce of the proof of work
    std::optional<Word> base_fee;                                 // since London; wei per unit of gas
    std::optional<Hash> withdrawals_root;                         // since Shanghai
    std::optional<std::uint64_t> blob_gas_used, excess_blob_gas;  // since Cancun
    std::optional<Hash> parent_beacon_root;                       // since Cancun
    std::optional<Hash> requests_hash;                            // since Prague

    friend bool operator==(const Header&, const Header&) = default;
};

// A payment of ether from the beacon chain to an account. (EIP-4895)
struct Withdrawal {
    std::uint64_t index = 0;
    std::uint64_t validator = 0;
    Address address;
    std::uint64_t gwei = 0;
    friend bool operator==(const Withdrawal&, const Withdrawal&) = default;
};

struct Block {
    Header header;
    std::vector<Transaction> transactions;
    std::vector<Header> ommers;                          // empty since the merge
    std::optional<std::vector<Withdrawal>> withdrawals;  // since Shanghai
};

// Encodes a header. The fields of later forks follow in their order; the first absent field ends the list.
[[nodiscard]] Bytes encode(const Header&);
[[nodiscard]] Bytes encode(const Block&);  // [header, transactions, ommers], and withdrawals where the block has them
[[nodiscard]] Hash hash_of(const Header&);

// A block read from its encoding. The input is hostile: every encoding that `encode` would not have written is refused
// with a reason. `fork_of` says which fork's signatures the transactions use; it is called once, after the header has
// been read.
struct DecodedBlock {
    Refusal refusal;  // Malformed or MalformedTransaction; the block is then meaningless
    Block block;
};
[[nodiscard]] DecodedBlock decode_block(ByteView bytes, const std::function<vm::Fork(const Header&)>& fork_of);
[[nodiscard]] std::optional<Header> decode_header(ByteView bytes);

// The roots in a header that depend on the body alone and not on its execution.
[[nodiscard]] Hash transactions_root(const std::vector<Transaction>&);
[[nodiscard]] Hash ommers_hash(const std::vector<Header>&);
[[nodiscard]] Hash withdrawals_root(const std::vector<Withdrawal>&);
[[nodiscard]] const Hash& empty_ommers_hash();  // keccak(rlp([]))

// EIP-1559: the base fee moves by at most an eighth, towards blocks that are half full.
[[nodiscard]] Word next_base_fee(const Word& parent_base_fee, std::uint64_t parent_gas_used, std::uint64_t parent_gas_limit);

}  // namespace interlock::chain
