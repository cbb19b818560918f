#include "analyzer/prover/counted_numbers.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/counting_loops.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Writes out what is known of the loops of one counter.
class Writing {
  public:
    Writing(ir::Contract& contract, std::uint32_t counter) : contract_(contract), counter_(counter) {
        ir::StorageType word;
        word.name = "uint256";
        word.value = ir::uint256_type;
        lock_ = static_cast<std::uint32_t>(contract.state.size());
        ir::StateVariable lock = contract.state[counter];
        lock.name += "'s lock";
        lock.type = static_cast<ir::StorageTypeIndex>(contract.storage_types.size());
        lock.is_public = false;
        lock.slot = ir::Word{0} - ir::Word{1 + lock_};  // where nothing else lies
        lock.offset = 0;
        contract.storage_types.push_back(std::move(word));
        contract.state.push_back(std::move(lock));
    }

    // Who raises the counter finds the lock open.
    void guard(ir::Function& function) const {
        for (ir::Block& block : function.blocks)
            for (std::size_t i = 0; i < block.instructions.size(); ++i) {
                if (!is_at_variable(block.instructions[i], Op::Store, counter_)) continue;
                ask_for_lock(function, block, i);
                i += 4;
            }
    }

    void write_out(ir::Function& function, const CountingLoop& loop) const {
        compute_number(function, loop);
        // The last round, which goes on behind the loop.
        const ir::Terminator fork = function.blocks[loop.head].terminator;
        const ir::Jump out = loop.goes_in_if ? fork.otherwise : fork.then;
        const ir::Jump in = loop.goes_in_if ? fork.then : fork.otherwise;
        std::map<ir::BlockIndex, ir::BlockIndex> copy_of;
        for (const ir::BlockIndex each : loop.blocks)
            if (each != loop.head) copy_of[each] = static_cast<ir::BlockIndex>(function.blocks.size() + copy_of.size());
        std::map<std::uint32_t, ir::Value> names;
        for (const auto& [block, copy] : copy_of) {
            for (const ir::Parameter& each : function.blocks[block].parameters)
                names[each.value.index] = new_value(function);
            for (const ir::Instruction& each : function.blocks[block].instructions)
                if (each.result) names[each.result.index] = new_value(function);
        }
        const auto rename = [&](ir::Value& value) {
            if (const auto found = value ? names.find(value.index) : names.end(); found != names.end())
                value = found->second;
        };
        for (const auto& [index, copy] : copy_of) {
            ir::Block block = function.blocks[index];
            for (ir::Parameter& each : block.parameters) rename(each.value);
            for (ir::Instruction& each : block.instructions) {
                std::ranges::for_each(each.operands, rename);
                rename(each.result);
            }
            ir::for_each_use(block.terminator, rename);
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) {
                if (jump.block == loop.head) {
                    jump = out;
                } else {
                    std::ranges::for_each(jump.arguments, rename);
                    if (const auto found = copy_of.find(jump.block); found != copy_of.end()) jump.block = found->second;
                }
            });
            function.blocks.push_back(std::move(block));
        }
        // The other rounds lock.
        for (const ir::BlockIndex each : loop.blocks) {
            ir::Block& block = function.blocks[each];
            bool goes_back = false;
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { goes_back |= jump.block == loop.head; });
            if (goes_back && each != loop.head) put(function, block, block.instructions.size(), 0);
        }
        ir::Block& raising = function.blocks[loop.raise.block];
        const auto raise = std::ranges::find_if(
            raising.instructions, [&](const ir::Instruction& each) { return is_at_variable(each, Op::Store, counter_); });
        put(function, raising, static_cast<std::size_t>(raise - raising.instructions.begin()) + 1, 1);
        ask_for_next(function, loop, in, {copy_of.at(in.block), in.arguments});
        if (loop.quantity) tell_nothing_apart(function, loop);
    }

  private:
    static ir::Value new_value(ir::Function& function) { return {function.values++}; }
    static void insert(ir::Block& block, std::size_t at, std::vector<ir::Instruction> those) {
        block.instructions.insert(block.instructions.begin() + static_cast<std::ptrdiff_t>(at),
                                  std::make_move_iterator(those.begin()), std::make_move_iterator(those.end()));
    }
    [[nodiscard]] static ir::Instruction constant(ir::Function& function, std::uint64_t word) {
        ir::Instruction made;
        made.op = Op::Constant;
        made.type = ir::uint256_type;
        made.word = ir::Word{word};
        made.result = new_value(function);
        return made;
    }
    [[nodiscard]] ir::Instruction access(Op op, const lang::SourceRange& range) const {
        ir::Instruction made;
        made.op = op;
        made.type = ir::uint256_type;
        made.place.variable = lock_;
        made.range = range;
        return made;
    }
    void ask_for_lock(ir::Function& function, ir::Block& block, std::size_t at) const {
        const lang::SourceRange range =
            at < block.instructions.size() ? block.instructions[at].range : block.terminator.range;
        ir::Instruction load = access(Op::Load, range), zero = constant(function, 0), equal, test;
        load.result = new_value(function);
        equal.op = Op::Equal;
        equal.type = ir::bool_type;
        equal.operands = {load.result, zero.result};
        equal.result = new_value(function);
        equal.range = range;
        test.op = Op::Guard;
        test.operands = {equal.result};
        test.range = range;
        insert(block, at, {load, zero, equal, test});
    }
    void put(ir::Function& function, ir::Block& block, std::size_t at, std::uint64_t word) const {
        ir::Instruction made = constant(function, word), store = access(Op::Store, {});
        store.operands = {made.result};
        insert(block, at, {made, store});
    }

    // Instead of what the loop counts, the number is what the counter holds, and the offset.
    void compute_number(ir::Function& function, const CountingLoop& loop) const {
        ir::Block& block = function.blocks[loop.number.block];
        ir::Instruction load = access(Op::Load, {}), offset = constant(function, 0);
        load.place.variable = counter_;
        load.result = new_value(function);
        offset.word = loop.offset;
        ir::Instruction sum;
        sum.op = Op::Add;
        sum.type = ir::uint256_type;
        sum.checked = true;
        sum.operands = {load.result, offset.result};
        if (!loop.is_counted_itself) {
            sum.range = block.instructions[loop.number.at].range;
            sum.result = block.instructions[loop.number.at].result;
            block.instructions[loop.number.at] = std::move(sum);
            return insert(block, loop.number.at, {load, offset});
        }
        const ir::Value counted = function.blocks[loop.head].parameters[loop.counted].value;
        std::set<std::uint32_t> next;  // what the loop counts up to
        for (const ir::BlockIndex each : loop.blocks)
            ir::for_each_jump(function.blocks[each].terminator, [&](const ir::Jump& jump) {
                if (jump.block == loop.head) next.insert(jump.arguments.data()[loop.counted].index);
            });
        sum.result = new_value(function);
        for (const ir::BlockIndex each : loop.blocks) {
            if (each == loop.head) continue;
            for (ir::Instruction& instruction : function.blocks[each].instructions)
                if (!instruction.result || !next.contains(instruction.result.index))
                    std::ranges::replace(instruction.operands, counted, sum.result);
        }
        insert(block, 0, {load, offset, sum});
    }

    // Behind the head: whether a round comes behind this one.
    static void ask_for_next(ir::Function& function, const CountingLoop& loop, const ir::Jump& in, const ir::Jump& last) {
        ir::Block ask;
        const ir::Block& head = function.blocks[loop.head];
        ir::Instruction one = constant(function, 1), next;
        next.op = Op::Add;
        next.type = ir::uint256_type;
        next.operands = {head.parameters[loop.counted].value, one.result};
        next.result = new_value(function);
        std::map<std::uint32_t, ir::Value> names{{head.parameters[loop.counted].value.index, next.result}};
        ask.instructions = {one, next};
        const auto rename = [&](ir::Value& value) {
            if (const auto found = names.find(value.index); found != names.end()) value = found->second;
        };
        for (ir::Instruction each : head.instructions) {
            const auto turns = [&](ir::Value value) { return names.contains(value.index); };
            if (std::ranges::none_of(each.operands, turns)) continue;
            std::ranges::for_each(each.operands, rename);
            if (each.result) each.result = names[each.result.index] = new_value(function);
            ask.instructions.push_back(std::move(each));
        }
        ask.terminator = head.terminator;
        rename(ask.terminator.condition);
        ask.terminator.then = loop.goes_in_if ? in : last;
        ask.terminator.otherwise = loop.goes_in_if ? last : in;
        const auto place = static_cast<ir::BlockIndex>(function.blocks.size());
        ir::Terminator& end = function.blocks[loop.head].terminator;
        (loop.goes_in_if ? end.then : end.otherwise) = {place, {}};
        function.blocks.push_back(std::move(ask));
    }

    // Who takes no numbers has a copy of the function without the loop, and any lock is nothing to it; who takes some finds it
    // open before the loop.
    void tell_nothing_apart(ir::Function& function, const CountingLoop& loop) const {
        const auto size = static_cast<ir::BlockIndex>(function.blocks.size());
        const std::uint32_t values = function.values;
        const auto rename = [&](ir::Value& value) {
            if (value) value.index += values;
        };
        std::vector<ir::Block> all(1);
        for (const bool is_copy : {false, true})
            for (ir::BlockIndex b = 0; b < size; ++b) {
                ir::Block block = function.blocks[b];
                if (is_copy && b == loop.head) {
                    ir::Terminator jump;
                    jump.kind = ir::Terminator::Kind::Jump;
                    jump.then = block.terminator.otherwise;
                    jump.range = block.terminator.range;
                    block.terminator = std::move(jump);
                }
                ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { jump.block += is_copy ? size + 1 : 1; });
                if (is_copy) {
                    for (ir::Parameter& each : block.parameters) rename(each.value);
                    for (ir::Instruction& each : block.instructions) {
                        std::ranges::for_each(each.operands, rename);
                        rename(each.result);
                    }
                    ir::for_each_use(block.terminator, rename);
                    ir::for_each_jump(block.terminator,
                                      [&](ir::Jump& jump) { std::ranges::for_each(jump.arguments, rename); });
                }
                all.push_back(std::move(block));
            }
        function.values = 2 * values;
        ir::Block& first = all.front();
        ir::Jump some{1, {}}, none{size + 1, {}};
        ir::Instruction zero = constant(function, 0), equal;
        for (std::size_t i = 0; i < all[1].parameters.size(); ++i) {
            const ir::Value argument = new_value(function);
            first.parameters.push_back({argument, all[1].parameters[i].type});
            some.arguments.push_back(argument);
            none.arguments.push_back(i == *loop.quantity ? zero.result : argument);
        }
        zero.type = first.parameters[*loop.quantity].type;
        equal.op = Op::Equal;
        equal.type = ir::bool_type;
        equal.operands = {first.parameters[*loop.quantity].value, zero.result};
        equal.result = new_value(function);
        first.instructions = {zero, equal};
        first.terminator.kind = ir::Terminator::Kind::Branch;
        first.terminator.condition = equal.result;
        first.terminator.then = std::move(none);
        first.terminator.otherwise = std::move(some);
        function.blocks = std::move(all);
        const ir::BlockIndex head = loop.head + 1;  // of who takes some
        for (ir::BlockIndex b = 0; b < size; ++b) {
            ir::Block& block = function.blocks[b + 1];
            const bool leads_there =
                block.terminator.kind == ir::Terminator::Kind::Jump && block.terminator.then.block == head;
            if (leads_there && !loop.blocks.contains(b)) ask_for_lock(function, block, block.instructions.size());
        }
    }

    ir::Contract& contract_;
    std::uint32_t counter_;
    std::uint32_t lock_ = 0;
};

}  // namespace

std::optional<ir::Contract> with_counted_numbers(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                                 const Deadline& deadline, bool runs_elsewhere) {
    const ir::Contract& contract = *contracts[subject];
    if (runs_elsewhere) return std::nullopt;
    const auto may_count = [](const ir::Function& each) {
        const auto writes_number = [](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [](const ir::Instruction& store) {
                return store.op == Op::Store && store.place.steps.empty() && store.type == ir::uint256_type;
            });
        };
        return each.is_entry && std::ranges::any_of(each.blocks, &ir::Block::is_loop_head) &&
               std::ranges::any_of(each.blocks, writes_number);
    };
    if (std::ranges::none_of(contract.functions, may_count)) return std::nullopt;
    const ScopeOfProof scope = scope_of(contracts, subject, deadline, {runs_elsewhere, {}, {}, false});
    std::optional<ir::Contract> changed;
    for (std::uint32_t counter = 0; counter < contract.state.size(); ++counter) {
        const auto loops = counting_loops(scope.code, counter);
        if (!loops || loops->empty()) continue;
        // Who could go on after it failed would see the difference.
        const auto is_called = [&](const auto& each) {
            return std::ranges::any_of(contracts, [&](const ir::Contract* other) {
                return callees_of(*other).may_be(contract.functions[each.first].selector);
            });
        };
        if (std::ranges::any_of(*loops, is_called)) continue;
        changed = contract;
        const Writing writing(*changed, counter);
        for (const auto& [f, loop] : *loops) writing.write_out(changed->functions[f], loop);
        for (ir::Function& each : changed->functions) {
            writing.guard(each);
            if (!each.blocks.empty()) ir::simplify(each);
        }
        break;
    }
    return changed;
}

}  // namespace interlock::analyzer::prover
