// Transactions: their content, and how they are hashed and signed.
// (Yellow Paper, section 4.2; EIP-155, 2718, 2930, 1559, 4844, 7702.)
#pragma once

#include "vm/bytes.hpp"
#include "vm/fork.hpp"
#include "vm/word.hpp"

namespace interlock::chain {

using vm::Address, vm::Bytes, vm::ByteView, vm::Hash, vm::Word;

enum class TransactionType : std::uint8_t { Legacy = 0, AccessList = 1, FeeMarket = 2, Blob = 3, SetCode = 4 };

// EIP-1559: returns whether the gas price is a maximum that includes a maximum fee for the block's producer.
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

// EIP-7702: lets another account's code run as an account's own.
struct Authorization {
    Word chain_id;              // zero: valid on every chain
    Address address;            // the account whose code runs; zero ends the delegation
    std::uint64_t nonce = 0;    // nonce of the signing account
    std::uint8_t y_parity = 0;  // as signed; a value above 1 invalidates the authorization, not the transaction
    Word r, s;
    friend bool operator==(const Authorization&, const Authorization&) = default;
};

struct Transaction {
    TransactionType type = TransactionType::Legacy;
    std::optional<std::uint64_t> chain_id = 1;  // std::nullopt: a legacy transaction from before EIP-155
    std::uint64_t nonce = 0;
    Word gas_price;     // wei per unit of gas; the maximum if there is a priority fee
    Word priority_fee;  // maximum in wei per unit of gas; equals gas_price before EIP-1559
    std::uint64_t gas_limit = 0;
    std::optional<Address> to;  // std::nullopt: creates a contract
    Word value;                 // wei
    Bytes data;
    std::vector<AccessListEntry> access_list;
    Word blob_fee;                              // maximum in wei per unit of blob gas; blob transactions only
    std::vector<Hash> blob_hashes;              // versioned; blob transactions only
    std::vector<Authorization> authorizations;  // set-code transactions only
    Signature signature;

    Address sender;  // the signer; recovered by `decode`, or set by the code that built the transaction
};

struct PrivateKey {
    std::array<std::uint8_t, 32> bytes{};
};

[[nodiscard]] Address address_of(const PrivateKey&);
[[nodiscard]] Hash signing_hash(const Transaction&);
[[nodiscard]] Hash transaction_hash(const Transaction&);  // of the signed encoding
void sign(Transaction&, const PrivateKey&);               // sets signature and sender
void sign(Authorization&, const PrivateKey&);
[[nodiscard]] std::optional<Address> recover_sender(const Transaction&, vm::Fork);  // std::nullopt: the signature is invalid
[[nodiscard]] std::optional<Address> recover_authority(const Authorization&);       // the delegating account; likewise
[[nodiscard]] Bytes encode(const Transaction&);                                     // RLP, or type byte and RLP (EIP-2718)

// A transaction read from its encoding, with its sender. The input is hostile: a malformed encoding has a reason instead.
struct DecodedTransaction {
    std::optional<Transaction> transaction;
    std::string_view reason;  // set when there is no transaction
};
[[nodiscard]] DecodedTransaction decode(ByteView bytes, vm::Fork fork = vm::default_fork);

}  // namespace interlock::chain
