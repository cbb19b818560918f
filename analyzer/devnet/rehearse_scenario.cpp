// Plays a scenario's acts: asks what has to be evaluated, sends what has to be sent, and compares.
//
// `interleave` plays every merge of its branches, each followed by the rest of the scenario, on a copy of the stage.
#include "analyzer/devnet/rehearse_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/devnet/stage.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

using lang::Act, lang::Question;

namespace {

using Acts = std::vector<const Act*>;

Acts acts_of(const std::vector<Act>& acts) {
    Acts list;
    for (const Act& act : acts) list.push_back(&act);
    return list;
}

struct Failed {
    lang::Diagnostic why;
};

// What `interlock check` writes is there to break invariants.
bool is_attack_file(const std::string& path) { return path.ends_with(".attack.ilk"); }

[[noreturn]] void fail(lang::SourceRange where, std::string message, std::vector<std::string> notes = {}) {
    lang::Diagnostic why;
    why.message = std::move(message);
    why.primary.range = where;
    why.notes = std::move(notes);
    throw Failed{std::move(why)};
}

class Play {
  public:
    Play(const lang::Compilation& compilation, const lang::CompiledScenario& scenario, Rehearsal& rehearsal)
        : compilation_(&compilation),
          scenario_(&scenario),
          rehearsal_(&rehearsal),
          stage_(compilation),
          board_(scenario.slots) {
        asker_ = stage_.add_person("the scenario", Stage::wealth);
        answerer_ = chain::create_address(asker_, 1'000'000);
        stage_.place_code(answerer_, stage_.linked(scenario.artifact.runtime_code, scenario.artifact.runtime_links));
        for (const lang::Cast& member : scenario.cast) {
            Word wei = Stage::wealth;
            if (member.holds) wei = std::get<Word>(answers(*member.holds, scenario.range).front());
            const Address address =
                member.is_contract ? stage_.add_contract_person(member.name, wei) : stage_.add_person(member.name, wei);
            board_[member.slot] = vm::to_word(address);
            people_[member.name] = address;
        }
    }

    void play(Acts acts) {
        for (std::size_t i = 0; i < acts.size(); ++i) {
            if (acts[i]->kind == lang::StepKind::Interleave)
                return interleave(*acts[i], {acts.begin() + static_cast<std::ptrdiff_t>(i) + 1, acts.end()});
            perform(*acts[i]);
        }
    }

  private:
    void perform(const Act& act) {
        switch (act.kind) {
            case lang::StepKind::Deploy: return deploy(act);
            case lang::StepKind::Call: return call(act);
            case lang::StepKind::Let: board_[act.slot] = answers(act.question, act.range).front(); return;
            case lang::StepKind::Check: return check(act);
            case lang::StepKind::Warp: return warp(act);
            case lang::StepKind::Interleave: return;
        }
    }

    // --- merges ---

    void interleave(const Act& act, const Acts& rest) {
        std::vector<Acts> branches;
        for (const auto& branch : act.branches) branches.push_back(acts_of(branch));
        std::vector<std::size_t> next(branches.size());
        std::vector<std::size_t> order;
        merge(branches, next, order, {}, rest, act);
    }

    void merge(const std::vector<Acts>& branches, std::vector<std::size_t>& next, std::vector<std::size_t>& order,
               const Acts& merged, const Acts& rest, const Act& act) {
        bool is_complete = true;
        for (std::size_t i = 0; i < branches.size(); ++i) {
            if (next[i] == branches[i].size()) continue;
            is_complete = false;
            Acts longer = merged;
            longer.push_back(branches[i][next[i]++]);
            order.push_back(i);
            merge(branches, next, order, longer, rest, act);
            order.pop_back();
            --next[i];
        }
        if (!is_complete) return;
        if (++*merges_ > max_interleavings)
            fail(act.range, fmt::format("there are more than {} orders to try", max_interleavings));
        Acts all = merged;
        all.insert(all.end(), rest.begin(), rest.end());
        Play copy = *this;
        try {
            copy.play(std::move(all));
        } catch (Failed& failed) {
            std::string text = "in the order";
            for (const Act* each : merged) text += fmt::format(" {}", compilation_->sources->text(each->range));
            failed.why.notes.push_back(text);
            throw;
        }
    }

    // --- questions ---

    chain::Result ask(const Question& question) {
        const ir::Function& function = scenario_->artifact.ir->functions[question.function];
        std::vector<abi::Value> values;
        for (const lang::Slot slot : question.inputs) values.push_back(board_[slot]);
        return stage_.ask(asker_, answerer_, abi::call_data(function, values));
    }

    std::optional<std::vector<abi::Value>> try_answers(const Question& question) {
        const chain::Result result = ask(question);
        if (!result.valid() || !result.receipt.ok()) return std::nullopt;
        return abi::decode(scenario_->artifact.ir->functions[question.function].returns, result.receipt.output);
    }

    std::vector<abi::Value> answers(const Question& question, lang::SourceRange where) {
        const chain::Result result = ask(question);
        if (!result.valid() || !result.receipt.ok()) fail(where, "this cannot be evaluated: " + stage_.reason_of(result));
        auto values = abi::decode(scenario_->artifact.ir->functions[question.function].returns, result.receipt.output);
        if (!values) fail(where, "this cannot be evaluated");
        return std::move(*values);
    }

    // --- acts ---

    Address sender(const Act& act, const char* otherwise) const {
        return people_.at(act.actor.empty() ? otherwise : act.actor);
    }

    void deploy(const Act& act) {
        const auto asked = answers(act.question, act.range);
        const lang::Artifact* artifact = compilation_->find(act.name);
        if (!artifact) fail(act.range, fmt::format("`{}` has no code", act.name));
        Bytes data = stage_.linked(artifact->creation_code, artifact->creation_links);
        const Bytes& arguments = std::get<Bytes>(asked[1]);
        data.insert(data.end(), arguments.begin(), arguments.end());
        const chain::Result result = stage_.send(sender(act, "owner"), std::nullopt, std::get<Word>(asked[0]), data);
        count(result);
        if (!result.valid() || !result.receipt.ok() || !result.receipt.created)
            fail(act.range, fmt::format("`{}` cannot be deployed: {}", act.name, stage_.reason_of(result)));
        board_[act.slot] = vm::to_word(*result.receipt.created);
        stage_.add_name(*result.receipt.created, std::string(name_in(act)));
        deployed_.emplace_back(*result.receipt.created, artifact);
        check_invariants(act);
    }

    // Between transactions every invariant of what the scenario has deployed must hold. What cannot be evaluated is not
    // taken for false.
    void check_invariants(const Act& act) {
        const lang::Sources& sources = *compilation_->sources;
        if (is_attack_file(sources.file_of(scenario_->range).path)) return;
        for (const auto& [address, artifact] : deployed_) {
            const auto readings = evaluate_invariants(stage_.state(), stage_.preimages(), address, *artifact, sources);
            for (std::size_t i = 0; i < readings.size(); ++i) {
                if (readings[i].holds.value_or(true)) continue;
                const ir::Invariant& broken = artifact->ir->invariants[i];
                std::vector<std::string> notes{fmt::format("it says `{}`", broken.text)};
                for (const lang::Operand& each : readings[i].operands)
                    if (each.text != each.value) notes.push_back(fmt::format("`{}` is {}", each.text, each.value));
                fail(act.range, fmt::format("`{}` of {} does not hold after this", broken.label, stage_.name_of(address)),
                     std::move(notes));
            }
        }
    }

    // `deploy bank = …`: the contract is called what the scenario calls it.
    std::string_view name_in(const Act& act) const {
        std::string_view text = compilation_->sources->text(act.range);
        text.remove_prefix(std::min(text.size(), text.find_first_of(" \t\n\r")));
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\n\r")));
        return text.substr(0, text.find_first_of(" \t\n\r=/"));
    }

    void call(const Act& act) {
        for (const auto& [question, slot] : act.before) board_[slot] = answers(question, act.range).front();
        const auto asked = answers(act.question, act.range);
        const Address target = vm::to_address(std::get<Word>(asked[0]));
        const chain::Result result =
            stage_.send(sender(act, "alice"), target, std::get<Word>(asked[1]), std::get<Bytes>(asked[2]));
        count(result);
        if (!result.valid()) fail(act.range, "this cannot be sent: " + stage_.reason_of(result));
        if (act.expectation == lang::Expectation::Revert) return expect_revert(act, result);
        if (!result.receipt.ok()) fail(act.range, "this reverts: " + stage_.reason_of(result));
        if (act.expectation == lang::Expectation::Emit) expect_event(act, result);
        if (act.expectation == lang::Expectation::Value) expect_condition(act, result);
        check_invariants(act);
    }

    void expect_revert(const Act& act, const chain::Result& result) {
        if (result.receipt.ok()) fail(act.range, "this was expected to revert, and it succeeds");
        if (!act.expected) return;
        const chain::Result wanted = ask(*act.expected);
        if (result.receipt.status != vm::Status::Revert || wanted.receipt.output != result.receipt.output)
            fail(act.expected_range, "this reverts differently",
                 {"it reverts with " + stage_.reason_of(result), "expected was " + stage_.reason_of(wanted)});
    }

    void expect_event(const Act& act, const chain::Result& result) {
        const chain::Result wanted = ask(*act.expected);
        if (!wanted.receipt.ok() || wanted.receipt.logs.empty())
            fail(act.expected_range, "this cannot be evaluated: " + stage_.reason_of(wanted));
        const vm::Log& log = wanted.receipt.logs.front();
        const auto is_it = [&](const vm::Log& each) { return each.topics == log.topics && each.data == log.data; };
        const auto is_like = [&](const vm::Log& each) {
            return !each.topics.empty() && !log.topics.empty() && each.topics.front() == log.topics.front();
        };
        const std::vector<vm::Log>& logs = result.receipt.logs;
        if (std::ranges::any_of(logs, is_it)) return;
        const auto similar = std::ranges::count_if(logs, is_like);
        fail(act.expected_range, "this event was not emitted",
             {similar ? "the event was emitted with other values" : fmt::format("other events emitted: {}", logs.size())});
    }

    void expect_condition(const Act& act, const chain::Result& result) {
        if (act.has_encoded_results) {
            board_[act.result_slots.front()] = result.receipt.output;
        } else if (!act.results.empty()) {
            const auto values = abi::decode(act.results, result.receipt.output);
            if (!values) fail(act.range, "what this returns cannot be decoded");
            for (std::size_t i = 0; i < values->size(); ++i) board_[act.result_slots[i]] = (*values)[i];
        }
        condition(*act.expected, act.expected_range, act.probes, "this does not hold after the call");
    }

    void check(const Act& act) { condition(act.question, act.range, act.probes, "this does not hold"); }

    void condition(const Question& question, lang::SourceRange where, const std::vector<lang::Probe>& probes,
                   const char* message) {
        if (!std::get<Word>(answers(question, where).front()).is_zero()) return;
        std::vector<std::string> notes;
        for (const lang::Probe& probe : probes) {
            const ir::Type& type = scenario_->artifact.ir->functions[probe.question.function].returns.front().type;
            if (const auto value = try_answers(probe.question))
                notes.push_back(fmt::format("`{}` is {}", probe.text, stage_.text_of(type, value->front())));
        }
        fail(where, message, std::move(notes));
    }

    void warp(const Act& act) {
        const Word seconds = std::get<Word>(answers(act.question, act.range).front());
        if (vm::bit_length(seconds) > 40) fail(act.range, "time cannot pass that far");
        stage_.pass(seconds.low64());
    }

    void count(const chain::Result& result) {
        ++rehearsal_->calls;
        rehearsal_->gas += result.receipt.gas_used;
    }

    const lang::Compilation* compilation_;
    const lang::CompiledScenario* scenario_;
    Rehearsal* rehearsal_;
    Stage stage_;
    std::vector<abi::Value> board_;
    std::map<std::string, Address> people_;
    std::vector<std::pair<Address, const lang::Artifact*>> deployed_;
    Address asker_, answerer_;
    std::shared_ptr<std::size_t> merges_ = std::make_shared<std::size_t>(0);
};

}  // namespace

Rehearsal rehearse_scenario(const lang::Compilation& compilation, const lang::CompiledScenario& scenario) {
    Rehearsal rehearsal{.kind = Rehearsal::Kind::Scenario, .name = scenario.name};
    try {
        Play(compilation, scenario, rehearsal).play(acts_of(scenario.acts));
    } catch (Failed& failed) {
        rehearsal.failure = std::move(failed.why);
    }
    return rehearsal;
}

}  // namespace interlock::analyzer
