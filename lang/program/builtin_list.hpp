// The built-in names of the language. The enumeration, and what the checker asks of each name, are made from this one list.
//
//     BUILTIN(name, pure, effect, holder, text, signature, number)    // how it is written
//
// Pure means that the value is known without reading state, so that it may be part of a constant, as in solc. `effect`
// is an enumerator of Effect (lang/program/builtins.hpp): what a function does that uses it. `holder` is one of Holder:
// a plain name, or what stands before the dot; the checker finds those by `text`. Other means that the checker has rules
// of its own. Signatures are types as letters: u uint256, 8 uint8, b bool, w bytes32, 4 bytes4, r bytes20, a address, p
// address payable, m bytes memory, c bytes calldata, s string memory; of functions parameters->results, where the checker
// has rules of its own for what ... stands for. `number` is what solc's syntax tree calls a plain name.
//
// To use the list, define BUILTIN and include this file; there is deliberately no include guard.

// clang-format off
BUILTIN(MsgSender,              No,   Reads,      Msg,     "sender",              "a",         0)    // msg.sender
BUILTIN(MsgValue,               No,   TakesEther, Msg,     "value",               "u",         0)    // msg.value
BUILTIN(MsgData,                No,   None,       Msg,     "data",                "c",         0)    // msg.data
BUILTIN(MsgGas,                 No,   Reads,      Other,   "",                    "u",         0)    // msg.gas, before 0.5
BUILTIN(MsgSig,                 No,   None,       Msg,     "sig",                 "4",         0)    // msg.sig
BUILTIN(TxOrigin,               No,   Reads,      Tx,      "origin",              "a",         0)    // tx.origin
BUILTIN(TxGasPrice,             No,   Reads,      Tx,      "gasprice",            "u",         0)    // tx.gasprice
BUILTIN(BlockNumber,            No,   Reads,      Block,   "number",              "u",         0)    // block.number
BUILTIN(BlockTimestamp,         No,   Reads,      Block,   "timestamp",           "u",         0)    // block.timestamp
BUILTIN(BlockCoinbase,          No,   Reads,      Block,   "coinbase",            "p",         0)    // block.coinbase
BUILTIN(BlockPrevRandao,        No,   Reads,      Block,   "prevrandao",          "u",         0)    // block.prevrandao
BUILTIN(BlockDifficulty,        No,   Reads,      Block,   "difficulty",          "u",         0)    // block.difficulty
BUILTIN(BlockGasLimit,          No,   Reads,      Block,   "gaslimit",            "u",         0)    // block.gaslimit
BUILTIN(BlockBaseFee,           No,   Reads,      Block,   "basefee",             "u",         0)    // block.basefee
BUILTIN(BlockChainId,           No,   Reads,      Block,   "chainid",             "u",         0)    // block.chainid
BUILTIN(This,                   No,   Reads,      Other,   "",                    "",          0)    // this
BUILTIN(BlockHash,              No,   Reads,      Plain,   "blockhash",           "u->w",      -5)   // blockhash(n)
BUILTIN(GasLeft,                No,   Reads,      Plain,   "gasleft",             "->u",       -7)   // gasleft()
BUILTIN(Keccak256,              Pure, None,       Plain,   "keccak256",           "m->w",      -8)   // keccak256(b)
BUILTIN(Sha256,                 Pure, None,       Plain,   "sha256",              "m->w",      -22)  // sha256(b)
BUILTIN(Ripemd160,              Pure, None,       Plain,   "ripemd160",           "m->r",      -20)  // ripemd160(b)
BUILTIN(EcRecover,              Pure, None,       Plain,   "ecrecover",           "w8ww->a",   -6)   // ecrecover(…)
BUILTIN(AddMod,                 Pure, None,       Plain,   "addmod",              "uuu->u",    -2)   // addmod(a, b, m)
BUILTIN(MulMod,                 Pure, None,       Plain,   "mulmod",              "uuu->u",    -16)  // mulmod(a, b, m)
BUILTIN(Require,                No,   None,       Plain,   "require",             "...->",     -18)  // require(…)
BUILTIN(Assert,                 No,   None,       Plain,   "assert",              "b->",       -3)   // assert(c)
BUILTIN(Revert,                 No,   None,       Plain,   "revert",              "...->",     -19)  // revert(…)
BUILTIN(AbiEncode,              Pure, None,       Abi,     "encode",              "...->m",    0)    // abi.encode(…)
BUILTIN(AbiEncodePacked,        Pure, None,       Abi,     "encodePacked",        "...->m",    0)    // abi.encodePacked(…)
BUILTIN(AbiEncodeWithSelector,  Pure, None,       Abi,     "encodeWithSelector",  "4...->m",   0)    // abi.encodeWithSelector(…)
BUILTIN(AbiEncodeWithSignature, Pure, None,       Abi,     "encodeWithSignature", "s...->m",   0)    // abi.encodeWithSignature(…)
BUILTIN(AbiEncodeCall,          Pure, None,       Abi,     "encodeCall",          "...->m",    0)    // abi.encodeCall(…)
BUILTIN(AbiDecode,              Pure, None,       Abi,     "decode",              "...->",     0)    // abi.decode(…)
BUILTIN(AddressBalance,         No,   Reads,      Address, "balance",             "u",         0)    // a.balance
BUILTIN(AddressCode,            No,   Reads,      Address, "code",                "m",         0)    // a.code
BUILTIN(AddressCodeHash,        No,   Reads,      Address, "codehash",            "w",         0)    // a.codehash
BUILTIN(AddressCall,            No,   Changes,    Address, "call",                "m->bm",     0)    // a.call(…)
BUILTIN(AddressStaticCall,      No,   Reads,      Address, "staticcall",          "m->bm",     0)    // a.staticcall(…)
BUILTIN(AddressDelegateCall,    No,   Changes,    Address, "delegatecall",        "m->bm",     0)    // a.delegatecall(…)
BUILTIN(AddressCallCode,        No,   Changes,    Other,   "",                    "m->b",      0)    // a.callcode(…), before 0.5
BUILTIN(AddressSend,            No,   Changes,    Address, "send",                "u->b",      0)    // a.send(v)
BUILTIN(AddressTransfer,        No,   Changes,    Address, "transfer",            "u->",       0)    // a.transfer(v)
BUILTIN(TypeMin,                Pure, None,       Other,   "",                    "",          0)    // type(T).min
BUILTIN(TypeMax,                Pure, None,       Other,   "",                    "",          0)    // type(T).max
BUILTIN(TypeName,               Pure, None,       Other,   "",                    "",          0)    // type(C).name
BUILTIN(TypeInterfaceId,        Pure, None,       Other,   "",                    "",          0)    // type(I).interfaceId
BUILTIN(ArrayLength,            No,   None,       Other,   "",                    "",          0)    // x.length
BUILTIN(ArrayPush,              No,   Changes,    Other,   "",                    "",          0)    // x.push(…)
BUILTIN(ArrayPop,               No,   Changes,    Other,   "",                    "",          0)    // x.pop()
BUILTIN(BytesConcat,            No,   None,       Bytes,   "concat",              "...->m",    0)    // bytes.concat(…)
BUILTIN(StringConcat,           No,   None,       String,  "concat",              "...->s",    0)    // string.concat(…)
BUILTIN(FunctionSelector,       No,   None,       Other,   "",                    "",          0)    // f.selector
BUILTIN(CodeLength,             No,   Reads,      Other,   "",                    "",          0)    // a.code.length
BUILTIN(SelfDestruct,           No,   Changes,    Plain,   "selfdestruct",        "p->",       -21)  // selfdestruct(a)
BUILTIN(NewArray,               No,   None,       Other,   "",                    "",          0)    // new T[](n)
BUILTIN(Wrap,                   Pure, None,       Other,   "",                    "",          0)    // T.wrap(x)
BUILTIN(Unwrap,                 Pure, None,       Other,   "",                    "",          0)    // T.unwrap(x)
BUILTIN(FunctionAddress,        No,   None,       Other,   "",                    "",          0)    // f.address
BUILTIN(BlobHash,               No,   Reads,      Plain,   "blobhash",            "u->w",      -29)  // blobhash(n)
BUILTIN(BlockBlobBaseFee,       No,   Reads,      Block,   "blobbasefee",         "u",         0)    // block.blobbasefee
BUILTIN(TypeCreationCode,       Pure, None,       Other,   "",                    "",          0)    // type(C).creationCode
BUILTIN(TypeRuntimeCode,        Pure, None,       Other,   "",                    "",          0)    // type(C).runtimeCode
// clang-format on

#undef BUILTIN
