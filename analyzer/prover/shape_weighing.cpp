// Balances and numbers that a function weighs against each other: `before + fee <= after`, `made + more <= most - reserved`. Of
// the one all that matters is that it is at most something, of the other that it is at least something, or everything is undone.
// Flash loans are like that, and sales.
#include "analyzer/prover/call_kinds.hpp"
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

class Scales {
  public:
    explicit Scales(const Uses& uses) : uses_(uses) {}

    // Whether, where everything comes out well, it still does if the value is less; if it is more.
    [[nodiscard]] bool may_be_less(ir::Value value) { return may_be(value, false); }
    [[nodiscard]] bool may_be_more(ir::Value value) { return may_be(value, true); }

  private:
    bool may_be(ir::Value value, bool more) {
        constexpr unsigned most_depth = 20;
        if (depth_ == most_depth) return false;
        ++depth_;
        const auto& users = uses_.users.at(value.index);
        const bool may =
            !users.empty() && std::ranges::all_of(users, [&](const Uses::User& user) { return is_fine(user, value, more); });
        --depth_;
        return may;
    }

    bool is_fine(const Uses::User& user, ir::Value value, bool more) {
        const auto block = static_cast<std::uint32_t>(user.block - uses_.function.blocks.data());
        if (uses_.undoes({block, {}})) return true;
        if (!user.instruction) return is_passed_on(*user.block, value, more);
        const ir::Instruction& each = *user.instruction;
        if (each.op == Op::Emit) return true;
        if (each.operands.size() != 2 || each.operands[0] == each.operands[1] || each.type.is_signed()) return false;
        const bool is_left = each.operands[0] == value;
        if (each.op == Op::Add && each.checked) return may_be(each.result, more);
        // What is taken off the one weighs as it does, and what it is taken off the other way round; it only ever fails sooner.
        if (each.op == Op::Sub && each.checked) return more == is_left && may_be(each.result, true);
        const auto orders = orders_of(each.op);
        if (!orders || each.op == Op::Equal || each.op == Op::NotEqual) return false;
        const bool asks_for_more = (*orders & greater_order) != 0;  // on the left
        const bool gains = (asks_for_more == is_left) == more;      // the comparison holds all the more
        return uses_.only_required(each.result, gains);
    }

    bool is_passed_on(const ir::Block& from, ir::Value value, bool more) {
        const ir::Terminator& end = from.terminator;
        bool is_it = true;
        ir::for_each_use(end, [&](ir::Value used) { is_it &= used != value; });
        ir::for_each_jump(end, [&](const ir::Jump& jump) {
            const ir::Block& to = uses_.function.blocks.at(jump.block);
            for (std::size_t i = 0; i < jump.arguments.size(); ++i)
                if (jump.arguments.data()[i] == value) is_it &= !to.is_loop_head && may_be(to.parameters.at(i).value, more);
        });
        return is_it;
    }

    const Uses& uses_;
    unsigned depth_ = 0;
};

}  // namespace

void Flow::Shape::find_weighed(const ir::Contract& contract, const ir::Function& function) {
    std::optional<Uses> uses;
    const bool halts = may_halt(contract, function);  // and so be past what it requires
    const auto access_of = [&](ir::Value balance) {
        if (!uses) uses.emplace(function);
        if (Scales(*uses).may_be_more(balance)) return Access::Ask;
        return Scales(*uses).may_be_less(balance) ? Access::AskMost : Access::Read;
    };
    for (const ir::Block& block : function.blocks) {
        if (block.is_loop_head) continue;
        for (const ir::Instruction& each : block.instructions)
            if (each.op == Op::SelfBalance) weighed[&each] = access_of(each.result);
            else if (each.op == Op::Load && each.type.kind == ir::TypeKind::Uint && !asks.contains(&each) && !halts)
                weighed[&each] = access_of(each.result);
        const ir::ExternalCall& call = block.terminator.call;
        if (block.terminator.kind != ir::Terminator::Kind::External || call.tries || !asks_for_holdings(contract, call))
            continue;
        const ir::Block& next = function.blocks.at(call.next.block);
        if (next.parameters.size() == call.next.arguments.size() + 1)
            weighed_tokens[&call] = access_of(next.parameters.back().value);
    }
}

// Finds `require(token.balanceOf(owner) >= y)`, and the same of what is allowed.
void Flow::Shape::find_tokens_asked(const ir::Contract& contract, const ir::Function& function) {
    for (const ir::Block& block : function.blocks) {
        const ir::ExternalCall& call = block.terminator.call;
        if (block.terminator.kind != ir::Terminator::Kind::External || call.tries || !asks_for_holdings(contract, call) ||
            call.arguments.empty())
            continue;
        const ir::Block& next = function.blocks.at(call.next.block);
        if (next.parameters.size() != call.next.arguments.size() + 1) continue;
        if (const auto least = Uses(function).only_least(next.parameters.back().value)) tokens_asked[&call] = *least;
    }
}

}  // namespace interlock::analyzer::prover
