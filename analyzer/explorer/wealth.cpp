#include "analyzer/explorer/wealth.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "analyzer/system/environment.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::uint64_t view_gas = 1'000'000;
constexpr std::uint64_t counted_ids = 4;     // of an ERC-1155: 0 to 3
constexpr std::uint64_t counted_owners = 8;  // of tokens that are one of a kind

bool answers(const lang::ir::Contract& contract, std::uint32_t selector) {
    return std::ranges::any_of(contract.functions, [&](const lang::ir::Function& function) {
        return function.is_entry && function.selector == selector && function.mutability != lang::ir::Mutability::Payable &&
               function.returns.size() == 1;
    });
}

}  // namespace

std::optional<Bytes> ask_view(chain::State& state, const Address& contract, Bytes call_data) {
    vm::Message message;
    message.kind = vm::CallKind::StaticCall;
    message.is_static = true;
    message.gas = vm::Gas{static_cast<std::int64_t>(view_gas)};
    message.recipient = message.code_address = contract;
    message.input = std::move(call_data);
    vm::Outcome outcome = chain::call(state, message);
    if (!outcome.ok()) return std::nullopt;
    return std::move(outcome.output);
}

Purse::Purse(const World& world) : ledgers_(ledgers_of(world)), totals_(totals_of(world)) {
    assets_.push_back({std::nullopt, std::nullopt, "ether"});
    for (std::uint32_t i = 0; i < world.contracts().size(); ++i) {
        const DeployedContract& contract = world.contracts()[i];
        if (answers(contract.ir(), token_selector::balance_of))
            assets_.push_back({DeployedIndex{i}, std::nullopt, contract.name});
        else if (answers(contract.ir(), token_selector::owner_of))
            assets_.push_back({DeployedIndex{i}, std::nullopt, contract.name, false, true});
        const bool has_ids = answers(contract.ir(), token_selector::balance_of_id);
        const bool is_id_first = !has_ids && answers(contract.ir(), token_selector::id_balance_of);
        for (std::uint64_t id = 0; id < counted_ids && (has_ids || is_id_first); ++id)
            assets_.push_back({DeployedIndex{i}, Word{id}, contract.name + " #" + std::to_string(id), is_id_first});
    }
}

std::vector<Word> Purse::entries_beside(std::size_t asset, const std::vector<Word>& entries) const {
    const Asset& what = assets_[asset];
    const std::uint32_t view = what.is_id_first ? token_selector::id_balance_of
                               : what.id        ? token_selector::balance_of_id
                                                : token_selector::balance_of;
    std::vector<Word> others;
    for (std::size_t i = 0; i < ledgers_.size(); ++i) {
        const Ledger& ledger = ledgers_[i];
        const bool is_same = what.token == ledger.contract && view == ledger.selector && what.id == ledger.id;
        if (!is_same) others.push_back(entries[i]);
    }
    return others;
}

Wealth Purse::of(World& world, const std::vector<Address>& accounts) const {
    Wealth wealth;
    wealth.reserve(assets_.size());
    for (std::size_t i = 0; i < assets_.size(); ++i) wealth.push_back(of(world, accounts, i));
    return wealth;
}

Word Purse::of(World& world, const std::vector<Address>& accounts, std::size_t asset) const {
    const auto& [token, id, name, is_id_first, is_counted] = assets_[asset];
    if (is_counted) return owned_by(world, accounts, world.contract(*token).address);
    Word sum;
    for (const Address& account : accounts) {
        if (!token) {
            sum += world.state().balance(account);
            continue;
        }
        const auto selector = is_id_first ? token_selector::id_balance_of
                              : id        ? token_selector::balance_of_id
                                          : token_selector::balance_of;
        std::vector<lang::abi::Value> arguments{vm::to_word(account)};
        if (id) arguments.insert(is_id_first ? arguments.begin() : arguments.end(), *id);
        const auto output =
            ask_view(world.state(), world.contract(*token).address, lang::abi::call_data(selector, arguments));
        if (output && output->size() >= 32) sum += vm::word_from_big_endian(ByteView(*output).first(32));
    }
    return sum;
}

Word Purse::owned_by(World& world, const std::vector<Address>& accounts, const Address& token) {
    std::uint64_t owned = 0;
    for (std::uint64_t id = 0; id < counted_owners; ++id) {
        const auto output = ask_view(world.state(), token, lang::abi::call_data(token_selector::owner_of, {Word{id}}));
        if (!output || output->size() != 32) continue;
        const Address owner = vm::to_address(vm::word_from_big_endian(*output));
        owned += std::ranges::count(accounts, owner) != 0;
    }
    return Word{owned};
}

Wealth Purse::of_attacker(World& world) const { return of(world, world.hers()); }

namespace {

// Contracts and honest people.
std::vector<Address> others_in(const World& world) {
    std::set<Address> all;
    for (const DeployedContract& contract : world.contracts()) all.insert(contract.address);
    for (std::uint32_t i = 0; i < World::accomplice; ++i) all.insert(world.senders()[i].address);
    for (const Address& hers : world.hers()) all.erase(hers);
    return {all.begin(), all.end()};
}

}  // namespace

Wealth Purse::of_others(World& world) const { return of(world, others_in(world)); }
Word Purse::of_others(World& world, std::size_t asset) const { return of(world, others_in(world), asset); }

bool is_nowhere_below(const Wealth& wealth, const Wealth& base) {
    for (std::size_t i = 0; i < base.size(); ++i)
        if (wealth[i] < base[i]) return false;
    return true;
}

Wealth sum_of(const Wealth& some, const Wealth& others) {
    Wealth sum = some;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += others[i];
    return sum;
}

Wealth with_at_least(Wealth wealth, std::size_t asset, const Word& least) {
    wealth[asset] = std::max(wealth[asset], least);
    return wealth;
}

bool outweighs(std::size_t asset, const Wealth& wealth, const Wealth& base, const Wealth& all) {
    constexpr std::uint64_t dearer = 1'000'000;
    constexpr unsigned most_bits = 110;  // of what can be multiplied
    if (!(wealth[asset] > base[asset])) return false;
    const Word gained = wealth[asset] - base[asset];
    for (std::size_t i = 0; i < base.size(); ++i) {
        if (!(wealth[i] < base[i])) continue;
        const Word lost = base[i] - wealth[i];
        if (std::ranges::any_of(std::array{gained, lost, all[i], all[asset]},
                                [](const Word& each) { return vm::bit_length(each) > most_bits; }))
            return false;
        if (gained * all[i] < lost * all[asset] * Word{dearer}) return false;
    }
    return true;
}

}  // namespace interlock::analyzer
