// Environment: the instructions that read the message, the accounts, the transaction and the block.
#pragma once

#include "vm/interpreter/core.hpp"
#include "vm/interpreter/stack.hpp"

namespace interlock::vm::instruction {

// EIP-2929: charges the surcharge for an account that this transaction accesses for the first time.
[[nodiscard]] inline bool charge_account(const Address& account, Core& core, Gas& gas) {
    if (core.rules.warms_accounts && core.host.warm_account(account)) gas -= core.rules.cold_account;
    return gas >= Gas{0};
}

inline void ADDRESS(Word* top, Core& core) { top[1] = to_word(core.message().recipient); }
inline void CALLER(Word* top, Core& core) { top[1] = to_word(core.message().sender); }
inline void CALLVALUE(Word* top, Core& core) { top[1] = core.message().value; }
inline void CALLDATASIZE(Word* top, Core& core) { top[1] = std::uint64_t{core.memory.input().size()}; }
inline void CODESIZE(Word* top, Core& core) { top[1] = std::uint64_t{core.frame().code->size()}; }
inline void RETURNDATASIZE(Word* top, Core& core) { top[1] = std::uint64_t{core.return_data.size()}; }

inline void CALLDATALOAD(Word* top, Core& core) {
    const std::size_t size = core.memory.input().size();
    const std::uint64_t offset = top[0].low64();
    if (!top[0].fits_u64() || offset >= size) {
        top[0] = Word{};
        return;
    }
    std::uint8_t padded[32]{};
    const std::uint8_t* bytes = core.memory.input().data() + offset;
    if (size - offset < 32) bytes = static_cast<const std::uint8_t*>(std::memcpy(padded, bytes, size - offset));
    top[0] = {load_big_endian(bytes), load_big_endian(bytes + 8), load_big_endian(bytes + 16), load_big_endian(bytes + 24)};
}

// --- accounts ---
Status BALANCE(Word* top, Core& core, Gas& gas);
Status EXTCODESIZE(Word* top, Core& core, Gas& gas);
Status EXTCODEHASH(Word* top, Core& core, Gas& gas);  // EIP-1052
void SELFBALANCE(Word* top, Core& core);              // EIP-1884

// --- the transaction ---
void ORIGIN(Word* top, Core& core);
void GASPRICE(Word* top, Core& core);
void BLOBHASH(Word* top, Core& core);  // EIP-4844

// --- the block ---
void BLOCKHASH(Word* top, Core& core);
void COINBASE(Word* top, Core& core);
void TIMESTAMP(Word* top, Core& core);
void NUMBER(Word* top, Core& core);
void PREVRANDAO(Word* top, Core& core);  // the difficulty before the merge
void GASLIMIT(Word* top, Core& core);
void CHAINID(Word* top, Core& core);      // EIP-1344
void BASEFEE(Word* top, Core& core);      // EIP-3198
void BLOBBASEFEE(Word* top, Core& core);  // EIP-7516

}  // namespace interlock::vm::instruction
