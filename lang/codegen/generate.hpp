// Generates bytecode from IR.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "lang/codegen/artifact.hpp"
#include "lang/diagnostics/diagnostic.hpp"
#include "vm/fork.hpp"

namespace interlock::lang {

inline constexpr std::size_t max_runtime_code_bytes = 24'576;   // EIP-170: larger code cannot be deployed
inline constexpr std::size_t max_creation_code_bytes = 49'152;  // EIP-3860

// Whether code that is too large for deployment is warned of. Tests run on chains of their own without this limit.
enum class CodeSize : std::uint8_t { Deployable, Any };

inline constexpr std::uint32_t usual_runs = 200;

struct CodeOptions {
    CodeSize size = CodeSize::Deployable;
    // How often each instruction of the deployed code is expected to run: more gives faster code, less gives shorter code.
    std::uint32_t runs = usual_runs;
    vm::Fork fork = vm::default_fork;  // whose instructions may be used
};

// Generates a contract's code. Code is made from `optimized`; everything else reads `contract`. `others` are the
// contracts that `new` may create. Returns a Diagnostic if there is no code: E951 for IR that has no translation
// yet, E952 if `others` lacks a contract.
[[nodiscard]] std::variant<Artifact, Diagnostic> generate(std::shared_ptr<const ir::Contract> contract,
                                                          const ir::Contract& optimized, const std::vector<Artifact>& others,
                                                          CodeOptions options = {});

// The warning (E950) that the code exceeds one of the limits above, or std::nullopt.
[[nodiscard]] std::optional<Diagnostic> too_large_to_deploy(const Artifact& artifact);

struct Generated {
    std::optional<Artifact> artifact;
    std::optional<Diagnostic> told;  // why there is no artifact, or the warning that it is too large
};

// Generates contracts on up to `jobs` threads; `optimized` and the result are parallel to them. Interfaces and null
// pointers have no code.
[[nodiscard]] std::vector<Generated> generate_all(const std::vector<std::shared_ptr<const ir::Contract>>& contracts,
                                                  const std::vector<ir::Contract>& optimized, CodeOptions options,
                                                  unsigned jobs);

}  // namespace interlock::lang
