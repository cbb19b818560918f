// Properties are proved or attacked one by one.
//
// A property's id identifies it. Its label is for people; two properties may have the same label.
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
    Invariant,        // holds between transactions
    StrongInvariant,  // `invariant!`: also holds at every external call
    Ensures,          // holds at every normal end of its function; includes `reverts if`
    Check,            // holds at its statement
    AskedInvariant,   // a function `invariant_…()` that answers true, or does not revert, between transactions
    // Every contract has these without stating them.
    Theft,    // nobody gains by re-entering
    Views,    // in the middle of a call each view answers as before it or as after it
    Solvent,  // what is owed never exceeds what is there
};
// "invariant", "invariant!", "ensures", "check", "invariant()", "reentrancy", "views", "solvent"
[[nodiscard]] std::string_view to_string(PropertyKind);
[[nodiscard]] std::optional<PropertyKind> property_kind_of(std::string_view name);  // the inverse

enum class ArtifactIndex : std::uint32_t {};  // into Compilation::artifacts

struct PropertyId {
    ArtifactIndex contract{};
    PropertyKind kind = PropertyKind::Invariant;
    // Into the contract's invariants, its clauses, its functions, or its checks as checks_of() returns them.
    std::uint32_t index = 0;
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

// Returns the functions by which the contract says itself whether all is well, as Foundry asks them: those without parameters
// that are called `invariant_…`, change nothing, and return nothing or whether it is.
[[nodiscard]] std::vector<Property> asked_invariants_of(const lang::ir::Contract& contract);

// What is to hold, of an invariant of any kind.
struct Statement {
    std::string label, text;
    lang::SourceRange range;
};
[[nodiscard]] Statement statement_of(const lang::ir::Contract& contract, const PropertyId& invariant);

// Returns everything that the contract states for a proof: invariants and clauses in their order of declaration, then checks in the
// order of the source.
[[nodiscard]] std::vector<Property> properties_of(const lang::ir::Contract& contract, const lang::Sources& sources);

// Returns the contract's `check` statements, each once, in the order of the source.
[[nodiscard]] std::vector<lang::SourceRange> checks_of(const lang::ir::Contract& contract);

// "bank.ilk:12"
[[nodiscard]] std::string location_of(const lang::Sources& sources, lang::SourceRange range);

}  // namespace interlock::analyzer
