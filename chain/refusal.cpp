#include "chain/refusal.hpp"

namespace interlock::chain {

std::string_view name_of(BlockRefusal refusal) {
    switch (refusal) {
        case BlockRefusal::None: return "accepted";
        case BlockRefusal::Malformed: return "the bytes are not a block";
        case BlockRefusal::MalformedTransaction: return "a transaction is malformed";
        case BlockRefusal::BlockTooLarge: return "the block has too many bytes";
        case BlockRefusal::UnknownParent: return "the parent is not known";
        case BlockRefusal::ParentTooOld: return "the parent is below what can still be reorganised";
        case BlockRefusal::TooManyBlocks: return "there are too many blocks besides the chain";
        case BlockRefusal::WrongNumber: return "the number is not its parent's plus one";
        case BlockRefusal::TimestampNotLater: return "the timestamp is not later than its parent's";
        case BlockRefusal::GasLimitOutOfBounds: return "the gas limit is out of bounds";
        case BlockRefusal::GasUsedAboveLimit: return "more gas is used than the limit allows";
        case BlockRefusal::ExtraDataTooLong: return "the extra data are too long";
        case BlockRefusal::ExtraDataNotDao: return "the extra data do not take the DAO fork's side";
        case BlockRefusal::WrongDifficulty: return "the difficulty is wrong";
        case BlockRefusal::WrongWork: return "there is work in a block after the merge";
        case BlockRefusal::WrongFields: return "a field is missing, or one of another upgrade is there";
        case BlockRefusal::WrongBaseFee: return "the base fee is wrong";
        case BlockRefusal::WrongExcessBlobGas: return "the excess blob gas is wrong";
        case BlockRefusal::BlobGasAboveMax: return "more blob gas is used than a block may";
        case BlockRefusal::WrongOmmersHash: return "the ommers are not those of the header";
        case BlockRefusal::TooManyOmmers: return "there are more than two ommers";
        case BlockRefusal::RepeatedOmmer: return "an ommer is there already";
        case BlockRefusal::OmmerIsAncestor: return "an ommer is an ancestor";
        case BlockRefusal::OmmerNotRecent: return "an ommer's parent is no recent ancestor";
        case BlockRefusal::RefusedOmmer: return "an ommer is not valid";
        case BlockRefusal::WrongTransactionsRoot: return "the transactions are not those of the header";
        case BlockRefusal::WrongWithdrawalsRoot: return "the withdrawals are not those of the header";
        case BlockRefusal::RefusedTransaction: return "a transaction is not valid";
        case BlockRefusal::WrongGasUsed: return "the gas used is wrong";
        case BlockRefusal::WrongBlobGasUsed: return "the blob gas used is wrong";
        case BlockRefusal::WrongReceiptsRoot: return "the receipts root is wrong";
        case BlockRefusal::WrongLogsBloom: return "the logs' bloom is wrong";
        case BlockRefusal::WrongStateRoot: return "the state root is wrong";
        case BlockRefusal::WrongRequestsHash: return "the requests hash is wrong";
        case BlockRefusal::MalformedDeposit: return "a deposit's log is malformed";
        case BlockRefusal::SystemContractMissing: return "a system contract has no code";
        case BlockRefusal::SystemCallFailed: return "a call to a system contract failed";
    }
    return "unknown";
}

namespace {

bool concerns_transaction(BlockRefusal refusal) {
    return refusal == BlockRefusal::MalformedTransaction || refusal == BlockRefusal::RefusedTransaction;
}

bool concerns_ommer(BlockRefusal refusal) {
    return refusal == BlockRefusal::RepeatedOmmer || refusal == BlockRefusal::OmmerIsAncestor ||
           refusal == BlockRefusal::OmmerNotRecent || refusal == BlockRefusal::RefusedOmmer;
}

}  // namespace

std::string explain(const Refusal& refusal) {
    std::string text(name_of(refusal.block));
    if (concerns_transaction(refusal.block)) text += " (transaction " + std::to_string(refusal.index) + ")";
    if (concerns_ommer(refusal.block)) text += " (ommer " + std::to_string(refusal.index) + ")";
    if (refusal.transaction != TransactionRefusal::None) text += ": " + std::string(name_of(refusal.transaction));
    if (refusal.ommer != BlockRefusal::None) text += ": " + std::string(name_of(refusal.ommer));
    if (!refusal.detail.empty()) text += ": " + std::string(refusal.detail);
    return text;
}

}  // namespace interlock::chain
