// One contract on its way into the IR: its tables of types, variables, functions, events, errors and methods, and from
// the tree's ids to the indices in them. What is only used (another contract's method or event) is added on demand.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/ir/ir.hpp"
#include "lang/lower/data.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

class FunctionLowering;

// What a question of a scenario is asked with, in the order of its parameters.
struct ScenarioNames {
    std::vector<VariableId> variables;
    std::vector<ExprId> olds;
    FunctionId called;                 // whose results are spoken about, if any
    bool has_encoded_results = false;  // all of them in one byte string
};

class ContractLowering {
  public:
    ContractLowering(const Program& program, ContractId contract, Diagnostics& diagnostics)
        : program(program), tree(*program.tree), id(contract), diagnostics_(diagnostics) {}

    [[nodiscard]] ir::Contract run();

    // --- what assembly can see. Known when everything is lowered: a contract where it comes up is lowered again, with that
    // in mind.
    struct Sight {
        bool memory = false;      // how much memory was taken: then it is taken exactly where solc takes it
        bool makes_dirt = false;  // puts words into variables of narrow types
        bool finds_dirt = false;  // looks at such variables: then bits that do not belong to the type travel as with solc
        std::set<FunctionId> called;                  // from inside
        std::map<FunctionId, std::uint32_t> numbers;  // solc's, of the functions that are values
        bool misnumbers = false;                      // they are not those that the lowering gave
        [[nodiscard]] bool needs_care() const { return memory || (makes_dirt && finds_dirt) || misnumbers; }
    };
    Sight found;  // by this lowering
    void keep_in_mind(const Sight& sight) { known_ = sight; }
    [[nodiscard]] bool counts_memory() const { return known_.memory; }
    [[nodiscard]] bool tracks_dirt() const { return known_.makes_dirt && known_.finds_dirt; }
    // Whether variables, parameters and results of the type hold a word as it is, to be cleaned when it is used.
    [[nodiscard]] bool may_be_dirty(TypeId type) const;

    // --- scenarios: a contract of questions (lower/scenarios.cpp)
    [[nodiscard]] std::uint32_t add_question(ir::Function question, const ScenarioNames& names,
                                             const std::function<void(FunctionLowering&)>& ask);
    [[nodiscard]] ir::Contract finish_questions(std::string name, SourceRange range);

    // --- what the lowering of a function asks for
    [[nodiscard]] ir::Type value_type(TypeId type, SourceRange range) const;  // throws Unsupported: not a word or bytes
    [[nodiscard]] bool is_value(TypeId type) const { return data::is_value(program, type); }
    [[nodiscard]] ir::NamedType named(VariableId variable) const;  // in the ABI
    [[nodiscard]] ir::NamedType named(std::string name, TypeId type, SourceRange range) const;
    // The words that hold it inside of the contract: two for what has a length and lies in call data.
    [[nodiscard]] std::vector<ir::NamedType> words(VariableId variable) const;
    [[nodiscard]] std::vector<ir::Type> words(TypeId type, SourceRange range) const;
    // A function in assembly, once for each contract; `build` writes its body.
    [[nodiscard]] std::uint32_t yul_function(YulStmtId id, std::size_t parameters, std::size_t results,
                                             const std::function<void(ir::Function&)>& build);
    // What a name in assembly means where that is a number: a slot, an offset, a constant.
    [[nodiscard]] std::optional<vm::Word> yul_constant(const YulName& name) const;
    [[nodiscard]] bool is_reassigned(VariableId variable);  // as a whole, somewhere behind its declaration
    [[nodiscard]] unsigned offset_of(std::uint32_t variable, const std::vector<ir::PlaceStep>& steps) const;
    [[nodiscard]] static vm::Word topic_of(const ir::Event& event);
    // A routine: a function that the lowering writes itself, once for each name.
    [[nodiscard]] std::uint32_t routine(const std::string& name, std::size_t parameters, std::size_t results,
                                        SourceRange range, const Data::Body& body);
    [[nodiscard]] std::uint32_t state_index(VariableId variable) const { return state_.at(variable); }
    [[nodiscard]] bool has_state(VariableId variable) const { return state_.contains(variable); }
    // What a call inside of the contract runs; lowered on demand where it is not yet.
    [[nodiscard]] std::uint32_t function_index(const Use& use);
    // Functions as values: each has a number, from 1, which storage and assembly show; a dispatcher takes a number and then
    // the words that are passed, and calls the function of that number. Its body is written when all numbers are known.
    [[nodiscard]] std::uint32_t function_number(const Use& use);
    [[nodiscard]] std::uint32_t dispatcher(std::size_t parameters, std::size_t results);
    [[nodiscard]] std::optional<StatePlace> transient_place(VariableId variable) const;
    [[nodiscard]] std::uint32_t field_index(TypeId structure, VariableId field) const;
    [[nodiscard]] std::uint32_t event_index(EventId event);
    [[nodiscard]] std::uint32_t error_index(ErrorId error);
    [[nodiscard]] std::uint32_t method_index(FunctionId function);
    [[nodiscard]] std::uint32_t getter_method_index(VariableId variable);
    [[nodiscard]] std::uint32_t creates_index(ContractId contract);
    [[nodiscard]] std::uint32_t library_index(ContractId library);        // one whose functions are called where it lies
    [[nodiscard]] std::string qualified_name(ContractId contract) const;  // "path:Name"
    [[nodiscard]] std::string identity_of(ContractId contract) const;
    [[nodiscard]] const std::vector<VariableId>& fields_of(TypeId structure) const;
    [[nodiscard]] ir::Method method(std::uint32_t index) const { return out_.methods[index]; }  // a copy: the list grows
    [[nodiscard]] const ir::Function& function(std::uint32_t index) const {
        return out_.functions[index];
    }  // its head; until the next is declared
    [[nodiscard]] const std::vector<ContractId>& linearization() const { return program[id].linearization; }
    [[nodiscard]] const ir::Contract& contract() const { return out_; }

    const Program& program;
    const Tree& tree;
    const ContractId id;

  private:
    // What a getter takes and gives, and how its result is reached.
    struct Getter {
        std::vector<ir::NamedType> parameters, returns;
        std::vector<VariableId> fields;  // of a struct: which are returned
        std::vector<TypeId> keys;
        TypeId end;
    };

    // --- functions (contract.cpp)
    [[nodiscard]] FunctionId resolve(const Use& use) const;
    void declare_functions();
    std::uint32_t declare(FunctionId function);
    void lower_functions();
    void lower_raw_entries();
    [[nodiscard]] bool is_raw(FunctionId function) const;  // has parameters or results that the lowering codes itself
    [[nodiscard]] bool is_coded_by_lowering(TypeId type) const;
    [[nodiscard]] ir::Function head(FunctionId function) const;
    [[nodiscard]] bool is_member(FunctionId function) const;  // own or inherited
    [[nodiscard]] bool is_final(FunctionId function) const;   // a member that is not overridden
    [[nodiscard]] std::string name_here(FunctionId function) const;
    [[nodiscard]] bool constructs() const;  // a base has a constructor, or a variable an initial value
    // A thrown Unsupported becomes a diagnostic.
    template <class Work>
    void guarded(Work work) {
        try {
            work();
        } catch (const Unsupported& unsupported) {
            diagnostics_.error(unsupported.code, unsupported.message, unsupported.range);
        }
    }

    // --- types (types.cpp), dispatchers (routines.cpp), what others see (interface.cpp)
    [[nodiscard]] std::vector<ir::NamedType> named(const std::vector<VariableId>& variables) const;
    ir::StorageTypeIndex storage_type(TypeId type, SourceRange range);
    void add_state();
    void lower_dispatchers();
    void number_functions();
    void add_logs();
    void add_methods();
    std::uint32_t add_method(ir::Method method);
    [[nodiscard]] Getter getter_of(VariableId variable) const;
    void lower_getters();

    // --- specifications (clauses.cpp)
    void lower_specifications();
    void lower_invariant(const Invariant& invariant, std::size_t& unlabelled);
    void lower_clauses(FunctionId function);
    void note_conditions_of_bodies();
    [[nodiscard]] ir::Clause clause_of(FunctionId function, const SpecClause& clause,
                                       std::array<std::size_t, 3>& counts) const;
    [[nodiscard]] static ir::Function specification(std::string name, SourceRange range);
    std::uint32_t add(ir::Function function);
    // `subject`: index of a function, or ir::Contract::none.
    void add_open(std::uint32_t subject, std::string label, const std::string& reason, SourceRange range);
    [[nodiscard]] std::string text_of(ExprId expr) const;

    ir::Contract out_;
    Diagnostics& diagnostics_;
    Sight known_;
    std::map<std::uint32_t, ir::StorageTypeIndex> storage_types_;  // by TypeId
    std::map<VariableId, std::uint32_t> state_;
    std::map<FunctionId, std::uint32_t> functions_;
    std::vector<FunctionId> pending_;  // declared, and not lowered yet
    std::map<std::string, std::uint32_t> routines_;
    std::map<YulStmtId, std::uint32_t> yul_functions_;
    std::optional<std::set<VariableId>> reassigned_;
    std::map<EventId, std::uint32_t> events_;
    std::map<ErrorId, std::uint32_t> errors_;
    std::map<ContractId, std::uint32_t> creates_;
    std::uint32_t lowered_ = ir::Contract::none;               // the function that is being lowered
    std::map<std::uint32_t, std::uint32_t> numbers_;           // of functions that are used as values, by index
    std::map<std::uint32_t, std::set<std::uint32_t>> values_;  // by index: which functions are values there
    std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> dispatchers_;  // by how many words go in and come back
};

[[nodiscard]] ir::Mutability mutability_of(Mutability mutability);

}  // namespace interlock::lang::lowering
