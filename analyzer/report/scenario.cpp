// Running a scenario on the plain VM and recording what happens.
#include "analyzer/explorer/attacker.hpp"
#include "analyzer/trace.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::string_view mallory_name = "mallory";

class Runner {
  public:
    Runner(const Scenario& scenario, World world) : scenario_(scenario), world_(std::move(world)) {
        trace_.scenario = scenario;
    }

    std::variant<Trace, std::string> run() {
        const auto compiled = lang::compile("attacker.ilk", scenario_.attacker_source);
        const lang::Artifact* attacker = compiled.ok() ? compiled.find(world_.attacker().name) : nullptr;
        if (!attacker)
            return "the attacker's contract does not compile:\n" + render(compiled.diagnostics, *compiled.sources, false);
        for (const DeployedContract& contract : world_.contracts())
            note_code(contract.artifact->name, contract.address, contract.creation_data);
        trace_.attacker = world_.attacker().name;
        hold(&Holding::before);

        bool attack_has_begun = false;
        for (const ScenarioTransaction& transaction : scenario_.transactions) {
            if (transaction.is_attack && !attack_has_begun) {
                attack_has_begun = true;
                note_invariants(&InvariantChange::held_before, &InvariantChange::before);
            }
            if (std::string why = execute(transaction, *attacker); !why.empty()) return why;
        }
        if (!attack_has_begun) note_invariants(&InvariantChange::held_before, &InvariantChange::before);
        note_invariants(&InvariantChange::holds_after, &InvariantChange::after);
        hold(&Holding::after);
        if (const Holding& mallory = trace_.ether.back(); mallory.after > mallory.before)
            trace_.gain = mallory.after - mallory.before;
        return std::move(trace_);
    }

  private:
    std::string execute(const ScenarioTransaction& transaction, const lang::Artifact& attacker) {
        const std::optional<Address> from = world_.address_of(transaction.from);
        if (!from) return "nobody is called `" + transaction.from + "`";
        std::optional<Address> to;
        Bytes data = transaction.data;
        if (transaction.to.empty()) {
            data.insert(data.begin(), attacker.creation_code.begin(), attacker.creation_code.end());
        } else if (to = world_.address_of(transaction.to); !to) {
            return "nobody is called `" + transaction.to + "`";
        }
        std::vector<Account> watched;
        for (const DeployedContract& contract : world_.contracts())
            watched.push_back({contract.artifact->name, contract.address});
        for (const Account& user : world_.users()) watched.push_back(user);
        watched.push_back(world_.mallory());
        watched.push_back(world_.attacker());

        Recorder recorder(world_, std::move(watched), &attacker);
        const chain::Result result = world_.execute(world_.transaction(*from, to, transaction.value, data), &recorder);
        TransactionRecord record;
        record.transaction = transaction;
        record.status = result.valid() ? vm::name_of(result.receipt.status) : chain::name_of(result.invalid);
        record.gas_used = result.receipt.gas_used;
        record.recording = recorder.take();
        trace_.transactions.push_back(std::move(record));
        if (transaction.to.empty()) note_code(world_.attacker().name, world_.attacker().address, data);
        return {};
    }

    void note_code(std::string name, const Address& address, const Bytes& creation_data) {
        const auto code = world_.state().code(address);
        const Bytes runtime(code->bytes().begin(), code->bytes().end());
        trace_.contracts.push_back({std::move(name), address, creation_data, runtime, world_.state().code_hash(address)});
    }

    void hold(Word Holding::*when) {
        std::vector<std::pair<std::string, Word>> now;
        for (const DeployedContract& contract : world_.contracts())
            now.emplace_back(contract.artifact->name, world_.state().balance(contract.address));
        for (const Account& user : world_.users()) now.emplace_back(user.name, world_.state().balance(user.address));
        now.emplace_back(mallory_name, world_.attacker_wealth());
        trace_.ether.resize(now.size());
        for (std::size_t i = 0; i < now.size(); ++i) {
            trace_.ether[i].name = now[i].first;
            trace_.ether[i].*when = now[i].second;
        }
    }

    void note_invariants(bool InvariantChange::*holds, std::vector<lang::Operand> InvariantChange::*operands) {
        const std::vector<InvariantReading> readings = read_invariants(world_);
        trace_.invariants.resize(readings.size());
        for (std::size_t i = 0; i < readings.size(); ++i) {
            const ir::Contract& contract = world_.contracts()[readings[i].contract].ir();
            const ir::Invariant& invariant = contract.invariants[readings[i].invariant];
            InvariantChange& change = trace_.invariants[i];
            change.contract = contract.name;
            change.label = invariant.label;
            change.text = invariant.text;
            change.contract_index = readings[i].contract;
            change.invariant_index = readings[i].invariant;
            change.*holds = readings[i].evaluation.holds.value_or(false);
            change.*operands = readings[i].evaluation.operands;
        }
    }

    const Scenario& scenario_;
    World world_;
    Trace trace_;
};

}  // namespace

Scenario make_scenario(World& world, const Plan& plan) {
    Scenario scenario;
    scenario.attacker_source = write_attacker(world, plan);

    std::vector<ir::NamedType> types;
    std::vector<abi::Value> victims;
    for (const std::uint32_t victim : victims_of(plan)) {
        types.push_back({"", ir::address_type});
        victims.emplace_back(vm::to_word(world.contracts()[victim].address));
    }
    const std::string mallory{mallory_name};
    const auto is_involved = [](const Step& step) { return step.is_attack || !step.activations.empty(); };
    bool is_deployed = false;
    std::size_t attacks = 0;
    for (const Step& step : plan) {
        if (is_involved(step) && !is_deployed) {
            scenario.transactions.push_back({mallory, "", World::attack_capital, abi::encode(types, victims), false});
            is_deployed = true;
        }
        if (step.is_attack) {
            scenario.transactions.push_back({mallory, world.attacker().name, Word{},
                                             abi::call_data(abi::selector(attack_function(++attacks) + "()")), true});
        } else {
            scenario.transactions.push_back({world.users()[step.user].name,
                                             world.contracts()[step.call.contract].artifact->name, step.call.value,
                                             world.call_data(step.call), step.reentries() != 0});
        }
    }
    return scenario;
}

std::variant<Trace, std::string> run_scenario(const Scenario& scenario) {
    auto world = World::deploy(scenario.compilation);
    if (auto* why = std::get_if<std::string>(&world)) return std::move(*why);
    return Runner(scenario, std::move(std::get<World>(world))).run();
}

}  // namespace interlock::analyzer
