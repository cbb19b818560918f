// Words of the ABI's binary form, in which every part is a multiple of 32 bytes.
#pragma once

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::lang::abi {

inline constexpr std::size_t word_bytes = 32;

inline void append(vm::Bytes& out, vm::ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
inline void append(vm::Bytes& out, const vm::Word& word) { append(out, vm::to_big_endian(word)); }

}  // namespace interlock::lang::abi
