#include "analyzer/explorer/explorer.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/serialise.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr vm::Gas stipend{2300};                                        // with this gas she can only answer
constexpr std::uint64_t progress_interval = 64, deadline_interval = 8;  // macro steps
constexpr std::uint32_t most_exhaustions = 2;  // a call that ran out of gas this often is not tried again

struct FingerprintHash {
    std::size_t operator()(const chain::Fingerprint& f) const { return f.low ^ (f.high * 0x9e3779b97f4a7c15ULL); }
};

class Search {
  public:
    Search(World& world, const SearchBounds& bounds, const ExplorerHooks& hooks)
        : world_(world), state_(world.state()), bounds_(bounds), hooks_(hooks), candidates_(world) {}

    SearchStats run();

  private:
    void from_quiescence(std::uint32_t budget);
    void honest_transactions(std::uint32_t budget);
    void attack_transaction(std::uint32_t budget);
    bool begin(const chain::Transaction& transaction);
    void advance(std::uint32_t budget);
    void at_attacker(std::uint32_t budget);
    void answer(const vm::Reply& answer, std::uint32_t budget);
    void call_back(const Call& call, std::uint32_t budget);
    void at_end_of_transaction(const vm::Outcome& outcome, std::uint32_t budget);
    void examine_start();
    bool examine();
    bool is_new(std::uint64_t inside, std::uint32_t budget);
    std::uint64_t fingerprint_inside();
    bool exhausted();
    void note_exhaustion(const Call& call);
    [[nodiscard]] bool is_exhausting(const Call& call) const;
    [[nodiscard]] std::vector<vm::Bytes> return_data(const std::optional<std::uint32_t>& selector) const;

    chain::Execution& execution() { return executions_[plan_.size() - 1]; }
    vm::Machine& machine() { return execution().machine(); }
    std::vector<Activation>& activations() { return plan_.back().activations; }

    World& world_;
    chain::State& state_;
    const SearchBounds& bounds_;
    const ExplorerHooks& hooks_;
    Candidates candidates_;
    std::unique_ptr<World> start_;  // for serialisations
    Word start_wealth_;
    std::uint32_t level_ = 0;              // of arguments
    std::uint32_t most_transactions_ = 0;  // in this round

    Plan plan_;                                // how the current state was reached
    std::vector<std::uint32_t> open_;          // activations that she has not answered yet, innermost last
    std::deque<chain::Execution> executions_;  // one per transaction under way; suspended executions must survive
    // The visited states, each with the number of calls that were left.
    std::unordered_map<chain::Fingerprint, std::uint32_t, FingerprintHash> visited_;
    std::unordered_set<chain::Fingerprint, FingerprintHash> states_;
    std::set<PropertyId> open_properties_, false_at_start_;
    bool theft_is_open_ = true;
    const Call* starting_ = nullptr;  // the call that the next macro step begins with
    std::vector<std::pair<Call, std::uint32_t>> exhaustions_;
    bool stop_ = false;
    SearchStats stats_;
};

SearchStats Search::run() {
    const auto began = std::chrono::steady_clock::now();
    world_.place_attacker();
    start_ = std::make_unique<World>(world_);
    start_wealth_ = world_.attacker_wealth();
    examine_start();
    state_.keep_history(true);
    state_.keep_fingerprint(true);
    for (std::uint32_t i = 0; i < bounds_.transactions; ++i) {
        executions_.emplace_back(state_);
        executions_.back().machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
        world_.observe(executions_.back().machine());
    }

    for (level_ = 0; level_ <= bounds_.argument_level && !stop_; ++level_)
        for (std::uint32_t budget = 1; budget <= (level_ == 0 ? bounds_.calls : bounds_.wide_calls) && !stop_; ++budget) {
            for (most_transactions_ = 1; most_transactions_ <= bounds_.transactions && !stop_; ++most_transactions_) {
                visited_.clear();
                from_quiescence(budget);
            }
            if (!stop_ && level_ == 0) stats_.calls_completed = budget;
        }
    stats_.states = states_.size();
    stats_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return stats_;
}

// --- between transactions ---

void Search::from_quiescence(std::uint32_t budget) {
    if (!is_new(0, budget) || budget == 0 || plan_.size() == most_transactions_) return;
    attack_transaction(budget);
    honest_transactions(budget);
}

void Search::honest_transactions(std::uint32_t budget) {
    const std::size_t users = level_ == 0 ? 1 : world_.users().size();
    const std::vector<Call> calls = candidates_.calls(Caller::Honest, level_);
    for (std::uint32_t user = 0; user < users; ++user)
        for (const Call& call : calls) {
            if (stop_) return;
            const auto here = state_.checkpoint();
            if (is_exhausting(call)) continue;
            plan_.push_back({user, false, call, {}});
            starting_ = &call;
            if (begin(world_.transaction(world_.users()[user].address, world_.contract(call.contract).address, call.value,
                                         world_.call_data(call))))
                advance(budget - 1);
            plan_.pop_back();
            state_.rewind_to(here);
        }
}

void Search::attack_transaction(std::uint32_t budget) {
    if (stop_) return;
    const auto here = state_.checkpoint();
    plan_.push_back({0, true, {}, {}});
    if (begin(world_.transaction(world_.mallory().address, world_.attacker().address, Word{}, {}))) advance(budget);
    plan_.pop_back();
    state_.rewind_to(here);
}

bool Search::begin(const chain::Transaction& transaction) {
    return execution().begin(transaction) == chain::TransactionRefusal::None;
}

// --- macro steps ---

// Runs to the next choice. A failed call or transaction is not followed: it changed nothing, so a shorter plan has the
// same effect.
void Search::advance(std::uint32_t budget) {
    if (exhausted()) return;
    ++stats_.macro_steps;
    const vm::Stop step = machine().run();
    const Call* const call = std::exchange(starting_, nullptr);
    if (call && step.kind != vm::Stop::Yield && step.outcome.status == vm::Status::OutOfGas) note_exhaustion(*call);
    switch (step.kind) {
        case vm::Stop::Yield: {
            Activation activation;
            activation.selector = selector_of(step.message->input);
            open_.push_back(static_cast<std::uint32_t>(activations().size()));
            activations().push_back(std::move(activation));
            at_attacker(budget);
            activations().pop_back();
            open_.pop_back();
            return;
        }
        case vm::Stop::Returned:
            if (step.outcome.ok()) at_attacker(budget);
            return;
        case vm::Stop::Done:
            if (step.outcome.ok()) at_end_of_transaction(step.outcome, budget);
            return;
    }
}

// Control is with the attacker: she answers, or calls (back) first. Leaves the machine and the state unchanged.
void Search::at_attacker(std::uint32_t budget) {
    if (!is_new(fingerprint_inside(), budget)) return;
    const std::uint32_t current = open_.back();
    const bool is_her_transaction = plan_.back().is_attack && current == 0;
    const std::size_t calls_made = activations()[current].calls.size();

    const auto suspended = machine().snapshot();
    const auto here = state_.checkpoint();
    const auto go_back = [&] {
        state_.rewind_to(here);
        machine().restore(*suspended);
    };

    if (!is_her_transaction || calls_made > 0) {
        for (vm::Bytes& data : return_data(activations()[current].selector)) {
            if (stop_) return;
            activations()[current].answer = data;
            answer({false, std::move(data), {}}, budget);
            go_back();
        }
        if (!is_her_transaction && level_ > 0) {
            activations()[current].reverts = true;
            answer({true, {}, {}}, budget);
            activations()[current].reverts = false;
            go_back();
        }
        activations()[current].answer.clear();
    }

    const std::uint32_t most_calls = is_her_transaction ? bounds_.calls : bounds_.calls_per_callback;
    if (budget == 0 || calls_made >= most_calls || open_.size() > bounds_.depth) return;
    if (machine().stranger_gas() <= stipend) return;
    for (const Call& call : candidates_.calls(Caller::Attacker, level_)) {
        if (stop_) return;
        if (call.value > state_.balance(world_.attacker().address) || is_exhausting(call)) continue;
        activations()[current].calls.push_back(call);
        call_back(call, budget - 1);
        activations()[current].calls.pop_back();
        go_back();
    }
}

void Search::answer(const vm::Reply& answer, std::uint32_t budget) {
    const std::uint32_t current = open_.back();
    open_.pop_back();
    machine().resume(answer);
    advance(budget);
    open_.push_back(current);
}

void Search::call_back(const Call& call, std::uint32_t budget) {
    vm::Message message;
    message.recipient = message.code_address = world_.contract(call.contract).address;
    message.value = call.value;
    message.input = world_.call_data(call);
    machine().enter(std::move(message));
    starting_ = &call;
    advance(budget);
}

// Returns what she may return: ones and (at level 1) zeros if a contract under attack expects values, otherwise nothing.
std::vector<vm::Bytes> Search::return_data(const std::optional<std::uint32_t>& selector) const {
    if (selector)
        for (const DeployedContract& contract : world_.contracts())
            for (const ir::Method& method : contract.ir().methods) {
                if (method.selector != *selector || method.returns.empty()) continue;
                std::vector<vm::Bytes> list;
                for (const std::uint64_t value : {1u, 0u}) {
                    std::vector<lang::abi::Value> values;
                    for (const ir::NamedType& type : method.returns)
                        if (type.type.is_reference()) values.emplace_back(vm::Bytes{});
                        else values.emplace_back(Word{value});
                    list.push_back(lang::abi::encode(method.returns, values));
                    if (level_ == 0) break;
                }
                return list;
            }
    return {{}};
}

// --- the end of a transaction ---

void Search::at_end_of_transaction(const vm::Outcome& outcome, std::uint32_t budget) {
    (void)execution().finish(outcome);
    if (examine()) from_quiescence(budget);
}

// An invariant that is false after the constructors is broken before anybody acts.
void Search::examine_start() {
    SuspectedAttack suspect;
    for (const InvariantReading& reading : read_invariants(world_)) {
        if (!reading.is_false()) {
            open_properties_.insert(reading.invariant);
            continue;
        }
        false_at_start_.insert(reading.invariant);
        suspect.broken.push_back(reading.invariant);
    }
    if (suspect.broken.empty()) return;
    ++stats_.replays;
    if (!hooks_.confirm(suspect)) ++stats_.unconfirmed;
}

// Looks for damage in the current state. Returns false if an invariant is broken, so that later states are of no interest.
bool Search::examine() {
    SuspectedAttack suspect;
    bool is_sound = true;
    for (const InvariantReading& reading : read_invariants(world_)) {
        if (!reading.is_false() || false_at_start_.contains(reading.invariant)) continue;
        is_sound = false;
        if (open_properties_.contains(reading.invariant)) suspect.broken.push_back(reading.invariant);
    }
    const Word wealth = world_.attacker_wealth();
    const bool is_reentrant = reentries(plan_) != 0;
    const bool is_richer = is_reentrant && wealth > start_wealth_;
    if (suspect.broken.empty() && !(is_richer && theft_is_open_)) return is_sound;

    suspect.plan = plan_;
    if (is_richer) suspect.gain = wealth - start_wealth_;
    if (is_reentrant) {
        const Serialisations serial = serialise(*start_, plan_, hooks_.deadline);
        if (!serial.all) return is_sound;
        if (wealth <= serial.best_wealth) suspect.gain = Word{};
        std::erase_if(suspect.broken, [&](const PropertyId& property) { return serial.broken.contains(property); });
        if (suspect.broken.empty() && suspect.gain.is_zero()) return is_sound;
    }

    ++stats_.replays;
    if (hooks_.confirm(suspect)) {
        for (const PropertyId& property : suspect.broken) open_properties_.erase(property);
        if (!suspect.gain.is_zero()) theft_is_open_ = false;
        stop_ = open_properties_.empty() && !theft_is_open_;
    } else {
        ++stats_.unconfirmed;
    }
    return is_sound;
}

// --- bounds ---

// Hashes the part of a state that the world does not hold: the suspended frames, and how many calls she has made in
// each of hers.
std::uint64_t Search::fingerprint_inside() {
    std::uint64_t hash = machine().fingerprint();
    for (const std::uint32_t activation : open_)
        hash = (hash ^ (activations()[activation].calls.size() + 1)) * 0x9e3779b97f4a7c15ULL;
    return hash | 1;
}

// `inside` is zero between transactions.
bool Search::is_new(std::uint64_t inside, std::uint32_t budget) {
    chain::Fingerprint key = state_.fingerprint();
    key.high ^= inside;
    states_.insert(key);
    // Damage depends on how a state was reached: how many transactions are left, and whether any contract was re-entered.
    key.low ^= (plan_.size() * 2 + (reentries(plan_) != 0)) * 0xd6e8feb86659fd93ULL;
    const auto [place, inserted] = visited_.try_emplace(key, budget);
    if (!inserted && place->second >= budget) return false;
    place->second = budget;
    return true;
}

// A loop over a huge argument uses all gas, fails, and takes long; trying it twice is enough.
void Search::note_exhaustion(const Call& call) {
    for (auto& [known, count] : exhaustions_)
        if (known == call) {
            if (++count == most_exhaustions) ++stats_.dropped_calls;
            return;
        }
    exhaustions_.emplace_back(call, 1);
}

bool Search::is_exhausting(const Call& call) const {
    return std::any_of(exhaustions_.begin(), exhaustions_.end(),
                       [&](const auto& known) { return known.second >= most_exhaustions && known.first == call; });
}

bool Search::exhausted() {
    if (stop_) return true;
    if (hooks_.progress && stats_.macro_steps % progress_interval == progress_interval - 1) hooks_.progress(stats_);
    if (states_.size() >= bounds_.states) stats_.end = SearchEnd::States;
    else if (stats_.macro_steps >= bounds_.macro_steps) stats_.end = SearchEnd::MacroSteps;
    else if (stats_.macro_steps % deadline_interval == 0 && hooks_.deadline.has_passed())
        stats_.end = hooks_.deadline.is_interrupted() ? SearchEnd::Interruption : SearchEnd::Time;
    stop_ = !stats_.exhausted();
    return stop_;
}

}  // namespace

SearchStats explore(World& world, const SearchBounds& bounds, const ExplorerHooks& hooks) {
    return Search(world, bounds, hooks).run();
}

}  // namespace interlock::analyzer
