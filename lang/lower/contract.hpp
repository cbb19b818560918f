// Lowers one contract: builds its tables of types, variables, functions, events, errors and methods, and the maps from
// the tree's ids to their indices. Things that the contract only uses (another contract's method or event) are added on
// demand.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/ir/ir.hpp"
#include "lang/lower/data_builder.hpp"
#include "lang/lower/sight.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

class ScenarioQuestions;

// The names that a scenario's question uses, in the order of its parameters.
struct ScenarioNames {
    std::vector<VariableId> variables;
    std::vector<ExprId> olds;
    FunctionId called;                 // the function whose results are used, if any
    bool has_encoded_results = false;  // all results are in one byte string
};

class ContractLowering {
  public:
    ContractLowering(const Program& program, ContractId contract, Diagnostics& diagnostics)
        : program(program), tree(*program.tree), id(contract), diagnostics_(diagnostics) {}

    [[nodiscard]] ir::Contract run();

    // --- what assembly can observe (sight.hpp) ---
    [[nodiscard]] bool counts_memory() const { return known_.counts_memory; }
    [[nodiscard]] bool tracks_dirt() const { return known_.tracks_dirt; }
    // Returns whether variables, parameters and results of the type hold an uncleaned word, which is cleaned when it is
    // used.
    [[nodiscard]] bool may_be_dirty(TypeId type) const;

    // --- scenarios: a contract of questions (lower/scenarios.cpp) ---
    [[nodiscard]] std::uint32_t add_question(ir::Function question, const ScenarioNames& names,
                                             const std::function<void(ScenarioQuestions&)>& ask);
    [[nodiscard]] ir::Contract finish_questions(std::string name, SourceRange range);

    // --- for the lowering of functions ---
    // Throws Unsupported if it is not a word or bytes.
    [[nodiscard]] ir::Type value_type(TypeId type, SourceRange range) const;
    // Numbers with decimal places are declared and passed on, and that is all, as in solc: throws Unsupported if there are
    // some in the type, where more would be done with them.
    void refuse_fixed_point(TypeId type, SourceRange range) const;
    [[nodiscard]] bool is_value(TypeId type) const { return data::is_value(program, type); }
    [[nodiscard]] ir::NamedType named(VariableId variable) const;  // with its ABI type
    [[nodiscard]] ir::NamedType named(std::string name, TypeId type, SourceRange range) const;
    // Returns the words that hold the variable inside the contract: two for types with a length in call data.
    [[nodiscard]] std::vector<ir::NamedType> words(VariableId variable) const;
    [[nodiscard]] std::vector<ir::Type> words(TypeId type, SourceRange range) const;
    // Returns a function of assembly, one for each contract; `build` writes its body.
    [[nodiscard]] std::uint32_t yul_function(YulStmtId id, std::size_t parameters, std::size_t results,
                                             const std::function<void(ir::Function&)>& build);
    // Returns the number that a name in assembly means: a slot, an offset or a constant.
    [[nodiscard]] std::optional<vm::Word> yul_constant(const YulName& name) const;
    [[nodiscard]] bool is_reassigned(VariableId variable);  // assigned as a whole, somewhere after its declaration
    [[nodiscard]] static vm::Word topic_of(const ir::Event& event);
    // Returns a routine: a function that the lowering writes itself, once for each name.
    [[nodiscard]] std::uint32_t routine(const std::string& name, std::size_t parameters, std::size_t results,
                                        SourceRange range, const DataBuilder::Body& body);
    [[nodiscard]] std::uint32_t state_index(VariableId variable) const { return state_.at(variable); }
    [[nodiscard]] bool has_state(VariableId variable) const { return state_.contains(variable); }
    // Returns the function that an internal call runs; it is declared on demand.
    [[nodiscard]] std::uint32_t function_index(const Use& use);
    [[nodiscard]] FunctionId resolve(const Use& use) const;
    [[nodiscard]] bool is_final(FunctionId function) const;  // a member that is not overridden
    // Sorts functions, given in the order of their ids, by the source: the contract's file comes first and the files that it
    // imports follow. The order of ids depends on the files around them instead.
    [[nodiscard]] std::vector<FunctionId> in_source_order(std::vector<FunctionId> functions) const;
    // Functions as values have numbers, from 1, which storage and assembly can observe. A dispatcher takes a number and
    // the passed words, and calls the function of that number. Its body is written when all numbers are known.
    [[nodiscard]] std::uint32_t function_number(const Use& use);
    [[nodiscard]] std::uint32_t dispatcher(std::size_t parameters, std::size_t results);
    [[nodiscard]] std::optional<StatePlace> transient_place(VariableId variable) const;
    [[nodiscard]] std::uint32_t field_index(TypeId structure, VariableId field) const;
    [[nodiscard]] std::uint32_t event_index(EventId event);
    [[nodiscard]] std::uint32_t error_index(ErrorId error);
    [[nodiscard]] std::uint32_t method_index(FunctionId function);
    [[nodiscard]] std::uint32_t getter_method_index(VariableId variable);
    [[nodiscard]] std::uint32_t creates_index(ContractId contract);
    [[nodiscard]] std::uint32_t library_index(ContractId library);        // a library that is called externally
    [[nodiscard]] std::string qualified_name(ContractId contract) const;  // "path:Name"
    [[nodiscard]] std::string identity_of(ContractId contract) const;
    [[nodiscard]] const std::vector<VariableId>& fields_of(TypeId structure) const;
    // A copy, because the list grows.
    [[nodiscard]] ir::Method method(std::uint32_t index) const { return out_.methods[index]; }
    [[nodiscard]] const ir::Function& function(std::uint32_t index) const {
        return out_.functions[index];
    }  // its head; valid until the next function is declared
    [[nodiscard]] const std::vector<ContractId>& linearization() const { return program[id].linearization; }
    [[nodiscard]] const ir::Contract& contract() const { return out_; }

    const Program& program;
    const Tree& tree;
    const ContractId id;

  private:
    // A getter's parameters and results, and the path to its result.
    struct Getter {
        std::vector<ir::NamedType> parameters, returns;
        std::vector<VariableId> fields;  // the returned fields of a struct
        std::vector<TypeId> keys;
        TypeId end;
    };

    // --- functions (contract.cpp) ---
    void declare_functions();
    std::uint32_t declare(FunctionId function);
    void lower_functions();
    void lower_raw_entries();
    [[nodiscard]] std::vector<FunctionId> declared_functions() const;  // in the order of the source
    // Returns whether the lowering encodes some of its parameters or results itself.
    [[nodiscard]] bool is_raw(FunctionId function) const;
    [[nodiscard]] bool is_coded_by_lowering(TypeId type) const;
    [[nodiscard]] ir::Function head(FunctionId function) const;
    [[nodiscard]] bool is_member(FunctionId function) const;  // own or inherited
    [[nodiscard]] bool has_entries(ContractId contract) const;
    [[nodiscard]] std::string name_here(FunctionId function) const;
    [[nodiscard]] bool constructs() const;  // whether a base has a constructor, or a variable an initial value
    // Reports a thrown Unsupported as a diagnostic.
    template <class Work>
    void guarded(Work work) {
        try {
            work();
        } catch (const Unsupported& unsupported) {
            diagnostics_.error(unsupported.code, unsupported.message, unsupported.range);
        }
    }

    // --- types (types.cpp), dispatchers (routines.cpp), the contract's interface (interface.cpp) ---
    [[nodiscard]] std::vector<ir::NamedType> named(const std::vector<VariableId>& variables) const;
    ir::StorageTypeIndex storage_type(TypeId type, SourceRange range);
    void add_state();
    void lower_dispatchers();
    void add_logs();
    void add_methods();
    std::uint32_t add_method(ir::Method method);
    [[nodiscard]] Getter getter_of(VariableId variable) const;
    void lower_getters();

    // --- specifications (clauses.cpp) ---
    void lower_specifications();
    void lower_invariant(const Invariant& invariant, std::size_t& unlabelled);
    void lower_clauses(FunctionId function);
    void note_clauses_without_body(FunctionId function);
    void note_conditions_of_bodies();
    [[nodiscard]] ir::Clause clause_of(FunctionId function, const SpecClause& clause,
                                       std::array<std::size_t, 3>& counts) const;
    [[nodiscard]] static ir::Function specification(std::string name, SourceRange range);
    std::uint32_t add(ir::Function function);
    // `subject` is the index of a function, or ir::Contract::none.
    void add_open(std::uint32_t subject, std::string label, const std::string& reason, SourceRange range);
    [[nodiscard]] std::string text_of(ExprId expr) const;

    ir::Contract out_;
    Diagnostics& diagnostics_;
    Sight known_;
    std::map<std::uint32_t, ir::StorageTypeIndex> storage_types_;  // by TypeId
    std::map<VariableId, std::uint32_t> state_;
    std::map<FunctionId, std::uint32_t> functions_;
    std::vector<FunctionId> pending_;  // declared but not lowered yet
    std::map<std::string, std::uint32_t> routines_;
    std::map<YulStmtId, std::uint32_t> yul_functions_;
    std::optional<std::set<VariableId>> reassigned_;
    std::map<EventId, std::uint32_t> events_;
    std::map<ErrorId, std::uint32_t> errors_;
    std::map<ContractId, std::uint32_t> creates_;
    // By function index: the numbers of functions that are used as values.
    std::map<std::uint32_t, std::uint32_t> numbers_;
    std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> dispatchers_;  // by number of arguments and results
};

[[nodiscard]] ir::Mutability mutability_of(Mutability mutability);

}  // namespace interlock::lang::lowering
