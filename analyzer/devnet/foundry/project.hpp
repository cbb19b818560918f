// The project that a test belongs to: the files that it may read, and the contracts that it names without importing them.
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
    static constexpr std::size_t max_file_bytes = std::size_t{1} << 24;  // that a test reads

    Project() = default;  // nothing belongs to it
    // `root`: its folder. `compile`: a file of it; null where it cannot be read.
    Project(const std::filesystem::path& root, Compile compile);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }  // absolute; empty: there is none

    // Where a path leads that is absolute or begins at the root, links followed; nullopt: outside the project.
    [[nodiscard]] std::optional<std::filesystem::path> inside(const std::string& path) const;

    // Of a file of the project; nullopt: there is none, or it is too long.
    [[nodiscard]] static std::optional<std::string> text_of(const std::filesystem::path& path);

    // The compiled sources that can have a contract: `file` is how the path of the source ends; where it is empty, the
    // contract's name says which files come into question.
    [[nodiscard]] std::vector<std::shared_ptr<const lang::Compilation>> sources_with(const std::string& file,
                                                                                     const std::string& contract) const;

  private:
    [[nodiscard]] const std::vector<std::string>& sources() const;  // the paths of all, those of libraries last

    std::filesystem::path root_;
    Compile compile_;
    // Found when somebody asks.
    mutable std::optional<std::vector<std::string>> sources_;
    mutable std::map<std::string, std::shared_ptr<const lang::Compilation>> compiled_;
};

}  // namespace interlock::analyzer::foundry
