// Where a search by several processes stands behind a level, as files of each process: the fingerprints that are its own,
// to which each level appends, and the states of the last level, as ways to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace interlock::analyzer::engine {

class Checkpoint {
  public:
    using Bytes = std::vector<std::uint8_t>;

    // `label` tells searches apart: files of another search are not read.
    Checkpoint(std::string folder, unsigned rank, unsigned size, std::uint64_t label);

    [[nodiscard]] std::optional<std::uint64_t> newest() const;  // the last level that is whole
    // False: it is not on the disk.
    [[nodiscard]] bool write(std::uint64_t level, std::uint64_t known_before, const std::vector<std::uint64_t>& fresh,
                             const Bytes& content);
    void forget(std::uint64_t level) const;  // all have a later one
    // The content of a level; `fingerprints` are all that were known then.
    [[nodiscard]] std::optional<Bytes> read(std::uint64_t level, std::vector<std::uint64_t>& fingerprints) const;

  private:
    [[nodiscard]] std::string level_file(std::uint64_t level) const;
    [[nodiscard]] std::string table_file() const;

    std::string folder_, prefix_;
    std::uint64_t label_;
};

}  // namespace interlock::analyzer::engine
