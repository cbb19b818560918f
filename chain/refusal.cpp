#include "chain/refusal.hpp"

namespace interlock::chain {

std::string_view name_of(Refusal refusal) {
    switch (refusal) {
        case Refusal::None: return "accepted";
        case Refusal::Malformed: return "the bytes are not a block";
        case Refusal::MalformedTransaction: return "a transaction is malformed";
        case Refusal::BlockTooLarge: return "the block has too many bytes";
        case Refusal::UnknownParent: return "the parent is not known";
        case Refusal::ParentTooOld: return "the parent is below what can still be reorganised";
        case Refusal::TooManyBlocks: return "there are too many blocks besides the chain";
        case Refusal::WrongNumber: return "the number is not its parent's plus one";
        case Refusal::TimestampNotLater: return "the timestamp is not later than its parent's";
        case Refusal::GasLimitOutOfBounds: return "the gas limit is out of bounds";
        case Refusal::GasUsedAboveLimit: return "more gas is used than the limit allows";
        case Refusal::ExtraDataTooLong: return "the extra data are too long";
        case Refusal::ExtraDataNotDao: return "the extra data do not take the DAO fork's side";
        case Refusal::WrongDifficulty: return "the difficulty is wrong";
        case Refusal::WrongWork: return "there is work in a block after the merge";
        case Refusal::WrongFields: return "a field is missing, or one of another upgrade is there";
        case Refusal::WrongBaseFee: return "the base fee is wrong";
        case Refusal::WrongExcessBlobGas: return "the excess blob gas is wrong";
        case Refusal::BlobGasAboveMax: return "more blob gas is used than a block may";
        case Refusal::WrongOmmersHash: return "the ommers are not those of the header";
        case Refusal::TooManyOmmers: return "there are more than two ommers";
        case Refusal::RepeatedOmmer: return "an ommer is there already";
        case Refusal::OmmerIsAncestor: return "an ommer is an ancestor";
        case Refusal::OmmerNotRecent: return "an ommer's parent is no recent ancestor";
        case Refusal::InvalidOmmer: return "an ommer is not valid";
        case Refusal::WrongTransactionsRoot: return "the transactions are not those of the header";
        case Refusal::WrongWithdrawalsRoot: return "the withdrawals are not those of the header";
        case Refusal::InvalidTransaction: return "a transaction is not valid";
        case Refusal::WrongGasUsed: return "the gas used is wrong";
        case Refusal::WrongBlobGasUsed: return "the blob gas used is wrong";
        case Refusal::WrongReceiptsRoot: return "the receipts root is wrong";
        case Refusal::WrongLogsBloom: return "the logs' bloom is wrong";
        case Refusal::WrongStateRoot: return "the state root is wrong";
        case Refusal::WrongRequestsHash: return "the requests hash is wrong";
        case Refusal::InvalidDeposit: return "a deposit's log is malformed";
        case Refusal::SystemContractMissing: return "a system contract has no code";
        case Refusal::SystemCallFailed: return "a call to a system contract failed";
        case Refusal::PrecompileUnavailable: return "a precompile is unavailable";
    }
    return "unknown";
}

namespace {

bool concerns_transaction(Refusal refusal) {
    return refusal == Refusal::MalformedTransaction || refusal == Refusal::InvalidTransaction;
}

bool concerns_ommer(Refusal refusal) {
    return refusal == Refusal::RepeatedOmmer || refusal == Refusal::OmmerIsAncestor || refusal == Refusal::OmmerNotRecent ||
           refusal == Refusal::InvalidOmmer;
}

}  // namespace

std::string explain(const Judgement& judgement) {
    std::string text(name_of(judgement.refusal));
    if (concerns_transaction(judgement.refusal)) text += " (transaction " + std::to_string(judgement.index) + ")";
    if (concerns_ommer(judgement.refusal)) text += " (ommer " + std::to_string(judgement.index) + ")";
    if (judgement.invalid != Invalid::None) text += ": " + std::string(name_of(judgement.invalid));
    if (judgement.broken != Refusal::None) text += ": " + std::string(name_of(judgement.broken));
    if (!judgement.detail.empty()) text += ": " + std::string(judgement.detail);
    return text;
}

}  // namespace interlock::chain
