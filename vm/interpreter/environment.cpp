#include "vm/interpreter/environment.hpp"

namespace interlock::vm::instruction {

Status BALANCE(Word* top, Core& core, Gas& gas) {
    const Address account = to_address(top[0]);
    if (!charge_account(account, core, gas)) return Status::OutOfGas;
    top[0] = core.host.balance(account);
    return Status::Success;
}

Status EXTCODESIZE(Word* top, Core& core, Gas& gas) {
    const Address account = to_address(top[0]);
    if (!charge_account(account, core, gas)) return Status::OutOfGas;
    top[0] = std::uint64_t{core.host.code(account)->size()};
    return Status::Success;
}

Status EXTCODEHASH(Word* top, Core& core, Gas& gas) {
    const Address account = to_address(top[0]);
    if (!charge_account(account, core, gas)) return Status::OutOfGas;
    top[0] = core.host.is_empty(account) ? Word{} : to_word(core.host.code_hash(account));
    return Status::Success;
}

void SELFBALANCE(Word* top, Core& core) { top[1] = core.host.balance(core.message().recipient); }

void ORIGIN(Word* top, Core& core) { top[1] = to_word(core.host.transaction().origin); }
void GASPRICE(Word* top, Core& core) { top[1] = core.host.transaction().gas_price; }

void BLOBHASH(Word* top, Core& core) {
    const std::vector<Hash>& hashes = core.host.transaction().blob_hashes;
    top[0] = top[0].fits_u64() && top[0].low64() < hashes.size() ? to_word(hashes[top[0].low64()]) : Word{};
}

// Gives the hashes of the last 256 blocks before this one; any other is zero.
void BLOCKHASH(Word* top, Core& core) {
    const std::uint64_t current = core.host.block().number, wanted = top[0].low64();
    const bool known = top[0].fits_u64() && wanted < current && current - wanted <= 256;
    top[0] = known ? to_word(core.host.block_hash(wanted)) : Word{};
}

void COINBASE(Word* top, Core& core) { top[1] = to_word(core.host.block().coinbase); }
void TIMESTAMP(Word* top, Core& core) { top[1] = core.host.block().timestamp; }
void NUMBER(Word* top, Core& core) { top[1] = core.host.block().number; }
void PREVRANDAO(Word* top, Core& core) { top[1] = core.host.block().prev_randao; }
void GASLIMIT(Word* top, Core& core) { top[1] = core.host.block().gas_limit; }
void CHAINID(Word* top, Core& core) { top[1] = core.host.block().chain_id; }
void BASEFEE(Word* top, Core& core) { top[1] = core.host.block().base_fee; }
void BLOBBASEFEE(Word* top, Core& core) { top[1] = core.host.block().blob_base_fee; }

}  // namespace interlock::vm::instruction
