#include "vm/interpreter/storage.hpp"

#include "vm/interpreter/environment.hpp"

namespace interlock::vm::instruction {
namespace {

constexpr Gas log_byte_price{8};

struct StorePrice {
    Gas cost;
    Gas refund;  // negative when an earlier refund is taken back
};

// Before net metering the price of a store depends only on the current and the new value.
StorePrice gross_price(const StorageRules& rules, const Word& current, const Word& value) {
    if (current.is_zero() && !value.is_zero()) return {rules.set, {}};
    return {rules.reset, !current.is_zero() && value.is_zero() ? rules.clear_refund : Gas{}};
}

// EIP-2200: the first change of a slot in a transaction pays the whole price; changing it back gives a refund.
StorePrice net_price(const StorageRules& rules, const Word& original, const Word& current, const Word& value) {
    if (value == current) return {rules.unchanged, {}};
    if (current == original) {
        if (original.is_zero()) return {rules.set, {}};
        return {rules.reset, value.is_zero() ? rules.clear_refund : Gas{}};
    }
    Gas refund;
    if (!original.is_zero()) {
        if (current.is_zero()) refund -= rules.clear_refund;
        if (value.is_zero()) refund += rules.clear_refund;
    }
    if (value == original) refund += (original.is_zero() ? rules.set : rules.reset) - rules.unchanged;
    return {rules.unchanged, refund};
}

}  // namespace

Status SLOAD(Word* top, Core& core, Gas& gas) {
    const Address& account = core.message().recipient;
    if (core.rules.warms_accounts && core.host.warm_slot(account, top[0])) gas -= core.rules.cold_slot;
    if (gas < Gas{0}) return Status::OutOfGas;
    top[0] = core.host.load(account, top[0]);
    return Status::Success;
}

Status SSTORE(Word* top, Core& core, Gas& gas) {
    const StorageRules& rules = core.rules.storage;
    Frame& frame = core.frame();
    const Address& account = frame.message.recipient;
    const Word &slot = top[0], &value = top[-1];
    if (frame.message.is_static) return Status::StaticViolation;
    if (gas <= rules.sentry) return Status::OutOfGas;

    if (core.rules.warms_accounts && core.host.warm_slot(account, slot)) gas -= rules.cold;
    const Word current = core.host.load(account, slot);
    const StorePrice price = rules.net_metered ? net_price(rules, core.host.load_original(account, slot), current, value)
                                               : gross_price(rules, current, value);
    gas -= price.cost;
    if (gas < Gas{0}) return Status::OutOfGas;
    frame.refund += price.refund;
    if (current != value) core.host.store(account, slot, value);
    return Status::Success;
}

void TLOAD(Word* top, Core& core) { top[0] = core.host.load_transient(core.message().recipient, top[0]); }

Status TSTORE(Word* top, Core& core, Gas&) {
    if (core.message().is_static) return Status::StaticViolation;
    core.host.store_transient(core.message().recipient, top[0], top[-1]);
    return Status::Success;
}

template <int topics>
Status log(Word* top, Core& core, Gas& gas) {
    if (core.message().is_static) return Status::StaticViolation;
    if (!core.memory.extend(top[0], top[-1], gas)) return Status::OutOfGas;
    gas -= log_byte_price * static_cast<std::int64_t>(top[-1].low64());
    if (gas < Gas{0}) return Status::OutOfGas;

    const ByteView data = core.memory.range(top[0], top[-1]);
    Log entry{core.message().recipient, {}, Bytes(data.begin(), data.end())};
    entry.topics.reserve(topics);
    for (int i = 0; i < topics; ++i) entry.topics.push_back(to_hash(top[-2 - i]));
    core.host.emit(std::move(entry));
    return Status::Success;
}
template Status log<0>(Word*, Core&, Gas&);
template Status log<1>(Word*, Core&, Gas&);
template Status log<2>(Word*, Core&, Gas&);
template Status log<3>(Word*, Core&, Gas&);
template Status log<4>(Word*, Core&, Gas&);

Halt SELFDESTRUCT(Word* top, Core& core, Gas& gas) {
    Frame& frame = core.frame();
    const Address& account = frame.message.recipient;
    const Address beneficiary = to_address(top[0]);
    if (frame.message.is_static) return {Status::StaticViolation};

    if (core.rules.warms_accounts && core.host.warm_account(beneficiary)) gas -= core.rules.cold_account_destroy;
    const bool is_new = core.rules.empty_is_absent ? core.host.is_empty(beneficiary) && !core.host.balance(account).is_zero()
                                                   : !core.host.exists(beneficiary);
    if (is_new) gas -= core.rules.destroy_new_account;
    if (gas < Gas{0}) return {Status::OutOfGas};

    if (core.host.self_destruct(account, beneficiary)) frame.refund += core.rules.destroy_refund;
    core.output = {};
    return {Status::Success};
}

}  // namespace interlock::vm::instruction
