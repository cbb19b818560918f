#include "cli/compiling.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace interlock::cli {

void report(const lang::Diagnostics& diagnostics, const lang::Sources& sources, const Common& common) {
    std::cerr << lang::render(diagnostics, sources, common.color_on(STDERR_FILENO));
    const auto first = std::ranges::find(diagnostics.all(), lang::Severity::Error, &lang::Diagnostic::severity);
    if (first != diagnostics.all().end()) std::cerr << "`interlock explain " << first->code << "` says more\n";
}

std::string diagnostics_json(const lang::Diagnostics& diagnostics, const lang::Sources& sources) {
    using Json = nlohmann::ordered_json;
    Json errors = Json::array();
    for (const lang::Diagnostic& diagnostic : diagnostics.all()) {
        const lang::LineColumn at = sources.position(diagnostic.primary.range.begin);
        errors.push_back({{"severity", diagnostic.severity == lang::Severity::Error ? "error" : "warning"},
                          {"code", diagnostic.code},
                          {"message", diagnostic.message},
                          {"file", sources.file_of(diagnostic.primary.range).path},
                          {"line", at.line},
                          {"column", at.column},
                          {"label", diagnostic.primary.text},
                          {"help", diagnostic.helps}});
    }
    return Json{{"errors", std::move(errors)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::shared_ptr<const lang::Compilation> compile_input(const Input& input, const Common& common,
                                                       const std::function<void(const lang::Compilation&)>& observe) {
    auto compilation = std::make_shared<lang::Compilation>(lang::compile(input.path, input.text, input.imports));
    if (observe) observe(*compilation);
    if (common.json && !compilation->ok())
        std::cout << diagnostics_json(compilation->diagnostics, *compilation->sources) << "\n";
    else report(compilation->diagnostics, *compilation->sources, common);
    return compilation->ok() ? compilation : nullptr;
}

std::shared_ptr<const lang::Compilation> compile_file(const std::string& path, const Common& common,
                                                      const std::function<void(const lang::Compilation&)>& observe) {
    const std::optional<Input> input = read_input(path, common);
    return input ? compile_input(*input, common, observe) : nullptr;
}

std::shared_ptr<const lang::Compilation> compile_deployable(const std::string& path, const Common& common,
                                                            const std::function<void(const lang::Compilation&)>& observe) {
    auto compilation = compile_file(path, common, observe);
    if (!compilation || !compilation->artifacts.empty()) return compilation;
    std::cerr << "interlock: " << path << " contains no contract\n";
    return nullptr;
}

}  // namespace interlock::cli
