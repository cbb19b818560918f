// The compilers that ours is compared with: npm's solc, pinned in package-lock.json, run once by node over all contracts.
// What it answers is kept in the build folder under a hash of everything it depends on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "vm/bytes.hpp"

namespace interlock::differential {

// The contracts of the suite: tests/differential/contracts/*.sol, sorted.
[[nodiscard]] std::vector<std::filesystem::path> contract_files();
// Those for compilers before 0.8: tests/differential/older/contracts/*.sol.
[[nodiscard]] std::vector<std::filesystem::path> older_files();
// The contracts and tests/differential/trees/*.sol, which only have their syntax trees and documentation compared.
[[nodiscard]] std::vector<std::filesystem::path> tree_files();
[[nodiscard]] std::string read_file(const std::filesystem::path&);

class Oracle {
  public:
    // Finds the kept answers or asks solc. Without node, npm or the registry: no answers, and `why_absent` says so.
    static const Oracle& get();
    // The same for older_files(), each compiled by the last compiler of its series.
    static const Oracle& of_older();

    [[nodiscard]] bool is_there() const { return answers_.is_object(); }
    [[nodiscard]] const std::string& why_absent() const { return why_absent_; }

    // Variants: "ir" (--via-ir --optimize) and "legacy" (--optimize), older compilers have only that. Null where the variant cannot compile the file.
    struct Code {
        vm::Bytes creation, runtime;
        nlohmann::json abi;
    };
    [[nodiscard]] std::optional<Code> code(const std::string& variant, const std::string& file,
                                           const std::string& contract) const;
    [[nodiscard]] std::string error(const std::string& variant, const std::string& file) const;  // empty: none
    // solc's syntax tree of a file; and all that it says of its contracts, by name.
    [[nodiscard]] const nlohmann::json& tree(const std::string& file) const;
    [[nodiscard]] const nlohmann::json& contracts(const std::string& file) const;

  private:
    // What is asked: a script, the folder of the packages that it needs, where they are installed, and about which files.
    struct Setup {
        std::filesystem::path script, packages, work;
        std::vector<std::filesystem::path> files;
    };
    explicit Oracle(const Setup&);
    [[nodiscard]] static std::filesystem::path answers_about(const std::filesystem::path& file, const Setup&);
    [[nodiscard]] static std::string install(const Setup&);
    nlohmann::json answers_;
    std::string why_absent_;
};

}  // namespace interlock::differential
