// Generates bytecode from IR.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "lang/codegen/artifact.hpp"
#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::lang {

inline constexpr std::size_t max_runtime_code_bytes = 24'576;   // EIP-170: larger code cannot be deployed
inline constexpr std::size_t max_creation_code_bytes = 49'152;  // EIP-3860

// Whether code that is too large for deployment is warned of. Tests run on chains of their own without this limit.
enum class CodeSize : std::uint8_t { Deployable, Any };

// Generates a contract's code. Code is made from `optimized`; everything else reads `contract`. `others` are the
// contracts that `new` may create. Returns a Diagnostic if there is no code: E951 for IR that has no translation
// yet, E952 if `others` lacks a contract.
[[nodiscard]] std::variant<Artifact, Diagnostic> generate(std::shared_ptr<const ir::Contract> contract,
                                                          const ir::Contract& optimized,
                                                          const std::vector<Artifact>& others);

// The warning (E950) that the code exceeds one of the limits above, or std::nullopt.
[[nodiscard]] std::optional<Diagnostic> too_large_to_deploy(const Artifact& artifact);

// Generates all contracts of a compilation; `optimized` is parallel to them. Libraries come first, each after those
// that it calls, then the others in the given order. Interfaces have no code. Contracts without code are reported.
[[nodiscard]] std::vector<Artifact> generate_all(const std::vector<std::shared_ptr<const ir::Contract>>& contracts,
                                                 const std::vector<ir::Contract>& optimized, Diagnostics& diagnostics,
                                                 CodeSize size);

}  // namespace interlock::lang
