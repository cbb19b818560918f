// A hard fork with a change of state that no transaction makes: who follows it and who does not go separate ways.
#include "chain/consensus/ledger.hpp"
#include "chain/sim/workload_script.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

SimulationOptions forking(std::string_view engine, const std::string& followers) {
    const auto parsed =
        parse_workload("transfers 20 every 2s from 1s among 4\nat 1s robin pays bob 5\nfork at 12 moves mallory to robin" +
                           followers + "\nat 5s mallory pays bob 1\n",
                       {});
    SimulationOptions options = run_of(engine, 4, 1);
    if (const auto* workload = std::get_if<Workload>(&parsed))
        options.workload = std::make_shared<const Workload>(*workload);
    else ADD_FAILURE() << std::get<ScriptError>(parsed).message;
    options.stops_when_settled = false;
    options.duration = 300 * second;
    options.engine_options.interval = 4 * second;
    options.reward = 0;
    return options;
}

Word balance_at(Simulation& simulation, NodeId node, std::string_view account) {
    const Address address = *simulation.options().workload->genesis.address_of(account);
    return simulation.ledger(node).state_behind(simulation.engine(node).finalised()).balance(address);
}

TEST(HardForks, MoveABalanceOnceWhereAllFollow) {
    for (const char* engine : {"pow", "pbft", "byzcoin"}) {
        SimulationOptions options = forking(engine, "");
        Simulation simulation(options);
        const Outcome& outcome = simulation.run();
        EXPECT_TRUE(outcome.holds()) << engine << first_violation(outcome);
        EXPECT_EQ(outcome.finalised, outcome.submitted) << engine;
        ASSERT_GT(outcome.best_height, 12U) << engine;
        EXPECT_EQ(balance_at(simulation, 0, "mallory"), Word(0)) << engine;
        EXPECT_GT(balance_at(simulation, 0, "robin"), Genesis::default_balance) << engine;
    }
}

// Each side refuses the other's block and goes on alone, however heavy the other becomes.
TEST(HardForks, DivideThoseWhoFollowFromThoseWhoDoNot) {
    Simulation simulation(forking("pow", " by 0 1 2"));
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    for (const NodeId node : {0U, 1U, 2U}) EXPECT_EQ(balance_at(simulation, node, "mallory"), Word(0)) << node;
    EXPECT_GT(balance_at(simulation, 3, "mallory"), Word(0));
    EXPECT_LT(balance_at(simulation, 3, "robin"), Genesis::default_balance);
    EXPECT_GT(simulation.engine(3).head()->height(), 12U);
    EXPECT_GT(simulation.engine(0).head()->height(), simulation.engine(3).head()->height());
}

// Where a quorum decides, it decides for all: who does not follow stops, and takes nothing back.
TEST(HardForks, StopWhoeverDoesNotFollowAQuorum) {
    Simulation simulation(forking("pbft", " by 0 1 2"));
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(simulation.engine(3).head()->height(), 11U);
    EXPECT_GT(simulation.engine(0).head()->height(), 12U);
    Simulation divided(forking("pbft", " by 0 1"));
    EXPECT_TRUE(divided.run().holds());
    for (NodeId node = 0; node < 4; ++node) EXPECT_EQ(divided.engine(node).head()->height(), 11U);
}

}  // namespace
}  // namespace interlock::chain::sim
