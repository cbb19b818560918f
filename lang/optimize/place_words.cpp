// Replaces storage places by slots and words. Before and after:
//
//     %2 = load accounts[%1].open : bool           %2 = slotof accounts[%1] : uint256
//                                                  %3 = evm SLOAD %2; %4 = evm SHR 96, %3; %5 = evm AND %4, 255
//                                                  %6 = reinterpret %5 : bool
//
// The slot of an entry is then hashed once, a word that holds several fields is read once, and masks are folded. For byte
// strings the lowering's routines are called. (Solidity documentation, "Layout of State Variables in Storage".)
#include <set>

#include "lang/ir/storage_path.hpp"
#include "lang/optimize/optimize.hpp"

namespace interlock::lang::optimize {

namespace {

const Word empty_bytes(0x60);  // the address in memory of a word that stays zero

class Words {
  public:
    Words(const ir::Contract& contract, ir::Function& function) : contract_(contract), function_(function) {}

    void run() {
        for (ir::Block& block : function_.blocks) {
            out_.clear();
            out_.reserve(block.instructions.size() * 2);
            for (Instruction& i : block.instructions) {
                if (i.op == Op::Clear) clear(i);
                else if (i.op == Op::Load) i.type.is_reference() ? load_bytes(i) : load(i);
                else if (i.op == Op::Store) i.type.is_reference() ? store_bytes(i, i.operands.back()) : store(i);
                else out_.push_back(std::move(i));
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

    [[nodiscard]] ir::StorageTypeIndex type_of(const ir::Place& place) const {
        ir::StorageTypeIndex type = contract_.state[place.variable].type;
        for (const ir::PlaceStep& step : place.steps) {
            const ir::StorageType& from = contract_.storage_types[type];
            type = step.kind == ir::PlaceStep::Kind::Field ? from.fields[step.operand].type : from.element;
        }
        return type;
    }

    // A place without keys is at a constant slot; a field of an entry is at the entry's slot plus a constant.
    Value slot_of(const Instruction& i) {
        ir::Place entry = i.place;
        Word fields;
        while (!entry.steps.empty() && entry.steps.back().kind == ir::PlaceStep::Kind::Field) {
            const std::uint32_t field = entry.steps.back().operand;
            entry.steps.pop_back();
            fields += contract_.storage_types[type_of(entry)].fields[field].slot;
        }
        if (entry.steps.empty()) return word(contract_.state[i.place.variable].slot + fields);
        const auto keys = static_cast<std::ptrdiff_t>(i.operands.size() - (i.op == Op::Store ? 1 : 0));
        const Value slot = emit({.op = Op::SlotOf,
                                 .type = ir::uint256_type,
                                 .operands = {i.operands.begin(), i.operands.begin() + keys},
                                 .place = std::move(entry)});
        return fields.is_zero() ? slot : machine(Opcode::ADD, {slot, word(fields)});
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
        write(slot, value);
    }

    void load_bytes(const Instruction& i) {
        range_ = i.range;
        const Value call = emit({.op = Op::InternalCall, .operands = {slot_of(i)}, .callee = i.callee});
        const Value address = emit({.op = Op::Result, .type = ir::uint256_type, .operands = {call}});
        out_.push_back({.op = Op::Reinterpret, .type = i.type, .result = i.result, .operands = {address}, .range = range_});
    }

    void store_bytes(const Instruction& i, Value bytes) {
        range_ = i.range;
        const Value address = emit({.op = Op::Reinterpret, .type = ir::uint256_type, .operands = {bytes}});
        call_storer(i, slot_of(i), address);
    }

    void call_storer(const Instruction& i, Value slot, Value address) {
        (void)emit({.op = Op::InternalCall, .operands = {slot, address}, .callee = i.callee});
    }

    void write(Value slot, Value value) {
        out_.push_back(
            {.op = Op::Evm, .type = ir::uint256_type, .operands = {slot, value}, .opcode = Opcode::SSTORE, .range = range_});
    }

    void clear(const Instruction& i) {
        range_ = i.range;
        const ir::StorageType& type = contract_.storage_types[type_of(i.place)];
        const Value slot = slot_of(i);
        if (type.kind == ir::StorageType::Kind::Bytes) return call_storer(i, slot, word(empty_bytes));
        if (type.kind == ir::StorageType::Kind::Struct) return clear_struct(i, slot);
        const unsigned bits = type.value.bits, offset = 8 * offset_in_slot(contract_, i.place);
        if (bits == 256) return write(slot, word(Word()));
        const Word others = ~((all_ones >> (256 - bits)) << offset);
        write(slot, machine(Opcode::AND, {machine(Opcode::SLOAD, {slot}), word(others)}));
    }

    // A struct takes whole slots. Mappings in it stay, since their keys are unknown.
    void clear_struct(const Instruction& i, Value slot) {
        struct Part {
            ir::Place place;
            Word at;
        };
        std::vector<Part> parts{{i.place, Word()}};
        std::set<Word> words;
        std::set<Word> strings;
        while (!parts.empty()) {
            const Part part = std::move(parts.back());
            parts.pop_back();
            const ir::StorageType& type = contract_.storage_types[type_of(part.place)];
            if (type.kind == ir::StorageType::Kind::Value) words.insert(part.at);
            if (type.kind == ir::StorageType::Kind::Bytes) strings.insert(part.at);
            for (std::uint32_t field = 0; field < type.fields.size(); ++field) {
                parts.push_back({part.place, part.at + type.fields[field].slot});
                parts.back().place.steps.push_back({ir::PlaceStep::Kind::Field, field});
            }
        }
        const auto slot_at = [&](const Word& at) { return at.is_zero() ? slot : machine(Opcode::ADD, {slot, word(at)}); };
        for (const Word& at : words) write(slot_at(at), word(Word()));
        for (const Word& at : strings) call_storer(i, slot_at(at), word(empty_bytes));
    }

    const ir::Contract& contract_;
    ir::Function& function_;
    std::vector<Instruction> out_;
    SourceRange range_;
};

}  // namespace

void place_words(const ir::Contract& contract, ir::Function& function) { Words(contract, function).run(); }

}  // namespace interlock::lang::optimize
