// Encodes, hashes and signs transactions. transaction_decoder.cpp decodes them.

#include "chain/transaction.hpp"

#include "chain/legacy_signature.hpp"
#include "chain/rlp.hpp"
#include "chain/secp256k1.hpp"
#include "chain/transaction_rules.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

void append_payment(rlp::Encoder& out, const Transaction& tx) {
    if (has_priority_fee(tx.type)) out.number(tx.priority_fee);
    out.number(tx.gas_price).number(tx.gas_limit);
}

void append_message(rlp::Encoder& out, const Transaction& tx) {
    out.string(tx.to ? ByteView(*tx.to) : ByteView{}).number(tx.value).string(tx.data);
}

void append_access_list(rlp::Encoder& out, const Transaction& tx) {
    out.open();
    for (const AccessListEntry& entry : tx.access_list) {
        out.open().string(entry.address).open();
        for (const Word& slot : entry.slots) out.string(vm::to_hash(slot));
        out.close().close();
    }
    out.close();
}

void append_blobs(rlp::Encoder& out, const Transaction& tx) {
    out.number(tx.blob_fee).open();
    for (const Hash& hash : tx.blob_hashes) out.string(hash);
    out.close();
}

void append_authorizations(rlp::Encoder& out, const Transaction& tx) {
    out.open();
    for (const Authorization& authorization : tx.authorizations) {
        out.open().number(authorization.chain_id).string(authorization.address).number(authorization.nonce);
        out.number(authorization.y_parity).number(authorization.r).number(authorization.s).close();
    }
    out.close();
}

// Appends the fields that a signature covers; the encoding appends the signature to them.
void append_fields(rlp::Encoder& out, const Transaction& tx) {
    const bool typed = tx.type != TransactionType::Legacy;
    if (typed) out.number(tx.chain_id.value_or(0));
    out.number(tx.nonce);
    append_payment(out, tx);
    append_message(out, tx);
    if (typed) append_access_list(out, tx);
    if (tx.type == TransactionType::Blob) append_blobs(out, tx);
    if (tx.type == TransactionType::SetCode) append_authorizations(out, tx);
}

Word legacy_v(const Transaction& tx) {
    const Word parity = tx.signature.y_parity ? 1 : 0;
    return tx.chain_id ? Word(protected_v) + Word(*tx.chain_id) * Word(2) + parity : Word(unprotected_v) + parity;
}

Bytes with_type_byte(TransactionType type, Bytes payload) {
    if (type != TransactionType::Legacy) payload.insert(payload.begin(), static_cast<std::uint8_t>(type));
    return payload;
}

}  // namespace

Hash signing_hash(const Transaction& tx) {
    rlp::Encoder out;
    out.open();
    append_fields(out, tx);
    if (tx.type == TransactionType::Legacy && tx.chain_id) out.number(*tx.chain_id).number(0).number(0);
    out.close();
    return vm::keccak256(with_type_byte(tx.type, out.take()));
}

Bytes encode(const Transaction& tx) {
    rlp::Encoder out;
    out.open();
    append_fields(out, tx);
    out.number(tx.type == TransactionType::Legacy ? legacy_v(tx) : Word(tx.signature.y_parity ? 1 : 0));
    out.number(tx.signature.r).number(tx.signature.s).close();
    return with_type_byte(tx.type, out.take());
}

Hash transaction_hash(const Transaction& tx) { return vm::keccak256(encode(tx)); }

// EIP-7702: keccak(0x05 ++ rlp([chain_id, address, nonce])).
Hash signing_hash(const Authorization& authorization) {
    constexpr std::uint8_t magic = 0x05;
    rlp::Encoder out;
    out.raw(std::array{magic});
    out.open().number(authorization.chain_id).string(authorization.address).number(authorization.nonce).close();
    return vm::keccak256(out.take());
}

void sign(Transaction& tx, const PrivateKey& key) {
    tx.signature = sign_hash(signing_hash(tx), key);
    tx.sender = address_of(key);
}

void sign(Authorization& authorization, const PrivateKey& key) {
    const Signature signature = sign_hash(signing_hash(authorization), key);
    authorization.y_parity = signature.y_parity ? 1 : 0;
    authorization.r = signature.r;
    authorization.s = signature.s;
}

namespace {

// A signature with `s` in the upper half is a second form of the same signature; anybody can turn one into the other.
// (EIP-2)
bool is_high(const Signature& signature) { return signature.s > (secp256k1_order >> 1); }

}  // namespace

std::optional<Address> recover_sender(const Transaction& tx, vm::Fork fork) {
    const Signature& signature = tx.signature;
    if (signature.r.is_zero() || signature.s.is_zero()) return std::nullopt;
    if (signature.r >= secp256k1_order || signature.s >= secp256k1_order) return std::nullopt;
    if (transaction_rules_of(fork).low_signature && is_high(signature)) return std::nullopt;
    const bool binds_chain = tx.type == TransactionType::Legacy && tx.chain_id;
    if (binds_chain && !transaction_rules_of(fork).protects_chain) return std::nullopt;
    return recover_address(signing_hash(tx), signature);
}

std::optional<Address> recover_authority(const Authorization& authorization) {
    const Signature signature{authorization.r, authorization.s, authorization.y_parity == 1};
    if (authorization.y_parity > 1 || is_high(signature)) return std::nullopt;
    return recover_address(signing_hash(authorization), signature);
}

}  // namespace interlock::chain
