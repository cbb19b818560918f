#include "analyzer/explorer/judge.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/explorer/dealings.hpp"
#include "analyzer/explorer/perform.hpp"

namespace interlock::analyzer {

namespace {

// Shares of the time that may go into comparing states: those of a re-entry that was compared before, and all.
constexpr double most_serialising_again = 0.35, most_serialising = 0.6;

// Returns the contract that waits while control is with her, at an activation.
std::optional<DeployedIndex> waiting_at(const PlannedTransaction& planned, const Activation& activation) {
    if (activation.during) return planned.activations[activation.during->activation].calls[activation.during->call].contract;
    if (planned.is_attack) return std::nullopt;
    return planned.call.contract;
}

// Returns the contracts that are called again while they wait, then those that wait while she calls others, then those that
// she calls, then those that others call.
std::vector<DeployedIndex> victims(const Plan& plan) {
    std::vector<DeployedIndex> list;
    const auto add = [&](DeployedIndex index) {
        if (std::find(list.begin(), list.end(), index) == list.end()) list.push_back(index);
    };
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations)
            for (const Call& call : activation.calls)
                if (waiting_at(planned, activation) == call.contract) add(call.contract);
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations)
            if (const auto waiting = waiting_at(planned, activation); waiting && !activation.calls.empty()) add(*waiting);
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations)
            for (const Call& call : activation.calls) add(call.contract);
    for (const PlannedTransaction& planned : plan)
        if (!planned.is_attack) add(planned.call.contract);
    return list;
}

}  // namespace

Judge::Judge(Root& root, Hunt& hunt)
    : root_(root),
      world_(root.world),
      hunt_(hunt),
      start_(root.world),
      purse_(root.world),
      start_wealth_(purse_.of_attacker(world_)),
      others_at_start_(purse_.of_others(world_)),
      high_entries_(2 * (purse_.ledgers().size() + purse_.totals().size())),
      is_free_(start_wealth_.size(), false),
      granted_(start_wealth_.size()) {
    start_.state().keep_history(true);
    start_.state().keep_fingerprint(true);
    for (const Preparation& paid : world_.recipe().attacker) start_wealth_.front() += paid.value;
}

void Judge::at_start() {
    SuspectedAttack suspect;
    for (const InvariantReading& reading : read_invariants(world_)) {
        if (hunt_.quarry.false_at_start.contains(reading.invariant)) continue;
        if (!reading.is_false()) {
            if (!hunt_.hooks.is_open || hunt_.hooks.is_open(reading.invariant))
                hunt_.quarry.open_properties.insert(reading.invariant);
            continue;
        }
        hunt_.quarry.false_at_start.insert(reading.invariant);
        if (!hunt_.hooks.is_open || hunt_.hooks.is_open(reading.invariant)) suspect.broken.push_back(reading.invariant);
    }
    if (!suspect.broken.empty()) {
        suspect.gain.assign(start_wealth_.size(), Word{});
        ++hunt_.stats.replays;
        if (!hunt_.hooks.confirm(root_, purse_, suspect)) ++hunt_.stats.unconfirmed;
    }
}

// What anybody can have for nothing, again and again, is no gain in itself: it must be somebody's loss.
void Judge::after_prelude() {
    const Wealth now = purse_.of_attacker(world_);
    for (std::size_t i = 0; i < now.size(); ++i) start_wealth_[i] = std::max(start_wealth_[i], now[i]);
}

void Judge::find_free_assets(Candidates& candidates) {
    if (purse_.assets().size() == 1) return;
    constexpr int often = 5;
    chain::Execution execution(world_.state());
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    const auto calls = candidates.calls(Caller::Attacker, 0);
    for (const Call& call : *calls) {
        const auto here = world_.state().checkpoint();
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, {call}});
        std::vector<bool> grows(is_free_.size(), true);
        Wealth before = purse_.of_attacker(world_);
        for (int time = 0; time < often; ++time) {
            if (!perform(world_, execution, planned)) {
                grows.assign(grows.size(), false);
                break;
            }
            Wealth after = purse_.of_attacker(world_);
            const bool costs_nothing = is_nowhere_below(after, before);
            for (std::size_t i = 1; i < grows.size() && time == 0 && costs_nothing; ++i)
                granted_[i] = std::max(granted_[i], after[i] - before[i]);
            for (std::size_t i = 0; i < grows.size(); ++i) grows[i] = grows[i] && costs_nothing && after[i] > before[i];
            before = std::move(after);
        }
        world_.state().rewind_to(here);
        for (std::size_t i = 1; i < grows.size(); ++i)
            if (grows[i]) is_free_[i] = true;
    }
}

bool Judge::are_invariants_kept(SuspectedAttack& suspect) {
    chain::Fingerprint state = world_.state().fingerprint();
    const vm::BlockContext& block = world_.state().block();
    state.low ^= (block.timestamp * 31 + block.number) * 0x9e3779b97f4a7c15ULL;  // an invariant may be about time
    if (sound_states_.contains(state)) return true;
    bool is_sound = true;
    for (const InvariantReading& reading : read_invariants(world_)) {
        if (!reading.is_false() || hunt_.quarry.false_at_start.contains(reading.invariant)) continue;
        is_sound = false;
        if (hunt_.quarry.is_open(reading.invariant)) suspect.broken.push_back(reading.invariant);
    }
    if (is_sound) sound_states_.insert(state);
    return is_sound;
}

double Judge::share_of_serialising(const Plan& plan) const {
    return compared_.contains(shape_of_reentry(plan)) ? most_serialising_again : most_serialising;
}

// Where somebody gave something away, all orders leave her richer, of one thing or the other, as she chose numbers and as they
// were rounded: then she has to have a good part more of one than those in which most calls work, and no less of any other.
bool Judge::is_much_more(std::size_t asset, const Wealth& wealth, const Serialisations& serial) const {
    constexpr std::uint64_t part = 4;
    return std::ranges::all_of(serial.ends_where_most_works, [&](const std::vector<Word>& end) {
        for (std::size_t i = 0; i < wealth.size(); ++i)
            if (wealth[i] < end[i]) return false;
        return !((wealth[asset] - end[asset]) * Word{part} < wealth[asset] - start_wealth_[asset]);
    });
}

void Judge::note_gain(const Plan& plan, SuspectedAttack& suspect, const Wealth& wealth, const Serialisations& serial) {
    if (!is_nowhere_below(wealth, start_wealth_)) {
        const auto asset = gains_at_little_cost(wealth, serial.best);
        if (!asset || pays_in_a_callback(world_, plan)) return;
        suspect.gain[*asset] = wealth[*asset] - start_wealth_[*asset];
        suspect.must_be_lost[*asset] = suspect.costs_little = true;
        return;
    }
    if (!serial.are_beaten_by(wealth)) return;
    const bool is_from_gift = has_gift_of_tokens(world_, own_part(plan), true);
    for (std::size_t i = 0; i < wealth.size(); ++i) {
        if (!(wealth[i] > start_wealth_[i]) || (is_from_gift && !is_much_more(i, wealth, serial))) continue;
        const Word gained = wealth[i] - start_wealth_[i];
        const Word granted = granted_[i] * Word{world_.hers().size()};  // to each account of hers
        if (costs_others(i) || (!is_free_[i] && gained > granted)) suspect.gain[i] = gained;
    }
}

Wealth Judge::lost_by_users() {
    std::vector<Address> users;
    for (const Account& user : world_.users()) users.push_back(user.address);
    const Wealth before = purse_.of(start_, users), now = purse_.of(world_, users);
    Wealth lost(now.size());
    for (std::size_t i = 0; i < now.size(); ++i)
        if (now[i] < before[i]) lost[i] = before[i] - now[i];
    return lost;
}

bool Judge::costs_others(std::size_t asset) const { return purse_.of_others(world_, asset) < others_at_start_[asset]; }

std::optional<std::size_t> Judge::gains_at_little_cost(const Wealth& wealth, const Wealth& serially) const {
    const Wealth all = sum_of(start_wealth_, others_at_start_);
    for (std::size_t i = 0; i < wealth.size(); ++i)
        if (outweighs(i, wealth, with_at_least(start_wealth_, i, serially[i]), all) && costs_others(i)) return i;
    return std::nullopt;
}

Judge::Opinion Judge::examine(const Plan& plan, bool is_kept) {
    Opinion opinion;
    SuspectedAttack suspect;
    opinion.is_sound = are_invariants_kept(suspect);
    opinion.is_reentrant = reentries(plan) != 0;
    if (!opinion.is_reentrant) {
        serial_states_.insert(world_.state().fingerprint());
        if (suspect.broken.empty()) return opinion;
    }

    suspect.gain.assign(start_wealth_.size(), Word{});
    suspect.must_be_lost = is_free_;
    if (opinion.is_reentrant) {
        const Wealth wealth = purse_.of_attacker(world_);
        const bool may_gain = hunt_.quarry.theft_is_open && wealth != start_wealth_ &&
                              (is_nowhere_below(wealth, start_wealth_) || gains_at_little_cost(wealth, start_wealth_));
        const chain::Fingerprint here = world_.state().fingerprint();
        if (!may_gain && suspect.broken.empty() &&
            (plan.back().reentries() == 0 || serial_states_.contains(here) || is_kept ||
             hunt_.seconds_serialising > share_of_serialising(plan) * hunt_.seconds()))
            return opinion;
        compared_.insert(shape_of_reentry(plan));
        const double before = hunt_.seconds();
        const Serialisations serial = serialise(start_, purse_, plan, here, hunt_.hooks.deadline);
        hunt_.serial_orders += serial.orders;
        hunt_.seconds_serialising += hunt_.seconds() - before;
        if (!serial.all) return opinion;
        const Plan own = own_part(plan);
        const bool proves_nothing = (!serial.all_calls_work && has_donation(world_, own)) || believes_her(world_, own) ||
                                    changes_her_answer(world_, plan) || has_gift_of_tokens(world_, own, false) ||
                                    plays_two_parts(world_, plan) ||
                                    believes_her_numbers(start_, purse_, plan, hunt_.hooks.deadline);
        if (!serial.reaches_state && plan.back().reentries() != 0) {
            const std::vector<Word> entries = entries_of_attacker(world_, purse_.ledgers());
            opinion.promise = serial.are_below(wealth, entries) ? Promise::Riches : Promise::Unserial;
            if (!proves_nothing) opinion.is_paid_excess = note_excess(plan, serial, wealth, entries);
            if (!proves_nothing && opinion.promise == Promise::Riches) note_surplus(plan, serial, wealth, entries);
        }
        if (may_gain && !proves_nothing) note_gain(plan, suspect, wealth, serial);
        if (suspect.has_gain() && (lets_her_have_it(world_, own, suspect.gain, true) ||
                                   keeps_what_he_paid(world_, own, suspect.gain, lost_by_users())))
            suspect.gain.assign(start_wealth_.size(), Word{});
        if (suspect.has_gain()) {
            const Serialisations other = serialise_otherwise(start_, purse_, plan, here, hunt_.hooks.deadline);
            if (hunt_.hooks.deadline.has_passed()) return opinion;  // not all of it was looked at
            const bool stands =
                suspect.costs_little ? gains_at_little_cost(wealth, other.best).has_value() : other.are_beaten_by(wealth);
            if (!stands) suspect.gain.assign(start_wealth_.size(), Word{});
        }
        std::erase_if(suspect.broken, [&](const PropertyId& property) { return serial.broken.contains(property); });
        if (suspect.broken.empty() && !suspect.has_gain()) return opinion;
    }

    suspect.plan = plan;
    suspect.victims = victims(plan);
    confirm(suspect);
    return opinion;
}

void Judge::confirm(const SuspectedAttack& suspect) {
    Quarry& quarry = hunt_.quarry;
    const std::lock_guard lock(quarry.mutex);
    // Another thread may have found the same.
    const auto is_open = [&](const PropertyId& property) { return quarry.open_properties.contains(property); };
    if (!(suspect.is_theft() && quarry.theft_is_open) && std::ranges::none_of(suspect.broken, is_open)) return;
    ++hunt_.stats.replays;
    if (hunt_.hooks.confirm(root_, purse_, suspect)) {
        for (const PropertyId& property : suspect.broken) quarry.open_properties.erase(property);
        if (suspect.is_theft()) quarry.theft_is_open = false;
        quarry.settle();
    } else {
        ++hunt_.stats.unconfirmed;
    }
}

// Returns what follows the prelude.
Plan Judge::own_part(const Plan& plan) const {
    return {plan.begin() + static_cast<std::ptrdiff_t>(root_.prelude.size()), plan.end()};
}

// --- surpluses ---

void Judge::note_surplus(const Plan& plan, const Serialisations& serial, const Wealth& wealth,
                         const std::vector<Word>& entries) {
    constexpr std::uint64_t most_rounding = 1'000'000;  // a surplus is more than the millionth part of what is moved
    if (!hunt_.quarry.theft_is_open) return;
    if (pays_in_a_callback(world_, plan)) return;
    const auto asset = serial.surplus_of(purse_, wealth, entries);
    if (!asset || is_free_[*asset] || surpluses_.contains(*asset)) return;
    const Word start = start_wealth_[*asset], most = serial.most_where_most_works(*asset);
    const Word moved = most < start ? start - most : most - start;
    Wealth more(wealth.size());
    more[*asset] = wealth[*asset] - most;
    if (lets_her_have_it(world_, own_part(plan), more, false)) return;
    // If the same calls one after the other give her nothing for what she pays, it may be that it has to be paid in
    // between: there is nothing to compare with.
    if (!moved.is_zero() && (wealth[*asset] - most) * Word{most_rounding} > moved)
        surpluses_.emplace(*asset, FoundSurplus{plan, {*asset, most}, {wealth, entries}});
}

void Judge::judge_surpluses(Candidates& candidates) {
    for (const auto& [asset, found] : std::exchange(surpluses_, {})) {
        if (!hunt_.quarry.theft_is_open || hunt_.is_stopped()) return;
        // What she is still owed counts as if she had it.
        const std::optional<Word> limit =
            serial_limit(world_, candidates, purse_, asset, found.holdings, own_part(found.plan), hunt_.hooks.deadline);
        if (!limit || !(found.holdings.wealth[asset] > *limit)) continue;
        SuspectedAttack suspect;
        suspect.plan = found.plan;
        suspect.gain.assign(start_wealth_.size(), Word{});
        suspect.surplus = found.surplus;
        suspect.victims = victims(found.plan);
        confirm(suspect);
    }
}

// --- ledgers ---

bool is_of_money(const Word& limit) { return bit_length(limit) > 30; }

bool Judge::HighEntry::is_paid() const { return is_of_money(value) && !(value > paid); }

bool Judge::note_excess(const Plan& plan, const Serialisations& serial, const Wealth& wealth,
                        const std::vector<Word>& entries) {
    if (!hunt_.quarry.theft_is_open) return false;
    Word paid;
    for (std::size_t i = 0; i < wealth.size(); ++i)
        if (wealth[i] < start_wealth_[i]) paid = std::max(paid, start_wealth_[i] - wealth[i]);
    // What is counted is judged apart from what is of money: a few more seats than there are, behind a lot of small change.
    const std::size_t ledgers = entries.size() + purse_.totals().size();
    bool has_paid_one = false;
    const auto note = [&](std::size_t i, const Word& entry, const Word& serially) {
        HighEntry& high = high_entries_[is_of_money(entry) ? i : ledgers + i];
        if (!(entry > serially)) return;
        HighEntry found{plan, entry, {}, paid};
        has_paid_one |= found.is_paid();
        const bool was_paid = high.is_paid();
        if (high.value.is_zero() || (found.is_paid() != was_paid ? was_paid : entry > high.value)) high = std::move(found);
    };
    for (std::size_t i = 0; i < entries.size(); ++i) note(i, entries[i], serial.entries[i]);
    // What works only while somebody waits, as a loan that is paid back, is counted in no order.
    if (!serial.all_calls_work) return has_paid_one;
    const std::vector<Word> totals = entries_of_attacker(world_, purse_.totals());
    for (std::size_t i = 0; i < totals.size(); ++i)
        if (!is_of_money(totals[i])) note(entries.size() + i, totals[i], serial.totals[i]);
    return has_paid_one;
}

const Ledger& Judge::ledger(std::size_t i) const {
    const std::size_t own = purse_.ledgers().size();
    i %= own + purse_.totals().size();
    return i < own ? purse_.ledgers()[i] : purse_.totals()[i - own];
}

bool Judge::has_excess() const {
    return std::ranges::any_of(high_entries_, [](const HighEntry& high) { return high.value != high.judged; });
}

void Judge::judge_excesses(Candidates& candidates, const Deadline& deadline) {
    for (std::size_t i = 0; i < high_entries_.size() && hunt_.quarry.theft_is_open && !deadline.has_passed(); ++i) {
        HighEntry& high = high_entries_[i];
        if (high.value == high.judged) continue;
        const Ledger& ledger = this->ledger(i);
        const std::optional<Word> limit = serial_limit(world_, candidates, purse_, ledger, own_part(high.plan), deadline);
        if (!limit) continue;
        high.judged = high.value;
        if (!(high.value > *limit) || (!high.paid.is_zero() && limit->is_zero())) continue;
        if (is_of_money(*limit) && high.is_paid()) continue;
        SuspectedAttack suspect;
        suspect.plan = high.plan;
        suspect.gain.assign(start_wealth_.size(), Word{});
        suspect.excess = {ledger, *limit};
        suspect.victims = victims(high.plan);
        suspect.victims.insert(suspect.victims.begin(), ledger.contract);
        confirm(suspect);
    }
}

}  // namespace interlock::analyzer
