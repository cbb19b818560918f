// interlock node-test: nodes as processes, a simulated run step by step in them, exit codes.
#include "process.hpp"

namespace interlock::tests {
namespace {

class NodeTests : public Command {
  protected:
    void expect_said(const std::string& arguments, const std::string& text) {
        const Finished finished = interlock("node-test " + arguments);
        EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
        EXPECT_NE(finished.out.find(text), std::string::npos) << finished.out;
    }
    void expect_usage(const std::string& arguments, const std::string& why) {
        const Finished finished = interlock("node-test " + arguments);
        EXPECT_EQ(finished.exit, 64) << arguments;
        EXPECT_EQ(finished.err.find("interlock node-test: " + why), 0U) << finished.err;
        EXPECT_EQ(finished.out, "") << arguments;
    }
};

TEST_F(NodeTests, OfFourProcessesOneIsKilledAndNothingIsLost) {
    const Finished finished = interlock("node-test --engine pbft --nodes 4 --transactions 12");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    for (const char* text : {"4 with pbft, on 127.0.0.1; 1 killed, 1 started again", "12 of 12 acknowledged",
                             "0 of these missing at a node", "12, 12, 12, 12 at the nodes, in the same order"})
        EXPECT_NE(finished.out.find(text), std::string::npos) << finished.out;
}

TEST_F(NodeTests, ASimulatedRunIsReplayedStepByStep) {
    expect_said("--engine pbft --nodes 4 --replay 3",
                "4 nodes with pbft, seed 3: final up to height 17\n"
                "in processes  627 steps, 466 messages, 1 restarts: the same\n");
}

TEST_F(NodeTests, WhatCannotBeDoneIsSaid) {
    const std::string engines = "--engine is one of instant, pbft, linear-pbft, byzcoin, multipaxos, zookeeper, not ";
    expect_usage("--engine pow", engines + "`pow`");  // its final blocks may be revoked, so that it acknowledges nothing
    expect_usage("--engine paxos", engines + "`paxos`");
    expect_usage("--nodes 33", "--nodes is a whole number from 1 to 32, not `33`");
    expect_usage("--kill one", "--kill is a whole number from 0 to 32, not `one`");
    expect_usage("--transactions 0", "--transactions is a whole number from 1 to 10,000, not `0`");
    expect_usage("--replay -1", "--replay is a whole number from 0 to");
    expect_usage("--replay", "--replay needs a value: --replay SEED");
    expect_usage("--engine zookeeper --replay 3", "--replay is for engines that can be simulated, not for zookeeper");
    expect_usage("--node 4", "there is no option `--node`; did you mean `--nodes`?");
    expect_usage("four", "it takes no `four`, only options");
}

}  // namespace
}  // namespace interlock::tests
