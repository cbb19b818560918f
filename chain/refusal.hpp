// Why a block is refused: one name for each rule.
#pragma once

#include <string>

#include "chain/execution.hpp"

namespace interlock::chain {

enum class BlockRefusal : std::uint8_t {
    None,
    // faults of the encoding
    Malformed,             // not the encoding of a block; `detail` says where
    MalformedTransaction,  // `index` is its position, `detail` the reason
    BlockTooLarge,         // EIP-7934
    // faults of the block's place in the tree
    UnknownParent,
    ParentTooOld,   // below what can still be reorganised
    TooManyBlocks,  // the forest is full
    // faults of the header against its parent
    WrongNumber,
    TimestampNotLater,
    GasLimitOutOfBounds,  // too far from the parent's, below 5000, or above 2^63 - 1
    GasUsedAboveLimit,
    ExtraDataTooLong,
    ExtraDataNotDao,  // EIP-779
    WrongDifficulty,
    WrongWork,           // EIP-3675: no difficulty, nonce or ommers after the merge
    WrongFields,         // the header or the body has fields of another upgrade, or lacks fields of its own
    WrongBaseFee,        // EIP-1559
    WrongExcessBlobGas,  // EIP-4844
    BlobGasAboveMax,     // EIP-4844: in the header, or in all transactions together
    // faults of ommers; `index` is the position
    WrongOmmersHash,
    TooManyOmmers,
    RepeatedOmmer,  // in this block or a recent one
    OmmerIsAncestor,
    OmmerNotRecent,  // its parent is not among the allowed ancestors
    RefusedOmmer,    // its header breaks the rule `ommer`
    // faults of the body
    WrongTransactionsRoot,
    WrongWithdrawalsRoot,  // EIP-4895
    RefusedTransaction,    // `index` is its position, `transaction` the rule
    WrongGasUsed,
    WrongBlobGasUsed,  // EIP-4844
    WrongReceiptsRoot,
    WrongLogsBloom,
    WrongStateRoot,
    WrongRequestsHash,      // EIP-7685
    MalformedDeposit,       // EIP-6110: the deposit contract's log is malformed
    SystemContractMissing,  // EIP-7002, EIP-7251
    SystemCallFailed,       // EIP-7002, EIP-7251
    // limits of this machine
};
[[nodiscard]] std::string_view name_of(BlockRefusal);  // "the number is not its parent's plus one", ...

// The rule for which a block is refused, and the place. The default is an accepted block.
struct Refusal {
    BlockRefusal block = BlockRefusal::None;
    TransactionRefusal transaction = TransactionRefusal::None;
    std::size_t index = 0;
    std::string_view detail;                  // points to static storage
    BlockRefusal ommer = BlockRefusal::None;  // the fault of an ommer's header

    [[nodiscard]] bool accepted() const { return block == BlockRefusal::None; }
};
[[nodiscard]] std::string explain(const Refusal&);  // "transaction 2 is not valid: the nonce is too low"

}  // namespace interlock::chain
