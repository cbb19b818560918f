#include "lang/program/check/expressions/magic_members.hpp"

#include <fmt/format.h>

#include "lang/program/check/expressions/members.hpp"

namespace interlock::lang::checking {

TypeId MagicMembers::of_magic(ExprId id, const Type& magic) {
    struct Row {
        MagicKind of;
        std::string_view name;
        Builtin builtin;
        TypeId type;
    };
    const TypeId number = types_.uint(), call = types_.function({}, {});
    const std::vector<Row> rows{
        {MagicKind::Msg, "sender", Builtin::MsgSender, types_.address()},
        {MagicKind::Msg, "value", Builtin::MsgValue, number},
        {MagicKind::Msg, "data", Builtin::MsgData, types_.bytes(DataLocation::Calldata)},
        {MagicKind::Msg, "sig", Builtin::MsgSig, types_.fixed_bytes(4)},
        {MagicKind::Tx, "origin", Builtin::TxOrigin, types_.address()},
        {MagicKind::Tx, "gasprice", Builtin::TxGasPrice, number},
        {MagicKind::Block, "number", Builtin::BlockNumber, number},
        {MagicKind::Block, "timestamp", Builtin::BlockTimestamp, number},
        {MagicKind::Block, "coinbase", Builtin::BlockCoinbase, types_.address(true)},
        {MagicKind::Block, "prevrandao", Builtin::BlockPrevRandao, number},
        {MagicKind::Block, "difficulty", Builtin::BlockDifficulty, number},
        {MagicKind::Block, "gaslimit", Builtin::BlockGasLimit, number},
        {MagicKind::Block, "basefee", Builtin::BlockBaseFee, number},
        {MagicKind::Block, "chainid", Builtin::BlockChainId, number},
        {MagicKind::Block, "blobbasefee", Builtin::BlockBlobBaseFee, number},
        {MagicKind::Abi, "encode", Builtin::AbiEncode, call},
        {MagicKind::Abi, "encodePacked", Builtin::AbiEncodePacked, call},
        {MagicKind::Abi, "encodeWithSelector", Builtin::AbiEncodeWithSelector, call},
        {MagicKind::Abi, "encodeWithSignature", Builtin::AbiEncodeWithSignature, call},
        {MagicKind::Abi, "encodeCall", Builtin::AbiEncodeCall, call},
        {MagicKind::Abi, "decode", Builtin::AbiDecode, call},
    };
    const Expr& expr = context_.tree[id];
    std::vector<std::string_view> known;
    for (const Row& row : rows) {
        if (row.of != magic.magic) continue;
        known.push_back(row.name);
        if (row.name != expr.text) continue;
        const bool of_a_call = magic.magic == MagicKind::Msg || magic.magic == MagicKind::Tx;
        if (of_a_call && (where_.spec == SpecPlace::Invariant || in_scenario())) {
            context_
                .report(code::not_in_specification,
                        fmt::format("{} cannot speak about `{}`", in_scenario() ? "a scenario" : "an invariant",
                                    context_.text(expr.range)),
                        expr.range)
                .helps.push_back(
                    in_scenario() ? "between calls there is no caller; name who is meant, as in `alice`"
                                  : "an invariant holds between calls, when there is no caller; speak about state instead");
            return {};
        }
        if (row.builtin == Builtin::MsgData && where_.function &&
            context_.tree[where_.function].kind == FunctionKind::Receive)
            context_.report(code::bad_special_function, "there is no `msg.data` in `receive`", expr.range)
                .helps.push_back("it runs when ether comes without data; what comes with data goes to `fallback`");
        return use_builtin(id, row.builtin, row.type);
    }
    if (magic.magic == MagicKind::Block && expr.text == "blockhash") {
        context_.report(code::unknown_member, "`block` has no member `blockhash`", expr.range)
            .helps.push_back("write `blockhash(number)`");
        return {};
    }
    return Members(*this).report_unknown(id, known);
}

}  // namespace interlock::lang::checking
