#include "analyzer/prover/named.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether, and where, one parameter of an entry goes on its ways through copies and calls.
class Naming {
  public:
    Naming(const ir::Contract& contract, const ir::Function& entry, ir::Value parameter)
        : contract_(contract), functions_(with_callees(contract, {&entry})) {
        for (const ir::Function* each : functions_) {
            if (each->is_raw || each->blocks.empty()) return;
            for (const ir::Block& block : each->blocks) {
                for (const ir::Parameter& one : block.parameters)
                    if (each != &entry || &block != &entry.blocks.front() || one.value == parameter)
                        values_.insert({each, one.value.index});
                for (const ir::Instruction& one : block.instructions)
                    if (one.op == Op::Reinterpret) values_.insert({each, one.result.index});
            }
        }
        while (drop_others()) {}
    }

    [[nodiscard]] bool is_only_called() const {
        return !values_.empty() && std::ranges::all_of(functions_, [&](const ir::Function* each) {
            return std::ranges::all_of(each->blocks,
                                       [&](const ir::Block& block) { return is_only_called_in(*each, block); });
        });
    }
    [[nodiscard]] const NamedValues& values() const { return values_; }

  private:
    [[nodiscard]] bool is_one(const ir::Function& function, ir::Value value) const {
        return value && values_.contains({&function, value.index});
    }
    bool drop(const ir::Function& function, ir::Value value) { return values_.erase({&function, value.index}) != 0; }

    // Drops what may be something else. Returns whether anything was.
    bool drop_others() {
        bool changed = false;
        for (const ir::Function* each : functions_)
            for (const ir::Block& block : each->blocks) {
                for (const ir::Instruction& one : block.instructions) {
                    if (one.op == Op::Reinterpret && !is_one(*each, one.operands[0])) changed |= drop(*each, one.result);
                    if (one.op != Op::InternalCall) continue;
                    const ir::Function& callee = contract_.functions[one.callee];
                    if (callee.blocks.empty()) continue;
                    const auto& parameters = callee.blocks.front().parameters;
                    for (std::size_t i = 0; i < parameters.size(); ++i)
                        if (i >= one.operands.size() || !is_one(*each, one.operands[i]))
                            changed |= drop(callee, parameters[i].value);
                }
                const auto jump = [&](const ir::Jump& way) {
                    const auto& parameters = each->blocks[way.block].parameters;
                    for (std::size_t i = 0; i < parameters.size(); ++i)
                        if (i >= way.arguments.size() || !is_one(*each, way.arguments[i]))
                            changed |= drop(*each, parameters[i].value);
                };
                ir::for_each_jump(block.terminator, jump);
            }
        return changed;
    }

    [[nodiscard]] bool is_only_called_in(const ir::Function& function, const ir::Block& block) const {
        const auto is_used = [&](const auto& values) {
            return std::ranges::any_of(values, [&](ir::Value each) { return is_one(function, each); });
        };
        for (const ir::Instruction& each : block.instructions) {
            const bool passes = each.op == Op::Reinterpret || each.op == Op::InternalCall || each.op == Op::Emit ||
                                each.op == Op::CodeLength;
            const bool compares =
                (each.op == Op::Equal || each.op == Op::NotEqual) &&
                std::ranges::any_of(each.operands, [&](ir::Value one) { return is_constant(function, one); });
            if (!passes && !compares && is_used(each.operands)) return false;
        }
        const ir::Terminator& end = block.terminator;
        if (end.kind == ir::Terminator::Kind::Return && is_used(end.values)) return false;
        if (end.kind != ir::Terminator::Kind::External) return true;
        for (std::size_t i = 0; i < end.call.arguments.size(); ++i) {
            const bool is_callee = end.call.kind == ir::ExternalCall::Kind::Raw && i == 1;
            if (!is_callee && is_one(function, end.call.arguments.data()[i])) return false;
        }
        return true;
    }

    static bool is_constant(const ir::Function& function, ir::Value value) {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                return each.op == Op::Constant && each.result == value;
            });
        });
    }

    const ir::Contract& contract_;
    const std::set<const ir::Function*> functions_;
    NamedValues values_;
};

}  // namespace

NamedValues named_in(const ir::Contract& contract, const ir::Function& entry) {
    NamedValues all;
    if (entry.is_raw || entry.blocks.empty()) return all;
    for (const ir::Parameter& each : entry.blocks.front().parameters) {
        if (each.type.kind != ir::TypeKind::Address) continue;
        const Naming naming(contract, entry, each.value);
        if (naming.is_only_called()) all.insert(naming.values().begin(), naming.values().end());
    }
    return all;
}

}  // namespace interlock::analyzer::prover
