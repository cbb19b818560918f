#include "lang/program/check/expressions/overloads.hpp"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"

namespace interlock::lang::checking {

// Older dialects let a contract declare an event that it inherits.
bool Overloads::is_event_of(const std::vector<const Declared*>& known, const Declared& event) const {
    if (event.use.meaning != Meaning::Event) return false;
    const std::vector<TypeId> types = context_.types_of(context_.tree[event.use.event].parameters);
    return std::ranges::any_of(known, [&](const Declared* each) {
        return each->use.meaning == Meaning::Event && context_.types_of(context_.tree[each->use.event].parameters) == types;
    });
}

// Overridden functions cannot be named: of functions with the same parameters, the most derived one is meant.
std::vector<const Declared*> Overloads::without_overridden(const std::vector<Declared>& found) const {
    std::vector<const Declared*> result;
    std::unordered_set<std::string_view> seen;
    for (const Declared& declared : found) {
        const bool is_function = declared.use.meaning == Meaning::Function && found.size() > 1;
        const std::string_view key = is_function ? context_.program[declared.use.function].key : std::string_view();
        const bool hides = context_.has(rule::events_hide_inherited) && is_event_of(result, declared);
        if (!hides && (key.empty() || seen.insert(key).second)) result.push_back(&declared);
    }
    return result;
}

const Declared* Overloads::choose_or_report(ExprId id, const std::vector<const Declared*>& candidates, const Expr* call,
                                            bool from_outside) {
    if (candidates.size() == 1) return candidates.front();
    const Expr& expr = context_.tree[id];
    if (!call) {  // nothing determines which one
        Diagnostic& diagnostic =
            context_.report(code::ambiguous_call, fmt::format("`{}` means several", expr.text), expr.range);
        for (const Declared* candidate : candidates) diagnostic.secondary.push_back({candidate->name.range, "one of them"});
        return nullptr;
    }
    const std::vector<const Declared*> fitting = choose(candidates, *call, from_outside);
    if (fitting.size() == 1) return fitting.front();
    Diagnostic& diagnostic =
        fitting.empty()
            ? context_.report(code::no_matching_overload, fmt::format("no `{}` takes these arguments", expr.text),
                              expr.range)
            : context_.report(code::ambiguous_call, fmt::format("several `{}` take these arguments", expr.text), expr.range);
    for (const Declared* candidate : fitting.empty() ? candidates : fitting)
        diagnostic.secondary.push_back({candidate->name.range, "one of them"});
    if (!fitting.empty()) diagnostic.helps.push_back("convert an argument to the type that is meant, as in `uint256(1)`");
    return nullptr;
}

bool Overloads::is_bound_to_contract(FunctionId id) const {
    const ContractId owner = context_.program[id].contract;
    return owner && context_.tree[owner].kind != ContractKind::Library;
}

std::vector<VariableId> Overloads::parameters_of(const Use& use) const {
    const Tree& tree = context_.tree;
    switch (use.meaning) {
        case Meaning::Contract:
        case Meaning::Function: return use.function ? tree[use.function].parameters : std::vector<VariableId>{};
        case Meaning::Event: return tree[use.event].parameters;
        case Meaning::Error: return tree[use.error].parameters;
        case Meaning::Struct: return tree[use.structure].fields;
        default: return {};
    }
}

// Returns the candidates that accept the arguments, which have been checked.
std::vector<const Declared*> Overloads::choose(const std::vector<const Declared*>& candidates, const Expr& call,
                                               bool from_outside) {
    std::vector<const Declared*> fitting;
    std::ranges::copy_if(candidates, std::back_inserter(fitting),
                         [&](const Declared* candidate) { return could_take(*candidate, call, from_outside); });
    return fitting;
}

bool Overloads::could_take(const Declared& candidate, const Expr& call, bool from_outside) {
    std::vector<VariableId> parameters = parameters_of(candidate.use);
    if (candidate.use.is_bound) parameters.erase(parameters.begin());
    if (parameters.size() != call.list.size()) return false;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        std::size_t at = i;
        if (!call.names.empty()) {
            const auto named = std::ranges::find_if(
                parameters, [&](VariableId p) { return context_.tree[p].name.text == call.names[i].text; });
            if (named == parameters.end()) return false;
            at = static_cast<std::size_t>(named - parameters.begin());
        }
        TypeId parameter = context_.program[parameters[at]].type;
        if (from_outside) parameter = types_.at(parameter, DataLocation::Memory);
        if (!call.list[i] || !converts(types_, context_.type_of(call.list[i]), parameter)) return false;
    }
    return true;
}

SourceRange Overloads::declaration_of(const Use& use) const {
    const Tree& tree = context_.tree;
    switch (use.meaning) {
        case Meaning::Function: return tree[use.function].name.range;
        case Meaning::Contract: return use.function ? tree[use.function].name.range : tree[use.contract].name.range;
        case Meaning::Event: return tree[use.event].name.range;
        case Meaning::Error: return tree[use.error].name.range;
        case Meaning::Struct: return tree[use.structure].name.range;
        case Meaning::Variable: return tree[use.variable].name.range;
        default: return {};
    }
}

}  // namespace interlock::lang::checking
