// The state transition: one transaction against a world state. (Yellow Paper, section 6.)
#pragma once

#include <functional>

#include "chain/state.hpp"
#include "chain/transaction.hpp"
#include "vm/machine.hpp"

namespace interlock::chain {

// Why a transaction may not be in a block at all. A transaction that reverts is valid; its receipt says that it reverted.
enum class TransactionRefusal : std::uint8_t {
    None,
    NonceTooLow,
    NonceTooHigh,
    NonceMax,
    InsufficientFunds,
    IntrinsicGas,
    GasLimitExceedsBlock,
    FeeBelowBaseFee,
    PriorityAboveMaxFee,
    SenderHasCode,
    InitCodeTooLarge,
    TypeNotAvailable,
    WrongChain,
    BadSignature,
    Overflow,
    GasLimitTooHigh,  // EIP-7825
    FloorGas,         // EIP-7623
    NoBlobs,
    TooManyBlobs,
    BlobHashVersion,
    BlobCreation,
    BlobFeeBelowBaseFee,  // EIP-4844
    NoAuthorizations,
    SetCodeCreation,  // EIP-7702
};
[[nodiscard]] std::string_view name_of(TransactionRefusal);  // "the nonce is too low", ...

struct Receipt {
    vm::Status status = vm::Status::Success;
    std::uint64_t gas_used = 0;  // intrinsic gas included, refund deducted
    std::uint64_t gas_refunded = 0;
    std::uint64_t blob_gas_used = 0;
    Word fee;       // wei paid by the sender for gas
    Word blob_fee;  // wei paid by the sender for blob gas, all of it burnt
    Bytes output;   // return or revert data
    std::optional<Address> created;
    std::vector<vm::Log> logs;

    [[nodiscard]] bool ok() const { return status == vm::Status::Success; }
};

struct Result {
    TransactionRefusal refusal = TransactionRefusal::None;  // otherwise nothing happened and the receipt is empty
    Receipt receipt;
    [[nodiscard]] bool valid() const { return refusal == TransactionRefusal::None; }
};

// A transaction whose execution can stop at a stranger. `execute` does the same without strangers.
//
//     Execution run(state);
//     run.machine().set_strangers(is_mallory);
//     if (run.begin(tx) != TransactionRefusal::None) ...;
//     vm::Stop stop = run.machine().run();
//     for (; stop.kind != vm::Stop::Done; stop = run.machine().run()) ...enter or resume...
//     Receipt receipt = run.finish(stop.outcome);
class Execution {
  public:
    explicit Execution(State& state);

    // Checks the transaction, buys its gas, raises the nonce, warms the access list and starts the message. The block
    // is the state's. The sender is `tx.sender`; signatures are checked where blocks are made. After any result but
    // None nothing has happened and `finish` must not be called.
    [[nodiscard]] TransactionRefusal begin(const Transaction& tx);

    // Pays refunds and fees and removes destroyed accounts. `outcome` is the outcome of the machine's last step.
    [[nodiscard]] Receipt finish(const vm::Outcome& outcome);
    // The same where nobody asks for the receipt.
    void close(const vm::Outcome& outcome);

    [[nodiscard]] vm::Machine& machine() { return machine_; }

  private:
    State& state_;
    vm::Machine machine_;
    Transaction tx_;
    Word effective_price_;         // wei per unit of gas
    std::uint64_t floor_gas_ = 0;  // lowest amount that is paid (EIP-7623); 0 before Prague
    std::uint64_t refund_ = 0;     // in gas; due however the message ends (EIP-7702)

    [[nodiscard]] vm::Message message(std::uint64_t gas) const;
    // Pays, and returns what it comes to.
    [[nodiscard]] Receipt settle(const vm::Outcome& outcome);
};

// Returns the gas that a transaction pays before its first instruction: 21000, its data, its lists, its creation.
[[nodiscard]] std::uint64_t intrinsic_gas(const Transaction&, vm::Fork);

// Checks everything about a transaction that depends neither on the state nor on the block.
[[nodiscard]] TransactionRefusal check(const Transaction&, vm::Fork);

[[nodiscard]] Result execute(State& state, const Transaction& tx, vm::Tracer* tracer = nullptr);

// Runs a message like a transaction, but without fees, nonce and block rules, and then undoes it, as `eth_call` does.
[[nodiscard]] vm::Outcome call(State& state, const vm::Message& message);

// Returns the address of the contract that a creating transaction makes: keccak(rlp([sender, nonce]))[12:].
[[nodiscard]] Address create_address(const Address& sender, std::uint64_t nonce);

}  // namespace interlock::chain
