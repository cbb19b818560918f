#include "analyzer/devnet/world.hpp"

#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

const Word World::attack_capital = Word{100} * chain::ether;

namespace {

// Returns constructor arguments to try, the most plausible first. All parameters use their n-th guess together.
std::vector<std::vector<abi::Value>> guess_arguments(const std::vector<ir::NamedType>& parameters,
                                                     const std::vector<Address>& addresses) {
    constexpr std::size_t max_guesses = 6;
    std::vector<std::vector<abi::Value>> guesses;
    for (std::size_t n = 0; n < max_guesses; ++n) {
        std::vector<abi::Value> arguments;
        std::size_t address_index = n;
        for (const ir::NamedType& parameter : parameters) {
            if (parameter.type.is_reference()) arguments.emplace_back(Bytes{});
            else if (parameter.type.kind == ir::TypeKind::Address)
                arguments.emplace_back(vm::to_word(addresses[address_index++ % addresses.size()]));
            else if (parameter.type.kind == ir::TypeKind::Uint && parameter.type.bits >= 64)
                arguments.emplace_back(n % 2 == 0 ? chain::ether : Word{1});
            else arguments.emplace_back(Word{n % 2 == 0 ? 1u : 0u});
        }
        guesses.push_back(std::move(arguments));
        if (parameters.empty()) break;
    }
    return guesses;
}

}  // namespace

World::World(std::shared_ptr<const lang::Compilation> compilation) : Devnet(*compilation), owned_(std::move(compilation)) {
    const auto account = [this](const char* name) { return Account{name, add_account(name)}; };
    owner_ = account("owner");
    mallory_ = account("mallory");
    users_ = {account("alice"), account("bob")};
    attacker_ = {"Attacker", chain::create_address(mallory_.address, 0)};
    while (owned_->find(attacker_.name)) attacker_.name += "_";
    add_name(attacker_.address, attacker_.name);
    place_libraries(owner_.address);
}

std::variant<World, std::string> World::deploy(std::shared_ptr<const lang::Compilation> compilation,
                                               const Deadline& deadline) {
    World world(std::move(compilation));
    for (const lang::Artifact& artifact : world.compilation().artifacts) {
        std::string why;
        if (!world.deploy_one(artifact, deadline, why)) return "`" + artifact.name + "` could not be deployed: " + why;
    }
    return world;
}

bool World::deploy_one(const lang::Artifact& artifact, const Deadline& deadline, std::string& why) {
    const ir::Contract& contract = *artifact.ir;
    static const std::vector<ir::NamedType> no_parameters;
    const auto& parameters =
        contract.constructor == ir::Contract::none ? no_parameters : contract.functions[contract.constructor].parameters;
    if (const std::string missing = missing_library(artifact); !missing.empty()) {
        why = "the library " + missing + " is missing";
        return false;
    }
    std::vector<Address> addresses;
    for (auto it = contracts().rbegin(); it != contracts().rend(); ++it) addresses.push_back(it->address);
    for (const Account* account : {&owner_, &users_[0], &users_[1]}) addresses.push_back(account->address);

    for (const std::vector<abi::Value>& arguments : guess_arguments(parameters, addresses)) {
        if (deadline.has_passed()) {
            why = deadline.is_interrupted() ? "the check was interrupted" : "the time ran out";
            return false;
        }
        Bytes data = creation_data(artifact, abi::encode(parameters, arguments));
        const chain::Result result = execute(transaction(owner_.address, std::nullopt, Word{}, data));
        if (result.valid() && result.receipt.ok() && result.receipt.created) {
            add_contract({&artifact, *result.receipt.created, std::move(data)});
            return true;
        }
        why = result.valid() ? "its constructor ended with " + std::string(vm::name_of(result.receipt.status))
                             : std::string(chain::name_of(result.refusal));
    }
    return false;
}

const DeployedContract& World::contract(DeployedIndex index) const { return contracts()[static_cast<std::size_t>(index)]; }

ArtifactIndex World::artifact_of(const DeployedContract& contract) const {
    return static_cast<ArtifactIndex>(contract.artifact - compilation().artifacts.data());
}

Word World::attacker_wealth() { return state().balance(mallory_.address) + state().balance(attacker_.address); }

void World::place_attacker() {
    constexpr std::uint8_t never_run = 0xfe;  // INVALID: a search yields before this would be executed
    state().set_nonce(mallory_.address, 1);
    state().set_nonce(attacker_.address, 1);
    state().set_code(attacker_.address, Bytes{never_run});
    state().transfer(mallory_.address, attacker_.address, attack_capital);
}

chain::Transaction World::transaction(const Address& from, std::optional<Address> to, const Word& value, Bytes data) {
    chain::Transaction tx = Devnet::transaction(from, to, value, std::move(data));
    if (to) tx.gas_limit = call_gas_limit;
    return tx;
}

const ir::Function& World::function_of(const Call& call) const {
    return contract(call.contract).ir().functions[call.function];
}

Bytes World::call_data(const Call& call) const {
    const ir::Function& function = function_of(call);
    if (function.kind == ir::FunctionKind::Fallback) return Bytes(4, 0xff);
    return abi::call_data(function, call.arguments);
}

std::string World::text_of(const Call& call) const { return Devnet::text_of(function_of(call), call.arguments); }

}  // namespace interlock::analyzer
