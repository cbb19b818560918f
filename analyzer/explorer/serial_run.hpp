// Runs calls one after the other: the attacker answers whoever calls her at once, and calls nobody meanwhile.
#pragma once

#include <optional>

#include "analyzer/devnet/world.hpp"
#include "chain/execution.hpp"

namespace interlock::analyzer {

// A call, and what she answers when control reaches her during it, as far as that is settled.
struct SerialCall {
    Call call;
    std::vector<vm::Reply> replies = {};
    bool is_gift = false;  // only its ether gets there, as by selfdestruct
    // The ether of these gets there in this way while she is called: how often she was called in it before, and the call.
    std::vector<std::pair<std::size_t, Call>> gifts = {};
    friend bool operator==(const SerialCall&, const SerialCall&) = default;
};

class SerialRun {
  public:
    explicit SerialRun(World& world);
    SerialRun(const SerialRun&) = delete;  // the machine knows where it is
    SerialRun& operator=(const SerialRun&) = delete;

    // She answers with the data that she gave to the same selector in the activations, or refuses whatever she is asked.
    void answer_as_in(const std::vector<Activation>& activations) {
        activations_ = &activations;
        refuses_ = false;
        told_.reset();
    }
    // The same, but where that is one word she answers what she was told: 0: the ether that she got, wei; from 1 on: the
    // argument of that number.
    void answer_what_was_told(const std::vector<Activation>& activations, std::size_t which) {
        answer_as_in(activations);
        told_ = which;
    }
    void refuse() { refuses_ = true; }

    // Runs a single call by one of the senders. Returns whether it succeeded.
    bool send(std::uint32_t sender, const SerialCall& call);
    // Runs one transaction of hers that makes the calls in this order. A failed call has no effect. Returns which succeed.
    std::vector<bool> attack(const std::vector<SerialCall>& calls);

  private:
    // Returns what the call may be in this order, the likeliest first. Empty: no such contract is there.
    [[nodiscard]] std::vector<vm::Message> messages_of(const Call& call) const;
    [[nodiscard]] bool give(const Call& call);
    [[nodiscard]] vm::Bytes what_was_told(const vm::Message& message) const;
    [[nodiscard]] vm::Reply answer_to(const vm::Message& message) const;
    vm::Stop run_until_not_yield(const SerialCall& serial);

    World& world_;
    chain::Execution execution_;
    const std::vector<Activation>* activations_ = nullptr;
    bool refuses_ = false;
    std::optional<std::size_t> told_;
};

}  // namespace interlock::analyzer
