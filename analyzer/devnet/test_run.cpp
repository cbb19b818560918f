#include "analyzer/devnet/test_run.hpp"

#include "analyzer/devnet/run_scenario.hpp"
#include "analyzer/devnet/run_tests.hpp"

namespace interlock::analyzer {

std::vector<TestRun> run_all(const lang::Compilation& compilation, const TestRunOptions& options) {
    const lang::SourceFile& file = compilation.sources->files().front();
    const auto is_here = [&](lang::SourceRange range) { return &compilation.sources->file_of(range) == &file; };
    std::vector<TestRun> done;
    for (const auto& scenario : compilation.scenarios)
        if (is_here(scenario->range) && scenario->name.find(options.filter) != std::string::npos)
            done.push_back(run_scenario(compilation, *scenario));
    for (const lang::Artifact& artifact : compilation.artifacts) {
        if (!is_here(artifact.ir->range)) continue;
        for (TestRun& each : run_tests(compilation, artifact, options)) done.push_back(std::move(each));
    }
    return done;
}

}  // namespace interlock::analyzer
