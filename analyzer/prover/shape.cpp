// What is fixed about a function: see Flow::Shape.
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/uses.hpp"
#include "analyzer/prover/visitors.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

Flow::Shape::Shape(const ir::Contract& contract, const ir::Function& function)
    : made_by(function.values),
      types(function.values),
      fresh(fresh_values(contract, function)),
      reserved(reserved_values(contract, function)),
      numbering(numbering_accesses(contract, function)) {
    for (const ir::Block& block : function.blocks) {
        for (const ir::Parameter& parameter : block.parameters) types.at(parameter.value.index) = parameter.type;
        for (const ir::Instruction& instruction : block.instructions) {
            if (!instruction.result) continue;
            types.at(instruction.result.index) = instruction.type;
            made_by.at(instruction.result.index) = &instruction;
        }
    }
    find_hashed_words(function);
    find_increments(function);
    find_caps(contract, function);
    find_bits(contract, function);
    find_packed(function);
    find_takings(contract, function);
    find_logged(function);
    find_needed(function);
    find_tellings(contract, function);
    find_receiver_checks(contract, function);
    for (const ir::Instruction* each : rising_stores(contract, function)) counts.insert(each);
    find_rechecks(function);
    find_stamps(function);
    find_balance_asked(function);
    find_tokens_asked(contract, function);
    find_weighed(contract, function);
    find_accepted(contract, function);
    find_call_data(function);
    find_hashed_data(function);
    find_peeks(function);
    find_copies(contract, function);
    find_given_back(function);
    find_empties(contract, function);
    find_old_elements(function);
}

// Finds keccak256 of bytes that end with what an MSTORE right before it wrote.
void Flow::Shape::find_hashed_words(const ir::Function& function) {
    const auto constant = [&](ir::Value value) {
        const ir::Instruction* made = made_by.at(value.index);
        return made && made->op == Op::Constant ? std::optional(made->word) : std::nullopt;
    };
    for (const ir::Block& block : function.blocks) {
        const ir::Instruction *stored = nullptr, *before = nullptr;
        for (const ir::Instruction& each : block.instructions) {
            const bool is_store = each.op == Op::Evm && each.opcode == vm::Opcode::MSTORE;
            if (each.op == Op::Evm && each.opcode == vm::Opcode::KECCAK256 && stored) {
                const auto from = constant(each.operands[0]), to = constant(stored->operands[0]);
                const auto size = constant(each.operands[1]);
                constexpr std::uint64_t word = 32, pair = 64;
                if (from && to && *from == *to && size == ir::Word{word}) hashed_word[&each] = stored->operands[1];
                if (from && to && *to == *from + ir::Word{word} && size == ir::Word{pair}) {
                    hashed_pair[&each] = stored->operands[1];
                    if (before && constant(before->operands[0]) == from) hashed_key[&each] = before->operands[1];
                }
            }
            if (is_store) before = std::exchange(stored, &each);
            else if (each.op != Op::Constant) stored = before = nullptr;  // it may use that memory
        }
    }
}

namespace {

// Whether all that it does is to compute a word, or to pass one on, which never fails.
bool only_computes(const ir::Instruction& instruction) {
    return instruction.result && instruction.op != Op::InternalCall && !ir::can_end_call(instruction) &&
           ir::writes_of(instruction).empty();
}

}  // namespace

// What is one less than a length to which the same block has pushed: that cannot fail.
std::set<const ir::Instruction*> Flow::Shape::find_last_indices(const ir::Function& function) const {
    std::set<const ir::Instruction*> last;
    for (const ir::Block& block : function.blocks) {
        std::set<std::uint32_t> pushed, lengths;  // variables; values
        for (const ir::Instruction& each : block.instructions) {
            const auto variable = [&](ir::Value slot) -> std::optional<std::uint32_t> {
                const ir::Instruction* made = made_by.at(slot.index);
                const bool is_plain = made && made->op == Op::SlotOf && made->place.steps.empty();
                return is_plain ? std::optional(made->place.variable) : std::nullopt;
            };
            if (each.op == Op::InternalCall) pushed.clear(), lengths.clear();
            if (is_evm(each, vm::Opcode::SLOAD)) {
                if (const auto of = variable(each.operands[0]); of && pushed.contains(*of))
                    lengths.insert(each.result.index);
            } else if (is_evm(each, vm::Opcode::SSTORE)) {
                const auto of = variable(each.operands[0]);
                const ir::Instruction* sum = made_by.at(each.operands[1].index);
                const ir::Instruction* before = sum && sum->op == Op::Add ? made_by.at(sum->operands[0].index) : nullptr;
                const bool is_more = before && is_evm(*before, vm::Opcode::SLOAD) && variable(before->operands[0]) == of &&
                                     constant_in(made_by, sum->operands[1]) == ir::Word{1};
                if (of && is_more) pushed.insert(*of);
                else if (of) pushed.erase(*of);
            } else if (each.op == Op::Sub && lengths.contains(each.operands[0].index) &&
                       constant_in(made_by, each.operands[1]) == ir::Word{1}) {
                last.insert(&each);
            }
        }
    }
    return last;
}

namespace {

bool is_log(const ir::Instruction& each) {
    return each.op == Op::Evm && each.opcode >= vm::Opcode::LOG0 && each.opcode <= vm::Opcode::LOG4;
}

// Finds what is put into free memory for an event, and read there for nothing else.
std::set<const ir::Instruction*> words_of_events(const Makers& made_by, const ir::Function& function) {
    std::set<const ir::Instruction*> words;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& log : block.instructions) {
            if (!is_log(log) || !is_in_free_memory(made_by, log.operands[0])) continue;
            const ir::Value base = address_in(made_by, log.operands[0]).base;
            const auto is_address = [&](ir::Value value) { return address_in(made_by, value).base == base; };
            const auto is_there = [&](const ir::Instruction& each) { return is_address(each.operands[0]); };
            const auto reads = [&](const ir::Instruction& each) {
                return (is_evm(each, vm::Opcode::MLOAD) || is_evm(each, vm::Opcode::KECCAK256)) && is_there(each);
            };
            const auto leaves = [&](const ir::Block& other) {
                bool is_used = false;
                const auto use = [&](ir::Value value) { is_used |= is_address(value); };
                if (&other != &block)
                    for (const ir::Instruction& each : other.instructions) std::ranges::for_each(each.operands, use);
                ir::for_each_use(other.terminator, use);
                ir::for_each_jump(other.terminator,
                                  [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
                return is_used;
            };
            if (std::ranges::any_of(block.instructions, reads) || std::ranges::any_of(function.blocks, leaves)) continue;
            for (const ir::Instruction& each : block.instructions)
                if (is_evm(each, vm::Opcode::MSTORE) && is_there(each)) words.insert(&each);
        }
    return words;
}

// Whether the jump leads to nothing but a write of the place that was loaded, and on to where the other one leads.
bool only_overwrites(const ir::Function& function, const ir::Jump& jump, const ir::Jump& other,
                     const ir::Instruction& load) {
    const ir::Block& block = function.blocks.at(jump.block);
    const ir::Terminator& end = block.terminator;
    const bool joins = end.kind == ir::Terminator::Kind::Jump && end.then.block == other.block &&
                       std::ranges::equal(end.then.arguments, other.arguments);
    if (!joins || !load.place.steps.empty()) return false;
    return std::ranges::all_of(block.instructions, [&](const ir::Instruction& each) {
        const bool is_store = each.op == Op::Store && each.place.steps.empty();
        return is_store ? each.place.variable == load.place.variable : each.op == Op::Constant;
    });
}

// Finds `if (x > most) most = x`: who finds the variable does no more than to overwrite it.
std::set<const ir::Instruction*> loads_of_extremes(const ir::Function& function) {
    std::set<const ir::Instruction*> loads;
    std::optional<Uses> uses;
    for (const ir::Block& block : function.blocks) {
        const ir::Terminator& end = block.terminator;
        if (end.kind != ir::Terminator::Kind::Branch) continue;
        for (const ir::Instruction& each : block.instructions) {
            if (each.op != Op::Load || !only_overwrites(function, end.then, end.otherwise, each)) continue;
            if (!uses) uses.emplace(function);
            const auto is_only_use_of = [&](ir::Value value, ir::Value of) {
                const auto& users = uses->users.at(value.index);
                return users.size() == 1 && (of ? users[0].instruction && users[0].instruction->result == of
                                                : !users[0].instruction && users[0].block == &block);
            };
            if (is_only_use_of(end.condition, {}) && is_only_use_of(each.result, end.condition)) loads.insert(&each);
        }
    }
    return loads;
}

}  // namespace

// Returns by value whether more is done with it than to tell it: in events, and to whoever called, if that is telling.
std::vector<bool> Flow::Shape::used_values(const ir::Function& function, bool returning_tells) const {
    const std::set<const ir::Instruction*> last_indices = find_last_indices(function);
    const std::set<const ir::Instruction*> words = words_of_events(made_by, function);
    const auto is_harmless = [&](const ir::Instruction& each) {
        return only_computes(each) || last_indices.contains(&each);
    };
    const auto tells = [&](const ir::Instruction& each) {
        return each.op == Op::Emit || is_log(each) || words.contains(&each);
    };
    std::vector<std::uint32_t> open;
    std::vector<bool> is_used(function.values);
    const auto use = [&](ir::Value value) {
        if (!is_used.at(value.index)) open.push_back(value.index);
        is_used[value.index] = true;
    };
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions)
            if (!tells(each) && !is_harmless(each)) std::ranges::for_each(each.operands, use);
        if (!returning_tells || block.terminator.kind != ir::Terminator::Kind::Return)
            ir::for_each_use(block.terminator, use);
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
    }
    while (!open.empty()) {
        const ir::Instruction* made = made_by[open.back()];
        open.pop_back();
        if (made && is_harmless(*made)) std::ranges::for_each(made->operands, use);
    }
    return is_used;
}

void Flow::Shape::find_logged(const ir::Function& function) {
    const auto find = [&](bool returning_tells, std::set<const ir::Instruction*>& found) {
        const std::vector<bool> is_used = used_values(function, returning_tells);
        for (std::uint32_t value = 0; value < function.values; ++value) {
            const ir::Instruction* made = made_by[value];
            if (!made || is_used[value]) continue;
            if (is_load(*made) || made->op == Op::SelfBalance || made->op == Op::Balance || made->op == Op::InternalCall)
                found.insert(made);
        }
    };
    find(false, logged);
    logged.merge(loads_of_extremes(function));
    if (function.is_entry && !only_views(function)) find(true, returned);
}

namespace {

// Whether the block comes from `at` to what undoes everything if the value is zero: also if it is made of it by what leaves
// zero then, or fails.
bool is_needed(const Uses& uses, const Makers& made_by, const ir::Block& block, std::size_t at, ir::Value value, int depth) {
    constexpr int most_depth = 6;
    const auto is_zero = [&](ir::Value each) { return constant_in(made_by, each) == ir::Word{}; };
    for (const Uses::User& user : uses.users.at(value.index)) {
        const ir::Instruction* made = user.instruction;
        if (!made || user.block != &block || !made->result || depth == most_depth) continue;
        const bool is_unsigned = made->type.kind == ir::TypeKind::Uint;
        const bool is_first = made->operands[0] == value;
        const bool is_zero_then = (made->op == Op::Sub && made->checked && is_first) || made->op == Op::Mul ||
                                  (made->op == Op::Div && is_first) || made->op == Op::Reinterpret ||
                                  made->op == Op::Convert;
        if (is_zero_then && is_unsigned && is_needed(uses, made_by, block, at, made->result, depth + 1)) return true;
        if (made->operands.size() != 2) continue;
        const bool is_zero_beside = is_zero(made->operands[is_first ? 1 : 0]);
        const bool is_more = is_zero_beside && made->op == (is_first ? Op::Greater : Op::Less);
        if ((is_more || (is_zero_beside && made->op == Op::NotEqual)) && uses.comes_to(block, at, made->result, true))
            return true;
        if (is_zero_beside && made->op == Op::Equal && uses.comes_to(block, at, made->result, false)) return true;
    }
    return false;
}

}  // namespace

void Flow::Shape::find_needed(const ir::Function& function) {
    std::optional<Uses> uses;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op != Op::Result || each.type.is_signed()) continue;
            const ir::Instruction* call = made_by.at(each.operands[0].index);
            const auto place = std::ranges::find_if(block.instructions, [&](const auto& other) { return &other == call; });
            if (place == block.instructions.end()) continue;
            if (!uses) uses.emplace(function);
            const auto at = static_cast<std::size_t>(place - block.instructions.begin());
            if (is_needed(*uses, made_by, block, at, each.result, 0)) needed.insert(&each);
        }
}

bool Flow::Shape::is_same_load(const ir::Instruction& a, const ir::Instruction& b, std::vector<ir::Value>& from) const {
    if (a.op != b.op || a.operands.size() != b.operands.size() || !(a.type == b.type)) return false;
    for (std::size_t i = 0; i < a.operands.size(); ++i)
        if (!is_same_value(a.operands[i], b.operands[i], &from)) return false;
    const auto same_step = [](const ir::PlaceStep& one, const ir::PlaceStep& other) {
        return one.kind == other.kind && one.operand == other.operand;
    };
    return a.op == Op::Evm ||
           (a.place.variable == b.place.variable && std::ranges::equal(a.place.steps, b.place.steps, same_step));
}

// Finds what is only asked whether it is at least something, or more, x == y, where y was read from the same place earlier,
// and x -= y, checked, where x >= y was all that was asked.
void Flow::Shape::find_rechecks(const ir::Function& function) {
    std::vector<const ir::Instruction*> loads;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (is_load(each)) loads.push_back(&each);
    if (loads.empty()) return;
    const Uses uses(function);
    std::map<const ir::Instruction*, std::optional<ir::Value>> least;
    for (const ir::Instruction* load : loads) {
        if (load->type.kind != ir::TypeKind::Uint) continue;
        if (const auto below = uses.only_above(load->result)) {
            below_length[load] = *below;
            asks.insert(load);
        }
        least[load] = uses.only_least(load->result);
        if (least[load]) asks.insert(load);
    }
    for (std::uint32_t index = 0; index < function.blocks.size(); ++index) {
        const ir::Block& block = function.blocks[index];
        for (std::uint32_t at = 0; at < block.instructions.size(); ++at) {
            const ir::Instruction& again = block.instructions[at];
            if (!is_load(again)) continue;
            const auto increment = increments.find(&again);
            const bool subtracts = increment != increments.end() &&
                                   (increment->second == Access::Subtract || increment->second == Access::SubtractSeen ||
                                    increment->second == Access::SmallSubtract);
            for (const ir::Instruction* first : loads) {
                std::vector<ir::Value> from;
                if (first == &again || !is_same_load(*first, again, from)) continue;
                bool is_found = false, is_equality = false;
                for (const Uses::User& user : uses.users.at(again.result.index)) {
                    const ir::Instruction* made = user.instruction;
                    if (!made || user.block != &block || made->operands.size() != 2) continue;
                    const bool is_left = made->operands[0] == again.result;
                    const ir::Value other = made->operands[is_left ? 1 : 0];
                    if (made->op == Op::Equal || made->op == Op::NotEqual) {
                        is_equality |=
                            other == first->result && uses.comes_to(block, at, made->result, made->op == Op::Equal);
                        is_found |= is_equality;
                    } else if (made->op == Op::Sub && subtracts && is_left && least.contains(first) && least.at(first)) {
                        const bool is_direct = std::all_of(&again, made, [](const ir::Instruction& each) {
                            return each.op != Op::InternalCall &&
                                   (each.op != Op::Evm || !vm::effects_of(each.opcode).halts());
                        });
                        is_found |= is_direct && is_same_value(other, *least.at(first));
                    }
                }
                if (!is_found) continue;
                Recheck recheck{index, at, from};
                recheck.is_equality = is_equality;
                if (least.contains(first) && least.at(first)) recheck.fixed.push_back(*least.at(first));
                rechecks[first].push_back(std::move(recheck));
            }
        }
    }
}

// Finds x == y, where y was written to x before.
void Flow::Shape::find_stamps(const ir::Function& function) {
    const auto is_number = [](const ir::Instruction& each) { return each.place.steps.empty(); };
    std::vector<const ir::Instruction*> stores;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == Op::Store && is_number(each)) stores.push_back(&each);
    if (stores.empty()) return;
    const Uses uses(function);
    for (std::uint32_t index = 0; index < function.blocks.size(); ++index) {
        const ir::Block& block = function.blocks[index];
        for (std::uint32_t at = 0; at < block.instructions.size(); ++at) {
            const ir::Instruction& again = block.instructions[at];
            if (again.op != Op::Load || !is_number(again)) continue;
            for (const Uses::User& user : uses.users.at(again.result.index)) {
                const ir::Instruction* test = user.instruction;
                if (!test || user.block != &block || (test->op != Op::Equal && test->op != Op::NotEqual)) continue;
                const ir::Value other = test->operands[test->operands[0] == again.result ? 1 : 0];
                if (!uses.comes_to(block, at, test->result, test->op == Op::Equal)) continue;
                for (const ir::Instruction* store : stores)
                    if (store->place.variable == again.place.variable && store->operands.back() == other)
                        rechecks[store].push_back({index, at, {other}, true});
            }
        }
    }
}

// Finds `require(address(this).balance >= y)`.
void Flow::Shape::find_balance_asked(const ir::Function& function) {
    std::optional<Uses> uses;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions) {
            if (each.op != Op::SelfBalance) continue;
            if (!uses) uses.emplace(function);
            if (const auto least = uses->only_least(each.result)) balance_asked[&each] = *least;
        }
}

}  // namespace interlock::analyzer::prover
