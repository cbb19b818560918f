// All engines under one workload, and simulated curves beside the formulas.
#include "chain/sim/comparison.hpp"

#include "chain/sim/figures.hpp"
#include "chain/sim/formulas.hpp"
#include "chain/sim/report.hpp"
#include "chain/sim/workload_script.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

std::shared_ptr<const Workload> workload_from(std::string_view text) {
    auto parsed = parse_workload(text);
    if (const auto* error = std::get_if<ScriptError>(&parsed)) ADD_FAILURE() << error->line << ": " << error->message;
    else return std::make_shared<const Workload>(std::get<0>(std::move(parsed)));
    return nullptr;
}

// Whoever calls the contract, with whatever data, adds one to its slot 0.
constexpr std::string_view counter_script =
    "# a counter, by alice\n"
    "transfers 10 every 100ms from 1s among 3\n"
    "at 1s alice deploys counter 0x6009600c60003960096000f3600054600101600055\n"
    "at 2s bob calls counter increment()\n"
    "at 3s carol calls counter increment() alice 7\n"
    "at 4s bob pays alice 1000\n";

TEST(WorkloadScripts, DeployCallAndPay) {
    for (const std::string_view engine : {"pow", "bitcoin-ng", "poa", "stake", "pbft", "multipaxos"}) {
        SimulationOptions options = run_of(engine, 4, 1);
        options.workload = workload_from(counter_script);
        ASSERT_TRUE(options.workload);
        options.engine_options.interval = second;
        Simulation simulation(options);
        const Outcome& outcome = simulation.run();
        EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
        EXPECT_EQ(outcome.finalised, 14U) << engine;
        const Address counter = create_address(*options.workload->genesis.address_of("alice"), 0);
        State& state = simulation.ledger(2).state_behind(simulation.engine(2).finalised());
        EXPECT_EQ(state.load(counter, 0), 2) << engine;
    }
}

TEST(WorkloadScripts, SayWhatIsWrongWithThem) {
    for (const std::string_view text :
         {"", "# nothing", "bob pays alice 5", "at 1s bob pays alice", "at 1s bob pays alice x", "at bob pays alice 5",
          "at 1s bob calls counter f()", "at 1s bob deploys c 0xzz", "at 1s bob deploys c missing.hex", "at 1s bob eats c 5",
          "transfers", "transfers many", "transfers 5 every", "transfers 5 every day", "transfers 200000 every 1s",
          "transfers 5 among 0", "transfers 5 on monday", "at 1s a deploys c 0x00\nat 2s b calls c f"})
        EXPECT_TRUE(std::holds_alternative<ScriptError>(parse_workload(text))) << text;
}

TEST(Comparisons, Row100AllEnginesOrderTheSameTransactions) {
    ComparisonOptions options;
    options.workload = workload_from("transfers 20 every 200ms");
    options.sizes = {4, 7};
    options.faulty_size = 4;
    options.losses = {0, 5, 20};
    options.leader_sizes = {1000};
    options.work_blocks = 300;
    const Comparison comparison = compare(options);
    EXPECT_EQ(comparison.by_size.size(), 2 * 8U);
    EXPECT_EQ(comparison.by_faults.size(), 5 * 8U);  // losses, a delay, and one node that crashed
    for (const std::vector<Comparison::Run>* runs : {&comparison.by_size, &comparison.by_faults})
        for (const Comparison::Run& run : *runs) {
            EXPECT_TRUE(run.outcome.holds()) << run.engine << ", " << run.faults << ": " << first_violation(run.outcome);
            EXPECT_EQ(run.outcome.finalised, 20U) << run.engine << ", " << run.faults;
        }
    EXPECT_NE(table(comparison).find("they cross at N = 7,153."), std::string::npos);
    const std::string page = page_of(comparison);
    for (const std::string_view plot : {"throughput", "messages for a transaction", "time to finality"})
        for (const std::string_view by : {"", " as messages are lost", " as nodes crash"})
            EXPECT_NE(page.find(">" + std::string(plot) + std::string(by)), std::string::npos) << plot << by;
    for (const std::string_view outside : {"<script", "http", "src=", "href=", "url("})
        EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

TEST(Comparisons, AReportOfARunHasItsTreeAndItsMessagesAndNothingFromOutside) {
    SimulationOptions options = run_of("pow", 5, 2, "from 1s to 9s drop 10%");
    options.engine_options.interval = second;
    options.record = 100;
    Simulation simulation(options);
    const Outcome& outcome = simulation.run();
    EXPECT_GT(outcome.reorganisations, 0U);
    EXPECT_EQ(simulation.reorganisations().size(), std::min<std::uint64_t>(outcome.reorganisations, options.record));
    const std::string page = page_of(simulation);
    std::size_t blocks = 0;
    for (std::size_t at = 0; (at = page.find("<title>height ", at)) != std::string::npos; ++at) ++blocks;
    EXPECT_EQ(blocks, std::min<std::uint64_t>(outcome.blocks, 600));
    const RecordedReorganisation& first = simulation.reorganisations().at(0);
    const std::string given_up = "node " + std::to_string(first.node) + " gave up " + std::to_string(first.given_up);
    for (const std::string_view part : {std::string_view("Block tree"), std::string_view("<title>announce</title>"),
                                        std::string_view("<title>block</title>"), std::string_view("from 1s to 9s drop 10%"),
                                        std::string_view("polyline"), std::string_view(given_up)})
        EXPECT_NE(page.find(part), std::string::npos) << part;
    for (const std::string_view outside : {"<script", "http", "src=", "href=", "url("})
        EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

void expect_close(const Measured& measured) {
    EXPECT_TRUE(measured.outcome.holds()) << first_violation(measured.outcome);
    EXPECT_EQ(measured.outcome.finalised, measured.outcome.submitted);
    EXPECT_NEAR(measured.simulated, measured.formula, .05 * measured.formula) << measured.nodes;
}

// A leader whose processor needs some time for each message decides as often as the formula says.
TEST(Comparisons, Row96ALeadersProcessorBoundsTheRounds) {
    for (const std::uint32_t nodes : {3U, 5U, 9U}) expect_close(rounds_of_leader(nodes));
}

// A leader who sends each block to all is the slower the more there are; proof of work is not. The figure's own sizes: 1 MiB
// over 100 Mbit/s, thousands of nodes, and a crossing at 7,153.
TEST(Comparisons, Row98SimulatedThroughputFollowsFigure6AndCrossesWhereItDoes) {
    std::vector<Measured> leader, work;
    for (const std::uint32_t nodes : {2000U, 6500U, 7500U}) expect_close(leader.emplace_back(transactions_of_leader(nodes)));
    for (const std::uint32_t nodes : {4U, 12U}) expect_close(work.emplace_back(transactions_of_work(nodes, 3000)));
    const std::optional<double> crossing = crossing_of(leader, work);
    ASSERT_TRUE(crossing);
    EXPECT_NEAR(*crossing, crossover(), .05 * crossover());
    leader.pop_back();
    EXPECT_FALSE(crossing_of(leader, work));
}

}  // namespace
}  // namespace interlock::chain::sim
