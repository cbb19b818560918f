// Instances: contracts that others create while they run. Their addresses follow from their creators' nonces, so that they
// can be called as soon as they are there.
#include <set>

#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr std::uint64_t most_of_one_creator = 3;
constexpr std::size_t most_contracts = 24;  // of a system

// Returns the identities of what the contract creates with `new` outside of its constructor.
std::set<std::string> created_by(const ir::Contract& contract) {
    std::set<std::string> identities;
    for (std::size_t i = 0; i < contract.functions.size(); ++i) {
        if (i == contract.constructor) continue;
        for (const ir::Block& block : contract.functions[i].blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind == ir::Terminator::Kind::External && end.call.kind == ir::ExternalCall::Kind::Create)
                identities.insert(contract.creates[end.call.creates]);
        }
    }
    return identities;
}

}  // namespace

void expect_instances(Draft& draft) {
    World& world = draft.world;
    for (const DeployedContract& creator : std::vector<DeployedContract>(world.contracts())) {
        if (!world.artifact_of(creator) || creator.is_expected || creator.ir().is_opaque) continue;
        for (const std::string& identity : created_by(creator.ir()))
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
