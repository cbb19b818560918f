// interlock model: the list, a search as text and as JSON, wrong words, and the limits that end it.
#include <nlohmann/json.hpp>

#include "process.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;

class Models : public Command {
  protected:
    Json json(const std::string& arguments) {
        const Finished finished = interlock("model " + arguments + " --json");
        const Json json = Json::parse(finished.out, nullptr, false);
        EXPECT_FALSE(json.is_discarded()) << arguments << finished.out << finished.err;
        return json;
    }
    void expect_usage(const std::string& arguments, const std::string& message) {
        const Finished finished = interlock("model " + arguments);
        EXPECT_EQ(finished.exit, 64) << arguments;
        EXPECT_NE(finished.err.find(message), std::string::npos) << arguments << "\n" << finished.err;
        EXPECT_EQ(finished.out, "") << arguments;
    }
};

TEST_F(Models, AreListedWithTheirParameters) {
    const Finished finished = interlock("model");
    EXPECT_EQ(finished.exit, 0);
    for (const char* text : {"EVMBank  a bank of users", "  N=3      1 to 6   users\n", "DAO5a  the DAO attack",
                             "  ATTACK=3    0 to 200   how often Mallory calls back\n"})
        EXPECT_NE(finished.out.find(text), std::string::npos) << text << finished.out;
    const Json list = json("");
    ASSERT_EQ(list.size(), 28U);
    EXPECT_EQ(list[0]["model"], "EVMBank");
    EXPECT_EQ(list[0]["parameters"][0],
              Json({{"name", "N"}, {"meaning", "users"}, {"default", 3}, {"least", 1}, {"most", 6}}));
}

TEST_F(Models, TheViolatedPropertyComesWithItsShortestTrace) {
    const Finished finished = interlock("model DAO5a");
    EXPECT_EQ(finished.exit, 1);
    const std::string out = finished.out;
    EXPECT_NE(out.find("states                  22  all that there are\n"), std::string::npos) << out;
    EXPECT_NE(out.find("SafeWithdrawal  VIOLATED  "), std::string::npos) << out;
    EXPECT_NE(out.find("SafeWithdrawal: a shortest trace, 8 states\n"
                       "                   pc              bank  mallory  attack  amount  amt  stack\n"
                       "1  start           Transact        10    0        3       -       -    -\n"
                       "2  Transact        CheckBalance                           10           Done:-\n"
                       "3  CheckBalance    DispenseAmount\n"),
              std::string::npos)
        << out;
    EXPECT_NE(out.find("Invariant: a shortest trace, 5 states\n"), std::string::npos) << out;
    EXPECT_NE(interlock("model dao5a --trace").out.find("3  CheckBalance    DispenseAmount  10    0        3"),
              std::string::npos);
}

TEST_F(Models, WhereAllPropertiesHoldTheExitCodeIsZero) {
    const Finished finished = interlock("model DAO5b");
    EXPECT_EQ(finished.exit, 0);
    EXPECT_NE(finished.out.find("SafeWithdrawal  holds"), std::string::npos) << finished.out;
    EXPECT_EQ(finished.out.find("trace"), std::string::npos) << finished.out;
}

TEST_F(Models, EverySearchFindsTheSameStates) {
    const std::string parameters = "EVMBank --set N=2 --set T=2";
    for (const char* options : {"", " --no-reduction", " --depth-first", " --depth-first --no-reduction", " -j 2"}) {
        const Json search = json(parameters + options);
        EXPECT_EQ(search["states"], 5464) << options;
        EXPECT_EQ(search["generated"], 16329) << options;
        EXPECT_EQ(search["end"], "complete") << options;
        EXPECT_EQ(search["properties"][0]["verdict"], "holds") << options;
    }
    const Json fixed = json(parameters + " --set FIXED=1");
    EXPECT_EQ(fixed["states"], 755);
    EXPECT_EQ(fixed["generated"], 1969);
    EXPECT_EQ(json("EVMBank --symmetry")["states"], 85351);
}

TEST_F(Models, TheUsualBankIsRobbedInNineStates) {
    const Json search = json("evmbank");
    EXPECT_EQ(search["states"], 504849);
    EXPECT_EQ(search["generated"], 1894483);
    EXPECT_EQ(search["depth"], 28);
    EXPECT_LE(search["bytesPerState"].get<double>(), 13);
    const Json theft = search["properties"][2];
    EXPECT_EQ(theft["name"], "NoTheft");
    EXPECT_EQ(theft["verdict"], "violated");
    EXPECT_EQ(theft["choices"].size(), 8U);
    ASSERT_EQ(theft["trace"].size(), 9U);
    EXPECT_EQ(theft["trace"][0]["choice"], nullptr);
    EXPECT_EQ(theft["trace"][0]["state"]["pot"], "8");
    EXPECT_EQ(theft["trace"][8]["state"]["inside"], "-");
}

// The engines of `interlock sim` are models, too. Each state's names of blocks are the first digits of their hashes.
TEST_F(Models, AnEngineWithTooSmallAQuorumIsFoundWrongInFiveSteps) {
    const Finished sound = interlock("model engine-pbft --set nodes=3");
    EXPECT_EQ(sound.exit, 0) << sound.err;
    EXPECT_NE(sound.out.find("states                 260  all that there are\n"), std::string::npos) << sound.out;
    for (const auto& [engine, states] :
         {std::pair("linear-pbft", "40"), std::pair("byzcoin", "40"), std::pair("instant", "14"), std::pair("poa", "22")}) {
        const Finished other = interlock(std::string("model --set nodes=3 engine-") + engine);
        EXPECT_EQ(other.exit, 0) << engine;
        EXPECT_NE(other.out.find(std::string(states) + "  all that there are\n"), std::string::npos) << other.out;
    }
    const Json search = json("engine-pbft --set nodes=3 --set liars=1 --set quorum=2");
    EXPECT_EQ(search["states"], 4223);
    const Json agreement = search["properties"][0];
    EXPECT_EQ(agreement["name"], "agreement");
    EXPECT_EQ(agreement["verdict"], "violated");
    ASSERT_EQ(agreement["trace"].size(), 6U);
    const Json end = agreement["trace"][5]["state"];
    EXPECT_NE(end["n1"], end["n2"]);
    EXPECT_EQ(end["n1"].get<std::string>().substr(0, 2), "1:");
    EXPECT_EQ(end["n2"].get<std::string>().substr(0, 2), "1:");
}

TEST_F(Models, WrongWordsAreNamed) {
    expect_usage("EVMBnak", "there is no model `EVMBnak`; did you mean `EVMBank`?");
    expect_usage("EVMBank --set N=7", "N is a whole number from 1 to 6, not `7`");
    expect_usage("EVMBank --set N=two", "N is a whole number from 1 to 6, not `two`");
    expect_usage("EVMBank --set N=", "N is a whole number from 1 to 6, not ``");
    expect_usage("EVMBank --set N", "--set is of the form NAME=VALUE, for example N=3, not `N`");
    expect_usage("EVMBank --set MAXDD=3",
                 "EVMBank has no parameter `MAXDD`, but N, D, V, T, MAXD, AMAX, FIXED; did you mean");
    expect_usage("EVMBank --states 0", "--states is a whole number from 1 to 1,000,000,000, not `0`");
    expect_usage("EVMBank -j 65", "-j is a whole number from 1 to 64, not `65`");
    expect_usage("EVMBank --depth-first -j 2", "--depth-first and several threads exclude each other");
    expect_usage("engine-pbft -j 2", "engine-pbft is searched by one thread");
    expect_usage("engine-pbft --set nodes=8", "nodes is a whole number from 1 to 7, not `8`");
    expect_usage("DAO5a --symmetry", "DAO5a has no symmetry");
    expect_usage("--set N=2", "NAME is missing");
    expect_usage("EVMBank DAO5a", "`DAO5a` is one too many");
}

TEST_F(Models, HugeParametersEndAtANamedLimit) {
    const std::string huge = "model EVMBank --set N=6 --set D=50 --set V=50 --set T=20 --set MAXD=12 --set AMAX=20";
    for (const char* order : {"", " --depth-first", " -j 2"}) {
        const Finished states = interlock(huge + " --states 30000" + order);
        EXPECT_EQ(states.exit, 2) << states.err;
        EXPECT_NE(states.out.find("not all: --states 30,000 ended the search"), std::string::npos) << states.out;
        EXPECT_NE(states.out.find("NoTheft       unknown"), std::string::npos) << states.out;
        const Finished time = interlock(huge + " --timeout 0.2" + order);
        EXPECT_EQ(time.exit, 2) << time.err;
        EXPECT_NE(time.out.find("not all: --timeout 0.2 ended the search"), std::string::npos) << time.out;
        EXPECT_LT(time.seconds, 20);
    }
}

TEST_F(Models, ALimitThatIsJustEnoughEndsNothing) {
    EXPECT_EQ(json("DAO5a --states 22")["end"], "complete");
    EXPECT_EQ(json("DAO5a --states 21")["end"], "states");
    EXPECT_EQ(json("DAO5a --states 21")["states"], 21);
    EXPECT_EQ(json("DAO5a --states 21 --depth-first")["states"], 21);
}

TEST_F(Models, CtrlCReportsWhatThereIs) {
    const Finished finished = shell("timeout --preserve-status -s INT 1 '" INTERLOCK_BINARY
                                    "' model EVMBank --set N=4 --set D=9 --set T=20 --states 1000000000");
    EXPECT_EQ(finished.exit, 130) << finished.err;
    EXPECT_NE(finished.out.find("not all: interrupted\n"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("Conservation  unknown"), std::string::npos) << finished.out;
    EXPECT_LT(finished.seconds, 15);
}

}  // namespace
}  // namespace interlock::tests
