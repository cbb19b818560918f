// Why a block is refused: one name for each rule.
#pragma once

#include <string>

#include "chain/execution.hpp"

namespace interlock::chain {

enum class BlockRefusal : std::uint8_t {
    None,
    // reading it
    Malformed,             // not a block's encoding; `detail` says where
    MalformedTransaction,  // `index` is its position, `detail` what is wrong
    BlockTooLarge,         // EIP-7934
    // its place
    UnknownParent,
    ParentTooOld,   // below what can still be reorganised
    TooManyBlocks,  // the forest is full
    // the header, against its parent
    WrongNumber,
    TimestampNotLater,
    GasLimitOutOfBounds,  // too far from the parent's, below 5000, or above 2^63 - 1
    GasUsedAboveLimit,
    ExtraDataTooLong,
    ExtraDataNotDao,  // EIP-779
    WrongDifficulty,
    WrongWork,           // EIP-3675: no difficulty, nonce or ommers after the merge
    WrongFields,         // the header or the body has fields of another upgrade, or lacks one of its own
    WrongBaseFee,        // EIP-1559
    WrongExcessBlobGas,  // EIP-4844
    BlobGasAboveMax,     // EIP-4844: of the header, or of all transactions together
    // ommers; `index` is the position
    WrongOmmersHash,
    TooManyOmmers,
    RepeatedOmmer,  // in this block or a recent one
    OmmerIsAncestor,
    OmmerNotRecent,  // its parent is none of the ancestors that it could have
    RefusedOmmer,    // its header breaks a rule: `ommer`
    // the body
    WrongTransactionsRoot,
    WrongWithdrawalsRoot,  // EIP-4895
    RefusedTransaction,    // `index` is its position, `transaction` the rule
    WrongGasUsed,
    WrongBlobGasUsed,  // EIP-4844
    WrongReceiptsRoot,
    WrongLogsBloom,
    WrongStateRoot,
    WrongRequestsHash,      // EIP-7685
    MalformedDeposit,       // EIP-6110: the deposit contract logged something else
    SystemContractMissing,  // EIP-7002, EIP-7251
    SystemCallFailed,       // likewise
    // ours
    PrecompileUnavailable,  // the block calls a precompile that the machine does not have; `detail` is its name
};
[[nodiscard]] std::string_view name_of(BlockRefusal);  // "the number is not its parent's plus one", ...

// Which rule refuses a block, and where. By default none does.
struct Refusal {
    BlockRefusal block = BlockRefusal::None;
    TransactionRefusal transaction = TransactionRefusal::None;
    std::size_t index = 0;
    std::string_view detail;                  // of static storage
    BlockRefusal ommer = BlockRefusal::None;  // of an ommer's header

    [[nodiscard]] bool accepted() const { return block == BlockRefusal::None; }
};
[[nodiscard]] std::string explain(const Refusal&);  // "transaction 2 is not valid: the nonce is too low"

}  // namespace interlock::chain
