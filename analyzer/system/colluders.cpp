// A system with the attacker's second contract in it, which has what her first one has: tokens, and approvals.
#include <algorithm>

#include "analyzer/devnet/colluder.hpp"
#include "analyzer/system/environment.hpp"
#include "analyzer/system/system.hpp"

namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

// Returns the steps in which her contract was given something, for the colluder instead.
std::vector<SetupStep> gifts(const World& world, const Address& colluder) {
    std::vector<SetupStep> steps;
    const Word hers = vm::to_word(world.attacker().address);
    for (SetupStep step : world.recipe().steps) {
        if (step.data.size() < 36 || !step.deploys.empty()) continue;
        bool is_gift = false;
        for (std::size_t at = 4; at + 32 <= step.data.size(); at += 32)
            if (vm::word_from_big_endian(vm::ByteView(step.data).subspan(at, 32)) == hers) {
                const auto word = vm::to_big_endian(vm::to_word(colluder));
                std::ranges::copy(word, step.data.begin() + static_cast<std::ptrdiff_t>(at));
                is_gift = true;
            }
        if (is_gift) steps.push_back(std::move(step));
    }
    return steps;
}

// Whether the value is whoever called.
bool is_caller(const lang::ir::Function& function, lang::ir::Value value) {
    for (const lang::ir::Block& block : function.blocks)
        for (const lang::ir::Instruction& each : block.instructions) {
            if (each.result != value) continue;
            const bool is_raw = each.op == lang::ir::Op::Evm && each.opcode == vm::Opcode::CALLER;
            if (each.op == lang::ir::Op::Reinterpret || each.op == lang::ir::Op::Convert)
                return is_caller(function, each.operands[0]);
            return each.op == lang::ir::Op::Caller || is_raw;
        }
    return false;
}

// Whether the function asks how long the code of that account is: of whoever called, or of the parameter of that number.
bool asks_for_code_of(const lang::ir::Function& function, std::optional<std::size_t> parameter) {
    const auto is_it = [&](lang::ir::Value value) {
        return parameter ? function.blocks.front().parameters.at(*parameter).value == value : is_caller(function, value);
    };
    return std::ranges::any_of(function.blocks, [&](const lang::ir::Block& block) {
        return std::ranges::any_of(block.instructions, [&](const lang::ir::Instruction& each) {
            const bool is_raw = each.op == lang::ir::Op::Evm && each.opcode == vm::Opcode::EXTCODESIZE;
            return (is_raw || each.op == lang::ir::Op::CodeLength) && is_it(each.operands[0]);
        });
    });
}

// Whether the contract asks for the code of whoever calls, itself or by an internal function.
bool asks_callers_for_code(const lang::ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [&](const lang::ir::Function& function) {
        if (asks_for_code_of(function, std::nullopt)) return true;
        return std::ranges::any_of(function.blocks, [&](const lang::ir::Block& block) {
            return std::ranges::any_of(block.instructions, [&](const lang::ir::Instruction& each) {
                if (each.op != lang::ir::Op::InternalCall) return false;
                for (std::size_t i = 0; i < each.operands.size(); ++i)
                    if (is_caller(function, each.operands[i]) && asks_for_code_of(contract.functions.at(each.callee), i))
                        return true;
                return false;
            });
        });
    });
}

}  // namespace

std::optional<Root> with_colluder(const Root& root) {
    auto built = World::build(root.world.shared_compilation(), root.world.recipe());
    if (!std::holds_alternative<World>(built)) return std::nullopt;
    World& world = std::get<World>(built);
    const auto word = vm::to_big_endian(vm::to_word(world.attacker().address));
    const Bytes partner(word.begin(), word.end());
    const bool needs_newborns = std::ranges::any_of(
        world.contracts(), [](const DeployedContract& each) { return asks_callers_for_code(each.ir()); });
    const std::string kind(needs_newborns ? nursery_name : colluder_name);
    if (!world.perform({world.owner().name, kind, true, {}, {}, partner}).empty()) return std::nullopt;
    const auto index = colluder_of(world);
    if (!index) return std::nullopt;
    const DeployedContract colluder = world.contract(*index);
    for (const SetupStep& step : gifts(world, colluder.address)) (void)world.perform(step);
    for (const Preparation& preparation : std::vector<Preparation>(world.recipe().attacker)) {
        const auto to = world.address_of(preparation.to);
        if (!to) continue;
        (void)world.perform({world.owner().name,
                             {},
                             false,
                             colluder.name,
                             {},
                             abi::call_data(abi::selector("act(address,bytes)"), {vm::to_word(*to), preparation.data})});
    }
    return Root{std::move(world), root.prelude, root.missing};
}

}  // namespace interlock::analyzer
