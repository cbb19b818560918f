#include "analyzer/prover/plain_tokens.hpp"

#include <algorithm>

#include <optional>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;
using ir::Op;

namespace {

constexpr std::uint32_t transfer = 0xa9059cbb, transfer_from = 0x23b872dd, balance_of = 0x70a08231;

const ir::Function* entry_of(const ir::Contract& contract, std::uint32_t selector) {
    const auto found = std::ranges::find_if(
        contract.functions, [&](const ir::Function& each) { return each.is_entry && each.selector == selector; });
    return found == contract.functions.end() ? nullptr : &*found;
}

// EntryWords of an entry of which a value is made: its arguments, by position, and who called.
using EntryWords = std::set<std::size_t>;
constexpr std::size_t caller_word = 1'000'000;

// What one entry does to balances, and whom it calls when.
class Moves {
  public:
    Moves(const ir::Contract& contract, const std::set<std::uint32_t>& balances, const ir::Function& entry)
        : contract_(contract), balances_(balances) {
        std::vector<EntryWords> arguments(entry.parameters.size());
        for (std::size_t i = 0; i < arguments.size(); ++i) arguments[i] = {i};
        walk(entry, arguments, {}, 0);
    }

    // Nobody is called between two changes of balances.
    [[nodiscard]] bool is_at_once() const {
        return is_known_ && std::ranges::none_of(calls_, [](const Call& call) { return call.is_behind && call.is_before; });
    }
    // Nor is anybody called but who loses some, before, and who gets some, afterwards.
    [[nodiscard]] bool tells_both_in_order() const {
        return is_at_once() && knows_all_ && std::ranges::all_of(calls_, [&](const Call& call) {
                   if (call.is_before) return is_of(call.whom, less_, more_);
                   return !call.is_behind || is_of(call.whom, more_, less_);
               });
    }

  private:
    struct Around {
        bool is_behind = false;  // some were changed before
        bool is_before = false;  // some may be changed afterwards
    };
    struct Call : Around {
        EntryWords whom;
    };

    static bool is_of(const EntryWords& whom, const EntryWords& these, const EntryWords& not_those) {
        return !whom.empty() && std::ranges::includes(these, whom) &&
               std::ranges::none_of(whom, [&](std::size_t word) { return not_those.contains(word); });
    }

    [[nodiscard]] bool is_change(const ir::Instruction& each) const {
        return (each.op == Op::Store || each.op == Op::Clear) && balances_.contains(each.place.variable);
    }
    [[nodiscard]] bool changes(const ir::Instruction& each) const {
        if (each.op != Op::InternalCall) return is_change(each);
        return std::ranges::any_of(
            with_callees(contract_, {&contract_.functions.at(each.callee)}), [&](const auto* function) {
                return std::ranges::any_of(function->blocks, [&](const ir::Block& block) {
                    return std::ranges::any_of(block.instructions, [&](const auto& other) { return is_change(other); });
                });
            });
    }

    // The words of which each value is made.
    static std::vector<EntryWords> words_of(const ir::Function& function, const std::vector<EntryWords>& arguments) {
        std::vector<EntryWords> words(function.values);
        const auto& parameters = function.blocks.front().parameters;
        for (std::size_t i = 0; i < parameters.size() && i < arguments.size(); ++i)
            words[parameters[i].value.index] = arguments[i];
        for (bool changed = true; changed;) {
            changed = false;
            const auto add = [&](ir::Value to, ir::Value from) {
                EntryWords& all = words[to.index];
                const std::size_t before = all.size();
                all.insert(words[from.index].begin(), words[from.index].end());
                changed |= all.size() != before;
            };
            for (const ir::Block& block : function.blocks) {
                for (const ir::Instruction& each : block.instructions) {
                    if (each.op == Op::Caller) changed |= words[each.result.index].insert(caller_word).second;
                    if (each.result)
                        for (const ir::Value operand : each.operands) add(each.result, operand);
                }
                ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
                    const auto& taken = function.blocks.at(jump.block).parameters;
                    for (std::size_t i = 0; i < jump.arguments.size(); ++i) add(taken[i].value, jump.arguments.data()[i]);
                });
            }
        }
        return words;
    }

    // The blocks to which one comes from each.
    static std::vector<std::set<std::uint32_t>> ways_of(const ir::Function& function) {
        std::vector<std::set<std::uint32_t>> ways(function.blocks.size());
        for (std::uint32_t from = 0; from < function.blocks.size(); ++from) {
            std::vector<std::uint32_t> open{from};
            while (!open.empty()) {
                const std::uint32_t at = open.back();
                open.pop_back();
                ir::for_each_jump(function.blocks[at].terminator, [&](const ir::Jump& jump) {
                    if (ways[from].insert(jump.block).second) open.push_back(jump.block);
                });
            }
        }
        return ways;
    }

    void walk(const ir::Function& function, const std::vector<EntryWords>& arguments, Around around, int depth) {
        constexpr int most_depth = 12, most_walks = 500;
        is_known_ &= depth <= most_depth && ++walks_ <= most_walks;
        if (!is_known_) return;
        const std::vector<EntryWords> words = words_of(function, arguments);
        const auto ways = ways_of(function);
        const auto is_changed_in = [&](std::uint32_t block) {
            return std::ranges::any_of(function.blocks[block].instructions, [&](const auto& each) { return changes(each); });
        };
        for (std::uint32_t at = 0; at < function.blocks.size(); ++at) {
            const ir::Block& block = function.blocks[at];
            Around here = around;
            for (std::uint32_t other = 0; other < function.blocks.size(); ++other) {
                here.is_behind |= ways[other].contains(at) && is_changed_in(other);
                here.is_before |= ways[at].contains(other) && is_changed_in(other);
            }
            for (std::size_t i = 0; i < block.instructions.size(); ++i) {
                const ir::Instruction& each = block.instructions[i];
                if (is_change(each)) note_change(function, each, words);
                if (each.op == Op::InternalCall) {
                    Around inside = here;
                    inside.is_before |= std::any_of(block.instructions.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                                    block.instructions.end(), [&](const auto& o) { return changes(o); });
                    std::vector<EntryWords> given;
                    for (const ir::Value operand : each.operands) given.push_back(words[operand.index]);
                    walk(contract_.functions.at(each.callee), given, inside, depth + 1);
                }
                here.is_behind |= changes(each);
            }
            if (block.terminator.kind != ir::Terminator::Kind::External) continue;
            calls_.push_back({here, words[block.terminator.call.target.index]});
        }
    }

    void note_change(const ir::Function& function, const ir::Instruction& store, const std::vector<EntryWords>& words) {
        EntryWords keys;
        const std::size_t count = store.operands.size() - (store.op == Op::Store ? 1 : 0);
        for (std::size_t i = 0; i < count; ++i) keys.merge(EntryWords(words[store.operands[i].index]));
        const ir::Instruction* made = store.op == Op::Store ? maker_of(function, store.operands.back()) : nullptr;
        if (made && made->op == Op::Sub && is_same(function, made->operands[0], store)) less_.merge(keys);
        else if (made && made->op == Op::Add &&
                 (is_same(function, made->operands[0], store) || is_same(function, made->operands[1], store)))
            more_.merge(keys);
        else knows_all_ = false;
    }

    static const ir::Instruction* maker_of(const ir::Function& function, ir::Value value) {
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.result && each.result == value) return &each;
        return nullptr;
    }

    // Whether the value was loaded where is stored.
    static bool is_same(const ir::Function& function, ir::Value value, const ir::Instruction& store) {
        const ir::Instruction* load = maker_of(function, value);
        return load && load->op == Op::Load && load->place.variable == store.place.variable;
    }

    const ir::Contract& contract_;
    const std::set<std::uint32_t>& balances_;
    std::vector<Call> calls_;
    EntryWords less_, more_;
    int walks_ = 0;          // through functions
    bool is_known_ = true;   // the walk came to its end
    bool knows_all_ = true;  // which changes take and which give
};

// The variables that an entry reads, if that can be told.
std::optional<std::set<std::uint32_t>> variables_read_by(const ir::Contract& contract, const ir::Function& entry) {
    std::set<std::uint32_t> variables;
    for (const ir::Function* function : with_callees(contract, {&entry}))
        for (const ir::Block& block : function->blocks) {
            if (block.terminator.kind == ir::Terminator::Kind::External) return std::nullopt;
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == Op::Evm) return std::nullopt;
                if (each.op == Op::Load) variables.insert(each.place.variable);
            }
        }
    return variables;
}

// Whether all that its entries call are methods that bring nothing along, and they write no slot by its number.
bool only_tells(const ir::Contract& contract) {
    std::vector<const ir::Function*> entries;
    for (const ir::Function& function : contract.functions)
        if (function.is_entry) entries.push_back(&function);
    for (const ir::Function* function : with_callees(contract, entries))
        for (const ir::Block& block : function->blocks) {
            const ir::ExternalCall& call = block.terminator.call;
            const bool calls = block.terminator.kind == ir::Terminator::Kind::External;
            if (calls && (call.kind != ir::ExternalCall::Kind::Method || call.value ||
                          ir::opcode_of(contract, call) != vm::Opcode::CALL))
                return false;
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Evm && ir::writes_of(each).intersects(vm::state_regions)) return false;
        }
    return true;
}

}  // namespace

bool is_plain_token(const ir::Contract& contract) {
    if (contract.is_interface || contract.is_library || contract.is_opaque) return false;
    const ir::Function *out = entry_of(contract, transfer), *across = entry_of(contract, transfer_from),
                       *asked = entry_of(contract, balance_of);
    if (!out || !asked || !only_tells(contract)) return false;  // not every token can be moved by others
    const auto balances = variables_read_by(contract, *asked);
    if (!balances || balances->empty()) return false;
    for (const ir::Function& entry : contract.functions) {
        if (!entry.is_entry || calls_nobody(contract, static_cast<std::uint32_t>(&entry - contract.functions.data())))
            continue;
        const Moves moves(contract, *balances, entry);
        const bool is_move = &entry == out || &entry == across;
        if (!(is_move ? moves.tells_both_in_order() : moves.is_at_once())) return false;
    }
    return true;
}

}  // namespace interlock::analyzer::prover
