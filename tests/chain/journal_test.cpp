// Properties of the undo journal and the fingerprint, over random operations.

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/chain/state_content.hpp"

namespace interlock::chain {
namespace {

using testing::address_at, testing::change_at_random, testing::Content, testing::content_of, testing::warmth_of;

State fingerprinted_state() {
    State state;
    state.keep_fingerprint(true);
    for (unsigned i = 0; i < testing::account_count; ++i) state.set_balance(address_at(i), 100 * i);
    return state;
}

// Random changes, reverted at random to random open checkpoints; calls `at_each_point` after every step.
template <class Visit>
void run_at_random(State& state, std::uint64_t seed, unsigned steps, Visit at_each_point) {
    std::mt19937_64 random(seed);
    std::vector<vm::Host::Checkpoint> open;
    for (unsigned step = 0; step < steps; ++step) {
        const auto what = random() % 12;
        if (what == 0) {
            open.push_back(state.checkpoint());
        } else if (what == 1 && !open.empty()) {
            open.resize(1 + random() % open.size());
            state.revert_to(open.back());
            open.pop_back();
        } else {
            change_at_random(state, random);
        }
        at_each_point();
    }
}

class JournalProperty : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(JournalProperty, RevertingNestedCheckpointsRestoresEachExactly) {
    State state = fingerprinted_state();
    std::mt19937_64 random(GetParam());
    struct Point {
        vm::Host::Checkpoint checkpoint;
        Content content;
        std::vector<bool> warmth;
    };
    std::vector<Point> points;
    for (int depth = 0; depth < 30; ++depth) {
        points.push_back({state.checkpoint(), content_of(state), warmth_of(state)});
        for (auto n = random() % 12; n > 0; --n) change_at_random(state, random);
    }
    for (; !points.empty(); points.pop_back()) {
        state.revert_to(points.back().checkpoint);
        ASSERT_EQ(content_of(state), points.back().content);
        ASSERT_EQ(warmth_of(state), points.back().warmth);
    }
}

TEST_P(JournalProperty, TheIncrementalFingerprintEqualsAFullRehash) {
    for (const bool history : {false, true}) {
        State state = fingerprinted_state();
        state.keep_history(history);
        run_at_random(state, GetParam(), 400, [&] { ASSERT_EQ(state.fingerprint(), state.rehash()); });
    }
}

TEST_P(JournalProperty, HistoryDoesNotChangeWhatARevertMeans) {
    State plain = fingerprinted_state(), historic = fingerprinted_state();
    historic.keep_history(true);
    std::vector<Content> expected;
    run_at_random(plain, GetParam(), 300, [&] { expected.push_back(content_of(plain)); });
    std::size_t step = 0;
    run_at_random(historic, GetParam(), 300, [&] { ASSERT_EQ(content_of(historic), expected[step++]); });
}

TEST_P(JournalProperty, RewindingReturnsToAnyPointEvenInsideWhatReverted) {
    State state = fingerprinted_state();
    state.keep_history(true);
    struct Point {
        vm::Host::Checkpoint checkpoint;
        Content content;
        std::vector<bool> warmth;
    };
    std::vector<Point> points;
    run_at_random(state, GetParam(), 200, [&] {
        points.push_back({state.checkpoint(), content_of(state), warmth_of(state)});
    });
    for (; !points.empty(); points.pop_back()) {
        state.rewind_to(points.back().checkpoint);
        ASSERT_EQ(content_of(state), points.back().content);
        ASSERT_EQ(warmth_of(state), points.back().warmth);
    }
}

TEST_P(JournalProperty, AfterARewindTheStateGoesOnAsIfNothingHadHappened) {
    State state = fingerprinted_state();
    state.keep_history(true);
    const auto start = state.checkpoint();
    std::vector<Content> first;
    run_at_random(state, GetParam(), 150, [&] { first.push_back(content_of(state)); });
    state.rewind_to(start);
    std::size_t step = 0;
    run_at_random(state, GetParam(), 150, [&] { ASSERT_EQ(content_of(state), first[step++]); });
}

INSTANTIATE_TEST_SUITE_P(Seeds, JournalProperty, ::testing::Range<std::uint64_t>(1, 13));

// Were cancelled stretches undone again by each enclosing frame, the journal would double at every level.
TEST(Journal, NestedRevertsGrowHistoryLinearly) {
    State state;
    state.keep_history(true);
    std::vector<vm::Host::Checkpoint> frames;
    for (unsigned depth = 0; depth < 1024; ++depth) {
        frames.push_back(state.checkpoint());
        state.store(address_at(0), depth, 1);
    }
    for (; !frames.empty(); frames.pop_back()) state.revert_to(frames.back());
    EXPECT_LT(state.checkpoint(), 8U * 1024U);
    EXPECT_FALSE(state.has_storage(address_at(0)));
}

TEST(Fingerprint, ADefaultValueContributesNothing) {
    State state;
    state.keep_fingerprint(true);
    const Fingerprint empty = state.fingerprint();
    state.store(address_at(1), 1, 5);
    EXPECT_NE(state.fingerprint(), empty);
    state.store(address_at(1), 1, 0);
    EXPECT_EQ(state.fingerprint(), empty);
}

TEST(Fingerprint, DoesNotDependOnTheOrderOfWrites) {
    State one, other;
    one.keep_fingerprint(true);
    other.keep_fingerprint(true);
    one.store(address_at(1), 1, 5);
    one.set_balance(address_at(2), 7);
    other.set_balance(address_at(2), 7);
    other.store(address_at(1), 1, 5);
    EXPECT_EQ(one.fingerprint(), other.fingerprint());
}

TEST(Fingerprint, TellsTheSameNumberInDifferentPlacesApart) {
    const auto fingerprint_after = [](auto&& change) {
        State state;
        state.keep_fingerprint(true);
        change(state);
        return state.fingerprint();
    };
    std::vector<Fingerprint> all{
        fingerprint_after([](State& s) { s.set_balance(address_at(1), 5); }),
        fingerprint_after([](State& s) { s.set_nonce(address_at(1), 5); }),
        fingerprint_after([](State& s) { s.store(address_at(1), 0, 5); }),
        fingerprint_after([](State& s) { s.store(address_at(1), 5, 5); }),
        fingerprint_after([](State& s) { s.store_transient(address_at(1), 0, 5); }),
        fingerprint_after([](State& s) { s.store(address_at(2), 0, 5); }),
    };
    std::ranges::sort(all);
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Fingerprint, TurnedOnLateIsTheSameAsKeptFromTheStart) {
    State early, late;
    early.keep_fingerprint(true);
    for (State* state : {&early, &late}) {
        state->begin_transaction({});
        state->store_transient(address_at(1), 1, 1);
        state->set_balance(address_at(1), 5);
    }
    late.keep_fingerprint(true);
    EXPECT_EQ(early.fingerprint(), late.fingerprint());
}

}  // namespace
}  // namespace interlock::chain
