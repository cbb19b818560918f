#include "analyzer/explorer/serialise.hpp"

#include <algorithm>
#include <numeric>

namespace interlock::analyzer {

namespace {

// Returns all calls of the attacker in one transaction, in the order in which they started.
std::vector<Call> flat_calls(const PlannedTransaction& planned) {
    std::vector<Call> calls;
    for (const Activation& activation : planned.activations)
        calls.insert(calls.end(), activation.calls.begin(), activation.calls.end());
    return calls;
}

constexpr std::uint32_t max_orders = 1'000;

class Serialiser {
  public:
    Serialiser(const World& start, const Purse& purse, const Plan& plan, const chain::Fingerprint& state,
               const Deadline& deadline)
        : world_(start), purse_(purse), plan_(plan), state_(state), deadline_(deadline), execution_(world_.state()) {
        world_.state().keep_history(true);
        world_.state().keep_fingerprint(true);
        execution_.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
        world_.observe(execution_.machine());
    }

    Serialisations run() {
        result_.best = purse_.of_attacker(world_);
        nonce_at_start_ = world_.state().nonce(world_.mallory().address);
        const auto refuses = [](const PlannedTransaction& planned) {
            return std::ranges::any_of(planned.activations, &Activation::reverts);
        };
        from(0);
        if (std::ranges::any_of(plan_, refuses)) {
            refuses_ = true;
            from(0);
        }
        return std::move(result_);
    }

  private:
    // Returns her reply to a call with this selector: the same data as in the plan.
    vm::Reply answer_to(const vm::Message& message, const PlannedTransaction& planned) const {
        if (refuses_) return {true, {}, {}};
        const std::optional<std::uint32_t> selector = selector_of(message.input);
        for (const Activation& activation : planned.activations)
            if (activation.selector == selector && !activation.reverts) return {false, activation.answer, {}};
        return {};
    }

    // Runs all orders of the planned transactions from `index` on.
    void from(std::size_t index) {
        if (index == plan_.size()) return at_end();
        const PlannedTransaction& planned = plan_[index];
        std::vector<Call> calls = flat_calls(planned);
        std::vector<std::size_t> order(calls.size());
        std::iota(order.begin(), order.end(), 0);
        do {
            if (result_.orders >= max_orders || deadline_.has_passed()) {
                result_.all = false;
                return;
            }
            std::vector<Call> ordered;
            for (const std::size_t i : order) ordered.push_back(calls[i]);
            in_order(index, ordered);
        } while (std::next_permutation(order.begin(), order.end()));
    }

    // Moves her calls out of an honest user's transaction into one of her own, before it or after it.
    void in_order(std::size_t index, const std::vector<Call>& calls) {
        const PlannedTransaction& planned = plan_[index];
        const bool has_both = !planned.is_attack && !calls.empty();
        for (const bool is_hers_first : {false, true}) {
            if (is_hers_first && !has_both) break;
            const auto here = world_.state().checkpoint();
            const vm::BlockContext block = world_.state().block();
            world_.pass(planned.wait);
            if (is_hers_first) attack(planned, calls);
            if (!planned.is_attack) honest(planned);
            if (!is_hers_first && (planned.is_attack || has_both)) attack(planned, calls);
            from(index + 1);
            world_.state().rewind_to(here);
            world_.state().set_block(block);
        }
    }

    void honest(const PlannedTransaction& planned) {
        const Call& call = planned.call;
        const auto tx = world_.transaction(world_.senders()[planned.sender].address, world_.contract(call.contract).address,
                                           call.value, world_.call_data(call));
        if (execution_.begin(tx) != chain::TransactionRefusal::None) return;
        (void)execution_.finish(run_until_not_yield(planned).outcome);
    }

    // Runs one transaction of hers that makes the calls in this order. A failed call has no effect.
    void attack(const PlannedTransaction& planned, const std::vector<Call>& calls) {
        const auto tx = world_.transaction(world_.mallory().address, world_.attacker().address, Word{}, {});
        if (execution_.begin(tx) != chain::TransactionRefusal::None) return;
        vm::Machine& machine = execution_.machine();
        vm::Stop at = machine.run();  // yields at once, because the transaction goes to her contract
        for (const Call& call : calls) {
            vm::Message message;
            message.recipient = message.code_address = world_.contract(call.contract).address;
            message.value = call.value;
            message.input = world_.call_data(call);
            machine.enter(std::move(message));
            (void)run_until_not_yield(planned);
        }
        machine.resume({});
        at = machine.run();
        (void)execution_.finish(at.outcome);
    }

    vm::Stop run_until_not_yield(const PlannedTransaction& planned) {
        vm::Machine& machine = execution_.machine();
        vm::Stop at = machine.run();
        while (at.kind == vm::Stop::Yield) {
            machine.resume(answer_to(*at.message, planned));
            at = machine.run();
        }
        return at;
    }

    void at_end() {
        ++result_.orders;
        const Wealth wealth = purse_.of_attacker(world_);
        for (std::size_t i = 0; i < wealth.size(); ++i) result_.best[i] = std::max(result_.best[i], wealth[i]);
        // Calls that she makes in another's transaction take one of her own here.
        std::uint64_t sent = nonce_at_start_;
        for (const PlannedTransaction& planned : plan_) sent += planned.is_attack || planned.sender == World::accomplice;
        world_.state().set_nonce(world_.mallory().address, sent);
        result_.reaches_state |= world_.state().fingerprint() == state_;
        for (const InvariantReading& reading : read_invariants(world_))
            if (reading.is_false()) result_.broken.insert(reading.invariant);
    }

    World world_;
    const Purse& purse_;
    const Plan& plan_;
    const chain::Fingerprint state_;
    const Deadline& deadline_;
    chain::Execution execution_;
    Serialisations result_;
    bool refuses_ = false;
    std::uint64_t nonce_at_start_ = 0;  // mallory's
};

}  // namespace

Serialisations serialise(const World& start, const Purse& purse, const Plan& plan, const chain::Fingerprint& state,
                         const Deadline& deadline) {
    return Serialiser(start, purse, plan, state, deadline).run();
}

}  // namespace interlock::analyzer
