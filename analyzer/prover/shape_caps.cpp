// What is fixed about the caps of a function: numbers that must not become greater than something.
#include <algorithm>

#include "analyzer/prover/caps.hpp"
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Stands for a variable of the contract that is compared with, which no constant is as great as.
ir::Word stand_in(std::uint64_t variable, bool is_immutable, bool is_strict) {
    return (ir::Word{1} << 255) + ir::Word{variable * 4 + (is_immutable ? 2u : 0u) + (is_strict ? 1u : 0u)};
}

}  // namespace

std::optional<ir::Word> Caps::limit_of(ir::Value value, bool is_strict) const {
    const ir::Instruction* made = made_by_.at(value.index);
    if (!made || made->type.kind != ir::TypeKind::Uint) return std::nullopt;
    if (made->op == Op::LoadImmutable) return stand_in(made->place.variable, true, is_strict);
    if (made->op == Op::Load && made->place.steps.empty()) return stand_in(made->place.variable, false, is_strict);
    if (made->op != Op::Constant || made->word >= ir::Word{1} << 255 || (is_strict && made->word.is_zero()))
        return std::nullopt;
    return is_strict ? made->word - ir::Word{1} : made->word;
}

std::optional<ir::Word> Caps::most_of(ir::Value x, const ir::Instruction* except) const {
    std::optional<ir::Word> limit;
    for (const Uses::User& user : uses_.users.at(x.index)) {
        const ir::Instruction* test = user.instruction;
        if (test && test == except) continue;
        if (!test || test->operands.size() != 2 || test->operands[0] == test->operands[1]) return std::nullopt;
        const bool is_left = test->operands[0] == x;
        const auto is = [&](Op of_left, Op of_right) { return test->op == (is_left ? of_left : of_right); };
        const bool is_most = is(Op::LessEqual, Op::GreaterEqual), is_below = is(Op::Less, Op::Greater),
                   is_above = is(Op::Greater, Op::Less), is_least = is(Op::GreaterEqual, Op::LessEqual);
        if (!(is_most || is_below || is_above || is_least)) return std::nullopt;
        const auto one = limit_of(test->operands[is_left ? 1 : 0], is_below || is_least);
        if (!one || (limit && *limit != *one) || !uses_.only_required(test->result, is_most || is_below))
            return std::nullopt;
        limit = one;
    }
    return limit;
}

std::optional<Cap> Caps::cap_of(const ir::Instruction& load) const {
    if (const auto limit = most_of(load.result, nullptr)) return Cap{*limit, std::nullopt};
    const auto& users = uses_.users.at(load.result.index);
    const ir::Instruction* only = users.size() == 1 ? users[0].instruction : nullptr;
    if (!only || !only->checked || only->type.kind != ir::TypeKind::Uint || only->operands.size() != 2 ||
        only->operands[0] == only->operands[1])
        return std::nullopt;
    if (only->op == Op::Add) {
        const auto limit = most_of(only->result, nullptr);
        return limit ? std::optional(Cap{*limit, only->operands[only->operands[0] == load.result ? 1 : 0]}) : std::nullopt;
    }
    if (only->op != Op::Sub || only->operands[1] != load.result) return std::nullopt;
    const auto limit = limit_of(only->operands[0], false);
    const auto more = uses_.only_least(only->result);  // as much is left
    return limit && more ? std::optional(Cap{*limit, *more}) : std::nullopt;
}

void Flow::Shape::find_caps(const ir::Contract& contract, const ir::Function& function) {
    if (may_halt(contract, function)) return;  // and so be past what it requires
    std::optional<Uses> uses;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op != Op::Load || each.type.kind != ir::TypeKind::Uint || increments.contains(&each)) continue;
            if (!uses) uses.emplace(function);
            if (const auto cap = Caps(made_by, *uses).cap_of(each)) caps.emplace(&each, *cap);
        }
}

}  // namespace interlock::analyzer::prover
