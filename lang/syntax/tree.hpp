// The syntax tree: the source's structure, before anything is known about names and types.
//
// Nodes are in flat arrays of one Tree and refer to each other by index; every node has its source range. Text in nodes
// views the source. One Tree holds all files of a compilation, each a Unit; a declaration knows its Scope. The tree
// never changes after the parse: the checker keeps its results beside it (lang/program/program.hpp), indexed by the
// same ids. Assembly has a tree of its own, lang/syntax/yul_tree.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/dialect.hpp"
#include "lang/syntax/node.hpp"
#include "lang/syntax/yul_tree.hpp"

namespace interlock::lang {

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
using ValueTypeId = Id<struct ValueTypeTag>;
using UsingId = Id<struct UsingTag>;
using ScenarioId = Id<struct ScenarioTag>;
using UnitId = Id<struct UnitTag>;

struct Path {  // a.b.c
    std::vector<Name> parts;
    SourceRange range;
};

// The place of a declaration: in a contract, or at the top level of a file (then `contract` is empty).
struct Scope {
    UnitId unit;
    ContractId contract;
};

enum class DataLocation : std::uint8_t { None, Memory, Storage, Calldata };
enum class Visibility : std::uint8_t { None, Public, External, Internal, Private };
enum class Mutability : std::uint8_t { NonPayable, Pure, View, Payable };

// --- types as written ---
enum class TypeNameKind : std::uint8_t { Error, Elementary, UserDefined, Mapping, Array, Function };

struct TypeName {
    TypeNameKind kind = TypeNameKind::Error;
    SourceRange range;
    std::string_view elementary;                     // "uint256", "address", "bytes32", as written ("uint" stays "uint")
    bool payable = false;                            // address payable
    Path path;                                       // UserDefined
    TypeNameId key, value;                           // Mapping; Array: value is the element
    Name key_name, value_name;                       // mapping(address owner => uint256 amount)
    ExprId length;                                   // Array; empty: dynamic
    std::vector<VariableId> parameters, returns;     // Function
    Visibility visibility = Visibility::None;        // Function: internal, external or none, which means internal
    Mutability mutability = Mutability::NonPayable;  // Function
};

// --- expressions ---
enum class ExprKind : std::uint8_t {
    Error,           // left by recovery; already reported
    Number,          // text: "1_000", "0xff", "1.5e3"; unit
    String,          // text: the value with escapes resolved and adjacent literals joined; `owned_text` of the tree holds it
    HexString,       // text: the bytes
    Bool,            // flag
    Name,            // text
    ElementaryType,  // text: `uint256` in uint256(x), `payable` in payable(x); flag: `address payable`
    Member,          // a . text
    Index,           // a [ b ]; b may be empty (a type expression: uint256[])
    Slice,           // a [ b : c ], b and c optional
    Call,            // a ( list ), names where named
    CallOptions,     // a { names: list }
    Unary,           // op a
    PostfixUnary,    // a op
    Binary,          // a op b
    Conditional,     // a ? b : c
    Assign,          // a op= b
    Tuple,           // ( list ), holes are empty; one element: parentheses
    ArrayLiteral,    // [ list ]
    New,             // new type
    TypeOf,          // type ( type )
    Old,             // old ( a )
    Result,          // result, or result.text
    // Old, Result, Sum and Quantified exist only inside specifications; elsewhere these words are ordinary names.
    Sum,         // sum ( a ), or sum ( a . field ): text is the field
    Quantified,  // forall/exists ( variables ) a; flag: forall; b: the range after `in`, optional
};

enum class UnaryOp : std::uint8_t { Not, BitNot, Negate, Increment, Decrement, Delete };
enum class BinaryOp : std::uint8_t {
    Power,
    Multiply,
    Divide,
    Modulo,
    Add,
    Subtract,
    ShiftLeft,
    ShiftRight,
    BitAnd,
    BitXor,
    BitOr,
    Less,
    Greater,
    LessEqual,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
    Implies,
    Iff,
};
[[nodiscard]] constexpr bool is_arithmetic(BinaryOp op) { return op <= BinaryOp::Subtract; }
[[nodiscard]] constexpr bool is_shift(BinaryOp op) { return op == BinaryOp::ShiftLeft || op == BinaryOp::ShiftRight; }
enum class AssignOp : std::uint8_t {
    Plain,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    ShiftLeft,
    ShiftRight,
    BitAnd,
    BitXor,
    BitOr
};

// Returns the operation that `op=` applies before it assigns; not for Plain.
[[nodiscard]] constexpr BinaryOp operation_of(AssignOp op) {
    switch (op) {
        case AssignOp::Subtract: return BinaryOp::Subtract;
        case AssignOp::Multiply: return BinaryOp::Multiply;
        case AssignOp::Divide: return BinaryOp::Divide;
        case AssignOp::Modulo: return BinaryOp::Modulo;
        case AssignOp::ShiftLeft: return BinaryOp::ShiftLeft;
        case AssignOp::ShiftRight: return BinaryOp::ShiftRight;
        case AssignOp::BitAnd: return BinaryOp::BitAnd;
        case AssignOp::BitXor: return BinaryOp::BitXor;
        case AssignOp::BitOr: return BinaryOp::BitOr;
        case AssignOp::Add:
        case AssignOp::Plain: break;
    }
    return BinaryOp::Add;
}

enum class NumberUnit : std::uint8_t {
    None,
    Wei,
    Gwei,
    Szabo,
    Finney,
    Ether,
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Years,
};

struct Expr {
    ExprKind kind = ExprKind::Error;
    SourceRange range;
    std::string_view text;
    SourceRange name_range;  // of the member or operator, if there is one
    UnaryOp unary{};
    BinaryOp binary{};
    AssignOp assign{};
    NumberUnit unit{};
    bool flag = false;
    ExprId a, b, c;
    std::vector<ExprId> list;
    std::vector<Name> names;  // of named arguments and call options, parallel to `list`; otherwise empty
    TypeNameId type;
    std::vector<VariableId> variables;
};

// --- variables: parameters, locals, state variables, fields ---

struct Variable {
    SourceRange range;
    Name name;  // empty text: unnamed
    TypeNameId type;
    DataLocation location = DataLocation::None;
    DataLocation usual_location = DataLocation::None;  // where it lives if its type needs a location and none is written
    Visibility visibility = Visibility::None;
    bool is_constant = false, is_immutable = false, is_transient = false, is_indexed = false, is_ghost = false;
    bool is_override = false;     // state variables
    std::vector<Path> overrides;  // override(A, B)
    ExprId initial;               // state variables and ghosts
    Scope scope;                  // state variables, constants of a file and ghosts
};

// --- statements ---
enum class StmtKind : std::uint8_t {
    Error,
    Block,           // list
    UncheckedBlock,  // list
    If,              // expr, body, other
    While,           // expr, body
    DoWhile,         // body, expr
    For,             // init, expr, step, body; invariants
    Break,
    Continue,
    Return,       // expr or empty
    Emit,         // expr: a call
    Revert,       // expr: the call of an error, or `revert("why")` itself; empty: `revert();`
    Placeholder,  // _;
    Declare,      // variables (one, or a tuple with empty ids for holes), expr
    Expression,   // expr
    Assume,
    Check,     // expr
    Try,       // expr: the call; variables: what it returns; body; catches
    Assembly,  // assembly: a block of the tree's yul_stmts; flag: "memory-safe"
};

struct Catch {
    SourceRange range;
    Name name;  // Error, Panic; empty: catch (bytes memory why), or bare catch
    std::vector<VariableId> parameters;
    StmtId body;
};

struct Stmt {
    StmtKind kind = StmtKind::Error;
    SourceRange range;
    std::vector<StmtId> list;
    StmtId init, body, other;
    ExprId expr, step;
    std::vector<VariableId> variables;
    std::vector<ExprId> invariants;  // of a loop
    std::vector<Catch> catches;
    YulStmtId assembly;
    bool flag = false;
};

// --- declarations ---
enum class SpecKind : std::uint8_t { Requires, Ensures, Modifies, RevertsIf, Nonreentrant };

struct SpecClause {
    SpecKind kind{};
    SourceRange range;
    Name label;
    ExprId expr;                // Requires, Ensures, RevertsIf
    std::vector<ExprId> paths;  // Modifies
    std::string_view message;
};

struct Invocation {  // a modifier, or a base constructor
    Path path;
    std::vector<ExprId> arguments;
    bool has_arguments = false;  // written with parentheses
    SourceRange range;
};

enum class FunctionKind : std::uint8_t { Function, Constructor, Receive, Fallback };

struct Function {
    FunctionKind kind = FunctionKind::Function;
    SourceRange range;  // all of it
    SourceRange head;   // up to the body
    Name name;          // "constructor", "receive", "fallback" for those
    std::vector<VariableId> parameters, returns;
    Visibility visibility = Visibility::None;
    Mutability mutability = Mutability::NonPayable;
    bool is_virtual = false, is_override = false;
    bool is_ghost = false;        // `ghost function`: for specifications only
    std::vector<Path> overrides;  // override(A, B)
    std::vector<Invocation> modifiers;
    std::vector<SpecClause> specs;
    StmtId body;  // empty: only declared
    Scope scope;
};

struct Modifier {
    SourceRange range;
    Name name;
    std::vector<VariableId> parameters;
    bool is_virtual = false, is_override = false;
    std::vector<Path> overrides;
    StmtId body;  // empty: only declared
    Scope scope;
};
struct Event {
    SourceRange range;
    Name name;
    std::vector<VariableId> parameters;
    bool anonymous = false;
    Scope scope;
};
struct ErrorDefinition {
    SourceRange range;
    Name name;
    std::vector<VariableId> parameters;
    Scope scope;
};
struct Struct {
    SourceRange range;
    Name name;
    std::vector<VariableId> fields;
    Scope scope;
};
struct Enum {
    SourceRange range;
    Name name;
    std::vector<Name> values;
    Scope scope;
};
struct ValueType {
    SourceRange range;
    Name name;
    TypeNameId underlying;
    Scope scope;
};  // type Name is underlying;

struct UsingFunction {
    Path path;
    Name op;  // {f as +}: the sign; without text: attached as a member
};
struct Using {
    SourceRange range;
    Path library;  // using L for …; empty: the functions are listed
    std::vector<UsingFunction> functions;
    TypeNameId type;  // empty: for *
    bool is_global = false;
    Scope scope;
};

struct Invariant {
    SourceRange range;
    Name label;           // may be empty
    bool strong = false;  // written `invariant!`: also holds at every external call
    ExprId expr;
};

enum class ActorKind : std::uint8_t { Any, Eoa, Contract };
struct Actor {
    SourceRange range;
    Name name;
    ActorKind kind = ActorKind::Any;
    ExprId holds;
    VariableId variable;
};

enum class ContractKind : std::uint8_t { Contract, AbstractContract, Interface, Library };

struct Contract {
    ContractKind kind = ContractKind::Contract;
    SourceRange range;
    Name name;
    std::vector<Invocation> bases;
    std::vector<VariableId> state_variables;  // includes ghosts
    std::vector<FunctionId> functions;
    std::vector<ModifierId> modifiers;
    std::vector<EventId> events;
    std::vector<ErrorId> errors;
    std::vector<StructId> structs;
    std::vector<EnumId> enums;
    std::vector<ValueTypeId> value_types;
    std::vector<UsingId> usings;
    std::vector<Invariant> invariants;
    std::vector<Actor> actors;
    ExprId layout;  // layout at e; empty: the default
    UnitId unit;
};

// --- scenarios: calls in an order, and their expected results ---
enum class StepKind : std::uint8_t {
    Deploy,      // deploy name = expr by actor; the expression is a creation, with or without `new`
    Call,        // expr by actor expect …;
    Let,         // let name = expr;
    Check,       // check expr;
    Warp,        // warp expr;
    Interleave,  // branches
};
enum class Expectation : std::uint8_t { None, Revert, Value, Emit };

struct ScenarioStep {
    StepKind kind{};
    SourceRange range;
    Name name, actor;
    ExprId expr;
    Expectation expectation = Expectation::None;
    ExprId expected;      // Revert: the error's call or empty; Value: a condition; Emit: the event's call
    VariableId variable;  // Deploy, Let: the meaning of the name from here on; it has no written type
    std::vector<std::vector<ScenarioStep>> branches;
};
struct Scenario {
    SourceRange range;
    Name name;
    std::vector<ScenarioStep> steps;
    std::vector<VariableId> accounts;  // accounts that exist without a declaration
    Scope scope;
};

// Accounts of every scenario, each with 1000 ether.
inline constexpr std::array<std::string_view, 6> scenario_accounts{"alice", "bob", "carol", "dave", "mallory", "owner"};

// --- files ---
struct Pragma {
    SourceRange range;
    std::string_view text;
};

struct ImportedName {
    Name name, alias;
};  // {name as alias}; alias may be empty

struct Import {
    SourceRange range;
    std::string_view path;  // escapes resolved
    SourceRange path_range;
    Name alias;              // import "…" as A; import * as A from "…"; otherwise empty
    bool has_names = false;  // import {…} from "…"
    std::vector<ImportedName> names;
    UnitId target;  // the file; empty: not loaded
};

struct Unit {
    SourceRange range;              // the whole file
    bool has_code = false;          // more than comments
    Levels levels = Levels::all();  // those that its pragmas allow
    Dialect dialect;
    std::vector<Pragma> pragmas;
    std::vector<Import> imports;
};

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
    std::vector<ValueType> value_types{1};
    std::vector<Using> usings{1};
    std::vector<Scenario> scenarios{1};
    std::vector<Unit> units{1};
    std::vector<YulExpr> yul_exprs{1};
    std::vector<YulStmt> yul_stmts{1};

    // The top-level contracts of all files, in source order.
    std::vector<ContractId> top_contracts;
    std::vector<FunctionId> top_functions;
    std::vector<StructId> top_structs;
    std::vector<EnumId> top_enums;
    std::vector<EventId> top_events;
    std::vector<ErrorId> top_errors;
    std::vector<VariableId> top_constants;
    std::vector<ValueTypeId> top_value_types;
    std::vector<UsingId> top_usings;
    std::vector<ScenarioId> top_scenarios;

    std::deque<std::string> owned_text;  // string values with escapes resolved; a deque, because nodes view its strings

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
    const ValueType& operator[](ValueTypeId id) const { return value_types[id.index]; }
    const Using& operator[](UsingId id) const { return usings[id.index]; }
    const Scenario& operator[](ScenarioId id) const { return scenarios[id.index]; }
    const Unit& operator[](UnitId id) const { return units[id.index]; }
    const YulExpr& operator[](YulExprId id) const { return yul_exprs[id.index]; }
    const YulStmt& operator[](YulStmtId id) const { return yul_stmts[id.index]; }
};

}  // namespace interlock::lang
