// Names first, then bases, then types, then heads: each step may rely on the one before for the whole file, because
// Solidity lets a declaration be used above the place where it is written.
#include "lang/check/declarations.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/data_layout.hpp"

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
    Declared of(VariableId id) {
        return {.use = {.meaning = Meaning::Variable, .variable = id}, .name = tree_[id].name};
    }

    void add(const Declared& declared, Scope scope) {
        if (declared.name.text.empty()) return;
        check_reserved(context_, declared.name);
        const Declared* earlier = scope.contract ? context_.names.declare_in_contract(scope.contract, declared)
                                                 : context_.names.declare_in_file(scope.unit, declared);
        if (earlier) report_clash(context_, declared, *earlier);
    }

    Context& context_;
    const Tree& tree_;
};

// --- types of members ---

void resolve_struct(Context& context, StructId id) {
    Names::Table seen;
    if (context.tree[id].fields.empty())
        context.report(code::empty_struct, fmt::format("struct `{}` has no fields", context.tree[id].name.text),
                       context.tree[id].name.range);
    for (const VariableId field : context.tree[id].fields) {
        resolve_variable(context, field, VariableRole::Field);
        const Name& name = context.tree[field].name;
        std::vector<Declared>& same = seen[name.text];
        if (!same.empty()) report_clash(context, {.name = name}, same.front());
        same.push_back({.name = name});
    }
}

void check_enum(Context& context, EnumId id) {
    const Enum& written = context.tree[id];
    if (written.values.empty() || written.values.size() > 256) {
        context.report(code::bad_enum, fmt::format("enum `{}` has {} values", written.name.text, written.values.size()),
                       written.name.range, "1 to 256 are possible");
    }
    std::map<std::string_view, SourceRange> seen;
    for (const Name& value : written.values) {
        const auto [place, is_new] = seen.try_emplace(value.text, value.range);
        if (!is_new) report_clash(context, {.name = value}, {.name = {value.text, place->second}});
    }
}

// Error(string) and Panic(uint256) are what `revert` and failed checks make.
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
}

void resolve_event(Context& context, EventId id) {
    const Event& event = context.tree[id];
    resolve_log_parameters(context, event.parameters, "event");
    const auto indexed =
        std::ranges::count_if(event.parameters, [&](VariableId p) { return context.tree[p].is_indexed; });
    const auto limit = event.anonymous ? 4 : 3;
    if (indexed > limit) {
        context
            .report(code::too_many_indexed,
                    fmt::format("event `{}` has {} indexed parameters", event.name.text, indexed), event.name.range,
                    fmt::format("at most {} are possible", limit))
            .helps.push_back("leave `indexed` out where nobody filters by the value");
    }
}

// --- state variables ---

void check_constness(Context& context, VariableId id, TypeId type) {
    const Variable& variable = context.tree[id];
    if (variable.is_constant && !variable.initial) {
        context
            .report(code::bad_constant, fmt::format("constant `{}` has no value", variable.name.text), variable.range)
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

// What is gone after the transaction: a plain value, which starts at zero.
void check_transient(Context& context, const Variable& variable, TypeId type) {
    const auto refuse = [&](std::string_view why) {
        context.report(code::bad_transient, fmt::format("`{}` cannot be transient", variable.name.text), variable.range,
                       std::string(why));
    };
    if (!context.types.is_error(type) && !context.types.is_value_type(type))
        return refuse("only values of one word can");
    if (variable.is_constant || variable.is_immutable) return refuse("it is constant or immutable already");
    if (variable.initial) refuse("it has no initial value: every transaction starts with zero");
}

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
}

// Overriding and overloading look at the name and the types of the parameters, not at where those lie. Empty where a
// type is not known.
std::string key_of(Context& context, std::string_view name, const std::vector<TypeId>& parameters) {
    std::string key(name);
    for (const TypeId type : parameters) {
        if (context.types.is_error(type)) return {};
        const bool in_storage = context.types[type].location == DataLocation::Storage;
        key += fmt::format(",{}", (in_storage ? type : context.types.at(type, DataLocation::Memory)).index);
    }
    return key;
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

// --- functions ---

void check_visibility(Context& context, ContractId contract, const Function& function) {
    const bool in_interface = context.tree[contract].kind == ContractKind::Interface;
    if (function.visibility == Visibility::None) {
        context
            .report(code::wrong_visibility, fmt::format("function `{}` has no visibility", function.name.text),
                    function.head, "who may call it?")
            .helps.push_back(in_interface ? "functions of an interface are `external`"
                                          : "write `external` (callable from outside), `public` (from both sides) or "
                                            "`internal` (from this contract only)");
    } else if (in_interface && function.visibility != Visibility::External) {
        context.report(code::wrong_visibility,
                       fmt::format("function `{}` of an interface must be external", function.name.text),
                       function.head);
    }
    const bool is_inner = function.visibility == Visibility::Internal || function.visibility == Visibility::Private;
    if (function.mutability == Mutability::Payable && is_inner) {
        context
            .report(code::not_payable, fmt::format("internal function `{}` cannot be payable", function.name.text),
                    function.head)
            .helps.push_back(
                "an internal call sends no ether: leave `payable` out; msg.value can be read all the same");
    }
}

void check_special_form(Context& context, ContractId contract, FunctionId id) {
    const Function& function = context.tree[id];
    const std::string_view name = function.name.text;
    if (context.tree[contract].kind == ContractKind::Interface) return;  // reported with what an interface cannot have
    if (function.kind == FunctionKind::Constructor) {
        const bool is_abstract = context.tree[contract].kind == ContractKind::AbstractContract;
        if (function.visibility == Visibility::Internal && !is_abstract) {
            context.report(code::bad_special_function, "a constructor that is internal, of a contract that is not abstract", function.head)
                .helps.push_back("leave `internal` out, and write `abstract contract`");
        } else if (function.visibility == Visibility::Public && is_abstract) {
            context.report(code::bad_special_function, "a constructor of an abstract contract is not public", function.head)
                .helps.push_back("leave `public` out");
        } else if (function.visibility == Visibility::External || function.visibility == Visibility::Private) {
            context.report(code::bad_special_function, "a constructor has no visibility", function.head)
                .helps.push_back("it runs when the contract is created: leave the word out");
        }
        if (function.mutability == Mutability::View || function.mutability == Mutability::Pure) {
            context.report(code::bad_special_function, "a constructor cannot be view or pure", function.head)
                .helps.push_back("it always writes: leave the word out");
        }
        if (!function.returns.empty())
            context.report(code::bad_special_function, "a constructor returns nothing", function.head);
        return;
    }
    if (function.visibility != Visibility::External) {
        context.report(code::bad_special_function, fmt::format("{} must be external", name), function.head)
            .helps.push_back(fmt::format("write `{}() external{} {{ … }}`", name,
                                         function.kind == FunctionKind::Receive ? " payable" : ""));
    }
    if (function.kind == FunctionKind::Receive) {
        if (function.mutability != Mutability::Payable)
            context.report(code::bad_special_function, "receive must be payable", function.head)
                .helps.push_back("write `receive() external payable { … }`");
        if (!function.parameters.empty() || !function.returns.empty())
            context.report(code::bad_special_function, "receive takes and returns nothing", function.head);
        return;
    }
    if (function.mutability == Mutability::View || function.mutability == Mutability::Pure) {
        context.report(code::bad_special_function, "fallback must be payable or nonpayable", function.head);
    }
    if (function.parameters.empty() && function.returns.empty()) return;
    const std::vector<TypeId> given = context.types_of(function.parameters), made = context.types_of(function.returns);
    const bool fits = given == std::vector{context.types.bytes(DataLocation::Calldata)} &&
                      made == std::vector{context.types.bytes(DataLocation::Memory)};
    if (fits) return;
    context.report(code::bad_special_function, "fallback takes and returns nothing, or bytes and bytes", function.head)
        .helps.push_back("write `fallback(bytes calldata input) external returns (bytes memory)`");
}

void check_body(Context& context, ContractId contract, const Function& function) {
    const bool in_interface = context.tree[contract].kind == ContractKind::Interface;
    if (in_interface && function.body) {
        context
            .report(code::body_expected,
                    fmt::format("function `{}` of an interface cannot have a body", function.name.text), function.head)
            .helps.push_back("end it with `;`");
    }
    if (in_interface || function.body) return;
    if (function.kind != FunctionKind::Function && function.kind != FunctionKind::Fallback &&
        function.kind != FunctionKind::Receive) {
        context.report(code::body_expected, fmt::format("the {} has no body", function.name.text), function.head);
    } else if (!function.is_virtual) {
        context.report(code::body_expected, fmt::format("function `{}` has no body", function.name.text), function.head)
            .helps.push_back("write `{ … }`, or `virtual` where a derived contract implements it");
    } else if (!function.modifiers.empty()) {
        context.report(code::body_expected,
                       fmt::format("function `{}` has modifiers, but no body for them", function.name.text),
                       function.head);
    }
}

void check_crossing(Context& context, const std::vector<VariableId>& variables, const Function& function) {
    for (const VariableId id : variables) {
        const TypeId type = context.program[id].type;
        const bool in_storage = context.types[type].location == DataLocation::Storage ||
                                context.types.kind(type) == TypeKind::Mapping;  // of a library: its slot is passed
        if (context.types.is_error(type) || in_storage || context.types.can_cross_contracts(type)) continue;
        context.report(code::bad_signature_type,
                       fmt::format("a `{}` cannot be passed to or from `{}`, which others can call",
                                   context.types.name(type), function.name.text),
                       context.tree[id].range);
    }
}

bool is_reachable_from_outside(const Function& function) {
    return function.kind != FunctionKind::Function || function.visibility == Visibility::Public ||
           function.visibility == Visibility::External;
}

std::string library_signature(const Context& context, FunctionId id) {
    std::string signature(context.tree[id].name.text);
    signature += '(';
    for (const TypeId type : context.types_of(context.tree[id].parameters))
        signature += (signature.ends_with('(') ? "" : ",") + data::library_name(context.program, type);
    return signature + ')';
}

void resolve_function(Context& context, ContractId contract, FunctionId id) {
    const Function& function = context.tree[id];
    const bool is_outer = is_reachable_from_outside(function);
    const bool in_library = context.tree[contract].kind == ContractKind::Library;  // takes also what lies in storage
    const VariableRole role =
        is_outer && !in_library ? VariableRole::ExternalParameter : VariableRole::InternalParameter;
    for (const VariableId parameter : function.parameters) resolve_variable(context, parameter, role);
    for (const VariableId result : function.returns) resolve_variable(context, result, role);
    if (function.kind == FunctionKind::Function) {
        if (function.name.text == context.tree[contract].name.text)
            context.report(code::already_declared, fmt::format("function `{}` is named like its contract", function.name.text), function.name.range)
                .helps.push_back("a constructor is written `constructor(…) { … }`");
        if (!function.is_ghost) check_visibility(context, contract, function);
    } else {
        check_special_form(context, contract, id);
    }
    check_body(context, contract, function);
    if (is_outer) {
        check_crossing(context, function.parameters, function);
        check_crossing(context, function.returns, function);
    }
    FunctionInfo& info = context.info(id);
    const bool is_fallback = function.kind == FunctionKind::Fallback;  // one that takes data overrides one that does not
    info.key = key_of(context, function.name.text, is_fallback ? std::vector<TypeId>{} : context.types_of(function.parameters));
    if (function.kind != FunctionKind::Function) return;
    info.signature = in_library ? library_signature(context, id)
                                : signature_of(context, function.name.text, context.types_of(function.parameters));
    info.selector = selector_of(info.signature);
}

void check_interface_contents(Context& context, ContractId id) {
    const Contract& contract = context.tree[id];
    if (contract.kind != ContractKind::Interface) return;
    const auto forbid = [&](SourceRange range, std::string_view what) {
        context.report(code::not_in_interface, fmt::format("an interface cannot have {}", what), range)
            .secondary.push_back({contract.name.range, "this interface"});
    };
    for (const VariableId variable : contract.state_variables) forbid(context.tree[variable].range, "state variables");
    for (const ModifierId modifier : contract.modifiers) forbid(context.tree[modifier].name.range, "modifiers");
    for (const Invariant& invariant : contract.invariants) forbid(invariant.range, "invariants");
    for (const FunctionId function : contract.functions) {
        if (context.tree[function].kind == FunctionKind::Constructor)
            forbid(context.tree[function].head, fmt::format("a {}", context.tree[function].name.text));
        for (const Invocation& modifier : context.tree[function].modifiers)
            forbid(modifier.range, "modifiers on its functions");
    }
}

void check_only_one(Context& context, const Contract& contract, FunctionKind kind) {
    const Function* first = nullptr;
    for (const FunctionId id : contract.functions) {
        const Function& function = context.tree[id];
        if (function.kind != kind) continue;
        if (first) {
            context
                .report(code::bad_special_function, fmt::format("a second {}", function.name.text), function.head,
                        "only one is possible")
                .secondary.push_back({first->head, "the first one"});
        }
        if (!first) first = &function;
    }
}

// Two events of one name must differ in their parameters, those of bases included.
void check_events(Context& context, const std::vector<EventId>& events, ContractId contract) {
    std::map<std::string, EventId> seen;
    for (const EventId id : events) {
        const Name& name = context.tree[id].name;
        const std::string key = key_of(context, name.text, context.types_of(context.tree[id].parameters));
        if (key.empty() || name.text.empty()) continue;
        const auto [first, is_new] = seen.try_emplace(key, id);
        if (is_new || first->second == id) continue;
        const Event& other = context.tree[first->second];  // of the contract itself, if one of them is
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
        for (const ContractId base : context.program[id].linearization)
            all.insert(all.end(), context.tree[base].events.begin(), context.tree[base].events.end());
        if (all.size() > 1) check_events(context, all, id);
    }
}

// Two functions of one name must differ in their parameters.
void check_overloads(Context& context, const std::vector<FunctionId>& functions) {
    std::map<std::string_view, FunctionId> seen;
    for (const FunctionId id : functions) {
        const Function& function = context.tree[id];
        const std::string& key = context.program[id].key;
        if (function.kind != FunctionKind::Function || key.empty()) continue;
        const auto [place, is_new] = seen.try_emplace(key, id);
        if (is_new) continue;
        context
            .report(code::duplicate_function,
                    fmt::format("function `{}` is declared twice with the same parameters", function.name.text),
                    function.name.range, "declared again here")
            .secondary.push_back({context.tree[place->second].name.range, "first declared here"});
    }
}

// A library has code and constants, and nothing that needs an instance.
void check_library(Context& context, const Contract& contract) {
    if (contract.kind != ContractKind::Library) return;
    const auto forbid = [&](SourceRange range, std::string_view what) {
        context.report(code::not_in_library, fmt::format("a library cannot have {}", what), range)
            .secondary.push_back({contract.name.range, "this library"});
    };
    for (const VariableId id : contract.state_variables) {
        if (!context.tree[id].is_constant) forbid(context.tree[id].range, "state variables");
    }
    for (const Invariant& invariant : contract.invariants) forbid(invariant.range, "invariants");
    for (const FunctionId id : contract.functions) {
        const Function& function = context.tree[id];
        if (function.kind != FunctionKind::Function)
            forbid(function.head, fmt::format("a {}", function.name.text));
        else if (function.mutability == Mutability::Payable)
            forbid(function.head, "payable functions");
    }
}

// A function outside of contracts is called from inside, by whoever sees it.
void resolve_free_function(Context& context, FunctionId id) {
    const Function& function = context.tree[id];
    for (const VariableId variable : function.parameters)
        resolve_variable(context, variable, VariableRole::InternalParameter);
    for (const VariableId variable : function.returns)
        resolve_variable(context, variable, VariableRole::InternalParameter);
    const auto refuse = [&](std::string_view what) {
        context.report(code::bad_free_function,
                       fmt::format("function `{}` stands outside of contracts: it cannot {}", function.name.text, what),
                       function.head);
    };
    if (function.kind != FunctionKind::Function) refuse("be a constructor, receive or fallback");
    if (function.visibility != Visibility::None) refuse("have a visibility");
    if (function.mutability == Mutability::Payable) refuse("be payable");
    if (function.is_virtual || function.is_override) refuse("be virtual or override");
    if (!function.modifiers.empty()) refuse("have modifiers");
    if (!function.body) refuse("lack its body");
    FunctionInfo& info = context.info(id);
    info.signature = signature_of(context, function.name.text, context.types_of(function.parameters));
    info.key = key_of(context, function.name.text, context.types_of(function.parameters));
}

TypeId resolve_value_type(Context& context, ValueTypeId id) {
    const ValueType& written = context.tree[id];
    const TypeId underlying = resolve(context, written.underlying);
    const bool is_elementary = context.tree[written.underlying].kind == TypeNameKind::Elementary;
    if (context.types.is_error(underlying)) return {};
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
    check_library(context, contract);
    for (const EventId member : contract.events) resolve_event(context, member);
    for (const ErrorId member : contract.errors) {
        check_error_name(context, member);
        resolve_log_parameters(context, context.tree[member].parameters, "error");
    }
    for (const VariableId member : contract.state_variables) {
        resolve_state_variable(context, id, member);
        check_getter(context, member);
    }
    for (const ModifierId member : contract.modifiers) {
        for (const VariableId parameter : context.tree[member].parameters)
            resolve_variable(context, parameter, VariableRole::InternalParameter);
    }
    for (const FunctionId member : contract.functions) resolve_function(context, id, member);
    check_interface_contents(context, id);
    for (const FunctionKind kind : {FunctionKind::Constructor, FunctionKind::Receive, FunctionKind::Fallback})
        check_only_one(context, contract, kind);
    check_overloads(context, contract.functions);
}

}  // namespace

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
    std::map<std::uint32_t, std::vector<FunctionId>> of_files;
    for (const FunctionId id : tree.top_functions) of_files[tree[id].scope.unit.index].push_back(id);
    for (const auto& [ignored, functions] : of_files) check_overloads(context, functions);
    for (const ContractId id : tree.top_contracts) resolve_heads_of(context, id);
    check_all_events(context);
    resolve_usings(context);
}

}  // namespace interlock::lang
