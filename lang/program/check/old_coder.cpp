// `pragma abicoder v1`: what such a file declares, encodes and decodes has no structs, and no arrays in arrays of any
// length. The code is made for the coder v2 all the same. (Solidity documentation, "ABI Coder Pragma".)
#include <algorithm>

#include <fmt/format.h>

#include "lang/program/check/declarations.hpp"

namespace interlock::lang {
namespace {

class OldCoder {
  public:
    explicit OldCoder(Context& context) : context_(context), tree_(context.tree) {}

    void run() {
        if (context_.with_old_coder.empty()) return;
        for (const EventId id : tree_.top_events) parameters(tree_[id].scope.unit, tree_[id].parameters);
        for (const ErrorId id : tree_.top_errors) parameters(tree_[id].scope.unit, tree_[id].parameters);
        for (const ContractId id : tree_.top_contracts) contract(id);
    }

  private:
    void contract(ContractId id) {
        const Contract& contract = tree_[id];
        const UnitId unit = contract.unit;
        if (!context_.with_old_coder.contains(unit)) return;
        for (const EventId each : contract.events) parameters(unit, tree_[each].parameters);
        for (const ErrorId each : contract.errors) parameters(unit, tree_[each].parameters);
        for (const FunctionId each : contract.functions) {
            if (!is_outer(tree_[each], contract)) continue;
            parameters(unit, tree_[each].parameters);
            parameters(unit, tree_[each].returns);
        }
        for (const VariableId each : contract.state_variables) {
            if (tree_[each].visibility != Visibility::Public) continue;
            const Getter getter = getter_of(context_, each);
            for (const TypeId type : getter.results)
                if (!takes(type)) refuse(tree_[each].range, context_.types.name(type));
        }
        for (const ContractId base : context_.program[id].linearization) inherited(id, base);
    }

    static bool is_outer(const Function& function, const Contract& contract) {
        if (function.kind == FunctionKind::Constructor) return contract.kind == ContractKind::Contract;
        return function.visibility == Visibility::Public || function.visibility == Visibility::External;
    }

    [[nodiscard]] bool takes(TypeId type) const { return old_coder_takes(context_.types, type); }

    void parameters(UnitId unit, const std::vector<VariableId>& variables) {
        if (!context_.with_old_coder.contains(unit)) return;
        for (const VariableId id : variables) {
            const TypeId type = context_.program[id].type;
            const bool in_storage = context_.types[type].location == DataLocation::Storage;  // of a library: its slot
            if (!in_storage && !takes(type)) refuse(tree_[id].range, context_.types.name(type));
        }
    }

    void inherited(ContractId id, ContractId base) {
        if (context_.with_old_coder.contains(tree_[base].unit)) return;
        const auto fits = [&](const std::vector<VariableId>& variables) {
            return std::ranges::all_of(variables, [&](VariableId each) { return takes(context_.program[each].type); });
        };
        for (const FunctionId each : tree_[base].functions) {
            const Function& function = tree_[each];
            if (function.kind == FunctionKind::Constructor || !is_outer(function, tree_[base])) continue;
            if (fits(function.parameters) && fits(function.returns)) continue;
            refuse(tree_[id].name.range, fmt::format("{}.{}", tree_[base].name.text, function.name.text));
        }
    }

    void refuse(SourceRange where, std::string_view what) {
        context_
            .report(code::bad_signature_type, fmt::format("`{}` is too much for the ABI coder v1 of this file", what), where)
            .helps.push_back("leave out `pragma abicoder v1;`");
    }

    Context& context_;
    const Tree& tree_;
};

}  // namespace

bool old_coder_takes(const TypeTable& types, TypeId id) {
    const Type& type = types[id];
    if (type.kind == TypeKind::Struct) return false;
    if (type.kind != TypeKind::Array) return true;
    const Type& inner = types[type.value];
    const bool is_dynamic = inner.kind == TypeKind::Bytes || inner.kind == TypeKind::String ||
                            (inner.kind == TypeKind::Array && inner.is_dynamic);
    return !is_dynamic && old_coder_takes(types, type.value);
}

void check_old_coder(Context& context) { OldCoder(context).run(); }

}  // namespace interlock::lang
