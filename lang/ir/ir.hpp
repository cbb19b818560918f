// The intermediate representation: typed, in SSA form, with block parameters instead of phi nodes.
//
// Code generation, the prover, the evaluator and the lints all read this one IR, so it keeps what they need: storage as
// *paths* (`balances[k]`, not keccak slots), checked arithmetic as one operation with its revert edge, guards with the
// failure that they raise, and external calls as block terminators. A block is therefore a segment or part of one, and
// control can leave the contract only at its end. Modifiers are inlined, internal calls are calls, and specifications
// are functions of their own from which no bytecode is made.
//
// Values are numbered per function. A value is either a block parameter or the result of the instruction that defines
// it, and it dominates its uses. Block 0 is the entry; its parameters are the function's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lang/diagnostics/source.hpp"
#include "lang/ir/ops.hpp"
#include "lang/ir/values.hpp"
#include "vm/opcodes.hpp"
#include "vm/word.hpp"

namespace interlock::lang::ir {

using vm::Word;

// --- types ---
enum class TypeKind : std::uint8_t {
    Bool,
    Uint,  // bits: 8…256
    Int,   // bits: 8…256, two's complement sign-extended to the word
    Address,
    FixedBytes,  // bits: 8…256; left-aligned in the word
    Enum,        // bits: 8; members: their number
    Bytes,       // a memory reference: address of a word with the length, then the bytes
    String,      // the same
    Integer,     // specifications only: unbounded
    Data,        // signatures only: an array or struct that the function encodes itself; no value has this type
};

struct Type {
    TypeKind kind = TypeKind::Uint;
    std::uint16_t bits = 256;
    std::uint16_t members = 0;
    friend bool operator==(const Type&, const Type&) = default;

    [[nodiscard]] bool is_reference() const { return kind == TypeKind::Bytes || kind == TypeKind::String; }
    [[nodiscard]] bool is_signed() const { return kind == TypeKind::Int || kind == TypeKind::Integer; }
};
inline constexpr Type bool_type{TypeKind::Bool, 8};
inline constexpr Type uint256_type{TypeKind::Uint, 256};
inline constexpr Type address_type{TypeKind::Address, 160};
inline constexpr Type bytes32_type{TypeKind::FixedBytes, 256};
inline constexpr Type bytes_type{TypeKind::Bytes, 0};
inline constexpr Type string_type{TypeKind::String, 0};
inline constexpr Type integer_type{TypeKind::Integer, 0};
inline constexpr Type data_type{TypeKind::Data, 0};

[[nodiscard]] std::string abi_name(const Type&);  // "uint256", "address", "bytes"; an enum is "uint8"

// --- storage ---
using StorageTypeIndex = std::uint32_t;

struct StorageField {
    std::string name;
    StorageTypeIndex type = 0;
    Word slot;                // relative to the start of the struct
    std::uint8_t offset = 0;  // bytes from the low end of the slot
};

struct StorageType {
    enum class Kind : std::uint8_t { Value, Bytes /* and string */, Mapping, Struct, FixedArray, DynamicArray };
    Kind kind = Kind::Value;
    std::string name;                  // as in the source: "mapping(address => uint256)", "struct Bank.Account"
    Type value;                        // Value; Bytes: bytes_type or string_type
    Type key;                          // Mapping
    StorageTypeIndex element = 0;      // Mapping, arrays
    Word length;                       // FixedArray
    std::vector<StorageField> fields;  // Struct
    Word slots{1};                     // number of slots
    std::uint8_t bytes = 32;           // of a value within its slot
};

struct StateVariable {
    std::string name;
    StorageTypeIndex type = 0;
    Word slot;
    std::uint8_t offset = 0;
    bool is_immutable = false;  // stored in the code instead of storage; `slot` is its index among the immutables
    bool is_public = false;
    SourceRange range;
};

// The path from a state variable to a storage place: `proposals[id].votes` is proposals, [Key id, Field votes].
struct PlaceStep {
    enum class Kind : std::uint8_t { Key, Field, Element };
    Kind kind = Kind::Key;
    std::uint32_t operand = 0;  // Key, Element: index of the operand that is the key; Field: index into `fields`
};

struct Place {
    std::uint32_t variable = 0;  // index into Contract::state
    std::vector<PlaceStep> steps;
};

// --- instructions ---
// lang/ir/op_list.hpp defines the operations: their operands, results and effects.

// How a failing Guard or a Revert ends the call.
struct Failure {
    enum class Kind : std::uint8_t { Empty, Panic, ErrorString, CustomError, Forward /* the callee's revert data */ };
    Kind kind = Kind::Empty;
    std::uint8_t panic_code = 0;
    std::string message;      // ErrorString with constant text; otherwise the first argument is a String
    std::uint32_t error = 0;  // CustomError: index into Contract::errors
};

struct Instruction {
    Op op = Op::Constant;
    Type type;  // of the result; for Store of the stored value
    bool checked = false;
    bool at_entry = false;  // specifications: reads the state at the start of the function (`old`)
    Value result;           // none for Store, Guard, Emit, …
    Values operands;
    Word word;
    std::string data;
    Place place;
    Failure failure;
    // Index into Contract::functions. InternalCall: what is called. Load, Store and Clear of byte strings: what does it with
    // words: (slot) -> address in memory; (slot, address) ->.
    std::uint32_t callee = 0;
    std::uint32_t number = 0;               // Result
    std::uint32_t event = 0;                // Emit: index into Contract::events
    vm::Opcode opcode{};                    // Evm
    std::optional<std::uint32_t> selector;  // Reinterpret: to bytes that begin with it, as far as the source tells
    SourceRange range;
};

// --- blocks ---
using BlockIndex = std::uint32_t;

struct Jump {  // to a block, with a value for each of its parameters
    BlockIndex block = 0;
    Values arguments;
};

// Control leaves the contract. The results are the parameters of the block `next`, after those that its arguments fill:
//   Method:                            the decoded return values; a failure (Forward) or undecodable data (Empty) reverts
//   LowLevel, LowLevelStatic, LowLevelDelegate:  ok (Bool), return data (Bytes)
//   Send:                              ok (Bool)
//   Transfer:                          no results; a failure is forwarded
//   Create:                            the new contract's address; a failure is forwarded
//   Raw:                               the opcode's result as a uint256: success, or the new address, or zero
// The ABI of words is the code generator's; where a byte string, an array or a struct is passed or returned the lowering
// has made a Raw call of it.
// A Method or Create with `tries` does not forward a failure: its first results are ok (Bool) and the revert data
// (Bytes, empty after a success), followed by the results, which are meaningless after a failure.
struct ExternalCall {
    enum class Kind : std::uint8_t { Method, LowLevel, LowLevelStatic, LowLevelDelegate, Send, Transfer, Create, Raw };
    Kind kind = Kind::Method;
    std::uint32_t method = 0;               // Method: index into Contract::methods; the call checks that the target has code
    bool is_of_method = false;              // Raw: a call of `method`
    std::optional<std::uint32_t> selector;  // Raw: the call data begins with it, as far as the source tells
    std::uint32_t creates = 0;              // Create: index into Contract::creates
    bool is_encoded = false;                // Create: the only argument is Bytes that hold the encoded arguments
    vm::Opcode opcode{};                    // Raw: CALL, CALLCODE, DELEGATECALL, STATICCALL, CREATE or CREATE2
    bool tries = false;                     // Method, Create: inside a try statement
    Value target;                           // an address; unused for Create and Raw
    Value value;                            // in wei; not set: zero
    Value gas;                              // not set: all but a 64th (Send and Transfer: the 2,300 stipend)
    Value salt;                             // Create
    Values arguments;  // Method, Create: as declared; LowLevel…: the call data (Bytes); Raw: uint256 words, topmost first
    Jump next;
};

struct Terminator {
    enum class Kind : std::uint8_t { Jump, Branch, Return, Revert, External, Unreachable };
    Kind kind = Kind::Unreachable;
    Value condition;       // Branch
    Jump then, otherwise;  // Jump: `then`
    Values values;         // Return: the results; Revert: the failure's arguments
    Failure failure;       // Revert
    ExternalCall call;     // External
    SourceRange range;
};

struct Parameter {
    Value value;
    Type type;
};

struct Block {
    std::vector<Parameter> parameters;
    std::vector<Instruction> instructions;
    Terminator terminator;
    bool is_loop_head = false;
};

// --- functions and contracts ---
// A parameter or a result. For type Data `data` gives the type: "uint256[3][]", or "tuple[]" with the struct's
// fields. For an external function, whose type is otherwise bytes24, it is "function". For an address that is declared
// as a contract, and for an array of those, `contract` is the contract's name; it takes no part in comparisons.
struct NamedType {
    std::string name;
    Type type;
    std::string data = {};
    std::vector<NamedType> fields = {};
    std::string contract = {};
    friend bool operator==(const NamedType& a, const NamedType& b) {
        return a.name == b.name && a.type == b.type && a.data == b.data && a.fields == b.fields;
    }
};
[[nodiscard]] std::string abi_name(const NamedType&);  // the name in a signature: "(uint256,bytes)[]"

enum class FunctionKind : std::uint8_t {
    Ordinary,
    Constructor,
    Receive,
    Fallback,
    Getter,
    Specification,  // returns one Bool: an invariant (no parameters), or a clause (see Contract::clauses)
};
enum class Mutability : std::uint8_t { NonPayable, Pure, View, Payable };

struct Function {
    FunctionKind kind = FunctionKind::Ordinary;
    std::string name;       // "withdraw"; "constructor", "receive", "fallback"; "invariant solvent"
    bool is_entry = false;  // callable from outside: through its selector, or as receive or fallback
    std::uint32_t selector = 0;
    Mutability mutability = Mutability::NonPayable;
    std::vector<NamedType> parameters, returns;
    bool is_implicit = false;  // a constructor that the source does not have; it sets initial values
    // Decodes its parameters and encodes its results itself. The entry block then has no parameters, except in a
    // constructor, where it has two: where the arguments begin in memory, and where they end.
    bool is_raw = false;
    std::vector<Block> blocks;
    std::uint32_t values = 0;  // number of values: every Value index is below it
    SourceRange range;         // of its head in the source

    [[nodiscard]] std::string signature() const;  // "withdraw(uint256)"
};

struct Event {
    std::string name;
    std::vector<NamedType> parameters;
    std::vector<bool> indexed;
    bool anonymous = false;
    bool is_listed = true;  // in the interface; otherwise code only reads its topic
};
struct Error {
    std::string name;
    std::vector<NamedType> parameters;
    std::uint32_t selector = 0;
    bool is_listed = true;  // in the interface; otherwise code only reads its selector
};

// A function of another contract that is called through an interface (or through `this`).
struct Method {
    std::string contract, name;
    std::uint32_t selector = 0;
    Mutability mutability = Mutability::NonPayable;  // View and Pure are called with STATICCALL
    std::vector<NamedType> parameters, returns;
    bool is_view = false;  // declared View or Pure, also where an older dialect has it called with CALL
    friend bool operator==(const Method&, const Method&) = default;
};

struct Invariant {
    std::string label;           // "solvent", or "invariant 1"
    bool strong = false;         // also holds at every external call
    std::uint32_t function = 0;  // its Specification function
    std::string text;            // the expression as written
    SourceRange range;
};

// A requires, ensures or reverts-if of one function. Its Specification function takes the function's parameters and,
// for ensures, its results; loads with `at_entry` read the state before the call.
struct Clause {
    enum class Kind : std::uint8_t { Requires, Ensures, RevertsIf };
    Kind kind = Kind::Ensures;
    std::string label;          // "withdraw: ensures 1"
    std::uint32_t subject = 0;  // index into functions
    std::uint32_t function = 0;
    std::string text;
    SourceRange range;
};

// What code does where compilers before 0.8 made another choice.
struct Conventions {
    bool failures_are_invalid = false;  // INVALID, which takes all gas, where it would revert with a Panic
    bool input_is_masked = false;       // bits that a type does not have are cut off when words are decoded
    bool input_is_padded = false;       // call data that ends too early reads as zeros
};

struct Contract {
    std::string name;
    std::string identity;        // the name, or "path:Name" if another contract of the compilation has the same name
    bool is_interface = false;   // has only methods, the heads of receive and fallback functions, and no code
    std::string qualified_name;  // "path:Name"
    bool is_library = false;     // has functions that other contracts call
    bool is_opaque = false;      // known by its bytecode alone: the functions are heads, and there are no state variables
    Conventions conventions;
    std::vector<StorageType> storage_types;
    std::vector<StateVariable> state;
    std::vector<Function> functions;
    std::vector<Event> events;
    std::vector<Error> errors;
    std::vector<Method> methods;
    std::vector<std::string> creates;    // `identity` of contracts that are created with `new` or whose code is read
    std::vector<std::string> libraries;  // libraries whose functions are called externally: "path:Name", as for linking
    std::vector<Invariant> invariants;
    std::vector<Clause> clauses;
    std::uint32_t constructor = none;  // index into functions; it sets initial values; none: there is nothing to do
    SourceRange range;
    static constexpr std::uint32_t none = 0xffffffff;
};

// Returns the text form: one instruction per line, storage as paths. It is stable, for tests and `build --emit=ir`.
[[nodiscard]] std::string print(const Contract&);
[[nodiscard]] std::string print(const Contract&, const Function&);

// Checks the structural rules: every value is defined once and dominates its uses, types of operands are as
// lang/ir/op_list.hpp says, block arguments match parameters. Returns one line per violation. Tests verify what the
// lowering produces.
[[nodiscard]] std::vector<std::string> verify(const Contract&);

}  // namespace interlock::lang::ir
