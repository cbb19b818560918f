// The ABI of words: heads without tails, in memory and in call data. What has a tail is coded by the lowering
// (lang/lower/data_coding.cpp). (Solidity documentation, "Contract ABI Specification"; decoding as in ABI coder v2: a value
// with dirty bits reverts without data.)
#pragma once

#include <optional>

#include "lang/codegen/routines.hpp"

namespace interlock::lang::codegen {

inline constexpr std::uint64_t selector_bytes = 4;  // of a call or an error, before the arguments

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

// Encodes the words, which are on the stack or to be materialized, after `prefix` bytes at `base`. Pushes the total size in
// bytes, with the prefix.
void encode_words(Emitter& e, const std::vector<Entry>& words, const MemoryAddress& base, std::uint64_t prefix = 0);

// Called for each decoded word, in order, while it is on top of the stack.
using OnWord = std::function<void(std::size_t index)>;

// Decodes the arguments of a call, which follow the selector.
void decode_calldata(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, const OnWord& on_word);
// [number of available bytes] ->; reverts if that is less than the types need.
void require_heads(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types);
// Decodes memory from `base` on. The words must be present.
void decode_memory(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, Entry base,
                   const OnWord& on_word);

// Provides memory for that many bytes, which nothing else may use before they have been read. This is scratch memory if
// the size allows, otherwise free memory, whose address is pushed. Where the call ends with what is written there (Last),
// all memory below the reserved words is scratch.
enum class MemoryUse : std::uint8_t { Passing, Last };
[[nodiscard]] MemoryAddress take_memory(Emitter& e, std::uint64_t bytes, MemoryUse use = MemoryUse::Passing);
// [address if it was pushed, size] -> [size, address], the order of LOG, REVERT and RETURN.
void order_region(Emitter& e, const MemoryAddress& base);

}  // namespace interlock::lang::codegen
