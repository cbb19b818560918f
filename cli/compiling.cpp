#include "cli/compiling.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "analyzer/report/diagnostic_json.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"

namespace interlock::cli {

void report(const lang::Diagnostics& diagnostics, const lang::Sources& sources, const Common& common) {
    std::cerr << lang::render(diagnostics, sources, common.color_on(STDERR_FILENO));
    const auto first = std::ranges::find(diagnostics.all(), lang::Severity::Error, &lang::Diagnostic::severity);
    if (first != diagnostics.all().end()) std::cerr << "`interlock explain " << first->code << "` says more\n";
}

std::shared_ptr<const lang::Compilation> compile_input(const Input& input, const Common& common) {
    auto compilation = std::make_shared<lang::Compilation>(lang::compile(input.path, input.text, input.imports));
    if (common.json && !compilation->ok()) {
        const Json json{{"errors", analyzer::diagnostics_json(compilation->diagnostics, *compilation->sources)}};
        std::cout << json.text() << "\n";
    } else {
        report(compilation->diagnostics, *compilation->sources, common);
    }
    return compilation->ok() ? compilation : nullptr;
}

std::shared_ptr<const lang::Compilation> compile_file(const std::string& path, const Common& common) {
    const std::optional<Input> input = read_input(path, common);
    return input ? compile_input(*input, common) : nullptr;
}

std::shared_ptr<const lang::Compilation> compile_deployable(const std::string& path, const Common& common) {
    auto compilation = compile_file(path, common);
    if (!compilation || !compilation->artifacts.empty()) return compilation;
    std::cerr << "interlock: " << lang::printable(path) << " contains no contract\n";
    return nullptr;
}

}  // namespace interlock::cli
