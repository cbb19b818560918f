// Instances: contracts that others create while they run. Their addresses follow from their creators' nonces, so that they
// can be called as soon as they are there. Those of CREATE2 show when they are made (explorer/newborns.hpp).
#include <algorithm>
#include <set>

#include "analyzer/system/draft.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::uint64_t most_of_one_creator = 3;
constexpr std::size_t most_contracts = 24;  // of a system

// Returns the identities of what the contract creates with `new`, and no salt, outside of its constructor.
std::set<std::string> created_by(const ir::Contract& contract) {
    std::set<std::string> identities;
    for (std::size_t i = 0; i < contract.functions.size(); ++i) {
        if (i == contract.constructor) continue;
        for (const ir::Block& block : contract.functions[i].blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind == ir::Terminator::Kind::External && end.call.kind == ir::ExternalCall::Kind::Create &&
                !end.call.salt)
                identities.insert(contract.creates[end.call.creates]);
        }
    }
    return identities;
}

// Returns whether a function may create contracts from bytes, as those do that clone others (EIP-1167).
bool may_clone(const ir::Contract& contract) {
    for (std::size_t i = 0; i < contract.functions.size(); ++i)
        for (const ir::Block& block : contract.functions[i].blocks) {
            const ir::Terminator& end = block.terminator;
            if (i != contract.constructor && end.kind == ir::Terminator::Kind::External &&
                end.call.kind == ir::ExternalCall::Kind::Raw && end.call.opcode == vm::Opcode::CREATE)
                return true;
        }
    return false;
}

// Returns the identities of the contracts that the contract clones, by trying its functions.
std::set<std::string> cloned_by(World& world, const DeployedContract& creator) {
    std::set<std::string> identities;
    const Address& alice = world.users()[0].address;
    const Address next = chain::create_address(creator.address, world.state().nonce(creator.address));
    const auto makes_one = [&](const ir::Function& function, const Address& sender, const Word& number) {
        std::vector<abi::Value> words;
        for (const ir::NamedType& each : function.parameters)
            words.emplace_back(each.type.kind == ir::TypeKind::Address ? vm::to_word(alice) : number);
        World copy = world;
        (void)copy.execute(copy.transaction(sender, creator.address, Word{}, abi::call_data(function.selector, words)));
        if (copy.state().is_empty(next)) return false;
        const std::optional<Address> target = code_asked_for(copy, next, nobodys_selector);
        const DeployedContract* const original = target ? world.contract_at(*target) : nullptr;
        if (original && world.artifact_of(*original)) identities.insert(original->artifact->identity);
        return true;
    };
    constexpr std::size_t most_parameters = 8;
    for (const ir::Function& function : creator.ir().functions) {
        if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary) continue;
        if (function.parameters.size() > most_parameters) continue;
        for (const Word& number : {Word{}, Word{1}, vm::to_word(alice)})
            if (makes_one(function, alice, number) || makes_one(function, world.owner().address, number)) break;
    }
    return identities;
}

}  // namespace

void expect_instances(Draft& draft) {
    World& world = draft.world;
    for (const DeployedContract& creator : std::vector<DeployedContract>(world.contracts())) {
        if (!world.artifact_of(creator) || creator.is_expected || creator.ir().is_opaque) continue;
        std::set<std::string> identities = created_by(creator.ir());
        if (may_clone(creator.ir())) identities.merge(cloned_by(world, creator));
        for (const std::string& identity : identities)
            for (std::uint64_t i = 0; i < most_of_one_creator && world.contracts().size() < most_contracts; ++i) {
                SetupStep step;
                step.from = world.owner().name;
                step.to = creator.name;
                step.expects = identity;
                step.nonce = world.state().nonce(creator.address) + i;
                (void)draft.attempt(step);
            }
    }
}

}  // namespace interlock::analyzer
