#include "analyzer/prover/cleaning.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
using ir::Op;

namespace {

// Whether it only reads, and answers something that it reads or computes.
bool tells(const ir::Function& function) {
    const ir::Block& body = function.blocks.front();
    if (function.blocks.size() != 1 || body.terminator.kind != ir::Terminator::Kind::Return ||
        body.terminator.values.size() != 1 ||
        std::ranges::count(body.parameters, body.terminator.values[0], &ir::Parameter::value) != 0)
        return false;
    return std::ranges::none_of(body.instructions, [](const ir::Instruction& each) {
        return each.op == Op::InternalCall || !ir::writes_of(each).empty();
    });
}

}  // namespace

void Cleaning::clean(std::uint32_t f) {
    for (bool changed = true; changed;) {
        changed = false;
        std::vector<bool> used = used_in(f);
        const std::size_t blocks = contract_.functions[f].blocks.size();
        for (std::size_t b = 0; b < blocks; ++b) {
            std::vector<ir::Instruction> kept;
            std::vector<ir::Instruction> all = std::move(contract_.functions[f].blocks[b].instructions);
            for (ir::Instruction& each : all) changed |= !keep(f, std::move(each), used, kept);
            contract_.functions[f].blocks[b].instructions = std::move(kept);
        }
    }
    take_in_what_is_asked(f);
    ir::simplify(contract_.functions[f]);
}

// A function that only tells what is asked is taken in: then all that matters of what it reads is seen to be that.
void Cleaning::take_in_what_is_asked(std::uint32_t f) {
    ir::Function& function = contract_.functions[f];
    for (ir::Block& block : function.blocks)
        for (std::size_t at = 0; at < block.instructions.size(); ++at) {
            const ir::Instruction& call = block.instructions[at];
            if (call.op != Op::InternalCall || !tells(contract_.functions[call.callee])) continue;
            const auto result = std::ranges::find_if(block.instructions, [&](const ir::Instruction& each) {
                return each.op == Op::Result && each.operands[0] == call.result;
            });
            if (result == block.instructions.end() || !asked_.contains({f, result->result.index})) continue;
            const ir::Value told = result->result;
            block.instructions.erase(result);
            take_in(function, block.instructions, at, told);
        }
}

void Cleaning::take_in(ir::Function& function, Instructions& instructions, std::size_t at, ir::Value told) {
    const ir::Instruction call = instructions[at];
    const ir::Block& body = contract_.functions[call.callee].blocks[0];
    std::map<std::uint32_t, ir::Value> values;
    for (std::size_t i = 0; i < body.parameters.size(); ++i) values[body.parameters[i].value.index] = call.operands[i];
    const ir::Value answer = body.terminator.values[0];
    std::vector<ir::Instruction> inside = body.instructions;
    for (ir::Instruction& each : inside) {
        for (ir::Value& operand : each.operands) operand = values.at(operand.index);
        if (!each.result) continue;
        const ir::Value old = each.result;
        if (old == answer) each.result = told;
        else each.result.index = function.values++;
        values[old.index] = each.result;
    }
    instructions.erase(instructions.begin() + static_cast<std::ptrdiff_t>(at));
    instructions.insert(instructions.begin() + static_cast<std::ptrdiff_t>(at), inside.begin(), inside.end());
}

std::vector<bool> Cleaning::used_in(std::uint32_t f) const {
    const ir::Function& function = contract_.functions[f];
    std::vector<bool> used(function.values);
    const auto use = [&](ir::Value value) { used.at(value.index) = true; };
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions) std::ranges::for_each(each.operands, use);
        ir::for_each_use(block.terminator, use);
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
    }
    return used;
}

// Returns whether it stays as it is.
bool Cleaning::keep(std::uint32_t f, ir::Instruction&& each, const std::vector<bool>& used, Instructions& kept) {
    if (!each.result || used.at(each.result.index)) return kept.push_back(std::move(each)), true;
    if (each.op == Op::InternalCall) return keep_call(std::move(each), kept);
    if (!ir::must_happen(each)) return false;
    if (each.op != Op::Sub || !each.checked || each.type.is_signed()) return kept.push_back(std::move(each)), true;
    ir::Instruction question = each, guard = each;
    question.op = Op::GreaterEqual;
    question.type = ir::bool_type;
    question.checked = false;
    question.result.index = contract_.functions[f].values++;
    asked_.insert({f, each.operands[0].index});
    guard.op = Op::Guard;
    guard.checked = false;
    guard.result = {};
    guard.operands = {question.result};
    guard.failure.kind = ir::Failure::Kind::Panic;
    constexpr std::uint8_t overflow = 0x11;
    guard.failure.panic_code = overflow;
    kept.push_back(std::move(question));
    kept.push_back(std::move(guard));
    return false;
}

bool Cleaning::keep_call(ir::Instruction&& call, Instructions& kept) {
    if (!contract_.functions[call.callee].returns.empty()) call.callee = silent(call.callee);
    const ir::Function& callee = contract_.functions[call.callee];
    const bool does_nothing = callee.blocks.size() == 1 && callee.blocks[0].instructions.empty() &&
                              callee.blocks[0].terminator.kind == ir::Terminator::Kind::Return;
    if (does_nothing) return false;
    kept.push_back(std::move(call));
    return true;
}

// Returns the function that does the same, and answers nothing.
std::uint32_t Cleaning::silent(std::uint32_t f) {
    if (const auto known = silent_.find(f); known != silent_.end()) return known->second;
    const auto index = static_cast<std::uint32_t>(contract_.functions.size());
    silent_[f] = index;
    ir::Function function = contract_.functions[f];
    function.is_entry = false;
    function.returns.clear();
    for (ir::Block& block : function.blocks)
        if (block.terminator.kind == ir::Terminator::Kind::Return) block.terminator.values = {};
    contract_.functions.push_back(std::move(function));
    clean(index);
    return index;
}

}  // namespace interlock::analyzer::prover
