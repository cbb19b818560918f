// Contracts on a simulated chain: oracles that answer them, and questions about what they say.

#include "chain/sim/simulation_node.hpp"

namespace interlock::chain::sim {

using consensus::BlockRef, consensus::Ledger;

const Submission& Simulation::submission(std::uint64_t index) const {
    const std::vector<Submission>& given = options_.workload->submissions;
    return index < given.size() ? given[index] : answers_[index - given.size()];
}

// --- oracles ---

// Goes through the blocks that an oracle has not seen on the chain of its node, from the oldest on.
void Simulation::inform_oracles(const Node& node) {
    for (std::size_t i = 0; i < oracles_.size(); ++i) {
        const Oracle& oracle = options_.workload->oracles[i];
        if (oracle.node % options_.nodes != node.id()) continue;
        OracleView& view = oracles_[i];
        std::vector<BlockRef> fresh;
        BlockRef at = oracle.waits_for_final ? node.finalised : node.head;
        for (; at && at->height() > 0 && !view.calls_up_to.contains(at->hash); at = node.engine->find(at->parent()))
            fresh.push_back(at);
        std::uint64_t calls = at && at->height() > 0 ? view.calls_up_to.at(at->hash) : 0;
        for (; !fresh.empty(); fresh.pop_back()) {
            const std::vector<std::uint32_t>& failed = node.ledger->execute(fresh.back()).failed;
            for (std::uint32_t place = 0; place < fresh.back()->transactions.size(); ++place) {
                const consensus::SealedTransaction& tx = *fresh.back()->transactions[place];
                const Bytes& data = tx.transaction.data;
                const bool is_call = tx.transaction.to == oracle.watched && data.size() >= oracle.selector.size() &&
                                     std::equal(oracle.selector.begin(), oracle.selector.end(), data.begin());
                if (!is_call || std::ranges::count(failed, place)) continue;
                ++calls;
                if (view.answered.insert(tx.hash).second) answer(i, calls);
            }
            view.calls_up_to[fresh.back()->hash] = calls;
        }
    }
}

void Simulation::answer(std::size_t i, std::uint64_t call) {
    const Oracle& oracle = options_.workload->oracles[i];
    const Genesis::Account& account = *options_.workload->genesis.find(oracle.account);
    Bytes data = oracle.data;
    const std::array<std::uint8_t, 32> number = vm::to_big_endian(Word(call));
    for (const std::size_t at : oracle.count_at) std::ranges::copy(number, data.begin() + static_cast<std::ptrdiff_t>(at));
    const std::uint64_t nonce = oracle.nonce + oracles_[i].answers++;
    const std::uint64_t index = submissions();
    answers_.push_back(
        {now_ + oracle.delay, oracle.node, transaction_of(account, nonce, oracle.answered, 0, std::move(data))});
    queue_.push(now_ + oracle.delay, {Event::Submit, 0, 0, 0, {0, index}, nullptr});
}

// --- questions ---

// A contract that is not there yet answers with nothing, which breaks no rule.
void Simulation::check_rules(const BlockRef& block, Ledger& ledger) {
    for (const Question& question : options_.workload->questions) {
        if (!question.is_rule) continue;
        const std::optional<Bytes> answer = ledger.ask(block, question.contract, question.data);
        const bool is_true =
            answer && (answer->empty() || std::ranges::any_of(*answer, [](auto byte) { return byte != 0; }));
        if (is_true) continue;
        invariants_->broken("contracts", question.text + (answer ? " is false" : " fails") + " behind block " +
                                             std::to_string(block->height()) + " " +
                                             vm::to_hex(ByteView(block->hash).first(4)));
    }
}

std::string Simulation::shown(const Question& question, const Node& node) const {
    const std::optional<Bytes> answer = node.ledger->ask(node.head, question.contract, question.data);
    if (!answer) return "failed";
    if (answer->empty()) return "nothing";
    if (answer->size() != 32) return vm::to_hex(*answer);
    const Word word = vm::word_from_big_endian(*answer);
    const Address address = vm::to_address(word);
    if (vm::to_word(address) == word) {
        if (const auto name = options_.workload->genesis.name_of(address)) return std::string(*name);
        for (const auto& [contract, name] : options_.workload->contracts)
            if (contract == address) return name;
    }
    return vm::to_decimal(word);
}

}  // namespace interlock::chain::sim
