// Contracts that stand in front of others: what delegates unknown calls to contracts of the system is called with those
// contracts' functions, too. It is found by running, and by the slot that EIP-1967 names. A router (EIP-2535) delegates
// each function to a module of its own.
#include <algorithm>

#include "analyzer/system/draft.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// keccak256("eip1967.proxy.implementation") - 1
const Word implementation_slot = *vm::parse_word("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

class DelegationWatch final : public vm::Tracer {
  public:
    explicit DelegationWatch(const Address& proxy) : proxy_(proxy) {}
    [[nodiscard]] vm::OpcodeSet wanted() const override { return {}; }
    void on_enter(const vm::Message& message) override {
        if (message.kind == vm::CallKind::DelegateCall && message.recipient == proxy_ && !target)
            target = message.code_address;
    }
    std::optional<Address> target;

  private:
    const Address& proxy_;
};

bool has_fallback(const DeployedContract& contract) {
    return std::ranges::any_of(contract.ir().functions, [](const ir::Function& function) {
        return function.is_entry && function.kind == ir::FunctionKind::Fallback;
    });
}

// Returns where the contract's code comes from when it does not know a function.
std::optional<Address> implementation_of(const World& world, const DeployedContract& proxy) {
    World copy = world;
    const Word kept = copy.state().load(proxy.address, implementation_slot);
    if (!kept.is_zero()) return vm::to_address(kept);
    return code_asked_for(world, proxy.address, nobodys_selector);
}

bool delegates(const ir::Contract& contract, const ir::Function& function, std::vector<bool>& seen) {
    for (const ir::Block& block : function.blocks) {
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::External &&
            (end.call.kind == ir::ExternalCall::Kind::LowLevelDelegate ||
             (end.call.kind == ir::ExternalCall::Kind::Raw && end.call.opcode == vm::Opcode::DELEGATECALL)))
            return true;
        for (const ir::Instruction& each : block.instructions) {
            if (each.op != ir::Op::InternalCall || seen[each.callee]) continue;
            seen[each.callee] = true;
            if (delegates(contract, contract.functions[each.callee], seen)) return true;
        }
    }
    return false;
}

}  // namespace

std::optional<Address> code_asked_for(const World& world, const Address& asked, std::uint32_t selector) {
    World copy = world;
    DelegationWatch watch(asked);
    (void)copy.execute(copy.transaction(copy.users()[0].address, asked, Word{}, abi::call_data(selector, {Word{}, Word{}})),
                       &watch);
    return watch.target;
}

bool routes_to(const World& world, const Address& router, const ir::Contract& module, const Address& at) {
    return std::ranges::any_of(module.functions, [&](const ir::Function& function) {
        return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
               code_asked_for(world, router, function.selector) == at;
    });
}

bool delegates_unknown_calls(const ir::Contract& contract) {
    std::vector<bool> seen(contract.functions.size());
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        return function.is_entry && function.kind == ir::FunctionKind::Fallback && delegates(contract, function, seen);
    });
}

void speak_for_implementations(Draft& draft) {
    const std::size_t count = draft.world.contracts().size();
    for (std::size_t i = 0; i < count; ++i) {
        const DeployedContract proxy = draft.world.contracts()[i];
        if (!draft.world.artifact_of(proxy) || !has_fallback(proxy)) continue;
        const auto speak_for = [&](const DeployedContract& other) {
            SetupStep step{draft.world.owner().name, {}, false, proxy.name, {}, {}};
            step.speaks_as = other.artifact->identity;
            (void)draft.attempt(step);
        };
        const auto is_other = [&](const DeployedContract& known) {
            return known.address != proxy.address && draft.world.artifact_of(known);
        };
        const std::optional<Address> target = implementation_of(draft.world, proxy);
        if (target) {
            const DeployedContract* const known = draft.world.contract_at(*target);
            if (known && is_other(*known)) speak_for(DeployedContract(*known));
        }
        // Beside the one for all that it does not know, there may be others for some functions: it keeps where they are.
        if (!delegates_unknown_calls(proxy.ir())) continue;
        for (std::size_t j = 0; j < count; ++j)
            if (const DeployedContract module = draft.world.contracts()[j];
                is_other(module) && module.address != target && (!target || draft.is_known_to(module.address, proxy)) &&
                routes_to(draft.world, proxy.address, module.ir(), module.address))
                speak_for(module);
    }
}

}  // namespace interlock::analyzer
