#include "cli/workload_input.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "chain/sim/workload_script.hpp"
#include "cli/compiling.hpp"
#include "cli/input_file.hpp"
#include "cli/output_file.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

constexpr std::size_t most_workload_bytes = 8 << 20;

// The creation code of a contract of a source file, in hexadecimal digits: of the last one, or of NAME in `FILE:NAME`.
std::optional<std::string> compiled(const std::string& path, const std::string& name) {
    const auto compilation = compile_deployable(path, Common{});
    if (!compilation) return std::nullopt;
    const lang::Artifact* artifact = name.empty() ? compilation->main() : compilation->find(name);
    if (!artifact || !artifact->creation_links.empty()) return std::nullopt;
    return vm::to_hex(artifact->creation_code);
}

// The code that a workload names: creation code in hexadecimal digits, or a source file, beside the workload.
std::optional<std::string> code_of(const std::filesystem::path& folder, const std::string& named) {
    const std::size_t colon = named.rfind(':');
    const std::string file = named.substr(0, colon), name = colon == std::string::npos ? "" : named.substr(colon + 1);
    const std::string path = (folder / file).string();
    if (file.ends_with(".ilk") || file.ends_with(".sol")) return compiled(path, name);
    return read_file((folder / named).string(), most_workload_bytes).text;
}

}  // namespace

std::shared_ptr<const chain::sim::Workload> workload_of(const std::string& path) {
    const std::optional<std::string> text = read_or_say(path, most_workload_bytes);
    if (!text) throw exit_source;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    auto parsed = chain::sim::parse_workload(*text, [&](const std::string& named) { return code_of(folder, named); });
    if (const auto* error = std::get_if<chain::sim::ScriptError>(&parsed)) {
        std::cerr << fmt::format("{}:{}: {}\n", lang::printable(path), error->line, lang::printable(error->message));
        throw exit_source;
    }
    return std::make_shared<const chain::sim::Workload>(std::get<0>(std::move(parsed)));
}

void write_or_say(const std::string& path, std::string_view text) {
    const std::string error = write_file(path, text);
    if (error.empty()) return;
    std::cerr << fmt::format("interlock: {} cannot be written: {}\n", lang::printable(path), lang::printable(error));
    throw exit_output;
}

}  // namespace interlock::cli
