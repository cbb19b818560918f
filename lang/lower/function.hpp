// Lowers one function: walks its statements and expressions once and passes them to the SSA builder.
//
// The order of evaluation is that of solc's IR pipeline: operands and arguments from left to right, the right side of
// an assignment before its left, tuples assigned from the last component to the first. The implementation is in
// function.cpp (bodies and modifiers), statements.cpp, expressions.cpp, operators.cpp, places.cpp, references.cpp,
// calls.cpp, try.cpp, builtins.cpp, specifications.cpp and scenarios.cpp.
#pragma once

#include <map>
#include <optional>
#include <variant>

#include "lang/lower/contract.hpp"

namespace interlock::lang::lowering {

// A place in storage whose keys have been evaluated: the symbolic form of a storage reference.
struct PlaceReference {
    std::uint32_t variable = 0;
    std::vector<ir::PlaceStep> steps;
    ir::Values keys;
    TypeId type;
};

// The result of an expression: nothing, a value, a storage place that has not been read, or several of them.
struct Result {
    enum class Kind : std::uint8_t {
        Nothing,
        Value,
        Place,
        Reference,
        Tuple,
        Fields,  // of a struct that was just made
        Text,    // a literal, which takes memory only when it is converted
    };
    Kind kind = Kind::Nothing;
    ir::Value value;
    PlaceReference place;
    // An array, a struct or a byte string that is not a symbolic place; or a part that has not been read.
    Reference reference;
    std::vector<Result> parts;
    ExprId text;

    Result() = default;
    Result(ir::Value of) : kind(Kind::Value), value(of) {}                  // NOLINT: a value is a result
    Result(PlaceReference of) : kind(Kind::Place), place(std::move(of)) {}  // NOLINT
    Result(Reference of) : kind(Kind::Reference), reference(of) {}          // NOLINT
    static Result tuple(std::vector<Result> parts, Kind kind = Kind::Tuple) {
        Result result;
        result.kind = kind;
        result.parts = std::move(parts);
        return result;
    }
    static Result literal(ExprId text) {
        Result result;
        result.kind = Kind::Text;
        result.text = text;
        return result;
    }
};

// The target of an assignment.
struct Target {
    enum class Kind : std::uint8_t { Hole, Local, Pointer, Immutable, Place, Reference, Tuple };
    Kind kind = Kind::Hole;
    Local local = 0;
    VariableId pointer;
    Reference reference;
    std::uint32_t immutable = 0;
    PlaceReference place;
    std::vector<Target> parts;
    SourceRange range;
};

class FunctionLowering {
  public:
    FunctionLowering(ContractLowering& contract, ir::Function& function)
        : contract_(contract), program_(contract.program), tree_(contract.tree), function_(function), builder_(function) {}

    void lower_function(FunctionId id);
    void lower_constructor();
    void lower_getter(VariableId variable, const std::vector<TypeId>& keys, const std::vector<VariableId>& fields);
    void lower_raw_entry(FunctionId function, std::uint32_t index);  // `index` is the function that does the work
    void lower_invariant(ExprId expr);
    void lower_clause(FunctionId subject, const SpecClause& clause);

    // --- questions of a scenario: functions that return the answer (scenarios.cpp) ---
    void give(const ScenarioNames& names);
    void ask_value(ExprId expr, const ir::Type& type);
    void ask_encoded(ExprId expr, TypeId type);            // returns an encoded array or struct
    void ask_deployment(ExprId creation);                  // returns ether and encoded arguments
    void ask_call(ExprId call);                            // returns target, ether and data
    void ask_raise(ExprId call, Expectation expectation);  // emits the event, or reverts with the error

  private:
    // A variable of a reference type: one word, or two for types with a length in call data.
    struct Pointer {
        std::vector<Local> words;
    };
    using Binding = std::variant<Local, PlaceReference, Pointer>;
    struct Loop {
        ir::BlockIndex on_continue, on_break;
    };

    // --- bodies (function.cpp) ---
    void bind_parameters(const std::vector<VariableId>& parameters);
    void construct(std::size_t number);  // the contract of that number in the linearization, after its bases
    void base_arguments(ContractId contract);
    void constructor_body(FunctionId constructor);
    void initial_values(ContractId contract);
    void level(std::size_t number);  // the modifier of that number, or after the last one the body
    void modifier(const ModifierUse& use, std::size_t number);
    void placeholder(SourceRange range);
    void return_locals(SourceRange range);
    Local declare(VariableId variable, const ir::Type& type);
    ir::Value read(Local local, SourceRange range);
    void write(Local local, ir::Value value, SourceRange range);
    ir::Value cleaned(ir::Value word, TypeId type, SourceRange range);
    ir::Value uncleaned(ir::Value value, SourceRange range);  // as a word
    ir::Value forget_word(ir::Value value, SourceRange range);
    ir::Value implicitly(ir::Value value, TypeId to, SourceRange range);  // converts implicitly
    // Passes words to or from a function of the contract. If it takes whole words, bits outside the value's type are kept.
    void pass(ir::Values& words, const std::vector<ir::NamedType>& types, SourceRange range);
    [[nodiscard]] ir::Type type_of(Local local, SourceRange range) const;  // as Solidity sees it
    std::vector<Local> declare(VariableId variable);                       // with all its words
    void bind(VariableId variable, const Result& initial, SourceRange range);
    Result initial_value(TypeId type, SourceRange range);  // of a variable without a written one
    void reset(VariableId variable);                       // to its initial value
    void lower_coded_getter(VariableId variable, const std::vector<TypeId>& keys, const std::vector<VariableId>& fields);
    [[nodiscard]] bool is_passed_as_slot(TypeId type) const;
    [[nodiscard]] std::vector<TypeId> key_types(const std::vector<TypeId>& keys) const;
    [[nodiscard]] std::vector<Local> locals_of(VariableId variable) const;

    // --- statements ---
    void statement(StmtId id);
    void if_statement(const Stmt& stmt);
    void loop(const Stmt& stmt);  // while and for
    void do_while(const Stmt& stmt);
    void loop_body(const Stmt& stmt, Loop targets);
    void return_statement(const Stmt& stmt);
    void declaration(const Stmt& stmt);
    void declare_one(VariableId variable, const Result* initial, SourceRange range);
    [[nodiscard]] bool is_reassigned(VariableId variable) const;
    [[nodiscard]] bool is_decoded(VariableId variable) const;
    void emit_statement(const Stmt& stmt);
    void revert_statement(const Stmt& stmt);
    void specification_statement(const Stmt& stmt);
    void assembly(const Stmt& stmt);
    ir::Value read_in_assembly(const YulName& name, SourceRange range);
    void write_in_assembly(const YulName& name, ir::Value word, SourceRange range);

    // --- try (try.cpp) ---
    void try_statement(const Stmt& stmt);
    void catch_failure(const Stmt& stmt, ir::Value data, ir::BlockIndex after);
    void catch_body(const Catch& clause, ir::Value value, ir::BlockIndex after);
    void catch_error(const Stmt& stmt, ir::Value data, ir::BlockIndex after);
    void give_back_answer(ir::Value bytes, SourceRange range);
    void keep_failure(ir::Value bytes, SourceRange range);
    ir::Value message_in_place(ir::Value bytes, ir::Value offset, ir::Value length, SourceRange range);
    void catch_panic(const Stmt& stmt, ir::Value data, ir::BlockIndex after);
    ir::Value word(std::uint64_t value, SourceRange range);
    ir::Value word_at(ir::Value bytes, ir::Value offset, SourceRange range);
    ir::Value begins_with(ir::Value data, std::uint64_t selector, std::uint64_t least, SourceRange range);

    // --- expressions ---
    Result expression(ExprId id);
    ir::Value value(ExprId id, std::optional<ir::Type> wanted = std::nullopt);
    ir::Value value_of(const Result& result, SourceRange range);
    Result loaded(Result result, SourceRange range);  // reads the places of values
    ir::Value coerce(ir::Value value, const ir::Type& type, SourceRange range);
    ir::Value constant(ExprId id, std::optional<ir::Type> wanted);
    ir::Value literal(std::string_view data, const ir::Type& type, SourceRange range);
    ir::Value text(std::string_view data, const ir::Type& type, SourceRange range);  // folds a text that is known
    std::optional<ir::Type> wanted_type(ExprId id, std::optional<ir::Type> wanted) const;
    Result name(ExprId id);
    Result variable(VariableId id, SourceRange range);
    ir::Value immutable(std::uint32_t index, const ir::Type& type, SourceRange range);
    Result member(ExprId id);
    Result index(ExprId id);
    Result field(ExprId id);
    Result function_value(ExprId id);
    ir::Value fixed_bytes_index(ExprId id);
    ir::Value index_value(ExprId array, ExprId id);
    Result tuple(ExprId id);
    Result conditional(ExprId id);
    Result conditional_reference(ExprId id, TypeId type);
    Result slice(ExprId id);
    Result array_literal(ExprId id);

    // --- references: arrays, structs and byte strings (references.cpp) ---
    [[nodiscard]] Data data(SourceRange range) { return {contract_, builder_, range}; }
    Result evaluate(ExprId id);  // reads it and converts it as its context demands
    Result read(Result result, SourceRange range);
    void discard(const Result& result, SourceRange range);
    Result converted(const Result& result, TypeId to, SourceRange range);
    Reference reference_of(const Result& result, TypeId type, SourceRange range);
    Reference reference_to(const PlaceReference& place, SourceRange range);
    Datum datum_of(const Result& result, TypeId type, SourceRange range);
    Result result_of(const Datum& datum);
    ir::Values flatten(const Result& result, TypeId type, SourceRange range);
    Result unflatten(const ir::Values& words, std::size_t& next, TypeId type);
    ir::Value address_in_memory(const Result& result, TypeId type, SourceRange range);
    [[nodiscard]] TypeId context_type(ExprId id) const { return info(id).converted ? info(id).converted : info(id).type; }
    [[nodiscard]] bool needs_coding(TypeId type) const;  // whether the IR has no ABI operation for it
    [[nodiscard]] bool needs_coding(const std::vector<ir::NamedType>& types) const;  // whether one of them does
    [[nodiscard]] bool is_simple(TypeId type) const;  // stored and cleared part by part, as symbolic places
    std::vector<Datum> data_of(const std::vector<ExprId>& arguments);
    Datum datum(ExprId argument, TypeId type);
    [[nodiscard]] std::vector<TypeId> types_of(const std::vector<VariableId>& variables) const;
    std::vector<Datum> data_for(ExprId call, const std::vector<TypeId>& parameters);
    ir::Values words_for(ExprId call, const std::vector<TypeId>& parameters);
    // An external call whose arguments or results the lowering encodes itself.
    struct CodedCall {
        ir::ExternalCall call;  // target, value and gas
        ir::Value selector;     // left-aligned in the word
        std::vector<TypeId> parameters, results;
        vm::Opcode opcode{};
    };
    ir::Value library_address(ContractId library, SourceRange range);
    [[nodiscard]] std::optional<CodedCall> coded_call(ExprId id);  // std::nullopt: the IR has a call for it
    struct Returned {
        ir::Value ok, start;  // whether it succeeded, and where results are written
    };
    Returned perform(ExprId id, const CodedCall& call);
    Result results_from(const Returned& returned, const std::vector<TypeId>& types, SourceRange range);
    ir::Value returned_bytes(SourceRange range);
    [[nodiscard]] bool is_coded_error(ExprId call) const;
    struct CodedError {
        std::uint32_t selector = 0;
        std::vector<Datum> values;
    };
    CodedError coded_error(ExprId call);
    void revert_coded(const CodedError& error, SourceRange range);
    [[nodiscard]] std::vector<ExprId> written_arguments(ExprId call) const;
    Result pending(ExprId id, std::optional<ir::Type> wanted = std::nullopt);
    ir::Value encodable(const Result& given, std::optional<ir::Type> wanted, SourceRange range);
    [[nodiscard]] bool is_bound(ExprId argument, ExprId call) const;
    Result in_memory(const Result& given, TypeId type, SourceRange range);  // copies it to memory; values stay as they are
    Result unconverted(ExprId id);                                          // data to encode is read where it is
    void emit_coded(const ir::Event& event, const std::vector<Datum>& values, SourceRange range);
    ir::Value coded_selector(std::uint32_t selector, SourceRange range);
    ExprId inner(ExprId id) const;  // without parentheses

    // --- operators ---
    ir::Value unary(ExprId id);
    ir::Value step_by_one(ExprId id, ExprId operand, UnaryOp op, bool gives_old);
    ir::Value binary(ExprId id);
    ir::Value arithmetic(BinaryOp op, ir::Value a, ir::Value b, const ir::Type& type, SourceRange range);
    ir::Value comparison(ExprId id);
    ir::Value logical(ExprId id);
    ir::Value short_circuit(ExprId id);
    Result assign(ExprId id);
    Result assign_text(const Expr& assignment);
    [[nodiscard]] bool is_text(ExprId id) const;  // whether it is a literal
    void clear(ExprId operand, SourceRange range);
    [[nodiscard]] bool is_total(ExprId id) const;  // whether it cannot revert, has no effect and reads only words
    [[nodiscard]] bool is_total_binary(const Expr& expr) const;
    [[nodiscard]] ir::Type type_of(ExprId id) const;

    // --- storage places and assignment targets ---
    PlaceReference place(ExprId id);
    PlaceReference state_place(VariableId variable) const;
    PlaceReference with_field(PlaceReference base, VariableId field) const;
    PlaceReference with_key(PlaceReference base, ir::Value key) const;
    ir::Value load(const PlaceReference& place, SourceRange range);
    void store(const PlaceReference& place, ir::Value value, SourceRange range);
    void store_result(const PlaceReference& place, const Result& result, SourceRange range);
    Target target(ExprId id);
    ir::Value read(const Target& target);
    void write(const Target& target, const Result& result, SourceRange range);
    void write_parts(const std::vector<Target>& targets, std::vector<Result> parts, SourceRange range);
    Target element_target(ExprId id);

    // --- calls ---
    Result call(ExprId id);
    Result conversion(ExprId id);
    Result internal_call(ExprId id);
    Result method_call(ExprId id);
    Result function_value_call(ExprId id);
    Result create(ExprId id);
    void give_back(const ir::ExternalCall& creation, SourceRange range);
    ir::ExternalCall call_of_method(ExprId id);
    [[nodiscard]] bool is_coded(const ir::Method& method) const;  // whether its signature has arrays or structs
    void keep_answer(std::size_t words, SourceRange range);
    ir::ExternalCall creation(ExprId id);
    Result low_level_call(ExprId id, ir::ExternalCall::Kind kind);
    Result low_level_answer(ExprId id, const ir::ExternalCall& call);
    Result pay(ExprId id, ir::ExternalCall::Kind kind);
    Result results_of(ir::ExternalCall call, SourceRange range);
    Result results_of(std::uint32_t function, ir::Values arguments, const std::vector<TypeId>& types, SourceRange range);
    ir::Value operator_call(ExprId id);
    Result struct_constructor(ExprId id);
    Result reference_conversion(ExprId id, ExprId argument);
    [[nodiscard]] ExprId callee(ExprId call) const;  // without { value: …, gas: … }
    [[nodiscard]] const std::vector<ExprId>& arguments_of(ExprId call) const;
    void options(ExprId call, ir::ExternalCall& into);  // evaluates { value: …, gas: … }
    // Evaluates in the written order and returns the results in the order of the parameters.
    template <class Evaluate>
    void each_argument(ExprId call, Evaluate evaluate);
    ir::Values arguments(ExprId call, const std::vector<ir::NamedType>& parameters);

    // --- built-in functions and members ---
    Result builtin_call(ExprId id);
    [[nodiscard]] Builtin builtin_of(ExprId call) const;
    ir::Value concat(ExprId id, const ir::Type& type);
    Result array_member_call(ExprId id, Builtin builtin);
    Result new_array(ExprId id);
    ir::Value array_length(ExprId array, SourceRange range);
    Result decode_call(ExprId id);
    Result builtin_member(ExprId id);
    ir::Value environment(ir::Op op, const ir::Type& type, SourceRange range);
    ir::Value balance_of(ExprId account, SourceRange range);
    [[nodiscard]] bool is_this(ExprId id) const;
    Result require(ExprId id);
    void guard(ExprId condition, const ir::Failure& failure, SourceRange range);
    void revert(ir::Failure failure, ir::Values arguments, SourceRange range);
    // Returns the failure of a message or a custom error, and its arguments as values.
    [[nodiscard]] ExprId message_of(ExprId message) const;
    std::pair<ir::Failure, ir::Values> failure_of(ExprId message);
    ir::Value abi_encode(ExprId id, Builtin builtin);
    ir::Value selector_constant(std::uint32_t selector, SourceRange range);
    ir::Value selector_of_named(ExprId id);
    ir::Value encode_call(ExprId id);
    ir::Value signature_selector(ExprId signature);
    ir::Value hash(ExprId bytes, ir::Op op, const ir::Type& type, SourceRange range);
    ir::Value hash_of_text(ExprId bytes, ir::Op op, const ir::Type& type, SourceRange range);
    ir::Value unbounded(ExprId id, std::optional<ir::Type> wanted = std::nullopt);
    ir::Value modular(ExprId id, ir::Op op);
    ir::Value recover(ExprId id);

    // --- specifications ---
    ir::Value to_integer(ir::Value value, SourceRange range);
    ir::Value sum(ExprId id);
    [[nodiscard]] VariableId field_named(TypeId structure, std::string_view name, SourceRange range) const;
    Result result_value(const Expr& expr);
    void bind_encoded(const std::vector<VariableId>& variables, ir::Value bytes);
    void return_specification(ExprId expr);
    void return_values(ir::Values values, SourceRange range);
    ir::Value encoded_method(ExprId call, const ir::Method& method, SourceRange range);

    [[noreturn]] void unsupported(std::string message, SourceRange range) const;
    [[nodiscard]] const ExprInfo& info(ExprId id) const { return program_[id]; }
    [[nodiscard]] const Type& checked_type(ExprId id) const { return program_[program_[id].type]; }

    ContractLowering& contract_;
    const Program& program_;
    const Tree& tree_;
    ir::Function& function_;
    Builder builder_;

    std::map<VariableId, Binding> bindings_;
    struct Held {
        ir::Value word;
        TypeId type;  // of the value; unset if it was computed
    };
    std::map<std::uint32_t, Held> words_;  // by cleaned value: the word from which it was made
    std::map<Local, TypeId> unclean_;      // hold an uncleaned word that assembly wrote; it is cleaned when it is read
    std::vector<Loop> loops_;
    FunctionId id_;
    std::vector<Local> returns_;
    ir::Values specification_results_;    // of the function to which an ensures clause belongs
    bool results_are_bound_ = false;      // in a scenario with arrays or structs among the results: to its variables
    std::map<ExprId, ir::Value> olds_;    // values of old(…) in a scenario, evaluated earlier
    std::size_t level_ = 0;               // number of the modifier that is being lowered
    ir::Values level_parameters_;         // the function's parameters at that level
    ir::Values level_results_;            // the function's results when its body is entered
    std::optional<ir::BlockIndex> exit_;  // where `return` jumps; std::nullopt: it leaves the function
    bool unchecked_ = false;
    bool specification_ = false;  // whether numbers are unbounded and && and || are total
    bool at_entry_ = false;       // whether this is inside old(…)
};

}  // namespace interlock::lang::lowering
