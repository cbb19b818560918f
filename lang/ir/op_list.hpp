// The operations of the IR. The enumeration, the text form, the verification, the effects and the classes of code
// generation are all made from this one list.
//
//     IR_OP(name, text, group, detail, operands, result, effects, code)
//
// `group` and `detail` are enumerators of Group and Detail; `effects` and `code` are written in the words of the namespaces
// `effects` and `making`: all in lang/ir/ops.hpp. `operands` and `result` are letters, one for each value:
//
//     B Bool    U uint256    8 uint8    A address    H bytes32    R bytes20    S bytes4    1 bytes1    Y bytes    I Integer
//     b bytes or a string             w a word: any type but b and Integer            i anything but an Integer
//     c a word or an Integer, of the same type as the other `c`                       v anything
//     n a number       s a signed number       z a machine number or fixed bytes       l one of these, or a Bool
//     T the instruction's own type        u an unsigned number, or an Integer if the instruction has that type
//     * any number of operands, which lang/ir/verify.cpp checks further                [..] these, or none
//     - no result                                                                     ? the opcode's results
//
// To use the list, define IR_OP and include this file; there is deliberately no include guard.

// clang-format off
// A constant Integer is made by converting a word.
IR_OP(Constant,       "constant",       Constant,      Word,     "",     'w', pure,                              anywhere())
IR_OP(Literal,        "literal",        Constant,      Data,     "",     'b', takes_memory,                      own)

// The environment of the call. CallData may have operands: where its bytes start, and how many there are.
IR_OP(Caller,         "caller",         Surroundings,  None,     "",     'A', reads(Environment),                anywhere(CALLER))
IR_OP(CallValue,      "callvalue",      Surroundings,  None,     "",     'U', reads(Environment),                anywhere(CALLVALUE))
IR_OP(Origin,         "origin",         Surroundings,  None,     "",     'A', reads(Environment),                anywhere(ORIGIN))
IR_OP(GasPrice,       "gasprice",       Surroundings,  None,     "",     'U', reads(Environment),                anywhere(GASPRICE))
IR_OP(This,           "this",           Surroundings,  None,     "",     'A', reads(Environment),                anywhere(ADDRESS))
IR_OP(SelfBalance,    "selfbalance",    Surroundings,  None,     "",     'U', reads(Accounts),                   opcode(SELFBALANCE))
IR_OP(BlockNumber,    "blocknumber",    Surroundings,  None,     "",     'U', reads(Environment),                anywhere(NUMBER))
IR_OP(Timestamp,      "timestamp",      Surroundings,  None,     "",     'U', reads(Environment),                anywhere(TIMESTAMP))
IR_OP(Coinbase,       "coinbase",       Surroundings,  None,     "",     'A', reads(Environment),                anywhere(COINBASE))
IR_OP(PrevRandao,     "prevrandao",     Surroundings,  None,     "",     'U', reads(Environment),                anywhere(PREVRANDAO))
IR_OP(GasLimit,       "gaslimit",       Surroundings,  None,     "",     'U', reads(Environment),                anywhere(GASLIMIT))
IR_OP(BaseFee,        "basefee",        Surroundings,  None,     "",     'U', reads(Environment),                anywhere(BASEFEE))
IR_OP(ChainId,        "chainid",        Surroundings,  None,     "",     'U', reads(Environment),                anywhere(CHAINID))
IR_OP(GasLeft,        "gasleft",        Surroundings,  None,     "",     'U', reads(GasLeft),                    opcode(GAS))
IR_OP(CallData,       "calldata",       Surroundings,  None,     "[UU]", 'b', reads(CallData) | takes_memory,    own)
IR_OP(CallSelector,   "callselector",   Surroundings,  None,     "",     'S', reads(CallData),                   own)
IR_OP(Balance,        "balance",        Surroundings,  None,     "A",    'U', reads(Accounts),                   opcode(BALANCE))
IR_OP(CodeLength,     "codelength",     Surroundings,  None,     "A",    'U', reads(Accounts),                   opcode(EXTCODESIZE))
IR_OP(CodeHash,       "codehash",       Surroundings,  None,     "A",    'H', reads(Accounts),                   opcode(EXTCODEHASH))
IR_OP(BlockHash,      "blockhash",      Surroundings,  None,     "U",    'H', reads(Environment),                opcode(BLOCKHASH))
IR_OP(BlobHash,       "blobhash",       Surroundings,  None,     "U",    'H', reads(Environment),                opcode(BLOBHASH))
IR_OP(BlobBaseFee,    "blobbasefee",    Surroundings,  None,     "",     'U', reads(Environment),                opcode(BLOBBASEFEE))

// Arithmetic on the instruction's type. Checked: reverts with Panic(0x11) when the result does not fit. Div and Mod revert
// with Panic(0x12) on zero, checked or not.
IR_OP(Add,            "add",            Arithmetic,    None,     "TT",   'n', fails_when_checked,                arithmetic(ADD))
IR_OP(Sub,            "sub",            Arithmetic,    None,     "TT",   'n', fails_when_checked,                arithmetic(SUB))
IR_OP(Mul,            "mul",            Arithmetic,    None,     "TT",   'n', fails_when_checked,                arithmetic(MUL))
IR_OP(Div,            "div",            Arithmetic,    None,     "TT",   'n', may_fail,                          arithmetic(DIV))
IR_OP(Mod,            "mod",            Arithmetic,    None,     "TT",   'n', may_fail,                          arithmetic(MOD))
IR_OP(Exp,            "exp",            Arithmetic,    None,     "Tu",   'n', fails_when_checked,                arithmetic(EXP))
IR_OP(Negate,         "negate",         Arithmetic,    None,     "T",    's', fails_when_checked,                arithmetic())
// Shift `a` by the Uint `b`; Shr is arithmetic for Int; never checked.
IR_OP(Shl,            "shl",            Bits,          None,     "Tu",   'z', pure,                              arithmetic())
IR_OP(Shr,            "shr",            Bits,          None,     "Tu",   'z', pure,                              arithmetic())
// On Bool they are logical and do not short-circuit.
IR_OP(And,            "and",            Bits,          None,     "TT",   'l', pure,                              opcode(AND))
IR_OP(Or,             "or",             Bits,          None,     "TT",   'l', pure,                              opcode(OR))
IR_OP(Xor,            "xor",            Bits,          None,     "TT",   'l', pure,                              opcode(XOR))
IR_OP(Not,            "not",            Bits,          None,     "T",    'l', pure,                              arithmetic())
// Comparisons are signed if the operands are.
IR_OP(Equal,          "equal",          Comparison,    None,     "cc",   'B', pure,                              arithmetic(EQ))
IR_OP(NotEqual,       "notequal",       Comparison,    None,     "cc",   'B', pure,                              arithmetic())
IR_OP(Less,           "less",           Comparison,    None,     "cc",   'B', pure,                              arithmetic(LT))
IR_OP(LessEqual,      "lessequal",      Comparison,    None,     "cc",   'B', pure,                              arithmetic())
IR_OP(Greater,        "greater",        Comparison,    None,     "cc",   'B', pure,                              arithmetic(GT))
IR_OP(GreaterEqual,   "greaterequal",   Comparison,    None,     "cc",   'B', pure,                              arithmetic())
// Select is a ? b : c, with all three evaluated.
IR_OP(Select,         "select",         Choice,        None,     "BTT",  'v', pure,                              own)
// Convert truncates, extends or realigns like Solidity's explicit conversion. To Enum it reverts with Panic(0x21) if
// the value is out of range; to Integer it gives the value.
IR_OP(Convert,        "convert",        Conversion,    None,     "v",    'v', fails_to_enum,                     own)

// Storage. The operands are the keys, in the order of the place's steps; Store takes the value after them. Load of
// Bytes and String copies to fresh memory; Store of them copies to storage.
IR_OP(Load,           "load",           Storage,       Place,    "*",    'v', reads(Storage) | takes_memory,     no_code)
IR_OP(Store,          "store",          Storage,       Stored,   "*",    '-', writes(Storage),                   no_code)
IR_OP(LoadImmutable,  "loadimmutable",  Storage,       Place,    "*",    'v', reads(RunningCode),                own)
// StoreImmutable occurs only in the constructor.
IR_OP(StoreImmutable, "storeimmutable", Storage,       Stored,   "*",    '-', writes(RunningCode),               own)
// Clear takes a value or a struct; mappings inside stay.
IR_OP(Clear,          "clear",          Storage,       Place,    "*",    '-', writes(Storage),                   no_code)
// SlotOf gives the slot where the place starts; keys may be bytes.
IR_OP(SlotOf,         "slotof",         Storage,       Place,    "*",    'U', reads(Memory),                     own)

// Bytes and strings in memory.
IR_OP(BytesLength,    "byteslength",    Bytes,         None,     "b",    'U', reads(Memory),                     opcode(MLOAD))
// BytesAt reverts with Panic(0x32) outside the bounds.
IR_OP(BytesAt,        "bytesat",        Bytes,         None,     "YU",   '1', reads(Memory) | may_fail,          own)
IR_OP(Keccak,         "keccak",         Bytes,         None,     "Y",    'H', reads(Memory),                     own)
// Calls of precompiled contracts, which cannot fail. EcRecover takes hash, v, r, s and gives zero for an invalid signature.
IR_OP(Sha256,         "sha256",         Bytes,         None,     "Y",    'H', reads(Memory) | takes_memory,      own)
IR_OP(Ripemd160,      "ripemd160",      Bytes,         None,     "Y",    'R', reads(Memory) | takes_memory,      own)
IR_OP(EcRecover,      "ecrecover",      Bytes,         None,     "H8HH", 'A', takes_memory,                      own)
// AddMod and MulMod compute with `a` and `b` modulo `c` without overflow; `c` must not be zero.
IR_OP(AddMod,         "addmod",         Arithmetic,    None,     "UUU",  'U', pure,                              opcode(ADDMOD))
IR_OP(MulMod,         "mulmod",         Arithmetic,    None,     "UUU",  'U', pure,                              opcode(MULMOD))
// Read at byte `b` of `a`: WordAt a word, which the user has checked to be inside; the others bytes or a string, a
// length and what follows it.
IR_OP(WordAt,         "wordat",         Bytes,         None,     "YU",   'U', reads(Memory),                     own)
IR_OP(BytesInside,    "bytesinside",    Bytes,         None,     "YU",   'b', reads(Memory),                     own)
// ContractCode is the code of Contract::creates[callee], the runtime code if `number` is 1. The address of
// Contract::libraries[callee] is known when the code is linked.
IR_OP(ContractCode,   "contractcode",   Bytes,         Contract, "",     'Y', reads(RunningCode) | takes_memory, own)
IR_OP(LibraryAddress, "libraryaddress", Surroundings,  Library,  "",     'A', reads(RunningCode),                own)

// The machine itself, used for arrays, structs and assembly. Evm executes `opcode` on uint256 words, operand 0 topmost
// on its stack; calls and creations are excluded. Reinterpret gives the word `a` another type: the address of bytes as
// a number, a Bool as 0 or 1, and back.
IR_OP(Evm,            "evm",            Machine,       Opcode,   "*",    '?', as_its_opcode,                     own)
IR_OP(Reinterpret,    "reinterpret",    Conversion,    None,     "i",    'i', pure,                              own)

// Control inside a block. Guard fails with `failure`, whose arguments are the further operands, unless the Bool `a`
// holds. The result of an InternalCall is only a handle, from which Result takes result number `number`.
IR_OP(Guard,          "guard",          Control,       Failure,  "B*",   '-', may_fail,                          own)
IR_OP(InternalCall,   "call",           Control,       Function, "*",    'v', runs_anything,                     own)
IR_OP(Result,         "result",         Control,       Number,   "*",    'v', reads(ReturnData),                 no_code)
IR_OP(Emit,           "emit",           Control,       Event,    "*",    '-', reads(Memory) | writes(Logs),      own)

// Specifications only. Sum adds up all entries of the mapping at the place; the last step may be a Field of its struct.
// Assume tells the prover that `a` holds from here on; Check asks it to prove `a`. No code is made of them, nor of
// values that only they use.
IR_OP(Sum,            "sum",            Specification, Place,    "*",    'I', reads(Storage),                    no_code)
IR_OP(Assume,         "assume",         Specification, None,     "B",    '-', concerns_the_proof,                no_code)
IR_OP(Check,          "check",          Specification, None,     "B",    '-', concerns_the_proof,                no_code)
// clang-format on

#undef IR_OP
