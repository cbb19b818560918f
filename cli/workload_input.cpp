#include "cli/workload_input.hpp"

#include <fmt/format.h>

#include <iostream>

#include "chain/sim/workload_script.hpp"
#include "cli/command.hpp"
#include "cli/input_file.hpp"
#include "cli/output_file.hpp"
#include "lang/diagnostics/printable.hpp"

namespace interlock::cli {

namespace {

constexpr std::size_t most_workload_bytes = 8 << 20;

}  // namespace

std::shared_ptr<const chain::sim::Workload> workload_of(const std::string& path) {
    const std::optional<std::string> text = read_or_say(path, most_workload_bytes);
    if (!text) throw exit_source;
    auto parsed =
        chain::sim::parse_workload(*text, [](const std::string& file) { return read_file(file, most_workload_bytes).text; });
    if (const auto* error = std::get_if<chain::sim::ScriptError>(&parsed)) {
        std::cerr << fmt::format("{}:{}: {}\n", lang::printable(path), error->line, lang::printable(error->message));
        throw exit_source;
    }
    return std::make_shared<const chain::sim::Workload>(std::get<0>(std::move(parsed)));
}

void write_or_say(const std::string& path, std::string_view text) {
    const std::string error = write_file(path, text);
    if (error.empty()) return;
    std::cerr << lang::printable(error) << "\n";
    throw exit_output;
}

}  // namespace interlock::cli
