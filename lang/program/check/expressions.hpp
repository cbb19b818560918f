// Gives every expression its type, every name its meaning, every constant its value, and every operand the type to
// which its context converts it.
//
// Types flow upwards: an expression is typed without knowledge of its context, which then converts it (`convert`).
// Literals stay exact until then. In a specification arithmetic uses mathematical integers.
#pragma once

#include <optional>
#include <vector>

#include "lang/program/check/context.hpp"

namespace interlock::lang {

enum class SpecPlace : std::uint8_t {
    None,
    Invariant,
    Requires,
    Ensures,
    Step,
    Scenario,
    Expectation,  // of a scenario: a call, what it reads, and what it results in
};

// The context of an expression.
struct Surroundings {
    ContractId contract{};
    FunctionId function{};
    FunctionId called{};  // the function called by the step to which an expectation belongs
    ModifierId modifier{};
    UnitId unit{};                // set if neither a contract nor a function determines it
    bool in_constructor = false;  // or in the initial value of a state variable
    SpecPlace spec = SpecPlace::None;
    bool in_old = false;
};

class Expressions {
  public:
    explicit Expressions(Context& context)
        : context_(context), types_(context.types), constants_(context.tree.variables.size()) {}

    Surroundings where;

    TypeId check(ExprId id);          // accepts everything: also a type, a function, several values
    TypeId check_value(ExprId id);    // exactly one value
    void check_condition(ExprId id);  // must be a bool
    TypeId check_target(ExprId id);   // something that can be assigned

    // Converts a checked expression to `to`. Returns false after reporting that this is impossible. `because` is the
    // place that requires the type.
    bool convert(ExprId id, TypeId to, const Label& because = {});
    TypeId settle(ExprId id);  // no context requires a type: literals get their own

    void check_initial(VariableId id);  // the initial value of a state variable or constant
    void check_pack(const std::vector<VariableId>& parameters, const std::vector<ExprId>& arguments, SourceRange where,
                    std::string_view what, SourceRange declared);

    // For `emit` and `revert`: the call must have the given meaning.
    void check_raise(ExprId id, Meaning meaning, bool may_be_text = false);
    bool check_only_meaning(ExprId id);  // that a name read as a value has only one meaning

    // Returns whether numbers are mathematical integers and nothing may be changed.
    [[nodiscard]] bool in_specification() const { return where.spec != SpecPlace::None && !in_scenario(); }
    [[nodiscard]] bool in_scenario() const { return where.spec >= SpecPlace::Step; }

  private:
    using Arguments = std::vector<ExprId>;
    enum class Progress : std::uint8_t { New, Running, Done };

    TypeId type_new(ExprId id);

    // --- expressions.cpp ---
    TypeId elementary_type(ExprId id);
    TypeId literal_number(ExprId id);
    TypeId address_literal(ExprId id, const vm::Word& value);
    TypeId literal_string(ExprId id);
    TypeId tuple(ExprId id);
    TypeId conditional(ExprId id);
    [[nodiscard]] bool gives_nothing(ExprId id) const;
    TypeId index(ExprId id);
    void check_bound(ExprId index, const vm::Word& length, std::string_view what, std::string_view parts);
    TypeId slice(ExprId id);
    TypeId array_literal(ExprId id);
    void forbid_mappings(ExprId target);
    TypeId assign(ExprId id);
    TypeId assign_compound(ExprId id, TypeId target);
    TypeId type_information(ExprId id);
    TypeId creation(ExprId id);
    void require_value(ExprId id);
    [[nodiscard]] std::string comparison_instead(ExprId assignment) const;
    bool reject_change(ExprId id, std::string_view what);
    bool only_names(ExprId id) const;  // only names, members and conversions, so its evaluation has no effect

    // --- convert.cpp: conversions of expressions ---
    void apply(ExprId id, TypeId to);
    std::optional<vm::Word> constant_as(ExprId id, TypeId to);
    void report_conversion(ExprId id, TypeId to, const Label& because);
    void suggest_conversion(ExprId id, TypeId to, Diagnostic& diagnostic);
    void suggest_cast(TypeId from, TypeId to, Diagnostic& diagnostic);
    void report_not_assignable(ExprId id);

    // --- operators.cpp ---
    TypeId unary(ExprId id);
    TypeId increment(ExprId id);
    TypeId remove(ExprId id);
    TypeId binary(ExprId id);
    TypeId logical(ExprId id);
    TypeId fold_constants(ExprId id, TypeId a, TypeId b);
    TypeId shift_or_power(ExprId id, TypeId a, TypeId b);
    TypeId specified_binary(ExprId id, TypeId a, TypeId b);
    std::optional<TypeId> operand_type(BinaryOp op, TypeId a, TypeId b);
    TypeId report_operands(ExprId id, BinaryOp op, TypeId a, TypeId b);
    [[nodiscard]] bool is_zero(ExprId constant) const;
    bool check_divisor(ExprId divisor, BinaryOp op);
    void warn_of_zero_divisor(ExprId divisor, BinaryOp op);

    // --- references.cpp, members.cpp ---
    TypeId name(ExprId id, const Expr* call);
    TypeId declared_name(ExprId id, const std::vector<Declared>& found, const Expr* call);
    std::vector<const Declared*> without_overridden(const std::vector<Declared>& found) const;
    bool is_bound_to_contract(FunctionId id) const;  // neither a free function nor a library's
    const Declared* choose_or_report(ExprId id, const std::vector<const Declared*>& candidates, const Expr* call,
                                     bool from_outside = false);
    TypeId variable(ExprId id, VariableId variable);
    TypeId function_type(FunctionId id, FunctionForm form = FunctionForm::Named);
    TypeId builtin_name(ExprId id);
    TypeId report_unknown(ExprId id);
    bool report_private(const Expr& name);
    TypeId report_external(ExprId id, SourceRange declared);
    TypeId member(ExprId id, const Expr* call);
    TypeId member_of_module(ExprId id, const Expr* call);
    TypeId member_of_type(ExprId id, TypeId type, const Expr* call);
    TypeId member_of_magic(ExprId id, const Type& magic);
    TypeId member_of_contract_type(ExprId id, ContractId contract, const Expr* call);
    TypeId report_of_contract_type(ExprId id, ContractId contract);
    TypeId member_of_super(ExprId id, const Expr* call);
    TypeId member_of_type_information(ExprId id, TypeId type);
    TypeId code_of(ExprId id, ContractId contract);
    TypeId member_of_address(ExprId id, bool payable);
    TypeId member_of_contract(ExprId id, ContractId contract, const Expr* call, const std::vector<Declared>& attached);
    TypeId member_of_struct(ExprId id, const Type& structure);
    TypeId member_of_bytes(ExprId id, TypeId type);
    TypeId member_of_array(ExprId id, const Type& type);
    TypeId member_of_function(ExprId id);
    bool shows_selector(FunctionId function, FunctionForm form) const;
    bool is_slice(ExprId id) const;
    TypeId report_length_of_slice(ExprId id);
    TypeId member_of_value_type(ExprId id, TypeId type);
    bool has_member(TypeId type, std::string_view name) const;
    TypeId report_unknown_member(ExprId id, const std::vector<std::string_view>& known);
    TypeId use_builtin(ExprId id, Builtin builtin, TypeId type);

    // --- calls.cpp ---
    TypeId call(ExprId id);
    TypeId callee(ExprId id, const Expr& call);
    TypeId call_options(ExprId id, const Expr* call);
    TypeId parenthesised_callee(ExprId id, const Expr& call);
    TypeId function_call(ExprId id, ExprId callee);
    [[nodiscard]] CallForm form_of_options(ExprId callee) const;
    bool is_library_name(ExprId id) const;
    TypeId conversion_call(ExprId id, TypeId to);
    TypeId struct_call(ExprId id, StructId structure);
    TypeId result_of(const std::vector<TypeId>& results, bool from_outside);
    std::vector<const Declared*> choose(const std::vector<const Declared*>& candidates, const Expr& call, bool from_outside);
    bool could_take(const Declared& candidate, const Expr& call, bool from_outside);
    std::vector<VariableId> parameters_of(const Use& use) const;
    std::optional<Arguments> arrange(ExprId id, const std::vector<VariableId>& parameters);
    void pass(ExprId id, const Arguments& arguments, const std::vector<TypeId>& parameters,
              const std::vector<VariableId>& names);
    bool check_count(ExprId id, std::size_t expected, SourceRange declared);
    SourceRange declaration_of(const Use& use) const;
    void check_options(ExprId options, const Use& use, CallForm form, const Type& type);
    bool is_payable_target(const Use& use, CallForm form, const Type& type) const;

    // --- builtins.cpp ---
    TypeId builtin_function(ExprId id);  // of a plain name; an empty type if there is no such function
    TypeId builtin_call(ExprId id, ExprId callee);
    TypeId require_call(ExprId id);
    TypeId encode_call(ExprId id, Builtin builtin);
    TypeId encode_method_call(ExprId id);
    TypeId concat_call(ExprId id, Builtin builtin);
    TypeId decode_call(ExprId id);
    TypeId push_call(ExprId id, const Type& member);
    void check_encoded(ExprId argument, bool packed);
    [[nodiscard]] bool packs(TypeId type) const;

    // --- using.cpp ---
    bool is_active(const Attachment& attachment, TypeId type) const;
    UnitId unit_here() const;
    std::vector<Declared> attached(ExprId id, TypeId type) const;
    bool prefers_attached(ExprId id, TypeId type, const std::vector<Declared>& found, const Expr* call);
    bool own_member_could_take(TypeId type, std::string_view name, const Expr& call);
    TypeId attached_member(ExprId id, const std::vector<Declared>& found, const Expr* call);
    FunctionId user_operator(TypeId type, std::string_view op, std::size_t operands) const;
    TypeId apply_operator(ExprId id, FunctionId function);
    void note_call(FunctionId function);

    // --- specification.cpp ---
    TypeId old(ExprId id);
    TypeId result(ExprId id);
    TypeId sum(ExprId id);
    TypeId quantified(ExprId id);
    // Returns whether a specification, or code, may make this call.
    bool check_specified_call(ExprId id, const Use& use, CallForm form);
    TypeId report_outside(ExprId id, std::string_view what);

    Context& context_;
    TypeTable& types_;
    std::vector<Progress> constants_;  // by VariableId
};

[[nodiscard]] std::string_view symbol(BinaryOp op);
[[nodiscard]] bool is_comparison(BinaryOp op);

}  // namespace interlock::lang
