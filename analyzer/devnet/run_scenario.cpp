// Runs a scenario's steps: evaluates expressions, sends transactions, and compares results.
//
// `interleave` runs every merge of its branches, each followed by the rest of the scenario, on a copy of the devnet.
#include "analyzer/devnet/run_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/invariants.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

using lang::CompiledStep, lang::Question, lang::RegisterIndex;

namespace {

using Steps = std::vector<const CompiledStep*>;

Steps steps_of(const std::vector<CompiledStep>& steps) {
    Steps list;
    for (const CompiledStep& step : steps) list.push_back(&step);
    return list;
}

struct Failed {
    lang::Diagnostic why;
};

// Files written by `interlock check` are meant to break invariants.
bool is_attack_file(const std::string& path) { return path.ends_with(".attack.ilk"); }

[[noreturn]] void fail(lang::SourceRange where, std::string message, std::vector<std::string> notes = {}) {
    lang::Diagnostic why;
    why.message = std::move(message);
    why.primary.range = where;
    why.notes = std::move(notes);
    throw Failed{std::move(why)};
}

class ScenarioRun {
  public:
    // The libraries are in place on the devnet.
    ScenarioRun(const lang::CompiledScenario& scenario, TestRun& run, Devnet devnet)
        : compilation_(&devnet.compilation()),
          scenario_(&scenario),
          run_(&run),
          devnet_(std::move(devnet)),
          registers_(scenario.register_count) {
        asker_ = devnet_.add_account("the scenario");
        answerer_ = chain::create_address(asker_, 1'000'000);
        devnet_.state().set_code(answerer_, devnet_.linked(scenario.artifact.runtime_code, scenario.artifact.runtime_links));
        for (const lang::ScenarioActor& actor : scenario.actors) {
            Word wei = Devnet::wealth;
            if (actor.holds) wei = std::get<Word>(answers(*actor.holds, scenario.range).front());
            const std::optional<Address> known = devnet_.address_of(actor.name);
            const Address address = known               ? *known
                                    : actor.is_contract ? devnet_.add_contract_account(actor.name, wei)
                                                        : devnet_.add_account(actor.name, wei);
            if (known && actor.holds) devnet_.state().set_balance(address, wei);
            registers_[actor.into] = vm::to_word(address);
            actors_[actor.name] = address;
        }
    }

    void run(Steps steps) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i]->kind == lang::StepKind::Interleave)
                return interleave(*steps[i], {steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, steps.end()});
            perform(*steps[i]);
        }
    }

    [[nodiscard]] Devnet take_devnet() { return std::move(devnet_); }

  private:
    void perform(const CompiledStep& step) {
        switch (step.kind) {
            case lang::StepKind::Deploy: return deploy(step);
            case lang::StepKind::Call: return call(step);
            case lang::StepKind::Let: registers_[step.into] = answers(step.question, step.range).front(); return;
            case lang::StepKind::Check: return check(step);
            case lang::StepKind::Warp: return warp(step);
            case lang::StepKind::Interleave: return;
        }
    }

    // --- merges ---

    void interleave(const CompiledStep& step, const Steps& rest) {
        std::vector<Steps> branches;
        for (const auto& branch : step.branches) branches.push_back(steps_of(branch));
        std::vector<std::size_t> next(branches.size());
        std::vector<std::size_t> order;
        merge(branches, next, order, {}, rest, step);
    }

    void merge(const std::vector<Steps>& branches, std::vector<std::size_t>& next, std::vector<std::size_t>& order,
               const Steps& merged, const Steps& rest, const CompiledStep& step) {
        bool is_complete = true;
        for (std::size_t i = 0; i < branches.size(); ++i) {
            if (next[i] == branches[i].size()) continue;
            is_complete = false;
            Steps longer = merged;
            longer.push_back(branches[i][next[i]++]);
            order.push_back(i);
            merge(branches, next, order, longer, rest, step);
            order.pop_back();
            --next[i];
        }
        if (!is_complete) return;
        if (++*merges_ > max_interleavings)
            fail(step.range, fmt::format("there are more than {} orders to try", max_interleavings));
        Steps all = merged;
        all.insert(all.end(), rest.begin(), rest.end());
        ScenarioRun copy = *this;
        try {
            copy.run(std::move(all));
        } catch (Failed& failed) {
            std::string text = "in the order";
            for (const CompiledStep* each : merged) text += fmt::format(" {}", compilation_->sources->text(each->range));
            failed.why.notes.push_back(text);
            throw;
        }
    }

    // --- questions ---

    chain::Result ask(const Question& question) {
        const ir::Function& function = scenario_->artifact.ir->functions[question.function];
        std::vector<abi::Value> values;
        for (const RegisterIndex input : question.inputs) values.push_back(registers_[input]);
        return devnet_.ask(asker_, answerer_, abi::call_data(function, values));
    }

    std::optional<std::vector<abi::Value>> try_answers(const Question& question) {
        const chain::Result result = ask(question);
        if (!result.valid() || !result.receipt.ok()) return std::nullopt;
        return abi::decode(scenario_->artifact.ir->functions[question.function].returns, result.receipt.output);
    }

    std::vector<abi::Value> answers(const Question& question, lang::SourceRange where) {
        const chain::Result result = ask(question);
        if (!result.valid() || !result.receipt.ok()) fail(where, "this cannot be evaluated: " + devnet_.reason_of(result));
        auto values = abi::decode(scenario_->artifact.ir->functions[question.function].returns, result.receipt.output);
        if (!values) fail(where, "this cannot be evaluated");
        return std::move(*values);
    }

    // --- steps ---

    Address sender(const CompiledStep& step, const char* otherwise) const {
        return actors_.at(step.actor.empty() ? otherwise : step.actor);
    }

    void deploy(const CompiledStep& step) {
        const auto asked = answers(step.question, step.range);
        const lang::Artifact* artifact = compilation_->find(step.name);
        if (!artifact) fail(step.range, fmt::format("`{}` has no code", step.name));
        const chain::Result result =
            devnet_.deploy(sender(step, "owner"), *artifact, std::get<Word>(asked[0]), std::get<Bytes>(asked[1]));
        count(result);
        if (!result.valid() || !result.receipt.ok() || !result.receipt.created)
            fail(step.range, fmt::format("`{}` cannot be deployed: {}", step.name, devnet_.reason_of(result)));
        registers_[step.into] = vm::to_word(*result.receipt.created);
        devnet_.add_name(*result.receipt.created, std::string(name_in(step)));
        check_invariants(step);
    }

    // Between transactions every invariant of the scenario's contracts must hold. An invariant that cannot be evaluated
    // does not count as broken.
    void check_invariants(const CompiledStep& step) {
        const lang::Sources& sources = *compilation_->sources;
        if (is_attack_file(sources.file_of(scenario_->range).path)) return;
        for (const DeployedContract& contract : devnet_.contracts()) {
            if (contract.ir().is_library) continue;
            const auto readings =
                evaluate_invariants(devnet_.state(), devnet_.preimages(), contract.address, *contract.artifact, &sources);
            for (std::size_t i = 0; i < readings.size(); ++i) {
                if (readings[i].holds.value_or(true)) continue;
                const ir::Invariant& broken = contract.ir().invariants[i];
                std::vector<std::string> notes{fmt::format("it says `{}`", broken.text)};
                for (const lang::Operand& each : readings[i].operands)
                    if (each.text != each.value) notes.push_back(fmt::format("`{}` is {}", each.text, each.value));
                fail(step.range,
                     fmt::format("`{}` of {} does not hold after this", broken.label, devnet_.name_of(contract.address)),
                     std::move(notes));
            }
        }
    }

    // In `deploy bank = …` the contract gets the scenario's name for it.
    std::string_view name_in(const CompiledStep& step) const {
        std::string_view text = compilation_->sources->text(step.range);
        text.remove_prefix(std::min(text.size(), text.find_first_of(" \t\n\r")));
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\n\r")));
        return text.substr(0, text.find_first_of(" \t\n\r=/"));
    }

    void call(const CompiledStep& step) {
        for (const auto& [question, into] : step.before) registers_[into] = answers(question, step.range).front();
        const auto asked = answers(step.question, step.range);
        const Address target = vm::to_address(std::get<Word>(asked[0]));
        const chain::Result result =
            devnet_.send(sender(step, "alice"), target, std::get<Word>(asked[1]), std::get<Bytes>(asked[2]));
        count(result);
        if (!result.valid()) fail(step.range, "this cannot be sent: " + devnet_.reason_of(result));
        if (step.expectation == lang::Expectation::Revert) return expect_revert(step, result);
        if (!result.receipt.ok()) fail(step.range, "this reverts: " + devnet_.reason_of(result));
        if (step.expectation == lang::Expectation::Emit) expect_event(step, result);
        if (step.expectation == lang::Expectation::Value) expect_condition(step, result);
        check_invariants(step);
    }

    void expect_revert(const CompiledStep& step, const chain::Result& result) {
        if (result.receipt.ok()) fail(step.range, "this was expected to revert, and it succeeds");
        if (!step.expected) return;
        const chain::Result wanted = ask(*step.expected);
        if (result.receipt.status != vm::Status::Revert || wanted.receipt.output != result.receipt.output)
            fail(step.expected_range, "this reverts differently",
                 {"it reverts with " + devnet_.reason_of(result), "expected was " + devnet_.reason_of(wanted)});
    }

    void expect_event(const CompiledStep& step, const chain::Result& result) {
        const chain::Result wanted = ask(*step.expected);
        if (!wanted.receipt.ok() || wanted.receipt.logs.empty())
            fail(step.expected_range, "this cannot be evaluated: " + devnet_.reason_of(wanted));
        const vm::Log& log = wanted.receipt.logs.front();
        const auto is_it = [&](const vm::Log& each) { return each.topics == log.topics && each.data == log.data; };
        const auto is_like = [&](const vm::Log& each) {
            return !each.topics.empty() && !log.topics.empty() && each.topics.front() == log.topics.front();
        };
        const std::vector<vm::Log>& logs = result.receipt.logs;
        if (std::ranges::any_of(logs, is_it)) return;
        const auto similar = std::ranges::count_if(logs, is_like);
        fail(step.expected_range, "this event was not emitted",
             {similar ? "the event was emitted with other values" : fmt::format("other events emitted: {}", logs.size())});
    }

    void expect_condition(const CompiledStep& step, const chain::Result& result) {
        if (step.has_encoded_results) {
            registers_[step.result_registers.front()] = result.receipt.output;
        } else if (!step.results.empty()) {
            const auto values = abi::decode(step.results, result.receipt.output);
            if (!values) fail(step.range, "what this returns cannot be decoded");
            for (std::size_t i = 0; i < values->size(); ++i) registers_[step.result_registers[i]] = (*values)[i];
        }
        condition(*step.expected, step.expected_range, step.watches, "this does not hold after the call");
    }

    void check(const CompiledStep& step) { condition(step.question, step.range, step.watches, "this does not hold"); }

    void condition(const Question& question, lang::SourceRange where, const std::vector<lang::Watch>& watches,
                   const char* message) {
        if (!std::get<Word>(answers(question, where).front()).is_zero()) return;
        std::vector<std::string> notes;
        for (const lang::Watch& watch : watches) {
            const ir::Type& type = scenario_->artifact.ir->functions[watch.question.function].returns.front().type;
            if (const auto value = try_answers(watch.question))
                notes.push_back(
                    fmt::format("`{}` is {}", watch.text, devnet_.text_of(type, value->front(), Amounts::Wrapped)));
        }
        fail(where, message, std::move(notes));
    }

    void warp(const CompiledStep& step) {
        const Word seconds = std::get<Word>(answers(step.question, step.range).front());
        constexpr unsigned time_bits = 63;
        const Word then = seconds + Word{devnet_.state().block().timestamp};
        if (vm::bit_length(seconds) > time_bits || vm::bit_length(then) > time_bits)
            fail(step.range, "time cannot pass that far");
        devnet_.pass(seconds.low64());
    }

    void count(const chain::Result& result) {
        ++run_->calls;
        run_->gas += result.receipt.gas_used;
    }

    const lang::Compilation* compilation_;
    const lang::CompiledScenario* scenario_;
    TestRun* run_;
    Devnet devnet_;
    std::vector<abi::Value> registers_;
    std::map<std::string, Address> actors_;
    Address asker_, answerer_;
    std::shared_ptr<std::size_t> merges_ = std::make_shared<std::size_t>(0);
};

}  // namespace

std::optional<lang::Diagnostic> play(Devnet& devnet, const lang::CompiledScenario& scenario) {
    TestRun run{.kind = TestRun::Kind::Scenario, .name = scenario.name};
    try {
        for (const CompiledStep& step : scenario.steps)
            if (step.kind == lang::StepKind::Interleave)
                fail(step.range, "with `interleave` there is no one end to start from");
        ScenarioRun played(scenario, run, devnet);
        played.run(steps_of(scenario.steps));
        devnet = played.take_devnet();
    } catch (Failed& failed) {
        return std::move(failed.why);
    }
    return std::nullopt;
}

TestRun run_scenario(const lang::Compilation& compilation, const lang::CompiledScenario& scenario) {
    TestRun run{.kind = TestRun::Kind::Scenario, .name = scenario.name};
    try {
        Devnet devnet(compilation);
        devnet.deploy_libraries();
        ScenarioRun(scenario, run, std::move(devnet)).run(steps_of(scenario.steps));
    } catch (Failed& failed) {
        run.failure = std::move(failed.why);
    }
    return run;
}

}  // namespace interlock::analyzer
