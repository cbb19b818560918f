#include "chain/transaction.hpp"

#include "chain/rlp.hpp"
#include "chain/secp256k1.hpp"
#include "chain/transaction_rules.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

constexpr std::uint64_t unprotected_v = 27;  // v of a signature that binds no chain
constexpr std::uint64_t protected_v = 35;    // EIP-155: v = 35 + 2 * chain + parity

void append_payment(rlp::Encoder& out, const Transaction& tx) {
    if (tx.type == TransactionType::FeeMarket) out.number(tx.priority_fee);
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

// What a signature covers; the encoding appends the signature to it.
void append_fields(rlp::Encoder& out, const Transaction& tx) {
    const bool typed = tx.type != TransactionType::Legacy;
    if (typed) out.number(tx.chain_id.value_or(0));
    out.number(tx.nonce);
    append_payment(out, tx);
    append_message(out, tx);
    if (typed) append_access_list(out, tx);
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

void sign(Transaction& tx, const PrivateKey& key) {
    tx.signature = sign_hash(signing_hash(tx), key);
    tx.sender = address_of(key);
}

// Homestead made the upper half of `s` invalid (EIP-2), so that nobody else can turn a signature into another one.
std::optional<Address> recover_sender(const Transaction& tx, vm::Fork fork) {
    const Signature& signature = tx.signature;
    if (signature.r.is_zero() || signature.s.is_zero()) return std::nullopt;
    if (signature.r >= secp256k1_order || signature.s >= secp256k1_order) return std::nullopt;
    if (fork >= vm::Fork::Homestead && signature.s > (secp256k1_order >> 1)) return std::nullopt;
    const bool binds_chain = tx.type == TransactionType::Legacy && tx.chain_id;
    if (binds_chain && !transaction_rules_of(fork).protects_chain) return std::nullopt;
    return recover_address(signing_hash(tx), signature);
}

// --- decoding --------------------------------------------------------------------------------------------------------

namespace {

// Takes the items of a transaction one after the other; the first that is wrong leaves its reason behind.
class FieldReader {
  public:
    explicit FieldReader(const std::vector<rlp::Item>& items) : items_(items) {}

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
        const rlp::Item& item = next();
        std::vector<AccessListEntry> entries;
        if (!item.is_list()) return fail<std::vector<AccessListEntry>>("the access list is no list");
        for (const rlp::Item& entry : item.list()) entries.push_back(access_list_entry(entry));
        return entries;
    }

  private:
    const rlp::Item& next() { return items_[position_++]; }

    template <class T>
    T fail(std::string_view reason) {
        if (reason_.empty()) reason_ = reason;
        return T{};
    }

    Address address(const rlp::Item& item) {
        if (item.is_list() || item.string().size() != Address::size)
            return fail<Address>("an address has not 20 bytes");
        Address address;
        std::copy_n(item.string().begin(), Address::size, address.bytes.begin());
        return address;
    }

    AccessListEntry access_list_entry(const rlp::Item& item) {
        constexpr std::string_view malformed = "an access list entry is not an address with its slots";
        if (!item.is_list() || item.list().size() != 2 || !item.list()[1].is_list())
            return fail<AccessListEntry>(malformed);
        AccessListEntry entry{address(item.list()[0]), {}};
        for (const rlp::Item& slot : item.list()[1].list()) {
            if (slot.is_list() || slot.string().size() != Hash::size) return fail<AccessListEntry>(malformed);
            entry.slots.push_back(vm::word_from_big_endian(slot.string()));
        }
        return entry;
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
        case TransactionType::Blob:
        case TransactionType::SetCode: break;
    }
    return 0;
}

// Splits v into the chain and the parity. False: no such v.
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
    if (items.size() != field_count(type))
        return {std::nullopt, "a transaction of this type has another number of fields"};
    const bool typed = type != TransactionType::Legacy;
    Transaction tx;
    tx.type = type;
    FieldReader read(items);
    if (typed) tx.chain_id = read.u64("the chain id is not a number of 64 bits");
    tx.nonce = read.u64("the nonce is not a number of 64 bits");
    if (type == TransactionType::FeeMarket) tx.priority_fee = read.number("the priority fee is not a number");
    tx.gas_price = read.number("the gas price is not a number");
    if (type != TransactionType::FeeMarket) tx.priority_fee = tx.gas_price;
    tx.gas_limit = read.u64("the gas limit is not a number of 64 bits");
    tx.to = read.recipient();
    tx.value = read.number("the value is not a number of 256 bits");
    tx.data = read.bytes("the data are a list");
    if (typed) tx.access_list = read.access_list();
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
