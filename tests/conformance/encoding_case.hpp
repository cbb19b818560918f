// Ethereum's tests of single parts: RLP, Merkle Patricia tries, signed transactions by fork, one frame of code, genesis
// blocks.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace interlock::conformance {

struct EncodingResults {
    std::size_t passed = 0;
    std::vector<std::string> failures;  // "name: why"
    std::vector<std::string> not_run;   // files for which there is nothing here to test, and why

    void count(const std::string& name, const std::string& why) {  // passed when `why` is empty
        if (why.empty()) ++passed;
        else failures.push_back(name + ": " + why);
    }
};

// Each throws when the file is malformed.
void run_rlp_tests(const std::filesystem::path& file, EncodingResults&);
void run_trie_tests(const std::filesystem::path& file, EncodingResults&);
void run_transaction_tests(const std::filesystem::path& file, EncodingResults&);
void run_vm_tests(const std::filesystem::path& file, EncodingResults&);
void run_basic_tests(const std::filesystem::path& file,
                     EncodingResults&);  // hex prefixes, keys, signed transactions, genesis
void run_genesis_tests(const std::filesystem::path& file, EncodingResults&);

}  // namespace interlock::conformance
