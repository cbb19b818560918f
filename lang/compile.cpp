// The compiler as one call: load, check, lower, verify, optimize, generate. Each step runs only if the step before it
// produced something to work on.
#include "lang/compile.hpp"

#include <algorithm>

#include "lang/joint_compilation.hpp"
#include "lang/scenario.hpp"

namespace interlock::lang {

Compilation compile(std::string path, std::string text) { return compile(std::move(path), std::move(text), {}); }

Compilation compile(std::string path, std::string text, const ImportOptions& imports, CodeOptions options) {
    const RootFile root{std::move(path), std::move(text)};
    JointCompilation compilation({&root}, imports);
    compilation.generate(options, 1);
    return compilation.compilation_of(0);
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
        if (file_numbers[sources->number_of(artifact.ir->range)] == 0)
            (artifact.ir->is_library ? library : last) = &artifact;
    return last ? last : library;
}

}  // namespace interlock::lang
