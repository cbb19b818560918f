// Checks the external interface of contracts: signatures, and selectors, which must be unique.
#include <fmt/format.h>

#include "lang/abi/abi.hpp"
#include "lang/program/check/declarations.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang {
namespace {

struct Entry {
    std::string signature, key;
    std::uint32_t selector = 0;
    SourceRange range;
};

// Returns what a contract itself declares, then what it inherits.
std::vector<Entry> entries_of(Context& context, ContractId id) {
    std::vector<Entry> entries;
    for (const ContractId contract : context.program[id].linearization) {
        for (const FunctionId member : context.tree[contract].functions) {
            const Function& function = context.tree[member];
            const bool is_outer = function.visibility == Visibility::External || function.visibility == Visibility::Public;
            if (function.kind != FunctionKind::Function || !is_outer) continue;
            const FunctionInfo& info = context.program[member];
            entries.push_back({info.signature, info.key, info.selector, function.name.range});
        }
        for (const VariableId member : context.tree[contract].state_variables) {
            if (context.tree[member].visibility != Visibility::Public) continue;
            const std::string signature = getter_signature(context, member);
            entries.push_back(
                {signature, context.program[member].getter_key, abi::selector(signature), context.tree[member].name.range});
        }
    }
    return entries;
}

void check_selectors_among(Context& context, const std::vector<Entry>& entries) {
    std::map<std::uint32_t, Entry> seen;
    for (const Entry& entry : entries) {
        const auto [place, is_new] = seen.try_emplace(entry.selector, entry);
        if (is_new || place->second.key == entry.key || entry.key.empty())
            continue;  // an override, or reported as declared twice
        context
            .report(code::selector_clash,
                    fmt::format("`{}` and `{}` have the same selector 0x{:08x}", place->second.signature, entry.signature,
                                entry.selector),
                    entry.range)
            .secondary.push_back({place->second.range, "the other one"});
    }
}

void check_selectors_of(Context& context, ContractId id) {
    check_selectors_among(context, entries_of(context, id));
    std::vector<Entry> errors;
    for (const ContractId contract : context.program[id].linearization) {
        for (const ErrorId member : context.tree[contract].errors) {
            const ErrorDefinition& error = context.tree[member];
            const std::string signature = signature_of(context, error.name.text, context.types_of(error.parameters));
            errors.push_back({signature, signature, abi::selector(signature), error.name.range});
        }
    }
    check_selectors_among(context, errors);
}

}  // namespace

vm::Word left_aligned_selector(std::uint32_t selector) { return vm::Word(std::uint64_t{selector} << 32, 0, 0, 0); }

std::string signature_of(const Context& context, std::string_view name, const std::vector<TypeId>& parameters) {
    return data::signature(context.program, name, parameters);
}

std::string getter_signature(Context& context, VariableId variable) {
    return signature_of(context, context.tree[variable].name.text, getter_of(context, variable).parameters);
}

void check_selectors(Context& context) {
    for (const ContractId id : context.tree.top_contracts) check_selectors_of(context, id);
}

}  // namespace interlock::lang
