// Where a function asks whether an account has code only to tell it of what it gets, as ERC-721 and ERC-1155 do.
#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

bool asks_length(const ir::Instruction& each) { return each.op == Op::CodeLength || is_evm(each, vm::Opcode::EXTCODESIZE); }

// Compares, or turns a comparison round.
bool only_compares(const ir::Instruction& each) {
    const bool is_evm_one = is_evm(each, vm::Opcode::ISZERO) || is_evm(each, vm::Opcode::GT) ||
                            is_evm(each, vm::Opcode::LT) || is_evm(each, vm::Opcode::EQ);
    return is_evm_one || orders_of(each.op) || each.op == Op::Not || each.op == Op::Reinterpret || each.op == Op::Convert;
}

bool sees_state(const ir::Instruction& each) {
    return !asks_length(each) &&
           (ir::writes_of(each).intersects(vm::state_regions) || ir::reads_of(each).intersects(vm::state_regions));
}

// Whether all that the function does is to tell whether an account has code.
bool is_code_test(const ir::Function& function) {
    if (function.blocks.size() != 1 || function.blocks[0].terminator.kind != ir::Terminator::Kind::Return) return false;
    const auto& instructions = function.blocks[0].instructions;
    return std::ranges::count_if(instructions, asks_length) == 1 &&
           std::ranges::all_of(instructions, [](const ir::Instruction& each) {
               return asks_length(each) || only_compares(each) || each.op == Op::Constant;
           });
}

class ReceiverChecks {
  public:
    ReceiverChecks(const ir::Contract& contract, const Uses& uses)
        : contract_(contract), function_(uses.function), uses_(uses) {}

    // Whether what is computed of the value only decides whether somebody is told.
    [[nodiscard]] bool only_decides_telling(ir::Value value) const {
        const auto& users = uses_.users.at(value.index);
        return !users.empty() && std::ranges::all_of(users, [&](const Uses::User& user) {
            if (user.instruction)
                return user.instruction->result && only_compares(*user.instruction) &&
                       only_decides_telling(user.instruction->result);
            const ir::Terminator& end = user.block->terminator;
            return end.kind == ir::Terminator::Kind::Branch && end.condition == value && only_tells_between(*user.block);
        });
    }

  private:
    std::set<std::uint32_t> reached(const ir::Block& fork, std::uint32_t from) const {
        std::set<std::uint32_t> seen;
        std::vector<std::uint32_t> open{from};
        while (!open.empty()) {
            const std::uint32_t at = open.back();
            open.pop_back();
            const ir::Block& block = function_.blocks.at(at);
            if (&block == &fork || !seen.insert(at).second) continue;
            if (block.terminator.kind == ir::Terminator::Kind::External) open.push_back(block.terminator.call.next.block);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return seen;
    }

    // Whether the two ways from the fork differ in nothing but a telling, until they meet.
    bool only_tells_between(const ir::Block& fork) const {
        const auto one = reached(fork, fork.terminator.then.block), other = reached(fork, fork.terminator.otherwise.block);
        std::vector<std::uint32_t> apart;
        std::ranges::set_symmetric_difference(one, other, std::back_inserter(apart));
        bool is_any = false;
        for (const std::uint32_t at : apart) {
            const ir::Block& block = function_.blocks.at(at);
            if (!std::ranges::all_of(block.instructions, [&](const ir::Instruction& each) { return is_quiet(each); }))
                return false;
            const ir::Terminator& end = block.terminator;
            switch (end.kind) {
                case ir::Terminator::Kind::External:
                    if (!is_telling(end.call)) return false;
                    is_any = true;
                    break;
                case ir::Terminator::Kind::Return:
                    if (!end.values.empty() && !is_required_by_callers()) return false;
                    break;
                default: break;
            }
        }
        return is_any;
    }

    bool is_telling(const ir::ExternalCall& call) const {
        const ir::Method* method = ir::method_of(contract_, call);
        return method && !call.value && ir::opcode_of(contract_, call) == vm::Opcode::CALL &&
               tells_receiver(method->selector);
    }

    // Looks at nothing that is kept, either, which might refuse only one of the two.
    bool is_quiet(const ir::Instruction& each) const {
        if (each.op != Op::InternalCall) return !sees_state(each);
        return std::ranges::all_of(with_callees(contract_, {&contract_.functions.at(each.callee)}),
                                   [](const ir::Function* callee) {
                                       return std::ranges::all_of(callee->blocks, [](const ir::Block& block) {
                                           return block.terminator.kind != ir::Terminator::Kind::External &&
                                                  std::ranges::none_of(block.instructions, sees_state);
                                       });
                                   });
    }

    // Whether the function answers one truth, without which everything is undone.
    bool is_required_by_callers() const {
        if (function_.is_entry || function_.returns.size() != 1 || function_.returns[0].type.kind != ir::TypeKind::Bool)
            return false;
        const auto index = static_cast<std::uint32_t>(&function_ - contract_.functions.data());
        for (const ir::Function& caller : contract_.functions) {
            std::set<std::uint32_t> calls;  // values
            for (const ir::Block& block : caller.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::InternalCall && each.callee == index) calls.insert(each.result.index);
            if (calls.empty()) continue;
            const Uses uses(caller);
            for (const ir::Block& block : caller.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Result && calls.contains(each.operands[0].index) &&
                        !uses.only_required(each.result, true))
                        return false;
        }
        return true;
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const Uses& uses_;
};

}  // namespace

void Flow::Shape::find_receiver_checks(const ir::Contract& contract, const ir::Function& function) {
    const auto tests_code = [&](const ir::Instruction& each) {
        return each.op == Op::InternalCall && is_code_test(contract.functions.at(each.callee));
    };
    std::vector<std::pair<const ir::Instruction*, ir::Value>> tests;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (asks_length(each)) tests.emplace_back(&each, each.result);
            const ir::Instruction* call = each.op == Op::Result ? made_by.at(each.operands[0].index) : nullptr;
            if (call && tests_code(*call)) tests.emplace_back(call, each.result);
        }
    if (tests.empty()) return;
    const Uses uses(function);
    const ReceiverChecks checks(contract, uses);
    for (const auto& [test, answer] : tests)
        if (checks.only_decides_telling(answer)) receiver_checks.insert(test);
}

// Whether the length of code that is asked for there only decides whether an account is told of what it gets.
bool Flow::is_for_telling(std::uint32_t frame, const ir::Instruction& asks) const {
    const Frame& here = *frames_[frame];
    if (is_survived(frame)) return false;
    if (here.shape->receiver_checks.contains(&asks)) return true;
    if (!is_code_test(*here.function) || here.is_outer || here.caller == Frame::none || !here.again.empty()) return false;
    const ir::Instruction& call = frames_[here.caller]->function->blocks.at(here.block).instructions.at(here.at - 1);
    return frames_[here.caller]->shape->receiver_checks.contains(&call);
}

}  // namespace interlock::analyzer::prover
