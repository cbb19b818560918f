// The syntax tree: what the source says, before anything is known about names and types.
//
// Nodes live in flat arrays of one Tree and refer to each other by index; every node has its source range. Text in
// nodes views the source. The tree never changes after the parse: what the checker finds out is kept beside it
// (lang/program.hpp), indexed by the same ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <deque>
#include <vector>

#include "lang/source.hpp"

namespace interlock::lang {

// An index into one of the Tree's arrays; 0 is "none" (index 0 of each array is a placeholder).
template <class Tag>
struct Id {
    std::uint32_t index = 0;
    explicit operator bool() const { return index != 0; }
    friend auto operator<=>(Id, Id) = default;
};
using ExprId = Id<struct ExprTag>;
using StmtId = Id<struct StmtTag>;
using TypeNameId = Id<struct TypeNameTag>;
using VariableId = Id<struct VariableTag>;
using FunctionId = Id<struct FunctionTag>;
using StructId = Id<struct StructTag>;
using EnumId = Id<struct EnumTag>;
using EventId = Id<struct EventTag>;
using ErrorId = Id<struct ErrorTag>;
using ModifierId = Id<struct ModifierTag>;
using ContractId = Id<struct ContractTag>;

struct Name {
    std::string_view text;
    SourceRange range;
};

struct Path {              // a.b.c
    std::vector<Name> parts;
    SourceRange range;
};

// --- types as written ------------------------------------------------------------------------------------------------
enum class TypeNameKind : std::uint8_t { Error, Elementary, UserDefined, Mapping, Array };

struct TypeName {
    TypeNameKind kind = TypeNameKind::Error;
    SourceRange range;
    std::string_view elementary;      // "uint256", "address", "bytes32", as written ("uint" stays "uint")
    bool payable = false;             // address payable
    Path path;                        // UserDefined
    TypeNameId key, value;            // Mapping; Array: value is the element
    Name key_name, value_name;        // mapping(address owner => uint256 amount)
    ExprId length;                    // Array; none: dynamic
};

// --- expressions -----------------------------------------------------------------------------------------------------
enum class ExprKind : std::uint8_t {
    Error,           // left by recovery; already reported
    Number,          // text: "1_000", "0xff", "1.5e3"; unit
    String,          // text: the value, escapes resolved; adjacent literals joined. `bytes_value` of the tree owns it
    HexString,       // text: the bytes
    Bool,            // flag
    Name,            // text
    ElementaryType,  // text: `uint256` in uint256(x), `payable` in payable(x); flag: `address payable`
    Member,          // a . text
    Index,           // a [ b ]; b may be none (a type expression: uint256[])
    Slice,           // a [ b : c ], b and c optional
    Call,            // a ( list ), names where named
    CallOptions,     // a { names: list }
    Unary,           // op a
    PostfixUnary,    // a op
    Binary,          // a op b
    Conditional,     // a ? b : c
    Assign,          // a op= b
    Tuple,           // ( list ), holes are none; one element: parentheses
    ArrayLiteral,    // [ list ]
    New,             // new type
    TypeOf,          // type ( type )
    Old,             // old ( a )
    Result,          // result, or result.text
    // Old, Result, Sum and Quantified exist only inside specifications: elsewhere these words are ordinary names.
    Sum,             // sum ( a ), or sum ( a . field ): text is the field
    Quantified,      // forall/exists ( variables ) a; flag: forall; b: the range after `in`, optional
};

enum class UnaryOp : std::uint8_t { Not, BitNot, Negate, Increment, Decrement, Delete };
enum class BinaryOp : std::uint8_t {
    Power, Multiply, Divide, Modulo, Add, Subtract, ShiftLeft, ShiftRight, BitAnd, BitXor, BitOr,
    Less, Greater, LessEqual, GreaterEqual, Equal, NotEqual, And, Or, Implies, Iff,
};
[[nodiscard]] constexpr bool is_arithmetic(BinaryOp op) { return op <= BinaryOp::Subtract; }
[[nodiscard]] constexpr bool is_shift(BinaryOp op) { return op == BinaryOp::ShiftLeft || op == BinaryOp::ShiftRight; }
enum class AssignOp : std::uint8_t { Plain, Add, Subtract, Multiply, Divide, Modulo, ShiftLeft, ShiftRight, BitAnd, BitXor, BitOr };
enum class NumberUnit : std::uint8_t { None, Wei, Gwei, Ether, Seconds, Minutes, Hours, Days, Weeks };

struct Expr {
    ExprKind kind = ExprKind::Error;
    SourceRange range;
    std::string_view text;
    SourceRange name_range;           // of the member or operator, where one is pointed at
    UnaryOp unary{};
    BinaryOp binary{};
    AssignOp assign{};
    NumberUnit unit{};
    bool flag = false;
    ExprId a, b, c;
    std::vector<ExprId> list;
    std::vector<Name> names;          // of named arguments and call options, parallel to `list`; else empty
    TypeNameId type;
    std::vector<VariableId> variables;
};

// --- variables: parameters, locals, state variables, fields ---------------------------------------------------------------
enum class DataLocation : std::uint8_t { None, Memory, Storage, Calldata };
enum class Visibility : std::uint8_t { None, Public, External, Internal, Private };
enum class Mutability : std::uint8_t { NonPayable, Pure, View, Payable };

struct Variable {
    SourceRange range;
    Name name;                        // empty text: unnamed
    TypeNameId type;
    DataLocation location = DataLocation::None;
    Visibility visibility = Visibility::None;
    bool is_constant = false, is_immutable = false, is_transient = false, is_indexed = false, is_ghost = false;
    ExprId initial;                   // state variables and ghosts
};

// --- statements ------------------------------------------------------------------------------------------------------
enum class StmtKind : std::uint8_t {
    Error,
    Block,           // list
    UncheckedBlock,  // list
    If,              // expr, body, other
    While,           // expr, body
    DoWhile,         // body, expr
    For,             // init, expr, step, body; invariants
    Break, Continue,
    Return,          // expr or none
    Emit,            // expr: a call
    Revert,          // expr: the call of an error, or `revert("why")` itself; none: `revert();`
    Placeholder,     // _;
    Declare,         // variables (one, or a tuple with none for holes), expr
    Expression,      // expr
    Assume, Check,   // expr
};

struct Stmt {
    StmtKind kind = StmtKind::Error;
    SourceRange range;
    std::vector<StmtId> list;
    StmtId init, body, other;
    ExprId expr, step;
    std::vector<VariableId> variables;
    std::vector<ExprId> invariants;   // of a loop
};

// --- declarations ----------------------------------------------------------------------------------------------------
enum class SpecKind : std::uint8_t { Requires, Ensures, Modifies, RevertsIf, Nonreentrant };

struct SpecClause {
    SpecKind kind{};
    SourceRange range;
    Name label;
    ExprId expr;                      // Requires, Ensures, RevertsIf
    std::vector<ExprId> paths;        // Modifies
    std::string_view message;
};

struct Invocation {                   // a modifier, or a base constructor
    Path path;
    std::vector<ExprId> arguments;
    bool has_arguments = false;       // written with parentheses
    SourceRange range;
};

enum class FunctionKind : std::uint8_t { Function, Constructor, Receive, Fallback };

struct Function {
    FunctionKind kind = FunctionKind::Function;
    SourceRange range;                // all of it
    SourceRange head;                 // up to the body
    Name name;                        // "constructor", "receive", "fallback" for those
    std::vector<VariableId> parameters, returns;
    Visibility visibility = Visibility::None;
    Mutability mutability = Mutability::NonPayable;
    bool is_virtual = false, is_override = false;
    std::vector<Invocation> modifiers;
    std::vector<SpecClause> specs;
    StmtId body;                      // none: declared only
};

struct Modifier { SourceRange range; Name name; std::vector<VariableId> parameters; StmtId body; };
struct Event { SourceRange range; Name name; std::vector<VariableId> parameters; bool anonymous = false; };
struct ErrorDefinition { SourceRange range; Name name; std::vector<VariableId> parameters; };
struct Struct { SourceRange range; Name name; std::vector<VariableId> fields; };
struct Enum { SourceRange range; Name name; std::vector<Name> values; };

struct Invariant {
    SourceRange range;
    Name label;                       // may be empty
    bool strong = false;              // written `invariant!`: also holds at every external call
    ExprId expr;
};

enum class ContractKind : std::uint8_t { Contract, AbstractContract, Interface, Library };

struct Contract {
    ContractKind kind = ContractKind::Contract;
    SourceRange range;
    Name name;
    std::vector<Invocation> bases;
    std::vector<VariableId> state_variables;  // ghosts included
    std::vector<FunctionId> functions;
    std::vector<ModifierId> modifiers;
    std::vector<EventId> events;
    std::vector<ErrorId> errors;
    std::vector<StructId> structs;
    std::vector<EnumId> enums;
    std::vector<Invariant> invariants;
};

struct Pragma { SourceRange range; std::string_view text; };

struct Tree {
    std::vector<Expr> exprs{1};
    std::vector<Stmt> stmts{1};
    std::vector<TypeName> types{1};
    std::vector<Variable> variables{1};
    std::vector<Function> functions{1};
    std::vector<Modifier> modifiers{1};
    std::vector<Event> events{1};
    std::vector<ErrorDefinition> errors{1};
    std::vector<Struct> structs{1};
    std::vector<Enum> enums{1};
    std::vector<Contract> contracts{1};

    // Top level, in source order.
    std::vector<Pragma> pragmas;
    std::vector<ContractId> top_contracts;
    std::vector<FunctionId> top_functions;
    std::vector<StructId> top_structs;
    std::vector<EnumId> top_enums;
    std::vector<EventId> top_events;
    std::vector<ErrorId> top_errors;
    std::vector<VariableId> top_constants;

    std::deque<std::string> owned_text;  // string values with escapes resolved; a deque, because views point in here

    const Expr& operator[](ExprId id) const { return exprs[id.index]; }
    const Stmt& operator[](StmtId id) const { return stmts[id.index]; }
    const TypeName& operator[](TypeNameId id) const { return types[id.index]; }
    const Variable& operator[](VariableId id) const { return variables[id.index]; }
    const Function& operator[](FunctionId id) const { return functions[id.index]; }
    const Modifier& operator[](ModifierId id) const { return modifiers[id.index]; }
    const Event& operator[](EventId id) const { return events[id.index]; }
    const ErrorDefinition& operator[](ErrorId id) const { return errors[id.index]; }
    const Struct& operator[](StructId id) const { return structs[id.index]; }
    const Enum& operator[](EnumId id) const { return enums[id.index]; }
    const Contract& operator[](ContractId id) const { return contracts[id.index]; }
};

}  // namespace interlock::lang
