// What a node has persisted, as a file to which batches are appended. A record that a crash has torn is cut off.
#pragma once

#include <string>

#include "chain/consensus/engine.hpp"

namespace interlock::chain::process {

class DurableFile {
  public:
    explicit DurableFile(const std::string& path);  // reads what is there
    ~DurableFile();
    DurableFile(const DurableFile&) = delete;
    DurableFile& operator=(const DurableFile&) = delete;

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
    [[nodiscard]] const consensus::Durable& content() const { return content_; }
    // On the disk when this returns; false: it is not.
    [[nodiscard]] bool append(const consensus::Batch& batch);

  private:
    int descriptor_ = -1;
    consensus::Durable content_;
};

}  // namespace interlock::chain::process
