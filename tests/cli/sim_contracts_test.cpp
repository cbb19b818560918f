// Contracts on simulated chains: oracles, a race between transactions, and a theft that a reorganisation moves.
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

const std::string chain_folder = std::string(INTERLOCK_SOURCE_DIR) + "/contracts/chain/";

class ContractsOnChains : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        std::filesystem::copy(std::string(INTERLOCK_SOURCE_DIR) + "/contracts", folder_,
                              std::filesystem::copy_options::recursive);
    }

    // What the contracts say at the end of a run of a workload that is changed first.
    nlohmann::json contracts(const std::string& arguments, const std::string& workload, int exit = 0) {
        write(folder_ / "chain/work.txt", workload);
        const Finished finished = interlock("sim --json --workload chain/work.txt " + arguments);
        EXPECT_EQ(finished.exit, exit) << finished.err << finished.out;
        const nlohmann::json json = nlohmann::json::parse(finished.out, nullptr, false);
        EXPECT_FALSE(json.is_discarded()) << finished.out;
        return json.is_discarded() ? nlohmann::json() : json["contracts"];
    }

    static std::string replaced(std::string text, const std::string& old, const std::string& fresh) {
        const std::size_t at = text.find(old);
        EXPECT_NE(at, std::string::npos) << old;
        return at == std::string::npos ? text : text.replace(at, old.size(), fresh);
    }
};

// The answer is for alice's question, and pays bob, who entered in between; a quick oracle leaves no time for that.
TEST_F(ContractsOnChains, BlockKingCrownsWhoeverEnteredLast) {
    const std::string workload = contents(chain_folder + "block_king.txt");
    for (const char* engine : {"pbft", "multipaxos", "instant"}) {
        const std::string options = std::string("--engine ") + engine;
        EXPECT_EQ(contracts(options, workload)["king king()"], "bob") << engine;
        EXPECT_EQ(contracts(options, replaced(workload, "7 after 2s", "7") + "at 900ms dave pays bob 1\n")["king king()"],
                  "bob");
        const std::string alone = replaced(workload, "at 2s bob calls king enter() with 1ether\n", "");
        EXPECT_EQ(contracts(options, alone)["king king()"], "alice") << engine;
    }
}

TEST_F(ContractsOnChains, OfThreeOraclesOneMayLieAndOneMayBeSlow) {
    const std::string workload = contents(chain_folder + "oracles.txt");
    const std::string right = "feed result(uint256) 1", wrong = "feed votes(uint256,uint256) 1 99";
    for (const char* engine : {"pbft", "multipaxos"}) {
        const nlohmann::json answers = contracts(std::string("--engine ") + engine, workload);
        EXPECT_EQ(answers[right], "7");
        EXPECT_EQ(answers["feed result(uint256) 2"], "7");
        EXPECT_EQ(answers[wrong], "1");
    }
    // Agreement on an order makes no answer true: two liars win under any engine.
    const std::string slow = "oracle slow watches feed ask() answers feed answer(uint256,uint256) @ 7";
    const nlohmann::json lies = contracts("--engine pbft", replaced(workload, slow, replaced(slow, "@ 7", "@ 99")));
    EXPECT_EQ(lies[right], "99");
    // An answer names its question, and so does one that sees blocks which are not final, and comes late.
    const std::string hasty = replaced(workload, "@ 7 after 5s when final", "@ 7 after 5s");
    EXPECT_EQ(contracts("--engine pow --interval 1s --nodes 5", hasty)["feed result(uint256) 2"], "7");
}

// What node 0 had ordered before the others' branch arrived is undone: there the rescue comes first.
TEST_F(ContractsOnChains, ATheftIsReorderedByAReorganisationOrSurvivesIt) {
    const std::string workload = contents(chain_folder + "dao.txt"), pow = "--engine pow --interval 4s ";
    const auto ether = [](int count) { return std::to_string(count) + "000000000000000000"; };
    const nlohmann::json calm = contracts(pow, workload);
    EXPECT_EQ(calm["thief loot()"], ether(25));
    EXPECT_EQ(calm["rescue loot()"], ether(5));
    const nlohmann::json moved = contracts(pow + "--faults chain/dao_cut.txt", workload);
    EXPECT_EQ(moved["thief loot()"], ether(5));
    EXPECT_EQ(moved["rescue loot()"], ether(25));
    write(folder_ / "other_cut.txt", "from 120s to 260s partition 3 | 0 1 2\n");  // the theft is on the heavier side
    EXPECT_EQ(contracts(pow + "--faults other_cut.txt", workload)["thief loot()"], ether(25));
    // Where blocks are irrevocable, who is cut off orders nothing; mallory asks another node, and is first.
    const nlohmann::json final_order = contracts("--engine pbft --faults chain/dao_cut.txt", workload);
    EXPECT_EQ(final_order["thief loot()"], ether(25));
}

// An irregular change of state divides the chain: what is true of the loot depends on the side, and neither side goes over to
// the other, however heavy that is. Where blocks are irrevocable a quorum takes all along, or nobody.
TEST_F(ContractsOnChains, AHardForkTakesTheLootBackOnItsOwnSide) {
    const std::string workload = contents(chain_folder + "dao_fork.txt"), pow = "--engine pow --interval 4s --nodes 4 ";
    const auto ether = [](int count) { return std::to_string(count) + "000000000000000000"; };
    const nlohmann::json forked = contracts(pow, workload);
    EXPECT_EQ(forked["thief loot()"], "0");
    EXPECT_EQ(forked["rescue loot()"], ether(25));
    const nlohmann::json classic = contracts(pow, replaced(workload, "by 0 1 2", "by 0"));
    EXPECT_EQ(classic["thief loot()"], ether(25));
    EXPECT_EQ(classic["rescue loot()"], "0");
    const nlohmann::json all = contracts(pow, replaced(workload, " by 0 1 2", ""));
    EXPECT_EQ(all["rescue loot()"], ether(25));
    write(folder_ / "chain/work.txt", workload);
    const Finished divided = interlock("sim --json --workload chain/work.txt " + pow);
    const nlohmann::json json = nlohmann::json::parse(divided.out, nullptr, false);
    ASSERT_FALSE(json.is_discarded());
    EXPECT_GT(json["stale"].get<int>(), 10);  // the blocks of node 3
    const std::string early = replaced(replaced(workload, "fork at 60", "fork at 8"), " by 0 1 2", "");
    EXPECT_EQ(contracts("--engine pbft", replaced(early, "at 130s mallory", "at 42s mallory") +
                                             "transfers 10 every 1s from 50s among 4\n")["rescue loot()"],
              ether(25));
}

TEST_F(ContractsOnChains, ARuleOfContractsIsCheckedBehindEachBlock) {
    const std::string workload = replaced(contents(chain_folder + "dao.txt"), "at 40s",
                                          "at 30s alice deploys backing backing.ilk\n"
                                          "always backing holds(address,address,address) dao alice bob\nat 40s");
    write(folder_ / "chain/work.txt", workload);
    const Finished robbed = interlock("sim --engine pbft --workload chain/work.txt");
    EXPECT_EQ(robbed.exit, 1);
    EXPECT_NE(robbed.out.find("contracts at "), std::string::npos) << robbed.out;
    EXPECT_NE(robbed.out.find("backing holds(address,address,address) dao alice bob is false behind block"),
              std::string::npos)
        << robbed.out;
    const nlohmann::json mended = contracts("--engine pbft", replaced(workload, "../dao.ilk", "../dao_fixed.ilk"));
    EXPECT_EQ(mended["thief loot()"], "0");
}

// Contracts in our language, under every engine whose blocks are irrevocable, while nodes crash, lie and are cut off: the rule
// of the repaired one holds, that of the other is broken by the theft and by nothing else.
TEST_F(ContractsOnChains, Row101RulesOfContractsHoldUnderFaultsUnlessTheContractsBreakThem) {
    const std::string robbed = replaced(contents(chain_folder + "dao.txt"), "at 40s",
                                        "at 30s alice deploys backing backing.ilk\n"
                                        "always backing holds(address,address,address) dao alice bob\nat 40s");
    for (const char* engine : {"pbft", "linear-pbft", "byzcoin", "multipaxos"})
        for (const char* seed : {"1", "2", "3"}) {
            const std::string options = std::string(" --difficult --engine ") + engine + " --seed " + seed;
            write(folder_ / "chain/work.txt", replaced(robbed, "../dao.ilk", "../dao_fixed.ilk"));
            const Finished repaired = interlock("sim --workload chain/work.txt" + options);
            EXPECT_EQ(repaired.exit, 0) << engine << " seed " << seed << repaired.out;
            write(folder_ / "chain/work.txt", robbed);
            const Finished broken = interlock("sim --json --workload chain/work.txt" + options);
            EXPECT_EQ(broken.exit, 1) << engine << " seed " << seed;
            const nlohmann::json json = nlohmann::json::parse(broken.out, nullptr, false);
            ASSERT_FALSE(json.is_discarded());
            for (const nlohmann::json& violation : json["violations"])
                EXPECT_EQ(violation["rule"], "contracts") << violation;
        }
}

// Blocks tell the time by their maker's clock: 15 s are enough to let in whoever is ten too late, and not whoever is twenty.
TEST_F(ContractsOnChains, Row50AClockThatIsWrongMovesADeadline) {
    const std::string workload = contents(chain_folder + "deadline.txt");
    write(folder_ / "slow.txt", "from 20s to 60s skew 0 -15s\n");
    EXPECT_EQ(contracts("--engine instant", workload)["auction winner()"], "bob");
    EXPECT_EQ(contracts("--engine instant --faults slow.txt", workload)["auction winner()"], "carol");
    const std::string later = replaced(workload, "at 41s carol", "at 51s carol");
    EXPECT_EQ(contracts("--engine instant --faults slow.txt", later)["auction winner()"], "bob");
}

TEST_F(ContractsOnChains, SayWhatIsWrongWithALine) {
    const std::pair<const char*, const char*> cases[] = {
        {"oracle omar watches nothing ask() answers nothing answer()", "no line above deploys `nothing`"},
        {"oracle omar sees", "`oracle omar watches game"},
        {"at 1s alice deploys king ../block_king.ilk\nshow king king", "a function is missing"},
        {"at 1s alice deploys king ../block_king.ilk:Queen", "the file `../block_king.ilk:Queen` cannot be read"},
        {"at 1s alice deploys king ../block_king.ilk with much", "behind `with` comes an amount"},
        {"at 1s alice pays bob 1 via x", "behind `via` comes the number of a node"},
        {"fork at 5 moves alice", "`fork at 30 moves thief to rescue"},
        {"at 1s alice pays bob 1 when nobody", "there is no `when` here"},
    };
    for (const auto& [text, message] : cases) {
        write(folder_ / "chain/work.txt", std::string(text) + "\n");
        const Finished finished = interlock("sim --workload chain/work.txt");
        EXPECT_EQ(finished.exit, 65) << text;
        EXPECT_NE(finished.err.find(message), std::string::npos) << finished.err;
    }
}

}  // namespace
}  // namespace interlock::tests
