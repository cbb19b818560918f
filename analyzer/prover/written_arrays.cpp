#include "analyzer/prover/written_arrays.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Functions of the compiler's own: no other has a name with a space.
constexpr std::string_view maker_of_accounts = "new address[]", encoder_of_accounts = "encode address[] in memory";

bool calls(const ir::Contract& contract, const ir::Instruction& each, std::string_view function) {
    return each.op == Op::InternalCall && contract.functions.at(each.callee).name == function;
}

bool encodes_accounts(const ir::Contract& contract, const ir::Instruction& each) {
    return calls(contract, each, encoder_of_accounts);
}

bool is_made_here(const ir::Contract& contract, const Makers& made_by, ir::Value array) {
    const ir::Instruction* result = made_by.at(array.index);
    if (!result || result->op != Op::Result || result->number != 0) return false;
    const ir::Instruction* call = made_by.at(result->operands[0].index);
    return call && calls(contract, *call, maker_of_accounts);
}

}  // namespace

std::vector<ir::Value> arrays_of_accounts_in(const ir::Contract& contract, const ir::Function& function,
                                             const ir::ExternalCall& call) {
    std::vector<ir::Value> arrays;
    for (const ir::Block& block : function.blocks) {
        if (block.terminator.kind != ir::Terminator::Kind::External || &block.terminator.call != &call) continue;
        for (const ir::Instruction& each : block.instructions)
            if (encodes_accounts(contract, each)) arrays.push_back(each.operands[0]);
    }
    return arrays;
}

std::optional<std::vector<ir::Value>> words_written_to(const ir::Contract& contract, const ir::Function& function,
                                                       const Makers& made_by, ir::Value array) {
    if (!is_made_here(contract, made_by, array) || !keeps_free_memory(contract)) return std::nullopt;
    std::set<std::uint32_t> inside{array.index};
    const auto is_inside = [&](ir::Value value) { return inside.contains(value.index); };
    // Values stand in front of their uses, in the order of blocks as in that of the source.
    for (bool grows = true; grows;) {
        grows = false;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Add && std::ranges::any_of(each.operands, is_inside))
                    grows |= inside.insert(each.result.index).second;
    }
    std::vector<ir::Value> words;
    bool is_ours = true;
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions) {
            if (std::ranges::none_of(each.operands, is_inside)) continue;
            const bool writes = is_evm(each, vm::Opcode::MSTORE) && !is_inside(each.operands[1]);
            if (writes && !(each.operands[0] == array)) words.push_back(each.operands[1]);
            const bool reads =
                is_evm(each, vm::Opcode::MLOAD) || (encodes_accounts(contract, each) && !is_inside(each.operands[1]));
            is_ours &= writes || reads || each.op == Op::Add;
        }
        ir::for_each_use(block.terminator, [&](ir::Value value) { is_ours &= !is_inside(value); });
        ir::for_each_jump(block.terminator,
                          [&](const ir::Jump& jump) { is_ours &= std::ranges::none_of(jump.arguments, is_inside); });
    }
    return is_ours ? std::optional(words) : std::nullopt;
}

const ir::ExternalCall* call_that_answers(const ir::Function& function, ir::Value answer) {
    for (const ir::Block& block : function.blocks) {
        if (block.terminator.kind != ir::Terminator::Kind::External) continue;
        const ir::ExternalCall& call = block.terminator.call;
        const auto& parameters = function.blocks.at(call.next.block).parameters;
        for (std::size_t i = call.next.arguments.size(); i < parameters.size(); ++i)
            if (parameters[i].value == answer) return &call;
    }
    return nullptr;
}

}  // namespace interlock::analyzer::prover
