// The types of expressions as solc names them. If our checker gives a name no type of its own (a built-in function, an
// event, a function that is only called), this file builds solc's type.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lang/output/ast/writer.hpp"
#include "lang/program/dispatch.hpp"

namespace interlock::lang::ast {
namespace {

// solc's name of the kind of a function: "keccak256", "abiencode", "barecall".
std::string kind_of(const BuiltinInfo& builtin) {
    std::string kind(builtin.text);
    if (builtin.holder == Holder::Abi) {
        for (char& c : kind) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        return "abi" + kind;
    }
    if (builtin.holder == Holder::Bytes) return "bytes" + kind;
    if (builtin.holder == Holder::String) return "string" + kind;
    return builtin.holder == Holder::Address && kind.ends_with("call") ? "bare" + kind : kind;
}

Mutability mutability_of(const BuiltinInfo& builtin) {
    if (builtin.builtin == Builtin::AddressCall) return Mutability::Payable;
    switch (builtin.effect) {
        case Effect::None: return Mutability::Pure;
        case Effect::Reads: return Mutability::View;
        default: return Mutability::NonPayable;
    }
}

std::string_view name_of_letter(char letter) {
    switch (letter) {
        case '8': return "uint8";
        case 'b': return "bool";
        case 'w': return "bytes32";
        case '4': return "bytes4";
        case 'r': return "bytes20";
        case 'a': return "address";
        case 'p': return "address payable";
        case 'm': return "bytes memory";
        case 's': return "string memory";
        default: return "uint256";
    }
}

}  // namespace

void Writer::describe(Json& expression, ExprId id) {
    if (const auto type = type_of(id)) expression["typeDescriptions"] = type_json(*type);
}

std::optional<TypeText> Writer::type_of(ExprId id) const {
    const Expr& expr = tree_[id];
    const ExprInfo& info = program_[id];
    if (expr.kind == ExprKind::CallOptions) {
        auto callable = builtin_of(expr.a);
        const Use& use = program_[expr.a].use;
        if (!callable && use.meaning == Meaning::Function) callable = this->callable(use.function, true);
        const Type& type = program_[program_[expr.a].type];
        const bool is_getter = use.meaning == Meaning::Variable && tree_[expr.a].kind == ExprKind::Member &&
                               program_[program_[tree_[expr.a].a].type].kind == TypeKind::Contract;
        if (is_getter) callable = types_.getter(use.variable);
        if (!callable && type.kind == TypeKind::Function && type.form == FunctionForm::External)
            callable = types_.function(type);
        if (!callable) return std::nullopt;
        for (const std::string_view option : {"gas", "value", "salt"})
            if (std::ranges::any_of(expr.names, [&](const Name& name) { return name.text == option; }))
                callable->options += option;
        return types_.describe(*callable);
    }
    if (expr.kind == ExprKind::Tuple) {
        if (expr.list.size() == 1 && expr.list[0]) return type_of(expr.list[0]);
        std::vector<TypeText> parts;
        for (const ExprId part : expr.list) {
            const auto type = part ? type_of(part) : TypeText{};
            if (!type) return std::nullopt;
            parts.push_back(*type);
        }
        return types_.tuple(parts);
    }
    if (expr.kind == ExprKind::Name && expr.text == "super" && info.use.meaning != Meaning::Variable)
        return types_.meta(types_.super_of(contract_));
    const bool may_name = expr.kind == ExprKind::Name || expr.kind == ExprKind::Member || expr.kind == ExprKind::New ||
                          info.use.meaning == Meaning::Module;
    if (may_name)
        if (const auto type = type_of_use(id)) return type;
    if (expr.kind == ExprKind::Slice) return types_.slice_of(info.type);
    const Type& type = program_[info.type];
    if (expr.kind == ExprKind::Index && type.kind == TypeKind::Meta)
        return types_.meta(types_.describe(type.value, DataLocation::Memory, true));
    if (type.kind == TypeKind::Error) return type_of_length(id);
    if (expr.kind == ExprKind::Call && info.call == CallForm::Conversion && type.location == DataLocation::Storage)
        return types_.describe(info.type, DataLocation::Storage, true);
    if (expr.kind == ExprKind::Call && info.call == CallForm::Error) return types_.elementary("error");
    if (type.kind == TypeKind::Function && type.form == FunctionForm::Named) return std::nullopt;
    return types_.describe(info.type);
}

// Our checker keeps only the value of an array's length.
std::optional<TypeText> Writer::type_of_length(ExprId id) const {
    const Expr& expr = tree_[id];
    if (const auto type = types_.number(id)) return type;
    if (expr.kind == ExprKind::Name) {
        const VariableId constant = constant_named(expr.text);
        return constant ? std::optional(types_.describe(program_[constant].type)) : std::nullopt;
    }
    if (expr.kind != ExprKind::Binary) return std::nullopt;
    return types_.number(expr.a) ? type_of_length(expr.b) : type_of_length(expr.a);
}

VariableId Writer::constant_named(std::string_view name) const {
    if (contract_)
        for (const ContractId base : program_[contract_].linearization)
            for (const VariableId each : tree_[base].state_variables)
                if (tree_[each].name.text == name) return each;
    const auto symbol = symbols_[unit_.index].find(name);
    if (symbol != symbols_[unit_.index].end())
        for (const VariableId each : tree_.top_constants)
            if (ids_.of(each) == symbol->second.front()) return each;
    return {};
}

std::vector<TypeText> Writer::types_of(const std::vector<VariableId>& variables, bool in_memory) const {
    std::vector<TypeText> types;
    for (const VariableId each : variables) {
        const TypeId type = program_[each].type;
        const bool is_local_reference = program_[type].location == DataLocation::None;
        if (in_memory && program_[type].location != DataLocation::Storage)
            types.push_back(types_.describe(type, DataLocation::Memory, true));
        else
            types.push_back(is_local_reference ? types_.describe(type, DataLocation::Storage, true) : types_.describe(type));
    }
    return types;
}

Callable Writer::callable(FunctionId id, bool is_external) const {
    const Function& function = tree_[id];
    return {.kind = is_external ? "external" : "internal",
            .mutability = function.mutability,
            .parameters = types_of(function.parameters, is_external),
            .results = types_of(function.returns, is_external)};
}

std::optional<TypeText> Writer::type_of_use(ExprId id) const {
    const Expr& expr = tree_[id];
    const ExprInfo& info = program_[id];
    const Use& use = info.use;
    switch (use.meaning) {
        case Meaning::Function: {
            const Function& function = tree_[use.function];
            const ContractId around = function.scope.contract;
            const bool in_library = around && tree_[around].kind == ContractKind::Library;
            const bool is_public = function.visibility == Visibility::Public || function.visibility == Visibility::External;
            const bool is_member = expr.kind == ExprKind::Member && around;
            const bool names_only = is_member && !in_library && program_[program_[expr.a].type].kind == TypeKind::Meta &&
                                    use.dispatch == Dispatch::None;
            const bool is_external = is_member && !in_library && !names_only && use.dispatch == Dispatch::None;
            const bool is_linked = is_member && in_library && is_public && use.dispatch == Dispatch::None;
            Callable made = callable(use.function, is_external || is_linked);
            if (names_only) {
                made.kind = "declaration";
                made.declaration = fmt::format("{}.{}", tree_[around].name.text, function.name.text);
            }
            if (is_linked) made.kind = "delegatecall";
            if (made.kind == "internal" && made.mutability == Mutability::Payable) made.mutability = Mutability::NonPayable;
            if (use.is_bound && !made.parameters.empty()) made.attached_to = {made.parameters.front()};
            return types_.describe(made);
        }
        case Meaning::Event: {
            Callable made{.kind = "event", .parameters = types_of(tree_[use.event].parameters, true)};
            return types_.describe(made);
        }
        case Meaning::Error: {
            Callable made{
                .kind = "error", .mutability = Mutability::Pure, .parameters = types_of(tree_[use.error].parameters, true)};
            made.results = {types_.elementary("error")};
            return types_.describe(made);
        }
        case Meaning::Variable:
            if (expr.kind == ExprKind::Member && program_[use.variable].is_state &&
                program_[program_[expr.a].type].kind == TypeKind::Contract)
                return types_.describe(types_.getter(use.variable));
            break;
        case Meaning::Module:
            return types_.module_of(sources_.file_of(tree_[UnitId{use.number}].range).path, UnitId{use.number});
        default: break;
    }
    if (const auto builtin = builtin_of(id)) return types_.describe(*builtin);
    if (use.builtin == Builtin::TypeName) return types_.elementary("string memory");
    return std::nullopt;
}

// Returns the type of a built-in function, or of `new`.
std::optional<Callable> Writer::builtin_of(ExprId id) const {
    const Expr& expr = tree_[id];
    const ExprInfo& info = program_[id];
    if (expr.kind == ExprKind::New) {
        const TypeId type = program_.type_names[expr.type.index];
        if (program_[type].kind != TypeKind::Contract) {
            Callable made{.kind = "objectcreation", .mutability = Mutability::Pure};
            made.parameters = {types_.elementary("uint256")};
            made.results = {types_.describe(type, DataLocation::Memory, true)};
            return made;
        }
        const FunctionId constructor = own_function(tree_, program_[type].contract, FunctionKind::Constructor);
        Callable made{.kind = "creation"};
        if (constructor) made.parameters = types_of(tree_[constructor].parameters, true);
        if (constructor && tree_[constructor].mutability == Mutability::Payable) made.mutability = Mutability::Payable;
        made.results = {types_.describe(type)};
        return made;
    }
    if (info.use.meaning != Meaning::Builtin) return std::nullopt;
    const BuiltinInfo& builtin = builtin_info(info.use.builtin);
    const bool has_forms = builtin.builtin == Builtin::Require || builtin.builtin == Builtin::Revert;
    if (builtin.is_function() && !has_forms) {
        Callable made{.kind = kind_of(builtin), .mutability = mutability_of(builtin)};
        for (const char letter : builtin.parameters()) made.parameters.push_back(types_.elementary(name_of_letter(letter)));
        for (const char letter : builtin.results()) made.results.push_back(types_.elementary(name_of_letter(letter)));
        return made;
    }
    if (info.use.builtin == Builtin::Wrap || info.use.builtin == Builtin::Unwrap) {
        const TypeId own = program_[program_[expr.a].type].value;
        const TypeText wrapped = types_.describe(own), under = types_.describe(program_[own].value);
        const bool wraps = info.use.builtin == Builtin::Wrap;
        return Callable{.kind = wraps ? "wrap" : "unwrap",
                        .mutability = Mutability::Pure,
                        .parameters = {wraps ? under : wrapped},
                        .results = {wraps ? wrapped : under}};
    }
    return std::nullopt;
}

// push and pop take the array as their first parameter.
Callable Writer::array_member(ExprId id, bool takes_nothing) const {
    const TypeId type = program_[tree_[id].a].type;
    const TypeText array = types_.describe(type, DataLocation::Storage, true);
    Callable made{.kind = program_[id].use.builtin == Builtin::ArrayPush ? "arraypush" : "arraypop", .parameters = {array}};
    made.attached_to = {array};
    if (program_[id].use.builtin == Builtin::ArrayPop) return made;
    const TypeText element = program_[type].kind == TypeKind::Array
                                 ? types_.describe(program_[type].value, DataLocation::Storage, false)
                                 : types_.elementary("bytes1");
    (takes_nothing ? made.results : made.parameters).push_back(element);
    return made;
}

// The arguments decide which form of require or revert is meant.
Callable Writer::failing(ExprId callee, const std::vector<ExprId>& arguments) const {
    const bool is_require = program_[callee].use.builtin == Builtin::Require;
    Callable made{.kind = is_require ? "require" : "revert", .mutability = Mutability::Pure};
    if (is_require) made.parameters.push_back(types_.elementary("bool"));
    if (arguments.size() <= made.parameters.size()) return made;
    const bool takes_error = program_[arguments.back()].call == CallForm::Error;
    made.parameters.push_back(types_.elementary(takes_error ? "error" : "string memory"));
    return made;
}

// Built-in functions of several forms.
std::optional<Callable> Writer::chosen_by_arguments(ExprId callee, const std::vector<ExprId>& arguments) const {
    switch (program_[callee].use.builtin) {
        case Builtin::Require:
        case Builtin::Revert: return failing(callee, arguments);
        case Builtin::ArrayPush:
        case Builtin::ArrayPop: return array_member(callee, arguments.empty());
        default: return std::nullopt;
    }
}

}  // namespace interlock::lang::ast
