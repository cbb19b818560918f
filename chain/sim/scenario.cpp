#include "chain/sim/scenario.hpp"

namespace interlock::chain::sim {

using consensus::EngineEntry, consensus::Finality;

namespace {

constexpr std::uint32_t most_in_a_clique = 32;

// Transfers that all runs share: signing them costs more than the runs.
std::shared_ptr<const Workload> usual_workload(bool is_slow) {
    static const auto slow = std::make_shared<const Workload>(transfers(30, 3 * second));
    static const auto quick = std::make_shared<const Workload>(transfers(30, 60 * millisecond));
    return is_slow ? slow : quick;
}

// Engines that wait for depth take minutes, the others seconds.
bool is_slow(const EngineEntry& engine) { return engine.finality == Finality::Probable; }

}  // namespace

Nanoseconds fault_time(const EngineEntry& engine) { return (is_slow(engine) ? 120 : 4) * second; }

SimulationOptions usual(const EngineEntry& engine, std::uint32_t nodes, std::uint64_t seed) {
    SimulationOptions options;
    options.engine = &engine;
    options.nodes = nodes;
    options.seed = seed;
    options.workload = usual_workload(is_slow(engine));
    options.duration = (is_slow(engine) ? 400 : 60) * second;
    options.engine_options.interval = (engine.name == "poa" || engine.name == "stake" ? 4 : 12) * second;
    const bool has_reward = is_slow(engine) && engine.name != "bitcoin-ng";  // whose leaders would make blocks for it
    options.reward = has_reward ? Word(2) * ether : Word(0);
    options.client_retry = (is_slow(engine) ? 100 : 2) * second;
    options.disk = is_slow(engine) ? 0 : 2 * millisecond;
    options.network.degree = nodes > most_in_a_clique ? 8 : 0;
    options.has_own_ledgers = nodes <= most_in_a_clique;
    options.stops_when_settled = !is_slow(engine);
    return options;
}

SimulationOptions difficult(const EngineEntry& engine, std::uint32_t nodes, std::uint64_t seed) {
    SimulationOptions options = usual(engine, nodes, seed);
    Random random(seed, 0xfa);
    options.faults = draw_faults(engine.tolerance(nodes), nodes, fault_time(engine), random);
    options.checks_progress = true;
    if (engine.name == "byzcoin") options.engine_options.interval = 2 * second;  // so that the council changes
    options.has_own_ledgers = seed % 16 == 0;
    options.engine_options.takes_ommers = options.engine_options.adjusts_difficulty = engine.name == "pow" && seed % 2 == 0;
    return options;
}

namespace {

class Shrinker {
  public:
    Shrinker(SimulationOptions options, std::string_view rule, std::uint64_t most_runs)
        : rule_(rule), most_runs_(most_runs), best_{std::move(options), {}, 0} {}

    Shrunk run() {
        (void)fails(best_.options);
        for (bool is_smaller = true; is_smaller && best_.runs < most_runs_;) {
            is_smaller = shorten_time();
            is_smaller |= drop_faults();
            is_smaller |= shorten_faults();
            is_smaller |= drop_transactions();
        }
        return std::move(best_);
    }

  private:
    // Runs it; where the same rule is broken, that is the best run now.
    bool fails(const SimulationOptions& options) {
        if (best_.runs >= most_runs_) return false;
        ++best_.runs;
        Simulation simulation(options);
        const Outcome& outcome = simulation.run();
        if (std::ranges::count(outcome.violations, rule_, &Violation::rule) == 0) return false;
        best_.outcome = outcome;
        best_.options = options;
        return true;
    }

    [[nodiscard]] Nanoseconds time_of_violation() const {
        for (const Violation& violation : best_.outcome.violations)
            if (violation.rule == rule_) return violation.time;
        return best_.options.duration;
    }

    // Nothing behind the violation matters; but an end that came too early would be one of its own.
    bool shorten_time() {
        const Nanoseconds end = time_of_violation();
        if (rule_ == "progress" || end >= best_.options.duration) return false;
        SimulationOptions options = best_.options;
        options.duration = end;
        options.checks_progress = false;
        return fails(options);
    }

    bool drop_faults() {
        bool has_dropped = false;
        for (std::size_t i = best_.options.faults.size(); i-- > 0;) {
            SimulationOptions options = best_.options;
            options.faults.erase(options.faults.begin() + static_cast<std::ptrdiff_t>(i));
            has_dropped |= fails(options);
        }
        return has_dropped;
    }

    bool shorten_faults() {
        bool has_shortened = false;
        for (std::size_t i = 0; i < best_.options.faults.size(); ++i) {
            const Fault& fault = best_.options.faults[i];
            if (fault.until == forever || fault.until - fault.from < 20 * millisecond) continue;
            SimulationOptions options = best_.options;
            const Nanoseconds half = (fault.until - fault.from) / 2 / millisecond * millisecond;
            options.faults[i].until -= half;
            has_shortened |= fails(options);
        }
        return has_shortened;
    }

    bool drop_transactions() {
        const std::vector<Submission>& all = best_.options.workload->submissions;
        if (all.size() < 2) return false;
        Workload fewer = *best_.options.workload;
        fewer.submissions.resize(all.size() / 2);
        SimulationOptions options = best_.options;
        options.workload = std::make_shared<const Workload>(std::move(fewer));
        return fails(options);
    }

    std::string rule_;
    std::uint64_t most_runs_;
    Shrunk best_;
};

}  // namespace

Shrunk shrink(SimulationOptions options, std::string_view rule, std::uint64_t most_runs) {
    return Shrinker(std::move(options), rule, most_runs).run();
}

}  // namespace interlock::chain::sim
