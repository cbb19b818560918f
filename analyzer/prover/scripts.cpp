#include "analyzer/prover/scripts.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

namespace ir = lang::ir;
using ir::Op;

constexpr unsigned word_bits = 256;
constexpr std::string_view length_suffix = ".length";  // of the name of an array's second word

// Of each argument of a call: it is who calls, or of the caller's choice, and then of so many bits.
struct Choice {
    bool is_caller = false;
    unsigned bits = word_bits;
};
using Pattern = std::vector<Choice>;

struct Offer {
    std::uint32_t entry = 0;
    Pattern pattern;
};

struct Words {
    explicit Words(const ir::Function& function) : made_by(makers_of(function)), types(function.values) {
        for (const ir::Block& block : function.blocks) {
            for (const ir::Parameter& each : block.parameters) types.at(each.value.index) = each.type;
            for (const ir::Instruction& each : block.instructions)
                if (each.result) types.at(each.result.index) = each.type;
        }
    }
    // What is taken for another type, or cut to its low bits, if that is all.
    [[nodiscard]] std::optional<Cut> step_from(ir::Value value) const {
        const ir::Instruction* made = made_by.at(value.index);
        if (!made) return std::nullopt;
        if (made->op == Op::Reinterpret || made->op == Op::Convert) return Cut{made->operands[0]};
        return cut_in(made_by, *made);
    }
    // The value before it was taken for one of another type, and cut to its length.
    [[nodiscard]] ir::Value source_of(ir::Value value) const {
        while (const auto step = step_from(value)) value = step->value;
        return value;
    }
    // How many bits the value has at most, where it was cut, or loaded as a shorter word; nothing of a word that has a sign,
    // or its bytes at the other end.
    [[nodiscard]] std::optional<unsigned> width_of(ir::Value value) const {
        for (unsigned width = word_bits;;) {
            const ir::Type& type = types.at(value.index);
            if (type.is_signed() || (type.kind == ir::TypeKind::FixedBytes && type.bits < word_bits)) return std::nullopt;
            if (type.bits > 0) width = std::min<unsigned>(width, type.bits);
            const auto step = step_from(value);
            if (!step) return width;
            width = std::min(width, step->bits);
            value = step->value;
        }
    }
    [[nodiscard]] bool is_caller(ir::Value value) const {
        const ir::Instruction* made = made_by.at(source_of(value).index);
        return made && (made->op == Op::Caller || (made->op == Op::Evm && made->opcode == vm::Opcode::CALLER));
    }

    // `own`: parameters, as values, that are the contract's address.
    [[nodiscard]] bool is_self(ir::Value value, const std::set<std::uint32_t>& own) const {
        const ir::Value source = source_of(value);
        const ir::Instruction* made = made_by.at(source.index);
        return made ? made->op == Op::This || (made->op == Op::Evm && made->opcode == vm::Opcode::ADDRESS)
                    : own.contains(source.index);
    }

    Makers made_by;
    std::vector<ir::Type> types;
};

bool is_open(const ir::Function& function) {
    return function.is_entry && function.kind == ir::FunctionKind::Ordinary &&
           function.mutability == ir::Mutability::NonPayable;
}

bool touches_state(const ir::Instruction& each) {
    return (ir::reads_of(each) | ir::writes_of(each)).intersects(vm::state_regions);
}

// Whether the second one is the body of the first one, which decodes its arguments for it.
bool is_body_of(const ir::Function& entry, const ir::Function& body) {
    std::vector<std::string> names, own;
    for (const ir::NamedType& each : entry.parameters) names.push_back(each.name);
    for (const ir::NamedType& each : body.parameters)
        if (!each.name.ends_with(length_suffix)) own.push_back(each.name);
    return entry.is_raw && !body.is_entry && entry.name == body.name && names == own;
}

class Scripts {
  public:
    explicit Scripts(const ir::Contract& contract) : contract_(contract) {
        for (std::uint32_t i = 0; i < contract.functions.size(); ++i)
            if (is_open(contract.functions[i])) find_offers(i);
    }

    std::set<std::uint32_t> run() {
        // Between two transactions transient storage is lost.
        if (uses_transient_storage()) return {};
        for (std::uint32_t i = 0; i < contract_.functions.size(); ++i) {
            entry_ = i;
            bool calls = false;
            if (is_open(contract_.functions[i]) && only_plays(i, {}, 0, calls) && calls) found_.insert(i);
        }
        return found_;
    }

  private:
    [[nodiscard]] bool uses_transient_storage() const {
        const vm::Regions transient(vm::Region::Transient);
        return std::ranges::any_of(contract_.functions, [&](const ir::Function& function) {
            return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
                return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                    return each.op != Op::InternalCall && (ir::reads_of(each) | ir::writes_of(each)).intersects(transient);
                });
            });
        });
    }

    void find_offers(std::uint32_t entry) {
        const ir::Function& function = contract_.functions[entry];
        if (!function.is_raw) {
            offer_itself(entry);
            return offer_what_follows(entry);
        }
        const ir::Instruction* only = nullptr;
        for (const ir::Block& block : function.blocks) {
            if (block.terminator.kind == ir::Terminator::Kind::External) return;
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != Op::InternalCall) {
                    if (touches_state(each)) return;
                } else if (is_body_of(function, contract_.functions.at(each.callee))) {
                    if (std::exchange(only, &each)) return;
                }
            }
        }
        if (!only) return;
        offers_[only->callee].push_back({entry, Pattern(only->operands.size())});
    }

    // Who calls the entry's function inside does what a call of the entry does.
    void offer_itself(std::uint32_t entry) {
        const ir::Block& block = contract_.functions[entry].blocks.front();
        const Words words(contract_.functions[entry]);
        Pattern pattern;
        for (const ir::Parameter& each : block.parameters) {
            const auto width = words.width_of(each.value);
            if (!width) return;
            pattern.push_back({false, *width});
        }
        offers_[entry].push_back({entry, std::move(pattern)});
    }

    // What the function calls, if that is all that it does, with its own arguments, each once, and who calls.
    void offer_what_follows(std::uint32_t entry) {
        const ir::Function& function = contract_.functions[entry];
        if (function.blocks.size() != 1 || function.blocks.front().terminator.kind != ir::Terminator::Kind::Return) return;
        const ir::Block& block = function.blocks.front();
        const Words words(function);
        const ir::Instruction* only = nullptr;
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == Op::InternalCall && std::exchange(only, &each)) return;
            if (each.op != Op::InternalCall && (touches_state(each) || each.op == Op::Guard)) return;
        }
        if (!only) return;
        Pattern pattern;
        std::set<std::uint32_t> passed;
        for (const ir::Value each : only->operands) {
            const bool is_caller = words.is_caller(each);
            const ir::Value source = words.source_of(each);
            const bool is_parameter =
                std::ranges::find(block.parameters, source, &ir::Parameter::value) != block.parameters.end();
            const auto width = words.width_of(each);
            if (!is_caller && (!is_parameter || !width || !passed.insert(source.index).second)) return;
            pattern.push_back({is_caller, width.value_or(word_bits)});
        }
        offers_[only->callee].push_back({entry, std::move(pattern)});
    }

    [[nodiscard]] bool is_offered(const ir::Instruction& call, const Words& words) const {
        const auto offers = offers_.find(call.callee);
        return offers != offers_.end() && std::ranges::any_of(offers->second, [&](const Offer& each) {
                   if (each.entry == entry_ || found_.contains(each.entry)) return false;
                   for (std::size_t i = 0; i < each.pattern.size(); ++i) {
                       const ir::Value passed = call.operands.data()[i];
                       if (each.pattern[i].is_caller && !words.is_caller(passed)) return false;
                       if (each.pattern[i].bits < words.width_of(passed).value_or(word_bits)) return false;
                   }
                   return true;
               });
    }

    // Whether it calls others, other than to ask.
    [[nodiscard]] bool acts_outside(const ir::Terminator& end) const {
        return end.kind == ir::Terminator::Kind::External && ir::opcode_of(contract_, end.call) != vm::Opcode::STATICCALL;
    }

    // Whether it runs a function of the contract as whoever called: `address(this).delegatecall(data)`.
    [[nodiscard]] bool runs_own_code(const ir::Terminator& end, const Words& words,
                                     const std::set<std::uint32_t>& own) const {
        if (end.kind != ir::Terminator::Kind::External || ir::opcode_of(contract_, end.call) != vm::Opcode::DELEGATECALL)
            return false;
        const bool is_raw = end.call.kind == ir::ExternalCall::Kind::Raw;
        return words.is_self(is_raw ? end.call.arguments.data()[1] : end.call.target, own);
    }

    [[nodiscard]] bool only_reads(std::uint32_t index) {
        const auto [known, is_new] = only_reads_.try_emplace(index, false);  // recursion is not followed
        if (!is_new) return known->second;
        bool changes = false;
        for (const ir::Block& block : contract_.functions.at(index).blocks) {
            changes |= acts_outside(block.terminator);
            for (const ir::Instruction& each : block.instructions)
                changes |= each.op == Op::InternalCall ? !only_reads(each.callee)
                                                       : ir::writes_of(each).intersects(vm::state_regions);
        }
        return only_reads_[index] = !changes;
    }

    // `own`: parameters, as values, that are the contract's address. `calls`: whether it calls what others offer.
    bool only_plays(std::uint32_t index, const std::set<std::uint32_t>& own, std::uint32_t depth, bool& calls) {
        constexpr std::uint32_t most_depth = 8;
        if (depth == most_depth) return false;
        const ir::Function& function = contract_.functions.at(index);
        const Words words(function);
        for (const ir::Block& block : function.blocks) {
            const bool is_own = runs_own_code(block.terminator, words, own);
            calls |= is_own;
            if (!is_own && acts_outside(block.terminator)) return false;
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != Op::InternalCall) {
                    if (ir::writes_of(each).intersects(vm::state_regions)) return false;
                    continue;
                }
                const bool is_part = is_offered(each, words);
                calls |= is_part;
                if (is_part || only_reads(each.callee)) continue;
                std::set<std::uint32_t> passed;
                const auto& parameters = contract_.functions.at(each.callee).blocks.front().parameters;
                for (std::size_t i = 0; i < each.operands.size(); ++i)
                    if (words.is_self(each.operands.data()[i], own)) passed.insert(parameters.at(i).value.index);
                if (!only_plays(each.callee, passed, depth + 1, calls)) return false;
            }
        }
        return true;
    }

    const ir::Contract& contract_;
    std::map<std::uint32_t, std::vector<Offer>> offers_;  // by what is called
    std::map<std::uint32_t, bool> only_reads_;
    std::uint32_t entry_ = 0;  // that is looked at
    std::set<std::uint32_t> found_;
};

}  // namespace

std::set<std::uint32_t> scripts_of(const ir::Contract& contract) { return Scripts(contract).run(); }

}  // namespace interlock::analyzer::prover
