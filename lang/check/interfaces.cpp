// The outer face of contracts: selectors must be unique, and what an interface promises must be there.
#include <algorithm>

#include <fmt/format.h>

#include "lang/check/declarations.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang {
namespace {

struct Entry {
    std::string signature;
    std::uint32_t selector = 0;
    SourceRange range;
};

std::vector<Entry> entries_of(Context& context, ContractId id) {
    std::vector<Entry> entries;
    for (const FunctionId member : context.tree[id].functions) {
        const Function& function = context.tree[member];
        const bool is_outer = function.visibility == Visibility::External || function.visibility == Visibility::Public;
        if (function.kind != FunctionKind::Function || !is_outer) continue;
        entries.push_back({context.program[member].signature, context.program[member].selector, function.name.range});
    }
    for (const VariableId member : context.tree[id].state_variables) {
        if (context.tree[member].visibility != Visibility::Public) continue;
        const std::string signature = getter_signature(context, member);
        entries.push_back({signature, selector_of(signature), context.tree[member].name.range});
    }
    return entries;
}

void check_selectors_of(Context& context, ContractId id) {
    std::map<std::uint32_t, Entry> seen;
    for (const Entry& entry : entries_of(context, id)) {
        const auto [place, is_new] = seen.try_emplace(entry.selector, entry);
        if (is_new || place->second.signature == entry.signature)
            continue;  // the same signature twice is reported as such
        context
            .report(code::selector_clash,
                    fmt::format("`{}` and `{}` have the same selector 0x{:08x}", place->second.signature,
                                entry.signature, entry.selector),
                    entry.range)
            .secondary.push_back({place->second.range, "the other one"});
    }
}

class Implementations {
  public:
    Implementations(Context& context, ContractId id) : context_(context), id_(id), contract_(context.tree[id]) {}

    void run() {
        for (const ContractId base : context_.types.bases[id_.index]) {
            for (const FunctionId wanted : context_.tree[base].functions) {
                if (context_.tree[wanted].kind == FunctionKind::Function) check(base, wanted);
            }
        }
        for (const FunctionId member : contract_.functions) check_override(member);
    }

  private:
    void check(ContractId base, FunctionId wanted) {
        const FunctionId found = find_function(wanted);
        if (found) return compare(base, wanted, found);
        if (contract_.kind == ContractKind::Interface || has_getter(wanted)) return;
        context_
            .report(code::not_implemented,
                    fmt::format("`{}` does not implement `{}` of `{}`", contract_.name.text,
                                context_.program[wanted].signature, context_.tree[base].name.text),
                    contract_.name.range, "missing here")
            .secondary.push_back({context_.tree[wanted].head, "declared here"});
    }

    FunctionId find_function(FunctionId wanted) const {
        for (const FunctionId member : contract_.functions) {
            if (context_.tree[member].kind == FunctionKind::Function &&
                context_.program[member].signature == context_.program[wanted].signature)
                return member;
        }
        return {};
    }

    bool has_getter(FunctionId wanted) const {
        return std::ranges::any_of(contract_.state_variables, [&](VariableId member) {
            return context_.tree[member].visibility == Visibility::Public &&
                   getter_signature(context_, member) == context_.program[wanted].signature &&
                   in_memory(getter_of(context_, member).results) ==
                       in_memory(context_.types_of(context_.tree[wanted].returns));
        });
    }

    std::vector<TypeId> in_memory(std::vector<TypeId> types) const {
        for (TypeId& type : types) type = context_.types.at(type, DataLocation::Memory);
        return types;
    }

    void compare(ContractId base, FunctionId wanted, FunctionId found) {
        const Function &theirs = context_.tree[wanted], &ours = context_.tree[found];
        const auto differs = [&](std::string message) {
            context_.report(code::not_implemented, std::move(message), ours.head)
                .secondary.push_back({theirs.head, fmt::format("`{}` says otherwise", context_.tree[base].name.text)});
        };
        if (ours.visibility != Visibility::External && ours.visibility != Visibility::Public) {
            differs(fmt::format("`{}` implements an interface: it must be external or public", ours.name.text));
        }
        if (in_memory(context_.types_of(ours.returns)) != in_memory(context_.types_of(theirs.returns))) {
            differs(fmt::format("`{}` returns something else than the interface says", ours.name.text));
        }
        if (!may_implement(theirs.mutability, ours.mutability)) {
            differs(fmt::format("`{}` is {}, the interface says {}", ours.name.text, word(ours.mutability),
                                word(theirs.mutability)));
        }
    }

    // nonpayable may become view or pure, view may become pure; payable stays payable.
    static bool may_implement(Mutability theirs, Mutability ours) {
        if (theirs == ours) return true;
        if (theirs == Mutability::NonPayable) return ours == Mutability::View || ours == Mutability::Pure;
        return theirs == Mutability::View && ours == Mutability::Pure;
    }

    static std::string_view word(Mutability mutability) {
        switch (mutability) {
            case Mutability::NonPayable: return "nonpayable";
            case Mutability::Pure: return "pure";
            case Mutability::View: return "view";
            case Mutability::Payable: return "payable";
        }
        return "";
    }

    void check_override(FunctionId member) {
        const Function& function = context_.tree[member];
        if (!function.is_override || function.kind != FunctionKind::Function || context_.misses_base[id_.index]) return;
        for (const ContractId base : context_.types.bases[id_.index]) {
            for (const FunctionId wanted : context_.tree[base].functions) {
                if (context_.program[wanted].signature == context_.program[member].signature) return;
            }
        }
        context_.report(code::bad_override, fmt::format("`{}` overrides nothing", function.name.text), function.head)
            .helps.push_back("leave `override` out, or name the interface behind `is`");
    }

    Context& context_;
    ContractId id_;
    const Contract& contract_;
};

}  // namespace

std::uint32_t selector_of(std::string_view signature) {
    const vm::Hash hash = vm::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()});
    return std::uint32_t{hash.bytes[0]} << 24 | std::uint32_t{hash.bytes[1]} << 16 | std::uint32_t{hash.bytes[2]} << 8 |
           hash.bytes[3];
}

std::string signature_of(const Context& context, std::string_view name, const std::vector<TypeId>& parameters) {
    std::string signature(name);
    signature += '(';
    for (std::size_t i = 0; i < parameters.size(); ++i)
        signature += (i == 0 ? "" : ",") + context.types.abi_name(parameters[i]);
    return signature + ')';
}

std::string getter_signature(Context& context, VariableId variable) {
    return signature_of(context, context.tree[variable].name.text, getter_of(context, variable).parameters);
}

void check_selectors(Context& context) {
    for (const ContractId id : context.tree.top_contracts) check_selectors_of(context, id);
}

void check_implementations(Context& context) {
    for (const ContractId id : context.tree.top_contracts) Implementations(context, id).run();
}

}  // namespace interlock::lang
