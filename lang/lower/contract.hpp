// Lowers one contract: declares its functions, and lowers their bodies. Its parts are objects of their own, each with the
// maps from the tree's ids to indices of what it fills.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/lower/interface.hpp"
#include "lang/lower/lower.hpp"
#include "lang/lower/routines.hpp"
#include "lang/lower/state.hpp"

namespace interlock::lang::lowering {

class Bodies;
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
    ContractLowering(const Program& program, ContractId contract, Diagnostics& diagnostics, Linked linked = Linked::Called);
    ContractLowering(const ContractLowering&) = delete;
    ContractLowering& operator=(const ContractLowering&) = delete;

    [[nodiscard]] ir::Contract run();

    // --- scenarios: a contract of questions (lower/scenarios.cpp) ---
    [[nodiscard]] std::uint32_t add_question(ir::Function question, const ScenarioNames& names,
                                             const std::function<void(ScenarioQuestions&)>& ask);
    [[nodiscard]] ir::Contract finish_questions(std::string name, SourceRange range);

    // --- for the lowering of functions ---
    [[nodiscard]] bool counts_memory() const { return sight_.counts_memory; }  // what assembly can observe (sight.hpp)
    [[nodiscard]] bool tracks_dirt() const { return sight_.tracks_dirt; }
    [[nodiscard]] bool has(Rule rule) const { return program.dialect_of(id).has(rule); }
    [[nodiscard]] bool wraps() const { return has(rule::arithmetic_wraps); }  // without `unchecked`
    // Whether a function is one of a linked library that is lowered as if it were the contract's own.
    [[nodiscard]] bool takes_in(FunctionId function) const;
    [[nodiscard]] bool is_reassigned(VariableId variable);  // assigned as a whole, somewhere after its declaration
    [[nodiscard]] const std::vector<ContractId>& linearization() const { return program[id].linearization; }
    [[nodiscard]] const ir::Contract& contract() const { return out_; }

    const Program& program;
    const Tree& tree;
    const ContractId id;

  private:
    ir::Contract out_;
    Diagnostics& diagnostics_;
    const Linked linked_;
    Sight sight_;
    std::map<std::uint32_t, Unsupported> postponed_;  // by function: errors that count if something calls it
    std::optional<std::set<VariableId>> reassigned_;

  public:
    // --- its parts, each with what it fills of the contract (made after what they refer to) ---
    const Types types;
    State state;
    Functions functions;
    Interface interface;
    Routines routines;

  private:
    void declare_functions();
    void lower_functions();
    void lower_body(std::uint32_t index, const std::function<void(Bodies)>& work);
    void report_postponed();
    void lower_raw_entries();
    void lower_getters();
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
};

}  // namespace interlock::lang::lowering
