#include "analyzer/devnet/world.hpp"

#include <algorithm>

#include "analyzer/devnet/colluder.hpp"
#include "analyzer/devnet/foundry/addresses.hpp"
#include "analyzer/devnet/foundry/test_chain.hpp"
#include "analyzer/devnet/run_scenario.hpp"
#include "analyzer/system/environment.hpp"
#include "chain/genesis.hpp"
#include "lang/abi/data.hpp"
#include "vm/code.hpp"
#include "vm/tracer.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

const Word World::attack_capital = Word{100} * chain::ether;

namespace {

// Notes the contracts that a transaction creates below its own message.
class Births final : public vm::Tracer {
  public:
    struct Birth {
        Address address;
        Bytes creation_data;
    };
    [[nodiscard]] vm::OpcodeSet wanted() const override { return {}; }
    void on_enter(const vm::Message& message) override { open_.push_back(message.is_create() ? message.input : Bytes{}); }
    void on_exit(const vm::Message& message, const vm::Outcome& outcome) override {
        if (open_.size() <= message.depth) return;  // it was refused before it began
        if (message.is_create() && outcome.ok() && open_.size() > 1)
            births.push_back({outcome.created, std::move(open_.back())});
        open_.pop_back();
    }
    std::vector<Birth> births;

  private:
    std::vector<Bytes> open_;
};

}  // namespace

World::World(std::shared_ptr<const lang::Compilation> compilation, vm::Fork fork)
    : Devnet(*compilation, {.fork = fork}), owned_(std::move(compilation)) {
    recipe_.fork = fork;
    const auto account = [this](const char* name) { return Account{name, add_account(name)}; };
    owner_ = account("owner");
    const Account mallory = account("mallory");
    users_ = {account("alice"), account("bob")};
    senders_ = {users_[0], users_[1], owner_, mallory};
    attacker_ = {"Attacker", chain::create_address(mallory.address, 0)};
    while (owned_->find(attacker_.name)) attacker_.name += "_";
    add_name(attacker_.address, attacker_.name);
    place_libraries(owner_.address);
}

std::variant<World, std::string> World::build(std::shared_ptr<const lang::Compilation> compilation, const Recipe& recipe) {
    World world(std::move(compilation), recipe.fork);
    for (const SetupStep& step : recipe.steps)
        if (std::string why = world.perform(step); !why.empty())
            return (!step.plays.empty()    ? "the scenario `" + step.plays + "`"
                    : step.deploys.empty() ? "a call of `" + step.to + "`"
                                           : "the deployment of `" + step.deploys + "`") +
                   " failed: " + why;
    world.recipe_.attacker = recipe.attacker;
    world.recipe_.gas_limit = recipe.gas_limit;
    return world;
}

const lang::Artifact* World::artifact_for(const SetupStep& step) const {
    const lang::Compilation& home = step.is_environment ? environment() : compilation();
    const auto found = std::ranges::find(home.artifacts, step.deploys, &lang::Artifact::identity);
    return found == home.artifacts.end() ? nullptr : &*found;
}

std::string World::perform(const SetupStep& step) {
    if (!step.plays.empty()) {
        if (std::string why = play_scenario(step.plays); !why.empty()) return why;
        recipe_.steps.push_back(step);
        return {};
    }
    if (step.times != 1 || step.from == crowd) return perform_often(step);
    pass({step.blocks, step.seconds});
    const std::optional<Address> from = address_of(step.from);
    if (!from) return "nobody is called `" + step.from + "`";
    std::optional<Address> to;
    Bytes data = step.data;
    const lang::Artifact* artifact = nullptr;
    if (step.deploys.empty()) {
        if (to = address_of(step.to); !to) return "nothing is called `" + step.to + "`";
    } else {
        if (artifact = artifact_for(step); !artifact) return "there is no such contract";
        if (const std::string missing = missing_library(*artifact); !missing.empty())
            return "the library " + missing + " is missing";
        data = creation_data(*artifact, step.data);
    }
    if (!step.speaks_as.empty()) {
        const auto proxy = std::ranges::find(contracts(), step.to, &DeployedContract::name);
        const auto as = std::ranges::find(compilation().artifacts, step.speaks_as, &lang::Artifact::identity);
        if (proxy == contracts().end() || as == compilation().artifacts.end()) return "there is no such contract";
        add_contract({&*as, proxy->address, proxy->creation_data, free_name(proxy->name + "As" + as->name)});
        recipe_.steps.push_back(step);
        return {};
    }
    if (step.stands_at && step.expects.empty()) {
        if (!contract_at(*to) || !state().is_empty(*step.stands_at)) return "`" + step.to + "` cannot stand there";
        move_contract(step.to, *step.stands_at);
        recipe_.steps.push_back(step);
        return {};
    }
    if (!step.expects.empty()) {
        const auto creator = std::ranges::find(contracts(), step.to, &DeployedContract::name);
        const auto as = std::ranges::find(compilation().artifacts, step.expects, &lang::Artifact::identity);
        if (creator == contracts().end() || as == compilation().artifacts.end()) return "there is no such contract";
        const Address address = step.stands_at ? *step.stands_at : chain::create_address(creator->address, step.nonce);
        if (contract_at(address)) return "there is one already";
        add_contract({&*as, address, linked(as->creation_code, as->creation_links), free_name(as->name), true});
        recipe_.steps.push_back(step);
        return {};
    }
    if (step.sets_up) {
        if (!artifact) return "there is no such contract";
        if (std::string why = set_up(*artifact); !why.empty()) return why;
        recipe_.steps.push_back(step);
        return {};
    }
    Births births;
    chain::Transaction tx = Devnet::transaction(*from, to, step.value, data);
    const chain::Result result = execute(tx, &births);
    if (!result.valid()) return "it was refused: " + std::string(chain::name_of(result.refusal));
    if (!result.receipt.ok()) return "it ended with " + std::string(vm::name_of(result.receipt.status));
    if (artifact) add_contract({artifact, *result.receipt.created, std::move(data), free_name(artifact->name)});
    for (Births::Birth& birth : births.births) adopt(birth.address, std::move(birth.creation_data));
    recipe_.steps.push_back(step);
    return {};
}

std::string World::perform_often(const SetupStep& step) {
    const std::optional<Address> to = address_of(step.to), from = address_of(step.from);
    if (!to || !step.deploys.empty()) return "nothing is called `" + step.to + "`";
    if (!from && step.from != crowd) return "nobody is called `" + step.from + "`";
    std::uint64_t number = 0;  // of those who did something
    for (const SetupStep& each : recipe_.steps)
        if (each.from == crowd) number += each.times;
    constexpr std::uint64_t most_gas = 4'000'000'000;
    std::uint64_t gas = 0;
    pass({step.blocks, step.seconds});
    for (std::uint64_t i = 0; i < step.times; ++i) {
        const Address sender = from ? *from : one_of_crowd(number++, step.value);
        const chain::Result result = execute(Devnet::transaction(sender, to, step.value, step.data));
        if (!result.valid()) return "it was refused: " + std::string(chain::name_of(result.refusal));
        if (!result.receipt.ok()) return "it ended with " + std::string(vm::name_of(result.receipt.status));
        if (gas += result.receipt.gas_used; gas > most_gas) return "so many calls take too much gas";
    }
    recipe_.steps.push_back(step);
    return {};
}

Address World::one_of_crowd(std::uint64_t number, const Word& wei) {
    const Word first = Word{0xc20d} << 144u;
    const Address address = vm::to_address(first + Word{number});
    state().set_balance(address, wei);
    return address;
}

std::string World::set_up(const lang::Artifact& tests) {
    static const foundry::Project no_files;
    foundry::TestChain chain(compilation(), no_files, state());
    vm::BlockContext& block = chain.arrangement().surroundings.block;
    block = state().block();
    block.gas_limit = foundry::TestChain::gas_limit;
    const foundry::TestChain::Ran deployed = chain.deploy(linked(tests.creation_code, tests.creation_links), {});
    if (!deployed.ok()) return "its constructor ended with " + std::string(vm::name_of(deployed.outcome.status));
    const Address address = deployed.outcome.created;
    state().set_balance(address, foundry::TestChain::wealth);
    add_name(address, free_name(tests.name));
    const foundry::TestChain::Ran ran =
        chain.call(foundry::known::sender, address, {}, abi::call_data(abi::selector("setUp()")));
    if (!ran.ok()) return "its setUp() ended with " + std::string(vm::name_of(ran.outcome.status));
    vm::BlockContext after = state().block();
    after.number = std::max(after.number, block.number);
    after.timestamp = std::max(after.timestamp, block.timestamp);
    state().set_block(after);
    for (const Address& created : chain.arrangement().created)
        if (const lang::Artifact* artifact = artifact_with_code_at(created); artifact && artifact != &tests)
            add_contract(
                {artifact, created, linked(artifact->creation_code, artifact->creation_links), free_name(artifact->name)});
    return {};
}

std::string World::play_scenario(const std::string& name) {
    const auto& scenarios = compilation().scenarios;
    const auto scenario = std::ranges::find_if(scenarios, [&](const auto& each) { return each->name == name; });
    if (scenario == scenarios.end()) return "there is no scenario `" + name + "`";
    if (std::ranges::count((*scenario)->steps, mallory().name, &lang::CompiledStep::actor) != 0)
        return "mallory acts in the check, and so she cannot act before it";
    for (const lang::Artifact& artifact : compilation().artifacts)
        if (artifact.ir->is_library) (void)deploy(owner_.address, artifact, Word{}, {});
    if (const auto why = play(*this, **scenario)) return why->message;
    // What contracts created.
    for (const chain::State::AccountView& account : state().accounts()) {
        if (contract_at(account.address)) continue;
        if (const lang::Artifact* artifact = artifact_with_code_at(account.address))
            add_contract({artifact, account.address, linked(artifact->creation_code, artifact->creation_links),
                          free_name(artifact->name)});
    }
    return {};
}

// Compares code, except what constructors and linking fill in.
const lang::Artifact* World::artifact_with_code_at(const Address& address) {
    const auto code = state().code(address);
    const ByteView bytes = code->bytes();
    for (const lang::Artifact& artifact : compilation().artifacts) {
        if (bytes.empty() || bytes.size() != artifact.runtime_code.size()) continue;
        Bytes cleared(bytes.begin(), bytes.end());
        for (const lang::ImmutableReference& each : artifact.immutables)
            std::fill_n(cleared.begin() + each.offset, 32, std::uint8_t{0});
        for (const lang::LinkReference& each : artifact.runtime_links)
            std::fill_n(cleared.begin() + each.offset, Address::size, std::uint8_t{0});
        if (cleared == artifact.runtime_code) return &artifact;
    }
    return nullptr;
}

std::string World::free_name(const std::string& name) const {
    std::string free = name;
    for (std::size_t number = 2; address_of(free); ++number) free = name + std::to_string(number);
    return free;
}

// Returns the contract that a clone delegates everything to, if the account is one. (EIP-1167)
const DeployedContract* World::original_of(const Address& clone) {
    constexpr std::uint8_t head[] = {0x36, 0x3d, 0x3d, 0x37, 0x3d, 0x3d, 0x3d, 0x36, 0x3d, 0x73};
    constexpr std::size_t clone_bytes = 45;
    const auto code = state().code(clone);
    const ByteView bytes = code->bytes();
    if (bytes.size() != clone_bytes || !std::ranges::equal(bytes.first(std::size(head)), head)) return nullptr;
    Address target;
    std::ranges::copy(bytes.subspan(std::size(head), Address::size), target.bytes.begin());
    return contract_at(target);
}

std::vector<SetupStep> World::unforeseen() {
    std::vector<SetupStep> steps;
    for (const chain::State::AccountView& account : state().accounts()) {
        if (account.nonce == 0 || contract_at(account.address)) continue;
        const lang::Artifact* artifact = artifact_with_code_at(account.address);
        if (!artifact)
            if (const DeployedContract* const original = original_of(account.address); original && artifact_of(*original))
                artifact = original->artifact;
        if (!artifact || artifact->ir->is_library) continue;
        const auto creates = [&](const DeployedContract& each) {
            return !each.is_expected && std::ranges::count(each.ir().creates, artifact->identity) != 0;
        };
        const auto creator = std::ranges::find_if(contracts(), creates);
        SetupStep step;
        step.from = owner_.name;
        step.to = (creator == contracts().end() ? contracts().front() : *creator).name;
        step.expects = artifact->identity;
        step.stands_at = account.address;
        steps.push_back(std::move(step));
    }
    return steps;
}

// Recognises a contract by its creation code.
void World::adopt(const Address& address, Bytes creation_data) {
    for (const lang::Compilation* home : {&compilation(), &environment()})
        for (const lang::Artifact& artifact : home->artifacts) {
            const Bytes code = linked(artifact.creation_code, artifact.creation_links);
            if (code.empty() || creation_data.size() < code.size() ||
                !std::equal(code.begin(), code.end(), creation_data.begin()))
                continue;
            return add_contract({&artifact, address, std::move(creation_data), free_name(artifact.name)});
        }
    if (const DeployedContract* const original = original_of(address)) {
        const lang::Artifact* artifact = original->artifact;
        add_contract({artifact, address, std::move(creation_data), free_name(artifact->name)});
    }
}

bool World::is_there(const DeployedContract& contract) {
    return !contract.is_expected || state().code(contract.address)->bytes().size() != 0;
}

const DeployedContract& World::contract(DeployedIndex index) const { return contracts()[static_cast<std::size_t>(index)]; }

std::optional<ArtifactIndex> World::artifact_of(const DeployedContract& contract) const {
    const auto& artifacts = compilation().artifacts;
    if (contract.artifact < artifacts.data() || contract.artifact >= artifacts.data() + artifacts.size())
        return std::nullopt;
    return static_cast<ArtifactIndex>(contract.artifact - artifacts.data());
}

bool World::is_attacker_named() const {
    constexpr std::size_t of_address = 4 + 32;  // bytes of call data: with more of it, she may just be given something
    const auto& hers = attacker_.address.bytes;
    return std::ranges::any_of(recipe_.steps, [&](const SetupStep& step) {
        return (!step.deploys.empty() || step.data.size() == of_address) && !std::ranges::search(step.data, hers).empty();
    });
}

std::vector<Address> World::hers() const {
    std::vector<Address> list{mallory().address, attacker_.address};
    if (const auto second = colluder_of(*this)) list.push_back(contract(*second).address);
    return list;
}

Word World::attacker_wealth() {
    Word sum = state().balance(mallory().address) + state().balance(attacker_.address);
    if (const auto second = colluder_of(*this)) sum += state().balance(contract(*second).address);
    return sum;
}

void World::place_attacker() {
    constexpr std::uint8_t never_run = 0xfe;  // INVALID: a search yields before this would be executed
    state().set_nonce(mallory().address, 1);
    state().set_nonce(attacker_.address, 1);
    state().transfer(mallory().address, attacker_.address, attack_capital);
    make_preparations();
    state().set_code(attacker_.address, Bytes{never_run});
}

// In a constructor: there is no code yet.
void World::make_preparations() {
    if (recipe_.attacker.empty()) return;
    chain::Execution execution(state());
    vm::Machine& machine = execution.machine();
    machine.set_strangers([this](const Address& a) { return a == attacker_.address; });
    observe(machine);
    if (execution.begin(transaction(mallory().address, attacker_.address, Word{}, {})) != chain::TransactionRefusal::None)
        return;
    vm::Stop at = machine.run();
    for (const Preparation& preparation : recipe_.attacker) {
        const std::optional<Address> to = address_of(preparation.to);
        if (!to) continue;
        vm::Message message;
        message.recipient = message.code_address = *to;
        message.input = preparation.data;
        message.value = preparation.value;
        machine.enter(std::move(message));
        for (at = machine.run(); at.kind == vm::Stop::Yield; at = machine.run()) machine.resume({});
    }
    machine.resume({});
    at = machine.run();
    (void)execution.finish(at.outcome);
}

void World::pass(const Wait& wait) {
    if (wait.blocks == 0) return;
    vm::BlockContext block = state().block();
    block.number += wait.blocks - 1;
    state().set_block(block);
    Devnet::pass(wait.seconds);
}

chain::Transaction World::transaction(const Address& from, std::optional<Address> to, const Word& value, Bytes data) {
    chain::Transaction tx = Devnet::transaction(from, to, value, std::move(data));
    if (to) tx.gas_limit = recipe_.gas_limit;
    return tx;
}

const ir::Function& World::function_of(const Call& call) const {
    return contract(call.contract).ir().functions[call.function];
}

Bytes World::call_data(const Call& call) const {
    const ir::Function& function = function_of(call);
    if (function.kind == ir::FunctionKind::Receive) return {};
    if (function.kind == ir::FunctionKind::Fallback)
        return call.arguments.empty() ? Bytes(4, 0xff) : call.arguments.front().bytes();
    const auto types = abi::data_types(function.parameters);
    return abi::call_data(function.selector, types ? abi::encode(*types, call.arguments) : Bytes{});
}

std::optional<Call> World::call_of(const Address& to, vm::ByteView data, const Word& value) const {
    for (std::uint32_t i = 0; i < contracts().size(); ++i) {
        const DeployedContract& contract = contracts()[i];
        if (contract.address != to) continue;
        const auto& functions = contract.ir().functions;
        for (std::uint32_t f = 0; f < functions.size(); ++f) {
            const ir::Function& function = functions[f];
            if (!function.is_entry) continue;
            if (function.kind == ir::FunctionKind::Receive && data.empty()) return Call{DeployedIndex{i}, f, {}, value};
            if (data.size() < 4 || function.selector != selector_of(data) ||
                (function.kind != ir::FunctionKind::Ordinary && function.kind != ir::FunctionKind::Getter))
                continue;
            const auto types = abi::data_types(function.parameters);
            auto values = types ? abi::decode(*types, data.subspan(4)) : std::nullopt;
            if (values) return Call{DeployedIndex{i}, f, std::move(*values), value};
        }
    }
    return std::nullopt;
}

std::string World::text_of(const Call& call) const {
    if (const auto carried = carried_call(*this, call))
        return function_of(call).name + "(" + contract(carried->contract).name + "." + text_of(*carried) + ")";
    return Devnet::text_of(function_of(call), call.arguments);
}

}  // namespace interlock::analyzer
