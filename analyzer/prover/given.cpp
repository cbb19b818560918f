#include "analyzer/prover/given.hpp"

#include <algorithm>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow_parts.hpp"
#include "analyzer/prover/rises.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

bool is_number(const ir::Contract& contract, const ir::Place& place) {
    const ir::StateVariable& variable = contract.state.at(place.variable);
    return place.steps.empty() && !variable.is_immutable &&
           contract.storage_types.at(variable.type).kind == ir::StorageType::Kind::Value;
}

namespace {

// The fields behind the first key, if the place is one of a mapping by one key.
std::optional<std::vector<std::uint32_t>> fields_of(const ir::Place& place) {
    if (place.steps.empty() || place.steps[0].kind != ir::PlaceStep::Kind::Key) return std::nullopt;
    std::vector<std::uint32_t> fields;
    for (std::size_t i = 1; i < place.steps.size(); ++i)
        if (place.steps[i].kind == ir::PlaceStep::Kind::Field) fields.push_back(place.steps[i].operand);
    return fields;
}

ir::Value key_of(const ir::Instruction& access) { return access.operands[access.place.steps[0].operand]; }

// The word that it is, before it was converted to a wider one.
const ir::Instruction* source_of(const std::vector<const ir::Instruction*>& made, ir::Value value) {
    const ir::Instruction* each = made.at(value.index);
    while (each && each->op == Op::Convert && each->type.kind == ir::TypeKind::Uint) {
        const ir::Instruction* from = made.at(each->operands[0].index);
        if (!from || from->type.kind != ir::TypeKind::Uint || from->type.bits > each->type.bits) break;
        each = from;
    }
    return each;
}

// Where a number comes from at which a field is written.
struct Origin {
    bool is_known = false;           // it was given out before, or just now
    std::optional<Counter> counter;  // by this
};

// Looks for the counter that gives out the numbers at which a field of a mapping is written. `known` are other such fields.
class Givers {
  public:
    Givers(const ir::Contract& contract, const Area& field, const std::map<Area, Counter>& known)
        : contract_(contract), field_(field) {
        find_siblings(known);
        for (const ir::Function& function : contract.functions) {
            std::vector<const ir::Instruction*>& made = made_.emplace_back(function.values);
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.result) made.at(each.result.index) = &each;
            std::vector<FreshValue>& fresh = fresh_.emplace_back(fresh_values(contract, function));
            std::ranges::copy(reserved_values(contract, function), std::back_inserter(fresh));
        }
    }

    // Nothing if there is none, or if the field is written otherwise.
    [[nodiscard]] std::optional<Counter> counter() const {
        std::optional<Counter> counter;
        for (std::size_t f = 0; f < contract_.functions.size(); ++f)
            for (const ir::Block& block : contract_.functions[f].blocks)
                for (const ir::Instruction& each : block.instructions) {
                    if ((each.op != Op::Store && each.op != Op::Clear) || each.place.variable != field_.variable) continue;
                    const auto fields = fields_of(each.place);
                    if (!fields) return std::nullopt;
                    if (!is_prefix(*fields, field_.fields) || each.op == Op::Clear) continue;
                    const auto value = constant(f, each.operands.back());
                    if (value && value->is_zero()) continue;
                    const Origin origin = origin_of(f, &each, key_of(each), 0);
                    if (!origin.is_known || (counter && origin.counter && *counter != *origin.counter)) return std::nullopt;
                    if (origin.counter) counter = origin.counter;
                }
        return counter;
    }

  private:
    static constexpr unsigned most_calls = 3;  // of internal functions inside of each other

    [[nodiscard]] const ir::Instruction* maker(std::size_t function, ir::Value value) const {
        return made_[function].at(value.index);
    }
    [[nodiscard]] std::optional<ir::Word> constant(std::size_t function, ir::Value value) const {
        const ir::Instruction* each = maker(function, value);
        return each && each->op == Op::Constant ? std::optional(each->word) : std::nullopt;
    }

    // Returns whether the number at which the instruction writes, or which it passes on, is given out by then.
    [[nodiscard]] Origin origin_of(std::size_t function, const ir::Instruction* at, ir::Value key, unsigned depth) const {
        if (contract_.functions[function].kind == ir::FunctionKind::Constructor) return {};
        const ir::Instruction* source = source_of(made_[function], key);
        for (const FreshValue& one : fresh_[function])
            if (source && source->result.index == one.value)
                return {true, Counter{area_of(contract_, field_.contract, {one.counter, {}}), one.is_after}};
        if (is_found_before(function, at, key, depth)) return {true, sibling_counter_};
        return origin_by_callers(function, key, depth);
    }

    // The same of a number that an internal function is given: by all who call it.
    [[nodiscard]] Origin origin_by_callers(std::size_t function, ir::Value key, unsigned depth) const {
        const ir::Function& called = contract_.functions[function];
        const auto& parameters = called.blocks.front().parameters;
        const auto parameter = std::ranges::find(parameters, key, &ir::Parameter::value);
        if (called.is_entry || parameter == parameters.end() || depth >= most_calls) return {};
        const auto position = static_cast<std::size_t>(parameter - parameters.begin());
        Origin origin{true, {}};
        for (std::size_t f = 0; f < contract_.functions.size(); ++f)
            for (const ir::Block& block : contract_.functions[f].blocks)
                for (const ir::Instruction& each : block.instructions) {
                    if (each.op != Op::InternalCall || each.callee != function) continue;
                    const Origin one = origin_of(f, &each, each.operands[position], depth + 1);
                    if (!one.is_known || (origin.counter && one.counter && *origin.counter != *one.counter)) return {};
                    if (one.counter) origin.counter = one.counter;
                }
        return origin;
    }

    // Known fields of the same mapping, if one counter gives out the numbers of all.
    void find_siblings(const std::map<Area, Counter>& known) {
        for (const auto& [other, counter] : known) {
            if (other.kind != field_.kind || other.contract != field_.contract || other.variable != field_.variable)
                continue;
            if (sibling_counter_ && *sibling_counter_ != counter) {
                siblings_.clear();
                sibling_counter_.reset();
                return;
            }
            siblings_.insert(other.fields);
            sibling_counter_ = counter;
        }
    }
    // Whether it is zero at every number that was not given out, if this field is.
    [[nodiscard]] bool is_zero_as_well(const std::optional<std::vector<std::uint32_t>>& fields) const {
        return fields && (*fields == field_.fields || siblings_.contains(*fields));
    }

    // Whether the condition, if it is so, tells that the field at this key was not zero, or one that is known.
    [[nodiscard]] bool tells(std::size_t function, ir::Value condition, bool holds, ir::Value key) const {
        const auto is_that = [&](ir::Value value) {
            const ir::Instruction* load = maker(function, value);
            return load && load->op == Op::Load && load->place.variable == field_.variable && load->operands.size() == 1 &&
                   load->operands[0] == key && is_zero_as_well(fields_of(load->place));
        };
        const ir::Instruction* test = maker(function, condition);
        if (test && (test->op == Op::And || test->op == Op::Or) && test->type.kind == ir::TypeKind::Bool)
            return holds == (test->op == Op::And) &&
                   std::ranges::any_of(test->operands, [&](ir::Value each) { return tells(function, each, holds, key); });
        if (test && test->op == Op::Not && test->type.kind == ir::TypeKind::Bool)
            return tells(function, test->operands[0], !holds, key);
        if (!test || test->operands.size() != 2 || (test->op != Op::Equal && test->op != Op::NotEqual)) return false;
        for (const std::size_t side : {0u, 1u}) {
            const auto other = constant(function, test->operands[1 - side]);
            const ir::Instruction* other_maker = maker(function, test->operands[1 - side]);
            const bool is_caller = other_maker && other_maker->op == Op::Caller, is_equal = holds == (test->op == Op::Equal);
            if (!is_that(test->operands[side]) || (!other && !is_caller)) continue;
            if (is_equal ? is_caller || !other->is_zero() : other && other->is_zero()) return true;
        }
        return false;
    }

    // Whether every way to the instruction, or to every end of the function, passes a condition under which the field at this
    // key was not zero.
    [[nodiscard]] bool is_found_before(std::size_t index, const ir::Instruction* at, ir::Value key, unsigned depth) const {
        const ir::Function& function = contract_.functions[index];
        std::vector<bool> seen(function.blocks.size());
        std::vector<std::uint32_t> open{0};
        while (!open.empty()) {
            const std::uint32_t b = open.back();
            open.pop_back();
            if (seen[b]) continue;
            seen[b] = true;
            const ir::Block& block = function.blocks[b];
            bool is_passed = false;
            for (const ir::Instruction& each : block.instructions) {
                if (&each == at && !is_passed) return false;
                is_passed |= each.op == Op::Guard && tells(index, each.operands[0], true, key);
                is_passed |= each.op == Op::InternalCall && is_found_in(each, key, depth);
            }
            const ir::Terminator& end = block.terminator;
            if (!is_passed && !at && end.kind == ir::Terminator::Kind::Return) return false;
            const bool is_branch = end.kind == ir::Terminator::Kind::Branch;
            const bool forks =
                is_branch && ((tells(index, end.condition, true, key) && surely_reverts(function, end.otherwise)) ||
                              (tells(index, end.condition, false, key) && surely_reverts(function, end.then)));
            if (is_passed || forks) continue;
            ir::for_each_jump(end, [&](const ir::Jump& jump) { open.push_back(jump.block); });
        }
        return true;
    }

    // Whether the function that is called looks itself.
    [[nodiscard]] bool is_found_in(const ir::Instruction& call, ir::Value key, unsigned depth) const {
        const auto& parameters = contract_.functions.at(call.callee).blocks.front().parameters;
        for (std::size_t i = 0; depth < most_calls && i < parameters.size(); ++i)
            if (call.operands[i] == key && is_found_before(call.callee, nullptr, parameters[i].value, depth + 1))
                return true;
        return false;
    }

    const ir::Contract& contract_;
    const Area& field_;
    std::set<std::vector<std::uint32_t>> siblings_;
    std::optional<Counter> sibling_counter_;
    std::vector<std::vector<const ir::Instruction*>> made_;  // by function and value
    std::vector<std::vector<FreshValue>> fresh_;             // by function
};

}  // namespace

std::vector<const ir::Instruction*> rising_stores(const ir::Contract& contract, const ir::Function& function) {
    std::vector<const ir::Instruction*> stores;
    for (const Rise& each : rises_of(contract, function)) stores.push_back(each.store);
    return stores;
}

namespace {

// Who else uses the numbers of a rise.
struct UsesOfRise {
    bool before = false, after = false;  // the number before it, and the one after it
    bool is_compared = false, is_computed_with = false;
    bool is_compared_with_counter = false;  // as a lock does: nobody rose it meanwhile
};

UsesOfRise uses_of(const ir::Function& function, const Rise& rise) {
    UsesOfRise uses;
    const auto use = [&](ir::Value value, bool compares, bool computes) {
        const auto is_it = [&](const ir::Instruction* load) { return load->result == value; };
        const bool is_before = value == rise.load->result || std::ranges::any_of(rise.before, is_it),
                   is_after = value == rise.sum->result || std::ranges::any_of(rise.again, is_it);
        uses.before |= is_before;
        uses.after |= is_after;
        uses.is_compared |= compares && (is_before || is_after);
        uses.is_computed_with |= computes && (is_before || is_after);
    };
    std::set<std::uint32_t> counter;  // what it holds elsewhere
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == Op::Load && each.place.variable == rise.store->place.variable && each.place.steps.empty() &&
                &each != rise.load && std::ranges::count(rise.again, &each) == 0 &&
                std::ranges::count(rise.before, &each) == 0)
                counter.insert(each.result.index);
    const auto is_of_counter = [&](ir::Value value) { return counter.contains(value.index); };
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions) {
            if (&each == rise.sum || &each == rise.store) continue;
            uses.is_compared_with_counter |= each.op == Op::Equal && std::ranges::any_of(each.operands, is_of_counter);
            const bool keeps = each.op == Op::Store || each.op == Op::Load || each.op == Op::InternalCall ||
                               each.op == Op::Convert || each.op == Op::Reinterpret || each.op == Op::Emit ||
                               each.op == Op::SlotOf || each.op == Op::Clear || is_evm(each, vm::Opcode::MSTORE);
            const bool compares = orders_of(each.op).has_value();
            for (const ir::Value value : each.operands) use(value, compares, !compares && !keeps);
        }
        ir::for_each_use(block.terminator, [&](ir::Value value) { use(value, false, false); });
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
            for (const ir::Value value : jump.arguments) use(value, false, true);
        });
    }
    return uses;
}

}  // namespace

namespace {

// Returns loads of numbers that an entry, which is no view, only tells whoever called, or in events.
std::vector<const ir::Instruction*> told_numbers(const ir::Contract& contract, const ir::Function& function) {
    if (!function.is_entry || function.mutability == ir::Mutability::View) return {};
    std::set<std::uint32_t> looked_at;  // values
    std::vector<std::pair<std::uint32_t, std::uint32_t>> passed;
    for (const ir::Block& block : function.blocks) {
        for (const ir::Instruction& each : block.instructions) {
            const bool is_told =
                each.op == Op::Emit || each.op == Op::Convert || each.op == Op::Reinterpret || each.op == Op::Add;
            for (const ir::Value value : each.operands)
                if (!is_told) looked_at.insert(value.index);
                else if (each.result) passed.emplace_back(each.result.index, value.index);
        }
        const ir::Terminator& end = block.terminator;
        if (end.kind != ir::Terminator::Kind::Return)
            ir::for_each_use(end, [&](ir::Value value) { looked_at.insert(value.index); });
        ir::for_each_jump(end, [&](const ir::Jump& jump) {
            const auto& parameters = function.blocks[jump.block].parameters;
            for (std::size_t i = 0; i < jump.arguments.size() && i < parameters.size(); ++i)
                passed.emplace_back(parameters[i].value.index, jump.arguments[i].index);
        });
    }
    for (bool grows = true; grows;) {
        grows = false;
        for (const auto& [result, value] : passed)
            if (looked_at.contains(result)) grows |= looked_at.insert(value).second;
    }
    std::vector<const ir::Instruction*> told;
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.op == Op::Load && is_number(contract, each.place) && !looked_at.contains(each.result.index))
                told.push_back(&each);
    return told;
}

}  // namespace

std::set<const ir::Instruction*> numbering_accesses(const ir::Contract& contract, const ir::Function& function) {
    std::set<const ir::Instruction*> accesses;
    for (const Rise& each : rises_of(contract, function))
        if (const UsesOfRise uses = uses_of(function, each); (uses.before || uses.after) && !uses.is_compared_with_counter) {
            accesses.insert({each.load, each.store});
            accesses.insert(each.before.begin(), each.before.end());
            accesses.insert(each.again.begin(), each.again.end());
        }
    const std::vector<const ir::Instruction*> told = told_numbers(contract, function);
    accesses.insert(told.begin(), told.end());
    return accesses;
}

std::vector<FreshValue> fresh_values(const ir::Contract& contract, const ir::Function& function) {
    std::vector<FreshValue> values;
    for (const Rise& each : rises_of(contract, function)) {
        const auto give = [&](const ir::Instruction& made, bool is_after) {
            values.push_back({made.result.index, each.store->place.variable, is_after, each.store});
        };
        give(*each.sum, true);
        for (const ir::Instruction* again : each.again) give(*again, true);
        give(*each.load, false);
        for (const ir::Instruction* before : each.before) give(*before, false);
    }
    return values;
}

namespace {

// What is done to the numbers of a contract, as variables.
struct Numbers {
    std::set<std::uint32_t> risen;
    std::set<std::uint32_t> reset;        // that do more than to rise
    std::set<std::uint32_t> first;        // that get a value in the constructor
    bool calls = false;                   // the constructor calls functions, which may give out numbers
    std::set<std::uint32_t> risen_first;  // of which it gives out some itself
};

Numbers numbers_of(const ir::Contract& contract) {
    Numbers numbers;
    for (const ir::Function& function : contract.functions) {
        const std::vector<Rise> rises = rises_of(contract, function);
        const std::vector<const ir::Instruction*> reserving = reserving_stores(contract, function);
        const bool constructs = function.kind == ir::FunctionKind::Constructor;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                numbers.calls |= constructs && each.op == Op::InternalCall;
                if (each.op != Op::Store && each.op != Op::Clear) continue;
                const auto is_rise = [&](const Rise& rise) { return rise.store == &each; };
                const bool rises_here =
                    std::ranges::any_of(rises, is_rise) || std::ranges::find(reserving, &each) != reserving.end();
                (constructs   ? rises_here ? numbers.risen_first : numbers.first
                 : rises_here ? numbers.risen
                              : numbers.reset)
                    .insert(each.place.variable);
            }
    }
    std::ranges::set_intersection(numbers.first, numbers.risen_first, std::inserter(numbers.reset, numbers.reset.end()));
    numbers.first.insert(numbers.risen_first.begin(), numbers.risen_first.end());
    return numbers;
}

// Where instructions that name a slot may write.
std::set<Area> raw_writes(const CodeInScope& code, const std::vector<Entry>& writers) {
    std::set<Area> raw;
    for (const Entry& writer : writers) {
        const Flow flow(code, writer, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [instruction, areas] : flow.by_slot())
            if (instruction->opcode == vm::Opcode::SSTORE) raw.insert(areas.begin(), areas.end());
    }
    return raw;
}

bool is_in(const std::set<Area>& areas, const Area& area) {
    return std::ranges::any_of(areas, [&](const Area& each) { return overlap(each, area); });
}

std::set<Area> areas_of(const ir::Contract& contract, std::uint32_t at, const std::set<std::uint32_t>& variables) {
    std::set<Area> areas;
    for (const std::uint32_t variable : variables) areas.insert(area_of(contract, at, {variable, {}}));
    return areas;
}

}  // namespace

std::set<Counter> find_counters(const CodeInScope& code) {
    std::set<Counter> counters;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        Numbers numbers = numbers_of(contract);
        if (numbers.calls) numbers.reset.insert(numbers.first.begin(), numbers.first.end());
        const std::set<Area> reset = areas_of(contract, at, numbers.reset);
        for (const ir::Function& function : contract.functions)
            for (const auto& values : {fresh_values(contract, function), reserved_values(contract, function)})
                for (const FreshValue& each : values)
                    if (const Area number = area_of(contract, at, {each.counter, {}}); !is_in(reset, number))
                        counters.insert({number, each.is_after});
    }
    if (counters.empty()) return counters;
    const std::set<Area> raw = raw_writes(code, runs_of(code));
    std::erase_if(counters, [&](const Counter& each) { return is_in(raw, each.first); });
    return counters;
}

namespace {

// How numbers of a counter are taken.
struct Taken {
    bool before = false, after = false, is_compared = false, is_computed_with = false, is_reserved = false;
    int times = 0;
};

std::map<Area, Taken> taken_in(const CodeInScope& code) {
    std::map<Area, Taken> all;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at)
        for (const ir::Function& function : code.contracts[at]->functions) {
            for (const Rise& each : rises_of(*code.contracts[at], function)) {
                const UsesOfRise uses = uses_of(function, each);
                Taken& taken = all[area_of(*code.contracts[at], at, {each.store->place.variable, {}})];
                taken.before |= uses.before;
                taken.after |= uses.after;
                taken.is_compared |= uses.is_compared;
                taken.is_computed_with |= uses.is_computed_with;
                ++taken.times;
            }
            for (const FreshValue& each : reserved_values(*code.contracts[at], function)) {
                Taken& taken = all[area_of(*code.contracts[at], at, {each.counter, {}})];
                (each.is_after ? taken.after : taken.before) = true;
                taken.is_reserved = true;
            }
            for (const ir::Instruction* each : reserving_stores(*code.contracts[at], function))
                all[area_of(*code.contracts[at], at, {each->place.variable, {}})].is_computed_with = true;
        }
    return all;
}

}  // namespace

std::set<Counter> find_numbering(const CodeInScope& code, const std::set<Counter>& counters) {
    std::set<Counter> numbering;
    for (const auto& [counter, taken] : taken_in(code)) {
        if (taken.before == taken.after || taken.is_computed_with || (taken.is_compared && taken.times > 1)) continue;
        if (counters.contains({counter, taken.after})) numbering.insert({counter, taken.after});
    }
    return numbering;
}

std::set<Counter> find_reserved(const CodeInScope& code, const std::set<Counter>& counters) {
    std::set<Counter> reserved;
    for (const auto& [counter, taken] : taken_in(code))
        if (taken.is_reserved && taken.before != taken.after && counters.contains({counter, taken.after}))
            reserved.insert({counter, taken.after});
    return reserved;
}

std::map<Area, Counter> find_given(const CodeInScope& code) {
    std::map<Area, Counter> given;
    const std::set<Counter> counters = find_counters(code);
    if (counters.empty()) return given;
    const std::set<Area> raw = raw_writes(code, runs_of(code));
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        std::set<Area> fields;
        for (const ir::Function& function : contract.functions)
            for (const ir::Block& block : function.blocks)
                for (const ir::Instruction& each : block.instructions)
                    if (each.op == Op::Load && each.operands.size() == 1 && fields_of(each.place))
                        fields.insert(area_of(contract, at, each.place));
        for (bool grows = true; grows;) {
            grows = false;
            for (const Area& field : fields) {
                if (given.contains(field)) continue;
                const auto counter = Givers(contract, field, given).counter();
                if (!counter || is_in(raw, field) || !counters.contains(*counter)) continue;
                given[field] = *counter;
                grows = true;
            }
        }
    }
    add_given_slots(code, counters, given);
    return given;
}

std::set<Area> find_rising(const CodeInScope& code) {
    std::set<Area> rising;
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const Numbers numbers = numbers_of(*code.contracts[at]);
        const std::set<Area> reset = areas_of(*code.contracts[at], at, numbers.reset);
        for (const Area& each : areas_of(*code.contracts[at], at, numbers.risen))
            if (!is_in(reset, each)) rising.insert(each);
    }
    if (rising.empty()) return rising;
    const std::set<Area> raw = raw_writes(code, entries_of(code));
    std::erase_if(rising, [&](const Area& each) { return is_in(raw, each); });
    return rising;
}

}  // namespace interlock::analyzer::prover
