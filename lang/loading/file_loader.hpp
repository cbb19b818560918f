// Loads imported files from the file system. Source text decides which files are requested, so only regular files
// inside given folders are read, after symbolic links have been followed.
#pragma once

#include "lang/loading/load.hpp"

namespace interlock::lang {

class FileLoader : public Loader {
  public:
    // Besides the folders, allows those that the remappings lead to and the include paths of `options`.
    FileLoader(const std::vector<std::string>& folders, const ImportOptions& options);

    [[nodiscard]] File read(const std::string& path) override;  // several threads may call it

    // Returns the allowed folders, without those inside others. Loaders with equal ones read the same files.
    [[nodiscard]] std::vector<std::string> folders() const;

  private:
    void allow(const std::string& folder);

    std::vector<std::string> allowed_;  // absolute, without links, each with a `/` at its end
};

}  // namespace interlock::lang
