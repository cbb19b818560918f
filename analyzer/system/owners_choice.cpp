// The owner's choice: an address that only the owner can replace. Its author trusts whoever stands there, so it is nobody of
// the attacker's, but somebody honest who answers what is asked.
#include <algorithm>

#include "analyzer/system/draft.hpp"
#include "analyzer/system/environment.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::size_t first_other_mark = 64;  // of addresses that constructors are not told

enum class Effect : std::uint8_t { Fails, Passes, Replaces /* the address, by one of the arguments */ };

Effect effect_of(Draft& draft, World world, const std::string& sender, const DeployedContract& contract,
                 const ir::Function& function, const Address& address) {
    const auto types = abi::data_types(function.parameters);
    if (!types) return Effect::Fails;
    std::vector<abi::Data> values;
    std::vector<Address> others;
    for (std::size_t i = 0; i < types->size(); ++i) {
        const abi::DataType& type = (*types)[i];
        if (type.kind == abi::DataType::Kind::Word && type.value.kind == ir::TypeKind::Address) {
            others.push_back(Draft::marked(first_other_mark + i));
            values.emplace_back(others.back());
        } else {
            values.push_back(draft.plain_value(type, draft.choice.first_guess));
        }
    }
    if (others.empty()) return Effect::Fails;
    const Bytes data = abi::call_data(function.selector, abi::encode(*types, values));
    if (!world.perform({sender, {}, false, contract.name, {}, data}).empty()) return Effect::Fails;
    const bool replaces = !is_kept_by(world, address, contract) && std::ranges::any_of(others, [&](const Address& other) {
        return is_kept_by(world, other, contract);
    });
    return replaces ? Effect::Replaces : Effect::Passes;
}

std::vector<abi::Data> answers_of(Draft& draft, const std::vector<abi::DataType>& types, std::uint32_t selector) {
    std::vector<abi::Data> values;
    for (const abi::DataType& type : types) {
        const bool is_selector = type.kind == abi::DataType::Kind::Word &&
                                 type.value == ir::Type{ir::TypeKind::FixedBytes, 32};  // as receivers of tokens say yes
        values.push_back(is_selector ? abi::Data{Word{selector} << 224u}
                                     : draft.plain_value(type, draft.choice.first_guess));
    }
    return values;
}

void teach(Draft& draft, const std::string& contract, std::uint32_t selector, const std::vector<abi::DataType>& types,
           const std::vector<abi::Data>& answers) {
    (void)draft.attempt(
        {draft.world.owner().name,
         {},
         false,
         contract,
         {},
         abi::call_data(abi::selector("teach(bytes4,bytes)"), {Word{selector} << 224u, abi::encode(types, answers)})});
}

}  // namespace

bool is_owners_choice(Draft& draft, const Address& address, const DeployedContract& contract) {
    const World& world = draft.world;
    if (!draft.is_known_to(address, contract)) return false;
    const Draft::Met met = draft.met;
    bool is_owners = false, is_anybodys = false;
    for (const ir::Function& function : contract.ir().functions) {
        if (!function.is_entry || function.kind != ir::FunctionKind::Ordinary || draft.deadline.has_passed()) continue;
        const auto by = [&](const Account& sender) {
            return effect_of(draft, world, sender.name, contract, function, address);
        };
        if (by(world.owner()) != Effect::Replaces) continue;
        is_owners = true;
        is_anybodys |= by(world.users()[0]) != Effect::Fails;
    }
    draft.met = met;
    return is_owners && !is_anybodys;
}

Address honest_one_for(Draft& draft, const ir::Contract& role) {
    if (!draft.attempt({draft.world.owner().name, "Answerer", true, {}, {}, {}})) return draft.world.owner().address;
    const DeployedContract answerer = draft.world.contracts().back();
    const auto learn = [&](std::uint32_t selector, const std::vector<ir::NamedType>& returns) {
        if (const auto types = abi::data_types(returns))
            teach(draft, answerer.name, selector, *types, answers_of(draft, *types, selector));
    };
    for (const ir::Method& method : role.methods) learn(method.selector, method.returns);
    if (!role.is_interface)
        for (const ir::Function& function : role.functions)
            if (function.is_entry && function.kind != ir::FunctionKind::Constructor)
                learn(function.selector, function.returns);
    return answerer.address;
}

std::optional<Address> token_for(Draft& draft, const ir::Contract& role) {
    const auto names = environment_for(role);
    if (names.empty()) return std::nullopt;
    draft.met.tokens |= names.size() > 1;
    const std::string& name = draft.choice.has_hooks ? names.back() : names.front();
    if (!draft.attempt({draft.world.owner().name, name, true, {}, {}, {}})) return std::nullopt;
    const DeployedContract token = draft.world.contracts().back();
    if (name != "AnsweringToken") return token.address;
    const Draft::Met met = draft.met;
    for (const ir::Method& method : asked_beside(role))
        if (const auto types = abi::data_types(method.returns)) {
            std::vector<abi::Data> answers = answers_of(draft, *types, method.selector);
            for (std::size_t i = 0; i < answers.size(); ++i)  // whom it would list are no contracts
                if ((*types)[i].kind == abi::DataType::Kind::Array) answers[i] = abi::Data{std::vector<abi::Data>{}};
            teach(draft, token.name, method.selector, *types, answers);
        }
    draft.met = met;
    return token.address;
}

}  // namespace interlock::analyzer
