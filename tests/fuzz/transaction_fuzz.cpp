// Transactions: what decodes is encoded again to the same bytes, is signed by whom it says, and runs.
//
// Input: the fork, then the encoded transaction.
#include <algorithm>

#include "chain/execution.hpp"
#include "tests/fuzz/expect.hpp"
#include "vm/keccak.hpp"

namespace {

using namespace interlock;
using namespace interlock::chain;
using fuzz::expect;

constexpr std::uint64_t most_gas = 200'000;  // so that an input takes milliseconds at most

void execute_for(const Transaction& tx, vm::Fork fork) {
    State state(fork);
    state.set_balance(tx.sender, ~Word{} >> 1);
    state.set_nonce(tx.sender, tx.nonce);
    vm::BlockContext block;
    block.number = 1;
    block.chain_id = tx.chain_id.value_or(1);
    state.set_block(block);
    state.keep_fingerprint(true);
    const Fingerprint before = state.fingerprint();
    const Result result = execute(state, tx);
    expect(!name_of(result.refusal).empty(), "a reason has no name");
    expect(result.receipt.gas_used <= tx.gas_limit, "more gas is used than the limit");
    expect(state.fingerprint() == state.rehash(), "the fingerprint is not the state's");
    if (!result.valid()) expect(state.fingerprint() == before, "an invalid transaction changes the state");
    state.rewind_to(0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto fork = static_cast<vm::Fork>(data[0] % vm::fork_count);
    const vm::ByteView input(data + 1, size - 1);
    const DecodedTransaction decoded = decode(input, fork);
    expect(decoded.transaction.has_value() == decoded.reason.empty(), "neither a transaction nor a reason");
    if (!decoded.transaction) return 0;
    const Transaction& tx = *decoded.transaction;
    expect(std::ranges::equal(encode(tx), input), "decoding and encoding changes the bytes");
    expect(transaction_hash(tx) == vm::keccak256(input), "the hash is not that of the bytes");
    expect(recover_sender(tx, fork) == tx.sender, "the sender is another");
    if (tx.gas_limit <= most_gas) execute_for(tx, fork);
    return 0;
}
