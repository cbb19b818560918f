#include "analyzer/explorer/serial_limit.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "analyzer/explorer/serial_run.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_wandering_deep = 4, most_wandering_steps = 10'000;
// For what grows with time alone, and for what is locked as long as a number can say.
constexpr Wait long_times[] = {{1'000'000, 1'000'000'000}, {1'000'000, 1'000'000'000'000'000'000}};

// The asset that she may have more of, and her entries beside it at the end of the attack.
struct Target {
    std::size_t asset = 0;
    std::vector<Word> entries;
};

class Climber {
  public:
    // `measure` is what is to be climbed. `target`: if she is alone.
    Climber(World& world, Candidates& candidates, const Purse& purse, std::function<Word()> measure,
            std::optional<Target> target, const Plan& plan, const Deadline& deadline)
        : world_(world),
          candidates_(candidates),
          purse_(purse),
          measure_(std::move(measure)),
          is_alone_(target.has_value()),
          target_(std::move(target).value_or(Target{})),
          plan_(plan),
          deadline_(deadline),
          run_(world) {
        for (const PlannedTransaction& planned : plan)
            answers_.insert(answers_.end(), planned.activations.begin(), planned.activations.end());
        run_.answer_as_in(answers_);
    }

    std::optional<Word> climb_along() {
        const auto start = world_.state().checkpoint();
        const vm::BlockContext block = world_.state().block();
        bool ok = true;
        const auto climb_between = [&] {
            if (!is_alone_) ok = ok && climb();
        };
        if (!is_alone_) wander(most_wandering_deep);
        else ok = leave_some_out();
        climb_between();
        for (const PlannedTransaction& planned : plan_) {
            world_.pass(planned.wait);
            if (!planned.is_attack) {
                (void)run_.send(planned.sender, {planned.call});
                climb_between();
            }
            for (const Activation& activation : planned.activations)
                for (const Call& call : activation.calls) {
                    run_.attack({{call}});
                    climb_between();
                }
        }
        if (is_alone_) ok = ok && climb();
        world_.state().rewind_to(start);
        world_.state().set_block(block);
        return ok ? std::optional(limit_) : std::nullopt;
    }

  private:
    struct Move {
        Call call;
        bool is_hers = false;
        std::uint32_t sender = 0;
    };

    // Makes the plan's calls in all short sequences, with repetition, and by whomever: others may prepare what she reaches.
    void wander(std::size_t depth) {
        if (depth == most_wandering_deep) {
            const auto add = [&](const Call& call) {
                if (std::ranges::find(wandering_, call) == wandering_.end()) wandering_.push_back(call);
            };
            for (const PlannedTransaction& planned : plan_) {
                if (!planned.is_attack) add(planned.call);
                for (const Activation& activation : planned.activations)
                    for (const Call& call : activation.calls) add(call);
            }
        }
        for (const Call& call : wandering_)
            for (const Move& move : {Move{call, true, 0}, Move{call, false, World::accomplice}, Move{call, false, 0}}) {
                if (steps_ == most_wandering_steps || deadline_.has_passed()) return;
                ++steps_;
                const auto here = world_.state().checkpoint();
                const chain::Fingerprint before = world_.state().fingerprint();
                make(move);
                note();
                if (depth > 1 && world_.state().fingerprint() != before) wander(depth - 1);
                world_.state().rewind_to(here);
            }
    }

    // Makes the plan's calls without some of hers, in all ways. What she has then counts if her entries are those of the
    // target. Returns false if there are too many.
    bool leave_some_out() {
        constexpr std::size_t most_calls = 8;
        std::size_t calls = 0;
        for (const PlannedTransaction& planned : plan_)
            for (const Activation& activation : planned.activations) calls += activation.calls.size();
        const auto start = world_.state().checkpoint();
        const vm::BlockContext block = world_.state().block();
        if (calls > most_calls) return false;
        for (std::size_t left_out = 1; left_out < std::size_t{1} << calls; ++left_out) {
            if (deadline_.has_passed()) return false;
            std::size_t number = 0;
            for (const PlannedTransaction& planned : plan_) {
                world_.pass(planned.wait);
                if (!planned.is_attack) (void)run_.send(planned.sender, {planned.call});
                for (const Activation& activation : planned.activations)
                    for (const Call& call : activation.calls)
                        if ((left_out >> number++ & 1u) == 0) run_.attack({{call}});
            }
            const std::vector<Word> entries = entries_of_attacker(world_, purse_.ledgers());
            if (purse_.entries_beside(target_.asset, entries) == target_.entries) note();
            world_.state().rewind_to(start);
            world_.state().set_block(block);
        }
        return true;
    }

    // Returns false if nothing is known: the entry still grew, or the time was up.
    bool climb() {
        const auto here = world_.state().checkpoint();
        const vm::BlockContext block = world_.state().block();
        bool is_at_top = climb_now();
        for (const Wait& wait : long_times) {
            if (is_alone_) {
                world_.state().rewind_to(here);
                world_.state().set_block(block);
            }
            world_.pass(wait);
            note();
            if (is_alone_) is_at_top &= climb_now();
        }
        world_.state().rewind_to(here);
        world_.state().set_block(block);
        return is_at_top && !deadline_.has_passed();
    }

    bool climb_now() {
        note();
        bool is_at_top = false;
        for (int step = 0; step <= most_climbing_calls && !is_at_top && !deadline_.has_passed(); ++step) {
            candidates_.refresh();
            is_at_top = !step_up();
        }
        return is_at_top;
    }

    // Takes the call that raises the entry most, or one that gives her something else after which a call raises it.
    // Returns false if there is none.
    bool step_up() {
        const std::vector<Word> had = holdings();
        if (const auto moves = best_for(0, had); !moves.empty()) {
            make(moves.front());
            note();
            return true;
        }
        for (std::size_t i = 1; i < had.size(); ++i) {
            const auto here = world_.state().checkpoint();
            for (const Move& preparation : best_for(i, had)) {
                make(preparation);
                candidates_.refresh();
                if (const auto moves = best_for(0, {std::max(had[0], limit_)}); !moves.empty()) {
                    make(moves.front());
                    note();
                    return true;
                }
                world_.state().rewind_to(here);
                candidates_.refresh();
            }
        }
        return false;
    }

    // Returns the call by her contract, by her account or by an honest user that raises the holding most above what it was,
    // and the one that does so and leaves the entry no lower, which comes first: tokens that somebody hands her are more
    // than those that she takes out. None: there is no such call.
    std::vector<Move> best_for(std::size_t holding, const std::vector<Word>& had) {
        std::optional<Move> best, best_of_kind;
        Word most = had[holding], most_of_kind = most;
        const std::tuple<bool, std::uint32_t, Caller> actors[] = {
            {true, 0, Caller::Attacker},
            {false, World::accomplice, Caller::Accomplice},
            {false, is_alone_ ? World::owner_index : 0, Caller::Honest}};
        for (const auto& [is_hers, sender, caller] : actors) {
            const auto calls = candidates_.calls(caller, Candidates::highest_level);
            for (const Call& call : *calls) {
                if (deadline_.has_passed()) return {};
                if (is_alone_ && caller == Caller::Honest && !call.value.is_zero()) continue;  // a gift
                const auto here = world_.state().checkpoint();
                make({call, is_hers, sender});
                const Word now = holding_of(holding);
                const bool is_kind = now > most_of_kind && (holding == 0 || !(measure_() < had[0]));
                world_.state().rewind_to(here);
                if (is_kind) most_of_kind = now, best_of_kind = {call, is_hers, sender};
                if (now > most) most = now, best = {call, is_hers, sender};
            }
        }
        std::vector<Move> moves;
        if (best_of_kind) moves.push_back(std::move(*best_of_kind));
        if (best && most > most_of_kind) moves.push_back(std::move(*best));
        return moves;
    }

    // Returns the entry, then what else her contract has.
    std::vector<Word> holdings() {
        std::vector<Word> list;
        for (std::size_t i = 0; i < 1 + purse_.assets().size() + purse_.ledgers().size(); ++i) list.push_back(holding_of(i));
        return list;
    }
    Word holding_of(std::size_t i) {
        if (i == 0) return measure_();
        if (i <= purse_.assets().size()) return purse_.of(world_, {world_.attacker().address}, i - 1);
        return entry_of_attacker(world_, purse_.ledgers()[i - 1 - purse_.assets().size()]);
    }

    void make(const Move& move) {
        if (move.is_hers) run_.attack({{move.call}});
        else (void)run_.send(move.sender, {move.call});
    }

    void note() { limit_ = std::max(limit_, measure_()); }

    World& world_;
    Candidates& candidates_;
    const Purse& purse_;
    const std::function<Word()> measure_;
    const bool is_alone_;  // only the owner helps her, she makes all the calls first, and she waits
    const Target target_;
    const Plan& plan_;
    const Deadline& deadline_;
    SerialRun run_;
    std::vector<Activation> answers_;
    std::vector<Call> wandering_;
    std::size_t steps_ = 0;
    Word limit_;
};

}  // namespace

std::optional<Word> serial_limit(World& world, Candidates& candidates, const Purse& purse, const Ledger& ledger,
                                 const Plan& plan, const Deadline& deadline) {
    const auto entry = [&] { return entry_of_attacker(world, ledger); };
    return Climber(world, candidates, purse, entry, std::nullopt, plan, deadline).climb_along();
}

std::optional<Word> serial_limit(World& world, Candidates& candidates, const Purse& purse, std::size_t asset,
                                 const Holdings& target, const Plan& plan, const Deadline& deadline) {
    const auto amount = [&] {
        Wealth wealth = purse.of_attacker(world);
        const Word mine = std::exchange(wealth[asset], target.wealth[asset]);
        return is_nowhere_below(wealth, target.wealth) ? mine : Word{};
    };
    const Target beside{asset, purse.entries_beside(asset, target.entries)};
    return Climber(world, candidates, purse, amount, beside, plan, deadline).climb_along();
}

}  // namespace interlock::analyzer
