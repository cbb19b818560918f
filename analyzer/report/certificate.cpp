#include "analyzer/report/certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "analyzer/bases.hpp"
#include "analyzer/prover/callback_free.hpp"
#include "lang/output/json.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer {

namespace {

constexpr double most_seconds = 20;  // for all arguments that contracts are callback-free
constexpr std::string_view proof_key = "\"contract\"";

std::string hash_of(const std::string& text) {
    const vm::Bytes bytes(text.begin(), text.end());
    const auto hash = vm::to_big_endian(vm::to_word(vm::keccak256(bytes)));
    std::string digits = "0x";
    for (const std::uint8_t byte : hash) digits += fmt::format("{:02x}", byte);
    return digits;
}

// Sentences name places by the path under which the file was opened, which is another one elsewhere.
std::string without_folders(std::string sentence, const lang::Sources& sources) {
    for (const lang::SourceFile& file : sources.files()) {
        const std::string name = std::filesystem::path(file.path).filename().string();
        if (name == file.path || name.empty()) continue;
        for (std::size_t at = 0; (at = sentence.find(file.path, at)) != std::string::npos; at += name.size())
            sentence.replace(at, file.path.size(), name);
    }
    return sentence;
}

Json lines_of(const std::vector<std::string>& sentences, const lang::Sources& sources) {
    Json lines = Json::array();
    for (const std::string& each : sentences) lines.push_back(without_folders(each, sources));
    return lines;
}

// Returns where the texts first differ, as a line of each.
std::string difference_of(const std::string& claimed, const std::string& proved) {
    const auto differs = std::ranges::mismatch(claimed, proved);
    const auto from = static_cast<std::size_t>(differs.in1 - claimed.begin());
    const auto line_at = [&](const std::string& text) -> std::string {
        if (from >= text.size()) return "nothing";
        std::size_t begin = from == 0 ? 0 : text.rfind('\n', from - 1) + 1;  // npos + 1 is 0
        const std::size_t end = std::min(text.find('\n', from), text.size());
        while (begin < end && text[begin] == ' ') ++begin;
        return "`" + text.substr(begin, end - begin) + "`";
    };
    const auto line = 1 + std::count(claimed.begin(), differs.in1, '\n');
    return fmt::format("line {}: it says {}, proved is {}", line, line_at(claimed), line_at(proved));
}

}  // namespace

std::string certificate_of(const lang::Compilation& compilation) {
    const lang::Sources& sources = *compilation.sources;
    Json files = Json::array(), proofs = Json::array();
    for (const lang::SourceFile& file : sources.files())
        files.push_back({{"name", std::filesystem::path(file.path).filename().string()}, {"keccak256", hash_of(file.text)}});
    std::vector<const lang::ir::Contract*> contracts;
    for (const lang::Artifact& artifact : compilation.artifacts) contracts.push_back(artifact.whole.get());
    const std::vector<CallbackFreedom> freedom =
        prove_callback_freedom(compilation, only_bases(compilation), Deadline(most_seconds));
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        if (freedom[i].is_proved())
            proofs.push_back({{"contract", contracts[i]->name},
                              {"property", "reentrancy"},
                              {"by", "callback-free"},
                              {"argument", lines_of(freedom[i].reasons, sources)},
                              {"assumptions", lines_of(freedom[i].assumptions, sources)}});
        if (freedom[i].views.is_proved())
            proofs.push_back({{"contract", contracts[i]->name},
                              {"property", "views"},
                              {"by", "callback-free"},
                              {"assumptions", lines_of(freedom[i].assumptions, sources)}});
        if (contracts[i]->is_opaque) continue;
        ProverOptions options;
        options.infers = true;
        const ProofReport report = prove(*contracts[i], sources, options);
        for (const FoundInvariant& each : report.found)
            proofs.push_back({{"contract", contracts[i]->name},
                              {"property", sentence_of(each)},
                              {"by", "inference"},
                              {"conditions", each.conditions},
                              {"assumptions", lines_of(report.assumptions, sources)}});
        for (const PropertyProof& each : report.properties) {
            if (each.status != ProofStatus::Safe) continue;
            proofs.push_back({{"contract", contracts[i]->name},
                              {"property", without_folders(each.property, sources)},
                              {"by", "induction"},
                              {"statement", std::string(sources.text(each.range))},
                              {"conditions", each.conditions},
                              {"refuted", each.proved},
                              {"facts", lines_of(report.facts, sources)},
                              {"believes_assume", report.assumes},
                              {"assumptions", lines_of(report.assumptions, sources)}});
        }
    }
    const Json certificate{
        {"format", "interlock certificate 1"}, {"sources", std::move(files)}, {"proofs", std::move(proofs)}};
    return certificate.indented_text() + "\n";
}

std::optional<std::string> refusal_of(const std::string& certificate, const lang::Compilation& compilation) {
    const std::string proved = certificate_of(compilation);
    if (certificate == proved) return std::nullopt;
    return difference_of(certificate, proved);
}

std::size_t proofs_in(const std::string& certificate) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = certificate.find(proof_key, at)) != std::string::npos; at += proof_key.size()) ++count;
    return count;
}

}  // namespace interlock::analyzer
