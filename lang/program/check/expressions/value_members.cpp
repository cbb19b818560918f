#include "lang/program/check/expressions/value_members.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/abi/abi.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/check/expressions/attached.hpp"
#include "lang/program/check/expressions/members.hpp"
#include "lang/program/check/expressions/overloads.hpp"
#include "lang/program/check/expressions/references.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::checking {

TypeId ValueMembers::of_address(ExprId id, bool payable) {
    const Expr& expr = context_.tree[id];
    const bool sends = expr.text == "send" || expr.text == "transfer";
    if (sends && !payable && !context_.has(rule::contracts_are_addresses)) {
        Diagnostic& diagnostic =
            context_.report(code::not_payable, fmt::format("`{}` needs an `address payable`", expr.text),
                            expr.name_range.end != 0 ? expr.name_range : expr.range);
        diagnostic.secondary.push_back({context_.tree[expr.a].range, "this is a plain `address`"});
        diagnostic.helps.push_back(
            fmt::format("write `payable({}).{}(…)`", context_.text(context_.tree[expr.a].range), expr.text));
        return {};
    }
    if (const BuiltinInfo* found = find_builtin(Holder::Address, expr.text, context_.names.dialect()))
        return use_builtin(id, *found);
    std::vector<std::string_view> known;
    for (const BuiltinInfo& each : builtin_table)
        if (each.holder == Holder::Address) known.push_back(each.text);
    return Members(*this).report_unknown(id, known);
}

TypeId ValueMembers::of_contract(ExprId id, ContractId contract, const Expr* call, const std::vector<Declared>& attached) {
    const Expr& expr = context_.tree[id];
    const std::vector<ContractId>& all = context_.program[contract].linearization;
    std::vector<const Declared*> candidates;
    std::vector<std::string_view> keys;
    const Declared* hidden = nullptr;
    if (context_.tree[contract].kind == ContractKind::Library)
        return Members(*this).report_unknown(id, {});  // `this` in a library
    for (const ContractId place : all) {
        const std::vector<Declared>* own = context_.names.find_own(place, expr.text);
        if (!own) continue;
        for (const Declared& declared : *own) {
            const bool is_function = declared.use.meaning == Meaning::Function;
            const bool is_variable = declared.use.meaning == Meaning::Variable;
            const Visibility visibility = is_function   ? context_.tree[declared.use.function].visibility
                                          : is_variable ? context_.tree[declared.use.variable].visibility
                                                        : Visibility::None;
            const bool reachable = visibility == Visibility::Public || (visibility == Visibility::External && is_function);
            if (!reachable) {
                hidden = &declared;
                continue;
            }
            const std::string_view key = is_function ? context_.program[declared.use.function].key
                                                     : context_.program[declared.use.variable].getter_key;
            if (std::ranges::find(keys, key) != keys.end()) continue;  // overridden
            keys.push_back(key);
            candidates.push_back(&declared);
        }
    }
    if (candidates.empty() && !attached.empty()) return Attached(*this).member(id, attached, call);
    if (candidates.empty() && context_.has(rule::contracts_are_addresses))
        if (const BuiltinInfo* found = find_builtin(Holder::Address, expr.text, context_.names.dialect()))
            return use_builtin(id, *found);
    if (candidates.empty() && hidden) {
        context_
            .report(code::unknown_member,
                    fmt::format("`{}` of `{}` cannot be reached from outside", expr.text, context_.tree[contract].name.text),
                    expr.range)
            .secondary.push_back({hidden->name.range, "it is not public or external"});
        return {};
    }
    if (candidates.empty() && context_.misses_base[contract.index]) return {};
    if (candidates.empty()) {
        if (expr.text == "balance" || expr.text == "code" || expr.text == "call" || expr.text == "transfer" ||
            expr.text == "send" || expr.text == "codehash") {
            const std::string text = context_.text(context_.tree[expr.a].range);
            const bool pays = expr.text == "transfer" || expr.text == "send";
            context_
                .report(code::unknown_member, fmt::format("`{}` is a member of addresses, not of contracts", expr.text),
                        expr.range)
                .helps.push_back(fmt::format("write `{}({}).{}`", pays ? "payable" : "address", text, expr.text));
            return {};
        }
        std::vector<std::string_view> known;
        for (const ContractId place : all) {
            for (const FunctionId f : context_.tree[place].functions)
                known.push_back(context_.tree[f].kind == FunctionKind::Function ? context_.tree[f].name.text
                                                                                : std::string_view());
        }
        std::erase(known, std::string_view());
        return Members(*this).report_unknown(id, known);
    }
    for (const Declared& each : attached) candidates.push_back(&each);
    const Declared* chosen = Overloads(*this).choose_or_report(id, candidates, call, true);
    if (!chosen) return {};
    if (chosen->use.is_bound) return Attached(*this).member(id, {*chosen}, call);
    context_.info(id).use = chosen->use;
    if (chosen->use.meaning == Meaning::Function)
        return References(*this).function_type(chosen->use.function, FunctionForm::External);
    const Getter getter = getter_of(context_, chosen->use.variable);
    return types_.function(getter.parameters, getter.results, FunctionForm::External, Mutability::View);
}

TypeId ValueMembers::of_struct(ExprId id, const Type& type) {
    const Expr& expr = context_.tree[id];
    std::vector<std::string_view> known;
    for (const VariableId field : context_.tree[type.structure].fields) {
        known.push_back(context_.tree[field].name.text);
        if (known.back() != expr.text) continue;
        ExprInfo& info = context_.info(id);
        info.use.meaning = Meaning::Variable;
        info.use.variable = field;
        info.is_lvalue = type.location != DataLocation::Calldata && !in_specification();
        return types_.at(context_.program[field].type, type.location);
    }
    return Members(*this).report_unknown(id, known);
}

TypeId ValueMembers::of_bytes(ExprId id, TypeId base) {
    const Expr& expr = context_.tree[id];
    const Type type = types_[base];
    if (expr.text == "length") {
        if (is_slice(expr.a)) return report_length_of_slice(id);
        if (type.kind == TypeKind::FixedBytes) {
            if (only_names(expr.a)) context_.info(id).constant = vm::Word(type.bits / 8u);
            return use_builtin(id, Builtin::ArrayLength, types_.uint(8));
        }
        const bool of_code = context_.info(expr.a).use.meaning == Meaning::Builtin &&
                             context_.info(expr.a).use.builtin == Builtin::AddressCode;
        if (type.kind == TypeKind::Bytes && type.location == DataLocation::Storage)
            context_.info(id).is_lvalue = context_.has(rule::length_is_written);
        if (type.kind == TypeKind::Bytes)
            return use_builtin(id, of_code ? Builtin::CodeLength : Builtin::ArrayLength, types_.uint());
        context_.report(code::unknown_member, "a `string` has no `length`", expr.range)
            .helps.push_back(fmt::format("write `bytes({}).length`: that counts bytes, not characters",
                                         context_.text(context_.tree[expr.a].range)));
        return {};
    }
    if (type.kind == TypeKind::Bytes && type.location == DataLocation::Storage &&
        (expr.text == "push" || expr.text == "pop"))
        return of_array(id, type);
    return Members(*this).report_unknown(
        id, type.kind == TypeKind::String ? std::vector<std::string_view>{} : std::vector<std::string_view>{"length"});
}

bool ValueMembers::is_slice(ExprId id) const {
    const Expr& expr = context_.tree[id];
    return expr.kind == ExprKind::Slice || (expr.kind == ExprKind::Tuple && expr.list.size() == 1 && is_slice(expr.list[0]));
}

TypeId ValueMembers::report_length_of_slice(ExprId id) {
    context_.report(code::unknown_member, "a slice has no `length` by itself", context_.tree[id].range)
        .helps.push_back("give it to a variable first: `bytes calldata part = input[4:];`");
    return {};
}

// The parameters and results of push depend on its arguments: see push_call.
TypeId ValueMembers::of_array(ExprId id, const Type& type) {
    const Expr& expr = context_.tree[id];
    if (expr.text == "length") {
        if (is_slice(expr.a)) return report_length_of_slice(id);
        if (type.is_dynamic && type.location == DataLocation::Storage)
            context_.info(id).is_lvalue = context_.has(rule::length_is_written);
        if (!type.is_dynamic && only_names(expr.a)) context_.info(id).constant = type.length;
        return use_builtin(id, Builtin::ArrayLength, types_.uint());
    }
    const bool is_resizable = (type.is_dynamic || type.kind == TypeKind::Bytes) && type.location == DataLocation::Storage;
    const TypeId value = type.kind == TypeKind::Bytes ? types_.fixed_bytes(1) : types_.at(type.value, DataLocation::Storage);
    if (is_resizable && expr.text == "push") return use_builtin(id, Builtin::ArrayPush, types_.function({value}, {value}));
    if (is_resizable && expr.text == "pop") return use_builtin(id, Builtin::ArrayPop, types_.function({}, {}));
    if (expr.text == "push" || expr.text == "pop") {
        context_.report(code::unknown_member, fmt::format("only dynamic arrays in storage have `{}`", expr.text), expr.range)
            .secondary.push_back({context_.tree[expr.a].range, "the length of this one does not change"});
        return {};
    }
    return Members(*this).report_unknown(id, {"length", "push", "pop"});
}

bool ValueMembers::only_names(ExprId id) const {
    const Expr& expr = context_.tree[id];
    const auto all = [&](const std::vector<ExprId>& list) {
        return std::ranges::all_of(list, [&](ExprId each) { return only_names(each); });
    };
    switch (expr.kind) {
        case ExprKind::Member: return only_names(expr.a);
        case ExprKind::Tuple: return all(expr.list);
        case ExprKind::Call: return context_.program[id].call == CallForm::Conversion && all(expr.list);
        case ExprKind::Name:
        case ExprKind::Number:
        case ExprKind::ElementaryType: return true;
        default: return false;
    }
}

// If a name means an internal call, only a public function of a base has a selector.
bool ValueMembers::shows_selector(FunctionId function, FunctionForm form) const {
    if (form != FunctionForm::Internal) return true;
    const ContractId owner = context_.program[function].contract;
    return owner && owner != where_.contract && context_.tree[function].visibility == Visibility::Public &&
           types_.is_a(where_.contract, owner);
}

// Checks f.selector and f.address. The selector of a function that is only named is known.
TypeId ValueMembers::of_function(ExprId id) {
    const Expr& expr = context_.tree[id];
    const Use use = context_.info(expr.a).use;
    const Type type = types_[context_.type_of(expr.a)];
    const bool is_external = type.form == FunctionForm::External;
    const bool is_getter =
        use.meaning == Meaning::Variable && context_.program[use.variable].is_state &&
        context_.info(expr.a).type != types_.at(context_.program[use.variable].type, DataLocation::Storage);
    if (expr.text == "selector") {
        const bool is_inner = use.is_bound && use.dispatch == Dispatch::Exact;
        if (use.meaning == Meaning::Function && !is_inner && only_names(expr.a) && shows_selector(use.function, type.form))
            context_.info(id).constant = left_aligned_selector(context_.program[use.function].selector);
        if (is_getter)
            context_.info(id).constant = left_aligned_selector(abi::selector(getter_signature(context_, use.variable)));
        if (use.meaning == Meaning::Error)
            context_.info(id).constant = left_aligned_selector(abi::selector(signature_of(
                context_, context_.tree[use.error].name.text, context_.types_of(context_.tree[use.error].parameters))));
        if (context_.info(id).constant || is_external)
            return use_builtin(id, Builtin::FunctionSelector, types_.fixed_bytes(4));
        if (use.meaning == Meaning::Event && !context_.tree[use.event].anonymous) {
            const std::string signature = signature_of(context_, context_.tree[use.event].name.text,
                                                       context_.types_of(context_.tree[use.event].parameters));
            context_.info(id).constant =
                vm::to_word(vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()}));
            return use_builtin(id, Builtin::FunctionSelector, types_.fixed_bytes(32));
        }
    }
    if (expr.text == "selector" && use.meaning == Meaning::Function && type.form == FunctionForm::Internal) {
        Diagnostic& diagnostic = context_.report(code::unknown_member, "an inner call has no selector",
                                                 expr.name_range.end != 0 ? expr.name_range : expr.range);
        const Function& function = context_.tree[use.function];
        if (function.visibility == Visibility::Public)
            diagnostic.helps.push_back(fmt::format("write `this.{}.selector`", function.name.text));
        else diagnostic.helps.push_back("only functions that others can call have one");
        return {};
    }
    if (expr.text == "address" && is_external) return use_builtin(id, Builtin::FunctionAddress, types_.address());
    if (expr.text == "value" || expr.text == "gas") {
        context_
            .report(code::unknown_member, fmt::format("`.{}(…)` is how old Solidity wrote call options", expr.text),
                    expr.range)
            .helps.push_back(fmt::format("write `{}{{{}: …}}(…)`", context_.text(context_.tree[expr.a].range), expr.text));
        return {};
    }
    return Members(*this).report_unknown(
        id, use.meaning == Meaning::Function ? std::vector<std::string_view>{"selector"} : std::vector<std::string_view>{});
}

}  // namespace interlock::lang::checking
