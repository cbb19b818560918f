// snapshotState and revertToState save the whole state, and restore it by writing what has changed since.
//
// A test calls them in the middle of a transaction, while open frames hold checkpoints of the journal. Restoring
// therefore does not undo but writes, and can itself be undone.
#pragma once

#include <map>
#include <memory>

#include "analyzer/devnet/foundry/test_host.hpp"

namespace interlock::analyzer::foundry {

class Snapshots {
  public:
    static constexpr std::size_t most = 1000;  // highest number of snapshots

    // Returns std::nullopt if there are too many snapshots.
    [[nodiscard]] std::optional<std::uint64_t> take(const chain::State& state, const vm::BlockContext& block);
    // Returns false if there is no snapshot of that number.
    [[nodiscard]] bool bring_back(std::uint64_t number, chain::State& state, vm::BlockContext& block) const;
    bool remove(std::uint64_t number) { return all_.erase(number) != 0; }
    void clear() { all_.clear(); }

  private:
    struct Snapshot {
        chain::State state;
        vm::BlockContext block;
    };
    std::map<std::uint64_t, std::shared_ptr<const Snapshot>> all_;
    std::uint64_t next_ = 0;
};

}  // namespace interlock::analyzer::foundry
