#include "chain/block_forest.hpp"

#include <algorithm>
#include <cassert>

#include "chain/header_rules.hpp"
#include "chain/ommer_rules.hpp"

namespace interlock::chain {

namespace {

struct Node {
    Block block;
    Hash hash;
    const Node* parent = nullptr;  // null for genesis, and where the blocks below have been dropped
    const BlockRules* rules = nullptr;
    Word total_difficulty;  // includes the block's own
    std::size_t bytes = 0;  // size of the encoding
    [[nodiscard]] std::uint64_t number() const { return block.header.number; }
};

// How many ancestors below the last final block are kept: later ommers may still be children of them.
constexpr std::size_t remembered_ancestors = ommer_depth + 1;

std::vector<Ancestor> ancestors_of(const Node& parent) {
    std::vector<Ancestor> ancestors;
    for (const Node* at = &parent; at != nullptr && ancestors.size() < remembered_ancestors; at = at->parent)
        ancestors.push_back({at->hash, &at->block.header, &at->block.ommers});
    return ancestors;
}

// Checks the header's commitments to the body that need no execution.
BlockRefusal check_body(const Block& block, const BlockRules& rules) {
    const Header& header = block.header;
    if (block.withdrawals.has_value() != rules.has_withdrawals) return BlockRefusal::WrongFields;
    if (header.ommers_hash != ommers_hash(block.ommers)) return BlockRefusal::WrongOmmersHash;
    if (block.withdrawals && *header.withdrawals_root != withdrawals_root(*block.withdrawals))
        return BlockRefusal::WrongWithdrawalsRoot;
    return BlockRefusal::None;
}

// Compares the header with the one that execution produced.
BlockRefusal compare(const Header& header, const Header& sealed) {
    if (header.transactions_root != sealed.transactions_root) return BlockRefusal::WrongTransactionsRoot;
    if (header.gas_used != sealed.gas_used) return BlockRefusal::WrongGasUsed;
    if (header.blob_gas_used != sealed.blob_gas_used) return BlockRefusal::WrongBlobGasUsed;
    if (header.logs_bloom != sealed.logs_bloom) return BlockRefusal::WrongLogsBloom;
    if (header.receipts_root != sealed.receipts_root) return BlockRefusal::WrongReceiptsRoot;
    if (header.requests_hash != sealed.requests_hash) return BlockRefusal::WrongRequestsHash;
    return header.state_root == sealed.state_root ? BlockRefusal::None : BlockRefusal::WrongStateRoot;
}

}  // namespace

struct BlockForest::Impl {
    // One block of the executed chain, which begins at the last final block and ends where the state stands.
    struct Executed {
        const Node* node;
        State::Checkpoint behind;  // position of the journal after the block's execution
    };

    State state;
    Network network;
    std::optional<std::uint64_t> dao_block;
    ForestLimits limits;
    std::unordered_map<Hash, std::unique_ptr<Node>> nodes;
    std::size_t bytes = 0;
    const Node* head = nullptr;
    std::vector<Executed> path;  // never empty; path[0] is final

    Impl(State genesis, const Header& header, Network network_, const ForestLimits& limits_);

    [[nodiscard]] const Node* find(const Hash& hash) const;
    [[nodiscard]] const BlockRules& rules_behind(const Word& total_difficulty, const Header& header) const;
    [[nodiscard]] Refusal place(const Node* parent, std::size_t encoded_bytes) const;
    [[nodiscard]] Refusal check(const Block& block, const Node& parent, const BlockRules& rules) const;
    [[nodiscard]] Refusal execute(const Block& block, const BlockRules& rules);
    [[nodiscard]] Refusal import(Block block, std::size_t encoded_bytes);
    void insert(Node node);
    [[nodiscard]] bool prefers(const Node& candidate) const;

    [[nodiscard]] bool is_on_path(const Node& node) const;
    void rewind_to(const Node& node);  // the node must be on the path
    void go_to(const Node& node);
    void replay(const Node& node);  // the state must stand behind the node's parent
    void finalize();
    void drop_all_but_descendants_of(const Node& root);
};

BlockForest::Impl::Impl(State genesis, const Header& header, Network network_, const ForestLimits& limits_)
    : state(std::move(genesis)), network(std::move(network_)), dao_block(network.schedule.dao_block()), limits(limits_) {
    assert(state.root() == header.state_root);
    state.forget_history();
    Node root;
    root.block.header = header;
    root.hash = hash_of(header);
    root.total_difficulty = header.difficulty;
    root.rules = &rules_behind({}, header);
    state.set_fork(root.rules->fork);
    head = nodes.emplace(root.hash, std::make_unique<Node>(root)).first->second.get();
    path.push_back({head, state.checkpoint()});
}

// --- the tree ---

const Node* BlockForest::Impl::find(const Hash& hash) const {
    const auto found = nodes.find(hash);
    return found == nodes.end() ? nullptr : found->second.get();
}

const BlockRules& BlockForest::Impl::rules_behind(const Word& total_difficulty, const Header& header) const {
    return network.schedule.rules_of(network.schedule.upgrade_at(header.number, header.timestamp, total_difficulty));
}

bool BlockForest::Impl::prefers(const Node& candidate) const {
    if (candidate.rules->merged || head->rules->merged) return candidate.rules->merged;
    return candidate.total_difficulty > head->total_difficulty;
}

void BlockForest::Impl::insert(Node node) {
    bytes += node.bytes;
    const Node* added = nodes.emplace(node.hash, std::make_unique<Node>(std::move(node))).first->second.get();
    path.push_back({added, state.checkpoint()});
    if (prefers(*added)) head = added;
    if (path.size() > limits.depth || state.checkpoint() > limits.journal_records) finalize();
}

// --- whether a block is valid ---

Refusal BlockForest::Impl::place(const Node* parent, std::size_t encoded_bytes) const {
    if (parent == nullptr) return {BlockRefusal::UnknownParent};
    const std::uint64_t lowest = path.front().node->number();
    if (parent->number() < lowest) return {BlockRefusal::ParentTooOld};
    const bool is_full = parent->number() - lowest > limits.depth || nodes.size() >= limits.blocks ||
                         encoded_bytes > limits.bytes - std::min(bytes, limits.bytes);
    return {is_full ? BlockRefusal::TooManyBlocks : BlockRefusal::None};
}

Refusal BlockForest::Impl::check(const Block& block, const Node& parent, const BlockRules& rules) const {
    if (const BlockRefusal refusal = check_header(block.header, parent.block.header, rules, dao_block);
        refusal != BlockRefusal::None)
        return {refusal};
    if (const BlockRefusal refusal = check_body(block, rules); refusal != BlockRefusal::None) return {refusal};
    const auto check_ommer = [this](const Header& ommer, const Ancestor& ommer_parent) {
        const Word difficulty = find(ommer_parent.hash)->total_difficulty;
        return check_header(ommer, *ommer_parent.header, rules_behind(difficulty, ommer), dao_block);
    };
    return check_ommers(block.ommers, ancestors_of(parent), check_ommer);
}

Refusal BlockForest::Impl::execute(const Block& block, const BlockRules& rules) {
    BlockExecution run(state, block.header, rules, network);
    if (const Refusal refusal = run.include_all(block.transactions); !refusal.accepted()) return refusal;
    if (const Refusal refusal = run.finish(block.ommers, block.withdrawals.value_or(std::vector<Withdrawal>{}));
        !refusal.accepted())
        return refusal;
    Header sealed = block.header;
    sealed.transactions_root = transactions_root(block.transactions);
    run.seal(sealed);
    return {compare(block.header, sealed)};
}

Refusal BlockForest::Impl::import(Block block, std::size_t encoded_bytes) {
    Node node;
    node.hash = hash_of(block.header);
    if (find(node.hash) != nullptr) return {};
    node.parent = find(block.header.parent_hash);
    if (const Refusal refusal = place(node.parent, encoded_bytes); !refusal.accepted()) return refusal;
    node.rules = &rules_behind(node.parent->total_difficulty, block.header);
    if (encoded_bytes > node.rules->max_bytes) return {BlockRefusal::BlockTooLarge};
    if (const Refusal refusal = check(block, *node.parent, *node.rules); !refusal.accepted()) return refusal;

    go_to(*node.parent);
    if (const Refusal refusal = execute(block, *node.rules); !refusal.accepted()) {
        rewind_to(*node.parent);
        return refusal;
    }
    node.total_difficulty = node.parent->total_difficulty + block.header.difficulty;
    node.block = std::move(block);
    node.bytes = encoded_bytes;
    insert(std::move(node));
    return {};
}

// --- where the state stands ---

bool BlockForest::Impl::is_on_path(const Node& node) const {
    const std::uint64_t lowest = path.front().node->number();
    return node.number() >= lowest && node.number() - lowest < path.size() && path[node.number() - lowest].node == &node;
}

void BlockForest::Impl::rewind_to(const Node& node) {
    path.resize(node.number() - path.front().node->number() + 1);
    assert(path.back().node == &node);
    state.rewind_to(path.back().behind);
    state.set_fork(node.rules->fork);
}

void BlockForest::Impl::go_to(const Node& node) {
    std::vector<const Node*> branch;
    const Node* at = &node;
    for (; !is_on_path(*at); at = at->parent) branch.push_back(at);
    if (at != path.back().node) rewind_to(*at);
    for (; !branch.empty(); branch.pop_back()) replay(*branch.back());
}

void BlockForest::Impl::replay(const Node& node) {
    BlockExecution run(state, node.block.header, *node.rules, network);
    [[maybe_unused]] const Refusal included = run.include_all(node.block.transactions);
    assert(included.accepted());
    [[maybe_unused]] const Refusal refusal =
        run.finish(node.block.ommers, node.block.withdrawals.value_or(std::vector<Withdrawal>{}));
    assert(refusal.accepted());
    path.push_back({&node, state.checkpoint()});
}

// Makes the older half of the head's chain final: drops its journal records and every branch that leaves it.
void BlockForest::Impl::finalize() {
    go_to(*head);
    if (path.size() < 2) return;
    const Node* root = path[path.size() / 2].node;
    rewind_to(*root);
    state.forget_history();
    path.assign(1, {root, state.checkpoint()});
    drop_all_but_descendants_of(*root);
    go_to(*head);
}

void BlockForest::Impl::drop_all_but_descendants_of(const Node& root) {
    std::unordered_map<const Node*, bool> stays;  // nodes that are decided already
    const Node* lowest = &root;
    for (std::size_t i = 0; lowest != nullptr && i < remembered_ancestors; ++i, lowest = lowest->parent)
        stays[lowest] = true;
    for (const auto& [hash, node] : nodes) {
        std::vector<const Node*> undecided;
        const Node* at = node.get();
        for (; at != nullptr && at->number() > root.number() && !stays.contains(at); at = at->parent)
            undecided.push_back(at);
        const bool verdict = at != nullptr && stays.contains(at) && stays[at] && at->number() >= root.number();
        for (const Node* decided : undecided) stays[decided] = verdict;
    }
    for (auto& [hash, node] : nodes)  // the lowest node that stays loses its parent
        if (stays[node.get()] && (node->parent == nullptr || !stays[node->parent])) node->parent = nullptr;
    for (auto at = nodes.begin(); at != nodes.end();) {
        const bool goes = !stays[at->second.get()];
        if (goes) bytes -= at->second->bytes;
        at = goes ? nodes.erase(at) : std::next(at);
    }
}

// --- the object ---

BlockForest::BlockForest(State genesis, const Header& header, Network network, const ForestLimits& limits)
    : impl_(std::make_unique<Impl>(std::move(genesis), header, std::move(network), limits)) {}
BlockForest::~BlockForest() = default;
BlockForest::BlockForest(BlockForest&&) noexcept = default;
BlockForest& BlockForest::operator=(BlockForest&&) noexcept = default;

Refusal BlockForest::import(ByteView encoded) {
    const auto fork_of = [this](const Header& header) {
        const Node* parent = impl_->find(header.parent_hash);
        return impl_->rules_behind(parent == nullptr ? Word{} : parent->total_difficulty, header).fork;
    };
    DecodedBlock decoded = decode_block(encoded, fork_of);
    if (!decoded.refusal.accepted()) return decoded.refusal;
    return impl_->import(std::move(decoded.block), encoded.size());
}

Refusal BlockForest::import(Block block) { return import(encode(block)); }

const Block& BlockForest::head() const { return impl_->head->block; }
const Hash& BlockForest::head_hash() const { return impl_->head->hash; }
Word BlockForest::total_difficulty() const { return impl_->head->total_difficulty; }
const Network& BlockForest::network() const { return impl_->network; }
std::size_t BlockForest::size() const { return impl_->nodes.size(); }

const Block* BlockForest::find(const Hash& hash) const {
    const Node* node = impl_->find(hash);
    return node == nullptr ? nullptr : &node->block;
}

State& BlockForest::state() {
    impl_->go_to(*impl_->head);
    return impl_->state;
}

}  // namespace interlock::chain
