#include "analyzer/models/engines/engine_model.hpp"

#include "analyzer/engine/weights.hpp"
#include "chain/consensus/byzcoin/messages.hpp"
#include "chain/consensus/gossip.hpp"
#include "chain/consensus/multipaxos/multipaxos.hpp"
#include "chain/consensus/pbft/messages.hpp"
#include "chain/sim/invariants.hpp"

namespace interlock::analyzer::models::engines {

using chain::consensus::BlockRef, chain::consensus::Ghost, chain::consensus::Message, chain::consensus::SealedBlock;

EngineModel::EngineModel(std::shared_ptr<Actors> actors, const Bounds& bounds)
    : actors_(std::move(actors)),
      is_lossless_(actors_->setting().engine->block_in && bounds.is_once && bounds.losses == 0 && bounds.restarts == 0 &&
                   actors_->setting().liars == 0) {
    now_.left = bounds;
    for (NodeId node = 0; node < actors_->setting().nodes; ++node) {
        const Reaction& begun = actors_->begin(node);
        now_.nodes.push_back(begun.next);
        send(begun.sent);
    }
}

void EngineModel::send(const std::vector<std::uint32_t>& letters) {
    for (const std::uint32_t letter : letters) {
        const auto place = std::ranges::lower_bound(now_.in_flight, letter);
        const bool is_there = place != now_.in_flight.end() && *place == letter;
        if (!is_there || now_.left.is_once) now_.in_flight.insert(place, letter);
    }
}

bool EngineModel::changes(std::uint32_t letter) const {
    const std::uint32_t state = now_.nodes[actors_->letter(letter).to];
    const Reaction& reaction = actors_->react(state, {Input::Deliver, letter});
    return reaction.next != state || !std::ranges::includes(now_.in_flight, reaction.sent) || !reaction.ghosts.empty();
}

EngineModel::Undo EngineModel::apply(const Choice& choice) {
    State before = now_;
    if (choice.kind == Choice::Deliver && now_.left.is_once)
        now_.in_flight.erase(std::ranges::lower_bound(now_.in_flight, choice.number));
    switch (choice.kind) {
        case Choice::Deliver: break;
        case Choice::Duplicate: --now_.left.duplicates; break;
        case Choice::Lose:
            now_.in_flight.erase(std::ranges::lower_bound(now_.in_flight, choice.number));
            --now_.left.losses;
            return before;
        case Choice::Fire: --now_.left.timers; break;
        case Choice::Restart: --now_.left.restarts; break;
    }
    constexpr Input::Kind inputs[] = {Input::Deliver, Input::Deliver, Input::Deliver, Input::Fire, Input::Restart};
    const Reaction& reaction = actors_->react(now_.nodes[choice.node], {inputs[choice.kind], choice.number});
    now_.nodes[choice.node] = reaction.next;
    send(reaction.sent);
    now_.broken |= judge(before, choice.node, reaction, choice.kind == Choice::Restart);
    return before;
}

// Tells the checker what was promised and voted before, so that new votes are judged by it. The order in which that was
// said is not known any more: first it hears who has reached which ballot, and then the votes from the lowest ballot up.
void EngineModel::repeat_ghosts(const State& before, chain::sim::Invariants& invariants) const {
    std::vector<std::pair<NodeId, Ghost>> all;
    for (NodeId node = 0; node < before.nodes.size(); ++node)
        for (const Ghost& ghost : actors_->state(before.nodes[node]).ghosts) all.emplace_back(node, ghost);
    std::ranges::stable_sort(all, {}, [](const auto& said) { return std::pair(said.second.ballot, said.second.phase); });
    for (int round = 0; round < 2; ++round)
        for (const auto& [node, ghost] : all) invariants.voted(node, ghost);
}

// What the step broke, as the simulation's own checker says.
std::uint32_t EngineModel::judge(const State& before, NodeId who, const Reaction& reaction, bool is_restart) const {
    const chain::consensus::Engine& was = *actors_->state(before.nodes[who]).engine;
    const chain::consensus::Engine& is = *actors_->state(reaction.next).engine;
    const bool is_final_new = was.finalised()->hash != is.finalised()->hash;
    if (reaction.ghosts.empty() && !is_final_new && !is_lossless_ && !is_restart) return 0;

    const Setting& setting = actors_->setting();
    chain::sim::Invariants::Scope scope;
    scope.nodes = setting.nodes;
    scope.finality = setting.engine->finality;
    if (setting.engine->voting) scope.voting = setting.engine->voting(setting.nodes);
    for (NodeId node = 0; node < setting.liars; ++node) scope.liars.insert(node);
    scope.is_lossless = is_lossless_;
    chain::sim::Outcome outcome;
    chain::sim::Invariants invariants(scope, outcome);
    for (const auto& tx : actors_->transactions()) invariants.submitted(tx->hash);
    if (!reaction.ghosts.empty()) {
        repeat_ghosts(before, invariants);
        outcome.violations.clear();
        for (const Ghost& ghost : reaction.ghosts) invariants.voted(who, ghost);
    }
    if (is_restart && !actors_->lies(who)) invariants.restarted(who, was.finalised(), is.finalised());
    for (NodeId node = 0; node < setting.nodes; ++node)
        if (!actors_->lies(node))
            invariants.finalised(node, *actors_->state(now_.nodes[node]).engine, actors_->genesis(), [](const BlockRef&) {});
    if (is_lossless_) {
        for (const std::uint32_t number : now_.in_flight)
            if (const Letter& letter = actors_->letter(number); letter.block) invariants.sent(letter.to, *letter.block);
        for (NodeId node = 0; node < setting.nodes; ++node) {
            for (const BlockRef& block : actors_->blocks())
                if (actors_->knows(now_.nodes[node], block->hash)) invariants.learnt(node, block->hash);
            invariants.head_moved(node, actors_->state(now_.nodes[node]).engine->head()->hash);
        }
        invariants.step_ended();
    }
    std::uint32_t broken = actors_->has_wrong_ether() ? 1u << 2 : 0u;
    for (const chain::sim::Violation& violation : outcome.violations)
        for (std::size_t i = 0; i < std::size(properties); ++i)
            if (properties[i].name == violation.rule) broken |= 1u << i;
    return broken;
}

std::uint64_t EngineModel::fingerprint() const {
    std::uint64_t sum = now_.broken;
    for (NodeId node = 0; node < now_.nodes.size(); ++node)
        sum += engine::mixed(actors_->state(now_.nodes[node]).fingerprint + engine::weight(node));
    std::uint64_t in_flight = 0;
    for (const std::uint32_t letter : now_.in_flight) in_flight += engine::mixed(actors_->letter(letter).fingerprint);
    const Bounds& left = now_.left;
    const std::uint64_t bounds = std::uint64_t{left.timers} | std::uint64_t{left.restarts} << 8 |
                                 std::uint64_t{left.losses} << 16 | std::uint64_t{left.duplicates} << 24;
    return engine::mixed(sum * engine::weight(1000) + in_flight * engine::weight(1001) + bounds * engine::weight(1002));
}

// --- reports ---

namespace {

std::string name_of(const SealedBlock& block) {
    return std::to_string(block.height()) + ":" + vm::to_hex(chain::ByteView(block.hash).first(2));
}
std::string node_name(NodeId node) { return "n" + std::to_string(node); }

std::string hash_name(const chain::Hash& hash) {
    return hash == chain::Hash{} ? "" : " " + vm::to_hex(chain::ByteView(hash).first(2));
}

// The view, the height and the block of a vote, or of what is like one.
template <class Votes>
std::string ballot_of(const Message& message, chain::consensus::Codec& codec) {
    const auto* content = message.as<Votes>(codec);
    if (!content) return {};
    return " " + std::to_string(content->view) + "/" + std::to_string(content->height) + hash_name(content->block_hash);
}

// What the message is about, as far as its engine's readers tell.
std::string content_of(std::string_view engine, const Message& message, chain::consensus::Codec& codec) {
    if (engine == "pbft") return ballot_of<chain::consensus::pbft::Message>(message, codec);
    if (engine == "linear-pbft" || engine == "byzcoin") return ballot_of<chain::consensus::byzcoin::Message>(message, codec);
    if (engine == "multipaxos") {
        if (const auto* content = message.as<chain::consensus::paxos::Message>(codec)) {
            std::string text = " " + std::to_string(content->ballot) + "/" + std::to_string(content->height);
            for (const auto& entry : content->entries) text += " " + name_of(*entry.block);
            return text;
        }
    } else if (const auto* content = message.as<chain::consensus::Gossip>(codec)) {
        return hash_name(content->hash);
    }
    return {};
}

}  // namespace

std::string EngineModel::describe(const Choice& choice) const {
    const std::string who = node_name(choice.node);
    if (choice.kind == Choice::Fire) return who + ": a timer rings";
    if (choice.kind == Choice::Restart) return who + " is restarted";
    const Letter& letter = actors_->letter(choice.number);
    const chain::consensus::EngineEntry& engine = *actors_->setting().engine;
    const std::string text = node_name(letter.from) + " → " + who + ": " +
                             std::string(engine.message_kinds[kind_of(*letter.message)]) +
                             content_of(engine.name, *letter.message, actors_->codec());
    return (choice.kind == Choice::Lose ? "lost: " : choice.kind == Choice::Duplicate ? "twice: " : "") + text;
}

std::vector<engine::Variable> EngineModel::variables() const {
    std::vector<engine::Variable> all;
    for (NodeId node = 0; node < now_.nodes.size(); ++node) {
        const chain::consensus::Engine& engine = *actors_->state(now_.nodes[node]).engine;
        std::string text = name_of(*engine.head());
        if (engine.finalised() != engine.head()) text += ", final " + name_of(*engine.finalised());
        all.push_back({node_name(node) + (actors_->lies(node) ? " (lies)" : ""), std::move(text)});
    }
    return all;
}

}  // namespace interlock::analyzer::models::engines
