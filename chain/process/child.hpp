// Processes that this one starts, and the folder where they leave their files: both are gone at the end of a run.
#pragma once

#include <functional>
#include <string>
#include <utility>

namespace interlock::chain::process {

class Child {
  public:
    Child() = default;
    ~Child() { kill(); }
    Child(Child&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
    Child& operator=(Child&&) = delete;

    // The process does `run`, ends with what that returns, and dies with this one. Returns whether there is one.
    [[nodiscard]] bool start(const std::function<int()>& run);
    void kill();
    [[nodiscard]] bool runs() const { return id_ != 0; }

  private:
    int id_ = 0;  // 0: there is none
};

class ScratchFolder {
  public:
    explicit ScratchFolder(const std::string& name);  // what it begins with, below the system's folder for such
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }  // empty: it cannot be made

  private:
    std::string path_;
};

}  // namespace interlock::chain::process
