#include "lang/program/check/expressions/attached.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/conversion.hpp"
#include "lang/program/check/expressions/calls.hpp"
#include "lang/program/check/expressions/overloads.hpp"

namespace interlock::lang::checking {

bool Attached::is_active(const Attachment& attachment, TypeId type) const {
    const ContractId place = attachment.scope.contract;
    const bool is_inherited =
        place && where_.contract && context_.has(rule::using_is_inherited) && types_.is_a(where_.contract, place);
    const bool is_here = place ? place == where_.contract || is_inherited : attachment.scope.unit == unit_here();
    const bool visible = attachment.is_global || is_here;
    return visible && (!attachment.type || attachment.type == types_.at(type, DataLocation::Storage, true));
}

std::vector<Declared> Attached::functions(ExprId id, TypeId type) const {
    const Expr& expr = context_.tree[id];
    std::vector<Declared> found;
    for (const Attachment& attachment : context_.attachments) {
        if (!is_active(attachment, type)) continue;
        for (const AttachedFunction& each : attachment.functions) {
            const Function& function = context_.tree[each.function];
            const bool hidden = function.visibility == Visibility::Private && attachment.library;
            if (each.name != expr.text || !each.op.empty() || hidden || function.parameters.empty()) continue;
            if (!converts(types_, type, context_.program[function.parameters.front()].type)) continue;
            const bool known =
                std::ranges::any_of(found, [&](const Declared& d) { return d.use.function == each.function; });
            if (known) continue;
            const bool is_linked = function.visibility == Visibility::Public || function.visibility == Visibility::External;
            found.push_back({.use = {.meaning = Meaning::Function,
                                     .dispatch = is_linked ? Dispatch::None : Dispatch::Exact,
                                     .function = each.function,
                                     .is_bound = true},
                             .name = function.name});
        }
    }
    return found;
}

bool Attached::prefers(ExprId id, TypeId type, const std::vector<Declared>& found, const Expr* call) {
    const Expr& expr = context_.tree[id];
    if (types_.kind(type) == TypeKind::Magic || types_.kind(type) == TypeKind::Meta) return false;
    const bool own_fits = !call || own_member_could_take(type, expr.text, *call);
    const bool attached_fits = !call || std::ranges::any_of(found, [&](const Declared& each) {
        return Overloads(*this).could_take(each, *call, false);
    });
    if (own_fits && attached_fits)
        context_
            .report(code::ambiguous_call,
                    fmt::format("`{}` is a member of `{}`, and attached to it as well", expr.text, types_.name(type)),
                    expr.range)
            .secondary.push_back({found.front().name.range, "this is attached"});
    return attached_fits && !own_fits;
}

// A member that is no function could take anything: it is in the way all the same.
bool Attached::own_member_could_take(TypeId type, std::string_view name, const Expr& call) {
    const auto takes_one = [&](TypeId parameter) {
        return call.list.size() == 1 && call.names.empty() &&
               converts(types_, context_.type_of(call.list.front()), parameter);
    };
    const Type of = types_[type];
    if (of.kind == TypeKind::Address) {
        if (name == "send" || name == "transfer") return of.payable && takes_one(types_.uint());
        if (name.ends_with("call")) return takes_one(types_.bytes(DataLocation::Memory));
    } else if (name == "pop") {
        return call.list.empty();
    } else if (name == "push") {
        const bool of_bytes = of.kind == TypeKind::Bytes;
        return call.list.empty() || takes_one(of_bytes ? types_.fixed_bytes(1) : types_.at(of.value, DataLocation::Storage));
    }
    return true;
}

TypeId Attached::member(ExprId id, const std::vector<Declared>& found, const Expr* call) {
    require_value(context_.tree[id].a);
    std::vector<const Declared*> candidates;
    for (const Declared& declared : found) candidates.push_back(&declared);
    const Declared* chosen = Overloads(*this).choose_or_report(id, candidates, call);
    if (!chosen) return {};
    context_.info(id).use = chosen->use;
    const Function& function = context_.tree[chosen->use.function];
    convert(context_.tree[id].a, context_.program[function.parameters.front()].type,
            {context_.tree[function.parameters.front()].range, "for this parameter"});
    std::vector<TypeId> parameters = context_.types_of(function.parameters);
    parameters.erase(parameters.begin());
    return types_.function(std::move(parameters), context_.types_of(function.returns));
}

FunctionId Attached::operator_of(TypeId type, std::string_view op, std::size_t operands) const {
    if (types_.kind(type) != TypeKind::UserValue) return {};
    for (const Attachment& attachment : context_.attachments) {
        if (attachment.type != type || !attachment.is_global) continue;
        for (const AttachedFunction& each : attachment.functions) {
            if (each.op == op && context_.tree[each.function].parameters.size() == operands) return each.function;
        }
    }
    return {};
}

TypeId Attached::apply(ExprId id, FunctionId function) {
    context_.info(id).use = {.meaning = Meaning::Function, .dispatch = Dispatch::Exact, .function = function};
    Calls(*this).note_call(function);
    const std::vector<VariableId>& returns = context_.tree[function].returns;
    return returns.size() == 1 ? context_.program[returns.front()].type : TypeId{};  // otherwise its head was refused
}

}  // namespace interlock::lang::checking
