#include "analyzer/system/purchases.hpp"

#include <algorithm>

#include "analyzer/explorer/observations.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/environment.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr int most_things = 3;

// Returns a call for one thing: for the buyer, where it says for whom.
std::optional<Bytes> order_of(const ir::Function& function, const Account& buyer) {
    constexpr std::size_t most_parameters = 2;
    if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary ||
        function.mutability != ir::Mutability::Payable || function.parameters.size() > most_parameters)
        return std::nullopt;
    std::vector<abi::Value> values;
    for (const ir::NamedType& parameter : function.parameters) {
        if (parameter.type.kind == ir::TypeKind::Address) values.emplace_back(vm::to_word(buyer.address));
        else if (parameter.type.kind == ir::TypeKind::Uint) values.emplace_back(Word{1});
        else return std::nullopt;
    }
    return abi::call_data(function.selector, values);
}

// Returns the ether for which the call works: some, or what it was compared with.
std::optional<Word> price_of(const World& world, const DeployedContract& seller, const Account& buyer, const Bytes& order) {
    Observations seen;
    const auto sells_for = [&](const Word& price) {
        seen.begin_run();
        World copy = world;
        return copy.execute(copy.transaction(buyer.address, seller.address, price, order), &seen).receipt.ok();
    };
    const Word guess = chain::ether;
    if (sells_for(guess)) return guess;
    for (const auto& [found, wanted] : seen.compared_amounts())
        if (found == guess && sells_for(wanted)) return wanted;
    return std::nullopt;
}

}  // namespace

bool buy_things(Draft& draft, const DeployedContract& token) {
    const auto tells_holder = [](const ir::Function& each) {
        return each.is_entry && each.selector == token_selector::owner_of;
    };
    if (std::ranges::none_of(token.ir().functions, tells_holder)) return false;
    const Account buyer = draft.world.users()[0];
    const auto held = [&] {
        Word count;
        for (std::uint64_t number = 0; number <= most_things; ++number) {
            const auto holder =
                ask_view(draft.world.state(), token.address, abi::call_data(token_selector::owner_of, {Word{number}}));
            if (holder && holder->size() == 32 && vm::word_from_big_endian(*holder) == vm::to_word(buyer.address))
                count += Word{1};
        }
        return count;
    };
    for (const ir::Function& function : token.ir().functions) {
        const auto order = order_of(function, buyer);
        if (!order) continue;
        const auto price = price_of(draft.world, token, buyer, *order);
        if (!price) continue;
        const World before = draft.world;
        for (int i = 0; i < most_things; ++i)
            if (!draft.attempt({buyer.name, {}, false, token.name, *price, *order})) break;
        if (!held().is_zero()) return true;
        draft.world = before;
    }
    return false;
}

}  // namespace interlock::analyzer
