// The files of one command. Files with the same import options are compiled together; a file with errors is compiled
// alone, so that it does not hide what the others give.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "lang/joint_compilation.hpp"

namespace interlock::lang {

struct BatchFile : RootFile {
    const ImportOptions* imports = nullptr;
    // Files of one group can be compiled together: their options are equal, and their loaders can be used for each other.
    // Loaders must allow that several threads call them.
    std::size_t group = 0;
};

class Batch {
  public:
    explicit Batch(std::vector<BatchFile> files, CodeOptions options = {}, unsigned jobs = 1);

    [[nodiscard]] std::size_t size() const { return files_.size(); }
    // Returns what compile() returns for the file alone, with sources that are shared with other files.
    [[nodiscard]] Compilation compilation_of(std::size_t file) const;
    [[nodiscard]] Diagnostics diagnostics_of(std::size_t file) const;  // the same as there
    [[nodiscard]] bool is_ok(std::size_t file) const { return !diagnostics_of(file).has_errors(); }

    // --- for output about all files ---
    struct Place {  // where a file was compiled
        std::size_t part = 0, root = 0;
    };
    [[nodiscard]] std::size_t parts() const { return parts_.size(); }
    [[nodiscard]] const JointCompilation& part(std::size_t number) const { return *parts_[number]; }
    [[nodiscard]] const Place& place_of(std::size_t file) const { return places_[same_as_[file]]; }

  private:
    using Part = std::unique_ptr<JointCompilation>;
    using Numbers = std::vector<std::size_t>;  // of files

    void compile_together(const Numbers& files);
    void compile_alone(const Numbers& files);
    [[nodiscard]] Part checked(const Numbers& files) const;
    void keep(Part part, const Numbers& files);

    std::vector<BatchFile> files_;
    CodeOptions options_;
    unsigned jobs_;
    std::vector<std::size_t> same_as_;  // by file: the first one of its group with the same path
    std::vector<Place> places_;         // by file
    std::vector<Part> parts_;
};

// Keeps from telling a diagnostic more than once, although several files may reach its place.
class Telling {
  public:
    // Leaves out what earlier calls returned; it still counts.
    [[nodiscard]] Diagnostics still_untold(Diagnostics diagnostics, const Sources& sources);

  private:
    using Key = std::tuple<std::string, std::uint32_t, std::string, std::string>;  // path, place, code, message
    std::set<Key> told_;
};

}  // namespace interlock::lang
