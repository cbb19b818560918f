// Reads transactions from their encodings. The input is hostile; the first error becomes the reason of the refusal.

#include "chain/legacy_signature.hpp"
#include "chain/rlp.hpp"
#include "chain/transaction.hpp"

namespace interlock::chain {

namespace {

// Reads the items of a transaction one after the other and keeps the reason of the first error.
class TransactionFields {
  public:
    explicit TransactionFields(const std::vector<rlp::Item>& items) : items_(items) {}

    [[nodiscard]] std::string_view reason() const { return reason_; }

    Word number(std::string_view wrong) {
        const auto value = rlp::as_number(next());
        return value ? *value : fail<Word>(wrong);
    }
    std::uint64_t u64(std::string_view wrong) {
        const auto value = rlp::as_u64(next());
        return value ? *value : fail<std::uint64_t>(wrong);
    }
    Bytes bytes(std::string_view wrong) {
        const rlp::Item& item = next();
        if (item.is_list()) return fail<Bytes>(wrong);
        return Bytes(item.string().begin(), item.string().end());
    }
    std::optional<Address> recipient() {
        const rlp::Item& item = next();
        if (!item.is_list() && item.string().empty()) return std::nullopt;
        return address(item);
    }
    std::vector<AccessListEntry> access_list() {
        return list<AccessListEntry>("the access list is no list", &TransactionFields::access_list_entry);
    }
    std::vector<Hash> blob_hashes() { return list<Hash>("the blob hashes are no list", &TransactionFields::blob_hash); }
    std::vector<Authorization> authorizations() {
        return list<Authorization>("the authorizations are no list", &TransactionFields::authorization);
    }

  private:
    const rlp::Item& next() { return items_[position_++]; }

    template <class T>
    T fail(std::string_view reason) {
        if (reason_.empty()) reason_ = reason;
        return T{};
    }

    template <class Entry>
    std::vector<Entry> list(std::string_view wrong, Entry (TransactionFields::*read)(const rlp::Item&)) {
        const rlp::Item& item = next();
        if (!item.is_list()) return fail<std::vector<Entry>>(wrong);
        std::vector<Entry> entries;
        entries.reserve(item.list().size());
        for (const rlp::Item& entry : item.list()) entries.push_back((this->*read)(entry));
        return entries;
    }

    Address address(const rlp::Item& item) {
        if (item.is_list() || item.string().size() != Address::size) return fail<Address>("an address has not 20 bytes");
        Address address;
        std::copy_n(item.string().begin(), Address::size, address.bytes.begin());
        return address;
    }

    AccessListEntry access_list_entry(const rlp::Item& item) {
        constexpr std::string_view malformed = "an access list entry is not an address with its slots";
        if (!item.is_list() || item.list().size() != 2 || !item.list()[1].is_list()) return fail<AccessListEntry>(malformed);
        AccessListEntry entry{address(item.list()[0]), {}};
        for (const rlp::Item& slot : item.list()[1].list()) {
            if (slot.is_list() || slot.string().size() != Hash::size) return fail<AccessListEntry>(malformed);
            entry.slots.push_back(vm::word_from_big_endian(slot.string()));
        }
        return entry;
    }

    Hash blob_hash(const rlp::Item& item) {
        Hash hash;
        if (item.is_list() || item.string().size() != Hash::size) return fail<Hash>("a blob hash has not 32 bytes");
        std::copy_n(item.string().begin(), Hash::size, hash.bytes.begin());
        return hash;
    }

    Authorization authorization(const rlp::Item& item) {
        constexpr std::string_view malformed =
            "an authorization is not a chain, an address, a nonce of 64 bits, a parity of 8 bits, r and s";
        if (!item.is_list() || item.list().size() != 6) return fail<Authorization>(malformed);
        TransactionFields read(item.list());
        Authorization result;
        result.chain_id = read.number(malformed);
        result.address = read.address(read.next());
        result.nonce = read.u64(malformed);
        const std::uint64_t y_parity = read.u64(malformed);
        result.y_parity = static_cast<std::uint8_t>(y_parity);
        result.r = read.number(malformed);
        result.s = read.number(malformed);
        if (!read.reason().empty() || y_parity > UINT8_MAX) return fail<Authorization>(malformed);
        return result;
    }

    const std::vector<rlp::Item>& items_;
    std::size_t position_ = 0;
    std::string_view reason_;
};

std::size_t field_count(TransactionType type) {
    switch (type) {
        case TransactionType::Legacy: return 9;
        case TransactionType::AccessList: return 11;
        case TransactionType::FeeMarket: return 12;
        case TransactionType::Blob: return 14;
        case TransactionType::SetCode: return 13;
    }
    return 0;
}

// Splits v into the chain id and the parity. Returns false if v is invalid.
bool split_legacy_v(const Word& v, Transaction& tx) {
    if (v == Word(unprotected_v) || v == Word(unprotected_v + 1)) {
        tx.chain_id = std::nullopt;
        tx.signature.y_parity = v == Word(unprotected_v + 1);
        return true;
    }
    if (v < Word(protected_v)) return false;
    const Word chain = (v - Word(protected_v)) >> 1;
    if (!chain.fits_u64()) return false;
    tx.chain_id = chain.low64();
    tx.signature.y_parity = ((v.low64() - protected_v) & 1) != 0;
    return true;
}

DecodedTransaction decode_fields(TransactionType type, const std::vector<rlp::Item>& items) {
    if (items.size() != field_count(type)) return {std::nullopt, "a transaction of this type has another number of fields"};
    const bool typed = type != TransactionType::Legacy;
    Transaction tx;
    tx.type = type;
    TransactionFields read(items);
    if (typed) tx.chain_id = read.u64("the chain id is not a number of 64 bits");
    tx.nonce = read.u64("the nonce is not a number of 64 bits");
    if (has_priority_fee(type)) tx.priority_fee = read.number("the priority fee is not a number");
    tx.gas_price = read.number("the gas price is not a number");
    if (!has_priority_fee(type)) tx.priority_fee = tx.gas_price;
    tx.gas_limit = read.u64("the gas limit is not a number of 64 bits");
    tx.to = read.recipient();
    tx.value = read.number("the value is not a number of 256 bits");
    tx.data = read.bytes("the data are a list");
    if (typed) tx.access_list = read.access_list();
    if (type == TransactionType::Blob) {
        tx.blob_fee = read.number("the blob fee is not a number");
        tx.blob_hashes = read.blob_hashes();
    }
    if (type == TransactionType::SetCode) tx.authorizations = read.authorizations();
    const Word v = read.number("the signature's v is not a number");
    tx.signature.r = read.number("the signature's r is not a number");
    tx.signature.s = read.number("the signature's s is not a number");
    if (!read.reason().empty()) return {std::nullopt, read.reason()};
    if (typed) tx.signature.y_parity = v == Word(1);
    if (typed ? v > Word(1) : !split_legacy_v(v, tx)) return {std::nullopt, "the signature's v is out of range"};
    return {std::move(tx), {}};
}

constexpr std::uint8_t first_list_byte = 0xc0;

}  // namespace

DecodedTransaction decode(ByteView bytes, vm::Fork fork) {
    if (bytes.empty()) return {std::nullopt, "there are no bytes"};
    TransactionType type = TransactionType::Legacy;
    if (bytes[0] < first_list_byte) {
        type = static_cast<TransactionType>(bytes[0]);
        if (bytes[0] == 0 || field_count(type) == 0) return {std::nullopt, "the transaction type is not known"};
        bytes = bytes.subspan(1);
    }
    const rlp::Decoded decoded = rlp::decode(bytes);
    if (!decoded.ok()) return {std::nullopt, name_of(decoded.error)};
    if (!decoded.item.is_list()) return {std::nullopt, "a transaction is a list"};
    DecodedTransaction result = decode_fields(type, decoded.item.list());
    if (!result.transaction) return result;
    const auto sender = recover_sender(*result.transaction, fork);
    if (!sender) return {std::nullopt, "the signature is not valid"};
    result.transaction->sender = *sender;
    return result;
}

}  // namespace interlock::chain
