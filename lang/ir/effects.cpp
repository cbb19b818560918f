#include "lang/ir/effects.hpp"

#include <algorithm>

namespace interlock::lang::ir {

using enum vm::Region;

vm::Regions reads_of(const Instruction& i) {
    const OpEffects& effects = info(i.op).effects;
    return effects.is_its_opcodes ? vm::effects_of(i.opcode).reads : effects.reads;
}

vm::Regions writes_of(const Instruction& i) {
    const OpEffects& effects = info(i.op).effects;
    return effects.is_its_opcodes ? vm::effects_of(i.opcode).writes : effects.writes;
}

bool can_end_call(const Instruction& i) {
    using Failing = OpEffects::Failing;
    const OpEffects& effects = info(i.op).effects;
    if (effects.is_its_opcodes) return vm::effects_of(i.opcode).halts();
    switch (effects.fails) {
        case Failing::Never: return false;
        case Failing::WhenChecked: return i.checked;
        case Failing::ToEnum: return i.type.kind == TypeKind::Enum;
        case Failing::Possible: return true;
    }
    return true;
}

bool must_happen(const Instruction& i) { return !writes_of(i).empty() || can_end_call(i); }

bool is_fixed(const Instruction& i) {
    // Immutables change while the constructor runs.
    const vm::Regions changing = vm::state_regions | vm::Regions(Memory, ReturnData, GasLeft, RunningCode);
    return !info(i.op).effects.takes_memory && writes_of(i).empty() && !reads_of(i).intersects(changing);
}

vm::Opcode opcode_of(Mutability method) {
    const bool only_reads = method == Mutability::View || method == Mutability::Pure;
    return only_reads ? vm::Opcode::STATICCALL : vm::Opcode::CALL;
}

vm::Opcode opcode_of(const ExternalCall& call, Mutability method) {
    using enum vm::Opcode;
    using Kind = ExternalCall::Kind;
    switch (call.kind) {
        case Kind::Method: return opcode_of(method);
        case Kind::LowLevel:
        case Kind::Send:
        case Kind::Transfer: return CALL;
        case Kind::LowLevelStatic: return STATICCALL;
        case Kind::LowLevelDelegate: return DELEGATECALL;
        case Kind::Create: return call.salt ? CREATE2 : CREATE;
        case Kind::Raw: return call.opcode;
    }
    return CALL;
}

vm::Opcode opcode_of(const Contract& contract, const ExternalCall& call) {
    const bool is_method = call.kind == ExternalCall::Kind::Method;
    return opcode_of(call, is_method ? contract.methods.at(call.method).mutability : Mutability::NonPayable);
}

const Method* method_of(const Contract& contract, const ExternalCall& call) {
    return call.kind == ExternalCall::Kind::Method || call.is_of_method ? &contract.methods.at(call.method) : nullptr;
}

namespace {

bool has_data(const ExternalCall& call) {
    using Kind = ExternalCall::Kind;
    return call.kind == Kind::LowLevel || call.kind == Kind::LowLevelStatic || call.kind == Kind::LowLevelDelegate;
}

const Instruction* maker_of(const Function& function, Value value) {
    for (const Block& block : function.blocks)
        for (const Instruction& each : block.instructions)
            if (each.result == value) return &each;
    return nullptr;
}

}  // namespace

std::optional<std::uint32_t> selector_of(const Contract& contract, const Function& caller, const ExternalCall& call) {
    if (const Method* method = method_of(contract, call)) return method->selector;
    if (!has_data(call)) return call.selector;
    const Instruction* data = maker_of(caller, call.arguments.front());
    return data ? data->selector : std::nullopt;
}

bool has_no_data(const Function& caller, const ExternalCall& call) {
    using Kind = ExternalCall::Kind;
    if (!has_data(call)) return call.kind == Kind::Send || call.kind == Kind::Transfer;
    const Instruction* data = maker_of(caller, call.arguments.front());
    return data && data->op == Op::Literal && data->data.empty();
}

bool has_only_stipend(const ExternalCall& call) {
    using Kind = ExternalCall::Kind;
    switch (call.kind) {
        case Kind::Send:
        case Kind::Transfer: return true;
        case Kind::Method:
        case Kind::LowLevel:
        case Kind::LowLevelStatic:
        case Kind::LowLevelDelegate:
        case Kind::Create:
        case Kind::Raw: return false;
    }
    return false;
}

bool runs_foreign_code(const Contract& contract, const ExternalCall& call) {
    const vm::Opcode opcode = opcode_of(contract, call);
    return opcode == vm::Opcode::DELEGATECALL || opcode == vm::Opcode::CALLCODE;
}

std::optional<Op> opposite(Op comparison) {
    switch (comparison) {
        case Op::Equal: return Op::NotEqual;
        case Op::NotEqual: return Op::Equal;
        case Op::Less: return Op::GreaterEqual;
        case Op::GreaterEqual: return Op::Less;
        case Op::Greater: return Op::LessEqual;
        case Op::LessEqual: return Op::Greater;
        default: return std::nullopt;
    }
}

}  // namespace interlock::lang::ir
