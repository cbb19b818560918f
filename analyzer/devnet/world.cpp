#include "analyzer/devnet/world.hpp"

#include "chain/genesis.hpp"
#include "lang/link.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

const Word World::initial_wealth = Word{1000} * chain::ether;
const Word World::attack_capital = Word{100} * chain::ether;

namespace {

constexpr std::uint64_t genesis_time = 1'700'000'000;  // seconds; any moment after the forks' own

User account(std::string name) {
    const Address address = chain::address_of(chain::key_of_name(name));
    return {std::move(name), address};
}

// Constructor arguments to try, most plausible first. Every parameter takes its n-th guess together.
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

std::variant<World, std::string> World::deploy(std::shared_ptr<const lang::Compilation> compilation) {
    World world;
    world.compilation_ = std::move(compilation);
    world.owner_ = account("owner");
    world.mallory_ = account("mallory");
    world.users_ = {account("alice"), account("bob")};
    world.attacker_ = {"Attacker", chain::create_address(world.mallory_.address, 0)};
    while (world.compilation_->find(world.attacker_.name)) world.attacker_.name += "_";

    vm::BlockContext block;
    block.number = 1;
    block.timestamp = genesis_time;
    block.gas_limit = block_gas_limit;
    world.state_.set_block(block);
    for (const User* user : {&world.owner_, &world.mallory_, &world.users_[0], &world.users_[1]})
        world.state_.set_balance(user->address, initial_wealth);

    for (const lang::Artifact& artifact : world.compilation_->artifacts) {
        std::string why;
        if (!world.deploy_one(artifact, why)) return "`" + artifact.name + "` could not be deployed: " + why;
    }
    return world;
}

bool World::deploy_one(const lang::Artifact& artifact, std::string& why) {
    const ir::Contract& contract = *artifact.ir;
    static const std::vector<ir::NamedType> no_parameters;
    const auto& parameters =
        contract.constructor == ir::Contract::none ? no_parameters : contract.functions[contract.constructor].parameters;
    const auto libraries = lang::place_libraries(compilation_->artifacts,
                                                 [&](std::uint64_t n) { return chain::create_address(owner_.address, n); });
    if (const std::string missing = lang::missing_library(artifact.creation_links, libraries); !missing.empty()) {
        why = "the library " + missing + " is missing";
        return false;
    }
    std::vector<Address> addresses;
    for (auto it = contracts_.rbegin(); it != contracts_.rend(); ++it) addresses.push_back(it->address);
    for (const User* user : {&owner_, &users_[0], &users_[1]}) addresses.push_back(user->address);

    for (std::vector<abi::Value>& arguments : guess_arguments(parameters, addresses)) {
        DeployedContract deployed;
        deployed.artifact = &artifact;
        deployed.creation_data = lang::linked(artifact.creation_code, artifact.creation_links, libraries);
        const Bytes encoded = abi::encode(parameters, arguments);
        deployed.creation_data.insert(deployed.creation_data.end(), encoded.begin(), encoded.end());
        deployed.arguments = std::move(arguments);
        const chain::Result result = execute(transaction(owner_.address, std::nullopt, Word{}, deployed.creation_data));
        if (result.valid() && result.receipt.ok() && result.receipt.created) {
            deployed.address = *result.receipt.created;
            contracts_.push_back(std::move(deployed));
            return true;
        }
        why = result.valid() ? "its constructor ended with " + std::string(vm::name_of(result.receipt.status))
                             : std::string(chain::name_of(result.invalid));
    }
    return false;
}

std::string World::name_of(const Address& address) const {
    for (const User* user : {&owner_, &mallory_, &attacker_})
        if (user->address == address) return user->name;
    for (const User& user : users_)
        if (user.address == address) return user.name;
    if (const DeployedContract* contract = contract_at(address)) return contract->artifact->name;
    return vm::to_hex(address);
}

const DeployedContract* World::contract_at(const Address& address) const {
    for (const DeployedContract& contract : contracts_)
        if (contract.address == address) return &contract;
    return nullptr;
}

Word World::attacker_wealth() { return state_.balance(mallory_.address) + state_.balance(attacker_.address); }

void World::place_attacker() {
    constexpr std::uint8_t never_run = 0xfe;  // INVALID: a search yields before it would execute this
    state_.set_nonce(mallory_.address, 1);
    state_.set_nonce(attacker_.address, 1);
    state_.set_code(attacker_.address, Bytes{never_run});
    state_.transfer(mallory_.address, attacker_.address, attack_capital);
}

chain::Transaction World::transaction(const Address& from, std::optional<Address> to, const Word& value, Bytes data) {
    chain::Transaction tx;
    tx.nonce = state_.nonce(from);
    tx.gas_limit = to ? call_gas_limit : block_gas_limit;
    tx.to = to;
    tx.value = value;
    tx.data = std::move(data);
    tx.sender = from;
    return tx;
}

Bytes World::call_data(const Call& call) const {
    const ir::Function& function = contracts_[call.contract].ir().functions[call.function];
    if (function.kind == ir::FunctionKind::Fallback) return Bytes(4, 0xff);
    return abi::call_data(function, call.arguments);
}

std::string World::text_of(const Call& call) const {
    const ir::Function& function = contracts_[call.contract].ir().functions[call.function];
    std::string text = function.name + "(";
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const ir::Type& type = function.parameters[i].type;
        if (i) text += ", ";
        if (type.kind == ir::TypeKind::Address) text += name_of(vm::to_address(std::get<Word>(call.arguments[i])));
        else if (type.kind == ir::TypeKind::Uint && type.bits == 256) text += format_wei(std::get<Word>(call.arguments[i]));
        else text += abi::format_value(type, call.arguments[i]);
    }
    return text + ")";
}

chain::Result World::execute(const chain::Transaction& transaction, vm::Tracer* tracer) {
    chain::Result result;
    chain::Execution execution(state_);
    execution.machine().set_tracer(tracer);
    observe(execution.machine());
    result.invalid = execution.begin(transaction);
    if (result.valid()) result.receipt = execution.finish(execution.machine().run().outcome);
    return result;
}

void World::observe(vm::Machine& machine) {
    machine.set_keccak_observer(
        [preimages = preimages_](ByteView input, const Hash& hash) { preimages->observe(input, hash); });
}

std::string format_wei(const Word& wei) {
    // Amounts are written in ether when at most six decimals are needed for that; else to the wei.
    const Word micro_ether{1'000'000'000'000};
    if (wei.is_zero() || !(wei % micro_ether).is_zero()) return vm::to_decimal(wei);
    std::string text = vm::to_decimal(wei / chain::ether);
    if (const Word rest = (wei % chain::ether) / micro_ether; !rest.is_zero()) {
        std::string digits = vm::to_decimal(rest);
        digits.insert(0, 6 - digits.size(), '0');
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits;
    }
    return text + " ether";
}

std::string describe_wei(const Word& wei) { return wei.is_negative() ? "2^256 - " + format_wei(-wei) : format_wei(wei); }

}  // namespace interlock::analyzer
