// Checks `using`: what it attaches to which types. (Solidity reference, "Using For", "User-defined Operators".) Uses of
// that are checked in expressions/attached.cpp.
#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/declarations.hpp"

namespace interlock::lang {
namespace {

Diagnostic& report_bad_using(Context& context, SourceRange where, std::string message) {
    return context.report(code::bad_using, std::move(message), where);
}

void report_no_library(Context& context, const Using& written) {
    const std::string name = context.text(written.library.range);
    Diagnostic& diagnostic = report_bad_using(context, written.library.range, fmt::format("`{}` is no library", name));
    std::vector<std::string_view> known;
    for (const ContractId each : context.tree.top_contracts)
        if (context.tree[each].kind == ContractKind::Library) known.push_back(context.tree[each].name.text);
    if (const std::string_view similar = closest(name, known); !similar.empty())
        diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
}

void attach_library(Context& context, const Using& written, Attachment& made) {
    const std::vector<Declared>* found = context.names.find(written.library);
    const bool is_library = found && found->front().use.meaning == Meaning::Contract &&
                            context.tree[found->front().use.contract].kind == ContractKind::Library;
    if (!is_library) {
        if (found || !context.excuses_missing_names()) report_no_library(context, written);
        return;
    }
    made.library = found->front().use.contract;
    for (const FunctionId id : context.tree[made.library].functions)
        made.functions.push_back({{}, context.tree[id].name.text, id});
}

// Data locations are ignored: the value before the dot may be in storage, in memory or in call data.
bool takes_first(Context& context, FunctionId function, TypeId type) {
    const TypeId first = context.program[context.tree[function].parameters.front()].type;
    return !type || converts(context.types, type, context.types.at(first, DataLocation::Storage, true));
}

void attach_functions(Context& context, const Using& written, Attachment& made) {
    for (const UsingFunction& each : written.functions) {
        const std::vector<Declared>* found = context.names.find(each.path);
        if (!found || found->front().use.meaning != Meaning::Function) {
            if (found || !context.excuses_missing_names())
                report_bad_using(context, each.path.range,
                                 fmt::format("`{}` is no function", context.text(each.path.range)));
            continue;
        }
        const FunctionId id = found->front().use.function;
        const ContractId owner = context.program[id].contract;
        if (found->size() > 1) {
            report_bad_using(context, each.path.range,
                             fmt::format("`{}` means several functions", context.text(each.path.range)));
        } else if (owner && context.tree[owner].kind != ContractKind::Library) {
            report_bad_using(context, each.path.range, "only functions of files and libraries can be attached to a type");
        } else if (context.tree[id].visibility == Visibility::Private && written.scope.contract != owner) {
            report_bad_using(context, each.path.range,
                             fmt::format("`{}` is private: only its library attaches it", context.tree[id].name.text));
        } else if (context.tree[id].parameters.empty()) {
            report_bad_using(context, each.path.range,
                             fmt::format("`{}` takes nothing that it could be attached to", context.tree[id].name.text));
        } else if (each.op.text.empty() && !takes_first(context, id, made.type)) {
            const VariableId first = context.tree[id].parameters.front();
            report_bad_using(context, each.path.range,
                             fmt::format("`{}` takes a `{}` first, not a `{}`", context.tree[id].name.text,
                                         context.types.name(context.program[first].type), context.types.name(made.type)))
                .secondary.push_back({context.tree[first].range, "this parameter"});
        } else {
            made.functions.push_back({each.op.text, each.path.parts.back().text, id});
        }
    }
}

// Checks {f as +}: f must belong to a user-defined value type, be pure, and have the types that the operator has.
void check_operator(Context& context, const Using& written, const UsingFunction& each, const AttachedFunction& attached,
                    TypeId type) {
    const Function& function = context.tree[attached.function];
    const auto refuse = [&](std::string message) { report_bad_using(context, each.path.range, std::move(message)); };
    if (context.types.kind(type) != TypeKind::UserValue)
        return refuse("operators can only be defined for user-defined value types");
    if (!written.is_global) return refuse("an operator must be defined with `global`");
    if (function.mutability != Mutability::Pure || context.program[attached.function].contract)
        return refuse("only a pure function outside of contracts can define an operator");
    const std::vector<TypeId> parameters = context.types_of(function.parameters),
                              results = context.types_of(function.returns);
    const std::string_view op = attached.op;
    const bool compares = op == "==" || op == "!=" || op == "<" || op == ">" || op == "<=" || op == ">=";
    const bool takes_one = op == "~" || (op == "-" && parameters.size() == 1);
    const bool fits = parameters.size() == (takes_one ? 1 : 2) &&
                      std::ranges::all_of(parameters, [&](TypeId p) { return p == type; }) && results.size() == 1 &&
                      results.front() == (compares ? context.types.boolean() : type);
    if (!fits)
        refuse(fmt::format("`{}` does not take and return what `{}` of `{}` does", function.name.text, op,
                           context.types.name(type)));
}

// Where a type is declared that has a name and is no contract's.
std::optional<Scope> home_of(const Context& context, TypeId id) {
    const Type& type = context.types[id];
    switch (type.kind) {
        case TypeKind::Struct: return context.tree[type.structure].scope;
        case TypeKind::Enum: return context.tree[type.enumeration].scope;
        case TypeKind::UserValue: return context.tree[type.value_type].scope;
        default: return std::nullopt;
    }
}

void check_place_of_using(Context& context, const Using& written, TypeId type) {
    const bool in_contract = static_cast<bool>(written.scope.contract);
    const auto refuse = [&](std::string message) { report_bad_using(context, written.range, std::move(message)); };
    if (in_contract && context.tree[written.scope.contract].kind == ContractKind::Interface)
        refuse("an interface attaches nothing: it has no code");
    if (!written.type && written.library.parts.empty()) return refuse("functions are attached to a type, not to `*`");
    if (!written.type && !in_contract) return refuse("outside of contracts a type must be named, not `*`");
    if (!written.is_global) return;
    if (in_contract || !written.type) return refuse("`global` belongs to a type, outside of contracts");
    const std::optional<Scope> home = home_of(context, type);
    if (!home) refuse("`global` is for structs, enums and user-defined value types");
    else if (home->contract || home->unit != written.scope.unit)
        refuse("`global` is for types that this file declares outside of contracts");
}

void resolve_using(Context& context, UsingId id) {
    const Using& written = context.tree[id];
    Attachment made;
    made.scope = written.scope;
    made.is_global = written.is_global;
    if (written.type) {
        made.type = resolve(context, written.type);
        if (context.types.is_error(made.type)) return;
        made.type = context.types.at(made.type, DataLocation::Storage, true);
    }
    check_place_of_using(context, written, made.type);
    if (written.library.parts.empty()) attach_functions(context, written, made);
    else attach_library(context, written, made);
    for (const UsingFunction& each : written.functions) {
        const auto attached = std::ranges::find_if(made.functions, [&](const AttachedFunction& a) {
            return !a.op.empty() && a.op == each.op.text && a.name == each.path.parts.back().text;
        });
        if (attached != made.functions.end()) check_operator(context, written, each, *attached, made.type);
    }
    context.attachments.push_back(std::move(made));
}

}  // namespace

// One operator of a type is one function.
void check_operators(Context& context) {
    std::map<std::tuple<TypeId, std::string_view, std::size_t>, FunctionId> seen;
    for (const Attachment& attachment : context.attachments) {
        for (const AttachedFunction& each : attachment.functions) {
            if (each.op.empty()) continue;
            const Function& function = context.tree[each.function];
            const auto [first, is_new] =
                seen.try_emplace({attachment.type, each.op, function.parameters.size()}, each.function);
            if (is_new || first->second == each.function) continue;
            report_bad_using(context, function.name.range,
                             fmt::format("`{}` of `{}` is defined twice", each.op, context.types.name(attachment.type)))
                .secondary.push_back({context.tree[first->second].name.range, "by this one as well"});
        }
    }
}

// Runs after the heads, because a function's parameters decide whether it can be attached.
void resolve_usings(Context& context) {
    for (const UsingId id : context.tree.top_usings) {
        context.names.enter(context.tree[id].scope);
        resolve_using(context, id);
    }
    for (const ContractId contract : context.tree.top_contracts) {
        context.names.enter(contract);
        for (const UsingId id : context.tree[contract].usings) resolve_using(context, id);
    }
    check_operators(context);
}

}  // namespace interlock::lang
