// What is fixed about takings: all that a place holds is paid, and zero left there, at once.
#include <algorithm>

#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

constexpr unsigned most_calls = 3;  // of internal functions inside of each other

bool is_zero(const Makers& made_by, ir::Value value) {
    const auto word = constant_in(made_by, value);
    return word && word->is_zero();
}

// Where a number is paid: by each way to the end of a function once, and for nothing else.
class Payment {
  public:
    Payment(const ir::Contract& contract, const ir::Function& function)
        : contract_(contract), function_(function), uses_(function), made_by_(makers_of(function)) {}

    // Only what is paid to an account in a variable counts. `kept`: parameters that are such accounts.
    Payment& only_to_kept(std::set<std::uint32_t> kept = {}) {
        only_to_kept_ = true;
        kept_ = std::move(kept);
        return *this;
    }

    // The number may also be given back at the end.
    Payment& and_returned() {
        may_return_ = true;
        return *this;
    }

    // Whether every way from there on, block and place in it, pays the number, or reverts, or finds that it is zero. What else
    // is done with it is to say so in events, and to take it off sums.
    [[nodiscard]] bool is_made(ir::Value amount, std::uint32_t block, std::size_t at, unsigned depth) const {
        for (const Uses::User& user : uses_.users.at(amount.index))
            if (!is_plain(user, amount, depth)) return false;
        return pays_once(amount, block, at, depth);
    }

  private:
    [[nodiscard]] bool is_payment(const ir::Terminator& end, ir::Value amount) const {
        return end.kind == ir::Terminator::Kind::External && end.call.value == amount &&
               fails_hard(contract_, function_, end.call) && !ir::runs_foreign_code(contract_, end.call) &&
               (!only_to_kept_ || is_kept(end.call.target));
    }
    [[nodiscard]] bool is_kept(ir::Value account) const {
        if (kept_.contains(account.index)) return true;
        const ir::Instruction* made = made_by_.at(account.index);
        while (made && made->op == Op::Reinterpret) made = made_by_.at(made->operands[0].index);
        return made && (made->op == Op::LoadImmutable || (made->op == Op::Load && made->place.steps.empty()));
    }
    // Whether the function that is called pays what it is given.
    [[nodiscard]] bool is_paid_inside(const ir::Instruction& call, ir::Value amount, unsigned depth) const {
        const ir::Function& callee = contract_.functions.at(call.callee);
        const auto& parameters = callee.blocks.front().parameters;
        if (depth >= most_calls || std::ranges::count(call.operands, amount) != 1) return false;
        const auto position = static_cast<std::size_t>(std::ranges::find(call.operands, amount) - call.operands.begin());
        if (position >= parameters.size()) return false;
        Payment inside(contract_, callee);
        if (only_to_kept_) {
            std::set<std::uint32_t> kept;
            for (std::size_t i = 0; i < parameters.size(); ++i)
                if (is_kept(call.operands.data()[i])) kept.insert(parameters[i].value.index);
            inside.only_to_kept(std::move(kept));
        }
        return inside.is_made(parameters[position].value, 0, 0, depth + 1);
    }
    [[nodiscard]] bool asks_for_zero(const ir::Instruction& test, ir::Value amount) const {
        if (test.operands.size() != 2 || test.operands[0] != amount || !is_zero(made_by_, test.operands[1])) return false;
        return test.op == Op::Equal || test.op == Op::NotEqual || test.op == Op::Greater;
    }

    [[nodiscard]] bool is_plain(const Uses::User& user, ir::Value amount, unsigned depth) const {
        const ir::Terminator& end = user.block->terminator;
        if (!user.instruction && may_return_ && end.kind == ir::Terminator::Kind::Return) return true;
        if (!user.instruction) return is_payment(end, amount) || reverts(*user.block);
        const ir::Instruction& each = *user.instruction;
        if (each.op == Op::Emit || asks_for_zero(each, amount) || reverts(*user.block)) return true;
        if (each.op == Op::InternalCall) return is_paid_inside(each, amount, depth);
        return each.op == Op::Sub && each.checked && each.operands[1] == amount && each.operands[0] != amount;
    }
    [[nodiscard]] bool reverts(const ir::Block& block) const {
        return surely_reverts(function_, {static_cast<std::uint32_t>(&block - function_.blocks.data()), {}}, &contract_);
    }

    [[nodiscard]] bool pays_once(ir::Value amount, std::uint32_t first, std::size_t from, unsigned depth) const {
        struct Way {
            std::uint32_t block;
            std::size_t at;
            bool is_paid;
        };
        std::vector<Way> open{{first, from, false}};
        std::set<std::pair<std::uint32_t, bool>> seen;
        while (!open.empty()) {
            const Way way = open.back();
            open.pop_back();
            const ir::Block& block = function_.blocks[way.block];
            bool is_paid = way.is_paid;
            if (way.at == 0 && !seen.insert({way.block, is_paid}).second) continue;
            for (std::size_t at = way.at; at < block.instructions.size(); ++at) {
                const ir::Instruction& each = block.instructions[at];
                if (each.op != Op::InternalCall || std::ranges::count(each.operands, amount) == 0) continue;
                if (is_paid) return false;
                is_paid = is_paid_inside(each, amount, depth);
            }
            const ir::Terminator& end = block.terminator;
            if (is_payment(end, amount)) {
                if (is_paid) return false;
                is_paid = true;
            }
            if (end.kind == ir::Terminator::Kind::Return && !is_paid) return false;
            const ir::Instruction* test =
                end.kind == ir::Terminator::Kind::Branch ? made_by_.at(end.condition.index) : nullptr;
            const bool is_asked = test && asks_for_zero(*test, amount);
            ir::for_each_jump(end, [&](const ir::Jump& jump) {
                const bool is_zero_way = is_asked && &jump == (test->op == Op::Equal ? &end.then : &end.otherwise);
                open.push_back({jump.block, 0, is_paid || is_zero_way});
            });
        }
        return true;
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const Uses uses_;
    const Makers made_by_;
    bool only_to_kept_ = false, may_return_ = false;
    std::set<std::uint32_t> kept_;
};

bool leaves_zero(const Makers& made_by, const ir::Instruction& each) {
    return each.op == Op::Clear || (each.op == Op::Store && is_zero(made_by, each.operands.back()));
}

}  // namespace

void Flow::Shape::find_takings(const ir::Contract& contract, const ir::Function& function) {
    // What is owed to one of many, or all that there is for one whom a variable names.
    const auto is_of_one_entry = [&](const ir::Instruction& each) {
        return !each.place.steps.empty() && each.place.steps[0].kind == ir::PlaceStep::Kind::Key;
    };
    const auto is_same_entry = [&](const ir::Instruction& load, const ir::Instruction& zero) {
        if (zero.op == Op::Store) return is_same_place(load, zero);
        if (zero.operands.size() != load.operands.size() || zero.place.variable != load.place.variable) return false;
        const auto same_step = [](const ir::PlaceStep& a, const ir::PlaceStep& b) {
            return a.kind == b.kind && a.operand == b.operand;
        };
        if (!std::ranges::equal(load.place.steps, zero.place.steps, same_step)) return false;
        for (std::size_t i = 0; i < load.operands.size(); ++i)
            if (!is_same_value(load.operands[i], zero.operands[i])) return false;
        return true;
    };
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
        for (std::size_t i = 0; i < function.blocks[b].instructions.size(); ++i) {
            const ir::Instruction& load = function.blocks[b].instructions[i];
            const bool is_pot = load.op == Op::Load && load.place.steps.empty();
            if (load.op != Op::Load || !(is_pot || is_of_one_entry(load)) || load.type.kind != ir::TypeKind::Uint) continue;
            // Until zero is left there nothing else is done, but to ask whether there is anything.
            std::uint32_t at = b;
            std::size_t k = i + 1;
            for (unsigned blocks = 0; blocks < 4; ++blocks) {
                const ir::Block& block = function.blocks[at];
                bool is_over = false;
                for (; k < block.instructions.size() && !is_over; ++k) {
                    const ir::Instruction& each = block.instructions[k];
                    is_over = each.op == Op::InternalCall || ir::writes_of(each).intersects(vm::state_regions);
                    if (!is_over || !leaves_zero(made_by, each) || !is_same_entry(load, each)) continue;
                    Payment payment(contract, function);
                    if (is_pot) payment.only_to_kept();
                    if (payment.is_made(load.result, at, k + 1, 0)) takings.insert({&load, &each});
                    else if (payment.and_returned().is_made(load.result, at, k + 1, 0)) told_takings.insert({&load, &each});
                }
                const ir::Terminator& end = block.terminator;
                const bool forks = end.kind == ir::Terminator::Kind::Branch;
                if (is_over || (!forks && end.kind != ir::Terminator::Kind::Jump)) break;
                if (forks && !surely_reverts(function, end.then) && !surely_reverts(function, end.otherwise)) break;
                at = forks && surely_reverts(function, end.then) ? end.otherwise.block : end.then.block;
                k = 0;
            }
        }
}

}  // namespace interlock::analyzer::prover
