#include "analyzer/attack_log.hpp"

#include <algorithm>

#include "analyzer/explorer/deepen.hpp"

namespace interlock::analyzer {

namespace {

bool gains_as_much(const Trace& trace, const Wealth& gain) {
    for (std::size_t i = 0; i < gain.size(); ++i) {
        if (gain[i].is_zero()) continue;
        if (i == 0 ? trace.gain < gain[i] : trace.tokens[i - 1].after < trace.tokens[i - 1].before + gain[i]) return false;
    }
    return true;
}

// Returns the contract that the attack is about: the first one that she calls or that is called, and that is no
// part of the environment.
ArtifactIndex victim(const World& world, const SuspectedAttack& suspect) {
    for (const DeployedIndex each : suspect.victims)
        if (const auto artifact = world.artifact_of(each)) return *artifact;
    return ArtifactIndex{0};
}

}  // namespace

AttackScript AttackLog::script_of(World& world, const Purse& purse, const Plan& plan, const SuspectedAttack& suspect,
                                  ArtifactIndex accused) const {
    const auto contract = [&](ArtifactIndex index) -> const lang::ir::Contract& {
        return *compilation_->artifacts[static_cast<std::size_t>(index)].ir;
    };
    AttackScript script = make_script(world, plan);
    script.compilation = compilation_;
    const PropertyId first = suspect.broken.empty() ? theft_from(accused) : suspect.broken.front();
    script.which = first;
    script.contract = contract(first.contract).name;
    script.property = first.kind == PropertyKind::Theft ? std::string(to_string(first.kind))
                                                        : statement_of(contract(first.contract), first).label;
    script.kind = suspect.is_reentrant() ? "reentrancy" : "invariant";
    script.id = !suspect.is_reentrant() ? finding_id::plain_violation
                : suspect.excess        ? finding_id::reentrant_excess
                : suspect.surplus       ? finding_id::reentrant_theft
                : !suspect.has_gain()   ? finding_id::reentrant_violation
                                        : finding_id::reentrant_theft;
    if (suspect.excess) {
        const Ledger& ledger = suspect.excess->ledger;
        script.limit = {world.contract(ledger.contract).name,
                        ledger.view,
                        ledger.selector,
                        suspect.excess->limit,
                        ledger.is_total,
                        ledger.id,
                        ledger.is_id_first};
    }
    if (suspect.surplus) script.serial = {purse.assets()[suspect.surplus->asset].name, suspect.surplus->most};
    return script;
}

bool AttackLog::confirm(World& world, const Purse& purse, const SuspectedAttack& suspect) {
    Plan plan = suspect.plan;
    drop_what_is_not_needed(world, purse, plan, suspect);
    make_it_pay(world, purse, plan, suspect);
    const ArtifactIndex accused = victim(world, suspect);
    auto result = run_script(script_of(world, purse, plan, suspect, accused));
    Trace* trace = std::get_if<Trace>(&result);
    if (!trace || !gains_as_much(*trace, suspect.gain) || (suspect.excess && !trace->passes_limit()) ||
        (suspect.surplus && !trace->has_surplus())) {
        note_unconfirmed(result);
        return false;
    }
    for (const PropertyId& property : suspect.broken) {
        const auto change = std::ranges::find(trace->invariants, property, &InvariantChange::invariant);
        if (change == trace->invariants.end() || !change->is_broken()) {
            note_unconfirmed(result);
            return false;
        }
    }
    attribute(*trace);
    if (suspect.is_theft()) {
        robbed_.insert(accused);
        attack_on_.emplace(theft_from(accused), attacks_.size());
    }
    attacks_.push_back(std::move(*trace));
    return true;
}

void AttackLog::note_unconfirmed(const std::variant<Trace, std::string>& result) {
    if (!unconfirmed_.empty()) return;
    if (const auto* why = std::get_if<std::string>(&result)) {
        unconfirmed_ = *why;
        return;
    }
    unconfirmed_ = "the replay ended otherwise";
    for (const TransactionRecord& record : std::get<Trace>(result).transactions)
        if (record.status != "success") {
            unconfirmed_ =
                record.transaction.from + "'s transaction to " + record.transaction.to + " ended with " + record.status;
            for (const CallRecord& call : record.recording.calls)
                if (!call.result.empty()) unconfirmed_ += " (" + call.function + ": " + call.result + ")";
        }
}

// Drops transactions without which the attack works as well.
void AttackLog::drop_what_is_not_needed(const World& world, const Purse& purse, Plan& plan,
                                        const SuspectedAttack& suspect) const {
    for (std::size_t i = plan.size(); i-- > 0;) {
        Plan shorter = plan;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
        if (!shorter.empty() && still_harms(world, purse, shorter, suspect, deadline_)) plan = std::move(shorter);
    }
}

// Who gains some wei gains more with larger numbers, perhaps: that is the better example.
void AttackLog::make_it_pay(const World& world, const Purse& purse, Plan& plan, const SuspectedAttack& suspect) const {
    const Word much{1'000'000'000'000};  // the millionth part of an ether
    const auto is_much = [&](const Word& each) { return !(each < much); };
    if (!suspect.has_gain() || std::ranges::any_of(suspect.gain, is_much)) return;
    SuspectedAttack larger = suspect;
    for (Word& each : larger.gain)
        if (!each.is_zero()) each = much;
    for (const Word& amount : {chain::ether, chain::ether / Word{10}})
        for (auto& [number, other] : enlarged(world, plan, amount)) {
            if (!still_harms(world, purse, other, larger, deadline_)) continue;
            plan = std::move(other);
            return;
        }
}

// Finds the invariants that the next attack in the report stands for. An attack that gains money is preferred to
// one that only does damage.
void AttackLog::attribute(const Trace& trace) {
    const std::size_t index = attacks_.size();
    for (const InvariantChange& change : trace.invariants) {
        if (!change.is_broken()) continue;
        const auto [known, is_first] = attack_on_.try_emplace(change.invariant, index);
        if (!is_first && trace.has_gain() && !attacks_[known->second].has_gain()) known->second = index;
    }
}

std::optional<std::size_t> AttackLog::on(const PropertyId& property) const {
    const auto found = attack_on_.find(property);
    return found == attack_on_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace interlock::analyzer
