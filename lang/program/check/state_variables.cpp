// Checks state variables and constants, and the getters of public ones.
#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"
#include "lang/program/check/heads.hpp"

namespace interlock::lang {
namespace {

void check_constness(Context& context, VariableId id, TypeId type) {
    const Variable& variable = context.tree[id];
    if (variable.is_constant && !variable.initial) {
        context.report(code::bad_constant, fmt::format("constant `{}` has no value", variable.name.text), variable.range)
            .helps.push_back("write `= …` behind its name");
    }
    if (context.types.is_error(type)) return;
    const bool is_text = context.types.kind(type) == TypeKind::Bytes || context.types.kind(type) == TypeKind::String;
    if (variable.is_constant && !context.types.is_value_type(type) && !is_text) {
        context.report(code::bad_constant, fmt::format("a `{}` cannot be constant", context.types.name(type)),
                       variable.range);
    }
    if (variable.is_immutable && !context.types.is_value_type(type)) {
        context.report(code::bad_constant, fmt::format("a `{}` cannot be immutable", context.types.name(type)),
                       variable.range, "only values of one word can");
    }
    if (variable.is_immutable && context.types[type].form == FunctionForm::External)
        context.report(code::bad_constant, "an external function cannot be immutable", variable.range)
            .helps.push_back("keep its address and its selector, each in an immutable of its own");
    if (variable.is_immutable && variable.is_constant)
        context.report(code::bad_constant, fmt::format("`{}` is constant and immutable", variable.name.text), variable.range)
            .helps.push_back("leave one of the words out");
}

// Checks a transient variable: a plain value that starts at zero in every transaction.
void check_transient(Context& context, const Variable& variable, TypeId type) {
    const auto refuse = [&](std::string_view why) {
        context.report(code::bad_transient, fmt::format("`{}` cannot be transient", variable.name.text), variable.range,
                       std::string(why));
    };
    if (!context.types.is_error(type) && !context.types.is_value_type(type)) return refuse("only values of one word can");
    if (variable.is_constant || variable.is_immutable) return refuse("it is constant or immutable already");
    if (variable.initial) refuse("it has no initial value: every transaction starts with zero");
}

void check_getter(Context& context, VariableId id) {
    const Variable& variable = context.tree[id];
    if (variable.visibility != Visibility::Public || context.types.is_error(context.program[id].type)) return;
    const Getter getter = getter_of(context, id);
    const bool possible = !getter.results.empty() && std::ranges::all_of(getter.results, [&](TypeId t) {
        return context.types.is_error(t) || context.types.can_cross_contracts(t);
    });
    if (possible) {
        context.info(id).getter_key = key_of(context, variable.name.text, getter.parameters);
        return;
    }
    context
        .report(code::impossible_getter,
                fmt::format("`{}` cannot be public: its getter would have nothing to return", variable.name.text),
                variable.range)
        .helps.push_back("make it internal and write a function that returns what others need");
}

}  // namespace

void resolve_state_variable(Context& context, ContractId contract, VariableId id) {
    const Variable& variable = context.tree[id];
    VariableInfo& info = context.info(id);
    info.is_state = true;
    info.contract = contract;
    const TypeId type = resolve_variable(context, id, VariableRole::State);
    if (variable.visibility == Visibility::External) {
        context.report(code::wrong_visibility, "a state variable cannot be external", variable.range)
            .helps.push_back("write `public`: that gives it a getter that others can call");
    }
    if (variable.is_transient) check_transient(context, variable, type);
    check_constness(context, id, type);
    if (variable.initial && !context.types.is_error(type) && context.types.kind(type) != TypeKind::Mapping &&
        context.types.holds_mapping(type))
        context.report(code::bad_mapping, "what has a mapping in it has no initial value",
                       context.tree[variable.initial].range);
    if (variable.initial && (context.types.kind(type) == TypeKind::Mapping)) {
        context.report(code::bad_mapping, "a mapping has no initial value", context.tree[variable.initial].range)
            .helps.push_back("leave it out: every entry starts as zero");
    }
    if (contract) check_getter(context, id);
}

std::string key_of(Context& context, std::string_view name, const std::vector<TypeId>& parameters) {
    std::string key(name);
    for (const TypeId type : parameters) {
        if (context.types.is_error(type)) return {};
        const bool in_storage = context.types[type].location == DataLocation::Storage;
        key += fmt::format(",{}", (in_storage ? type : context.types.at(type, DataLocation::Memory)).index);
    }
    return key;
}

Getter getter_of(Context& context, VariableId variable) {
    Getter getter;
    TypeId type = context.program[variable].type;
    while (context.types.kind(type) == TypeKind::Mapping || context.types.kind(type) == TypeKind::Array) {
        const bool is_array = context.types.kind(type) == TypeKind::Array;
        getter.parameters.push_back(is_array ? context.types.uint()
                                             : context.types.at(context.types[type].key, DataLocation::Memory));
        type = context.types[type].value;
    }
    if (context.types.kind(type) != TypeKind::Struct) {
        getter.results.push_back(context.types.at(type, DataLocation::Memory));
        return getter;
    }
    for (const VariableId field : context.tree[context.types[type].structure].fields) {
        const TypeId field_type = context.program[field].type;
        const TypeKind kind = context.types.kind(field_type);
        if (kind != TypeKind::Mapping && kind != TypeKind::Array)
            getter.results.push_back(context.types.at(field_type, DataLocation::Memory));
    }
    return getter;
}

}  // namespace interlock::lang
