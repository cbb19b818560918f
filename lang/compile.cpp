// The compiler as one call: load, check, lower, verify, optimize, generate. Each step runs only if the step before it
// produced something to work on.
#include "lang/compile.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

#include <fmt/format.h>

#include "lang/diagnostics/codes.hpp"
#include "lang/loading/load.hpp"
#include "lang/lower/lower.hpp"
#include "lang/optimize/optimize.hpp"
#include "lang/program/program.hpp"
#include "lang/scenario.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::lang {

namespace {

using Contracts = std::vector<std::shared_ptr<const ir::Contract>>;

// Verifies that the lowered IR obeys the rules on which its readers rely. If it does not, nothing is returned, so no
// verdict is based on wrong IR.
void verify(const Contracts& contracts, Diagnostics& diagnostics) {
    for (const auto& contract : contracts) {
        for (const std::string& violation : ir::verify(*contract)) {
            diagnostics.error(code::internal_error.id, "a fault of the compiler itself: " + violation, contract->range);
        }
    }
}

void compile_scenarios(Compilation& compilation, const Program& program) {
    Diagnostics& diagnostics = compilation.diagnostics;
    for (const ScenarioId id : program.tree->top_scenarios) {
        std::optional<LoweredScenario> lowered = lower_scenario(program, id, diagnostics);
        if (!lowered) return;
        verify({lowered->questions}, diagnostics);
        if (diagnostics.has_errors()) return;
        auto generated = generate(lowered->questions, optimize::optimize(*lowered->questions), {});
        if (const auto* refusal = std::get_if<Diagnostic>(&generated)) {
            diagnostics.error(refusal->code, refusal->message, lowered->range) = *refusal;
            return;
        }
        compilation.scenarios.push_back(std::make_shared<const CompiledScenario>(
            CompiledScenario{std::move(*lowered), std::move(std::get<Artifact>(generated))}));
    }
}

void compile_into(Compilation& compilation, const SourceFile& file, const ImportOptions& imports, CodeSize size) {
    Diagnostics& diagnostics = compilation.diagnostics;
    const Tree tree = load(file, *compilation.sources, diagnostics, imports);
    if (diagnostics.has_errors_of(code::import_not_found.id)) return;  // most other errors would follow from it
    // Reports more errors in the files that could be read.
    const Program program = check(tree, *compilation.sources, diagnostics);
    if (diagnostics.has_errors()) return;
    const Contracts contracts = lower(program, diagnostics);
    verify(contracts, diagnostics);
    if (diagnostics.has_errors()) return;
    std::vector<ir::Contract> optimized;
    for (const auto& contract : contracts) optimized.push_back(optimize::optimize(*contract));
    compilation.artifacts = generate_all(contracts, optimized, diagnostics, size);
    std::ranges::copy_if(contracts, std::back_inserter(compilation.codeless), &ir::Contract::is_interface,
                         [](const auto& contract) -> const ir::Contract& { return *contract; });
    compile_scenarios(compilation, program);
}

}  // namespace

Compilation compile(std::string path, std::string text) { return compile(std::move(path), std::move(text), {}); }

Compilation compile(std::string path, std::string text, const ImportOptions& imports, CodeSize size) {
    Compilation compilation;
    compilation.sources = std::make_shared<Sources>();
    compilation.remappings = imports.remappings;
    compilation.include_paths = imports.include_paths;
    const SourceFile& file = compilation.sources->add(std::move(path), std::move(text));
    try {
        compile_into(compilation, file, imports, size);
    } catch (const std::bad_alloc&) {
        throw;  // the machine failed, not the compiler
    } catch (const std::exception& fault) {
        compilation.diagnostics.error(code::internal_error.id,
                                      fmt::format("a fault of the compiler itself: {}", fault.what()),
                                      {file.start, file.start});
    }
    if (compilation.diagnostics.has_errors()) {
        compilation.artifacts.clear();
        compilation.codeless.clear();
        compilation.scenarios.clear();
    }
    compilation.diagnostics.sort_by_place();
    return compilation;
}

const Artifact* Compilation::find(std::string_view name) const {
    for (const Artifact& artifact : artifacts) {
        if (artifact.name == name) return &artifact;
    }
    return nullptr;
}

const Artifact* Compilation::main() const {
    const Artifact *last = nullptr, *library = nullptr;
    for (const Artifact& artifact : artifacts)
        if (&sources->file_of(artifact.ir->range) == &sources->files().front())
            (artifact.ir->is_library ? library : last) = &artifact;
    return last ? last : library;
}

}  // namespace interlock::lang
