#include "analyzer/prover/directories.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/uses.hpp"
#include "analyzer/prover/visitors.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/simplify.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

using Variables = std::set<std::uint32_t>;  // of the contract

[[nodiscard]] bool has_place(const ir::Instruction& each) {
    return each.op == Op::Load || each.op == Op::Store || each.op == Op::Clear;
}

// The functions that do something, and what they call.
std::vector<std::uint32_t> acting_functions(const ir::Contract& contract) {
    std::vector<const ir::Function*> roots;
    for (const ir::Function& each : contract.functions)
        if (each.kind == ir::FunctionKind::Constructor || (each.is_entry && !only_views(each))) roots.push_back(&each);
    const std::set<const ir::Function*> all = with_callees(contract, std::move(roots));
    std::vector<std::uint32_t> acting;
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i)
        if (all.contains(&contract.functions[i])) acting.push_back(i);
    return acting;
}

// A fork of which all that it decides is what becomes of the directories, until its ways meet.
struct Detour {
    bool takes_then = false;                          // the shorter of the two
    const ir::Jump *one = nullptr, *other = nullptr;  // to where they meet
};

// Follows what is read of the directories: as long as it is only compared, moved to another place there, or leads to one, these
// are some.
class Directories {
  public:
    Directories(const ir::Contract& contract, Variables candidates)
        : contract_(contract), acting_(acting_functions(contract)), kept_(std::move(candidates)) {}

    // Returns those of the candidates that are directories, and that are looked at.
    const Variables& find() {
        while (!kept_.empty()) {
            read_of_.clear();
            results_.clear();
            leading_.clear();
            for (const std::uint32_t f : acting_) read_of_[f].resize(contract_.functions[f].values);
            const std::size_t before = kept_.size();
            do {
                is_changed_ = false;
                for (const std::uint32_t f : acting_) follow(f);
            } while (is_changed_ && kept_.size() == before);
            if (kept_.size() == before) keep_leading();
            if (kept_.size() == before) break;
        }
        return kept_;
    }

    // Leaves out what is done with them. find() comes first.
    void leave_out_of(ir::Contract& changed) const {
        if (kept_.empty()) return;
        for (const std::uint32_t f : acting_) {
            ir::Function& function = changed.functions[f];
            for (std::size_t b = 0; b < function.blocks.size(); ++b) {
                ir::Block& block = function.blocks[b];
                for (ir::Instruction& each : block.instructions) {
                    if (!has_place(each) || !kept_.contains(each.place.variable)) continue;
                    if (each.op != Op::Load) continue;
                    ir::Instruction nothing;
                    nothing.op = Op::Constant;
                    nothing.type = each.type;
                    nothing.result = each.result;
                    nothing.range = each.range;
                    each = std::move(nothing);
                }
                std::erase_if(block.instructions, [&](const ir::Instruction& each) {
                    return has_place(each) && kept_.contains(each.place.variable);
                });
                const ir::Terminator& end = contract_.functions[f].blocks[b].terminator;
                if (end.kind != ir::Terminator::Kind::Branch || read_of(f, end.condition).empty()) continue;
                const auto detour = detour_at(f, end);
                block.terminator.kind = ir::Terminator::Kind::Jump;
                block.terminator.condition = {};
                block.terminator.then = detour->takes_then ? end.then : end.otherwise;
                block.terminator.otherwise = {};
            }
        }
    }

    [[nodiscard]] const std::vector<std::uint32_t>& acting() const { return acting_; }

  private:
    [[nodiscard]] const Variables& read_of(std::uint32_t f, ir::Value value) const { return read_of_.at(f).at(value.index); }
    void add(Variables& to, const Variables& from) {
        const std::size_t before = to.size();
        to.insert(from.begin(), from.end());
        is_changed_ |= to.size() != before;
    }
    // What is read leads from one to the other: where an account's token stands, which token stands there. What is only written is
    // no directory, nor is a number that is counted with.
    void keep_leading() {
        std::erase_if(kept_, [&](std::uint32_t each) { return !leading_.contains(each); });
    }
    // They are looked at for something else.
    void drop(const Variables& these) {
        for (const std::uint32_t each : Variables(these)) kept_.erase(each);
    }

    void follow(std::uint32_t f) {
        const ir::Function& function = contract_.functions[f];
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) follow(f, each);
            follow(f, block.terminator);
        }
    }

    void follow(std::uint32_t f, const ir::Instruction& each) {
        std::vector<Variables>& values = read_of_.at(f);
        Variables all;
        for (const ir::Value value : each.operands) all.insert(values.at(value.index).begin(), values.at(value.index).end());
        if (has_place(each) && kept_.contains(each.place.variable)) {
            const std::size_t keys = each.operands.size() - (each.op == Op::Store ? 1 : 0);
            for (std::size_t i = 0; i < keys; ++i) {
                const Variables& from = values.at(each.operands.data()[i].index);
                leading_.insert(from.begin(), from.end());
            }
            all.insert(each.place.variable);
            if (each.type.is_reference()) return drop(all);
            if (each.op == Op::Load) add(values.at(each.result.index), all);
            return;
        }
        if (each.op == Op::InternalCall) {
            const auto& parameters = contract_.functions[each.callee].blocks.front().parameters;
            for (std::size_t i = 0; i < each.operands.size() && i < parameters.size(); ++i)
                add(read_of_.at(each.callee).at(parameters[i].value.index), values.at(each.operands[i].index));
            call_at_[{f, each.result.index}] = each.callee;
            return;
        }
        if (each.op == Op::Result) {
            const auto call = call_at_.find({f, each.operands[0].index});
            if (call == call_at_.end()) return;
            const auto& results = results_[call->second];
            if (each.number < results.size()) add(values.at(each.result.index), results[each.number]);
            return;
        }
        if (all.empty() || each.op == Op::Emit) return;
        const bool passes = each.op == Op::Convert || each.op == Op::Reinterpret || each.op == Op::Not ||
                            (each.type.kind == ir::TypeKind::Bool && orders_of(each.op));
        if (!passes || ir::must_happen(each)) return drop(all);
        add(values.at(each.result.index), all);
    }

    void follow(std::uint32_t f, const ir::Terminator& end) {
        std::vector<Variables>& values = read_of_.at(f);
        const ir::Function& function = contract_.functions[f];
        ir::for_each_jump(end, [&](const ir::Jump& jump) {
            const auto& parameters = function.blocks[jump.block].parameters;
            for (std::size_t i = 0; i < jump.arguments.size(); ++i)
                add(values.at(parameters[i].value.index), values.at(jump.arguments[i].index));
        });
        if (end.kind == ir::Terminator::Kind::Return && !function.is_entry) {
            auto& results = results_[f];
            results.resize(std::max(results.size(), end.values.size()));
            for (std::size_t i = 0; i < end.values.size(); ++i) add(results[i], values.at(end.values[i].index));
            return;
        }
        if (end.kind == ir::Terminator::Kind::Branch) {
            const Variables decides = values.at(end.condition.index);
            if (decides.empty()) return;
            const auto detour = detour_at(f, end);
            if (!detour) return drop(decides);
            const auto& parameters = function.blocks[detour->one->block].parameters;
            for (std::size_t i = 0; i < parameters.size(); ++i)
                if (!(detour->one->arguments[i] == detour->other->arguments[i]))
                    add(values.at(parameters[i].value.index), decides);
            return;
        }
        ir::for_each_use(end, [&](ir::Value value) { drop(values.at(value.index)); });
    }

    // Whether all that it does is to look after the directories, or to compute.
    [[nodiscard]] bool only_looks_after(const ir::Instruction& each) const {
        if (has_place(each)) return kept_.contains(each.place.variable) || each.op == Op::Load;
        return each.op != Op::InternalCall && each.op != Op::Result && each.op != Op::Emit && !ir::must_happen(each);
    }

    [[nodiscard]] std::optional<Detour> detour_at(std::uint32_t f, const ir::Terminator& fork) const {
        constexpr std::size_t most = 8;  // blocks on a way
        const ir::Function& function = contract_.functions[f];
        const auto way = [&](const ir::Jump& first) {
            std::vector<const ir::Jump*> jumps{&first};
            while (jumps.size() < most) {
                const ir::Block& block = function.blocks[jumps.back()->block];
                const bool goes_on = !block.is_loop_head && block.terminator.kind == ir::Terminator::Kind::Jump &&
                                     std::ranges::all_of(block.instructions, [&](const ir::Instruction& each) {
                                         return only_looks_after(each);
                                     });
                if (!goes_on) break;
                jumps.push_back(&block.terminator.then);
            }
            return jumps;
        };
        const auto one = way(fork.then), other = way(fork.otherwise);
        for (std::size_t i = 0; i < one.size(); ++i)
            for (std::size_t j = 0; j < other.size(); ++j)
                if (one[i]->block == other[j]->block) return Detour{i < j, one[i], other[j]};
        return std::nullopt;
    }

    const ir::Contract& contract_;
    const std::vector<std::uint32_t> acting_;
    Variables kept_;
    std::map<std::uint32_t, std::vector<Variables>> read_of_;  // by function and value: the variables that it was made of
    std::map<std::uint32_t, std::vector<Variables>> results_;  // the same of what functions return
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> call_at_;  // who is called, by function and handle
    Variables leading_;                                                         // of which something is a key of one of them
    bool is_changed_ = false;
};

// Removes what is computed for nothing now, and asks only what has to be asked.
class Cleaning {
  public:
    explicit Cleaning(ir::Contract& contract) : contract_(contract) {}

    void clean(std::uint32_t f) {
        for (bool changed = true; changed;) {
            changed = false;
            std::vector<bool> used = used_in(f);
            const std::size_t blocks = contract_.functions[f].blocks.size();
            for (std::size_t b = 0; b < blocks; ++b) {
                std::vector<ir::Instruction> kept;
                std::vector<ir::Instruction> all = std::move(contract_.functions[f].blocks[b].instructions);
                for (ir::Instruction& each : all) changed |= !keep(f, std::move(each), used, kept);
                contract_.functions[f].blocks[b].instructions = std::move(kept);
            }
        }
        take_in_what_is_asked(f);
        ir::simplify(contract_.functions[f]);
    }

  private:
    // A function that only tells what is asked is taken in: then all that matters of what it reads is seen to be that.
    void take_in_what_is_asked(std::uint32_t f) {
        ir::Function& function = contract_.functions[f];
        for (ir::Block& block : function.blocks)
            for (std::size_t at = 0; at < block.instructions.size(); ++at) {
                const ir::Instruction& call = block.instructions[at];
                if (call.op != Op::InternalCall || !tells(contract_.functions[call.callee])) continue;
                const auto result = std::ranges::find_if(block.instructions, [&](const ir::Instruction& each) {
                    return each.op == Op::Result && each.operands[0] == call.result;
                });
                if (result == block.instructions.end() || !asked_.contains({f, result->result.index})) continue;
                const ir::Value told = result->result;
                block.instructions.erase(result);
                take_in(function, block.instructions, at, told);
            }
    }
    // Whether it only reads, and answers something that it reads or computes.
    [[nodiscard]] static bool tells(const ir::Function& function) {
        const ir::Block& body = function.blocks.front();
        if (function.blocks.size() != 1 || body.terminator.kind != ir::Terminator::Kind::Return ||
            body.terminator.values.size() != 1 ||
            std::ranges::count(body.parameters, body.terminator.values[0], &ir::Parameter::value) != 0)
            return false;
        return std::ranges::none_of(body.instructions, [](const ir::Instruction& each) {
            return each.op == Op::InternalCall || !ir::writes_of(each).empty();
        });
    }
    void take_in(ir::Function& function, std::vector<ir::Instruction>& instructions, std::size_t at, ir::Value told) {
        const ir::Instruction call = instructions[at];
        const ir::Block& body = contract_.functions[call.callee].blocks[0];
        std::map<std::uint32_t, ir::Value> values;
        for (std::size_t i = 0; i < body.parameters.size(); ++i) values[body.parameters[i].value.index] = call.operands[i];
        const ir::Value answer = body.terminator.values[0];
        std::vector<ir::Instruction> inside = body.instructions;
        for (ir::Instruction& each : inside) {
            for (ir::Value& operand : each.operands) operand = values.at(operand.index);
            if (!each.result) continue;
            const ir::Value old = each.result;
            if (old == answer) each.result = told;
            else each.result.index = function.values++;
            values[old.index] = each.result;
        }
        instructions.erase(instructions.begin() + static_cast<std::ptrdiff_t>(at));
        instructions.insert(instructions.begin() + static_cast<std::ptrdiff_t>(at), inside.begin(), inside.end());
    }

    [[nodiscard]] std::vector<bool> used_in(std::uint32_t f) const {
        const ir::Function& function = contract_.functions[f];
        std::vector<bool> used(function.values);
        const auto use = [&](ir::Value value) { used.at(value.index) = true; };
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) std::ranges::for_each(each.operands, use);
            ir::for_each_use(block.terminator, use);
            ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
        }
        return used;
    }

    // Returns whether it stays as it is.
    bool keep(std::uint32_t f, ir::Instruction&& each, const std::vector<bool>& used, std::vector<ir::Instruction>& kept) {
        if (!each.result || used.at(each.result.index)) return kept.push_back(std::move(each)), true;
        if (each.op == Op::InternalCall) return keep_call(std::move(each), kept);
        if (!ir::must_happen(each)) return false;
        if (each.op != Op::Sub || !each.checked || each.type.is_signed()) return kept.push_back(std::move(each)), true;
        ir::Instruction question = each, guard = each;
        question.op = Op::GreaterEqual;
        question.type = ir::bool_type;
        question.checked = false;
        question.result.index = contract_.functions[f].values++;
        asked_.insert({f, each.operands[0].index});
        guard.op = Op::Guard;
        guard.checked = false;
        guard.result = {};
        guard.operands = {question.result};
        guard.failure.kind = ir::Failure::Kind::Panic;
        constexpr std::uint8_t overflow = 0x11;
        guard.failure.panic_code = overflow;
        kept.push_back(std::move(question));
        kept.push_back(std::move(guard));
        return false;
    }

    bool keep_call(ir::Instruction&& call, std::vector<ir::Instruction>& kept) {
        if (!contract_.functions[call.callee].returns.empty()) call.callee = silent(call.callee);
        const ir::Function& callee = contract_.functions[call.callee];
        const bool does_nothing = callee.blocks.size() == 1 && callee.blocks[0].instructions.empty() &&
                                  callee.blocks[0].terminator.kind == ir::Terminator::Kind::Return;
        if (does_nothing) return false;
        kept.push_back(std::move(call));
        return true;
    }

    // Returns the function that does the same, and answers nothing.
    std::uint32_t silent(std::uint32_t f) {
        if (const auto known = silent_.find(f); known != silent_.end()) return known->second;
        const auto index = static_cast<std::uint32_t>(contract_.functions.size());
        silent_[f] = index;
        ir::Function function = contract_.functions[f];
        function.is_entry = false;
        function.returns.clear();
        for (ir::Block& block : function.blocks)
            if (block.terminator.kind == ir::Terminator::Kind::Return) block.terminator.values = {};
        contract_.functions.push_back(std::move(function));
        clean(index);
        return index;
    }

    ir::Contract& contract_;
    std::map<std::uint32_t, std::uint32_t> silent_;
    std::set<std::pair<std::uint32_t, std::uint32_t>>
        asked_;  // functions, and values of which all that matters is how great
};

// Arrays of which functions that act do nothing but to push, and to look at the length.
class PushedArrays {
  public:
    PushedArrays(const ir::Contract& contract, const std::vector<std::uint32_t>& acting) : contract_(contract) {
        for (std::uint32_t i = 0; i < contract.state.size(); ++i)
            if (!contract.state[i].is_immutable &&
                contract.storage_types[contract.state[i].type].kind == ir::StorageType::Kind::DynamicArray)
                arrays_.insert(i);
        for (const std::uint32_t f : acting) look_at(contract.functions[f]);
    }
    [[nodiscard]] const Variables& arrays() const { return arrays_; }
    // Without those at which others look, by their slots or as views that somebody asks.
    void drop(const Variables& these) {
        for (const std::uint32_t each : these) arrays_.erase(each);
    }
    void look_at(const ir::Function& function) {
        const Slots slots = slots_in(function);
        const Uses uses(function);
        const Makers made_by = makers_of(function);
        Variables others;
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                const bool is_named = has_place(each) || each.op == Op::Sum;
                if (is_named || (each.op == Op::SlotOf && !each.place.steps.empty())) others.insert(each.place.variable);
            }
        for (const auto& [value, array] : slots.slots)
            for (const Uses::User& user : uses.users.at(value))
                if (!user.instruction || !is_access(*user.instruction, ir::Value{value}, slots, made_by))
                    others.insert(array);
        for (const auto& [value, array] : slots.data)
            for (const Uses::User& user : uses.users.at(value)) {
                const ir::Instruction* each = user.instruction;
                const bool leads_to_end = each && each->op == Op::Add && each->operands[0].index == value &&
                                          array_at(slots.lengths, each->operands[1]) == array;
                if (!leads_to_end) others.insert(array);
            }
        for (const auto& [value, array] : slots.ends)
            for (const Uses::User& user : uses.users.at(value)) {
                const ir::Instruction* each = user.instruction;
                const bool puts = each && is_evm(*each, vm::Opcode::SSTORE) && each->operands[0].index == value &&
                                  each->operands[1].index != value;
                if (!puts) others.insert(array);
            }
        drop(others);
    }
    // What looks at lengths of these arrays, and writes them and elements.
    [[nodiscard]] std::set<const ir::Instruction*> accesses(const std::vector<std::uint32_t>& acting) const {
        std::set<const ir::Instruction*> all;
        for (const std::uint32_t f : acting) {
            const Slots slots = slots_in(contract_.functions[f]);
            for (const ir::Block& block : contract_.functions[f].blocks)
                for (const ir::Instruction& each : block.instructions)
                    if ((is_evm(each, vm::Opcode::SLOAD) || is_evm(each, vm::Opcode::SSTORE)) &&
                        (array_at(slots.slots, each.operands[0]) || array_at(slots.ends, each.operands[0])))
                        all.insert(&each);
        }
        return all;
    }

    // Puts a number in the place of each array, which is its length.
    void make_numbers_of(ir::Contract& changed, const std::vector<std::uint32_t>& acting) const {
        if (arrays_.empty()) return;
        ir::StorageType word;
        word.name = "uint256";
        word.value = ir::uint256_type;
        const auto type = static_cast<ir::StorageTypeIndex>(changed.storage_types.size());
        changed.storage_types.push_back(std::move(word));
        std::map<std::uint32_t, std::uint32_t> length_of;
        for (const std::uint32_t each : arrays_) {
            length_of[each] = static_cast<std::uint32_t>(changed.state.size());
            ir::StateVariable length = contract_.state[each];
            length.type = type;
            length.is_public = false;
            changed.state.push_back(std::move(length));
        }
        for (const std::uint32_t f : acting) {
            ir::Function& function = changed.functions[f];
            const Slots slots = slots_in(contract_.functions[f]);
            for (ir::Block& block : function.blocks) {
                std::erase_if(block.instructions, [&](const ir::Instruction& each) {
                    const bool is_element = is_evm(each, vm::Opcode::SSTORE) && array_at(slots.ends, each.operands[0]);
                    return is_element || (each.op == Op::Guard && is_limit(contract_.functions[f], slots, each));
                });
                for (ir::Instruction& each : block.instructions) {
                    const bool loads = is_evm(each, vm::Opcode::SLOAD);
                    if (!loads && !is_evm(each, vm::Opcode::SSTORE)) continue;
                    const auto array = array_at(slots.slots, each.operands[0]);
                    if (!array) continue;
                    ir::Instruction access;
                    access.op = loads ? Op::Load : Op::Store;
                    access.type = ir::uint256_type;
                    access.result = each.result;
                    access.range = each.range;
                    access.place.variable = length_of.at(*array);
                    if (!loads) access.operands = {each.operands[1]};
                    each = std::move(access);
                }
            }
        }
    }

  private:
    using Values = std::map<std::uint32_t, std::uint32_t>;  // and the array each belongs to
    struct Slots {
        Values slots, data, ends, lengths;  // where lengths lie, where elements do, and the next one, and what lengths are
    };
    [[nodiscard]] std::optional<std::uint32_t> array_at(const Values& values, ir::Value value) const {
        const auto found = values.find(value.index);
        return found == values.end() || !arrays_.contains(found->second) ? std::nullopt : std::optional(found->second);
    }
    // Whether it asks whether a length has not got too great, which nobody lives to see.
    [[nodiscard]] bool is_limit(const ir::Function& function, const Slots& slots, const ir::Instruction& guard) const {
        constexpr std::uint8_t too_great = 0x41;
        if (guard.failure.kind != ir::Failure::Kind::Panic || guard.failure.panic_code != too_great) return false;
        const Makers made_by = makers_of(function);
        const ir::Instruction* denied = made_by.at(guard.operands[0].index);
        const ir::Instruction* test = denied && denied->op == Op::Not ? made_by.at(denied->operands[0].index) : nullptr;
        return test && test->op == Op::Greater && array_at(slots.lengths, test->operands[0]) &&
               constant_in(made_by, test->operands[1]);
    }

    [[nodiscard]] Slots slots_in(const ir::Function& function) const {
        Slots slots;
        for (const ir::Block& block : function.blocks) {
            std::optional<std::uint32_t> hashed;  // the array whose slot lies at the beginning of memory
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == Op::SlotOf && each.place.steps.empty() && arrays_.contains(each.place.variable))
                    slots.slots[each.result.index] = each.place.variable;
                if (is_evm(each, vm::Opcode::MSTORE)) hashed = array_at(slots.slots, each.operands[1]);
                if (is_evm(each, vm::Opcode::KECCAK256) && hashed) slots.data[each.result.index] = *hashed;
                if (is_evm(each, vm::Opcode::SLOAD))
                    if (const auto array = array_at(slots.slots, each.operands[0]))
                        slots.lengths[each.result.index] = *array;
                if (each.op == Op::Add)
                    if (const auto array = array_at(slots.data, each.operands[0])) slots.ends[each.result.index] = *array;
            }
        }
        return slots;
    }

    // Loads the length, makes it one more, or goes on to the elements.
    [[nodiscard]] static bool is_access(const ir::Instruction& each, ir::Value slot, const Slots& slots,
                                        const Makers& made_by) {
        if (is_evm(each, vm::Opcode::SLOAD)) return true;
        if (is_evm(each, vm::Opcode::MSTORE)) {
            const auto at = constant_in(made_by, each.operands[0]);
            return each.operands[1] == slot && !(each.operands[0] == slot) && at && at->is_zero();
        }
        if (!is_evm(each, vm::Opcode::SSTORE) || !(each.operands[0] == slot)) return false;
        const ir::Instruction* sum = made_by.at(each.operands[1].index);
        if (!sum || sum->op != Op::Add || constant_in(made_by, sum->operands[1]) != ir::Word{1}) return false;
        const auto from = slots.lengths.find(sum->operands[0].index), to = slots.slots.find(slot.index);
        return from != slots.lengths.end() && from->second == to->second;
    }

    const ir::Contract& contract_;
    Variables arrays_;
};

// Views that others may ask, and what is stated, with what they call.
std::set<const ir::Function*> asked_functions(const ir::Contract& contract,
                                              const std::vector<const ir::Contract*>& contracts) {
    std::vector<const ir::Function*> asked;
    for (const ir::Function& each : contract.functions) {
        const auto may_ask = [&](const ir::Contract* other) { return callees_of(*other).may_be(each.selector); };
        const bool is_stated = each.kind == ir::FunctionKind::Specification || each.name.starts_with("invariant");
        if (is_stated || (each.is_entry && only_views(each) && std::ranges::any_of(contracts, may_ask)))
            asked.push_back(&each);
    }
    return with_callees(contract, std::move(asked));
}

// Variables that no function which acts, and no statement, looks at by their slots.
Variables candidates_of(const ir::Contract& contract, const std::vector<const ir::Contract*>& contracts) {
    Variables candidates;
    for (std::uint32_t i = 0; i < contract.state.size(); ++i)
        if (!contract.state[i].is_immutable &&
            contract.storage_types[contract.state[i].type].kind == ir::StorageType::Kind::Mapping)
            candidates.insert(i);
    const auto drop_named = [&](const ir::Function& function, bool by_slot) {
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::SlotOf || (!by_slot && (each.op == Op::Load || each.op == Op::Sum)))
                    candidates.erase(each.place.variable);
    };
    for (const std::uint32_t f : acting_functions(contract)) drop_named(contract.functions[f], true);
    for (const ir::Function* each : asked_functions(contract, contracts)) drop_named(*each, false);
    return candidates;
}

// Returns those at which something by its slot may look, other than `own`.
Variables seen_by_slot(Variables variables, const std::set<const ir::Instruction*>& own,
                       const std::vector<const ir::Contract*>& contracts, std::size_t subject, const Deadline& deadline,
                       bool runs_elsewhere) {
    Variables seen;
    const ScopeOfProof scope = scope_of(contracts, subject, deadline, {runs_elsewhere, {}, {}, false});
    for (const Entry& entry : runs_of(scope.code)) {
        if (variables.empty()) break;
        const bool is_view = only_views(scope.code.function(entry));
        const Flow flow(scope.code, entry, Flow::Caller::Anybody, {}, nothing_survives);
        for (const auto& [instruction, areas] : flow.by_slot())
            for (const Area& area : areas)
                std::erase_if(variables, [&, &instruction = instruction, &area = area](std::uint32_t each) {
                    const ir::Word slot = contracts[subject]->state[each].slot;
                    const bool is_there = overlap(area, {Area::Kind::Entries, 0, each, {}, slot, {}, 0, 32}) ||
                                          overlap(area, {Area::Kind::Slots, 0, 0, {}, slot, {}, 0, 32});
                    const bool is_others = is_there && !is_view && !own.contains(instruction);
                    if (is_others) seen.insert(each);
                    return is_others;
                });
    }
    return seen;
}

}  // namespace

std::optional<WithoutDirectories> without_directories(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                                      const Deadline& deadline, bool runs_elsewhere) {
    const ir::Contract& contract = *contracts[subject];
    if (contract.is_interface || contract.is_library || contract.is_opaque) return std::nullopt;
    const std::vector<std::uint32_t> acting = acting_functions(contract);
    const auto is_read = [&](const Variables& variables) {
        return std::ranges::any_of(acting, [&](std::uint32_t f) {
            return std::ranges::any_of(contract.functions[f].blocks, [&](const ir::Block& block) {
                return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                    return each.op == Op::Load && variables.contains(each.place.variable);
                });
            });
        });
    };
    Variables candidates = candidates_of(contract, contracts);
    if (is_read(candidates)) candidates = Directories(contract, candidates).find();
    if (!is_read(candidates)) candidates.clear();
    PushedArrays arrays(contract, acting);
    for (const ir::Function* each : asked_functions(contract, contracts)) arrays.look_at(*each);
    if (candidates.empty() && arrays.arrays().empty()) return std::nullopt;
    Variables all = candidates;
    all.insert(arrays.arrays().begin(), arrays.arrays().end());
    const Variables seen = seen_by_slot(all, arrays.accesses(acting), contracts, subject, deadline, runs_elsewhere);
    arrays.drop(seen);
    for (const std::uint32_t each : seen) candidates.erase(each);
    Directories directories(contract, candidates);
    const Variables& found = directories.find();
    if (!is_read(found) && arrays.arrays().empty()) return std::nullopt;
    WithoutDirectories changed{contract, {}};
    arrays.make_numbers_of(changed.contract, acting);
    directories.leave_out_of(changed.contract);
    Cleaning cleaning(changed.contract);
    for (const std::uint32_t f : acting) cleaning.clean(f);
    all = found;
    all.insert(arrays.arrays().begin(), arrays.arrays().end());
    for (const std::uint32_t each : all) changed.names.push_back(contract.state[each].name);
    return changed;
}

}  // namespace interlock::analyzer::prover
