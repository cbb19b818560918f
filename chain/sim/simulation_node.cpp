#include "chain/sim/simulation_node.hpp"

#include <utility>

#include "chain/secp256k1.hpp"

namespace interlock::chain::sim {

using consensus::Batch, consensus::BlockRef, consensus::Draft, consensus::Executed, consensus::MessageRef,
    consensus::TransactionRef;

// --- time ---

Nanoseconds Simulation::Node::now() const {
    const Nanoseconds time = simulation_.now_;
    return time + clock_error + time / consensus::million * drift + time % consensus::million * drift / consensus::million;
}

// The node's clock measures the time: one that is too fast rings too early.
consensus::TimerId Simulation::Node::set_timer(Nanoseconds after, consensus::Timer timer) {
    const auto rate = static_cast<std::uint64_t>(consensus::million + drift);
    const auto asked = static_cast<std::uint64_t>(std::max<Nanoseconds>(after, 0));
    const auto real = static_cast<Nanoseconds>((consensus::Product(asked) * consensus::million + rate - 1) / rate);
    return simulation_.queue_.push(simulation_.now_ + real, {Event::Timer, id_, id_, incarnation, timer, nullptr});
}

// --- messages, true and false ---

const MessageRef& Simulation::Node::forged(const MessageRef& message, NodeId to) {
    if (honest_ != message) {
        honest_ = message;
        forged_ = {};
    }
    const bool is_deceived = to % 2 == 1;
    MessageRef& forged = forged_[is_deceived];
    if (!forged) forged = simulation_.options_.engine->forge(*this, message, simulation_.lies_, is_deceived);
    if (!forged) forged = message;
    return forged;
}

void Simulation::Node::send(NodeId to, const MessageRef& message) {
    if (!simulation_.trace_.empty())
        simulation_.trace_.back().sent = with_sent(simulation_.trace_.back().sent, to, message->digest());
    if (is_mute) return;
    if (withholds && (simulation_.options_.engine->block_kinds >> kind_of(*message) & 1))
        return void(withheld_.emplace_back(to, message));
    simulation_.transmit(*this, to, equivocates ? forged(message, to) : message);
    if (babbles) {
        heard(message);
        babble();
    }
}

void Simulation::Node::heard(const MessageRef& message) { heard_[heard_count_++ % heard_.size()] = message; }

// Says anything to anybody.
void Simulation::Node::babble() {
    const auto any = [&]() -> const MessageRef& { return heard_[drawn_lies_.below(std::min(heard_count_, heard_.size()))]; };
    const auto draw = simulation_.options_.engine->babble;
    if (!draw || peers_.empty()) return;
    const MessageRef &one = any(), &other = any();
    if (const MessageRef said = draw(*this, one, other, drawn_lies_))
        simulation_.transmit(*this, peers_[drawn_lies_.below(peers_.size())], said);
}

void Simulation::Node::tell_the_world() {
    for (const auto& [to, message] : std::exchange(withheld_, {})) simulation_.transmit(*this, to, message);
}

Signature Simulation::Node::signature_of(NodeId signer, const Hash& what) const {
    if (simulation_.options_.signatures == Signatures::Secp256k1)
        return sign_hash(what, consensus::key_of_validator(signer));
    const Fingerprint mixed = FingerprintMixer({simulation_.options_.seed, signer}).absorb(vm::to_word(what)).finish();
    return {Word(mixed.high), Word(mixed.low), false};
}

bool Simulation::Node::verify(NodeId signer, const Hash& what, const Signature& signature) {
    if (signer >= nodes()) return false;
    if (simulation_.options_.signatures == Signatures::KeyedHash) return signature == signature_of(signer, what);
    return recover_address(what, signature) == address_of(consensus::key_of_validator(signer));
}

void Simulation::Node::ghost(const consensus::Ghost& ghost) {
    if (has_lied) return;
    simulation_.invariants_->voted(id_, ghost);
    if (simulation_.options_.on_ghost) simulation_.options_.on_ghost(id_, ghost);
}

// --- the disk ---

void Simulation::Node::persist(Batch batch, consensus::Timer then) {
    writes.push_back({std::move(batch), then});
    simulation_.queue_.push(simulation_.now_ + simulation_.options_.disk,
                            {Event::Persisted, id_, id_, incarnation, {}, nullptr});
}

void Simulation::Node::persist(Batch batch) {
    if (simulation_.options_.disk == 0 && writes.empty()) {
        for (auto& [key, value] : batch) durable[key] = std::move(value);
        return;
    }
    writes.push_back({std::move(batch), std::nullopt});
    simulation_.queue_.push(simulation_.now_ + simulation_.options_.disk,
                            {Event::Persisted, id_, id_, incarnation, {}, nullptr});
}

void Simulation::Node::write_oldest() {
    Write write = std::move(writes.front());
    writes.pop_front();
    for (auto& [key, value] : write.batch) durable[key] = std::move(value);
    if (write.then && engine) engine->on_persisted(*this, *write.then);
}

std::vector<std::size_t> Simulation::Node::lose_writes(Fault::Disk disk) {
    const std::deque<Write> lost = std::exchange(writes, {});
    std::vector<std::size_t> kept;
    if (disk == Fault::Amnesia) durable.clear();
    if (disk == Fault::Torn && !lost.empty()) kept.push_back(simulation_.random_.below(lost.front().batch.size() + 1));
    if (disk == Fault::Durable)
        for (const Write& write : lost) kept.push_back(write.batch.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
        for (std::size_t entry = 0; entry < kept[i]; ++entry) {
            const auto& [key, value] = lost[i].batch[entry];
            durable[key] = value;
        }
    return kept;
}

// --- blocks ---

const Executed& Simulation::Node::execute(const BlockRef& block) {
    const Executed& executed = ledger->execute(block);
    if (!executed.refusal.accepted()) return executed;
    const bool is_new = !simulation_.blocks_.contains(block->hash);
    if (is_new) simulation_.was_made(block, id_);
    if (is_new && !simulation_.options_.workload->questions.empty()) simulation_.check_rules(block, *ledger);
    simulation_.invariants_->learnt(id_, block->hash);
    if (is_new || simulation_.options_.has_own_ledgers) {
        simulation_.invariants_->executed(block, executed);
        simulation_.invariants_->counted(block, ledger->ether_behind(block), ledger->supply_behind(block->hash));
    }
    return executed;
}

std::pair<Header, std::vector<TransactionRef>> Simulation::Node::build(const BlockRef& parent, const Draft& draft,
                                                                       std::span<const TransactionRef> candidates) {
    return ledger->build(parent, consensus::coinbase_of(id_), draft, candidates);
}

}  // namespace interlock::chain::sim
