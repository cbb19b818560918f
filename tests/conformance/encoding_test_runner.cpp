// encoding_conformance: runs Ethereum's public tests of RLP, tries, transactions, frames, basics and genesis blocks.
// Fails when one of them does, and says which files have nothing here to test.

#include <iostream>

#include "tests/conformance/encoding_case.hpp"
#include "tests/conformance/fixtures.hpp"

namespace {

using namespace interlock::conformance;
namespace fs = std::filesystem;

struct Suite {
    const char* archive;
    void (*run)(const fs::path&, EncodingResults&);
};
constexpr Suite suites[] = {
    {"rlp", run_rlp_tests},           {"trie", run_trie_tests},   {"transaction", run_transaction_tests},
    {"legacy-vmtests", run_vm_tests}, {"basic", run_basic_tests}, {"genesis", run_genesis_tests}};

struct NotRun {
    const char *archive, *reason;
};
constexpr NotRun not_run[] = {{"keystore", "nothing here keeps keys in files"},
                              {"pow", "nothing here checks proof of work"}};

bool run(const Suite& suite, const fs::path& fixtures) {
    if (!is_present(fixtures, suite.archive)) {
        std::cout << "not present: " << (fixtures / suite.archive).lexically_normal().string() << ".tar.xz\n";
        return true;
    }
    EncodingResults results;
    for (const fs::path& file : fixture_files(fixtures, suite.archive, INTERLOCK_UNPACKED)) suite.run(file, results);
    for (const std::string& failure : results.failures) std::cout << "failed: " << failure << '\n';
    for (const std::string& file : results.not_run) std::cout << "not run: " << file << '\n';
    std::cout << suite.archive << ": " << results.passed << " passed, " << results.failures.size() << " failed\n";
    return results.failures.empty();
}

}  // namespace

int main(int argc, char** argv) {
    const fs::path fixtures = argc > 1 ? argv[1] : INTERLOCK_FIXTURES;
    bool ok = true;
    try {
        for (const Suite& suite : suites) ok = run(suite, fixtures) && ok;
        for (const auto& [archive, reason] : not_run)
            if (is_present(fixtures, archive)) std::cout << "not run: " << archive << ": " << reason << '\n';
    } catch (const std::exception& error) {
        std::cerr << "encoding_conformance: " << error.what() << '\n';
        return 70;
    }
    return ok ? 0 : 1;
}
