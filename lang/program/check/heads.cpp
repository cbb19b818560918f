// Checks the heads of functions: what they may contain, and where.
#include "lang/program/check/heads.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/abi/abi.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang {
namespace {

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
                       fmt::format("function `{}` of an interface must be external", function.name.text), function.head);
    }
    const bool is_inner = function.visibility == Visibility::Internal || function.visibility == Visibility::Private;
    if (function.mutability == Mutability::Payable && is_inner) {
        context
            .report(code::not_payable, fmt::format("internal function `{}` cannot be payable", function.name.text),
                    function.head)
            .helps.push_back("an internal call sends no ether: leave `payable` out; msg.value can be read all the same");
    }
}

void check_special_form(Context& context, ContractId contract, FunctionId id) {
    const Function& function = context.tree[id];
    const std::string_view name = function.name.text;
    if (function.kind == FunctionKind::Constructor) {
        // Reported as something that an interface cannot have.
        if (context.tree[contract].kind == ContractKind::Interface) return;
        const bool is_abstract = context.tree[contract].kind == ContractKind::AbstractContract;
        if (function.visibility == Visibility::Internal && !is_abstract) {
            context
                .report(code::bad_special_function, "a constructor that is internal, of a contract that is not abstract",
                        function.head)
                .helps.push_back("leave `internal` out, and write `abstract contract`");
        } else if (function.visibility == Visibility::Public && is_abstract) {
            context.report(code::bad_special_function, "a constructor of an abstract contract is not public", function.head)
                .helps.push_back("leave `public` out");
        } else if (function.visibility == Visibility::External || function.visibility == Visibility::Private) {
            context.report(code::bad_special_function, "a constructor has no visibility", function.head)
                .helps.push_back("it runs when the contract is created: leave the word out");
        }
        if (function.is_virtual || function.is_override)
            context.report(code::bad_special_function, "a constructor is neither virtual nor an override", function.head)
                .helps.push_back("every contract of the inheritance runs its own: leave the word out");
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
            .report(code::body_expected, fmt::format("function `{}` of an interface cannot have a body", function.name.text),
                    function.head)
            .helps.push_back("end it with `;`");
    }
    if (in_interface || function.body) return;
    if (function.kind != FunctionKind::Function && function.kind != FunctionKind::Fallback &&
        function.kind != FunctionKind::Receive) {
        context.report(code::body_expected, fmt::format("the {} has no body", function.name.text), function.head);
    } else if (!function.is_virtual) {
        context.report(code::body_expected, fmt::format("function `{}` has no body", function.name.text), function.head)
            .helps.push_back("write `{ … }`, or `virtual` where a derived contract implements it");
    } else if (!function.modifiers.empty() && !context.has(rule::modifiers_without_body)) {
        context.report(code::body_expected,
                       fmt::format("function `{}` has modifiers, but no body for them", function.name.text), function.head);
    }
}

void check_crossing(Context& context, const std::vector<VariableId>& variables, const Function& function) {
    for (const VariableId id : variables) {
        const TypeId type = context.program[id].type;
        const bool in_storage = context.types[type].location == DataLocation::Storage ||
                                context.types.kind(type) == TypeKind::Mapping;  // of a library, which passes its slot
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
    const ContractKind of = context.tree[contract].kind;
    const bool in_library = of == ContractKind::Library;  // takes also what lies in storage
    const bool is_constructor = function.kind == FunctionKind::Constructor;
    const bool is_inner = is_constructor && of == ContractKind::AbstractContract;  // only derived contracts call it
    const VariableRole role =
        is_outer && !in_library && !is_inner ? VariableRole::ExternalParameter : VariableRole::InternalParameter;
    std::optional<ParameterScope> scope(std::in_place, context, function.parameters, function.returns);
    for (const VariableId parameter : function.parameters) {
        resolve_variable(context, parameter, role);
        if (is_constructor && context.tree[parameter].location == DataLocation::Calldata)
            context.report(code::wrong_location, "a constructor takes nothing in call data", context.tree[parameter].range)
                .helps.push_back("write `memory`: its arguments stand behind the code");
    }
    for (const VariableId result : function.returns) resolve_variable(context, result, role);
    scope.reset();
    if (function.kind == FunctionKind::Function) {
        if (function.name.text == context.tree[contract].name.text)
            context
                .report(code::already_declared, fmt::format("function `{}` is named like its contract", function.name.text),
                        function.name.range)
                .helps.push_back("a constructor is written `constructor(…) { … }`");
        if (!function.is_ghost) check_visibility(context, contract, function);
    } else {
        check_special_form(context, contract, id);
    }
    check_body(context, contract, function);
    if (is_outer && !is_inner) {
        check_crossing(context, function.parameters, function);
        check_crossing(context, function.returns, function);
    }
    FunctionInfo& info = context.info(id);
    const bool is_fallback = function.kind == FunctionKind::Fallback;  // one with parameters overrides one without
    info.key =
        key_of(context, function.name.text, is_fallback ? std::vector<TypeId>{} : context.types_of(function.parameters));
    if (function.kind != FunctionKind::Function) return;
    info.signature = in_library ? library_signature(context, id)
                                : signature_of(context, function.name.text, context.types_of(function.parameters));
    info.selector = abi::selector(info.signature);
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

// A library has code and constants, but nothing that needs an instance.
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
    for (const ModifierId id : contract.modifiers)
        if (context.tree[id].is_virtual) forbid(context.tree[id].range, "virtual modifiers");
    for (const FunctionId id : contract.functions) {
        const Function& function = context.tree[id];
        if (function.kind != FunctionKind::Function) forbid(function.head, fmt::format("a {}", function.name.text));
        else if (function.mutability == Mutability::Payable) forbid(function.head, "payable functions");
    }
}

}  // namespace

// Two functions of the same name must differ in their parameters.
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

void resolve_functions(Context& context, ContractId id) {
    const Contract& contract = context.tree[id];
    check_library(context, contract);
    for (const FunctionId member : contract.functions) resolve_function(context, id, member);
    check_interface_contents(context, id);
    for (const FunctionKind kind : {FunctionKind::Constructor, FunctionKind::Receive, FunctionKind::Fallback})
        check_only_one(context, contract, kind);
    check_overloads(context, contract.functions);
}

// A function outside contracts is called internally.
void resolve_free_function(Context& context, FunctionId id) {
    const Function& function = context.tree[id];
    {
        const ParameterScope scope(context, function.parameters, function.returns);
        for (const auto* list : {&function.parameters, &function.returns})
            for (const VariableId variable : *list) resolve_variable(context, variable, VariableRole::InternalParameter);
    }
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

}  // namespace interlock::lang
