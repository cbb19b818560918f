// What is fixed about the sums of a function: x += y and x -= y of numbers in storage.
#include <algorithm>

#include "analyzer/prover/caps.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

// Also where the same is computed twice, of the same values.
// Whether the two are computed alike from the same values, which are added to `from`.
bool Flow::Shape::is_same_value(ir::Value a, ir::Value b, std::vector<ir::Value>* from, int depth) const {
    constexpr int most_depth = 8;
    if (a == b) {
        if (from) from->push_back(a);
        return true;
    }
    const ir::Instruction *first = made_by.at(a.index), *second = made_by.at(b.index);
    if (!first || !second || first->op != second->op || !(first->type == second->type) || depth == most_depth) return false;
    const auto is_same = [&](ir::Value one, ir::Value other) { return is_same_value(one, other, from, depth + 1); };
    const auto are_hashed_alike = [&](const std::map<const ir::Instruction*, ir::Value>& hashed) {
        const auto one = hashed.find(first), other = hashed.find(second);
        return one != hashed.end() && other != hashed.end() && is_same(one->second, other->second);
    };
    switch (first->op) {
        case Op::Caller:
        case Op::CallValue:
        case Op::Timestamp: return true;
        case Op::Constant: return first->word == second->word;
        case Op::SlotOf:
            if (first->place.variable != second->place.variable || !first->place.steps.empty() ||
                !second->place.steps.empty())
                return false;
            break;
        case Op::And:
        case Op::Shl:
        case Op::Shr:
        case Op::Convert:
        case Op::Reinterpret:
        case Op::Add:
        case Op::Mul:
        case Op::Div:
        case Op::Mod: break;
        case Op::Evm:
            if (first->opcode == vm::Opcode::CALLDATALOAD && second->opcode == vm::Opcode::CALLDATALOAD) break;
            if (first->opcode != vm::Opcode::KECCAK256 || second->opcode != vm::Opcode::KECCAK256) return false;
            return are_hashed_alike(hashed_word) || (are_hashed_alike(hashed_pair) && are_hashed_alike(hashed_key));
        default: return false;
    }
    return std::ranges::equal(first->operands, second->operands, is_same);
}

bool Flow::Shape::is_made_of(ir::Value value, ir::Value of, int depth) const {
    constexpr int most_depth = 8;
    if (value == of || depth == most_depth) return true;
    const ir::Instruction* made = made_by.at(value.index);
    return made && std::ranges::any_of(made->operands, [&](ir::Value each) { return is_made_of(each, of, depth + 1); });
}

bool Flow::Shape::is_same_place(const ir::Instruction& load, const ir::Instruction& store) const {
    const std::size_t keys = load.operands.size();
    if (store.operands.size() != keys + 1 || load.op == Op::Evm)
        return load.op == Op::Evm && is_same_value(load.operands[0], store.operands[0]);
    const auto same_step = [](const ir::PlaceStep& a, const ir::PlaceStep& b) {
        return a.kind == b.kind && a.operand == b.operand;
    };
    if (load.place.variable != store.place.variable || !std::ranges::equal(load.place.steps, store.place.steps, same_step))
        return false;
    for (std::size_t i = 0; i < keys; ++i)
        if (!is_same_value(load.operands[i], store.operands[i])) return false;
    return true;
}

namespace {

bool keeps_state(const ir::Instruction& each) { return !ir::writes_of(each).intersects(vm::state_regions); }

// The instruction's place in the block; behind the end if it is elsewhere.
std::size_t place_in(const ir::Block& block, const ir::Instruction& instruction) {
    const auto is_it = [&](const ir::Instruction& each) { return &each == &instruction; };
    return static_cast<std::size_t>(std::ranges::find_if(block.instructions, is_it) - block.instructions.begin());
}

// Whether nothing is written to the state between the two places of a block.
bool is_quiet(const ir::Block& block, std::size_t from, std::size_t to) {
    const auto begin = block.instructions.begin();
    return std::all_of(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to), keeps_state);
}

// Whether nothing is written to the state between the load and the place in the block: it is there, or in the block before,
// of which the other way is undone.
bool is_just_before(const ir::Function& function, const ir::Instruction& load, const ir::Block& block, std::size_t at) {
    if (const std::size_t from = place_in(block, load); from < at) return is_quiet(block, from, at);
    const ir::Block* before = block_before(function, block);
    const std::size_t from = before ? place_in(*before, load) : 0;
    return before && from < before->instructions.size() && is_quiet(block, 0, at) &&
           is_quiet(*before, from, before->instructions.size());
}

// What the sum must be no more than, if it is asked for no more than that besides being stored: there, or in the block before.
std::optional<ir::Word> limit_before(const ir::Function& function, const ir::Instruction& sum, const ir::Block& block,
                                     std::size_t at, const Makers& made_by, const Uses& uses) {
    const ir::Block* before = block_before(function, block);
    const bool is_near = std::ranges::all_of(uses.users.at(sum.result.index), [&](const Uses::User& user) {
        return user.block == &block || user.block == before;
    });
    return is_near ? Caps(made_by, uses).most_of(sum.result, &block.instructions[at]) : std::nullopt;
}

// x - y, where all else that is done with x since it was loaded is to require that it is at least y, or to say so
// in what is undone: in the same block, or in the one before, which leads here alone.
class CheckedBefore {
  public:
    CheckedBefore(const ir::Function& function, const Makers& made_by)
        : function_(function), made_by_(made_by), uses_(function) {}

    [[nodiscard]] bool holds(const ir::Instruction& load, const ir::Instruction& difference, const ir::Block& block,
                             std::size_t store) const {
        const ir::Instruction* test = test_of(load, difference);
        if (!test) return false;
        const bool is_direct = is_at_least(*test, load.result);
        if (const std::size_t from = place_in(block, load); from < store) {
            const auto is_guard = [&](const ir::Instruction& each) {
                return each.op == Op::Guard && requires_it(each.operands[0], true, *test, is_direct);
            };
            const auto begin = block.instructions.begin();
            return is_quiet(block, from, store) &&
                   std::any_of(begin + static_cast<std::ptrdiff_t>(from),
                               begin + static_cast<std::ptrdiff_t>(place_in(block, difference)), is_guard);
        }
        const ir::Block* before = block_before(function_, block);
        if (!before || place_in(*before, load) == before->instructions.size()) return false;
        const ir::Terminator& fork = before->terminator;
        if (!is_quiet(block, 0, store)) return false;
        if (!is_quiet(*before, place_in(*before, load), before->instructions.size())) return false;
        const bool is_then = &function_.blocks.at(fork.then.block) == &block;
        return requires_it(fork.condition, is_then, *test, is_direct);
    }

  private:
    [[nodiscard]] bool is_undone(const ir::Block& block) const {
        const auto number = static_cast<std::uint32_t>(&block - function_.blocks.data());
        return surely_reverts(function_, {number, {}});
    }

    [[nodiscard]] const ir::Instruction* test_of(const ir::Instruction& load, const ir::Instruction& difference) const {
        const ir::Instruction* test = nullptr;
        for (const Uses::User& user : uses_.users.at(load.result.index)) {
            if (user.instruction == &difference || is_undone(*user.block)) continue;
            if (test || !user.instruction || user.instruction->operands.size() != 2) return nullptr;
            test = user.instruction;
        }
        if (!test || test->operands[0] == test->operands[1]) return nullptr;
        const ir::Value other = test->operands[test->operands[0] == load.result ? 1 : 0];
        const bool is_order =
            test->op == Op::Less || test->op == Op::LessEqual || test->op == Op::Greater || test->op == Op::GreaterEqual;
        const bool is_plain = is_at_least(*test, load.result) || is_below(*test, load.result);
        return is_order && is_plain && other == difference.operands[1] ? test : nullptr;
    }

    [[nodiscard]] static bool is_at_least(const ir::Instruction& test, ir::Value x) {
        return test.op == (test.operands[0] == x ? Op::GreaterEqual : Op::LessEqual);
    }
    [[nodiscard]] static bool is_below(const ir::Instruction& test, ir::Value x) {
        return test.op == (test.operands[0] == x ? Op::Less : Op::Greater);
    }

    // Whether the condition is `value` only if the test is `wanted`.
    [[nodiscard]] bool requires_it(ir::Value condition, bool value, const ir::Instruction& test, bool wanted) const {
        const ir::Instruction* made = made_by_.at(condition.index);
        while (made && made != &test && made->op == Op::Not) {
            value = !value;
            made = made_by_.at(made->operands[0].index);
        }
        if (!made || made == &test) return made && value == wanted;
        return is_of_both(*made, value) &&
               std::ranges::any_of(made->operands, [&](ir::Value each) { return requires_it(each, value, test, wanted); });
    }

    const ir::Function& function_;
    const Makers& made_by_;
    Uses uses_;
};

Access access_of_sum(const ir::Instruction& sum, bool is_checked_before) {
    constexpr unsigned wide_bits = 128;
    const bool is_wide = sum.type.bits >= wide_bits;
    if (sum.op == Op::Sub && (sum.checked || is_checked_before)) return is_wide ? Access::Subtract : Access::SmallSubtract;
    if (sum.op == Op::Sub) return Access::Shift;
    if (sum.checked) return is_wide ? Access::Add : Access::SmallAdd;
    return is_wide ? Access::LooseAdd : Access::Shift;
}

// Whether the block may follow itself.
bool is_repeated(const ir::Function& function, const ir::Block& block) {
    const auto number = static_cast<std::uint32_t>(&block - function.blocks.data());
    std::vector<bool> seen(function.blocks.size());
    std::vector<std::uint32_t> open{number};
    bool returns = false;
    while (!open.empty()) {
        const std::uint32_t index = open.back();
        open.pop_back();
        if (seen[index]) continue;
        seen[index] = true;
        ir::for_each_jump(function.blocks[index].terminator, [&](const ir::Jump& jump) {
            returns |= jump.block == number;
            open.push_back(jump.block);
        });
    }
    return returns;
}

}  // namespace

// Finds x += y and x -= y of unsigned numbers, where nothing else sees x before or after.
void Flow::Shape::find_increments(const ir::Function& function) {
    std::optional<Uses> uses;
    std::optional<CheckedBefore> checked_before;
    for (const ir::Block& block : function.blocks) {
        for (std::size_t at = 0; at < block.instructions.size(); ++at) {
            const ir::Instruction& store = block.instructions[at];
            const bool is_raw = is_evm(store, vm::Opcode::SSTORE);
            if (store.op != Op::Store && !is_raw) continue;
            const ir::Instruction* sum = made_by.at((is_raw ? store.operands[1] : store.operands.back()).index);
            if (!sum || (sum->op != Op::Add && sum->op != Op::Sub) || sum->type.kind != ir::TypeKind::Uint) continue;
            if (is_raw && sum->type.bits != 256) continue;
            if (!uses) uses.emplace(function);
            const bool is_only_stored = uses->users.at(sum->result.index).size() == 1;
            const auto limit = !is_only_stored && !is_raw && sum->op == Op::Add && sum->checked
                                   ? limit_before(function, *sum, block, at, made_by, *uses)
                                   : std::nullopt;
            if (!is_only_stored && !limit) continue;
            for (std::size_t side = 0; side < (sum->op == Op::Add ? 2u : 1u); ++side) {
                const ir::Instruction* load = made_by.at(sum->operands[side].index);
                if (!load || !is_load(*load) || is_raw != (load->op == Op::Evm) || !is_same_place(*load, store)) continue;
                bool is_found = is_just_before(function, *load, block, at) && uses->users.at(load->result.index).size() == 1;
                bool is_checked_before = false;
                if (sum->op == Op::Sub && !(sum->checked && is_found) && !(sum->operands[0] == sum->operands[1])) {
                    if (!checked_before) checked_before.emplace(function, made_by);
                    const auto is_asked = [&](const ir::Instruction* each) {  // with what was loaded then, or before
                        const bool is_there = each && is_load(*each) && is_raw == (each->op == Op::Evm) &&
                                              (is_found ? is_same_place(*each, store) : each == load);
                        return is_there && checked_before->holds(*each, *sum, block, at);
                    };
                    const auto asked = std::ranges::find_if(made_by, is_asked);
                    is_checked_before = asked != made_by.end();
                    is_found |= is_checked_before;
                    if (is_checked_before) increments[*asked] = access_of_sum(*sum, true);  // that is no look of its own
                }
                if (!is_found) continue;
                increments[load] = increments[&store] = access_of_sum(*sum, is_checked_before);
                addends[&store] = sum->operands[1 - side];
                if (limit) capped[&store] = *limit;
                const ir::Instruction* seen = made_by.at(sum->operands[1 - side].index);
                if (increments[&store] == Access::Subtract && seen && is_load(*seen) && is_same_place(*seen, store) &&
                    !is_repeated(function, block))
                    increments[load] = increments[&store] = Access::SubtractSeen;
                const ir::Instruction* added_word = sum->op == Op::Add ? made_by.at(sum->operands[1 - side].index) : nullptr;
                if (sum->checked && added_word && added_word->op == Op::Constant && !added_word->word.is_zero())
                    counts.insert(&store);
                break;
            }
        }
    }
    for (auto& [instruction, access] : increments)
        if (access == Access::LooseAdd && addends.contains(instruction) && !is_backed(function, *instruction)) {
            access = Access::Shift;
            const ir::Instruction* sum = made_by.at(instruction->operands.back().index);
            for (const ir::Value each : sum->operands)
                if (const auto load = increments.find(made_by.at(each.index)); load != increments.end())
                    load->second = Access::Shift;
        }
}

// Whether every way to the store of x + y, unchecked, passes a sum or difference of y that is checked: what is moved was taken
// from somewhere, or is part of a total. Or y is a small constant, of which nobody can add enough.
bool Flow::Shape::is_backed(const ir::Function& function, const ir::Instruction& store) const {
    const ir::Value added = addends.at(&store);
    if (const auto constant = constant_in(made_by, added); constant && *constant < (ir::Word{1} << few_bits)) return true;
    const auto is_checked = [&](const ir::Instruction& each) {
        const auto access = increments.find(&each);
        const auto addend = addends.find(&each);
        return access != increments.end() && addend != addends.end() && is_same_value(addend->second, added) &&
               (access->second == Access::Add || access->second == Access::Subtract ||
                access->second == Access::SubtractSeen);
    };
    std::vector<bool> seen(function.blocks.size());
    std::vector<std::uint32_t> open{0};
    while (!open.empty()) {
        const std::uint32_t index = open.back();
        open.pop_back();
        if (seen[index]) continue;
        seen[index] = true;
        const ir::Block& block = function.blocks[index];
        const auto found = std::ranges::find_if(
            block.instructions, [&](const ir::Instruction& each) { return &each == &store || is_checked(each); });
        if (found == block.instructions.end())
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        else if (&*found == &store) return false;
    }
    return true;
}

}  // namespace interlock::analyzer::prover
