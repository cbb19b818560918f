// The built-in names of the language. The enumeration, and what the checker asks of each name, are made from this one list.
//
//     BUILTIN(name, pure, effect)    // how it is written
//
// Pure means that the value is known without reading state, so that it may be part of a constant, as in solc. `effect`
// is an enumerator of Effect (lang/program/builtins.hpp): what a function does that uses it. To use the list, define
// BUILTIN and include this file; there is deliberately no include guard.

// clang-format off
BUILTIN(MsgSender,               No,    Reads)       // msg.sender
BUILTIN(MsgValue,                No,    TakesEther)  // msg.value
BUILTIN(MsgData,                 No,    None)        // msg.data
BUILTIN(MsgSig,                  No,    None)        // msg.sig
BUILTIN(TxOrigin,                No,    Reads)       // tx.origin
BUILTIN(TxGasPrice,              No,    Reads)       // tx.gasprice
BUILTIN(BlockNumber,             No,    Reads)       // block.number
BUILTIN(BlockTimestamp,          No,    Reads)       // block.timestamp
BUILTIN(BlockCoinbase,           No,    Reads)       // block.coinbase
BUILTIN(BlockPrevRandao,         No,    Reads)       // block.prevrandao
BUILTIN(BlockDifficulty,         No,    Reads)       // block.difficulty
BUILTIN(BlockGasLimit,           No,    Reads)       // block.gaslimit
BUILTIN(BlockBaseFee,            No,    Reads)       // block.basefee
BUILTIN(BlockChainId,            No,    Reads)       // block.chainid
BUILTIN(This,                    No,    Reads)       // this
BUILTIN(BlockHash,               No,    Reads)       // blockhash(n)
BUILTIN(GasLeft,                 No,    Reads)       // gasleft()
BUILTIN(Keccak256,               Pure,  None)        // keccak256(b)
BUILTIN(Sha256,                  Pure,  None)        // sha256(b)
BUILTIN(Ripemd160,               Pure,  None)        // ripemd160(b)
BUILTIN(EcRecover,               Pure,  None)        // ecrecover(…)
BUILTIN(AddMod,                  Pure,  None)        // addmod(a, b, m)
BUILTIN(MulMod,                  Pure,  None)        // mulmod(a, b, m)
BUILTIN(Require,                 No,    None)        // require(…)
BUILTIN(Assert,                  No,    None)        // assert(c)
BUILTIN(Revert,                  No,    None)        // revert(…)
BUILTIN(AbiEncode,               Pure,  None)        // abi.encode(…)
BUILTIN(AbiEncodePacked,         Pure,  None)        // abi.encodePacked(…)
BUILTIN(AbiEncodeWithSelector,   Pure,  None)        // abi.encodeWithSelector(…)
BUILTIN(AbiEncodeWithSignature,  Pure,  None)        // abi.encodeWithSignature(…)
BUILTIN(AbiEncodeCall,           Pure,  None)        // abi.encodeCall(…)
BUILTIN(AbiDecode,               Pure,  None)        // abi.decode(…)
BUILTIN(AddressBalance,          No,    Reads)       // a.balance
BUILTIN(AddressCode,             No,    Reads)       // a.code
BUILTIN(AddressCodeHash,         No,    Reads)       // a.codehash
BUILTIN(AddressCall,             No,    Changes)     // a.call(…)
BUILTIN(AddressStaticCall,       No,    Reads)       // a.staticcall(…)
BUILTIN(AddressDelegateCall,     No,    Changes)     // a.delegatecall(…)
BUILTIN(AddressSend,             No,    Changes)     // a.send(v)
BUILTIN(AddressTransfer,         No,    Changes)     // a.transfer(v)
BUILTIN(TypeMin,                 Pure,  None)        // type(T).min
BUILTIN(TypeMax,                 Pure,  None)        // type(T).max
BUILTIN(TypeName,                Pure,  None)        // type(C).name
BUILTIN(TypeInterfaceId,         Pure,  None)        // type(I).interfaceId
BUILTIN(ArrayLength,             No,    None)        // x.length
BUILTIN(ArrayPush,               No,    Changes)     // x.push(…)
BUILTIN(ArrayPop,                No,    Changes)     // x.pop()
BUILTIN(BytesConcat,             No,    None)        // bytes.concat(…)
BUILTIN(StringConcat,            No,    None)        // string.concat(…)
BUILTIN(FunctionSelector,        No,    None)        // f.selector
BUILTIN(CodeLength,              No,    Reads)       // a.code.length
BUILTIN(SelfDestruct,            No,    Changes)     // selfdestruct(a)
BUILTIN(NewArray,                No,    None)        // new T[](n)
BUILTIN(Wrap,                    Pure,  None)        // T.wrap(x)
BUILTIN(Unwrap,                  Pure,  None)        // T.unwrap(x)
BUILTIN(FunctionAddress,         No,    None)        // f.address
BUILTIN(BlobHash,                No,    Reads)       // blobhash(n)
BUILTIN(BlockBlobBaseFee,        No,    Reads)       // block.blobbasefee
BUILTIN(TypeCreationCode,        Pure,  None)        // type(C).creationCode
BUILTIN(TypeRuntimeCode,         Pure,  None)        // type(C).runtimeCode
// clang-format on

#undef BUILTIN
