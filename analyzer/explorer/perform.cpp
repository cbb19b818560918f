#include "analyzer/explorer/perform.hpp"

namespace interlock::analyzer {

namespace {

const Word turn_slot{};  // of her transient storage

class Performer {
  public:
    Performer(World& world, chain::Execution& execution, const PlannedTransaction& planned, const YieldHook& at_yield)
        : world_(world), execution_(execution), machine_(execution.machine()), planned_(planned), at_yield_(at_yield) {}

    // Where control reached her after all that is planned.
    [[nodiscard]] const std::vector<Activation>& unplanned() const { return unplanned_; }

    bool run() {
        const Call& call = planned_.call;
        if (!planned_.is_attack && !is_there(call)) return false;
        const auto tx = planned_.is_attack
                            ? world_.transaction(world_.mallory().address, world_.attacker().address, Word{}, {})
                            : world_.transaction(world_.senders()[planned_.sender].address,
                                                 world_.contract(call.contract).address, call.value, world_.call_data(call));
        if (execution_.begin(tx) != chain::TransactionRefusal::None) return false;
        vm::Stop at = machine_.run();
        while (at.kind == vm::Stop::Yield && all_calls_ok_) at = act(at);
        if (!all_calls_ok_) return false;
        const bool ok = at.outcome.ok();
        execution_.close(at.outcome);
        return ok && next_ == planned_.activations.size();
    }

  private:
    // Who calls by an interface looks whether there is code.
    [[nodiscard]] bool is_there(const Call& call) const { return world_.is_there(world_.contract(call.contract)); }

    // Does what the plan says at this yield, and returns where the machine stops next.
    vm::Stop act(const vm::Stop& at) {
        const bool is_start = planned_.is_attack && next_ == 0;
        const std::uint32_t turn = is_start ? 0 : count_turn(world_, *at.message, machine_.stranger_gas());
        if (at_yield_) at_yield_(*at.message, during_);
        if (next_ == planned_.activations.size()) {
            Activation& met = unplanned_.emplace_back();
            met.selector = selector_of(at.message->input);
            met.turn = turn;
            met.is_static = at.message->is_static;
            met.during = during_;
            machine_.resume({});
            return machine_.run();
        }
        const auto index = static_cast<std::uint32_t>(next_++);
        const Activation& activation = planned_.activations[index];
        const auto outside = during_;
        for (std::uint32_t i = 0; i < activation.calls.size(); ++i) {
            during_ = Activation::Origin{index, i};
            all_calls_ok_ = is_there(activation.calls[i]);
            if (!all_calls_ok_) return at;
            machine_.enter(message_of(world_, activation.calls[i]));
            vm::Stop inner = machine_.run();
            while (inner.kind == vm::Stop::Yield && all_calls_ok_) inner = act(inner);
            all_calls_ok_ = all_calls_ok_ && inner.outcome.ok();
            if (!all_calls_ok_) return at;
        }
        during_ = outside;
        machine_.resume({activation.reverts, activation.answer, {}});
        return machine_.run();
    }

    World& world_;
    chain::Execution& execution_;
    vm::Machine& machine_;
    const PlannedTransaction& planned_;
    const YieldHook& at_yield_;
    std::size_t next_ = 0;
    std::optional<Activation::Origin> during_;
    std::vector<Activation> unplanned_;
    bool all_calls_ok_ = true;
};

}  // namespace

vm::Message message_of(const World& world, const Call& call) {
    vm::Message message;
    message.recipient = message.code_address = world.contract(call.contract).address;
    message.value = call.value;
    message.input = world.call_data(call);
    return message;
}

std::uint32_t count_turn(World& world, const vm::Message& message, vm::Gas gas) {
    if (message.is_static || gas < gas_to_act(world.state().fork()) || message.recipient != world.attacker().address)
        return 0;
    const std::uint32_t turn = current_turn(world) + 1;
    world.state().store_transient(world.attacker().address, turn_slot, Word{turn});
    return turn;
}

std::uint32_t current_turn(World& world) {
    return static_cast<std::uint32_t>(world.state().load_transient(world.attacker().address, turn_slot).low64());
}

bool perform(World& world, chain::Execution& execution, const PlannedTransaction& planned, const YieldHook& at_yield) {
    world.pass(planned.wait);
    return Performer(world, execution, planned, at_yield).run();
}

bool perform_and_complete(World& world, chain::Execution& execution, PlannedTransaction& planned) {
    world.pass(planned.wait);
    const YieldHook nothing;
    Performer performer(world, execution, planned, nothing);
    const bool ok = performer.run();
    const std::vector<Activation> unplanned = performer.unplanned();
    planned.activations.insert(planned.activations.end(), unplanned.begin(), unplanned.end());
    return ok;
}

}  // namespace interlock::analyzer
