// interlock verify CERTIFICATE SOURCE: proves again what a certificate says of a source.
#include <iostream>
#include <memory>

#include "analyzer/report/certificate.hpp"
#include "cli/command.hpp"
#include "cli/compiling.hpp"
#include "cli/input_file.hpp"
#include "lang/diagnostics/printable.hpp"
#include "lang/output/json.hpp"

namespace interlock::cli {

namespace {

constexpr std::size_t max_certificate_bytes = 16u << 20;

struct VerifyArguments {
    std::vector<std::string> paths;
    Common common;
};

int verify(const VerifyArguments& arguments) {
    const std::string &file = arguments.paths[0], &source = arguments.paths[1];
    const std::optional<std::string> certificate = read_or_say(file, max_certificate_bytes);
    if (!certificate) return exit_source;
    const auto compilation = compile_file(source, arguments.common);
    if (!compilation) return exit_source;
    const std::optional<std::string> refusal = analyzer::refusal_of(*certificate, *compilation);
    const std::size_t proofs = refusal ? 0 : analyzer::proofs_in(*certificate);
    if (arguments.common.json) {
        Json json{{"certificate", file}, {"source", source}, {"holds", !refusal.has_value()}, {"proofs", proofs}};
        if (refusal) json["difference"] = *refusal;
        std::cout << json.text() << "\n";
    } else if (refusal) {
        std::cout << lang::printable(file) << ": does not hold for " << lang::printable(source) << "\n  "
                  << lang::printable(*refusal) << "\n";
    } else {
        std::cout << lang::printable(file) << ": holds for " << lang::printable(source) << " (" << proofs
                  << (proofs == 1 ? " proof)" : " proofs)") << "\n";
    }
    return refusal ? exit_findings : exit_ok;
}

}  // namespace

Command verify_command() {
    auto arguments = std::make_shared<VerifyArguments>();
    return {.name = "verify",
            .help = "prove again, without a search, what a certificate of `check` says",
            .operands = {"CERTIFICATE SOURCE", "what `check --certificate` wrote, and the file it was given", 2, 2,
                         &arguments->paths},
            .options = joined({output_options(arguments->common), import_options(arguments->common)}),
            .run = [arguments] { return verify(*arguments); }};
}

}  // namespace interlock::cli
