// ABI encoding to memory and strict decoding from call data or memory, as code. (Solidity documentation, "Contract ABI
// Specification"; decoding as the ABI coder v2: a value with dirty bits reverts with no data.)
#pragma once

#include <optional>

#include "lang/codegen/routines.hpp"

namespace interlock::lang::codegen {

inline constexpr std::uint64_t selector_bytes = 4;  // before the arguments of a call or an error

struct TypedEntry {
    ir::Type type;
    Entry entry;  // somewhere on the stack, or to be materialized
};

// An address in memory: a constant, or in an entry.
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

// Encodes the values behind `prefix` bytes at `base` and pushes how many bytes that are, the prefix included.
void encode(Emitter& e, Routines& routines, const std::vector<TypedEntry>& values, const MemoryAddress& base,
            std::uint64_t prefix = 0);
// The same without heads and padding (abi.encodePacked).
void encode_packed(Emitter& e, Routines& routines, const std::vector<TypedEntry>& values, const MemoryAddress& base,
                   std::uint64_t prefix);

// Called for each decoded value, in order, when it is on top.
using OnValue = std::function<void(std::size_t index)>;

// The arguments of a call, behind the selector.
void decode_calldata(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, const OnValue& on_value);
// [bytes that are there] ->, or a revert when that is less than the heads of the types.
void require_heads(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types);
// What lies in memory from `base` to `end` (which only byte strings look at); the heads are there.
void decode_memory(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, Entry base, Entry end,
                   const OnValue& on_value);

// Memory for `prefix` bytes and the encoding of `values` that nothing else needs while it is read: scratch memory if that
// suffices, else free memory, whose address is then pushed.
[[nodiscard]] MemoryAddress take_memory(Emitter& e, const std::vector<TypedEntry>& values, std::uint64_t prefix);
// [address if it was pushed, size] -> [size, address], as LOG, REVERT and RETURN take them.
void order_region(Emitter& e, const MemoryAddress& base);

}  // namespace interlock::lang::codegen
