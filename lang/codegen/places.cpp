// Computes slots of storage paths: keccak(key . slot) for a mapping's entry, an addition for a struct's field.
#include <set>

#include "lang/codegen/arithmetic.hpp"
#include "lang/codegen/function.hpp"
#include "lang/codegen/storage.hpp"

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

FunctionEmitter::Location FunctionEmitter::push_slot(const ir::Instruction& i) {
    const ir::StateVariable& variable = unit_.contract.state[i.place.variable];
    Location location{variable.type, variable.offset};
    std::optional<Word> base = variable.slot;  // the part that has not been pushed yet
    for (const ir::PlaceStep& step : i.place.steps) {
        const ir::StorageType& type = unit_.contract.storage_types[location.type];
        switch (step.kind) {
            case ir::PlaceStep::Kind::Key:
                if (base) e_.push(*base);
                base.reset();
                if (type.key.is_reference()) hash_string_key(i.operands[step.operand]);
                else hash_word_key(i.operands[step.operand]);
                location = {type.element, 0};
                break;
            case ir::PlaceStep::Kind::Field: {
                const ir::StorageField& field = type.fields[step.operand];
                if (base) *base += field.slot;
                else if (!field.slot.is_zero()) e_.push(field.slot).op(ADD);
                location = {field.type, field.offset};
                break;
            }
            case ir::PlaceStep::Kind::Element: throw Untranslatable{no_translation, "elements of arrays", i.range};
        }
    }
    if (base) e_.push(*base);
    return location;
}

void FunctionEmitter::emit_load(const ir::Instruction& i) {
    const Location location = push_slot(i);
    if (i.type.is_reference()) e_.call(unit_.routines.routine(Routine::LoadStorageBytes), 1, 1);
    else load_packed(e_, unit_.routines, i.type, location.offset);
}

void FunctionEmitter::emit_store(const ir::Instruction& i) {
    const Value value = i.operands.back();
    const ir::Type type = i.type;
    if (type.is_reference()) {
        push_slot(i);
        fetch(value);
        return e_.call(unit_.routines.routine(Routine::StoreStorageBytes), 2, 0);
    }
    operands({value});
    const Location location = push_slot(i);
    store_packed(e_, type, location.offset);
}

void FunctionEmitter::emit_clear(const ir::Instruction& i) {
    const Location location = push_slot(i);
    const auto& types = unit_.contract.storage_types;
    if (types[location.type].kind == ir::StorageType::Kind::Value)
        return clear_packed(e_, types[location.type].value, location.offset);

    // A struct takes whole slots.
    const Entry slot = e_.name_top();
    struct Part {
        ir::StorageTypeIndex type;
        Word at;
    };
    std::vector<Part> parts{{location.type, Word()}};
    std::set<Word> words;
    std::vector<Word> strings;
    while (!parts.empty()) {
        const Part part = parts.back();
        parts.pop_back();
        const ir::StorageType& type = types[part.type];
        switch (type.kind) {
            case ir::StorageType::Kind::Value: words.insert(part.at); break;
            case ir::StorageType::Kind::Bytes: strings.push_back(part.at); break;
            case ir::StorageType::Kind::Mapping: break;  // its keys are unknown
            case ir::StorageType::Kind::Struct:
                for (const ir::StorageField& field : type.fields) parts.push_back({field.type, part.at + field.slot});
                break;
            default: throw Untranslatable{no_translation, "delete of an array", i.range};
        }
    }
    const auto push_at = [&](const Word& at) {
        e_.copy(slot);
        if (!at.is_zero()) e_.push(at).op(ADD);
    };
    for (const Word& at : words) {
        e_.push(0);
        push_at(at);
        e_.op(SSTORE);
    }
    for (const Word& at : strings) {
        push_at(at);
        e_.push(memory::zero).call(unit_.routines.routine(Routine::StoreStorageBytes), 2, 0);
    }
    e_.pop();
}

}  // namespace interlock::lang::codegen
