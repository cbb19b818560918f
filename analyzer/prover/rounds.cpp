#include "analyzer/prover/rounds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/prover/known.hpp"
#include "analyzer/prover/looks_around.hpp"
#include "analyzer/prover/struct_copies.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether it writes state, or calls others.
bool acts(const ir::Contract& contract, const ir::Block& block, std::set<std::uint32_t>& seen) {
    return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
        if (each.op != Op::InternalCall) return ir::writes_of(each).intersects(vm::state_regions);
        return seen.insert(each.callee).second &&
               std::ranges::any_of(contract.functions.at(each.callee).blocks, [&](const ir::Block& inside) {
                   return inside.terminator.kind == ir::Terminator::Kind::External || acts(contract, inside, seen);
               });
    });
}

// One loop of a function, and what it is made of.
class Loop {
  public:
    Loop(const ir::Contract& contract, const ir::Function& function, ir::BlockIndex head)
        : contract_(contract), function_(function), head_(head), made_by_(makers_of(function)) {}

    std::optional<Rounds> rounds() {
        if (!find_parts()) return std::nullopt;
        for (const ir::Parameter& each : function_.blocks[head_].parameters) {
            count_ = each.value;
            for (std::optional<ir::Value>* bound : {&falls_from_, &rises_from_, &rises_to_}) bound->reset();
            if (each.type.kind == ir::TypeKind::Uint && counts() && uses_are_plain() && ends_plainly())
                return Rounds{head_, parts_,
                              places([&](ir::Value value) { return is_bound(value) || lengths_.contains(value.index); }),
                              places([&](ir::Value value) { return arrays_.contains(value.index); })};
        }
        return std::nullopt;
    }

  private:
    using Part = Rounds::Part;

    [[nodiscard]] const ir::Instruction* maker(ir::Value value) const { return made_by_.at(value.index); }
    [[nodiscard]] bool is_constant(ir::Value value) const { return maker(value) && maker(value)->op == Op::Constant; }
    [[nodiscard]] bool is_constant(ir::Value value, std::uint64_t word) const {
        return is_constant(value) && maker(value)->word == ir::Word{word};
    }
    [[nodiscard]] bool is_parameter(ir::Value value) const {
        return std::ranges::any_of(function_.blocks.front().parameters,
                                   [&](const ir::Parameter& each) { return each.value == value; });
    }
    // Of an array in call data it is a parameter, of one in memory the word at its place.
    [[nodiscard]] bool is_length(ir::Value value) const {
        if (const ir::Instruction* made = maker(value))
            return is_evm(*made, vm::Opcode::MLOAD) && arrays_.contains(made->operands[0].index);
        return lengths_.contains(value.index);
    }

    std::vector<bool> reached_from(ir::BlockIndex from) const {
        std::vector<bool> seen(function_.blocks.size());
        std::vector<ir::BlockIndex> open{from};
        while (!open.empty()) {
            const ir::BlockIndex block = open.back();
            open.pop_back();
            if (seen[block]) continue;
            seen[block] = true;
            ir::for_each_jump(function_.blocks[block].terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return seen;
    }

    // The loop: what the head dominates, and from which it follows again. No other loop may be around it.
    bool find_parts() {
        const ir::Dominators dominators(function_.blocks);
        const std::vector<bool> after = reached_from(head_);
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            const bool leads = dominators.is_reachable(block) && reached_from(block)[head_];
            const bool is_inside = leads && after[block];
            if (is_inside && !dominators.dominates(head_, block)) return false;
            parts_.push_back(is_inside ? Part::Loop : leads ? Part::Before : Part::Behind);
        }
        return head_ != 0;
    }

    // The count rises from zero or a number to another one, or falls from one to zero.
    bool counts() {
        const auto place = place_in(function_.blocks[head_], count_);
        std::set<std::uint32_t> first, next;
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block)
            ir::for_each_jump(function_.blocks[block].terminator, [&](const ir::Jump& jump) {
                if (jump.block != head_ || parts_[block] == Part::Behind) return;
                (parts_[block] == Part::Before ? first : next).insert(jump.arguments.data()[place].index);
            });
        const auto begins_at_zero = [&](std::uint32_t each) { return is_constant(ir::Value{each}, 0); };
        if (!std::ranges::all_of(first, begins_at_zero)) {
            if (first.size() != 1 || !is_parameter(ir::Value{*first.begin()})) return false;
            const bool falls = std::ranges::any_of(next, [&](std::uint32_t each) { return is_step(each, Op::Sub); });
            (falls ? falls_from_ : rises_from_) = ir::Value{*first.begin()};
        }
        if (rises_from_ && !find_end()) return false;
        return std::ranges::all_of(next, [&](std::uint32_t each) { return is_next(ir::Value{each}); }) &&
               asks_for_the_count();
    }

    // Finds the parameter to which the count rises.
    bool find_end() {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (const auto end = compared_with_count(each); end && is_parameter(*end) && !rises_to_) rises_to_ = end;
        return rises_to_.has_value();
    }

    [[nodiscard]] static std::size_t place_in(const ir::Block& block, ir::Value parameter) {
        return static_cast<std::size_t>(std::ranges::find(block.parameters, parameter, &ir::Parameter::value) -
                                        block.parameters.begin());
    }

    // Finds what the head gets but for the count, and what is made of that: sums that are carried through the rounds.
    void find_carried() {
        carried_.clear();
        for (const ir::Parameter& each : function_.blocks[head_].parameters)
            if (each.value != count_) carried_.insert(each.value.index);
        for (std::size_t before = 0; before != carried_.size();) {
            before = carried_.size();
            for (const ir::Block& block : function_.blocks) {
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Add && is_carried(each)) carried_.insert(each.result.index);
                ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                    for (std::size_t i = 0; i < jump.arguments.size() && jump.block != head_; ++i)
                        if (carried_.contains(jump.arguments.data()[i].index))
                            carried_.insert(function_.blocks[jump.block].parameters.at(i).value.index);
                });
            }
        }
    }
    [[nodiscard]] bool is_carried(const ir::Instruction& each) const {
        return std::ranges::any_of(each.operands, [&](ir::Value value) { return carried_.contains(value.index); });
    }
    // Whether it only adds to such a sum, or leaves it behind the loop.
    [[nodiscard]] bool only_carries(const ir::Instruction& each, Part part) const {
        if (each.op == Op::Add) return true;
        return each.op == Op::Store && part == Part::Behind &&
               std::none_of(each.operands.begin(), each.operands.end() - 1,
                            [&](ir::Value value) { return carried_.contains(value.index); });
    }

    // Whether each round begins with the question whether the count is at its end, and leaves the loop if it is. Others may be
    // asked before.
    [[nodiscard]] bool asks_for_the_count() const {
        constexpr int most_questions = 6;
        ir::BlockIndex at = head_;
        for (int i = 0; i < most_questions; ++i) {
            const ir::Terminator& end = function_.blocks[at].terminator;
            if (end.kind != ir::Terminator::Kind::Branch || acts(at)) return false;
            const bool stays = parts_[end.then.block] == Part::Loop, may_stay = parts_[end.otherwise.block] == Part::Loop;
            if (stays && may_stay) {
                const auto join = join_of(end);
                if (!join) return false;
                at = *join;
            } else {
                if (is_below_end(end.condition, stays)) return true;
                at = (stays ? end.then : end.otherwise).block;
            }
            if (at == head_ || parts_[at] != Part::Loop) return false;
        }
        return false;
    }

    [[nodiscard]] bool acts(ir::BlockIndex block) const {
        std::set<std::uint32_t> seen;
        return prover::acts(contract_, function_.blocks[block], seen);
    }

    // Where both ways meet again, of which one asks something more: as a && b is computed.
    [[nodiscard]] std::optional<ir::BlockIndex> join_of(const ir::Terminator& fork) const {
        for (const auto& [longer, shorter] : {std::pair{fork.then, fork.otherwise}, std::pair{fork.otherwise, fork.then}}) {
            const ir::Terminator& end = function_.blocks[longer.block].terminator;
            const bool joins = end.kind == ir::Terminator::Kind::Jump && end.then.block == shorter.block;
            if (joins && longer.block != head_ && !acts(longer.block)) return shorter.block;
        }
        return std::nullopt;
    }

    // The same of a word that depends on the way that led to it.
    [[nodiscard]] bool is_below_end_on_each_way(ir::Value condition, bool holds, int depth) const {
        for (ir::BlockIndex to = 0; to < function_.blocks.size(); ++to) {
            const auto& parameters = function_.blocks[to].parameters;
            const auto parameter = std::ranges::find(parameters, condition, &ir::Parameter::value);
            if (parameter == parameters.end() || to == head_) continue;
            const auto position = static_cast<std::size_t>(parameter - parameters.begin());
            bool is_so = true;
            for (ir::BlockIndex from = 0; from < function_.blocks.size(); ++from) {
                const ir::Terminator& end = function_.blocks[from].terminator;
                ir::for_each_jump(end, [&](const ir::Jump& jump) {
                    if (jump.block != to) return;
                    const ir::Value passed = jump.arguments.data()[position];
                    const bool forks = end.kind == ir::Terminator::Kind::Branch && end.then.block != end.otherwise.block;
                    const bool is_then = &jump == &end.then;
                    // What was asked is passed on, and came out otherwise.
                    const bool is_never = forks && passed == end.condition && is_then != holds;
                    is_so &= is_never || is_below_end(passed, holds, depth) ||
                             (forks && is_below_end(end.condition, is_then, depth)) || comes_below_end(from, depth);
                });
            }
            return is_so;
        }
        return false;
    }

    // Whether only a fork leads to the block, on a side on which the count is not at its end.
    [[nodiscard]] bool comes_below_end(ir::BlockIndex block, int depth) const {
        bool is_so = block != head_;
        for (const ir::Block& each : function_.blocks) {
            const ir::Terminator& end = each.terminator;
            ir::for_each_jump(end, [&](const ir::Jump& jump) {
                if (jump.block != block) return;
                const bool forks = end.kind == ir::Terminator::Kind::Branch && end.then.block != end.otherwise.block;
                is_so &= forks && maker(end.condition) && is_below_end(end.condition, &jump == &end.then, depth);
            });
        }
        return is_so;
    }

    // Whether the condition comes out so only if the count is not at its end.
    [[nodiscard]] bool is_below_end(ir::Value condition, bool holds, int depth = 0) const {
        constexpr int most_depth = 6;
        if (depth == most_depth) return false;
        const ir::Instruction* made = maker(condition);
        if (!made) return is_below_end_on_each_way(condition, holds, depth + 1);
        if (made->type.kind != ir::TypeKind::Bool) return false;
        if (made->op == Op::Not) return is_below_end(made->operands[0], !holds, depth + 1);
        if (made->op == (holds ? Op::And : Op::Or))
            return std::ranges::any_of(made->operands, [&](ir::Value each) { return is_below_end(each, holds, depth + 1); });
        if (made->operands.size() != 2 || (made->operands[0] == count_) == (made->operands[1] == count_)) return false;
        const bool is_first = made->operands[0] == count_;
        const ir::Value other = made->operands[is_first ? 1 : 0];
        if (made->op == (holds ? Op::NotEqual : Op::Equal)) return !rises_from_ && (!falls_from_ || is_constant(other, 0));
        if ((falls_from_ && !is_constant(other, 0)) || (rises_to_ && other != *rises_to_)) return false;
        if (falls_from_ && holds) return made->op == (is_first ? Op::Greater : Op::Less);
        if (falls_from_) return made->op == (is_first ? Op::LessEqual : Op::GreaterEqual);
        if (holds) return made->op == (is_first ? Op::Less : Op::Greater);
        return made->op == (is_first ? Op::GreaterEqual : Op::LessEqual);
    }

    [[nodiscard]] bool is_next(ir::Value value) const { return is_step(value.index, falls_from_ ? Op::Sub : Op::Add); }
    [[nodiscard]] bool is_step(std::uint32_t value, Op op) const {
        const ir::Instruction* made = made_by_.at(value);
        return made && made->op == op && made->operands[0] == count_ && is_constant(made->operands[1], 1);
    }

    // How far the element of this round lies behind the first one: the count times a constant.
    [[nodiscard]] bool is_distance(ir::Value value) const {
        const ir::Instruction* made = maker(value);
        return made && made->op == Op::Mul &&
               ((made->operands[0] == count_ && is_constant(made->operands[1])) ||
                (made->operands[1] == count_ && is_constant(made->operands[0])));
    }

    // Where this round's element of an array, or a field of it, is.
    [[nodiscard]] bool is_element_place(ir::Value value) const {
        const ir::Instruction* made = maker(value);
        if (!made || made->op != Op::Add) return false;
        const ir::Value a = made->operands[0], b = made->operands[1];
        if (is_parameter(a) && is_distance(b)) return true;
        return is_element_place(a) && is_constant(b);
    }

    // Whether it is an address that a function has answered in the loop, or one a little behind it: no round writes where
    // another one has, and functions look nowhere else.
    [[nodiscard]] bool is_of_round(ir::Value address) const {
        const ir::Instruction* made = maker(address);
        if (made && made->op == Op::Add && is_constant(made->operands[1])) return is_of_round(made->operands[0]);
        if (!made || made->op != Op::Result) return false;
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block)
            for (const ir::Instruction& each : function_.blocks[block].instructions)
                if (&each == made) return parts_[block] == Part::Loop;
        return false;
    }

    // Follows addresses behind the free-memory pointer, where the compiler puts what is passed on: it is new in each round. How
    // far two of them are from each other is none, if both begin at one pointer.
    void find_new_memory() {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (is_free_memory_pointer(made_by_, &each)) new_memory_[each.result.index] = each.result.index;
                else if (is_memory_arithmetic(each.op) && is_new_memory(each))
                    if (const auto begins = beginning_of(each); begins != no_beginning)
                        new_memory_[each.result.index] = begins;
    }
    [[nodiscard]] static bool is_memory_arithmetic(Op op) { return op == Op::Add || op == Op::Sub || op == Op::And; }
    [[nodiscard]] bool is_new_memory(ir::Value value) const { return new_memory_.contains(value.index); }
    [[nodiscard]] bool is_new_memory(const ir::Instruction& each) const {
        return std::ranges::any_of(each.operands, [&](ir::Value value) { return is_new_memory(value); });
    }
    // Returns the pointer from which a sum or a difference is so many bytes away; `no_beginning` if it is a number of bytes.
    [[nodiscard]] std::uint32_t beginning_of(const ir::Instruction& each) const {
        const auto begins = [&](std::size_t i) {
            const auto found = new_memory_.find(each.operands[i].index);
            return found == new_memory_.end() ? no_beginning : found->second;
        };
        if (each.operands.size() != 2 || each.op == Op::And) return some_beginning;
        const std::uint32_t left = begins(0), right = begins(1);
        if (right == no_beginning) return left;
        if (each.op == Op::Add) return left == no_beginning ? right : some_beginning;
        return left == right && left != some_beginning ? no_beginning : some_beginning;
    }

    // Whether it only computes such addresses, writes there, moves the pointer, or calls what was written there bytes. Where
    // memory begins is not written.
    [[nodiscard]] bool writes_new_memory(const ir::Instruction& each) const {
        if (is_free_memory_pointer(made_by_, &each) || is_memory_arithmetic(each.op)) return true;
        if (each.op == Op::Reinterpret) return each.type.kind == ir::TypeKind::Bytes;
        if (!is_evm(each, vm::Opcode::MSTORE)) return false;
        if (is_free_memory_pointer_at(each.operands[0])) return only_rises(each.operands[1]);
        return is_new_memory(each.operands[0]) && !is_new_memory(each.operands[1]);
    }
    // A pointer that falls would make old memory new.
    [[nodiscard]] bool only_rises(ir::Value pointer) const {
        const ir::Instruction* made = maker(pointer);
        return made && (made->op == Op::Add || made->op == Op::And);
    }
    [[nodiscard]] bool is_free_memory_pointer_at(ir::Value address) const {
        constexpr std::uint64_t slot = 64;
        return is_constant(address, slot);
    }

    // Whether it is, of a call of a method, no more than where that lies which is passed on, and how long it is: all of it was
    // written in this round.
    [[nodiscard]] bool only_passes_on(const ir::Terminator& end, ir::Value value) const {
        if (end.kind != ir::Terminator::Kind::External || end.call.kind != ir::ExternalCall::Kind::Raw) return false;
        if (!end.call.is_of_method || is_watched(value)) return false;
        constexpr std::ptrdiff_t memory_words =
            4;  // the last ones: where the data lie, and the answer, and how long these are
        const auto& words = end.call.arguments;
        return words.size() > memory_words &&
               std::find(words.begin(), words.end() - memory_words, value) == words.end() - memory_words &&
               std::ranges::find(end.call.next.arguments, value) == end.call.next.arguments.end();
    }

    // Finds which parameters are arrays and lengths, and looks at every use of them, of the count, and of what is made of it.
    bool uses_are_plain() {
        find_new_memory();
        find_carried();
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Add && is_parameter(each.operands[0]) && is_distance(each.operands[1]))
                    arrays_.insert(each.operands[0].index);
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (const auto end = compared_with_count(each); end && is_parameter(*end)) lengths_.insert(end->index);
        bool is_plain = true;
        for (ir::BlockIndex index = 0; index < function_.blocks.size() && is_plain; ++index) {
            const ir::Block& block = function_.blocks[index];
            HashedWords hashed(made_by_);
            for (const ir::Instruction& each : block.instructions) {
                const bool is_hashed = hashed.pass(each);
                if (each.op == Op::Emit) continue;  // nobody reads what events say
                if (is_carried(each)) is_plain &= only_carries(each, parts_[index]) && uses_nothing_watched(each);
                else is_plain &= is_hashed ? uses_nothing_watched(each) : is_plain_use(each);
            }
            const bool returns = block.terminator.kind == ir::Terminator::Kind::Return;
            ir::for_each_use(block.terminator, [&](ir::Value value) {
                const bool stays = is_kept_back(value) && !only_passes_on(block.terminator, value);
                is_plain &= returns ? value == count_ && !falls_from_ && !rises_from_ : !stays;
            });
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                for (const ir::Value value : jump.arguments)
                    is_plain &= !is_kept_back(value) ||
                                (jump.block == head_ && (is_next(value) || value == falls_from_ || value == rises_from_));
            });
            const bool asks = block.terminator.kind != ir::Terminator::Kind::Jump;
            ir::for_each_use(block.terminator,
                             [&](ir::Value value) { is_plain &= !asks || !carried_.contains(value.index); });
        }
        return is_plain;
    }

    // Whether, where rounds may look at the count, nothing behind the loop looks at what is made there: it ends elsewhere in each
    // part.
    [[nodiscard]] bool ends_plainly() const {
        if (!rises_from_) return true;
        std::set<std::uint32_t> inside;
        bool is_plain = true;
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            const ir::Block& each = function_.blocks[block];
            if (parts_[block] != Part::Loop) continue;
            for (const ir::Parameter& parameter : each.parameters) inside.insert(parameter.value.index);
            for (const ir::Instruction& made : each.instructions)
                if (made.result) inside.insert(made.result.index);
            ir::for_each_jump(each.terminator, [&](const ir::Jump& jump) {
                is_plain &= parts_[jump.block] == Part::Loop || jump.arguments.empty();
            });
        }
        const auto looks = [&](ir::Value value) { is_plain &= !inside.contains(value.index); };
        for (ir::BlockIndex block = 0; block < function_.blocks.size(); ++block) {
            const ir::Block& each = function_.blocks[block];
            if (parts_[block] != Part::Behind) continue;
            for (const ir::Instruction& made : each.instructions)
                if (made.op != Op::Emit) std::ranges::for_each(made.operands, looks);
            ir::for_each_use(each.terminator, looks);
            ir::for_each_jump(each.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, looks); });
        }
        return is_plain;
    }

    // What the count is compared with, if that is all.
    [[nodiscard]] std::optional<ir::Value> compared_with_count(const ir::Instruction& each) const {
        if (each.operands.size() != 2 || each.type.kind != ir::TypeKind::Bool || !orders_of(each.op)) return std::nullopt;
        if ((each.operands[0] == count_) == (each.operands[1] == count_)) return std::nullopt;
        return each.operands[each.operands[0] == count_ ? 1 : 0];
    }

    [[nodiscard]] bool is_watched(ir::Value value) const {
        if (is_bound(value) || arrays_.contains(value.index)) return true;
        return (is_counted(value) && !rises_from_) || is_length(value) || is_element_place(value);
    }
    // Made of the count alone.
    [[nodiscard]] bool is_counted(ir::Value value) const { return value == count_ || is_next(value) || is_distance(value); }
    // The same for what a block passes on.
    [[nodiscard]] bool is_kept_back(ir::Value value) const { return is_watched(value) || new_memory_.contains(value.index); }

    [[nodiscard]] bool is_plain_use(const ir::Instruction& each) {
        const auto operand = [&](std::size_t i) { return each.operands[i]; };
        if (is_new_memory(each) || is_free_memory_pointer(made_by_, &each))
            return writes_new_memory(each) && uses_nothing_watched(each);
        if (is_evm(each, vm::Opcode::CALLDATALOAD)) return is_element_place(operand(0));
        if (is_evm(each, vm::Opcode::MLOAD))
            return is_element_place(operand(0)) || arrays_.contains(operand(0).index) || is_of_round(operand(0));
        if (looks_around(each)) return false;
        if (each.op == Op::InternalCall && copies_from_memory(contract_.functions.at(each.callee)))
            return is_of_round(each.operands.back()) && uses_nothing_watched(each);
        if (each.op == Op::InternalCall && looks_around(contract_, each.callee, seen_)) return false;
        if (is_of_bounds(each)) return true;
        if (const auto end = compared_with_count(each); end && !rises_from_)
            return falls_from_ ? is_constant(*end, 0) : is_length(*end);
        if (each.op == Op::Equal && is_length(operand(0))) return is_length(operand(1));
        if (each.result && (is_next(each.result) || is_distance(each.result) || is_element_place(each.result))) return true;
        return uses_nothing_watched(each);
    }
    // Whether it compares what the count rises to with the count, or with where that begins: less, unless there is no round.
    [[nodiscard]] bool is_of_bounds(const ir::Instruction& each) const {
        if (!rises_from_ || each.operands.size() != 2 || each.type.kind != ir::TypeKind::Bool || !orders_of(each.op))
            return false;
        const auto is = [&](std::size_t i, std::optional<ir::Value> value) { return each.operands[i] == value; };
        const auto begins = [&](std::size_t i) { return is(i, count_) || is(i, rises_from_); };
        return (begins(0) && is(1, rises_to_)) || (is(0, rises_to_) && begins(1));
    }
    [[nodiscard]] bool uses_nothing_watched(const ir::Instruction& each) const {
        return std::ranges::none_of(each.operands, [&](ir::Value value) { return is_watched(value); });
    }

    [[nodiscard]] bool is_bound(ir::Value value) const {
        return value == falls_from_ || value == rises_from_ || value == rises_to_;
    }
    template <class Is>
    [[nodiscard]] std::set<std::size_t> places(const Is& is) const {
        std::set<std::size_t> found;
        const std::vector<ir::Parameter>& all = function_.blocks.front().parameters;
        for (std::size_t i = 0; i < all.size(); ++i)
            if (is(all[i].value)) found.insert(i);
        return found;
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const ir::BlockIndex head_;
    std::vector<const ir::Instruction*> made_by_;  // by value; null for parameters of blocks
    std::vector<Part> parts_;
    ir::Value count_;
    std::optional<ir::Value> falls_from_;             // where it falls: the parameter
    std::optional<ir::Value> rises_from_, rises_to_;  // where it rises from one parameter to another one
    std::set<std::uint32_t> arrays_, lengths_;        // values of parameters
    // Addresses behind the free-memory pointer, each with the value that was read of it, or `some_beginning`.
    std::map<std::uint32_t, std::uint32_t> new_memory_;
    static constexpr std::uint32_t no_beginning = ~0u, some_beginning = no_beginning - 1;
    std::set<std::uint32_t> carried_;  // sums of what was done in each round, which only records and events get
    std::set<std::uint32_t> seen_;     // functions that look nowhere
};

}  // namespace

std::optional<Rounds> rounds_of(const ir::Contract& contract, const ir::Function& function) {
    for (ir::BlockIndex block = 0; block < function.blocks.size(); ++block) {
        if (!function.blocks[block].is_loop_head) continue;
        if (auto rounds = Loop(contract, function, block).rounds()) return rounds;
    }
    return std::nullopt;
}

}  // namespace interlock::analyzer::prover
