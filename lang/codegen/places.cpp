// Computes slots of storage paths: keccak(key . slot) for a mapping's entry, an addition for a struct's field.
#include "lang/codegen/function.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::Value;

// [slot] -> [slot of the entry]; hashes the word of the key and the slot in scratch memory.
void FunctionEmitter::hash_word_key(Value key) {
    fetch(key);
    e_.push(0).op(MSTORE);
    e_.push(32).op(MSTORE).push(64).push(0).op(KECCAK256);
}

// [slot] -> [slot of the entry]; hashes the key's bytes without padding and the slot in free memory.
void FunctionEmitter::hash_string_key(Value key) {
    const Entry slot = e_.name_top();
    e_.push(memory::free_pointer).op(MLOAD);
    fetch(key);
    e_.call(unit_.routines.routine(Routine::PackBytes), 2, 1);
    const Entry end = e_.name_top();
    e_.copy(slot).copy(end).op(MSTORE);
    e_.push(32).op(ADD).push(memory::free_pointer).op(MLOAD).swap(1).op(SUB);
    e_.push(memory::free_pointer).op(MLOAD).op(KECCAK256);
    e_.assign(slot);
}

void FunctionEmitter::push_slot(const ir::Instruction& i) {
    const ir::StateVariable& variable = unit_.contract.state[i.place.variable];
    ir::StorageTypeIndex at = variable.type;
    std::optional<Word> base = variable.slot;  // the part that has not been pushed yet
    for (const ir::PlaceStep& step : i.place.steps) {
        const ir::StorageType& type = unit_.contract.storage_types[at];
        switch (step.kind) {
            case ir::PlaceStep::Kind::Key:
                if (base) e_.push(*base);
                base.reset();
                if (type.key.is_reference()) hash_string_key(i.operands[step.operand]);
                else hash_word_key(i.operands[step.operand]);
                at = type.element;
                break;
            case ir::PlaceStep::Kind::Field: {
                const ir::StorageField& field = type.fields[step.operand];
                if (base) *base += field.slot;
                else if (!field.slot.is_zero()) e_.push(field.slot).op(ADD);
                at = field.type;
                break;
            }
            case ir::PlaceStep::Kind::Element: throw Untranslatable{no_translation, "elements of arrays", i.range};
        }
    }
    if (base) e_.push(*base);
}

}  // namespace interlock::lang::codegen
