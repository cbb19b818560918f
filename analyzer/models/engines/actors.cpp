#include "analyzer/models/engines/actors.hpp"

#include <deque>
#include <new>

#include "analyzer/engine/weights.hpp"
#include "chain/consensus/ledger.hpp"

namespace interlock::analyzer::models::engines {

using chain::FingerprintMixer, chain::Hash;
using chain::Word;
using chain::consensus::Batch, chain::consensus::BlockRef, chain::consensus::Draft, chain::consensus::Durable,
    chain::consensus::Executed, chain::consensus::Ghost, chain::consensus::MessageRef, chain::consensus::Nanoseconds,
    chain::consensus::Random, chain::consensus::Timer, chain::consensus::TimerId, chain::consensus::TransactionRef;

namespace {

constexpr std::size_t most_states = 400'000;  // local ones: each keeps an engine
constexpr std::uint32_t request_kind = 0;     // clients' transactions, which everybody has anyway
constexpr std::uint64_t seed = 0x452821e638d01377ULL;

std::uint64_t bits_of(const Hash& hash) { return FingerprintMixer({seed, 1}).absorb(vm::to_word(hash)).finish().low; }

std::uint64_t hash_of(const Ghost& ghost) {
    FingerprintMixer mixer({seed, ghost.kind});
    mixer.absorb(ghost.phase).absorb(ghost.instance).absorb(ghost.ballot).absorb(vm::to_word(ghost.value));
    if (ghost.weights)
        for (const std::uint32_t weight : *ghost.weights) mixer.absorb(weight);
    return mixer.finish().low;
}

}  // namespace

Setting setting_of(std::string_view engine) {
    Setting setting;
    setting.engine = chain::consensus::find_engine(engine);
    setting.options.timeout = 0;
    setting.options.reminders = 0;
    setting.options.work_bits = 1;
    setting.options.micro_interval = 0;
    setting.has_clocks = engine == "poa" || engine == "stake";  // a slot is a time
    return setting;
}

// Time stands still, or goes on where a timer rings, and numbers are drawn from the same seed at each step: timers ring when the search says so. What a node
// writes is durable when its step ends.
class Actors::Node final : public chain::consensus::Env {
  public:
    Node(Actors& actors, NodeId self) : actors_(actors), random_(1) {
        state.self = self;
        for (NodeId id = 0; id < actors.setting_.nodes; ++id)
            if (id != self) peers_.push_back(id);
    }

    NodeId self() const override { return state.self; }
    std::uint32_t nodes() const override { return actors_.setting_.nodes; }
    std::span<const NodeId> peers() const override { return peers_; }
    Nanoseconds now() const override { return state.clock; }
    Random& random() override { return random_; }
    chain::consensus::Codec& codec() override { return actors_.codec_; }

    void send(NodeId to, const MessageRef& message) override {
        if (kind_of(*message) == request_kind) return;
        sent.push_back(actors_.send(state.self, to, message));
        if (!actors_.lies(state.self)) return;
        for (const bool is_to_deceived : {false, true})
            if (const MessageRef lie = actors_.setting_.engine->forge(*this, message, state.lies, is_to_deceived))
                sent.push_back(actors_.send(state.self, to, lie));
    }
    TimerId set_timer(Nanoseconds after, Timer timer) override {
        const Nanoseconds due = actors_.setting_.has_clocks ? state.clock + std::max<Nanoseconds>(after, 0) : 0;
        state.timers.emplace(++state.last_timer, PendingTimer{timer, due});
        return state.last_timer;
    }
    void cancel(TimerId timer) override { state.timers.erase(timer); }
    void persist(Batch batch, Timer then) override { writes_.emplace_back(std::move(batch), then); }
    void persist(Batch batch) override { writes_.emplace_back(std::move(batch), std::nullopt); }

    const BlockRef& genesis() const override { return actors_.ledger_->genesis(); }
    const Executed& execute(const BlockRef& block) override;
    std::pair<chain::Header, std::vector<TransactionRef>> build(const BlockRef& parent, const Draft& draft,
                                                                std::span<const TransactionRef> candidates) override;
    bool admits(const BlockRef& head, const chain::Transaction& transaction) override;

    chain::Signature sign(const Hash& what) override { return signature_of(state.self, what); }
    bool verify(NodeId signer, const Hash& what, const chain::Signature& signature) override {
        return signer < nodes() && signature == signature_of(signer, what);
    }
    void ghost(const Ghost& ghost) override {
        if (!actors_.lies(state.self)) ghosts.push_back(ghost);
    }

    void begin_step() { random_ = Random(1); }
    void write_all() {
        for (; !writes_.empty(); writes_.pop_front()) {
            auto [batch, then] = std::move(writes_.front());
            for (auto& [key, value] : batch) state.durable[key] = std::move(value);
            if (then) state.engine->on_persisted(*this, *then);
        }
    }

    LocalState state;
    std::vector<std::uint32_t> sent;
    std::vector<Ghost> ghosts;

  private:
    static chain::Signature signature_of(NodeId signer, const Hash& what) {
        const chain::Fingerprint mixed = FingerprintMixer({seed, signer}).absorb(vm::to_word(what)).finish();
        return {Word(mixed.high), Word(mixed.low), false};
    }

    Actors& actors_;
    Random random_;
    std::vector<NodeId> peers_;
    std::deque<std::pair<Batch, std::optional<Timer>>> writes_;
};

const Executed& Actors::Node::execute(const BlockRef& block) {
    const Executed& executed = actors_.ledger_->execute(block);
    const auto is_this = [&](const BlockRef& known) { return known->hash == block->hash; };
    if (executed.refusal.accepted() && std::ranges::none_of(actors_.blocks_, is_this)) {
        actors_.blocks_.push_back(block);
        actors_.has_wrong_ether_ |= actors_.ledger_->ether_behind(block) != actors_.ledger_->supply_behind(block->hash);
    }
    return executed;
}

std::pair<chain::Header, std::vector<TransactionRef>> Actors::Node::build(const BlockRef& parent, const Draft& draft,
                                                                          std::span<const TransactionRef> candidates) {
    FingerprintMixer mixer({bits_of(parent->hash), state.self});
    mixer.absorb(draft.timestamp).absorb(draft.difficulty).absorb(chain::consensus::digest_of(draft.extra_data));
    mixer.absorb(draft.most_transactions);
    for (const TransactionRef& tx : candidates) mixer.absorb(vm::to_word(tx->hash));
    const std::uint64_t key = mixer.finish().low;
    if (const auto found = actors_.built_.find(key); found != actors_.built_.end()) return found->second;
    return actors_.built_[key] =
               actors_.ledger_->build(parent, chain::consensus::coinbase_of(state.self), draft, candidates);
}

bool Actors::Node::admits(const BlockRef& head, const chain::Transaction& tx) {
    const std::uint64_t key =
        FingerprintMixer({bits_of(head->hash), tx.nonce}).absorb(vm::to_word(tx.sender)).absorb(tx.value).finish().low;
    if (const auto found = actors_.admitted_.find(key); found != actors_.admitted_.end()) return found->second;
    return actors_.admitted_[key] = actors_.ledger_->admits(head, tx);
}

// --- states and steps ---

Actors::Actors(const Setting& setting) : setting_(setting), codec_(vm::default_fork) {
    chain::sim::WorkloadBuilder builder;
    builder.transfers(setting.transactions, 0, 1, 2);
    const chain::sim::Workload workload = builder.take();
    ledger_ = std::make_unique<chain::consensus::Ledger>(workload.genesis.build(), Word{});
    for (const chain::sim::Submission& submission : workload.submissions) transactions_.push_back(submission.transaction);
    for (NodeId id = 0; id < setting_.nodes; ++id) {
        Node node(*this, id);
        run(node, {});
        beginnings_.push_back(keep(node, 0, {}));
    }
}

Actors::~Actors() = default;

const BlockRef& Actors::genesis() const { return ledger_->genesis(); }

bool Actors::knows(std::uint32_t state, const Hash& block) const { return states_[state]->engine->find(block) != nullptr; }

void Actors::run(Node& node, const Input& input) {
    node.begin_step();
    switch (input.kind) {
        case Input::Restart: node.state.timers.clear(); [[fallthrough]];
        case Input::Start:
            node.state.engine = setting_.engine->make(setting_.options);
            node.state.engine->start(node, node.state.durable);
            node.write_all();
            for (const TransactionRef& tx : transactions_) {
                node.state.engine->on_submit(node, tx);
                node.write_all();
            }
            return;
        case Input::Deliver: {
            const Letter letter = letters_.at(input.number);
            node.state.engine->on_message(node, letter.from, letter.message);
            break;
        }
        case Input::Fire: {
            const auto found = std::next(node.state.timers.begin(), input.number);
            const auto [timer, due] = found->second;
            node.state.timers.erase(found);
            node.state.clock = std::max(node.state.clock, due);
            node.state.engine->on_timer(node, timer);
            break;
        }
    }
    node.write_all();
}

// A node in this state that may go on. An engine that cannot be copied is led there again.
std::unique_ptr<Actors::Node> Actors::at(std::uint32_t number) {
    const LocalState& state = *states_.at(number);
    auto node = std::make_unique<Node>(*this, state.self);
    if (std::unique_ptr<chain::consensus::Engine> engine = state.engine->clone()) {
        node->state.engine = std::move(engine);
        node->state.durable = state.durable;
        node->state.clock = state.clock;
        node->state.timers = state.timers;
        node->state.last_timer = state.last_timer;
        node->state.lies = state.lies;
        node->state.ghosts = state.ghosts;
        return node;
    }
    std::vector<Input> inputs;
    for (const LocalState* at = &state; at->input.kind != Input::Start; at = states_[at->before].get())
        inputs.push_back(at->input);
    run(*node, {});
    for (; !inputs.empty(); inputs.pop_back()) run(*node, inputs.back());
    node->state.ghosts = state.ghosts;
    node->sent.clear();
    node->ghosts.clear();
    return node;
}

std::uint64_t Actors::fingerprint_of(const LocalState& state) const {
    const std::optional<std::uint64_t> own = state.engine->fingerprint();
    FingerprintMixer mixer({seed, state.self});
    if (own && !setting_.is_by_history) mixer.absorb(*own);
    else mixer.absorb(states_.size());  // another history is another state
    std::uint64_t timers = 0, ghosts = 0;
    for (const auto& [id, pending] : state.timers) {
        FingerprintMixer timer({seed, pending.timer.kind});
        timer.absorb(pending.timer.number).absorb(static_cast<std::uint64_t>(pending.due));
        timers += engine::mixed(timer.finish().low);
    }
    for (const Ghost& ghost : state.ghosts) ghosts += hash_of(ghost);
    mixer.absorb(static_cast<std::uint64_t>(state.clock)).absorb(timers).absorb(ghosts).absorb(state.lies.lie_for.size());
    if (setting_.keeps_disks)
        for (const auto& [key, value] : state.durable)
            mixer.absorb(key.first).absorb(key.second).absorb(chain::consensus::digest_of(*value));
    return mixer.finish().low;
}

Reaction Actors::keep(Node& node, std::uint32_t before, const Input& input) {
    for (const Ghost& ghost : node.ghosts)
        if (std::ranges::none_of(node.state.ghosts, [&](const Ghost& old) { return hash_of(old) == hash_of(ghost); }))
            node.state.ghosts.push_back(ghost);
    node.state.before = before;
    node.state.input = input;
    node.state.fingerprint = fingerprint_of(node.state);
    const auto [known, is_new] =
        known_states_.try_emplace(node.state.fingerprint, static_cast<std::uint32_t>(states_.size()));
    if (is_new) {
        if (states_.size() == most_states) throw std::bad_alloc();
        states_.push_back(std::make_unique<LocalState>(std::move(node.state)));
    }
    std::ranges::sort(node.sent);
    return {known->second, std::move(node.sent), std::move(node.ghosts)};
}

const Reaction& Actors::react(std::uint32_t state, const Input& input) {
    const std::uint64_t key = engine::mixed(std::uint64_t{state} << 34 | std::uint64_t{input.number} << 2 | input.kind);
    if (const auto found = reactions_.find(key); found != reactions_.end()) return found->second;
    const std::unique_ptr<Node> node = at(state);
    run(*node, input);
    return reactions_.emplace(key, keep(*node, state, input)).first->second;
}

std::uint32_t Actors::send(NodeId from, NodeId to, const MessageRef& message) {
    const std::uint64_t fingerprint =
        FingerprintMixer({seed, message->digest()}).absorb(std::uint64_t{from} << 32 | to).finish().low;
    const auto [known, is_new] = known_letters_.try_emplace(fingerprint, static_cast<std::uint32_t>(letters_.size()));
    if (is_new) {
        const auto block_in = setting_.engine->block_in;
        letters_.push_back({from, to, message, fingerprint, block_in ? block_in(*message, codec_) : std::nullopt});
    }
    return known->second;
}

}  // namespace interlock::analyzer::models::engines
