// The specs of consensus: the numbers of states that TLC finds in the public TLA+ texts, and the faults that the search
// finds. Names begin with the row of the protocols' table that asks for them.
#include <gtest/gtest.h>

#include "analyzer/engine/search.hpp"
#include "analyzer/models/consensus/bpcon.hpp"
#include "analyzer/models/consensus/byzantine_votes.hpp"
#include "analyzer/models/consensus/commit.hpp"
#include "analyzer/models/consensus/fast_paxos.hpp"
#include "analyzer/models/consensus/generals.hpp"
#include "analyzer/models/consensus/mac_vectors.hpp"
#include "analyzer/models/consensus/multi_paxos.hpp"
#include "analyzer/models/consensus/paxos.hpp"
#include "analyzer/models/consensus/register_paxos.hpp"
#include "analyzer/models/consensus/registers.hpp"
#include "analyzer/models/consensus/simple_byzantine.hpp"

namespace interlock::analyzer::engine {
namespace {

using namespace models::consensus;

// All states, in which every property holds.
template <class M>
Report sound(const M& start) {
    Report report = search(start, {});
    EXPECT_EQ(report.end, End::Complete);
    EXPECT_TRUE(report.broken.empty()) << M::properties[report.broken.empty() ? 0 : report.broken[0].property].name;
    Options deep;
    deep.order = Order::Depth;
    EXPECT_EQ(search(start, deep).states, report.states);
    return report;
}

template <class M>
bool breaks(const M& start, std::string_view property) {
    const Report report = search(start, {});
    return std::ranges::any_of(report.broken,
                               [&](const Broken& broken) { return M::properties[broken.property].name == property; });
}

TEST(Protocols, Row84ConsensusHasFourStates) { EXPECT_EQ(sound(Consensus(3)).states, 4U); }

TEST(Protocols, Row55VotingHas77StatesWithoutNames) { EXPECT_EQ(sound(Voting({{3, 2, 2}, false, true})).states, 77U); }

TEST(Protocols, Row55VotingOfThreeBallotsHas6752States) { EXPECT_EQ(sound(Voting({.sizes = {3, 2, 3}})).states, 6'752U); }

// The public manifest says depth 15. Breadth order by one thread, which is exact, finds 14 states on the longest of the
// shortest paths; why the two differ is not known.
TEST(Protocols, Row84VoteProofHas6962States) {
    const Report report = sound(Voting({{3, 2, 3}, true}));
    EXPECT_EQ(report.states, 6'962U);
    EXPECT_EQ(report.depth, 14U);
}

TEST(Protocols, Row55PaxosOfOneAcceptorHas25States) { EXPECT_EQ(sound(Paxos({.sizes = {1, 1, 2}})).states, 25U); }

TEST(Protocols, Row55AndRow56TinyPaxosHas3921States) { EXPECT_EQ(sound(Paxos({.sizes = {3, 2, 2}})).states, 3'921U); }

TEST(Protocols, Row55PaxosWhoseLeaderForgetsPromisesIsNoVoting) {
    const Paxos forgetful({{3, 2, 2}, false, true});
    EXPECT_TRUE(breaks(forgetful, "RefinesVoting"));
    EXPECT_TRUE(breaks(forgetful, "Agreement"));
    EXPECT_TRUE(breaks(forgetful, "VotesSafe"));
}

TEST(Protocols, Row67TwoPhaseCommitHas288StatesAndTCommit34) {
    EXPECT_EQ(sound(TCommit(3)).states, 34U);
    EXPECT_EQ(sound(TwoPhase({3})).states, 288U);
    EXPECT_EQ(sound(TwoPhase({6})).states, 50'816U);
    EXPECT_TRUE(breaks(TwoPhase({3, true}), "RefinesTCommit"));
    EXPECT_TRUE(breaks(TwoPhase({3, true}), "Consistent"));
}

// Who is prepared has promised not to abort, and does not know what was decided.
TEST(Protocols, Row67TwoPhaseCommitBlocksWhereItsManagerCrashes) {
    const TwoPhase crashing({.managers = 3, .may_crash = true});
    EXPECT_TRUE(breaks(crashing, "Unblocked"));
    EXPECT_FALSE(breaks(crashing, "Consistent"));
    EXPECT_FALSE(breaks(crashing, "RefinesTCommit"));
}

TEST(Protocols, Row71ThreeGeneralsWithATraitorDisagreeAndFourAgree) {
    EXPECT_TRUE(breaks(Generals({.generals = 3}), "Validity"));
    for (const int generals : {4, 5, 6}) sound(Generals({.generals = generals}));
}

TEST(Protocols, Row71ThreeGeneralsWhoSignAgree) {
    for (const int generals : {3, 4, 5}) sound(Generals({.generals = generals, .is_signed = true}));
}

TEST(Protocols, Row72TwoOfThreeIsNoQuorumWhereOneLies) {
    EXPECT_TRUE(breaks(ByzantineVotes({3, 1, 2, false}), "Agreement"));
    sound(ByzantineVotes({3, 0, 2, false}));  // where none lies it is
}

TEST(Protocols, Row73APreparePhaseDoesNotMendIt) { EXPECT_TRUE(breaks(ByzantineVotes({3, 1, 2, true}), "Agreement")); }

TEST(Protocols, Row74TwoThirdsAndOneIsAQuorumForEveryN) {
    for (int nodes = 4; nodes <= most_nodes; ++nodes)
        for (const bool prepares : {false, true}) {
            SCOPED_TRACE(nodes);
            sound(ByzantineVotes({nodes, (nodes - 1) / 3, 2 * nodes / 3 + 1, prepares}));
        }
}

TEST(Protocols, Row74TwiceTheLiarsAndOneIsWrongUnlessNIsThriceAndOne) {
    for (int nodes = 4; nodes <= most_nodes; ++nodes) {
        const int liars = (nodes - 1) / 3;
        for (const bool prepares : {false, true})
            EXPECT_EQ(breaks(ByzantineVotes({nodes, liars, 2 * liars + 1, prepares}), "Agreement"), nodes != 3 * liars + 1)
                << nodes;
    }
}

TEST(Protocols, Row53QuorumsMayDifferAsLongAsEachFirstMeetsEachSecond) {
    sound(Paxos({.sizes = {3, 2, 2, 3, 1}}));
    sound(Paxos({.sizes = {3, 2, 2, 1, 3}}));
    EXPECT_TRUE(breaks(Paxos({.sizes = {3, 2, 2, 2, 1}}), "Agreement"));
    EXPECT_TRUE(breaks(Paxos({.sizes = {3, 2, 2, 1, 2}}), "Agreement"));
}

// As in the public text: ballots 0 to 3, of which 0 and 2 are fast. Depth 22 stands in its manifest, too.
TEST(Protocols, Row63SimplifiedFastPaxosHas25617States) {
    const Report report = sound(FastPaxos({.is_symmetric = true}));
    EXPECT_EQ(report.states, 25'617U);
    EXPECT_EQ(report.depth, 22U);
}

TEST(Protocols, Row63FastPaxosWithMajoritiesAsFastQuorumsRevokesADecision) {
    EXPECT_TRUE(
        breaks(FastPaxos({.values = 2, .ballots = 2, .fast = 1, .fast_quorum = 2, .is_symmetric = true}), "Agreement"));
}

// The public text's invariants hold; that replicas agree is none of them, and they do not: its notices name no ballot.
TEST(Protocols, Row57MultiPaxosHas343796States) {
    const Report report = search(MultiPaxos({.is_symmetric = true}), {});
    EXPECT_EQ(report.states, 343'796U);
    EXPECT_EQ(report.depth, 28U);
    ASSERT_EQ(report.broken.size(), 1U);
    EXPECT_EQ(MultiPaxos::properties[report.broken[0].property].name, "Agreement");
    EXPECT_EQ(report.broken[0].trace.size(), 13U);
}

TEST(Protocols, Row57MultiPaxosWhoseNoticesNameTheirBallotAgrees) {
    const Report report = search(MultiPaxos({.is_dated = true, .is_symmetric = true}), {});
    EXPECT_EQ(report.states, 331'076U);
    EXPECT_TRUE(report.broken.empty());
    sound(MultiPaxos({.replicas = 2, .is_dated = true}));
}

TEST(Protocols, Row57MultiPaxosWhoseLeadersForgetIsNotLinearisable) {
    EXPECT_TRUE(breaks(MultiPaxos({.is_dated = true, .is_careless = true, .is_symmetric = true}), "Linearizable"));
}

TEST(Protocols, Row55APaxosRegisterOfTwoClientsAndThreeServersHas16668States) {
    EXPECT_EQ(sound(RegisterPaxos({})).states, 16'668U);
    EXPECT_TRUE(breaks(RegisterPaxos({.forgets = true}), "Agreement"));
    EXPECT_TRUE(breaks(RegisterPaxos({.forgets = true}), "Linearizable"));
}

TEST(Protocols, Row60CompareAndSwapIsConsensusAlsoWhereClientsCrash) {
    sound(Registers({.clients = 4, .way = Registers::CompareAndSwap, .may_crash = true}));
}

TEST(Protocols, Row60ALockIsConsensusUntilItsHolderCrashes) {
    sound(Registers({.clients = 3, .way = Registers::Lock}));
    const Registers crashing({.clients = 3, .way = Registers::Lock, .may_crash = true});
    EXPECT_TRUE(breaks(crashing, "WaitFree"));
    EXPECT_FALSE(breaks(crashing, "R1"));
}

// Read with version 2, write with version 1: the register must refuse the second.
TEST(Protocols, Row60AVersionedRegisterNeedsBothC1AndC2) {
    sound(Registers({.clients = 3, .versions = 6, .may_crash = true}));
    EXPECT_TRUE(breaks(Registers({.adopts = false}), "R1"));
    const Registers untagged({.versions = 2, .refuses = false});
    const Report report = search(untagged, {});
    ASSERT_EQ(report.broken.size(), 1U);
    EXPECT_EQ(report.broken[0].trace.size(), 4U);
}

TEST(Protocols, Row88OneRoundOfVotesNeedsMoreThanFourTimesTheLiars) {
    for (const int liars : {1, 2})
        for (int nodes = 3 * liars + 1; nodes <= 5 * liars + 1; ++nodes) {
            EXPECT_TRUE(breaks(SimpleByzantine({nodes, liars, true}), "Live")) << nodes;  // who waits for f + 1 is stuck
            EXPECT_FALSE(breaks(SimpleByzantine({nodes, liars, true}), "Agreement")) << nodes;
            const SimpleByzantine bold({nodes, liars, false});  // who does not wait is wrong
            EXPECT_EQ(breaks(bold, "Agreement"), nodes <= 4 * liars) << nodes;
            EXPECT_FALSE(breaks(bold, "Live")) << nodes;
        }
}

TEST(Protocols, Row90AProofThatIsPassedOnJTimesNeedsJPlusOneTimesFPlusOneMessages) {
    for (const int liars : {1, 2, 3})
        for (const int relays : {0, 1, 2}) {
            const int messages = (relays + 1) * liars + 1;
            sound(MacVectors({liars, relays, messages}));
            EXPECT_TRUE(breaks(MacVectors({liars, relays, messages - 1}), "Honest")) << liars << " " << relays;
        }
}

// No checker has published counts of the following specs: these are ours, the same in both orders of the search.
TEST(Protocols, Row82PConRefinesVotingInEveryState) {
    EXPECT_EQ(sound(PCon({.sizes = {3, 2, 2}})).states, 13'049U);
    const PCon careless({.sizes = {3, 2, 2}, .is_careless = true});
    EXPECT_TRUE(breaks(careless, "OffersSafe"));
    EXPECT_TRUE(breaks(careless, "RefinesVoting"));
    EXPECT_TRUE(breaks(careless, "Agreement"));
}

TEST(Protocols, Row82PConWithoutNamesHas1494States) {
    EXPECT_EQ(sound(PCon({.sizes = {3, 2, 2}, .is_symmetric = true})).states, 1'494U);
}

TEST(Protocols, Row83To85BPConRefinesPConVotingAndConsensusInEveryState) {
    EXPECT_EQ(sound(BPCon({.ballots = 2})).states, 144'368U);
    EXPECT_EQ(sound(BPCon({.ballots = 2, .is_symmetric = true})).states, 12'638U);
}

TEST(Protocols, Row83BPConRefinesPConWhereEveryMessageIsLearntByItself) {
    EXPECT_EQ(sound(BPCon({.ballots = 1, .is_stepwise = true})).states, 8'208U);
}

// Liars alone may vouch for a value then; it takes three ballots to use that.
TEST(Protocols, Row83WeakQuorumsNeedAnHonestMember) {
    Options options;
    options.order = Order::Depth;
    options.most_states = 200'000;
    const Report report = search(BPCon({.weak = 1, .is_symmetric = true}), options);
    EXPECT_FALSE(report.broken.empty());
    EXPECT_TRUE(search(BPCon({.is_symmetric = true}), options).broken.empty());
}

// Two honest nodes and a liar with quorums of two: each honest one makes a quorum with the liar.
TEST(Protocols, Row72And73BPConOfThreeNodesIsNoPCon) {
    const BPCon broken({.acceptors = 2, .ballots = 2, .quorum = 2});
    for (const char* property : {"Agreement", "RefinesPCon", "RefinesVoting", "RefinesConsensus"})
        EXPECT_TRUE(breaks(broken, property)) << property;
}

TEST(Protocols, Row76PbftOfFourReplicasAgreesAndRefinesPCon) {
    EXPECT_EQ(sound(BPCon({.ballots = 2, .is_signed = true})).states, 12'040U);
}

TEST(Protocols, Row74PbftNeedsTwoThirdsAndOne) {
    for (const int nodes : {4, 5, 6}) {
        const BPCon right({.acceptors = nodes - 1, .ballots = 1, .quorum = 2 * nodes / 3 + 1, .is_signed = true});
        sound(right);
        const BPCon mutant({.acceptors = nodes - 1, .ballots = 1, .quorum = 3, .is_signed = true});  // 2f + 1
        EXPECT_EQ(breaks(mutant, "Agreement"), nodes != 4) << nodes;
    }
}

// A value prepared by a quorum, of which no honest node knows, is shown by the liar in the next view but one, where the
// honest ones' latest votes are for another value.
TEST(Protocols, Row87PbftRefinesPConButNotClassicPaxos) {
    const BPCon pbft({.is_signed = true, .is_classic = true, .is_symmetric = true});
    Options options;
    options.order = Order::Depth;
    const Report report = search(pbft, options);
    EXPECT_EQ(report.end, End::Complete);
    ASSERT_EQ(report.broken.size(), 1U);
    EXPECT_EQ(BPCon::properties[report.broken[0].property].name, "RefinesPaxos");
}

template <class M>
void expect_same_with_threads(const M& start) {
    Options together;
    together.threads = 2;
    const Report alone = search(start, {}), both = search(start, together);
    EXPECT_EQ(both.states, alone.states);
    EXPECT_EQ(both.generated, alone.generated);
    EXPECT_EQ(both.depth, alone.depth);
    EXPECT_EQ(both.broken.size(), alone.broken.size());
}

TEST(Protocols, TwoThreadsCountTheSameWithNamesAndWithout) {
    for (const bool is_symmetric : {false, true}) {
        expect_same_with_threads(Paxos({{3, 2, 2}, is_symmetric}));
        expect_same_with_threads(Paxos({{3, 2, 2}, is_symmetric, true}));
        expect_same_with_threads(PCon({.sizes = {3, 2, 2}, .is_symmetric = is_symmetric}));
        expect_same_with_threads(BPCon({.ballots = 2, .is_signed = true, .is_symmetric = is_symmetric}));
        expect_same_with_threads(FastPaxos({.values = 2, .ballots = 3, .is_symmetric = is_symmetric}));
        expect_same_with_threads(MultiPaxos({.replicas = 2, .is_symmetric = is_symmetric}));
    }
}

}  // namespace
}  // namespace interlock::analyzer::engine
