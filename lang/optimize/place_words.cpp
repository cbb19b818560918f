// Replaces storage places by slots and words. Before and after:
//
//     %2 = load accounts[%1].open : bool           %2 = slotof accounts[%1] : uint256
//                                                  %3 = evm SLOAD %2; %4 = evm SHR 96, %3; %5 = evm AND %4, 255
//                                                  %6 = reinterpret %5 : bool
//
// The slot of an entry is then hashed once, a word that holds several fields is read once, and masks are folded. Byte
// strings, and variables that are cleared as a whole, stay as they are. (Solidity documentation, "Layout of State
// Variables in Storage".)
#include "lang/ir/storage_path.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

class Words {
  public:
    Words(const ir::Contract& contract, ir::Function& function) : contract_(contract), function_(function) {}

    void run() {
        for (ir::Block& block : function_.blocks) {
            out_.clear();
            out_.reserve(block.instructions.size() * 2);
            for (Instruction& i : block.instructions) {
                const bool is_word = (i.op == Op::Load || i.op == Op::Store) && !i.at_entry && !i.type.is_reference() &&
                                     i.type.kind != TypeKind::Integer && i.type.kind != TypeKind::Data;
                if (!is_word) out_.push_back(std::move(i));
                else if (i.op == Op::Load) load(i);
                else store(i);
            }
            block.instructions = std::move(out_);
        }
    }

  private:
    Value emit(Instruction i) {
        i.range = range_;
        i.result = {function_.values++};
        out_.push_back(std::move(i));
        return out_.back().result;
    }
    Value word(const Word& word) { return emit({.op = Op::Constant, .type = ir::uint256_type, .word = word}); }
    Value machine(Opcode opcode, ir::Values operands) {
        return emit({.op = Op::Evm, .type = ir::uint256_type, .operands = std::move(operands), .opcode = opcode});
    }

    // A place without keys is at a constant slot; a field of an entry is at the entry's slot plus a constant.
    Value slot_of(const Instruction& i) {
        const std::size_t keys = i.operands.size() - (i.op == Op::Store ? 1 : 0);
        Instruction slot{.op = Op::SlotOf,
                         .type = ir::uint256_type,
                         .operands = {i.operands.begin(), i.operands.begin() + static_cast<std::ptrdiff_t>(keys)},
                         .place = i.place};
        Word fields;
        ir::StorageTypeIndex type = contract_.state[i.place.variable].type;
        std::size_t last_key = 0;
        for (std::size_t n = 0; n < i.place.steps.size(); ++n) {
            const ir::PlaceStep& step = i.place.steps[n];
            const ir::StorageType& from = contract_.storage_types[type];
            if (step.kind == ir::PlaceStep::Kind::Field) {
                fields += from.fields[step.operand].slot;
                type = from.fields[step.operand].type;
            } else {
                last_key = n + 1;
                fields = Word();
                type = from.element;
            }
        }
        if (last_key == 0) return word(contract_.state[i.place.variable].slot + fields);
        slot.place.steps.resize(last_key);
        const Value entry = emit(std::move(slot));
        return fields.is_zero() ? entry : machine(Opcode::ADD, {entry, word(fields)});
    }

    void load(const Instruction& i) {
        range_ = i.range;
        const ir::Type type = i.type;
        const unsigned bits = type.bits, right = 8 * offset_in_slot(contract_, i.place);
        Value value = machine(Opcode::SLOAD, {slot_of(i)});
        if (bits < 256) {
            const unsigned left = 256 - bits - right;
            if (type.kind == TypeKind::FixedBytes) {
                if (left > 0) value = machine(Opcode::SHL, {word(Word(left)), value});
                if (right > 0) value = machine(Opcode::AND, {value, word(all_ones << (256 - bits))});
            } else if (type.kind == TypeKind::Int) {
                if (left > 0) value = machine(Opcode::SHL, {word(Word(left)), value});
                value = machine(Opcode::SAR, {word(Word(256 - bits)), value});
            } else {
                if (right > 0) value = machine(Opcode::SHR, {word(Word(right)), value});
                if (left > 0) value = machine(Opcode::AND, {value, word(all_ones >> (256 - bits))});
                check(type, value);
            }
        }
        out_.push_back({.op = Op::Reinterpret, .type = type, .result = i.result, .operands = {value}, .range = range_});
    }

    // Assembly may have stored any bits.
    void check(const ir::Type& type, Value& value) {
        if (type.kind == TypeKind::Bool) value = machine(Opcode::ISZERO, {machine(Opcode::ISZERO, {value})});
        if (type.kind != TypeKind::Enum) return;
        const Value fits =
            emit({.op = Op::Less, .type = {TypeKind::Bool, 8}, .operands = {value, word(Word(type.members))}});
        Instruction guard{.op = Op::Guard, .operands = {fits}, .range = range_};
        guard.failure.kind = ir::Failure::Kind::Panic;
        guard.failure.panic_code = 0x21;  // Solidity documentation, "Panic via assert and Error via require"
        out_.push_back(std::move(guard));
    }

    void store(const Instruction& i) {
        range_ = i.range;
        const ir::Type type = i.type;
        const unsigned bits = type.bits, offset = 8 * offset_in_slot(contract_, i.place);
        Value value = emit({.op = Op::Reinterpret, .type = ir::uint256_type, .operands = {i.operands.back()}});
        const Value slot = slot_of(i);
        if (bits < 256) {
            const Word field = all_ones >> (256 - bits);
            const Value others = machine(Opcode::AND, {machine(Opcode::SLOAD, {slot}), word(~(field << offset))});
            if (type.kind == TypeKind::FixedBytes) value = machine(Opcode::SHR, {word(Word(256 - bits)), value});
            if (type.kind == TypeKind::Int) value = machine(Opcode::AND, {value, word(field)});
            if (offset > 0) value = machine(Opcode::SHL, {word(Word(offset)), value});
            value = machine(Opcode::OR, {value, others});
        }
        out_.push_back(
            {.op = Op::Evm, .type = ir::uint256_type, .operands = {slot, value}, .opcode = Opcode::SSTORE, .range = range_});
    }

    const ir::Contract& contract_;
    ir::Function& function_;
    std::vector<Instruction> out_;
    SourceRange range_;
};

}  // namespace

void place_words(const ir::Contract& contract, ir::Function& function) { Words(contract, function).run(); }

}  // namespace interlock::lang::optimize
