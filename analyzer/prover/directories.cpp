#include "analyzer/prover/directories.hpp"

#include <algorithm>
#include <map>

#include "analyzer/prover/cleaning.hpp"
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/flow.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/pushed_arrays.hpp"
#include "analyzer/prover/visitors.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

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
                    if (each.op != Op::Load || !kept_.contains(each.place.variable)) continue;
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
    if (variables.empty()) return seen;
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

// Returns mappings that are only written: at the number that a counter holds, or at one so much greater, what the counter holds.
Variables notes_of_numbers(const ir::Contract& contract, const std::vector<std::uint32_t>& acting, Variables candidates) {
    std::map<std::uint32_t, bool> notes;
    for (const std::uint32_t f : acting) {
        const Makers made_by = makers_of(contract.functions[f]);
        const auto counter_of = [&](ir::Value value) -> std::optional<ir::Value> {
            const ir::Instruction* made = made_by.at(value.index);
            if (made && made->op == Op::Add && constant_in(made_by, made->operands[1])) {
                value = made->operands[0];
                made = made_by.at(value.index);
            }
            const bool is_counter = made && made->op == Op::Load && made->place.steps.empty();
            return is_counter ? std::optional(value) : std::nullopt;
        };
        for (const ir::Block& block : contract.functions[f].blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (!has_place(each) || !candidates.contains(each.place.variable)) continue;
                const bool is_at_key = each.op == Op::Store && each.operands.size() == 2 && each.place.steps.size() == 1 &&
                                       each.place.steps[0].kind == ir::PlaceStep::Kind::Key;
                const auto counter = is_at_key ? counter_of(each.operands[0]) : std::nullopt;
                notes.try_emplace(each.place.variable, true).first->second &=
                    counter && counter == counter_of(each.operands[1]);
            }
    }
    std::erase_if(candidates, [&](std::uint32_t each) {
        const auto found = notes.find(each);
        return found == notes.end() || !found->second;
    });
    return candidates;
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

WithoutDirectories without_notes(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                 const Deadline& deadline, bool runs_elsewhere) {
    WithoutDirectories changed{*contracts[subject], {}};
    const std::vector<std::uint32_t> acting = acting_functions(changed.contract);
    Variables notes = notes_of_numbers(changed.contract, acting, candidates_of(changed.contract, contracts));
    for (const std::uint32_t each : seen_by_slot(notes, {}, contracts, subject, deadline, runs_elsewhere)) notes.erase(each);
    for (const std::uint32_t f : acting)
        for (ir::Block& block : changed.contract.functions[f].blocks)
            std::erase_if(block.instructions, [&](const ir::Instruction& each) {
                return each.op == Op::Store && notes.contains(each.place.variable);
            });
    for (const std::uint32_t each : notes) changed.names.push_back(changed.contract.state[each].name);
    return changed;
}

}  // namespace interlock::analyzer::prover
