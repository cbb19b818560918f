// Emits code for ABI encoding to memory and for strict decoding from call data or memory. (Solidity documentation,
// "Contract ABI Specification"; decoding as in ABI coder v2: a value with dirty bits reverts without data.)
#pragma once

#include <optional>

#include "lang/codegen/routines.hpp"

namespace interlock::lang::codegen {

inline constexpr std::uint64_t selector_bytes = 4;  // of a call or an error, before the arguments

struct TypedEntry {
    ir::Type type;
    Entry entry;  // on the stack, or to be materialized
};

// An address in memory: a constant or an entry.
class MemoryAddress {
  public:
    explicit MemoryAddress(std::uint64_t address) : constant_(address) {}
    explicit MemoryAddress(Entry entry) : entry_(entry) {}
    [[nodiscard]] bool is_constant() const { return !entry_; }
    void push(Emitter& e, std::uint64_t offset = 0) const;

  private:
    std::optional<Entry> entry_;
    std::uint64_t constant_ = 0;
};

// Encodes the values after `prefix` bytes at `base` and pushes the total size in bytes, including the prefix.
void encode(Emitter& e, Routines& routines, const std::vector<TypedEntry>& values, const MemoryAddress& base,
            std::uint64_t prefix = 0);
// The same without heads and padding (abi.encodePacked).
void encode_packed(Emitter& e, Routines& routines, const std::vector<TypedEntry>& values, const MemoryAddress& base,
                   std::uint64_t prefix);

// Called for each decoded value, in order, while the value is on top of the stack.
using OnValue = std::function<void(std::size_t index)>;

// Decodes the arguments of a call, which follow the selector.
void decode_calldata(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, const OnValue& on_value);
// [number of available bytes] ->; reverts if that is less than the heads of the types need.
void require_heads(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types);
// Decodes memory from `base` to `end` (only byte strings read `end`). The heads must be present.
void decode_memory(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, Entry base, Entry end,
                   const OnValue& on_value);

// Provides memory for `prefix` bytes and the encoding of `values`, which nothing else may use before it has been read.
// This is scratch memory if the size allows, otherwise free memory, whose address is pushed. Where the call ends with the
// encoding (Last), all memory below the reserved words is scratch.
enum class MemoryUse : std::uint8_t { Passing, Last };
[[nodiscard]] MemoryAddress take_memory(Emitter& e, const std::vector<TypedEntry>& values, std::uint64_t prefix,
                                        MemoryUse use = MemoryUse::Passing);
// [address if it was pushed, size] -> [size, address], the order of LOG, REVERT and RETURN.
void order_region(Emitter& e, const MemoryAddress& base);

}  // namespace interlock::lang::codegen
