// What a function reads for nothing but to tell somebody something: whom, whether, and what. Hooks of tokens are like that,
// and listeners.
#include <algorithm>

#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using CallKind = ir::ExternalCall::Kind;

namespace {

class Tellings {
  public:
    Tellings(const ir::Contract& contract, const Uses& uses) : contract_(contract), function_(uses.function), uses_(uses) {}

    // Whether the block ends with a call that brings nothing along, and of which only matters that it was made.
    bool ends_with_telling(const ir::Block& block) {
        const ir::ExternalCall& call = block.terminator.call;
        if (block.terminator.kind != ir::Terminator::Kind::External || call.kind != CallKind::Method || call.value)
            return false;
        const ir::Method* method = ir::method_of(contract_, call);
        if (!method || ir::opcode_of(contract_, call) != vm::Opcode::CALL) return false;
        // Whatever moves tokens has a place of its own.
        const std::vector<Known> hers(call.arguments.size(), of_kind(Known::Kind::Self));
        if (!token_moves(method->selector, hers, false).empty() || tells_receiver(method->selector)) return false;
        const auto& parameters = function_.blocks.at(call.next.block).parameters;
        return std::all_of(parameters.begin() + static_cast<std::ptrdiff_t>(call.next.arguments.size()), parameters.end(),
                           [&](const ir::Parameter& each) {
                               return method->returns.empty() ? only_tells(each.value) : is_acceptance(each);
                           });
    }

    // Whether all that the value is used for is to tell, in the end.
    bool only_tells(ir::Value value) {
        constexpr unsigned most_depth = 100;
        if (!seen_.insert(value.index).second) return true;  // as far as is known
        if (depth_ == most_depth) return false;
        ++depth_;
        const bool tells = std::ranges::all_of(uses_.users.at(value.index),
                                               [&](const Uses::User& user) { return is_telling(user, value); });
        --depth_;
        return tells;
    }

    // Whether a telling is made of it, rather than nothing at all.
    [[nodiscard]] bool is_any() const { return is_any_; }

  private:
    // Whether everything is undone unless the answer is one that is written out.
    [[nodiscard]] bool is_acceptance(const ir::Parameter& answered) const {
        const ir::Value answer = answered.value;
        if (answered.type.kind != ir::TypeKind::Bool && answered.type.kind != ir::TypeKind::FixedBytes) return false;
        const auto& all = uses_.users.at(answer.index);
        const auto is_required = [&](const Uses::User& user) {
            if (uses_.requires_it(user, answer, true)) return true;
            const ir::Instruction* test = user.instruction;
            if (!test || (test->op != Op::Equal && test->op != Op::NotEqual)) return false;
            const ir::Value other = test->operands[test->operands[0] == answer ? 1 : 0];
            return is_written_out(other) && uses_.only_required(test->result, test->op == Op::Equal);
        };
        return !all.empty() && std::ranges::all_of(all, is_required);
    }
    // A constant, or the hash of one.
    [[nodiscard]] bool is_written_out(ir::Value value) const {
        const ir::Instruction* made = makers_of(function_).at(value.index);
        if (made && made->op == Op::Keccak) made = makers_of(function_).at(made->operands[0].index);
        return made && (made->op == Op::Constant || made->op == Op::Literal);
    }

    bool is_telling(const Uses::User& user, ir::Value value) {
        if (user.instruction) {
            const ir::Instruction& each = *user.instruction;
            if (each.op == Op::Emit) return true;
            const bool is_length = each.op == Op::CodeLength;
            const bool computes = each.result && each.op != Op::Evm && each.op != Op::InternalCall && !is_load(each) &&
                                  !ir::writes_of(each).intersects(vm::state_regions);
            return (is_length || computes) && only_tells(each.result);
        }
        const ir::Terminator& end = user.block->terminator;
        bool is_it = true;
        ir::for_each_use(end, [&](ir::Value used) {
            if (used != value) return;
            if (end.kind == ir::Terminator::Kind::External) {
                is_any_ = true;
                is_it &= ends_with_telling(*user.block);
            } else {
                is_it &= end.kind == ir::Terminator::Kind::Branch && only_decides_tellings(*user.block);
            }
        });
        ir::for_each_jump(end, [&](const ir::Jump& jump) {
            const auto& parameters = function_.blocks.at(jump.block).parameters;
            for (std::size_t i = 0; i < jump.arguments.size(); ++i)
                if (jump.arguments.data()[i] == value) is_it &= only_tells(parameters.at(i).value);
        });
        return is_it;
    }

    // Whether both ways of the fork meet again, with nothing but tellings in between.
    bool only_decides_tellings(const ir::Block& fork) {
        const auto joins = reached(fork.terminator.then.block);
        return std::ranges::any_of(joins, [&](std::uint32_t join) {
            const auto before = std::pair{seen_, is_any_};
            if (meets_at(fork, join)) return true;
            std::tie(seen_, is_any_) = before;  // what was found there is not so
            return false;
        });
    }

    std::vector<std::uint32_t> reached(std::uint32_t from) const {
        std::vector<std::uint32_t> all{from};
        for (std::size_t i = 0; i < all.size(); ++i)
            ir::for_each_jump(function_.blocks.at(all[i]).terminator, [&](const ir::Jump& jump) {
                if (std::ranges::find(all, jump.block) == all.end()) all.push_back(jump.block);
            });
        return all;
    }

    bool meets_at(const ir::Block& fork, std::uint32_t join) {
        constexpr std::size_t most_blocks = 16;
        std::vector<const ir::Block*> region{&fork};
        for (std::size_t i = 0; i < region.size(); ++i) {
            const ir::Block& block = *region[i];
            bool is_plain = region.size() <= most_blocks;
            if (i != 0) is_plain = is_plain && only_computes_or_tells(block);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                const ir::Block* next = &function_.blocks.at(jump.block);
                if (jump.block == join) {
                    for (std::size_t k = 0; k < jump.arguments.size(); ++k)
                        is_plain &= only_tells(next->parameters[k].value);
                } else if (next == &fork) {
                    is_plain = false;
                } else if (std::ranges::find(region, next) == region.end()) {
                    region.push_back(next);
                }
            });
            if (!is_plain) return false;
        }
        return true;
    }

    bool only_computes_or_tells(const ir::Block& block) {
        const auto is_quiet = [&](const ir::Instruction& each) {
            if (each.op == Op::Emit) return true;
            if (each.op == Op::InternalCall) return always_answers(contract_, each.callee);
            const bool may_end = each.op == Op::Guard || each.op == Op::Evm;
            return !may_end && !ir::writes_of(each).intersects(vm::state_regions);
        };
        if (!std::ranges::all_of(block.instructions, is_quiet)) return false;
        switch (block.terminator.kind) {
            case ir::Terminator::Kind::Jump:
            case ir::Terminator::Kind::Branch: return true;
            case ir::Terminator::Kind::External: {
                const bool tells = ends_with_telling(block);
                is_any_ |= tells;
                return tells;
            }
            default: return false;
        }
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const Uses& uses_;
    std::set<std::uint32_t> seen_;
    unsigned depth_ = 0;
    bool is_any_ = false;
};

}  // namespace

void Flow::Shape::find_tellings(const ir::Contract& contract, const ir::Function& function) {
    const auto calls = [](const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::External; };
    if (std::ranges::none_of(function.blocks, calls)) return;
    const Uses uses(function);
    for (const ir::Block& block : function.blocks)
        if (Tellings(contract, uses).ends_with_telling(block))
            tellings.insert(*ir::selector_of(contract, function, block.terminator.call));
    if (tellings.empty()) return;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (!is_load(each) && each.op != Op::CodeLength) continue;
            Tellings use(contract, uses);
            if (use.only_tells(each.result) && use.is_any()) told.insert(&each);
        }
}

}  // namespace interlock::analyzer::prover
