// The compiler as one call. Each step runs only where the one before left something to work on; contracts are
// generated after those that they create, and come out in source order.
#include "lang/compile.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "lang/codes.hpp"
#include "lang/load.hpp"
#include "lang/lower.hpp"
#include "lang/parse.hpp"
#include "lang/program.hpp"
#include "lang/scenario.hpp"

namespace interlock::lang {

namespace {

using Contracts = std::vector<std::shared_ptr<const ir::Contract>>;

class Generation {
  public:
    Generation(const Contracts& contracts, Diagnostics& diagnostics, CodeSize size)
        : contracts_(contracts),
          diagnostics_(diagnostics),
          size_(size),
          made_(contracts.size()),
          started_(contracts.size()) {}

    [[nodiscard]] std::vector<Artifact> run() {
        for (std::size_t i = 0; i < contracts_.size(); ++i) make(i);
        std::vector<Artifact> artifacts;
        for (const std::optional<Artifact>& each : made_)
            if (each && each->ir->is_library) add_library(*each, artifacts);
        for (std::optional<Artifact>& each : made_)
            if (each && !each->ir->is_library) artifacts.push_back(std::move(*each));
        return artifacts;
    }

  private:
    // Contracts that create each other in a circle have no code: the generator says so when it misses one.
    void make(std::size_t index) {
        const ir::Contract& contract = *contracts_[index];
        if (started_[index] || contract.is_interface) return;
        started_[index] = true;
        std::vector<Artifact> others;
        for (const std::string& name : contract.creates) {
            const std::size_t other = index_of(name);
            if (other == contracts_.size()) continue;
            make(other);
            if (made_[other]) others.push_back(*made_[other]);
        }
        auto generated = generate(contracts_[index], others, size_);
        if (auto* artifact = std::get_if<Artifact>(&generated)) {
            made_[index] = std::move(*artifact);
            return;
        }
        Diagnostic& refusal = std::get<Diagnostic>(generated);
        diagnostics_.error(refusal.code, refusal.message, refusal.primary.range, refusal.primary.text) = refusal;
    }

    // Behind the libraries that it calls.
    void add_library(const Artifact& library, std::vector<Artifact>& artifacts) {
        if (!added_.insert(library.ir->qualified_name).second) return;
        for (const LinkReference& link : library.creation_links) {
            for (const std::optional<Artifact>& each : made_)
                if (each && each->ir->qualified_name == link.library) add_library(*each, artifacts);
        }
        artifacts.push_back(library);
    }

    [[nodiscard]] std::size_t index_of(const std::string& name) const {
        std::size_t index = 0;
        while (index < contracts_.size() && contracts_[index]->identity != name) ++index;
        return index;
    }

    const Contracts& contracts_;
    Diagnostics& diagnostics_;
    CodeSize size_;
    std::vector<std::optional<Artifact>> made_;
    std::vector<bool> started_;
    std::set<std::string> added_;  // libraries
};

// What we lowered obeys the rules that every reader relies on, or nothing comes out: never a verdict on wrong IR.
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
        std::optional<CompiledScenario> scenario = lower_scenario(program, id, diagnostics);
        if (!scenario) return;
        verify({scenario->artifact.ir}, diagnostics);
        if (diagnostics.has_errors()) return;
        auto generated = generate(scenario->artifact.ir, {});
        if (const auto* refusal = std::get_if<Diagnostic>(&generated)) {
            diagnostics.error(refusal->code, refusal->message, scenario->range) = *refusal;
            return;
        }
        scenario->artifact = std::move(std::get<Artifact>(generated));
        compilation.scenarios.push_back(std::make_shared<const CompiledScenario>(std::move(*scenario)));
    }
}

void compile_into(Compilation& compilation, const SourceFile& file, const ImportOptions& imports, CodeSize size) {
    Diagnostics& diagnostics = compilation.diagnostics;
    const Tree tree = load(file, *compilation.sources, diagnostics, imports);
    if (diagnostics.has_errors_of(code::import_not_found.id)) return;        // most of what is said then follows from it
    const Program program = check(tree, *compilation.sources, diagnostics);  // finds more mistakes in what could be read
    if (diagnostics.has_errors()) return;
    const Contracts contracts = lower(program, diagnostics);
    verify(contracts, diagnostics);
    if (diagnostics.has_errors()) return;
    compilation.artifacts = Generation(contracts, diagnostics, size).run();
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
        throw;  // the machine's fault, not the compiler's
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
