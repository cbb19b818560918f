// Calls in another account's name: prank, startPrank, and broadcast, which does the same in a test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vm/host.hpp"
#include "vm/message.hpp"

namespace interlock::analyzer::foundry {

struct Prank {
    vm::Address caller;                  // the account whose calls are changed
    std::uint32_t depth = 0;             // depth of those calls
    vm::Address sender;                  // the sender that they get
    std::optional<vm::Address> origin;   // the tx.origin that they get; std::nullopt: unchanged
    bool is_single = false;              // applies only to the next call
    bool is_for_delegate_calls = false;  // applies to delegate calls, which then also use the sender's storage
    bool is_broadcast = false;
    bool was_used = false;
};

class Callers {
  public:
    // Starts a prank. Returns why it cannot start, or an empty text.
    [[nodiscard]] std::string start(const Prank& prank);
    void stop(std::uint32_t depth);
    [[nodiscard]] const Prank* at(std::uint32_t depth) const;  // null: calls at this depth are not changed

    void on_call(vm::Message& message, vm::TransactionContext& transaction);
    void on_end(const vm::Message& message, vm::TransactionContext& transaction);

  private:
    struct Origin {  // restored when the call at that depth has ended
        std::uint32_t depth = 0;
        vm::Address origin;
    };
    std::vector<Prank> pranks_;  // at most one per depth
    std::vector<Origin> origins_;
};

}  // namespace interlock::analyzer::foundry
