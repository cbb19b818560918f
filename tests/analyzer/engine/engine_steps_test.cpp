// Single steps of the engines: what each says to the others, and what it says of itself meanwhile. Names begin with the
// row of the protocols' table that asks for them.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "analyzer/models/engines/actors.hpp"
#include "chain/consensus/byzcoin/messages.hpp"
#include "chain/consensus/gossip.hpp"
#include "chain/consensus/pbft/messages.hpp"
#include "chain/consensus/random.hpp"

namespace interlock::analyzer::engine {
namespace {

using namespace models::engines;
using chain::consensus::Ghost;

// A network whose scheduler is the test.
class Play {
  public:
    explicit Play(const Setting& setting) : actors(setting) {
        for (NodeId node = 0; node < setting.nodes; ++node) {
            at.push_back(actors.begin(node).next);
            take(actors.begin(node).sent);
        }
    }

    const Reaction& ring(NodeId node, std::uint32_t timer = 0) { return step(node, {Input::Fire, timer}); }

    // Delivers what is under way and `chosen`, also what is sent meanwhile; returns how many messages that were.
    template <class F>
    std::size_t deliver(F chosen) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < under_way.size();) {
            const std::uint32_t number = under_way[i];
            if (!chosen(actors.letter(number))) {
                ++i;
                continue;
            }
            under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(i));
            ++count;
            (void)step(actors.letter(number).to, {Input::Deliver, number});
            i = 0;
        }
        return count;
    }
    std::size_t deliver_all() {
        return deliver([](const Letter&) { return true; });
    }
    std::size_t deliver_kind(std::string_view kind) {
        return deliver([&](const Letter& letter) { return kind_of(letter) == kind; });
    }

    [[nodiscard]] std::string_view kind_of(const Letter& letter) const {
        return actors.setting().engine->message_kinds[chain::consensus::kind_of(*letter.message)];
    }
    [[nodiscard]] std::size_t waiting(std::string_view kind) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(under_way, [&](std::uint32_t number) { return kind_of(actors.letter(number)) == kind; }));
    }
    [[nodiscard]] std::uint64_t height(NodeId node) const { return actors.state(at[node]).engine->head()->height(); }
    [[nodiscard]] std::uint32_t timers(NodeId node) const {
        return static_cast<std::uint32_t>(actors.state(at[node]).timers.size());
    }

    // The timer that is so many'th by what it is for.
    [[nodiscard]] std::uint32_t timer_of_rank(NodeId node, std::uint32_t rank) const {
        std::vector<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>> sorted;
        for (const auto& [id, pending] : actors.state(at[node]).timers)
            sorted.emplace_back(pending.timer.kind, pending.timer.number, static_cast<std::uint32_t>(sorted.size()));
        std::ranges::sort(sorted);
        return std::get<2>(sorted.at(rank));
    }

    const Reaction& step(NodeId node, const Input& input) {
        const Reaction& reaction = actors.react(at[node], input);
        at[node] = reaction.next;
        take(reaction.sent);
        return reaction;
    }

    Actors actors;
    std::vector<std::uint32_t> at;  // local states
    std::deque<std::uint32_t> under_way;

  private:
    void take(const std::vector<std::uint32_t>& sent) { under_way.insert(under_way.end(), sent.begin(), sent.end()); }
};

Setting setting_with(std::string_view engine, std::uint32_t nodes, std::uint64_t blocks) {
    Setting setting = setting_of(engine);
    setting.nodes = nodes;
    setting.transactions = static_cast<std::uint32_t>(blocks);
    setting.options.most_blocks = blocks;
    setting.options.block_transactions = 1;
    return setting;
}

// Where two histories lead to one state, it must not matter which of the two engines goes on. So the same schedule is played
// with and without: what is sent, what is said and where nodes are must be the same. Of messages with certificates what is
// certified is compared, and not by whom.
TEST(EngineSteps, StatesThatAreTakenForEqualGoOnEqually) {
    using Said = std::tuple<NodeId, NodeId, std::string_view, std::uint64_t, std::uint64_t, chain::Hash>;
    const auto said = [](Play& play, std::uint32_t number) -> Said {
        const Letter& letter = play.actors.letter(number);
        const auto ballot = [&](const auto& content) {
            return Said{letter.from, letter.to, play.kind_of(letter), content.view, content.height, content.block_hash};
        };
        const std::string_view engine = play.actors.setting().engine->name;
        chain::consensus::Codec& codec = play.actors.codec();
        if (engine == "pbft") return ballot(*letter.message->as<chain::consensus::pbft::Message>(codec));
        if (engine == "linear-pbft" || engine == "byzcoin")
            return ballot(*letter.message->as<chain::consensus::byzcoin::Message>(codec));
        return {letter.from, letter.to, "", letter.message->digest(), 0, {}};
    };
    for (const auto& [engine, nodes] :
         {std::pair("pbft", 4U), std::pair("linear-pbft", 4U), std::pair("byzcoin", 4U), std::pair("multipaxos", 3U),
          std::pair("pow", 3U), std::pair("bitcoin-ng", 3U), std::pair("poa", 3U), std::pair("stake", 3U)}) {
        Setting setting = setting_with(engine, nodes, 2);
        chain::consensus::Random random(11);
        Play together(setting);
        const std::vector<std::uint32_t> start = together.at;
        const std::deque<std::uint32_t> first = together.under_way;
        std::size_t steps = 0;
        for (int run = 0; run < 60; ++run) {
            together.at = start;
            together.under_way = first;
            setting.is_by_history = true;
            Play alone(setting);
            const auto sort = [&said](Play& play) {
                std::ranges::stable_sort(play.under_way, {}, [&](std::uint32_t n) { return said(play, n); });
            };
            for (int step = 0; step < 80; ++step, ++steps) {
                sort(together);
                sort(alone);
                ASSERT_TRUE(std::ranges::equal(
                    together.under_way, alone.under_way, {}, [&](std::uint32_t n) { return said(together, n); },
                    [&](std::uint32_t n) { return said(alone, n); }));
                auto who = static_cast<NodeId>(random.below(nodes));
                std::array<Input, 2> inputs{};
                if (together.under_way.empty() || random.below(15) == 0) {
                    if (together.timers(who) != alone.timers(who)) FAIL() << engine << ": timers differ";
                    if (alone.timers(who) == 0) continue;
                    const auto timer = static_cast<std::uint32_t>(random.below(alone.timers(who)));
                    inputs = {Input{Input::Fire, together.timer_of_rank(who, timer)},
                              Input{Input::Fire, alone.timer_of_rank(who, timer)}};
                } else {
                    const std::uint64_t place = random.below(together.under_way.size());
                    inputs = {Input{Input::Deliver, together.under_way[place]},
                              Input{Input::Deliver, alone.under_way[place]}};
                    who = alone.actors.letter(inputs[1].number).to;
                    if (random.below(4) != 0)  // otherwise it will come again
                        for (Play* play : {&together, &alone})
                            play->under_way.erase(play->under_way.begin() + static_cast<std::ptrdiff_t>(place));
                }
                const std::size_t ghosts = together.step(who, inputs[0]).ghosts.size();
                EXPECT_EQ(ghosts, alone.step(who, inputs[1]).ghosts.size());
                const auto fingerprint = [who](const Play& play) {
                    return play.actors.state(play.at[who]).engine->fingerprint();
                };
                if (nodes == 3) {  // where messages have no certificates
                    ASSERT_EQ(fingerprint(together), fingerprint(alone));
                }
                ASSERT_EQ(together.height(who), alone.height(who));
            }
        }
        EXPECT_GT(steps, 3000U) << engine;
        EXPECT_LT(together.actors.states(), steps) << engine;  // some were met again
    }
}

// Castro and Liskov's messages and BPCon's: view change = 1b, new view = 1c, pre-prepare and prepare = 2av, commit = 2b.
TEST(EngineSteps, Row80EveryActOfPbftIsTheMessageThatItMapsTo) {
    chain::consensus::Random random(7);
    std::map<std::string_view, std::size_t> acts;
    for (int run = 0; run < 20; ++run) {
        Play play(setting_with("pbft", 4, 2));
        for (int step = 0; step < 150; ++step) {
            const auto node = static_cast<NodeId>(random.below(4));
            const bool rings = play.under_way.empty() || random.below(30) == 0;
            if (rings && play.timers(node) == 0) continue;
            Input input{Input::Fire, rings ? static_cast<std::uint32_t>(random.below(play.timers(node))) : 0};
            NodeId who = node;
            if (!rings) {
                const auto place = play.under_way.begin() + static_cast<std::ptrdiff_t>(random.below(play.under_way.size()));
                input = {Input::Deliver, *place};
                play.under_way.erase(place);
                who = play.actors.letter(input.number).to;
            }
            const Reaction& reaction = play.step(who, input);
            for (const Ghost& ghost : reaction.ghosts) {
                const auto says_it = [&](std::uint32_t number) {
                    const Letter& letter = play.actors.letter(number);
                    const auto* content = letter.message->as<chain::consensus::pbft::Message>(play.actors.codec());
                    if (!content || content->view != ghost.ballot) return false;
                    if (ghost.kind == Ghost::Promise) return play.kind_of(letter) == "view-change";
                    if (content->height != ghost.instance || content->block_hash != ghost.value) return false;
                    return ghost.phase == 1 ? play.kind_of(letter) == "commit"
                                            : play.kind_of(letter) == "prepare" || play.kind_of(letter) == "pre-prepare";
                };
                EXPECT_GE(std::ranges::count_if(reaction.sent, says_it), 3);  // to each of the others
                ++acts[ghost.kind == Ghost::Promise ? "1b" : ghost.phase == 1 ? "2b" : "2av"];
            }
        }
    }
    EXPECT_EQ(acts.size(), 3U);
    for (const auto& [act, count] : acts) EXPECT_GT(count, 10U) << act;
}

// View changes are signed. So nobody acknowledges them: the new primary relays them, in one new view for all blocks to come.
TEST(EngineSteps, Row80ANewViewRelaysTheViewChangesAndIsForAllBlocks) {
    Play play(setting_with("pbft", 4, 2));
    play.under_way.clear();  // what the first primary said is lost, and it is down
    const auto is_up = [](const Letter& letter) { return letter.to != 0 && letter.from != 0; };
    for (const NodeId node : {1U, 2U, 3U})
        for (std::uint32_t timer = 0; play.waiting("view-change") < 3 * node && timer < play.timers(node); ++timer)
            (void)play.ring(node, timer);
    const auto reaches_primary = [&](const Letter& letter) {
        return is_up(letter) && play.kind_of(letter) == "view-change" && letter.to == 1;
    };
    EXPECT_EQ(play.deliver(reaches_primary), 2U);
    std::erase_if(play.under_way, [&](std::uint32_t n) { return play.kind_of(play.actors.letter(n)) == "view-change"; });
    EXPECT_EQ(play.waiting("new-view"), 3U);
    (void)play.deliver(is_up);
    for (const NodeId node : {1U, 2U, 3U}) EXPECT_EQ(play.height(node), 2U);  // both blocks behind one new view
    EXPECT_EQ(play.waiting("new-view"), 1U);                                  // the one to node 0
}

// Paxos elects its leader aloud, and phase 1 costs a message each way for each of the others; work is found in silence.
TEST(EngineSteps, Row41MultiPaxosElectsAloudAndProofOfWorkInSilence) {
    for (const std::uint32_t nodes : {3U, 5U, 7U}) {
        Play loud(setting_with("multipaxos", nodes, 1));
        (void)loud.ring(0);
        EXPECT_EQ(loud.deliver_kind("prepare (1a)") + loud.deliver_kind("promise (1b)"), 2 * (nodes - 1));
        EXPECT_EQ(loud.waiting("accept (2a)"), nodes - 1);
        Setting work = setting_with("pow", nodes, 1);
        work.options.pushes = true;
        Play silent(work);
        EXPECT_TRUE(silent.under_way.empty());
        (void)silent.ring(0);
        EXPECT_EQ(silent.waiting("block"), nodes - 1);
    }
}

// One way: a block of proof of work is accepted without an answer. Two ways: Paxos' leader needs one from each of most.
TEST(EngineSteps, Row43AcceptanceGoesOneWayOrTwo) {
    Setting work = setting_with("pow", 5, 1);
    work.options.pushes = true;
    work.options.relays = false;
    Play one_way(work);
    (void)one_way.ring(0);
    EXPECT_EQ(one_way.deliver_all(), 4U);
    for (NodeId node = 0; node < 5; ++node) EXPECT_EQ(one_way.height(node), 1U);
    Play two_way(setting_with("multipaxos", 5, 1));
    (void)two_way.ring(0);
    (void)two_way.deliver_kind("prepare (1a)");
    (void)two_way.deliver_kind("promise (1b)");
    EXPECT_EQ(two_way.deliver_kind("accept (2a)"), 4U);
    EXPECT_EQ(two_way.height(0), 0U);
    EXPECT_EQ(two_way.deliver_kind("accepted (2b)"), 4U);
    EXPECT_EQ(two_way.height(0), 1U);
}

// Whoever tells two nodes of two blocks has to find two proofs.
TEST(EngineSteps, Row47ASecondBlockNeedsASecondProof) {
    Setting setting = setting_with("pow", 2, 1);
    setting.options.pushes = true;
    setting.options.work_bits = 12;
    setting.transactions = 0;
    Play play(setting);
    (void)play.ring(0);
    const chain::consensus::BlockRef honest = play.actors.state(play.at[0]).engine->head();
    ASSERT_EQ(honest->height(), 1U);
    chain::Header header = honest->header;
    ++header.timestamp;
    const auto cheap = play.actors.send(0, 1, message_of(seal(header, honest->transactions)));
    (void)play.step(1, {Input::Deliver, cheap});
    EXPECT_EQ(play.height(1), 0U);
    (void)play.deliver_all();
    EXPECT_EQ(play.height(1), 1U);
}

// The adversary of Fischer, Lynch and Paterson: whoever leads is overtaken before its request arrives. Every message arrives
// in the end, and nothing is ever decided; when it stops, something is.
TEST(EngineSteps, Row54DuellingLeadersDecideNothingAsLongAsTheAdversaryLikes) {
    Play play(setting_with("multipaxos", 3, 1));
    const auto overtake = [&play](NodeId leader) {
        for (std::uint32_t timer = 0; timer < play.timers(leader); ++timer) {
            (void)play.ring(leader, timer);
            if (play.waiting("prepare (1a)") > 0) break;
        }
        (void)play.deliver_kind("prepare (1a)");
        (void)play.deliver([&](const Letter& letter) {  // the requests of the leader before come too late now
            return play.kind_of(letter) == "accept (2a)" && letter.from != leader;
        });
        (void)play.deliver(
            [&](const Letter& letter) { return play.kind_of(letter) != "accept (2a)" && letter.to == leader; });
    };
    for (int round = 0; round < 100; ++round) {
        overtake(static_cast<NodeId>(round % 2));
        for (NodeId node = 0; node < 3; ++node) ASSERT_EQ(play.height(node), 0U) << round;
    }
    (void)play.deliver_all();
    EXPECT_EQ(play.height(1), 1U);
}

}  // namespace
}  // namespace interlock::analyzer::engine
