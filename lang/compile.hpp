// The compiler as one call: sources in, artifacts or diagnostics out.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/codegen/generate.hpp"
#include "lang/diagnostics/diagnostic.hpp"
#include "lang/loading/options.hpp"

namespace interlock::lang {

struct CompiledScenario;  // lang/scenario.hpp

struct Compilation {
    std::shared_ptr<Sources> sources;
    std::vector<Remapping> remappings;  // that it was made with; with the sources they make it again
    std::vector<std::string> include_paths;
    Diagnostics diagnostics;
    // In source order, libraries that others can call first; interfaces left out. Empty when there are errors.
    std::vector<Artifact> artifacts;
    // What has an interface and no code, in source order: interfaces, abstract contracts, libraries without functions that
    // others can call. Empty when there are errors.
    std::vector<std::shared_ptr<const ir::Contract>> codeless;

    std::vector<std::shared_ptr<const CompiledScenario>> scenarios;  // in source order; empty when there are errors

    [[nodiscard]] bool ok() const { return !diagnostics.has_errors(); }
    [[nodiscard]] const Artifact* find(std::string_view name) const;
    [[nodiscard]] const Artifact* main() const;  // the last contract of the file: the one a command means by default
};

[[nodiscard]] Compilation compile(std::string path, std::string text);

// As the other compile(); imported files from a loader. Artifacts of all files come out.
[[nodiscard]] Compilation compile(std::string path, std::string text, const ImportOptions& imports,
                                  CodeSize size = CodeSize::Deployable);

}  // namespace interlock::lang
