// The specification layer: clauses of functions, invariants, ghosts, actors, and scenarios.
#include "lang/syntax/grammar/rules.hpp"

namespace interlock::lang::grammar {
namespace {

using T = TokenKind;

struct Steps {
    std::vector<ScenarioStep> list;
};

struct ActorKindParser : ValueParser<ActorKindParser, ActorKind> {
    static std::string name() { return "`eoa` or `contract`"; }
    static std::optional<ActorKind> read(const Token& at) {
        if (at.text == "eoa") return ActorKind::Eoa;
        if (at.kind == T::Contract) return ActorKind::Contract;
        return std::nullopt;
    }
};

constexpr auto label_of_text = [](const auto& context) {
    x3::_val(context) = {x3::_attr(context), last_token(context)->range};
};
constexpr auto take_ghost = [](const auto& context) {
    x3::_val(context) = std::move(x3::_attr(context));
    x3::_val(context).is_ghost = true;
};
constexpr auto append_branch = [](const auto& context) {
    x3::_val(context).branches.push_back(std::move(x3::_attr(context).list));
};

bool begins_expected_revert(const Builder&, Iterator at) {
    return at->text == "revert" && at[1].kind != T::LeftParen && at[1].kind != T::Dot;
}

}  // namespace

// --- clauses of functions ---

INTERLOCK_RULE(spec_label, Name, "a label");

constexpr auto spec_label_def = when(begins_label) >> identifier[adopt] >> colon;
constexpr auto spec_clause_def = located
    [when(begins_spec_clause) >>
     ((WordParser("requires")[as<SpecKind::Requires>] > -spec_label[set<&SpecClause::label>] >
       specification[expression][set<&SpecClause::expr>] > -text[set<&SpecClause::message>]) |
      (WordParser("ensures")[as<SpecKind::Ensures>] > -spec_label[set<&SpecClause::label>] >
       postcondition[expression][set<&SpecClause::expr>] > -text[set<&SpecClause::message>]) |
      (WordParser("modifies")[as<SpecKind::Modifies>] > specification[separated(postfix[append<&SpecClause::paths>])]) |
      (WordParser("reverts")[as<SpecKind::RevertsIf>] > token(T::If) > specification[expression][set<&SpecClause::expr>]) |
      WordParser("nonreentrant")[as<SpecKind::Nonreentrant>])];

BOOST_SPIRIT_DEFINE(spec_label, spec_clause)

// --- members of contracts ---

INTERLOCK_RULE(invariant_label, Name, "a label");
INTERLOCK_RULE(invariant, Invariant, "`invariant`");
INTERLOCK_RULE(ghost, Variable, "`ghost`");
INTERLOCK_RULE(ghost_function, Function, "`ghost`");
INTERLOCK_RULE(actor, Actor, "`actor`");

constexpr auto invariant_label_def = (when(begins_label) >> identifier[adopt] >> colon) | text[label_of_text];
constexpr auto invariant_def =
    located[when(begins_invariant) >> token(T::Identifier) >> -token(T::Not)[put<&Invariant::strong>] >
            -invariant_label[set<&Invariant::label>] > specification[expression][set<&Invariant::expr>] > end_of_statement];
constexpr auto ghost_def =
    located[when(begins_ghost) >> token(T::Identifier)[put<&Variable::is_ghost>] > type_name[set<&Variable::type>] >
            identifier[set<&Variable::name>] >
            -(token(T::Assign) > specification[initial_value][set_filled<&Variable::initial>]) > end_of_statement];
constexpr auto ghost_function_def =
    located[when(begins_ghost_function) >> token(T::Identifier) >> specification[function][take_ghost]];
constexpr auto actor_def =
    located[when(begins_actor) >> token(T::Identifier) > identifier[set<&Actor::name>] >
            -(colon > ActorKindParser{}[set<&Actor::kind>]) >
            -(WordParser("holds") > specification[expression][set<&Actor::holds>]) > end_of_statement];
constexpr auto spec_member_def = invariant[declare] | ghost_function[declare] | ghost[declare] | actor[declare];

BOOST_SPIRIT_DEFINE(invariant_label, invariant, ghost, ghost_function, actor, spec_member)

// --- scenarios ---

INTERLOCK_RULE(deploy_step, ScenarioStep, "`deploy`");
INTERLOCK_RULE(let_step, ScenarioStep, "`let`");
INTERLOCK_RULE(check_step, ScenarioStep, "`check`");
INTERLOCK_RULE(warp_step, ScenarioStep, "`warp`");
INTERLOCK_RULE(interleave_step, ScenarioStep, "`interleave`");
INTERLOCK_RULE(call_step, ScenarioStep, "a call");
INTERLOCK_RULE(any_step, ScenarioStep, "a step");
INTERLOCK_RULE(step, ScenarioStep, "a step");
INTERLOCK_RULE(steps, Steps, "`{`");

constexpr auto deploy_step_def =
    located[when(begins_deployment) >> token(T::Identifier)[as<StepKind::Deploy>] > identifier[set<&ScenarioStep::name>] >
            token(T::Assign) > expression[set<&ScenarioStep::expr>] >
            -(WordParser("by") > identifier[set<&ScenarioStep::actor>]) > end_of_statement];
constexpr auto let_step_def =
    located[when(begins_let) >> WordParser("let")[as<StepKind::Let>] > identifier[set<&ScenarioStep::name>] >
            token(T::Assign) > expression[set<&ScenarioStep::expr>] > end_of_statement];
constexpr auto check_step_def = located[when(begins_check) >> token(T::Identifier)[as<StepKind::Check>] >
                                        specification[expression][set<&ScenarioStep::expr>] > end_of_statement];
constexpr auto warp_step_def = located[when(begins_warp) >> token(T::Identifier)[as<StepKind::Warp>] >
                                       expression[set<&ScenarioStep::expr>] > end_of_statement];
constexpr auto interleave_step_def =
    located[when(begins_interleaving) >> token(T::Identifier)[as<StepKind::Interleave>] > left_brace > steps[append_branch] >
            *(token(T::Or) > steps[append_branch]) > right_brace];
constexpr auto expectation =
    (when(begins_expected_revert) >> WordParser("revert")[put<&ScenarioStep::expectation, Expectation::Revert>] >>
     -expression[set<&ScenarioStep::expected>]) |
    (token(T::Emit)[put<&ScenarioStep::expectation, Expectation::Emit>] > expression[set<&ScenarioStep::expected>]) |
    (x3::eps[put<&ScenarioStep::expectation, Expectation::Value>] > postcondition[expression][set<&ScenarioStep::expected>]);
constexpr auto call_step_def = located[expression[set<&ScenarioStep::expr>] >> x3::eps[as<StepKind::Call>] >>
                                       -(WordParser("by") > identifier[set<&ScenarioStep::actor>]) >>
                                       -(WordParser("expect") > expectation) > end_of_statement];
constexpr auto any_step_def =
    deploy_step[adopt] | let_step[adopt] | check_step[adopt] | warp_step[adopt] | interleave_step[adopt] | call_step[adopt];
constexpr auto step_def = unless(ends_block) >> recovering<behind_statement>[nested[x3::expect[any_step[adopt]]]];
constexpr auto steps_def = left_brace > *step[append<&Steps::list>] > right_brace;
constexpr auto take_steps = [](const auto& context) { x3::_val(context).steps = std::move(x3::_attr(context).list); };
constexpr auto scenario_def =
    located[when(begins_scenario) >> token(T::Identifier) > identifier[set<&Scenario::name>] > steps[take_steps]];

BOOST_SPIRIT_DEFINE(deploy_step, let_step, check_step, warp_step, interleave_step, call_step, any_step, step, steps,
                    scenario)

BOOST_SPIRIT_INSTANTIATE(decltype(spec_clause), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(spec_member), Iterator, Context)
BOOST_SPIRIT_INSTANTIATE(decltype(scenario), Iterator, Context)

}  // namespace interlock::lang::grammar
