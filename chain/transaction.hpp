// Transactions: what they carry, how they are hashed and signed.
// (Yellow Paper, section 4.2; EIP-155, 2718, 2930, 1559, 4844, 7702.)
#pragma once

#include "vm/bytes.hpp"
#include "vm/fork.hpp"
#include "vm/word.hpp"

namespace interlock::chain {

using vm::Address, vm::Bytes, vm::ByteView, vm::Hash, vm::Word;

enum class TransactionType : std::uint8_t { Legacy = 0, AccessList = 1, FeeMarket = 2, Blob = 3, SetCode = 4 };

// EIP-1559: whether the price is a maximum, with a maximum for the block's producer in it.
[[nodiscard]] constexpr bool has_priority_fee(TransactionType type) { return type >= TransactionType::FeeMarket; }

struct AccessListEntry {
    Address address;
    std::vector<Word> slots;
    friend bool operator==(const AccessListEntry&, const AccessListEntry&) = default;
};

struct Signature {
    Word r, s;
    bool y_parity = false;
    friend bool operator==(const Signature&, const Signature&) = default;
};

// EIP-7702: an account lets another account's code run as its own.
struct Authorization {
    Word chain_id;              // zero: any chain
    Address address;            // whose code; zero: none any more
    std::uint64_t nonce = 0;    // of the account that signs
    std::uint8_t y_parity = 0;  // as signed: more than 1 makes it void, not the transaction
    Word r, s;
    friend bool operator==(const Authorization&, const Authorization&) = default;
};

struct Transaction {
    TransactionType type = TransactionType::Legacy;
    std::optional<std::uint64_t> chain_id = 1;  // none: a legacy transaction from before EIP-155
    std::uint64_t nonce = 0;
    Word gas_price;     // wei a unit; the maximum where there is a priority fee
    Word priority_fee;  // wei a unit at most; equal to gas_price before EIP-1559
    std::uint64_t gas_limit = 0;
    std::optional<Address> to;  // none: creates a contract
    Word value;                 // wei
    Bytes data;
    std::vector<AccessListEntry> access_list;
    Word blob_fee;                              // wei a unit of blob gas at most; blob transactions only
    std::vector<Hash> blob_hashes;              // versioned; blob transactions only
    std::vector<Authorization> authorizations;  // set-code transactions only
    Signature signature;

    Address sender;  // who signed; recovered by `decode`, or set by whoever built the transaction
};

struct PrivateKey {
    std::array<std::uint8_t, 32> bytes{};
};

[[nodiscard]] Address address_of(const PrivateKey&);
[[nodiscard]] Hash signing_hash(const Transaction&);
[[nodiscard]] Hash transaction_hash(const Transaction&);  // of the signed encoding
void sign(Transaction&, const PrivateKey&);               // sets signature and sender
void sign(Authorization&, const PrivateKey&);
[[nodiscard]] std::optional<Address> recover_sender(const Transaction&, vm::Fork);  // nullopt: not a valid signature
[[nodiscard]] std::optional<Address> recover_authority(const Authorization&);  // who lends the account; nullopt likewise
[[nodiscard]] Bytes encode(const Transaction&);                                // RLP, or type byte and RLP (EIP-2718)

// A transaction from its encoding, with its sender. Input is hostile: anything not exactly right has a reason instead.
struct DecodedTransaction {
    std::optional<Transaction> transaction;
    std::string_view reason;  // when there is no transaction
};
[[nodiscard]] DecodedTransaction decode(ByteView bytes, vm::Fork fork = vm::default_fork);

}  // namespace interlock::chain
