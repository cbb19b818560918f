#include "chain/sim/simulation.hpp"

#include <cassert>
#include <utility>

#include "chain/sim/simulation_node.hpp"

namespace interlock::chain::sim {

using consensus::BlockRef, consensus::Engine, consensus::Ledger, consensus::Message;

namespace {

constexpr std::size_t most_recorded_attempts = 64;  // of a client, for one transaction

bool loses_nothing(const SimulationOptions& options) {
    const bool divides = options.workload && options.workload->fork && !options.workload->fork->followers.empty();
    return options.faults.empty() && !divides && options.network.drop == 0 && options.engine->block_in &&
           options.engine_options.relays;
}

std::set<NodeId> liars_in(const std::vector<Fault>& faults) {
    std::set<NodeId> liars;
    for (const Fault& fault : faults)
        if (is_byzantine(fault.kind)) liars.insert(fault.nodes.begin(), fault.nodes.end());
    return liars;
}

}  // namespace

Simulation::Simulation(SimulationOptions options)
    : options_(std::move(options)), random_(options_.seed), codec_(std::make_unique<consensus::Codec>(vm::default_fork)) {
    assert(options_.engine && options_.nodes > 0);
    if (!options_.workload) options_.workload = std::make_shared<const Workload>();
    if (options_.workload->steward) options_.engine_options.steward = options_.workload->steward;
    if (!options_.workload->members.empty()) options_.engine_options.members = options_.workload->members;
    const std::uint32_t nodes = options_.nodes;
    Invariants::Scope scope;
    scope.nodes = nodes;
    scope.finality = options_.engine->finality;
    if (options_.engine->voting) scope.voting = options_.engine->voting(nodes);
    scope.liars = liars_in(options_.faults);
    scope.is_lossless = loses_nothing(options_);
    scope.is_direct = options_.network.degree == 0 && options_.engine_options.pushes;
    invariants_ = std::make_unique<Invariants>(scope, outcome_);
    outcome_.messages.resize(options_.engine->message_kinds.size());
    outcome_.message_bytes.resize(options_.engine->message_kinds.size());
    const Workload& work = *options_.workload;
    const auto make_ledger = [&](bool follows) {
        return std::make_shared<Ledger>(work.genesis.build(), options_.reward,
                                        follows && work.fork ? std::optional(work.fork->fork) : std::nullopt,
                                        options_.engine_options.takes_ommers);
    };
    const std::shared_ptr<Ledger> with_fork = make_ledger(true), without_fork = work.fork ? make_ledger(false) : with_fork;
    std::vector<std::vector<NodeId>> peers = topology(nodes, options_.network, random_);
    for (NodeId id = 0; id < nodes; ++id) {
        nodes_.push_back(std::make_unique<Node>(*this, id, std::move(peers[id])));
        const bool follows = !work.fork || work.fork->followers.empty() || std::ranges::count(work.fork->followers, id) > 0;
        nodes_[id]->ledger = options_.has_own_ledgers ? make_ledger(follows) : follows ? with_fork : without_fork;
    }
    for (const Fault& fault : options_.faults) {
        const std::uint64_t index = static_cast<std::uint64_t>(&fault - options_.faults.data());
        queue_.push(fault.from, {Event::FaultBegins, 0, 0, 0, {0, index}, nullptr});
        if (fault.until != forever) queue_.push(fault.until, {Event::FaultEnds, 0, 0, 0, {0, index}, nullptr});
        last_fault_ = std::max(last_fault_, fault.until == forever ? fault.from : fault.until);
    }
    for (const auto& node : nodes_) start(*node);
    oracles_.resize(options_.workload->oracles.size());
    const std::vector<Submission>& all = options_.workload->submissions;
    for (std::uint64_t i = 0; i < all.size(); ++i) queue_.push(all[i].time, {Event::Submit, 0, 0, 0, {0, i}, nullptr});
    if (!all.empty()) outcome_.first_submission = all.front().time;
}

Simulation::~Simulation() = default;

Engine& Simulation::engine(NodeId node) { return *nodes_.at(node)->engine; }
Ledger& Simulation::ledger(NodeId node) { return *nodes_.at(node)->ledger; }

void Simulation::start(Node& node) {
    if (options_.engine_of) node.engine = options_.engine_of(node.id(), options_.engine_options);
    if (!node.engine) node.engine = options_.engine->make(options_.engine_options);
    trace({.kind = TraceStep::Start, .node = node.id(), .clock = node.now(), .random = node.random().state()});
    node.engine->start(node, node.durable);
    if (node.finalised && !node.lies()) invariants_->restarted(node.id(), node.finalised, node.engine->finalised());
    node.head = node.engine->head();
    node.finalised = node.engine->finalised();
    invariants_->learnt(node.id(), node.head->hash);
    invariants_->head_moved(node.id(), node.head->hash);
}

// --- the loop ---

bool Simulation::step() {
    if (queue_.empty() || queue_.next_time() > options_.duration) return false;
    now_ = std::max(now_, queue_.next_time());
    Event event = queue_.pop();
    if (event.kind == Event::Nothing) return true;
    outcome_.end = now_;
    ++outcome_.events;
    hash_ = FingerprintMixer({hash_, static_cast<std::uint64_t>(now_)})
                .absorb(std::uint64_t{event.node} << 40 | std::uint64_t{event.from} << 8 | event.kind)
                .absorb(event.message ? event.message->digest() : event.timer.number ^ std::uint64_t{event.timer.kind} << 56)
                .finish()
                .low;
    handle(event);
    return true;
}

void Simulation::handle(Event& event) {
    Node& node = *nodes_[event.node];
    switch (event.kind) {
        case Event::Nothing: return;
        case Event::FaultBegins: return begin_fault(options_.faults[event.timer.number]);
        case Event::FaultEnds: return end_fault(options_.faults[event.timer.number]);
        case Event::Submit:
        case Event::Retry: return submit(event.timer.number, event.timer.kind);
        case Event::Arrive: {  // the processor deals with one message after another
            node.processor_free = std::max(now_, node.processor_free) + options_.network.receiving.draw(random_);
            event.kind = Event::Deliver;
            queue_.push(node.processor_free, std::move(event));
            return;
        }
        case Event::Deliver:
            if (node.pauses != 0 && node.is_up()) return node.waiting.push_back(std::move(event));
            deliver(node, event);
            break;
        case Event::Timer:
        case Event::Persisted:
            if (event.incarnation != node.incarnation) return;
            if (node.pauses != 0) return node.waiting.push_back(std::move(event));
            if (event.kind == Event::Timer) {
                trace({.kind = TraceStep::Ring, .node = node.id(), .clock = node.now(), .timer = event.timer});
                node.engine->on_timer(node, event.timer);
            } else if (!node.writes.empty()) {
                trace({.kind = TraceStep::Written, .node = node.id(), .clock = node.now()});
                node.write_oldest();
            }
            break;
    }
    if (node.is_up()) observe(node);
    invariants_->step_ended();
}

void Simulation::deliver(Node& node, const Event& event) {
    if (node.babbles) node.heard(event.message);
    if (node.is_up()) {
        trace({.kind = TraceStep::Deliver,
               .node = node.id(),
               .clock = node.now(),
               .from = event.from,
               .message = event.message});
        node.engine->on_message(node, event.from, event.message);
    }
    const std::optional<Hash> block = block_in(*event.message);
    if (!block) return;
    --blocks_under_way_;
    if (node.is_up() && node.engine->find(*block)) invariants_->learnt(node.id(), *block);
    invariants_->arrived(node.id(), *block);
}

std::optional<Hash> Simulation::block_in(const Message& message) const {
    return options_.engine->block_in ? options_.engine->block_in(message, *codec_) : std::nullopt;
}

// --- clients ---

void Simulation::submit(std::uint64_t index, std::uint32_t attempt) {
    const Submission& submission = this->submission(index);
    const Hash& hash = submission.transaction->hash;
    if (attempt == 0) {
        ++outcome_.submitted;
        invariants_->submitted(hash);
        unsettled_.emplace(hash, Waiting{now_});
    } else if (!unsettled_.contains(hash)) return;
    if (options_.client_retry > 0 && attempt < most_recorded_attempts)
        queue_.push(now_ + options_.client_retry, {Event::Retry, 0, 0, 0, {attempt + 1, index}, nullptr});
    for (std::uint32_t i = 0; i < options_.nodes; ++i) {
        Node& node = *nodes_[(submission.node + attempt + i) % options_.nodes];
        if (!node.is_up() || node.pauses != 0) continue;
        trace({.kind = TraceStep::Submit, .node = node.id(), .clock = node.now(), .transaction = submission.transaction});
        node.engine->on_submit(node, submission.transaction);
        observe(node);
        return invariants_->step_ended();
    }
}

void Simulation::was_made(const BlockRef& block, NodeId maker) {
    blocks_[block->hash] = {block, now_, maker};
    for (const consensus::TransactionRef& tx : block->transactions) {
        const auto found = unsettled_.find(tx->hash);
        if (found == unsettled_.end() || std::exchange(found->second.is_in_block, true)) continue;
        outcome_.inclusions.push_back(now_ - found->second.since);
    }
}

void Simulation::became_final(const BlockRef& block) {
    for (const consensus::TransactionRef& tx : block->transactions) {
        const auto found = unsettled_.find(tx->hash);
        if (found == unsettled_.end()) continue;
        outcome_.latencies.push_back(now_ - found->second.since);
        outcome_.last_final = now_;
        ++outcome_.finalised;
        unsettled_.erase(found);
    }
}

bool Simulation::is_settled() const {
    if (outcome_.submitted < submissions() || !unsettled_.empty() || now_ < last_fault_) return false;
    std::uint64_t least = UINT64_MAX, most = 0;
    for (const auto& node : nodes_) {
        if (node->lies()) continue;
        if (!node->is_up()) return false;
        least = std::min(least, node->finalised->height());
        most = std::max(most, node->finalised->height());
    }
    return least == most || least == UINT64_MAX;
}

// --- what nodes have come to ---

// Counts the blocks that a node gave up when it went over to another branch.
void Simulation::count_reorganisation(const Node& node, const BlockRef& old, const BlockRef& head) {
    BlockRef a = old, b = head;
    while (a && b && a->hash != b->hash) {
        BlockRef& higher = a->height() >= b->height() ? a : b;
        higher = node.engine->find(higher->parent());
    }
    const std::uint64_t depth = a ? old->height() - a->height() : 0;
    outcome_.reorganisations += depth > 0;
    outcome_.deepest_reorganisation = std::max(outcome_.deepest_reorganisation, depth);
    if (depth > 0 && reorganisations_.size() < options_.record)
        reorganisations_.push_back({now_, node.id(), depth, old, head});
}

void Simulation::trace(TraceStep step) {
    if (options_.traces) trace_.push_back(std::move(step));
}

void Simulation::observe(Node& node) {
    if (!trace_.empty() && trace_.back().node == node.id()) trace_.back().digest = node.engine->digest();
    if (const BlockRef& head = node.engine->head(); head != node.head) {
        const BlockRef old = std::exchange(node.head, head);
        invariants_->learnt(node.id(), head->hash);
        invariants_->head_moved(node.id(), head->hash);
        if (head->parent() != old->hash && !node.lies()) count_reorganisation(node, old, head);
    }
    if (node.engine->finalised() != node.finalised) {
        const BlockRef before = std::exchange(node.finalised, node.engine->finalised());
        if (!node.lies())
            invariants_->finalised(node.id(), *node.engine, before, [this](const BlockRef& block) { became_final(block); });
    }
    if (!oracles_.empty()) inform_oracles(node);
}

const Outcome& Simulation::run(const std::function<void(Nanoseconds)>& before) {
    const auto is_done = [this] { return options_.stops_when_settled && outcome_.events % 16 == 0 && is_settled(); };
    do {
        if (before && !queue_.empty() && queue_.next_time() <= options_.duration) before(queue_.next_time());
    } while (step() && !is_done());
    return finish();
}

std::vector<Head> Simulation::heads() const {
    std::vector<Head> heads;
    for (const auto& node : nodes_)
        heads.push_back({node->head->height(), node->finalised->height(), node->head->hash, !node->lies()});
    return heads;
}

// Of the blocks on a node's branch.
std::uint64_t Simulation::ommers_below(const Node& node) const {
    std::uint64_t count = 0;
    if (!options_.engine_options.takes_ommers) return count;
    for (BlockRef at = node.head; at && at->height() > 0; at = node.engine->find(at->parent())) count += at->ommers.size();
    return count;
}

const Outcome& Simulation::finish() {
    outcome_.heads = heads();
    const Node* best = nullptr;
    for (const auto& node : nodes_) {
        if (!node->lies() && (!best || node->head->height() > best->head->height())) best = node.get();
        if (node->is_up()) hash_ = FingerprintMixer({hash_, node->engine->digest()}).finish().low;
    }
    outcome_.shown.clear();
    if (best)
        for (const Question& question : options_.workload->questions)
            if (!question.is_rule) outcome_.shown.emplace_back(question.text, shown(question, *best));
    outcome_.run_hash = hash_;
    outcome_.blocks = blocks_.size();
    outcome_.best_height = best ? best->head->height() : 0;
    outcome_.uncles = best ? ommers_below(*best) : 0;
    outcome_.stale = outcome_.blocks - std::min(outcome_.blocks, outcome_.best_height);
    std::ranges::sort(outcome_.latencies);
    std::ranges::sort(outcome_.inclusions);
    if (options_.checks_progress && options_.engine->is_lively && !is_settled())
        invariants_->broken("progress", std::to_string(unsettled_.size()) + " transactions are not final at the end");
    return outcome_;
}

}  // namespace interlock::chain::sim
