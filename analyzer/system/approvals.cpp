// Approvals under any name: everybody lets the contracts of the system take what they keep for them elsewhere. They are known
// by what they do: a number, or a flag, is kept for the caller and the account that is told, and nothing else changes.
#include <algorithm>

#include "analyzer/explorer/traits.hpp"
#include "analyzer/system/bystanders.hpp"
#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

bool is_flag(const ir::NamedType& told) { return told.type.kind == ir::TypeKind::Bool; }

bool may_approve(const ir::Function& function) {
    const auto& told = function.parameters;
    return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
           function.selector != token_selector::approve && function.mutability == ir::Mutability::NonPayable &&
           told.size() == 2 && told[0].type.kind == ir::TypeKind::Address &&
           (told[1].type == ir::uint256_type || is_flag(told[1]));
}

Word entry_of(const Word& mapping, const Address& key) {
    Bytes both;
    for (const Word& word : {vm::to_word(key), mapping}) {
        const auto bytes = vm::to_big_endian(word);
        both.insert(both.end(), bytes.begin(), bytes.end());
    }
    return vm::to_word(vm::keccak256(both));
}

// Whether all that alice changes by the call is that the word is kept for her and the spender, or for the spender and her, in
// one of the first variables.
bool approves(const World& world, const DeployedContract& contract, const Bytes& data, const Address& spender,
              const Word& word) {
    constexpr std::uint64_t most_variables = 64;
    World copy = world;
    const Account& alice = copy.users()[0];
    auto before = copy.state().storage_of(contract.address);
    if (!copy.perform({alice.name, {}, false, contract.name, {}, data}).empty()) return false;
    auto after = copy.state().storage_of(contract.address);
    std::ranges::sort(before);
    std::ranges::sort(after);
    std::vector<std::pair<Word, Word>> changed;
    std::ranges::set_difference(after, before, std::back_inserter(changed));
    if (changed.size() != 1 || changed.front().second != word) return false;
    const Word& place = changed.front().first;
    for (std::uint64_t slot = 0; slot < most_variables; ++slot)
        if (entry_of(entry_of(Word{slot}, alice.address), spender) == place ||
            entry_of(entry_of(Word{slot}, spender), alice.address) == place)
            return true;
    return false;
}

}  // namespace

void approve_under_other_names(Draft& draft) {
    World& world = draft.world;
    const std::vector<DeployedContract> all = world.contracts();
    for (const DeployedContract& contract : all) {
        if (!world.artifact_of(contract)) continue;
        for (const ir::Function& function : contract.ir().functions) {
            if (!may_approve(function) || draft.deadline.has_passed()) continue;
            for (const DeployedContract& spender : all) {
                if (spender.address == contract.address || !world.artifact_of(spender)) continue;
                // A flag may as well keep somebody out: it is for those who act there.
                const bool says_so = is_flag(function.parameters[1]);
                if (says_so && !may_call(spender.ir(), contract.ir())) continue;
                const Word word = says_so ? Word{1} : ~Word{};
                const Bytes data = abi::call_data(function.selector, {vm::to_word(spender.address), word});
                if (!approves(world, contract, data, spender.address, word)) continue;
                for (const Account& user : {world.users()[0], world.users()[1]})
                    (void)draft.attempt({user.name, {}, false, contract.name, {}, data});
                world.prepare({contract.name, data});
            }
        }
    }
}

std::vector<Call> approvals_of_her_contract(const Draft& draft) {
    const World& world = draft.world;
    const Address& hers = world.attacker().address;
    std::vector<Call> list;
    const auto uses_accounts = [&](const DeployedContract& each) {
        return world.artifact_of(each) && asks_for_plain_accounts(each.ir());
    };
    if (std::ranges::none_of(world.contracts(), uses_accounts)) return list;
    for (std::uint32_t c = 0; c < world.contracts().size(); ++c) {
        const DeployedContract& contract = world.contracts()[c];
        if (!world.artifact_of(contract)) continue;
        const auto& functions = contract.ir().functions;
        for (std::uint32_t f = 0; f < functions.size(); ++f) {
            if (!may_approve(functions[f]) || draft.deadline.has_passed()) continue;
            const Word word = is_flag(functions[f].parameters[1]) ? Word{1} : ~Word{};
            const Bytes data = abi::call_data(functions[f].selector, {vm::to_word(hers), word});
            if (approves(world, contract, data, hers, word))
                list.push_back({DeployedIndex{c}, f, {abi::Data{hers}, abi::Data{word}}, {}});
        }
    }
    return list;
}

}  // namespace interlock::analyzer
