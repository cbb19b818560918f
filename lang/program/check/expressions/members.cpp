#include "lang/program/check/expressions/members.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/expressions/attached.hpp"
#include "lang/program/check/expressions/magic_members.hpp"
#include "lang/program/check/expressions/type_members.hpp"
#include "lang/program/check/expressions/value_members.hpp"

namespace interlock::lang::checking {

TypeId Members::member(ExprId id, const Expr* call) {
    const Expr& expr = context_.tree[id];
    const TypeId base = check(expr.a);
    const Type type = types_[base];
    const std::vector<Declared> found = Attached(*this).functions(id, base);
    if (type.kind == TypeKind::Contract && !found.empty())
        return ValueMembers(*this).of_contract(id, type.contract, call, found);
    if (!found.empty() && (!has_member(base, expr.text) || Attached(*this).prefers(id, base, found, call)))
        return Attached(*this).member(id, found, call);
    switch (type.kind) {
        case TypeKind::Error: return {};
        case TypeKind::Magic:
            if (type.magic == MagicKind::Module) return TypeMembers(*this).of_module(id, call);
            if (type.magic == MagicKind::Super) return TypeMembers(*this).of_super(id, call);
            return type.magic == MagicKind::MetaType ? TypeMembers(*this).of_information(id, type.value)
                                                     : MagicMembers(*this).of_magic(id, type);
        case TypeKind::Meta: return TypeMembers(*this).of_type(id, type.value, call);
        case TypeKind::Address: return ValueMembers(*this).of_address(id, type.payable);
        case TypeKind::Contract: return ValueMembers(*this).of_contract(id, type.contract, call, {});
        case TypeKind::Struct: return ValueMembers(*this).of_struct(id, type);
        case TypeKind::Array: return ValueMembers(*this).of_array(id, type);
        case TypeKind::Bytes:
        case TypeKind::String:
        case TypeKind::FixedBytes: return ValueMembers(*this).of_bytes(id, base);
        case TypeKind::Function: return ValueMembers(*this).of_function(id);
        default: break;
    }
    require_value(expr.a);
    if (types_.is_error(context_.type_of(expr.a))) return {};
    return report_unknown(id, {});
}

TypeId Members::report_unknown(ExprId id, const std::vector<std::string_view>& known) {
    const Expr& expr = context_.tree[id];
    const TypeId base = context_.type_of(expr.a);
    Diagnostic& diagnostic =
        context_.report(code::unknown_member, fmt::format("`{}` has no member `{}`", types_.name(base), expr.text),
                        expr.name_range.end != 0 ? expr.name_range : expr.range);
    diagnostic.secondary.push_back({context_.tree[expr.a].range, fmt::format("this is `{}`", types_.name(base))});
    std::vector<std::string_view> names = known;
    for (const Attachment& attachment : context_.attachments) {
        if (!Attached(*this).is_active(attachment, base)) continue;
        for (const AttachedFunction& each : attachment.functions)
            if (each.op.empty()) names.push_back(each.name);
    }
    const std::string_view similar = closest(expr.text, names);
    if (!similar.empty()) {
        diagnostic.helps.push_back(fmt::format("did you mean `{}`?", similar));
    } else if (!known.empty() && known.size() <= 12) {
        diagnostic.helps.push_back(fmt::format("it has {}", fmt::join(known, ", ")));
    }
    return {};
}

// Returns whether the type itself has a member of that name, which then comes before attached functions.
bool Members::has_member(TypeId id, std::string_view name) const {
    const Type& type = types_[id];
    switch (type.kind) {
        case TypeKind::Error:
        case TypeKind::Magic:
        case TypeKind::Meta: return true;
        case TypeKind::Function: return type.form == FunctionForm::Named || name == "selector" || name == "address";
        case TypeKind::Address: {
            const bool is_paid = name == "send" || name == "transfer";
            return find_builtin(Holder::Address, name) && (type.payable || !is_paid);
        }
        case TypeKind::Contract:
            return std::ranges::any_of(context_.program[type.contract].linearization,
                                       [&](ContractId base) { return context_.names.find_own(base, name) != nullptr; });
        case TypeKind::Struct:
            return std::ranges::any_of(context_.tree[type.structure].fields,
                                       [&](VariableId field) { return context_.tree[field].name.text == name; });
        case TypeKind::FixedBytes: return name == "length";
        case TypeKind::Bytes:
        case TypeKind::Array:
            if (name == "push" || name == "pop")
                return type.location == DataLocation::Storage && (type.is_dynamic || type.kind == TypeKind::Bytes);
            return name == "length";
        default: return false;
    }
}

}  // namespace interlock::lang::checking
