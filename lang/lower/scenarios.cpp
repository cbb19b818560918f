// Lowers scenarios: every expression of a step becomes a function of one contract that has no source. Its parameters
// are the names that the expression uses.
#include <algorithm>
#include <set>

#include "lang/diagnostics/codes.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/lower/scenario.hpp"
#include "lang/lower/scenario_questions.hpp"

namespace interlock::lang::lowering {

namespace {

class ScenarioLowering {
  public:
    ScenarioLowering(const Program& program, ScenarioId id, Diagnostics& diagnostics)
        : program_(program),
          tree_(*program.tree),
          scenario_(tree_[id]),
          info_(program[id]),
          contract_(program, ContractId{}, diagnostics),
          diagnostics_(diagnostics) {}

    std::optional<LoweredScenario> run() {
        made_.name = scenario_.name.text;
        made_.range = scenario_.range;
        try {
            actors();
            made_.steps = steps(scenario_.steps);
            made_.questions = std::make_shared<const ir::Contract>(contract_.finish_questions(made_.name, scenario_.range));
        } catch (const Unsupported& unsupported) {
            diagnostics_.error(unsupported.code, unsupported.message, unsupported.range);
        }
        if (diagnostics_.has_errors()) return std::nullopt;
        made_.register_count = register_count_;
        return std::move(made_);
    }

  private:
    using Ask = std::function<void(ScenarioQuestions&)>;

    void actors() {
        std::map<VariableId, const Actor*> declared;
        for (const ContractId contract : tree_.top_contracts)
            for (const Actor& actor : tree_[contract].actors) declared[actor.variable] = &actor;
        for (const auto& [name, variable] : info_.actors) {
            ScenarioActor actor{.name = std::string(name), .into = register_of(variable)};
            const auto found = declared.find(variable);
            actor.is_contract = found != declared.end() && found->second->kind == ActorKind::Contract;
            if (found != declared.end() && found->second->holds) actor.holds = value(found->second->holds, ir::uint256_type);
            made_.actors.push_back(std::move(actor));
        }
    }

    std::vector<CompiledStep> steps(const std::vector<ScenarioStep>& steps) {
        std::vector<CompiledStep> made;
        for (const ScenarioStep& each : steps) made.push_back(step(each));
        return made;
    }

    CompiledStep step(const ScenarioStep& step) {
        CompiledStep made{.kind = step.kind, .range = step.range, .actor = std::string(step.actor.text)};
        switch (step.kind) {
            case StepKind::Deploy:
                made.name = tree_[program_[program_[step.expr].type].contract].name.text;
                made.question = question(step.expr, {}, {{"", ir::uint256_type}, {"", ir::bytes_type}},
                                         [&](ScenarioQuestions& f) { f.ask_deployment(step.expr); });
                made.into = register_of(step.variable);
                break;
            case StepKind::Call: call(step, made); break;
            case StepKind::Let:
                made.question = named_value(step.expr, program_[step.variable].type);
                made.into = register_of(step.variable);
                break;
            case StepKind::Check:
                made.question = value(step.expr, ir::bool_type);
                watch(step.expr, {}, made.watches);
                break;
            case StepKind::Warp: made.question = value(step.expr, ir::uint256_type); break;
            case StepKind::Interleave:
                for (const auto& branch : step.branches) made.branches.push_back(steps(branch));
                break;
        }
        return made;
    }

    void call(const ScenarioStep& step, CompiledStep& made) {
        made.question = question(step.expr, {}, {{"", ir::address_type}, {"", ir::uint256_type}, {"", ir::bytes_type}},
                                 [&](ScenarioQuestions& f) { f.ask_call(step.expr); });
        made.expectation = step.expectation;
        if (!step.expected) return;
        made.expected_range = tree_[step.expected].range;
        const bool is_revert = program_[step.expected].call == CallForm::Builtin;  // revert("text")
        if (step.expectation != Expectation::Value || is_revert) {
            made.expectation = is_revert ? Expectation::Revert : step.expectation;
            const auto raise = [&](ScenarioQuestions& f) { f.ask_raise(step.expected, made.expectation); };
            made.expected = question(step.expected, {}, {}, raise);
            return;
        }
        const FunctionId called = called_function(step.expr);
        registers_of_results_.clear();
        if (called) {
            made.has_encoded_results = has_data(tree_[called].returns);
            if (made.has_encoded_results) made.result_registers.push_back(register_count_++);
            for (const VariableId each : tree_[called].returns) {
                if (made.has_encoded_results) break;
                made.results.push_back(contract_.types.named(each));
                made.result_registers.push_back(register_count_++);
            }
        }
        registers_of_results_ = made.result_registers;
        made.expected = value(step.expected, ir::bool_type, called);
        for (const ExprId old : parts(step.expected).olds)
            made.before.emplace_back(value(tree_[old].a, type_of(old)), old_registers_.at(old));
        watch(step.expected, called, made.watches);
    }

    [[nodiscard]] FunctionId called_function(ExprId call) const {
        ExprId callee = tree_[call].a;
        while (tree_[callee].kind == ExprKind::CallOptions) callee = tree_[callee].a;
        const Use& use = program_[callee].use;
        return use.meaning == Meaning::Function ? use.function : FunctionId{};
    }

    // --- names that an expression uses ---

    struct Parts {
        std::set<VariableId> variables;
        std::set<ExprId> olds;
        bool has_result = false;
    };

    [[nodiscard]] Parts parts(ExprId root) {
        Parts found;
        std::vector<ExprId> open{root};
        while (!open.empty()) {
            const ExprId id = open.back();
            open.pop_back();
            if (!id) continue;
            const Expr& expr = tree_[id];
            if (expr.kind == ExprKind::Old) {
                found.olds.insert(id);
                old_registers_.try_emplace(id, register_count_).second ? ++register_count_ : register_count_;
                continue;
            }
            const Use& use = program_[id].use;
            if (expr.kind == ExprKind::Result) found.has_result = true;
            else if (expr.kind == ExprKind::Name && use.meaning == Meaning::Variable &&
                     register_known_.contains(use.variable))
                found.variables.insert(use.variable);
            open.insert(open.end(), {expr.a, expr.b, expr.c});
            open.insert(open.end(), expr.list.begin(), expr.list.end());
        }
        return found;
    }

    [[nodiscard]] ir::Type type_of(ExprId id) const {
        const TypeId type = program_[id].converted ? program_[id].converted : program_[id].type;
        return contract_.types.value_type(type, tree_[id].range);
    }

    RegisterIndex register_of(VariableId variable) {
        const auto [place, is_new] = register_known_.try_emplace(variable, register_count_);
        if (is_new) ++register_count_;
        return place->second;
    }

    Question named_value(ExprId expr, TypeId type) {
        if (!is_data(program_, type)) return value(expr, contract_.types.value_type(type, tree_[expr].range));
        return question(expr, {}, {{"", ir::bytes_type}}, [&](ScenarioQuestions& f) { f.ask_encoded(expr, type); });
    }

    // Returns the parameter of a question; encoded data is passed as a byte string.
    [[nodiscard]] ir::NamedType parameter(VariableId id) const {
        if (is_data(program_, program_[id].type)) return {std::string(tree_[id].name.text), ir::bytes_type};
        return contract_.types.named(id);
    }

    Question value(ExprId expr, ir::Type type, FunctionId called = {}) {
        return question(expr, called, {{"", type}}, [&](ScenarioQuestions& f) { f.ask_value(expr, type); });
    }

    Question question(ExprId expr, FunctionId called, std::vector<ir::NamedType> returns, const Ask& ask) {
        const Parts used = parts(expr);
        Question made;
        ScenarioNames names;
        ir::Function function;
        for (const VariableId each : used.variables) {
            names.variables.push_back(each);
            made.inputs.push_back(register_known_.at(each));
            function.parameters.push_back(parameter(each));
        }
        for (const ExprId each : used.olds) {
            names.olds.push_back(each);
            made.inputs.push_back(old_registers_.at(each));
            function.parameters.push_back({"old", type_of(each)});
        }
        function.range = tree_[expr].range;
        if (called && used.has_result) results(called, names, made, function);
        function.returns = std::move(returns);
        made.function = contract_.add_question(std::move(function), names, ask);
        return made;
    }

    [[nodiscard]] bool has_data(const std::vector<VariableId>& variables) const {
        return std::ranges::any_of(variables, [&](VariableId each) { return is_data(program_, program_[each].type); });
    }

    void results(FunctionId called, ScenarioNames& names, Question& made, ir::Function& function) {
        const auto& returns = tree_[called].returns;
        names.called = called;
        names.has_encoded_results = has_data(returns);
        if (names.has_encoded_results) {
            for (const VariableId each : returns)
                if (program_[program_[each].type].location == DataLocation::Calldata)
                    throw Unsupported{code::no_such_construct.id, "a result in calldata is not supported yet here",
                                      function.range};
            function.parameters.push_back({"results", ir::bytes_type});
        } else {
            for (const VariableId each : returns) function.parameters.push_back(contract_.types.named(each));
        }
        std::ranges::copy(registers_of_results_, std::back_inserter(made.inputs));
    }

    // Adds the operands of comparisons, and conditions that are not comparisons: readers want to see them after a failure.
    void watch(ExprId id, FunctionId called, std::vector<Watch>& watches) {
        const Expr& expr = tree_[id];
        const bool joins =
            expr.kind == ExprKind::Binary &&
            (expr.binary >= BinaryOp::And || (expr.binary >= BinaryOp::Less && expr.binary <= BinaryOp::NotEqual));
        if (joins) return watch(expr.a, called, watches), watch(expr.b, called, watches);
        if (expr.kind == ExprKind::Tuple && expr.list.size() == 1) return watch(expr.list.front(), called, watches);
        if (expr.kind == ExprKind::Unary && expr.unary == UnaryOp::Not) return watch(expr.a, called, watches);
        const bool is_person = expr.kind == ExprKind::Name && program_[program_[id].type].kind == TypeKind::Address;
        const bool is_plain =
            is_person || program_[id].constant || expr.kind == ExprKind::String || expr.kind == ExprKind::HexString;
        if (is_plain) return;
        const TypeKind kind = program_[program_[id].type].kind;
        if (kind == TypeKind::Array || kind == TypeKind::Struct || kind == TypeKind::Tuple ||
            kind == TypeKind::RationalLiteral)
            return;
        const std::string text(program_.sources->text(expr.range));
        if (std::ranges::any_of(watches, [&](const Watch& known) { return known.text == text; })) return;
        watches.push_back({text, value(id, type_of(id), called)});
    }

    const Program& program_;
    const Tree& tree_;
    const Scenario& scenario_;
    const ScenarioInfo& info_;
    ContractLowering contract_;
    Diagnostics& diagnostics_;
    LoweredScenario made_;
    RegisterIndex register_count_ = 0;
    std::map<VariableId, RegisterIndex> register_known_;
    std::map<ExprId, RegisterIndex> old_registers_;
    std::vector<RegisterIndex> registers_of_results_;
};

}  // namespace

std::uint32_t ContractLowering::add_question(ir::Function question, const ScenarioNames& names,
                                             const std::function<void(ScenarioQuestions&)>& ask) {
    const std::uint32_t index = functions.count();
    question.name = "question " + std::to_string(index);
    question.is_entry = true;
    const auto is_text = [](const ir::NamedType& each) { return each.type.is_reference(); };
    question.is_raw = std::ranges::any_of(question.parameters, is_text) || std::ranges::any_of(question.returns, is_text);
    question.selector = index + 1;
    functions.add(question);
    Frame frame(*this, question);
    ScenarioQuestions questions(frame);
    questions.give(names);
    ask(questions);
    simplify(question);
    functions.complete(index, std::move(question));
    return index;
}

ir::Contract ContractLowering::finish_questions(std::string name, SourceRange range) {
    lower_functions();  // functions that the questions call
    out_.name = std::move(name);
    out_.range = range;
    return std::move(out_);
}

}  // namespace interlock::lang::lowering

namespace interlock::lang {

std::optional<LoweredScenario> lower_scenario(const Program& program, ScenarioId id, Diagnostics& diagnostics) {
    return lowering::ScenarioLowering(program, id, diagnostics).run();
}

}  // namespace interlock::lang
