#include "analyzer/prover/struct_copies.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "analyzer/prover/memory_words.hpp"
#include "analyzer/prover/uses.hpp"

namespace interlock::analyzer::prover {

using ir::Op;
using ir::Word;

namespace {

constexpr std::uint64_t word_bytes = 32;
bool is_read_by(const ir::Contract& contract, const ir::Instruction& call, ir::Value address, unsigned depth);

constexpr std::string_view copying = "copy to memory: ";  // what the compiler calls the function that does it
const ir::Type word_type{ir::TypeKind::Uint, 256};

// Whether the function reads what lies behind this argument in memory, and does no more with it.
bool only_reads(const ir::Contract& contract, const ir::Function& function, std::size_t argument, unsigned depth) {
    constexpr unsigned most_calls = 3;  // inside of each other
    const auto& parameters = function.blocks.front().parameters;
    if (depth == most_calls || function.is_entry || argument >= parameters.size()) return false;
    const Uses uses(function);
    const std::function<bool(ir::Value)> is_read = [&](ir::Value address) {
        return std::ranges::all_of(uses.users.at(address.index), [&](const Uses::User& user) {
            if (!user.instruction) return false;
            const ir::Instruction& each = *user.instruction;
            if (is_evm(each, vm::Opcode::MLOAD)) return true;
            if (each.op == Op::Add) return is_read(each.result);
            return each.op == Op::InternalCall && is_read_by(contract, each, address, depth + 1);
        });
    };
    return is_read(parameters[argument].value);
}

// Whether the function that is called does no more than to read what lies at the address.
bool is_read_by(const ir::Contract& contract, const ir::Instruction& call, ir::Value address, unsigned depth) {
    const ir::Function& callee = contract.functions.at(call.callee);
    for (std::size_t i = 0; i < call.operands.size(); ++i)
        if (call.operands[i] == address && !only_reads(contract, callee, i, depth)) return false;
    return true;
}

// One copy, and the loads of its fields.
struct Copy {
    const ir::Instruction *call = nullptr, *result = nullptr;
    bool is_passed_on = false;  // functions that are called read it in memory
    ir::Value slot;
    const ir::StorageType* type = nullptr;
    std::map<std::uint32_t, ir::Value> fields;              // the values that they get, by number
    std::map<const ir::Instruction*, std::uint32_t> loads;  // from memory
    std::set<const ir::Instruction*> addresses;             // of fields
};

class Copies {
  public:
    Copies(const ir::Contract& contract, const ir::Function& function)
        : contract_(contract),
          function_(function),
          uses_(function),
          made_by_(makers_of(function)),
          values_(function.values) {}

    // Changes a copy of the function.
    void replace_in(ir::Function& changed) {
        for (const ir::Block& block : function_.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (auto copy = copy_at(each)) copies_.push_back(std::move(*copy));
        if (copies_.empty()) return;
        for (Copy& copy : copies_)
            for (const auto& [load, field] : copy.loads) copy.fields.try_emplace(field, ir::Value{});
        for (Copy& copy : copies_)
            for (auto& [field, value] : copy.fields) value.index = values_++;
        find_same_words();
        for (std::size_t i = 0; i < function_.blocks.size(); ++i)
            changed.blocks[i].instructions = rewritten(function_.blocks[i]);
        changed.values = values_;
    }

  private:
    [[nodiscard]] std::optional<Copy> copy_at(const ir::Instruction& call) const {
        if (call.op != Op::InternalCall || call.operands.size() != 1) return std::nullopt;
        const std::string& name = contract_.functions.at(call.callee).name;
        if (!name.starts_with(copying)) return std::nullopt;
        Copy copy;
        copy.call = &call;
        copy.slot = call.operands[0];
        const auto type = std::ranges::find_if(contract_.storage_types, [&](const ir::StorageType& each) {
            return each.kind == ir::StorageType::Kind::Struct && name.substr(copying.size()) == each.name;
        });
        if (type == contract_.storage_types.end()) return std::nullopt;
        copy.type = &*type;
        const auto& results = uses_.users.at(call.result.index);
        if (results.size() != 1 || !results[0].instruction || results[0].instruction->op != Op::Result) return std::nullopt;
        copy.result = results[0].instruction;
        for (const Uses::User& user : uses_.users.at(copy.result->result.index))
            if (!user.instruction || !follows(copy, *user.instruction)) return std::nullopt;
        return copy;
    }

    // Whether it reads a field, or computes where one lies, for that.
    [[nodiscard]] bool follows(Copy& copy, const ir::Instruction& user) const {
        if (is_evm(user, vm::Opcode::MLOAD)) return reads(copy, user, 0);
        if (user.op == Op::InternalCall && is_read_by(contract_, user, copy.result->result, 0))
            return copy.is_passed_on = true;
        const bool is_sum = user.op == Op::Add && user.operands[0] == copy.result->result;
        const auto offset = is_sum ? constant_in(made_by_, user.operands[1]) : std::nullopt;
        if (!offset || !offset->fits_u64() || offset->low64() % word_bytes != 0) return false;
        copy.addresses.insert(&user);
        return std::ranges::all_of(uses_.users.at(user.result.index), [&](const Uses::User& each) {
            return each.instruction && is_evm(*each.instruction, vm::Opcode::MLOAD) &&
                   reads(copy, *each.instruction, offset->low64() / word_bytes);
        });
    }

    [[nodiscard]] bool reads(Copy& copy, const ir::Instruction& load, std::uint64_t field) const {
        if (field >= copy.type->fields.size()) return false;
        const ir::StorageType& type = contract_.storage_types.at(copy.type->fields[field].type);
        const bool is_number = type.value.kind == ir::TypeKind::Uint || type.value.kind == ir::TypeKind::Address ||
                               type.value.kind == ir::TypeKind::Bool || type.value.kind == ir::TypeKind::Enum ||
                               (type.value.kind == ir::TypeKind::FixedBytes && type.value.bits == 256);
        if (type.kind != ir::StorageType::Kind::Value || !is_number) return false;
        copy.loads[&load] = static_cast<std::uint32_t>(field);
        return true;
    }

    // What is made of such a word by cutting it to its own type is the field again.
    void find_same_words() {
        for (const Copy& copy : copies_)
            for (const auto& [load, field] : copy.loads)
                follow(load->result, copy.fields.at(field), contract_.storage_types.at(copy.type->fields[field].type).value);
    }
    void follow(ir::Value word, ir::Value field, const ir::Type& type) {
        for (const Uses::User& user : uses_.users.at(word.index)) {
            const ir::Instruction* each = user.instruction;
            if (!each) continue;
            if (each->op == Op::Reinterpret && each->type == type) same_[each] = field;
            const auto mask =
                each->op == Op::And && each->operands[0] == word ? constant_in(made_by_, each->operands[1]) : std::nullopt;
            if (mask && type.kind != ir::TypeKind::Bool && *mask == vm::all_ones >> (256 - bits_of(type)))
                follow(each->result, field, type);
        }
    }
    [[nodiscard]] static unsigned bits_of(const ir::Type& type) {
        constexpr unsigned address_bits = 160;
        const bool is_byte = type.kind == ir::TypeKind::Bool || type.kind == ir::TypeKind::Enum;
        return type.kind == ir::TypeKind::Address ? address_bits : is_byte ? 8 : type.bits;
    }

    [[nodiscard]] std::vector<ir::Instruction> rewritten(const ir::Block& block) {
        std::vector<ir::Instruction> instructions;
        for (const ir::Instruction& each : block.instructions) {
            const auto is_gone = [&](const Copy& copy) {
                return (copy.result == &each && !copy.is_passed_on) || copy.addresses.contains(&each);
            };
            if (std::ranges::any_of(copies_, is_gone)) continue;
            const auto call = std::ranges::find(copies_, &each, &Copy::call);
            if (call != copies_.end()) {
                for (const auto& [field, value] : call->fields) read(*call, field, value, instructions);
                if (call->is_passed_on) instructions.push_back(each);
                continue;
            }
            instructions.push_back(each);
            if (const auto same = same_.find(&each); same != same_.end()) instructions.back().operands = {same->second};
            for (const Copy& copy : copies_)
                if (const auto load = copy.loads.find(&each); load != copy.loads.end()) {
                    instructions.back() = made(each, Op::Reinterpret, word_type, {copy.fields.at(load->second)});
                    instructions.back().result = each.result;
                }
        }
        return instructions;
    }

    [[nodiscard]] ir::Instruction made(const ir::Instruction& at, Op op, const ir::Type& type, ir::Values operands) {
        ir::Instruction instruction;
        instruction.op = op;
        instruction.type = type;
        instruction.operands = std::move(operands);
        instruction.range = at.range;
        return instruction;
    }

    // Reads the field by its name, or by its slot.
    void read(const Copy& copy, std::uint32_t field, ir::Value value, std::vector<ir::Instruction>& instructions) {
        const ir::StorageField& its = copy.type->fields[field];
        const ir::Type& type = contract_.storage_types.at(its.type).value;
        const ir::Instruction* named = made_by_.at(copy.slot.index);
        if (named && named->op == Op::SlotOf) {
            ir::Instruction load = made(*copy.call, Op::Load, type, named->operands);
            load.place = named->place;
            load.place.steps.push_back({ir::PlaceStep::Kind::Field, field});
            load.result = value;
            instructions.push_back(std::move(load));
            return;
        }
        const auto add = [&](ir::Instruction instruction) {
            instruction.result.index = values_++;
            instructions.push_back(std::move(instruction));
            return instructions.back().result;
        };
        const auto constant = [&](const Word& word) {
            ir::Instruction instruction = made(*copy.call, Op::Constant, word_type, {});
            instruction.word = word;
            return add(std::move(instruction));
        };
        ir::Value slot = copy.slot;
        if (!its.slot.is_zero()) slot = add(made(*copy.call, Op::Add, word_type, {copy.slot, constant(its.slot)}));
        ir::Instruction load = made(*copy.call, Op::Evm, word_type, {slot});
        load.opcode = vm::Opcode::SLOAD;
        ir::Value word = add(std::move(load));
        constexpr unsigned byte_bits = 8;
        if (its.offset != 0)
            word = add(made(*copy.call, Op::Shr, word_type, {word, constant(Word{std::uint64_t{its.offset} * byte_bits})}));
        if (bits_of(type) != 256)
            word = add(made(*copy.call, Op::And, word_type, {word, constant(vm::all_ones >> (256 - bits_of(type)))}));
        ir::Instruction cut = made(*copy.call, Op::Reinterpret, type, {word});
        cut.result = value;
        instructions.push_back(std::move(cut));
    }

    const ir::Contract& contract_;
    const ir::Function& function_;
    const Uses uses_;
    const Makers made_by_;
    std::vector<Copy> copies_;
    std::map<const ir::Instruction*, ir::Value> same_;
    std::uint32_t values_;
};

// Whether assembly writes at places in memory that it writes out, where a copy may lie, or says itself where free memory begins.
bool may_overwrite_copies(const ir::Contract& contract) {
    constexpr std::uint64_t first_object = 0x80, pointer = 0x40;
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        const Makers made_by = makers_of(function);
        const auto is_bad = [&](const ir::Instruction& each) {
            if (each.op != Op::Evm || !ir::writes_of(each).contains(vm::Region::Memory)) return false;
            const MemoryAddress to = address_in(made_by, each.operands[0]);
            if (to.base) return false;
            const bool is_word = each.opcode == vm::Opcode::MSTORE || each.opcode == vm::Opcode::MSTORE8;
            if (is_word && to.offset == Word{pointer}) return constant_in(made_by, each.operands[1]).has_value();
            return is_word ? to.offset + Word{word_bytes} > Word{first_object} : function.kind != ir::FunctionKind::Fallback;
        };
        return std::ranges::any_of(function.blocks,
                                   [&](const ir::Block& block) { return std::ranges::any_of(block.instructions, is_bad); });
    });
}

}  // namespace

bool makes_struct(const ir::Function& function) {
    return function.name.starts_with(copying) || function.name.starts_with("default struct ");
}

bool copies_from_memory(const ir::Function& function) {
    return function.name.starts_with("copy ") && function.name.find(" in memory to ") != std::string::npos;
}

bool copies_bytes(const ir::Function& function) { return function.name == "copy bytes to storage"; }

ir::Contract without_struct_copies(const ir::Contract& contract) {
    ir::Contract changed = contract;
    if (may_overwrite_copies(contract)) return changed;
    for (std::size_t i = 0; i < changed.functions.size(); ++i)
        Copies(contract, contract.functions[i]).replace_in(changed.functions[i]);
    return changed;
}

}  // namespace interlock::analyzer::prover
