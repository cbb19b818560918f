#include "chain/consensus/block.hpp"

#include "chain/ommer_rules.hpp"
#include "chain/rlp.hpp"
#include "chain/trie.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain::consensus {

Hash root_of(const std::vector<TransactionRef>& transactions) {
    std::vector<Bytes> encoded;
    for (const TransactionRef& tx : transactions) encoded.push_back(tx->encoded);
    return list_root(encoded);
}

TransactionRef seal(Transaction transaction) {
    Bytes encoded = encode(transaction);
    const Hash hash = vm::keccak256(encoded);
    return std::make_shared<const SealedTransaction>(SealedTransaction{std::move(transaction), hash, std::move(encoded)});
}

BlockRef seal(const Header& header, std::vector<TransactionRef> transactions, std::vector<Header> ommers) {
    rlp::Encoder out;
    out.open().raw(encode(header)).open();
    for (const TransactionRef& tx : transactions) out.string(tx->encoded);
    out.close();
    if (!ommers.empty()) {
        out.open();
        for (const Header& ommer : ommers) out.raw(encode(ommer));
        out.close();
    }
    out.close();
    return std::make_shared<const SealedBlock>(
        SealedBlock{header, std::move(transactions), std::move(ommers), hash_of(header), out.take()});
}

TransactionRef Codec::transaction(ByteView encoded) {
    const Hash hash = vm::keccak256(encoded);
    if (const auto found = known_.find(hash); found != known_.end()) return found->second;
    DecodedTransaction decoded = decode(encoded, fork_);
    if (!decoded.transaction) return nullptr;
    auto sealed = std::make_shared<const SealedTransaction>(
        SealedTransaction{*std::move(decoded.transaction), hash, Bytes(encoded.begin(), encoded.end())});
    return known_.emplace(hash, std::move(sealed)).first->second;
}

BlockRef Codec::block(ByteView encoded) {
    const rlp::Decoded decoded = rlp::decode(encoded);
    if (!decoded.ok() || !decoded.item.is_list()) return nullptr;
    const std::vector<rlp::Item>& parts = decoded.item.list();
    if (parts.size() != 2 && parts.size() != 3) return nullptr;
    std::optional<Header> header = decode_header(parts[0].encoded);
    if (!header || !parts[1].is_list()) return nullptr;
    std::vector<TransactionRef> transactions;
    for (const rlp::Item& item : parts[1].list()) {
        if (item.is_list()) return nullptr;
        transactions.push_back(transaction(item.string()));
        if (!transactions.back()) return nullptr;
    }
    std::vector<Header> ommers;
    if (parts.size() == 3) {
        if (!parts[2].is_list() || parts[2].list().empty() || parts[2].list().size() > max_ommers) return nullptr;
        for (const rlp::Item& item : parts[2].list()) {
            std::optional<Header> ommer = decode_header(item.encoded);
            if (!ommer) return nullptr;
            ommers.push_back(*std::move(ommer));
        }
    }
    if (root_of(transactions) != header->transactions_root) return nullptr;
    if (header->ommers_hash != (ommers.empty() ? empty_ommers_hash() : ommers_hash(ommers))) return nullptr;
    return std::make_shared<const SealedBlock>(SealedBlock{*header, std::move(transactions), std::move(ommers),
                                                           hash_of(*header), Bytes(encoded.begin(), encoded.end())});
}

}  // namespace interlock::chain::consensus
