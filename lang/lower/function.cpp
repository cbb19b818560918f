// Lowers bodies, and the modifiers around them.
//
// A modifier is inlined at every use. As in solc's IR pipeline, each `_` runs the wrapped code again, with the
// function's parameters as they were when the modifier was entered and with its results at that point; `return` leaves only the
// body or modifier that contains it, and continues after that level's `_`.
#include "lang/lower/function.hpp"

#include <algorithm>

#include "lang/diagnostics/codes.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::lowering {

void FunctionLowering::unsupported(std::string message, SourceRange range) const {
    throw Unsupported{code::no_such_construct.id, std::move(message), range};
}

void FunctionLowering::lower_function(FunctionId id) {
    id_ = id;
    const Function& function = tree_[id];
    bind_parameters(function.parameters);
    for (const VariableId result : function.returns) {
        for (const Local local : declare(result)) returns_.push_back(local);
        reset(result);
    }
    level(0);
    return_locals({function.range.end - 1, function.range.end});
    simplify(function_);
}

// --- constructors ---
// All constructors become one function. As in solc's IR pipeline, each contract first evaluates the arguments of its
// bases, then the next contract in the linearization is constructed, then its own variables get their initial values,
// and finally its own body runs.
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
    for (const ContractId base : contract_.linearization()) {  // the most derived contract's base comes first
        const FunctionId constructor = own_function(tree_, base, FunctionKind::Constructor);
        const auto use = std::ranges::find_if(
            uses, [&](const BaseUse& each) { return each.contract == base && !each.arguments.empty(); });
        if (!constructor || use == uses.end()) continue;
        const std::vector<VariableId>& parameters = tree_[constructor].parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const ExprId argument = use->arguments.at(i);
            bind(parameters[i], evaluate(argument), tree_[argument].range);
        }
    }
}

void FunctionLowering::constructor_body(FunctionId constructor) {
    id_ = constructor;
    const SourceRange range = tree_[constructor].head;
    const bool is_base = program_[constructor].contract != contract_.id;
    if (is_base) exit_ = builder_.make_block(range);  // `return` leaves only this body
    level(0);
    if (!is_base) return;
    builder_.jump(*exit_, range);
    builder_.enter_sealed(*exit_);
    exit_ = std::nullopt;
}

Local FunctionLowering::declare(VariableId variable, const ir::Type& type) {
    const TypeId id = program_[variable].type;
    const bool is_assigned = program_.yul_assigned.contains(variable) && contract_.is_value(id) &&
                             program_[id].kind != TypeKind::Function &&
                             contract_.value_type(id, tree_[variable].range) != ir::uint256_type;
    const bool is_unclean = is_assigned || contract_.may_be_dirty(id);
    if (is_assigned) contract_.found.makes_dirt = true;
    const Local local = builder_.make_local(is_unclean ? ir::uint256_type : type);
    if (is_unclean) unclean_[local] = id;
    bindings_[variable] = local;
    return local;
}

ir::Value FunctionLowering::read(Local local, SourceRange range) {
    const auto unclean = unclean_.find(local);
    const ir::Value held = builder_.read(local);
    return unclean == unclean_.end() ? held : cleaned(held, unclean->second, range);
}

void FunctionLowering::write(Local local, ir::Value value, SourceRange range) {
    const auto unclean = unclean_.find(local);
    builder_.write(local, unclean == unclean_.end() ? value : uncleaned(implicitly(value, unclean->second, range), range));
}

// Returns a value made from a word that may have more bits than its type. If the value is only passed on, the word is
// passed.
ir::Value FunctionLowering::cleaned(ir::Value word, TypeId type, SourceRange range) {
    const ir::Value value = data(range).cleaned(word, type);
    if (contract_.may_be_dirty(type)) words_[value.index] = {word, type};
    return value;
}

ir::Value FunctionLowering::uncleaned(ir::Value value, SourceRange range) {
    const auto word = words_.find(value.index);
    return word == words_.end() ? data(range).raw(value) : word->second.word;
}

// A conversion cleans, even one to another type of the same width.
ir::Value FunctionLowering::forget_word(ir::Value value, SourceRange range) {
    return words_.contains(value.index) ? data(range).as(data(range).raw(value), builder_.type_of(value)) : value;
}

// The implicit conversions of a contract to its base, and of a payable address to a plain one, clean as well.
ir::Value FunctionLowering::implicitly(ir::Value value, TypeId to, SourceRange range) {
    const auto held = words_.find(value.index);
    if (held == words_.end() || !held->second.type || held->second.type == to) return value;
    const auto is_account = [&](TypeId id) {
        return program_[id].kind == TypeKind::Address || program_[id].kind == TypeKind::Contract;
    };
    return is_account(held->second.type) && is_account(to) ? forget_word(value, range) : value;
}

void FunctionLowering::pass(ir::Values& words, const std::vector<ir::NamedType>& types, SourceRange range) {
    for (std::size_t i = 0; i < words.size() && i < types.size(); ++i)
        if (types[i].type == ir::uint256_type) words[i] = uncleaned(words[i], range);
}

ir::Type FunctionLowering::type_of(Local local, SourceRange range) const {
    const auto unclean = unclean_.find(local);
    return unclean == unclean_.end() ? builder_.type_of_local(local) : contract_.value_type(unclean->second, range);
}

std::vector<Local> FunctionLowering::declare(VariableId variable) {
    const std::vector<ir::Type> types = contract_.words(program_[variable].type, tree_[variable].range);
    const Type& type = program_[program_[variable].type];
    if (types.size() == 1 && !data::is_reference(program_, program_[variable].type) && type.kind != TypeKind::Mapping)
        return {declare(variable, types.front())};
    if (data::is_byte_string(program_, program_[variable].type) && types.front().is_reference())
        return {declare(variable, types.front())};
    Pointer pointer;
    for (const ir::Type& each : types) pointer.words.push_back(builder_.make_local(each));
    bindings_[variable] = pointer;
    return pointer.words;
}

std::vector<Local> FunctionLowering::locals_of(VariableId variable) const {
    const Binding& binding = bindings_.at(variable);
    if (const auto* local = std::get_if<Local>(&binding)) return {*local};
    if (const auto* pointer = std::get_if<Pointer>(&binding)) return pointer->words;
    return {};
}

// Gives the variable its value. A reference that is never reassigned remains the place for which it stands.
void FunctionLowering::bind(VariableId variable, const Result& initial, SourceRange range) {
    const TypeId type = program_[variable].type;
    const bool in_storage = program_[type].location == DataLocation::Storage || program_[type].kind == TypeKind::Mapping;
    if (in_storage && initial.kind == Result::Kind::Place && !is_reassigned(variable)) {
        bindings_[variable] = initial.place;
        return;
    }
    const ir::Values words = flatten(initial, type, range);
    const std::vector<Local> locals = declare(variable);
    for (std::size_t i = 0; i < locals.size(); ++i) write(locals[i], words[i], range);
}

Result FunctionLowering::initial_value(TypeId type, SourceRange range) {
    if (data::is_reference(program_, type) && program_[type].location == DataLocation::Memory &&
        !data::is_byte_string(program_, type))
        return Reference{DataLocation::Memory, type, data(range).default_in_memory(type), {}, {}};
    ir::Values words;
    for (const ir::Type& each : contract_.words(type, range)) words.push_back(builder_.zero(each, range));
    std::size_t next = 0;
    return unflatten(words, next, type);
}

void FunctionLowering::reset(VariableId variable) {
    const SourceRange range = tree_[variable].range;
    const TypeId type = program_[variable].type;
    const ir::Values words = flatten(initial_value(type, range), type, range);
    const std::vector<Local> locals = locals_of(variable);
    for (std::size_t i = 0; i < locals.size(); ++i) write(locals[i], words[i], range);
}

void FunctionLowering::bind_parameters(const std::vector<VariableId>& parameters) {
    const auto given = function_.blocks.front().parameters;
    if (function_.is_raw) {  // a constructor, whose arguments are in memory
        std::vector<TypeId> types;
        for (const VariableId each : parameters) types.push_back(program_[each].type);
        const auto values = data(function_.range).decode(types, given.at(0).value, given.at(1).value, DataLocation::Memory);
        for (std::size_t i = 0; i < parameters.size(); ++i) bind(parameters[i], result_of(values[i]), function_.range);
        return;
    }
    std::size_t next = 0;
    for (const VariableId each : parameters)
        for (const Local local : declare(each)) write(local, given.at(next++).value, function_.range);
}

// Sets the initial values in the order of declaration.
void FunctionLowering::initial_values(ContractId contract) {
    for (const VariableId id : tree_[contract].state_variables) {
        const Variable& variable = tree_[id];
        if (!variable.initial || !contract_.has_state(id)) continue;
        const Result initial = evaluate(variable.initial);
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
    for (const Local local : returns_) terminator.values.push_back(read(local, range));
    pass(terminator.values, function_.returns, range);
    builder_.finish(std::move(terminator), range);
}

void FunctionLowering::level(std::size_t number) {
    const auto& modifiers = program_[id_].modifiers;
    const auto saved_loops = std::exchange(loops_, {});
    const auto saved_exit = exit_;
    const bool saved_unchecked = std::exchange(unchecked_, false);
    const std::size_t saved_level = std::exchange(level_, number);
    const auto saved_parameters = level_parameters_, saved_results = level_results_;

    const SourceRange range = tree_[id_].head;
    if (!modifiers.empty()) exit_ = builder_.make_block(range);
    const auto exit = exit_;
    if (number < modifiers.size()) modifier(modifiers[number], number);
    else statement(tree_[id_].body);
    if (exit) {
        builder_.jump(*exit, range);
        builder_.enter_sealed(*exit);
    }
    loops_ = saved_loops;
    exit_ = saved_exit;
    unchecked_ = saved_unchecked;
    level_ = saved_level;
    level_parameters_ = saved_parameters;
    level_results_ = saved_results;
}

void FunctionLowering::modifier(const ModifierUse& use, std::size_t number) {
    const Modifier& modifier = tree_[use.is_virtual ? resolve_virtual(program_, use.modifier, contract_.id) : use.modifier];
    std::vector<Result> values;
    const auto results = [&] {
        ir::Values all;
        for (const Local local : returns_) all.push_back(builder_.read(local));
        return all;
    };
    const ir::Values before = results();
    for (const ExprId argument : use.arguments) values.push_back(evaluate(argument));
    for (std::size_t i = 0; i < values.size(); ++i) bind(modifier.parameters[i], values[i], tree_[use.arguments[i]].range);
    level_ = number;
    level_results_ = results();  // the arguments may assign to them: the body sees that, who never reaches it does not
    for (std::size_t i = 0; i < before.size(); ++i) builder_.write(returns_[i], before[i]);
    level_parameters_.clear();
    for (const VariableId parameter : tree_[id_].parameters) {
        for (const Local local : locals_of(parameter)) level_parameters_.push_back(builder_.read(local));
    }
    statement(modifier.body);
}

void FunctionLowering::placeholder(SourceRange range) {
    const auto saved = bindings_;  // the same modifier may be used again in an inner level
    const auto& parameters = tree_[id_].parameters;
    std::size_t next = 0;
    for (const VariableId parameter : parameters)
        for (const Local local : locals_of(parameter)) builder_.write(local, level_parameters_[next++]);
    (void)range;
    for (std::size_t i = 0; i < level_results_.size(); ++i) builder_.write(returns_[i], level_results_[i]);
    level(level_ + 1);
    bindings_ = saved;
}

// Lowers a getter such as balances(%0): the place's keys are the parameters, in order.
void FunctionLowering::lower_getter(VariableId variable, const std::vector<TypeId>& keys,
                                    const std::vector<VariableId>& fields) {
    const SourceRange range = tree_[variable].range;
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    if (!contract_.has_state(variable) || tree_[variable].is_immutable) {
        const Result constant = this->variable(variable, range);
        terminator.values = {coerce(value_of(constant, range), function_.returns.front().type, range)};
    } else {
        const auto is_plain = [&](const ir::NamedType& each) { return each.type != ir::data_type; };
        const bool is_symbolic =
            std::ranges::all_of(keys, [&](TypeId each) { return program_[each].kind == TypeKind::Mapping; }) &&
            std::ranges::all_of(function_.returns, is_plain);
        if (!is_symbolic) return lower_coded_getter(variable, keys, fields);
        PlaceReference at = state_place(variable);
        for (const ir::Parameter& key : function_.blocks.front().parameters) at = with_key(at, key.value);
        if (fields.empty()) terminator.values.push_back(load(at, range));
        for (const VariableId field : fields) terminator.values.push_back(load(with_field(at, field), range));
    }
    builder_.finish(std::move(terminator), range);
    simplify(function_);
}

// Lowers a getter through arrays, or of something that the lowering encodes itself. An index outside an array reverts
// without data.
void FunctionLowering::lower_coded_getter(VariableId variable, const std::vector<TypeId>& keys,
                                          const std::vector<VariableId>& fields) {
    const SourceRange range = tree_[variable].range;
    Data at = data(range);
    ir::Values given;
    if (function_.is_raw) {
        for (const Datum& each : at.decode(key_types(keys), at.word(4), at.calldatasize(), DataLocation::Calldata))
            given.push_back(each.value ? each.value : at.to_memory(each.reference));
    } else {
        for (const ir::Parameter& key : function_.blocks.front().parameters) given.push_back(key.value);
    }
    Reference place = reference_to(state_place(variable), range);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (program_[keys[i]].kind == TypeKind::Mapping) {
            place = at.entry(place, given[i]);
            continue;
        }
        at.require(at.less(at.raw(given[i]), at.length(place)));
        place = at.element(place, at.raw(given[i]));
    }
    std::vector<Datum> results;
    const auto add = [&](const Reference& part) {
        Datum datum = at.datum(part);
        if (!datum.value) datum.reference = {DataLocation::Memory, part.type, at.to_memory(part), {}, {}};
        results.push_back(datum);
    };
    if (fields.empty()) add(place);
    for (const VariableId field : fields) add(at.field(place, contract_.field_index(place.type, field)));
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Return;
    if (function_.is_raw) {
        const ir::Value start = at.free_memory();
        at.end(vm::Opcode::RETURN, {start, at.sub(at.encode(results, start), start)});
    } else {
        for (std::size_t i = 0; i < results.size(); ++i) {
            const ir::Value word = results[i].value ? results[i].value : results[i].reference.address;
            terminator.values.push_back(at.as(word, function_.returns[i].type));
        }
    }
    builder_.finish(std::move(terminator), range);
    simplify(function_);
}

// Returns the types of a getter's parameters: arrays take numbers.
std::vector<TypeId> FunctionLowering::key_types(const std::vector<TypeId>& keys) const {
    std::vector<TypeId> types;
    for (const TypeId each : keys)
        types.push_back(program_[each].kind == TypeKind::Mapping ? program_[each].key : program_.uint256);
    return types;
}

// Data in storage is passed to or from a library as its slot.
bool FunctionLowering::is_passed_as_slot(TypeId type) const {
    return program_[type].kind == TypeKind::Mapping || program_[type].location == DataLocation::Storage;
}

void FunctionLowering::lower_raw_entry(FunctionId function, std::uint32_t index) {
    const Function& written = tree_[function];
    const SourceRange range = written.head;
    Data at = data(range);
    const bool is_fallback = written.kind == FunctionKind::Fallback;
    ir::Values arguments;
    if (is_fallback) {
        arguments = {at.word(0), at.calldatasize()};
    } else {
        std::vector<TypeId> types = types_of(written.parameters);
        for (TypeId& each : types)
            if (is_passed_as_slot(each)) each = program_.uint256;
        const auto values = at.decode(types, at.word(4), at.calldatasize(), DataLocation::Calldata);
        for (std::size_t i = 0; i < types.size(); ++i) {
            for (const ir::Value word : flatten(result_of(values[i]), types[i], range)) arguments.push_back(word);
        }
    }
    std::vector<Datum> results;
    pass(arguments, contract_.function(index).parameters, range);
    const ir::Values words = builder_.call(index, std::move(arguments), contract_.function(index).returns, range);
    std::size_t next = 0;
    for (const VariableId each : written.returns) {
        const TypeId type = is_passed_as_slot(program_[each].type) ? program_.uint256 : program_[each].type;
        results.push_back(datum_of(unflatten(words, next, type), type, range));
    }
    if (results.empty()) {
        at.end(vm::Opcode::STOP, {});
    } else if (is_fallback) {
        const ir::Value bytes = results.front().reference.address;
        at.end(vm::Opcode::RETURN, {at.add(bytes, 32), at.mload(bytes)});
    } else {
        const ir::Value start = at.free_memory();
        at.end(vm::Opcode::RETURN, {start, at.sub(at.encode(results, start), start)});
    }
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Unreachable;
    builder_.finish(std::move(end), range);
    simplify(function_);
}

}  // namespace interlock::lang::lowering
