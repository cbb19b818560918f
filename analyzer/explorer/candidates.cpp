#include "analyzer/explorer/candidates.hpp"

#include <algorithm>
#include <set>

#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

constexpr std::size_t max_amounts = 8;

bool may_be_called(const ir::Function& function) {
    if (!function.is_entry) return false;
    if (function.kind == ir::FunctionKind::Getter || function.kind == ir::FunctionKind::Fallback) return false;
    return function.mutability == ir::Mutability::NonPayable || function.mutability == ir::Mutability::Payable;
}

bool fits(const Word& value, const ir::Type& type) { return type.bits >= 256 || vm::bit_length(value) <= type.bits; }

// Returns whether the word may be an amount or a count rather than a mask or a hash.
bool is_amount(const Word& value) { return vm::bit_length(value) <= 128; }

}  // namespace

Candidates::Candidates(World& world) : world_(world) {
    std::set<Word> seen;
    for (const DeployedContract& contract : world.contracts())
        for (const ir::Function& function : contract.ir().functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& instruction : block.instructions)
                    if (instruction.op == ir::Op::Constant && instruction.type.kind == ir::TypeKind::Uint &&
                        is_amount(instruction.word))
                        seen.insert(instruction.word);
    constants_.assign(seen.begin(), seen.end());
}

std::vector<Word> Candidates::amounts(std::uint32_t level, const ir::Type& type) const {
    const Word unit = type.bits >= 64 ? chain::ether : Word{1};
    std::vector<Word> list{unit};
    const auto add = [&](const Word& value) {
        if (list.size() < max_amounts && fits(value, type) && std::find(list.begin(), list.end(), value) == list.end())
            list.push_back(value);
    };
    if (level == 0) return list;
    for (const Word& value : stored_) add(value);
    for (const Word& value : constants_) add(value);
    add(Word{1});
    add(Word{0});
    add(unit + unit);
    return list;
}

std::vector<abi::Value> Candidates::values_of(const ir::Type& type, Caller caller, std::uint32_t level) const {
    std::vector<abi::Value> values;
    switch (type.kind) {
        case ir::TypeKind::Bool: return {Word{1}, Word{0}};
        case ir::TypeKind::Address:
            if (caller == Caller::Attacker) values.emplace_back(vm::to_word(world_.attacker().address));
            values.emplace_back(vm::to_word(world_.users()[0].address));
            if (caller == Caller::Honest) values.emplace_back(vm::to_word(world_.users()[1].address));
            if (level > 0)
                for (const DeployedContract& contract : world_.contracts())
                    values.emplace_back(vm::to_word(contract.address));
            return values;
        case ir::TypeKind::Uint:
            for (const Word& amount : amounts(level, type)) values.emplace_back(amount);
            return values;
        case ir::TypeKind::Int: return {Word{1}, -Word{1}};
        case ir::TypeKind::Enum:
            for (std::uint64_t member = 0; member < std::min<std::uint64_t>(type.members, 4); ++member)
                values.emplace_back(Word{member});
            return values;
        case ir::TypeKind::FixedBytes: return {Word{0}, Word{1} << (256u - 8u)};
        case ir::TypeKind::Bytes:
        case ir::TypeKind::String: return {Bytes{}};
        case ir::TypeKind::Integer:
        case ir::TypeKind::Data: break;
    }
    return {};
}

std::vector<Call> Candidates::calls(Caller caller, std::uint32_t level) {
    std::set<Word> stored;
    if (level > 0)
        for (const DeployedContract& contract : world_.contracts())
            for (const auto& [slot, value] : world_.state().storage_of(contract.address))
                if (is_amount(value)) stored.insert(value);
    stored_.assign(stored.begin(), stored.end());

    std::vector<Call> list;
    for (std::uint32_t i = 0; i < world_.contracts().size(); ++i) {
        const DeployedIndex c{i};
        const ir::Contract& contract = world_.contract(c).ir();
        for (std::uint32_t f = 0; f < contract.functions.size(); ++f) {
            const ir::Function& function = contract.functions[f];
            if (!may_be_called(function)) continue;
            std::vector<Call> calls{{c, f, {}, Word{}}};
            if (function.mutability == ir::Mutability::Payable) {
                calls.clear();
                for (const Word& value : amounts(level, ir::uint256_type))
                    if (value <= World::attack_capital) calls.push_back({c, f, {}, value});
            }
            for (const ir::NamedType& parameter : function.parameters) {
                std::vector<Call> longer;
                for (const Call& call : calls)
                    for (const abi::Value& value : values_of(parameter.type, caller, level)) {
                        if (longer.size() == max_calls_per_function) break;
                        longer.push_back(call);
                        longer.back().arguments.push_back(value);
                    }
                calls = std::move(longer);
            }
            list.insert(list.end(), calls.begin(), calls.end());
        }
    }
    return list;
}

}  // namespace interlock::analyzer
