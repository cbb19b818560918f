#include "vm/interpreter/calls.hpp"

#include "vm/interpreter/environment.hpp"

namespace interlock::vm::instruction {
namespace {

// Most operands stay on the stack: nothing writes there before the callee's frame is filled in.
struct CallOperands {
    const Word& gas;
    Address target;
    const Word& value;  // zero for the kinds that have none
    const Word &input_offset, &input_size;
    const Word &output_offset, &output_size;
};

CallOperands read_operands(const Word* top, bool has_value) {
    static constexpr Word none;
    const Word* const rest = top - 2 - has_value;
    return {top[0], to_address(top[-1]), has_value ? top[-2] : none, rest[0], rest[-1], rest[-2], rest[-3]};
}

[[nodiscard]] bool charge_value(CallKind kind, const CallOperands& call, Core& core, Gas& gas) {
    if (!call.value.is_zero()) gas -= core.rules.call_value;
    if (kind == CallKind::Call) {
        const bool is_new = core.rules.empty_is_absent ? !call.value.is_zero() && core.host.is_empty(call.target)
                                                       : !core.host.exists(call.target);
        if (is_new) gas -= core.rules.new_account;
    }
    return gas >= Gas{0};
}

// EIP-7702: reading the account that a delegation points to is an access of its own.
[[nodiscard]] bool charge_delegation(const Address& target, Core& core, Gas& gas) {
    if (!core.rules.delegations) return true;
    const std::optional<Address> delegation = core.host.code(target)->delegation();
    if (!delegation) return true;
    gas -= base_gas(Opcode::CALL, core.fork);
    return charge_account(*delegation, core, gas);
}

// Returns the gas that the callee gets, or std::nullopt: before EIP-150, asking for more than is left was an error.
[[nodiscard]] std::optional<Gas> allowance(const Word& requested, const ForkRules& rules, Gas left) {
    const Gas most = rules.keeps_a_64th ? all_but_one_64th(left) : left;
    if (requested <= Word{static_cast<std::uint64_t>(most.units)}) return Gas{static_cast<std::int64_t>(requested.low64())};
    if (!rules.keeps_a_64th) return std::nullopt;
    return most;
}

void address_message(CallKind kind, const CallOperands& call, const Message& caller, Message& message) {
    const bool in_callers_place = kind == CallKind::DelegateCall || kind == CallKind::CallCode;
    message.kind = kind;
    message.is_static = caller.is_static || kind == CallKind::StaticCall;
    message.depth = caller.depth + 1;
    message.sender = kind == CallKind::DelegateCall ? caller.sender : caller.recipient;
    message.recipient = in_callers_place ? caller.recipient : call.target;
    message.code_address = call.target;
    message.value = kind == CallKind::DelegateCall ? caller.value : call.value;
}

Status call(CallKind kind, Word* top, Core& core) {
    Frame& caller = core.frame();
    Gas& gas = caller.gas;
    const bool has_value = kind == CallKind::Call || kind == CallKind::CallCode;
    const CallOperands operands = read_operands(top, has_value);
    const bool gives_value = !operands.value.is_zero();

    if (kind == CallKind::Call && gives_value && caller.message.is_static) return Status::StaticViolation;
    if (!charge_account(operands.target, core, gas) ||
        !core.memory.extend(operands.input_offset, operands.input_size, gas) ||
        !core.memory.extend(operands.output_offset, operands.output_size, gas) || !charge_value(kind, operands, core, gas) ||
        !charge_delegation(operands.target, core, gas))
        return Status::OutOfGas;
    const std::optional<Gas> given = allowance(operands.gas, core.rules, gas);
    if (!given) return Status::OutOfGas;
    gas -= *given;

    Frame& callee = core.frames.next();
    address_message(kind, operands, caller.message, callee.message);
    callee.message.gas = gives_value ? *given + core.rules.call_stipend : *given;
    callee.input = core.memory.locate(operands.input_offset, operands.input_size);
    callee.output_size = operands.output_size.low64();
    callee.output_offset = callee.output_size == 0 ? 0 : operands.output_offset.low64();  // empty: any offset is valid
    core.begin(callee);
    return Status::Success;
}

}  // namespace

Status CALL(Word* top, Core& core) { return call(CallKind::Call, top, core); }
Status CALLCODE(Word* top, Core& core) { return call(CallKind::CallCode, top, core); }
Status DELEGATECALL(Word* top, Core& core) { return call(CallKind::DelegateCall, top, core); }
Status STATICCALL(Word* top, Core& core) { return call(CallKind::StaticCall, top, core); }

}  // namespace interlock::vm::instruction
