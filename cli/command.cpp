#include "cli/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/project.hpp"

namespace interlock::cli {

bool Common::color_on(int file_descriptor) const {
    if (color == "always") return true;
    if (color == "never") return false;
    const char* no_color = std::getenv("NO_COLOR");
    return (!no_color || !*no_color) && isatty(file_descriptor);
}

void add_common(CLI::App& command, Common& common) {
    command.add_flag("--json", common.json, "Print one JSON object instead of text");
    command.add_option("--color", common.color, "auto (the default), always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
}

void add_imports(CLI::App& command, Common& common) {
    command.add_option("--include-path", common.include_paths, "A folder where imported files are looked for; repeatable")
        ->allow_extra_args(false);
    command.add_option("--remap", common.remappings, "prefix=target, for the paths of imports; repeatable")
        ->allow_extra_args(false)
        ->check(CLI::Validator(
            [](const std::string& text) { return lang::parse_remapping(text) ? "" : "not of the form prefix=target"; },
            "prefix=target"));
}

std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
        std::cerr << "interlock: " << path << " is a folder, not a file\n";
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::cerr << "interlock: cannot read " << path << ": no such file, or no permission\n";
        return std::nullopt;
    }
    std::string text(max_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_bytes) {
        std::cerr << "interlock: " << path << " is larger than " << max_bytes << " bytes\n";
        return std::nullopt;
    }
    return text;
}

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
    else
        report(compilation->diagnostics, *compilation->sources, common);
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
