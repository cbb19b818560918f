// snapshotState and revertToState: the whole state put aside, and brought back by writing what has changed since.
//
// A test is in the middle of a transaction, with frames open whose own way back leads through the journal: so going back
// is not undoing but writing, and can itself be undone.
#pragma once

#include <map>
#include <memory>

#include "analyzer/devnet/foundry/test_host.hpp"

namespace interlock::analyzer::foundry {

class Snapshots {
  public:
    static constexpr std::size_t most = 1000;  // at a time

    // nullopt: there are too many.
    [[nodiscard]] std::optional<std::uint64_t> take(const chain::State& state, const vm::BlockContext& block);
    // False: there is none of that number.
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
