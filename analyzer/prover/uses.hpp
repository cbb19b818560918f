// Who uses the values of a function, and what of.
#pragma once

#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

// Whether it comes out so only if both of its operands do.
[[nodiscard]] inline bool is_of_both(const ir::Instruction& each, bool truth) {
    return each.type.kind == ir::TypeKind::Bool && each.op == (truth ? ir::Op::And : ir::Op::Or);
}

// Who uses a value.
struct Uses {
    struct User {
        const ir::Block* block = nullptr;
        const ir::Instruction* instruction = nullptr;  // null for the end of the block
    };
    explicit Uses(const ir::Function& whole) : function(whole), users(whole.values) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions)
                for (const ir::Value value : each.operands) users.at(value.index).push_back({&block, &each});
            const auto use = [&](ir::Value value) { users.at(value.index).push_back({&block, nullptr}); };
            ir::for_each_use(block.terminator, use);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
        }
    }

    [[nodiscard]] bool undoes(const ir::Jump& jump) const { return surely_reverts(function, jump); }
    // Whether the jump passes the condition on to where it is required, as of `a && b`.
    [[nodiscard]] bool is_asked_behind(const ir::Jump& jump, ir::Value condition, bool truth) const {
        const ir::Block& to = function.blocks.at(jump.block);
        const auto place = static_cast<std::size_t>(std::ranges::find(jump.arguments, condition) - jump.arguments.begin());
        return !to.is_loop_head && place < to.parameters.size() && only_required(to.parameters[place].value, truth);
    }
    // Whether this use undoes everything unless the condition is `truth`.
    [[nodiscard]] bool requires_it(const User& user, ir::Value condition, bool truth) const {
        if (user.instruction && user.instruction->op == ir::Op::Guard) return truth;
        if (user.instruction && is_of_both(*user.instruction, truth)) return only_required(user.instruction->result, truth);
        if (user.instruction && user.instruction->op == ir::Op::Reinterpret)  // a truth that another function answers
            return only_required(user.instruction->result, truth);
        if (user.instruction) {
            const bool is_not = is_evm(*user.instruction, vm::Opcode::ISZERO) ||
                                (user.instruction->op == ir::Op::Not && user.instruction->type.kind == ir::TypeKind::Bool);
            return is_not && only_required(user.instruction->result, !truth);
        }
        const ir::Terminator& end = user.block->terminator;
        if (end.kind == ir::Terminator::Kind::Jump) return is_asked_behind(end.then, condition, truth);
        const ir::Jump& way = truth ? end.otherwise : end.then;
        return end.kind == ir::Terminator::Kind::Branch && end.condition == condition &&
               (undoes(way) || is_asked_behind(way, condition, truth));
    }
    [[nodiscard]] bool only_required(ir::Value condition, bool truth) const {
        const auto& all = users.at(condition.index);
        return !all.empty() &&
               std::ranges::all_of(all, [&](const User& each) { return requires_it(each, condition, truth); });
    }
    // Whether the block comes from `at` to what requires the condition to be `truth`, and nothing ends or calls before.
    [[nodiscard]] bool comes_to(const ir::Block& block, std::size_t at, ir::Value condition, bool truth) const {
        std::vector<std::pair<ir::Value, bool>> wanted{{condition, truth}};
        const auto wants = [&](ir::Value value, bool holds) {
            return std::ranges::find(wanted, std::pair{value, holds}) != wanted.end();
        };
        for (++at; at < block.instructions.size(); ++at) {
            const ir::Instruction& each = block.instructions[at];
            if (each.op == ir::Op::InternalCall || (each.op == ir::Op::Evm && vm::effects_of(each.opcode).halts()))
                return false;
            if (each.op == ir::Op::Guard && wants(each.operands[0], true)) return true;
            if (each.op == ir::Op::Not && each.type.kind == ir::TypeKind::Bool)
                for (const bool holds : {true, false})
                    if (wants(each.operands[0], holds)) wanted.emplace_back(each.result, !holds);
        }
        const ir::Terminator& end = block.terminator;
        return end.kind == ir::Terminator::Kind::Branch &&
               ((wants(end.condition, true) && undoes(end.otherwise)) || (wants(end.condition, false) && undoes(end.then)));
    }
    // Whether each time that the block is run the word is made anew.
    [[nodiscard]] static bool is_made_in(const ir::Block& block, ir::Value x) {
        const auto is_maker = [&](const ir::Instruction& each) { return each.result && each.result == x; };
        return std::ranges::any_of(block.instructions, is_maker) ||
               std::ranges::count(block.parameters, x, &ir::Parameter::value) != 0;
    }
    // Returns y if all that is done with x is to require x >= y, once: in a loop around that, y would change.
    [[nodiscard]] std::optional<ir::Value> only_least(ir::Value x) const {
        std::optional<ir::Value> least;
        for (const User& user : users.at(x.index)) {
            const ir::Instruction* test = user.instruction;
            if (!test || !is_made_in(*user.block, x) || test->operands.size() != 2 || test->operands[0] == test->operands[1])
                return std::nullopt;
            const bool is_left = test->operands[0] == x;
            const bool is_direct = test->op == (is_left ? ir::Op::GreaterEqual : ir::Op::LessEqual);
            const bool is_denied = test->op == (is_left ? ir::Op::Less : ir::Op::Greater);
            const ir::Value other = test->operands[is_left ? 1 : 0];
            if (!(is_direct || is_denied) || (least && !(*least == other)) || !only_required(test->result, is_direct))
                return std::nullopt;
            least = other;
        }
        return least;
    }

    // Returns y if all that is done with x is to require x > y, once.
    [[nodiscard]] std::optional<ir::Value> only_above(ir::Value x) const {
        if (users.at(x.index).size() != 1) return std::nullopt;
        const ir::Instruction* test = users.at(x.index).front().instruction;
        if (!test || test->operands.size() != 2 || test->operands[0] == test->operands[1]) return std::nullopt;
        const bool is_left = test->operands[0] == x;
        const bool is_direct = test->op == (is_left ? ir::Op::Greater : ir::Op::Less);
        const bool is_denied = test->op == (is_left ? ir::Op::LessEqual : ir::Op::GreaterEqual);
        if (!(is_direct || is_denied) || !only_required(test->result, is_direct)) return std::nullopt;
        return test->operands[is_left ? 1 : 0];
    }

    const ir::Function& function;
    std::vector<std::vector<User>> users;
};

[[nodiscard]] inline bool is_load(const ir::Instruction& each) {
    return each.op == ir::Op::Load || is_evm(each, vm::Opcode::SLOAD);
}

}  // namespace interlock::analyzer::prover
