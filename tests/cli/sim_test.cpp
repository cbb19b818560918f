// interlock sim and interlock compare: runs as text and as JSON, files of faults and of workloads, pages, exit codes.
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "process.hpp"

namespace interlock::tests {
namespace {

class Simulations : public Command {};

TEST_F(Simulations, OneSeedIsOneRun) {
    const Finished once = interlock("sim --engine pbft --difficult --seed 5 --json");
    EXPECT_EQ(once.exit, 0) << once.err;
    EXPECT_EQ(once.out, interlock("sim --engine pbft --difficult --seed 5 --json").out);
    const nlohmann::json json = nlohmann::json::parse(once.out, nullptr, false);
    ASSERT_FALSE(json.is_discarded());
    EXPECT_EQ(json["final"], json["submitted"]);
    EXPECT_TRUE(json["violations"].empty());
}

TEST_F(Simulations, AFailingRunIsShrunkToAScriptThatReplays) {
    write(folder_ / "faults.txt", "from 1s to 2s drop 5%\nfrom 1s to 3s delay 10ms\nat 0s equivocate 0 1\n");
    std::string script;
    int seed = 0;
    while (script.empty() && ++seed < 50) {
        const Finished finished = interlock("sim --engine pbft --faults faults.txt --seed " + std::to_string(seed));
        if (finished.exit == 1) script = finished.out.substr(finished.out.rfind("\n\n") + 2);
    }
    EXPECT_EQ(script, "at 0s equivocate 0 1\n");
    write(folder_ / "shortest.txt", script);
    const Finished again = interlock("sim --engine pbft --faults shortest.txt --seed " + std::to_string(seed));
    EXPECT_EQ(again.exit, 1);
    EXPECT_NE(again.out.find("VIOLATED"), std::string::npos) << again.out;
}

// A row at 1, 2 and 5 times each power of ten while the run goes on, the same whenever it is run, and none in JSON.
TEST_F(Simulations, TellARunWhileItGoesOn) {
    write(folder_ / "faults.txt", "from 1s to 2s drop 5%\n");
    const std::string command = "sim --engine pow --interval 2s --nodes 5 --duration 60s --faults faults.txt";
    const Finished finished = interlock(command);
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(finished.out, interlock(command).out);
    const std::string table = finished.out.substr(0, finished.out.find("\n\n") + 1);
    std::vector<std::string> times, faults;
    std::size_t verdict_end = 0;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        const std::vector<std::string> cells{std::istream_iterator<std::string>(words), {}};
        const bool is_heading = times.empty();
        const auto verdict = std::ranges::find(cells, is_heading ? "invariants" : "hold");
        ASSERT_TRUE(verdict - cells.begin() >= 10 && cells.end() - verdict >= 2) << line;
        times.push_back(cells.front());
        faults.push_back(verdict[-1]);
        const std::size_t end = line.find(*verdict) + verdict->size();
        EXPECT_EQ(end, verdict_end == 0 ? end : verdict_end) << line;  // columns stand below their names
        verdict_end = end;
        EXPECT_TRUE(is_heading || verdict[1] == "0" || verdict[1].back() == ':') << line;  // "42: announce 42"
    }
    EXPECT_EQ(times, (std::vector<std::string>{"time", "100ms", "200ms", "500ms", "1s", "2s", "5s", "10s", "20s", "50s"}));
    EXPECT_EQ(faults[3], "0");
    EXPECT_EQ(faults[9], "1");
    EXPECT_EQ(interlock(command + " --json").out.find("{"), 0U);
}

TEST_F(Simulations, MineWithUnclesAndADifficultyThatFollows) {
    const std::string command = "sim --engine pow --nodes 6 --interval 2s --latency 300ms --seed 4 --json";
    const auto uncles = [&](const std::string& options) {
        const Finished finished = interlock(command + options);
        EXPECT_EQ(finished.exit, 0) << finished.err << finished.out;
        const nlohmann::json json = nlohmann::json::parse(finished.out, nullptr, false);
        return json.is_discarded() ? -1 : json["uncles"].get<int>();
    };
    EXPECT_EQ(uncles(""), 0);
    EXPECT_GT(uncles(" --uncles --retarget"), 0);
    const Finished elsewhere = interlock("sim --engine pbft --uncles");
    EXPECT_EQ(elsewhere.exit, 64);
    EXPECT_EQ(elsewhere.err.find("interlock sim: --uncles is for pow, not for pbft"), 0U) << elsewhere.err;
}

TEST_F(Simulations, WriteAPage) {
    write(folder_ / "work.txt", "transfers 5 every 100ms\n");
    const Finished finished = interlock("sim --engine multipaxos --workload work.txt --report out.html");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_NE(finished.out.find("5 of 5 final"), std::string::npos) << finished.out;
    EXPECT_NE(contents(folder_ / "out.html").find("Block tree"), std::string::npos);
}

// A browser draws the pages: their plots are in the document that it made, and the picture is not an empty one.
TEST_F(Simulations, PagesOpenInABrowser) {
    if (shell("command -v chromium").exit != 0) GTEST_SKIP() << "chromium is not installed";
    ASSERT_EQ(interlock("sim --engine pbft --report run.html").exit, 0);
    ASSERT_EQ(interlock("compare --most-nodes 4 --report compared.html").exit, 0);
    write(folder_ / "empty.html", "<!doctype html><title>nothing</title>");
    const std::string chromium = "timeout 60 chromium --headless --no-sandbox --disable-gpu --window-size=1200,2000 ";
    const auto picture = [&](const std::string& name) {
        (void)shell(chromium + "--screenshot=" + name + ".png 'file://" + (folder_ / (name + ".html")).string() + "'");
        return contents(folder_ / (name + ".png")).size();
    };
    const std::size_t empty = picture("empty");
    if (empty == 0) GTEST_SKIP() << "chromium does not run here";
    for (const char* name : {"run", "compared"}) {
        const Finished opened = shell(chromium + "--dump-dom 'file://" + (folder_ / name).string() + ".html'");
        for (const char* part : {"<svg", "<polyline", "</html>"})
            EXPECT_NE(opened.out.find(part), std::string::npos) << name;
        EXPECT_GT(picture(name), 2 * empty) << name;
    }
}

TEST_F(Simulations, SayWhatIsWrongWithAFile) {
    write(folder_ / "faults.txt", "# first\nat 1s explode 1\n");
    const Finished faults = interlock("sim --faults faults.txt");
    EXPECT_EQ(faults.exit, 65);
    EXPECT_EQ(faults.err.find("faults.txt:2: there is no fault `explode`"), 0U) << faults.err;
    write(folder_ / "work.txt", "at 1s bob eats cake 5\n");
    for (const char* command : {"sim --workload work.txt", "compare --workload work.txt"}) {
        const Finished work = interlock(command);
        EXPECT_EQ(work.exit, 65) << command;
        EXPECT_EQ(work.err.find("work.txt:1: "), 0U) << work.err;
    }
    EXPECT_EQ(interlock("compare --workload nowhere.txt").exit, 65);
    EXPECT_EQ(interlock("sim --engine paxos").exit, 64);
}

TEST_F(Simulations, SayWhichPageCannotBeWritten) {
    const Finished finished = interlock("sim --engine pbft --report nowhere/page.html");
    EXPECT_EQ(finished.exit, 74);
    EXPECT_EQ(finished.err, "interlock: nowhere/page.html cannot be written: No such file or directory\n");
}

TEST_F(Simulations, CompareAllEngines) {
    write(folder_ / "work.txt", "transfers 5 every 100ms\n");
    const Finished finished = interlock("compare --workload work.txt --most-nodes 4 --report out.html");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    for (const char* text : {"multipaxos", "2N(N-1)", "By the formulas they cross at N = 7,153, as simulated at N = 6,979.",
                             "9 nodes:           formula 4444       simulated 44"})
        EXPECT_NE(finished.out.find(text), std::string::npos) << text;
    EXPECT_NE(contents(folder_ / "out.html").find("time to finality"), std::string::npos);
}

}  // namespace
}  // namespace interlock::tests
