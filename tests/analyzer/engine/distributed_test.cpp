// One search by several processes: threads stand in for them here, who exchange bytes as processes would. The counts must
// be those of a search alone, whatever their number, and also where it is given up and taken up again.
#include "analyzer/engine/distributed.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <barrier>
#include <filesystem>
#include <fstream>
#include <thread>

#include "analyzer/engine/search.hpp"
#include "analyzer/models/consensus/bpcon.hpp"
#include "analyzer/models/consensus/commit.hpp"
#include "analyzer/models/consensus/multi_paxos.hpp"

namespace interlock::analyzer::engine {
namespace {

using namespace models::consensus;

class Meeting {
  public:
    explicit Meeting(unsigned size) : size(size), sent(size), gate(size) {}
    const unsigned size;
    std::vector<std::vector<Exchange::Bytes>> sent;  // by sender and receiver
    std::barrier<> gate;
};

class ThreadExchange final : public Exchange {
  public:
    ThreadExchange(Meeting& meeting, unsigned rank) : meeting_(meeting), rank_(rank) {}
    unsigned rank() const override { return rank_; }
    unsigned size() const override { return meeting_.size; }
    std::vector<Bytes> all_to_all(const std::vector<Bytes>& messages) override {
        meeting_.sent[rank_] = messages;
        meeting_.gate.arrive_and_wait();
        std::vector<Bytes> told;
        for (const std::vector<Bytes>& each : meeting_.sent) told.push_back(each.at(rank_));
        meeting_.gate.arrive_and_wait();
        return told;
    }

  private:
    Meeting& meeting_;
    unsigned rank_;
};

template <class M>
Report searched_by(unsigned processes, const M& start, Options options = {}) {
    Meeting meeting(processes);
    std::vector<Report> reports(processes);
    {
        std::vector<std::jthread> threads;
        for (unsigned rank = 0; rank < processes; ++rank)
            threads.emplace_back([&, rank, options]() mutable {
                ThreadExchange exchange(meeting, rank);
                options.exchange = &exchange;
                reports[rank] = search(start, options);
            });
    }
    for (const Report& report : reports) EXPECT_EQ(report.states, reports[0].states);
    return reports[0];
}

template <class M>
void expect_same(const M& start) {
    Options alone;
    alone.is_reduced = false;
    const Report once = search(start, alone);
    for (const unsigned processes : {1U, 2U, 3U}) {
        const Report report = searched_by(processes, start);
        EXPECT_EQ(report.end, End::Complete);
        EXPECT_EQ(report.states, once.states) << processes;
        EXPECT_EQ(report.generated, once.generated) << processes;
        EXPECT_EQ(report.depth, once.depth) << processes;
        ASSERT_EQ(report.broken.size(), once.broken.size()) << processes;
        for (const Broken& broken : once.broken) {
            const auto found = std::ranges::find(report.broken, broken.property, &Broken::property);
            ASSERT_NE(found, report.broken.end());
            EXPECT_EQ(found->trace.size(), broken.trace.size()) << processes;
        }
    }
}

TEST(Distributed, CountsWhatOneProcessCounts) {
    expect_same(TwoPhase({4, false}));
    expect_same(BPCon({.ballots = 2, .is_signed = true}));                               // 12,040 states
    expect_same(BPCon({.ballots = 2, .is_symmetric = true}));                            // 12,638
    expect_same(BPCon({.acceptors = 2, .ballots = 1, .quorum = 2, .is_signed = true}));  // with properties that are false
    expect_same(TwoPhase({3, true}));
}

class Checkpoints : public testing::Test {
  protected:
    Checkpoints() {
        std::string name = (std::filesystem::temp_directory_path() / "interlock-checkpoints-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~Checkpoints() override { std::filesystem::remove_all(folder_); }

    Options options() const {
        Options options;
        options.checkpoints = folder_;
        return options;
    }

    std::string folder_;
};

TEST_F(Checkpoints, LetASearchGoOnWhereItWasGivenUp) {
    const BPCon start({.ballots = 2, .is_signed = true});
    Options some = options();
    some.most_levels = 7;
    const Report part = searched_by(2, start, some);
    EXPECT_EQ(part.end, End::Interruption);
    EXPECT_LT(part.states, 12'040U);
    const Report rest = searched_by(2, start, options());
    EXPECT_EQ(rest.end, End::Complete);
    EXPECT_EQ(rest.states, 12'040U);
    Options alone;
    alone.is_reduced = false;
    const Report once = search(start, alone);
    EXPECT_EQ(rest.generated, once.generated);
    EXPECT_EQ(rest.depth, once.depth);
}

// Files of another search, and of a level that not all processes have, are not taken for it.
TEST_F(Checkpoints, OfAnotherSearchAreNotRead) {
    Options some = options();
    some.most_levels = 5;
    (void)searched_by(2, BPCon({.ballots = 2, .is_signed = true}), some);
    Options other = options();
    other.label = 1;
    EXPECT_EQ(searched_by(2, TwoPhase({3, false}), other).states, 288U);
    std::filesystem::remove(folder_ + "/1-of-2.level.5");
    EXPECT_EQ(searched_by(2, BPCon({.ballots = 2, .is_signed = true}), options()).states, 12'040U);
}

}  // namespace
}  // namespace interlock::analyzer::engine
