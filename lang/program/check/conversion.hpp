// Decides which types convert into which: implicitly, and explicitly with `T(x)`. (Solidity reference, "Conversions
// between Elementary Types", and its changes in 0.8.0.)
#pragma once

#include <optional>

#include "lang/program/check/type_table.hpp"

namespace interlock::lang {

[[nodiscard]] bool converts(const TypeTable& types, TypeId from, TypeId to);
[[nodiscard]] bool casts(const TypeTable& types, TypeId from, TypeId to);

// Returns the type of a literal or a reference if its context asks for none, or std::nullopt for 1/3 and 2**300.
[[nodiscard]] std::optional<TypeId> mobile_type(TypeTable& types, TypeId type);

// Returns the common type of two operands, or std::nullopt if there is none.
[[nodiscard]] std::optional<TypeId> common_type(TypeTable& types, TypeId a, TypeId b);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace interlock::lang
