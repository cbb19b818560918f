#include "lang/lower/bodies.hpp"

#include <algorithm>

#include "lang/ir/simplify.hpp"
#include "lang/lower/assignments.hpp"
#include "lang/lower/places.hpp"
#include "lang/lower/results.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

void Bodies::lower_function(FunctionId id) {
    const Function& function = tree_[id];
    bind_parameters(function.parameters);
    for (const VariableId result : function.returns) {
        for (const Local local : variables_.declare(result)) frame_.returns.push_back(local);
        Assignments(*this).reset(result);
    }
    level(id, 0);
    return_locals({function.range.end - 1, function.range.end});
    simplify(frame_.function);
}

void Bodies::lower_constructor() {
    const FunctionId own = own_function(tree_, contract_.id, FunctionKind::Constructor);
    if (own) bind_parameters(tree_[own].parameters);
    if (sets_values_first())
        for (auto each = contract_.linearization().rbegin(); each != contract_.linearization().rend(); ++each)
            initial_values(*each);
    construct(0);
    const SourceRange range = own ? tree_[own].range : frame_.function.range;
    return_locals(own ? SourceRange{range.end - 1, range.end} : range);
    simplify(frame_.function);
}

// solc's two pipelines differ here: the older one, which is what it does unless told otherwise, sets the initial values of all
// contracts before it evaluates arguments for bases. What was written for some version of it may depend on that.
bool Bodies::sets_values_first() const {
    const Unit& unit = tree_[tree_[contract_.id].unit];
    return unit.levels != Levels::all() && std::ranges::any_of(unit.pragmas, [](const Pragma& each) {
               return plain_pragma(each.text).starts_with("solidity");
           });
}

void Bodies::construct(std::size_t number) {
    const ContractId contract = contract_.linearization()[number];
    base_arguments(contract);
    if (number + 1 < contract_.linearization().size()) construct(number + 1);
    if (!sets_values_first()) initial_values(contract);
    if (const FunctionId own = own_function(tree_, contract, FunctionKind::Constructor)) level(own, 0);
}

void Bodies::base_arguments(ContractId contract) {
    std::vector<BaseUse> uses;
    if (const FunctionId own = own_function(tree_, contract, FunctionKind::Constructor)) uses = program_[own].bases;
    std::ranges::copy(program_[contract].bases, std::back_inserter(uses));
    for (const ContractId base : contract_.linearization()) {  // the most derived contract's base comes first
        const FunctionId constructor = own_function(tree_, base, FunctionKind::Constructor);
        const auto use = std::ranges::find_if(
            uses, [&](const BaseUse& each) { return each.contract == base && !each.arguments.empty(); });
        if (!constructor || use == uses.end() || !told_.insert(base).second) continue;
        const std::vector<VariableId>& parameters = tree_[constructor].parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const ExprId argument = use->arguments.at(i);
            Assignments(*this).bind(parameters[i], evaluate(argument), tree_[argument].range);
        }
    }
}

void Bodies::bind_parameters(const std::vector<VariableId>& parameters) {
    const auto given = frame_.function.blocks.front().parameters;
    if (frame_.function.is_raw) {  // a constructor, whose arguments are in memory
        const auto values = data(frame_.function.range)
                                .decode(types_of(parameters), given.at(0).value, given.at(1).value, DataLocation::Memory);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            Assignments(*this).bind(parameters[i], Results(*this).result_of(values[i]), frame_.function.range);
        return;
    }
    std::size_t next = 0;
    for (const VariableId each : parameters)
        for (const Local local : variables_.declare(each))
            variables_.write(local, given.at(next++).value, frame_.function.range);
}

// Sets the initial values in the order of declaration.
void Bodies::initial_values(ContractId contract) {
    for (const VariableId id : tree_[contract].state_variables) {
        const Variable& variable = tree_[id];
        if (!variable.initial || !contract_.state.contains(id)) continue;
        const Result initial = evaluate(variable.initial);
        Target to;
        to.range = variable.range;
        to.kind = variable.is_immutable ? Target::Kind::Immutable : Target::Kind::Place;
        to.immutable = contract_.state.index_of(id);
        to.place = Places(*this).state_place(id);
        Assignments(*this).write(to, initial, variable.range);
    }
}

void Bodies::return_locals(SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    for (const Local local : frame_.returns) terminator.values.push_back(variables_.read(local, range));
    variables_.pass(terminator.values, frame_.function.returns, range);
    builder_.finish(std::move(terminator), range);
}

void Bodies::level(FunctionId function, std::size_t number) {
    const auto& modifiers = program_[function].modifiers;
    const SourceRange range = tree_[function].head;
    const bool is_of_base = tree_[function].kind == FunctionKind::Constructor && program_[function].contract != contract_.id;
    Level level{.function = function, .number = number};
    if (!modifiers.empty() || is_of_base) level.exit = builder_.make_block(range);  // something follows after `return`
    const auto exit = level.exit;
    if (number < modifiers.size()) modifier(modifiers[number], std::move(level));
    else body_of(level, tree_[function].body);
    if (!exit) return;
    builder_.jump(*exit, range);
    builder_.enter_sealed(*exit);
}

void Bodies::modifier(const ModifierUse& use, Level level) {
    const Modifier& modifier = tree_[use.is_virtual ? resolve_virtual(program_, use.modifier, contract_.id) : use.modifier];
    std::vector<Result> values;
    const auto results = [&] {
        ir::Values all;
        for (const Local local : frame_.returns) all.push_back(builder_.read(local));
        return all;
    };
    const ir::Values before = results();
    for (const ExprId argument : use.arguments) values.push_back(evaluate(argument));
    for (std::size_t i = 0; i < values.size(); ++i)
        Assignments(*this).bind(modifier.parameters[i], values[i], tree_[use.arguments[i]].range);
    level.results = results();  // the arguments may assign to them: the body sees that, who never reaches it does not
    for (std::size_t i = 0; i < before.size(); ++i) builder_.write(frame_.returns[i], before[i]);
    for (const VariableId parameter : tree_[level.function].parameters)
        for (const Local local : variables_.locals_of(parameter)) level.parameters.push_back(builder_.read(local));
    body_of(level, modifier.body);
}

void Bodies::body_of(const Level& level, StmtId body) {
    Statements inside(frame_, mode_, level);
    inside.hoist(body);
    inside.statement(body);
}

}  // namespace interlock::lang::lowering
