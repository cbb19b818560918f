#include "analyzer/property.hpp"

#include <algorithm>
#include <tuple>

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

PropertyKind kind_of(const ir::Invariant& invariant) {
    return invariant.strong ? PropertyKind::StrongInvariant : PropertyKind::Invariant;
}

}  // namespace

std::string_view to_string(PropertyKind kind) {
    switch (kind) {
        case PropertyKind::Invariant: return "invariant";
        case PropertyKind::StrongInvariant: return "invariant!";
        case PropertyKind::Ensures: return "ensures";
        case PropertyKind::Check: return "check";
        case PropertyKind::AskedInvariant: return "invariant()";
        case PropertyKind::Theft: return "reentrancy";
        case PropertyKind::Views: return "views";
        case PropertyKind::Solvent: return "solvent";
    }
    return "";
}

std::optional<PropertyKind> property_kind_of(std::string_view name) {
    for (const PropertyKind kind :
         {PropertyKind::Invariant, PropertyKind::StrongInvariant, PropertyKind::Ensures, PropertyKind::Check,
          PropertyKind::AskedInvariant, PropertyKind::Theft, PropertyKind::Views, PropertyKind::Solvent})
        if (to_string(kind) == name) return kind;
    return std::nullopt;
}

PropertyId id_of_invariant(ArtifactIndex contract, const ir::Contract& ir, std::uint32_t invariant) {
    return {contract, kind_of(ir.invariants[invariant]), invariant};
}

std::vector<Property> asked_invariants_of(const ir::Contract& contract) {
    std::vector<Property> asked;
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i) {
        const ir::Function& each = contract.functions[i];
        const bool changes_nothing = each.mutability == ir::Mutability::View || each.mutability == ir::Mutability::Pure;
        const bool says_so = each.returns.empty() || (each.returns.size() == 1 && each.returns[0].type == ir::bool_type);
        if (each.is_entry && each.kind == ir::FunctionKind::Ordinary && each.name.starts_with("invariant_") &&
            changes_nothing && says_so && each.parameters.empty())
            asked.push_back({PropertyKind::AskedInvariant, i, each.name, each.range});
    }
    return asked;
}

Statement statement_of(const ir::Contract& contract, const PropertyId& invariant) {
    if (invariant.kind == PropertyKind::AskedInvariant) {
        const ir::Function& function = contract.functions.at(invariant.index);
        return {function.name, function.returns.empty() ? "does not revert" : "answers true", function.range};
    }
    const ir::Invariant& stated = contract.invariants.at(invariant.index);
    return {stated.label, stated.text, stated.range};
}

std::vector<Property> properties_of(const ir::Contract& contract, const lang::Sources& sources) {
    std::vector<Property> properties;
    for (std::uint32_t i = 0; i < contract.invariants.size(); ++i) {
        const ir::Invariant& each = contract.invariants[i];
        properties.push_back({kind_of(each), i, each.label, each.range});
    }
    for (std::uint32_t i = 0; i < contract.clauses.size(); ++i) {
        const ir::Clause& each = contract.clauses[i];
        if (each.kind != ir::Clause::Kind::Requires)
            properties.push_back({PropertyKind::Ensures, i, each.label, each.range});
    }
    std::uint32_t check = 0;
    for (const lang::SourceRange each : checks_of(contract))
        properties.push_back({PropertyKind::Check, check++, "check at " + location_of(sources, each), each});
    return properties;
}

std::vector<lang::SourceRange> checks_of(const ir::Contract& contract) {
    std::vector<lang::SourceRange> checks;
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& instruction : block.instructions)
                if (instruction.op == ir::Op::Check) checks.push_back(instruction.range);
    std::ranges::sort(checks, {}, [](const lang::SourceRange& each) { return std::tuple(each.begin, each.end); });
    checks.erase(std::unique(checks.begin(), checks.end()), checks.end());
    return checks;
}

std::string location_of(const lang::Sources& sources, lang::SourceRange range) {
    if (sources.files().empty()) return "no source";
    return sources.file_of(range).path + ":" + std::to_string(sources.position(range.begin).line);
}

}  // namespace interlock::analyzer
