#include "analyzer/system/parameters.hpp"

#include <map>
#include <optional>

#include "lang/abi/data.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;
namespace ir = lang::ir;

namespace {

// Returns where the call data has the parameter, or its offset.
std::optional<ir::Word> place_in_call_data(const ir::Function& function, std::size_t parameter) {
    constexpr std::uint64_t selector_bytes = 4;
    const auto types = abi::data_types(function.parameters);
    if (!types) return std::nullopt;
    std::uint64_t place = selector_bytes;
    for (std::size_t i = 0; i < parameter; ++i) place += (*types)[i].head_bytes();
    return ir::Word{place};
}

}  // namespace

std::set<std::uint32_t> values_of_parameter(const ir::Function& function, std::size_t parameter) {
    if (function.blocks.empty()) return {};
    const auto& given = function.blocks.front().parameters;
    if (!function.is_raw) {
        if (given.size() != function.parameters.size()) return {};
        return {given[parameter].value.index};
    }
    const auto place = place_in_call_data(function, parameter);
    if (!place) return {};
    std::map<std::uint32_t, ir::Word> constants;
    std::set<std::uint32_t> values;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            const auto known = [&](std::size_t i) { return constants.find(each.operands[i].index); };
            if (each.op == ir::Op::Constant) constants[each.result.index] = each.word;
            if (each.op == ir::Op::Add && known(0) != constants.end() && known(1) != constants.end())
                constants[each.result.index] = known(0)->second + known(1)->second;
            if (each.op == ir::Op::Evm && each.opcode == vm::Opcode::CALLDATALOAD && known(0) != constants.end() &&
                known(0)->second == *place)
                values.insert(each.result.index);
        }
    return values;
}

std::set<std::uint32_t> constants_of(const ir::Function& function, const ir::Word& word) {
    std::set<std::uint32_t> values;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == ir::Op::Constant && each.word == word) values.insert(each.result.index);
    return values;
}

}  // namespace interlock::analyzer
