#include "analyzer/explorer/replies.hpp"

#include <algorithm>

#include "analyzer/explorer/script.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

const std::vector<vm::Bytes>& Replies::to(const Activation& activation, std::uint32_t level) {
    static const std::vector<vm::Bytes> nothing(1);
    if (!activation.selector || (activation.turn == 0 && !activation.is_static)) return nothing;
    const std::size_t answers = observations_.answers(*activation.selector).size();
    Known& known = known_[{*activation.selector, level > 0}];
    if (known.list.empty() || known.answers != answers) known = {values_for(*activation.selector, level > 0), answers};
    return known.list;
}

// Lists of addresses are mostly of tokens: the first one is on it.
std::vector<lang::abi::Data> Replies::elements_of(const lang::abi::DataType& list, const Word& number) const {
    const lang::abi::DataType& element = list.parts.front();
    const bool are_addresses =
        element.kind == lang::abi::DataType::Kind::Word && element.value.kind == ir::TypeKind::Address;
    if (number.is_zero() || !are_addresses) return {};
    const auto token = std::ranges::find_if(
        world_.contracts(), [&](const DeployedContract& each) { return !each.is_expected && is_token(each); });
    if (token == world_.contracts().end()) return {};
    return {lang::abi::Data{token->address}};
}

std::vector<vm::Bytes> Replies::values_for(std::uint32_t selector, bool are_many) const {
    const Word echo = Word{selector} << 224u;
    const auto as_data = [](const Word& word) {
        const auto bytes = vm::to_big_endian(word);
        return vm::Bytes(bytes.begin(), bytes.end());
    };
    for (const DeployedContract& contract : world_.contracts())
        for (const ir::Method& method : contract.ir().methods) {
            if (method.selector != selector) continue;
            if (method.returns.empty()) return {{}};
            std::vector<vm::Bytes> list;
            std::vector<Word> numbers{Word{1}};
            if (are_many) numbers = {Word{1}, Word{0}, chain::ether};
            for (const Word& number : numbers) {
                const auto types = lang::abi::data_types(method.returns);
                if (!types) break;
                std::vector<lang::abi::Data> values;
                bool simple = true;
                for (const lang::abi::DataType& type : *types) {
                    if (type.kind == lang::abi::DataType::Kind::Bytes) values.emplace_back(vm::Bytes{});
                    else if (type.kind == lang::abi::DataType::Kind::Array) values.emplace_back(elements_of(type, number));
                    else if (type.kind != lang::abi::DataType::Kind::Word) simple = false;
                    else if (type.value.kind == ir::TypeKind::FixedBytes)
                        values.emplace_back(number.is_zero() ? Word{} : type.value.bits == 32 ? echo : number);
                    else if (type.value.kind == ir::TypeKind::Address)
                        values.emplace_back(number.is_zero() ? vm::to_word(world_.mallory().address)
                                                             : vm::to_word(world_.attacker().address));
                    else if (type.value.bits < 64) values.emplace_back(number.is_zero() ? Word{} : Word{1});
                    else values.emplace_back(number);
                }
                if (!simple) break;
                vm::Bytes data = lang::abi::encode(*types, values);
                if (std::find(list.begin(), list.end(), data) == list.end()) list.push_back(std::move(data));
            }
            if (are_many && method.returns.size() == 1 && !method.returns.front().type.is_reference())
                for (const Word& word : observations_.answers(selector)) list.push_back(as_data(word));
            if (!list.empty()) return list;
        }
    std::vector<vm::Bytes> list{as_data(echo)};
    if (are_many) {
        list.emplace_back();
        list.push_back(as_data(Word{1}));
        for (const Word& word : observations_.answers(selector))
            if (vm::Bytes data = as_data(word); std::ranges::count(list, data) == 0) list.push_back(std::move(data));
    }
    return list;
}

}  // namespace interlock::analyzer
