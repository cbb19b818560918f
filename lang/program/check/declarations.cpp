// Handles names first, then bases, then types, then heads. Each step may rely on the previous one for the whole file,
// because Solidity lets a declaration be used before it is written.
#include "lang/program/check/declarations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/heads.hpp"

namespace interlock::lang {
namespace {

// --- names ---

class Collector {
  public:
    explicit Collector(Context& context) : context_(context), tree_(context.tree) {}

    void file() {
        for (const ContractId id : tree_.top_contracts)
            add({.use = {.meaning = Meaning::Contract, .contract = id}, .name = tree_[id].name}, {tree_[id].unit, {}});
        for (const StructId id : tree_.top_structs) add(of(id), tree_[id].scope);
        for (const EnumId id : tree_.top_enums) add(of(id), tree_[id].scope);
        for (const EventId id : tree_.top_events) add(of(id), tree_[id].scope);
        for (const ErrorId id : tree_.top_errors) add(of(id), tree_[id].scope);
        for (const VariableId id : tree_.top_constants) add(of(id), tree_[id].scope);
        for (const ValueTypeId id : tree_.top_value_types) add(of(id), tree_[id].scope);
        for (const FunctionId id : tree_.top_functions)
            add({.use = {.meaning = Meaning::Function, .function = id}, .name = tree_[id].name}, tree_[id].scope);
        for (const ContractId id : tree_.top_contracts) members(id);
    }

  private:
    void members(ContractId id) {
        const Contract& contract = tree_[id];
        const Scope scope{contract.unit, id};
        for (const StructId member : contract.structs) add(of(member), scope);
        for (const EnumId member : contract.enums) add(of(member), scope);
        for (const VariableId member : contract.state_variables) add(of(member), scope);
        for (const ValueTypeId member : contract.value_types) add(of(member), scope);
        for (const FunctionId member : contract.functions) {
            context_.info(member).contract = id;
            if (tree_[member].kind == FunctionKind::Function)
                add({.use = {.meaning = Meaning::Function, .function = member}, .name = tree_[member].name}, scope);
        }
        for (const ModifierId member : contract.modifiers) add({.modifier = member, .name = tree_[member].name}, scope);
        for (const EventId member : contract.events) add(of(member), scope);
        for (const ErrorId member : contract.errors) add(of(member), scope);
    }

    Declared of(StructId id) { return {.use = {.meaning = Meaning::Struct, .structure = id}, .name = tree_[id].name}; }
    Declared of(EnumId id) { return {.use = {.meaning = Meaning::Enum, .enumeration = id}, .name = tree_[id].name}; }
    Declared of(ValueTypeId id) {
        return {.use = {.meaning = Meaning::ValueType, .value_type = id}, .name = tree_[id].name};
    }
    Declared of(EventId id) { return {.use = {.meaning = Meaning::Event, .event = id}, .name = tree_[id].name}; }
    Declared of(ErrorId id) { return {.use = {.meaning = Meaning::Error, .error = id}, .name = tree_[id].name}; }
    Declared of(VariableId id) { return {.use = {.meaning = Meaning::Variable, .variable = id}, .name = tree_[id].name}; }

    void add(const Declared& declared, Scope scope) {
        if (declared.name.text.empty()) return;
        if (!may_have_any_name(declared.use) && !is_named_like_special(declared)) check_reserved(context_, declared.name);
        const Declared* earlier = scope.contract ? context_.names.declare_in_contract(scope.contract, declared)
                                                 : context_.names.declare_in_file(scope.unit, declared);
        if (earlier) report_clash(context_, declared, *earlier);
    }

    // `function receive()` is a function like others, which nothing can name.
    [[nodiscard]] static bool is_named_like_special(const Declared& declared) {
        return declared.use.meaning == Meaning::Function &&
               (declared.name.text == "receive" || declared.name.text == "fallback");
    }

    // Returns true for externally callable functions and events, whose names are part of an interface.
    [[nodiscard]] bool may_have_any_name(const Use& use) const {
        if (use.meaning == Meaning::Event) return true;
        if (use.meaning != Meaning::Function) return false;
        const Visibility visibility = tree_[use.function].visibility;
        return visibility == Visibility::Public || visibility == Visibility::External;
    }

    Context& context_;
    const Tree& tree_;
};

// --- types of members ---

void resolve_struct(Context& context, StructId id) {
    if (context.tree[id].fields.empty() && !context.has(rule::structs_may_be_empty))
        context.report(code::empty_struct, fmt::format("struct `{}` has no fields", context.tree[id].name.text),
                       context.tree[id].name.range);
    for (const VariableId field : context.tree[id].fields) resolve_variable(context, field, VariableRole::Field);
    check_distinct(context, context.tree[id].fields);
}

void check_enum(Context& context, EnumId id) {
    const Enum& written = context.tree[id];
    if (written.values.empty() || written.values.size() > 256) {
        context.report(code::bad_enum, fmt::format("enum `{}` has {} values", written.name.text, written.values.size()),
                       written.name.range, "1 to 256 are possible");
    }
    check_distinct(context, written.values);
}

// Error(string) and Panic(uint256) are reserved for `revert` and failed checks.
void check_error_name(Context& context, ErrorId id) {
    const Name& name = context.tree[id].name;
    if (name.text == "Error" || name.text == "Panic")
        context.report(code::already_declared, fmt::format("`{}` is built in: no error can have this name", name.text),
                       name.range);
}

void resolve_log_parameters(Context& context, const std::vector<VariableId>& parameters, std::string_view what) {
    for (const VariableId id : parameters) {
        const TypeId type = resolve_variable(context, id, VariableRole::LogParameter);
        if (context.types.is_error(type) || context.types.can_cross_contracts(type)) continue;
        context.report(code::bad_signature_type,
                       fmt::format("a `{}` cannot be a parameter of an {}", context.types.name(type), what),
                       context.tree[id].range);
        context.info(id).type = {};
    }
    check_distinct(context, parameters);
}

void resolve_event(Context& context, EventId id) {
    const Event& event = context.tree[id];
    resolve_log_parameters(context, event.parameters, "event");
    const auto indexed = std::ranges::count_if(event.parameters, [&](VariableId p) { return context.tree[p].is_indexed; });
    const auto limit = event.anonymous ? 4 : 3;
    if (indexed > limit) {
        context
            .report(code::too_many_indexed, fmt::format("event `{}` has {} indexed parameters", event.name.text, indexed),
                    event.name.range, fmt::format("at most {} are possible", limit))
            .helps.push_back("leave `indexed` out where nobody filters by the value");
    }
}

// Two events of the same name, including those of bases, must differ in their parameters.
void check_events(Context& context, const std::vector<EventId>& events, ContractId contract) {
    std::map<std::string, EventId> seen;
    for (const EventId id : events) {
        const Name& name = context.tree[id].name;
        const std::string key = key_of(context, name.text, context.types_of(context.tree[id].parameters));
        if (key.empty() || name.text.empty()) continue;
        const auto [first, is_new] = seen.try_emplace(key, id);
        if (is_new || first->second == id) continue;
        const Event& other = context.tree[first->second];  // the contract's own, if one of them is
        const bool is_own = other.scope.contract == contract;
        Diagnostic& diagnostic = context.report(
            code::already_declared, fmt::format("event `{}` is declared twice with the same parameters", name.text),
            is_own ? other.name.range : context.tree[contract].name.range);
        if (!is_own) diagnostic.secondary.push_back({other.name.range, "declared here"});
        diagnostic.secondary.push_back({name.range, is_own ? "declared here too" : "and here"});
    }
}

void check_all_events(Context& context) {
    std::map<std::uint32_t, std::vector<EventId>> of_files;
    for (const EventId id : context.tree.top_events) of_files[context.tree[id].scope.unit.index].push_back(id);
    for (const auto& [ignored, events] : of_files) check_events(context, events, ContractId{});
    for (const ContractId id : context.tree.top_contracts) {
        std::vector<EventId> all;
        const bool alone = context.program.dialect_of(id).has(rule::events_hide_inherited);
        for (const ContractId base : alone ? std::vector{id} : context.program[id].linearization)
            all.insert(all.end(), context.tree[base].events.begin(), context.tree[base].events.end());
        if (all.size() > 1) check_events(context, all, id);
    }
}

TypeId resolve_value_type(Context& context, ValueTypeId id) {
    const ValueType& written = context.tree[id];
    const TypeId underlying = resolve(context, written.underlying);
    const bool is_elementary = context.tree[written.underlying].kind == TypeNameKind::Elementary;
    const bool is_itself = context.tree[written.underlying].kind == TypeNameKind::UserDefined &&
                           !context.diagnostics.is_told_at(context.tree[written.underlying].range.begin);
    if (context.types.is_error(underlying) && !is_itself) return {};
    if (is_elementary && context.types.is_value_type(underlying)) return underlying;
    context
        .report(code::bad_value_type,
                fmt::format("`{}` cannot stand for `{}`", written.name.text, context.types.name(underlying)),
                context.tree[written.underlying].range)
        .helps.push_back("a user-defined value type is made of a number, an address, bool or bytesN");
    return {};
}

void resolve_types_of(Context& context, ContractId id) {
    const Contract& contract = context.tree[id];
    context.names.enter(id);
    for (const StructId member : contract.structs) resolve_struct(context, member);
    for (const EnumId member : contract.enums) check_enum(context, member);
    for (const ValueTypeId member : contract.value_types) (void)resolve_value_type(context, member);
}

void resolve_heads_of(Context& context, ContractId id) {
    const Contract& contract = context.tree[id];
    context.names.enter(id);
    for (const EventId member : contract.events) resolve_event(context, member);
    for (const ErrorId member : contract.errors) {
        check_error_name(context, member);
        resolve_log_parameters(context, context.tree[member].parameters, "error");
    }
    for (const VariableId member : contract.state_variables) resolve_state_variable(context, id, member);
    for (const ModifierId member : contract.modifiers) {
        const ParameterScope scope(context, context.tree[member].parameters);
        for (const VariableId parameter : context.tree[member].parameters)
            resolve_variable(context, parameter, VariableRole::InternalParameter);
    }
    resolve_functions(context, id);
}

// Imported functions are overloads of a file's own ones.
void check_overloads_of_files(Context& context) {
    for (std::uint32_t unit = 1; unit < context.tree.units.size(); ++unit) {
        for (const auto& [name, list] : context.names.names_of(UnitId{unit})) {
            std::vector<FunctionId> functions;
            for (const Declared& each : list)
                if (each.use.meaning == Meaning::Function) functions.push_back(each.use.function);
            if (functions.size() > 1) check_overloads(context, functions);
        }
    }
}

}  // namespace

void declare_all(Context& context) {
    Collector(context).file();
    resolve_imports(context);
    resolve_bases(context);
    const Tree& tree = context.tree;
    for (const StructId id : tree.top_structs) {
        context.names.enter(tree[id].scope);
        resolve_struct(context, id);
    }
    for (const EnumId id : tree.top_enums) check_enum(context, id);
    for (const ValueTypeId id : tree.top_value_types) {
        context.names.enter(tree[id].scope);
        (void)resolve_value_type(context, id);
    }
    for (const ContractId id : tree.top_contracts) resolve_types_of(context, id);
    for (const EventId id : tree.top_events) {
        context.names.enter(tree[id].scope);
        resolve_event(context, id);
    }
    for (const ErrorId id : tree.top_errors) {
        context.names.enter(tree[id].scope);
        check_error_name(context, id);
        resolve_log_parameters(context, tree[id].parameters, "error");
    }
    for (const VariableId id : tree.top_constants) {
        context.names.enter(tree[id].scope);
        resolve_state_variable(context, {}, id);
        if (!tree[id].is_constant)
            context.report(code::bad_constant, "a variable outside a contract must be constant", tree[id].range);
    }
    for (const FunctionId id : tree.top_functions) {
        context.names.enter(tree[id].scope);
        resolve_free_function(context, id);
    }
    check_overloads_of_files(context);
    for (const ContractId id : tree.top_contracts) resolve_heads_of(context, id);
    check_all_events(context);
    resolve_usings(context);
}

}  // namespace interlock::lang
