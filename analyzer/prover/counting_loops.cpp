#include "analyzer/prover/counting_loops.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/dominators.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

using Blocks = std::set<ir::BlockIndex>;

bool is_at_key(const ir::Instruction& each, Op op, std::uint32_t mapping, ir::Value key) {
    return each.op == op && each.place.variable == mapping && each.place.steps.size() == 1 &&
           each.place.steps[0].kind == ir::PlaceStep::Kind::Key && each.operands.data()[each.place.steps[0].operand] == key;
}
bool calls(const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::External; }

// A function, and where its values are made.
struct Body {
    explicit Body(const ir::Function& whole)
        : function(whole), made_by(makers_of(whole)), dominators(whole.blocks), spots(whole.values) {
        for (ir::BlockIndex b = 0; b < whole.blocks.size(); ++b)
            for (std::size_t i = 0; i < whole.blocks[b].instructions.size(); ++i)
                if (const ir::Value result = whole.blocks[b].instructions[i].result) spots[result.index] = {b, i};
    }
    [[nodiscard]] const ir::Instruction& at(const Spot& spot) const {
        return function.blocks[spot.block].instructions[spot.at];
    }
    [[nodiscard]] bool comes_before(const Spot& a, const Spot& b) const {
        return a.block == b.block ? a.at < b.at : dominators.dominates(a.block, b.block);
    }
    // All blocks on ways to the block from behind `head`, which is on each of them.
    [[nodiscard]] Blocks ways_to(ir::BlockIndex block, ir::BlockIndex head) const {
        Blocks all;
        std::vector<ir::BlockIndex> open{block};
        while (!open.empty()) {
            const ir::BlockIndex each = open.back();
            open.pop_back();
            if (each == head) continue;
            for (const ir::BlockIndex before : dominators.predecessors(each))
                if (all.insert(before).second) open.push_back(before);
        }
        return all;
    }
    template <class Visit>
    void for_each(Visit visit) const {
        for (ir::BlockIndex b = 0; b < function.blocks.size(); ++b)
            for (std::size_t i = 0; i < function.blocks[b].instructions.size(); ++i)
                visit(function.blocks[b].instructions[i], Spot{b, i});
    }

    const ir::Function& function;
    Makers made_by;
    ir::Dominators dominators;
    std::vector<Spot> spots;  // by value
};

// A sum of constants and of values, each taken once.
struct Sum {
    std::vector<ir::Value> parts;  // sorted
    ir::Word constant;
};
std::optional<Sum> sum_of(const Body& body, ir::Value value, int depth = 4) {
    if (const auto constant = constant_in(body.made_by, value)) return Sum{{}, *constant};
    const ir::Instruction* made = body.made_by.at(value.index);
    if (!made || made->op != Op::Add || made->type.kind != ir::TypeKind::Uint || made->type.bits != 256 || depth == 0)
        return Sum{{value}, {}};
    const auto left = sum_of(body, made->operands[0], depth - 1), right = sum_of(body, made->operands[1], depth - 1);
    Sum sum{left->parts, left->constant + right->constant};
    sum.parts.insert(sum.parts.end(), right->parts.begin(), right->parts.end());
    std::ranges::sort(sum.parts, {}, &ir::Value::index);
    return sum;
}

// Whether all additions that the sum is made of are checked.
bool never_wraps(const Body& body, ir::Value sum) {
    const ir::Instruction* made = body.made_by.at(sum.index);
    return !made || made->op != Op::Add ||
           (made->checked && std::ranges::all_of(made->operands, [&](ir::Value each) { return never_wraps(body, each); }));
}

// Where a function raises the counter, and gives the number to somebody.
struct Raise {
    Spot raise, owner;
    std::uint32_t owners = 0;
    ir::Word offset;
};

class Finder {
  public:
    Finder(const CodeInScope& code, std::uint32_t counter) : code_(code), contract_(*code.contracts[0]), counter_(counter) {}

    // Returns the raise at the store, if its number is computed of what the counter holds.
    [[nodiscard]] std::optional<Raise> raise_at(const Body& body, const Spot& spot) const {
        const ir::Value before = before_of(body, spot);
        if (!before) return std::nullopt;
        std::optional<Raise> found;
        body.for_each([&](const ir::Instruction& each, const Spot& owner) {
            if (!is_owner(each)) return;
            const ir::Value key = each.operands.data()[each.place.steps[0].operand];
            const auto sum = sum_of(body, key);
            if (sum->parts == std::vector{before} && goes_on_to(body, spot, owner))
                found = Raise{spot, owner, each.place.variable, sum->constant};
        });
        return found;
    }

    // The same where a constructor has raised it `times` times before, and the number is written out.
    [[nodiscard]] std::optional<Raise> raise_at(const Body& body, const Spot& spot, std::uint64_t times) const {
        const bool is_in_loop = body.ways_to(spot.block, 0).contains(spot.block);
        if (is_in_loop || !before_of(body, spot)) return std::nullopt;
        std::optional<Raise> found;
        body.for_each([&](const ir::Instruction& each, const Spot& owner) {
            if (!is_owner(each) || found) return;
            const auto key = constant_in(body.made_by, each.operands.data()[each.place.steps[0].operand]);
            const bool is_it =
                key && *key >= ir::Word{times} && body.comes_before(spot, owner) && goes_on_to(body, spot, owner);
            if (is_it) found = Raise{spot, owner, each.place.variable, *key - ir::Word{times}};
        });
        return found;
    }

    // The same of a loop that counts the numbers up by itself.
    [[nodiscard]] std::optional<CountingLoop> loop_around(const Body& body, const Spot& spot) const {
        if (!before_of(body, spot)) return std::nullopt;
        std::optional<CountingLoop> found;
        for (ir::BlockIndex head = 0; head < body.function.blocks.size(); ++head) {
            auto loop = loop_at(body, head);
            if (!loop || !loop->blocks.contains(spot.block)) continue;
            if (found || !complete(body, *loop, spot)) return std::nullopt;  // no loops in loops
            found = std::move(loop);
        }
        return found;
    }

    [[nodiscard]] bool is_owner(const ir::Instruction& store) const {
        return store.op == Op::Store && store.place.steps.size() == 1 &&
               store.place.steps[0].kind == ir::PlaceStep::Kind::Key &&
               code_.kept.contains(area_of(contract_, 0, store.place));
    }

  private:
    // What the counter held before the store makes it one more; nothing comes in between.
    [[nodiscard]] ir::Value before_of(const Body& body, const Spot& spot) const {
        const ir::Value stored = body.at(spot).operands[0];
        const auto sum = sum_of(body, stored, 1);
        if (sum->parts.size() != 1 || sum->constant != ir::Word{1}) return {};
        const ir::Instruction* load = body.made_by.at(sum->parts[0].index);
        if (!load || !is_at_variable(*load, Op::Load, counter_)) return {};
        return holds_until(body, body.spots[load->result.index], spot) ? load->result : ir::Value{};
    }

    // Whether the counter holds at `end` what was read at `start`.
    [[nodiscard]] bool holds_until(const Body& body, const Spot& start, const Spot& end) const {
        if (!body.comes_before(start, end)) return false;
        const auto changes = [&](const ir::Instruction& each) {
            return each.op == Op::InternalCall || is_at_variable(each, Op::Store, counter_) ||
                   (each.op != Op::Store && each.op != Op::Clear && ir::writes_of(each).contains(vm::Region::Storage));
        };
        const auto none_changes = [&](ir::BlockIndex block, std::size_t from, std::size_t to) {
            const auto& all = body.function.blocks[block].instructions;
            return std::none_of(all.begin() + static_cast<std::ptrdiff_t>(from),
                                all.begin() + static_cast<std::ptrdiff_t>(std::min(to, all.size())), changes);
        };
        constexpr auto all = static_cast<std::size_t>(-1);
        if (start.block == end.block) return none_changes(start.block, start.at, end.at);
        for (const ir::BlockIndex each : body.ways_to(end.block, start.block)) {
            if (each == end.block || calls(body.function.blocks[each])) return false;
            if (!none_changes(each, each == start.block ? start.at : 0, all)) return false;
        }
        return none_changes(end.block, 0, end.at);
    }

    // Whether who comes to one of the two comes, or has come, to the other, and calls nobody in between.
    [[nodiscard]] static bool goes_on_to(const Body& body, const Spot& a, const Spot& b) {
        const bool is_in_order = body.comes_before(a, b);
        const Spot &first = is_in_order ? a : b, &second = is_in_order ? b : a;
        if (first.block == second.block) return true;
        if (!body.comes_before(first, second)) return false;
        std::set<ir::BlockIndex> seen{first.block};
        std::vector<ir::BlockIndex> open{first.block};
        bool goes_on = true;
        while (!open.empty() && goes_on) {
            const ir::Block& block = body.function.blocks[open.back()];
            open.pop_back();
            goes_on = !calls(block) && block.terminator.kind != ir::Terminator::Kind::Return && !ends_well(block);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                goes_on &= jump.block != first.block;
                if (jump.block != second.block && seen.insert(jump.block).second) open.push_back(jump.block);
            });
        }
        return goes_on;
    }
    [[nodiscard]] static bool ends_well(const ir::Block& block) {
        return std::ranges::any_of(block.instructions, [](const ir::Instruction& each) {
            return each.op == Op::Evm && vm::effects_of(each.opcode).halts() && !is_evm(each, vm::Opcode::REVERT);
        });
    }

    // Returns the loop that begins with the block, and ends only there: with a parameter that each round raises by one.
    [[nodiscard]] std::optional<CountingLoop> loop_at(const Body& body, ir::BlockIndex head) const {
        const ir::Block& block = body.function.blocks[head];
        if (!block.is_loop_head || block.terminator.kind != ir::Terminator::Kind::Branch) return std::nullopt;
        const auto goes_round = [&](const ir::Jump& way) {
            return std::ranges::any_of(body.dominators.predecessors(head),
                                       [&](ir::BlockIndex before) { return body.dominators.dominates(way.block, before); });
        };
        const ir::Terminator& fork = block.terminator;
        if (goes_round(fork.then) == goes_round(fork.otherwise)) return std::nullopt;
        CountingLoop loop;
        loop.head = head;
        loop.goes_in_if = goes_round(fork.then);
        const ir::BlockIndex out = (loop.goes_in_if ? fork.otherwise : fork.then).block;
        loop.blocks.insert(head);
        std::vector<ir::BlockIndex> open{(loop.goes_in_if ? fork.then : fork.otherwise).block};
        while (!open.empty()) {
            const ir::BlockIndex each = open.back();
            open.pop_back();
            if (!loop.blocks.insert(each).second) continue;
            const ir::Block& part = body.function.blocks[each];
            const bool ends = part.is_loop_head || part.terminator.kind == ir::Terminator::Kind::Return || ends_well(part);
            if (ends || each == out || !body.dominators.dominates(head, each)) return std::nullopt;
            ir::for_each_jump(part.terminator, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return loop;
    }

    // Finds which parameter counts up, and the number that a round takes.
    [[nodiscard]] bool complete(const Body& body, CountingLoop& loop, const Spot& spot) const {
        const ir::Block& head = body.function.blocks[loop.head];
        bool is_found = false;
        body.for_each([&](const ir::Instruction& each, const Spot& owner) {
            if (is_found || !is_owner(each) || !loop.blocks.contains(owner.block)) return;
            const ir::Value key = each.operands.data()[each.place.steps[0].operand];
            for (loop.counted = 0; loop.counted < head.parameters.size() && !is_found; ++loop.counted) {
                if (!counts_to(body, loop, key)) continue;
                loop.raise = spot;
                loop.owner = owner;
                loop.owners = each.place.variable;
                const ir::Block& round =
                    body.function.blocks[(loop.goes_in_if ? head.terminator.then : head.terminator.otherwise).block];
                loop.is_counted_itself = key == head.parameters[loop.counted].value;
                if (loop.is_counted_itself)
                    loop.number = {static_cast<ir::BlockIndex>(&round - body.function.blocks.data()), 0};
                else if (body.made_by.at(key.index)) loop.number = body.spots[key.index];
                else continue;
                // The counter has not risen where the number is computed.
                const bool is_before = loop.is_counted_itself || body.comes_before(loop.number, loop.raise);
                is_found = is_before && raises_once(body, loop, key);
                if (is_found) return;
            }
        });
        return is_found && can_be_copied(body, loop);
    }

    // Whether the key is, in the round number r, what the counter held before the loop, and r, and a constant.
    [[nodiscard]] bool counts_to(const Body& body, CountingLoop& loop, ir::Value key) const {
        const ir::Value counted = body.function.blocks[loop.head].parameters[loop.counted].value;
        const auto number = sum_of(body, key);
        std::vector<ir::Value> rest = number->parts;
        const auto place = std::ranges::find(rest, counted);
        if (place == rest.end()) return false;
        rest.erase(place);
        std::optional<ir::Word> offset;
        for (const ir::BlockIndex before : body.dominators.predecessors(loop.head)) {
            const ir::Terminator& end = body.function.blocks[before].terminator;
            if (end.kind != ir::Terminator::Kind::Jump) return false;
            const auto given = sum_of(body, end.then.arguments[loop.counted]);
            if (loop.blocks.contains(before)) {
                if (given->parts != std::vector{counted} || given->constant != ir::Word{1}) return false;
                continue;
            }
            std::vector<ir::Value> parts = rest;
            parts.insert(parts.end(), given->parts.begin(), given->parts.end());
            const ir::Instruction* load = parts.size() == 1 ? body.made_by.at(parts[0].index) : nullptr;
            if (offset || !load || !is_at_variable(*load, Op::Load, counter_)) return false;
            if (!holds_until(body, body.spots[parts[0].index], {before, body.function.blocks[before].instructions.size()}))
                return false;
            offset = number->constant + given->constant;
            loop.quantity = quantity_of(body, loop, *given);
        }
        constexpr std::uint64_t most = 1'000'000;
        if (!offset || *offset > ir::Word{most}) return false;
        loop.offset = *offset;
        return true;
    }

    // Returns the argument of which the loop has as many rounds, where it counts up from `first`, if it does.
    [[nodiscard]] static std::optional<std::size_t> quantity_of(const Body& body, const CountingLoop& loop,
                                                                const Sum& first) {
        const ir::Block& head = body.function.blocks[loop.head];
        const ir::Instruction* test = body.made_by.at(head.terminator.condition.index);
        if (!loop.goes_in_if || loop.head == 0 || !test || test->operands.size() != 2) return std::nullopt;
        const bool is_left = test->operands[0] == head.parameters[loop.counted].value;
        if (!is_left && !(test->operands[1] == head.parameters[loop.counted].value)) return std::nullopt;
        const bool is_below = test->op == (is_left ? Op::Less : Op::Greater);
        const bool is_most = test->op == (is_left ? Op::LessEqual : Op::GreaterEqual);
        const ir::Value limit = test->operands[is_left ? 1 : 0];
        if (!never_wraps(body, limit)) return std::nullopt;
        const auto end = sum_of(body, limit);
        if ((!is_below && !is_most) || !(end->constant + ir::Word{is_most ? 1u : 0u} == first.constant)) return std::nullopt;
        const auto& arguments = body.function.blocks[0].parameters;
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            std::vector<ir::Value> parts = first.parts;
            parts.push_back(arguments[i].value);
            std::ranges::sort(parts, {}, &ir::Value::index);
            if (arguments[i].type.kind == ir::TypeKind::Uint && parts == end->parts) return i;
        }
        return std::nullopt;
    }

    // Whether each round asks for the number's owner, raises the counter, and gives the number to somebody, once and in one go.
    [[nodiscard]] bool raises_once(const Body& body, const CountingLoop& loop, ir::Value key) const {
        std::size_t raises = 0;
        std::optional<Spot> asked;
        bool is_alone = true;
        body.for_each([&](const ir::Instruction& each, const Spot& spot) {
            if (!loop.blocks.contains(spot.block)) return;
            raises += is_at_variable(each, Op::Store, counter_);
            is_alone &= each.op != Op::InternalCall;
            if (each.op == Op::Guard && nobody_if(body, each.operands[0], loop, key) == true) asked = spot;
        });
        for (const ir::BlockIndex each : loop.blocks) {
            const ir::Terminator& end = body.function.blocks[each].terminator;
            const auto nobody =
                end.kind == ir::Terminator::Kind::Branch ? nobody_if(body, end.condition, loop, key) : std::nullopt;
            if (nobody && surely_reverts(body.function, *nobody ? end.otherwise : end.then)) asked = Spot{each, 0};
        }
        if (raises != 1 || !is_alone || !asked) return false;
        for (const Spot& each : {loop.raise, loop.owner, *asked}) {
            for (const ir::BlockIndex before : body.dominators.predecessors(loop.head))
                if (loop.blocks.contains(before) && !body.dominators.dominates(each.block, before)) return false;
            for (const ir::BlockIndex before : body.ways_to(each.block, loop.head))
                if (before != each.block && calls(body.function.blocks[before])) return false;
        }
        return loop.number.block != loop.head;
    }

    // Returns how the condition is if the number had no owner before.
    [[nodiscard]] static std::optional<bool> nobody_if(const Body& body, ir::Value condition, const CountingLoop& loop,
                                                       ir::Value key) {
        const ir::Instruction* test = body.made_by.at(condition.index);
        bool truth = true;
        for (; test && test->op == Op::Not; truth = !truth) test = body.made_by.at(test->operands[0].index);
        if (!test || (test->op != Op::Equal && test->op != Op::NotEqual)) return std::nullopt;
        for (const std::size_t side : {0u, 1u}) {
            const ir::Instruction* load = body.made_by.at(test->operands[side].index);
            const auto zero = constant_in(body.made_by, test->operands[1 - side]);
            const bool is_it = load && is_at_key(*load, Op::Load, loop.owners, key) && zero && zero->is_zero();
            if (is_it && body.comes_before(body.spots[load->result.index], loop.owner))
                return (test->op == Op::Equal) == truth;
        }
        return std::nullopt;
    }

    // Whether the head only computes whether another round comes, of what this one knows, and nobody uses that behind the loop.
    [[nodiscard]] static bool can_be_copied(const Body& body, const CountingLoop& loop) {
        const ir::Block& head = body.function.blocks[loop.head];
        std::set<std::uint32_t> own;
        for (const ir::BlockIndex each : loop.blocks) {
            for (const ir::Parameter& parameter : body.function.blocks[each].parameters) own.insert(parameter.value.index);
            for (const ir::Instruction& instruction : body.function.blocks[each].instructions)
                if (instruction.result) own.insert(instruction.result.index);
        }
        std::set<std::uint32_t> others, turning{head.parameters[loop.counted].value.index};
        for (std::size_t i = 0; i < head.parameters.size(); ++i)
            if (i != loop.counted) others.insert(head.parameters[i].value.index);
        for (const ir::Instruction& each : head.instructions) {
            const auto is_of = [&](const std::set<std::uint32_t>& values) {
                return std::ranges::any_of(each.operands, [&](ir::Value value) { return values.contains(value.index); });
            };
            if (!ir::is_fixed(each) || is_of(others)) return false;
            if (is_of(turning) && (each.checked || ir::must_happen(each))) return false;
            if (is_of(turning)) turning.insert(each.result.index);
        }
        if (others.contains(head.terminator.condition.index)) return false;
        bool is_alone = true;
        const auto use = [&](ir::Value value) { is_alone &= !own.contains(value.index); };
        for (ir::BlockIndex b = 0; b < body.function.blocks.size(); ++b) {
            if (loop.blocks.contains(b)) continue;
            const ir::Block& block = body.function.blocks[b];
            for (const ir::Instruction& each : block.instructions) std::ranges::for_each(each.operands, use);
            ir::for_each_use(block.terminator, use);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
        }
        ir::for_each_jump(head.terminator, [&](const ir::Jump& jump) {
            if (!loop.blocks.contains(jump.block)) std::ranges::for_each(jump.arguments, use);
        });
        return is_alone;
    }

    const CodeInScope& code_;
    const ir::Contract& contract_;
    std::uint32_t counter_;
};

template <class Test>
bool any_constructor(const CodeInScope& code, Test test) {
    const std::vector<Entry> entries = entries_of(code);
    return std::ranges::any_of(runs_of(code), [&](const Entry& run) {
        return std::ranges::find(entries, run) == entries.end() &&
               test(Flow(code, run, Flow::Caller::Anybody, {}, nothing_survives));
    });
}

// Whether a constructor may name nobody as the owner of something, which entries are known not to do.
bool gives_to_nobody(const CodeInScope& code) {
    return any_constructor(code, [&](const Flow& flow) {
        return std::ranges::any_of(flow.zeroed(), [&](const Area& zeroed) {
            return std::ranges::any_of(code.kept, [&](const Area& each) { return overlap(each, zeroed); });
        });
    });
}

// Whether a constructor writes the place by its slot.
bool writes_by_slot(const CodeInScope& code, const Area& place) {
    return any_constructor(code, [&](const Flow& flow) {
        return std::ranges::any_of(flow.by_slot(), [&](const auto& access) {
            return access.first->opcode == vm::Opcode::SSTORE &&
                   std::ranges::any_of(access.second, [&](const Area& area) { return overlap(area, place); });
        });
    });
}

}  // namespace

std::optional<std::map<std::uint32_t, CountingLoop>> counting_loops(const CodeInScope& code, std::uint32_t counter) {
    const ir::Contract& contract = *code.contracts[0];
    if (!code.rising.contains(area_of(contract, 0, {counter, {}}))) return std::nullopt;
    const Finder finder(code, counter);
    std::map<std::uint32_t, CountingLoop> loops;
    std::optional<std::pair<std::uint32_t, ir::Word>> kind;  // the owners, and the offset
    for (std::uint32_t f = 0; f < contract.functions.size(); ++f) {
        const ir::Function& function = contract.functions[f];
        if (function.blocks.empty()) continue;
        std::vector<Spot> raises;
        const Body body(function);
        bool calls_inside = false;
        body.for_each([&](const ir::Instruction& each, const Spot& spot) {
            if (is_at_variable(each, Op::Store, counter)) raises.push_back(spot);
            calls_inside |= each.op == Op::InternalCall && !(contract.functions[each.callee].range == lang::SourceRange{});
        });
        const bool constructs = function.kind == ir::FunctionKind::Constructor;
        if (constructs && !raises.empty() && (calls_inside || gives_to_nobody(code))) return std::nullopt;
        if (constructs && writes_by_slot(code, area_of(contract, 0, {counter, {}}))) return std::nullopt;
        bool are_written_out = constructs;  // all numbers so far, each once
        for (std::size_t i = 0; i < raises.size(); ++i) {
            auto raise = finder.raise_at(body, raises[i]);
            auto loop = raise ? std::nullopt : finder.loop_around(body, raises[i]);
            are_written_out &= !raise && !loop && (i == 0 || body.comes_before(raises[i - 1], raises[i]));
            if (are_written_out) raise = finder.raise_at(body, raises[i], i);
            const bool may_loop = constructs ? i == 0 : !loops.contains(f) && function.kind == ir::FunctionKind::Ordinary;
            if (!raise && (!loop || !may_loop || !(constructs || function.is_entry))) return std::nullopt;
            const std::pair<std::uint32_t, ir::Word> its =
                raise ? std::pair{raise->owners, raise->offset} : std::pair{loop->owners, loop->offset};
            if (kind && *kind != its) return std::nullopt;
            kind = its;
            if (loop && !constructs) loops[f] = std::move(*loop);
        }
    }
    return loops;
}

}  // namespace interlock::analyzer::prover
