// Ctrl-C, and the line of progress: what happens on a terminal.
#include <poll.h>
#include <pty.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <thread>

#include "process.hpp"

namespace interlock::tests {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

// The program on a terminal of its own.
class Terminal {
  public:
    Terminal(const std::filesystem::path& folder, const std::string& arguments) {
        child_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
        if (child_ != 0) return;
        const std::string line = "cd '" + folder.string() + "' && exec '" INTERLOCK_BINARY "' " + arguments;
        execl("/bin/sh", "sh", "-c", line.c_str(), static_cast<char*>(nullptr));
        _exit(127);
    }
    ~Terminal() {
        if (is_running_) kill(child_, SIGKILL), waitpid(child_, nullptr, 0);
        close(terminal_);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    void type(const std::string& text) {
        EXPECT_EQ(::write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }

    void signal(int number) const { EXPECT_EQ(::kill(child_, number), 0); }

    // Everything that it says within the time, or until its end.
    void read(double seconds) {
        const Clock::time_point began = Clock::now();
        while (seconds_since(began) < seconds) {
            pollfd ready{terminal_, POLLIN, 0};
            if (poll(&ready, 1, 20) <= 0) continue;
            char piece[4096];
            const ssize_t size = ::read(terminal_, piece, sizeof piece);
            if (size <= 0) break;
            said_.append(piece, static_cast<std::size_t>(size));
        }
    }

    // Its exit code; 128 and the signal's number where one ended it.
    int wait() {
        read(30);
        int status = 0;
        waitpid(child_, &status, 0);
        is_running_ = false;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    [[nodiscard]] const std::string& said() const { return said_; }

  private:
    pid_t child_ = -1;
    int terminal_ = -1;
    bool is_running_ = true;
    std::string said_;
};

class Interrupted : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        write(folder_ / "bank.ilk", contract("bank.ilk"));
        write(folder_ / "slow.ilk", R"(
            contract Slow {
                mapping(uint256 => uint256) sums;
                uint256 count;
                function add(uint256 to, uint256 amount) external { unchecked { sums[to] += amount; count += to; } }
                function mix(uint256 a, uint256 b) external { unchecked { sums[a] = sums[b] * 3 + count; } }
                function pay() external payable { uint256 at = count; (bool ok, ) = msg.sender.call(""); count = at + (ok ? 1 : 2); }
            })");
    }

    const std::string endless_ =
        " --timeout 600 --transactions 8 --calls 12 --wide-calls 12 --depth 16 --states 1000000000"
        " --steps 1000000000";
};

TEST_F(Interrupted, ACheckSaysWhatItHasSoFar) {
    const Finished finished =
        shell("timeout --preserve-status -s INT 3 '" INTERLOCK_BINARY "' check bank.ilk slow.ilk bank.ilk" + endless_);
    EXPECT_EQ(finished.exit, 130) << finished.err;
    EXPECT_LT(finished.seconds, 10);
    EXPECT_NE(finished.out.find("EXPLOIT  bank.ilk: Bank.solvent"), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("slow.ilk: "), std::string::npos) << finished.out;
    EXPECT_NE(finished.out.find("interrupted"), std::string::npos) << finished.out;
}

TEST_F(Interrupted, ACheckWritesJsonAndSarifToTheirEnds) {
    const Finished finished = shell("timeout --preserve-status -s INT 3 '" INTERLOCK_BINARY
                                    "' check bank.ilk slow.ilk bank.ilk --json --sarif out.sarif" +
                                    endless_);
    EXPECT_EQ(finished.exit, 130) << finished.err;
    const Json json = Json::parse(finished.out, nullptr, false);
    ASSERT_TRUE(json.is_object()) << finished.out;
    EXPECT_EQ(json["verdicts"][0]["verdict"], "EXPLOIT");
    EXPECT_EQ(json["files"][0]["status"], "checked");
    EXPECT_EQ(json["files"][1]["status"], "interrupted");
    EXPECT_EQ(json["files"][2]["status"], "not reached");
    EXPECT_GT(json["files"][1]["stats"]["states"], 0);
    const Json sarif = Json::parse(contents(folder_ / "out.sarif"), nullptr, false);
    ASSERT_TRUE(sarif.is_object());
    EXPECT_EQ(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    EXPECT_EQ(sarif["runs"][0]["results"][0]["ruleId"], "R001");
}

TEST_F(Interrupted, OnATerminalOneCtrlCEndsWithTheVerdictsAndTwoEndAtOnce) {
    Terminal once(folder_, "check slow.ilk" + endless_);
    once.read(1);
    once.type("\x03");
    EXPECT_EQ(once.wait(), 130);
    EXPECT_NE(once.said().find("searched "), std::string::npos) << once.said();

    Terminal twice(folder_, "check slow.ilk" + endless_);
    twice.read(1);
    const Clock::time_point began = Clock::now();
    twice.type("\x03");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // sooner it would be the same one
    twice.type("\x03");
    EXPECT_EQ(twice.wait(), 130);
    EXPECT_LT(seconds_since(began), 2);
}

TEST_F(Interrupted, SignalsThatComeAlongWithTheFirstAreTheSame) {
    for (int i = 0; i < 5; ++i) {
        Terminal terminal(folder_, "check slow.ilk" + endless_);
        terminal.read(1);
        for (int signal = 0; signal < 3; ++signal) terminal.signal(SIGINT);
        EXPECT_EQ(terminal.wait(), 130);
        EXPECT_NE(terminal.said().find("searched "), std::string::npos) << terminal.said();
    }
}

TEST_F(Interrupted, ProgressIsShownAtMostTenTimesASecondAndOnlyOnATerminal) {
    const Clock::time_point began = Clock::now();
    Terminal terminal(folder_, "check slow.ilk --transactions 8 --calls 12 --wide-calls 12 --timeout 2");
    terminal.wait();
    const double seconds = seconds_since(began);
    int lines = 0;
    for (auto at = terminal.said().find("\r\033[K"); at != std::string::npos; at = terminal.said().find("\r\033[K", at + 1))
        ++lines;
    EXPECT_GE(lines, 3) << terminal.said();
    EXPECT_LE(lines, 10 * seconds + 2) << terminal.said();
    EXPECT_EQ(interlock("check slow.ilk --transactions 8 --calls 12 --timeout 1").err, "");
}

}  // namespace
}  // namespace interlock::tests
