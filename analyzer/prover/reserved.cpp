// Numbers that are reserved at once, and used one by one: first = count; count += n; for (i = 0; i < n; ++i) … first + i …
#include <algorithm>
#include <optional>

#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/given.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

struct Place {
    std::uint32_t block = 0, at = 0;
};

// Where a counter rises by as much as is asked for.
struct Reservation {
    std::uint32_t counter = 0;  // the variable
    Place store;
    ir::Value amount;
    std::map<std::uint32_t, bool> firsts;  // values that the counter had before; whether one was added
};

class Reservations {
  public:
    Reservations(const ir::Contract& contract, const ir::Function& function)
        : contract_(contract), function_(function), made_(function.values), place_of_(function.values) {
        for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
            for (std::uint32_t i = 0; i < function.blocks[b].instructions.size(); ++i)
                if (const ir::Instruction& each = function.blocks[b].instructions[i]; each.result) {
                    made_.at(each.result.index) = &each;
                    place_of_.at(each.result.index) = {b, i};
                }
        for (std::uint32_t b = 0; b < function.blocks.size(); ++b) find_in(b);
        if (!all_.empty()) above_.emplace(function.blocks);
    }

    [[nodiscard]] std::vector<const ir::Instruction*> stores() const {
        std::vector<const ir::Instruction*> all;
        for (const Reservation& each : all_) all.push_back(&function_.blocks[each.store.block].instructions[each.store.at]);
        return all;
    }

    // The numbers, where each is come to once.
    [[nodiscard]] std::vector<FreshValue> values() const {
        std::vector<FreshValue> values;
        for (const Reservation& each : all_) {
            std::vector<FreshValue> of_it;
            for (const ir::Instruction* made : made_)
                if (const auto number = made ? number_of(each, *made) : std::nullopt) of_it.push_back(*number);
            if (of_it.size() == 1) values.push_back(of_it.front());
        }
        return values;
    }

  private:
    // The word before it was converted to a wider one.
    [[nodiscard]] ir::Value source_of(ir::Value value) const {
        for (const ir::Instruction* each = made_.at(value.index);
             each && each->op == Op::Convert && each->type.kind == ir::TypeKind::Uint; each = made_.at(value.index)) {
            const ir::Instruction* from = made_.at(each->operands[0].index);
            const std::optional<ir::Type> type = from ? std::optional(from->type) : type_of_parameter(each->operands[0]);
            if (!type || type->kind != ir::TypeKind::Uint || type->bits > each->type.bits) break;
            value = each->operands[0];
        }
        return value;
    }
    [[nodiscard]] std::optional<ir::Type> type_of_parameter(ir::Value value) const {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Parameter& each : block.parameters)
                if (each.value == value) return each.type;
        return std::nullopt;
    }
    [[nodiscard]] bool is_one(ir::Value value) const { return constant_in(made_, value) == ir::Word{1}; }

    // Looks at one block from its beginning to its end.
    void find_in(std::uint32_t index) {
        std::map<std::uint32_t, std::uint32_t> current;                  // values that variables have now
        std::map<std::uint32_t, std::pair<std::uint32_t, bool>> firsts;  // the same, or one more; of variables
        const ir::Block& block = function_.blocks[index];
        for (std::uint32_t i = 0; i < block.instructions.size(); ++i) {
            const ir::Instruction& each = block.instructions[i];
            if (each.op == Op::Load && is_number(contract_, each.place)) {
                current[each.result.index] = each.place.variable;
                firsts[each.result.index] = {each.place.variable, false};
            } else if (each.op == Op::Add && each.type.kind == ir::TypeKind::Uint) {
                for (const std::size_t side : {0u, 1u})
                    if (const auto load = current.find(each.operands[side].index);
                        load != current.end() && is_one(each.operands[1 - side]))
                        firsts[each.result.index] = {load->second, true};
            } else if ((each.op == Op::Store || each.op == Op::Clear) && is_number(contract_, each.place)) {
                if (each.op == Op::Store) note(each, {index, i}, current, firsts);
                std::erase_if(current, [&](const auto& of) { return of.second == each.place.variable; });
                std::erase_if(firsts, [&](const auto& of) { return of.second.first == each.place.variable; });
            } else if (each.op == Op::InternalCall ||
                       (each.op != Op::Store && each.op != Op::Clear && ir::writes_of(each).intersects(vm::state_regions))) {
                current.clear();
                firsts.clear();
            }
        }
    }

    void note(const ir::Instruction& store, Place at, const std::map<std::uint32_t, std::uint32_t>& current,
              const std::map<std::uint32_t, std::pair<std::uint32_t, bool>>& firsts) {
        const ir::Instruction* sum = made_.at(store.operands.back().index);
        if (!sum || sum->op != Op::Add || !sum->checked || sum->type.kind != ir::TypeKind::Uint) return;
        for (const std::size_t side : {0u, 1u}) {
            const auto load = current.find(sum->operands[side].index);
            const ir::Value amount = sum->operands[1 - side];
            if (load == current.end() || load->second != store.place.variable || constant_in(made_, amount)) continue;
            Reservation one{store.place.variable, at, source_of(amount), {}};
            for (const auto& [value, of] : firsts)
                if (of.first == store.place.variable) one.firsts[value] = of.second;
            all_.push_back(std::move(one));
            return;
        }
    }

    // The number that the instruction makes, if it is one of those and another one each time.
    [[nodiscard]] std::optional<FreshValue> number_of(const Reservation& of, const ir::Instruction& sum) const {
        if (sum.op != Op::Add || sum.type.kind != ir::TypeKind::Uint) return std::nullopt;
        const Place at = place_of_.at(sum.result.index);
        const bool is_behind = at.block == of.store.block
                                   ? at.at > of.store.at
                                   : above_->is_reachable(at.block) && above_->dominates(of.store.block, at.block);
        for (const std::size_t side : {0u, 1u}) {
            const auto first = of.firsts.find(source_of(sum.operands[side]).index);
            if (first == of.firsts.end() || !is_behind) continue;
            if (counts_to(of, source_of(sum.operands[1 - side]), at))
                return FreshValue{sum.result.index, of.counter, first->second, &sum};
        }
        for (const std::size_t side : {0u, 1u})
            if (is_behind && is_one(sum.operands[1 - side]) && walks_on(of, sum.operands[side], at))
                return FreshValue{sum.result.index, of.counter, true, &sum};
        return std::nullopt;
    }

    // Whether the value is what a loop raises by one in each of its rounds, from the first number on, and of rounds there are
    // no more than the amount: `for (i = 0; i < n; ++i) … ++number …`.
    [[nodiscard]] bool walks_on(const Reservation& of, ir::Value value, Place at) const {
        for (std::uint32_t head = 0; head < function_.blocks.size(); ++head) {
            const auto& parameters = function_.blocks[head].parameters;
            const auto parameter = std::ranges::find(parameters, value, &ir::Parameter::value);
            if (parameter == parameters.end()) continue;
            const auto position = static_cast<std::size_t>(parameter - parameters.begin());
            const auto is_first = [&](ir::Value begins) {
                const auto first = of.firsts.find(source_of(begins).index);
                return first != of.firsts.end() && !first->second;
            };
            if (!rises_in_loop(of, head, position) || !begins_with(of, head, position, is_first)) return false;
            for (std::size_t i = 0; i < parameters.size(); ++i)
                if (i != position && is_below(parameters[i].value, of.amount, at) && rises_in_loop(of, head, i) &&
                    begins_with(of, head, i, [&](ir::Value each) { return constant_in(made_, each) == ir::Word{}; }))
                    return true;
        }
        return false;
    }

    // Whether the loop gets such a value from whoever comes to it otherwise than by a round.
    template <class Is>
    [[nodiscard]] bool begins_with(const Reservation& of, std::uint32_t head, std::size_t position, const Is& is) const {
        const std::vector<bool> follows = reached_from(head, of.store.block);
        bool is_well = true;
        for (std::uint32_t b = 0; b < function_.blocks.size(); ++b)
            ir::for_each_jump(function_.blocks[b].terminator, [&](const ir::Jump& jump) {
                if (jump.block == head && !follows[b])
                    is_well &= position < jump.arguments.size() && is(jump.arguments[position]);
            });
        return is_well;
    }

    // Whether the value is what a loop counts, here below the amount, and the loop is come to once after the reservation.
    [[nodiscard]] bool counts_to(const Reservation& of, ir::Value value, Place at) const {
        for (std::uint32_t head = 0; head < function_.blocks.size(); ++head) {
            const auto& parameters = function_.blocks[head].parameters;
            const auto parameter = std::ranges::find(parameters, value, &ir::Parameter::value);
            if (parameter == parameters.end()) continue;
            return is_below(value, of.amount, at) &&
                   rises_in_loop(of, head, static_cast<std::size_t>(parameter - parameters.begin()));
        }
        return false;
    }

    [[nodiscard]] bool is_below(ir::Value value, ir::Value amount, Place at) const {
        for (const ir::Block& block : function_.blocks) {
            const ir::Terminator& end = block.terminator;
            if (end.kind != ir::Terminator::Kind::Branch || end.then.block == end.otherwise.block) continue;
            const ir::Instruction* test = made_.at(end.condition.index);
            if (!test || test->operands.size() != 2) continue;
            const ir::Value left = source_of(test->operands[0]), right = source_of(test->operands[1]);
            const bool holds = (test->op == Op::Less && left == value && right == amount) ||
                               (test->op == Op::Greater && left == amount && right == value);
            const std::uint32_t inside = end.then.block;
            if (!holds || !above_->is_reachable(inside) || !above_->is_reachable(at.block)) continue;
            // Nobody else comes to where it holds.
            if (above_->predecessors(inside).size() == 1 && above_->dominates(inside, at.block)) return true;
        }
        return false;
    }

    [[nodiscard]] bool rises_in_loop(const Reservation& of, std::uint32_t head, std::size_t position) const {
        if (!above_->is_reachable(head) || head == of.store.block || !above_->dominates(of.store.block, head)) return false;
        const std::vector<bool> follows = reached_from(head, of.store.block);
        for (std::uint32_t b = 0; b < function_.blocks.size(); ++b) {
            bool is_well = true;
            ir::for_each_jump(function_.blocks[b].terminator, [&](const ir::Jump& jump) {
                if (jump.block != head || !follows[b]) return;
                is_well &= position < jump.arguments.size() && is_more(jump.arguments[position], head, position);
            });
            if (!is_well) return false;
        }
        return true;
    }

    [[nodiscard]] bool is_more(ir::Value value, std::uint32_t head, std::size_t position) const {
        const ir::Instruction* sum = made_.at(value.index);
        const ir::Value counted = function_.blocks[head].parameters[position].value;
        if (!sum || sum->op != Op::Add) return false;
        return (sum->operands[0] == counted && is_one(sum->operands[1])) ||
               (sum->operands[1] == counted && is_one(sum->operands[0]));
    }

    // Blocks that may follow that one before the other one does.
    [[nodiscard]] std::vector<bool> reached_from(std::uint32_t head, std::uint32_t before) const {
        std::vector<bool> seen(function_.blocks.size());
        std::vector<std::uint32_t> open{head};
        while (!open.empty()) {
            const std::uint32_t b = open.back();
            open.pop_back();
            if (seen[b] || b == before) continue;
            seen[b] = true;
            ir::for_each_jump(function_.blocks[b].terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return seen;
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    std::optional<ir::Dominators> above_;  // where something is reserved
    Makers made_;
    std::vector<Place> place_of_;
    std::vector<Reservation> all_;
};

}  // namespace

std::vector<FreshValue> reserved_values(const ir::Contract& contract, const ir::Function& function) {
    return Reservations(contract, function).values();
}

std::vector<const ir::Instruction*> reserving_stores(const ir::Contract& contract, const ir::Function& function) {
    return Reservations(contract, function).stores();
}

}  // namespace interlock::analyzer::prover
