#include "analyzer/explorer/ledgers.hpp"

#include "analyzer/explorer/wealth.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

std::vector<Ledger> views_of(const World& world, bool are_totals) {
    constexpr unsigned least_bits = 16;  // fewer are flags and states
    std::vector<Ledger> ledgers;
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) {
        const DeployedContract& contract = world.contracts()[i];
        if (!world.artifact_of(contract)) continue;
        for (const ir::Function& function : contract.ir().functions) {
            const bool is_view = function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
            if (ledgers.size() == most_ledgers || !function.is_entry || !is_view) continue;
            if (function.parameters.size() != (are_totals ? 0u : 1u)) continue;
            if (!are_totals && function.parameters[0].type.kind != ir::TypeKind::Address) continue;
            if (function.returns.size() != 1 || function.returns[0].type.kind != ir::TypeKind::Uint) continue;
            if (function.returns[0].type.bits < least_bits) continue;
            ledgers.push_back({DeployedIndex{i}, function.selector, function.name, are_totals});
        }
    }
    return ledgers;
}

}  // namespace

std::vector<Ledger> ledgers_of(const World& world) { return views_of(world, false); }
std::vector<Ledger> totals_of(const World& world) { return views_of(world, true); }

Word entry_of_attacker(World& world, const Ledger& ledger) {
    std::vector<lang::abi::Value> whose;
    if (!ledger.is_total) whose.emplace_back(vm::to_word(world.attacker().address));
    const auto output =
        ask_view(world.state(), world.contract(ledger.contract).address, lang::abi::call_data(ledger.selector, whose));
    if (!output || output->size() < 32) return {};
    return vm::word_from_big_endian(vm::ByteView(*output).first(32));
}

std::vector<Word> entries_of_attacker(World& world, const std::vector<Ledger>& ledgers) {
    std::vector<Word> entries;
    entries.reserve(ledgers.size());
    for (const Ledger& ledger : ledgers) entries.push_back(entry_of_attacker(world, ledger));
    return entries;
}

}  // namespace interlock::analyzer
