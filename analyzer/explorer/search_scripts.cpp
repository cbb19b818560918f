#include <algorithm>
#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/search.hpp"

// Playing scripts: what a plan showed, done again by her and by alice.
namespace interlock::analyzer {

bool Search::play(std::span<const PlannedTransaction> plan, std::uint32_t repeats, Manner manner) {
    expect_newborns();
    was_reached_ = false;
    const std::size_t branches_before = observations_.branches();
    for (const Naming naming : {Naming::Themselves, Naming::Her}) {
        std::optional<Script> script = script_of(world_, plan, naming);
        if (!script) break;
        if (manner != Manner::Own) repertoire_.extend(*script);
        if (manner == Manner::Accompanied) {
            for (const bool counts_further : {false, true})
                if (const auto both = accompanied(*script, counts_further)) play(*both, repeats);
            continue;
        }
        if (manner != Manner::Doubled) {
            play(*script, repeats);
            continue;
        }
        for (std::size_t step = 0; step < script->steps.size(); ++step)
            for (const auto& change : {have_alice_first, double_step})
                if (Script doubled = *script; change(doubled, step)) play(doubled, repeats);
    }
    played_branches_ += observations_.branches() - branches_before;
    return was_reached_;
}

// Performs the transaction, or leaves everything as it was.
bool Search::tries(const PlannedTransaction& planned) {
    const auto here = state_.checkpoint();
    const vm::BlockContext block = state_.block();
    chain::Execution execution(state_);
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    if (perform(world_, execution, planned)) return true;
    state_.rewind_to(here);
    state_.set_block(block);
    return false;
}

namespace {

// Puts the next number in the place of the first small one. Returns whether there is one.
bool count_further(Call& call) {
    constexpr std::uint64_t most_numbers = 16;  // of things that are counted
    for (lang::abi::Data& argument : call.arguments)
        if (const auto* number = std::get_if<vm::Word>(&argument.content); number && *number <= vm::Word{most_numbers}) {
            argument = lang::abi::Data{*number + vm::Word{1}};
            return true;
        }
    return false;
}

}  // namespace

// Performs the step as it is, or with the next number in the place of one, since alice has the one before now.
bool Search::tries(ScriptStep& step) {
    const auto planned = [&] {
        PlannedTransaction planned;
        planned.wait = step.wait;
        planned.is_attack = !step.sender;
        planned.sender = step.sender.value_or(0);
        if (step.sender) planned.call = step.hers.front();
        else planned.activations.emplace_back().calls = step.hers;
        return planned;
    };
    if (tries(planned())) return true;
    const std::vector<Call> before = step.hers;
    if (count_further(step.hers.front()) && tries(planned())) return true;
    step.hers = before;
    return false;
}

// Returns the script with each step but the last, which may be what pays, made for alice, too, and before, where both work
// then; std::nullopt: nowhere. What pays names the next number if `counts_further`.
std::optional<Script> Search::accompanied(const Script& script, bool counts_further) {
    std::vector<ScriptStep> steps;  // of single calls
    for (const ScriptStep& step : script.steps) {
        for (std::size_t c = 0; c < step.alices_calls.size(); ++c)
            steps.push_back({{}, {step.hers[c]}, step.alices_calls[c], {}, c == 0 ? step.wait : Wait{}});
        if (step.sender) steps.push_back(step);
    }
    Script both;
    const auto base = state_.checkpoint();
    const vm::BlockContext base_block = state_.block();
    bool works = true;
    for (std::size_t i = 0; i < steps.size() && works; ++i) {
        ScriptStep hers = steps[i];
        const auto call = std::exchange(hers.alices, std::nullopt);
        if (i + 1 == steps.size()) {  // where she may have to answer: that is played
            if (counts_further && !count_further(hers.hers.front())) works = false;
            both.steps.push_back(std::move(hers));
            break;
        }
        if (call) {
            const auto here = state_.checkpoint();
            const vm::BlockContext block = state_.block();
            ScriptStep alices, after = hers;
            alices.sender = hers.sender.value_or(0);
            alices.hers = {*call};
            alices.wait = std::exchange(after.wait, {});
            if (tries(alices) && tries(after)) {
                both.steps.push_back(std::move(alices));
                both.steps.push_back(std::move(after));
                continue;
            }
            state_.rewind_to(here);
            state_.set_block(block);
        }
        works = tries(hers);
        both.steps.push_back(std::move(hers));
    }
    state_.rewind_to(base);
    state_.set_block(base_block);
    if (!works || both.steps.size() == steps.size()) return std::nullopt;
    std::vector<Call> vocabulary;
    for (auto step = both.steps.rbegin(); step != both.steps.rend(); ++step)
        for (const Call& each : step->hers)
            if (!step->sender && std::ranges::count(vocabulary, each) == 0) vocabulary.push_back(each);
    for (const Call& each : *script.vocabulary)
        if (std::ranges::count(vocabulary, each) == 0) vocabulary.push_back(each);
    both.vocabulary = std::make_shared<const std::vector<Call>>(std::move(vocabulary));
    return both;
}

void Search::play(const Script& script, std::uint32_t repeats) {
    if (hunt_.halted()) return;
    make_executions(plan_.size() + script.steps.size());
    level_ = 0;
    is_observing_ = is_guided_ = false;
    visited_.clear();
    script_ = &script;
    script_start_ = plan_.size();
    follow_script(repeats);
    script_ = nullptr;
}

// Begins with the transaction, and tries everything in it and behind it.
void Search::begin_with(const PlannedTransaction& planned, std::uint32_t budget) {
    Script script;
    script.is_open = true;
    script.vocabulary = candidates_->calls(Caller::Attacker, level_);
    ScriptStep& step = script.steps.emplace_back();
    step.hers = planned.activations.front().calls;
    step.wait = planned.wait;
    script_ = &script;
    script_start_ = plan_.size();
    follow_script(budget);
    script_ = nullptr;
}

// `budget` is the number of calls that she may still repeat.
void Search::follow_script(std::uint32_t budget) {
    const std::size_t at = plan_.size() - script_start_;
    if (at == script_->steps.size() && script_->is_open) {
        const Script* const script = std::exchange(script_, nullptr);
        from_quiescence(budget);
        script_ = script;
        return;
    }
    if (at == script_->steps.size() || hunt_.halted() || !is_new(0, budget)) return;
    const ScriptStep& step = script_->steps[at];
    const vm::BlockContext block = state_.block();
    world_.pass(step.wait);
    pending_wait_ = step.wait;
    if (!step.sender) attack_transaction(budget);
    const Call* const single = step.sender ? &step.hers.front() : step.alices ? &*step.alices : nullptr;
    if (single && world_.is_there(world_.contract(single->contract)))
        single_call(step.sender.value_or(0), *single, message_of(world_, *single), budget);
    pending_wait_ = {};
    state_.set_block(block);
}

}  // namespace interlock::analyzer
