// Checks scenarios: each step's expressions are typed like code outside all contracts. What a step names, a deployed
// contract or a value, is known to the following steps; in a branch of `interleave` only to those of the branch.
#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/calls.hpp"
#include "lang/program/check/passes.hpp"

namespace interlock::lang {
namespace {

using checking::Calls;
using checking::Room;
using checking::SpecPlace;

class ScenarioChecker {
  public:
    ScenarioChecker(Context& context, ScenarioId id)
        : context_(context),
          tree_(context.tree),
          types_(context.types),
          scenario_(context.tree[id]),
          info_(context.program.scenarios[id.index]) {}

    void run() {
        context_.names.enter(scenario_.scope);
        context_.names.enter_block();
        for (const ContractId contract : tree_.top_contracts) {
            for (const Actor& actor : tree_[contract].actors) add_actor(actor.variable);
        }
        for (const VariableId person : scenario_.accounts) add_actor(person);
        steps(scenario_.steps);
        context_.names.leave_block();
    }

  private:
    // One name is one account, even if several contracts mention it.
    void add_actor(VariableId actor) {
        if (info_.actors.contains(tree_[actor].name.text)) return;
        context_.info(actor).type = types_.address(true);
        context_.info(actor).is_local = true;
        const Name name = tree_[actor].name;
        info_.actors.emplace(name.text, actor);
        context_.names.declare_local({.use = {.meaning = Meaning::Variable, .variable = actor}, .name = name});
    }

    void steps(const std::vector<ScenarioStep>& list) {
        for (const ScenarioStep& each : list) step(each);
    }

    void step(const ScenarioStep& step) {
        const bool is_act = step.kind == StepKind::Deploy || step.kind == StepKind::Call;
        Room here = at(is_act ? SpecPlace::Step : SpecPlace::Scenario);
        switch (step.kind) {
            case StepKind::Deploy: deploy(step); break;
            case StepKind::Call: call(step); break;
            case StepKind::Let: let(step); break;
            case StepKind::Check: here.check_condition(step.expr); break;
            case StepKind::Warp:
                here.check_value(step.expr);
                here.convert(step.expr, types_.uint());
                break;
            case StepKind::Interleave: interleave(step); break;
        }
        if (!step.actor.text.empty()) actor(step.actor);
    }

    [[nodiscard]] Room at(SpecPlace place, FunctionId called = {}) const {
        return {context_, {.called = called, .unit = scenario_.scope.unit, .spec = place}};
    }

    void interleave(const ScenarioStep& step) {
        for (const std::vector<ScenarioStep>& branch : step.branches) {
            context_.names.enter_block();
            steps(branch);
            context_.names.leave_block();
        }
    }

    void name(const ScenarioStep& step, TypeId type) {
        context_.info(step.variable).type = type;
        context_.info(step.variable).is_local = true;
        const Declared declared{.use = {.meaning = Meaning::Variable, .variable = step.variable}, .name = step.name};
        if (const Declared* earlier = context_.names.declare_local(declared)) report_clash(context_, declared, *earlier);
    }

    void deploy(const ScenarioStep& step) {
        const TypeId type = at(SpecPlace::Step).check_value(step.expr);
        const Expr& expr = tree_[step.expr];
        if (!types_.is_error(type) && context_.info(step.expr).call != CallForm::Create)
            context_.report(code::bad_step, "only a contract can be deployed", expr.range)
                .helps.push_back("write `deploy bank = Bank(arguments);`");
        name(step, type);
    }

    void let(const ScenarioStep& step) {
        Room here = at(SpecPlace::Scenario);
        TypeId type = here.check_value(step.expr);
        if (types_.kind(type) == TypeKind::RationalLiteral) {  // the value of `let n = 5` is meant for calculation
            const bool is_negative = tree_[step.expr].kind == ExprKind::Unary;
            type = types_.number(is_negative, 256);
            here.convert(step.expr, type);
        } else {
            type = here.settle(step.expr);
        }
        const TypeKind kind = types_.kind(type);
        const bool is_text = kind == TypeKind::Bytes || kind == TypeKind::String;
        const bool is_data = (kind == TypeKind::Array || kind == TypeKind::Struct) && types_.can_cross_contracts(type);
        if (!types_.is_error(type) && !is_text && !is_data && !types_.is_value_type(type))
            context_.report(code::bad_step, "only a single value can be named", tree_[step.expr].range,
                            fmt::format("this is `{}`", types_.name(type)));
        name(step, types_.at(type, DataLocation::Memory));
    }

    void actor(const Name& name) {
        if (info_.actors.contains(name.text)) return;
        Diagnostic& diagnostic =
            context_.report(code::unknown_name, fmt::format("nobody is called `{}`", name.text), name.range);
        std::vector<std::string_view> known;
        for (const auto& [text, actor] : info_.actors) known.push_back(text);
        if (const std::string_view similar = closest(name.text, known); !similar.empty())
            diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
        else diagnostic.helps.push_back(fmt::format("declare `actor {};` in a contract", name.text));
    }

    // --- calls and their expected results ---

    void call(const ScenarioStep& step) {
        const TypeId result = at(SpecPlace::Step).check(step.expr);
        const ExprInfo& info = context_.info(step.expr);
        const Builtin builtin =
            info.call == CallForm::Builtin ? context_.info(tree_[step.expr].a).use.builtin : Builtin::None;
        const bool is_call = info.call == CallForm::External || builtin == Builtin::AddressCall ||
                             builtin == Builtin::AddressTransfer || builtin == Builtin::AddressSend;
        const bool is_known = types_.kind(result) != TypeKind::Error || info.call != CallForm::None;
        if (!is_call && is_known)
            context_.report(code::bad_step, "a step is a call of a contract", tree_[step.expr].range)
                .helps.push_back("look at things with `check e;` or `let name = e;`");
        expectation(step, is_call ? called(step.expr) : FunctionId{});
    }

    [[nodiscard]] FunctionId called(ExprId call) const {
        ExprId callee = tree_[call].a;
        while (tree_[callee].kind == ExprKind::CallOptions) callee = tree_[callee].a;
        const Use& use = context_.program[callee].use;
        return use.meaning == Meaning::Function ? use.function : FunctionId{};
    }

    void expectation(const ScenarioStep& step, FunctionId called) {
        Room here = at(SpecPlace::Expectation, called);
        switch (step.expectation) {
            case Expectation::None: break;
            case Expectation::Revert:
                if (step.expected) Calls(here).check_raise(step.expected, Meaning::Error);
                break;
            case Expectation::Emit: Calls(here).check_raise(step.expected, Meaning::Event); break;
            case Expectation::Value:
                if (is_revert_with_text(step.expected)) here.check(step.expected);
                else here.check_condition(step.expected);
                break;
        }
    }

    [[nodiscard]] bool is_revert_with_text(ExprId id) const {
        const Expr& expr = tree_[id];
        return expr.kind == ExprKind::Call && tree_[expr.a].kind == ExprKind::Name && tree_[expr.a].text == "revert";
    }

    Context& context_;
    const Tree& tree_;
    TypeTable& types_;
    const Scenario& scenario_;
    ScenarioInfo& info_;
};

}  // namespace

void check_actors(Context& context, ContractId contract) {
    const UnitId unit = context.tree[contract].unit;
    context.names.enter(Scope{unit, {}});
    Room here(context, {.unit = unit, .spec = SpecPlace::Scenario});
    for (const Actor& actor : context.tree[contract].actors) {
        if (!actor.holds) continue;
        here.check_value(actor.holds);
        here.convert(actor.holds, context.types.uint());
    }
}

void check_scenario(Context& context, ScenarioId scenario) { ScenarioChecker(context, scenario).run(); }

}  // namespace interlock::lang
