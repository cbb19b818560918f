// Lowers scenarios: every expression of a step becomes a function of one contract that has no source. Its parameters
// are the names that the expression uses.
#include <algorithm>
#include <set>

#include "lang/diagnostics/codes.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/lower/function.hpp"
#include "lang/lower/scenario.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

namespace {

// Returns whether the type is not a single value, so that its register holds its encoding.
bool is_data(const Program& program, TypeId type) {
    return program[type].kind == TypeKind::Array || program[type].kind == TypeKind::Struct;
}

}  // namespace

// --- one question ---

void FunctionLowering::give(const ScenarioNames& names) {
    const auto given = function_.blocks.front().parameters;
    std::size_t next = 0;
    for (const VariableId each : names.variables) {
        if (is_data(program_, program_[each].type)) {
            bind_encoded({each}, given.at(next++).value);
            continue;
        }
        for (const Local local : declare(each)) builder_.write(local, given.at(next++).value);
    }
    for (const ExprId each : names.olds) olds_[each] = given.at(next++).value;
    if (!names.called) return;
    id_ = names.called;
    results_are_bound_ = names.has_encoded_results;
    if (results_are_bound_) return bind_encoded(tree_[id_].returns, given.at(next).value);
    for (std::size_t i = 0; i < tree_[id_].returns.size(); ++i) specification_results_.push_back(given.at(next++).value);
}

void FunctionLowering::bind_encoded(const std::vector<VariableId>& variables, ir::Value bytes) {
    Data at = data(function_.range);
    const ir::Value start = at.add(at.raw(bytes), 32);
    const auto values = at.decode(types_of(variables), start, at.add(start, at.mload(at.raw(bytes))), DataLocation::Memory);
    for (std::size_t i = 0; i < variables.size(); ++i) bind(variables[i], result_of(values[i]), function_.range);
}

void FunctionLowering::ask_encoded(ExprId expr, TypeId type) {
    const SourceRange range = tree_[expr].range;
    Data at = data(range);
    return_values({at.as(at.bytes_of_encoding({datum(expr, type)}, {}, false), ir::bytes_type)}, range);
}

void FunctionLowering::return_values(ir::Values values, SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    terminator.values = std::move(values);
    builder_.finish(std::move(terminator), range);
}

void FunctionLowering::ask_value(ExprId expr, const ir::Type& type) {
    const SourceRange range = tree_[expr].range;
    ir::Value answer = type.is_reference() ? value_of(evaluate(expr), range) : value(expr, type);
    return_values({coerce(answer, type, range)}, range);
}

void FunctionLowering::ask_raise(ExprId call, Expectation expectation) {
    const Stmt stmt{.range = tree_[call].range, .expr = call};
    if (expectation == Expectation::Emit) emit_statement(stmt);
    else revert_statement(stmt);
    return_values({}, stmt.range);
}

void FunctionLowering::ask_deployment(ExprId creation) {
    const SourceRange range = tree_[creation].range;
    ir::ExternalCall call;
    options(creation, call);
    std::vector<VariableId> parameters;
    if (const FunctionId constructor = own_function(tree_, checked_type(creation).contract, FunctionKind::Constructor))
        parameters = tree_[constructor].parameters;
    Data at = data(range);
    const ir::Value encoded = at.bytes_of_encoding(data_for(creation, types_of(parameters)), {}, false);
    return_values({call.value ? call.value : builder_.zero(ir::uint256_type, range), at.as(encoded, ir::bytes_type)}, range);
}

void FunctionLowering::ask_call(ExprId id) {
    const SourceRange range = tree_[id].range;
    ir::ExternalCall call;
    ir::Value sent;
    if (info(id).call == CallForm::External) {
        call = call_of_method(id);
        sent = encoded_method(id, contract_.method(call.method), range);
    } else {
        call.target = value(tree_[callee(id)].a, ir::address_type);
        options(id, call);
        const bool is_payment = builtin_of(id) != Builtin::AddressCall;
        const ir::Value argument = value(arguments_of(id).at(0), is_payment ? ir::uint256_type : ir::bytes_type);
        if (is_payment) call.value = argument;
        sent = is_payment ? literal({}, ir::bytes_type, range) : argument;
    }
    const ir::Value ether = call.value ? call.value : builder_.zero(ir::uint256_type, range);
    return_values({call.target, ether, sent}, range);
}

ir::Value FunctionLowering::encoded_method(ExprId id, const ir::Method& method, SourceRange range) {
    const FunctionId function = info(callee(id)).use.function;
    if (function) {
        Data at = data(range);
        const ir::Value selector = coded_selector(method.selector, range);
        return at.as(at.bytes_of_encoding(data_for(id, types_of(tree_[function].parameters)), selector, false),
                     ir::bytes_type);
    }
    ir::Instruction encode;  // of a getter's arguments
    encode.op = ir::Op::AbiEncode;
    encode.type = ir::bytes_type;
    encode.encoding = ir::Encoding::WithSelector;
    encode.range = range;
    encode.operands = arguments(id, method.parameters);
    encode.operands.insert(encode.operands.begin(), selector_constant(method.selector, range));
    return builder_.emit(std::move(encode));
}

// --- all questions of a scenario ---

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
    using Ask = std::function<void(FunctionLowering&)>;

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
                                         [&](FunctionLowering& f) { f.ask_deployment(step.expr); });
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
                                 [&](FunctionLowering& f) { f.ask_call(step.expr); });
        made.expectation = step.expectation;
        if (!step.expected) return;
        made.expected_range = tree_[step.expected].range;
        const bool is_revert = program_[step.expected].call == CallForm::Builtin;  // revert("text")
        if (step.expectation != Expectation::Value || is_revert) {
            made.expectation = is_revert ? Expectation::Revert : step.expectation;
            const auto raise = [&](FunctionLowering& f) { f.ask_raise(step.expected, made.expectation); };
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
                made.results.push_back(contract_.named(each));
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
        return contract_.value_type(type, tree_[id].range);
    }

    RegisterIndex register_of(VariableId variable) {
        const auto [place, is_new] = register_known_.try_emplace(variable, register_count_);
        if (is_new) ++register_count_;
        return place->second;
    }

    Question named_value(ExprId expr, TypeId type) {
        if (!is_data(program_, type)) return value(expr, contract_.value_type(type, tree_[expr].range));
        return question(expr, {}, {{"", ir::bytes_type}}, [&](FunctionLowering& f) { f.ask_encoded(expr, type); });
    }

    // Returns the parameter of a question; encoded data is passed as a byte string.
    [[nodiscard]] ir::NamedType parameter(VariableId id) const {
        if (is_data(program_, program_[id].type)) return {std::string(tree_[id].name.text), ir::bytes_type};
        return contract_.named(id);
    }

    Question value(ExprId expr, ir::Type type, FunctionId called = {}) {
        return question(expr, called, {{"", type}}, [&](FunctionLowering& f) { f.ask_value(expr, type); });
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
            for (const VariableId each : returns) function.parameters.push_back(contract_.named(each));
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
                                             const std::function<void(FunctionLowering&)>& ask) {
    const auto index = static_cast<std::uint32_t>(out_.functions.size());
    question.name = "question " + std::to_string(index);
    question.is_entry = true;
    question.selector = index + 1;
    out_.functions.push_back(question);
    FunctionLowering lowering(*this, question);
    lowering.give(names);
    ask(lowering);
    simplify(question);
    out_.functions[index] = std::move(question);
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
