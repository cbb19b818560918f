#include "lang/program/check/expressions/call_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/expressions/overloads.hpp"

namespace interlock::lang::checking {

// Which call the options would belong to.
CallForm CallOptions::form_of(ExprId callee) const {
    const Use& use = context_.info(callee).use;
    if (use.meaning == Meaning::Builtin) return CallForm::Builtin;
    if (use.meaning == Meaning::Contract) return CallForm::Create;
    const Expr& expr = context_.tree[callee];
    const bool on_contract =
        expr.kind == ExprKind::Member && types_.kind(context_.type_of(expr.a)) == TypeKind::Contract && !use.is_bound;
    if (on_contract) return CallForm::External;
    return use.meaning == Meaning::Function ? CallForm::Internal : CallForm::FunctionValue;
}

bool CallOptions::is_payable_target(const Use& use, CallForm form, const Type& type) const {
    if (form == CallForm::FunctionValue) return type.mutability == Mutability::Payable;
    if (form == CallForm::Builtin) return use.builtin == Builtin::AddressCall;
    return use.function && context_.tree[use.function].mutability == Mutability::Payable;
}

void CallOptions::check(ExprId options, const Use& use, CallForm form, const Type& type) {
    const Expr& expr = context_.tree[options];
    const bool low_level =
        form == CallForm::Builtin && (use.builtin == Builtin::AddressCall || use.builtin == Builtin::AddressStaticCall ||
                                      use.builtin == Builtin::AddressDelegateCall);
    const bool leaves =
        form == CallForm::External || (form == CallForm::FunctionValue && type.form == FunctionForm::External);
    const bool has_gas = leaves || low_level, has_value = leaves || form == CallForm::Create || low_level;
    std::vector<std::string_view> seen;
    for (std::size_t i = 0; i < expr.names.size() && i < expr.list.size(); ++i) {
        const Name& name = expr.names[i];
        const bool possible = (name.text == "value" && has_value) || (name.text == "gas" && has_gas) ||
                              (name.text == "salt" && form == CallForm::Create);
        if (!possible) {
            context_.report(code::bad_call_options, fmt::format("this call has no option `{}`", name.text), name.range)
                .helps.push_back(form == CallForm::Internal || form == CallForm::FunctionValue
                                     ? "only calls that leave the contract have options"
                                     : "calls take `value` and `gas`, `new` takes `value` and `salt`");
            continue;
        }
        if (std::ranges::find(seen, name.text) != seen.end())
            context_.report(code::bad_call_options, fmt::format("option `{}` is given twice", name.text), name.range);
        seen.push_back(name.text);
        convert(expr.list[i], name.text == "salt" ? types_.fixed_bytes(32) : types_.uint());
        if (name.text != "value" || is_payable_target(use, form, type)) continue;
        Diagnostic& diagnostic = context_.report(code::not_payable, "this call cannot carry ether", name.range);
        if (const SourceRange declared = Overloads(*this).declaration_of(use); declared.end != 0)
            diagnostic.secondary.push_back({declared, "not payable"});
        diagnostic.helps.push_back(form == CallForm::Builtin ? "only `call` sends ether"
                                                             : "make the function that is called `payable`");
    }
}

}  // namespace interlock::lang::checking
