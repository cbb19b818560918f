#include "chain/block.hpp"

#include <algorithm>

#include "chain/rlp.hpp"
#include "chain/trie.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

// Appends the fields that forks added. Each fork keeps all earlier fields, so the first absent field ends the list.
void append_later_fields(rlp::Encoder& out, const Header& header) {
    if (!header.base_fee) return;
    out.number(*header.base_fee);
    if (!header.withdrawals_root) return;
    out.string(*header.withdrawals_root);
    if (!header.blob_gas_used || !header.excess_blob_gas || !header.parent_beacon_root) return;
    out.number(*header.blob_gas_used).number(*header.excess_blob_gas).string(*header.parent_beacon_root);
    if (!header.requests_hash) return;
    out.string(*header.requests_hash);
}

void append(rlp::Encoder& out, const Header& header) {
    out.open();
    out.string(header.parent_hash).string(header.ommers_hash).string(header.coinbase);
    out.string(header.state_root).string(header.transactions_root).string(header.receipts_root);
    out.string(header.logs_bloom).number(header.difficulty).number(header.number);
    out.number(header.gas_limit).number(header.gas_used).number(header.timestamp);
    out.string(header.extra_data).string(header.prev_randao);
    out.string(ByteView(vm::to_big_endian(header.nonce)).last(8));
    append_later_fields(out, header);
    out.close();
}

void append(rlp::Encoder& out, const std::vector<Header>& headers) {
    out.open();
    for (const Header& header : headers) append(out, header);
    out.close();
}

void append(rlp::Encoder& out, const Withdrawal& withdrawal) {
    out.open().number(withdrawal.index).number(withdrawal.validator).string(withdrawal.address);
    out.number(withdrawal.gwei).close();
}

// EIP-2718: a typed transaction is encoded as a string, a legacy transaction as the list of its fields.
void append(rlp::Encoder& out, const Transaction& tx) {
    if (tx.type == TransactionType::Legacy) out.raw(encode(tx));
    else out.string(encode(tx));
}

// Encodes each value in the form that a trie stores.
template <class T, class Encode>
Hash root_of(const std::vector<T>& values, Encode encode) {
    std::vector<Bytes> encoded;
    encoded.reserve(values.size());
    for (const T& value : values) encoded.push_back(encode(value));
    return list_root(encoded);
}

}  // namespace

Bytes encode(const Header& header) {
    rlp::Encoder out;
    append(out, header);
    return out.take();
}

Bytes encode(const Block& block) {
    rlp::Encoder out;
    out.open();
    append(out, block.header);
    out.open();
    for (const Transaction& tx : block.transactions) append(out, tx);
    out.close();
    append(out, block.ommers);
    if (block.withdrawals) {
        out.open();
        for (const Withdrawal& withdrawal : *block.withdrawals) append(out, withdrawal);
        out.close();
    }
    return out.close().take();
}

Hash transactions_root(const std::vector<Transaction>& transactions) {
    return root_of(transactions, [](const Transaction& tx) { return encode(tx); });
}

Hash withdrawals_root(const std::vector<Withdrawal>& withdrawals) {
    return root_of(withdrawals, [](const Withdrawal& withdrawal) {
        rlp::Encoder out;
        append(out, withdrawal);
        return out.take();
    });
}

Hash ommers_hash(const std::vector<Header>& ommers) {
    rlp::Encoder out;
    append(out, ommers);
    return vm::keccak256(out.take());
}

Hash hash_of(const Header& header) { return vm::keccak256(encode(header)); }

const Hash& empty_ommers_hash() {
    static const Hash hash = ommers_hash({});
    return hash;
}

Word next_base_fee(const Word& parent_base_fee, std::uint64_t parent_gas_used, std::uint64_t parent_gas_limit) {
    constexpr std::uint64_t elasticity = 2, change_quotient = 8;
    const std::uint64_t target = parent_gas_limit / elasticity;
    if (parent_gas_used == target || target == 0) return parent_base_fee;
    const std::uint64_t distance = parent_gas_used > target ? parent_gas_used - target : target - parent_gas_used;
    const Word change = parent_base_fee * Word(distance) / Word(target) / Word(change_quotient);
    return parent_gas_used > target ? parent_base_fee + std::max(change, Word(1)) : parent_base_fee - change;
}

}  // namespace interlock::chain
