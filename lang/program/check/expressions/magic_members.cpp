#include "lang/program/check/expressions/magic_members.hpp"

#include <fmt/format.h>

#include "lang/program/check/expressions/members.hpp"

namespace interlock::lang::checking {

namespace {

Holder holder_of(MagicKind kind) {
    switch (kind) {
        case MagicKind::Msg: return Holder::Msg;
        case MagicKind::Tx: return Holder::Tx;
        case MagicKind::Block: return Holder::Block;
        case MagicKind::Abi: return Holder::Abi;
        default: return Holder::Other;
    }
}

}  // namespace

TypeId MagicMembers::of_magic(ExprId id, const Type& magic) {
    const Expr& expr = context_.tree[id];
    const Holder holder = holder_of(magic.magic);
    if (const BuiltinInfo* found = find_builtin(holder, expr.text, context_.names.dialect())) {
        const bool of_a_call = magic.magic == MagicKind::Msg || magic.magic == MagicKind::Tx;
        if (of_a_call && (where_.spec == SpecPlace::Invariant || in_scenario())) {
            context_
                .report(code::not_in_specification,
                        fmt::format("{} cannot speak about `{}`", in_scenario() ? "a scenario" : "an invariant",
                                    context_.text(expr.range)),
                        expr.range)
                .helps.push_back(
                    in_scenario() ? "between calls there is no caller; name who is meant, as in `alice`"
                                  : "an invariant holds between calls, when there is no caller; speak about state instead");
            return {};
        }
        if (found->builtin == Builtin::MsgData && where_.function &&
            context_.tree[where_.function].kind == FunctionKind::Receive)
            context_.report(code::bad_special_function, "there is no `msg.data` in `receive`", expr.range)
                .helps.push_back("it runs when ether comes without data; what comes with data goes to `fallback`");
        return use_builtin(id, *found);
    }
    if (magic.magic == MagicKind::Block && expr.text == "blockhash") {
        context_.report(code::unknown_member, "`block` has no member `blockhash`", expr.range)
            .helps.push_back("write `blockhash(number)`");
        return {};
    }
    std::vector<std::string_view> known;
    for (const BuiltinInfo& each : builtin_table)
        if (each.holder == holder) known.push_back(each.text);
    return Members(*this).report_unknown(id, known);
}

}  // namespace interlock::lang::checking
