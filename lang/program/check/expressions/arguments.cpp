#include "lang/program/check/expressions/arguments.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace interlock::lang::checking {

bool Arguments::check_count(ExprId id, std::size_t expected, SourceRange declared) {
    const Expr& expr = context_.tree[id];
    if (expr.list.size() == expected) return true;
    Diagnostic& diagnostic =
        context_.report(code::argument_count,
                        fmt::format("{} expected, {} given", counted(expected, "argument"), expr.list.size()), expr.range);
    if (declared.end != 0) diagnostic.secondary.push_back({declared, "declared here"});
    return false;
}

std::optional<std::vector<ExprId>> Arguments::arrange(ExprId id, const std::vector<VariableId>& parameters) {
    const Expr& expr = context_.tree[id];
    if (expr.names.empty()) return expr.list;
    std::vector<std::string_view> known;
    for (const VariableId parameter : parameters) known.push_back(context_.tree[parameter].name.text);
    std::vector<ExprId> arguments(expr.list.size());
    bool fits = true;
    for (std::size_t i = 0; i < expr.names.size() && i < expr.list.size(); ++i) {
        const Name& name = expr.names[i];
        const auto place = std::ranges::find(known, name.text);
        const bool unknown = place == known.end() || name.text.empty();
        ExprId* slot = unknown ? nullptr : &arguments[static_cast<std::size_t>(place - known.begin())];
        if (slot && !*slot) {
            *slot = expr.list[i];
            continue;
        }
        fits = false;
        Diagnostic& diagnostic = context_.report(code::bad_named_arguments,
                                                 unknown ? fmt::format("there is no parameter `{}`", name.text)
                                                         : fmt::format("argument `{}` is given twice", name.text),
                                                 name.range);
        const std::string_view similar = closest(name.text, known);
        if (unknown && !similar.empty()) diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    }
    if (!fits) return std::nullopt;
    return arguments;
}

void Arguments::pass(ExprId id, const std::vector<ExprId>& arguments, const std::vector<TypeId>& parameters,
                     const std::vector<VariableId>& names) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        Label because;
        if (i < names.size()) because = {context_.tree[names[i]].range, "for this parameter"};
        const bool is_unbounded = types_.kind(context_.type_of(arguments[i])) == TypeKind::Integer;
        if (in_specification() && is_unbounded && types_.is_integer(parameters[i])) continue;
        convert(arguments[i], parameters[i], because);
    }
    context_.info(id).arguments = arguments;
}

void Arguments::check_pack(const std::vector<VariableId>& parameters, const std::vector<ExprId>& arguments,
                           SourceRange place, std::string_view what, SourceRange declared) {
    for (const ExprId argument : arguments) check(argument);
    if (parameters.size() != arguments.size()) {
        context_
            .report(code::argument_count,
                    fmt::format("{} `{}` takes {}, {} given", what, context_.text(declared),
                                counted(parameters.size(), "argument"), arguments.size()),
                    place)
            .secondary.push_back({declared, "declared here"});
        return;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i)
        convert(arguments[i], context_.program[parameters[i]].type,
                {context_.tree[parameters[i]].range, "for this parameter"});
}

}  // namespace interlock::lang::checking
