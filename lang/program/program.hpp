// The typed program: the syntax tree, together with everything that the checker found out, indexed by the tree's ids.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/program/builtins.hpp"
#include "lang/program/types.hpp"

namespace interlock::lang {

// What a name, a member access or a call refers to.
enum class Meaning : std::uint8_t {
    None,
    Variable,  // `variable`: a local, a parameter, a state variable, a constant, a struct field (on Member)
    Function,  // `function`: an internal use; on Member of a contract or interface value: an external call
    Event,
    Error,
    Contract,
    Struct,
    Enum,
    ValueType,  // `value_type`: type Price is …
    EnumValue,  // `number`
    Builtin,    // `builtin`
    Module,     // `number` of a unit: a file imported under a name
};

// How a function that is called internally is found (lang/program/dispatch.hpp).
enum class Dispatch : std::uint8_t {
    None,     // not called internally: a function of another contract
    Virtual,  // f(): the most derived override
    Super,    // super.f(): the next one after `contract` in the linearization of the most derived contract
    Exact,    // Base.f(): exactly this function
};

struct Use {
    Meaning meaning = Meaning::None;
    Builtin builtin = Builtin::None;
    Dispatch dispatch = Dispatch::None;
    VariableId variable{};
    FunctionId function{};
    EventId event{};
    ErrorId error{};
    ContractId contract{};  // Contract: the contract; Dispatch::Super: the contract that contains `super`
    StructId structure{};
    EnumId enumeration{};
    ValueTypeId value_type{};
    std::uint32_t number = 0;
    std::uint32_t import = 0;  // Module: where the import that names it begins
    bool is_bound = false;     // attached by `using` and called as a member: its first argument is before the dot
    friend bool operator==(const Use&, const Use&) = default;
};

enum class CallForm : std::uint8_t {
    None,
    Internal,
    External /* through a contract value, or this */,
    FunctionValue /* its type says which */,
    Conversion,
    StructConstructor,
    Builtin,
    Event,
    Error,
    Create,
};

// What readers of a checked expression may rely on:
// - `constant` is set on every number literal, on folded constant expressions (check it before the operands), on bool,
//   enum values, type(T).min/max, selectors and on uses of constants with such a value. bytesN is left-aligned in it.
// - In a specification, operands of arithmetic and comparisons are converted to Integer.
// - In a tuple that is converted to a tuple, the parts are converted, too; a part of the Error type is a hole in `(a, )
//   = …`.
// - `arguments` of abi.decode contain only the data; the types are those of the call itself.
// - A callee (also inside CallOptions) has the Use; a getter that is called externally is a Variable with
//   CallForm::External.
// - A unary or binary operation whose Use is a Function calls it: an operator of a user-defined value type.
struct ExprInfo {
    TypeId type;       // of the expression as written
    TypeId converted;  // the type to which its context converts it implicitly; 0: the same
    Use use;
    CallForm call = CallForm::None;    // of a Call
    std::vector<ExprId> arguments;     // of a Call, in the order of the parameters (named arguments are sorted)
    std::optional<vm::Word> constant;  // the value in two's complement if the expression is constant in its (converted) type
    bool is_lvalue = false;
};

struct VariableInfo {
    TypeId type;
    bool is_state = false, is_parameter = false, is_local = false, is_field = false;
    ContractId contract;      // of a state variable
    vm::Word slot;            // fields: relative to the start of the struct
    std::uint8_t offset = 0;  // fields: bytes from the low end of the slot
    std::string getter_key;   // public state variables: the key of the getter, as FunctionInfo::key
};

struct ModifierUse {
    ModifierId modifier;
    std::vector<ExprId> arguments;
    bool is_virtual = true;  // named without a contract, so the most derived one is meant
};

// A base with the arguments of its constructor.
struct BaseUse {
    ContractId contract;
    std::vector<ExprId> arguments;
};

// The place of a state variable in one most derived contract.
struct StatePlace {
    VariableId variable;
    vm::Word slot;            // for an immutable: its number among them
    std::uint8_t offset = 0;  // bytes from the low end of the slot
};

struct ContractInfo {
    std::vector<ContractId> linearization;  // the contract first, the most basic one last
    std::vector<BaseUse> bases;             // those with arguments after `is`
    std::vector<StatePlace> state;          // includes inherited variables: the most basic contract's come first
    std::vector<StatePlace> transient;      // transient variables, which have a space of their own
    bool is_abstract = false;               // has no code: said so, or, in older dialects, lacks the body of a function
};

// A scenario's expressions are typed like code in a contract of its own that can call every other contract.
struct ScenarioInfo {
    std::map<std::string_view, VariableId> actors;  // all accounts that can send a transaction
};

struct FunctionInfo {
    ContractId contract;
    std::uint32_t selector = 0;
    std::string signature;               // "withdraw(uint256)"
    std::string key;                     // the same for a function and its overrides, and for no others
    std::vector<ModifierUse> modifiers;  // outermost first
    std::vector<BaseUse> bases;          // of a constructor: bases whose arguments are among its modifiers
    bool is_recursive = false;           // part of a cycle of internal calls
};

// What a name in assembly means that is not one of Yul's own: a Solidity variable, or a part of one.
enum class YulPart : std::uint8_t { None, Slot, Offset, Length, Selector, Address };
struct YulName {
    VariableId variable;
    YulPart part = YulPart::None;
};

struct Program {
    const Tree* tree = nullptr;
    const Sources* sources = nullptr;
    std::vector<Type> types{1};   // by TypeId
    std::vector<ExprInfo> exprs;  // by ExprId; the following members likewise
    std::vector<VariableInfo> variables;
    std::vector<FunctionInfo> functions;
    std::vector<ContractInfo> contracts;
    std::vector<ScenarioInfo> scenarios;
    std::vector<TypeId> type_names;                  // by TypeNameId: the meaning of a written type
    TypeId uint256;                                  // the type of indices
    TypeId bytes;                                    // in memory
    std::map<std::uint32_t, YulName> yul_names;      // by the position of the name in the source
    std::set<VariableId> yul_assigned;               // variables that assembly assigns to
    std::map<std::uint32_t, vm::Word> struct_slots;  // StructId.index -> size in slots

    const Type& operator[](TypeId id) const { return types[id.index]; }
    const ExprInfo& operator[](ExprId id) const { return exprs[id.index]; }
    const VariableInfo& operator[](VariableId id) const { return variables[id.index]; }
    const FunctionInfo& operator[](FunctionId id) const { return functions[id.index]; }
    const ContractInfo& operator[](ContractId id) const { return contracts[id.index]; }
    const ScenarioInfo& operator[](ScenarioId id) const { return scenarios[id.index]; }
    [[nodiscard]] Dialect dialect_of(ContractId id) const { return (*tree)[(*tree)[id].unit].dialect; }
    [[nodiscard]] Dialect dialect_of(FunctionId id) const { return (*tree)[(*tree)[id].scope.unit].dialect; }
};

// "uint256", "mapping(address => uint256)", "struct Bank.Account storage", "int_const 5"
[[nodiscard]] std::string name_of(const Program&, TypeId);

// Checks names, types, constants, storage layout, mutability and specifications, and reports all errors. The program is
// complete exactly if no error was reported. `tree` and `sources` must outlive it.
[[nodiscard]] Program check(const Tree& tree, const Sources& sources, Diagnostics& diagnostics);

}  // namespace interlock::lang
