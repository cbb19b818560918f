#include "analyzer/explorer/serialise.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "analyzer/explorer/kept_states.hpp"
#include "analyzer/explorer/serial_run.hpp"

namespace interlock::analyzer {

namespace {

// What she answers where control reaches her during a call: the same to each selector; a refusal always; callback by
// callback, what she answered in the plan; or what she was told.
enum class Answers : std::uint8_t { BySelector, Refusal, AsInPlan, Told };

std::vector<vm::Reply> replies_during(const PlannedTransaction& planned, const std::optional<Activation::Origin>& call) {
    std::vector<vm::Reply> replies;
    for (std::size_t i = planned.is_attack ? 1 : 0; i < planned.activations.size(); ++i)
        if (const Activation& activation = planned.activations[i]; activation.during == call)
            replies.push_back({activation.reverts, activation.answer, {}});
    return replies;
}

// Returns all calls of the attacker in one transaction, in the order in which they started.
std::vector<SerialCall> flat_calls(const PlannedTransaction& planned, Answers answers) {
    std::vector<SerialCall> calls;
    for (std::uint32_t i = 0; i < planned.activations.size(); ++i)
        for (std::uint32_t c = 0; c < planned.activations[i].calls.size(); ++c) {
            calls.push_back({planned.activations[i].calls[c]});
            if (answers == Answers::AsInPlan) calls.back().replies = replies_during(planned, Activation::Origin{i, c});
        }
    return calls;
}

// Returns for each call the first one that is equal to it. To exchange equal calls gives no other order.
std::vector<std::size_t> first_equals(const std::vector<SerialCall>& calls) {
    std::vector<std::size_t> firsts;
    for (const SerialCall& call : calls)
        firsts.push_back(static_cast<std::size_t>(std::ranges::find(calls, call) - calls.begin()));
    return firsts;
}

constexpr std::uint32_t max_orders = 1'000;

std::vector<Word> joined(const Wealth& wealth, const std::vector<Word>& entries) {
    std::vector<Word> all = wealth;
    all.insert(all.end(), entries.begin(), entries.end());
    return all;
}

class Serialiser {
  public:
    Serialiser(World& start, const Purse& purse, const Plan& plan, const chain::Fingerprint& state, const Deadline& deadline)
        : world_(start),
          purse_(purse),
          plan_(plan),
          state_(state),
          deadline_(deadline),
          serial_(world_),
          works_(plan.size()) {}

    Serialisations run() {
        const auto start = world_.state().checkpoint();
        begin();
        const auto has = [&](const auto& answers) {
            return std::ranges::any_of(
                plan_, [&](const PlannedTransaction& planned) { return std::ranges::any_of(planned.activations, answers); });
        };
        const bool refuses = has([](const Activation& activation) { return activation.reverts; });
        from(0);
        answers_ = Answers::Refusal;
        if (refuses) from(0);
        answers_ = Answers::AsInPlan;
        if (refuses || has([](const Activation& activation) { return !activation.answer.empty(); })) from(0);
        look_for_gifts();
        result_.all_calls_work = true;
        for (std::size_t i = 0; i < plan_.size(); ++i)
            for (const Activation& activation : plan_[i].activations)
                for (const Call& call : activation.calls) result_.all_calls_work &= std::ranges::count(works_[i], call) != 0;
        world_.state().rewind_to(start);
        return std::move(result_);
    }

    Serialisations run_otherwise() {
        constexpr std::size_t most_told = 3, most_left_out = 6;
        const auto start = world_.state().checkpoint();
        begin();
        const bool answers_number = std::ranges::any_of(plan_, [](const PlannedTransaction& planned) {
            return std::ranges::any_of(planned.activations, [](const Activation& each) { return each.answers_number(); });
        });
        // Equal calls are left out together where there are many.
        std::vector<std::vector<Place>> groups = groups_of_hers(false, false);
        if (groups.size() > most_left_out) groups = groups_of_hers(false, true);
        if (groups.size() > most_left_out) groups = groups_of_hers(true, false);
        const std::uint32_t everything = (1u << groups.size()) - 1;
        for (std::uint32_t left_out = 0; left_out <= everything; ++left_out) {
            if (groups.size() > most_left_out && left_out != 0) left_out = everything;
            left_out_.clear();
            for (std::size_t i = 0; i < groups.size(); ++i)
                if ((left_out >> i & 1u) != 0) left_out_.insert(groups[i].begin(), groups[i].end());
            answers_ = Answers::AsInPlan;
            if (left_out != 0) anew();
            answers_ = Answers::Told;
            for (told_ = 0; answers_number && told_ < most_told; ++told_) anew();
        }
        left_out_.clear();
        answers_ = Answers::AsInPlan;
        bring_more_at_once();
        bring_nothing();
        repeat_calls();
        world_.state().rewind_to(start);
        return std::move(result_);
    }

    // With the answers of the plan alone. Returns the most that she has, and the most that is said of her.
    std::pair<Wealth, std::vector<Word>> most_by_plan() {
        const auto start = world_.state().checkpoint();
        begin();
        answers_ = Answers::AsInPlan;
        from(0);
        world_.state().rewind_to(start);
        return {result_.best, result_.entries};
    }

  private:
    using Gifts = std::vector<std::pair<std::size_t, Call>>;

    using Place = std::pair<std::size_t, std::size_t>;  // of a call: its transaction, and its place in flat_calls()

    void anew() {
        done_.clear();
        from(0);
        result_.orders = 0;
        result_.all = true;
    }

    // Behind the transaction that re-entered last, or behind the plan, she makes all calls of the plan, as often as she
    // re-entered: hers, and what others did for nothing.
    void repeat_calls() {
        constexpr std::uint32_t most_repeats = 6;
        const auto add = [&](SerialCall call) {
            if (std::ranges::find(repeated_, call) == repeated_.end()) repeated_.push_back(std::move(call));
        };
        std::size_t behind = 0;
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            if (!plan_[i].is_attack && plan_[i].call.value.is_zero()) add({plan_[i].call});
            for (SerialCall& call : flat_calls(plan_[i], answers_)) add(std::move(call));
            if (plan_[i].reentries() != 0) behind = i + 1;
        }
        const auto pays = [](const SerialCall& each) { return !each.call.value.is_zero(); };
        repeats_ = std::min(reentries(plan_), most_repeats);
        for (const bool without_payments : {false, true}) {
            if (without_payments && std::erase_if(repeated_, pays) == 0) break;
            for (const std::size_t at : std::set{behind, plan_.size()}) {
                repeats_at_ = at;
                anew();
            }
        }
        repeats_ = 0;
    }

    // Tokens that she sends a contract while it waits for her may be what she could have brought with the waiting call.
    void bring_more_at_once() {
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            const std::vector<Activation>& activations = plan_[i].activations;
            std::vector<std::size_t> first{0};  // by activation: the place of its calls
            for (const Activation& each : activations) first.push_back(first.back() + each.calls.size());
            for (std::size_t k = 0; k < activations.size(); ++k) {
                std::optional<Activation::Origin> outer = activations[k].during;
                if (!outer) continue;
                while (const auto around = activations[outer->activation].during) outer = around;
                const std::vector<lang::abi::Data>& passed = activations[outer->activation].calls[outer->call].arguments;
                for (std::size_t c = 0; c < activations[k].calls.size(); ++c) {
                    const auto sent = sent_to_contract(activations[k].calls[c]);
                    for (std::size_t j = 0; j < passed.size() && sent; ++j) {
                        const Word* const amount = std::get_if<Word>(&passed[j].content);
                        if (!amount || amount->is_zero() || bit_length(*amount) > most_bits) continue;
                        left_out_ = {{i, first[k] + c}};
                        altered_ = {{i, first[outer->activation] + outer->call}, j, *amount + *sent};
                        anew();
                    }
                }
            }
        }
        left_out_.clear();
        altered_.reset();
    }

    // With nothing, a call may do what it does beside; she may also make it so once more.
    void bring_nothing() {
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            const std::vector<SerialCall> calls = flat_calls(plan_[i], answers_);
            for (std::size_t c = 0; c < calls.size(); ++c)
                for (std::size_t j = 0; j < calls[c].call.arguments.size(); ++j) {
                    const Word* const amount = std::get_if<Word>(&calls[c].call.arguments[j].content);
                    if (!amount || amount->is_zero() || bit_length(*amount) > most_bits) continue;
                    for (const bool is_added : {false, true}) {
                        altered_ = {{i, c}, j, Word{}, is_added};
                        anew();
                    }
                }
        }
        altered_.reset();
    }

    // Returns how much, if all that the call is told is a contract of the system, which is not hers, and a number.
    [[nodiscard]] std::optional<Word> sent_to_contract(const Call& call) const {
        if (call.arguments.size() != 2 || !call.value.is_zero()) return std::nullopt;
        const Word *const to = std::get_if<Word>(&call.arguments[0].content), *const amount = std::get_if<Word>(
                                                                                  &call.arguments[1].content);
        if (!to || !amount || amount->is_zero() || bit_length(*amount) > most_bits) return std::nullopt;
        const auto is_it = [&](const DeployedContract& each) { return vm::to_word(each.address) == *to; };
        return std::ranges::any_of(world_.contracts(), is_it) ? std::optional(*amount) : std::nullopt;
    }

    // Returns the calls that she makes, or only those while others wait, each alone or equal ones together.
    std::vector<std::vector<Place>> groups_of_hers(bool only_inside, bool joins_equal) const {
        constexpr std::size_t most_groups = 31;
        std::vector<std::vector<Place>> groups;
        std::vector<const Call*> first;
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            std::size_t place = 0;
            for (std::size_t k = 0; k < plan_[i].activations.size(); ++k)
                for (const Call& call : plan_[i].activations[k].calls) {
                    const Place its{i, place++};
                    if (only_inside && k == 0 && plan_[i].is_attack) continue;
                    const auto equal = std::ranges::find_if(first, [&](const Call* each) { return *each == call; });
                    if (joins_equal && equal != first.end()) {
                        groups[static_cast<std::size_t>(equal - first.begin())].push_back(its);
                    } else if (groups.size() < most_groups) {
                        groups.push_back({its});
                        first.push_back(&call);
                    }
                }
        }
        return groups;
    }

    void begin() {
        result_.best = purse_.of_attacker(world_);
        result_.entries = entries_of_attacker(world_, purse_.ledgers());
        result_.totals = entries_of_attacker(world_, purse_.totals());
        nonce_at_start_ = world_.state().nonce(world_.mallory().address);
    }

    // What she pays in while others wait may be lost on her: then it is as if she had only forced the ether in, between
    // two calls or while she is called.
    void look_for_gifts() {
        const bool was_all = result_.all;
        const std::uint32_t orders = result_.orders;
        const auto pays = [](const Call& call) { return !call.value.is_zero(); };
        std::vector<Place> paid;
        for (std::size_t i = 0; i < plan_.size(); ++i) {
            std::size_t place = 0;
            for (std::size_t k = 0; k < plan_[i].activations.size(); ++k)
                for (const Call& call : plan_[i].activations[k].calls) {
                    if (pays(call) && (k != 0 || !plan_[i].is_attack)) paid.emplace_back(i, place);
                    ++place;
                }
        }
        constexpr std::size_t most_gifts = 3;
        if (paid.size() > most_gifts) return;
        answers_ = Answers::BySelector;
        for (std::uint32_t some = 1; some < 1u << paid.size() && was_all; ++some)
            for (const bool meanwhile : {false, true}) {
                if (result_.reaches_state) break;
                gifts_.clear();
                for (std::size_t i = 0; i < paid.size(); ++i)
                    if ((some >> i & 1u) != 0) gifts_.insert(paid[i]);
                gives_meanwhile_ = meanwhile;
                done_.clear();
                from(0);
            }
        gifts_.clear();
        result_.all = was_all;
        result_.orders = orders;
    }

    // Runs all orders of the planned transactions from `index` on; from a state in which that was done, it only counts them.
    void from(std::size_t index) {
        if (repeats_ != 0 && index == repeats_at_) return repeat_and_go_on(index);
        go_on_from(index);
    }

    void repeat_and_go_on(std::size_t index) {
        const auto here = world_.state().checkpoint();
        for (std::uint32_t i = 0; i < repeats_; ++i) {
            (void)serial_.attack(repeated_);
            go_on_from(index);
        }
        world_.state().rewind_to(here);
    }

    void go_on_from(std::size_t index) {
        if (index == plan_.size()) return at_end();
        const chain::Fingerprint here = world_.state().fingerprint();
        const std::uint64_t circumstances = (index * 4 + static_cast<std::uint64_t>(answers_)) << 32U | failures_;
        const auto [known, is_new] =
            done_.try_emplace({here.high, here.low ^ circumstances * 0x9e3779b97f4a7c15ULL}, result_.orders);
        if (!is_new) {
            result_.orders += known->second;
            if (result_.orders <= max_orders) return;
            result_.orders = max_orders;
            result_.all = false;
            return;
        }
        std::uint32_t& orders = known->second;  // stays where it is, whatever is added
        run_orders(index);
        orders = result_.orders - orders;
    }

    void run_orders(std::size_t index) {
        const PlannedTransaction& planned = plan_[index];
        std::vector<SerialCall> calls = flat_calls(planned, answers_);
        for (std::size_t i = 0; i < calls.size(); ++i) calls[i].is_gift = gifts_.contains({index, i});
        if (altered_ && altered_->of.first == index) {
            if (altered_->is_added) calls.push_back(calls[altered_->of.second]);
            SerialCall& other = altered_->is_added ? calls.back() : calls[altered_->of.second];
            other.call.arguments[altered_->argument] = altered_->amount;
        }
        for (std::size_t i = calls.size(); i-- > 0;)
            if (left_out_.contains({index, i})) calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(i));
        const Gifts own_gifts = gives_meanwhile_ ? take_along_gifts(planned, calls) : Gifts{};
        std::vector<std::size_t> order = first_equals(calls);
        std::ranges::sort(order);
        do {
            if (result_.orders >= max_orders || deadline_.has_passed()) {
                result_.all = false;
                return;
            }
            std::vector<SerialCall> ordered;
            for (const std::size_t i : order) ordered.push_back(calls[i]);
            in_order(index, ordered, own_gifts);
        } while (std::next_permutation(order.begin(), order.end()));
    }

    // The gifts come while she is called, by the call during which she made them. Returns those of the transaction's own call.
    static Gifts take_along_gifts(const PlannedTransaction& planned, std::vector<SerialCall>& calls) {
        std::size_t place = 0;
        std::vector<std::size_t> first;  // by activation: the place of its calls
        Gifts own;
        std::vector<std::optional<Activation::Origin>> during;  // by activation before this one
        for (const Activation& each : planned.activations) {
            first.push_back(place);
            const auto turn = static_cast<std::size_t>(std::ranges::count(during, each.during));
            for (std::size_t i = place; i < place + each.calls.size(); ++i) {
                if (!calls[i].is_gift) continue;
                Gifts& gifts = each.during ? calls[first[each.during->activation] + each.during->call].gifts : own;
                gifts.emplace_back(turn, calls[i].call);
            }
            place += each.calls.size();
            during.push_back(each.during);
        }
        std::erase_if(calls, [](const SerialCall& each) { return each.is_gift; });
        return own;
    }

    // Moves her calls out of an honest user's transaction into one of her own, before it or after it.
    void in_order(std::size_t index, const std::vector<SerialCall>& calls, const Gifts& own_gifts) {
        const PlannedTransaction& planned = plan_[index];
        const bool has_both = !planned.is_attack && !calls.empty();
        const auto own_replies =
            answers_ == Answers::AsInPlan ? replies_during(planned, std::nullopt) : std::vector<vm::Reply>{};
        for (const bool is_hers_first : {false, true}) {
            if (is_hers_first && !has_both) break;
            const auto here = world_.state().checkpoint();
            const vm::BlockContext block = world_.state().block();
            const std::uint32_t failures = failures_;
            world_.pass(planned.wait);
            serial_.answer_as_in(planned.activations);
            if (answers_ == Answers::Refusal) serial_.refuse();
            if (answers_ == Answers::Told) serial_.answer_what_was_told(planned.activations, told_);
            if (is_hers_first) note_what_works(index, calls, serial_.attack(calls));
            if (!planned.is_attack)
                failures_ += !serial_.send(planned.sender, {planned.call, own_replies, false, own_gifts});
            if (!is_hers_first && (planned.is_attack || has_both)) note_what_works(index, calls, serial_.attack(calls));
            from(index + 1);
            failures_ = failures;
            world_.state().rewind_to(here);
            world_.state().set_block(block);
        }
    }

    void at_end() {
        ++result_.orders;
        if (!gifts_.empty()) {
            note_totals();
            return compare_state();
        }
        const auto [known, is_new] = ends_.try_emplace(world_.state().fingerprint());
        if (is_new) known->second = look_at_end();
        const std::vector<Word>& holdings = known->second;
        if (failures_ < result_.fewest_failures) {
            result_.fewest_failures = failures_;
            result_.ends_where_most_works.clear();
        }
        if (failures_ == result_.fewest_failures && std::ranges::count(result_.ends_where_most_works, holdings) == 0)
            result_.ends_where_most_works.push_back(holdings);
    }

    // Returns her holdings in a state to which no order led before.
    std::vector<Word> look_at_end() {
        const Wealth wealth = purse_.of_attacker(world_);
        for (std::size_t i = 0; i < wealth.size(); ++i) result_.best[i] = std::max(result_.best[i], wealth[i]);
        const std::vector<Word> entries = entries_of_attacker(world_, purse_.ledgers());
        for (std::size_t i = 0; i < entries.size(); ++i) result_.entries[i] = std::max(result_.entries[i], entries[i]);
        note_totals();
        const std::vector<Word> holdings = joined(wealth, entries);
        if (std::ranges::none_of(result_.ends, [&](const auto& end) { return is_nowhere_below(end, holdings); })) {
            std::erase_if(result_.ends, [&](const auto& end) { return is_nowhere_below(holdings, end); });
            result_.ends.push_back(holdings);
        }
        compare_state();
        for (const InvariantReading& reading : read_invariants(world_))
            if (reading.is_false()) result_.broken.insert(reading.invariant);
        return holdings;
    }

    void note_totals() {
        const std::vector<Word> totals = entries_of_attacker(world_, purse_.totals());
        for (std::size_t i = 0; i < totals.size(); ++i) result_.totals[i] = std::max(result_.totals[i], totals[i]);
    }

    void compare_state() {
        // Calls that she makes in another's transaction take one of her own here.
        std::uint64_t sent = nonce_at_start_;
        for (const PlannedTransaction& planned : plan_) sent += planned.is_attack || planned.sender == World::accomplice;
        world_.state().set_nonce(world_.mallory().address, sent);
        result_.reaches_state |= world_.state().fingerprint() == state_;
    }

    void note_what_works(std::size_t transaction, const std::vector<SerialCall>& calls, const std::vector<bool>& works) {
        std::vector<Call>& known = works_[transaction];
        for (std::size_t i = 0; i < calls.size(); ++i) {
            if (calls[i].is_gift) continue;
            if (!works[i]) ++failures_;
            else if (std::ranges::count(known, calls[i].call) == 0) known.push_back(calls[i].call);
        }
    }

    World& world_;
    const Purse& purse_;
    const Plan& plan_;
    const chain::Fingerprint state_;
    const Deadline& deadline_;
    SerialRun serial_;
    Serialisations result_;
    Answers answers_ = Answers::BySelector;
    std::size_t told_ = 0;  // which of what she was told
    std::set<Place> left_out_;
    struct Altered {
        Place of;
        std::size_t argument = 0;
        Word amount;
        bool is_added = false;  // the call is made as it is, too
    };
    std::optional<Altered> altered_;               // of a call that is not left out
    static constexpr std::size_t most_bits = 128;  // of an amount
    std::vector<SerialCall> repeated_;             // so often, before the transaction of that number
    std::uint32_t repeats_ = 0;
    std::size_t repeats_at_ = 0;
    std::set<Place> gifts_;             // calls of hers that only bring their ether
    bool gives_meanwhile_ = false;      // these come while she is called
    std::uint32_t failures_ = 0;        // calls that failed in this order by now
    std::uint64_t nonce_at_start_ = 0;  // mallory's
    // By the state, the transactions that were made, what she answers and what failed: the orders from there on.
    std::unordered_map<chain::Fingerprint, std::uint32_t, FingerprintHash> done_;
    std::unordered_map<chain::Fingerprint, std::vector<Word>, FingerprintHash> ends_;  // by the state: her holdings
    std::vector<std::vector<Call>> works_;  // by transaction: calls of hers that succeed in some order
};

}  // namespace

bool Serialisations::are_beaten_by(const Wealth& wealth) const {
    for (std::size_t i = 0; i < best.size(); ++i)
        if (wealth[i] > best[i]) return true;
    return is_nowhere_below(wealth, best) &&
           std::ranges::none_of(ends, [&](const auto& end) { return is_nowhere_below(end, wealth); });
}

std::optional<std::size_t> Serialisations::surplus_of(const Purse& purse, const Wealth& wealth,
                                                      const std::vector<Word>& entries) const {
    if (!all_calls_work) return std::nullopt;
    for (std::size_t asset = 0; asset < wealth.size(); ++asset) {
        if (!(wealth[asset] > most_where_most_works(asset))) continue;
        const std::vector<Word> beside = purse.entries_beside(asset, entries);
        const auto is_better = [&](const std::vector<Word>& end) {
            for (std::size_t i = 0; i < wealth.size(); ++i)
                if (wealth[i] < end[i]) return false;
            const auto theirs = end.begin() + static_cast<std::ptrdiff_t>(wealth.size());
            return purse.entries_beside(asset, {theirs, theirs + static_cast<std::ptrdiff_t>(entries.size())}) == beside;
        };
        if (std::ranges::any_of(ends_where_most_works, is_better)) return asset;
    }
    return std::nullopt;
}

Word Serialisations::most_where_most_works(std::size_t asset) const {
    Word most;
    for (const std::vector<Word>& end : ends_where_most_works) most = std::max(most, end[asset]);
    return most;
}

bool Serialisations::are_below(const Wealth& wealth, const std::vector<Word>& entries) const {
    const std::vector<Word> holdings = joined(wealth, entries);
    return std::ranges::none_of(ends, [&](const auto& end) { return is_nowhere_below(end, holdings); });
}

namespace {

// What she undid did nothing; that she refused remains.
Plan without_undone_calls(const Plan& plan) {
    Plan done = plan;
    for (std::size_t i = 0; i < plan.size(); ++i)
        for (std::size_t a = 0; a < plan[i].activations.size(); ++a)
            if (plan[i].is_undone(a)) done[i].activations[a].calls.clear();
    return done;
}

// Adds what other orders lead to.
void add_ends(Serialisations& all, const Serialisations& more) {
    for (std::size_t i = 0; i < all.best.size(); ++i) all.best[i] = std::max(all.best[i], more.best[i]);
    all.ends.insert(all.ends.end(), more.ends.begin(), more.ends.end());
}

// The same, and whatever number she answers is so many times as great.
Plan with_greater_answers(Plan plan, std::uint32_t times) {
    for (PlannedTransaction& planned : plan)
        for (Activation& each : planned.activations) {
            if (!each.answers_number()) continue;
            const auto word = vm::to_big_endian(vm::word_from_big_endian(each.answer) * Word{times});
            each.answer.assign(word.begin(), word.end());
        }
    return plan;
}

}  // namespace

Serialisations serialise(World& start, const Purse& purse, const Plan& plan, const chain::Fingerprint& state,
                         const Deadline& deadline) {
    const Plan done = without_undone_calls(plan);
    return Serialiser(start, purse, done, state, deadline).run();
}

Serialisations serialise_otherwise(World& start, const Purse& purse, const Plan& plan, const chain::Fingerprint& state,
                                   const Deadline& deadline) {
    const Plan done = without_undone_calls(plan);
    Serialisations all = Serialiser(start, purse, done, state, deadline).run_otherwise();
    for (const Plan& joined : joined_around_reentries(done))
        add_ends(all, Serialiser(start, purse, joined, state, deadline).run());
    return all;
}

bool believes_her_numbers(World& start, const Purse& purse, const Plan& plan, const Deadline& deadline) {
    const Plan done = without_undone_calls(plan);
    const auto most = [&](const Plan& same) { return Serialiser(start, purse, same, {}, deadline).most_by_plan(); };
    constexpr std::uint32_t few = 2, many = 10;
    if (!start.is_attacker_named() || with_greater_answers(done, few) == done) return false;
    const auto as_planned = most(done);
    return most(with_greater_answers(done, few)) != as_planned || most(with_greater_answers(done, many)) != as_planned;
}

}  // namespace interlock::analyzer
