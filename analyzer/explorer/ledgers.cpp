#include "analyzer/explorer/ledgers.hpp"

#include <algorithm>
#include <optional>

#include "analyzer/explorer/wealth.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

// The numbers of things that are looked at: those with which calls are tried first.
std::vector<Word> ids_of(unsigned bits) {
    std::vector<Word> ids{Word{1}, Word{0}};
    if (bits >= 64) ids.insert(ids.begin(), chain::ether);
    return ids;
}

bool answers_a_number(const ir::Function& function) {
    constexpr unsigned least_bits = 16;  // fewer are flags and states
    const bool is_view = function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
    return function.is_entry && is_view && function.returns.size() == 1 &&
           function.returns[0].type.kind == ir::TypeKind::Uint && function.returns[0].type.bits >= least_bits;
}

// Adds what `ledgers_for` makes of the views of the contracts under check.
template <class LedgersFor>
void add_views(const World& world, std::vector<Ledger>& ledgers, const LedgersFor& ledgers_for) {
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) {
        const DeployedContract& contract = world.contracts()[i];
        if (!world.artifact_of(contract)) continue;
        for (const ir::Function& function : contract.ir().functions) {
            if (!answers_a_number(function)) continue;
            for (Ledger& ledger : ledgers_for(function)) {
                if (ledgers.size() == most_ledgers) return;
                ledger.contract = DeployedIndex{i};
                ledger.selector = function.selector;
                ledger.view = function.name;
                ledgers.push_back(std::move(ledger));
            }
        }
    }
}

std::optional<Word> answer_to_attacker(World& world, const Ledger& ledger) {
    std::vector<lang::abi::Value> whose;
    if (ledger.id && ledger.is_id_first) whose.emplace_back(*ledger.id);
    if (!ledger.is_total) whose.emplace_back(vm::to_word(world.attacker().address));
    if (ledger.id && !ledger.is_id_first) whose.emplace_back(*ledger.id);
    const auto output =
        ask_view(world.state(), world.contract(ledger.contract).address, lang::abi::call_data(ledger.selector, whose));
    if (!output || output->size() < 32) return std::nullopt;
    return vm::word_from_big_endian(vm::ByteView(*output).first(32));
}

}  // namespace

std::vector<Ledger> ledgers_of(const World& world) {
    const auto is = [](const ir::Function& function, std::size_t parameter, ir::TypeKind kind) {
        return function.parameters[parameter].type.kind == kind;
    };
    std::vector<Ledger> ledgers;
    add_views(world, ledgers, [&](const ir::Function& function) {
        const bool is_plain = function.parameters.size() == 1 && is(function, 0, ir::TypeKind::Address);
        return std::vector<Ledger>(is_plain ? 1 : 0);
    });
    add_views(world, ledgers, [&](const ir::Function& function) {
        std::vector<Ledger> list;
        for (const std::size_t id : {0u, 1u}) {
            if (function.parameters.size() != 2 || !is(function, id, ir::TypeKind::Uint)) continue;
            if (!is(function, 1 - id, ir::TypeKind::Address)) continue;
            for (const Word& each : ids_of(function.parameters[id].type.bits))
                list.push_back({.id = each, .is_id_first = id == 0});
        }
        return list;
    });
    const auto has_id = [](const Ledger& each) { return each.id.has_value(); };
    if (std::ranges::none_of(ledgers, has_id)) return ledgers;
    // What fails for who has nothing yet is asked by its place in a list, as tokenOfOwnerByIndex() is: no amount.
    World copy = world;
    std::erase_if(ledgers, [&](const Ledger& each) { return has_id(each) && !answer_to_attacker(copy, each); });
    return ledgers;
}

std::vector<Ledger> totals_of(const World& world) {
    std::vector<Ledger> ledgers;
    add_views(world, ledgers, [](const ir::Function& function) {
        return std::vector<Ledger>(function.parameters.empty() ? 1 : 0, {.is_total = true});
    });
    return ledgers;
}

Word entry_of_attacker(World& world, const Ledger& ledger) { return answer_to_attacker(world, ledger).value_or(Word{}); }

std::vector<Word> entries_of_attacker(World& world, const std::vector<Ledger>& ledgers) {
    std::vector<Word> entries;
    entries.reserve(ledgers.size());
    for (const Ledger& ledger : ledgers) entries.push_back(entry_of_attacker(world, ledger));
    return entries;
}

}  // namespace interlock::analyzer
