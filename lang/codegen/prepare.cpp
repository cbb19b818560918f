// Finds aliases first, so that uses count for the original; then finds what is needed, backwards from effects; then
// erases the rest.
#include "lang/codegen/prepare.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::lang::codegen {

namespace {

using ir::Op;
using ir::TypeKind;
using ir::Value;

bool is_left_aligned(const ir::Type& type) { return type.kind == TypeKind::FixedBytes; }

bool packs_alike(const ir::Type& a, const ir::Type& b) {
    return a == b || (a.bits == b.bits && is_left_aligned(a) == is_left_aligned(b) && a.is_reference() == b.is_reference());
}

class Preparation {
  public:
    explicit Preparation(const ir::Function& function) : f_(prepared_.function) {
        prepared_.function = function;
        prepared_.order = ir::reverse_postorder(f_.blocks);
        prepared_.types.resize(f_.values);
        prepared_.first_operand_type.resize(f_.values);
        prepared_.needed.assign(f_.values, false);
        prepared_.results.resize(f_.values);
        alias_.resize(f_.values);
        for (std::uint32_t i = 0; i < f_.values; ++i) alias_[i] = {i};
    }

    Prepared run() {
        record_types();
        find_typed_uses();
        find_aliases();
        apply_aliases();
        mark_needed();
        erase_unneeded();
        return std::move(prepared_);
    }

  private:
    ir::Type type_of(Value value) const { return prepared_.types[value.index]; }
    ir::Type operand_type(const ir::Instruction& i) const {
        return prepared_.operand_types[prepared_.first_operand_type[i.result.index]];
    }

    void record_types() {
        for (const ir::BlockIndex b : prepared_.order) {
            for (const ir::Parameter& parameter : f_.blocks[b].parameters)
                prepared_.types[parameter.value.index] = parameter.type;
            for (const ir::Instruction& i : f_.blocks[b].instructions)
                if (i.result) prepared_.types[i.result.index] = i.type;
        }
        for (const ir::BlockIndex b : prepared_.order)
            for (const ir::Instruction& i : f_.blocks[b].instructions)
                if (i.result && looks_at_types(i.op)) {
                    prepared_.first_operand_type[i.result.index] =
                        static_cast<std::uint32_t>(prepared_.operand_types.size());
                    for (const Value operand : i.operands) prepared_.operand_types.push_back(type_of(operand));
                }
    }

    static bool looks_at_types(Op op) {
        const ir::Group group = ir::info(op).group;
        return group == ir::Group::Comparison || group == ir::Group::Conversion;
    }

    // Byte strings are encoded differently from other types, so somebody may have to know which of them a value is.
    void find_typed_uses() {
        is_type_seen_.assign(f_.values, false);
        const auto see = [&](const Value& value) {
            if (value) is_type_seen_[value.index] = true;
        };
        for (const ir::BlockIndex b : prepared_.order) {
            for (const ir::Instruction& i : f_.blocks[b].instructions)
                if (i.op != Op::Evm && i.op != Op::Reinterpret && i.op != Op::InternalCall)
                    std::for_each(i.operands.begin(), i.operands.end(), see);
            if (f_.blocks[b].terminator.kind != ir::Terminator::Kind::Branch) ir::for_each_use(f_.blocks[b].terminator, see);
        }
    }

    // Returns whether a conversion leaves the word unchanged.
    bool is_renaming(const ir::Instruction& i) const {
        if (i.op == Op::Reinterpret)
            return i.type.is_reference() == operand_type(i).is_reference() || !is_type_seen_[i.result.index];
        return i.op == Op::Convert && keeps_word(operand_type(i), i.type);
    }

    // In reverse postorder an operand's own alias is known when its user is reached.
    void find_aliases() {
        for (const ir::BlockIndex b : prepared_.order)
            for (const ir::Instruction& i : f_.blocks[b].instructions) {
                if (is_renaming(i)) alias_[i.result.index] = alias_[i.operands[0].index];
                if (i.op == Op::Result) alias_result(i);
            }
    }

    void alias_result(const ir::Instruction& i) {
        auto& results = prepared_.results[i.operands[0].index];
        if (results.size() <= i.number) results.resize(i.number + 1);
        if (results[i.number]) alias_[i.result.index] = results[i.number];
        else results[i.number] = i.result;
    }

    void apply_aliases() {
        const auto follow = [&](Value& value) {
            if (value) value = alias_[value.index];
        };
        for (const ir::BlockIndex b : prepared_.order) {
            ir::Block& block = f_.blocks[b];
            for (ir::Instruction& i : block.instructions) std::for_each(i.operands.begin(), i.operands.end(), follow);
            const bool is_packed =
                block.terminator.kind == ir::Terminator::Kind::External && block.terminator.call.is_encoded;
            ir::for_each_use(block.terminator, [&](Value& value) {
                if (!value || !is_packed || packs_alike(type_of(value), type_of(alias_[value.index]))) follow(value);
            });
            ir::for_each_jump(block.terminator,
                              [&](ir::Jump& jump) { std::for_each(jump.arguments.begin(), jump.arguments.end(), follow); });
        }
    }

    // Returns whether the instruction must happen even if its result is unused. Integers occur only in specifications.
    bool has_effect(const ir::Instruction& i) const {
        if (i.type.kind == TypeKind::Integer) return false;
        if (i.op == Op::Convert && keeps_word(operand_type(i), i.type)) return false;
        return ir::must_happen(i);
    }

    void need(Value value) {
        if (!value || prepared_.needed[value.index]) return;
        prepared_.needed[value.index] = true;
        changed_ = true;
    }

    void mark_needed() {
        do {
            changed_ = false;
            for (auto b = prepared_.order.rbegin(); b != prepared_.order.rend(); ++b) mark_block(f_.blocks[*b]);
        } while (changed_);
    }

    void mark_block(const ir::Block& block) {
        ir::for_each_use(block.terminator, [&](const Value& value) { need(value); });
        ir::for_each_jump(block.terminator, [&](const ir::Jump& jump) {
            const auto& parameters = f_.blocks[jump.block].parameters;
            for (std::size_t i = 0; i < jump.arguments.size(); ++i)
                if (prepared_.needed[parameters[i].value.index]) need(jump.arguments[i]);
        });
        for (auto i = block.instructions.rbegin(); i != block.instructions.rend(); ++i) {
            const bool wanted = has_effect(*i) || (i->result && prepared_.needed[i->result.index]);
            if (!wanted || i->op == Op::Result) continue;
            for (const Value operand : i->operands) need(operand);
        }
    }

    bool is_erased(const ir::Instruction& i) const {
        if (i.op == Op::Result || ir::info(i.op).effects.concerns_the_proof) return true;
        return !has_effect(i) && !(i.result && prepared_.needed[i.result.index]);
    }

    void erase_unneeded() {
        prepared_.call_results.resize(f_.blocks.size());
        for (const ir::BlockIndex b : prepared_.order) {
            ir::Block& block = f_.blocks[b];
            std::erase_if(block.instructions, [&](const ir::Instruction& i) { return is_erased(i); });
            if (block.terminator.kind == ir::Terminator::Kind::External) record_results(b, block.terminator.call.next);
            ir::for_each_jump(block.terminator, [&](ir::Jump& jump) { erase_arguments(jump); });
        }
        for (const ir::BlockIndex b : prepared_.order)
            if (b != 0)
                std::erase_if(f_.blocks[b].parameters,
                              [&](const ir::Parameter& p) { return !prepared_.needed[p.value.index]; });
    }

    void record_results(ir::BlockIndex block, const ir::Jump& next) {
        const auto& parameters = f_.blocks[next.block].parameters;
        for (std::size_t i = next.arguments.size(); i < parameters.size(); ++i) {
            const Value value = parameters[i].value;
            prepared_.call_results[block].push_back(prepared_.needed[value.index] ? value : Value{});
        }
    }

    void erase_arguments(ir::Jump& jump) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < jump.arguments.size(); ++i)
            if (prepared_.needed[f_.blocks[jump.block].parameters[i].value.index])
                jump.arguments[kept++] = jump.arguments[i];
        jump.arguments.resize(kept);
    }

    Prepared prepared_;
    ir::Function& f_;  // alias of prepared_.function
    std::vector<Value> alias_;
    std::vector<bool> is_type_seen_;  // by value: whether more than its word counts to one of its uses
    bool changed_ = false;
};

}  // namespace

Prepared prepare(const ir::Function& function) { return Preparation(function).run(); }

bool keeps_word(const ir::Type& from, const ir::Type& to) {
    if (from == to) return true;
    switch (to.kind) {
        case TypeKind::Bytes:
        case TypeKind::String: return from.is_reference();
        case TypeKind::Uint:
            if (from.kind == TypeKind::Int) return to.bits == 256;
            if (from.kind == TypeKind::FixedBytes) return from.bits == 256 && to.bits == 256;
            return (from.kind == TypeKind::Uint || from.kind == TypeKind::Address || from.kind == TypeKind::Enum ||
                    from.kind == TypeKind::Bool) &&
                   from.bits <= to.bits;
        case TypeKind::Int:
            if (from.kind == TypeKind::Int) return from.bits <= to.bits;
            if (from.kind == TypeKind::FixedBytes) return from.bits == 256 && to.bits == 256;
            return (from.kind == TypeKind::Uint || from.kind == TypeKind::Enum) && (from.bits < to.bits || to.bits == 256);
        case TypeKind::Address: return from.kind == TypeKind::Uint && from.bits <= 160;
        case TypeKind::FixedBytes:
            if (from.kind == TypeKind::FixedBytes) return from.bits <= to.bits;
            return from.kind == TypeKind::Uint && from.bits == 256 && to.bits == 256;
        case TypeKind::Enum: return from.kind == TypeKind::Enum && from.members <= to.members;
        case TypeKind::Bool: return false;
        case TypeKind::Integer:
        case TypeKind::Data: return false;
    }
    return false;
}

}  // namespace interlock::lang::codegen
