// What orders transactions: a consensus engine, and the world as it sees it.
//
// An engine is a value that reacts. It has no thread, no clock, no socket and no global: all that it may know or do is in
// `Env`. The same object therefore runs in the seeded simulation (chain/sim/), can be searched by an explorer that answers
// for the network, and can be put behind real sockets. Engines are listed in engines.hpp; each has its own folder.
//
// An engine is restarted from what it persisted and nothing else. Where it promises something to others, it persists the
// promise first and sends it when the write is durable: `persist(batch, then)` calls `on_persisted(env, then)`.
#pragma once

#include <map>
#include <span>
#include <string_view>

#include "chain/consensus/block.hpp"
#include "chain/consensus/message.hpp"
#include "chain/consensus/random.hpp"

namespace interlock::chain::consensus {

// A thing to be done later. What the fields mean is the engine's own.
struct Timer {
    std::uint32_t kind = 0;
    std::uint64_t number = 0;
    friend bool operator==(const Timer&, const Timer&) = default;
};
using TimerId = std::uint64_t;

// What survives a crash: values by key. A batch is written in its order; a crash may tear it, so that only the first
// entries are there.
using DurableKey = std::pair<std::uint32_t, std::uint64_t>;
using DurableValue = std::shared_ptr<const Bytes>;
using Durable = std::map<DurableKey, DurableValue>;
using Batch = std::vector<std::pair<DurableKey, DurableValue>>;

// What an engine says of itself for checkers alone; nothing depends on it. A vote is for a value in a ballot of an
// instance: an honest node votes once in each, also when it was restarted in between. Behind a promise no vote of a
// smaller ballot may follow: in its instance, or in every one. A council says what each node's vote weighs in an instance,
// where that is not one.
struct Ghost {
    enum Kind : std::uint8_t { Vote, Promise, Council } kind = Vote;
    static constexpr std::uint64_t every_instance = UINT64_MAX;
    std::uint32_t phase = 0;  // of the vote: a protocol may vote several times in a ballot, for example prepare and commit
    std::uint64_t instance = 0, ballot = 0;
    Hash value;
    std::shared_ptr<const std::vector<std::uint32_t>> weights;  // Council: by node
};

// What came of executing a block on its parent's state.
struct Executed {
    Refusal refusal;  // why the block is invalid
    Hash state_root;
    std::uint64_t gas_used = 0;
    std::vector<std::uint32_t> failed;  // transactions whose code did not succeed, by their place
};

// What a producer decides about a block; the rest follows from its parent and its transactions.
struct Draft {
    std::uint64_t timestamp = 0;  // seconds since 1970
    Word difficulty;
    Bytes extra_data;
    std::size_t most_transactions = SIZE_MAX;
    std::vector<Header> ommers;
};

class Env {
  public:
    virtual ~Env() = default;
    [[nodiscard]] virtual NodeId self() const = 0;
    [[nodiscard]] virtual std::uint32_t nodes() const = 0;
    [[nodiscard]] virtual std::span<const NodeId> peers() const = 0;  // to whom this node has a connection
    [[nodiscard]] virtual Nanoseconds now() const = 0;                // the node's own clock, which may be wrong
    [[nodiscard]] virtual Random& random() = 0;
    [[nodiscard]] virtual Codec& codec() = 0;

    // Sending promises nothing. Who receives a message knows from which node it came.
    virtual void send(NodeId to, const MessageRef& message) = 0;
    void broadcast(const MessageRef& message) {
        for (const NodeId peer : peers()) send(peer, message);
    }
    virtual TimerId set_timer(Nanoseconds after, Timer timer) = 0;
    virtual void cancel(TimerId timer) = 0;
    virtual void persist(Batch batch, Timer then) = 0;
    virtual void persist(Batch batch) = 0;  // nobody waits for it

    // The common first block, and blocks on top of others. The parent of a block must have been executed before.
    [[nodiscard]] virtual const BlockRef& genesis() const = 0;
    [[nodiscard]] virtual const Executed& execute(const BlockRef& block) = 0;
    // A block of those candidates that are valid in their order. Nonces that are too low or too high are left out.
    [[nodiscard]] virtual std::pair<Header, std::vector<TransactionRef>> build(
        const BlockRef& parent, const Draft& draft, std::span<const TransactionRef> candidates) = 0;

    // Whether a transaction may wait for a block behind the head: what cannot be paid would fill everybody's pool.
    [[nodiscard]] virtual bool admits(const BlockRef& head, const Transaction& transaction) = 0;

    // Signatures of nodes, which others can check and pass on.
    [[nodiscard]] virtual Signature sign(const Hash& what) = 0;
    [[nodiscard]] virtual bool verify(NodeId signer, const Hash& what, const Signature& signature) = 0;

    virtual void ghost(const Ghost& ghost) = 0;
};

class Engine {
  public:
    virtual ~Engine() = default;
    virtual void start(Env& env, const Durable& durable) = 0;  // the first call; `durable` is empty at the first start
    virtual void on_message(Env& env, NodeId from, const MessageRef& message) = 0;
    virtual void on_timer(Env& env, Timer timer) = 0;
    virtual void on_persisted(Env& env, Timer then) = 0;
    virtual void on_submit(Env& env, const TransactionRef& transaction) = 0;

    [[nodiscard]] virtual const BlockRef& head() const = 0;            // the best block that this node knows
    [[nodiscard]] virtual const BlockRef& finalised() const = 0;       // the last block that it takes for irrevocable
    [[nodiscard]] virtual BlockRef find(const Hash& block) const = 0;  // among all that it keeps; null: unknown
    [[nodiscard]] virtual std::uint64_t digest() const = 0;            // equal for equal states

    // For an explorer of all states. A copy that goes on independently; null: it cannot be copied, but led to the same state
    // by the same inputs. And what tells apart states that may ever act differently; none: any two histories do.
    [[nodiscard]] virtual std::unique_ptr<Engine> clone() const { return nullptr; }
    [[nodiscard]] virtual std::optional<std::uint64_t> fingerprint() const { return std::nullopt; }
};

}  // namespace interlock::chain::consensus
