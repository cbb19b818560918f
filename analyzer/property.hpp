// Properties: what is proved or attacked, one by one.
//
// A property is known by its id. Its label is for people, and two properties may have the same one.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/diagnostics/source.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

enum class PropertyKind : std::uint8_t {
    Invariant,        // holds between transactions: whenever nobody is inside
    StrongInvariant,  // `invariant!`: at every external call too
    Ensures,          // at every normal end of its function; `reverts if` also
    Check,            // at its statement
    Theft,            // nobody gains by re-entering; every contract has it, and none states it
};
[[nodiscard]] std::string_view to_string(PropertyKind);  // "invariant", "invariant!", "ensures", "check", "reentrancy"
[[nodiscard]] std::optional<PropertyKind> property_kind_of(std::string_view name);  // the other way round

enum class ArtifactIndex : std::uint32_t {};  // into Compilation::artifacts

struct PropertyId {
    ArtifactIndex contract{};
    PropertyKind kind = PropertyKind::Invariant;
    std::uint32_t index = 0;  // into the contract's invariants, its clauses, or its checks as checks_of() gives them
    friend auto operator<=>(const PropertyId&, const PropertyId&) = default;
};

[[nodiscard]] PropertyId id_of_invariant(ArtifactIndex contract, const lang::ir::Contract& ir, std::uint32_t invariant);

// A property as its contract states it.
struct Property {
    PropertyKind kind = PropertyKind::Invariant;
    std::uint32_t index = 0;
    std::string label;  // "solvent", "withdraw: ensures 1", "check at bank.ilk:20"
    lang::SourceRange range;
};

// Everything that the contract states: invariants as declared, then clauses as declared, then checks as they stand in the
// source.
[[nodiscard]] std::vector<Property> properties_of(const lang::ir::Contract& contract, const lang::Sources& sources);

// The contract's `check` statements, each once, as they stand in the source.
[[nodiscard]] std::vector<lang::SourceRange> checks_of(const lang::ir::Contract& contract);

// "bank.ilk:12"
[[nodiscard]] std::string location_of(const lang::Sources& sources, lang::SourceRange range);

}  // namespace interlock::analyzer
