#include "analyzer/report/storage_names.hpp"

#include "analyzer/devnet/amounts.hpp"
#include "vm/keccak.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;
using Kind = ir::StorageType::Kind;

namespace {

constexpr std::uint64_t max_struct_slots = 32;
constexpr int max_depth = 16;  // of nested mappings
constexpr std::uint64_t max_array_slots = std::uint64_t{1} << 32;

class Namer {
  public:
    Namer(const World& world, const DeployedContract& contract) : world_(world), contract_(contract.ir()) {}

    struct Found {
        std::string name;
        ir::StorageTypeIndex type = 0;
        std::uint8_t offset = 0;
    };

    // Returns everything that starts in `slot`: values, and mappings (whose own slot stays zero).
    std::vector<Found> at(const Word& slot, int depth = 0) const {
        std::vector<Found> found;
        for (const ir::StateVariable& variable : contract_.state)
            if (!variable.is_immutable) within({variable.name, variable.type, variable.offset}, variable.slot, slot, found);
        if (!found.empty() || depth == max_depth) return found;
        const Preimages::Entry* entry = world_.preimages().find_near(slot, max_struct_slots);
        if (!entry) return found;
        for (const Found& outer : at(entry->mapping, depth + 1)) {
            const ir::StorageType& type = contract_.storage_types[outer.type];
            if (type.kind == Kind::Mapping)
                within({outer.name + "[" + key(type.key, entry->key) + "]", type.element, 0}, entry->slot, slot, found);
            else if (type.kind == Kind::DynamicArray && entry->key.empty())
                among_elements(outer, type.element, entry->slot, slot, found);
        }
        return found;
    }

  private:
    // Looks for `slot` inside a value of the given type that starts at `base`.
    void within(const Found& outer, const Word& base, const Word& slot, std::vector<Found>& found) const {
        const ir::StorageType& type = contract_.storage_types[outer.type];
        if (type.kind == Kind::Struct) {
            for (const ir::StorageField& field : type.fields)
                within({outer.name + "." + field.name, field.type, field.offset}, base + field.slot, slot, found);
        } else if (type.kind == Kind::FixedArray) {
            if (slot - base < type.slots) among_elements(outer, type.element, base, slot, found);
        } else if (base == slot) {
            found.push_back(outer);
        } else if (type.kind == Kind::DynamicArray) {
            among_elements(outer, type.element, vm::to_word(vm::keccak256(vm::to_big_endian(base))), slot, found);
        }
    }

    // Looks for `slot` among the elements of an array whose first one starts at `base`.
    void among_elements(const Found& array, ir::StorageTypeIndex element, const Word& base, const Word& slot,
                        std::vector<Found>& found) const {
        const ir::StorageType& type = contract_.storage_types[element];
        const Word behind = slot - base;
        if (!(behind < Word{max_array_slots})) return;
        const auto named = [&](const Word& index) { return array.name + "[" + vm::to_decimal(index) + "]"; };
        if (type.kind == Kind::Value && type.bytes <= 16) {  // several in one slot
            const std::uint64_t in_slot = 32u / type.bytes;
            for (std::uint64_t i = 0; i < in_slot; ++i)
                found.push_back(
                    {named(Word{behind.low64() * in_slot + i}), element, static_cast<std::uint8_t>(i * type.bytes)});
            return;
        }
        const Word index = behind / type.slots;
        within({named(index), element, 0}, base + index * type.slots, slot, found);
    }

    std::string key(const ir::Type& type, const Bytes& bytes) const {
        if (type.kind == ir::TypeKind::String) return "\"" + std::string(bytes.begin(), bytes.end()) + "\"";
        if (type.is_reference()) return vm::to_hex(bytes);
        const Word word = vm::word_from_big_endian(ByteView(bytes).last(std::min<std::size_t>(bytes.size(), 32)));
        if (type.kind == ir::TypeKind::Address) return world_.name_of(vm::to_address(word));
        return lang::abi::format_value(type, word);
    }

    const World& world_;
    const ir::Contract& contract_;
};

}  // namespace

std::string SlotPiece::format(const World& world, const Word& slot_value) const {
    if (type.is_reference()) return vm::to_hex(slot_value);
    Word value = slot_value >> (8u * offset);
    if (bytes < 32) value = value & ((Word{1} << (8u * bytes)) - Word{1});
    switch (type.kind) {
        case ir::TypeKind::Address: return world.name_of(vm::to_address(value));
        case ir::TypeKind::FixedBytes: return lang::abi::format_value(type, value << (256u - type.bits));
        case ir::TypeKind::Int: return lang::abi::format_value(type, vm::sign_extend(value, Word{bytes - 1u}));
        case ir::TypeKind::Data: {  // nothing is known but the word
            const std::string name = world.name_of(vm::to_address(value));
            const bool is_somebody = !value.is_zero() && vm::bit_length(value) <= 160 && !name.starts_with("0x");
            return is_somebody ? name : describe_wei(value);
        }
        case ir::TypeKind::Uint: return type.bits == 256 ? describe_wei(value) : vm::to_decimal(value);
        default: return lang::abi::format_value(type, value);
    }
}

namespace {

// Names a slot by what was hashed to get there: "slot 3[alice]", "slot 3[alice] + 1".
std::string name_by_hashes(const World& world, const Word& slot, int depth = 0) {
    const Preimages::Entry* entry = depth < max_depth ? world.preimages().find_near(slot, max_struct_slots) : nullptr;
    if (!entry) return "slot " + (vm::bit_length(slot) <= 64 ? vm::to_decimal(slot) : vm::to_hex(slot));
    const Word word = vm::word_from_big_endian(ByteView(entry->key).last(std::min<std::size_t>(entry->key.size(), 32)));
    const Address address = vm::to_address(word);
    const bool is_short = entry->key.size() == 32 && vm::bit_length(word) <= 64;
    const bool is_address = entry->key.size() == 32 && vm::bit_length(word) <= 160;
    const std::string key = is_short ? vm::to_decimal(word) : is_address ? world.name_of(address) : vm::to_hex(entry->key);
    const Word behind = slot - entry->slot;
    return name_by_hashes(world, entry->mapping, depth + 1) + "[" + key + "]" +
           (behind.is_zero() ? "" : " + " + vm::to_decimal(behind));
}

}  // namespace

std::vector<SlotPiece> name_slot(const World& world, const DeployedContract& contract, const Word& slot) {
    std::vector<SlotPiece> pieces;
    if (contract.ir().is_opaque) return {{name_by_hashes(world, slot), ir::data_type, 0, 32}};
    for (const Namer::Found& found : Namer(world, contract).at(slot)) {
        const ir::StorageType& type = contract.ir().storage_types[found.type];
        if (type.kind == Kind::Value || type.kind == Kind::Bytes)
            pieces.push_back({found.name, type.value, found.offset, type.bytes});
        if (type.kind == Kind::DynamicArray) pieces.push_back({found.name + ".length", ir::uint256_type, 0, 32});
    }
    return pieces;
}

}  // namespace interlock::analyzer
