// The project that a test belongs to: files that the test may read, and contracts that it names without importing them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lang/compile.hpp"

namespace interlock::analyzer::foundry {

class Project {
  public:
    using Compile = std::function<std::shared_ptr<const lang::Compilation>(const std::string& path)>;
    static constexpr std::size_t max_file_bytes = std::size_t{1} << 24;  // of a file that a test reads

    Project() = default;  // a project without files
    // `root` is the project's folder. `compile` compiles one of its files, and returns null if the file cannot be read.
    Project(const std::filesystem::path& root, Compile compile);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }  // absolute; empty if there is no project

    // Resolves a path that is absolute or relative to the root, following links. Returns std::nullopt for a path
    // outside the project.
    [[nodiscard]] std::optional<std::filesystem::path> inside(const std::string& path) const;

    // Returns a file's text, or std::nullopt if the file does not exist or is too large.
    [[nodiscard]] static std::optional<std::string> text_of(const std::filesystem::path& path);

    // Returns the compiled sources that may define a contract. `file` is the end of the source's path; if it is empty,
    // the contract's name selects the files to try.
    [[nodiscard]] std::vector<std::shared_ptr<const lang::Compilation>> sources_with(const std::string& file,
                                                                                     const std::string& contract) const;

  private:
    [[nodiscard]] const std::vector<std::string>& sources() const;  // all paths, those of libraries last

    std::filesystem::path root_;
    Compile compile_;
    // Computed at the first use.
    mutable std::optional<std::vector<std::string>> sources_;
    mutable std::map<std::string, std::shared_ptr<const lang::Compilation>> compiled_;
};

}  // namespace interlock::analyzer::foundry
