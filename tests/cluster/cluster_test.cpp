// The program that MPI starts several times: what it counts, where it goes on, and what it says of a wrong call.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <tuple>

namespace interlock::tests {
namespace {

#ifdef INTERLOCK_CLUSTER
const std::string program = INTERLOCK_CLUSTER;
#else
const std::string program;  // it was not built
#endif

struct Ended {
    int exit = 0;
    std::string out;
};

class SeveralProcesses : public testing::Test {
  protected:
    void SetUp() override {
        if (program.empty()) GTEST_SKIP() << "built without Open MPI (Debian: openmpi-bin, libopenmpi-dev)";
        if (run("command -v mpirun").exit != 0) GTEST_SKIP() << "mpirun is not installed (Debian: openmpi-bin)";
        std::string name = (std::filesystem::temp_directory_path() / "interlock-cluster-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        setenv("ASAN_OPTIONS", "detect_leaks=0", 1);  // Open MPI keeps what it allocated until the process ends
    }
    void TearDown() override {
        std::error_code ignored;
        if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
    }

    static Ended run(const std::string& command) {
        Ended ended;
        FILE* pipe = popen((command + " 2>&1").c_str(), "r");
        if (!pipe) return {-1, ""};
        std::array<char, 4096> part{};
        while (const std::size_t count = fread(part.data(), 1, part.size(), pipe)) ended.out.append(part.data(), count);
        const int status = pclose(pipe);
        ended.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return ended;
    }

    // As root MPI asks whether that is meant; on a machine with fewer cores, whether so many processes are.
    static Ended search(int processes, const std::string& arguments) {
        return run(
            "timeout 120 env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 "
            "OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl=self,vader,tcp mpirun --oversubscribe -n " +
            std::to_string(processes) + " " + program + " " + arguments);
    }

    std::string folder_;
};

TEST_F(SeveralProcesses, CountWhatOneCounts) {
    for (const auto& [processes, model, counted] :
         {std::tuple(1, "TwoPhase", "288 states"), std::tuple(2, "PBFT --set views=2", "12040 states"),
          std::tuple(3, "Paxos", "3921 states")}) {
        const Ended ended = search(processes, model);
        EXPECT_EQ(ended.exit, 0) << ended.out;
        EXPECT_NE(ended.out.find(counted), std::string::npos) << ended.out;
    }
}

TEST_F(SeveralProcesses, FindWhatIsViolated) {
    const Ended ended = search(2, "TwoPhase --set hasty=1");
    EXPECT_EQ(ended.exit, 1) << ended.out;
    EXPECT_NE(ended.out.find("VIOLATED"), std::string::npos) << ended.out;
}

TEST_F(SeveralProcesses, GoOnFromTheLastCheckpoint) {
    const std::string arguments = "PBFT --set views=2 --checkpoints " + folder_;
    const Ended part = search(2, arguments + " --levels 8");
    EXPECT_EQ(part.exit, 2) << part.out;
    EXPECT_NE(part.out.find("not complete"), std::string::npos) << part.out;
    const Ended rest = search(2, arguments);
    EXPECT_EQ(rest.exit, 0) << rest.out;
    EXPECT_NE(rest.out.find("12040 states"), std::string::npos) << rest.out;
}

TEST_F(SeveralProcesses, SayWhatIsWrongWithACall) {
    const auto call = [](const std::string& arguments) {
        return run(std::string("timeout 60 ") + program + " " + arguments);
    };
    EXPECT_EQ(call("Nothing").exit, 64);
    EXPECT_NE(call("TwoPhase --set managers=0").out.find("is a number from"), std::string::npos);
    EXPECT_EQ(call("TwoPhase --set").exit, 64);
    const Ended engine = call("engine-pbft --set nodes=3");
    EXPECT_EQ(engine.exit, 64);
    EXPECT_NE(engine.out.find("engine-pbft is searched by one process: interlock model engine-pbft"), std::string::npos)
        << engine.out;
}

}  // namespace
}  // namespace interlock::tests
