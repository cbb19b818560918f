// Bodies, and modifiers around them.
//
// A modifier is inlined at every use. Each `_` runs what it wraps anew, with the function's parameters as they were
// when the modifier was entered and with the results at zero, as solc's IR pipeline has it; `return` leaves only the
// body or the modifier it stands in and goes on behind that level's `_`.
#include "lang/lower/function.hpp"

#include <algorithm>

#include "lang/codes.hpp"
#include "lang/dispatch.hpp"
#include "lang/lower/simplify.hpp"

namespace interlock::lang::lowering {

void FunctionLowering::unsupported(std::string message, SourceRange range) const {
    throw Unsupported{code::no_such_construct.id, std::move(message), range};
}

void FunctionLowering::lower_function(FunctionId id) {
    id_ = id;
    const Function& function = tree_[id];
    bind_parameters(function.parameters);
    for (const VariableId result : function.returns) {
        returns_.push_back(declare(result, contract_.named(result).type));
        builder_.write(returns_.back(), builder_.zero(builder_.type_of_local(returns_.back()), tree_[result].range));
    }
    level(0);
    return_locals({function.range.end - 1, function.range.end});
    simplify(function_);
}

// --- constructors ---
// All constructors in one function. As in solc's IR pipeline, each contract first evaluates the arguments of its bases,
// then the next contract in the linearization is constructed, then its own variables get their initial values, and last
// its own body runs.
void FunctionLowering::lower_constructor() {
    const FunctionId own = own_function(tree_, contract_.id, FunctionKind::Constructor);
    if (own) bind_parameters(tree_[own].parameters);
    construct(0);
    const SourceRange range = own ? tree_[own].range : function_.range;
    return_locals(own ? SourceRange{range.end - 1, range.end} : range);
    simplify(function_);
}

void FunctionLowering::construct(std::size_t number) {
    const ContractId contract = contract_.linearization()[number];
    base_arguments(contract);
    if (number + 1 < contract_.linearization().size()) construct(number + 1);
    initial_values(contract);
    if (const FunctionId own = own_function(tree_, contract, FunctionKind::Constructor)) constructor_body(own);
}

void FunctionLowering::base_arguments(ContractId contract) {
    std::vector<BaseUse> uses = program_[contract].bases;
    if (const FunctionId own = own_function(tree_, contract, FunctionKind::Constructor))
        std::ranges::copy(program_[own].bases, std::back_inserter(uses));
    for (const ContractId base : contract_.linearization()) {  // the most derived base's first
        const FunctionId constructor = own_function(tree_, base, FunctionKind::Constructor);
        const auto use = std::ranges::find_if(
            uses, [&](const BaseUse& each) { return each.contract == base && !each.arguments.empty(); });
        if (!constructor || use == uses.end()) continue;
        const std::vector<VariableId>& parameters = tree_[constructor].parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const ir::Type type = contract_.named(parameters[i]).type;
            const ir::Value argument = value(use->arguments.at(i), type);
            builder_.write(declare(parameters[i], type), argument);
        }
    }
}

void FunctionLowering::constructor_body(FunctionId constructor) {
    id_ = constructor;
    const SourceRange range = tree_[constructor].head;
    const bool is_base = program_[constructor].contract != contract_.id;
    if (is_base) exit_ = builder_.make_block(range);  // `return` leaves this body only
    level(0);
    if (!is_base) return;
    builder_.jump(*exit_, range);
    builder_.enter_sealed(*exit_);
    exit_ = std::nullopt;
}

Local FunctionLowering::declare(VariableId variable, const ir::Type& type) {
    const Local local = builder_.make_local(type);
    bindings_[variable] = local;
    return local;
}

void FunctionLowering::bind_parameters(const std::vector<VariableId>& parameters) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const ir::Parameter& parameter = function_.blocks.front().parameters[i];
        builder_.write(declare(parameters[i], parameter.type), parameter.value);
    }
}

// In the order of declaration.
void FunctionLowering::initial_values(ContractId contract) {
    for (const VariableId id : tree_[contract].state_variables) {
        const Variable& variable = tree_[id];
        if (!variable.initial || !contract_.has_state(id)) continue;
        const Result initial = loaded(expression(variable.initial), variable.range);
        Target to;
        to.range = variable.range;
        to.kind = variable.is_immutable ? Target::Kind::Immutable : Target::Kind::Place;
        to.immutable = contract_.state_index(id);
        to.place = state_place(id);
        write(to, initial, variable.range);
    }
}

void FunctionLowering::return_locals(SourceRange range) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    for (const Local local : returns_) terminator.values.push_back(builder_.read(local));
    builder_.finish(std::move(terminator), range);
}

void FunctionLowering::level(std::size_t number) {
    const auto& modifiers = program_[id_].modifiers;
    const auto saved_loops = std::exchange(loops_, {});
    const auto saved_exit = exit_;
    const bool saved_unchecked = std::exchange(unchecked_, false);
    const std::size_t saved_level = std::exchange(level_, number);
    const auto saved_parameters = level_parameters_;

    const SourceRange range = tree_[id_].head;
    if (!modifiers.empty()) exit_ = builder_.make_block(range);
    const auto exit = exit_;
    if (number < modifiers.size())
        modifier(modifiers[number], number);
    else
        statement(tree_[id_].body);
    if (exit) {
        builder_.jump(*exit, range);
        builder_.enter_sealed(*exit);
    }
    loops_ = saved_loops;
    exit_ = saved_exit;
    unchecked_ = saved_unchecked;
    level_ = saved_level;
    level_parameters_ = saved_parameters;
}

void FunctionLowering::modifier(const ModifierUse& use, std::size_t number) {
    const Modifier& modifier =
        tree_[use.is_virtual ? resolve_virtual(program_, use.modifier, contract_.id) : use.modifier];
    std::vector<ir::Value> values;
    for (std::size_t i = 0; i < use.arguments.size(); ++i) {
        values.push_back(value(use.arguments[i], contract_.named(modifier.parameters[i]).type));
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        builder_.write(declare(modifier.parameters[i], builder_.type_of(values[i])), values[i]);
    }
    level_ = number;
    level_parameters_.clear();
    for (const VariableId parameter : tree_[id_].parameters) {
        level_parameters_.push_back(builder_.read(std::get<Local>(bindings_.at(parameter))));
    }
    statement(modifier.body);
}

void FunctionLowering::placeholder(SourceRange range) {
    const auto saved = bindings_;  // the same modifier may be used again further in
    const auto& parameters = tree_[id_].parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        builder_.write(std::get<Local>(bindings_.at(parameters[i])), level_parameters_[i]);
    }
    for (const Local local : returns_) builder_.write(local, builder_.zero(builder_.type_of_local(local), range));
    level(level_ + 1);
    bindings_ = saved;
}

// balances(%0): the place's keys are the parameters, in order.
void FunctionLowering::lower_getter(VariableId variable, const std::vector<VariableId>& fields) {
    const SourceRange range = tree_[variable].range;
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    if (!contract_.has_state(variable) || tree_[variable].is_immutable) {
        const Result constant = this->variable(variable, range);
        terminator.values = {coerce(value_of(constant, range), function_.returns.front().type, range)};
    } else {
        PlaceReference at = state_place(variable);
        for (const ir::Parameter& key : function_.blocks.front().parameters) at = with_key(at, key.value);
        if (fields.empty()) terminator.values.push_back(load(at, range));
        for (const VariableId field : fields) terminator.values.push_back(load(with_field(at, field), range));
    }
    builder_.finish(std::move(terminator), range);
    simplify(function_);
}

}  // namespace interlock::lang::lowering
