// Calls in somebody else's name: prank, startPrank, and broadcast, which in a test is the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vm/host.hpp"
#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct Prank {
    vm::Address caller;                  // whose calls are meant
    std::uint32_t depth = 0;             // of those calls
    vm::Address sender;                  // in whose name they are made
    std::optional<vm::Address> origin;   // tx.origin meanwhile; none: as it was
    bool is_single = false;              // only the next call
    bool is_for_delegate_calls = false;  // these work on the sender's storage as well, where they are meant
    bool is_broadcast = false;
    bool was_used = false;
};

class Callers {
  public:
    // Why it cannot be; empty: it is.
    [[nodiscard]] std::string start(const Prank& prank);
    void stop(std::uint32_t depth);
    [[nodiscard]] const Prank* at(std::uint32_t depth) const;  // null: nobody's name is used

    void on_call(vm::Message& message, vm::TransactionContext& transaction);
    void on_end(const vm::Message& message, vm::TransactionContext& transaction);

  private:
    struct Origin {  // to go back to when the call at that depth has ended
        std::uint32_t depth = 0;
        vm::Address origin;
    };
    std::vector<Prank> pranks_;  // at most one for each depth
    std::vector<Origin> origins_;
};

}  // namespace interlock::analyzer::foundry
