// Runs an attack on the plain VM and records what happens.
#include <algorithm>
#include <utility>

#include "analyzer/explorer/attacker.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/trace.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::string_view mallory_name = "mallory";

class Runner {
  public:
    Runner(const AttackScript& script, World world) : script_(script), world_(std::move(world)), purse_(world_) {
        trace_.script = script;
    }

    std::variant<Trace, std::string> run() {
        const auto compiled = lang::compile("attacker.ilk", script_.attacker_source, {}, {.fork = script_.recipe.fork});
        const lang::Artifact* attacker = compiled.ok() ? compiled.find(world_.attacker().name) : nullptr;
        if (!attacker && !script_.transactions.empty())
            return "the attacker's contract does not compile:\n" + render(compiled.diagnostics, *compiled.sources, false);
        for (const DeployedContract& contract : world_.contracts())
            note_code(contract.name, contract.address, contract.creation_data);
        trace_.attacker = world_.attacker().name;
        hold(&Holding::before);

        const auto& transactions = script_.transactions;
        auto attack = std::ranges::find(transactions, true, &ScriptedTransaction::is_attack);
        if (attack == transactions.end()) attack = transactions.begin();  // only honest users take part
        for (auto each = transactions.begin(); each != transactions.end(); ++each) {
            if (each == attack) note_invariants_before();
            if (std::string why = execute(*each, *attacker); !why.empty()) return why;
        }
        note_invariants_after();
        hold(&Holding::after);
        if (const auto& limit = script_.limit) {
            const auto ledger = std::ranges::find(world_.contracts(), limit->contract, &DeployedContract::name);
            if (ledger == world_.contracts().end()) return "no contract is called `" + limit->contract + "`";
            const auto index = static_cast<DeployedIndex>(ledger - world_.contracts().begin());
            trace_.entry = entry_of_attacker(
                world_, {index, limit->selector, limit->view, limit->is_total, limit->id, limit->is_id_first});
        }
        if (const Holding& mallory = trace_.ether.back(); mallory.after > mallory.before)
            trace_.gain = mallory.after - mallory.before;
        return std::move(trace_);
    }

  private:
    std::string execute(const ScriptedTransaction& transaction, const lang::Artifact& attacker) {
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
            if (is_listed(contract)) watched.push_back({contract.name, contract.address});
        for (const Account& user : world_.users()) watched.push_back(user);
        watched.push_back(world_.mallory());
        watched.push_back(world_.attacker());

        world_.pass(transaction.wait);
        Recorder recorder(world_, std::move(watched), &attacker);
        const chain::Result result = world_.execute(world_.transaction(*from, to, transaction.value, data), &recorder);
        TransactionRecord record;
        record.transaction = transaction;
        record.status = result.valid() ? vm::name_of(result.receipt.status) : chain::name_of(result.refusal);
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

    // A proxy has a second name, as what it stands for. The attacker's second contract counts as the first.
    bool is_listed(const DeployedContract& contract) const {
        const std::vector<Address> hers = world_.hers();
        return world_.contract_at(contract.address) == &contract && std::ranges::count(hers, contract.address) == 0;
    }

    void hold(Word Holding::*when) {
        std::vector<std::pair<std::string, Word>> now;
        for (const DeployedContract& contract : world_.contracts())
            if (is_listed(contract)) now.emplace_back(contract.name, world_.state().balance(contract.address));
        for (const Account& user : world_.users()) now.emplace_back(user.name, world_.state().balance(user.address));
        now.emplace_back(mallory_name, world_.attacker_wealth());
        trace_.ether.resize(now.size());
        for (std::size_t i = 0; i < now.size(); ++i) {
            trace_.ether[i].name = now[i].first;
            trace_.ether[i].*when = now[i].second;
        }
        const Wealth wealth = purse_.of_attacker(world_);
        trace_.tokens.resize(wealth.size() - 1);
        for (std::size_t i = 1; i < wealth.size(); ++i) {
            trace_.tokens[i - 1].name = purse_.assets()[i].name;
            trace_.tokens[i - 1].*when = wealth[i];
        }
    }

    void note_invariants_before() {
        for (InvariantReading& reading : read_invariants(world_, Operands::Shown)) {
            InvariantChange& change = change_of(reading.invariant);
            change.held_before = reading.evaluation.holds;
            change.before = std::move(reading.evaluation.operands);
        }
    }

    void note_invariants_after() {
        for (InvariantReading& reading : read_invariants(world_, Operands::Shown)) {
            InvariantChange& change = change_of(reading.invariant);
            change.holds_after = reading.evaluation.holds;
            change.after = std::move(reading.evaluation.operands);
        }
    }

    InvariantChange& change_of(const PropertyId& id) {
        const auto known = std::ranges::find(trace_.invariants, id, &InvariantChange::invariant);
        if (known != trace_.invariants.end()) return *known;
        const ir::Contract& contract = *script_.compilation->artifacts[static_cast<std::size_t>(id.contract)].ir;
        Statement stated = statement_of(contract, id);
        InvariantChange& change = trace_.invariants.emplace_back();
        change.invariant = id;
        change.contract = contract.name;
        change.label = std::move(stated.label);
        change.text = std::move(stated.text);
        change.by_constructor = script_.transactions.empty();
        return change;
    }

    const AttackScript& script_;
    World world_;
    Purse purse_;
    Trace trace_;
};

}  // namespace

bool Trace::has_gain() const {
    return !gain.is_zero() || std::ranges::any_of(tokens, [](const Holding& token) { return token.after > token.before; });
}

Word Trace::held() const {
    if (script.serial->asset == "ether") return ether.empty() ? Word{} : ether.back().after;
    const auto token = std::ranges::find(tokens, script.serial->asset, &Holding::name);
    return token == tokens.end() ? Word{} : token->after;
}

AttackScript make_script(World& world, const Plan& plan) {
    AttackScript script;
    script.recipe = world.recipe();
    script.attacker_source = write_attacker(world, plan);

    std::vector<ir::NamedType> types;
    std::vector<abi::Value> known;
    for (const DeployedIndex each : known_to_attacker(world, plan)) {
        types.push_back({"", ir::address_type});
        known.emplace_back(vm::to_word(world.contract(each).address));
    }
    const std::string mallory{mallory_name};
    const auto calls_on = [](const std::string& function) { return abi::call_data(abi::selector(function + "()")); };
    bool is_deployed = false;
    std::size_t attacks = 0;
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const PlannedTransaction& planned = plan[i];
        if (!is_deployed && involves_attacker(world, planned)) {
            script.transactions.push_back({mallory, "", World::attack_capital, abi::encode(types, known), false, {}});
            is_deployed = true;
        }
        Wait wait = planned.wait;
        if (needs_preparation(plan, i))
            script.transactions.push_back(
                {mallory, world.attacker().name, Word{}, calls_on(prepare_function(i)), false, std::exchange(wait, {})});
        if (planned.is_attack)
            script.transactions.push_back(
                {mallory, world.attacker().name, Word{}, calls_on(attack_function(++attacks)), true, wait});
        else
            script.transactions.push_back({world.senders()[planned.sender].name, world.contract(planned.call.contract).name,
                                           planned.call.value, world.call_data(planned.call), planned.reentries() != 0,
                                           wait});
    }
    return script;
}

std::variant<Trace, std::string> run_script(const AttackScript& script) {
    auto world = World::build(script.compilation, script.recipe);
    if (auto* why = std::get_if<std::string>(&world)) return std::move(*why);
    return Runner(script, std::move(std::get<World>(world))).run();
}

}  // namespace interlock::analyzer
