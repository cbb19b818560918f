// IR to bytecode.
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "lang/codegen/artifact.hpp"
#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::lang {

inline constexpr std::size_t max_runtime_code_bytes = 24'576;   // EIP-170: more cannot be deployed
inline constexpr std::size_t max_creation_code_bytes = 49'152;  // EIP-3860

// Whether code that cannot be deployed anywhere is an error. Tests run on chains of their own, which have no limits.
enum class CodeSize : std::uint8_t { Deployable, Any };

// `optimized` is what code is made of, and `contract` what everybody else reads. `others`: what `new` may create. A Diagnostic
// instead, where the contract cannot become code: E950 when the code would exceed one of the limits above, E951 for IR that
// has no translation yet, E952 when `others` lacks a contract.
[[nodiscard]] std::variant<Artifact, Diagnostic> generate(std::shared_ptr<const ir::Contract> contract,
                                                          const ir::Contract& optimized, const std::vector<Artifact>& others,
                                                          CodeSize size = CodeSize::Deployable);

// All contracts of a compilation; `optimized` beside each. Libraries come first, behind those that they call, the rest in the
// order given; interfaces have no code. What cannot become code is reported.
[[nodiscard]] std::vector<Artifact> generate_all(const std::vector<std::shared_ptr<const ir::Contract>>& contracts,
                                                 const std::vector<ir::Contract>& optimized, Diagnostics& diagnostics,
                                                 CodeSize size);

}  // namespace interlock::lang
