#include "analyzer/devnet/rehearsal.hpp"

#include "analyzer/devnet/rehearse_scenario.hpp"
#include "analyzer/devnet/rehearse_tests.hpp"

namespace interlock::analyzer {

std::vector<Rehearsal> rehearse(const lang::Compilation& compilation, const RehearsalOptions& options) {
    const lang::SourceFile& file = compilation.sources->files().front();
    const auto is_here = [&](lang::SourceRange range) { return &compilation.sources->file_of(range) == &file; };
    std::vector<Rehearsal> done;
    for (const auto& scenario : compilation.scenarios)
        if (is_here(scenario->range) && scenario->name.find(options.filter) != std::string::npos)
            done.push_back(rehearse_scenario(compilation, *scenario));
    for (const lang::Artifact& artifact : compilation.artifacts) {
        if (!is_here(artifact.ir->range)) continue;
        for (Rehearsal& each : rehearse_tests(compilation, artifact, options)) done.push_back(std::move(each));
    }
    return done;
}

}  // namespace interlock::analyzer
