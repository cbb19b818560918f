// Source text to proof, for tests: from a file, with replacements that make mutants of it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/prover.hpp"
#include "lang/diagnostics/diagnostic.hpp"
#include "lang/lower/lower.hpp"
#include "lang/program/program.hpp"
#include "lang/syntax/parse.hpp"

namespace interlock::analyzer::testing {

inline std::string read_source(const std::string& path) {
    std::ifstream file(std::string(INTERLOCK_SOURCE_DIR) + "/" + path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

// Each pair: what stands in the text (it must, exactly once) and what to put there.
using Replacements = std::vector<std::pair<std::string, std::string>>;

inline std::string replaced(std::string text, const Replacements& replacements) {
    for (const auto& [from, to] : replacements) {
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        if (at == std::string::npos) continue;
        EXPECT_EQ(text.find(from, at + 1), std::string::npos) << "twice: " << from;
        text.replace(at, from.size(), to);
    }
    return text;
}

// The last contract of the text.
inline ProofReport prove_text(const std::string& text, const ProverOptions& options = {}) {
    lang::Sources sources;
    lang::Diagnostics diagnostics;
    const lang::Tree tree = lang::parse(sources.add("test.ilk", text), diagnostics);
    if (!diagnostics.has_errors()) {
        const lang::Program program = lang::check(tree, sources, diagnostics);
        if (!diagnostics.has_errors()) {
            const auto contracts = lang::lower(program, diagnostics);
            if (!diagnostics.has_errors()) return prove(*contracts.back(), sources, options);
        }
    }
    ADD_FAILURE() << lang::render(diagnostics, sources, false);
    return {};
}

inline ProofReport prove_file(const std::string& path, const Replacements& replacements = {}) {
    return prove_text(replaced(read_source(path), replacements));
}

inline ProofStatus status_of(const ProofReport& report, std::string_view property) {
    const PropertyProof* proof = report.find(property);
    EXPECT_NE(proof, nullptr) << property;
    return proof == nullptr ? ProofStatus::Unknown : proof->status;
}

// All that stands in the way, for a failing test's message.
inline std::string obstacles(const ProofReport& report) {
    std::string text;
    for (const PropertyProof& proof : report.properties) {
        text += proof.property + ": " + std::string(to_string(proof.status)) + "\n";
        for (const Obstacle& obstacle : proof.blocked_by) text += "    " + obstacle.sentence + "\n";
    }
    for (const std::string& fact : report.facts) text += "fact: " + fact + "\n";
    return text;
}

}  // namespace interlock::analyzer::testing
